// SPDX-License-Identifier: Apache-2.0
// Rows for every link, handed on piece by piece: a schedule may be gigabytes.
#pragma once

#include "icplan/report/report.hpp"

namespace icplan {

/// Calls `append(group, link)`, which adds rows to `out`, for every link in order; what is in `out` before comes first.
template <class Append> void write_leg_rows(const Network& network, const TextSink& sink, std::string& out, Append append) {
  constexpr std::size_t flush_at = 1U << 16U;
  for (const auto& group : network.link_groups) {
    for (auto i = group.first; i < group.first + group.count; ++i) {
      append(group, i);
      if (out.size() < flush_at) continue;
      sink(out);
      out.clear();
    }
  }
  sink(out);
}

} // namespace icplan
