// SPDX-License-Identifier: Apache-2.0
// The commands: each takes its options and returns the exit code.
#pragma once

#include "session.hpp"

#include <string>
#include <vector>

namespace icplan::app {

/// 0 fine; 1 the spec has errors or a check says no; 2 wrong usage; 3 the environment failed.
enum ExitCode : int { exit_fine = 0, exit_refused = 1, exit_usage = 2, exit_failed = 3 };

struct PlanOptions {
  CommonOptions common;
  std::string spec;
  std::string format = "text";
  std::string output;
  bool explain = false;
};
int run_plan(const PlanOptions& options);

struct ReportOptions {
  CommonOptions common;
  std::string spec;
  std::string format;
  /// The file to write instead of standard output; only of `bom`.
  std::string output;
};
struct BomOptions : ReportOptions {
  /// For git: what cannot be planned gives its errors in place of rows, and no failure.
  bool textconv = false;
};
int run_bom(const BomOptions& options);
struct CablesOptions : ReportOptions {
  /// Also print what each length is made of.
  bool terms = false;
};
int run_cables(const CablesOptions& options);
int run_labels(const ReportOptions& options);
int run_trays(const ReportOptions& options);

/// Of the commands that analyse a plan.
struct AnalysisOptions : ReportOptions {
  /// bandwidth: times of collectives in place of what links carry; whether all switches are taken to add up.
  bool collectives = false;
  bool in_network = false;
};
int run_bandwidth(const AnalysisOptions& options);
int run_latency(const AnalysisOptions& options);
int run_workloads(const AnalysisOptions& options);
int run_power(const AnalysisOptions& options);
int run_cost(const AnalysisOptions& options);
int run_failures(const AnalysisOptions& options);

struct ExportOptions : ReportOptions {
  /// Of another program.
  std::string to = "simgrid";
  /// Empty: the first.
  std::string fabric;
  /// Cables that have failed.
  std::vector<std::string> without;
};
int run_export(const ExportOptions& options);

struct CompareOptions {
  CommonOptions common;
  std::vector<std::string> specs;
  std::string format = "text";
};
int run_compare(const CompareOptions& options);

struct DiffOptions {
  CommonOptions common;
  /// Old and new; with `git` the one spec.
  std::vector<std::string> specs;
  std::string format = "text";
  /// The revision that the old side is taken of; empty: none.
  std::string git;
  /// Changes that are too much.
  std::vector<std::string> fail_on;
  /// Whether a difference is told by the exit code.
  bool exit_code = false;
};
int run_diff(const DiffOptions& options);

struct ValidateOptions {
  CommonOptions common;
  /// Specs, catalogs, saved plans.
  std::vector<std::string> specs;
  std::string format = "text";
  /// The file to write instead of standard output.
  std::string output;
  /// Codes that become errors, warnings, nothing.
  std::vector<std::string> deny;
  std::vector<std::string> warn;
  std::vector<std::string> allow;
  /// Warnings are errors.
  bool strict = false;
  /// The day that suppressions are judged on.
  std::string today;
};
int run_validate(const ValidateOptions& options);

struct ExplainOptions {
  CommonOptions common;
  /// A code, or with `spec` a cable.
  std::string code;
  std::string spec;
  std::string format = "text";
};
int run_explain(const ExplainOptions& options);

struct CatalogOptions {
  CommonOptions common;
  /// list: a kind, or empty for all; show: a part.
  std::string argument;
  /// lint: the table of what real parts join, in this format, in place of the findings.
  bool coverage = false;
  std::string format = "text";
};
int run_catalog_list(const CatalogOptions& options);
int run_catalog_show(const CatalogOptions& options);
int run_catalog_lint(const CatalogOptions& options);

struct InitOptions {
  /// Empty: the default.
  std::string name_of_template;
  bool list = false;
  /// The file to write; empty or "-": standard output.
  std::string output;
  bool force = false;
  /// What the spec says in place of the template: a name, if not empty, and a count of nodes, if not 0.
  std::string name;
  std::int64_t nodes = 0;
};
int run_init(const InitOptions& options);

struct SchemaOptions {
  std::string document;
};
int run_schema(const SchemaOptions& options);

} // namespace icplan::app
