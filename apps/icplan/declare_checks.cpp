// SPDX-License-Identifier: Apache-2.0
// Declares the commands that compare, judge and explain.
#include "declare.hpp"

#include "icplan/base/text.hpp"

namespace icplan::app {
namespace {

void declare_catalog_list(CLI::App& group, Runner& runner) {
  auto options = std::make_shared<CatalogOptions>();
  auto& command = *group.add_subcommand("list", "List the parts, or those of one kind; or the workloads");
  command.add_option("kind", options->argument, "gpu, node, nic, switch, cable, module, fibre, utp, rack, pdu, accessory, or workload")
      ->type_name("KIND");
  add_common(command, options->common);
  command.footer("Exit codes: 0 fine; 1 a catalog has errors; 2 wrong usage; 3 a file or the system failed.");
  runner.on(command, options, run_catalog_list);
}

void declare_catalog_show(CLI::App& group, Runner& runner) {
  auto options = std::make_shared<CatalogOptions>();
  auto& command = *group.add_subcommand("show", "Show a part or workload, with the basis and source of each figure");
  command.add_option("part", options->argument, "The part's id")->required()->type_name("PART");
  add_common(command, options->common);
  command.footer("Exit codes: 0 fine; 1 a catalog has errors, or there is no such part; 2 wrong usage; 3 a file or the system failed.");
  runner.on(command, options, run_catalog_show);
}

void declare_catalog_lint(CLI::App& group, Runner& runner) {
  auto options = std::make_shared<CatalogOptions>();
  auto& command =
      *group.add_subcommand("lint", "Check the catalogs: references, sources, plausibility, parts that can never fit, and gaps between real parts");
  command.add_flag("--coverage", options->coverage,
                   "Print how far the real parts of each class reach between all pairs of cages, instead of findings");
  add_format(command, options->format, {"text", "md", "csv"}, "How to print the coverage: text, md or csv");
  add_common(command, options->common);
  command.footer("Exit codes: 0 fine; 1 a catalog has errors; 2 wrong usage; 3 a file or the system failed.");
  runner.on(command, options, run_catalog_lint);
}

} // namespace

void declare_compare(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<CompareOptions>();
  auto& command = *app.add_subcommand("compare", "Compare designs side by side, with ratios to the first");
  command.add_option("spec", options->specs, "Two or more cluster specs; one of them may be - for standard input")->required()->type_name("SPEC");
  add_format(command, options->format, {"text", "md", "json", "csv"}, "How to print it: text, md, json or csv");
  add_planning(command, options->common);
  command.footer(exit_codes);
  runner.on(command, options, run_compare);
}

void declare_diff(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<DiffOptions>();
  auto& command = *app.add_subcommand("diff", "Print what changed between two plans; nothing where nothing did");
  command
      .add_option("plan", options->specs,
                  "OLD and NEW: each a spec, a saved plan (its folder or plan.json), or - for standard input; with --git one spec")
      ->required()
      ->type_name("PLAN");
  add_format(command, options->format, {"text", "md", "json"}, "How to print it: text, md (for a comment on a pull request) or json");
  command.add_option("--git", options->git, "Compare the spec, and the files that it names, with their versions in this revision")
      ->type_name("REV")
      ->check([](const std::string& revision) { return revision.empty() ? std::string("needs a revision") : std::string(); });
  command.add_option("--fail-on", options->fail_on, "Exit 1 where this holds, such as 'cost>+5%', 'power>+10kW' or 'errors>0'; may be repeated")
      ->type_name("LIMIT")
      ->allow_extra_args(false);
  command.add_flag("--exit-code", options->exit_code, "Exit 1 where something changed, and 2 on any trouble");
  add_planning(command, options->common);
  command.footer("Exit codes: 0 fine; 1 a limit does not hold, or a side cannot be planned; 2 wrong usage; 3 a file, git or the system failed.");
  runner.on(command, options, run_diff);
}

void declare_validate(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<ValidateOptions>();
  auto& command = *app.add_subcommand("validate", "Print every finding of specs, catalogs and saved plans; exit 1 if one is an error");
  command.add_option("spec", options->specs, "Cluster specs, catalog files, folders that `icplan plan -o` wrote; - for standard input")
      ->required()
      ->type_name("SPEC");
  add_format(command, options->format, {"text", "json", "sarif", "github", "junit", "gitlab"},
             "How to print them: text, json, sarif, github (annotations), junit or gitlab (code quality)");
  add_output_file(command, options->output);
  const auto add_codes = [&](const char* name, std::vector<std::string>& codes, const char* help) {
    command.add_option(name, codes, help)->type_name("CODE")->delimiter(',')->allow_extra_args(false);
  };
  add_codes("--deny", options->deny, "Findings of this code are errors; may be repeated, and codes may be joined by commas");
  add_codes("--warn", options->warn, "Findings of this code are warnings");
  add_codes("--allow", options->allow, "Findings of this code are not told");
  command.add_flag("--strict", options->strict, "Warnings are errors");
  command.add_option("--today", options->today, "The day on which suppressions are judged, as in 2027-03-31; without it none expires")
      ->type_name("DAY")
      ->check([](const std::string& day) { return is_day(day) ? std::string() : "`" + day + "` is no day; write year, month and day, as in 2027-03-31"; });
  add_baseline(command, options->common);
  add_planning(command, options->common);
  command.footer(exit_codes);
  runner.on(command, options, run_validate);
}

void declare_explain(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<ExplainOptions>();
  auto& command = *app.add_subcommand("explain", "Explain a finding code, or a cable, device, rack or part of a plan; or list all codes");
  command
      .add_option("code", options->code,
                  "A code such as IC1012, or its name; with SPEC, a cable as `icplan cables` names it, a device, a rack, or a part of the bill")
      ->type_name("CODE");
  command.add_option("spec", options->spec, spec_help)->type_name("SPEC");
  add_format(command, options->format, {"text", "json"}, "How to print it: text or json");
  add_planning(command, options->common);
  command.footer("Exit codes: 0 fine; 1 the spec has errors; 2 wrong usage, or there is no such code or name; 3 a file or the system failed.");
  runner.on(command, options, run_explain);
}

void declare_catalog(CLI::App& app, Runner& runner) {
  auto& group = *app.add_subcommand("catalog", "Look at the parts");
  group.require_subcommand(1);
  declare_catalog_list(group, runner);
  declare_catalog_show(group, runner);
  declare_catalog_lint(group, runner);
}

void declare_init(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<InitOptions>();
  auto& command = *app.add_subcommand("init", "Write a commented spec to start from, ready to plan");
  command.add_option("template", options->name_of_template, "What to start from; --list prints the templates")->type_name("TEMPLATE");
  command.add_flag("--list", options->list, "List the templates");
  add_output_file(command, options->output);
  command.add_flag("--force", options->force, "Write over a file that is there already");
  command.add_option("--name", options->name, "The name of the cluster")->type_name("NAME")->check([](const std::string& name) {
    return name.empty() || !is_printable(name) ? std::string("needs a name that can be printed") : std::string();
  });
  command.add_option("--nodes", options->nodes, "The count of the first group of nodes; counts that the template expects are left out then")
      ->type_name("COUNT")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
  command.footer("Exit codes: 0 fine; 2 wrong usage; 3 a file or the system failed.");
  runner.on(command, options, run_init);
}

void declare_schema(CLI::App& app, Runner& runner) {
  auto options = std::make_shared<SchemaOptions>();
  auto& command = *app.add_subcommand("schema", "Print the JSON Schema of a document");
  command.add_option("document", options->document, "cluster, catalog, plan, or what a command prints as JSON")
      ->required()
      ->check(
          CLI::IsMember({"cluster", "catalog", "plan", "bandwidth", "collectives", "compare", "cost", "diff", "failures", "latency", "power", "workloads"}))
      ->type_name("DOCUMENT");
  command.footer("Exit codes: 0 fine; 2 wrong usage; 3 a file or the system failed.");
  runner.on(command, options, run_schema);
}

} // namespace icplan::app
