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

/// What one GPU of a node group can send into a fabric, one direction: the least of what its share of NICs, slots and ports and its scale-up links carry.
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

} // namespace icplan
