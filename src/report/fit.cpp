// SPDX-License-Identifier: Apache-2.0
#include "fit.hpp"

#include <algorithm>
#include <initializer_list>
#include <numeric>

namespace icplan {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view word) {
  return !word.empty() && is_digit(word.back()) && std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || c == ',' || c == '.'; });
}

/// Part of a line, and what joins it to the part before it.
struct Part {
  std::string_view text;
  bool blank_before = false;
};

/// Words; a comparison stays with its number, and a number with what it counts.
std::vector<Part> words_of(std::string_view text) {
  std::vector<Part> words;
  std::size_t begin = 0;
  std::size_t word = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != ' ') continue;
    const auto last = text.substr(word, i - word);
    word = i + 1;
    // What is set in, or apart, stays so.
    if (i < text.size() && (last.empty() || last == ">=" || last == "<=" || is_number(last))) continue;
    words.push_back({text.substr(begin, i - begin), begin > 0});
    begin = i + 1;
  }
  return words;
}

/// The word; or where it may be broken, in pieces that can stand on lines of their own. A number with its unit is none that may.
std::vector<Part> pieces_of(Part word, bool broken) {
  std::vector<Part> pieces;
  if (!broken || word.text.find(' ') != std::string_view::npos) return {word};
  std::size_t begin = 0;
  const auto& text = word.text;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const bool joint = text[i] == '-' || text[i] == '/' || text[i] == '_' || text[i] == ',';
    if (!joint || (is_digit(text[i - 1]) && is_digit(text[i + 1]))) continue;
    pieces.push_back({text.substr(begin, i + 1 - begin), begin == 0 && word.blank_before});
    begin = i + 1;
  }
  pieces.push_back({text.substr(begin), begin == 0 && word.blank_before});
  return pieces;
}

/// The least width that holds every part of the text.
std::size_t least_width(std::string_view text, std::size_t indent, bool within_words) {
  std::size_t width = 0;
  bool first = true;
  for (const auto& word : words_of(text)) {
    for (const auto& piece : pieces_of(word, within_words)) {
      width = std::max(width, width_of(piece.text) + (first ? 0 : indent));
      first = false;
    }
  }
  return width;
}

/// How far every column can shrink: titles go on in the next line, and so do cells of text.
std::vector<std::size_t> least_widths(const Table& table, bool cells, bool within_words) {
  std::vector<std::size_t> least;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto& column = table.columns[c];
    auto width = least_width(column.title, 0, false);
    const bool whole = column.right || !cells;
    for (const auto& row : table.rows) width = std::max(width, whole ? width_of(row[c]) : least_width(row[c], cell_indent, within_words));
    least.push_back(width);
  }
  return least;
}

/// Takes from the widest columns first, until the sum is no more than `most` or nothing is left to take.
void shrink(std::vector<std::size_t>& widths, const std::vector<std::size_t>& least, std::size_t most) {
  auto sum = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  while (sum > most) {
    std::size_t widest = widths.size();
    for (std::size_t c = 0; c < widths.size(); ++c) {
      if (widths[c] > least[c] && (widest == widths.size() || widths[c] > widths[widest])) widest = c;
    }
    if (widest == widths.size()) return;
    --widths[widest];
    --sum;
  }
}

} // namespace

std::size_t width_of(std::string_view text) {
  // Code points: continuation bytes take no column.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::vector<std::string> break_text(std::string_view text, std::size_t width, std::size_t indent, bool within_words) {
  std::vector<std::string> lines(1);
  std::size_t taken = 0;
  for (const auto& word : words_of(text)) {
    const bool in_pieces = within_words && width_of(word.text) + indent > width;
    for (const auto& part : pieces_of(word, in_pieces)) {
      const auto wide = width_of(part.text);
      const std::size_t blank = part.blank_before ? 1 : 0;
      const bool begun = taken > (lines.size() > 1 ? indent : 0);
      if (begun && taken + blank + wide > width) {
        lines.emplace_back(indent, ' ');
        taken = indent;
      } else if (begun && blank > 0) {
        lines.back() += ' ';
        ++taken;
      }
      lines.back() += part.text;
      taken += wide;
    }
  }
  return lines;
}

TableFit fit_table(const Table& table, std::size_t most) {
  TableFit fit;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    auto width = width_of(table.columns[c].title);
    for (const auto& row : table.rows) width = std::max(width, width_of(row[c]));
    fit.widths.push_back(width);
  }
  if (most == 0) return fit;
  const auto gaps = table_gap * table.columns.size();
  const auto room = most - std::min(most, gaps);
  const auto too_wide = [&] { return std::accumulate(fit.widths.begin(), fit.widths.end(), std::size_t{0}) > room; };
  // A title in two lines costs one line, a cell in two lines one for each row.
  struct Step {
    bool cells;
    bool within_words;
  };
  for (const auto step : {Step{false, false}, Step{true, false}, Step{true, true}}) {
    if (!too_wide()) break;
    fit.broken = true;
    fit.within_words = step.within_words;
    shrink(fit.widths, least_widths(table, step.cells, step.within_words), room);
  }
  return fit;
}

} // namespace icplan
