// SPDX-License-Identifier: Apache-2.0
// The logical network: devices, their cages and ports, and the links between them.
#pragma once

#include "icplan/spec/cluster_spec.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

using DeviceId = Id<struct DeviceTag>;
using DeviceGroupId = Id<struct DeviceGroupTag>;
/// A cage, numbered over all devices.
using CageId = Id<struct CageTag>;

/// The port group that a switch is managed through; it carries no fabric.
inline constexpr std::string_view management_ports = "mgmt";

/// Where the ports of a cage lead: to the tier below, to the tier above, or to switches of the same tier.
enum class CageUse : std::uint8_t { down, up, peer };

/// What a link is for. A `tier` link goes up one tier; `isl` joins the switches of a pair; `local` and `global` join routers within and between
/// groups, `x`, `y` and `z` along a dimension; `uplink` leads into another fabric.
enum class LinkKind : std::uint8_t { tier, isl, local, global, x, y, z, uplink };
[[nodiscard]] std::string_view to_text(LinkKind kind);

/// Equal neighbouring cages of a device that are all used in one way. Ports are numbered cage by cage.
struct CageBlock {
  /// The catalog's port group: "compute" on a node, "fabric" on a switch.
  std::string name;
  Form form = Form::osfp;
  /// Absent: the catalog does not know, so nothing that depends on it fits.
  std::optional<Top> top;
  std::int64_t lanes = 0;
  EnumSet<Protocol> protocols;
  /// What one cage feeds and cools.
  MaybeFigure<Milliwatts> max_module_power;
  /// Of co-packaged ports.
  std::optional<PortOptics> optics;
  MaybeFigure<FemtojoulesPerBit> energy;
  /// Local numbers, counting from 0 over the whole device.
  std::uint32_t first_cage = 0;
  std::uint32_t cages = 0;
  std::uint32_t first_port = 0;
  std::uint32_t ports_per_cage = 1;
  /// The number that the faceplate gives the first cage; numbers restart in every port group.
  std::uint32_t first_number = 1;
  /// Neighbours that the breakout of each cage disables: faceplate numbers go up by one more than this.
  std::uint32_t disables = 0;
  Mbps speed;
  std::int64_t lanes_per_port = 1;
  CageUse use = CageUse::down;

  [[nodiscard]] std::uint32_t ports() const { return cages * ports_per_cage; }
  /// The faceplate number of a cage, counted from 0 within the block.
  [[nodiscard]] std::uint32_t number(std::uint32_t cage) const { return first_number + cage * (1 + disables); }
  [[nodiscard]] Mbps lane_rate() const { return Mbps(speed.count() / lanes_per_port); }
};

/// A piece of the names of a group's devices: fixed text, or a number that follows from the device's own. Device number k (from 1, as in
/// `first_number`) shows ((k - 1 - shift) / divide) mod modulo, counted from `first`; modulo 0: no wrapping.
struct NameTerm {
  std::string text;
  bool number = false;
  std::uint32_t shift = 0;
  std::uint32_t divide = 1;
  std::uint32_t modulo = 0;
  std::uint32_t first = 1;
  std::uint32_t width = 1;
};

/// Where switches belong, as far as their topology knows: numbers for names. 0: not known, or no such thing.
struct SwitchOrder {
  /// Leaves: the node group (or guest) that they serve, and whether that states `unit`.
  std::string serves;
  bool unit_stated = false;
  std::uint32_t per_unit = 0;
  /// Leaves of rail-optimised units: those of one block, one for each rail.
  std::uint32_t rails = 0;
  /// Either all of them in pods of equal size, or all in one pod, which starts after `before_pod` of them.
  std::uint32_t per_pod = 0;
  std::uint32_t pod = 0;
  std::uint32_t before_pod = 0;
};

/// Equal devices with consecutive ids.
struct DeviceGroup {
  PartId part;
  /// Nodes: their group. Switches: invalid.
  NodeGroupId nodes;
  /// Switches: their fabric, plane (from 0) and tier (1 = leaf).
  FabricId fabric;
  std::int64_t plane = 0;
  /// Rail-only: the rail whose network they belong to (from 0).
  std::int64_t rail = 0;
  bool rail_network = false;
  std::int64_t tier = 0;
  /// What names are built from, and the number that the first device carries.
  std::string name_prefix;
  std::uint32_t first_number = 1;
  SwitchOrder order;
  /// The names by the spec's own pattern; empty: prefix and number.
  std::vector<NameTerm> name;
  DeviceId first;
  std::uint32_t count = 0;
  CageId first_cage;
  std::uint32_t cages_per_device = 0;
  std::uint32_t ports_per_device = 0;
  std::vector<CageBlock> blocks;
  /// Local port -> local cage.
  std::vector<std::uint16_t> cage_of_port;

  [[nodiscard]] bool is_node() const { return nodes.valid(); }
  /// Adds the name of the n-th device (from 0): "gpu-0001", or as the spec's pattern says. All device names come from here.
  void append_name(std::string& out, std::uint32_t n) const;
  /// The block that holds the local port or cage.
  [[nodiscard]] const CageBlock& block_of_port(std::uint32_t port) const;
  [[nodiscard]] const CageBlock& block_of_cage(std::uint32_t cage) const;
};

/// One link, from the lower tier to the upper one. Ports are local to their devices.
struct Link {
  DeviceId from;
  DeviceId to;
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
};

/// Links of one fabric, plane and kind between two tiers: consecutive in `Network::links`. Tier 0 is what the fabric joins: nodes, or the management
/// ports of switches.
struct LinkGroup {
  FabricId fabric;
  std::int64_t plane = 0;
  std::int64_t from_tier = 0;
  std::int64_t to_tier = 1;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  Mbps speed;
  SourceRange origin;
  LinkKind kind = LinkKind::tier;
  /// The fabric whose switches the links lead to: another one where the fabric sits on its leaves or has its uplinks there.
  FabricId host;
};

struct Tier {
  std::string name;
  PartId model;
  /// Over all planes.
  std::int64_t switches = 0;
  /// Provisioned ports of the tier's most oversubscribed switch; in the top tier, the most ports that a switch has in use.
  std::int64_t ports_down = 0;
  std::int64_t ports_up = 0;
  Mbps down_speed;
  Mbps up_speed;
  /// The worst switch's down Gb/s over up Gb/s as provisioned; absent in the top tier.
  std::optional<Ratio> oversubscription;
  /// Sum of the tier's uplinks over all planes.
  Mbps uplink_capacity;
  /// Whether down ports run at several speeds; `down_speed` is that of the first node group then.
  bool mixed_speeds = false;
};

/// Ports held back on a leaf: no link, no cable, no module.
struct ReservedPort {
  DeviceId device;
  std::uint16_t port = 0;
  std::size_t reservation = 0;
};

/// A switch port whose link leaves the plan.
struct ExternalPort {
  DeviceId device;
  std::uint16_t port = 0;
  std::size_t external = 0;
};

/// The numbers that a direct topology was built by; those of other families are 0.
struct DirectShape {
  /// Routers in a group; dragonfly+: its leaves and spines. Slim Fly: q.
  std::int64_t group_size = 0;
  std::int64_t spines = 0;
  std::int64_t groups = 0;
  /// Endpoints of a router, and its ports to other groups.
  std::int64_t endpoints = 0;
  std::int64_t global_ports = 0;
  /// Torus: routers along x, y, z.
  std::vector<std::int64_t> dimensions;
};

/// What a topology made of one fabric.
struct FabricLayout {
  FabricId fabric;
  /// The fabric whose switches it uses: itself, or the one that it is `on`.
  FabricId host;
  Protocol protocol = Protocol::infiniband;
  std::vector<Tier> tiers;
  std::vector<ReservedPort> reserved;
  std::vector<ExternalPort> external;
  DirectShape shape;
  /// Independent networks of one plane: the rails of rail-only.
  std::int64_t rails = 1;
  /// Clos: pods that differ, or partly filled leaves that are oversubscribed. Sums over a tier then say less than the least cut does.
  bool uneven = false;
  /// Node ports over all planes, and the sum of their rates.
  std::int64_t endpoints = 0;
  Mbps injection;
  /// One sentence for each count.
  std::vector<std::string> reasons;
};

/// Which unit of which fabric a leaf serves: the placement next to its nodes needs it.
struct LeafHome {
  DeviceId leaf;
  DeviceId first_node;
  std::uint32_t nodes = 0;
};

struct Network {
  /// Nodes first, in spec order; then switches by fabric, plane, tier.
  std::vector<DeviceGroup> groups;
  std::vector<std::uint32_t> group_of_device;
  std::vector<CageId> first_cage_of_device;
  std::vector<Link> links;
  std::vector<LinkGroup> link_groups;
  std::vector<FabricLayout> fabrics;
  std::vector<LeafHome> leaf_homes;
  std::uint32_t cages = 0;

  [[nodiscard]] std::uint32_t devices() const { return static_cast<std::uint32_t>(group_of_device.size()); }
  [[nodiscard]] const DeviceGroup& group(DeviceId device) const { return groups[group_of_device[device.index()]]; }
  [[nodiscard]] CageId cage(DeviceId device, std::uint32_t port) const {
    return first_cage_of_device[device.index()].next(group(device).cage_of_port[port]);
  }
  /// "gpu-0001", "compute-leaf-0012", or as the spec's patterns say.
  [[nodiscard]] std::string device_name(DeviceId device) const;
};

/// Builds the network that the spec asks for. Everything that cannot be built is in the sink; then the result is incomplete and must not be used.
[[nodiscard]] Network build_network(const ClusterSpec& spec, const Catalog& catalog, Sink& sink);

} // namespace icplan
