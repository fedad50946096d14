// SPDX-License-Identifier: Apache-2.0
// What is ordered, by kind, fabric and tier, and for each GPU and Gb/s.
#include "icplan/analysis/analysis.hpp"

#include "draws.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace icplan {
namespace {

/// Pieces while their prices are added up.
class CostAccount {
public:
  void add(PartId part, const std::optional<Cents>& price, std::int64_t pieces) {
    pieces_ += pieces;
    if (pieces == 0) return;
    if (price) {
      total_ += *price * pieces;
      known_.insert(part);
    } else {
      unknown_.insert(part);
    }
  }
  [[nodiscard]] std::int64_t pieces() const { return pieces_; }
  [[nodiscard]] CostReport report() const {
    return {total_, static_cast<std::int64_t>(known_.size()), static_cast<std::int64_t>(unknown_.size())};
  }

private:
  std::int64_t pieces_ = 0;
  Cents total_;
  std::set<PartId> known_;
  std::set<PartId> unknown_;
};

std::optional<Cents> amount(const Plan& plan, PartId part, Millimetres sold = {}) {
  const auto price = plan.spec.price(*plan.catalog, part, sold);
  return price ? std::optional(price->amount) : std::nullopt;
}

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
      accounts_[{draw.fabric, draw.kind == PowerClass::module ? 1 : 0, group.tier, where}].add(draw.part, amount(plan_, draw.part), draw.pieces);
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
        if (count[s] > 0) account.add(solution.part, amount(plan_, solution.part, solution.sold), count[s]);
      }
    }
  }

  void add_rest() {
    for (const auto& row : plan_.bom) {
      if (row.included_in.valid() || !row.fabric.valid()) continue;
      const auto price = plan_.unit_price(row);
      const auto pieces = row.kind == "accessory" ? row.ordered : row.ordered - row.quantity;
      accounts_[{row.fabric, 3, 0, std::string()}].add(row.part, price ? std::optional(price->amount) : std::nullopt, pieces);
    }
  }

  const Plan& plan_;
  std::map<Key, CostAccount> accounts_;
};

template <class KeyOf> std::vector<CostLine> add_lines(const Plan& plan, const KeyOf& fabric_of) {
  std::map<std::pair<std::int64_t, std::size_t>, std::pair<CostLine, CostAccount>> lines;
  for (const auto& row : plan.bom) {
    if (row.included_in.valid()) continue;
    const auto fabric = fabric_of(row);
    auto& [line, account] = lines[{fabric.valid() ? std::int64_t{fabric.index()} : -1, kind_order(row.kind)}];
    line.kind = row.kind;
    line.fabric = fabric;
    const auto price = plan.unit_price(row);
    account.add(row.part, price ? std::optional(price->amount) : std::nullopt, row.ordered);
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

/// cost * scale / divisor; a lower bound is rounded down.
UnitCost unit_cost(const CostReport& cost, std::int64_t scale, std::int64_t divisor) {
  if (divisor == 0 || cost.known_parts == 0) return {};
  const bool exact = cost.unknown_parts == 0;
  const auto all = cost.total.count() * scale;
  return {exact ? Bound::exact : Bound::at_least, Cents((all + (exact ? divisor / 2 : 0)) / divisor)};
}

void finish(FabricUnitCost& of, std::int64_t gpus) {
  constexpr std::int64_t mbps_per_gbps = 1'000;
  of.per_gpu = unit_cost(of.cost, 1, gpus);
  of.per_gbps = unit_cost(of.cost, mbps_per_gbps, of.injection.count());
  if (of.bisection_half) of.per_bisection_gbps = unit_cost(of.cost, mbps_per_gbps, of.bisection_half->count());
}

PowerShare share_of(const CostReport& network, const CostReport& all, bool beside_unknown) {
  PowerShare share;
  if (network.known_parts == 0 || all.total.count() == 0) return share;
  const bool unknown = network.unknown_parts > 0;
  share.bound = unknown && beside_unknown ? Bound::unknown : unknown ? Bound::at_least : beside_unknown ? Bound::at_most : Bound::exact;
  const auto whole = all.total.count();
  const auto round = share.bound == Bound::at_least ? 0 : share.bound == Bound::at_most ? whole - 1 : whole / 2;
  // Cents of any plan times 10^5 stay below 2^63.
  share.thousandths = (network.total.count() * 100'000 + round) / whole;
  return share;
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
  const auto all = measure_cost(plan);
  costs.cluster_per_gpu = unit_cost(all, 1, gpus);
  const auto draws = list_draws(plan);
  const auto energy = measure_energy(plan, draws);
  const auto add = [&](FabricUnitCost of, const FabricEnergy& carried) {
    of.injection = carried.injection;
    if (carried.bisection_full) of.bisection_half = Mbps(carried.bisection_full->count() / 2);
    finish(of, gpus);
    return of;
  };
  for (const auto& carried : energy.fabrics) {
    CostAccount account;
    for (const auto& row : plan.bom) {
      if (row.included_in.valid() || !row.fabric.valid() || plan.network.fabrics[row.fabric.index()].host != carried.fabric) continue;
      const auto price = plan.unit_price(row);
      account.add(row.part, price ? std::optional(price->amount) : std::nullopt, row.ordered);
    }
    FabricUnitCost of;
    of.fabric = carried.fabric;
    of.cost = account.report();
    costs.fabrics.push_back(add(of, carried));
  }
  FabricUnitCost network;
  network.cost = measure_network_cost(plan);
  costs.network = add(network, energy.all);
  const bool beside = std::any_of(plan.bom.begin(), plan.bom.end(), [&](const BomRow& row) {
    return !row.included_in.valid() && !row.fabric.valid() && !plan.unit_price(row) && row.ordered > 0;
  });
  costs.network_share = share_of(costs.network.cost, all, beside);
  return costs;
}

} // namespace icplan
