// SPDX-License-Identifier: Apache-2.0
// icplan validate: every finding of every spec, and an exit code that blocks.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/diag/render.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <system_error>

namespace icplan::app {

int run_validate(const ValidateOptions& options) {
  int code = exit_fine;
  std::deque<Session> sessions;
  std::vector<FindingList> lists;
  for (const auto& spec : options.specs) {
    auto& session = sessions.emplace_back();
    try {
      static_cast<void>(plan_spec(spec, options.common, session));
    } catch (const std::system_error& error) {
      std::fprintf(stderr, "icplan: %s\n", error.what());
      code = exit_failed;
      continue;
    }
    if (session.sink.has_errors()) code = std::max<int>(code, exit_refused);
    auto findings = session.sink.sorted();
    if (options.format == "json") {
      lists.push_back({std::move(findings), session.sources});
      continue;
    }
    const auto name = spec == "-" ? std::string("<stdin>") : spec;
    if (!findings.empty() && !(options.common.quiet && !session.sink.has_errors()))
      print(render_findings(findings, *session.sources, {colour_on_output()}) + "\n");
    if (!options.common.quiet) print(name + ": " + (findings.empty() ? "no findings" : summarise_findings(findings)) + "\n");
  }
  if (options.format == "json") print(findings_json(lists));
  return code;
}

} // namespace icplan::app
