// SPDX-License-Identifier: Apache-2.0
// Reads CSV files that people and spreadsheets write, and remembers where every cell stood.
#pragma once

#include "icplan/diag/source.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace icplan::json {

/// What is read of a CSV file; callers refuse larger ones.
inline constexpr std::size_t max_csv_bytes = 64U << 20U;

/// Goes through a CSV file row by row. Cells are parted by commas; quotes are those of RFC 4180, within one line; blanks around a cell do not
/// count. Lines end at LF or CR LF; empty ones are left out; a byte order mark is skipped. Keeps one row at a time.
class CsvReader {
public:
  /// `text` must outlive the reader.
  CsvReader(FileId file, std::string_view text);

  /// Goes to the next row; false when there is none.
  bool next();
  /// The number of cells in the row.
  [[nodiscard]] std::size_t size() const { return count_; }
  /// The text of a cell without its quotes; empty beyond the last one.
  [[nodiscard]] std::string_view cell(std::size_t i) const { return i < count_ ? std::string_view(cells_[i].text) : std::string_view(); }
  /// The place of a cell, or of the row beyond the last one.
  [[nodiscard]] SourceRange where(std::size_t i) const;
  /// The place of the row.
  [[nodiscard]] SourceRange where() const { return row_; }
  /// The position of the first cell with that text, or `size()`.
  [[nodiscard]] std::size_t find(std::string_view text) const;
  /// Whether a quote of the row is not closed within its line.
  [[nodiscard]] bool unclosed() const { return unclosed_; }

private:
  struct Cell {
    std::string text;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  void split(std::size_t begin, std::size_t end);
  Cell& open_cell(std::size_t begin);

  FileId file_;
  std::string_view text_;
  std::size_t next_ = 0;
  SourceRange row_;
  /// The first `count_` are the row's; the others keep their memory.
  std::vector<Cell> cells_;
  std::size_t count_ = 0;
  bool unclosed_ = false;
};

} // namespace icplan::json
