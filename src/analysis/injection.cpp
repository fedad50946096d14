// SPDX-License-Identifier: Apache-2.0
// Ports, NICs and slots of the nodes of an attachment.
#include "injection.hpp"

#include "spec/node_gpus.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// NICs of one node that at least one of the ports belongs to.
std::int64_t nics_behind(const AttachedPorts& ports) {
  return ports.count < 1 ? 0 : (ports.first + ports.count - 1) / ports.per_nic - ports.first / ports.per_nic + 1;
}

} // namespace

AttachedPorts attached_ports(const Plan& plan, FabricId fabric, const Attachment& attachment) {
  const auto& nodes = plan.spec.nodes[attachment.group.index()];
  const auto& ports = nodes.ports[attachment.port_group];
  AttachedPorts attached;
  attached.first = -1;
  std::int64_t links = 0;
  for (const auto& group : plan.network.link_groups) {
    if (group.fabric != fabric || group.from_tier != 0 || group.count == 0) continue;
    const auto& link = plan.network.links[group.first];
    const auto& device = plan.network.group(link.from);
    if (device.nodes != attachment.group) continue;
    const auto& block = device.block_of_port(link.from_port);
    if (block.name != ports.name) continue;
    const auto first = std::int64_t{link.from_port} - block.first_port;
    attached.first = attached.first < 0 ? first : std::min(attached.first, first);
    // Rails and planes each have a part of the links; nodes may have different ones.
    links += group.count;
    attached.speed = group.speed;
    // A port group whose cages are divided in several ways is several blocks.
    std::int64_t all = 0;
    for (const auto& other : device.blocks) all += other.name == block.name ? other.ports() : 0;
    if (ports.nics > 0 && all % ports.nics == 0) attached.per_nic = all / ports.nics;
  }
  attached.count = links / nodes.count;
  return attached;
}

Mbps node_injection(const PortGroup& group, const AttachedPorts& ports, bool& slot_limited) {
  const auto all = ports.speed * ports.count;
  const auto slot = slot_rate(group.pcie);
  if (!slot || group.nics < 1) return all;
  Mbps sum;
  for (auto port = ports.first; port < ports.first + ports.count;) {
    const auto of_nic = std::min(ports.first + ports.count, (port / ports.per_nic + 1) * ports.per_nic) - port;
    sum += std::min(ports.speed * of_nic, *slot);
    port += of_nic;
  }
  slot_limited = slot_limited || sum < all;
  return sum;
}

std::optional<Mbps> slot_capacity(const PortGroup& group, const AttachedPorts& ports) {
  const auto slot = slot_rate(group.pcie);
  if (!slot || group.nics < 1) return std::nullopt;
  return *slot * nics_behind(ports);
}

Mbps nic_capacity(const PortGroup& group, const AttachedPorts& ports) {
  Mbps cage;
  for (const auto& mode : group.modes) cage = std::max(cage, mode.speed * mode.ports);
  if (group.nics < 1) return cage * group.cages;
  return Mbps(cage.count() * group.cages / group.nics * nics_behind(ports));
}

std::int64_t nodes_per_domain(const Plan& plan, FabricId fabric, NodeGroupId nodes) {
  const auto& spec = plan.spec.fabrics[fabric.index()];
  std::int64_t ports = 0;
  for (const auto& attachment : spec.attach) {
    if (attachment.devices == AttachedDevices::nodes && attachment.group == nodes) ports += attached_ports(plan, fabric, attachment).count;
  }
  ports /= spec.planes;
  const auto rails = plan.network.fabrics[fabric.index()].rails;
  if (ports > 0 && rails > ports && rails % ports == 0) return rails / ports;
  return nodes_per_domain(*plan.catalog, plan.spec.nodes[nodes.index()]);
}

std::optional<Mbps> scale_up_rate(const Plan& plan, const NodeGroup& nodes) {
  const auto gpu = gpu_of(*plan.catalog, nodes);
  return gpu ? plan.spec.accepted(plan.part(*gpu).as<GpuFacts>()->scale_up) : std::nullopt;
}

} // namespace icplan
