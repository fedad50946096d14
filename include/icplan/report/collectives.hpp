// SPDX-License-Identifier: Apache-2.0
// What `icplan bandwidth --collectives` prints.
#pragma once

#include "icplan/json/writer.hpp"
#include "icplan/report/report.hpp"

#include <string>
#include <vector>

namespace icplan {

/// The rates and latencies that are reckoned with, then one table for each collective of each group of GPUs. `in_network`: all switches are taken to
/// add up.
[[nodiscard]] std::vector<Section> collective_sections(const Plan& plan, bool in_network = false);
/// One row for each group, collective, algorithm and size.
[[nodiscard]] std::string collectives_csv(const Plan& plan, bool in_network = false);
/// The document, format icplan.collectives/1.
[[nodiscard]] std::string collectives_json(const Plan& plan, bool in_network = false);

} // namespace icplan
