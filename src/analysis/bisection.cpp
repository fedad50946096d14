// SPDX-License-Identifier: Apache-2.0
// The least cut that splits the routers of a direct topology in two halves, from the plan's own links.
#include "bisection.hpp"

#include <algorithm>
#include <array>
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

/// All splits into equal halves (one router more on one side of an odd number); the first router stays on its side.
std::int64_t enumerate(const RouterGraph& graph) {
  const auto n = graph.routers;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::vector<bool> side(n);
  for (std::uint32_t mask = 0; mask < (1U << n); ++mask) {
    std::uint32_t ones = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      side[i] = (mask >> i & 1U) != 0;
      ones += side[i] ? 1U : 0U;
    }
    if (ones == n / 2) least = std::min(least, cut_of(graph, side));
  }
  return least;
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

/// Half of the routers in the order of their numbers, that is of their groups, from a start that is shifted.
std::int64_t contiguous(const RouterGraph& graph, std::uint32_t start, bool better) {
  std::vector<bool> side(graph.routers, false);
  for (std::uint32_t i = 0; i < graph.routers / 2; ++i) side[(start + i) % graph.routers] = true;
  return better ? improve(graph, side) : cut_of(graph, side);
}

/// Across the longest dimension, in the middle: two faces where the dimension wraps.
std::int64_t torus_cut(const RouterGraph& graph, const std::vector<std::int64_t>& lengths) {
  const auto longest = std::max_element(lengths.begin(), lengths.end());
  const auto stride = std::accumulate(lengths.begin(), longest, std::int64_t{1}, std::multiplies<>());
  std::vector<bool> side(graph.routers);
  for (std::uint32_t r = 0; r < graph.routers; ++r) side[r] = r / stride % *longest < *longest / 2;
  return cut_of(graph, side);
}

/// Dragonfly+: whole groups on either side; of an odd number, the middle one is split leaf by leaf and spine by spine.
std::int64_t group_cut(const RouterGraph& graph, const DirectShape& shape) {
  const auto leaves = shape.group_size * shape.groups;
  std::vector<bool> side(graph.routers);
  for (std::int64_t r = 0; r < static_cast<std::int64_t>(graph.routers); ++r) {
    const bool leaf = r < leaves;
    const auto size = leaf ? shape.group_size : shape.spines;
    side[static_cast<std::size_t>(r)] = 2 * (leaf ? r : r - leaves) < size * shape.groups;
  }
  return cut_of(graph, side);
}

} // namespace

std::optional<Mbps> least_cut(const Plan& plan, const FabricLayout& layout) {
  const auto& fabric = plan.spec.fabrics[layout.fabric.index()];
  const auto graph = graph_of(plan, layout);
  std::int64_t cut = 0;
  switch (fabric.topology) {
  case Topology::torus: cut = torus_cut(graph, layout.shape.dimensions); break;
  case Topology::dragonfly_plus: cut = group_cut(graph, layout.shape); break;
  case Topology::dragonfly:
  case Topology::slim_fly: {
    if (graph.routers <= most_enumerated) {
      cut = enumerate(graph);
      break;
    }
    const bool better = graph.routers <= most_improved;
    cut = contiguous(graph, 0, better);
    for (const auto part : {1U, 2U, 3U}) cut = std::min(cut, contiguous(graph, graph.routers * part / 8, better));
    break;
  }
  default: return std::nullopt;
  }
  return Mbps(cut * fabric.planes);
}

} // namespace icplan
