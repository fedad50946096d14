// SPDX-License-Identifier: Apache-2.0
// Cost by kind, fabric, tier, GPU and Gb/s: by hand, on plans that are small enough.
#include "support/catch.hpp"
#include "support/plans.hpp"
#include "support/priced.hpp"

#include "icplan/analysis/energy.hpp"
#include "icplan/report/energy.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

const std::string known_module = R"("power_typical_w": 12, "power_max_w": 16, "price_usd": 1000)";
const std::string unknown_module = R"("power_typical_w": null, "power_max_w": null, "price_usd": null)";

CostReport cost_of(const std::vector<CostLine>& lines, std::string_view kind) {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const CostLine& line) { return line.kind == kind; });
  INFO(kind);
  REQUIRE(found != lines.end());
  return found->cost;
}

CostReport cost_of(const std::vector<TierCost>& lines, std::string_view where, std::string_view what) {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const TierCost& line) { return line.where == where && line.what == what; });
  INFO(where << " " << what);
  REQUIRE(found != lines.end());
  return found->cost;
}

} // namespace

TEST_CASE("cost falls to kinds and tiers", "[cost]") {
  const auto plan = sound_plan(priced_spec("cost"), priced_parts(known_module));
  const auto kinds = measure_kind_costs(plan);
  CHECK(cost_of(kinds, "node").total == Cents(750'000'00));
  CHECK(cost_of(kinds, "switch").total == Cents(20'000'00));
  CHECK(cost_of(kinds, "module").total == Cents(24'000'00));
  // 24 x 30.01.
  CHECK(cost_of(kinds, "fibre").total == Cents(720'24));
  CHECK(cost_of(kinds, "rack").unknown_parts == 1);
  const auto tiers = measure_tier_costs(plan);
  CHECK(cost_of(tiers, "leaf", "switches").total == Cents(20'000'00));
  CHECK(cost_of(tiers, "leaf", "modules").total == Cents(12'000'00));
  CHECK(cost_of(tiers, "node", "modules").total == Cents(12'000'00));
  CHECK(cost_of(tiers, "node-leaf", "cables").total == Cents(720'24));
  CHECK(tiers.size() == 4);
}

TEST_CASE("cost per GPU and per Gb/s", "[cost]") {
  const auto plan = sound_plan(priced_spec("cost"), priced_parts(known_module));
  const auto costs = measure_unit_costs(plan);
  // The rack has no price: $794,720.24 for 24 GPUs is a bound.
  CHECK(costs.cluster_per_gpu.bound == Bound::at_least);
  CHECK(costs.cluster_per_gpu.amount == Cents(33'113'34));
  REQUIRE(costs.fabrics.size() == 1);
  const auto& fabric = costs.fabrics[0];
  CHECK(fabric.cost.total == Cents(44'720'24));
  CHECK(fabric.per_gpu.bound == Bound::exact);
  CHECK(fabric.per_gpu.amount == Cents(1'863'34));
  // 9,600 Gb/s sent, 4,800 across the cut: $4.6584 and $9.3167.
  CHECK(fabric.per_gbps.amount == Cents(4'65));
  CHECK(fabric.bisection_half == Mbps(4'800'000));
  CHECK(fabric.per_bisection_gbps.amount == Cents(9'31));
  CHECK(costs.network.per_gbps.amount == Cents(4'65));
  // At most 44,720.24 / 794,720.24, since the rack costs something.
  CHECK(costs.network_share.bound == Bound::at_most);
  CHECK(costs.network_share.thousandths == 5'628);
  const auto partial = measure_unit_costs(sound_plan(priced_spec("cost"), priced_parts(unknown_module)));
  CHECK(partial.fabrics[0].per_gpu.bound == Bound::at_least);
  // 20,720.24 / 24 is 863.3433.
  CHECK(partial.fabrics[0].per_gpu.amount == Cents(863'34));
  CHECK(partial.network_share.bound == Bound::unknown);
}

TEST_CASE("where the network alone has prices, the cluster costs no less than it, and its share is unknown", "[cost]") {
  auto parts = priced_parts(known_module);
  const auto replace = [&](std::string_view from, std::string_view to) {
    const auto at = parts.find(from);
    REQUIRE(at != std::string::npos);
    parts.replace(at, from.size(), to);
  };
  replace(R"(, "price_usd": 250000)", "");
  replace(R"("price_usd": 20000,)", R"("price_usd": 20008,)");
  const auto costs = measure_unit_costs(sound_plan(priced_spec("cost"), parts));
  // 44,728.24 / 24 is 1,863.67667, for the network exactly and for the cluster at least.
  CHECK(costs.network.per_gpu.bound == Bound::exact);
  CHECK(costs.network.per_gpu.amount == Cents(1'863'67));
  CHECK(costs.cluster_per_gpu.bound == Bound::at_least);
  CHECK(costs.cluster_per_gpu.amount == Cents(1'863'67));
  CHECK(costs.network_share.bound == Bound::unknown);
}

TEST_CASE("spares, packs and accessories are what tiers leave of a fabric's cost", "[cost]") {
  auto parts = priced_parts(known_module + R"(, "pack": 10)");
  const auto plan = sound_plan(priced_spec("cost", {}, R"(, "spares_percent": { "module": 10, "switch": 100 })"), parts);
  const auto tiers = measure_tier_costs(plan);
  // 24 modules and 3 spares come in 30; a second switch.
  CHECK(cost_of(tiers, "", "spares, packs and accessories").total == Cents(6'000'00 + 20'000'00));
  Cents sum;
  for (const auto& line : tiers) sum += line.cost.total;
  CHECK(sum == measure_network_cost(plan).total);
}

TEST_CASE("documents of cost carry the figures and what is missing", "[cost]") {
  const auto plan = sound_plan(priced_spec("cost", R"(, "operations": { "usd_per_kwh": 0.1, "pue": 1.5 })"), priced_parts(known_module));
  const auto json = capital_json(plan);
  CHECK(json.find(R"("format": "icplan.cost/1")") != std::string::npos);
  CHECK(json.find(R"("network": {"cost_usd": 44720.24, "unknown_parts": 0})") != std::string::npos);
  CHECK(json.find(R"({"kind": "rack", "pieces": )") != std::string::npos);
  // 1,192 W x 8,760 h x 1.5 x $0.1.
  CHECK(json.find(R"("network_max": 1566.29})") != std::string::npos);
  CHECK(capital_csv(plan).find("tier,compute,node-leaf,cables,24,720.24,0\n") != std::string::npos);
  CHECK(capital_csv(plan).find("network,,,,,44720.24,0\n") != std::string::npos);
}
