// SPDX-License-Identifier: Apache-2.0
// Why a number's digits are no exact multiple of a power of ten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace icplan::json {

enum class NumberProblem : std::uint8_t { none, malformed, too_precise, too_large };

/// `value` is meaningful only without a problem.
struct ScaledNumber {
  NumberProblem problem = NumberProblem::none;
  std::int64_t value = 0;
};

/// The number as a multiple of 10^-decimals. A number beyond 63 bits is too large even if it has too many decimals as well.
[[nodiscard]] ScaledNumber scale_number(std::string_view digits, int decimals);

/// Where the number (RFC 8259, section 6) that starts at `begin` ends, or where it breaks off.
struct NumberEnd {
  bool complete = false;
  std::size_t offset = 0;
};
[[nodiscard]] NumberEnd find_number_end(std::string_view text, std::size_t begin);

} // namespace icplan::json
