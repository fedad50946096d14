// SPDX-License-Identifier: Apache-2.0
// What optical links lose against what their ends bear.
#include "icplan/analysis/analysis.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// What the ends of links bear, by module looked up once.
class Budgets {
public:
  explicit Budgets(const Plan& plan) : plan_(plan) {
    for (const auto module : plan.cables.modules) of_module_.push_back(plan.spec.accepted(plan.part(module).as<ModuleFacts>()->loss_budget));
  }
  [[nodiscard]] std::optional<Millidecibels> least(const Link& link) const {
    const auto from = at(link.from, link.from_port);
    const auto to = at(link.to, link.to_port);
    return from && to ? std::optional(std::min(*from, *to)) : std::nullopt;
  }

private:
  [[nodiscard]] std::optional<Millidecibels> at(DeviceId device, std::uint32_t port) const {
    const auto module = plan_.cables.module_of_cage[plan_.network.cage(device, port).index()];
    if (module != 0) return of_module_[module - 1U];
    const auto& optics = plan_.network.group(device).block_of_port(port).optics;
    return optics ? optics->loss_budget : std::nullopt;
  }
  const Plan& plan_;
  std::vector<std::optional<Millidecibels>> of_module_;
};

/// What fibres lose; the last one asked for is kept, because neighbours are alike.
class Fibres {
public:
  struct Loss {
    std::int64_t per_km = 0;
    std::int64_t per_pair = 0;
  };
  explicit Fibres(const Plan& plan) : plan_(plan) {}
  /// Nothing where a figure is not known.
  [[nodiscard]] const Loss* of(PartId part) {
    if (part != part_) {
      part_ = part;
      const auto& fibre = *plan_.part(part).as<FibreFacts>();
      const auto per_km = plan_.spec.accepted(fibre.attenuation_per_km);
      const auto per_pair = plan_.spec.accepted(fibre.connector_loss);
      known_ = per_km && per_pair;
      if (known_) loss_ = {per_km->count(), per_pair->count()};
    }
    return known_ ? &loss_ : nullptr;
  }

private:
  const Plan& plan_;
  PartId part_;
  bool known_ = false;
  Loss loss_;
};

} // namespace

std::vector<OpticalMargin> measure_optics(const Plan& plan) {
  std::vector<OpticalMargin> lines(plan.spec.fabrics.size());
  const Budgets budgets(plan);
  Fibres fibres(plan);
  for (const auto& group : plan.network.link_groups) {
    auto& line = lines[group.fabric.index()];
    line.fabric = group.fabric;
    const auto pairs = plan.spec.fabrics[group.fabric.index()].media.connector_pairs;
    for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
      const auto& solution = plan.cables.solution(plan.cables.legs[i]);
      if (solution.media != MediaClass::osfp && solution.media != MediaClass::fibre) continue;
      ++line.links;
      const auto& link = plan.network.links[i];
      const auto budget = budgets.least(link);
      const auto* fibre = fibres.of(solution.part);
      if (fibre == nullptr || !budget) {
        ++line.unknown;
        continue;
      }
      const auto loss = divide_up(fibre->per_km * plan.cables.legs[i].length_mm, 1'000'000) + fibre->per_pair * pairs;
      const auto margin = *budget - Millidecibels(loss);
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
