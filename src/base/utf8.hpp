// SPDX-License-Identifier: Apache-2.0
// UTF-8 sequences in text that may be malformed.
#pragma once

#include <cstddef>
#include <string_view>

namespace icplan {

[[nodiscard]] constexpr bool is_utf8_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

/// The length of the well-formed UTF-8 sequence (RFC 3629) at byte `at`, or 0 when there is none. Shape: at < text.size().
[[nodiscard]] constexpr std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : static_cast<unsigned char>(0); };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned lead = byte(0);
  const unsigned second = byte(1);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4 || !follows(1)) return 0;
  if (lead < 0xe0) return 2;
  if (!follows(2)) return 0;
  if (lead < 0xf0) return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ? 0 : 3;
  if (!follows(3)) return 0;
  return (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f) ? 0 : 4;
}

/// The code point of the well-formed sequence of `length` bytes at byte `at`.
[[nodiscard]] constexpr char32_t utf8_code_point(std::string_view text, std::size_t at, std::size_t length) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (length <= 1) return lead;
  char32_t point = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) point = (point << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
  return point;
}

/// The longest prefix of at most `limit` bytes that does not end inside a sequence.
[[nodiscard]] constexpr std::string_view utf8_prefix(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && is_utf8_continuation(text[limit])) --limit;
  return text.substr(0, limit);
}

} // namespace icplan
