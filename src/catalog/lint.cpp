// SPDX-License-Identifier: Apache-2.0
// Looks for catalog entries that contradict themselves or that no plan can ever choose.
#include "icplan/catalog/catalog.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

void note_missing(const Part& part, const std::vector<std::string_view>& missing, Sink& sink) {
  if (missing.empty()) return;
  sink.report(Code::never_fits, part.where,
              "`" + part.id + "` never fits: " + quoted_list(missing) + (missing.size() == 1 ? " is" : " are") + " not known");
}

void lint_cable(const Part& part, const CableFacts& cable, Sink& sink) {
  if (cable.fits_any) return;
  std::vector<std::string_view> missing;
  if (!cable.ends[0].form || !cable.ends[1].form) missing.push_back("form");
  if (!cable.ends[0].top || !cable.ends[1].top) missing.push_back("top");
  if (cable.ends[0].lanes == 0 || cable.ends[1].lanes == 0) missing.push_back("lanes");
  if (cable.lane_rate.count() == 0) missing.push_back("lane_gbps");
  if (cable.protocols.empty()) missing.push_back("protocols");
  if (!cable.lengths.longest()) missing.push_back("lengths_m");
  note_missing(part, missing, sink);
  if (cable.ends[0].lanes > 0 && cable.ends[1].lanes > 0 && cable.ends[0].lanes * cable.ends[0].count != cable.ends[1].lanes * cable.ends[1].count) {
    sink.report(Code::implausible_figure, part.where,
                "`" + part.id + "` has " + std::to_string(cable.ends[0].lanes * cable.ends[0].count) + " lanes at end A and " +
                    std::to_string(cable.ends[1].lanes * cable.ends[1].count) + " at end B");
  }
  if (cable.lengths.maximum && !cable.lengths.list.empty() && cable.lengths.list.back() > *cable.lengths.maximum) {
    sink.report(Code::implausible_figure, part.where,
                "`" + part.id + "` is sold at " + decimal(cable.lengths.list.back().count(), 3) + " m, beyond its maximum of " +
                    decimal(cable.lengths.maximum->count(), 3) + " m");
  }
}

void lint_module(const Part& part, const ModuleFacts& module, Sink& sink) {
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

void lint_ports(const Part& part, Sink& sink) {
  for (const auto& group : part.port_groups()) {
    for (const auto& mode : group.modes) {
      if (mode.ports * mode.lanes_per_port > group.lanes && group.lanes > 0) {
        sink.report(Code::implausible_figure, part.where,
                    "`" + part.id + "` uses " + std::to_string(mode.ports * mode.lanes_per_port) + " lanes of a `" + group.name + "` cage that has " +
                        std::to_string(group.lanes));
      }
      if (mode.speed.count() % mode.lanes_per_port != 0) {
        sink.report(Code::implausible_figure, part.where,
                    "`" + part.id + "` spreads " + decimal(mode.speed.count(), 3) + " Gb/s over " + std::to_string(mode.lanes_per_port) +
                        " lanes of a `" + group.name + "` port");
      }
    }
    std::vector<std::string_view> missing;
    if (!group.form) missing.push_back("form");
    if (group.form && !group.top) missing.push_back("top");
    if (group.modes.empty()) missing.push_back("modes");
    if (group.protocols.empty()) missing.push_back("protocols");
    if (!missing.empty()) {
      sink.report(Code::never_fits, part.where,
                  "no real part fits the `" + group.name + "` cages of `" + part.id + "`: " + quoted_list(missing) +
                      (missing.size() == 1 ? " is" : " are") + " not known");
    }
  }
}

} // namespace

void lint_catalog(const Catalog& catalog, Sink& sink) {
  for (const auto id : catalog.sorted()) {
    const auto& part = catalog[id];
    lint_ports(part, sink);
    if (const auto* cable = part.as<CableFacts>()) lint_cable(part, *cable, sink);
    if (const auto* module = part.as<ModuleFacts>()) lint_module(part, *module, sink);
    if (part.power_typical && part.power_max && part.power_typical->value > part.power_max->value) {
      sink.report(Code::implausible_figure, part.where,
                  "`" + part.id + "` draws " + decimal(part.power_typical->value.count(), 3) + " W typically, above its maximum of " +
                      decimal(part.power_max->value.count(), 3) + " W");
    }
  }
}

} // namespace icplan
