// SPDX-License-Identifier: Apache-2.0
// The findings of what was validated, in the formats that CI systems read.
#pragma once

#include "icplan/diag/policy.hpp"
#include "icplan/diag/source.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace icplan {

/// What was found in one input.
struct FindingList {
  /// The input as it was given; "<stdin>" for standard input.
  std::string name;
  std::vector<Finding> findings;
  std::vector<SuppressedFinding> suppressed;
  /// Findings beyond those that are listed; none of them is more severe than a listed one.
  std::size_t dropped = 0;
  std::shared_ptr<const SourceMap> sources;
  /// Where files stand whose name in `sources` is not their path from here.
  std::map<FileId, std::string> paths;
};

/// One array of the findings of all inputs, as in the plan document, but with files named by their paths. Suppressed ones are not in it.
[[nodiscard]] std::string findings_json(std::span<const FindingList> lists);

/// A SARIF log (OASIS, version 2.1.0) of one run: a rule for every code that occurs, suppressed findings with their justification. Fingerprints
/// speak of code, file and quoted line, so that findings keep theirs when lines move.
[[nodiscard]] std::string findings_sarif(std::span<const FindingList> lists);

/// Workflow commands of GitHub Actions, one line each: errors first, since few of each kind are shown; then a line for each input.
[[nodiscard]] std::string findings_github(std::span<const FindingList> lists);

/// JUnit's XML: a suite for each input, a case for each finding; errors fail, suppressed ones are skipped, all others pass and say what they are.
[[nodiscard]] std::string findings_junit(std::span<const FindingList> lists);

/// A code quality report of GitLab.
[[nodiscard]] std::string findings_gitlab(std::span<const FindingList> lists);

/// Suppressed findings for a reader, one paragraph each: what, where, why and until when. Empty when there are none.
[[nodiscard]] std::string suppressed_text(const FindingList& list);
/// "2 errors, 1 warning, 1 suppressed", or "no findings".
[[nodiscard]] std::string summarise_list(const FindingList& list);

} // namespace icplan
