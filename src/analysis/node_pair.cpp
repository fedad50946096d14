// SPDX-License-Identifier: Apache-2.0
// Maximum flows along shortest augmenting paths (Edmonds, Karp 1972).
#include "node_pair.hpp"

#include <algorithm>
#include <limits>

namespace icplan {
namespace {

constexpr auto none = std::numeric_limits<std::uint32_t>::max();
/// What is left of a rate through rounding.
constexpr double nothing = 1e-6;
/// Arcs that all pairs together may look at, and pairs, before no further pair is tried.
constexpr std::int64_t most_work = 100'000'000;
constexpr std::int64_t most_pairs = 24;

/// Flows through one plane, one pair after the other.
class PairFlow {
public:
  explicit PairFlow(const TrafficPlane& plane)
      : plane_(plane), used_(plane.graph.arcs(), 0), came_by_(plane.graph.vertices(), none), seen_(plane.graph.vertices(), 0) {}

  double flow(std::uint32_t from, std::uint32_t to) {
    supply_.assign(plane_.graph.vertices(), 0);
    demand_.assign(plane_.graph.vertices(), 0);
    const auto first = [&](std::uint32_t node) {
      return std::lower_bound(plane_.ports.begin(), plane_.ports.end(), node,
                              [](const TrafficEndpoint& port, std::uint32_t n) { return port.node < n; });
    };
    for (auto port = first(from); port != plane_.ports.end() && port->node == from; ++port) supply_[port->leaf] += port->rate;
    for (auto port = first(to); port != plane_.ports.end() && port->node == to; ++port) demand_[port->leaf] += port->rate;
    double sum = 0;
    for (;;) {
      const auto end = search();
      if (end == none) break;
      sum += push(end);
    }
    for (const auto arc : touched_) used_[arc] = 0;
    touched_.clear();
    return sum;
  }

  [[nodiscard]] std::int64_t work() const { return work_; }

private:
  [[nodiscard]] double left(std::uint32_t arc) const { return plane_.graph.capacity[arc] - used_[arc]; }

  /// The nearest leaf that still takes something, or none.
  std::uint32_t search() {
    ++round_;
    queue_.clear();
    for (std::uint32_t v = 0; v < plane_.graph.vertices(); ++v) {
      if (supply_[v] <= nothing) continue;
      seen_[v] = round_;
      came_by_[v] = none;
      queue_.push_back(v);
    }
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const auto v = queue_[i];
      if (demand_[v] > nothing) return v;
      work_ += plane_.graph.first[v + 1] - plane_.graph.first[v];
      for (auto arc = plane_.graph.first[v]; arc < plane_.graph.first[v + 1]; ++arc) {
        const auto w = plane_.graph.to[arc];
        if (seen_[w] == round_ || left(arc) <= nothing) continue;
        seen_[w] = round_;
        came_by_[w] = arc;
        queue_.push_back(w);
      }
    }
    return none;
  }

  [[nodiscard]] std::uint32_t before(std::uint32_t vertex) const { return plane_.graph.to[plane_.graph.reverse[came_by_[vertex]]]; }

  double push(std::uint32_t end) {
    auto start = end;
    auto most = demand_[end];
    for (; came_by_[start] != none; start = before(start)) most = std::min(most, left(came_by_[start]));
    most = std::min(most, supply_[start]);
    for (auto v = end; came_by_[v] != none; v = before(v)) {
      const auto arc = came_by_[v];
      used_[arc] += most;
      used_[plane_.graph.reverse[arc]] -= most;
      touched_.push_back(arc);
      touched_.push_back(plane_.graph.reverse[arc]);
    }
    supply_[start] -= most;
    demand_[end] -= most;
    return most;
  }

  const TrafficPlane& plane_;
  std::vector<double> used_;
  std::vector<std::uint32_t> touched_;
  std::vector<std::uint32_t> came_by_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t round_ = 0;
  std::vector<std::uint32_t> queue_;
  std::vector<double> supply_;
  std::vector<double> demand_;
  std::int64_t work_ = 0;
};

/// The first, the middle and the last node of every group that the fabric joins, ascending.
std::vector<std::uint32_t> nodes_to_try(const Plan& plan, const std::vector<DeviceId>& nodes) {
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t begin = 0; begin < nodes.size();) {
    auto end = begin;
    while (end < nodes.size() && &plan.network.group(nodes[end]) == &plan.network.group(nodes[begin])) ++end;
    for (const auto node : {begin, begin + (end - begin) / 2, end - 1}) chosen.push_back(node);
    begin = end;
  }
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

/// The node of the domain of `to` that stands in the place of `from` in its own; none where that domain is too short. Rails may join equal places
/// alone.
std::uint32_t in_same_place(const std::vector<std::uint32_t>& domain, std::uint32_t from, std::uint32_t to) {
  const auto start = [&](std::uint32_t node) {
    while (node > 0 && domain[node - 1] == domain[node] && domain[node] != none) --node;
    return node;
  };
  const auto node = start(to) + (from - start(from));
  return node < domain.size() && domain[node] == domain[to] ? node : none;
}

} // namespace

std::optional<NodePair> measure_node_pair(const Plan& plan, const TrafficPlanes& all) {
  std::vector<double> rate(all.nodes.size(), 0);
  std::vector<std::uint32_t> domain(all.nodes.size(), none);
  for (const auto& plane : all.planes) {
    for (const auto& port : plane.ports) {
      rate[port.node] += port.rate;
      domain[port.node] = port.domain;
    }
  }
  std::vector<PairFlow> flows;
  for (const auto& plane : all.planes) flows.emplace_back(plane);
  std::optional<NodePair> least;
  std::int64_t pairs = 0;
  const auto nodes = nodes_to_try(plan, all.nodes);
  for (const auto from : nodes) {
    for (const auto tried : nodes) {
      const auto to = in_same_place(domain, from, tried);
      if (to == none || from == to || (domain[from] == domain[to] && domain[from] != none) || pairs == most_pairs) continue;
      std::int64_t work = 0;
      for (const auto& flow : flows) work += flow.work();
      if (work > most_work) continue;
      double mbps = 0;
      for (auto& flow : flows) mbps += flow.flow(from, to);
      ++pairs;
      if (!least || mbps < least->gbps * 1e3 - nothing)
        least = NodePair{all.nodes[from], all.nodes[to], mbps / 1e3, std::min(rate[from], rate[to]) / 1e3, 0};
    }
  }
  if (least) least->pairs = pairs;
  return least;
}

} // namespace icplan
