// SPDX-License-Identifier: Apache-2.0
// The least cut that splits the routers of a direct topology in two halves, from the plan's own links.
#include "bisection.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>

namespace icplan {
namespace {

constexpr std::size_t most_enumerated = 16;
constexpr std::size_t most_improved = 4'096;

struct Edge {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::int64_t mbps = 0;
};

/// The routers of one plane, numbered from 0, with the links between them.
struct RouterGraph {
  std::uint32_t routers = 0;
  std::vector<Edge> edges;
};

RouterGraph graph_of(const Plan& plan, const FabricLayout& layout) {
  RouterGraph graph;
  std::uint32_t first = 0;
  for (const auto& group : plan.network.groups) {
    if (group.is_node() || group.fabric != layout.fabric || group.plane != 0) continue;
    if (graph.routers == 0) first = group.first.index();
    graph.routers += group.count;
  }
  for (const auto& group : plan.network.link_groups) {
    if (group.fabric != layout.fabric || group.plane != 0 || group.from_tier == 0) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = plan.network.links[i];
      graph.edges.push_back({link.from.index() - first, link.to.index() - first, group.speed.count()});
    }
  }
  return graph;
}

std::int64_t cut_of(const RouterGraph& graph, const std::vector<bool>& side) {
  std::int64_t cut = 0;
  for (const auto& edge : graph.edges) cut += side[edge.a] != side[edge.b] ? edge.mbps : 0;
  return cut;
}

/// The least of all splits into equal halves (one router more on one side of an odd number).
std::vector<bool> best_split(const RouterGraph& graph) {
  const auto n = graph.routers;
  auto least = std::numeric_limits<std::int64_t>::max();
  std::vector<bool> side(n);
  std::vector<bool> best(n);
  for (std::uint32_t mask = 0; mask < (1U << n); ++mask) {
    std::uint32_t ones = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      side[i] = (mask >> i & 1U) != 0;
      ones += side[i] ? 1U : 0U;
    }
    if (ones != n / 2) continue;
    const auto cut = cut_of(graph, side);
    if (cut >= least) continue;
    least = cut;
    best = side;
  }
  return best;
}

/// Swaps the pair of routers that lowers the cut most, as long as one does (Kernighan, Lin 1970, without its look-ahead).
std::int64_t improve(const RouterGraph& graph, std::vector<bool>& side) {
  auto cut = cut_of(graph, side);
  for (std::uint32_t round = 0; round < graph.routers; ++round) {
    std::vector<std::int64_t> gain(graph.routers, 0);
    for (const auto& edge : graph.edges) {
      const auto change = side[edge.a] != side[edge.b] ? edge.mbps : -edge.mbps;
      gain[edge.a] += change;
      gain[edge.b] += change;
    }
    std::array<std::uint32_t, 2> best{graph.routers, graph.routers};
    for (std::uint32_t r = 0; r < graph.routers; ++r) {
      auto& of = best[side[r] ? 1 : 0];
      if (of == graph.routers || gain[r] > gain[of]) of = r;
    }
    side[best[0]] = !side[best[0]];
    side[best[1]] = !side[best[1]];
    const auto after = cut_of(graph, side);
    if (after >= cut) {
      side[best[0]] = !side[best[0]];
      side[best[1]] = !side[best[1]];
      return cut;
    }
    cut = after;
  }
  return cut;
}

std::int64_t improved_cut(const RouterGraph& graph, std::vector<bool>& side) {
  return graph.routers <= most_improved ? improve(graph, side) : cut_of(graph, side);
}

/// Across the longest dimension, in the middle: two faces where the dimension wraps. Where it is odd, no plane halves it, and another may meet fewer
/// links.
std::int64_t torus_cut(const RouterGraph& graph, const std::vector<std::int64_t>& lengths) {
  auto least = std::numeric_limits<std::int64_t>::max();
  std::int64_t stride = 1;
  for (const auto length : lengths) {
    std::vector<bool> side(graph.routers);
    for (std::uint32_t r = 0; r < graph.routers; ++r) side[r] = r / stride % length < length / 2;
    if (length > 1) least = std::min(least, cut_of(graph, side));
    stride *= length;
  }
  return least == std::numeric_limits<std::int64_t>::max() ? 0 : least;
}

/// Whole groups on either side: the best split of up to 16 groups, else those of the first half. Of an odd number, the middle group is split.
std::vector<bool> group_split(const RouterGraph& graph, const DirectShape& shape, const std::vector<std::uint32_t>& group_of) {
  const auto groups = static_cast<std::uint32_t>(shape.groups);
  std::vector<bool> side(graph.routers);
  if (groups % 2 == 0 && groups <= most_enumerated) {
    RouterGraph of_groups{groups, {}};
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> between;
    for (const auto& edge : graph.edges) {
      if (group_of[edge.a] != group_of[edge.b]) between[std::minmax(group_of[edge.a], group_of[edge.b])] += edge.mbps;
    }
    for (const auto& [pair, mbps] : between) of_groups.edges.push_back({pair.first, pair.second, mbps});
    const auto best = best_split(of_groups);
    for (std::uint32_t r = 0; r < graph.routers; ++r) side[r] = best[group_of[r]];
    return side;
  }
  // Routers of a group follow each other; dragonfly+ has all leaves before all spines.
  const auto leaves = static_cast<std::uint32_t>(shape.spines > 0 ? shape.group_size * shape.groups : graph.routers);
  for (std::uint32_t r = 0; r < graph.routers; ++r) side[r] = r < leaves ? 2 * r < leaves : 2 * (r - leaves) < graph.routers - leaves;
  return side;
}

/// Spines carry no nodes, so each may stand on whichever side lowers the cut, one after the other as long as one does.
std::int64_t settle_spines(const RouterGraph& graph, std::uint32_t first_spine, std::vector<bool>& side) {
  for (std::uint32_t round = 0; round < graph.routers && graph.routers <= most_improved; ++round) {
    std::vector<std::int64_t> gain(graph.routers, 0);
    for (const auto& edge : graph.edges) {
      const auto change = side[edge.a] != side[edge.b] ? edge.mbps : -edge.mbps;
      gain[edge.a] += change;
      gain[edge.b] += change;
    }
    const auto best = std::max_element(gain.begin() + first_spine, gain.end());
    if (*best <= 0) break;
    const auto spine = static_cast<std::size_t>(best - gain.begin());
    side[spine] = !side[spine];
  }
  return cut_of(graph, side);
}

std::vector<std::uint32_t> groups_of(const RouterGraph& graph, const DirectShape& shape) {
  std::vector<std::uint32_t> group(graph.routers);
  const auto leaves = shape.spines > 0 ? shape.group_size * shape.groups : std::int64_t{graph.routers};
  for (std::int64_t r = 0; r < std::int64_t{graph.routers}; ++r)
    group[static_cast<std::size_t>(r)] = static_cast<std::uint32_t>(r < leaves ? r / shape.group_size : (r - leaves) / shape.spines);
  return group;
}

} // namespace

std::optional<Mbps> least_cut(const Plan& plan, const FabricLayout& layout) {
  const auto& fabric = plan.spec.fabrics[layout.fabric.index()];
  const auto graph = graph_of(plan, layout);
  std::int64_t cut = 0;
  if (graph.routers < 2) return std::nullopt;
  switch (fabric.topology) {
  case Topology::torus: cut = graph.routers <= most_enumerated ? cut_of(graph, best_split(graph)) : torus_cut(graph, layout.shape.dimensions); break;
  case Topology::dragonfly_plus: {
    auto side = group_split(graph, layout.shape, groups_of(graph, layout.shape));
    cut = settle_spines(graph, static_cast<std::uint32_t>(layout.shape.group_size * layout.shape.groups), side);
    break;
  }
  case Topology::dragonfly:
  case Topology::slim_fly: {
    if (graph.routers <= most_enumerated) {
      cut = cut_of(graph, best_split(graph));
      break;
    }
    auto side = group_split(graph, layout.shape, groups_of(graph, layout.shape));
    cut = improved_cut(graph, side);
    // Halves that follow each other from another start: in Slim Fly, the first half against the second meets most links.
    for (std::uint32_t eighth = 1; eighth < 4; ++eighth) {
      std::fill(side.begin(), side.end(), false);
      for (std::uint32_t i = 0; i < graph.routers / 2; ++i) side[(graph.routers * eighth / 8 + i) % graph.routers] = true;
      cut = std::min(cut, improved_cut(graph, side));
    }
    break;
  }
  default: return std::nullopt;
  }
  return Mbps(cut * fabric.planes);
}

} // namespace icplan
