// SPDX-License-Identifier: Apache-2.0
// Reads CSV files row by row.
#include "icplan/json/csv.hpp"

#include <algorithm>
#include <cstdint>

namespace icplan::json {
namespace {

SourceRange range(FileId file, std::size_t begin, std::size_t end) {
  // Something that is empty is shown by the place where it would stand.
  return {file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(std::max(end, begin + 1))};
}

void trim(std::string& text) {
  if (text.empty() || (text.front() != ' ' && text.back() != ' ')) return;
  const auto last = text.find_last_not_of(' ');
  text.erase(last == std::string::npos ? 0 : last + 1);
  text.erase(0, text.find_first_not_of(' '));
}

} // namespace

CsvReader::CsvReader(FileId file, std::string_view text) : file_(file), text_(text) {
  // Spreadsheets put a byte order mark before UTF-8 text.
  if (text_.substr(0, 3) == "\xEF\xBB\xBF") next_ = 3;
}

bool CsvReader::next() {
  while (next_ < text_.size()) {
    const auto begin = next_;
    const auto line_end = std::min(text_.find('\n', begin), text_.size());
    next_ = line_end + 1;
    const auto end = line_end > begin && text_[line_end - 1] == '\r' ? line_end - 1 : line_end;
    if (end == begin) continue;
    row_ = range(file_, begin, end);
    split(begin, end);
    return true;
  }
  count_ = 0;
  return false;
}

CsvReader::Cell& CsvReader::open_cell(std::size_t begin) {
  if (count_ == cells_.size()) cells_.emplace_back();
  auto& cell = cells_[count_++];
  cell.text.clear();
  cell.begin = begin;
  cell.end = begin;
  return cell;
}

void CsvReader::split(std::size_t begin, std::size_t end) {
  count_ = 0;
  bool quoted = false;
  auto* cell = &open_cell(begin);
  for (auto i = begin; i < end; ++i) {
    const char c = text_[i];
    if (c == '"') {
      if (quoted && i + 1 < end && text_[i + 1] == '"') {
        cell->text += c;
        ++i;
      } else {
        quoted = !quoted;
      }
    } else if (c == ',' && !quoted) {
      cell->end = i;
      trim(cell->text);
      cell = &open_cell(i + 1);
    } else {
      // Up to what ends the cell or its quotes: schedules have hundreds of megabytes.
      auto stop = i + 1;
      while (stop < end && text_[stop] != '"' && (quoted || text_[stop] != ',')) ++stop;
      cell->text += text_.substr(i, stop - i);
      i = stop - 1;
    }
  }
  cell->end = end;
  trim(cell->text);
  unclosed_ = quoted;
}

SourceRange CsvReader::where(std::size_t i) const {
  if (i >= count_) return row_;
  auto begin = cells_[i].begin;
  auto end = cells_[i].end;
  while (end > begin && text_[end - 1] == ' ') --end;
  while (begin < end && text_[begin] == ' ') ++begin;
  return range(file_, begin, end);
}

std::size_t CsvReader::find(std::string_view text) const {
  for (std::size_t i = 0; i < count_; ++i) {
    if (cells_[i].text == text) return i;
  }
  return count_;
}

} // namespace icplan::json
