// SPDX-License-Identifier: Apache-2.0
// Parts that the spec states or prefers, the policy `reach`, and every reason for which a part is refused.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/judge.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// One node on one switch: its cages pair with those of the switch. All links are 2.211 m and `slack` long.
std::string paired(const std::string& media, const std::string& slack = "0.5") {
  return R"({ "name": "one", "nodes": [ { "model": "nvidia-dgx-h100", "count": 1 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700" } ],
    "floor": { "tray_height_m": 2.3, "side_m": 0, "rack_pitch_m": 0.1, "slack_m": )" +
         slack + R"( }, "media": )" + media + " }";
}

/// Four nodes on eight rails: the two ports of a cage go to two leaves.
std::string rails(const std::string& media, const std::string& leaf = "nvidia-qm9700") {
  return R"({ "name": "rails", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": ")" +
         leaf + R"(" } ], "media": )" + media + " }";
}

std::string parts(const std::string& list) { return R"({ "parts": [ )" + list + " ] }"; }
std::string at(const std::string& where, const std::string& module) { return R"({ "at": ")" + where + R"(", "module": ")" + module + R"(" })"; }
std::string over(const std::string& links, const std::string& kind, const std::string& part) {
  return R"({ "links": ")" + links + R"(", ")" + kind + R"(": ")" + part + R"(" })";
}

constexpr auto overlay = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
  { "id": "site-upc", "kind": "fibre", "manufacturer": "site", "name": "upc", "description": "upc", "basis": "datasheet", "source": "s", "fibre": "smf",
    "connector_a": "mpo-12-upc", "connector_b": "mpo-12-upc", "tails": 1, "lengths_m": [10, 30] },
  { "id": "site-lossy", "kind": "fibre", "manufacturer": "site", "name": "lossy", "description": "lossy", "basis": "datasheet", "source": "s", "fibre": "smf",
    "connector_a": "mpo-12-apc", "connector_b": "mpo-12-apc", "tails": 1, "lengths_m": [30], "attenuation_db_per_km": 500, "connector_loss_db": 0.5 },
  { "id": "site-clear", "kind": "fibre", "manufacturer": "site", "name": "clear", "description": "clear", "basis": "datasheet", "source": "s", "fibre": "smf",
    "connector_a": "mpo-12-apc", "connector_b": "mpo-12-apc", "tails": 1, "lengths_m": [30], "attenuation_db_per_km": 0.5, "connector_loss_db": 0.5 },
  { "id": "site-finned", "kind": "module", "manufacturer": "site", "name": "finned", "description": "finned", "basis": "datasheet", "source": "s", "form": "osfp",
    "top": "ihs", "lanes": 8, "lane_gbps": 100, "protocols": ["infiniband"], "optical_ports": 2, "loss_budget_db": 3, "power_max_w": 12,
    "optical": { "type": "dr4", "fibre": "smf", "connector": "mpo-12-apc", "lanes": 4, "lane_gbps": 100 }, "reach_m": 500 },
  { "id": "site-flat", "kind": "module", "manufacturer": "site", "name": "flat", "description": "flat", "basis": "datasheet", "source": "s", "form": "osfp",
    "top": "rhs", "lanes": 8, "lane_gbps": 100, "protocols": ["infiniband"], "optical_ports": 2, "loss_budget_db": 3, "power_max_w": 12,
    "optical": { "type": "dr4", "fibre": "smf", "connector": "mpo-12-apc", "lanes": 4, "lane_gbps": 100 }, "reach_m": 500 },
  { "id": "site-far", "kind": "module", "manufacturer": "site", "name": "far", "description": "far", "basis": "datasheet", "source": "s", "form": "osfp",
    "top": "ihs", "lanes": 8, "lane_gbps": 100, "protocols": ["infiniband"], "optical_ports": 2, "power_max_w": 21, "min_reach_m": 2000,
    "optical": { "type": "dr4", "fibre": "smf", "connector": "mpo-12-apc", "lanes": 4, "lane_gbps": 100 }, "reach_m": 40000 },
  { "id": "site-short", "kind": "module", "manufacturer": "site", "name": "short", "description": "short", "basis": "datasheet", "source": "s", "form": "osfp",
    "top": "rhs", "lanes": 8, "lane_gbps": 100, "protocols": ["infiniband"], "optical_ports": 2,
    "optical": { "type": "dr4", "fibre": "smf", "connector": "mpo-12-apc", "lanes": 4, "lane_gbps": 100 }, "reach_m": 1 },
  { "id": "site-dac", "kind": "cable", "manufacturer": "site", "name": "dac", "description": "dac", "basis": "datasheet", "source": "s", "class": "dac",
    "technology": "passive", "protocols": ["infiniband"], "lane_gbps": 100, "lengths_m": [1, 2, 3], "price_usd": 200, "power_end_a_w": 0.1, "power_end_b_w": 0.1,
    "ends": [ { "form": "osfp", "top": "rhs", "lanes": 8 }, { "form": "osfp", "top": "ihs", "lanes": 8 } ] },
  { "id": "site-aoc", "kind": "cable", "manufacturer": "site", "name": "aoc", "description": "aoc", "basis": "datasheet", "source": "s", "class": "aoc",
    "technology": "aoc", "protocols": ["infiniband"], "lane_gbps": 100, "lengths_m": [3, 20], "price_usd": 150, "power_end_a_w": 9, "power_end_b_w": 9,
    "ends": [ { "form": "osfp", "top": "rhs", "lanes": 8 }, { "form": "osfp", "top": "ihs", "lanes": 8 } ] },
  { "id": "site-gone", "kind": "cable", "manufacturer": "site", "name": "gone", "description": "gone", "basis": "datasheet", "source": "s", "class": "dac",
    "technology": "passive", "protocols": ["infiniband"], "lane_gbps": 100, "lengths_m": [3], "orderable": false, "status": "discontinued",
    "ends": [ { "form": "osfp", "top": "rhs", "lanes": 8 }, { "form": "osfp", "top": "ihs", "lanes": 8 } ] },
  { "id": "site-cool", "kind": "switch", "manufacturer": "site", "name": "cool", "description": "cool", "basis": "datasheet", "source": "s",
    "protocols": ["infiniband"], "rack_units": 1, "ports": [ { "name": "fabric", "cages": 32, "form": "osfp", "top": "ihs", "lanes": 8, "lane_gbps": 100,
      "max_module_power_w": 15, "modes": [ { "ports": 2, "gbps": 400 } ] } ] },
  { "id": "site-photonic", "kind": "switch", "manufacturer": "site", "name": "photonic", "description": "photonic", "basis": "datasheet", "source": "s",
    "protocols": ["infiniband"], "rack_units": 4, "ports": [ { "name": "fabric", "cages": 64, "form": "co-packaged", "top": "none", "lanes": 4, "lane_gbps": 100,
      "optical": { "type": "dr4", "fibre": "smf", "connector": "mpo-12-apc", "lanes": 4, "lane_gbps": 100 }, "reach_m": 500, "loss_budget_db": 3,
      "modes": [ { "ports": 1, "gbps": 400 } ] } ] },
  { "id": "site-dark", "kind": "switch", "manufacturer": "site", "name": "dark", "description": "dark", "basis": "datasheet", "source": "s",
    "protocols": ["infiniband"], "rack_units": 4, "ports": [ { "name": "fabric", "cages": 64, "form": "co-packaged", "top": "none", "lanes": 4, "lane_gbps": 100,
      "modes": [ { "ports": 1, "gbps": 400 } ] } ] } ] })";

struct Refusal {
  Code code;
  std::string spec;
  /// A part of the sentence.
  std::string says;
};

std::string used(const Plan& plan) {
  std::string text;
  for (const auto& row : plan.bom) {
    if (row.kind == "dac" || row.kind == "aoc" || row.kind == "module" || row.kind == "fibre")
      text += plan.part(row.part).id + " " + std::to_string(row.quantity) + " ";
  }
  return text;
}

std::string planned_parts(const std::string& spec) { return used(sound_plan(spec, overlay)); }

} // namespace

TEST_CASE("a stated part that does not fit is refused with its reason") {
  const std::string optics = R"(, "dac_below_m": 0, "aoc_up_to_m": 0 })";
  const auto optical = [&](const std::string& list) { return R"({ "parts": [ )" + list + " ]" + optics; };
  const std::vector<Refusal> cases = {
      {Code::stated_part_form, rails(parts(at("node", "nvidia-mms1x00-ns400"))), "its form is qsfp112, and the cage takes osfp"},
      {Code::stated_part_top, rails(parts(at("node", "nvidia-mms4x00-ns"))), "its top is finned (IHS), and the cage takes flat (RHS) tops"},
      {Code::stated_part_top, rails(parts(at("gpu", "nvidia-mms4x00-ns"))), "cages at `gpu` of fabric `compute`"},
      {Code::stated_part_lanes, rails(parts(at("node", "nvidia-mms4x00-ns400"))), "it has 4 lanes, and the cage uses 8"},
      {Code::stated_part_lane_rate, rails(parts(at("leaf", "nvidia-mms4a00-xm"))), "its lanes run at 200G, and those of the cage at 100G"},
      {Code::stated_part_protocol, rails(parts(at("leaf", "nvidia-mma4z00-ns-t"))), "it does not carry infiniband"},
      {Code::stated_part_legs, paired(parts(over("node-leaf", "cable", "nvidia-mcp7y00-n001"))),
       "it joins one plug to 2, and the cages are joined one to 1"},
      {Code::stated_part_whole_cages, rails(parts(over("node-leaf", "cable", "site-dac"))), "a cable fills whole cages"},
      {Code::stated_part_reach, paired(parts(over("node-leaf", "cable", "site-dac")), "4"), "it is sold up to 3 m"},
      {Code::stated_part_reach, rails(parts(at("node", "site-short"))), "it reaches 1 m"},
      {Code::stated_part_family, rails(parts(at("node", "site-flat") + ", " + at("leaf", "nvidia-mma4z00-ns"))), "its optics are dr4"},
      {Code::stated_part_fibre_type, rails(parts(at("leaf", "nvidia-mma4z00-ns") + ", " + over("node-leaf", "fibre", "nvidia-mfp7e30"))),
       "it is smf, and the modules take mmf"},
      {Code::stated_part_fibre_type, rails(parts(at("leaf", "site-finned") + ", " + over("node-leaf", "fibre", "nvidia-mfp7e10"))),
       "it is mmf, and the modules take smf"},
      {Code::stated_part_connector, rails(parts(at("leaf", "site-finned") + ", " + over("node-leaf", "fibre", "fs-smlcdx"))),
       "its connector is lc-duplex, and the modules take mpo-12-apc"},
      {Code::stated_part_polish, rails(parts(at("leaf", "site-finned") + ", " + over("node-leaf", "fibre", "site-upc"))),
       "it ends in mpo-12-upc, the modules in mpo-12-apc"},
      {Code::stated_part_splitter, rails(parts(at("leaf", "site-finned") + ", " + over("node-leaf", "fibre", "nvidia-mfp7e40"))),
       "it splits into 2 tails of 2 lanes"},
      {Code::stated_part_co_packaged, rails(parts(at("leaf", "site-finned")), "site-photonic"), "co-packaged, and it takes no pluggable"},
      {Code::stated_part_co_packaged, rails(parts(over("node-leaf", "cable", "site-dac")), "site-photonic"),
       "co-packaged, and it takes no pluggable"},
      {Code::stated_part_not_orderable, paired(parts(over("node-leaf", "cable", "site-gone"))), "it cannot be ordered (discontinued)"},
      {Code::stated_part_not_orderable, paired(R"({ "orderable_only": true, "parts": [ )" + over("node-leaf", "cable", "generic-dac") + " ] }"),
       "`orderable_only` leaves those out"},
      {Code::stated_part_unknown, paired(parts(over("node-leaf", "cable", "blacksea-800g-aoc")), "20"), "its top is not known"},
      {Code::stated_part_module_power, rails(parts(at("leaf", "site-far")), "site-cool"), "it draws up to 21 W, and the cage feeds and cools 15 W"},
      {Code::stated_part_min_reach, rails(parts(at("leaf", "site-far"))), "it needs at least 2000 m of fibre"},
      {Code::stated_part_loss_budget,
       rails(optical(at("leaf", "site-finned") + ", " + at("node", "site-flat") + ", " + over("node-leaf", "fibre", "site-lossy"))),
       "and the modules bear 3 dB"},
      {Code::unknown_name, paired(parts(over("node-spine", "cable", "site-dac"))), "of which the plan has none"},
      {Code::unknown_part, paired(parts(over("node-leaf", "cable", "no-such-part"))), "no-such-part"},
      {Code::wrong_part_kind, paired(parts(over("node-leaf", "cable", "site-finned"))), "is a module, not a cable"},
      {Code::conflicting_values, paired(R"({ "parts": [ { "links": "node-leaf", "module": "site-finned" } ] })"), "needs `links` with a `cable`"},
      {Code::co_packaged_optics_unknown, rails("{}", "site-dark"), "do not state the optics of the co-packaged ports of `site-dark`"},
  };
  for (const auto& example : cases) {
    const auto planned = plan_spec(example.spec, overlay);
    INFO(code_text(example.code) << " " << example.says << "\n" << planned.text());
    CHECK_FALSE(planned.plan);
    CHECK(planned.reports(example.code));
    CHECK(planned.text().find(example.says) != std::string::npos);
    for (const auto& finding : planned.findings) {
      if (finding.severity == Severity::error) CHECK_FALSE(finding.help.empty());
    }
  }
}

TEST_CASE("twisted pair takes no stated part") {
  const auto planned = plan_spec(R"({ "name": "oob", "nodes": [ { "model": "nvidia-dgx-h100", "count": 2 } ], "fabrics": [
    { "name": "oob", "topology": "access", "leaf": "nvidia-sn2201", "attach": [ { "group": "gpu", "ports": "bmc" } ],
      "media": { "parts": [ { "links": "node-leaf", "fibre": "generic-fibre" } ] } } ] })");
  INFO(planned.text());
  CHECK(planned.reports(Code::stated_part_rj45));
}

TEST_CASE("a refusal names a part that fits") {
  const auto planned = plan_spec(rails(parts(at("node", "nvidia-mms4x00-ns"))), overlay);
  bool helps = false;
  for (const auto& finding : planned.findings) {
    if (finding.code != Code::stated_part_top) continue;
    CHECK(finding.count == 16);
    helps = finding.help.find("fits; state it, or leave the statement out") != std::string::npos;
  }
  CHECK(helps);
}

TEST_CASE("stated parts are bought where the length names their class") {
  CHECK(planned_parts(paired(parts(over("node-leaf", "cable", "site-dac")))) == "site-dac 4 ");
  CHECK(planned_parts(paired(parts(over("node-leaf", "cable", "site-aoc")), "10")) == "site-aoc 4 ");
  const auto fibre = at("leaf", "site-finned") + ", " + at("node", "site-flat") + ", " + over("node-leaf", "fibre", "site-clear");
  const auto light = planned_parts(rails(R"({ "dac_below_m": 0, "aoc_up_to_m": 0, "parts": [ )" + fibre + " ] }"));
  // Leaves have 16 lit cages down and 16 up, spines 16; the nodes four each.
  CHECK(light == "site-finned 48 site-flat 16 nvidia-mfp7e30 32 site-clear 32 ");
  const auto unused = plan_spec(paired(parts(over("node-leaf", "fibre", "site-clear"))), overlay);
  CHECK(unused.plan);
  CHECK(unused.reports(Code::stated_part_unused));
}

TEST_CASE("preferred parts come first among those that fit") {
  CHECK(planned_parts(paired(R"({ "prefer": ["site-dac"] })")) == "site-dac 4 ");
  CHECK(planned_parts(paired(R"({ "vendors": ["NVIDIA"], "prefer": ["site-dac"] })")) == "site-dac 4 ");
  CHECK(planned_parts(rails(R"({ "prefer": ["site-flat", "site-finned", "site-clear"] })")).find("site-finned 16") != std::string::npos);
  const auto planned = plan_spec(paired(R"({ "prefer": ["site-upc"] })"), overlay);
  REQUIRE(planned.plan);
  CHECK(planned.reports(Code::preferred_part_unused));
  CHECK_FALSE(plan_spec(paired(R"({ "prefer": ["site-dac"] })"), overlay).reports(Code::preferred_part_unused));
  CHECK(plan_spec(paired(R"({ "prefer": ["site-cool"] })"), overlay).reports(Code::wrong_part_kind));
  CHECK(plan_spec(paired(R"({ "prefer": ["site-dac", "site-dac"] })"), overlay).reports(Code::duplicate_name));
}

TEST_CASE("the policy reach takes the cheapest or the least hungry parts whatever their class") {
  CHECK(planned_parts(paired(R"({ "policy": "reach" })")) == "site-aoc 4 ");
  CHECK(planned_parts(paired(R"({ "policy": { "kind": "reach", "for": "power" } })")) == "site-dac 4 ");
  CHECK(planned_parts(paired(R"({ "policy": "reach", "prefer": ["site-dac"] })")) == "site-dac 4 ");
  const auto planned = plan_spec(paired(R"({ "policy": "reach" })", "200"), overlay);
  INFO(planned.text());
  REQUIRE(planned.plan);
  CHECK(planned.reports(Code::reach_without_figure));
  for (const auto& leg : planned.plan->cables.legs) CHECK_FALSE(leg.escalated);
  CHECK(plan_spec(paired(R"({ "policy": "nearest" })"), overlay).reports(Code::unknown_word));
  CHECK(plan_spec(paired(R"({ "policy": { "kind": "rule", "for": "cost" } })"), overlay).reports(Code::conflicting_values));
}

TEST_CASE("the policy reach reckons fibre at the length at which it is sold") {
  const auto module = [](const std::string& id, const std::string& top, const std::string& type, const std::string& connector) {
    return R"({ "id": ")" + id + R"(", "kind": "module", "manufacturer": "site", "name": ")" + id +
           R"(", "description": "m", "basis": "datasheet", "source": "s",
      "form": "osfp", "top": ")" +
           top + R"(", "lanes": 8, "lane_gbps": 100, "protocols": ["infiniband"], "optical_ports": 2, "price_usd": 1, "reach_m": 500,
      "optical": { "type": ")" +
           type + R"(", "fibre": "smf", "connector": ")" + connector + R"(", "lanes": 4, "lane_gbps": 100 } }, )";
  };
  const auto fibre = [](const std::string& id, const std::string& connector, const std::string& lengths) {
    return R"({ "id": ")" + id + R"(", "kind": "fibre", "manufacturer": "site", "name": ")" + id +
           R"(", "description": "f", "basis": "datasheet", "source": "s",
      "fibre": "smf", "connector_a": ")" +
           connector + R"(", "connector_b": ")" + connector + R"(", "tails": 1, "lengths_m": )" + lengths + " }";
  };
  const auto parts_file = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [ )" +
                          module("a-finned", "ihs", "xa4", "mpo-12-apc") + module("a-flat", "rhs", "xa4", "mpo-12-apc") +
                          module("b-finned", "ihs", "xb4", "lc-duplex") + module("b-flat", "rhs", "xb4", "lc-duplex") +
                          fibre("a-fibre", "mpo-12-apc", "[8, 15, 50]") + ", " + fibre("b-fibre", "lc-duplex", "[50]") + " ] }";
  // Nodes 1 and 2 stand beside the switch, node 3 one rack farther, where the one fibre is dearer than the other.
  const auto plan =
      sound_plan(R"({ "name": "sold", "nodes": [ { "model": "nvidia-dgx-h100", "count": 3, "nodes_per_rack": 1 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700" } ],
    "floor": { "tray_height_m": 2.3, "side_m": 0, "rack_pitch_m": 5, "slack_m": 0 }, "media": { "policy": "reach", "prices": "prices.csv" } })",
                 parts_file, {{"prices.csv", "part,length_m,unit_price_usd\na-fibre,8,10\na-fibre,15,1000\na-fibre,50,1000\nb-fibre,50,100\n"}});
  CHECK(used(plan) == "a-finned 8 a-flat 8 b-finned 4 b-flat 4 a-fibre 16 b-fibre 8 ");
}

TEST_CASE("a fabric overrides what the spec says of media") {
  const auto two = [](const std::string& top, const std::string& own) {
    return R"({ "name": "two", "nodes": [ { "model": "nvidia-dgx-h100", "count": 1 } ], "media": )" + top +
           R"(, "floor": { "tray_height_m": 2.3, "side_m": 0, "rack_pitch_m": 0.1, "slack_m": 0.5 },
      "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700", "media": )" +
           own + " } ] }";
  };
  CHECK(planned_parts(two(R"({ "policy": "reach" })", R"({ "policy": "rule", "prefer": ["site-dac"] })")) == "site-dac 4 ");
  CHECK(planned_parts(two(R"({ "prefer": ["site-dac"] })", R"({ "policy": "reach", "prefer": [] })")) == "site-aoc 4 ");
  CHECK(planned_parts(two(parts(over("node-leaf", "cable", "site-dac")), parts(over("node-leaf", "cable", "nvidia-mca4j80-n003-ftf")))) ==
        "nvidia-mca4j80-n003-ftf 4 ");
  CHECK(planned_parts(two(R"({ "dac_below_m": 7 })", R"({ "dac_below_m": 1, "vendors": ["site"] })")) == "site-aoc 4 ");
}

TEST_CASE("modules stand in lit cages or in all") {
  const std::string optics = R"({ "dac_below_m": 0, "aoc_up_to_m": 0, "prefer": ["site-finned", "site-flat"])";
  CHECK(planned_parts(paired(optics + " }")).find("site-finned 4 site-flat 4 ") == 0);
  CHECK(planned_parts(paired(optics + R"(, "populate": "all" })")).find("site-finned 32 site-flat 4 ") == 0);
  const auto planned = plan_spec(paired(optics + R"(, "populate": "all" })"), overlay);
  REQUIRE(planned.plan);
  CHECK(count_plan(*planned.plan).modules == 36);
  auto spoilt = plan_spec(paired(optics + R"(, "populate": "all" })"), overlay);
  for (auto& row : spoilt.plan->bom) row.quantity -= row.quantity == 32 ? 1 : 0;
  CHECK_FALSE(check_plan(*spoilt.plan).empty());
}

TEST_CASE("the loss of optical links stays within the budget of their modules") {
  const std::string media = R"({ "dac_below_m": 0, "aoc_up_to_m": 0, "prefer": ["site-finned", "site-flat", "site-lossy"] })";
  // 2.211 m at 500 dB/km and two pairs of 0.5 dB: 2.106 dB of 3 dB.
  const auto near = sound_plan(paired(media, "0"), overlay);
  CHECK(used(near).find("site-lossy 8") != std::string::npos);
  const auto light = measure_optics(near);
  REQUIRE(light.size() == 1);
  CHECK(light.front().links == 8);
  CHECK(light.front().unknown == 0);
  const auto needed = near.cables.assemblies.front().needed_mm;
  REQUIRE(light.front().worst);
  CHECK(light.front().worst->count() == 3000 - 1000 - (std::int64_t{needed} + 1) / 2);
  const auto far = plan_spec(paired(media, "5"), overlay);
  REQUIRE(far.plan);
  CHECK(used(*far.plan).find("site-lossy") == std::string::npos);
  auto spoilt = plan_spec(paired(media, "0"), overlay);
  spoilt.plan->spec.fabrics[0].media.connector_pairs = 4;
  CHECK_FALSE(check_plan(*spoilt.plan).empty());
  const auto patched = plan_spec(
      paired(R"({ "connector_pairs": 4, "dac_below_m": 0, "aoc_up_to_m": 0, "prefer": ["site-finned", "site-flat", "site-lossy"] })", "0"), overlay);
  REQUIRE(patched.plan);
  CHECK(used(*patched.plan).find("site-lossy") == std::string::npos);
}

TEST_CASE("co-packaged ports take fibre and at one end a module") {
  const auto planned = sound_planned(R"({ "name": "light", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4, "unit": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "site-photonic", "tiers": 2, "rails": 8 } ] })",
                                     overlay);
  CHECK(count_plan(*planned.plan).modules == 16);
  std::int64_t direct = 0;
  for (const auto& line : measure_media(*planned.plan)) {
    CHECK(line.escalated == 0);
    if (line.media == MediaClass::fibre) direct = line.cables;
  }
  CHECK(direct == links(*planned.plan, "compute", 1));
  CHECK_FALSE(planned.reports(Code::escalated));
  auto spoilt = *plan_spec(R"({ "name": "light", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4, "unit": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "site-photonic", "tiers": 2, "rails": 8 } ] })",
                           overlay)
                     .plan;
  const auto& link = spoilt.network.links.front();
  spoilt.cables.module_of_cage[spoilt.network.cage(link.to, link.to_port).index()] = 1;
  CHECK_FALSE(check_plan(spoilt).empty());
}

TEST_CASE("the check sees parts that the spec did not ask for") {
  auto planned = plan_spec(paired(parts(over("node-leaf", "cable", "site-dac"))), overlay);
  REQUIRE(planned.plan);
  const auto other = planned.plan->catalog->find("nvidia-mca4j80-n003-ftf");
  REQUIRE(other);
  planned.plan->cables.solutions.front().part = *other;
  const auto says = [](const std::vector<std::string>& list, const std::string& what) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& line) { return line.find(what) != std::string::npos; });
  };
  CHECK(says(check_plan(*planned.plan), "but the spec states `site-dac`"));
  auto reach = plan_spec(paired(R"({ "policy": "reach" })"), overlay);
  REQUIRE(reach.plan);
  auto& bought = reach.plan->cables.solutions[reach.plan->cables.assemblies.front().solution.index()];
  bought.part = *reach.plan->catalog->find("site-dac");
  bought.media = MediaClass::dac;
  CHECK(says(check_plan(*reach.plan), "and comes to less"));
}

TEST_CASE("a slot below the ports of its nic is an error") {
  const auto planned = plan_spec(R"({ "name": "slot", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 4,
      "nics": [ { "ports": "compute", "model": "nvidia-cx8-c8240", "count": 2, "pcie": "gen5x16" } ] } ],
    "fabrics": [ { "name": "compute", "topology": "fat-tree", "leaf": "nvidia-sn5600" } ] })");
  REQUIRE(planned.plan);
  Sink sink;
  judge_plan(*planned.plan, sink);
  REQUIRE(sink.findings().size() == 1);
  CHECK(sink.findings().front().code == Code::slot_limits_nic);
  CHECK(sink.findings().front().count == 8);
  CHECK(sink.findings().front().message.find("carries 512 Gb/s raw, but fabric `compute` takes 800 Gb/s of each NIC") != std::string::npos);
}

TEST_CASE("connectx-8 has no 800GbE port") {
  const auto planned = plan_spec(R"({ "name": "cx8", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 4,
      "nics": [ { "ports": "compute", "model": "nvidia-cx8-c8180", "count": 8 } ] } ],
    "fabrics": [ { "name": "compute", "topology": "fat-tree", "leaf": "nvidia-sn5600", "port_speed_gbps": 800 } ] })");
  INFO(planned.text());
  CHECK(planned.reports(Code::speed_of_other_protocol));
  CHECK(planned.text().find("run at 800 Gb/s in infiniband only, and fabric `compute` is ethernet") != std::string::npos);
}

TEST_CASE("cages that breakouts disable are said") {
  const auto planned = plan_spec(R"({ "name": "out", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 2 } ],
    "fabrics": [ { "name": "compute", "topology": "fat-tree", "leaf": "nvidia-sn5600", "attach": [ { "group": "gpu", "ports": "storage" } ],
      "external": [ { "name": "edge", "count": 8, "speed_gbps": 100, "breakout": 8 } ] } ] })");
  INFO(planned.text());
  REQUIRE(planned.plan);
  Sink sink;
  judge_plan(*planned.plan, sink);
  REQUIRE(sink.findings().size() == 1);
  CHECK(sink.findings().front().code == Code::cages_disabled);
  CHECK(sink.findings().front().count == 1);
}

TEST_CASE("a cable explains itself with every candidate") {
  const auto planned = plan_spec(paired("{}"), overlay);
  REQUIRE(planned.plan);
  const auto& plan = *planned.plan;
  const auto cable = find_cable(plan, "compute/gpu-0001/compute-1.1");
  REQUIRE(cable);
  CHECK(cable_name(plan, *cable) == "compute/gpu-0001/compute-1.1");
  CHECK_FALSE(find_cable(plan, "compute/gpu-0001/compute-1.2"));
  CHECK_FALSE(find_cable(plan, "elsewhere/gpu-0001/compute-1.1"));
  const auto text = render_text("one", explain_cable(plan, *cable));
  INFO(text);
  const auto says = [&](const std::string& what) { return text.find(what) != std::string::npos; };
  CHECK(says("the rule names DAC: 2.711 m is below 7 m"));
  CHECK(says("site-dac"));
  CHECK(says("lost by maker: NVIDIA comes before site"));
  CHECK(says("it cannot be ordered (discontinued)"));
  std::size_t copper = 0;
  for (const auto id : plan.catalog->of_kind(PartKind::cable)) copper += plan.part(id).as<CableFacts>()->optical ? 0U : 1U;
  CHECK(explain_cable(plan, *cable).back().table.rows.size() == copper);
  CHECK(explain_cable_json(plan, *cable).find("\"chosen\": true") != std::string::npos);
}

TEST_CASE("a module stated at two places is refused where it does not fit", "[media]") {
  const auto planned = plan_spec(rails(parts(at("leaf", "nvidia-mma4z00-ns") + ", " + at("node", "nvidia-mma4z00-ns"))));
  INFO(planned.text());
  CHECK_FALSE(planned.plan);
  const auto found =
      std::count_if(planned.findings.begin(), planned.findings.end(), [](const Finding& finding) { return finding.severity == Severity::error; });
  CHECK(found == 1);
  CHECK(planned.text().find("`nvidia-mma4z00-ns` is stated for the cages at `node`") != std::string::npos);
  CHECK(planned.text().find("cages at `leaf`") == std::string::npos);
}

TEST_CASE("a planning part of the site's own is held to the connectors that it states", "[media]") {
  const auto jumper = [](const std::string& connector) {
    return R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [ { "id": "store-jumper", "kind": "fibre",
      "manufacturer": "generic", "name": "jumper", "basis": "generic", "source": "s", "fibre": "mmf", "grade": "om4", "tails": 1,
      "lengths_m": [10, 30], "connector_a": ")" +
           connector + R"(", "connector_b": ")" + connector + R"(" } ] })";
  };
  const auto spec = rails(R"({ "vendors": ["NVIDIA"], "parts": [ )" + over("node-leaf", "fibre", "store-jumper") + " ] }");
  const auto flat = plan_spec(spec, jumper("mpo-12-upc"));
  INFO(flat.text());
  CHECK_FALSE(flat.plan);
  CHECK(flat.text().find("angled and flat polish never mate") != std::string::npos);
  sound_plan(spec, jumper("mpo-12-apc"));
  // One that is made to measure takes the modules' own.
  sound_plan(spec, jumper("generic"));
}
