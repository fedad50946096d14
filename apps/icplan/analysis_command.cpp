// SPDX-License-Identifier: Apache-2.0
// The commands that analyse a plan: each prints one report of it.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/report/bandwidth.hpp"
#include "icplan/report/collectives.hpp"
#include "icplan/report/energy.hpp"
#include "icplan/report/failures.hpp"
#include "icplan/report/latency.hpp"
#include "icplan/report/report.hpp"
#include "icplan/report/workloads.hpp"

#include <functional>

namespace icplan::app {
namespace {

/// A report in its formats: sections for text and Markdown, the main table as CSV, the document.
struct AnalysisReport {
  std::function<std::vector<Section>(const Plan&)> sections;
  std::function<std::string(const Plan&)> csv;
  std::function<std::string(const Plan&)> json;
};

int run_analysis(const ReportOptions& options, const AnalysisReport& report) {
  Session session;
  const auto plan = plan_and_tell(options.spec, options.common, session);
  if (!plan) return exit_refused;
  if (options.format == "csv") {
    print(report.csv(*plan));
  } else if (options.format == "json") {
    print(report.json(*plan));
  } else {
    const auto sections = report.sections(*plan);
    if (options.format == "md") print(render_markdown(plan->spec.name, sections));
    else print_sections(plan->spec.name, sections);
  }
  return plan->has_errors() ? exit_refused : exit_fine;
}

} // namespace

int run_bandwidth(const AnalysisOptions& options) {
  if (!options.collectives) return run_analysis(options, {bandwidth_sections, bandwidth_csv, bandwidth_json});
  const auto in_network = options.in_network;
  return run_analysis(options, {[in_network](const Plan& plan) { return collective_sections(plan, in_network); },
                                [in_network](const Plan& plan) { return collectives_csv(plan, in_network); },
                                [in_network](const Plan& plan) { return collectives_json(plan, in_network); }});
}

int run_latency(const AnalysisOptions& options) { return run_analysis(options, {latency_sections, latency_csv, latency_json}); }
int run_power(const AnalysisOptions& options) { return run_analysis(options, {power_sections, power_csv, power_json}); }
int run_cost(const AnalysisOptions& options) { return run_analysis(options, {capital_sections, capital_csv, capital_json}); }

int run_workloads(const AnalysisOptions& options) { return run_analysis(options, {workload_sections, workloads_csv, workloads_json}); }

int run_failures(const AnalysisOptions& options) { return run_analysis(options, {failure_sections, failures_csv, failures_json}); }

} // namespace icplan::app
