// SPDX-License-Identifier: Apache-2.0
// Decimals with commas between thousands.
#pragma once

#include "icplan/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace icplan {

/// "1234567.5" as "1,234,567.5".
inline std::string grouped_digits(const std::string& number) {
  const auto point = std::min(number.find('.'), number.size());
  std::string out;
  for (std::size_t i = 0; i < point; ++i) {
    if (i > 0 && (point - i) % 3 == 0 && number[i - 1] != '-') out += ',';
    out += number[i];
  }
  return out + number.substr(point);
}

/// 1234567.5 as "1,234,567.5"; with exactly so many decimals as "1,234,567.50".
inline std::string grouped_decimal(std::int64_t scaled, int decimals) { return grouped_digits(decimal(scaled, decimals)); }
inline std::string grouped_fixed(std::int64_t scaled, int decimals) { return grouped_digits(fixed(scaled, decimals)); }

} // namespace icplan
