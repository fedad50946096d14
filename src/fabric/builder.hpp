// SPDX-License-Identifier: Apache-2.0
// What topologies build with: endpoints that are ready to connect, and a builder that hands out devices, ports and links.
#pragma once

#include "icplan/fabric/network.hpp"

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace icplan {

/// How many links a plan may have, so that ids stay within 32 bits and memory within reason.
inline constexpr std::int64_t most_links = 40'000'000;

/// One way to use the cages of a switch model.
struct SwitchPorts {
  std::size_t port_group = 0;
  PortMode mode;
  /// Cages that can be used so: fewer than the group has where the mode disables neighbours.
  std::int64_t cages = 0;

  [[nodiscard]] std::int64_t ports() const { return cages * mode.ports; }
  [[nodiscard]] bool same_use(const SwitchPorts& other) const {
    return port_group == other.port_group && mode.ports == other.mode.ports && mode.speed == other.mode.speed;
  }
};

/// What stands behind the ports that a fabric connects: devices, the uplinks of an access fabric's switches, or links that leave the plan.
enum class EndpointKind : std::uint8_t { devices, uplinks, external };

/// Equal devices whose ports a fabric connects.
struct Endpoints {
  EndpointKind kind = EndpointKind::devices;
  /// Whose ports they are: the fabric that is built, or one that is `on` it or has its uplinks in it.
  FabricId fabric;
  /// Valid only for nodes.
  NodeGroupId nodes;
  /// What messages call them: a node group's name, "switches", an external link's name.
  std::string name;
  /// Every `stride`-th device from the first one.
  DeviceId first;
  std::uint32_t stride = 1;
  std::int64_t count = 0;
  /// How many there will be when the cluster has grown; at least `count`.
  std::int64_t planned = 0;
  /// Where these are a rail's share of a node group: what the whole group plans. Else 0.
  std::int64_t asked = 0;
  std::optional<std::int64_t> unit;
  /// By plane: the node's local ports, and the NIC (counting from 0 within the plane) that each belongs to.
  std::vector<std::vector<std::uint16_t>> ports;
  std::vector<std::vector<std::int64_t>> nics;
  Mbps speed;
  /// How the leaf's cages are used for them.
  SwitchPorts down;
  /// Leaves over which a node is spread unless the spec says otherwise.
  std::int64_t default_homing = 1;
  /// Where the spec asks for them, and where it counts them.
  SourceRange origin;
  SourceRange count_origin;
  /// External links: their number in the spec.
  std::size_t external = 0;

  [[nodiscard]] std::int64_t ports_per_node() const { return static_cast<std::int64_t>(ports.front().size()); }
  [[nodiscard]] DeviceId device(std::int64_t n) const { return first.next(static_cast<std::uint32_t>(n) * stride); }
};

/// A fabric with its endpoints resolved.
struct FabricRequest {
  const ClusterSpec& spec;
  const Catalog& catalog;
  FabricId id;
  const FabricSpec& fabric;
  Protocol protocol;
  std::vector<Endpoints> endpoints;
  /// Networks of each plane that reserved ports may be spread over: the rails of rail-only.
  std::int64_t rails = 1;

  [[nodiscard]] const Part& model(std::size_t tier) const { return catalog[fabric.models[tier]]; }
  [[nodiscard]] std::string title() const { return "fabric `" + fabric.name + "`"; }
  /// Whether switches are sized for more nodes than there are.
  [[nodiscard]] bool grows() const;
};

/// A switch port that an access fabric's uplink will take.
struct Socket {
  DeviceId device;
  std::uint16_t port = 0;
};

/// Cuts one switch's cages into blocks, front to back. Equal uses share a block, so that their ports fill cages together.
class SwitchFace {
public:
  explicit SwitchFace(const Part& model) : model_(&model) {}

  struct Slot {
    std::size_t block = 0;
    std::int64_t first = 0;
  };
  /// Takes `ports` ports more.
  Slot take(const SwitchPorts& ports, std::int64_t count, CageUse use);
  /// Gives the block all cages of its port group that no block has.
  void widen(std::size_t block);
  /// Whether the cages of every port group and the switch's port ceiling suffice.
  [[nodiscard]] bool fits() const;
  [[nodiscard]] std::vector<CageBlock> blocks() const;
  /// The switch's local port of the n-th port of a slot.
  [[nodiscard]] std::uint32_t port(Slot slot, std::int64_t n = 0) const;
  [[nodiscard]] std::size_t block_count() const { return blocks_.size(); }
  [[nodiscard]] bool same_blocks(const SwitchFace& other) const;
  /// Ports of a block, and those of them that nothing took.
  [[nodiscard]] std::int64_t ports(std::size_t block) const { return blocks_[block].cages * blocks_[block].ports.mode.ports; }
  [[nodiscard]] std::int64_t free_ports(std::size_t block) const { return ports(block) - blocks_[block].taken; }

private:
  struct Block {
    SwitchPorts ports;
    CageUse use = CageUse::down;
    std::int64_t taken = 0;
    std::int64_t cages = 0;
  };
  [[nodiscard]] std::int64_t cages_used(std::size_t port_group) const;

  const Part* model_;
  std::vector<Block> blocks_;
};

/// The cages of a switch model at one speed: the first mode that fits, or that with `breakout` ports per cage.
[[nodiscard]] std::optional<SwitchPorts> switch_ports(const Part& model, Mbps speed, Protocol protocol, std::int64_t breakout);

class NetworkBuilder {
public:
  explicit NetworkBuilder(Network& network) : network_(network) {}

  [[nodiscard]] Network& network() { return network_; }
  [[nodiscard]] const Network& network() const { return network_; }
  /// The management port that every switch gets, by fabric: absent where no other fabric attaches switches.
  void give_management_ports(std::vector<bool> fabrics, std::function<CageBlock(const DeviceGroup&)> block) {
    managed_ = std::move(fabrics);
    management_ = std::move(block);
  }
  /// Gives the names of a group by the spec's patterns.
  void give_names(std::function<void(DeviceGroup&)> name) { name_ = std::move(name); }
  void name(DeviceGroup& group) const {
    if (name_) name_(group);
  }
  /// Adds devices; `blocks` must be in local cage and port order. Returns the first.
  DeviceId add_devices(DeviceGroup group);
  void begin_links(LinkGroup group);
  void link(DeviceId from, std::uint32_t from_port, DeviceId to, std::uint32_t to_port) {
    network_.links.push_back({from, to, static_cast<std::uint16_t>(from_port), static_cast<std::uint16_t>(to_port)});
  }
  void end_links();
  /// Starts the links of endpoints to the leaves of `request`'s fabric.
  void begin_endpoint_links(const FabricRequest& request, const Endpoints& endpoints, std::int64_t plane);
  /// Joins port `port` (local to the device) of the n-th endpoint to a leaf: a link, a socket for a later uplink, or an external port.
  void attach(const Endpoints& endpoints, std::int64_t n, std::uint16_t port, DeviceId leaf, std::uint32_t leaf_port);
  /// By access fabric: where its uplinks go, switch by switch.
  [[nodiscard]] const std::vector<Socket>& sockets(FabricId access) const;
  [[nodiscard]] const std::vector<std::pair<FabricId, ExternalPort>>& external() const { return external_; }
  /// Moves the external ports that were attached since the last call.
  [[nodiscard]] std::vector<std::pair<FabricId, ExternalPort>> take_external() { return std::exchange(external_, {}); }

private:
  Network& network_;
  std::vector<bool> managed_;
  std::function<CageBlock(const DeviceGroup&)> management_;
  std::function<void(DeviceGroup&)> name_;
  std::map<FabricId, std::vector<Socket>> sockets_;
  std::vector<std::pair<FabricId, ExternalPort>> external_;
};

/// A block of a switch's cages in the given use.
[[nodiscard]] CageBlock switch_block(const Part& model, const SwitchPorts& ports, std::int64_t first_cage, std::int64_t cages,
                                     std::int64_t first_port, CageUse use);

/// The part of a fabric that is built at a time: a plane, and in rail-only a rail of it (-1: no rails of their own).
struct Copy {
  std::int64_t plane = 0;
  std::int64_t rail = -1;
};

/// The prefix of a switch name: "compute-leaf", "compute-p2-leaf", "compute-r3-leaf", "compute-storage-leaf".
[[nodiscard]] std::string switch_prefix(const FabricRequest& request, Copy copy, std::string_view tier, const Endpoints* extra_group);

/// A group of switches of the fabric, without cages, count or number.
[[nodiscard]] DeviceGroup switch_group(const FabricRequest& request, std::size_t tier, Copy copy, std::string prefix);

/// The speed of the links between two switch models: as stated; else that of ports set apart for uplinks, then that of the node ports, then the
/// fastest that both have. Nothing when they have none in common.
[[nodiscard]] std::optional<Mbps> link_speed(const FabricRequest& request, const Part& lower, const Part& upper, Mbps node_speed);

/// "200 nodes of `gpu`", with the key that asks for so many where it is not their count.
[[nodiscard]] std::string asked_nodes(const Endpoints& endpoints);

/// The endpoints with the most devices: the ones that a refusal speaks of. Throws nothing; there is at least one.
[[nodiscard]] const Endpoints& largest_endpoints(const FabricRequest& request);

/// Puts the fabric's reserved ports on leaves. `used` is the number of node ports of each leaf (devices from `first`), over all planes.
struct LeafPorts {
  DeviceId leaf;
  std::uint32_t used = 0;
  std::uint32_t down = 0;
};
void place_reserved(const FabricRequest& request, const std::vector<LeafPorts>& leaves, FabricLayout& layout, Sink& sink);

/// Warns of stated keys that the fabric does not use, with the reason.
void warn_unused(const FabricRequest& request, std::initializer_list<std::string_view> keys, std::string_view reason, Sink& sink);

/// A topology family. Adds devices and links to the builder and fills the layout; what cannot be built goes to the sink.
using BuildTopology = void (*)(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);

void build_single_switch(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_collapsed_core(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_fat_tree(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_rail_optimized(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_rail_only(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_multi_plane(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_dual_tor(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_access(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_dragonfly(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_dragonfly_plus(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_slim_fly(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_torus(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_explicit(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);

/// What a switch of an access fabric has towards the fabric that it leads into.
struct AccessUplinks {
  SwitchPorts ports;
  SwitchPorts far;
  /// Of each switch, over all planes of the other fabric.
  std::int64_t count = 0;
  std::int64_t planes = 1;
  std::string reason;
};
/// Reports and returns nothing when the two have no speed in common or the uplinks do not fit.
[[nodiscard]] std::optional<AccessUplinks> access_uplinks(const FabricRequest& access, const FabricSpec& target, Protocol protocol, Sink& sink);

/// Whether all endpoints, and the reserved ports unless left out, fit one switch per plane.
[[nodiscard]] bool fits_one_switch(const FabricRequest& request, bool with_reserved = true);

} // namespace icplan
