// SPDX-License-Identifier: Apache-2.0
// What `catalog lint` says of catalogs that contradict themselves, that cannot be traced, or that leave gaps.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/cabling/coverage.hpp"
#include "icplan/catalog/catalog.hpp"
#include "icplan/report/coverage.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

const std::string common = R"("manufacturer": "Maker", "name": "n", "description": "d", "basis": "datasheet", "source": "s")";

/// One shipped file of parts, and what lint says of it.
struct Linted {
  SourceMap sources;
  Catalog catalog;
  Sink sink;

  explicit Linted(const std::string& parts, const std::string& list = R"("s": { "title": "maker", "url": "https://maker.example/sheet" })") {
    const auto text = R"({ "format": "icplan.catalog/1", "sources": { )" + list + R"( }, "parts": [ )" + parts + " ] }";
    catalog.add(sources, sources.add("parts.json", text), false, sink);
    catalog.check_references(sink);
    lint_catalog(catalog, sink);
  }
  /// The messages with one code.
  [[nodiscard]] std::vector<std::string> messages(Code code) const {
    std::vector<std::string> out;
    for (const auto& finding : sink.sorted()) {
      if (finding.code == code) out.push_back(finding.message);
    }
    return out;
  }
};

std::string module(const std::string& more) {
  return R"({ "id": "m", "kind": "module", )" + common + R"(, "protocols": ["ethernet"], "top": "ihs")" + more + " }";
}
/// An 800G module of two DR4 ports, with members in place of the usual ones.
std::string dr8(const std::string& more,
                const std::string& optical = R"("type": "dr4", "fibre": "smf", "connector": "mpo-12-apc", "lanes": 4, "lane_gbps": 100)",
                const std::string& reach = "500") {
  return module(R"(, "form": "osfp", "lanes": 8, "lane_gbps": 100, "optical_ports": 2, "reach_m": )" + reach + R"(, "optical": { )" + optical + " }" +
                more);
}
std::string cable(const std::string& more, const std::string& kind = R"("class": "dac", "technology": "passive")",
                  const std::string& lengths = R"("lengths_m": [1, 2], "max_length_m": 2)") {
  return R"({ "id": "c", "kind": "cable", )" + common + R"(, "protocols": ["ethernet"], "lane_gbps": 100, )" + kind + ", " + lengths +
         R"(, "ends": [ { "form": "osfp", "top": "ihs", "lanes": 8, "count": 1 }, { "form": "osfp", "top": "ihs", "lanes": 8, "count": 1 } ])" +
         more + " }";
}
std::string fibre(const std::string& more) {
  return R"({ "id": "f", "kind": "fibre", )" + common + R"(, "fibre": "smf", "connector_a": "x", "connector_b": "x", "tails": 1)" + more + " }";
}
std::string box(const std::string& group, const std::string& more = {}) {
  return R"({ "id": "w", "kind": "switch", )" + common + R"(, "protocols": ["ethernet"], "rack_units": 1)" + more +
         R"(, "ports": [ { "name": "fabric", )" + group + R"(, "form": "osfp", "top": "ihs" } ] })";
}

} // namespace

TEST_CASE("sound parts raise no doubt", "[lint]") {
  for (const auto& part :
       {dr8(R"(, "power_typical_w": 15, "power_max_w": 17, "loss_budget_db": 3, "min_reach_m": 2)"),
        cable(R"(, "power_end_a_w": 0.1, "power_end_b_w": 0.1)"),
        fibre(R"(, "lengths_m": [5], "attenuation_db_per_km": 0.4, "connector_loss_db": 0.35, "diameter_mm": 3, "weight_kg_per_m": 0.01)"),
        box(R"("cages": 64, "lanes": 8, "lane_gbps": 100, "max_module_power_w": 17, "modes": [{ "ports": 2, "gbps": 400 }])",
            R"(, "throughput_tbps": 51.2)")}) {
    INFO(part);
    const Linted linted(part);
    CHECK(linted.sink.findings().empty());
  }
}

TEST_CASE("figures that cannot be right are doubted", "[lint]") {
  const std::string eight = R"("cages": 64, "lanes": 8, "lane_gbps": 100, )";
  const std::vector<std::pair<std::string, std::string>> doubts = {
      {dr8(R"(, "power_max_w": 1)"), "draws 1 W at 800 Gb/s; 4 to 60 mW for each Gb/s are usual"},
      {dr8(R"(, "power_typical_w": 60)"), "draws 60 W at 800 Gb/s"},
      {dr8(R"(, "power_typical_w": 17, "power_max_w": 15)"), "draws 17 W typically, above its maximum of 15 W"},
      {dr8("", R"("type": "dr4", "fibre": "mmf", "connector": "x", "lanes": 4, "lane_gbps": 100)"), "is of type dr4, but takes mmf"},
      {dr8("", R"("type": "dr4", "fibre": "smf", "connector": "x", "lanes": 4, "lane_gbps": 50)"),
       "carries 800 Gb/s on electrical lanes and 400 Gb/s on optical ones"},
      {dr8("", R"("type": "lr4", "fibre": "smf", "connector": "x")", "10"), "is of type lr4 with a reach of 10 m; 1000 m to 10000 m are usual"},
      {dr8("", R"("type": "sr4", "fibre": "mmf", "connector": "x")", "500"), "is of type sr4 with a reach of 500 m"},
      {dr8("", R"("type": "dr4", "fibre": "smf", "connector": "x")", "2000"), "is of type dr4 with a reach of 2000 m"},
      {dr8(R"(, "min_reach_m": 500)"), "reaches 500 m, but needs 500 m at least"},
      {dr8(R"(, "loss_budget_db": 0.3)"), "has a loss budget of 0.3 dB"},
      {module(R"(, "form": "qsfp112", "lanes": 8, "lane_gbps": 100, "reach_m": 1)"), "has 8 lanes in a module of form qsfp112, which has 4"},
      {cable(R"(, "power_end_a_w": 1.5)"), "is passive, but an end draws 1.5 W"},
      {cable(R"(, "power_end_b_w": 40)", R"("class": "aoc", "technology": "aoc")", R"("lengths_m": [30])"), "draws 40 W at an end of 800 Gb/s"},
      {cable("", R"("class": "dac", "technology": "passive")", R"("lengths_m": [5])"), "over 5 m of passive copper; 3 m is the most that is known"},
      {cable("", R"("class": "dac", "technology": "aec")", R"("lengths_m": [8])"), "over 8 m of active copper; 7 m is the most that is known"},
      {cable("", R"("class": "dac", "technology": "passive")", R"("lengths_m": [1, 3], "max_length_m": 2)"),
       "is sold at 3 m, beyond its maximum of 2 m"},
      {cable("", R"("class": "aoc", "technology": "passive")"), "is of class aoc and technology passive"},
      {cable(R"(, "diameter_mm": 80)"), "is 80 mm thick"},
      {cable(R"(, "weight_kg_per_m": 3)"), "weighs 3 kg a metre"},
      {cable(R"(, "price_usd": 0, "price_date": "2026-01")"), "has a price of $0"},
      {fibre(R"(, "lengths_m": [5, 10], "max_length_m": 5)"), "is sold at 10 m, beyond its maximum of 5 m"},
      {fibre(R"(, "lengths_m": [5], "attenuation_db_per_km": 3)"), "loses 3 dB a kilometre of smf"},
      {fibre(R"(, "lengths_m": [5], "connector_loss_db": 1.5)"), "loses 1.5 dB in a pair of connectors"},
      {R"({ "id": "u", "kind": "utp", )" + common + R"(, "form": "rj45", "lengths_m": [5], "max_length_m": 3 })", "is sold at 5 m"},
      {box(R"("cages": 64, "lanes": 16, "lane_gbps": 100, "modes": [])"), "has 16 lanes in a `fabric` cage of form osfp, which has 8"},
      {box(eight + R"("modes": [{ "ports": 2, "gbps": 400, "lanes": 8 }])"), "uses 16 lanes of a `fabric` cage that has 8"},
      {box(eight + R"("modes": [{ "ports": 2, "gbps": 800 }])"), "runs a lane of a `fabric` cage at 200 Gb/s, above its 100 Gb/s"},
      {box(eight + R"("modes": [{ "ports": 1, "gbps": 100.001, "lanes": 8 }])"), "spreads 100.001 Gb/s over 8 lanes"},
      {box(eight + R"("modes": [], "max_module_power_w": 170)"), "feeds 170 W to a `fabric` cage"},
      {box(eight + R"("modes": [{ "ports": 2, "gbps": 400 }])", R"(, "throughput_tbps": 25.6)"),
       "has cages for 51.2 Tb/s, above its throughput of 25.6 Tb/s"},
      {R"({ "id": "n", "kind": "nic", )" + common + R"(, "pcie": "gen5x16", "total_gbps": 800, "ports": [] })",
       "carries 800 Gb/s, above the 512 Gb/s of its gen5x16 slot"},
      {R"({ "id": "n", "kind": "nic", )" + common +
           R"(, "pcie": "gen6x16", "total_gbps": 800, "ports": [ { "name": "port", "cages": 1, "form": "osfp", "top": "rhs", "lanes": 8, "lane_gbps": 100,
             "protocols": ["ethernet"], "modes": [{ "ports": 1, "gbps": 400 }] } ] })",
       "carries 800 Gb/s through cages for 400 Gb/s"},
  };
  for (const auto& [part, doubt] : doubts) {
    INFO(part);
    const Linted linted(part);
    const auto messages = linted.messages(Code::implausible_figure);
    REQUIRE(messages.size() == 1);
    INFO(messages.front());
    CHECK(messages.front().find(doubt) != std::string::npos);
    CHECK(linted.sink.errors() == 0);
  }
}

TEST_CASE("lint traces figures to their sources", "[lint]") {
  const std::string sources =
      R"("s": { "title": "quotation", "url": null }, "t": { "title": "page", "url": "https://x.example" }, "spare": { "title": "old", "url": null })";
  const Linted linted(fibre(R"(, "lengths_m": [5], "price_usd": 3, "figures": { "lengths_m": { "basis": "datasheet", "source": "t" },
                      "tials": { "basis": "claim", "source": "t" }, "bend_radius_mm": { "basis": "claim", "source": "t" } })"),
                      sources);
  // `tails` and `price_usd` rest on the quotation.
  REQUIRE(linted.messages(Code::source_without_address).size() == 1);
  for (const auto& finding : linted.sink.sorted()) {
    if (finding.code != Code::source_without_address) continue;
    CHECK(finding.message == "figures rest on `s` as the maker's own text, but it has no `url`");
    CHECK(finding.count == 2);
    CHECK(finding.examples == std::vector<std::string>{"`f` tails", "`f` price_usd"});
    CHECK(finding.severity == Severity::note);
  }
  CHECK(linted.messages(Code::unused_source) == std::vector<std::string>{"no part of the file cites source `spare`"});
  CHECK(linted.messages(Code::undated_price) == std::vector<std::string>{"`f` has a price of $3.00 without a day or month"});
  CHECK(linted.messages(Code::unknown_figure) ==
        std::vector<std::string>{"`f` has no figure `tials` to which `figures` could give a basis",
                                 "`f` has no figure `bend_radius_mm` to which `figures` could give a basis"});
  CHECK(linted.sink.errors() == 0);
  const Linted wrong(fibre(R"(, "lengths_m": [5])"), R"("s": { "title": "page", "url": "maker.example" })");
  CHECK(wrong.sink.errors() == 1);
}

TEST_CASE("figures may have a basis wherever they stand", "[lint]") {
  const Linted linted(
      R"({ "id": "c", "kind": "cable", )" + common + R"(, "protocols": ["ethernet"], "lane_gbps": 100, "class": "dac", "technology": "passive",
      "lengths_m": [1], "ends": [ { "form": "osfp", "top": "ihs", "lanes": 8, "count": 1 }, { "form": "osfp", "top": "ihs", "lanes": 8, "count": 1 } ],
      "price_usd": null,
      "figures": { "ends.a.lanes": { "basis": "secondary", "source": "s" }, "ends.b": { "basis": "secondary", "source": "s" },
                   "protocols": { "basis": "secondary", "source": "s" }, "price_usd": { "basis": "secondary", "source": "s" } } }, )" +
      box(R"("cages": 1, "lanes": 8, "lane_gbps": 100, "modes": [{ "ports": 2, "gbps": 400 }])",
          R"(, "figures": { "ports.fabric.modes": { "basis": "secondary", "source": "s" }, "ports.fabric": { "basis": "secondary", "source": "s" },
                             "ports.uplink": { "basis": "secondary", "source": "s" } })"));
  CHECK(linted.messages(Code::unknown_figure) == std::vector<std::string>{"`w` has no figure `ports.uplink` to which `figures` could give a basis"});
}

TEST_CASE("coverage knows the longest real part of each class", "[lint]") {
  const auto orderable = [](const std::string& text, const std::string& id) {
    auto part = text;
    part.replace(part.find(R"("id": "c")"), 9, R"("id": ")" + id + "\"");
    return part;
  };
  const std::string group = R"("cages": 4, "lanes": 8, "lane_gbps": 100, "modes": [{ "ports": 2, "gbps": 400 }, { "ports": 1, "gbps": 800 }])";
  const Linted linted(box(group) + ", " + orderable(cable(""), "dac-2") + ", " +
                      orderable(cable("", R"("class": "dac", "technology": "aec")", R"("lengths_m": [3, 5])"), "aec-5") + ", " +
                      orderable(cable(R"(, "orderable": false)", R"("class": "dac", "technology": "aec")", R"("lengths_m": [7])"), "aec-7") + ", " +
                      orderable(cable("", R"("class": "aoc", "technology": "aoc")", R"("lengths_m": [5])"), "aoc-5") + ", " + dr8("") + ", " +
                      R"({ "id": "f", "kind": "fibre", )" + common +
                      R"(, "fibre": "smf", "connector_a": "mpo-12-apc", "connector_b": "mpo-12-apc", "tails": 1, "lengths_m": [30, 150] })");
  REQUIRE(linted.sink.errors() == 0);
  const auto pairs = measure_coverage(linted.catalog);
  REQUIRE(pairs.size() == 2);
  const auto& twin = pairs[0];
  CHECK(twin.speed == Mbps(400'000));
  CHECK(twin.protocol == Protocol::ethernet);
  const auto reach = [&](const ClassCoverage& coverage) {
    return coverage.longest ? linted.catalog[coverage.part].id + " " + std::to_string(coverage.longest->count()) : std::string("none");
  };
  CHECK(reach(twin.classes[0]) == "aec-5 5000");
  CHECK(reach(twin.classes[1]) == "aoc-5 5000");
  // The module reaches 500 m, but no fibre is sold beyond 150 m.
  CHECK(reach(twin.classes[2]) == "m 150000");
  CHECK(twin.gaps() == std::vector<std::string>{"AOC from 7 m to 100 m"});
  // One 800G port: the copper fits, the module has two ports.
  CHECK(reach(pairs[1].classes[0]) == "aec-5 5000");
  CHECK(pairs[1].gaps() == std::vector<std::string>{"AOC from 7 m to 100 m", "OSFP beyond 100 m"});
  Sink sink;
  report_coverage_gaps(linted.catalog, sink);
  REQUIRE(sink.findings().size() == 2);
  CHECK(sink.findings().front().code == Code::coverage_gap);
  CHECK(sink.findings().front().message == "ethernet 400G, osfp (finned) 8 x 100G, 2 ports of `w` to osfp (finned) 8 x 100G, 2 ports of `w`: no real "
                                           "part for AOC from 7 m to 100 m; there is "
                                           "DAC to 5 m (`aec-5`), AOC to 5 m (`aoc-5`), modules and fibre to 150 m (`m`)");
  CHECK(coverage_csv(linted.catalog, pairs) ==
        "protocol,gbps,cage_a,example_a,cage_b,example_b,dac_m,dac_part,aoc_m,aoc_part,osfp_m,osfp_part\n"
        "ethernet,400,\"osfp (finned) 8 x 100G, 2 ports\",w,\"osfp (finned) 8 x 100G, 2 ports\",w,5,aec-5,5,aoc-5,150,m\n"
        "ethernet,800,\"osfp (finned) 8 x 100G, 1 port\",w,\"osfp (finned) 8 x 100G, 1 port\",w,5,aec-5,5,aoc-5,,\n");
  CHECK(coverage_section(linted.catalog, pairs).table.rows[1].back() == "none");
}

TEST_CASE("coverage of the shipped catalogs is that of their real parts", "[lint]") {
  const auto planned = plan_spec(R"({ "name": "x", "nodes": [ { "model": "nvidia-dgx-h100", "count": 1 } ],
    "fabrics": [ { "topology": "single-switch", "leaf": "nvidia-qm9700" } ] })");
  REQUIRE(planned.plan);
  const auto& catalog = *planned.plan->catalog;
  const auto pairs = measure_coverage(catalog);
  CHECK(pairs.size() >= 30);
  bool twin = false;
  for (const auto& pair : pairs) {
    for (const auto& coverage : pair.classes) {
      if (!coverage.longest) continue;
      CHECK_FALSE(catalog[coverage.part].generic());
      CHECK(catalog[coverage.part].orderable);
    }
    const std::string cage = "osfp (finned) 8 x 100G, 2 ports";
    if (pair.protocol != Protocol::infiniband || pair.cages[0] != cage || pair.cages[1] != cage) continue;
    twin = true;
    CHECK(pair.classes[0].longest >= Millimetres(1'500));
  }
  CHECK(twin);
}
