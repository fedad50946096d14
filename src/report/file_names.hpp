// SPDX-License-Identifier: Apache-2.0
// Names of files in documents.
#pragma once

#include "base/utf8.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace icplan {

/// A file name may be any bytes; JSON takes UTF-8 only.
inline std::string utf8_name(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const auto length = utf8_length(name, at);
    out += length == 0 ? std::string_view("?") : name.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

} // namespace icplan
