// SPDX-License-Identifier: Apache-2.0
// Whether the figures of a saved plan agree with its lists.
#pragma once

#include "icplan/plan/saved_plan.hpp"

namespace icplan {

/// Reckons counts and totals again of the rows that were read, and reports each that differs. `where`: the plan document.
void check_saved_plan(const PlanRecord& record, const std::string& shown, SourceRange where, Sink& sink);

} // namespace icplan
