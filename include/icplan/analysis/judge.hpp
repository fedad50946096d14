// SPDX-License-Identifier: Apache-2.0
// Holds a plan against the limits and expectations that its spec states.
#pragma once

#include "icplan/plan/plan.hpp"

#include <optional>
#include <string_view>

namespace icplan {

/// A count by the name that `expected` uses: "gpus", "racks", "compute.leaf". Nothing for a name that the plan does not have.
[[nodiscard]] std::optional<std::int64_t> named_count(const Plan& plan, std::string_view name);

/// What the whole plan costs, draws and takes, and which parts it holds, against the limits.
void judge_whole(const Plan& plan, Sink& sink);

/// Reports every limit that the plan breaks and every expectation that it misses, NICs that their slots limit, and cages that breakouts disable.
void judge_plan(const Plan& plan, Sink& sink);

} // namespace icplan
