// SPDX-License-Identifier: Apache-2.0
// Looks for catalog entries that no plan can ever choose, and runs the other rules.
#include "lint.hpp"

#include "icplan/base/text.hpp"

namespace icplan {
namespace {

void note_missing(const Part& part, const std::vector<std::string_view>& missing, Sink& sink) {
  if (missing.empty()) return;
  sink.report(Code::never_fits, part.where,
              "`" + part.id + "` never fits: " + quoted_list(missing) + (missing.size() == 1 ? " is" : " are") + " not known");
}

void lint_cable_fit(const Part& part, const CableFacts& cable, Sink& sink) {
  if (cable.fits_any) return;
  std::vector<std::string_view> missing;
  if (!cable.ends[0].form || !cable.ends[1].form) missing.push_back("form");
  if (!cable.ends[0].top || !cable.ends[1].top) missing.push_back("top");
  if (cable.ends[0].lanes == 0 || cable.ends[1].lanes == 0) missing.push_back("lanes");
  if (cable.lane_rate.count() == 0) missing.push_back("lane_gbps");
  if (cable.protocols.empty()) missing.push_back("protocols");
  if (!cable.lengths.longest()) missing.push_back("lengths_m");
  note_missing(part, missing, sink);
}

void lint_module_fit(const Part& part, const ModuleFacts& module, Sink& sink) {
  if (module.fits_any) return;
  std::vector<std::string_view> missing;
  if (!module.form) missing.push_back("form");
  if (!module.top) missing.push_back("top");
  if (module.lanes == 0) missing.push_back("lanes");
  if (module.lane_rate.count() == 0) missing.push_back("lane_gbps");
  if (module.protocols.empty()) missing.push_back("protocols");
  if (!module.family) missing.push_back("optical");
  if (!module.reach) missing.push_back("reach_m");
  note_missing(part, missing, sink);
}

void lint_fibre_fit(const Part& part, const FibreFacts& fibre, Sink& sink) {
  if (part.generic()) return;
  std::vector<std::string_view> missing;
  if (fibre.fibre.empty()) missing.push_back("fibre");
  if (fibre.connector_a.empty()) missing.push_back("connector_a");
  if (!fibre.lengths.longest()) missing.push_back("lengths_m");
  note_missing(part, missing, sink);
}

void lint_port_fit(const Part& part, Sink& sink) {
  for (const auto& group : part.port_groups()) {
    std::vector<std::string_view> missing;
    if (!group.form) missing.push_back("form");
    if (group.form && !group.top) missing.push_back("top");
    if (group.modes.empty()) missing.push_back("modes");
    if (group.protocols.empty()) missing.push_back("protocols");
    if (missing.empty()) continue;
    sink.report(Code::never_fits, part.where,
                "no real part fits the `" + group.name + "` cages of `" + part.id + "`: " + quoted_list(missing) +
                    (missing.size() == 1 ? " is" : " are") + " not known");
  }
}

} // namespace

void lint_catalog(const Catalog& catalog, Sink& sink) {
  for (const auto id : catalog.sorted()) {
    const auto& part = catalog[id];
    lint_port_fit(part, sink);
    if (const auto* cable = part.as<CableFacts>()) lint_cable_fit(part, *cable, sink);
    if (const auto* module = part.as<ModuleFacts>()) lint_module_fit(part, *module, sink);
    if (const auto* fibre = part.as<FibreFacts>()) lint_fibre_fit(part, *fibre, sink);
    lint_plausibility(part, sink);
  }
  lint_sources(catalog, sink);
}

} // namespace icplan
