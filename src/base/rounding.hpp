// SPDX-License-Identifier: Apache-2.0
// Computed rates and times as decimals: doubles end here.
#pragma once

#include "base/grouped.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

namespace icplan {

/// Which way a figure may be rounded without saying too much.
enum class Rounding : std::uint8_t { nearest, down, up };

/// The value in units of 10^-decimals, the nearest half away from zero. What is too large, or no number, becomes the largest.
[[nodiscard]] inline std::int64_t scaled_value(double value, int decimals, Rounding rounding = Rounding::nearest) {
  constexpr double most = 9e18;
  for (int i = 0; i < decimals; ++i) value *= 10;
  value = value < most ? std::max(value, -most) : most;
  return static_cast<std::int64_t>(rounding == Rounding::nearest ? std::round(value) : rounding == Rounding::down ? std::floor(value) : std::ceil(value));
}

/// "1,234.500": grouped, with exactly so many decimals.
[[nodiscard]] inline std::string rounded(double value, int decimals) { return grouped_fixed(scaled_value(value, decimals), decimals); }

} // namespace icplan
