// SPDX-License-Identifier: Apache-2.0
// Integer helpers: rounding division, checked products, exact ratios.
#pragma once

#include <cassert>
#include <cstdint>
#include <numeric>
#include <optional>

namespace icplan {

/// The smallest integer >= a / b. Shape: a >= 0, b > 0.
[[nodiscard]] constexpr std::int64_t divide_up(std::int64_t a, std::int64_t b) {
  assert(a >= 0 && b > 0);
  return a / b + (a % b != 0 ? 1 : 0);
}

/// `value` rounded up to a multiple of `step`. Shape: value >= 0, step > 0.
[[nodiscard]] constexpr std::int64_t round_up(std::int64_t value, std::int64_t step) { return divide_up(value, step) * step; }

/// a * b, or nothing when the product exceeds `ceiling`. Shape: a, b, ceiling >= 0.
[[nodiscard]] constexpr std::optional<std::int64_t> checked_multiply(std::int64_t a, std::int64_t b, std::int64_t ceiling) {
  assert(a >= 0 && b >= 0 && ceiling >= 0);
  if (a != 0 && b > ceiling / a) return std::nullopt;
  return a * b;
}

/// A positive exact fraction, kept in lowest terms.
struct Ratio {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;

  [[nodiscard]] static constexpr Ratio reduced(std::int64_t numerator, std::int64_t denominator) {
    const auto divisor = std::gcd(numerator, denominator);
    return divisor == 0 ? Ratio{0, 1} : Ratio{numerator / divisor, denominator / divisor};
  }
  [[nodiscard]] constexpr double value() const { return static_cast<double>(numerator) / static_cast<double>(denominator); }
  friend constexpr bool operator==(const Ratio&, const Ratio&) = default;
};

} // namespace icplan
