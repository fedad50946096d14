// SPDX-License-Identifier: Apache-2.0
// Classes of switches that are alike, and demands spread over shortest paths.
#pragma once

#include "demand.hpp"

#include <cstdint>
#include <vector>

namespace icplan {

/// By vertex, the number of its class: vertices of one class have the same links into every class, and the same share in the demand (colour
/// refinement, also called the coarsest equitable partition). Numbers start at 0 and depend on nothing but the graph and the demand. O((links +
/// shares) x rounds).
[[nodiscard]] std::vector<std::uint32_t> refine_classes(const SwitchGraph& graph, const Demand& demand);

/// Spreads what one switch sends over all shortest paths, each in proportion to the product of the capacities along it (accumulated as by Brandes, "A
/// faster algorithm for betweenness centrality", 2001).
class Spreader {
public:
  explicit Spreader(const SwitchGraph& graph);

  /// Adds `factor` times the flow to `load`, which is by arc, and returns the sum of demand times distance. `demand` is by vertex. Looks no further
  /// than the farthest vertex that gets something.
  double spread(std::uint32_t source, const std::vector<double>& demand, double factor, std::vector<double>& load);
  /// Arcs that all calls have looked at.
  [[nodiscard]] std::int64_t work() const { return work_; }

private:
  /// For so few targets, ways are sought from both ends: all others of a large network are not looked at.
  static constexpr std::uint32_t few = 4;

  /// A search by breadth.
  struct Search {
    explicit Search(std::uint32_t vertices) : distance(vertices, -1), paths(vertices, 0) {}
    void start(std::uint32_t from);

    /// By vertex: how far it is, -1 where that is not known; the products of capacities along all shortest paths to it.
    std::vector<std::int32_t> distance;
    std::vector<double> paths;
    /// As they were found; from `next` on those of the last level.
    std::vector<std::uint32_t> order;
    std::size_t next = 0;
    std::int32_t level = 0;
  };
  /// One level more; `found(v)` hears of every new vertex.
  template <class Found> void step(Search& search, const Found& found);
  /// Brings what `carried_` holds back to the start, over all shortest paths; `take(arc, flow)` hears of the arcs that lead there.
  template <class Take> void walk_back(const Search& search, const Take& take);
  double spread_to(std::uint32_t source, std::uint32_t target, double amount, std::vector<double>& load);

  const SwitchGraph& graph_;
  /// Over the greatest one.
  std::vector<double> capacity_;
  Search from_source_;
  Search from_target_;
  std::vector<double> carried_;
  std::int64_t work_ = 0;
};

} // namespace icplan
