// SPDX-License-Identifier: Apache-2.0
// Computed rates and times as decimals: doubles end here.
#pragma once

#include "icplan/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

namespace icplan {

/// The value in units of 10^-decimals, rounded to the nearest, half away from zero. What is too large stays at the largest.
[[nodiscard]] inline std::int64_t scaled_value(double value, int decimals) {
  constexpr double most = 9e18;
  for (int i = 0; i < decimals; ++i) value *= 10;
  return static_cast<std::int64_t>(std::llround(std::clamp(value, -most, most)));
}

/// "1,234.500": grouped, with exactly so many decimals.
[[nodiscard]] inline std::string rounded(double value, int decimals) {
  const auto text = fixed(scaled_value(value, decimals), decimals);
  const auto point = std::min(text.find('.'), text.size());
  std::string out;
  for (std::size_t i = 0; i < point; ++i) {
    if (i > 0 && (point - i) % 3 == 0 && text[i - 1] != '-') out += ',';
    out += text[i];
  }
  return out + text.substr(point);
}

} // namespace icplan
