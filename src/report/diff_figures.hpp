// SPDX-License-Identifier: Apache-2.0
// Figures of two plans side by side, and how they are written.
#pragma once

#include "icplan/report/diff.hpp"

#include <string>
#include <vector>

namespace icplan {

/// Every total of both plans.
[[nodiscard]] std::vector<PlanDiff::Figure> total_figures(const PlanRecord::Totals& before, const PlanRecord::Totals& after);
/// Every figure of a fabric; either may be missing.
[[nodiscard]] std::vector<PlanDiff::Figure> fabric_figures(const PlanRecord::Fabric* before, const PlanRecord::Fabric* after);

[[nodiscard]] ComparedValue bisection_value(const PlanRecord::Fabric& fabric);

/// "$1,234.50", ">= 12,000 W", "unknown", "-" for nothing.
[[nodiscard]] std::string figure_text(const ComparedValue& value, std::string_view unit, int decimals);
/// "+$1,234.50 (+5 %)": what is added, where both are known exactly; "?" where it cannot be told.
[[nodiscard]] std::string change_text(const ComparedValue& before, const ComparedValue& after, std::string_view unit, int decimals);
/// "+5.2 %" of the old figure, rounded to a tenth; empty where it is 0 or either is not known.
[[nodiscard]] std::string percent_text(const ComparedValue& before, const ComparedValue& after);
/// "+1,234", "-5", "0".
[[nodiscard]] std::string signed_count(std::int64_t value);

} // namespace icplan
