// SPDX-License-Identifier: Apache-2.0
// Runs the stages one after the other.
#include "icplan/plan/plan.hpp"

#include "icplan/cabling/optimize.hpp"

#include "end_names.hpp"
#include "growth.hpp"
#include "known_cables.hpp"
#include "name_index.hpp"

#include <algorithm>

namespace icplan {

bool Plan::has_errors() const {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.severity == Severity::error; });
}

namespace {

using Tell = std::function<void(std::string_view, std::uint64_t)>;

bool build_and_place(Plan& plan, Sink& sink, const Tell& tell) {
  Sink built;
  plan.network = build_network(plan.spec, *plan.catalog, built);
  for (const auto& finding : built.findings()) {
    // A plan that grows out of another one does place its racks for growth.
    if (plan.baseline == nullptr || finding.code != Code::growth_not_placed) sink.report(finding);
  }
  if (sink.has_errors()) return false;
  tell("fabric", plan.network.links.size());
  auto pinned = fixed_racks(plan.spec, plan.network, sink);
  if (plan.baseline != nullptr && !sink.has_errors())
    pinned = installed_racks(plan.spec, plan.network, *plan.catalog, *plan.baseline, std::move(pinned), sink);
  if (sink.has_errors()) return false;
  plan.placement = place_devices(plan.spec, *plan.catalog, plan.network, pinned, sink);
  if (sink.has_errors()) return false;
  tell("placement", plan.placement.racks.size());
  return true;
}

/// Builds and places. PDUs are as many as racks ask for, which may need switches that need racks: their number is reckoned until it holds.
bool settle_network(Plan& plan, Sink& sink, const Tell& tell) {
  if (plan.spec.nodes.empty() || !plan.spec.nodes.back().pdus) return build_and_place(plan, sink, tell);
  constexpr int most_rounds = 16;
  auto& pdus = plan.spec.nodes.back();
  for (int round = 0; round < most_rounds; ++round) {
    Sink tried;
    const bool built = build_and_place(plan, tried, tell);
    std::int64_t wanted = 0;
    for (const auto& rack : plan.placement.racks) wanted += plan.spec.racks[rack.spec.index()].pdus;
    if (built && wanted != pdus.count) {
      pdus.count = wanted;
      continue;
    }
    for (const auto& finding : tried.findings()) sink.report(finding);
    return built;
  }
  sink.report(Code::uplinks_do_not_settle, pdus.origin.whole, "the PDUs of the racks need switches that need racks with PDUs, and so on",
              "attach fewer devices, or use larger switches");
  return false;
}

/// An extra for what the plan does not have orders nothing, which may not be what was meant.
void report_empty_extras(const Plan& plan, Sink& sink) {
  auto needed = plan.bom;
  needed.erase(std::remove_if(needed.begin(), needed.end(), [](const BomRow& row) { return row.kind == "accessory"; }), needed.end());
  for (const auto& extra : plan.spec.extras) {
    if (!count_extra_subjects(extra, plan.network, needed).empty()) continue;
    sink.report(Code::extra_without_subject, extra.origin.of("per"),
                "extra `" + plan.part(extra.part).id + "` is for something that the plan does not have, so none is ordered",
                "leave it out, or correct `per`");
  }
}

} // namespace

std::optional<Plan> make_plan(const PlanInputs& inputs, Sink& sink, const StageObserver& observer, const ProgressObserver& progress) {
  const auto tell = [&](std::string_view stage, std::uint64_t count) {
    if (observer) observer(stage, count);
  };
  auto spec = load_spec(*inputs.document, *inputs.catalog, inputs.files, sink, inputs.prices);
  if (!spec || sink.has_errors()) return std::nullopt;
  tell("spec", spec->nodes.size());
  Plan plan;
  plan.sources = inputs.sources;
  plan.catalog = inputs.catalog;
  plan.document = inputs.document;
  plan.files = inputs.files;
  plan.baseline = inputs.baseline;
  plan.spec = std::move(*spec);
  if (!settle_network(plan, sink, tell)) return std::nullopt;
  KnownCables known;
  std::optional<EndNames> names;
  known.name = [&](std::uint32_t link) {
    if (!names) names.emplace(plan);
    return cable_name(*names, plan.network, link);
  };
  find_stated_lengths(plan.spec, plan.network, known, sink);
  if (plan.baseline != nullptr) find_installed_cables(*plan.catalog, plan.network, *plan.baseline, known, sink);
  if (sink.has_errors()) return std::nullopt;
  if (wants_optimize(plan.spec)) {
    plan.placement = optimize_placement(plan.spec, *plan.catalog, plan.network, std::move(plan.placement), known, sink, [&](int done) {
      if (progress) progress("optimize", done);
    });
    tell("optimize", static_cast<std::uint64_t>(plan.placement.optimized ? plan.placement.optimized->moved_racks : 0));
  }
  check_rack_names(plan.spec.floor, plan.placement, sink);
  if (sink.has_errors()) return std::nullopt;
  plan.cables = cable_network(plan.spec, *plan.catalog, plan.network, plan.placement, known, sink);
  if (sink.has_errors()) return std::nullopt;
  tell("cabling", plan.cables.assemblies.size());
  check_end_names(plan, sink);
  if (sink.has_errors()) return std::nullopt;
  plan.bom = count_bom(plan.spec, *plan.catalog, plan.network, plan.placement, plan.cables);
  report_empty_extras(plan, sink);
  tell("bom", plan.bom.size());
  if (plan.baseline != nullptr) {
    plan.growth = measure_growth(plan, sink);
    tell("growth", plan.baseline->legs.size());
  }
  plan.findings = sink.sorted();
  return plan;
}

} // namespace icplan
