// SPDX-License-Identifier: Apache-2.0
// What `icplan bandwidth` prints.
#pragma once

#include "icplan/report/report.hpp"

#include <string>
#include <vector>

namespace icplan {

/// Injection, tiers, bisection, throughput of patterns and between two nodes, of every fabric that joins GPUs.
[[nodiscard]] std::vector<Section> bandwidth_sections(const Plan& plan);
/// One row for each figure.
[[nodiscard]] std::string bandwidth_csv(const Plan& plan);
/// The document, format icplan.bandwidth/1.
[[nodiscard]] std::string bandwidth_json(const Plan& plan);

} // namespace icplan
