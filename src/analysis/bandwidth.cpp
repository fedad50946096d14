// SPDX-License-Identifier: Apache-2.0
// Injection and bisection from the plan's own links.
#include "icplan/analysis/analysis.hpp"

#include <algorithm>
#include <charconv>

namespace icplan {
namespace {

/// Raw rate of a slot such as "gen5x16", one direction: 8, 16, 32, 64 Gb/s per lane from generation 3 on. Absent for an unknown slot.
std::optional<Mbps> slot_rate(std::string_view slot) {
  if (slot.size() < 6 || slot.substr(0, 3) != "gen") return std::nullopt;
  const int generation = slot[3] - '0';
  int lanes = 0;
  const auto* end = slot.data() + slot.size();
  const auto parsed = std::from_chars(slot.data() + 5, end, lanes);
  if (generation < 3 || generation > 6 || slot[4] != 'x' || parsed.ec != std::errc() || parsed.ptr != end || lanes < 1) return std::nullopt;
  return Mbps(std::int64_t{8'000} * (1 << (generation - 3)) * lanes);
}

/// What the attached ports of one node can carry, NIC by NIC.
Mbps node_injection(const NodeGroup& nodes, const Attachment& attachment, std::int64_t ports, Mbps speed, bool& slot_limited) {
  const auto& group = nodes.ports[attachment.port_group];
  const auto all = speed * ports;
  const auto slot = slot_rate(group.pcie);
  if (!slot || group.nics < 1) return all;
  const auto nic_ports = std::max<std::int64_t>(1, divide_up(ports, group.nics));
  const auto nics = divide_up(ports, nic_ports);
  if (*slot * nics >= all) return all;
  slot_limited = true;
  return *slot * nics;
}

} // namespace

std::vector<FabricBandwidth> measure_bandwidth(const Plan& plan) {
  std::vector<FabricBandwidth> fabrics;
  for (const auto& layout : plan.network.fabrics) {
    FabricBandwidth line;
    line.fabric = layout.fabric;
    Mbps gpu_injection;
    for (const auto& attachment : plan.spec.fabrics[layout.fabric.index()].attach) {
      const auto& nodes = plan.spec.nodes[attachment.group.index()];
      std::int64_t ports = 0;
      Mbps speed;
      for (const auto& group : plan.network.link_groups) {
        if (group.fabric != layout.fabric || group.from_tier != 0 || group.count == 0) continue;
        if (plan.network.group(plan.network.links[group.first].from).nodes != attachment.group) continue;
        const auto& block = plan.network.group(plan.network.links[group.first].from).block_of_port(plan.network.links[group.first].from_port);
        if (block.name != nodes.ports[attachment.port_group].name) continue;
        ports += group.count / nodes.count;
        speed = group.speed;
      }
      const auto total = node_injection(nodes, attachment, ports, speed, line.slot_limited) * nodes.count;
      line.injection += total;
      if (nodes.gpus == 0) continue;
      line.gpus += nodes.gpus * nodes.count;
      gpu_injection += total;
    }
    if (line.gpus > 0) line.per_gpu = Mbps(gpu_injection.count() / line.gpus);
    line.bisection_full = line.injection;
    for (const auto& tier : layout.tiers) {
      if (tier.oversubscription) line.bisection_full = std::min(line.bisection_full, tier.uplink_capacity);
    }
    fabrics.push_back(line);
  }
  return fabrics;
}

} // namespace icplan
