// SPDX-License-Identifier: Apache-2.0
// The plan check over many sizes and shapes, with closed forms beside it.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// Whether all devices that have links are joined, plane by plane: a breadth-first search over the links.
bool connected(const Plan& plan, std::size_t fabric, std::int64_t plane) {
  const auto& network = plan.network;
  std::vector<std::vector<std::uint32_t>> neighbours(network.devices());
  std::uint32_t start = 0;
  for (const auto& group : network.link_groups) {
    if (group.fabric.index() != fabric || group.plane != plane) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = network.links[i];
      start = link.from.index();
      neighbours[link.from.index()].push_back(link.to.index());
      neighbours[link.to.index()].push_back(link.from.index());
    }
  }
  std::vector<bool> seen(network.devices(), false);
  std::vector<std::uint32_t> queue{start};
  seen[start] = true;
  for (std::size_t at = 0; at < queue.size(); ++at) {
    for (const auto next : neighbours[queue[at]]) {
      if (seen[next]) continue;
      seen[next] = true;
      queue.push_back(next);
    }
  }
  for (std::uint32_t d = 0; d < network.devices(); ++d) {
    const auto& group = network.group(DeviceId(d));
    const bool belongs = !neighbours[d].empty() || (!group.is_node() && group.fabric.index() == fabric && group.plane == plane);
    if (belongs && !seen[d]) return false;
  }
  return true;
}

/// Links between every pair of a lower and an upper switch, by pair; zero pairs are not listed.
std::map<std::pair<std::uint32_t, std::uint32_t>, int> pair_counts(const Plan& plan, std::int64_t tier) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> counts;
  for (const auto& group : plan.network.link_groups) {
    if (group.from_tier != tier) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) ++counts[{plan.network.links[i].from.index(), plan.network.links[i].to.index()}];
  }
  return counts;
}

/// Plans the spec, and holds it against the check and against what every plan must satisfy.
Plan sound(const std::string& spec) {
  INFO(spec);
  auto plan = sound_plan(spec);
  for (std::size_t f = 0; f < plan.spec.fabrics.size(); ++f) {
    for (std::int64_t plane = 0; plane < plan.spec.fabrics[f].planes; ++plane) REQUIRE(connected(plan, f, plane));
    REQUIRE(links(plan, plan.spec.fabrics[f].name, 0) == plan.network.fabrics[f].endpoints);
  }
  return plan;
}

constexpr auto h100_rails = R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1,"unit":$2}],
  "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","oversubscription":$3}]})";
constexpr auto h100_tree = R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],
  "fabrics":[{"name":"compute","topology":"fat-tree","leaf":"nvidia-qm9700","oversubscription":$2,"homing":$3}]})";
constexpr auto b300_planes = R"({"name":"x","nodes":[{"model":"nvidia-dgx-b300","count":$1,"unit":$2,"nodes_per_rack":2}],
  "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-sn5600","planes":2,"port_speed_gbps":400}]})";

} // namespace

TEST_CASE("rail-optimized plans are sound at every size and unit", "[property]") {
  for (const std::int64_t unit : {4, 16, 31, 32}) {
    for (const std::int64_t count : {1, 2, 3, 4, 5, 16, 31, 32, 33, 63, 64, 65, 96, 127, 128, 160, 200}) {
      if (count < unit) continue;
      const auto plan = sound(fill(h100_rails, {count, unit, 1}));
      const auto units = (count + unit - 1) / unit;
      CHECK(switches(plan, "compute", 1) == units * 8);
      CHECK(links(plan, "compute", 0) == count * 8);
      // Every leaf has its unit's node ports as uplinks, or more where the divisor rule raises them, and never fewer.
      CHECK(links(plan, "compute", 1) >= units * 8 * unit);
    }
  }
}

TEST_CASE("every pair of a leaf and a spine of a two-tier plan has equally many links", "[property]") {
  for (const std::int64_t count : {31, 32, 63, 64, 96, 127, 128, 192, 256}) {
    const auto plan = sound(fill(h100_rails, {count, std::min<std::int64_t>(count, 32), 1}));
    if (switches(plan, "compute", 3) != 0) continue;
    const auto pairs = pair_counts(plan, 1);
    CHECK(static_cast<std::int64_t>(pairs.size()) == switches(plan, "compute", 1) * switches(plan, "compute", 2));
    for (const auto& [pair, number] : pairs) CHECK(number == pairs.begin()->second);
  }
}

TEST_CASE("oversubscribed rail-optimized plans are sound", "[property]") {
  for (const std::int64_t r : {2, 3, 4}) {
    for (const std::int64_t count : {8, 32, 40, 64, 100, 128}) {
      const auto plan = sound(fill(h100_rails, {count, std::min<std::int64_t>(count, 32), r}));
      const auto& leaf = plan.network.fabrics[0].tiers[0];
      REQUIRE(leaf.oversubscription);
      CHECK(leaf.oversubscription->numerator <= r * leaf.oversubscription->denominator);
    }
  }
}

TEST_CASE("fat trees are sound with one, two and three tiers", "[property]") {
  for (const std::int64_t r : {1, 2, 3}) {
    for (const std::int64_t homing : {1, 2, 4, 8}) {
      for (const std::int64_t count : {1, 2, 7, 8, 9, 12, 16, 33, 64, 100, 130}) sound(fill(h100_tree, {count, r, homing}));
    }
  }
  for (const std::int64_t count : {257, 300, 512, 600}) {
    const auto plan = sound(fill(h100_tree, {count, 1, 1}));
    CHECK(switches(plan, "compute", 3) > 0);
    CHECK(links(plan, "compute", 0) == count * 8);
  }
}

TEST_CASE("two planes of DGX B300 on Spectrum are sound and share nothing", "[property]") {
  for (const std::int64_t unit : {8, 32, 64}) {
    for (const std::int64_t count : {1, 3, 8, 9, 32, 63, 64, 65, 128, 130}) {
      if (count < unit) continue;
      const auto plan = sound(fill(b300_planes, {count, unit}));
      CHECK(switches(plan, "compute", 1) == 2 * 8 * ((count + unit - 1) / unit));
      CHECK(links(plan, "compute", 0) == 16 * count);
      for (const auto& group : plan.network.link_groups) {
        for (auto i = group.first; i < group.first + group.count; ++i) {
          REQUIRE(plan.network.group(plan.network.links[i].to).plane == group.plane);
        }
      }
    }
  }
}

TEST_CASE("units with an odd node leave a leg unused and say so", "[property]") {
  for (const std::int64_t unit : {3, 5, 7, 64}) {
    for (const std::int64_t count : {3, 5, 10, 71}) {
      sound(fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-b300","count":$1,"unit":$2}],
        "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-q3400-ra"}]})",
                 {std::max(count, unit), unit}));
    }
  }
}

TEST_CASE("one switch is sound up to its last port", "[property]") {
  for (std::int64_t count = 1; count <= 8; ++count) {
    const auto plan = sound(fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],
      "fabrics":[{"name":"compute","topology":"single-switch","leaf":"nvidia-qm9700"}]})",
                                 {count}));
    CHECK(plan.network.links.size() == static_cast<std::size_t>(count * 8));
    CHECK(plan.network.devices() == static_cast<std::uint32_t>(count) + 1);
  }
  CHECK(plan_spec(fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],
    "fabrics":[{"name":"compute","topology":"single-switch","leaf":"nvidia-qm9700"}]})",
                       {9}))
            .reports(Code::fabric_too_large));
}

TEST_CASE("several fabrics over the same nodes are sound", "[property]") {
  for (const std::int64_t count : {4, 17, 32, 60}) {
    const auto plan = sound(fill(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":$1,"unit":16,"nodes_per_rack":4}],
      "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"},
                 {"name":"storage","topology":"fat-tree","leaf":"nvidia-qm9700","attach":[{"group":"gpu","ports":"storage"}]},
                 {"name":"in-band","topology":"fat-tree","leaf":"nvidia-sn5600","attach":[{"group":"gpu","ports":"in-band"}],"oversubscription":2}],
      "media":{"spares_percent":{"module":2.5,"fibre":1,"dac":10,"aoc":3,"node":1}}})",
                                 {std::max<std::int64_t>(count, 16)}));
    CHECK(links(plan, "storage", 0) == 2 * std::max<std::int64_t>(count, 16));
  }
}

TEST_CASE("several node groups, speeds and twisted pair are sound", "[property]") {
  for (const std::int64_t count : {8, 20, 40}) {
    const auto plan = sound(fill(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":$1,"unit":8},
      {"group":"old","model":"nvidia-dgx-h200","count":$2}],
      "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"},
                 {"name":"storage","topology":"fat-tree","leaf":"nvidia-qm9700","port_speed_gbps":200,"uplink_gbps":400},
                 {"name":"oob","topology":"single-switch","leaf":"nvidia-sn2201","attach":[{"group":"gpu","ports":"bmc"}]}]})",
                                 {count, count / 2}));
    CHECK(links(plan, "compute", 0) == 8 * (count + count / 2));
    CHECK(links(plan, "oob", 0) == count);
    CHECK(std::any_of(plan.bom.begin(), plan.bom.end(), [&](const BomRow& row) { return row.kind == "utp"; }));
  }
}

TEST_CASE("media thresholds and floor pitches move classes and keep plans sound", "[property]") {
  for (const std::int64_t dac : {0, 3, 7, 30}) {
    for (const std::int64_t aoc : {0, 30, 100}) {
      for (const std::int64_t pitch : {1, 6}) {
        for (const std::int64_t per_row : {3, 20}) {
          const auto plan = sound(fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-b300","count":40,"unit":16,"nodes_per_rack":2}],
            "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-q3400-ra"}],"media":{"dac_below_m":$1,"aoc_up_to_m":$2},
            "floor":{"rack_pitch_m":$3,"row_pitch_m":4,"halls":[{"name":"A","racks_per_row":$4}]}})",
                                       {std::min(dac, aoc), aoc, pitch, per_row}));
          if (aoc != 0) continue;
          for (const auto& solution : plan.cables.solutions) CHECK(solution.media == MediaClass::osfp);
        }
      }
    }
  }
}

TEST_CASE("top-of-rack plans and racks with load limits are sound", "[property]") {
  for (const std::int64_t count : {1, 5, 8, 30}) {
    sound(fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1,"unit":$1}],
      "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","switches":"top-of-rack"}]})",
               {count}));
    sound(fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1,"unit":$1}],"racks":[{"name":"r","model":"conteg-ri7-48-80-120"}],
      "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"}]})",
               {count}));
  }
}

TEST_CASE("a rack never carries more than it bears, whatever stands in it", "[property]") {
  constexpr auto overlay = R"({"format":"icplan.catalog/1","sources":{"made-up":{"title":"made up for this test","url":null}},"parts":[
    {"id":"weak-rack","kind":"rack","manufacturer":"generic","name":"weak rack","basis":"generic","source":"made-up","rack_units":48,"max_load_kg":$1}]})";
  for (const std::int64_t load : {150, 275, 400, 700}) {
    for (const std::string switches : {"central", "top-of-rack"}) {
      const auto spec = fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":128,"unit":32}],"racks":[{"name":"r","model":"weak-rack"}],
        "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","switches":"%"}]})",
                             {});
      auto filled = spec;
      filled.replace(filled.find('%'), 1, switches);
      INFO(load << " kg, " << switches);
      sound_plan(filled, fill(overlay, {load}));
    }
  }
}

TEST_CASE("reserved ports are held back on free leaf ports", "[property]") {
  for (const std::int64_t reserved : {1, 4, 8}) {
    const auto plan = sound(fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":127,"unit":32}],
      "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","reserved_ports":[{"tier":"leaf","count":$1,"for":"ufm"}]}]})",
                                 {reserved}));
    CHECK(plan.network.fabrics[0].reserved.size() == static_cast<std::size_t>(reserved));
    CHECK(links(plan, "compute", 0) == 1016);
  }
  // A reserved port beside a node's port: no cable may fill that cage.
  const auto odd = sound(R"({"name":"x","nodes":[{"model":"nvidia-dgx-b300","count":71,"unit":72}],
    "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-q3400-ra","reserved_ports":[{"tier":"leaf","count":4,"for":"later"}]}]})");
  std::int64_t fibres = 0;
  for (const auto& row : odd.bom) fibres += row.kind == "fibre" ? row.quantity : 0;
  CHECK(fibres == 4);
}
