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
  void search(std::uint32_t source, const std::vector<double>& demand);

  const SwitchGraph& graph_;
  /// Over the greatest one.
  std::vector<double> capacity_;
  std::vector<std::int32_t> distance_;
  std::vector<double> paths_;
  std::vector<double> carried_;
  std::vector<std::uint32_t> order_;
  std::int64_t work_ = 0;
};

} // namespace icplan
