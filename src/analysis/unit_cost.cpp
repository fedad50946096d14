// SPDX-License-Identifier: Apache-2.0
// What is ordered, by kind, fabric and tier, and for each GPU and Gb/s.
#include "icplan/analysis/analysis.hpp"

#include "host_bandwidth.hpp"
#include "price_account.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>

namespace icplan {
namespace {

/// In the order of the bill of materials.
std::size_t kind_order(std::string_view kind) {
  constexpr std::array<std::string_view, 12> order = {"node",   "gpu", "nic", "switch", "rack", "pdu",
                                                      "module", "dac", "aoc", "fibre",  "utp",  "accessory"};
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), kind) - order.begin());
}

class TierCosts {
public:
  explicit TierCosts(const Plan& plan) : plan_(plan) {}

  std::vector<TierCost> run() {
    add_switches_and_modules();
    add_cables();
    add_rest();
    std::vector<TierCost> list;
    for (const auto& [key, account] : accounts_) {
      if (account.pieces() > 0) list.push_back({std::get<0>(key), std::get<3>(key), words[std::get<1>(key)], account.pieces(), account.report()});
    }
    return list;
  }

private:
  /// Fabric, what, order within it, where.
  using Key = std::tuple<FabricId, std::size_t, std::int64_t, std::string>;
  static constexpr std::array<std::string_view, 4> words = {"switches", "modules", "cables", "spares, packs and accessories"};

  [[nodiscard]] std::string tier_name(FabricId fabric, std::int64_t tier) const {
    const auto& layout = plan_.network.fabrics[plan_.network.fabrics[fabric.index()].host.index()];
    return layout.tiers[static_cast<std::size_t>(tier - 1)].name;
  }

  void add_switches_and_modules() {
    for (const auto& draw : list_draws(plan_)) {
      if (draw.kind != PowerClass::switch_ && draw.kind != PowerClass::module) continue;
      const auto& group = plan_.network.groups[draw.group];
      const std::string where = group.is_node() ? "node" : tier_name(group.fabric, group.tier);
      accounts_[{draw.fabric, draw.kind == PowerClass::module ? 1 : 0, group.tier, where}].add(draw.part, plan_.spec.price(*plan_.catalog, draw.part), draw.pieces);
    }
  }

  void add_cables() {
    const auto& cables = plan_.cables;
    constexpr auto none = std::numeric_limits<std::uint32_t>::max();
    // As the bill of materials has it: an assembly belongs with the last of its links.
    std::vector<std::uint32_t> group_of(cables.assemblies.size(), none);
    for (std::uint32_t g = 0; g < plan_.network.link_groups.size(); ++g) {
      const auto& links = plan_.network.link_groups[g];
      for (auto i = links.first; i < links.first + links.count; ++i) group_of[cables.legs[i].assembly.index()] = g;
    }
    std::map<std::uint32_t, std::vector<std::int64_t>> counted;
    for (std::size_t a = 0; a < group_of.size(); ++a) {
      auto& of = counted[group_of[a]];
      of.resize(cables.solutions.size());
      ++of[cables.assemblies[a].solution.index()];
    }
    for (const auto& [g, count] : counted) {
      const auto& links = plan_.network.link_groups[g];
      const auto from = links.from_tier == 0 ? std::string("node") : tier_name(links.fabric, links.from_tier);
      auto where = from + "-" + tier_name(links.host, links.to_tier);
      if (links.kind != LinkKind::tier) where += " " + std::string(to_text(links.kind));
      auto& account = accounts_[{links.fabric, 2, links.from_tier, where}];
      for (std::size_t s = 0; s < count.size(); ++s) {
        const auto& solution = cables.solutions[s];
        if (count[s] > 0) account.add(solution.part, plan_.spec.price(*plan_.catalog, solution.part, solution.sold), count[s]);
      }
    }
  }

  void add_rest() {
    for (const auto& row : plan_.bom) {
      if (row.included_in.valid() || !row.fabric.valid()) continue;
      const auto pieces = row.kind == "accessory" ? row.ordered : row.ordered - row.quantity;
      accounts_[{row.fabric, 3, 0, std::string()}].add(row.part, plan_.unit_price(row), pieces);
    }
  }

  const Plan& plan_;
  std::map<Key, PriceAccount> accounts_;
};

template <class KeyOf> std::vector<CostLine> add_lines(const Plan& plan, const KeyOf& fabric_of) {
  std::map<std::pair<std::int64_t, std::size_t>, std::pair<CostLine, PriceAccount>> lines;
  for (const auto& row : plan.bom) {
    if (row.included_in.valid()) continue;
    const auto fabric = fabric_of(row);
    auto& [line, account] = lines[{fabric.valid() ? std::int64_t{fabric.index()} : -1, kind_order(row.kind)}];
    line.kind = row.kind;
    line.fabric = fabric;
    account.add(row.part, plan.unit_price(row), row.ordered);
  }
  std::vector<CostLine> list;
  for (auto& entry : lines) {
    auto& [line, account] = entry.second;
    line.pieces = account.pieces();
    line.cost = account.report();
    list.push_back(line);
  }
  return list;
}

/// cost * scale / divisor, cut: so equal quotients are equal figures, and a whole is no less than its part, whether exact or bound.
UnitCost unit_cost(const CostReport& cost, std::int64_t scale, std::int64_t divisor) {
  if (divisor == 0 || cost.known_parts == 0) return {};
  return {cost.unknown_parts == 0 ? Bound::exact : Bound::at_least, Cents(cost.total.count() * scale / divisor)};
}

FabricUnitCost unit_costs(const CostReport& cost, const HostBandwidth& carried, std::int64_t gpus) {
  constexpr std::int64_t mbps_per_gbps = 1'000;
  FabricUnitCost of;
  of.fabric = carried.fabric;
  of.cost = cost;
  of.injection = carried.injection;
  of.per_gpu = unit_cost(cost, 1, gpus);
  of.per_gbps = unit_cost(cost, mbps_per_gbps, carried.injection.count());
  if (!carried.bisection_full) return of;
  of.bisection_half = Mbps(carried.bisection_full->count() / 2);
  of.per_bisection_gbps = unit_cost(cost, mbps_per_gbps, of.bisection_half->count());
  return of;
}

} // namespace

std::vector<CostLine> measure_kind_costs(const Plan& plan) {
  return add_lines(plan, [](const BomRow&) { return FabricId(); });
}

std::vector<CostLine> measure_fabric_kind_costs(const Plan& plan) {
  return add_lines(plan, [](const BomRow& row) { return row.fabric; });
}

std::vector<TierCost> measure_tier_costs(const Plan& plan) { return TierCosts(plan).run(); }

UnitCosts measure_unit_costs(const Plan& plan) {
  UnitCosts costs;
  const auto gpus = count_plan(plan).gpus;
  costs.cluster_per_gpu = unit_cost(measure_cost(plan), 1, gpus);
  const auto hosts = measure_host_bandwidth(plan);
  for (const auto& host : hosts) {
    const auto cost = add_prices(
        plan, [&](const BomRow& row) { return row.fabric.valid() && plan.network.fabrics[row.fabric.index()].host == host.fabric; });
    costs.fabrics.push_back(unit_costs(cost, host, gpus));
  }
  costs.network = unit_costs(measure_network_cost(plan), add_up(hosts), gpus);
  costs.network_share = measure_cost_share(plan);
  return costs;
}

} // namespace icplan
