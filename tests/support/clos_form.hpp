// SPDX-License-Identifier: Apache-2.0
// The closed forms of docs/topologies.md for one node group and one switch model, computed for tests by other code than the library's.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace icplan::test {

/// What a plane is made of. The letters are those of docs/topologies.md.
struct ClosCase {
  std::int64_t nodes = 0;
  /// Ports of a node in the plane, and the leaves that it is spread over: `homing` or rails.
  std::int64_t node_ports = 1;
  std::int64_t columns = 1;
  /// 0: left to its default.
  std::int64_t unit = 0;
  /// Cages of the switch, and ports of a cage used for nodes and for switches, with their rates.
  std::int64_t cages = 0;
  std::int64_t down_per_cage = 2;
  std::int64_t up_per_cage = 2;
  std::int64_t down_gbps = 400;
  std::int64_t up_gbps = 400;
  /// Asked of leaf and spine.
  std::int64_t leaf_ratio = 1;
  std::int64_t spine_ratio = 1;
  /// Kept free on every leaf.
  std::int64_t reserved = 0;
  /// 0: the fewest that fit; as many as fit.
  std::int64_t tiers = 0;
  std::int64_t pod_units = 0;
};

/// Numbers of lower and upper switch within their tiers, counting from 0, and the links between the two.
using PairLinks = std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t>;

struct ClosForm {
  std::int64_t tiers = 2;
  std::int64_t leaves = 0;
  std::int64_t spines = 0;
  std::int64_t cores = 0;
  std::int64_t pods = 1;
  std::int64_t unit = 0;
  /// Of a unit: groups of `columns` leaves that share their nodes.
  std::int64_t blocks = 0;
  std::int64_t nodes_per_leaf = 0;
  /// Nodes by number and leaf; leaves and spines; spines and cores.
  PairLinks node_leaf;
  PairLinks leaf_spine;
  PairLinks spine_core;
  /// Whether every unit, every leaf and every pod is full, so that all leaves are alike.
  bool full = false;
  /// Whether every pod has the same number of spines.
  bool equal_spines = false;
};

/// Nothing where the switches cannot join the nodes.
[[nodiscard]] std::optional<ClosForm> clos_form(const ClosCase& given);

} // namespace icplan::test
