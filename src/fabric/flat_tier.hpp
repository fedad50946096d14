// SPDX-License-Identifier: Apache-2.0
// One tier of one or two switches that hold every endpoint of a plane: what single switch and collapsed core share.
#pragma once

#include "builder.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace icplan {

/// The switches of a plane with all ports handed out. Endpoints come in order; equal uses share cages.
class FlatTier {
public:
  /// `switches` is 1 or 2. `peers` ports at the end of each switch lead to the other one.
  FlatTier(const FabricRequest& request, std::int64_t switches, const SwitchPorts& peer_ports, std::int64_t peers);

  /// Whether the ports suffice, and beside them those that are reserved unless left out.
  [[nodiscard]] bool fits(bool with_reserved = true) const;
  /// Ports taken on the fullest switch.
  [[nodiscard]] std::int64_t most_ports() const;
  /// Adds the switches and their links, plane by plane; fills the tier, the reservations and the leaf homes.
  /// `rail` is -1 where rails are no networks of their own. With `ports`, hands over what the leaves have for reservations instead of placing them.
  void build(std::int64_t rail, NetworkBuilder& builder, FabricLayout& layout, Sink& sink, std::vector<LeafPorts>* ports = nullptr) const;

private:
  [[nodiscard]] std::int64_t switch_of(const Endpoints& endpoints, std::int64_t n, std::size_t port) const;
  [[nodiscard]] std::int64_t ports_on(const Endpoints& endpoints, std::int64_t at) const;
  void link_endpoints(NetworkBuilder& builder, std::int64_t plane, DeviceId first) const;
  void link_peers(NetworkBuilder& builder, std::int64_t plane, DeviceId first) const;

  const FabricRequest& request_;
  std::int64_t switches_ = 1;
  std::int64_t peers_ = 0;
  Mbps peer_speed_;
  /// By switch: its face, the slot of each endpoints, and that of the links to its peer.
  std::vector<SwitchFace> faces_;
  std::vector<std::vector<SwitchFace::Slot>> slots_;
  std::vector<SwitchFace::Slot> peer_slots_;
  /// The block that has all cages that are left over: reserved ports sit there.
  std::size_t widened_ = 0;
};

/// Reports that the endpoints do not fit, with the largest size that does. `build` makes the tier of a request; `remedy` starts the help.
void refuse_flat_tier(const FabricRequest& request, FlatTier (*build)(const FabricRequest&), const std::string& on, const std::string& remedy,
                      Sink& sink);

} // namespace icplan
