// SPDX-License-Identifier: Apache-2.0
// Values of a JSON document, and the exact reading of its numbers.
#include "icplan/json/value.hpp"

#include "number_text.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <limits>

namespace icplan::json {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

/// An exponent that no length of digits can make up for stays beyond this.
constexpr std::int64_t exponent_limit = std::int64_t{1} << 40;

/// Reads "+12", "-3" or "7"; huge exponents are held at the limit.
std::int64_t read_exponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  for (const char c : text) exponent = std::min(exponent * 10 + (c - '0'), exponent_limit);
  return negative ? -exponent : exponent;
}

/// digits[begin, end) times 10^zeros, in [-max, max]. `decimal_point` is skipped.
ScaledNumber accumulate(std::string_view significant, std::int64_t zeros, bool negative) {
  constexpr auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t value = 0;
  const auto append = [&](unsigned digit) {
    if (value > (max - digit) / 10) return false;
    value = value * 10 + digit;
    return true;
  };
  for (const char c : significant) {
    if (c != '.' && !append(static_cast<unsigned>(c - '0'))) return {NumberProblem::too_large, 0};
  }
  for (std::int64_t i = 0; i < zeros; ++i) {
    if (!append(0)) return {NumberProblem::too_large, 0};
  }
  return {NumberProblem::none, negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value)};
}

} // namespace

std::string_view describe(Kind kind) {
  switch (kind) {
  case Kind::null: return "null";
  case Kind::boolean: return "a boolean";
  case Kind::number: return "a number";
  case Kind::string: return "a string";
  case Kind::array: return "an array";
  case Kind::object: break;
  }
  return "an object";
}

const Value* Value::find(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.name == name; });
  return found != members.end() ? &found->value : nullptr;
}

bool same_value(const Value& a, const Value& b) {
  if (a.kind != b.kind || a.boolean != b.boolean || a.items.size() != b.items.size() || a.members.size() != b.members.size()) return false;
  if (a.kind == Kind::number) {
    // Catalogs keep no more decimals than this.
    constexpr int decimals = 9;
    const auto left = scaled(a.text, decimals);
    const auto right = scaled(b.text, decimals);
    return left && right ? left == right : a.text == b.text;
  }
  if (a.text != b.text) return false;
  if (!std::equal(a.items.begin(), a.items.end(), b.items.begin(), same_value)) return false;
  return std::all_of(a.members.begin(), a.members.end(), [&](const Member& member) {
    const auto* other = b.find(member.name);
    return other != nullptr && same_value(member.value, *other);
  });
}

NumberEnd find_number_end(std::string_view text, std::size_t begin) {
  const auto digit_at = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
  const auto one_of = [&](std::size_t i, std::string_view set) { return i < text.size() && set.find(text[i]) != std::string_view::npos; };
  auto at = begin + (one_of(begin, "-") ? 1U : 0U);
  if (!digit_at(at)) return {false, at};
  at = text[at] == '0' ? at + 1 : skip_digits(text, at);
  if (one_of(at, ".")) {
    if (!digit_at(at + 1)) return {false, at + 1};
    at = skip_digits(text, at + 1);
  }
  if (one_of(at, "eE")) {
    ++at;
    if (one_of(at, "+-")) ++at;
    if (!digit_at(at)) return {false, at};
    at = skip_digits(text, at);
  }
  return {true, at};
}

ScaledNumber scale_number(std::string_view digits, int decimals) {
  assert(decimals >= 0);
  const auto end = find_number_end(digits, 0);
  if (!end.complete || end.offset != digits.size()) return {NumberProblem::malformed, 0};
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const auto e = digits.find_first_of("eE");
  auto mantissa = digits.substr(0, e);
  const auto exponent = e == std::string_view::npos ? 0 : read_exponent(digits.substr(e + 1));

  const auto first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return {NumberProblem::none, 0};
  const auto last = mantissa.find_last_of("123456789");
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  // The power of ten of a digit: digits just before the point have 0.
  const auto power = [&](std::size_t i) {
    return static_cast<std::int64_t>(point) - static_cast<std::int64_t>(i) - (i < point ? 1 : 0) + exponent + decimals;
  };
  constexpr auto max_power = std::numeric_limits<std::int64_t>::digits10;
  if (power(first) > max_power) return {NumberProblem::too_large, 0};
  if (power(last) < 0) return {NumberProblem::too_precise, 0};
  return accumulate(mantissa.substr(first, last - first + 1), power(last), negative);
}

std::optional<std::int64_t> scaled(std::string_view digits, int decimals) {
  const auto number = scale_number(digits, decimals);
  return number.problem == NumberProblem::none ? std::optional<std::int64_t>(number.value) : std::nullopt;
}

} // namespace icplan::json
