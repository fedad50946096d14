// SPDX-License-Identifier: Apache-2.0
// Reads the members of a JSON object with types and ranges, and reports everything that is wrong with them.
#pragma once

#include "icplan/base/units.hpp"
#include "icplan/json/value.hpp"

#include <array>
#include <cassert>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace icplan::json {

/// A spelling and the enumerator it stands for.
template <class E> struct Name {
  std::string_view text;
  E value;
};

/// How `value` is spelt: the same table serves reading and printing. `value` must be in it.
template <class E, std::size_t N> [[nodiscard]] std::string_view spelling(const std::array<Name<E>, N>& names, E value) {
  for (const auto& entry : names) {
    if (entry.value == value) return entry.text;
  }
  assert(false);
  return "?";
}

/// Looks members up by name, remembers which names are known, and at the end reports the unknown ones with the nearest known name.
/// `null` counts as absent. Every look-up that finds the wrong thing reports it and returns nothing, so a reader can go on.
class ObjectReader {
public:
  /// `path` names the object in messages, such as "nodes[0]". Reports `wrong_type` if `value` is no object.
  ObjectReader(const Value& value, std::string path, Sink& sink);

  [[nodiscard]] bool is_object() const { return value_.kind == Kind::object; }
  [[nodiscard]] const Value& value() const { return value_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Sink& sink() const { return sink_; }

  /// Any value; nothing when absent or null.
  const Value* any(std::string_view name);
  const Value* array(std::string_view name);
  const Value* object(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::string> string(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  /// A number as an exact multiple of 10^-decimals, in [least, most] (in those multiples). Too many decimals are an error.
  std::optional<std::int64_t> scaled(std::string_view name, int decimals, std::int64_t least, std::int64_t most);
  template <class Q> std::optional<Q> quantity(std::string_view name, int decimals, std::int64_t least, std::int64_t most) {
    const auto count = scaled(name, decimals, least, most);
    return count ? std::optional<Q>(Q(*count)) : std::nullopt;
  }
  /// An array of strings; items of another type are reported and left out.
  std::vector<std::string> strings(std::string_view name);

  template <class E> std::optional<E> enumeration(std::string_view name, std::span<const Name<E>> names) {
    const Value* found = expect(name, Kind::string);
    if (found == nullptr) return std::nullopt;
    std::vector<std::string_view> spellings;
    for (const auto& entry : names) {
      if (entry.text == found->text) return entry.value;
      spellings.push_back(entry.text);
    }
    report_unknown_word(*found, name, spellings);
    return std::nullopt;
  }

  /// Reports `missing_key` at the object unless the member is there and not null.
  bool require(std::string_view name);
  /// `require` for each of them, so that all that are missing are reported.
  bool require_all(std::initializer_list<std::string_view> names);
  /// Reports members whose names nobody asked for.
  void finish();
  /// Marks a name as known without reading it.
  void ignore(std::string_view name);

private:
  const Value* expect(std::string_view name, Kind kind);
  void report_unknown_word(const Value& found, std::string_view name, std::span<const std::string_view> spellings);

  const Value& value_;
  std::string path_;
  Sink& sink_;
  std::vector<std::string_view> known_;
};

} // namespace icplan::json
