// SPDX-License-Identifier: Apache-2.0
// How reports print figures, and sums that parts are missing from.
#pragma once

#include "base/grouped.hpp"
#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"
#include "icplan/base/units.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace icplan {

/// Watts as kilowatts with at most three decimals.
inline std::string kilowatts_text(Milliwatts power) { return grouped_decimal(power.count() / 1000, 3) + " kW"; }

/// A total with the number of parts that are missing from it.
inline std::string bound_text(std::string total, bool nothing, std::int64_t unknown) {
  if (unknown == 0) return total;
  if (nothing) return "unknown";
  return ">= " + total;
}

/// How many parts a sum misses; nothing where it is complete.
inline std::string missing_text(std::int64_t unknown) { return unknown == 0 ? std::string() : grouped(unknown); }

/// For documents: a total that is a lower bound when parts are unknown, and unknown itself when nothing is known.
template <class Total> std::optional<Total> known_total(Total total, std::int64_t unknown) {
  return total == Total() && unknown > 0 ? std::nullopt : std::optional(total);
}

/// A ratio to three decimals, rounded half up.
inline std::int64_t thousandths(Ratio ratio) { return (ratio.numerator * 1000 + ratio.denominator / 2) / ratio.denominator; }

} // namespace icplan
