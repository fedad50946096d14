// SPDX-License-Identifier: Apache-2.0
// Tables and sentences on terminals that are narrower than they are. Numbers stay whole, and nothing is left out.
#pragma once

#include "icplan/report/report.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// How many columns of a terminal the text takes.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// Lines of at most `width` columns, where the words allow it; all but the first begin with `indent` blanks. With `within_words`, words that are too
/// long go on after a dash, a slash or a comma too, but not between digits. A number stays with the word after it.
[[nodiscard]] std::vector<std::string> break_text(std::string_view text, std::size_t width, std::size_t indent, bool within_words);

/// The width of every column of a table, so that its lines take at most `most` columns where that can be; 0: however many.
struct TableFit {
  std::vector<std::size_t> widths;
  /// Titles or cells are broken.
  bool broken = false;
  bool within_words = false;
};
[[nodiscard]] TableFit fit_table(const Table& table, std::size_t most);

/// What stands before a table's first column, and between two of them.
inline constexpr std::size_t table_gap = 2;
/// By how much the second line of a cell is set in.
inline constexpr std::size_t cell_indent = 2;

} // namespace icplan
