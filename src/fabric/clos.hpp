// SPDX-License-Identifier: Apache-2.0
// Sizing and building of two- and three-tier Clos fabrics, shared by fat tree and rail-optimised.
#pragma once

#include "builder.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace icplan {

/// How one attached node group spreads over leaves. A unit has `columns` x `blocks` leaves; a node has `ports_per_column` ports on one leaf of each
/// column.
struct LeafKind {
  const Endpoints* endpoints = nullptr;
  std::int64_t columns = 1;
  std::int64_t ports_per_column = 1;
  /// By plane and port (as in `Endpoints::ports`): its column.
  std::vector<std::vector<std::int64_t>> column_of_port;

  // Filled in by sizing.
  std::int64_t count = 0;
  std::int64_t unit = 0;
  std::int64_t nodes_per_leaf = 0;
  std::int64_t blocks = 1;
  /// Node ports that a leaf is provisioned for.
  std::int64_t down = 0;
  SwitchPorts up;

  [[nodiscard]] std::int64_t leaves_per_unit() const { return columns * blocks; }
};

/// One leaf of a plane.
struct SizedLeaf {
  std::uint32_t kind = 0;
  std::uint32_t pod = 0;
  std::int64_t first_node = 0;
  /// Nodes when the cluster has grown.
  std::int64_t nodes = 0;
  /// The first node of its unit: the leaf stands once that node does.
  std::int64_t unit_first = 0;
  /// Node ports that its uplinks are sized for, and its uplinks.
  std::int64_t down = 0;
  std::int64_t up = 0;
};

struct SizedPod {
  std::int64_t first_leaf = 0;
  std::int64_t leaves = 0;
  std::int64_t spines = 0;
  /// Down ports used of each spine, and by spine its uplinks.
  std::int64_t spine_down = 0;
  std::vector<std::int64_t> spine_up;
};

/// A sized plane.
struct ClosSize {
  std::int64_t tiers = 2;
  std::vector<LeafKind> kinds;
  std::vector<SizedLeaf> leaves;
  std::vector<SizedPod> pods;
  /// Cores of group j.
  std::vector<std::int64_t> cores;
  SwitchPorts spine_down;
  SwitchPorts spine_up;
  SwitchPorts core_down;
  std::vector<std::string> reasons;

  [[nodiscard]] std::int64_t spines() const;
  [[nodiscard]] std::int64_t core_switches() const;
  /// Whether the leaf stands now, and how many of its nodes do.
  [[nodiscard]] bool stands(const SizedLeaf& leaf) const { return leaf.unit_first < kinds[leaf.kind].endpoints->count; }
  [[nodiscard]] std::int64_t present(const SizedLeaf& leaf) const {
    return std::clamp<std::int64_t>(kinds[leaf.kind].endpoints->count - leaf.first_node, 0, leaf.nodes);
  }
  /// Whether one of the pod's leaves stands.
  [[nodiscard]] bool stands(const SizedPod& pod) const;
};

/// Lower switches of one kind that join the tier above.
struct UpperDemand {
  std::int64_t count = 0;
  std::int64_t least_uplinks = 0;
  std::int64_t most_uplinks = 0;
};
struct UpperSize {
  std::int64_t switches = 0;
  /// By demand: the uplinks of each lower switch, a multiple of `switches`.
  std::vector<std::int64_t> uplinks;
};

/// The spine divisor rule: the smallest number of upper switches with `ports` ports each such that every lower switch has the same number of links
/// to each of them, raising uplinks where that helps; then the fewest uplinks. Nothing when no number does.
[[nodiscard]] std::optional<UpperSize> size_upper_tier(const std::vector<UpperDemand>& demands, std::int64_t ports);

/// Sizes the fabric with the fewest tiers that fit, or the stated number. On failure reports the limit, the largest size and remedies.
[[nodiscard]] std::optional<ClosSize> size_clos(const FabricRequest& request, std::vector<LeafKind> kinds, Sink& sink);

/// Adds the switches and links of every plane, of one rail where rails are networks of their own (else -1). Adds to the tiers that the layout has
/// already. With `ports`, hands over what the leaves have for reservations instead of placing them.
void build_clos(const FabricRequest& request, const ClosSize& size, std::int64_t rail, NetworkBuilder& builder, FabricLayout& layout, Sink& sink,
                std::vector<LeafPorts>* ports = nullptr);

/// How a node group lies on the leaves of a fat tree whose nodes are spread over `homing` leaves.
[[nodiscard]] LeafKind spread_kind(const Endpoints& endpoints, std::int64_t homing);

/// Adds what a rail or node group brings to the tier of that name.
void merge_tier(FabricLayout& layout, Tier tier);

} // namespace icplan
