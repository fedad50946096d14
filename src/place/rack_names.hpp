// SPDX-License-Identifier: Apache-2.0
// Rack names by the customer's pattern.
#pragma once

#include "icplan/place/placement.hpp"

namespace icplan {

/// The name of the rack at that place; row and position from 1.
[[nodiscard]] std::string pattern_rack_name(const NamePattern& pattern, std::string_view hall, std::int64_t row, std::int64_t position);

} // namespace icplan
