// SPDX-License-Identifier: Apache-2.0
// Gathers the delays of a fabric's links, switches and NICs from the plan.
#include "latency_graph.hpp"

#include "injection.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace icplan {
namespace {

using What = MissingFigure::What;

struct LinkDelay {
  std::int64_t picoseconds = 0;
  /// Modules or plugs without a figure.
  std::int64_t missing = 0;
};

class Gatherer {
public:
  Gatherer(const Plan& plan, FabricId fabric, TermMask mask) : plan_(plan), network_(plan.network), fabric_(fabric), mask_(mask) {
    host_ = fabric;
    for (const auto& layout : network_.fabrics) {
      if (layout.fabric == fabric) host_ = layout.host;
    }
    find_solutions();
    find_modules();
  }

  DelayGraph run() {
    find_switches();
    find_domains();
    for (const auto& group : network_.link_groups) {
      if (group.from_tier == 0 && group.fabric == fabric_) add_ports(group);
      if (group.from_tier > 0 && group.fabric == host_ && group.kind != LinkKind::uplink) add_edges(group);
    }
    merge_edges();
    graph_.nic_delay = only(nic_delays_);
    graph_.switch_delay = only(graph_.delay);
    graph_.known_modules = std::any_of(modules_.begin(), modules_.end(), [](const auto& figure) { return figure.has_value(); });
    std::stable_sort(graph_.ports.begin(), graph_.ports.end(), [](const DelayPort& a, const DelayPort& b) { return a.leaf < b.leaf; });
    std::sort(graph_.missing.begin(), graph_.missing.end());
    graph_.missing.erase(std::unique(graph_.missing.begin(), graph_.missing.end()), graph_.missing.end());
    return std::move(graph_);
  }

private:
  /// What a solution's legs take: per metre, and in its plugs.
  struct SolutionDelay {
    std::int64_t per_metre = 0;
    bool default_fibre = false;
    bool default_copper = false;
    bool active = false;
    bool reported = false;
    bool modules = false;
    PartId part;
  };

  /// The value that all have, or nothing.
  static std::optional<std::int64_t> only(const std::vector<std::int64_t>& values) {
    const auto same = [&](std::int64_t value) { return value == values.front(); };
    if (values.empty() || !std::all_of(values.begin(), values.end(), same)) return std::nullopt;
    return values.front();
  }

  template <class T> bool refused(const MaybeFigure<T>& figure) const { return figure && !plan_.spec.accepts(figure->basis); }

  void find_solutions() {
    for (const auto& solution : plan_.cables.solutions) {
      SolutionDelay delay;
      delay.part = solution.part;
      const auto& part = plan_.part(solution.part);
      std::optional<Picoseconds> own;
      bool optical = false;
      if (const auto* cable = part.as<CableFacts>()) {
        own = plan_.spec.accepted(cable->latency_per_metre);
        optical = cable->optical;
        delay.active = cable->optical || cable->technology != CopperTechnology::passive;
      } else if (const auto* fibre = part.as<FibreFacts>()) {
        own = plan_.spec.accepted(fibre->latency_per_metre);
        optical = true;
        delay.modules = true;
      }
      delay.per_metre = own.value_or(optical ? default_fibre_delay_per_metre : default_copper_delay_per_metre).count();
      delay.default_fibre = !own && optical;
      delay.default_copper = !own && !optical;
      solutions_.push_back(delay);
    }
  }

  void find_modules() {
    for (const auto module : plan_.cables.modules) modules_.push_back(plan_.spec.accepted(plan_.part(module).as<ModuleFacts>()->latency));
  }

  void find_switches() {
    first_switch_ = network_.devices();
    for (const auto& group : network_.groups) {
      if (group.is_node() || group.fabric != host_) continue;
      first_switch_ = std::min(first_switch_, group.first.index());
    }
    std::map<PartId, std::optional<Picoseconds>> known;
    for (const auto& group : network_.groups) {
      if (group.is_node() || group.fabric != host_) continue;
      const auto& figure = plan_.part(group.part).as<SwitchFacts>()->latency;
      const auto delay = plan_.spec.accepted(figure);
      const auto tier = static_cast<std::size_t>(group.tier);
      graph_.missing_switches.resize(std::max(graph_.missing_switches.size(), tier + 1), 0);
      if (!delay) {
        graph_.missing_switches[tier] = 1;
        graph_.missing.push_back({What::switch_, group.part, refused(figure)});
      }
      const auto end = group.first.index() - first_switch_ + group.count;
      if (graph_.tiers.size() < end) {
        graph_.tiers.resize(end, 0);
        graph_.delay.resize(end, 0);
      }
      for (auto v = end - group.count; v < end; ++v) {
        graph_.tiers[v] = group.tier;
        graph_.delay[v] = mask_.switches ? delay.value_or(Picoseconds(0)).count() : 0;
      }
    }
  }

  /// Numbers the scale-up domains: consecutive nodes of a group.
  void find_domains() {
    for (std::uint32_t n = 0; n < plan_.spec.nodes.size(); ++n) nodes_per_domain_.push_back(nodes_per_domain(plan_, fabric_, NodeGroupId(n)));
    for (const auto& group : network_.groups) {
      first_domain_.push_back(graph_.domains);
      if (!group.is_node()) continue;
      graph_.domains += static_cast<std::uint32_t>(divide_up(group.count, nodes_per_domain_[group.nodes.index()]));
    }
    graph_.halls = static_cast<std::uint32_t>(plan_.spec.floor.halls.size());
  }

  /// The delay of the NIC behind a block of a node's cages.
  std::int64_t nic_delay(const DeviceGroup& group, const CageBlock& block) {
    const auto& nodes = plan_.spec.nodes[group.nodes.index()];
    const auto at = nodes.port_group(block.name);
    const auto nic = at ? plan_.catalog->find(nodes.ports[*at].nic) : std::nullopt;
    const auto* facts = nic ? plan_.part(*nic).as<NicFacts>() : nullptr;
    const auto delay = facts != nullptr ? plan_.spec.accepted(facts->latency) : std::nullopt;
    if (!delay) {
      graph_.missing_nics = 1;
      graph_.missing.push_back({What::nic, facts != nullptr ? *nic : group.part, facts != nullptr && refused(facts->latency)});
    }
    nic_delays_.push_back(delay && mask_.nics ? delay->count() : 0);
    return nic_delays_.back();
  }

  void add_module(DeviceId device, std::uint32_t port, LinkDelay& delay) {
    const auto module = plan_.cables.module_of_cage[network_.cage(device, port).index()];
    // A co-packaged port has its optics in the device's own figure.
    if (module == 0) return;
    const auto& figure = modules_[module - 1U];
    if (figure) {
      delay.picoseconds += mask_.modules ? figure->count() : 0;
      return;
    }
    ++delay.missing;
    missing_modules_.resize(modules_.size(), false);
    if (missing_modules_[module - 1U]) return;
    missing_modules_[module - 1U] = true;
    const auto part = plan_.cables.modules[module - 1U];
    graph_.missing.push_back({What::module, part, refused(plan_.part(part).as<ModuleFacts>()->latency)});
  }

  void add_plugs(SolutionDelay& cable, LinkDelay& delay) {
    // Catalogs have no field for them.
    delay.missing = 2;
    if (!std::exchange(cable.reported, true)) graph_.missing.push_back({What::plug, cable.part, false});
  }

  LinkDelay delay_of(std::size_t i) {
    const auto& leg = plan_.cables.legs[i];
    auto& cable = solutions_[plan_.cables.assemblies[leg.assembly.index()].solution.index()];
    graph_.default_fibre = graph_.default_fibre || cable.default_fibre;
    graph_.default_copper = graph_.default_copper || cable.default_copper;
    LinkDelay delay;
    if (mask_.cables) delay.picoseconds = (std::int64_t{leg.length_mm} * cable.per_metre + 500) / 1'000;
    if (cable.active) {
      add_plugs(cable, delay);
    } else if (cable.modules) {
      const auto& link = network_.links[i];
      add_module(link.from, link.from_port, delay);
      add_module(link.to, link.to_port, delay);
    }
    return delay;
  }

  void count_missing(std::int64_t tier, const LinkDelay& delay) {
    const auto at = static_cast<std::size_t>(tier);
    if (graph_.missing_links.size() <= at) graph_.missing_links.resize(at + 1, 0);
    graph_.missing_links[at] = std::max(graph_.missing_links[at], delay.missing);
  }

  void add_ports(const LinkGroup& group) {
    std::uint32_t known_group = ~0U;
    const CageBlock* known_block = nullptr;
    std::int64_t nic = 0;
    for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
      const auto& link = network_.links[i];
      const auto index = network_.group_of_device[link.from.index()];
      const auto& device = network_.groups[index];
      if (!device.is_node() || plan_.spec.nodes[device.nodes.index()].gpus == 0) continue;
      const auto& block = device.block_of_port(link.from_port);
      if (index != known_group || &block != known_block) {
        nic = nic_delay(device, block);
        known_group = index;
        known_block = &block;
      }
      const auto delay = delay_of(i);
      count_missing(0, delay);
      DelayPort port;
      port.leaf = link.to.index() - first_switch_;
      const auto node = link.from.index() - device.first.index();
      port.domain = first_domain_[index] + static_cast<std::uint32_t>(node / nodes_per_domain_[device.nodes.index()]);
      port.hall = plan_.placement.racks[plan_.placement.devices[link.from.index()].rack.index()].hall.index();
      port.delay = nic + delay.picoseconds;
      graph_.ports.push_back(port);
    }
  }

  void add_edges(const LinkGroup& group) {
    for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
      const auto& link = network_.links[i];
      const auto delay = delay_of(i);
      const auto lower = link.from.index() - first_switch_;
      const auto upper = link.to.index() - first_switch_;
      graph_.tiered = graph_.tiered && graph_.tiers[upper] == graph_.tiers[lower] + 1;
      count_missing(graph_.tiers[lower], delay);
      graph_.edges.push_back({lower, upper, 1, delay.picoseconds, delay.picoseconds, delay.picoseconds});
    }
  }

  void merge_edges() {
    auto& edges = graph_.edges;
    const auto key = [](const DelayEdge& edge) { return std::uint64_t{edge.lower} << 32U | edge.upper; };
    const auto before = [&](const DelayEdge& a, const DelayEdge& b) { return key(a) < key(b); };
    if (!std::is_sorted(edges.begin(), edges.end(), before)) std::sort(edges.begin(), edges.end(), before);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) {
      if (kept == 0 || key(edges[kept - 1]) != key(edges[i])) {
        edges[kept++] = edges[i];
        continue;
      }
      auto& edge = edges[kept - 1];
      ++edge.links;
      edge.least = std::min(edge.least, edges[i].least);
      edge.most = std::max(edge.most, edges[i].most);
      edge.sum += edges[i].sum;
    }
    edges.resize(kept);
  }

  const Plan& plan_;
  const Network& network_;
  FabricId fabric_;
  FabricId host_;
  TermMask mask_;
  DelayGraph graph_;
  std::uint32_t first_switch_ = 0;
  std::vector<SolutionDelay> solutions_;
  std::vector<std::optional<Picoseconds>> modules_;
  std::vector<std::int64_t> nic_delays_;
  std::vector<bool> missing_modules_;
  std::vector<std::int64_t> nodes_per_domain_;
  std::vector<std::uint32_t> first_domain_;
};

} // namespace

DelayGraph delay_graph(const Plan& plan, FabricId fabric, TermMask mask) { return Gatherer(plan, fabric, mask).run(); }

} // namespace icplan
