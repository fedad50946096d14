// SPDX-License-Identifier: Apache-2.0
// Runs the stages one after the other.
#include "icplan/plan/plan.hpp"

#include <algorithm>

namespace icplan {

bool Plan::has_errors() const {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.severity == Severity::error; });
}

std::optional<Plan> make_plan(const PlanInputs& inputs, Sink& sink, const StageObserver& observer) {
  const auto tell = [&](std::string_view stage, std::uint64_t count) {
    if (observer) observer(stage, count);
  };
  auto spec = load_spec(*inputs.document, *inputs.catalog, sink);
  if (!spec || sink.has_errors()) return std::nullopt;
  tell("spec", spec->nodes.size());
  Plan plan;
  plan.sources = inputs.sources;
  plan.catalog = inputs.catalog;
  plan.document = inputs.document;
  plan.spec = std::move(*spec);
  plan.network = build_network(plan.spec, *plan.catalog, sink);
  if (sink.has_errors()) return std::nullopt;
  tell("fabric", plan.network.links.size());
  plan.placement = place_devices(plan.spec, *plan.catalog, plan.network, sink);
  if (sink.has_errors()) return std::nullopt;
  tell("placement", plan.placement.racks.size());
  plan.cables = cable_network(plan.spec, *plan.catalog, plan.network, plan.placement, sink);
  if (sink.has_errors()) return std::nullopt;
  tell("cabling", plan.cables.assemblies.size());
  plan.bom = count_bom(plan.spec, *plan.catalog, plan.network, plan.placement, plan.cables);
  tell("bom", plan.bom.size());
  plan.findings = sink.sorted();
  return plan;
}

} // namespace icplan
