// SPDX-License-Identifier: Apache-2.0
// Puts the command line together from the commands' declarations, parses the arguments and runs the command.
#include "cli.hpp"

#include "declare.hpp"
#include "files.hpp"
#include "icplan/version.hpp"
#include "stages.hpp"

#include <cstdio>
#include <iostream>
#include <stdexcept>

namespace icplan::app {

bool Runner::reads_once(std::size_t inputs) {
  if (inputs < 2) return true;
  std::fputs("icplan: standard input can be read only once\n", stderr);
  return false;
}

void Runner::start(const CommonOptions& common) { stages().start(common); }

void Runner::finish() {
  flush_output();
  stages().done("output", written_bytes());
}

void add_common(CLI::App& command, CommonOptions& common) {
  command.add_option("--catalog", common.catalogs, "A catalog file laid over the shipped ones, or a folder in their place")
      ->type_name("PATH")
      ->check(CLI::ExistingPath)
      ->allow_extra_args(false);
  command.add_flag("-q,--quiet", common.quiet, "Print less");
  command.add_flag("-v,--verbose", common.verbose, "Log the stages on standard error");
}

void add_planning(CLI::App& command, CommonOptions& common) {
  add_common(command, common);
  command.add_option("--prices", common.prices, "A price list (CSV) in place of the one that the spec names")->type_name("FILE");
  command.add_option("--folder", common.folder, "What the files that the spec names are relative to, in place of the spec's own folder")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  command.add_flag("--timings", common.timings, "Print what each stage took on standard error");
}

std::string check_folder_name(const std::string& folder) { return folder.empty() || folder == "-" ? "needs the name of a folder" : ""; }

void add_baseline(CLI::App& command, CommonOptions& common) {
  command
      .add_option("--baseline", common.baseline,
                  "Grow the plan in this folder, which `icplan plan -o` wrote: what is installed stays, and only what is new is added")
      ->type_name("DIR")
      ->check(check_folder_name);
}

void add_spec(CLI::App& command, std::string& spec) { command.add_option("spec", spec, spec_help)->required()->type_name("SPEC"); }

CLI::Option* add_output_file(CLI::App& command, std::string& output) {
  return command.add_option("-o,--output", output, "Write it into this file; - is standard output")->type_name("FILE")->check([](const std::string& file) {
    return file.empty() || file.back() == '/' ? std::string("needs the name of a file") : std::string();
  });
}

void add_format(CLI::App& command, std::string& format, const std::vector<std::string>& formats, const std::string& help) {
  format = formats.front();
  command.add_option("--format", format, help)->check(CLI::IsMember(formats))->capture_default_str();
}

std::unique_ptr<CLI::App> build_app(Runner& runner) {
  auto app = std::make_unique<CLI::App>(
      "icplan plans the interconnect of an AI cluster: a spec and part catalogs become switches, links, racks, cables, a bill of materials, "
      "bandwidth, power and cost.",
      "icplan");
  app->set_version_flag("--version", "icplan " + std::string(version));
  app->require_subcommand(1);
  app->footer(exit_codes);
  declare_init(*app, runner);
  declare_plan(*app, runner);
  declare_bom(*app, runner);
  declare_cables(*app, runner);
  declare_labels(*app, runner);
  declare_trays(*app, runner);
  declare_analyses(*app, runner);
  declare_export(*app, runner);
  declare_compare(*app, runner);
  declare_diff(*app, runner);
  declare_validate(*app, runner);
  declare_explain(*app, runner);
  declare_catalog(*app, runner);
  declare_schema(*app, runner);
  return app;
}

int run_command_line(int argc, char** argv) {
  Runner runner;
  const auto app = build_app(runner);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const auto code = app->exit(error) == 0 ? exit_fine : exit_usage;
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("cannot write to standard output");
    return code;
  }
  flush_output();
  return runner.code;
}

} // namespace icplan::app
