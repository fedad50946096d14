// SPDX-License-Identifier: Apache-2.0
// What a plan's documents would say, without writing them.
#pragma once

#include "icplan/plan/plan.hpp"
#include "icplan/plan/saved_plan.hpp"

#include <vector>

namespace icplan {

/// Nodes by group of the spec and model, in spec order.
[[nodiscard]] std::vector<PlanRecord::NodeGroup> count_node_groups(const Plan& plan);

/// The record of a plan: equal to what `read_saved_plan` reads of the plan's documents. Holds copies only. O(links + devices).
[[nodiscard]] PlanRecord record_plan(const Plan& plan);

} // namespace icplan
