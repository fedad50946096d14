// SPDX-License-Identifier: Apache-2.0
// Injection and bisection from the plan's own links.
#include "icplan/analysis/analysis.hpp"

#include "bisection.hpp"
#include "injection.hpp"

#include <algorithm>
#include <set>

namespace icplan {
namespace {

/// Whether some device has links to one switch of a plane only.
bool has_single_homed(const Plan& plan, const FabricLayout& layout) {
  for (const auto& group : plan.network.link_groups) {
    if (group.fabric != layout.fabric || group.from_tier != 0) continue;
    for (auto i = group.first; i < group.first + group.count;) {
      const auto& first = plan.network.links[i];
      bool both = false;
      for (; i < group.first + group.count && plan.network.links[i].from == first.from; ++i) both = both || plan.network.links[i].to != first.to;
      if (!both) return true;
    }
  }
  return false;
}

/// Where it binds: at injection, at a tier's uplinks (the host's, for a fabric that is `on` another one), or between halves of the routers.
void measure_bisection(const Plan& plan, const FabricLayout& layout, FabricBandwidth& line) {
  const auto& host = plan.network.fabrics[layout.host.index()];
  const auto topology = plan.spec.fabrics[layout.host.index()].topology;
  if (topology == Topology::explicit_links) return;
  line.bisection_full = line.injection;
  for (const auto& tier : host.tiers) {
    if (tier.oversubscription) line.bisection_full = std::min(*line.bisection_full, tier.uplink_capacity);
  }
  if (topology == Topology::collapsed_core && has_single_homed(plan, layout)) {
    Mbps between;
    for (const auto& group : plan.network.link_groups) {
      if (group.fabric == host.fabric && group.kind == LinkKind::isl) between += group.speed * group.count;
    }
    // Nodes of one switch against those of the other; others may be split over both, so there may be more.
    line.bisection_full = std::min(*line.bisection_full, between * 2);
  }
  // Switches that nothing joins pass nothing on.
  const bool apart = topology == Topology::access && !plan.spec.fabrics[layout.host.index()].uplink_to;
  if (apart && !host.tiers.empty() && host.tiers.front().switches > 1) line.bisection_full = Mbps(0);
  line.bisection_bound = host.uneven;
  if (const auto cut = least_cut(plan, host)) {
    line.bisection_full = std::min(*line.bisection_full, *cut * 2);
    std::int64_t routers = 0;
    for (const auto& tier : host.tiers) routers += tier.switches;
    const auto& lengths = host.shape.dimensions;
    const bool halved = topology == Topology::torus && *std::max_element(lengths.begin(), lengths.end()) % 2 == 0;
    const bool enumerated = topology != Topology::dragonfly_plus && routers <= 16 * plan.spec.fabrics[layout.host.index()].planes;
    // Halves of the routers are halves of the nodes only where every router is full.
    const bool full = host.endpoints == host.tiers.front().switches * host.shape.endpoints;
    line.bisection_bound = !full || (!halved && !enumerated);
  }
}

} // namespace

std::vector<FabricBandwidth> measure_bandwidth(const Plan& plan) {
  std::vector<FabricBandwidth> fabrics;
  for (const auto& layout : plan.network.fabrics) {
    FabricBandwidth line;
    line.fabric = layout.fabric;
    std::set<NodeGroupId> counted;
    for (const auto& attachment : plan.spec.fabrics[layout.fabric.index()].attach) {
      if (attachment.devices != AttachedDevices::nodes) continue;
      const auto& nodes = plan.spec.nodes[attachment.group.index()];
      const auto attached = attached_ports(plan, layout.fabric, attachment);
      const auto total = node_injection(nodes.ports[attachment.port_group], attached, line.slot_limited) * nodes.count;
      line.injection += total;
      if (nodes.gpus == 0) continue;
      line.gpu_injection += total;
      if (counted.insert(attachment.group).second) line.gpus += nodes.gpus * nodes.count;
    }
    if (line.gpus > 0) line.per_gpu = Mbps(line.gpu_injection.count() / line.gpus);
    measure_bisection(plan, layout, line);
    fabrics.push_back(line);
  }
  return fabrics;
}

std::vector<SlotLimit> find_slot_limits(const Plan& plan) {
  std::vector<SlotLimit> limits;
  for (const auto& layout : plan.network.fabrics) {
    for (const auto& attachment : plan.spec.fabrics[layout.fabric.index()].attach) {
      if (attachment.devices != AttachedDevices::nodes) continue;
      const auto& nodes = plan.spec.nodes[attachment.group.index()];
      const auto& group = nodes.ports[attachment.port_group];
      const auto slot = slot_rate(group.pcie);
      if (!slot || group.nics < 1) continue;
      const auto attached = attached_ports(plan, layout.fabric, attachment);
      SlotLimit limit{layout.fabric, attachment.group, group.pcie, {}, *slot, 0};
      for (auto port = attached.first; port < attached.first + attached.count;) {
        const auto of_nic = std::min(attached.first + attached.count, (port / attached.per_nic + 1) * attached.per_nic) - port;
        if (attached.speed * of_nic > *slot) {
          limit.ports = std::max(limit.ports, attached.speed * of_nic);
          limit.nics += nodes.count;
        }
        port += of_nic;
      }
      if (limit.nics > 0) limits.push_back(std::move(limit));
    }
  }
  return limits;
}

} // namespace icplan
