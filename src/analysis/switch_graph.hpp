// SPDX-License-Identifier: Apache-2.0
// The switches of one fabric and plane as a graph, and the node ports on them, from the plan's links alone.
#pragma once

#include "icplan/analysis/traffic.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace icplan {

/// Vertices are switches in device order. All links between two switches are one edge with their summed rates; an edge is two arcs, one each way.
struct SwitchGraph {
  FabricId fabric;
  std::int64_t plane = 0;
  /// By vertex: device and tier (1 = leaf).
  std::vector<DeviceId> switches;
  std::vector<std::uint8_t> tier;
  /// The arcs of vertex v are [first[v], first[v + 1]); by arc: where it leads, the same edge the other way, Mb/s, what the links are for.
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> to;
  std::vector<std::uint32_t> reverse;
  std::vector<double> capacity;
  std::vector<LinkKind> kind;
  /// By vertex: the part of the graph that it belongs to, numbered by its first vertex.
  std::vector<std::uint32_t> component;

  [[nodiscard]] std::uint32_t vertices() const { return static_cast<std::uint32_t>(switches.size()); }
  [[nodiscard]] std::uint32_t arcs() const { return static_cast<std::uint32_t>(to.size()); }
};

/// The graph of the fabric's own switches (its host's, for a fabric that is `on` another one). Switches that are taken out stay as vertices without
/// arcs. O(links).
[[nodiscard]] SwitchGraph make_switch_graph(const Plan& plan, FabricId fabric, std::int64_t plane, const Removal& removal = {});

/// One node port on its leaf.
struct TrafficEndpoint {
  /// GPU nodes of the fabric, counted from 0 over all groups; their scale-up domains likewise.
  std::uint32_t node = 0;
  std::uint32_t domain = 0;
  /// A vertex of the graph of its plane.
  std::uint32_t leaf = 0;
  /// Ports that a GPU's traffic leaves and arrives on by default: the rail network, or the place of the NIC in its domain.
  std::uint32_t rail = 0;
  std::uint32_t plane = 0;
  /// What the port and its share of the slot carry, Mb/s; how many GPUs' traffic it has: those of the node by its share of the node's rate.
  double rate = 0;
  double weight = 0;
};

/// The ports of all nodes with GPUs, by node, then plane, in link order.
struct TrafficEndpoints {
  std::vector<TrafficEndpoint> ports;
  /// By node.
  std::vector<DeviceId> devices;
  std::uint32_t nodes = 0;
  std::uint32_t domains = 0;
  /// Nodes that have no port left.
  std::uint32_t cut_off = 0;
};
/// O(links).
[[nodiscard]] TrafficEndpoints find_endpoints(const Plan& plan, FabricId fabric, const Removal& removal = {});

/// The device number (from 0) of a switch within the graph of its fabric and plane.
class VertexNumbers {
public:
  VertexNumbers(const Network& network, FabricId host);
  [[nodiscard]] std::uint32_t operator()(DeviceId device) const {
    const auto group = network_.group_of_device[device.index()];
    return base_[group] + device.index() - network_.groups[group].first.index();
  }

private:
  const Network& network_;
  /// By device group: the vertex of its first device.
  std::vector<std::uint32_t> base_;
};

/// "leaf-spine", "global": what the links of an arc are called.
[[nodiscard]] std::string arc_name(const Plan& plan, const SwitchGraph& graph, std::uint32_t from, std::uint32_t arc);

} // namespace icplan
