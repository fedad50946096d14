// SPDX-License-Identifier: Apache-2.0
// Resolves what each fabric attaches, adds the nodes, and lets the topology families build the rest.
#include "icplan/fabric/network.hpp"

#include "builder.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <set>
#include <tuple>

namespace icplan {
namespace {

struct Registration {
  Topology topology;
  BuildTopology build;
};
constexpr std::array<Registration, 3> topologies = {
    {{Topology::single_switch, build_single_switch}, {Topology::fat_tree, build_fat_tree}, {Topology::rail_optimized, build_rail_optimized}}};

/// How a node group's port group is used: decided by the first attachment that takes ports of it.
struct PortUse {
  PortMode mode;
  bool decided = false;
  std::int64_t taken = 0;
};

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

std::string speeds_of(const Part& model) {
  std::vector<PortMode> all;
  for (const auto& group : model.port_groups()) all.insert(all.end(), group.modes.begin(), group.modes.end());
  return speeds_of(all);
}

class NetworkAssembly {
public:
  NetworkAssembly(const ClusterSpec& spec, const Catalog& catalog, Sink& sink) : spec_(spec), catalog_(catalog), sink_(sink), builder_(network_) {
    for (const auto& group : spec.nodes) uses_.emplace_back(group.ports.size());
  }

  Network build();

private:
  struct Resolved {
    const Attachment* attachment = nullptr;
    std::int64_t first_port = 0;
    std::int64_t ports = 0;
    Mbps speed;
    SwitchPorts down;
  };

  Protocol protocol_of(const FabricSpec& fabric) const;
  std::optional<Resolved> resolve(const FabricSpec& fabric, const Attachment& attachment);
  std::optional<Endpoints> endpoints_of(const FabricSpec& fabric, const Resolved& resolved);
  void add_nodes();
  void check_names();
  std::uint32_t block_start(NodeGroupId nodes, std::size_t port_group) const;
  bool deal_over_planes(const FabricSpec& fabric, const Resolved& resolved, Endpoints& endpoints);

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  Sink& sink_;
  Network network_;
  NetworkBuilder builder_;
  std::vector<std::vector<PortUse>> uses_;
};

Protocol NetworkAssembly::protocol_of(const FabricSpec& fabric) const {
  const auto* leaf = catalog_[fabric.models[0]].as<SwitchFacts>();
  return leaf->protocols.contains(Protocol::infiniband) ? Protocol::infiniband : Protocol::ethernet;
}

std::optional<NetworkAssembly::Resolved> NetworkAssembly::resolve(const FabricSpec& fabric, const Attachment& attachment) {
  const auto& nodes = spec_.nodes[attachment.group.index()];
  const auto& ports = nodes.ports[attachment.port_group];
  const auto& leaf = catalog_[fabric.models[0]];
  const auto protocol = protocol_of(fabric);
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
    const auto where = attachment.origin.states("speed_gbps") ? attachment.origin.of("speed_gbps")
                       : fabric.port_speed                    ? fabric.origin.of("port_speed_gbps")
                                                              : attachment.origin.whole;
    const auto asked = wanted ? " at " + decimal(wanted->count(), 3) + " Gb/s" : std::string();
    sink_.report(Code::no_common_speed, where,
                 "`" + ports.name + "` ports of `" + nodes.name + "` (" + speeds_of(ports.modes) + ") and `" + leaf.id + "` (" + speeds_of(leaf) +
                     ") have no " + std::string(to_text(protocol)) + " speed in common" + asked,
                 "state a speed that both have, or choose another switch");
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
  Resolved resolved{&attachment, use.taken, count, chosen->speed, *down};
  use.mode = *chosen;
  use.decided = true;
  use.taken += count;
  return resolved;
}

std::uint32_t NetworkAssembly::block_start(NodeGroupId nodes, std::size_t port_group) const {
  std::int64_t start = 0;
  for (std::size_t i = 0; i < port_group; ++i) {
    const auto& use = uses_[nodes.index()][i];
    if (use.decided) start += spec_.nodes[nodes.index()].ports[i].cages * use.mode.ports;
  }
  return static_cast<std::uint32_t>(start);
}

/// With P planes, port j of a P-port NIC is in plane j; else NIC i of one-port NICs is in plane i mod P.
bool NetworkAssembly::deal_over_planes(const FabricSpec& fabric, const Resolved& resolved, Endpoints& endpoints) {
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

std::optional<Endpoints> NetworkAssembly::endpoints_of(const FabricSpec& fabric, const Resolved& resolved) {
  const auto& attachment = *resolved.attachment;
  const auto& nodes = spec_.nodes[attachment.group.index()];
  Endpoints endpoints;
  endpoints.nodes = attachment.group;
  endpoints.first_node = network_.groups[attachment.group.index()].first;
  endpoints.count = nodes.count;
  endpoints.unit = nodes.unit;
  endpoints.speed = resolved.speed;
  endpoints.down = resolved.down;
  const auto& name = nodes.ports[attachment.port_group].name;
  endpoints.default_homing = name == "storage" || name == "in-band" ? 2 : 1;
  endpoints.attachment = &attachment;
  if (!deal_over_planes(fabric, resolved, endpoints)) return std::nullopt;
  return endpoints;
}

void NetworkAssembly::add_nodes() {
  for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
    const auto& nodes = spec_.nodes[i];
    DeviceGroup group;
    group.part = nodes.model;
    group.nodes = NodeGroupId(static_cast<std::uint32_t>(i));
    group.name_prefix = nodes.name;
    group.count = static_cast<std::uint32_t>(nodes.count);
    std::uint32_t cage = 0;
    std::uint32_t port = 0;
    for (std::size_t p = 0; p < nodes.ports.size(); ++p) {
      const auto& use = uses_[i][p];
      if (!use.decided) continue;
      const auto& from = nodes.ports[p];
      CageBlock block;
      block.name = from.name;
      block.form = *from.form;
      block.top = from.top;
      block.lanes = from.lanes;
      block.protocols = use.mode.protocols.empty() ? from.protocols : use.mode.protocols;
      block.first_cage = cage;
      block.cages = static_cast<std::uint32_t>(from.cages);
      block.first_port = port;
      block.ports_per_cage = static_cast<std::uint32_t>(use.mode.ports);
      block.speed = use.mode.speed;
      block.lanes_per_port = use.mode.lanes_per_port;
      block.up = true;
      cage += block.cages;
      port += block.ports();
      group.blocks.push_back(std::move(block));
    }
    builder_.add_devices(std::move(group));
  }
}

/// Names are what installers and later checks go by: no two devices may share one.
void NetworkAssembly::check_names() {
  struct Range {
    std::string prefix;
    std::uint32_t first = 0;
    std::uint32_t end = 0;
    const DeviceGroup* group = nullptr;
  };
  std::vector<Range> ranges;
  for (const auto& group : network_.groups) ranges.push_back({group.name_prefix, group.first_number, group.first_number + group.count, &group});
  std::stable_sort(ranges.begin(), ranges.end(),
                   [](const Range& a, const Range& b) { return std::tie(a.prefix, a.first) < std::tie(b.prefix, b.first); });
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].prefix != ranges[i - 1].prefix || ranges[i].first >= ranges[i - 1].end) continue;
    const auto& group = *std::max(ranges[i - 1].group, ranges[i].group);
    sink_.report(Code::duplicate_name, spec_.fabrics[group.fabric.index()].origin.of("name"),
                 "two devices would be named `" + network_.device_name(group.first) + "`",
                 "rename the fabric or the node group that the name is built from");
  }
}

Network NetworkAssembly::build() {
  std::vector<std::vector<Resolved>> resolved(spec_.fabrics.size());
  std::int64_t links = 0;
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    for (const auto& attachment : spec_.fabrics[f].attach) {
      if (const auto ports = resolve(spec_.fabrics[f], attachment)) {
        resolved[f].push_back(*ports);
        links += ports->ports * spec_.nodes[attachment.group.index()].count;
      }
    }
  }
  if (links > most_links / 3) {
    sink_.report(Code::cluster_too_large, spec_.nodes.front().origin.of("count"),
                 "the nodes have " + grouped(links) + " ports to cable; icplan plans at most " + grouped(most_links / 3), "split the cluster");
  }
  if (links > most_links / 3) return std::move(network_);
  network_.links.reserve(static_cast<std::size_t>(links) * 2);
  add_nodes();
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    const auto& fabric = spec_.fabrics[f];
    const auto id = FabricId(static_cast<std::uint32_t>(f));
    FabricRequest request{spec_, catalog_, id, fabric, protocol_of(fabric), {}};
    FabricLayout layout;
    layout.fabric = id;
    layout.protocol = request.protocol;
    bool complete = resolved[f].size() == fabric.attach.size();
    for (const auto& ports : resolved[f]) {
      if (auto endpoints = endpoints_of(fabric, ports)) {
        layout.endpoints += ports.ports * endpoints->count;
        layout.injection += ports.speed * (ports.ports * endpoints->count);
        request.endpoints.push_back(std::move(*endpoints));
      } else {
        complete = false;
      }
    }
    if (!complete) continue;
    const auto* family = std::find_if(topologies.begin(), topologies.end(), [&](const auto& entry) { return entry.topology == fabric.topology; });
    assert(family != topologies.end());
    family->build(request, builder_, layout, sink_);
    network_.fabrics.push_back(std::move(layout));
  }
  if (!sink_.has_errors()) check_names();
  return std::move(network_);
}

} // namespace

Network build_network(const ClusterSpec& spec, const Catalog& catalog, Sink& sink) { return NetworkAssembly(spec, catalog, sink).build(); }

} // namespace icplan
