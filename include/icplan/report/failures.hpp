// SPDX-License-Identifier: Apache-2.0
// What `icplan failures` prints.
#pragma once

#include "icplan/report/report.hpp"

#include <string>
#include <vector>

namespace icplan {

/// The worst single failure of each kind, one table for each fabric.
[[nodiscard]] std::vector<Section> failure_sections(const Plan& plan);
/// The same, one row for each fabric and kind.
[[nodiscard]] std::string failures_csv(const Plan& plan);
/// The document, format icplan.failures/1.
[[nodiscard]] std::string failures_json(const Plan& plan);

} // namespace icplan
