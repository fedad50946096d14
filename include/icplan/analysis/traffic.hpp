// SPDX-License-Identifier: Apache-2.0
// What GPUs can send each other through the fabrics of a plan, under ideal load balance.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// Links and devices that are taken out of a plan, by their numbers there.
struct Removal {
  std::vector<std::uint32_t> links;
  std::vector<DeviceId> devices;
};

/// A figure that lies between two bounds, Gb/s. They are equal where it is exact.
struct Bounds {
  double lower = 0;
  double upper = 0;
  bool exact = false;
};

/// What every GPU sends at once in a pattern.
struct PatternThroughput {
  /// rail, direct, cross-rail: all-to-all among ports of one rail, among all ports, among ports of different rails. half-shift, next-group, longest,
  /// ring: permutations of the ports of each rail.
  std::string_view pattern;
  /// Empty: as well as the links allow. Of direct topologies: "minimal", "valiant" or "ideal".
  std::string_view routing;
  /// Of each GPU, to GPUs of other scale-up domains.
  Bounds gbps_per_gpu;
  /// What binds: "node-leaf", "scale-up", or the name of links such as "leaf-spine".
  std::string binds;
};

/// What one GPU of a node group can send into a fabric, one direction: the least of what its share of NICs, slots and ports and its scale-up links
/// carry.
struct GpuInjection {
  NodeGroupId nodes;
  /// In the whole group.
  std::int64_t gpus = 0;
  /// The NICs' cages at their fastest, and the ports as the fabric runs them.
  Mbps nic;
  Mbps port;
  /// Absent where the catalog states no slot; where it states no rate of the scale-up links.
  std::optional<Mbps> slot;
  std::optional<Mbps> scale_up;
  /// The least of the known ones; `limit` says which: nic, slot, port, scale-up. Of equal ones port comes first, then nic, slot, scale-up.
  Mbps per_gpu;
  std::string_view limit;
};

/// Links of one tier over all planes, one direction.
struct TierCapacity {
  std::string name;
  std::int64_t switches = 0;
  /// To nodes or the tier below; to the tier above; to switches of the same tier.
  Mbps down;
  Mbps up;
  Mbps peer;
  /// As provisioned, of the worst switch; absent in the top tier.
  std::optional<Ratio> oversubscription;
};

/// What one fabric that joins GPUs carries.
struct FabricTraffic {
  FabricId fabric;
  /// GPUs of all node groups that it joins.
  std::int64_t gpus = 0;
  /// By node group, in spec order; groups without GPUs are left out.
  std::vector<GpuInjection> injection;
  /// The least of them.
  Mbps injection_per_gpu;
  /// Lowest first; empty where the fabric sits on another one's switches.
  std::vector<TierCapacity> tiers;
};
/// Every fabric that joins GPUs, in spec order; access fabrics are left out.
[[nodiscard]] std::vector<FabricTraffic> measure_traffic(const Plan& plan);

/// What one node can send to one other while all others are idle: the least of the pairs that were tried, which are the first, middle and last nodes
/// of every group, in equal places of their scale-up domains.
struct NodePair {
  DeviceId from;
  DeviceId to;
  double gbps = 0;
  /// What the ports of the two carry: the least of both.
  double ports_gbps = 0;
  std::int64_t pairs = 0;
};

/// Patterns of one fabric, with some links and devices taken out. Ports that are left carry the traffic of their nodes; what nothing joins any more
/// sends nothing. Those that have nobody to send to are left out.
struct FabricPatterns {
  std::vector<PatternThroughput> lines;
  /// Absent where there are not two nodes of different scale-up domains, and where only some patterns were asked for.
  std::optional<NodePair> node_pair;
  /// Whether ports of different rails cannot reach each other, so that only the scale-up links join rails.
  bool rails_apart = false;
  /// Nodes of a scale-up domain: those of the GPU's own, or as many as there are rails for where these are separate networks.
  std::int64_t domain_nodes = 1;

  /// The line with the highest lower bound of a pattern over its routings, of equal ones the last; null without one.
  [[nodiscard]] const PatternThroughput* best(std::string_view pattern) const;
};
/// `patterns`: only those; empty: all, in the order rail, direct, cross-rail, half-shift, next-group, longest, ring.
[[nodiscard]] FabricPatterns measure_patterns(const Plan& plan, FabricId fabric, const Removal& removal = {},
                                              const std::vector<std::string_view>& patterns = {});

/// The fabric with the most Gb/s per GPU, of equal ones the first; null where there is none.
[[nodiscard]] const FabricTraffic* scale_out_fabric(const std::vector<FabricTraffic>& fabrics);

/// "fabric storage joins GPUs through their `storage` ports, which are not `compute` ports"; empty where all of them are.
[[nodiscard]] std::string ports_remark(const Plan& plan, FabricId fabric);

/// What collectives and workloads need of the scale-out fabric.
struct GpuLinks {
  FabricId fabric;
  std::int64_t gpus = 0;
  /// GPUs of the scale-up domain and the rate of one GPU's links to it, one direction; of the first node group with GPUs.
  std::int64_t domain_gpus = 1;
  std::optional<Mbps> scale_up;
  /// The least injection per GPU.
  Mbps nic_per_gpu;
  /// Gb/s of each GPU: lower bounds, which are exact where the links are even. `ring`: to the next domain. Direct traffic is absent where rails are
  /// apart.
  double ring_gbps = 0;
  std::string ring_binds;
  double rail_alltoall_gbps = 0;
  std::string rail_alltoall_binds;
  std::optional<double> direct_alltoall_gbps;
  std::string direct_alltoall_binds;
};
/// Nothing where no fabric joins GPUs.
[[nodiscard]] std::optional<GpuLinks> gpu_links(const Plan& plan);

} // namespace icplan
