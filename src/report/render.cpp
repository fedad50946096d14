// SPDX-License-Identifier: Apache-2.0
// Sections as plain text and as Markdown.
#include "icplan/report/report.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::size_t width_of(std::string_view text) {
  // Code points: continuation bytes take no column.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

void append_cell(std::string& out, std::string_view cell, std::size_t width, bool right, bool last) {
  const auto padding = width - std::min(width, width_of(cell));
  if (right) out.append(padding, ' ');
  out += cell;
  if (!right && !last) out.append(padding, ' ');
}

void append_text_table(std::string& out, const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    auto width = width_of(table.columns[c].title);
    for (const auto& row : table.rows) width = std::max(width, width_of(row[c]));
    widths.push_back(width);
  }
  const auto line = [&](const auto& cell_of) {
    out += "  ";
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (c > 0) out += "  ";
      append_cell(out, cell_of(c), widths[c], table.columns[c].right, c + 1 == table.columns.size());
    }
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  };
  line([&](std::size_t c) -> const std::string& { return table.columns[c].title; });
  for (const auto& row : table.rows) line([&](std::size_t c) -> const std::string& { return row[c]; });
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

std::string render_text(std::string_view title, std::span<const Section> sections) {
  std::string out(title);
  out += '\n';
  for (const auto& section : sections) {
    out += '\n';
    out += section.title;
    out += '\n';
    for (const auto& line : section.lines) out += "  " + line + '\n';
    if (!section.table.columns.empty()) append_text_table(out, section.table);
    for (const auto& note : section.notes) out += "  " + note + '\n';
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
