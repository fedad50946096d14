// SPDX-License-Identifier: Apache-2.0
// The switches of a plan as a graph, built from its links alone, and what graph theory says about it.
#pragma once

#include "icplan/fabric/network.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace icplan::test {

/// The switches of one fabric and plane.
struct SwitchGraph {
  /// All links between two switches. Each direction carries the sum of their rates.
  struct Edge {
    std::size_t lower = 0;
    std::size_t upper = 0;
    std::int64_t links = 0;
    std::int64_t mbps = 0;
  };
  /// One link from a node.
  struct NodePort {
    DeviceId node;
    std::size_t leaf = 0;
    std::int64_t mbps = 0;
  };
  /// By vertex, in device order, which has the leaves first: the switch and its tier (1 = leaf). `Edge` and `NodePort` name vertices.
  std::vector<DeviceId> switches;
  std::vector<std::int64_t> tiers;
  /// By lower, then upper vertex.
  std::vector<Edge> edges;
  /// In link order.
  std::vector<NodePort> node_ports;

  /// The vertices of a tier, in device order.
  [[nodiscard]] std::vector<std::size_t> tier(std::int64_t number) const;
  /// Rates of all node ports; rates of all links from a tier to the one above.
  [[nodiscard]] std::int64_t injection() const;
  [[nodiscard]] std::int64_t uplinks(std::int64_t from_tier) const;
};
[[nodiscard]] SwitchGraph switch_graph(const Network& network, FabricId fabric, std::int64_t plane);

/// How many parts the switches fall into.
[[nodiscard]] std::size_t count_components(const SwitchGraph& graph);

/// The most hops between two switches that carry nodes. They must be connected.
[[nodiscard]] std::int64_t hop_diameter(const SwitchGraph& graph);

/// A directed network for Dinic's maximum flow (E. A. Dinic, 1970).
class FlowNetwork {
public:
  explicit FlowNetwork(std::size_t vertices) : leaving_(vertices), level_(vertices), next_(vertices) {}

  /// An edge, with the capacity of the opposite direction.
  void add(std::size_t from, std::size_t to, std::int64_t capacity, std::int64_t back = 0);
  /// Uses the capacities up: ask once.
  [[nodiscard]] std::int64_t max_flow(std::size_t source, std::size_t sink);

private:
  struct Arc {
    std::size_t to = 0;
    std::int64_t capacity = 0;
  };
  bool find_levels(std::size_t source, std::size_t sink);
  std::int64_t push(std::size_t at, std::size_t sink, std::int64_t most);

  /// An arc and its opposite stand beside each other.
  std::vector<Arc> arcs_;
  std::vector<std::vector<std::size_t>> leaving_;
  std::vector<std::int64_t> level_;
  std::vector<std::size_t> next_;
};

/// The most that nodes can send to nodes through the graph: `sends` and `receives` are Mb/s by vertex.
[[nodiscard]] std::int64_t flow_across(const SwitchGraph& graph, const std::vector<std::int64_t>& sends, const std::vector<std::int64_t>& receives);

/// Every way to choose half of `count` things (even, at most 16), of two complementary ones that with the first thing.
[[nodiscard]] std::vector<std::vector<bool>> balanced_splits(std::size_t count);

} // namespace icplan::test
