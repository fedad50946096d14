// SPDX-License-Identifier: Apache-2.0
// What topologies build with: endpoints that are ready to connect, and a builder that hands out devices, ports and links.
#pragma once

#include "icplan/fabric/network.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// How many links a plan may have, so that ids stay within 32 bits and memory within reason.
inline constexpr std::int64_t most_links = 40'000'000;

/// One way to use the cages of a switch model.
struct SwitchPorts {
  std::size_t port_group = 0;
  PortMode mode;
  std::int64_t cages = 0;

  [[nodiscard]] std::int64_t ports() const { return cages * mode.ports; }
};

/// The ports of one node group that a fabric connects.
struct Endpoints {
  NodeGroupId nodes;
  DeviceId first_node;
  std::int64_t count = 0;
  std::optional<std::int64_t> unit;
  /// By plane: the node's local ports, and the NIC (counting from 0 within the plane) that each belongs to.
  std::vector<std::vector<std::uint16_t>> ports;
  std::vector<std::vector<std::int64_t>> nics;
  Mbps speed;
  /// How the leaf's cages are used for them.
  SwitchPorts down;
  /// Leaves over which a node is spread unless the spec says otherwise.
  std::int64_t default_homing = 1;
  const Attachment* attachment = nullptr;

  [[nodiscard]] std::int64_t ports_per_node() const { return static_cast<std::int64_t>(ports.front().size()); }
};

/// A fabric with its endpoints resolved.
struct FabricRequest {
  const ClusterSpec& spec;
  const Catalog& catalog;
  FabricId id;
  const FabricSpec& fabric;
  Protocol protocol;
  std::vector<Endpoints> endpoints;

  [[nodiscard]] const Part& model(std::size_t tier) const { return catalog[fabric.models[tier]]; }
  [[nodiscard]] std::string title() const { return "fabric `" + fabric.name + "`"; }
};

/// The cages of a switch model at one speed: the first mode that fits, or that with `breakout` ports per cage.
[[nodiscard]] std::optional<SwitchPorts> switch_ports(const Part& model, Mbps speed, Protocol protocol, std::int64_t breakout);

class NetworkBuilder {
public:
  explicit NetworkBuilder(Network& network) : network_(network) {}

  [[nodiscard]] Network& network() { return network_; }
  /// Adds devices; `blocks` must be in local cage and port order. Returns the first.
  DeviceId add_devices(DeviceGroup group);
  void begin_links(LinkGroup group);
  void link(DeviceId from, std::uint32_t from_port, DeviceId to, std::uint32_t to_port) {
    network_.links.push_back({from, to, static_cast<std::uint16_t>(from_port), static_cast<std::uint16_t>(to_port)});
  }
  void end_links();

private:
  Network& network_;
};

/// A block of a switch's cages in the given use.
[[nodiscard]] CageBlock switch_block(const Part& model, const SwitchPorts& use, std::int64_t first_cage, std::int64_t cages, std::int64_t first_port,
                                     bool up);

/// The prefix of a switch name: "compute-leaf", "compute-p2-leaf", "compute-storage-leaf".
[[nodiscard]] std::string switch_prefix(const FabricRequest& request, std::int64_t plane, std::string_view tier, const Endpoints* extra_group);

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
void build_fat_tree(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);
void build_rail_optimized(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);

/// Whether all endpoints, and the reserved ports unless left out, fit one switch per plane.
[[nodiscard]] bool fits_one_switch(const FabricRequest& request, bool with_reserved = true);

} // namespace icplan
