// SPDX-License-Identifier: Apache-2.0
// Halls, ducts, aisles, keep-outs, fixed racks, feeds and where switches stand: worked figures, findings, and many random floors.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/place/geometry.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// `nodes` and `fabric` are members that are added to the usual node group and fabric.
std::string spec(const std::string& top, const std::string& nodes = {}, const std::string& fabric = {}, std::int64_t count = 4) {
  const auto more = [](const std::string& members) { return members.empty() ? members : ", " + members; };
  return R"({ "name": "floor", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": )" + std::to_string(count) + more(nodes) +
         R"( } ], "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700")" + more(fabric) + " } ]" + more(top) +
         " }";
}

/// The device's rack.
const Rack& rack_of(const Plan& plan, DeviceId device) { return plan.placement.racks[plan.placement.devices[device.index()].rack.index()]; }

/// The first device of a tier of the first fabric.
DeviceId first_switch(const Plan& plan, std::int64_t tier) {
  for (const auto& group : plan.network.groups) {
    if (!group.is_node() && group.tier == tier) return group.first;
  }
  FAIL("no such tier");
  return {};
}

void refuses(Code code, const std::string& text, const std::string& says) {
  INFO(text);
  const auto planned = plan_spec(text);
  INFO(planned.text());
  CHECK_FALSE(planned.plan);
  const auto* found = planned.find(code);
  REQUIRE(found != nullptr);
  CHECK(found->message.find(says) != std::string::npos);
  CHECK_FALSE(found->help.empty());
  CHECK(found->where.valid());
}

const std::string gpu_racks = R"("racks": [ { "name": "r", "max_power_kw": 45 } ])";

} // namespace

TEST_CASE("a run between halls leads through both exits and the shortest way of ducts") {
  const auto plan = sound_plan(R"({ "name": "halls",
    "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 4, "nodes_per_rack": 1, "hall": "C", "rows": [2] } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700", "hall": "A" } ],
    "floor": { "halls": [ { "name": "A", "exit": { "row": 2, "position": 3 } }, { "name": "B" }, { "name": "C", "exit": { "row": 1, "position": 2 } } ],
               "ducts": [ { "from": "A", "to": "B", "length_m": 40 }, { "from": "B", "to": "C", "length_m": 30.5 }, { "from": "A", "to": "C", "length_m": 80 } ],
               "service_loop_m": 1.5 } })");
  CHECK(plan.placement.rack_name(plan.spec.floor, RackId(0)) == "C-02-01");
  CHECK(rack_of(plan, first_switch(plan, 1)).hall == HallId(0));
  const RunModel runs(plan.spec.floor, plan.placement);
  CHECK(runs.duct(HallId(0), HallId(2))->count() == 70'500);
  // Node: unit 1, 8 U, rack C-02-01; leaf: unit 48, rack A-01-01. To the exits: 1 x 0.6 + 3 and 2 x 0.6 + 3.
  const auto terms = runs.terms(plan.network.links[0].from, plan.network.links[0].to);
  REQUIRE(terms);
  CHECK(terms->rise.count() == (2'600'000 - 277'800) + (2'600'000 - 2'211'375));
  CHECK(terms->along.count() == 600'000 + 1'200'000);
  CHECK(terms->across.count() == 3'000'000 + 3'000'000);
  CHECK(terms->duct.count() == 70'500'000);
  CHECK(terms->sides.count() == 600'000);
  CHECK(terms->loops.count() == 3'000'000);
  CHECK(terms->slack.count() == 500'000);
  CHECK(plan.cables.legs[0].length_mm == (terms->total().count() + 999) / 1000);
}

TEST_CASE("rows stand apart by the depth of racks and cold and hot aisles in turn") {
  for (const bool hot_first : {false, true}) {
    const auto plan = sound_plan(spec(std::string(R"("floor": { "halls": [ { "name": "A", "racks_per_row": [1, 1, 1, 1, 1],
      "aisles": { "cold_m": 2, "hot_m": 1, "depth_m": 1.2)") +
                                          (hot_first ? R"(, "first": "hot")" : "") + " } } ] }",
                                      R"("nodes_per_rack": 1)", R"("rows": [1])"));
    const auto& hall = plan.spec.floor.halls[0];
    const std::vector<std::int64_t> cold = {0, 3'200, 5'400, 8'600, 10'800};
    const std::vector<std::int64_t> hot = {0, 2'200, 5'400, 7'600, 10'800};
    for (std::int64_t row = 0; row < 5; ++row)
      CHECK(plan.spec.floor.row_offset(hall, row).count() == (hot_first ? hot : cold)[static_cast<std::size_t>(row)]);
    CHECK(rack_of(plan, first_switch(plan, 1)).row == 0);
    CHECK(plan.placement.rows == std::vector<std::int64_t>{5});
  }
}

TEST_CASE("racks keep out of kept-out places, of full rows and of rows at their power limit") {
  const auto plan = sound_plan(spec(R"("floor": { "halls": [ { "name": "A", "rows": 4, "racks_per_row": [4, 3], "max_row_power_kw": 45,
      "keep_out": [ { "row": 1, "positions": [2, 3], "for": "column" }, { "row": 2 } ] } ] })",
                                    R"("nodes_per_rack": 2)", {}, 6));
  std::set<std::pair<std::int64_t, std::int64_t>> spots;
  for (const auto& rack : plan.placement.racks) spots.emplace(rack.row, rack.position);
  // Five racks of 20.4 kW and one with the switches: two to a row, none in row 2, none at the column.
  CHECK(spots == std::set<std::pair<std::int64_t, std::int64_t>>{{0, 0}, {0, 3}, {2, 0}, {2, 1}});
  refuses(Code::floor_full,
          spec(R"("floor": { "halls": [ { "name": "A", "rows": 1, "racks_per_row": 4, "keep_out": [ { "row": 1, "positions": [1, 2] } ] } ] })",
               R"("nodes_per_rack": 2)"),
          "has 2 places");
  refuses(Code::row_limit_exceeded, spec(R"("floor": { "halls": [ { "name": "A", "max_row_power_kw": 15 } ] })", R"("nodes_per_rack": 2)"),
          "a single rack `default` draws up to 20.4 kW");
}

TEST_CASE("leaves stand in the middle or at the end of the row of their nodes") {
  for (const std::string policy : {"middle-of-row", "end-of-row"}) {
    const auto plan = sound_plan(spec(R"("floor": { "halls": [ { "name": "A", "racks_per_row": 10 } ] }, )" + gpu_racks,
                                      R"("unit": 8, "nodes_per_rack": 4)", R"("switches": ")" + policy + "\"", 64));
    // 16 racks of nodes, a unit to two of them: five units and a half to the first row would leave no place for their leaves.
    std::vector<std::vector<std::string>> rows(3, std::vector<std::string>(10));
    for (std::uint32_t r = 0; r < plan.placement.racks.size(); ++r) {
      const auto& rack = plan.placement.racks[r];
      rows.at(static_cast<std::size_t>(rack.row)).at(static_cast<std::size_t>(rack.position)) = "node";
    }
    for (std::uint32_t d = 0; d < plan.network.devices(); ++d) {
      const DeviceId device(d);
      const auto& group = plan.network.group(device);
      const auto& rack = rack_of(plan, device);
      if (!group.is_node()) rows[static_cast<std::size_t>(rack.row)][static_cast<std::size_t>(rack.position)] = group.tier == 1 ? "leaf" : "spine";
    }
    std::size_t leaf_racks = 0;
    for (auto& row : rows) {
      // The central rack of spines may stand anywhere in its row.
      row.erase(std::remove(row.begin(), row.end(), "spine"), row.end());
      const auto first = std::find(row.begin(), row.end(), "leaf");
      const auto count = std::count(row.begin(), row.end(), "leaf");
      leaf_racks += static_cast<std::size_t>(count);
      if (count == 0) continue;
      // The block is whole, and nodes stand on its other side only where it is in the middle.
      CHECK(std::all_of(first, first + count, [](const auto& what) { return what == "leaf"; }));
      const bool nodes_after = std::find(first + count, row.end(), "node") != row.end();
      CHECK(nodes_after == (policy == "middle-of-row"));
    }
    CHECK(leaf_racks >= 2);
  }
}

TEST_CASE("leaves of two fabrics stand at the top of the same racks") {
  const auto plan =
      sound_plan(R"({ "name": "tor", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 16, "unit": 8, "nodes_per_rack": 2 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "switches": "top-of-rack" },
                 { "name": "storage", "topology": "fat-tree", "leaf": "nvidia-qm9700", "homing": 2, "switches": "top-of-rack" } ] })");
  for (const auto& home : plan.network.leaf_homes) {
    std::set<RackId> racks;
    for (std::uint32_t n = 0; n < home.nodes; ++n) racks.insert(plan.placement.devices[home.first_node.index() + n].rack);
    CHECK(racks.count(plan.placement.devices[home.leaf.index()].rack) == 1);
  }
  CHECK(plan.network.leaf_homes.size() >= 18);
}

TEST_CASE("a rack design is checked as it stands") {
  const auto design = [](const std::string& contents, const std::string& rack = R"("max_power_kw": 45)", const std::string& more = {}) {
    return spec(R"("racks": [ { "name": "r", )" + rack +
                R"( } ], "floor": { "fixed": [ { "row": 1, "position": 3, "name": "design", "contents": [ )" + contents + " ]" + more + " } ] }");
  };
  const std::string node0 = R"({ "u": 1, "group": "gpu", "index": 0 })";
  const std::string leaf0 = R"({ "u": 40, "switch": "compute/leaf", "index": 0 })";
  const auto plan =
      sound_plan(design(node0 + ", " + leaf0 + R"(, { "u": 20, "rack_units": 4, "for": "firewall", "power_kw": 1.5, "weight_kg": 30 })"));
  const auto& rack = plan.placement.racks[0];
  CHECK(plan.placement.rack_name(plan.spec.floor, RackId(0)) == "design");
  CHECK(rack.row == 0);
  CHECK(rack.position == 2);
  CHECK(rack.closed == RackClosed::fixed);
  CHECK(rack.used_units == 13);
  CHECK(rack.power.count() == 10'200'000 + 1'720'000 + 1'500'000);
  CHECK(plan.placement.devices[0].unit == 1);
  CHECK(plan.placement.devices[first_switch(plan, 1).index()].unit == 40);

  refuses(Code::rack_units_overlap, design(node0 + R"(, { "u": 8, "group": "gpu", "index": 1 })"), "but unit 8 is taken");
  refuses(Code::rack_units_overlap, design(R"({ "u": 44, "group": "gpu", "index": 1 })"), "units 44 to 51, but the rack has 48");
  refuses(Code::no_such_device, design(R"({ "u": 1, "group": "gpu", "index": 4 })"), "which has 4 devices");
  refuses(Code::no_such_device, design(R"({ "u": 1, "switch": "compute/core", "index": 0 })"), "which has 0 devices");
  refuses(Code::device_placed_twice, design(node0 + R"(, { "u": 9, "group": "gpu", "index": 0 })"), "`gpu-0001` stands in two places");
  refuses(Code::unknown_name, design(R"({ "u": 1, "switch": "computer/leaf", "index": 0 })"), "no fabric `computer`");
  refuses(Code::conflicting_values, design(R"({ "u": 1, "group": "gpu", "switch": "compute/leaf", "index": 0 })"), "needs one of");
  // 66 kW in a 40 kW rack.
  const std::string heavy = node0 + R"(, { "u": 9, "group": "gpu", "index": 1 }, { "u": 17, "group": "gpu", "index": 2 },
    { "u": 25, "group": "gpu", "index": 3 }, { "u": 40, "rack_units": 4, "for": "storage", "power_kw": 25.2 })";
  refuses(Code::rack_limit_exceeded, design(heavy, R"("max_power_kw": 40)"),
          "rack `design` draws up to 66 kW with 4 x `nvidia-dgx-h100` and 1 x other gear, but racks `r` are limited to 40 kW");
  refuses(Code::rack_limit_exceeded, design(node0 + R"(, { "u": 9, "group": "gpu", "index": 1 })", R"("max_load_kg": 200)"), "carries 260.9 kg");
  refuses(Code::unknown_power_in_limited_rack, design(R"({ "u": 40, "rack_units": 4, "for": "storage" })"), "the power of `storage` is not known");
  refuses(Code::spot_taken, spec(R"("floor": { "fixed": [ { "row": 1, "position": 3 }, { "row": 1, "position": 3 } ] })"), "two fixed racks stand");
  refuses(Code::spot_taken,
          spec(R"("floor": { "halls": [ { "name": "A", "keep_out": [ { "row": 1 } ] } ], "fixed": [ { "row": 1, "position": 3 } ] })"),
          "keeps row 1");
}

TEST_CASE("existing racks are filled before new ones and are not bought") {
  const auto plan = sound_plan(spec(
      R"("racks": [ { "name": "network" }, { "name": "gpu" } ], "floor": { "fixed": [ { "row": 2, "position": 5, "name": "old-1", "rack": "gpu", "existing": true },
    { "row": 2, "position": 6, "name": "old-2", "existing": true,
      "contents": [ { "u": 47, "rack_units": 2, "for": "patch panel", "power_kw": 0, "weight_kg": 8 } ], "fill": true } ] })",
      R"("rack": "gpu", "nodes_per_rack": 2)"));
  CHECK(plan.placement.devices[0].rack == RackId(0));
  CHECK(plan.placement.devices[1].rack == RackId(0));
  CHECK(plan.placement.racks[0].closed == RackClosed::stated);
  // The switches start below the patch panel.
  CHECK(plan.placement.devices[first_switch(plan, 1).index()].rack == RackId(1));
  CHECK(plan.placement.devices[first_switch(plan, 1).index()].unit == 46);
  std::int64_t racks = 0;
  for (const auto& row : plan.bom) racks += row.kind == "rack" ? row.quantity : 0;
  CHECK(plan.placement.racks.size() == 3);
  CHECK(racks == 1);
}

TEST_CASE("of two feeds one carries the whole load") {
  const auto per_rack = [](const std::string& racks) {
    const auto plan = sound_plan(spec(R"("racks": [ { "name": "r", )" + racks + " } ]"));
    return plan.placement.racks[0].devices;
  };
  CHECK(per_rack(R"("feeds": [ { "name": "A", "max_power_kw": 45 }, { "name": "B", "max_power_kw": 22 } ])") == 2);
  CHECK(per_rack(R"("feeds": [ { "max_power_kw": 45 } ])") == 4);
  CHECK(per_rack(R"("max_power_kw": 11, "feeds": [ { "max_power_kw": 45 } ])") == 1);
  refuses(Code::rack_limit_exceeded,
          spec(R"("racks": [ { "name": "r", "feeds": [ { "max_power_kw": 45 }, { "max_power_kw": 22 } ] } ])", R"("nodes_per_rack": 3)"),
          "is limited to 22 kW by one feed");
}

TEST_CASE("a rack product becomes its nodes in racks of their own") {
  const auto racks = [](const std::string& more) {
    return R"({ "name": "nvl", "nodes": [ { "model": "nvidia-gb200-nvl72", "count": 4, "unit": 2)" + more + R"( } ],
      "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "expandable_to": 5 } ] })";
  };
  const auto plan = sound_plan(racks(""));
  CHECK(plan.spec.nodes[0].count == 72);
  CHECK(*plan.spec.nodes[0].unit == 36);
  CHECK(*plan.spec.fabrics[0].expandable_to == 90);
  const auto bought = [&](std::string_view id, std::string_view host) {
    std::int64_t count = 0;
    for (const auto& row : plan.bom) {
      const bool inside = row.included_in.valid() && plan.part(row.included_in).id == host;
      count += plan.part(row.part).id == id && (host.empty() ? !row.included_in.valid() : inside) ? row.quantity : 0;
    }
    return count;
  };
  CHECK(bought("nvidia-gb200-nvl72", "") == 4);
  CHECK(bought("nvidia-gb200-tray", "nvidia-gb200-nvl72") == 72);
  CHECK(bought("nvidia-mgx-48ru", "nvidia-gb200-nvl72") == 4);
  CHECK(bought("nvidia-gb200", "nvidia-gb200-tray") == 288);
  CHECK(bought("nvidia-gb200-tray", "") == 0);
  for (std::size_t r = 0; r < 4; ++r) {
    CHECK(plan.placement.racks[r].devices == 18);
    CHECK(plan.placement.racks[r].power.count() == 120'000'000);
    CHECK(plan.placement.racks[r].load.count() == 1'360'000);
  }
  CHECK(measure_power(plan).lines[0].maximum.count() == 480'000'000);
  refuses(Code::conflicting_values, racks(R"(, "nodes_per_rack": 9)"), "is a rack with 18 nodes");
  refuses(Code::conflicting_values,
          racks("").insert(1, R"("floor": { "fixed": [ { "row": 1, "position": 1, "contents": [ { "u": 1, "group": "gpu", "index": 0 } ] } ] }, )"),
          "which they do not leave");
  auto spoilt = plan_spec(racks(""));
  REQUIRE(spoilt.plan);
  spoilt.plan->placement.racks[0].power += Milliwatts(1);
  CHECK(joined(check_plan(*spoilt.plan)).find("but its devices draw") != std::string::npos);
}

TEST_CASE("findings of halls and rows") {
  refuses(Code::halls_not_joined, spec(R"("floor": { "halls": [ { "name": "A" }, { "name": "B" } ] })", R"("hall": "B")", R"("hall": "A")"),
          "no ducts join them");
  refuses(Code::unknown_name, spec(R"("floor": { "halls": [ { "name": "A" }, { "name": "B" } ] })", R"("hall": "D")"), "no hall `D`");
  refuses(Code::out_of_range, spec(R"("floor": { "halls": [ { "name": "A", "rows": 2 } ] })", {}, R"("rows": [3])"), "from 1 to 2");
  refuses(Code::duplicate_name, spec({}, R"("rows": [1, 1])"), "names row 1 twice");
  refuses(Code::floor_full, spec(R"("floor": { "halls": [ { "name": "A", "racks_per_row": 1 } ] })", R"("rows": [1], "nodes_per_rack": 1)"),
          "4 racks of nodes do not fit row 1 of hall `A`, which takes 1 of them");
  refuses(
      Code::conflicting_values,
      spec(
          R"("floor": { "halls": [ { "name": "A" }, { "name": "B" } ], "ducts": [ { "from": "A", "to": "B", "length_m": 1 }, { "from": "B", "to": "A", "length_m": 2 } ] })"),
      "a second duct");
  refuses(
      Code::row_limit_exceeded,
      spec(
          R"("floor": { "halls": [ { "name": "A", "max_row_power_kw": 30 } ], "fixed": [ { "row": 1, "position": 1, "contents": [ { "u": 1, "group": "gpu", "index": 0 },
            { "u": 9, "group": "gpu", "index": 1 }, { "u": 17, "group": "gpu", "index": 2 } ] } ] })",
          R"("nodes_per_rack": 1)"),
      "draws up to 30.6 kW");
  const auto dark =
      plan_spec(R"({ "name": "x", "nodes": [ { "model": "site-node", "count": 1 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700" } ], "floor": { "halls": [ { "name": "A", "max_power_kw": 90 } ] } })",
                R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [ { "id": "site-node", "kind": "node",
    "manufacturer": "site", "basis": "datasheet", "source": "s", "rack_units": 8, "ports": [ { "name": "compute", "cages": 4, "nics": 8, "form": "osfp",
    "top": "rhs", "lanes": 8, "modes": [ { "ports": 2, "gbps": 400 } ], "protocols": ["infiniband"] } ] } ] })");
  INFO(dark.text());
  CHECK(dark.reports(Code::unknown_power_in_limited_hall));
}

/// 64 nodes on rows of 4, 20, 6, 4, 4 ... racks: the middle row is not where most nodes are.
std::string uneven(const std::string& policy, const std::string& floor = {}) {
  return R"({ "name": "uneven", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-b300", "count": 64, "unit": 16, "nodes_per_rack": 2 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-q3400-ra", "switches": ")" +
         policy + R"(" } ], "racks": [ { "name": "r", "max_power_kw": 60 } ],
    "floor": { "row_pitch_m": 3.6, "halls": [ { "name": "A", "racks_per_row": [4, 20, 6, 4] } ])" +
         floor + " } }";
}

std::int64_t count_of(const Plan& plan, std::string_view kind) {
  std::int64_t count = 0;
  for (const auto& row : plan.bom) count += row.kind == kind ? row.quantity : 0;
  return count;
}

TEST_CASE("optimize needs fewer active cables than the centre of an uneven floor") {
  const auto central = sound_plan(uneven("central"));
  auto planned = sound_planned(uneven("optimize"));
  CHECK(planned.reports(Code::optimized_without_figures));
  const auto& plan = *planned.plan;
  REQUIRE(plan.placement.optimized);
  CHECK_FALSE(central.placement.optimized);
  CHECK(plan.placement.optimized->central.active_cables == count_of(central, "aoc"));
  CHECK(plan.placement.optimized->chosen.active_cables == count_of(plan, "aoc"));
  CHECK(count_of(central, "aoc") == 248);
  CHECK(count_of(plan, "aoc") < 160);
  CHECK(count_of(plan, "aoc") + count_of(plan, "dac") == 512);
  // The same racks and devices, elsewhere.
  CHECK(plan.placement.racks.size() == central.placement.racks.size());
  CHECK(plan.placement.optimized->moved_racks > 0);
  auto spoilt = std::move(*planned.plan);
  --spoilt.placement.optimized->chosen.active_cables;
  CHECK(joined(check_plan(spoilt)).find("other totals than the bill of materials") != std::string::npos);
  spoilt.placement.optimized.reset();
  CHECK(joined(check_plan(spoilt)).find("the other way round") != std::string::npos);
}

TEST_CASE("optimize saves money or watts where every part has a figure") {
  const auto overlay = R"({ "format": "icplan.catalog/1", "sources": { "q": { "title": "quotation" } }, "parts": [
    { "id": "site-dac", "kind": "cable", "class": "dac", "manufacturer": "site", "basis": "datasheet", "source": "q", "fits": "any",
      "lengths_m": [1, 2, 3, 5, 7], "price_usd": 100, "price_date": "2026-01-01", "power_end_a_w": 0.1, "power_end_b_w": 0.1 },
    { "id": "site-aoc", "kind": "cable", "class": "aoc", "manufacturer": "site", "basis": "datasheet", "source": "q", "fits": "any",
      "lengths_m": [10, 20, 30, 50, 100], "price_usd": 900, "price_date": "2026-01-01", "power_end_a_w": 9, "power_end_b_w": 9 } ] })";
  for (const std::string what : {"cost", "power"}) {
    auto text = uneven("optimize", R"(, "optimize_for": ")" + what + "\"");
    text.insert(1, R"("media": { "vendors": ["site"] }, )");
    const auto plan = sound_plan(text, overlay);
    const auto& optimized = *plan.placement.optimized;
    CHECK(optimized.chosen.unknown_parts == 0);
    CHECK(optimized.chosen.figure < optimized.central.figure);
    const auto dac = 512 - optimized.chosen.active_cables;
    CHECK(optimized.chosen.figure ==
          (what == "cost" ? dac * 10'000 + optimized.chosen.active_cables * 90'000 : (dac * 200 + optimized.chosen.active_cables * 18'000)));
  }
}

TEST_CASE("optimize counts the modules in dark cages too") {
  auto text = uneven("optimize");
  text.insert(1, R"("media": { "vendors": ["NVIDIA"], "dac_below_m": 3, "aoc_up_to_m": 8, "populate": "all" }, )");
  const auto plan = sound_plan(text);
  CHECK_FALSE(plan.cables.dark_modules.empty());
  CHECK(plan.placement.optimized->chosen.modules == count_of(plan, "module"));
}

TEST_CASE("random floors are sound or refused", "[property]") {
  std::mt19937 random(7);
  const auto one_of = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  const std::vector<std::string> policies = {"central", "top-of-rack", "middle-of-row", "end-of-row", "optimize"};
  int planned_floors = 0;
  for (int round = 0; round < 150; ++round) {
    std::string halls;
    for (int h = 0; h < 2; ++h) {
      halls += std::string(h == 0 ? "" : ", ") + R"({ "name": ")" + (h == 0 ? "A" : "B") + R"(", "racks_per_row": [)" +
               std::to_string(3 + one_of(9)) + ", " + std::to_string(2 + one_of(12)) + "]";
      if (one_of(3) == 0) halls += R"(, "keep_out": [ { "row": )" + std::to_string(1 + one_of(3)) + R"(, "positions": [1, 2] }, { "row": 4 } ])";
      if (one_of(3) == 0) halls += R"(, "max_row_power_kw": )" + std::to_string(60 + one_of(200));
      if (one_of(2) == 0) halls += R"(, "aisles": { "cold_m": 1.8, "hot_m": 1.1, "depth_m": 1.2 })";
      if (one_of(4) == 0) halls += R"(, "rows": )" + std::to_string(2 + one_of(20));
      halls += " }";
    }
    std::string fabrics;
    for (const std::string name : {"compute", "storage"}) {
      fabrics += std::string(fabrics.empty() ? "" : ", ") + R"({ "name": ")" + name + R"(", "topology": ")" +
                 (name == "compute" ? "rail-optimized" : "fat-tree") + R"(", "leaf": "nvidia-qm9700", "switches": ")" +
                 policies[static_cast<std::size_t>(one_of(5))] + "\"";
      if (one_of(3) == 0) fabrics += R"(, "hall": "B")";
      if (one_of(3) == 0) fabrics += R"(, "rows": [)" + std::to_string(1 + one_of(3)) + "]";
      if (one_of(3) == 0) fabrics += R"(, "rack": "net")";
      fabrics += " }";
    }
    std::string fixed;
    if (one_of(2) == 0)
      fixed =
          R"(, "fixed": [ { "row": 1, "position": 3, "name": "f1", "contents": [ { "u": 3, "group": "a", "index": 1 }, { "u": 30, "switch": "compute/leaf", "index": 1 } ] },
        { "hall": "B", "row": 2, "position": 1, "rack": "net", "existing": true } ])";
    const auto text = R"({ "name": "r", "nodes": [ { "group": "a", "model": "nvidia-dgx-h100", "count": )" + std::to_string(4 + one_of(40)) +
                      R"(, "unit": 4, "nodes_per_rack": )" + std::to_string(1 + one_of(4)) +
                      R"( }, { "group": "b", "model": "nvidia-dgx-h100", "count": )" + std::to_string(4 + one_of(20)) +
                      R"(, "unit": 4, "hall": "B")" + (one_of(3) == 0 ? R"(, "rows": [2, 3, 5])" : "") + R"( } ], "fabrics": [ )" + fabrics +
                      R"( ], "racks": [ { "name": "gpu", "max_power_kw": 45 }, { "name": "net", "max_power_kw": 12, "max_units": 20 } ],
      "floor": { "halls": [ )" +
                      halls + R"( ], "ducts": [ { "from": "A", "to": "B", "length_m": 60 } ])" + fixed + " } }";
    INFO(text);
    const auto planned = plan_spec(text);
    INFO(planned.text());
    if (!planned.plan) {
      CHECK(
          std::any_of(planned.findings.begin(), planned.findings.end(), [](const Finding& finding) { return finding.severity == Severity::error; }));
      continue;
    }
    ++planned_floors;
    INFO(joined(check_plan(*planned.plan)));
    REQUIRE(check_plan(*planned.plan).empty());
  }
  CHECK(planned_floors > 75);
}
