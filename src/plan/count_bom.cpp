// SPDX-License-Identifier: Apache-2.0
// Counts the bill of materials: one pass over devices, one over assemblies, one over lit cages.
#include "icplan/plan/plan.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace icplan {
namespace {

std::string_view media_kind(MediaClass media) {
  switch (media) {
  case MediaClass::dac: return "dac";
  case MediaClass::aoc: return "aoc";
  case MediaClass::osfp:
  case MediaClass::fibre: return "fibre";
  case MediaClass::utp: return "utp";
  }
  return "other";
}

int kind_order(std::string_view kind) {
  constexpr std::array<std::string_view, 12> order = {"node",   "gpu", "nic", "switch", "rack", "pdu",
                                                      "module", "dac", "aoc", "fibre",  "utp",  "accessory"};
  return static_cast<int>(std::find(order.begin(), order.end(), kind) - order.begin());
}

class BomCounter {
public:
  BomCounter(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const Placement& placement, const CableTable& cables)
      : spec_(spec), catalog_(catalog), network_(network), placement_(placement), cables_(cables) {}

  std::vector<BomRow> run() {
    count_devices();
    for (const auto& rack : placement_.racks) {
      const auto& kind = spec_.racks[rack.spec.index()];
      if (!rack.existing) add(kind.model, "rack", FabricId(), 1, {}, kind.product);
    }
    count_media();
    count_extras();
    return rows();
  }

private:
  using Key = std::tuple<std::int64_t, int, std::string, std::int64_t, std::string>;

  void add(PartId part, std::string_view kind, FabricId fabric, std::int64_t quantity, Millimetres length = {}, PartId host = {}) {
    Key key{fabric.valid() ? std::int64_t{fabric.index()} : -1, kind_order(kind), catalog_[part].id, length.count(),
            host.valid() ? catalog_[host].id : std::string()};
    auto [it, fresh] = rows_.try_emplace(std::move(key), BomRow{part, kind, fabric, length, 0, 0, 0, host});
    it->second.quantity += quantity;
  }

  void count_devices() {
    for (const auto& group : network_.groups) {
      if (!group.is_node()) {
        add(group.part, "switch", group.fabric, group.count);
        continue;
      }
      const auto& nodes = spec_.nodes[group.nodes.index()];
      const auto& facts = *catalog_[group.part].as<NodeFacts>();
      // A rack product is bought whole, with its nodes inside.
      if (nodes.product.valid()) add(nodes.product, "node", FabricId(), group.count / nodes.per_product);
      add(group.part, nodes.pdus ? "pdu" : "node", FabricId(), group.count, {}, nodes.product);
      if (const auto gpu = catalog_.find(facts.gpu); gpu && facts.gpus > 0) add(*gpu, "gpu", FabricId(), group.count * facts.gpus, {}, group.part);
      for (const auto& [nic, count] : nodes.added_nics) add(nic, "nic", FabricId(), group.count * count);
      for (const auto& ports : facts.ports) {
        const auto& gone = nodes.replaced_ports;
        const bool replaced = std::find(gone.begin(), gone.end(), ports.name) != gone.end();
        if (const auto nic = catalog_.find(ports.nic); nic && !replaced && ports.nics > 0)
          add(*nic, "nic", FabricId(), group.count * ports.nics, {}, group.part);
      }
    }
  }

  /// Assemblies by solution, modules by part: counted in arrays, because there can be millions.
  void count_media() {
    std::vector<bool> counted(network_.cages, false);
    std::vector<FabricId> fabric_of_assembly(cables_.assemblies.size());
    for (const auto& group : network_.link_groups) {
      std::vector<std::int64_t> modules(cables_.modules.size() + 1, 0);
      for (auto i = group.first; i < group.first + group.count; ++i) {
        fabric_of_assembly[cables_.legs[i].assembly.index()] = group.fabric;
        const auto& link = network_.links[i];
        for (const auto cage : {network_.cage(link.from, link.from_port), network_.cage(link.to, link.to_port)}) {
          if (counted[cage.index()]) continue;
          counted[cage.index()] = true;
          ++modules[cables_.module_of_cage[cage.index()]];
        }
      }
      for (std::size_t m = 0; m < cables_.modules.size(); ++m) {
        if (modules[m + 1] > 0) add(cables_.modules[m], "module", group.fabric, modules[m + 1]);
      }
    }
    for (const auto& dark : cables_.dark_modules) add(dark.module, "module", network_.groups[dark.group].fabric, dark.count);
    std::vector<std::vector<std::int64_t>> solutions(spec_.fabrics.size(), std::vector<std::int64_t>(cables_.solutions.size(), 0));
    for (std::size_t a = 0; a < cables_.assemblies.size(); ++a) ++solutions[fabric_of_assembly[a].index()][cables_.assemblies[a].solution.index()];
    for (std::size_t f = 0; f < solutions.size(); ++f) {
      for (std::size_t s = 0; s < solutions[f].size(); ++s) {
        const auto& solution = cables_.solutions[s];
        if (solutions[f][s] > 0)
          add(solution.part, media_kind(solution.media), FabricId(static_cast<std::uint32_t>(f)), solutions[f][s], solution.sold);
      }
    }
  }

  /// What parts bring along by their catalog entries, then what the spec asks for.
  void count_extras() {
    std::vector<BomRow> needed;
    for (const auto& entry : rows_) needed.push_back(entry.second);
    for (const auto& row : needed) {
      if (row.included_in.valid()) continue;
      for (const auto& extra : catalog_[row.part].extras) {
        // What lies in the box comes along; what a site disables is not ordered.
        if (const auto part = catalog_.find(extra.part); part && (extra.included || catalog_.disabled(*part) == nullptr))
          add(*part, "accessory", row.fabric, row.quantity * extra.quantity, {}, extra.included ? row.part : PartId());
      }
    }
    for (const auto& extra : spec_.extras) {
      for (const auto& [fabric, count] : count_extra_subjects(extra, network_, needed)) add(extra.part, "accessory", fabric, count * extra.quantity);
    }
  }

  std::int64_t spares_of(const BomRow& row) const {
    if (const auto count = spec_.spare_counts.find(row.kind); count != spec_.spare_counts.end()) return count->second;
    const auto percent = spec_.spares.find(row.kind);
    return percent == spec_.spares.end() ? 0 : divide_up(row.quantity * percent->second, 100'000);
  }

  std::vector<BomRow> rows() {
    std::vector<BomRow> list;
    for (auto& entry : rows_) {
      auto row = entry.second;
      if (!row.included_in.valid()) {
        row.spares = spares_of(row);
        row.ordered = round_up(row.quantity + row.spares, catalog_[row.part].pack);
      }
      list.push_back(row);
    }
    return list;
  }

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  const Network& network_;
  const Placement& placement_;
  const CableTable& cables_;
  std::map<Key, BomRow> rows_;
};

} // namespace

std::vector<std::pair<FabricId, std::int64_t>> count_extra_subjects(const Extra& extra, const Network& network, const std::vector<BomRow>& rows) {
  if (extra.per == ExtraPer::cluster) return {{FabricId(), 1}};
  if (extra.per == ExtraPer::tier) {
    std::int64_t count = 0;
    for (const auto& group : network.groups) {
      if (!group.is_node() && group.fabric == extra.fabric && group.tier == extra.tier) count += group.count;
    }
    return count == 0 ? std::vector<std::pair<FabricId, std::int64_t>>() : std::vector{std::pair(extra.fabric, count)};
  }
  const auto wanted = [&](const BomRow& row) {
    switch (extra.per) {
    case ExtraPer::node: return row.kind == "node";
    case ExtraPer::switch_: return row.kind == "switch";
    case ExtraPer::rack: return row.kind == "rack";
    case ExtraPer::cable: return row.kind == "dac" || row.kind == "aoc" || row.kind == "fibre" || row.kind == "utp";
    case ExtraPer::module: return row.kind == "module";
    case ExtraPer::gpu: return row.kind == "gpu";
    default: return row.part == extra.of;
    }
  };
  std::vector<std::pair<FabricId, std::int64_t>> counts;
  for (const auto& row : rows) {
    if (!wanted(row)) continue;
    const auto found = std::find_if(counts.begin(), counts.end(), [&](const auto& entry) { return entry.first == row.fabric; });
    if (found == counts.end()) {
      counts.emplace_back(row.fabric, row.quantity);
    } else {
      found->second += row.quantity;
    }
  }
  return counts;
}

std::vector<BomRow> count_bom(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const Placement& placement,
                              const CableTable& cables) {
  return BomCounter(spec, catalog, network, placement, cables).run();
}

} // namespace icplan
