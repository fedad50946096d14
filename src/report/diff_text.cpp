// SPDX-License-Identifier: Apache-2.0
// A difference as text.
#include "diff_sections.hpp"

#include "icplan/base/text.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace icplan {
namespace {

std::string cell_text(const DiffCell& cell) {
  std::string text = cell.text;
  for (const auto& name : cell.names) text += (text.empty() ? "" : ", ") + name;
  if (cell.more > 0) text += (text.empty() ? "" : " ") + std::string("and ") + grouped(cell.more) + " more";
  return text;
}

Section section_text(const DiffSection& from) {
  Section section;
  section.title = from.title;
  section.notes = from.notes;
  if (from.rows.empty()) return section;
  for (const auto& column : from.columns) section.table.columns.push_back({column.title, column.right});
  for (const auto& row : from.rows) {
    auto& cells = section.table.rows.emplace_back();
    for (const auto& cell : row) cells.push_back(cell_text(cell));
  }
  return section;
}

/// Colours whole lines by the sign that they begin with.
std::string coloured(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    const std::string_view colour = line.starts_with("  + ")   ? "\033[32m"
                                    : line.starts_with("  - ") ? "\033[31m"
                                    : line.starts_with("  ~ ") ? "\033[33m"
                                                               : "";
    out += colour;
    out += line;
    if (!colour.empty()) out += "\033[0m";
    out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

} // namespace

std::string diff_text(const PlanDiff& diff, const DiffTitles& titles, std::span<const DiffVerdict> verdicts, bool colour, std::size_t most) {
  const bool failed = std::any_of(verdicts.begin(), verdicts.end(), [](const DiffVerdict& of) { return of.state != DiffVerdict::State::kept; });
  if (diff.empty() && !failed) return {};
  std::vector<Section> sections;
  if (!verdicts.empty()) {
    Section section;
    section.title = "Limits";
    section.table.columns = {{"limit"}, {"verdict"}, {"why"}};
    for (const auto& verdict : verdicts) section.table.rows.push_back({verdict.limit, verdict_word(verdict.state), verdict.reason});
    sections.push_back(std::move(section));
  }
  constexpr DiffCaps caps{1'000, 3};
  for (const auto& section : diff_sections(diff, caps)) sections.push_back(section_text(section));
  if (const auto cables = cable_counts_text(diff); !cables.empty()) sections.back().lines.push_back(cables);
  const auto text = render_text(titles.before + " -> " + titles.after, sections, most);
  return colour ? coloured(text) : text;
}

} // namespace icplan
