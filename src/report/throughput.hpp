// SPDX-License-Identifier: Apache-2.0
// Throughput of patterns as rows, figures and JSON.
#pragma once

#include "icplan/analysis/traffic.hpp"
#include "icplan/json/writer.hpp"
#include "icplan/report/report.hpp"

#include <string>
#include <vector>

namespace icplan {

/// `patterns`: one for each fabric of `traffic`.
[[nodiscard]] Section throughput_section(const Plan& plan, const std::vector<FabricTraffic>& traffic, const std::vector<FabricPatterns>& patterns);
[[nodiscard]] Section node_pair_section(const Plan& plan, const std::vector<FabricTraffic>& traffic, const std::vector<FabricPatterns>& patterns);

/// One figure of a list of them; an upper bound has a figure of its own.
struct ThroughputFigure {
  std::string name;
  std::string_view unit;
  std::string value;
};
[[nodiscard]] std::vector<ThroughputFigure> throughput_figures(const FabricPatterns& patterns);

/// Members `throughput`, `worst_permutation_gbps_per_gpu`, `rails_apart` and `node_pair` of the open object.
void write_throughput(json::Writer& out, const Plan& plan, const FabricPatterns& patterns);

} // namespace icplan
