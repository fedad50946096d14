// SPDX-License-Identifier: Apache-2.0
// Reads CSV text row by row (RFC 4180), without copying what has no quotes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace icplan {

/// Goes through the rows of a CSV text: cells are cut at commas, quotes as in RFC 4180, spaces around a cell and a byte order mark are dropped, empty
/// lines are skipped. A quote that is never closed ends with its line. Shape: fewer than 2^32 bytes, which outlive the reader. Cost: O(bytes).
class CsvRows {
public:
  explicit CsvRows(std::string_view text);

  /// Goes to the next row that holds anything; false at the end.
  bool next();
  [[nodiscard]] std::size_t cells() const { return places_.size(); }
  /// The cell's text; empty beyond the last cell. Valid until the next call of `next`.
  [[nodiscard]] std::string_view cell(std::size_t column) const { return column < cells_.size() ? cells_[column] : std::string_view(); }
  /// The bytes [begin, end) of a cell with its quotes, and of the row for a column that it does not have. Never empty.
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> place(std::size_t column) const;
  /// The bytes of the row, at least one.
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> place() const { return {begin_, end_ > begin_ ? end_ : begin_ + 1}; }
  /// The position of the cell that says `name`, as a header does.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;

private:
  std::size_t end_of_row(std::size_t from);
  void cut(std::size_t begin, std::size_t end);
  void add_cell(std::size_t begin, std::size_t end, bool quoted);

  std::string_view text_;
  std::size_t next_ = 0;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
  /// Whether quotes may hold line ends: not after one was found that is never closed.
  bool spanning_ = true;
  std::vector<std::string_view> cells_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places_;
  /// Cells of this row that had quotes.
  std::deque<std::string> unquoted_;
};

} // namespace icplan
