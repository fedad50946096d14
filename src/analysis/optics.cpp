// SPDX-License-Identifier: Apache-2.0
// What optical links lose against what their ends bear.
#include "icplan/analysis/analysis.hpp"

namespace icplan {
namespace {

std::optional<Millidecibels> budget_at(const Plan& plan, DeviceId device, std::uint32_t port) {
  const auto module = plan.cables.module_of_cage[plan.network.cage(device, port).index()];
  if (module != 0) return plan.spec.accepted(plan.part(plan.cables.modules[module - 1U]).as<ModuleFacts>()->loss_budget);
  const auto& optics = plan.network.group(device).block_of_port(port).optics;
  return optics ? optics->loss_budget : std::nullopt;
}

} // namespace

std::vector<OpticalMargin> measure_optics(const Plan& plan) {
  std::vector<OpticalMargin> lines(plan.spec.fabrics.size());
  for (const auto& group : plan.network.link_groups) {
    auto& line = lines[group.fabric.index()];
    line.fabric = group.fabric;
    const auto pairs = plan.spec.fabrics[group.fabric.index()].media.connector_pairs;
    for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
      const auto& solution = plan.cables.solution(plan.cables.legs[i]);
      if (solution.media != MediaClass::osfp && solution.media != MediaClass::fibre) continue;
      ++line.links;
      const auto& fibre = *plan.part(solution.part).as<FibreFacts>();
      const auto per_km = plan.spec.accepted(fibre.attenuation_per_km);
      const auto per_pair = plan.spec.accepted(fibre.connector_loss);
      const auto& link = plan.network.links[i];
      const auto from = budget_at(plan, link.from, link.from_port);
      const auto to = budget_at(plan, link.to, link.to_port);
      if (!per_km || !per_pair || !from || !to) {
        ++line.unknown;
        continue;
      }
      const auto loss = divide_up(per_km->count() * plan.cables.legs[i].length_mm, 1'000'000) + per_pair->count() * pairs;
      const auto margin = std::min(*from, *to) - Millidecibels(loss);
      if (line.worst && *line.worst <= margin) continue;
      line.worst = margin;
      line.worst_link = i;
    }
  }
  std::vector<OpticalMargin> used;
  for (const auto& line : lines) {
    if (line.links > 0) used.push_back(line);
  }
  return used;
}

} // namespace icplan
