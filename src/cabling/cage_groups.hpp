// SPDX-License-Identifier: Apache-2.0
// Which links must be solved together.
#pragma once

#include <cstdint>
#include <vector>

namespace icplan {

/// Links that must be solved together: all that share cages, directly or through others.
struct CageGroups {
  /// Link indices, group by group, each in link order.
  std::vector<std::uint32_t> links;
  std::vector<std::uint32_t> first;
};

/// Groups links by the cages at their two ends, given per link. O(links + cages).
[[nodiscard]] CageGroups group_by_cages(const std::vector<std::uint32_t>& from_cage, const std::vector<std::uint32_t>& to_cage, std::uint32_t cages);

} // namespace icplan
