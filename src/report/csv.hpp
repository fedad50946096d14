// SPDX-License-Identifier: Apache-2.0
// One field of a CSV row (RFC 4180).
#pragma once

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

} // namespace icplan
