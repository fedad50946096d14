// SPDX-License-Identifier: Apache-2.0
// Rows of CSV (RFC 4180).
#pragma once

#include "icplan/base/text.hpp"
#include "icplan/base/units.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace icplan {

/// Quotes the field where it has a comma, a quote or a line end.
inline void append_csv(std::string& out, std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

/// All fields of a row, with commas between them and the line's end.
template <class Fields> void append_csv_row(std::string& out, const Fields& fields) {
  bool first = true;
  for (const auto& field : fields) {
    if (!first) out += ',';
    first = false;
    append_csv(out, field);
  }
  out += '\n';
}
inline void append_csv_row(std::string& out, std::initializer_list<std::string_view> fields) {
  append_csv_row<std::initializer_list<std::string_view>>(out, fields);
}

/// A figure as a field, empty where it is not known.
inline std::string csv_decimal(const std::optional<std::int64_t>& scaled, int decimals) {
  return scaled ? decimal(*scaled, decimals) : std::string();
}
template <class Tag> std::string csv_decimal(const std::optional<Quantity<Tag>>& value, int decimals) {
  return value ? decimal(value->count(), decimals) : std::string();
}

} // namespace icplan
