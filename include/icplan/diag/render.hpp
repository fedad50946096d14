// SPDX-License-Identifier: Apache-2.0
// Findings as text for a terminal.
#pragma once

#include "icplan/diag/finding.hpp"

#include <span>
#include <string>

namespace icplan {

struct RenderOptions {
  bool colour = false;
};

/// Each finding as `severity[ICnnnn]: message`, the place, the quoted line with a caret under the range, then count, examples and help.
[[nodiscard]] std::string render_findings(std::span<const Finding> findings, const SourceMap& sources, RenderOptions options = {});

/// "2 errors, 1 warning, and 5 more that are not listed": empty when there are none. `dropped`: findings beyond those.
[[nodiscard]] std::string summarise_findings(std::span<const Finding> findings, std::size_t dropped = 0);

} // namespace icplan
