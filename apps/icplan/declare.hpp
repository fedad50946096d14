// SPDX-License-Identifier: Apache-2.0
// How commands are declared: each by a function of its own, which runs nothing. The command line, the man pages, the completions and the
// pages under docs/commands come from the same declarations.
#pragma once

#include "commands.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace icplan::app {

/// How many inputs of a command are standard input.
template <class Options> std::size_t standard_inputs(const Options& options) {
  std::size_t inputs = 0;
  [[maybe_unused]] const auto count = [&](const std::string& name) {
    if (name == "-") ++inputs;
  };
  if constexpr (requires(Options & any) { any.spec; }) count(options.spec);
  if constexpr (requires(Options & any) { any.specs; }) std::for_each(options.specs.begin(), options.specs.end(), count);
  if constexpr (requires(Options & any) { any.common; }) count(options.common.prices);
  return inputs;
}

/// Runs the command that the arguments name, and keeps its exit code.
struct Runner {
  int code = exit_fine;

  /// Has `run` called with `options` once the arguments of `command` are parsed. The command owns its options.
  template <class Options, class Run> void on(CLI::App& command, std::shared_ptr<Options> options, Run run) {
    command.callback([this, options = std::move(options), run] {
      code = exit_usage;
      if (!reads_once(standard_inputs(*options))) return;
      if constexpr (requires(Options & any) { any.common; }) start(options->common);
      code = run(*options);
      if constexpr (requires(Options & any) { any.common; }) finish();
    });
  }

private:
  static bool reads_once(std::size_t inputs);
  static void start(const CommonOptions& common);
  static void finish();
};

inline constexpr auto spec_help = "The cluster spec, or - for standard input";
inline constexpr auto exit_codes = "Exit codes: 0 fine; 1 the spec has errors or a check says no; 2 wrong usage; 3 a file or the system failed.";

/// --catalog, -q, -v
void add_common(CLI::App& command, CommonOptions& common);
/// The same, --prices and --timings.
void add_planning(CLI::App& command, CommonOptions& common);
void add_baseline(CLI::App& command, CommonOptions& common);
/// The one spec that a command reads.
void add_spec(CLI::App& command, std::string& spec);
/// -o FILE
CLI::Option* add_output_file(CLI::App& command, std::string& output);
/// --format, with the first of `formats` as its default.
void add_format(CLI::App& command, std::string& format, const std::vector<std::string>& formats, const std::string& help);
/// Refuses the empty name of a folder, and says so.
[[nodiscard]] std::string check_folder_name(const std::string& folder);

// declare_plan.cpp: what plans one cluster and prints something of the plan.
void declare_plan(CLI::App& app, Runner& runner);
void declare_bom(CLI::App& app, Runner& runner);
void declare_cables(CLI::App& app, Runner& runner);
void declare_labels(CLI::App& app, Runner& runner);
void declare_trays(CLI::App& app, Runner& runner);
/// bandwidth, latency, workloads, power, cost, failures
void declare_analyses(CLI::App& app, Runner& runner);
void declare_export(CLI::App& app, Runner& runner);

// declare_checks.cpp: what compares, judges and explains.
void declare_compare(CLI::App& app, Runner& runner);
void declare_diff(CLI::App& app, Runner& runner);
void declare_validate(CLI::App& app, Runner& runner);
void declare_explain(CLI::App& app, Runner& runner);
/// catalog list, catalog show, catalog lint
void declare_catalog(CLI::App& app, Runner& runner);
void declare_init(CLI::App& app, Runner& runner);
void declare_schema(CLI::App& app, Runner& runner);

/// The whole command line, with commands in the order of --help. Parsing it runs the command; building it runs nothing. The runner must
/// outlive it.
[[nodiscard]] std::unique_ptr<CLI::App> build_app(Runner& runner);

} // namespace icplan::app
