// SPDX-License-Identifier: Apache-2.0
// What is ordered costs: in all, for the network, and by fabric.
#include "icplan/analysis/energy.hpp"

#include "price_account.hpp"

#include <algorithm>
#include <array>

namespace icplan {

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
