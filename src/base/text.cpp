// SPDX-License-Identifier: Apache-2.0
// Small text helpers that findings and reports share.
#include "icplan/base/text.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <vector>

namespace icplan {

namespace {

std::size_t length_difference(std::string_view a, std::string_view b) { return a.size() > b.size() ? a.size() - b.size() : b.size() - a.size(); }

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string alignment).
/// O(a.size() * b.size()).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

/// The first candidate of at least four letters that is one of the parts of `word` between `_`, `-` and `.`: `count` in `gpu_count`.
std::optional<std::string_view> word_inside(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t least = 4;
  for (const auto candidate : candidates) {
    if (candidate.size() < least || candidate.size() >= word.size()) continue;
    const auto at = word.find(candidate);
    if (at == std::string_view::npos) continue;
    const auto parts_here = [&](std::size_t i) { return word[i] == '_' || word[i] == '-' || word[i] == '.'; };
    const auto end = at + candidate.size();
    if ((at == 0 || parts_here(at - 1)) && (end == word.size() || parts_here(end))) return candidate;
  }
  return std::nullopt;
}

std::uint64_t magnitude(std::int64_t value) { return value < 0 ? 0U - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value); }

std::string quoted_and_joined(std::span<const std::string_view> words, std::string_view last_joint) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i != 0) out += i + 1 == words.size() ? last_joint : ", ";
    out.append("`").append(words[i]).append("`");
  }
  return out;
}

} // namespace

std::optional<std::string_view> closest_word(std::string_view word, std::span<const std::string_view> candidates) {
  const auto limit = std::clamp<std::size_t>(word.size() / 3, 1, 3);
  std::optional<std::string_view> best;
  auto best_distance = limit + 1;
  for (const auto candidate : candidates) {
    if (length_difference(word, candidate) >= best_distance) continue;
    const auto distance = edit_distance(word, candidate);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best ? best : word_inside(word, candidates);
}

bool is_printable(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    if (byte(i) < 0x20 || byte(i) == 0x7f) return false;
    // U+0080 to U+009F.
    if (byte(i) == 0xc2 && byte(i + 1) < 0xa0) return false;
    // U+2028 to U+202E and U+2066 to U+2069.
    if (byte(i) == 0xe2 && byte(i + 1) == 0x80 && byte(i + 2) >= 0xa8 && byte(i + 2) <= 0xae) return false;
    if (byte(i) == 0xe2 && byte(i + 1) == 0x81 && byte(i + 2) >= 0xa6 && byte(i + 2) <= 0xa9) return false;
  }
  return true;
}

std::string quoted_list(std::span<const std::string_view> words) { return quoted_and_joined(words, " and "); }

std::string quoted_choice(std::span<const std::string_view> words) { return quoted_and_joined(words, " or "); }

std::string grouped(std::int64_t value) {
  const auto digits = std::to_string(magnitude(value));
  std::string out = value < 0 ? "-" : "";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string decimal(std::int64_t scaled, int decimals) {
  auto out = fixed(scaled, decimals);
  if (decimals == 0) return out;
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string fixed(std::int64_t scaled, int decimals) {
  assert(decimals >= 0);
  const auto places = static_cast<std::size_t>(decimals);
  auto out = std::to_string(magnitude(scaled));
  if (out.size() <= places) out.insert(0, places + 1 - out.size(), '0');
  if (places != 0) out.insert(out.size() - places, 1, '.');
  if (scaled < 0) out.insert(0, 1, '-');
  return out;
}

bool is_date(std::string_view text) {
  if (text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  }
  const auto number = [&](std::size_t first, std::size_t digits) {
    int value = 0;
    for (std::size_t i = first; i < first + digits; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  if (month < 1 || month > 12) return false;
  if (text.size() == 7) return true;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const int days = month == 2 ? (leap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  const int day = number(8, 2);
  return day >= 1 && day <= days;
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return grouped(count).append(" ").append(count == 1 ? one : many);
}

} // namespace icplan
