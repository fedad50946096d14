// SPDX-License-Identifier: Apache-2.0
// Small text helpers that findings and reports share.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace icplan {

/// The candidate closest to `word` by edit distance, if one is close enough to be a likely misspelling
/// (at most a third of the word's length, at least one edit, at most three); else one that is a part of it (`count` in `gpu_count`).
/// Ties go to the earlier candidate.
[[nodiscard]] std::optional<std::string_view> closest_word(std::string_view word, std::span<const std::string_view> candidates);

/// `a`, `b` and `c`: candidates in back quotes, joined for a sentence. Empty for an empty list.
[[nodiscard]] std::string quoted_list(std::span<const std::string_view> words);

/// `a`, `b` or `c`: the same for alternatives to choose from.
[[nodiscard]] std::string quoted_choice(std::span<const std::string_view> words);

/// Whether the text can be shown as it is: no control characters, no marks that change the direction of writing. Shape: UTF-8.
[[nodiscard]] bool is_printable(std::string_view text);

/// 1234567 -> "1,234,567".
[[nodiscard]] std::string grouped(std::int64_t value);

/// A fixed-point number without trailing zeros: (6999, 3) -> "6.999", (7000, 3) -> "7", (-1500, 3) -> "-1.5".
[[nodiscard]] std::string decimal(std::int64_t scaled, int decimals);

/// A fixed-point number with exactly `decimals` digits after the point: (7000, 3) -> "7.000".
[[nodiscard]] std::string fixed(std::int64_t scaled, int decimals);

/// Whether the text is a day (2026-09-22) or a month (2026-09) that the calendar has.
[[nodiscard]] bool is_date(std::string_view text);

/// "1 leaf", "2 leaves": the count, grouped, and the fitting word.
[[nodiscard]] std::string counted(std::int64_t count, std::string_view one, std::string_view many);

} // namespace icplan
