// SPDX-License-Identifier: Apache-2.0
// What crosses the middle of a direct topology.
#pragma once

#include "icplan/plan/plan.hpp"

#include <optional>

namespace icplan {

/// One-way capacity, over all planes, of the least cut into two halves of the routers: exact for a torus whose longest dimension is even (across that
/// one) and for at most 16 routers (all cuts looked at); otherwise, and for dragonfly+ always, the least of the cuts that were tried, which the true
/// one cannot exceed. Nothing for other topologies.
[[nodiscard]] std::optional<Mbps> least_cut(const Plan& plan, const FabricLayout& layout);

} // namespace icplan
