// SPDX-License-Identifier: Apache-2.0
// The NICs behind the ports of devices.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <limits>
#include <vector>

namespace icplan {

/// A slot that is not known limits nothing.
inline constexpr std::int64_t any_rate = std::numeric_limits<std::int64_t>::max();

/// NICs are numbered over all port groups of a device. Ports of which the catalog states no NICs, or no whole number for each, have one of their own
/// each.
struct NicTable {
  /// By local port.
  std::vector<std::uint32_t> nic_of_port;
  /// By NIC: Mb/s that its slot carries.
  std::vector<std::int64_t> slot_of_nic;
};
/// Of every device of the group.
[[nodiscard]] NicTable nics_of(const Plan& plan, const DeviceGroup& group);

} // namespace icplan
