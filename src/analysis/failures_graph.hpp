// SPDX-License-Identifier: Apache-2.0
// The switches of a plan with the links between them, and the devices that a fabric joins, alike ones together.
#pragma once

#include "icplan/plan/plan.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace icplan::failures {

inline constexpr std::uint32_t none = ~0U;

/// Where an arc of a switch leads, seen from the switch.
enum class Role : std::uint8_t { up, down, peer };

/// All switches of all fabrics. Vertices are numbered in device order.
struct SwitchLinks {
  /// All links of one speed between two switches.
  struct Edge {
    std::uint32_t lower = 0;
    std::uint32_t upper = 0;
    std::uint32_t first_link = 0;
    std::uint32_t links = 0;
    std::int64_t rate = 0;
    bool peer = false;

    [[nodiscard]] std::int64_t capacity() const { return rate * links; }
  };
  struct Arc {
    std::uint32_t other = 0;
    std::uint32_t edge = 0;
    Role role = Role::up;
  };
  /// One link from a node, or from the management port of a switch.
  struct Port {
    std::uint32_t link = 0;
    std::uint32_t leaf = 0;
    FabricId fabric;
    std::int64_t rate = 0;
  };

  std::vector<DeviceId> switches;
  /// By device.
  std::vector<std::uint32_t> vertex_of;
  std::vector<Edge> edges;
  /// By link; `none` for links from nodes.
  std::vector<std::uint32_t> edge_of;
  /// Arcs of vertex v are those from first_arc[v] to first_arc[v + 1], by the vertex that they lead to.
  std::vector<std::uint32_t> first_arc;
  std::vector<Arc> arcs;
  /// By device, in link order.
  std::vector<std::uint32_t> first_port;
  std::vector<Port> ports;
  /// Above every vertex that it has arcs down to.
  std::vector<std::uint32_t> level;
  std::uint32_t levels = 0;

  /// Shares while nothing has failed are whole numbers of 1 / `unit`.
  std::int64_t unit = 0;
  /// By vertex: Mb/s below; Mb/s above in units, as far as those above pass them on; whether it has links above or beside it; the share passed on.
  std::vector<std::int64_t> below;
  std::vector<std::int64_t> above;
  std::vector<bool> has_above;
  std::vector<std::int64_t> share;

  [[nodiscard]] std::uint32_t vertices() const { return static_cast<std::uint32_t>(switches.size()); }
  /// What a vertex passes on of `below_mbps` when `above_units` are there to take it.
  [[nodiscard]] std::int64_t passed(bool above_it, std::int64_t above_units, std::int64_t below_mbps) const {
    return !above_it || below_mbps == 0 ? unit : std::min(unit, above_units / below_mbps);
  }
};
[[nodiscard]] SwitchLinks join_switches(const Plan& plan);

/// The devices that one fabric joins. Those with equal ports on the same leaves are one bundle.
struct Members {
  struct Port {
    std::uint32_t leaf = 0;
    /// Within the bundle.
    std::uint32_t nic = 0;
    std::int64_t rate = 0;
  };
  struct Nic {
    /// Mb/s that its slot carries.
    std::int64_t slot = 0;
    /// While nothing has failed, in units.
    std::int64_t healthy = 0;
  };
  struct Bundle {
    std::uint32_t first_port = 0;
    std::uint32_t ports = 0;
    std::uint32_t first_nic = 0;
    std::uint32_t nics = 0;
    std::int64_t members = 0;
    std::int64_t healthy = 0;
  };

  FabricId fabric;
  std::int64_t count = 0;
  std::int64_t nodes = 0;
  std::vector<Bundle> bundles;
  std::vector<Port> ports;
  std::vector<Nic> nics;
  /// By device; `none` for those that the fabric does not join.
  std::vector<std::uint32_t> bundle_of;
  /// Bundles at vertex v are those from first_at[v] to first_at[v + 1].
  std::vector<std::uint32_t> first_at;
  std::vector<std::uint32_t> at;
  /// By vertex: ports of the fabric; whether the fabric's traffic can come there.
  std::vector<std::int64_t> weight;
  std::vector<bool> carries;
  bool peers = false;
};
[[nodiscard]] Members gather_members(const Plan& plan, const SwitchLinks& graph, FabricId fabric);

/// The position of a link among the bundle's ports. Shape: the link belongs to the fabric and starts at the device.
[[nodiscard]] std::uint32_t port_of_link(const SwitchLinks& graph, FabricId fabric, DeviceId device, std::uint32_t link);

} // namespace icplan::failures
