// SPDX-License-Identifier: Apache-2.0
// Where findings are, and what they say, for programs that show them beside the file.
#pragma once

#include "file_names.hpp"
#include "icplan/report/findings.hpp"

#include <map>
#include <string>
#include <string_view>

namespace icplan {

/// Lines and columns count from 1; the end is one beyond the last column. A finding without a place is at the input's first line.
struct FindingPlace {
  std::string file;
  SourcePosition begin{1, 1};
  SourcePosition end{1, 1};
  /// What stands there.
  std::string_view line;
};
[[nodiscard]] FindingPlace place_of(const FindingList& list, const Finding& finding);

/// The message, how many it concerns with examples, and the help: a line each.
[[nodiscard]] std::string whole_message(const Finding& finding);

/// Names for findings that stay when lines move: digests of code, file and quoted line, and of how many were alike before.
class Fingerprints {
public:
  std::string of(const Finding& finding, const FindingPlace& place);

private:
  std::map<std::string, int> seen_;
};

} // namespace icplan
