// SPDX-License-Identifier: Apache-2.0
// Plans from spec texts, against the catalogs of the source tree, and what they write.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan::test {

/// What planning gave: a plan when it could finish, and all findings.
struct Planned {
  std::optional<Plan> plan;
  std::vector<Finding> findings;

  [[nodiscard]] bool reports(Code code) const;
  /// The first finding of the code; null when there is none.
  [[nodiscard]] const Finding* find(Code code) const;
  /// What the findings of the code count together.
  [[nodiscard]] std::uint64_t count(Code code) const;
  /// "IC3001 fabric_too_large: message", one line each.
  [[nodiscard]] std::string text() const;
};

/// A plan as `icplan plan -o` writes it.
struct Saved {
  std::string plan;
  std::string cables;
};
[[nodiscard]] Saved save(const Plan& plan);

/// Plans a spec document. `overlay` is the text of a catalog file that is added to the shipped ones; shipped catalogs are read once.
/// `files` are link lists, price lists and lengths by the path that the spec states; `baseline` is the plan to grow.
[[nodiscard]] Planned plan_spec(std::string_view spec, std::string_view overlay = {}, const std::map<std::string, std::string>& files = {},
                                const Saved* baseline = nullptr);

/// As `plan_spec`, of a spec that must give a plan in which `check_plan` finds nothing.
Planned sound_planned(std::string_view spec, std::string_view overlay = {}, const std::map<std::string, std::string>& files = {},
                      const Saved* baseline = nullptr);
/// The plan alone.
Plan sound_plan(std::string_view spec, std::string_view overlay = {}, const std::map<std::string, std::string>& files = {},
                const Saved* baseline = nullptr);

/// The cable schedule.
[[nodiscard]] std::string schedule_csv(const Plan& plan);
/// The cells of every row of a CSV file; throws where a quote is not closed.
[[nodiscard]] std::vector<std::vector<std::string>> csv_rows(std::string_view text);

/// One line each, as for what `check_plan` finds.
[[nodiscard]] std::string joined(const std::vector<std::string>& lines);

/// `$1`, `$2` ... in `pattern` replaced by the numbers.
[[nodiscard]] std::string fill(std::string_view pattern, const std::vector<std::int64_t>& numbers);

/// The text of a file of the source tree; throws when it cannot be read.
[[nodiscard]] std::string read_source(const std::string& path);

/// Switches of a tier (1 = leaf) over all planes; 0 for a tier that is not there.
[[nodiscard]] std::int64_t switches(const Plan& plan, std::string_view fabric, std::size_t tier);
/// Links from a tier (0 = nodes) to the one above over all planes.
[[nodiscard]] std::int64_t links(const Plan& plan, std::string_view fabric, std::int64_t from_tier);

} // namespace icplan::test
