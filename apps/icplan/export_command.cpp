// SPDX-License-Identifier: Apache-2.0
// icplan export: a plan in the formats of other programs.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/base/text.hpp"
#include "icplan/exchange/simgrid.hpp"

#include <algorithm>
#include <cstdio>

namespace icplan::app {
namespace {

/// The named fabric; without a name the first. Prints what is wrong.
std::optional<FabricId> chosen_fabric(const Plan& plan, const std::string& name) {
  std::vector<std::string_view> names;
  for (std::size_t f = 0; f < plan.spec.fabrics.size(); ++f) {
    if (name.empty() || plan.spec.fabrics[f].name == name) return FabricId(static_cast<std::uint32_t>(f));
    names.push_back(plan.spec.fabrics[f].name);
  }
  std::fprintf(stderr, "icplan: the plan has no fabric `%s`; use %s\n", name.c_str(), quoted_choice(names).c_str());
  return std::nullopt;
}

/// The links of the named cables, ascending. Prints what is wrong.
std::optional<std::vector<std::uint32_t>> links_of(const Plan& plan, const std::vector<std::string>& cables) {
  std::vector<AssemblyId> out_of_order;
  for (const auto& name : cables) {
    const auto cable = find_cable(plan, name);
    if (!cable) {
      std::fprintf(stderr, "icplan: the plan has no cable `%s`; `icplan cables SPEC` lists them\n", name.c_str());
      return std::nullopt;
    }
    out_of_order.push_back(*cable);
  }
  std::vector<std::uint32_t> links;
  for (std::uint32_t i = 0; i < plan.cables.legs.size() && !out_of_order.empty(); ++i) {
    if (std::find(out_of_order.begin(), out_of_order.end(), plan.cables.legs[i].assembly) != out_of_order.end()) links.push_back(i);
  }
  return links;
}

} // namespace

int run_export(const ExportOptions& options) {
  Session session;
  const auto plan = plan_and_tell(options.spec, options.common, session);
  if (!plan) return exit_refused;
  const auto fabric = chosen_fabric(*plan, options.fabric);
  if (!fabric) return exit_usage;
  const auto without = links_of(*plan, options.without);
  if (!without) return exit_usage;
  const auto hosts = count_simgrid_hosts(*plan, *fabric);
  if (hosts > most_simgrid_hosts) {
    std::fprintf(
        stderr,
        "icplan: fabric `%s` has %s node ports; a SimGrid platform lists the way between every two of them, so it is written for %zu at most\n",
        std::string(plan->fabric_name(*fabric)).c_str(), grouped(static_cast<std::int64_t>(hosts)).c_str(), most_simgrid_hosts);
    return exit_refused;
  }
  const SimgridOptions what{*fabric, *without};
  write_file(options.output.empty() ? "-" : options.output, [&](const auto& out) { write_simgrid_platform(*plan, what, out); });
  return plan->has_errors() ? exit_refused : exit_fine;
}

} // namespace icplan::app
