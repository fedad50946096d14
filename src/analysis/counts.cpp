// SPDX-License-Identifier: Apache-2.0
// Counts and length statistics.
#include "icplan/analysis/analysis.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace icplan {

PlanCounts count_plan(const Plan& plan) {
  PlanCounts counts;
  for (const auto& group : plan.network.groups) {
    if (!group.is_node()) {
      counts.switches += group.count;
      continue;
    }
    if (plan.spec.nodes[group.nodes.index()].pdus) continue;
    const auto gpus = plan.spec.nodes[group.nodes.index()].gpus;
    counts.gpus += gpus * group.count;
    (gpus > 0 ? counts.nodes : counts.support_nodes) += group.count;
  }
  counts.racks = static_cast<std::int64_t>(plan.placement.racks.size());
  counts.links = static_cast<std::int64_t>(plan.network.links.size());
  counts.cables = static_cast<std::int64_t>(plan.cables.assemblies.size());
  counts.modules = static_cast<std::int64_t>(
      std::count_if(plan.cables.module_of_cage.begin(), plan.cables.module_of_cage.end(), [](std::uint16_t module) { return module != 0; }));
  return counts;
}

std::int64_t count_endpoints(const Plan& plan) {
  std::int64_t count = 0;
  for (const auto& layout : plan.network.fabrics) count += layout.endpoints;
  return count;
}

std::int64_t count_inter_switch_links(const Plan& plan) {
  std::int64_t count = 0;
  for (const auto& group : plan.network.link_groups) {
    if (group.count == 0) continue;
    const auto& link = plan.network.links[group.first];
    if (!plan.network.group(link.from).is_node() && !plan.network.group(link.to).is_node()) count += group.count;
  }
  return count;
}

std::int64_t count_optical_ends(const Plan& plan) {
  const auto& network = plan.network;
  std::vector<bool> optical(network.cages, false);
  for (std::size_t cage = 0; cage < optical.size(); ++cage) optical[cage] = plan.cables.module_of_cage[cage] != 0;
  for (std::size_t i = 0; i < network.links.size(); ++i) {
    if (plan.cables.solution(plan.cables.legs[i]).media != MediaClass::aoc) continue;
    const auto& link = network.links[i];
    optical[network.cage(link.from, link.from_port).index()] = true;
    optical[network.cage(link.to, link.to_port).index()] = true;
  }
  return std::count(optical.begin(), optical.end(), true);
}

std::optional<Ratio> worst_oversubscription(const Plan& plan) {
  std::optional<Ratio> worst;
  for (const auto& layout : plan.network.fabrics) {
    for (const auto& tier : layout.tiers) {
      if (!tier.oversubscription) continue;
      const auto& ratio = *tier.oversubscription;
      // Both sides are products of counts far below 2^31.
      if (!worst || ratio.numerator * worst->denominator > worst->numerator * ratio.denominator) worst = ratio;
    }
  }
  return worst;
}

std::vector<LinkCount> count_links(const Plan& plan, std::size_t fabric) {
  const auto& layout = plan.network.fabrics[fabric];
  const auto tier_name = [&](std::int64_t tier) { return tier == 0 ? std::string("node") : layout.tiers[static_cast<std::size_t>(tier - 1)].name; };
  std::map<std::int64_t, LinkCount> by_tier;
  for (const auto& group : plan.network.link_groups) {
    if (group.fabric != layout.fabric) continue;
    auto& line = by_tier[group.from_tier];
    line.from = tier_name(group.from_tier);
    line.to = tier_name(group.to_tier);
    line.count += group.count;
  }
  std::vector<LinkCount> lines;
  for (auto& [tier, line] : by_tier) {
    lines.push_back(line);
    if (tier > 0) continue;
    const auto& reservations = plan.spec.fabrics[layout.fabric.index()].reserved;
    for (std::size_t r = 0; r < reservations.size(); ++r) {
      const auto count = std::count_if(layout.reserved.begin(), layout.reserved.end(), [&](const auto& port) { return port.reservation == r; });
      lines.push_back({"reserved", tier_name(1), count, reservations[r].purpose});
    }
  }
  return lines;
}

std::vector<MediaLine> measure_media(const Plan& plan) {
  std::array<MediaLine, 4> lines;
  for (const auto& assembly : plan.cables.assemblies) {
    const auto media = plan.cables.solutions[assembly.solution.index()].media;
    auto& line = lines[static_cast<std::size_t>(media)];
    const Millimetres needed(assembly.needed_mm);
    line.media = media;
    line.shortest = line.cables == 0 ? needed : std::min(line.shortest, needed);
    line.longest = std::max(line.longest, needed);
    line.sum += needed;
    ++line.cables;
    line.links += assembly.used_legs;
  }
  for (const auto& leg : plan.cables.legs) {
    if (leg.escalated) ++lines[static_cast<std::size_t>(plan.cables.solution(leg).media)].escalated;
  }
  std::vector<MediaLine> used;
  for (const auto& line : lines) {
    if (line.cables > 0) used.push_back(line);
  }
  return used;
}

} // namespace icplan
