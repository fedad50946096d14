// SPDX-License-Identifier: Apache-2.0
// What the workloads of a spec ask of the network, for readers and programs.
#pragma once

#include "icplan/report/report.hpp"

#include <string>
#include <vector>

namespace icplan {

namespace json {
class Writer;
}

/// One row for each workload.
[[nodiscard]] Section workload_section(const Plan& plan);
/// That, and a section for each workload with every term.
[[nodiscard]] std::vector<Section> workload_sections(const Plan& plan);
/// One row for each workload.
[[nodiscard]] std::string workloads_csv(const Plan& plan);
/// The document, format icplan.workloads/1.
[[nodiscard]] std::string workloads_json(const Plan& plan);
/// Its `network` and `workloads`, as members of the object that is open.
void write_workloads(json::Writer& out, const Plan& plan);

} // namespace icplan
