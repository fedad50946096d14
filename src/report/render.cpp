// SPDX-License-Identifier: Apache-2.0
// Sections as plain text and as Markdown.
#include "icplan/report/report.hpp"

#include "fit.hpp"

#include <algorithm>

namespace icplan {
namespace {

void append_cell(std::string& out, std::string_view cell, std::size_t width, bool right, bool last) {
  const auto padding = width - std::min(width, width_of(cell));
  if (right) out.append(padding, ' ');
  out += cell;
  if (!right && !last) out.append(padding, ' ');
}

template <class CellOf> void append_line(std::string& out, const Table& table, const std::vector<std::size_t>& widths, const CellOf& cell_of) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    out.append(table_gap, ' ');
    append_cell(out, cell_of(c), widths[c], table.columns[c].right, c + 1 == table.columns.size());
  }
  out.erase(out.find_last_not_of(' ') + 1);
  out += '\n';
}

/// Cells of several lines side by side; titles stand on what is below them.
void append_lines(std::string& out, const Table& table, const TableFit& fit, const std::vector<std::vector<std::string>>& cells, bool titles) {
  std::size_t height = 0;
  for (const auto& lines : cells) height = std::max(height, lines.size());
  for (std::size_t i = 0; i < height; ++i) {
    append_line(out, table, fit.widths, [&](std::size_t c) {
      const auto& lines = cells[c];
      const auto above = titles ? height - lines.size() : 0;
      return i >= above && i - above < lines.size() ? std::string_view(lines[i - above]) : std::string_view();
    });
  }
}

void append_text_table(std::string& out, const Table& table, std::size_t most) {
  const auto fit = fit_table(table, most);
  if (!fit.broken) {
    append_line(out, table, fit.widths, [&](std::size_t c) -> std::string_view { return table.columns[c].title; });
    for (const auto& row : table.rows) append_line(out, table, fit.widths, [&](std::size_t c) -> std::string_view { return row[c]; });
    return;
  }
  std::vector<std::vector<std::string>> cells(table.columns.size());
  for (std::size_t c = 0; c < cells.size(); ++c) cells[c] = break_text(table.columns[c].title, fit.widths[c], 0, false);
  append_lines(out, table, fit, cells, true);
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      cells[c] = table.columns[c].right ? std::vector<std::string>{row[c]} : break_text(row[c], fit.widths[c], cell_indent, fit.within_words);
    }
    append_lines(out, table, fit, cells, false);
  }
}

void append_sentence(std::string& out, std::string_view sentence, std::size_t most) {
  constexpr std::size_t margin = 2;
  if (most == 0 || margin + width_of(sentence) <= most) {
    out.append(margin, ' ').append(sentence).append("\n");
    return;
  }
  for (const auto& line : break_text(sentence, most - std::min(most, margin), margin, false)) out.append(margin, ' ').append(line).append("\n");
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
}

/// Names in back quotes stay as they are; what surrounds them is escaped.
void append_markdown(std::string& out, std::string_view text) {
  bool code = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != '`') continue;
    const auto piece = text.substr(begin, i - begin);
    if (code) {
      out += piece;
    } else {
      append_escaped(out, piece);
    }
    if (i < text.size()) out += '`';
    code = !code;
    begin = i + 1;
  }
}

void append_markdown_table(std::string& out, const Table& table) {
  const auto row = [&](const auto& cell_of) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      out += "| ";
      append_escaped(out, cell_of(c));
      out += ' ';
    }
    out += "|\n";
  };
  row([&](std::size_t c) -> const std::string& { return table.columns[c].title; });
  for (const auto& column : table.columns) out += column.right ? "| ---: " : "| --- ";
  out += "|\n";
  for (const auto& cells : table.rows) row([&](std::size_t c) -> const std::string& { return cells[c]; });
}

} // namespace

std::string render_text(std::string_view title, std::span<const Section> sections, std::size_t most) {
  std::string out(title);
  out += '\n';
  for (const auto& section : sections) {
    out += '\n';
    out += section.title;
    out += '\n';
    for (const auto& line : section.lines) append_sentence(out, line, most);
    if (!section.table.columns.empty()) append_text_table(out, section.table, most);
    for (const auto& note : section.notes) append_sentence(out, note, most);
  }
  return out;
}

std::string render_markdown(std::string_view title, std::span<const Section> sections) {
  std::string out = "# ";
  append_markdown(out, title);
  out += '\n';
  for (const auto& section : sections) {
    out += "\n## ";
    append_markdown(out, section.title);
    out += "\n\n";
    const auto bullets = [&](const std::vector<std::string>& lines) {
      for (const auto& line : lines) {
        out += "* ";
        append_markdown(out, line);
        out += '\n';
      }
    };
    bullets(section.lines);
    if (!section.lines.empty() && !section.table.columns.empty()) out += '\n';
    if (!section.table.columns.empty()) append_markdown_table(out, section.table);
    if (!section.notes.empty() && !section.table.columns.empty()) out += '\n';
    bullets(section.notes);
  }
  return out;
}

} // namespace icplan
