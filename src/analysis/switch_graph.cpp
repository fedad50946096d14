// SPDX-License-Identifier: Apache-2.0
// Gathers links into edges, and node ports into endpoints.
#include "switch_graph.hpp"

#include "injection.hpp"
#include "nic_table.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace icplan {
namespace {

constexpr auto none = std::numeric_limits<std::uint32_t>::max();

/// Answers for a removal in constant time where nothing is removed.
class Remains {
public:
  Remains(const Network& network, const Removal& removal) : network_(network), all_(removal.links.empty() && removal.devices.empty()) {
    if (all_) return;
    links_.assign(network.links.size(), true);
    devices_.assign(network.devices(), true);
    for (const auto link : removal.links) links_[link] = false;
    for (const auto device : removal.devices) devices_[device.index()] = false;
  }
  [[nodiscard]] bool has(std::uint32_t link) const {
    if (all_) return true;
    const auto& ends = network_.links[link];
    return links_[link] && devices_[ends.from.index()] && devices_[ends.to.index()];
  }

private:
  const Network& network_;
  bool all_;
  std::vector<bool> links_;
  std::vector<bool> devices_;
};

struct Edge {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::int64_t mbps = 0;
  LinkKind kind = LinkKind::tier;
};

bool joins_switches(const LinkGroup& group, FabricId host, std::int64_t plane) {
  return group.fabric == host && group.host == host && group.plane == plane && group.from_tier > 0;
}

/// The links between switches by their lower ends, so that parallel ones can be found beside each other.
struct LinksByEnd {
  struct Item {
    std::uint32_t to = 0;
    std::int64_t mbps = 0;
    LinkKind kind = LinkKind::tier;
  };
  std::vector<std::uint32_t> first;
  std::vector<Item> items;
};

template <class Visit> void visit_links(const Network& network, FabricId host, std::int64_t plane, const Remains& remains, const Visit& visit) {
  for (const auto& group : network.link_groups) {
    if (!joins_switches(group, host, plane)) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      if (remains.has(i)) visit(group, network.links[i]);
    }
  }
}

std::vector<Edge> gather_edges(const Network& network, const SwitchGraph& graph, FabricId host, const Remains& remains) {
  const VertexNumbers vertex(network, host);
  LinksByEnd by_end;
  by_end.first.assign(graph.vertices() + 1, 0);
  visit_links(network, host, graph.plane, remains, [&](const LinkGroup&, const Link& link) { ++by_end.first[vertex(link.from) + 1]; });
  std::partial_sum(by_end.first.begin(), by_end.first.end(), by_end.first.begin());
  by_end.items.resize(by_end.first.back());
  auto next = by_end.first;
  visit_links(network, host, graph.plane, remains, [&](const LinkGroup& group, const Link& link) {
    by_end.items[next[vertex(link.from)]++] = {vertex(link.to), group.speed.count(), group.kind};
  });
  std::vector<Edge> edges;
  std::vector<std::uint32_t> edge_to(graph.vertices(), none);
  for (std::uint32_t v = 0; v < graph.vertices(); ++v) {
    const auto begin = static_cast<std::uint32_t>(edges.size());
    for (auto i = by_end.first[v]; i < by_end.first[v + 1]; ++i) {
      const auto& item = by_end.items[i];
      auto& edge = edge_to[item.to];
      if (edge == none || edge < begin || edges[edge].a != v) {
        edge = static_cast<std::uint32_t>(edges.size());
        edges.push_back({v, item.to, 0, item.kind});
      }
      edges[edge].mbps += item.mbps;
    }
  }
  return edges;
}

void add_arcs(SwitchGraph& graph, const std::vector<Edge>& edges) {
  graph.first.assign(graph.vertices() + 1, 0);
  for (const auto& edge : edges) ++graph.first[edge.a + 1], ++graph.first[edge.b + 1];
  std::partial_sum(graph.first.begin(), graph.first.end(), graph.first.begin());
  const auto arcs = graph.first.back();
  graph.to.resize(arcs);
  graph.reverse.resize(arcs);
  graph.capacity.resize(arcs);
  graph.kind.resize(arcs);
  auto next = graph.first;
  for (const auto& edge : edges) {
    const auto there = next[edge.a]++;
    const auto back = next[edge.b]++;
    graph.to[there] = edge.b;
    graph.to[back] = edge.a;
    graph.reverse[there] = back;
    graph.reverse[back] = there;
    graph.capacity[there] = graph.capacity[back] = static_cast<double>(edge.mbps);
    graph.kind[there] = graph.kind[back] = edge.kind;
  }
}

void find_components(SwitchGraph& graph) {
  graph.component.assign(graph.vertices(), none);
  std::vector<std::uint32_t> queue;
  std::uint32_t number = 0;
  for (std::uint32_t start = 0; start < graph.vertices(); ++start) {
    if (graph.component[start] != none) continue;
    queue.assign(1, start);
    graph.component[start] = number;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (auto arc = graph.first[queue[i]]; arc < graph.first[queue[i] + 1]; ++arc) {
        if (graph.component[graph.to[arc]] != none) continue;
        graph.component[graph.to[arc]] = number;
        queue.push_back(graph.to[arc]);
      }
    }
    ++number;
  }
}

/// The node ports of a fabric, one after the other, with what they share.
class EndpointFinder {
public:
  EndpointFinder(const Plan& plan, FabricId fabric, const Removal& removal)
      : plan_(plan),
        fabric_(fabric),
        host_(plan.network.fabrics[fabric.index()].host),
        remains_(plan.network, removal),
        vertex_(plan.network, host_) {}

  TrafficEndpoints run() {
    number_nodes();
    count_ports();
    gather();
    weigh();
    return std::move(found_);
  }

private:
  /// Of one device group of GPU nodes.
  struct NodeRange {
    std::uint32_t first_node = 0;
    std::uint32_t first_domain = 0;
    std::uint32_t per_domain = 1;
    NicTable nics;
    double gpus = 0;
  };

  void number_nodes() {
    const auto& groups = plan_.network.groups;
    ranges_.resize(groups.size());
    used_.assign(groups.size(), false);
    for (const auto& group : plan_.network.link_groups) {
      if (group.fabric != fabric_ || group.from_tier != 0) continue;
      for (auto i = group.first; i < group.first + group.count;) {
        const auto number = plan_.network.group_of_device[plan_.network.links[i].from.index()];
        const auto& device = groups[number];
        used_[number] = device.is_node() && plan_.spec.nodes[device.nodes.index()].gpus > 0;
        // Links of a group of devices follow each other.
        const auto end = device.first.index() + device.count;
        while (i < group.first + group.count && plan_.network.links[i].from >= device.first && plan_.network.links[i].from.index() < end) ++i;
      }
    }
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (!used_[g]) continue;
      const auto& nodes = plan_.spec.nodes[groups[g].nodes.index()];
      auto& range = ranges_[g];
      range.first_node = found_.nodes;
      range.first_domain = found_.domains;
      range.per_domain = static_cast<std::uint32_t>(nodes_per_domain(plan_, fabric_, groups[g].nodes));
      range.gpus = static_cast<double>(nodes.gpus);
      range.nics = nics_of(plan_, groups[g]);
      for (std::uint32_t i = 0; i < groups[g].count; ++i) found_.devices.push_back(groups[g].first.next(i));
      found_.nodes += groups[g].count;
      found_.domains += (groups[g].count + range.per_domain - 1) / range.per_domain;
    }
  }

  template <class Visit> void visit_ports(const Visit& visit) const {
    for (const auto& group : plan_.network.link_groups) {
      if (group.fabric != fabric_ || group.from_tier != 0) continue;
      for (auto i = group.first; i < group.first + group.count; ++i) {
        const auto& link = plan_.network.links[i];
        const auto number = plan_.network.group_of_device[link.from.index()];
        if (used_[number] && remains_.has(i)) visit(group, link, plan_.network.groups[number], ranges_[number]);
      }
    }
  }

  static std::uint32_t node_of(const Link& link, const DeviceGroup& device, const NodeRange& range) {
    return range.first_node + link.from.index() - device.first.index();
  }

  void count_ports() {
    first_.assign(found_.nodes + 1, 0);
    visit_ports(
        [&](const LinkGroup&, const Link& link, const DeviceGroup& device, const NodeRange& range) { ++first_[node_of(link, device, range) + 1]; });
    for (std::uint32_t n = 0; n < found_.nodes; ++n) found_.cut_off += first_[n + 1] == 0 ? 1U : 0U;
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
  }

  /// Ports by node, each with its NIC (kept in `nic_`) and, for the time being, the rate of the port alone.
  void gather() {
    found_.ports.resize(first_.back());
    nic_.resize(first_.back());
    gpus_.resize(found_.nodes);
    slot_.resize(first_.back());
    auto next = first_;
    visit_ports([&](const LinkGroup& group, const Link& link, const DeviceGroup& device, const NodeRange& range) {
      const auto node = node_of(link, device, range);
      const auto at = next[node]++;
      auto& port = found_.ports[at];
      const auto number = node - range.first_node;
      port.node = node;
      port.domain = range.first_domain + number / range.per_domain;
      port.leaf = vertex_(link.to);
      port.plane = static_cast<std::uint32_t>(group.plane);
      port.rate = static_cast<double>(group.speed.count());
      const auto nic = range.nics.nic_of_port[link.from_port];
      const auto slot = range.nics.slot_of_nic[nic];
      slot_[at] = slot == any_rate ? std::numeric_limits<double>::infinity() : static_cast<double>(slot);
      nic_[at] = nic;
      const auto& leaf = plan_.network.group(link.to);
      port.rail = leaf.rail_network ? static_cast<std::uint32_t>(leaf.rail)
                                    : number % range.per_domain * static_cast<std::uint32_t>(range.nics.slot_of_nic.size()) + nic;
      gpus_[node] = range.gpus;
    });
  }

  /// What a slot carries is shared by the ports of its NIC; a node's GPUs by all its ports.
  void weigh() {
    for (std::uint32_t n = 0; n < found_.nodes; ++n) {
      const auto end = first_[n + 1];
      std::vector<std::pair<std::uint32_t, double>> of_nic;
      for (auto i = first_[n]; i < end; ++i) {
        const auto nic = std::find_if(of_nic.begin(), of_nic.end(), [&](const auto& known) { return known.first == nic_[i]; });
        if (nic == of_nic.end()) of_nic.emplace_back(nic_[i], found_.ports[i].rate);
        else nic->second += found_.ports[i].rate;
      }
      double sum = 0;
      for (auto i = first_[n]; i < end; ++i) {
        const auto nic = std::find_if(of_nic.begin(), of_nic.end(), [&](const auto& known) { return known.first == nic_[i]; });
        found_.ports[i].rate *= std::min(1.0, slot_[i] / nic->second);
        sum += found_.ports[i].rate;
      }
      for (auto i = first_[n]; i < end; ++i) found_.ports[i].weight = gpus_[n] * found_.ports[i].rate / sum;
    }
  }

  const Plan& plan_;
  FabricId fabric_;
  FabricId host_;
  Remains remains_;
  VertexNumbers vertex_;
  /// By device group.
  std::vector<NodeRange> ranges_;
  std::vector<bool> used_;
  /// By node: its first port. By port: its NIC and what the NIC's slot carries. By node: its GPUs.
  std::vector<std::uint32_t> first_;
  std::vector<std::uint32_t> nic_;
  std::vector<double> slot_;
  std::vector<double> gpus_;
  TrafficEndpoints found_;
};

} // namespace

VertexNumbers::VertexNumbers(const Network& network, FabricId host) : network_(network), base_(network.groups.size(), none) {
  std::vector<std::uint32_t> next;
  for (std::size_t g = 0; g < network.groups.size(); ++g) {
    const auto& group = network.groups[g];
    if (group.is_node() || group.fabric != host) continue;
    const auto plane = static_cast<std::size_t>(group.plane);
    if (next.size() <= plane) next.resize(plane + 1, 0);
    base_[g] = next[plane];
    next[plane] += group.count;
  }
}

SwitchGraph make_switch_graph(const Plan& plan, FabricId fabric, std::int64_t plane, const Removal& removal) {
  const auto& network = plan.network;
  const auto host = network.fabrics[fabric.index()].host;
  SwitchGraph graph;
  graph.fabric = host;
  graph.plane = plane;
  for (const auto& group : network.groups) {
    if (group.is_node() || group.fabric != host || group.plane != plane) continue;
    for (std::uint32_t i = 0; i < group.count; ++i) {
      graph.switches.push_back(group.first.next(i));
      graph.tier.push_back(static_cast<std::uint8_t>(group.tier));
    }
  }
  add_arcs(graph, gather_edges(network, graph, host, Remains(network, removal)));
  find_components(graph);
  return graph;
}

TrafficEndpoints find_endpoints(const Plan& plan, FabricId fabric, const Removal& removal) { return EndpointFinder(plan, fabric, removal).run(); }

std::string arc_name(const Plan& plan, const SwitchGraph& graph, std::uint32_t from, std::uint32_t arc) {
  if (graph.kind[arc] != LinkKind::tier) return std::string(to_text(graph.kind[arc]));
  const auto& tiers = plan.network.fabrics[graph.fabric.index()].tiers;
  const auto low = std::min(graph.tier[from], graph.tier[graph.to[arc]]);
  const auto high = std::max(graph.tier[from], graph.tier[graph.to[arc]]);
  return tiers[low - 1U].name + "-" + tiers[high - 1U].name;
}

} // namespace icplan
