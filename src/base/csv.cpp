// SPDX-License-Identifier: Apache-2.0
// The CSV reader.
#include "icplan/base/csv.hpp"

#include <algorithm>
#include <utility>

namespace icplan {

CsvRows::CsvRows(std::string_view text) : text_(text) {
  // Spreadsheets put a byte order mark before UTF-8 text.
  if (text_.substr(0, 3) == "\xEF\xBB\xBF") next_ = 3;
}

/// Where the row that starts at `from` ends: the position of its line feed, or of the end of the text.
std::size_t CsvRows::end_of_row(std::size_t from) {
  const auto line = std::min(text_.find('\n', from), text_.size());
  if (!spanning_ || std::count(text_.begin() + static_cast<std::ptrdiff_t>(from), text_.begin() + static_cast<std::ptrdiff_t>(line), '"') % 2 == 0)
    return line;
  bool quoted = false;
  for (auto at = from; at < text_.size(); ++at) {
    if (text_[at] == '"') quoted = !quoted;
    if (text_[at] == '\n' && !quoted) return at;
  }
  if (!quoted) return text_.size();
  spanning_ = false;
  return line;
}

void CsvRows::add_cell(std::size_t begin, std::size_t end, bool quoted) {
  while (begin < end && text_[begin] == ' ') ++begin;
  while (end > begin && text_[end - 1] == ' ') --end;
  places_.emplace_back(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end));
  const auto raw = text_.substr(begin, end - begin);
  if (!quoted) {
    cells_.push_back(raw);
    return;
  }
  auto& plain = unquoted_.emplace_back();
  bool inside = false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '"') {
      plain += raw[i];
    } else if (inside && i + 1 < raw.size() && raw[i + 1] == '"') {
      plain += raw[++i];
    } else {
      inside = !inside;
    }
  }
  cells_.push_back(plain);
}

void CsvRows::cut(std::size_t begin, std::size_t end) {
  bool inside = false;
  bool quotes = false;
  auto first = begin;
  for (auto at = begin; at < end; ++at) {
    if (text_[at] == '"') {
      inside = !inside;
      quotes = true;
    } else if (text_[at] == ',' && !inside) {
      add_cell(first, at, quotes);
      first = at + 1;
      quotes = false;
    }
  }
  add_cell(first, end, quotes);
}

bool CsvRows::next() {
  while (next_ < text_.size()) {
    const auto begin = next_;
    const auto line_end = end_of_row(begin);
    next_ = line_end + 1;
    const auto end = line_end > begin && text_[line_end - 1] == '\r' ? line_end - 1 : line_end;
    if (end == begin) continue;
    begin_ = static_cast<std::uint32_t>(begin);
    end_ = static_cast<std::uint32_t>(end);
    cells_.clear();
    places_.clear();
    unquoted_.clear();
    cut(begin, end);
    return true;
  }
  return false;
}

std::pair<std::uint32_t, std::uint32_t> CsvRows::place(std::size_t column) const {
  return column < places_.size() && places_[column].second > places_[column].first ? places_[column] : place();
}

std::optional<std::size_t> CsvRows::column(std::string_view name) const {
  const auto found = std::find(cells_.begin(), cells_.end(), name);
  return found == cells_.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - cells_.begin()));
}

} // namespace icplan
