// SPDX-License-Identifier: Apache-2.0
// Integer physical units. Every quantity is an exact multiple of its base unit; nothing is stored as a double.
#pragma once

#include <compare>
#include <cstdint>

namespace icplan {

/// An exact 64-bit count of the unit that `Tag` names.
template <class Tag> class Quantity {
public:
  using value_type = std::int64_t;

  constexpr Quantity() = default;
  constexpr explicit Quantity(value_type count) : count_(count) {}

  /// The number of base units.
  [[nodiscard]] constexpr value_type count() const { return count_; }

  friend constexpr auto operator<=>(Quantity, Quantity) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.count_ + b.count_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.count_ - b.count_); }
  friend constexpr Quantity operator*(Quantity a, value_type n) { return Quantity(a.count_ * n); }
  friend constexpr Quantity operator*(value_type n, Quantity a) { return a * n; }
  constexpr Quantity& operator+=(Quantity other) { return *this = *this + other; }
  constexpr Quantity& operator-=(Quantity other) { return *this = *this - other; }

private:
  value_type count_ = 0;
};

/// Lengths that people order and read.
using Millimetres = Quantity<struct MillimetreTag>;
/// Lengths while geometry is added up: a rack unit is 44,450 of them.
using Micrometres = Quantity<struct MicrometreTag>;
using Milliwatts = Quantity<struct MilliwattTag>;
using Grams = Quantity<struct GramTag>;
/// Data rates, one direction.
using Mbps = Quantity<struct MbpsTag>;
/// US dollars in hundredths.
using Cents = Quantity<struct CentTag>;
/// Optical loss.
using Millidecibels = Quantity<struct MillidecibelTag>;
/// Wavelengths of light.
using Picometres = Quantity<struct PicometreTag>;
/// Delays.
using Picoseconds = Quantity<struct PicosecondTag>;
/// What moving one bit takes.
using FemtojoulesPerBit = Quantity<struct FemtojoulesPerBitTag>;
/// Arithmetic, in 10^9 operations a second.
using Gigaflops = Quantity<struct GigaflopTag>;
/// What a metre of cable weighs; a jumper of few fibres weighs some grams.
using MilligramsPerMetre = Quantity<struct MilligramsPerMetreTag>;

/// The whole millimetres that cover `length`: a fraction counts as a whole one.
[[nodiscard]] constexpr Millimetres round_up_to_millimetres(Micrometres length) {
  const auto um = length.count();
  return Millimetres(um / 1000 + (um % 1000 > 0 ? 1 : 0));
}

} // namespace icplan
