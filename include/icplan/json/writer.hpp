// SPDX-License-Identifier: Apache-2.0
// A streaming JSON writer whose output is the same bytes everywhere: two-space indent, one member a line, LF.
#pragma once

#include "icplan/base/units.hpp"
#include "icplan/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan::json {

/// Appends to a string. Objects and arrays nest through begin/end; `row` variants put a whole object or array on one line,
/// so that tables read well under a line diff.
class Writer {
public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object();
  Writer& begin_array();
  /// An object or array on one line: everything inside it stays on that line.
  Writer& begin_object_row();
  Writer& begin_array_row();
  Writer& end_object();
  Writer& end_array();
  /// The name of the next value in an object.
  Writer& key(std::string_view name);

  Writer& string(std::string_view text);
  Writer& integer(std::int64_t value);
  Writer& boolean(bool value);
  Writer& null();
  /// scaled * 10^-decimals without trailing zeros, at least one digit before the point: (7000, 3) -> 7, (6999, 3) -> 6.999.
  Writer& decimal(std::int64_t scaled, int decimals);
  Writer& decimal(std::optional<std::int64_t> scaled, int decimals) { return scaled ? decimal(*scaled, decimals) : null(); }
  /// A value read from a file, in canonical form: object members sorted by name, numbers as they were written, no comments.
  Writer& value(const Value& value);

  /// key + value in one call.
  Writer& member(std::string_view name, std::string_view text) { return key(name).string(text); }
  Writer& member(std::string_view name, const char* text) { return key(name).string(text); }
  Writer& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  Writer& member_decimal(std::string_view name, std::optional<std::int64_t> scaled, int decimals) { return key(name).decimal(scaled, decimals); }
  template <class Tag> Writer& member_decimal(std::string_view name, Quantity<Tag> value, int decimals) {
    return key(name).decimal(value.count(), decimals);
  }
  template <class Tag> Writer& member_decimal(std::string_view name, const std::optional<Quantity<Tag>>& value, int decimals) {
    return value ? member_decimal(name, *value, decimals) : key(name).null();
  }
  Writer& member_bool(std::string_view name, bool value) { return key(name).boolean(value); }

private:
  struct Level {
    bool array = false;
    bool row = false;
    bool empty = true;
  };
  void before_value();
  void new_line();
  Writer& open(char bracket, bool array, bool row);
  Writer& close(char bracket);

  std::string& out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

} // namespace icplan::json
