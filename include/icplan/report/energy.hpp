// SPDX-License-Identifier: Apache-2.0
// What the plan draws, what a bit takes, and what all of it costs, as tables and documents.
#pragma once

#include "icplan/report/report.hpp"

#include <string>
#include <vector>

namespace icplan {

/// Power by class, fabric and tier, hall, row and rack; energy per bit and per year; the network's share. Of racks the heaviest only.
[[nodiscard]] std::vector<Section> power_sections(const Plan& plan);
/// Every line of power: classes, tiers, halls, rows, all racks.
[[nodiscard]] std::string power_csv(const Plan& plan);
/// The document, format icplan.power/1.
[[nodiscard]] std::string power_json(const Plan& plan);

/// Cost by kind, fabric and tier; for each GPU and Gb/s; the network's share; energy beside.
[[nodiscard]] std::vector<Section> capital_sections(const Plan& plan);
/// Every line of cost.
[[nodiscard]] std::string capital_csv(const Plan& plan);
/// The document, format icplan.cost/1.
[[nodiscard]] std::string capital_json(const Plan& plan);

} // namespace icplan
