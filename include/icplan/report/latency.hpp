// SPDX-License-Identifier: Apache-2.0
// Latency of every fabric that joins GPUs, for readers and programs.
#pragma once

#include "icplan/report/report.hpp"

#include <string>
#include <vector>

namespace icplan {

/// One section for each fabric that nodes with GPUs have ports in.
[[nodiscard]] std::vector<Section> latency_sections(const Plan& plan);
/// One row for each fabric and class, in nanoseconds.
[[nodiscard]] std::string latency_csv(const Plan& plan);
/// The document, format icplan.latency/1.
[[nodiscard]] std::string latency_json(const Plan& plan);

} // namespace icplan
