// SPDX-License-Identifier: Apache-2.0
// Resolves what each fabric attaches.
#include "attached_ports.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace icplan {
namespace {

bool carries(const PortMode& mode, const PortGroup& group, Protocol protocol) {
  return (mode.protocols.empty() ? group.protocols : mode.protocols).contains(protocol);
}

std::string speeds_of(const std::vector<PortMode>& modes) {
  std::set<std::int64_t> speeds;
  for (const auto& mode : modes) speeds.insert(mode.speed.count());
  std::string text;
  for (const auto speed : speeds) text += (text.empty() ? "" : ", ") + decimal(speed, 3);
  return text.empty() ? "none" : text + " Gb/s";
}

/// "2 x 400 Gb/s a cage".
std::string ports_of(const std::vector<PortMode>& modes) {
  std::string text;
  for (const auto& mode : modes) {
    text += text.empty() ? "" : " or ";
    text += std::to_string(mode.ports) + " x " + decimal(mode.speed.count(), 3) + " Gb/s";
  }
  return text + " in each cage";
}

} // namespace

std::string speeds_of(const Part& model) {
  std::vector<PortMode> all;
  for (const auto& group : model.port_groups()) all.insert(all.end(), group.modes.begin(), group.modes.end());
  return speeds_of(all);
}

Protocol protocol_of(const Catalog& catalog, const FabricSpec& fabric) {
  const auto* leaf = catalog[fabric.models[0]].as<SwitchFacts>();
  return leaf->protocols.contains(Protocol::infiniband) ? Protocol::infiniband : Protocol::ethernet;
}

/// Why no mode of the ports and of the leaf go together.
void AttachedNodePorts::report_no_speed(const FabricSpec& fabric, const Attachment& attachment) {
  const auto& nodes = spec_.nodes[attachment.group.index()];
  const auto& ports = nodes.ports[attachment.port_group];
  const auto& leaf = catalog_[fabric.models[0]];
  const auto protocol = protocol_of(catalog_, fabric);
  const auto wanted = attachment.speed ? attachment.speed : fabric.port_speed;
  const auto where = attachment.origin.states("speed_gbps") ? attachment.origin.of("speed_gbps")
                     : fabric.port_speed                    ? fabric.origin.of("port_speed_gbps")
                                                            : attachment.origin.whole;
  for (const auto& mode : ports.modes) {
    if (!wanted || mode.speed != *wanted || mode.protocols.empty() || mode.protocols.contains(protocol)) continue;
    std::vector<PortMode> own;
    std::copy_if(ports.modes.begin(), ports.modes.end(), std::back_inserter(own),
                 [&](const PortMode& other) { return carries(other, ports, protocol); });
    const auto other = to_text(protocol == Protocol::ethernet ? Protocol::infiniband : Protocol::ethernet);
    sink_.report(Code::speed_of_other_protocol, where,
                 "`" + ports.name + "` ports of `" + nodes.name + "` run at " + decimal(wanted->count(), 3) + " Gb/s in " + std::string(other) +
                     " only, and fabric `" + fabric.name + "` is " + std::string(to_text(protocol)),
                 own.empty() ? "choose a switch of the other protocol" : "in " + std::string(to_text(protocol)) + " they are " + ports_of(own));
    return;
  }
  const auto asked = wanted ? " at " + decimal(wanted->count(), 3) + " Gb/s" : std::string();
  sink_.report(Code::no_common_speed, where,
               "`" + ports.name + "` ports of `" + nodes.name + "` (" + speeds_of(ports.modes) + ") and `" + leaf.id + "` (" + speeds_of(leaf) +
                   ") have no " + std::string(to_text(protocol)) + " speed in common" + asked,
               "state a speed that both have, or choose another switch");
}

std::optional<ResolvedAttachment> AttachedNodePorts::resolve(const FabricSpec& fabric, const Attachment& attachment) {
  const auto& nodes = spec_.nodes[attachment.group.index()];
  const auto& ports = nodes.ports[attachment.port_group];
  const auto& leaf = catalog_[fabric.models[0]];
  const auto protocol = protocol_of(catalog_, fabric);
  auto& use = uses_[attachment.group.index()][attachment.port_group];
  const auto wanted = attachment.speed ? attachment.speed : fabric.port_speed;

  const PortMode* chosen = nullptr;
  std::optional<SwitchPorts> down;
  for (const auto& mode : ports.modes) {
    if (!ports.form || !carries(mode, ports, protocol) || (wanted && mode.speed != *wanted)) continue;
    if (use.decided && (mode.speed != use.mode.speed)) continue;
    if (chosen != nullptr && mode.speed <= chosen->speed) continue;
    if (const auto at_leaf = switch_ports(leaf, mode.speed, protocol, attachment.breakout)) {
      chosen = &mode;
      down = at_leaf;
    }
  }
  if (chosen == nullptr) {
    report_no_speed(fabric, attachment);
    return std::nullopt;
  }
  const auto available = ports.cages * chosen->ports - use.taken;
  const auto count = attachment.count.value_or(available);
  if (count > available || count < 1) {
    sink_.report(use.taken > 0 ? Code::ports_used_twice : Code::no_such_ports, attachment.origin.of("count"),
                 "fabric `" + fabric.name + "` takes " + grouped(std::max<std::int64_t>(count, 1)) + " `" + ports.name + "` ports of each `" +
                     nodes.name + "` node, which has " + grouped(available) + (use.taken > 0 ? " left" : ""),
                 use.taken > 0 ? "state `count` in the attachments of both fabrics" : "lower `count`");
    return std::nullopt;
  }
  ResolvedAttachment resolved{&attachment, use.taken, count, chosen->speed, *down};
  use.mode = *chosen;
  use.decided = true;
  use.taken += count;
  return resolved;
}

std::uint32_t AttachedNodePorts::block_start(NodeGroupId nodes, std::size_t port_group) const {
  std::int64_t start = 0;
  for (std::size_t i = 0; i < port_group; ++i) {
    const auto& use = uses_[nodes.index()][i];
    if (use.decided) start += spec_.nodes[nodes.index()].ports[i].cages * use.mode.ports;
  }
  return static_cast<std::uint32_t>(start);
}

/// With P planes, port j of a P-port NIC is in plane j; else NIC i of one-port NICs is in plane i mod P.
bool AttachedNodePorts::deal_over_planes(const FabricSpec& fabric, const ResolvedAttachment& resolved, Endpoints& endpoints) const {
  const auto& ports = spec_.nodes[endpoints.nodes.index()].ports[resolved.attachment->port_group];
  const auto all = ports.cages * uses_[endpoints.nodes.index()][resolved.attachment->port_group].mode.ports;
  const auto per_nic = ports.nics > 0 && all % ports.nics == 0 ? all / ports.nics : 1;
  const auto nics = resolved.ports / per_nic;
  const auto planes = fabric.planes;
  const bool by_port = planes > 1 && per_nic == planes && resolved.ports % per_nic == 0;
  const bool by_nic = planes == 1 || (per_nic == 1 && nics % planes == 0);
  if (!by_port && !by_nic) {
    sink_.report(Code::planes_do_not_divide, fabric.origin.of("planes"),
                 "fabric `" + fabric.name + "` has " + std::to_string(planes) + " planes, but its nodes have " + std::to_string(nics) + " NICs of " +
                     std::to_string(per_nic) + (per_nic == 1 ? " port" : " ports"),
                 "use as many planes as a NIC has ports, or a divisor of the NICs");
    return false;
  }
  const auto start = block_start(endpoints.nodes, resolved.attachment->port_group);
  endpoints.ports.resize(static_cast<std::size_t>(planes));
  endpoints.nics.resize(static_cast<std::size_t>(planes));
  for (std::int64_t i = 0; i < resolved.ports; ++i) {
    const auto port = resolved.first_port + i;
    const auto nic = port / per_nic - resolved.first_port / per_nic;
    const auto plane = static_cast<std::size_t>(by_port ? port % per_nic : nic % planes);
    endpoints.ports[plane].push_back(static_cast<std::uint16_t>(start + port));
    endpoints.nics[plane].push_back(by_port ? nic : nic / planes);
  }
  return true;
}

std::optional<Endpoints> AttachedNodePorts::endpoints(const FabricSpec& fabric, const ResolvedAttachment& resolved, const Network& network) const {
  const auto& attachment = *resolved.attachment;
  const auto& nodes = spec_.nodes[attachment.group.index()];
  Endpoints endpoints;
  endpoints.nodes = attachment.group;
  endpoints.name = nodes.name;
  endpoints.first = network.groups[attachment.group.index()].first;
  endpoints.count = nodes.count;
  // PDUs are counted later; until then there is one to size for.
  endpoints.planned = std::max<std::int64_t>(nodes.count, 1);
  endpoints.unit = nodes.unit;
  endpoints.origin = attachment.origin.whole;
  endpoints.count_origin = nodes.origin.of("count");
  endpoints.speed = resolved.speed;
  endpoints.down = resolved.down;
  const auto& name = nodes.ports[attachment.port_group].name;
  endpoints.default_homing = name == "storage" || name == "in-band" ? 2 : 1;
  if (!deal_over_planes(fabric, resolved, endpoints)) return std::nullopt;
  return endpoints;
}

} // namespace icplan
