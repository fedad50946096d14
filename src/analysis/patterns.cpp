// SPDX-License-Identifier: Apache-2.0
// Permutations, rail by rail.
#include "patterns.hpp"

#include <algorithm>
#include <numeric>

namespace icplan {
namespace {

/// Steps that looking for far leaves may take.
constexpr std::size_t most_steps = 50'000'000;

/// Positions of the ports of each rail, in node order.
std::vector<std::vector<std::uint32_t>> rails_of(const TrafficPlane& plane) {
  std::vector<std::vector<std::uint32_t>> rails;
  for (std::uint32_t i = 0; i < plane.ports.size(); ++i) {
    const auto rail = plane.ports[i].rail;
    if (rails.size() <= rail) rails.resize(rail + 1U);
    rails[rail].push_back(i);
  }
  return rails;
}

void add_pair(const TrafficPlane& plane, std::uint32_t from, std::uint32_t to, PortPairs& pairs) {
  if (plane.ports[from].domain != plane.ports[to].domain) pairs.emplace_back(from, to);
}

PortPairs shift(const TrafficPlane& plane, bool by_half) {
  PortPairs pairs;
  for (const auto& rail : rails_of(plane)) {
    const auto by = by_half ? rail.size() / 2 : std::size_t{1};
    for (std::size_t i = 0; i < rail.size(); ++i) add_pair(plane, rail[i], rail[(i + by) % rail.size()], pairs);
  }
  return pairs;
}

/// Runs of equal numbers in a list that is sorted by them.
template <class Number> std::vector<std::vector<std::uint32_t>> grouped_by(std::vector<std::uint32_t> list, const Number& number) {
  std::stable_sort(list.begin(), list.end(), [&](std::uint32_t a, std::uint32_t b) { return number(a) < number(b); });
  std::vector<std::vector<std::uint32_t>> groups;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i == 0 || number(list[i]) != number(list[i - 1])) groups.emplace_back();
    groups.back().push_back(list[i]);
  }
  return groups;
}

/// How far leaves are apart: by the cuts between them where leaves of a part are alike, else in hops.
class Distances {
public:
  explicit Distances(const TrafficPlane& plane) : plane_(plane) {}

  /// To all vertices; valid until the next call.
  const std::vector<std::int32_t>& from(std::uint32_t leaf) {
    const auto& graph = plane_.graph;
    distance_.assign(graph.vertices(), 0);
    if (plane_.classes) {
      for (const auto& cut : plane_.cuts) {
        for (std::uint32_t v = 0; v < graph.vertices(); ++v) distance_[v] += cut.part_of_vertex[v] != cut.part_of_vertex[leaf] ? 1 : 0;
      }
      return distance_;
    }
    std::fill(distance_.begin(), distance_.end(), -1);
    distance_[leaf] = 0;
    queue_.assign(1, leaf);
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      for (auto arc = graph.first[queue_[i]]; arc < graph.first[queue_[i] + 1]; ++arc) {
        const auto w = graph.to[arc];
        if (distance_[w] >= 0) continue;
        distance_[w] = distance_[queue_[i]] + 1;
        queue_.push_back(w);
      }
    }
    return distance_;
  }

private:
  const TrafficPlane& plane_;
  std::vector<std::int32_t> distance_;
  std::vector<std::uint32_t> queue_;
};

/// Gives the ports of leaf `own` their partners: far leaves first, of equally far ones those that follow it.
void match_leaf(const TrafficPlane& plane, const std::vector<std::vector<std::uint32_t>>& leaves, std::size_t own,
                const std::vector<std::int32_t>& distance, std::vector<std::size_t>& taken, PortPairs& pairs) {
  std::vector<std::size_t> order(leaves.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>((own + 1) % leaves.size()), order.end());
  const auto far = [&](std::size_t n) { return distance[plane.ports[leaves[n].front()].leaf]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return far(a) > far(b); });
  auto candidate = order.begin();
  for (const auto port : leaves[own]) {
    while (candidate != order.end() && taken[*candidate] == leaves[*candidate].size()) ++candidate;
    if (candidate == order.end()) return;
    add_pair(plane, port, leaves[*candidate][taken[*candidate]++], pairs);
  }
}

} // namespace

PortPairs half_shift(const TrafficPlane& plane) { return shift(plane, true); }

PortPairs ring(const TrafficPlane& plane) { return shift(plane, false); }

PortPairs next_group(const TrafficPlane& plane) {
  PortPairs pairs;
  const auto& part = plane.cuts.back().part_of_vertex;
  for (const auto& rail : rails_of(plane)) {
    const auto groups = grouped_by(rail, [&](std::uint32_t port) { return part[plane.ports[port].leaf]; });
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const auto& next = groups[(g + 1) % groups.size()];
      if (groups.size() < 2) break;
      for (std::size_t i = 0; i < std::min(groups[g].size(), next.size()); ++i) add_pair(plane, groups[g][i], next[i], pairs);
    }
  }
  return pairs;
}

PortPairs longest_matching(const TrafficPlane& plane) {
  PortPairs pairs;
  Distances distances(plane);
  std::size_t steps = 0;
  for (const auto& rail : rails_of(plane)) {
    const auto leaves = grouped_by(rail, [&](std::uint32_t port) { return plane.ports[port].leaf; });
    steps += leaves.size() * (plane.classes ? plane.graph.vertices() : plane.graph.vertices() + plane.graph.arcs());
    if (steps > most_steps) return {};
    std::vector<std::size_t> taken(leaves.size(), 0);
    for (std::size_t own = 0; own < leaves.size(); ++own)
      match_leaf(plane, leaves, own, distances.from(plane.ports[leaves[own].front()].leaf), taken, pairs);
  }
  return pairs;
}

} // namespace icplan
