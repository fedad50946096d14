// SPDX-License-Identifier: Apache-2.0
// A difference as tables, before it becomes text or Markdown.
#pragma once

#include "icplan/report/diff.hpp"

#include <string>
#include <vector>

namespace icplan {

/// Text, or names of things: `names`, and how many more there are.
struct DiffCell {
  std::string text;
  std::vector<std::string> names;
  std::int64_t more = 0;
};

/// What a section shows at most.
struct DiffCaps {
  std::size_t rows = 40;
  std::size_t names = 3;
};

struct DiffSection {
  struct Column {
    std::string title;
    bool right = false;
  };
  std::string title;
  /// Things that changed, whatever is shown of them.
  std::int64_t changes = 0;
  /// The first column holds +, - or ~.
  std::vector<Column> columns;
  std::vector<std::vector<DiffCell>> rows;
  std::vector<std::string> notes;
};

/// The sections that have something to say.
[[nodiscard]] std::vector<DiffSection> diff_sections(const PlanDiff& diff, DiffCaps caps);
/// Cables that changed, by what they were and are.
[[nodiscard]] DiffSection cable_section(const PlanDiff& diff, DiffCaps caps);
/// "64 added, 2 removed": empty where no cable changed.
[[nodiscard]] std::string cable_counts_text(const PlanDiff& diff);
/// "cost>+5%: exceeded: cost goes from ...".
[[nodiscard]] std::string verdict_word(DiffVerdict::State state);
/// Keeps the first rows, and says how many more there are.
void cut_rows(DiffSection& section, DiffCaps caps);

} // namespace icplan
