// SPDX-License-Identifier: Apache-2.0
// Power and cost: unknown is not zero.
#include "icplan/analysis/analysis.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace icplan {
namespace {

/// One line while it is being added up.
struct Account {
  PowerLine line;
  std::set<PartId> unknown_typical;
  std::set<PartId> unknown_maximum;

  void add_typical(PartId part, const std::optional<Milliwatts>& watts, std::int64_t count) {
    if (watts) {
      line.typical += *watts * count;
    } else {
      unknown_typical.insert(part);
    }
  }
  void add_maximum(PartId part, const std::optional<Milliwatts>& watts, std::int64_t count) {
    if (watts) {
      line.maximum += *watts * count;
    } else {
      unknown_maximum.insert(part);
    }
  }
  void count_unknown() {
    line.unknown_typical = static_cast<std::int64_t>(unknown_typical.size());
    line.unknown_maximum = static_cast<std::int64_t>(unknown_maximum.size());
  }
};

class PowerMeter {
public:
  explicit PowerMeter(const Plan& plan) : plan_(plan) {}

  PowerReport run() {
    measure_devices();
    measure_media();
    PowerReport report;
    std::set<PartId> typical;
    std::set<PartId> maximum;
    for (auto& account : accounts_) {
      account.count_unknown();
      typical.insert(account.unknown_typical.begin(), account.unknown_typical.end());
      maximum.insert(account.unknown_maximum.begin(), account.unknown_maximum.end());
      report.total.typical += account.line.typical;
      report.total.maximum += account.line.maximum;
      report.lines.push_back(account.line);
    }
    report.total.what = "total";
    report.total.unknown_typical = static_cast<std::int64_t>(typical.size());
    report.total.unknown_maximum = static_cast<std::int64_t>(maximum.size());
    network_.count_unknown();
    report.network = network_.line;
    report.network.what = "network";
    return report;
  }

private:
  Account& account(const std::string& what) {
    for (auto& entry : accounts_) {
      if (entry.line.what == what) return entry;
    }
    accounts_.emplace_back().line.what = what;
    return accounts_.back();
  }

  void measure_devices() {
    for (const auto& group : plan_.network.groups) {
      // What a PDU hands on is counted where it is drawn.
      if (plan_.part(group.part).kind == PartKind::pdu) continue;
      std::string what;
      if (group.is_node()) {
        what = "nodes " + plan_.spec.nodes[group.nodes.index()].name;
      } else {
        const auto& tiers = plan_.network.fabrics[group.fabric.index()].tiers;
        what = std::string(plan_.fabric_name(group.fabric)) + " " + tiers[static_cast<std::size_t>(group.tier - 1)].name;
      }
      auto& to = account(what);
      if (group.is_node() && plan_.spec.nodes[group.nodes.index()].product.valid()) {
        measure_product(group, to);
        continue;
      }
      add_devices(to, group);
      if (group.is_node()) {
        measure_inside(group, to);
      } else {
        add_devices(network_, group);
      }
    }
  }

  /// A rack product's own figures hold its nodes and what is in them.
  void measure_product(const DeviceGroup& group, Account& to) const {
    const auto& nodes = plan_.spec.nodes[group.nodes.index()];
    const auto& part = plan_.part(nodes.product);
    const auto racks = group.count / nodes.per_product;
    to.line.count += group.count;
    to.add_typical(nodes.product, plan_.spec.accepted(part.power_typical), racks);
    to.add_maximum(nodes.product, plan_.spec.accepted(part.power_max), racks);
  }

  void add_devices(Account& to, const DeviceGroup& group) const {
    const auto& part = plan_.part(group.part);
    to.line.count += group.count;
    to.add_typical(group.part, plan_.spec.accepted(part.power_typical), group.count);
    to.add_maximum(group.part, plan_.spec.accepted(part.power_max), group.count);
  }

  /// GPUs and NICs of a node, as far as the node's own figures do not hold them.
  void measure_inside(const DeviceGroup& group, Account& to) {
    const auto& part = plan_.part(group.part);
    const auto add = [&](PartId id, Included kind, std::int64_t count) {
      const auto& inside = plan_.part(id);
      if (!(plan_.spec.accepted(part.power_typical) && part.typical_includes.contains(kind)))
        to.add_typical(id, plan_.spec.accepted(inside.power_typical), count);
      if (!(plan_.spec.accepted(part.power_max) && part.max_includes.contains(kind)))
        to.add_maximum(id, plan_.spec.accepted(inside.power_max), count);
    };
    const auto& facts = *part.as<NodeFacts>();
    if (const auto gpu = plan_.catalog->find(facts.gpu); gpu && facts.gpus > 0) add(*gpu, Included::gpu, facts.gpus * group.count);
    // The node's own figures hold the NICs that it comes with, not those that the spec puts in their place.
    for (const auto& [nic, count] : plan_.spec.nodes[group.nodes.index()].added_nics) {
      to.add_typical(nic, plan_.spec.accepted(plan_.part(nic).power_typical), count * group.count);
      to.add_maximum(nic, plan_.spec.accepted(plan_.part(nic).power_max), count * group.count);
    }
  }

  /// Watts of a plug or module belong to the device that it sits in, unless that device's figure holds its media already.
  void add_plug(Account& to, const DeviceGroup& host, PartId id, const std::optional<Milliwatts>& typical, const std::optional<Milliwatts>& maximum,
                std::int64_t count) {
    const auto& device = plan_.part(host.part);
    const bool in_typical = plan_.spec.accepted(device.power_typical) && device.typical_includes.contains(Included::media);
    const bool in_maximum = plan_.spec.accepted(device.power_max) && device.max_includes.contains(Included::media);
    if (in_typical) {
      to.line.in_host_typical += count;
    } else {
      to.add_typical(id, typical, count);
    }
    if (in_maximum) {
      to.line.in_host_maximum += count;
    } else {
      to.add_maximum(id, maximum, count);
    }
    // The network's sum has no node in it, so what a node's figure holds is added for itself.
    if (!in_typical || host.is_node()) network_.add_typical(id, typical, count);
    if (!in_maximum || host.is_node()) network_.add_maximum(id, maximum, count);
  }

  void measure_media() {
    const auto& cables = plan_.cables;
    const auto& network = plan_.network;
    // What sits in the cages of equal devices counts alike: modules by device group, plugs by device group and solution.
    std::vector<std::map<std::uint16_t, std::int64_t>> modules(network.groups.size());
    std::vector<std::map<std::pair<std::uint32_t, bool>, std::int64_t>> plugs(network.groups.size());
    for (std::size_t g = 0; g < network.groups.size(); ++g) {
      const auto& group = network.groups[g];
      std::vector<std::int64_t> count(cables.modules.size() + 1, 0);
      const auto first = cables.module_of_cage.begin() + static_cast<std::ptrdiff_t>(group.first_cage.valid() ? group.first_cage.index() : 0);
      std::for_each(first, first + static_cast<std::ptrdiff_t>(std::size_t{group.count} * group.cages_per_device),
                    [&](std::uint16_t module) { ++count[module]; });
      for (std::size_t m = 1; m < count.size(); ++m) {
        if (count[m] > 0) modules[g][static_cast<std::uint16_t>(m)] += count[m];
      }
    }
    std::vector<bool> plugged(network.cages, false);
    for (std::size_t i = 0; i < network.links.size(); ++i) {
      const auto& link = network.links[i];
      const auto& assembly = cables.assemblies[cables.legs[i].assembly.index()];
      const auto media = cables.solutions[assembly.solution.index()].media;
      if (media != MediaClass::dac && media != MediaClass::aoc) continue;
      const auto& part = plan_.part(cables.solutions[assembly.solution.index()].part);
      const auto& facts = *part.as<CableFacts>();
      for (const bool from : {true, false}) {
        const auto device = from ? link.from : link.to;
        const auto port = from ? link.from_port : link.to_port;
        const auto cage = network.cage(device, port);
        if (plugged[cage.index()]) continue;
        plugged[cage.index()] = true;
        const auto group = network.group_of_device[device.index()];
        const auto& block = network.groups[group].block_of_port(port);
        const auto& other = network.group(from ? link.to : link.from).block_of_port(from ? link.to_port : link.from_port);
        const bool end_b = facts.ends[1].count > 1 ? block.ports_per_cage < other.ports_per_cage
                                                   : facts.ends[1].form == block.form && facts.ends[1].top == block.top;
        ++plugs[group][{assembly.solution.index(), end_b}];
      }
    }
    for (std::size_t g = 0; g < network.groups.size(); ++g) {
      for (const auto& [module, count] : modules[g]) {
        const auto id = cables.modules[module - 1U];
        auto& to = account("modules");
        to.line.count += count;
        add_plug(to, network.groups[g], id, plan_.spec.accepted(plan_.part(id).power_typical), plan_.spec.accepted(plan_.part(id).power_max), count);
      }
    }
    for (std::size_t g = 0; g < network.groups.size(); ++g) {
      for (const auto& [key, count] : plugs[g]) {
        const auto& solution = cables.solutions[key.first];
        const auto watts = plan_.spec.accepted(plan_.part(solution.part).as<CableFacts>()->end_power[key.second ? 1 : 0]);
        auto& to = account(solution.media == MediaClass::dac ? "DAC plugs" : "AOC plugs");
        to.line.count += count;
        add_plug(to, network.groups[g], solution.part, watts, watts, count);
      }
    }
  }

  const Plan& plan_;
  std::vector<Account> accounts_;
  Account network_;
};

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

PowerReport measure_power(const Plan& plan) { return PowerMeter(plan).run(); }

CostReport measure_cost(const Plan& plan) {
  return add_prices(plan, [](const BomRow&) { return true; });
}

CostReport measure_network_cost(const Plan& plan) {
  return add_prices(plan, [](const BomRow& row) {
    constexpr std::array<std::string_view, 6> kinds = {"switch", "module", "dac", "aoc", "fibre", "utp"};
    return std::find(kinds.begin(), kinds.end(), row.kind) != kinds.end() || (row.kind == "accessory" && row.fabric.valid());
  });
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
