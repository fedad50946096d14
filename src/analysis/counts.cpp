// SPDX-License-Identifier: Apache-2.0
// Counts and length statistics.
#include "icplan/analysis/analysis.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

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
  for (const auto& dark : plan.cables.dark_modules) counts.modules += dark.count;
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
    if (group.count == 0 || group.from_tier == 0) continue;
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
  const auto& network = plan.network;
  const auto& layout = network.fabrics[fabric];
  const auto& tiers = network.fabrics[layout.host.index()].tiers;
  const auto tier_name = [](const std::vector<Tier>& of, std::int64_t tier) { return of[static_cast<std::size_t>(tier - 1)].name; };
  std::vector<LinkCount> lines;
  std::map<std::tuple<std::int64_t, LinkKind, int>, LinkCount> by_kind;
  for (const auto& group : network.link_groups) {
    if (group.fabric != layout.fabric || group.count == 0) continue;
    const auto& from = network.group(network.links[group.first].from);
    const bool is_pdu = from.is_node() && plan.spec.nodes[from.nodes.index()].pdus;
    auto& line = by_kind[{group.from_tier, group.kind, !from.is_node() ? 1 : is_pdu ? 2 : 0}];
    line.from = group.from_tier > 0 ? tier_name(tiers, group.from_tier) : !from.is_node() ? "switch" : is_pdu ? "pdu" : "node";
    line.to = tier_name(network.fabrics[group.host.index()].tiers, group.to_tier);
    if (group.kind != LinkKind::tier) line.kind = to_text(group.kind);
    if (group.kind == LinkKind::uplink) line.purpose = plan.fabric_name(group.host);
    line.count += group.count;
  }
  for (const auto& [key, line] : by_kind) {
    if (std::get<0>(key) == 0) lines.push_back(line);
  }
  const auto& spec = plan.spec.fabrics[layout.fabric.index()];
  for (std::size_t r = 0; r < spec.reserved.size(); ++r) {
    const auto count = std::count_if(layout.reserved.begin(), layout.reserved.end(), [&](const auto& port) { return port.reservation == r; });
    lines.push_back({"reserved", tier_name(tiers, 1), count, {}, spec.reserved[r].purpose});
  }
  for (std::size_t e = 0; e < spec.external.size(); ++e) {
    const auto count = std::count_if(layout.external.begin(), layout.external.end(), [&](const auto& port) { return port.external == e; });
    lines.push_back({"external", tier_name(tiers, 1), count, {}, spec.external[e].name});
  }
  for (const auto& [key, line] : by_kind) {
    if (std::get<0>(key) > 0) lines.push_back(line);
  }
  return lines;
}

std::vector<TierUse> measure_tiers(const Plan& plan, std::size_t fabric) {
  const auto& network = plan.network;
  const auto& layout = network.fabrics[fabric];
  std::vector<TierUse> tiers(layout.tiers.size());
  std::vector<bool> lit(network.cages, false);
  const auto counts = [&](DeviceId device, std::uint32_t port) -> TierUse* {
    const auto& group = network.group(device);
    if (group.is_node() || group.fabric.index() != fabric || group.block_of_port(port).name == management_ports) return nullptr;
    return &tiers[static_cast<std::size_t>(group.tier - 1)];
  };
  const auto take = [&](DeviceId device, std::uint32_t port) {
    auto* tier = counts(device, port);
    if (tier == nullptr) return;
    --tier->ports_free;
    lit[network.cage(device, port).index()] = true;
  };
  for (const auto& group : network.groups) {
    if (group.is_node() || group.fabric.index() != fabric) continue;
    auto& tier = tiers[static_cast<std::size_t>(group.tier - 1)];
    for (const auto& block : group.blocks) {
      if (block.name != management_ports) tier.ports_free += std::int64_t{block.ports()} * group.count;
    }
    for (const auto& ports : plan.part(group.part).port_groups()) {
      if (ports.name != management_ports) tier.cages_free += ports.cages * group.count;
    }
  }
  for (const auto& link : network.links) {
    take(link.from, link.from_port);
    take(link.to, link.to_port);
  }
  for (const auto& other : network.fabrics) {
    if (other.host.index() != fabric) continue;
    for (const auto& port : other.reserved) take(port.device, port.port);
    for (const auto& port : other.external) take(port.device, port.port);
  }
  for (const auto& group : network.groups) {
    if (group.is_node() || group.fabric.index() != fabric) continue;
    auto& tier = tiers[static_cast<std::size_t>(group.tier - 1)];
    for (std::uint32_t n = 0; n < group.count; ++n) {
      for (const auto& block : group.blocks) {
        const auto first = group.first_cage.index() + n * group.cages_per_device + block.first_cage;
        const auto used = std::count(lit.begin() + first, lit.begin() + first + block.cages, true);
        tier.cages_used += used;
        tier.cages_disabled += used * block.disables;
        tier.cages_free -= used * (1 + block.disables);
      }
    }
  }
  return tiers;
}

std::vector<MediaLine> measure_media(const Plan& plan) {
  std::array<MediaLine, media_classes> lines;
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

std::vector<LengthBand> measure_length_bands(const Plan& plan) {
  // The thresholds of the media rule and the reaches that parts are usually sold for.
  constexpr std::array<std::int64_t, 15> starts = {0,      1'000,  2'000,  3'000,   5'000,   7'000,     10'000,    20'000,
                                                   30'000, 50'000, 70'000, 100'000, 500'000, 2'000'000, 10'000'000};
  std::vector<LengthBand> bands(starts.size());
  for (std::size_t b = 0; b < starts.size(); ++b) {
    bands[b].from = Millimetres(starts[b]);
    if (b + 1 < starts.size()) bands[b].to = Millimetres(starts[b + 1]);
  }
  for (const auto& assembly : plan.cables.assemblies) {
    const auto band = std::upper_bound(starts.begin(), starts.end(), std::int64_t{assembly.needed_mm}) - starts.begin() - 1;
    const auto media = plan.cables.solutions[assembly.solution.index()].media;
    ++bands[static_cast<std::size_t>(band)].cables[static_cast<std::size_t>(media)];
  }
  const auto used = [](const LengthBand& band) { return std::any_of(band.cables.begin(), band.cables.end(), [](auto count) { return count > 0; }); };
  bands.erase(std::find_if(bands.rbegin(), bands.rend(), used).base(), bands.end());
  bands.erase(bands.begin(), std::find_if(bands.begin(), bands.end(), used));
  return bands;
}

std::optional<LengthCounts> count_lengths(const Plan& plan) {
  if (plan.spec.lengths == nullptr) return std::nullopt;
  LengthCounts counts;
  for (const auto& leg : plan.cables.legs) ++counts.legs[static_cast<std::size_t>(leg.status)];
  for (const auto& finding : plan.findings) {
    if (finding.code == Code::stale_length) counts.stale += static_cast<std::int64_t>(finding.count);
  }
  return counts;
}

} // namespace icplan
