// SPDX-License-Identifier: Apache-2.0
// Injection and capacities of the fabrics that join GPUs.
#include "icplan/analysis/traffic.hpp"

#include "icplan/base/text.hpp"
#include "injection.hpp"

#include <algorithm>

namespace icplan {
namespace {

void limit_by(GpuInjection& line, std::optional<Mbps> rate, std::string_view limit) {
  if (!rate || *rate >= line.per_gpu) return;
  line.per_gpu = *rate;
  line.limit = limit;
}

/// What the attachments of one node group give each of its GPUs.
GpuInjection measure_injection(const Plan& plan, FabricId fabric, NodeGroupId group) {
  const auto& nodes = plan.spec.nodes[group.index()];
  GpuInjection line;
  line.nodes = group;
  line.gpus = nodes.gpus * nodes.count;
  Mbps nic;
  Mbps port;
  Mbps carried;
  std::optional<Mbps> slot = Mbps(0);
  for (const auto& attachment : plan.spec.fabrics[fabric.index()].attach) {
    if (attachment.devices != AttachedDevices::nodes || attachment.group != group) continue;
    const auto& ports = nodes.ports[attachment.port_group];
    const auto attached = attached_ports(plan, fabric, attachment);
    bool limited = false;
    nic += nic_capacity(ports, attached);
    port += attached.speed * attached.count;
    carried += node_injection(ports, attached, limited);
    const auto slots = slot_capacity(ports, attached);
    slot = slot && slots ? std::optional(*slot + *slots) : std::nullopt;
  }
  const auto share = [&](Mbps of_node) { return Mbps(of_node.count() / nodes.gpus); };
  line.nic = share(nic);
  line.port = share(port);
  if (slot) line.slot = share(*slot);
  line.scale_up = scale_up_rate(plan, nodes);
  line.per_gpu = line.port;
  line.limit = "port";
  limit_by(line, line.nic, "nic");
  // Some NICs may be limited by their slots where all slots together are not.
  limit_by(line, share(carried), "slot");
  limit_by(line, line.scale_up, "scale-up");
  return line;
}

std::vector<TierCapacity> measure_capacities(const Plan& plan, const FabricLayout& layout) {
  std::vector<TierCapacity> tiers;
  for (const auto& tier : layout.tiers) tiers.push_back({tier.name, tier.switches, {}, {}, {}, tier.oversubscription});
  for (const auto& group : plan.network.link_groups) {
    if (group.host != layout.fabric) continue;
    const auto rate = group.speed * group.count;
    const auto tier = [&](std::int64_t number) -> TierCapacity& { return tiers.at(static_cast<std::size_t>(number - 1)); };
    if (group.from_tier == 0) {
      tier(group.to_tier).down += rate;
    } else if (group.fabric != layout.fabric) {
      // Uplinks of another fabric end here as nodes do.
      tier(group.to_tier).down += rate;
    } else if (group.from_tier == group.to_tier) {
      tier(group.from_tier).peer += rate;
    } else {
      tier(group.from_tier).up += rate;
      tier(group.to_tier).down += rate;
    }
  }
  return tiers;
}

} // namespace

std::vector<FabricTraffic> measure_traffic(const Plan& plan) {
  std::vector<FabricTraffic> fabrics;
  for (const auto& layout : plan.network.fabrics) {
    const auto& spec = plan.spec.fabrics[layout.fabric.index()];
    if (spec.topology == Topology::access && !spec.on) continue;
    FabricTraffic traffic;
    traffic.fabric = layout.fabric;
    for (std::uint32_t g = 0; g < plan.spec.nodes.size(); ++g) {
      const auto joined = std::any_of(spec.attach.begin(), spec.attach.end(), [&](const Attachment& attachment) {
        return attachment.devices == AttachedDevices::nodes && attachment.group == NodeGroupId(g);
      });
      if (!joined || plan.spec.nodes[g].gpus == 0) continue;
      traffic.injection.push_back(measure_injection(plan, layout.fabric, NodeGroupId(g)));
      const auto& line = traffic.injection.back();
      traffic.injection_per_gpu = traffic.gpus == 0 ? line.per_gpu : std::min(traffic.injection_per_gpu, line.per_gpu);
      traffic.gpus += line.gpus;
    }
    if (traffic.gpus == 0) continue;
    traffic.tiers = measure_capacities(plan, layout);
    fabrics.push_back(std::move(traffic));
  }
  return fabrics;
}

std::string ports_remark(const Plan& plan, FabricId fabric) {
  std::vector<std::string_view> others;
  for (const auto& attachment : plan.spec.fabrics[fabric.index()].attach) {
    if (attachment.devices != AttachedDevices::nodes) continue;
    const auto& nodes = plan.spec.nodes[attachment.group.index()];
    const std::string_view ports = nodes.ports[attachment.port_group].name;
    if (nodes.gpus > 0 && ports != "compute" && std::find(others.begin(), others.end(), ports) == others.end()) others.push_back(ports);
  }
  if (others.empty()) return {};
  return "fabric " + std::string(plan.fabric_name(fabric)) + " joins GPUs through their " + quoted_list(others) +
         " ports, which are not `compute` ports";
}

} // namespace icplan
