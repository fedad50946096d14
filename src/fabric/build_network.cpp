// SPDX-License-Identifier: Apache-2.0
// Adds the nodes, gathers what each fabric joins, and lets the topology families build the rest.
#include "icplan/fabric/network.hpp"

#include "attached_ports.hpp"
#include "builder.hpp"
#include "device_names.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <tuple>

namespace icplan {
namespace {

struct Registration {
  Topology topology;
  BuildTopology build;
};
constexpr std::array<Registration, 13> topologies = {{{Topology::single_switch, build_single_switch},
                                                      {Topology::collapsed_core, build_collapsed_core},
                                                      {Topology::fat_tree, build_fat_tree},
                                                      {Topology::rail_optimized, build_rail_optimized},
                                                      {Topology::rail_only, build_rail_only},
                                                      {Topology::multi_plane, build_multi_plane},
                                                      {Topology::dual_tor, build_dual_tor},
                                                      {Topology::access, build_access},
                                                      {Topology::dragonfly, build_dragonfly},
                                                      {Topology::dragonfly_plus, build_dragonfly_plus},
                                                      {Topology::slim_fly, build_slim_fly},
                                                      {Topology::torus, build_torus},
                                                      {Topology::explicit_links, build_explicit}}};

/// Switches of each access fabric, by fabric: others keep ports for their uplinks.
using AccessSwitches = std::vector<std::int64_t>;
/// How often the number of access switches is reckoned anew: each attaches the switches of fabrics that grow with its uplinks.
constexpr int most_rounds = 16;

class NetworkAssembly {
public:
  NetworkAssembly(const ClusterSpec& spec, const Catalog& catalog, const AccessSwitches& access, Sink& sink)
      : spec_(spec), catalog_(catalog), access_(access), sink_(sink), builder_(network_), ports_(spec, catalog, sink) {
    builder_.give_names([this](DeviceGroup& group) { name_devices(spec_, group, sink_); });
  }

  Network build();

private:
  void add_nodes();
  void expect_management();
  CageBlock management_block(const DeviceGroup& group);
  bool add_own(FabricId id, FabricId host, FabricRequest& request);
  bool add_switches(FabricId id, const Attachment& attachment, FabricRequest& request);
  bool add_external(FabricId id, FabricRequest& request);
  bool add_uplinks(FabricId host, FabricRequest& request);
  std::vector<FabricId> building_order() const;
  void build_fabric(FabricId id);

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  const AccessSwitches& access_;
  Sink& sink_;
  Network network_;
  NetworkBuilder builder_;
  AttachedNodePorts ports_;
  /// By fabric: its attachments of nodes.
  std::vector<std::vector<ResolvedAttachment>> resolved_;
  std::vector<bool> complete_;
};

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
      const auto& use = ports_.use(group.nodes, p);
      if (!use.decided) continue;
      const auto& from = nodes.ports[p];
      CageBlock block;
      block.name = from.name;
      block.form = *from.form;
      block.top = from.top;
      block.lanes = from.lanes;
      block.max_module_power = from.max_module_power;
      block.optics = from.optics;
      block.energy = from.energy;
      block.protocols = use.mode.protocols.empty() ? from.protocols : use.mode.protocols;
      block.first_cage = cage;
      block.cages = static_cast<std::uint32_t>(from.cages);
      block.first_port = port;
      block.ports_per_cage = static_cast<std::uint32_t>(use.mode.ports);
      block.speed = use.mode.speed;
      block.lanes_per_port = use.mode.lanes_per_port;
      block.use = CageUse::up;
      cage += block.cages;
      port += block.ports();
      group.blocks.push_back(std::move(block));
    }
    builder_.add_devices(std::move(group));
  }
}

/// Which fabrics' switches get a management port: all but the one that attaches them.
void NetworkAssembly::expect_management() {
  const auto attaches = [](const FabricSpec& fabric) {
    return std::any_of(fabric.attach.begin(), fabric.attach.end(), [](const auto& of) { return of.devices == AttachedDevices::switches; });
  };
  const auto manager = std::find_if(spec_.fabrics.begin(), spec_.fabrics.end(), attaches);
  if (manager == spec_.fabrics.end()) return;
  std::vector<bool> managed(spec_.fabrics.size(), true);
  managed[static_cast<std::size_t>(manager - spec_.fabrics.begin())] = false;
  builder_.give_management_ports(std::move(managed), [this](const DeviceGroup& group) { return management_block(group); });
}

/// The first of the model's management ports; one RJ45 port at 1 Gb/s where the catalog says nothing, which is told.
CageBlock NetworkAssembly::management_block(const DeviceGroup& group) {
  const auto& model = catalog_[group.part];
  const auto& groups = model.port_groups();
  CageBlock block;
  block.name = management_ports;
  block.form = Form::rj45;
  block.lanes = 1;
  block.protocols = {Protocol::ethernet};
  block.cages = 1;
  block.speed = Mbps(1'000);
  block.use = CageUse::up;
  const auto stated = std::find_if(groups.begin(), groups.end(), [](const PortGroup& of) { return of.name == management_ports; });
  if (stated == groups.end() || !stated->form || stated->modes.empty()) {
    sink_.report(Code::assumed_management_port, spec_.fabrics[group.fabric.index()].origin.whole,
                 "the catalogs state no `mgmt` ports of `" + model.id + "`: one RJ45 port at 1 Gb/s is assumed", "state them in an overlay catalog");
    return block;
  }
  block.form = *stated->form;
  block.top = stated->top;
  block.lanes = stated->lanes;
  block.speed = stated->modes.front().speed;
  block.lanes_per_port = stated->modes.front().lanes_per_port;
  block.ports_per_cage = static_cast<std::uint32_t>(stated->modes.front().ports);
  return block;
}

/// The switches of every fabric that is built already, by their first management port.
bool NetworkAssembly::add_switches(FabricId id, const Attachment& attachment, FabricRequest& request) {
  const auto groups = network_.groups.size();
  for (std::size_t g = 0; g < groups; ++g) {
    const auto& group = network_.groups[g];
    if (group.is_node() || group.fabric == id) continue;
    const auto& block = group.blocks.back();
    if (block.name != management_ports) continue;
    const auto down = switch_ports(request.model(0), attachment.speed.value_or(block.speed), request.protocol, attachment.breakout);
    if (!down || block.speed != attachment.speed.value_or(block.speed)) {
      sink_.report(Code::no_common_speed, attachment.origin.whole,
                   "the management ports of `" + catalog_[group.part].id + "` run at " + decimal(block.speed.count(), 3) + " Gb/s, but `" +
                       request.model(0).id + "` has " + speeds_of(request.model(0)),
                   "choose another leaf, or state the ports in an overlay catalog");
      return false;
    }
    Endpoints endpoints;
    endpoints.fabric = id;
    endpoints.name = group.name_prefix;
    endpoints.first = group.first;
    endpoints.count = endpoints.planned = group.count;
    endpoints.speed = block.speed;
    endpoints.down = *down;
    endpoints.origin = endpoints.count_origin = attachment.origin.whole;
    endpoints.ports.assign(static_cast<std::size_t>(request.fabric.planes), {static_cast<std::uint16_t>(block.first_port)});
    endpoints.nics.assign(static_cast<std::size_t>(request.fabric.planes), {0});
    request.endpoints.push_back(std::move(endpoints));
  }
  return true;
}

/// The node ports of a fabric, on the switches of `host`.
bool NetworkAssembly::add_own(FabricId id, FabricId host, FabricRequest& request) {
  const auto& fabric = spec_.fabrics[id.index()];
  auto& layout = network_.fabrics[id.index()];
  if (!complete_[id.index()]) return false;
  for (const auto& ports : resolved_[id.index()]) {
    auto endpoints = ports_.endpoints(spec_.fabrics[host.index()], ports, network_);
    if (!endpoints) return false;
    endpoints->fabric = id;
    // The group that grows does so on every fabric that shares these switches.
    const auto growing = spec_.fabrics[host.index()].expandable_to;
    const bool first = request.endpoints.empty();
    if (growing && (first || request.endpoints.front().nodes == endpoints->nodes)) {
      if (*growing < endpoints->count) {
        sink_.report(Code::conflicting_values, fabric.origin.of("expandable_to"),
                     "`expandable_to` is " + grouped(*growing) + ", but group `" + endpoints->name + "` has " + grouped(endpoints->count) + " nodes",
                     "state at least the nodes that there are");
        return false;
      }
      endpoints->planned = *growing;
      if (first && *growing > endpoints->count) {
        sink_.report(Code::growth_not_placed, fabric.origin.of("expandable_to"),
                     "fabric `" + fabric.name + "` keeps ports for " + grouped(*growing - endpoints->count) +
                         " nodes more, but racks and lengths are those of " + grouped(endpoints->count),
                     "save this plan with `-o` and plan the grown cluster with `--baseline`, before buying");
      }
    }
    layout.endpoints += ports.ports * endpoints->count;
    layout.injection += ports.speed * (ports.ports * endpoints->count);
    request.endpoints.push_back(std::move(*endpoints));
  }
  for (const auto& attachment : fabric.attach) {
    if (attachment.devices != AttachedDevices::switches) continue;
    const auto before = request.endpoints.size();
    if (!add_switches(id, attachment, request)) return false;
    for (auto e = before; e < request.endpoints.size(); ++e) {
      layout.endpoints += request.endpoints[e].count * request.fabric.planes;
      layout.injection += request.endpoints[e].speed * (request.endpoints[e].count * request.fabric.planes);
    }
  }
  return add_external(id, request);
}

bool NetworkAssembly::add_external(FabricId id, FabricRequest& request) {
  const auto& fabric = spec_.fabrics[id.index()];
  const auto planes = request.fabric.planes;
  for (std::size_t i = 0; i < fabric.external.size(); ++i) {
    const auto& external = fabric.external[i];
    const auto speed = external.speed ? external.speed : fabric.port_speed;
    const auto fastest = request.endpoints.empty() ? Mbps(0) : request.endpoints.front().speed;
    const auto down = switch_ports(request.model(0), speed.value_or(fastest), request.protocol, external.breakout);
    if (!down) {
      sink_.report(Code::no_common_speed, external.origin.of("speed_gbps"),
                   "`" + request.model(0).id + "` (" + speeds_of(request.model(0)) + ") has no ports of " +
                       decimal(speed.value_or(fastest).count(), 3) + " Gb/s" +
                       (external.breakout > 1 ? ", " + std::to_string(external.breakout) + " to a cage," : std::string()) + " for `" + external.name +
                       "`",
                   "state a speed and breakout that it has");
      return false;
    }
    if (external.count % planes != 0) {
      sink_.report(Code::planes_do_not_divide, external.origin.of("count"),
                   grouped(external.count) + " links to `" + external.name + "` cannot be dealt over the " + std::to_string(planes) + " planes of " +
                       request.title(),
                   "use a multiple of the planes");
      return false;
    }
    Endpoints endpoints;
    endpoints.kind = EndpointKind::external;
    endpoints.fabric = id;
    endpoints.name = external.name;
    endpoints.count = endpoints.planned = external.count / planes;
    endpoints.speed = down->mode.speed;
    endpoints.down = *down;
    endpoints.origin = external.origin.whole;
    endpoints.count_origin = external.origin.of("count");
    endpoints.external = i;
    endpoints.ports.assign(static_cast<std::size_t>(planes), {0});
    endpoints.nics.assign(static_cast<std::size_t>(planes), {0});
    request.endpoints.push_back(std::move(endpoints));
  }
  return true;
}

/// Ports for the uplinks of the access fabrics that lead into this one.
bool NetworkAssembly::add_uplinks(FabricId host, FabricRequest& request) {
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    const auto& access = spec_.fabrics[f];
    // Uplinks that are listed need no ports to be kept.
    if (access.uplink_to != host || access.topology != Topology::access || access_[f] == 0 || !complete_[f]) continue;
    const FabricId id(static_cast<std::uint32_t>(f));
    FabricRequest of{spec_, catalog_, id, access, protocol_of(catalog_, access), {}};
    Endpoints any;
    any.down = resolved_[f].empty() ? switch_ports(of.model(0), Mbps(1'000), of.protocol, 1).value_or(SwitchPorts{}) : resolved_[f].front().down;
    of.endpoints.push_back(any);
    const auto uplinks = access_uplinks(of, request.fabric, request.protocol, sink_);
    if (!uplinks) return false;
    if (uplinks->count == 0) continue;
    Endpoints endpoints;
    endpoints.kind = EndpointKind::uplinks;
    endpoints.fabric = id;
    endpoints.name = access.name;
    endpoints.count = endpoints.planned = access_[f];
    endpoints.speed = uplinks->far.mode.speed;
    endpoints.down = uplinks->far;
    endpoints.default_homing = 2;
    endpoints.origin = endpoints.count_origin = access.origin.of("uplink_to");
    const auto each = static_cast<std::size_t>(uplinks->count / request.fabric.planes);
    endpoints.ports.assign(static_cast<std::size_t>(request.fabric.planes), std::vector<std::uint16_t>(each, 0));
    endpoints.nics.assign(static_cast<std::size_t>(request.fabric.planes), std::vector<std::int64_t>(each, 0));
    request.endpoints.push_back(std::move(endpoints));
  }
  return true;
}

/// Fabrics with switches: first those that others lead into, then access fabrics, last the one that attaches all switches.
std::vector<FabricId> NetworkAssembly::building_order() const {
  std::vector<FabricId> order;
  const auto rank = [&](const FabricSpec& fabric) {
    const bool attaches =
        std::any_of(fabric.attach.begin(), fabric.attach.end(), [](const auto& of) { return of.devices == AttachedDevices::switches; });
    return attaches ? 2 : fabric.uplink_to || fabric.topology == Topology::access ? 1 : 0;
  };
  for (const int wanted : {0, 1, 2}) {
    for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
      if (!spec_.fabrics[f].on && rank(spec_.fabrics[f]) == wanted) order.emplace_back(static_cast<std::uint32_t>(f));
    }
  }
  return order;
}

void NetworkAssembly::build_fabric(FabricId id) {
  const auto& fabric = spec_.fabrics[id.index()];
  FabricRequest request{spec_, catalog_, id, fabric, protocol_of(catalog_, fabric), {}};
  bool complete = add_own(id, id, request);
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    const FabricId guest(static_cast<std::uint32_t>(f));
    if (spec_.fabrics[f].on == id) complete = add_own(guest, id, request) && complete;
  }
  complete = complete && add_uplinks(id, request);
  if (!complete) return;
  if (request.endpoints.empty() || request.endpoints.front().kind != EndpointKind::devices) {
    sink_.report(Code::nothing_attached, fabric.origin.whole, "fabric `" + fabric.name + "` joins no device", "attach node groups, or switches");
    return;
  }
  const auto* family = std::find_if(topologies.begin(), topologies.end(), [&](const auto& entry) { return entry.topology == fabric.topology; });
  assert(family != topologies.end());
  auto& layout = network_.fabrics[id.index()];
  family->build(request, builder_, layout, sink_);
  for (const auto& [owner, port] : builder_.take_external()) network_.fabrics[owner.index()].external.push_back(port);
}

Network NetworkAssembly::build() {
  resolved_.resize(spec_.fabrics.size());
  std::int64_t links = 0;
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    bool complete = true;
    for (const auto& attachment : spec_.fabrics[f].attach) {
      if (attachment.devices != AttachedDevices::nodes) continue;
      if (const auto ports = ports_.resolve(spec_.fabrics[f], attachment)) {
        resolved_[f].push_back(*ports);
        links += ports->ports * spec_.nodes[attachment.group.index()].count;
      } else {
        complete = false;
      }
    }
    complete_.push_back(complete);
  }
  if (links > most_links / 3) {
    sink_.report(Code::cluster_too_large, spec_.nodes.front().origin.of("count"),
                 "the nodes have " + grouped(links) + " ports to cable; icplan plans at most " + grouped(most_links / 3), "split the cluster");
    return std::move(network_);
  }
  network_.links.reserve(static_cast<std::size_t>(links) * 2);
  add_nodes();
  expect_management();
  network_.fabrics.resize(spec_.fabrics.size());
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    const auto& fabric = spec_.fabrics[f];
    auto& layout = network_.fabrics[f];
    layout.fabric = FabricId(static_cast<std::uint32_t>(f));
    layout.host = fabric.on.value_or(layout.fabric);
    layout.protocol = protocol_of(catalog_, fabric);
  }
  for (const auto id : building_order()) build_fabric(id);
  if (!sink_.has_errors()) check_device_names(spec_, network_, sink_);
  return std::move(network_);
}

/// Switches of every access fabric that leads into another one.
AccessSwitches count_access(const ClusterSpec& spec, const Network& network) {
  AccessSwitches counts(spec.fabrics.size(), 0);
  for (const auto& group : network.groups) {
    const bool access = !group.is_node() && spec.fabrics[group.fabric.index()].topology == Topology::access;
    if (access && spec.fabrics[group.fabric.index()].uplink_to) counts[group.fabric.index()] += group.count;
  }
  return counts;
}

} // namespace

Network build_network(const ClusterSpec& spec, const Catalog& catalog, Sink& sink) {
  const bool uplinks = std::any_of(spec.fabrics.begin(), spec.fabrics.end(), [](const FabricSpec& fabric) { return fabric.uplink_to.has_value(); });
  AccessSwitches access(spec.fabrics.size(), 0);
  if (!uplinks) return NetworkAssembly(spec, catalog, access, sink).build();
  for (int round = 0; round < most_rounds; ++round) {
    Sink tried;
    auto network = NetworkAssembly(spec, catalog, access, tried).build();
    auto counts = count_access(spec, network);
    if (!tried.has_errors() && counts != access) {
      access = std::move(counts);
      continue;
    }
    for (const auto& finding : tried.findings()) sink.report(finding);
    return network;
  }
  sink.report(Code::uplinks_do_not_settle, spec.fabrics.front().origin.whole,
              "the access switches need uplinks into switches that need more access switches, and so on",
              "attach fewer switches, or use larger ones");
  return {};
}

} // namespace icplan
