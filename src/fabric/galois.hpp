// SPDX-License-Identifier: Apache-2.0
// Arithmetic in the finite field of q elements, which Slim Fly is built from.
#pragma once

#include <cstdint>
#include <vector>

namespace icplan {

/// Whether q is p^n for a prime p and n >= 1.
[[nodiscard]] bool is_prime_power(std::int64_t q);

/// The field of q elements, q a prime power. Elements are 0 .. q - 1: the digits to base p are the coefficients of a polynomial. Costs O(q^2) to
/// make.
class Field {
public:
  explicit Field(std::int64_t q);

  [[nodiscard]] std::int64_t add(std::int64_t a, std::int64_t b) const;
  [[nodiscard]] std::int64_t negative(std::int64_t a) const;
  [[nodiscard]] std::int64_t multiply(std::int64_t a, std::int64_t b) const;
  /// The e-th power of a primitive element: its powers are all elements but 0.
  [[nodiscard]] std::int64_t power(std::int64_t e) const { return powers_[static_cast<std::size_t>(e % (q_ - 1))]; }

private:
  [[nodiscard]] std::vector<std::int64_t> digits(std::int64_t a) const;
  [[nodiscard]] std::int64_t times_x(std::int64_t a, std::int64_t polynomial) const;
  bool generate(std::int64_t polynomial);

  std::int64_t q_;
  std::int64_t prime_ = 0;
  std::int64_t degree_ = 0;
  /// Powers of the primitive element, and by element its exponent.
  std::vector<std::int64_t> powers_;
  std::vector<std::int64_t> logarithms_;
};

} // namespace icplan
