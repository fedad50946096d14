// SPDX-License-Identifier: Apache-2.0
// icplan plan, bom, cables: one plan, printed or written.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/base/text.hpp"
#include "icplan/report/report.hpp"
#include "workbook.hpp"

#include <cstdio>

namespace icplan::app {
namespace {

std::string title(const Plan& plan) { return plan.spec.name; }

/// The bill of materials in one of its formats; as text for a terminal of so many columns.
std::string bom_text(const Plan& plan, const std::string& format, std::size_t columns) {
  if (format == "csv") return bom_csv(plan);
  const std::vector<Section> sections = {bom_section(plan), cost_section(plan)};
  if (format == "xlsx") return workbook_bytes({{"bill of materials", bom_table(plan)}, {"cost by fabric", sections[1].table}});
  return format == "md" ? render_markdown(title(plan), sections) : render_text(title(plan), sections, columns);
}

int exit_code(const Plan& plan) { return plan.has_errors() ? exit_refused : exit_fine; }

} // namespace

int run_plan(const PlanOptions& options) {
  Session session;
  const auto plan = plan_spec(options.spec, options.common, session);
  if (!plan) {
    print_findings(session, options.common.quiet ? Severity::error : Severity::note);
    return exit_refused;
  }
  if (!options.output.empty()) {
    std::vector<OutputFile> files = {
        {"plan.json", [&](const auto& out) { out(plan_json(*plan)); }},
        {"bom.csv", [&](const auto& out) { out(bom_csv(*plan)); }},
        {"cables.csv", [&](const auto& out) { write_cables_csv(*plan, out); }},
        {"bom.md", [&](const auto& out) { out(bom_text(*plan, "md", 0)); }},
        {"report.md", [&](const auto& out) { out(render_markdown(title(*plan), summarise_plan(*plan, options.explain))); }}};
    if (plan->spec.names.label) files.push_back({"labels.csv", [&](const auto& out) { write_labels_csv(*plan, out); }});
    write_files(options.output, files);
  }
  if (options.format == "json") {
    print(plan_json(*plan));
  } else if (options.format == "md") {
    print(render_markdown(title(*plan), summarise_plan(*plan, options.explain)));
  } else if (!options.common.quiet) {
    print_sections(title(*plan), summarise_plan(*plan, options.explain));
  }
  if (plan->has_errors()) print_findings(session, Severity::error);
  return exit_code(*plan);
}

/// Rows, then errors without their file, which git writes to another place every time.
static int print_for_git(const BomOptions& options) {
  if (options.format == "xlsx") {
    std::fputs("icplan: git compares lines of text: with --textconv the format is csv or md\n", stderr);
    return exit_usage;
  }
  Session session;
  const auto plan = plan_spec(options.spec, options.common, session);
  std::string text = plan ? bom_text(*plan, options.format == "text" ? "csv" : options.format, 0) : "# no plan\n";
  for (const auto& finding : session.judged().findings) {
    if (finding.severity != Severity::error) continue;
    text += "# " + code_text(finding.code) + ": " + finding.message;
    if (finding.where.valid()) text += " (line " + std::to_string(session.sources->position(finding.where.file, finding.where.begin).line) + ")";
    text += "\n";
  }
  print(text);
  return exit_fine;
}

int run_bom(const BomOptions& options) {
  if (options.textconv) return print_for_git(options);
  if (is_same_file(options.output, options.spec)) {
    std::fprintf(stderr, "icplan: -o %s would replace the spec\n", options.output.c_str());
    return exit_usage;
  }
  const bool workbook = options.format == "xlsx";
  if (workbook && !has_workbooks()) {
    std::fputs("icplan: this build has no libxlsxwriter; install it (Debian: libxlsxwriter-dev) and build icplan again, or use --format csv\n",
               stderr);
    return exit_usage;
  }
  const bool to_output = options.output.empty() || options.output == "-";
  if (workbook && (options.output.empty() || (to_output && output_is_terminal()))) {
    std::fputs("icplan: a workbook is no text: name the file with -o\n", stderr);
    return exit_usage;
  }
  Session session;
  const auto plan = plan_and_tell(options.spec, options.common, session);
  if (!plan) return exit_refused;
  const auto text = bom_text(*plan, options.format, to_output ? output_columns() : 0);
  write_file(to_output ? "-" : options.output, [&](const auto& out) { out(text); });
  return exit_code(*plan);
}

int run_cables(const CablesOptions& options) {
  Session session;
  const auto plan = plan_and_tell(options.spec, options.common, session);
  if (!plan) return exit_refused;
  const auto sections = [&] { return std::vector<Section>{media_section(*plan), length_section(*plan)}; };
  if (options.format == "text") {
    print_sections(title(*plan), sections());
    return exit_code(*plan);
  }
  if (options.format == "md") {
    print(render_markdown(title(*plan), sections()));
    return exit_code(*plan);
  }
  write_cables_csv(*plan, [](std::string_view text) { print(text); }, options.terms);
  return exit_code(*plan);
}

int run_labels(const ReportOptions& options) {
  Session session;
  const auto plan = plan_and_tell(options.spec, options.common, session);
  if (!plan) return exit_refused;
  write_labels_csv(*plan, [](std::string_view text) { print(text); });
  return exit_code(*plan);
}

int run_trays(const ReportOptions& options) {
  Session session;
  const auto plan = plan_and_tell(options.spec, options.common, session);
  if (!plan) return exit_refused;
  if (options.format == "csv") {
    print(trays_csv(*plan));
  } else {
    const auto section = tray_section(*plan);
    if (options.format == "md") print(render_markdown(title(*plan), {&section, 1}));
    else print_sections(title(*plan), {&section, 1});
  }
  return exit_code(*plan);
}

} // namespace icplan::app
