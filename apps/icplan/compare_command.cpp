// SPDX-License-Identifier: Apache-2.0
// icplan compare: several designs, side by side.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/report/compare.hpp"

#include <algorithm>
#include <cstdio>
#include <system_error>

namespace icplan::app {
namespace {

/// Plans one spec, prints its findings and keeps its figures. Returns its exit code. The plan goes before the next one is made.
int add_design(const std::string& spec, const CompareOptions& options, std::vector<Design>& designs) {
  Session session;
  try {
    const auto plan = plan_and_tell(spec, options.common, session);
    if (!plan) return exit_refused;
    designs.push_back({plan->spec.name, spec == "-" ? "<stdin>" : spec, measure_design(*plan)});
    return plan->has_errors() ? exit_refused : exit_fine;
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "icplan: %s\n", error.what());
    return exit_failed;
  }
}

} // namespace

int run_compare(const CompareOptions& options) {
  if (options.specs.size() < 2) {
    std::fputs("icplan: compare needs at least two specs\n", stderr);
    return exit_usage;
  }
  int code = exit_fine;
  std::vector<Design> designs;
  for (const auto& spec : options.specs) code = std::max(code, add_design(spec, options, designs));
  if (designs.size() < options.specs.size()) return code;
  const auto comparison = compare_designs(designs);
  if (options.format == "json") {
    print(comparison_json(comparison));
  } else if (options.format == "csv") {
    print(comparison_csv(comparison));
  } else if (options.format == "md") {
    print(comparison_markdown(comparison));
  } else {
    print(comparison_text(comparison, output_columns()));
  }
  return code;
}

} // namespace icplan::app
