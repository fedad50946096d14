// SPDX-License-Identifier: Apache-2.0
// The same watts and dollars in every view: sums over racks, rows, halls, tiers and classes are the plan's totals, recomputed cage by cage from the plan.
#include "support/catch.hpp"
#include "support/plans.hpp"
#include "support/priced.hpp"

#include "icplan/analysis/energy.hpp"

#include <map>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

struct Sums {
  std::int64_t typical = 0;
  std::int64_t maximum = 0;
  std::int64_t unknown_typical = 0;
  std::int64_t unknown_maximum = 0;

  friend bool operator==(const Sums&, const Sums&) = default;
};

Sums of(const PowerSum& sum) { return {sum.typical.count(), sum.maximum.count(), sum.unknown_typical, sum.unknown_maximum}; }

/// Adds one piece, unless the figure of its host holds it.
void add(Sums& to, const Plan& plan, const MaybeFigure<Milliwatts>& typical, const MaybeFigure<Milliwatts>& maximum, bool in_typical, bool in_maximum,
         std::int64_t pieces = 1) {
  const auto known = [&](const MaybeFigure<Milliwatts>& figure) { return figure && plan.spec.accepts(figure->basis); };
  if (!in_typical) (known(typical) ? to.typical : to.unknown_typical) += pieces * (known(typical) ? typical->value.count() : 1);
  if (!in_maximum) (known(maximum) ? to.maximum : to.unknown_maximum) += pieces * (known(maximum) ? maximum->value.count() : 1);
}

/// By rack: every device by itself, then every cage with what is plugged into it. Shape: no rack products; cables are alike at both ends.
std::vector<Sums> by_rack(const Plan& plan) {
  std::vector<Sums> racks(plan.placement.racks.size());
  const auto holds = [&](const Part& part, bool typical, Included what) {
    const auto& figure = typical ? part.power_typical : part.power_max;
    return figure && plan.spec.accepts(figure->basis) && (typical ? part.typical_includes : part.max_includes).contains(what);
  };
  const auto& network = plan.network;
  std::map<std::uint32_t, const Part*> plug_of_cage;
  for (std::size_t i = 0; i < network.links.size(); ++i) {
    const auto& part = plan.part(plan.cables.solution(plan.cables.legs[i]).part);
    const auto& link = network.links[i];
    if (part.kind != PartKind::cable) continue;
    plug_of_cage[network.cage(link.from, link.from_port).index()] = &part;
    plug_of_cage[network.cage(link.to, link.to_port).index()] = &part;
  }
  for (std::uint32_t d = 0; d < network.devices(); ++d) {
    const auto& group = network.group(DeviceId(d));
    const auto& part = plan.part(group.part);
    auto& rack = racks[plan.placement.devices[d].rack.index()];
    if (part.kind == PartKind::pdu) continue;
    add(rack, plan, part.power_typical, part.power_max, false, false);
    if (const auto* node = part.as<NodeFacts>()) {
      if (const auto gpu = plan.catalog->find(node->gpu); gpu && node->gpus > 0) {
        const auto& inside = plan.part(*gpu);
        add(rack, plan, inside.power_typical, inside.power_max, holds(part, true, Included::gpu), holds(part, false, Included::gpu), node->gpus);
      }
      for (const auto& [nic, count] : plan.spec.nodes[group.nodes.index()].added_nics)
        add(rack, plan, plan.part(nic).power_typical, plan.part(nic).power_max, false, false, count);
    }
    for (std::uint32_t c = 0; c < group.cages_per_device; ++c) {
      const auto cage = network.first_cage_of_device[d].index() + c;
      if (const auto module = plan.cables.module_of_cage[cage]; module != 0) {
        const auto& inside = plan.part(plan.cables.modules[module - 1U]);
        add(rack, plan, inside.power_typical, inside.power_max, holds(part, true, Included::media), holds(part, false, Included::media));
      } else if (const auto plug = plug_of_cage.find(cage); plug != plug_of_cage.end()) {
        const auto& watts = plug->second->as<CableFacts>()->end_power[0];
        add(rack, plan, watts, watts, holds(part, true, Included::media), holds(part, false, Included::media));
      }
    }
  }
  return racks;
}

void check_sums(const Plan& plan) {
  const auto draws = list_draws(plan);
  const auto floor = measure_floor_power(plan, draws);
  const auto expected = by_rack(plan);
  REQUIRE(floor.racks.size() == expected.size());
  PowerSum racks;
  PowerSum rows;
  PowerSum halls;
  for (std::size_t r = 0; r < expected.size(); ++r) {
    CHECK(of(floor.racks[r].sum()) == expected[r]);
    // What the limits of racks were held against.
    CHECK(floor.racks[r].placed == plan.placement.racks[r].power);
    CHECK(floor.racks[r].filled >= floor.racks[r].placed);
    racks += floor.racks[r].sum();
  }
  for (const auto& row : floor.rows) rows += row.power.sum();
  for (const auto& hall : floor.halls) halls += hall.sum();
  CHECK(of(rows) == of(racks));
  CHECK(of(halls) == of(racks));
  const auto report = measure_power(plan, draws);
  CHECK(report.total.typical == racks.typical);
  CHECK(report.total.maximum == racks.maximum);
  Milliwatts classes;
  for (const auto& line : measure_class_power(plan, draws)) classes += line.maximum;
  CHECK(classes == report.total.maximum);
  Milliwatts tiers;
  for (const auto& tier : measure_tier_power(plan, draws)) tiers += tier.switches.maximum + tier.media.maximum;
  CHECK(tiers == report.network.maximum);
  Milliwatts fabrics;
  for (const auto& fabric : measure_energy(plan, draws).fabrics) fabrics += fabric.network.maximum;
  CHECK(fabrics == report.network.maximum);
}

void check_costs(const Plan& plan) {
  const auto total = measure_cost(plan).total;
  Cents kinds;
  for (const auto& line : measure_kind_costs(plan)) kinds += line.cost.total;
  CHECK(kinds == total);
  std::map<FabricId, Cents> by_fabric;
  Cents fabrics;
  for (const auto& line : measure_fabric_kind_costs(plan)) {
    fabrics += line.cost.total;
    by_fabric[line.fabric] += line.cost.total;
  }
  CHECK(fabrics == total);
  for (const auto& fabric : measure_fabric_costs(plan)) CHECK(by_fabric[fabric.fabric] == fabric.cost.total);
  by_fabric.erase(FabricId());
  for (const auto& line : measure_tier_costs(plan)) by_fabric[line.fabric] -= line.cost.total;
  for (const auto& entry : by_fabric) CHECK(entry.second.count() == 0);
}

} // namespace

TEST_CASE("watts of racks, rows, halls, tiers and fabrics add up to the plan's", "[energy]") {
  for (const std::string example : {"tiny", "superpod-h100-4su-rule", "two-halls", "media-bands", "rail-only", "torus"}) {
    INFO(example);
    check_sums(sound_plan(read_source("examples/" + example + "/cluster.json")));
  }
  check_sums(sound_plan(priced_spec("priced"), priced_parts(R"("power_typical_w": 12, "power_max_w": 16, "price_usd": 1000)", {})));
}

TEST_CASE("watts of modules in dark cages stand in the racks of their switches", "[energy]") {
  const auto plan = sound_plan(priced_spec("dark", {}, R"(, "populate": "all")"),
                               priced_parts(R"("power_typical_w": 12, "power_max_w": 16, "price_usd": 1000)", {}));
  REQUIRE(plan.cables.dark_modules.size() == 1);
  REQUIRE(plan.cables.dark_modules[0].count == 20);
  const auto draws = list_draws(plan);
  const auto floor = measure_floor_power(plan, draws);
  PowerSum all;
  Milliwatts filled;
  for (const auto& rack : floor.racks) {
    all += rack.sum();
    filled += rack.filled;
  }
  // Three nodes that hold their modules, and a switch with 32 of 16 W.
  CHECK(all.maximum == Milliwatts(27'000'000 + 1'000'000 + 32 * 16'000));
  CHECK(filled == all.maximum);
  CHECK(measure_power(plan, draws).total.maximum == all.maximum);
}

TEST_CASE("dollars of kinds, fabrics and tiers add up to the plan's", "[cost]") {
  for (const std::string example : {"superpod-h100-4su-rule", "two-halls", "media-bands", "rail-only"}) {
    INFO(example);
    check_costs(sound_plan(read_source("examples/" + example + "/cluster.json")));
  }
  check_costs(sound_plan(priced_spec("priced", {}, R"(, "spares_percent": { "module": 10, "fibre": 5 })"),
                         priced_parts(R"("power_typical_w": 12, "power_max_w": 16, "price_usd": 1000, "pack": 7)")));
}
