// SPDX-License-Identifier: Apache-2.0
// The permutations that a fabric is tried with.
#pragma once

#include "throughput.hpp"

#include <utility>
#include <vector>

namespace icplan {

/// Positions of ports of a plane: who sends to whom. Every port sends to one port of its own rail at most, and receives from one.
using PortPairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// The i-th port of a rail to the one half of the rail away; to the next one, of another domain.
[[nodiscard]] PortPairs half_shift(const TrafficPlane& plane);
[[nodiscard]] PortPairs ring(const TrafficPlane& plane);
/// The i-th port of a rail in a group (pod, dragonfly group, leaf; the last cut of the plane) to the i-th in the next group. Where groups differ,
/// some ports have no partner.
[[nodiscard]] PortPairs next_group(const TrafficPlane& plane);
/// Leaf by leaf, to the farthest leaves of the rail that have ports left, of equally far ones to those that follow. Empty where there are too many
/// leaves.
[[nodiscard]] PortPairs longest_matching(const TrafficPlane& plane);

} // namespace icplan
