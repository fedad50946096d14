// SPDX-License-Identifier: Apache-2.0
// Reads switches and links from the network, and what every switch passes on while nothing has failed.
#include "failures_graph.hpp"

#include <algorithm>
#include <limits>

namespace icplan::failures {
namespace {

class GraphBuilder {
public:
  explicit GraphBuilder(const Plan& plan) : network_(plan.network) {}

  SwitchLinks run() {
    number_switches();
    for (const auto& group : network_.link_groups) {
      if (group.from_tier != 0) add_edges(group);
    }
    add_arcs();
    add_ports();
    find_levels();
    choose_unit();
    measure_shares();
    return std::move(graph_);
  }

private:
  void number_switches() {
    graph_.vertex_of.assign(network_.devices(), none);
    graph_.edge_of.assign(network_.links.size(), none);
    for (const auto& group : network_.groups) {
      for (std::uint32_t n = 0; !group.is_node() && n < group.count; ++n) {
        graph_.vertex_of[group.first.next(n).index()] = graph_.vertices();
        graph_.switches.push_back(group.first.next(n));
      }
    }
    graph_.has_above.assign(graph_.vertices(), false);
  }

  void add_edges(const LinkGroup& group) {
    struct Run {
      std::uint64_t ends = 0;
      std::uint32_t link = 0;
      bool operator<(const Run& other) const { return ends != other.ends ? ends < other.ends : link < other.link; }
    };
    std::vector<Run> runs(group.count);
    for (std::uint32_t i = 0; i < group.count; ++i) {
      const auto& link = network_.links[group.first + i];
      runs[i] = {std::uint64_t{graph_.vertex_of[link.from.index()]} << 32U | graph_.vertex_of[link.to.index()], group.first + i};
    }
    if (!std::is_sorted(runs.begin(), runs.end())) std::sort(runs.begin(), runs.end());
    const bool peer = group.from_tier >= group.to_tier && group.kind != LinkKind::uplink;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (i == 0 || runs[i].ends != runs[i - 1].ends) {
        graph_.edges.push_back({static_cast<std::uint32_t>(runs[i].ends >> 32U), static_cast<std::uint32_t>(runs[i].ends), runs[i].link, 0,
                                group.speed.count(), peer});
      }
      ++graph_.edges.back().links;
      graph_.edge_of[runs[i].link] = static_cast<std::uint32_t>(graph_.edges.size() - 1);
    }
  }

  void add_arcs() {
    graph_.first_arc.assign(graph_.vertices() + std::size_t{1}, 0);
    for (const auto& edge : graph_.edges) {
      ++graph_.first_arc[edge.lower + std::size_t{1}];
      ++graph_.first_arc[edge.upper + std::size_t{1}];
    }
    for (std::size_t v = 0; v < graph_.vertices(); ++v) graph_.first_arc[v + 1] += graph_.first_arc[v];
    graph_.arcs.resize(2 * graph_.edges.size());
    auto next = graph_.first_arc;
    for (std::uint32_t e = 0; e < graph_.edges.size(); ++e) {
      const auto& edge = graph_.edges[e];
      graph_.arcs[next[edge.lower]++] = {edge.upper, e, edge.peer ? Role::peer : Role::up};
      graph_.arcs[next[edge.upper]++] = {edge.lower, e, edge.peer ? Role::peer : Role::down};
    }
    const auto earlier = [](const SwitchLinks::Arc& a, const SwitchLinks::Arc& b) { return a.other != b.other ? a.other < b.other : a.edge < b.edge; };
    for (std::size_t v = 0; v < graph_.vertices(); ++v) {
      const auto first = graph_.arcs.begin() + graph_.first_arc[v];
      const auto last = graph_.arcs.begin() + graph_.first_arc[v + 1];
      if (!std::is_sorted(first, last, earlier)) std::sort(first, last, earlier);
    }
  }

  void add_ports() {
    graph_.first_port.assign(network_.devices() + std::size_t{1}, 0);
    const auto each = [&](const auto& use) {
      for (const auto& group : network_.link_groups) {
        for (auto i = group.first; group.from_tier == 0 && i < group.first + group.count; ++i) use(group, i);
      }
    };
    each([&](const LinkGroup&, std::uint32_t i) { ++graph_.first_port[network_.links[i].from.index() + std::size_t{1}]; });
    for (std::size_t d = 0; d < network_.devices(); ++d) graph_.first_port[d + 1] += graph_.first_port[d];
    graph_.ports.resize(graph_.first_port.back());
    auto next = graph_.first_port;
    each([&](const LinkGroup& group, std::uint32_t i) {
      const auto& link = network_.links[i];
      graph_.ports[next[link.from.index()]++] = {i, graph_.vertex_of[link.to.index()], group.fabric, group.speed.count()};
    });
  }

  /// Links lead from lower to higher tiers, and uplinks into fabrics that have none, so there are no circles.
  void find_levels() {
    std::vector<std::uint32_t> waiting(graph_.vertices(), 0);
    for (const auto& edge : graph_.edges) waiting[edge.upper] += edge.peer ? 0U : 1U;
    std::vector<std::uint32_t> ready;
    for (std::uint32_t v = 0; v < graph_.vertices(); ++v) {
      if (waiting[v] == 0) ready.push_back(v);
    }
    graph_.level.assign(graph_.vertices(), 0);
    while (!ready.empty()) {
      const auto v = ready.back();
      ready.pop_back();
      graph_.levels = std::max(graph_.levels, graph_.level[v] + 1);
      for (auto a = graph_.first_arc[v]; a < graph_.first_arc[v + std::size_t{1}]; ++a) {
        const auto& arc = graph_.arcs[a];
        if (arc.role != Role::up) continue;
        graph_.level[arc.other] = std::max(graph_.level[arc.other], graph_.level[v] + 1);
        if (--waiting[arc.other] == 0) ready.push_back(arc.other);
      }
    }
  }

  /// As fine as sums of products of rates and shares allow.
  void choose_unit() {
    std::vector<std::int64_t> above(graph_.vertices(), 0);
    for (const auto& edge : graph_.edges) {
      above[edge.lower] += edge.capacity();
      if (edge.peer) above[edge.upper] += edge.capacity();
    }
    std::int64_t most = 1;
    for (const auto sum : above) most = std::max(most, sum);
    for (std::size_t d = 0; d < network_.devices(); ++d) {
      std::int64_t sum = 0;
      for (auto p = graph_.first_port[d]; p < graph_.first_port[d + 1]; ++p) sum += graph_.ports[p].rate;
      most = std::max(most, sum);
    }
    graph_.unit = whole_unit;
    while (graph_.unit > 1 && most > most_product / graph_.unit) graph_.unit /= 10;
  }

  void measure_shares() {
    const auto n = graph_.vertices();
    graph_.below.assign(n, 0);
    graph_.above.assign(n, 0);
    graph_.share.assign(n, graph_.unit);
    for (const auto& port : graph_.ports) graph_.below[port.leaf] += port.rate;
    for (const auto& edge : graph_.edges) {
      graph_.has_above[edge.lower] = true;
      if (edge.peer) {
        graph_.has_above[edge.upper] = true;
        graph_.above[edge.lower] += edge.capacity() * graph_.unit;
        graph_.above[edge.upper] += edge.capacity() * graph_.unit;
      } else {
        graph_.below[edge.upper] += edge.capacity();
      }
    }
    std::vector<std::vector<std::uint32_t>> of_level(graph_.levels);
    for (std::uint32_t v = 0; v < n; ++v) of_level[graph_.level[v]].push_back(v);
    for (auto level = of_level.rbegin(); level != of_level.rend(); ++level) {
      for (const auto v : *level) {
        for (auto a = graph_.first_arc[v]; a < graph_.first_arc[v + std::size_t{1}]; ++a) {
          const auto& arc = graph_.arcs[a];
          if (arc.role == Role::up) graph_.above[v] += graph_.edges[arc.edge].capacity() * graph_.share[arc.other];
        }
        graph_.share[v] = graph_.passed(graph_.has_above[v], graph_.above[v], graph_.below[v]);
      }
    }
  }

  static constexpr std::int64_t whole_unit = 1'000'000'000;
  /// A ratio of two such products is worked out digit by digit, so ten of them must fit.
  static constexpr std::int64_t most_product = std::numeric_limits<std::int64_t>::max() / 16;

  const Network& network_;
  SwitchLinks graph_;
};

} // namespace

SwitchLinks join_switches(const Plan& plan) { return GraphBuilder(plan).run(); }

std::uint32_t port_of_link(const SwitchLinks& graph, FabricId fabric, DeviceId device, std::uint32_t link) {
  std::uint32_t position = 0;
  for (auto p = graph.first_port[device.index()]; graph.ports[p].link != link; ++p) position += graph.ports[p].fabric == fabric ? 1U : 0U;
  return position;
}

} // namespace icplan::failures
