// SPDX-License-Identifier: Apache-2.0
// What one node can send to another while the rest is idle.
#pragma once

#include "throughput.hpp"

#include <optional>

namespace icplan {

/// The least maximum flow between the pairs of nodes that are tried (see `NodePair`), over all planes; any port of a node may send to any of the
/// other.
[[nodiscard]] std::optional<NodePair> measure_node_pair(const Plan& plan, const TrafficPlanes& all);

} // namespace icplan
