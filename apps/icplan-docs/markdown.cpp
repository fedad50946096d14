// SPDX-License-Identifier: Apache-2.0
#include "markdown.hpp"

#include <algorithm>

namespace icplan::docs {
namespace {

constexpr std::string_view generated_start = "<!-- generated: ";

bool starts(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The cells of `| a | b |`; a bar after a backslash belongs to its cell.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cells.back() += '|';
      ++i;
    } else if (line[i] == '|') {
      cells.back() = std::string(trimmed(cells.back()));
      if (i + 1 < line.size()) cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  return cells;
}

bool is_rule(std::string_view line) { return line.find_first_not_of("|-: ") == std::string_view::npos; }

/// Reads the page line by line.
class Reader {
public:
  explicit Reader(std::string_view page) : rest_(page) {}

  std::vector<Block> read() {
    std::string_view line;
    while (next(line)) take(line);
    return std::move(blocks_);
  }

private:
  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const auto end = std::min(rest_.find('\n'), rest_.size());
    line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return true;
  }

  void take(std::string_view line) {
    if (starts(line, generated_start)) return skip(generated_end);
    if (starts(line, "```")) return fenced();
    if (starts(line, "    ") && !(open_ && blocks_.back().kind == BlockKind::item)) return indented(line.substr(4));
    if (trimmed(line).empty()) {
      open_ = false;
    } else if (line.front() == '#') {
      const auto depth = line.find_first_not_of('#');
      add(BlockKind::heading, trimmed(line.substr(depth)));
      blocks_.back().depth = static_cast<int>(depth);
      open_ = false;
    } else if (line.front() == '|') {
      row(line);
    } else if (starts(line, "* ") || starts(line, "- ") || is_numbered(line)) {
      add(BlockKind::item, trimmed(line.substr(line.find(' '))));
    } else if (open_) {
      blocks_.back().text += " " + std::string(trimmed(line));
    } else {
      add(BlockKind::paragraph, trimmed(line));
    }
  }

  static bool is_numbered(std::string_view line) {
    const auto end = line.find_first_not_of("0123456789");
    return end != 0 && end != std::string_view::npos && starts(line.substr(end), ". ");
  }

  void add(BlockKind kind, std::string_view text) {
    blocks_.push_back({kind, 0, std::string(text), {}, false});
    open_ = true;
  }

  void skip(std::string_view until) {
    std::string_view line;
    while (next(line) && line != until) {
    }
    open_ = false;
  }

  void fenced() {
    add(BlockKind::code, "");
    std::string_view line;
    while (next(line) && !starts(line, "```")) blocks_.back().text += std::string(line) + "\n";
    open_ = false;
  }

  void indented(std::string_view line) {
    if (blocks_.empty() || blocks_.back().kind != BlockKind::code || !open_) add(BlockKind::code, "");
    blocks_.back().text += std::string(line) + "\n";
  }

  void row(std::string_view line) {
    open_ = false;
    if (is_rule(line)) return;
    const bool first = blocks_.empty() || blocks_.back().kind != BlockKind::row;
    blocks_.push_back({BlockKind::row, 0, "", cells_of(line), first});
  }

  std::string_view rest_;
  std::vector<Block> blocks_;
  /// Whether the next line goes on with the last block.
  bool open_ = false;
};

} // namespace

std::string generated_mark(std::string_view name) { return std::string(generated_start) + std::string(name) + " -->"; }

std::vector<Block> read_markdown(std::string_view page) { return Reader(page).read(); }

} // namespace icplan::docs
