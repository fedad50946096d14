// SPDX-License-Identifier: Apache-2.0
// icplan validate: every finding of every spec, and an exit code that blocks.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/diag/render.hpp"
#include "icplan/report/report.hpp"

namespace icplan::app {

int run_validate(const ValidateOptions& options) {
  int code = exit_fine;
  for (const auto& spec : options.specs) {
    Session session;
    static_cast<void>(plan_spec(spec, options.common, session));
    if (session.sink.has_errors()) code = exit_refused;
    const auto findings = session.sink.sorted();
    if (options.format == "json") {
      print(findings_json(findings, *session.sources));
      continue;
    }
    const auto name = spec == "-" ? std::string("<stdin>") : spec;
    if (!findings.empty() && !(options.common.quiet && !session.sink.has_errors()))
      print(render_findings(findings, *session.sources, {colour_on_output()}) + "\n");
    if (!options.common.quiet) print(name + ": " + (findings.empty() ? "no findings" : summarise_findings(findings)) + "\n");
  }
  return code;
}

} // namespace icplan::app
