// SPDX-License-Identifier: Apache-2.0
// Components, distances and flows, written for reading rather than for speed.
#include "support/graph.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>

namespace icplan::test {
namespace {

std::vector<std::vector<std::size_t>> neighbours_of(const SwitchGraph& graph) {
  std::vector<std::vector<std::size_t>> neighbours(graph.switches.size());
  for (const auto& edge : graph.edges) {
    neighbours[edge.lower].push_back(edge.upper);
    neighbours[edge.upper].push_back(edge.lower);
  }
  return neighbours;
}

/// Hops from `start` by vertex, -1 where it does not lead: a breadth-first search.
std::vector<std::int64_t> hops_from(const std::vector<std::vector<std::size_t>>& neighbours, std::size_t start) {
  std::vector<std::int64_t> hops(neighbours.size(), -1);
  std::vector<std::size_t> queue{start};
  hops[start] = 0;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const auto next : neighbours[queue[i]]) {
      if (hops[next] >= 0) continue;
      hops[next] = hops[queue[i]] + 1;
      queue.push_back(next);
    }
  }
  return hops;
}

} // namespace

std::vector<std::size_t> SwitchGraph::tier(std::int64_t number) const {
  std::vector<std::size_t> vertices;
  for (std::size_t v = 0; v < switches.size(); ++v) {
    if (tiers[v] == number) vertices.push_back(v);
  }
  return vertices;
}

std::int64_t SwitchGraph::injection() const {
  std::int64_t sum = 0;
  for (const auto& port : node_ports) sum += port.mbps;
  return sum;
}

std::int64_t SwitchGraph::uplinks(std::int64_t from_tier) const {
  std::int64_t sum = 0;
  for (const auto& edge : edges) sum += tiers[edge.lower] == from_tier ? edge.mbps : 0;
  return sum;
}

SwitchGraph switch_graph(const Network& network, FabricId fabric, std::int64_t plane) {
  SwitchGraph graph;
  std::vector<std::size_t> vertex_of(network.devices(), 0);
  for (std::uint32_t d = 0; d < network.devices(); ++d) {
    const auto& group = network.group(DeviceId(d));
    if (group.is_node() || group.fabric != fabric || group.plane != plane) continue;
    vertex_of[d] = graph.switches.size();
    graph.switches.emplace_back(d);
    graph.tiers.push_back(group.tier);
  }
  const auto vertex = [&](DeviceId device) {
    const auto found = vertex_of[device.index()];
    if (found >= graph.switches.size() || graph.switches[found] != device) throw std::runtime_error("a link leaves its fabric or plane");
    return found;
  };
  std::map<std::pair<std::size_t, std::size_t>, SwitchGraph::Edge> edges;
  for (const auto& group : network.link_groups) {
    if (group.fabric != fabric || group.plane != plane) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = network.links[i];
      const auto upper = vertex(link.to);
      if (network.group(link.from).is_node()) {
        graph.node_ports.push_back({link.from, upper, group.speed.count()});
        continue;
      }
      const auto lower = vertex(link.from);
      auto& edge = edges.try_emplace({lower, upper}, SwitchGraph::Edge{lower, upper, 0, 0}).first->second;
      ++edge.links;
      edge.mbps += group.speed.count();
    }
  }
  for (const auto& entry : edges) graph.edges.push_back(entry.second);
  return graph;
}

std::size_t count_components(const SwitchGraph& graph) {
  const auto neighbours = neighbours_of(graph);
  std::vector<bool> seen(graph.switches.size(), false);
  std::size_t components = 0;
  for (std::size_t start = 0; start < seen.size(); ++start) {
    if (seen[start]) continue;
    ++components;
    const auto hops = hops_from(neighbours, start);
    for (std::size_t v = 0; v < hops.size(); ++v) seen[v] = seen[v] || hops[v] >= 0;
  }
  return components;
}

std::int64_t hop_diameter(const SwitchGraph& graph) {
  const auto neighbours = neighbours_of(graph);
  std::vector<bool> carries(graph.switches.size(), false);
  for (const auto& port : graph.node_ports) carries[port.leaf] = true;
  std::int64_t diameter = 0;
  for (std::size_t start = 0; start < carries.size(); ++start) {
    if (!carries[start]) continue;
    const auto hops = hops_from(neighbours, start);
    for (std::size_t v = 0; v < hops.size(); ++v) {
      if (carries[v] && hops[v] < 0) throw std::runtime_error("two switches with nodes are not connected");
      if (carries[v]) diameter = std::max(diameter, hops[v]);
    }
  }
  return diameter;
}

void FlowNetwork::add(std::size_t from, std::size_t to, std::int64_t capacity, std::int64_t back) {
  leaving_[from].push_back(arcs_.size());
  arcs_.push_back({to, capacity});
  leaving_[to].push_back(arcs_.size());
  arcs_.push_back({from, back});
}

bool FlowNetwork::find_levels(std::size_t source, std::size_t sink) {
  std::fill(level_.begin(), level_.end(), -1);
  std::vector<std::size_t> queue{source};
  level_[source] = 0;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const auto arc : leaving_[queue[i]]) {
      if (arcs_[arc].capacity == 0 || level_[arcs_[arc].to] >= 0) continue;
      level_[arcs_[arc].to] = level_[queue[i]] + 1;
      queue.push_back(arcs_[arc].to);
    }
  }
  return level_[sink] >= 0;
}

std::int64_t FlowNetwork::push(std::size_t at, std::size_t sink, std::int64_t most) {
  if (at == sink) return most;
  std::int64_t pushed = 0;
  for (auto& i = next_[at]; i < leaving_[at].size(); ++i) {
    const auto arc = leaving_[at][i];
    const auto to = arcs_[arc].to;
    if (arcs_[arc].capacity == 0 || level_[to] != level_[at] + 1) continue;
    const auto more = push(to, sink, std::min(most - pushed, arcs_[arc].capacity));
    arcs_[arc].capacity -= more;
    arcs_[arc ^ 1U].capacity += more;
    pushed += more;
    if (pushed == most) return pushed;
  }
  return pushed;
}

std::int64_t FlowNetwork::max_flow(std::size_t source, std::size_t sink) {
  std::int64_t flow = 0;
  while (find_levels(source, sink)) {
    std::fill(next_.begin(), next_.end(), 0);
    flow += push(source, sink, std::numeric_limits<std::int64_t>::max());
  }
  return flow;
}

std::int64_t flow_across(const SwitchGraph& graph, const std::vector<std::int64_t>& sends, const std::vector<std::int64_t>& receives) {
  const auto source = graph.switches.size();
  const auto sink = source + 1;
  FlowNetwork network(sink + 1);
  for (const auto& edge : graph.edges) network.add(edge.lower, edge.upper, edge.mbps, edge.mbps);
  for (std::size_t v = 0; v < graph.switches.size(); ++v) {
    if (sends[v] > 0) network.add(source, v, sends[v]);
    if (receives[v] > 0) network.add(v, sink, receives[v]);
  }
  return network.max_flow(source, sink);
}

std::vector<std::vector<bool>> balanced_splits(std::size_t count) {
  if (count == 0 || count > 16 || count % 2 != 0) throw std::invalid_argument("balanced_splits takes an even count up to 16");
  std::vector<std::vector<bool>> splits;
  for (std::size_t set = 1; set < std::size_t{1} << count; set += 2) {
    std::vector<bool> split(count);
    for (std::size_t i = 0; i < count; ++i) split[i] = (set >> i & 1U) != 0;
    if (static_cast<std::size_t>(std::count(split.begin(), split.end(), true)) == count / 2) splits.push_back(std::move(split));
  }
  return splits;
}

} // namespace icplan::test
