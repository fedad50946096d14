// SPDX-License-Identifier: Apache-2.0
// What the NICs of a fabric can speak with each other.
#pragma once

#include "icplan/plan/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace icplan {

/// The transports that all NICs attached to a fabric share, in the order of the first one's catalog entry. Nothing where a node does not name its NIC, or
/// a NIC does not state what it speaks; an empty list where they have nothing in common.
[[nodiscard]] std::optional<std::vector<std::string>> shared_transports(const Plan& plan, FabricId fabric);

} // namespace icplan
