// SPDX-License-Identifier: Apache-2.0
// Declares every command and option with CLI11.
#include "cli.hpp"

#include "commands.hpp"
#include "files.hpp"
#include "icplan/version.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>
#include <string>

namespace icplan::app {
namespace {

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
  command.add_flag("--timings", common.timings, "Print what each stage took on standard error");
}

void add_baseline(CLI::App& command, CommonOptions& common) {
  command
      .add_option("--baseline", common.baseline,
                  "Grow the plan in this folder, which `icplan plan -o` wrote: what is installed stays, and only what is new is added")
      ->type_name("DIR")
      ->check([](const std::string& folder) { return folder.empty() ? std::string("needs the name of a folder") : std::string(); });
}

void start_log(const CommonOptions& common) {
  auto logger = std::make_shared<spdlog::logger>("icplan", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_pattern("icplan: %v");
  logger->set_level(common.verbose ? spdlog::level::debug : spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

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

constexpr auto spec_help = "The cluster spec, or - for standard input";
constexpr auto exit_codes = "Exit codes: 0 fine; 1 the spec has errors or a check says no; 2 wrong usage; 3 a file or the system failed.";

} // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app("icplan plans the interconnect of an AI cluster: a spec and part catalogs become switches, links, racks, cables, a bill of materials, "
               "bandwidth, power and cost.",
               "icplan");
  app.set_version_flag("--version", "icplan " + std::string(version));
  app.require_subcommand(1);
  app.footer(exit_codes);
  int code = exit_fine;

  PlanOptions plan;
  auto* command = app.add_subcommand("plan", "Plan a cluster and print the summary");
  command->add_option("spec", plan.spec, spec_help)->required()->type_name("SPEC");
  command->add_option("--format", plan.format, "How to print it: text, md or json")
      ->check(CLI::IsMember({"text", "md", "json"}))
      ->capture_default_str();
  command
      ->add_option("-o,--output", plan.output,
                   "Also write plan.json, bom.csv, cables.csv and report.md into this folder; labels.csv where the spec names labels")
      ->type_name("DIR")
      ->check([](const std::string& folder) { return folder.empty() ? std::string("needs the name of a folder") : std::string(); });
  command->add_flag("--explain", plan.explain, "Also print the reason of every count of switches");
  add_baseline(*command, plan.common);
  add_planning(*command, plan.common);
  command->footer(exit_codes);
  command->callback([&] { start_log(plan.common), code = run_plan(plan); });

  ReportOptions bom;
  bom.format = "text";
  command = app.add_subcommand("bom", "Print the bill of materials");
  command->add_option("spec", bom.spec, spec_help)->required()->type_name("SPEC");
  command->add_option("--format", bom.format, "How to print it: text, md or csv; or xlsx, which needs -o")
      ->check(CLI::IsMember({"text", "md", "csv", "xlsx"}))
      ->capture_default_str();
  command->add_option("-o,--output", bom.output, "Write it into this file")->type_name("FILE")->check([](const std::string& file) {
    return file.empty() || file.back() == '/' ? std::string("needs the name of a file") : std::string();
  });
  add_baseline(*command, bom.common);
  add_planning(*command, bom.common);
  command->footer(exit_codes);
  command->callback([&] { start_log(bom.common), code = run_bom(bom); });

  CablesOptions cables;
  cables.format = "csv";
  command = app.add_subcommand("cables", "Print the cable schedule, one row per used leg, or counts by length");
  command->add_option("spec", cables.spec, spec_help)->required()->type_name("SPEC");
  command->add_option("--format", cables.format, "The schedule as csv, or counts by class and length as text or md")
      ->check(CLI::IsMember({"csv", "text", "md"}))
      ->capture_default_str();
  command->add_flag("--terms", cables.terms, "Add what each length is made of to the csv: rise, ways along and across, ducts, sides, loops, slack");
  add_baseline(*command, cables.common);
  add_planning(*command, cables.common);
  command->footer(exit_codes);
  command->callback([&] { start_log(cables.common), code = run_cables(cables); });

  ReportOptions labels;
  labels.format = "csv";
  command = app.add_subcommand("labels", "Print labels for both ends of every cable");
  command->add_option("spec", labels.spec, spec_help)->required()->type_name("SPEC");
  command->add_option("--format", labels.format, "How to print it: csv")->check(CLI::IsMember({"csv"}))->capture_default_str();
  add_baseline(*command, labels.common);
  add_planning(*command, labels.common);
  command->footer(exit_codes);
  command->callback([&] { start_log(labels.common), code = run_labels(labels); });

  ReportOptions trays;
  trays.format = "text";
  command = app.add_subcommand("trays", "Print how full the cable trays become");
  command->add_option("spec", trays.spec, spec_help)->required()->type_name("SPEC");
  command->add_option("--format", trays.format, "The fullest piece of every tray as text or md, or every piece as csv")
      ->check(CLI::IsMember({"text", "md", "csv"}))
      ->capture_default_str();
  add_planning(*command, trays.common);
  command->footer(exit_codes);
  command->callback([&] { start_log(trays.common), code = run_trays(trays); });

  std::array<AnalysisOptions, analysis_commands.size()> analyses;
  for (std::size_t i = 0; i < analyses.size(); ++i) {
    auto& options = analyses[i];
    options.format = "text";
    command = app.add_subcommand(analysis_commands[i].name, analysis_commands[i].help);
    command->add_option("spec", options.spec, spec_help)->required()->type_name("SPEC");
    command->add_option("--format", options.format, "How to print it: text, md, csv or json")
        ->check(CLI::IsMember({"text", "md", "csv", "json"}))
        ->capture_default_str();
    if (analysis_commands[i].run == run_bandwidth) add_collectives(*command, options);
    add_planning(*command, options.common);
    command->footer(exit_codes);
    command->callback([&code, &options, i] { start_log(options.common), code = analysis_commands[i].run(options); });
  }

  ExportOptions exported;
  command = app.add_subcommand("export", "Write a plan in the format of another program");
  command->add_option("spec", exported.spec, spec_help)->required()->type_name("SPEC");
  command->add_option("--to", exported.to, "simgrid: a platform of one fabric for the flow-level simulator SimGrid")
      ->check(CLI::IsMember({"simgrid"}))
      ->required();
  command->add_option("--fabric", exported.fabric, "The fabric to write; the first one by default")->type_name("NAME");
  command->add_option("--without", exported.without, "A cable, as `icplan cables` names it, that has failed; may be repeated")
      ->type_name("CABLE")
      ->allow_extra_args(false);
  command->add_option("-o,--output", exported.output, "Write it into this file")->type_name("FILE")->check([](const std::string& file) {
    return file.empty() || file.back() == '/' ? std::string("needs the name of a file") : std::string();
  });
  add_planning(*command, exported.common);
  command->footer(exit_codes);
  command->callback([&] { start_log(exported.common), code = run_export(exported); });

  CompareOptions compare;
  command = app.add_subcommand("compare", "Compare designs side by side, with ratios to the first");
  command->add_option("spec", compare.specs, "Two or more cluster specs; one of them may be - for standard input")->required()->type_name("SPEC");
  command->add_option("--format", compare.format, "How to print it: text, md, json or csv")
      ->check(CLI::IsMember({"text", "md", "json", "csv"}))
      ->capture_default_str();
  add_planning(*command, compare.common);
  command->footer(exit_codes);
  command->callback([&] { start_log(compare.common), code = run_compare(compare); });

  ValidateOptions validate;
  command = app.add_subcommand("validate", "Print every finding of specs; exit 1 if one is an error");
  command->add_option("spec", validate.specs, "Cluster specs, or - for standard input")->required()->type_name("SPEC");
  command->add_option("--format", validate.format, "How to print them: text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  add_baseline(*command, validate.common);
  add_planning(*command, validate.common);
  command->footer(exit_codes);
  command->callback([&] { start_log(validate.common), code = run_validate(validate); });

  ExplainOptions explain;
  command = app.add_subcommand("explain", "Explain a finding code, or a cable of a plan; or list all codes");
  command->add_option("code", explain.code, "A code such as IC1012, or its name; with SPEC, a cable as `icplan cables` names it")->type_name("CODE");
  command->add_option("spec", explain.spec, spec_help)->type_name("SPEC");
  command->add_option("--format", explain.format, "How to print a cable: text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_planning(*command, explain.common);
  command->callback([&] { start_log(explain.common), code = run_explain(explain); });

  CatalogOptions catalog;
  auto* group = app.add_subcommand("catalog", "Look at the parts");
  group->require_subcommand(1);
  command = group->add_subcommand("list", "List the parts, or those of one kind; or the workloads");
  command->add_option("kind", catalog.argument, "gpu, node, nic, switch, cable, module, fibre, utp, rack, pdu, accessory, or workload")
      ->type_name("KIND");
  add_common(*command, catalog.common);
  command->callback([&] { start_log(catalog.common), code = run_catalog_list(catalog); });
  command = group->add_subcommand("show", "Show a part or workload, with the basis and source of each figure");
  command->add_option("part", catalog.argument, "The part's id")->required()->type_name("PART");
  add_common(*command, catalog.common);
  command->callback([&] { start_log(catalog.common), code = run_catalog_show(catalog); });
  command =
      group->add_subcommand("lint", "Check the catalogs: references, sources, plausibility, parts that can never fit, and gaps between real parts");
  command->add_flag("--coverage", catalog.coverage,
                    "Print how far the real parts of each class reach between all pairs of cages, instead of findings");
  command->add_option("--format", catalog.format, "How to print the coverage: text, md or csv")
      ->check(CLI::IsMember({"text", "md", "csv"}))
      ->capture_default_str();
  add_common(*command, catalog.common);
  command->callback([&] { start_log(catalog.common), code = run_catalog_lint(catalog); });

  SchemaOptions schema;
  command = app.add_subcommand("schema", "Print the JSON Schema of a document");
  command->add_option("document", schema.document, "cluster, catalog, plan, compare or latency")
      ->required()
      ->check(CLI::IsMember({"cluster", "catalog", "plan", "compare", "latency"}))
      ->type_name("DOCUMENT");
  command->callback([&] { code = run_schema(schema); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_fine : exit_usage;
  }
  flush_output();
  return code;
}

} // namespace icplan::app
