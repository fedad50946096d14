// SPDX-License-Identifier: Apache-2.0
// icplan plan, bom, cables: one plan, printed or written.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/base/text.hpp"
#include "icplan/report/report.hpp"

#include <cstdio>

namespace icplan::app {
namespace {

std::string title(const Plan& plan) { return plan.spec.name; }

int exit_code(const Plan& plan) { return plan.has_errors() ? exit_refused : exit_fine; }

} // namespace

int run_plan(const PlanOptions& options) {
  Session session;
  const auto plan = plan_spec(options.spec, options.common, session);
  if (!plan) {
    print_findings(session, Severity::note);
    return exit_refused;
  }
  if (!options.output.empty()) {
    write_files(options.output,
                {{"plan.json", [&](const auto& out) { out(plan_json(*plan)); }},
                 {"bom.csv", [&](const auto& out) { out(bom_csv(*plan)); }},
                 {"cables.csv", [&](const auto& out) { write_cables_csv(*plan, out); }},
                 {"report.md", [&](const auto& out) { out(render_markdown(title(*plan), summarise_plan(*plan, options.explain))); }}});
  }
  if (options.format == "json") {
    print(plan_json(*plan));
  } else if (options.format == "md") {
    print(render_markdown(title(*plan), summarise_plan(*plan, options.explain)));
  } else if (!options.common.quiet) {
    print(render_text(title(*plan), summarise_plan(*plan, options.explain)));
  }
  if (plan->has_errors()) print_findings(session, Severity::error);
  return exit_code(*plan);
}

int run_bom(const ReportOptions& options) {
  Session session;
  const auto plan = plan_spec(options.spec, options.common, session);
  print_findings(session, options.common.quiet ? Severity::error : plan ? Severity::warning : Severity::note);
  if (!plan) return exit_refused;
  const auto section = bom_section(*plan);
  if (options.format == "csv") {
    print(bom_csv(*plan));
  } else if (options.format == "md") {
    print(render_markdown(title(*plan), {&section, 1}));
  } else {
    print(render_text(title(*plan), {&section, 1}));
  }
  return exit_code(*plan);
}

int run_cables(const ReportOptions& options) {
  Session session;
  const auto plan = plan_spec(options.spec, options.common, session);
  print_findings(session, options.common.quiet ? Severity::error : plan ? Severity::warning : Severity::note);
  if (!plan) return exit_refused;
  write_cables_csv(*plan, [](std::string_view text) { print(text); });
  return exit_code(*plan);
}

} // namespace icplan::app
