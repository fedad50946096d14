// SPDX-License-Identifier: Apache-2.0
// How reports print sums that parts are missing from.
#pragma once

#include "icplan/base/text.hpp"
#include "icplan/base/units.hpp"

#include <algorithm>
#include <string>

namespace icplan {

/// Watts as kilowatts with at most three decimals.
inline std::string kilowatts_text(Milliwatts power) {
  const auto watts = power.count() / 1000;
  const auto rest = decimal(watts % 1000, 3);
  return grouped(watts / 1000) + (rest == "0" ? "" : rest.substr(1)) + " kW";
}

/// A total with the number of parts that are missing from it.
inline std::string bound_text(std::string total, bool nothing, std::int64_t unknown) {
  if (unknown == 0) return total;
  if (nothing) return "unknown";
  return ">= " + total;
}

/// 1234567.5 as "1,234,567.5".
inline std::string grouped_decimal(std::int64_t scaled, int decimals) {
  const auto text = decimal(scaled, decimals);
  const auto point = std::min(text.find('.'), text.size());
  return grouped(std::stoll(text.substr(0, point))) + text.substr(point);
}

} // namespace icplan
