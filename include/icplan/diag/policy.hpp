// SPDX-License-Identifier: Apache-2.0
// How severe findings are to a site: rules by code, and single findings that are accepted for a stated reason.
#pragma once

#include "icplan/diag/finding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// What a rule makes of a finding. `allow`: it is not told.
enum class Level : std::uint8_t { allow, note, warning, error };
/// "allow", "note", "warning", "error".
[[nodiscard]] std::string_view to_text(Level level);

/// Every finding of this code gets this severity.
struct SeverityRule {
  Code code{};
  Level level = Level::error;
  SourceRange where;
};

/// A finding that is known and accepted.
struct Suppression {
  Code code{};
  /// What the message or one of the examples must hold; empty: every finding of the code.
  std::string contains;
  std::string reason;
  /// The last day on which it holds, as in 2027-03-31; empty: no end.
  std::string expires;
  SourceRange where;
};

struct FindingPolicy {
  /// Of several rules for one code the last one holds.
  std::vector<SeverityRule> rules;
  std::vector<Suppression> suppressions;
  /// Warnings are errors.
  bool strict = false;
  /// The day that suppressions are judged on; empty: none expires.
  std::string today;
};

struct SuppressedFinding {
  Finding finding;
  Suppression by;
};

struct JudgedFindings {
  /// As a sink sorts them.
  std::vector<Finding> findings;
  std::vector<SuppressedFinding> suppressed;
};

/// Whether a plan is complete and right without this being mended: warnings and notes, and errors that speak of limits alone.
[[nodiscard]] bool may_lower(Code code);

/// Whether the text is a day of the calendar as in 2027-03-31.
[[nodiscard]] bool is_day(std::string_view text);

/// Applies suppressions, then rules, then `strict`. Rules and suppressions for errors that may not be lowered are reported (rule_not_possible) and
/// change nothing; so are suppressions that fit nothing (suppression_unused) and those that have expired (suppression_expired), unless `complete`
/// says that no plan came out, so that some findings are not known.
[[nodiscard]] JudgedFindings apply_policy(const FindingPolicy& policy, const Sink& sink, bool complete);

} // namespace icplan
