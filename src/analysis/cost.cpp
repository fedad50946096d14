// SPDX-License-Identifier: Apache-2.0
// What is ordered costs: unknown is not zero.
#include "icplan/analysis/analysis.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace icplan {
namespace {

/// Prices of the rows that `wanted` takes; what comes inside of another part has none of its own.
template <class Wanted> CostReport add_prices(const Plan& plan, const Wanted& wanted) {
  CostReport report;
  std::set<PartId> known;
  std::set<PartId> unknown;
  for (const auto& row : plan.bom) {
    if (row.included_in.valid() || !wanted(row)) continue;
    const auto price = plan.unit_price(row);
    if (price) {
      report.total += price->amount * row.ordered;
      known.insert(row.part);
    } else {
      unknown.insert(row.part);
    }
  }
  report.known_parts = static_cast<std::int64_t>(known.size());
  report.unknown_parts = static_cast<std::int64_t>(unknown.size());
  return report;
}

} // namespace

CostReport measure_cost(const Plan& plan) {
  return add_prices(plan, [](const BomRow&) { return true; });
}

CostReport measure_network_cost(const Plan& plan) {
  return add_prices(plan, [](const BomRow& row) {
    constexpr std::array<std::string_view, 6> kinds = {"switch", "module", "dac", "aoc", "fibre", "utp"};
    return std::find(kinds.begin(), kinds.end(), row.kind) != kinds.end() || (row.kind == "accessory" && row.fabric.valid());
  });
}

CostToBuy measure_cost_to_buy(const Plan& plan) {
  CostToBuy cost;
  for (std::size_t i = 0; i < plan.bom.size(); ++i) {
    const auto& row = plan.bom[i];
    const auto pieces = plan.growth->to_buy[i];
    if (row.included_in.valid() || pieces == 0) continue;
    if (const auto price = plan.unit_price(row)) {
      cost.total += price->amount * pieces;
    } else {
      ++cost.unknown_rows;
    }
  }
  return cost;
}

std::vector<FabricCost> measure_fabric_costs(const Plan& plan) {
  std::vector<FabricCost> costs;
  const auto of = [&](FabricId fabric) {
    if (std::none_of(plan.bom.begin(), plan.bom.end(), [&](const BomRow& row) { return row.fabric == fabric; })) return;
    costs.push_back({fabric, add_prices(plan, [&](const BomRow& row) { return row.fabric == fabric; })});
  };
  of(FabricId());
  for (std::uint32_t f = 0; f < plan.spec.fabrics.size(); ++f) of(FabricId(f));
  return costs;
}

} // namespace icplan
