// SPDX-License-Identifier: Apache-2.0
// Typed 32-bit identifiers, so that a port can never be passed where a cage is meant.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

namespace icplan {

/// A 32-bit index into a table of `Tag` things. A default-constructed id is invalid.
template <class Tag> class Id {
public:
  using value_type = std::uint32_t;

  constexpr Id() = default;
  constexpr explicit Id(value_type value) : value_(value) {}

  /// The number that indexes the table.
  [[nodiscard]] constexpr value_type index() const { return value_; }
  [[nodiscard]] constexpr bool valid() const { return value_ != invalid_value; }
  /// The id `offset` places further in the same contiguous range.
  [[nodiscard]] constexpr Id next(value_type offset = 1) const { return Id(value_ + offset); }

  friend constexpr auto operator<=>(Id, Id) = default;

private:
  static constexpr value_type invalid_value = std::numeric_limits<value_type>::max();
  value_type value_ = invalid_value;
};

} // namespace icplan

template <class Tag> struct std::hash<icplan::Id<Tag>> {
  std::size_t operator()(icplan::Id<Tag> id) const noexcept { return id.index(); }
};
