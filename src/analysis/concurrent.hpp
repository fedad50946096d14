// SPDX-License-Identifier: Apache-2.0
// The maximum concurrent flow of a demand, approached from both sides.
#pragma once

#include "demand.hpp"

#include <cstdint>
#include <vector>

namespace icplan {

/// Arcs that carry the same: their capacity together and, by arc, the number of their class.
struct FlowClasses {
  std::vector<double> capacity;
  const std::vector<std::uint32_t>& of_arc;
};

/// A sender, and how many there are of its class.
struct FlowSource {
  std::uint32_t leaf = 0;
  double times = 0;
};

/// The most that all demands get at once, as a multiple of the demand: `lower` by a flow that was found, `upper` by lengths of the arcs.
struct FlowBounds {
  double lower = 0;
  double upper = 0;
};

/// Narrows `known`, starting from a flow that loads the classes as `load` says: moves it step by step towards shortest paths by lengths that grow
/// with the load (Frank and Wolfe 1956, on the exponential potential of Bienstock, "Potential function methods for approximately solving linear
/// programming problems", 2002). Every set of lengths bounds the throughput from above: capacity times length over demand times distance. Ends at a
/// gap of 1e-4 or after a fixed amount of work.
[[nodiscard]] FlowBounds narrow_flow(const SwitchGraph& graph, const Demand& demand, const std::vector<FlowSource>& sources,
                                     const FlowClasses& classes, std::vector<double> load, FlowBounds known);

} // namespace icplan
