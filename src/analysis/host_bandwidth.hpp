// SPDX-License-Identifier: Apache-2.0
// What fabrics with switches of their own carry, together with those that sit on their switches.
#pragma once

#include "icplan/plan/plan.hpp"

#include <optional>
#include <vector>

namespace icplan {

struct HostBandwidth {
  FabricId fabric;
  /// Of all node ports, one direction.
  Mbps injection;
  /// Absent where it is not known.
  std::optional<Mbps> bisection_full;
};
/// By fabric.
[[nodiscard]] std::vector<HostBandwidth> measure_host_bandwidth(const Plan& plan);
/// The sums over all of them, with an invalid fabric.
[[nodiscard]] HostBandwidth add_up(const std::vector<HostBandwidth>& hosts);

} // namespace icplan
