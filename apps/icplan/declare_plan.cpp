// SPDX-License-Identifier: Apache-2.0
// Declares the commands that plan one cluster and print something of the plan.
#include "declare.hpp"

#include <array>

namespace icplan::app {
namespace {

/// A command that analyses a plan: what it is called, what it does, what runs it.
struct AnalysisCommand {
  const char* name;
  const char* help;
  int (*run)(const AnalysisOptions&);
};
constexpr std::array analysis_commands = {
    AnalysisCommand{"bandwidth", "Print what GPUs can send each other: injection, tiers, bisection", run_bandwidth},
    AnalysisCommand{"latency", "Print how long the way between two ports takes, by class of pairs", run_latency},
    AnalysisCommand{"workloads", "Print what the workloads of the spec send, how long their steps take, and whether the network suffices",
                    run_workloads},
    AnalysisCommand{"power", "Print what draws how much power, where, and what a bit and a year take", run_power},
    AnalysisCommand{"cost", "Print what the plan costs by kind, fabric and tier, per GPU and per Gb/s", run_cost},
    AnalysisCommand{"failures", "Print what the worst single failure of each kind takes: nodes cut off, bandwidth left", run_failures},
};

void add_collectives(CLI::App& command, AnalysisOptions& options) {
  auto* collectives = command.add_flag("--collectives", options.collectives, "Print how long all-reduce, all-to-all and their like take instead");
  command.add_flag("--in-network", options.in_network, "Take it that all switches reduce what passes through them")->needs(collectives);
}

} // namespace

void declare_plan(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<PlanOptions>();
  auto& command = *app.add_subcommand("plan", "Plan a cluster and print the summary");
  add_spec(command, options->spec);
  add_format(command, options->format, {"text", "md", "json"}, "How to print it: text, md or json");
  command
      .add_option("-o,--output", options->output,
                  "Also write plan.json, bom.csv, bom.md, cables.csv and report.md into this folder; labels.csv where the spec names labels")
      ->type_name("DIR")
      ->check(check_folder_name);
  command.add_flag("--explain", options->explain, "Also print the reason of every count of switches");
  add_baseline(command, options->common);
  add_planning(command, options->common);
  command.footer(exit_codes);
  runner.on(command, options, run_plan);
}

void declare_bom(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<BomOptions>();
  auto& command = *app.add_subcommand("bom", "Print the bill of materials");
  add_spec(command, options->spec);
  add_format(command, options->format, {"text", "md", "csv", "xlsx"}, "How to print it: text, md or csv; or xlsx, which needs -o");
  auto* output = add_output_file(command, options->output);
  command.add_flag("--textconv", options->textconv, "As a textconv driver of git: csv, or errors in place of rows, and no failure")->excludes(output);
  add_baseline(command, options->common);
  add_planning(command, options->common);
  command.footer(exit_codes);
  runner.on(command, options, run_bom);
}

void declare_cables(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<CablesOptions>();
  auto& command = *app.add_subcommand("cables", "Print the cable schedule, one row per used leg, or counts by length");
  add_spec(command, options->spec);
  add_format(command, options->format, {"csv", "text", "md"}, "The schedule as csv, or counts by class and length as text or md");
  command.add_flag("--terms", options->terms, "Add what each length is made of to the csv: rise, ways along and across, ducts, sides, loops, slack");
  add_baseline(command, options->common);
  add_planning(command, options->common);
  command.footer(exit_codes);
  runner.on(command, options, run_cables);
}

void declare_labels(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<ReportOptions>();
  auto& command = *app.add_subcommand("labels", "Print labels for both ends of every cable");
  add_spec(command, options->spec);
  add_format(command, options->format, {"csv"}, "How to print it: csv");
  add_baseline(command, options->common);
  add_planning(command, options->common);
  command.footer(exit_codes);
  runner.on(command, options, run_labels);
}

void declare_trays(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<ReportOptions>();
  auto& command = *app.add_subcommand("trays", "Print how full the cable trays become");
  add_spec(command, options->spec);
  add_format(command, options->format, {"text", "md", "csv"}, "The fullest piece of every tray as text or md, or every piece as csv");
  add_planning(command, options->common);
  command.footer(exit_codes);
  runner.on(command, options, run_trays);
}

void declare_analyses(CLI::App& app, Runner& runner) {
  for (const auto& analysis : analysis_commands) {
    auto options = std::make_shared<AnalysisOptions>();
    auto& command = *app.add_subcommand(analysis.name, analysis.help);
    add_spec(command, options->spec);
    add_format(command, options->format, {"text", "md", "csv", "json"}, "How to print it: text, md, csv or json");
    if (analysis.run == run_bandwidth) add_collectives(command, *options);
    add_planning(command, options->common);
    command.footer(exit_codes);
    runner.on(command, options, analysis.run);
  }
}

void declare_export(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<ExportOptions>();
  auto& command = *app.add_subcommand("export", "Write a plan in the format of another program");
  add_spec(command, options->spec);
  command.add_option("--to", options->to, "simgrid: a platform of one fabric for the flow-level simulator SimGrid")
      ->check(CLI::IsMember({"simgrid"}))
      ->required();
  command.add_option("--fabric", options->fabric, "The fabric to write; the first one by default")->type_name("NAME");
  command.add_option("--without", options->without, "A cable, as `icplan cables` names it, that has failed; may be repeated")
      ->type_name("CABLE")
      ->allow_extra_args(false);
  add_output_file(command, options->output);
  add_planning(command, options->common);
  command.footer(exit_codes);
  runner.on(command, options, run_export);
}

} // namespace icplan::app
