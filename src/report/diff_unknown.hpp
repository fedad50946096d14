// SPDX-License-Identifier: Apache-2.0
// Changes that are exact although figures are not: where what is not known is the same on both sides.
#pragma once

#include "icplan/report/diff.hpp"

#include <cstdint>
#include <optional>

namespace icplan {

/// What cost changes by, in cents, where the parts that it misses are the same on both sides, piece for piece. Nothing where they are not, or where
/// the bill of materials does not come to the total.
[[nodiscard]] std::optional<std::int64_t> sure_cost_change(const PlanRecord& before, const PlanRecord& after);
/// Whether nothing that draws power differs, so that no power does. A record does not say which plugs draw how much and which hosts include them, so
/// that a change cannot be reckoned.
[[nodiscard]] bool same_power(const PlanDiff& diff);
/// Whether a fabric has the same switches, figures and cables on both sides, so that its bisection is the same, known or not.
[[nodiscard]] bool same_bisection(const PlanDiff& diff, const PlanRecord::Fabric& before, const PlanRecord::Fabric& after);

} // namespace icplan
