// SPDX-License-Identifier: Apache-2.0
// Findings as text for a terminal.
#include "icplan/diag/render.hpp"

#include "base/utf8.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace icplan {

namespace {

constexpr std::size_t max_cells = 160;
/// How many cells before the caret stay visible when a long line is cut.
constexpr std::size_t cells_before_caret = 60;
constexpr std::string_view ellipsis = "...";
/// How far around the caret a line is looked at: at least `max_cells` code points either way.
constexpr std::size_t window_bytes = 4 * max_cells;

constexpr std::string_view bold_red = "\x1b[1;31m";
constexpr std::string_view bold_yellow = "\x1b[1;33m";
constexpr std::string_view bold_cyan = "\x1b[1;36m";
constexpr std::string_view bold_blue = "\x1b[1;34m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view reset = "\x1b[0m";

/// C0 and C1 controls command the terminal; bidirectional overrides reorder what the reader sees.
constexpr bool is_unsafe(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point <= 0x9f) || (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

/// Appends the code point at byte `at` of `text`, or `?` for one that a terminal must not see. Returns its length in bytes.
std::size_t append_safe(std::string& out, std::string_view text, std::size_t at) {
  const auto length = utf8_length(text, at);
  if (length == 0 || is_unsafe(utf8_code_point(text, at, length))) {
    out += '?';
    return std::max<std::size_t>(length, 1);
  }
  out += text.substr(at, length);
  return length;
}

std::string safe(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) at += append_safe(out, text, at);
  return out;
}

/// A source line as columns of the terminal, and the columns [begin, end) to underline.
struct Quote {
  std::vector<std::string> cells;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The part of `line` around bytes [begin, end) as cells: a tab takes two, every other code point one.
Quote quote_window(std::string_view line, std::size_t begin, std::size_t end) {
  auto first = begin > window_bytes ? begin - window_bytes : 0;
  while (first > 0 && first < begin && is_utf8_continuation(line[first])) ++first;
  const auto last = std::min(line.size(), begin + window_bytes);
  Quote quote;
  for (auto at = first; at < last;) {
    const auto start = at;
    if (line[at] == '\t') {
      quote.cells.insert(quote.cells.end(), 2, " ");
      ++at;
    } else {
      at += append_safe(quote.cells.emplace_back(), line, at);
    }
    if (at <= begin) quote.begin = quote.cells.size();
    if (start < end) quote.end = quote.cells.size();
  }
  quote.end = std::max(quote.end, quote.begin + 1);
  return quote;
}

/// Cuts a line that is too long, so that the start of the underlined part stays visible.
void cut(Quote& quote) {
  const auto total = quote.cells.size();
  if (total <= max_cells) return;
  const auto visible = max_cells - 2 * ellipsis.size();
  const auto wanted = quote.begin > cells_before_caret ? quote.begin - cells_before_caret : 0;
  const auto first = std::min(wanted, total - visible);
  const auto last = first + visible;
  std::vector<std::string> kept;
  if (first > 0) kept.emplace_back(ellipsis);
  kept.insert(kept.end(), quote.cells.begin() + static_cast<std::ptrdiff_t>(first), quote.cells.begin() + static_cast<std::ptrdiff_t>(last));
  if (last < total) kept.emplace_back(ellipsis);
  const auto shift = first > 0 ? ellipsis.size() : 0;
  quote.end = std::min(quote.end, std::max(last, quote.begin + 1)) - first + shift;
  quote.begin = quote.begin - first + shift;
  quote.cells = std::move(kept);
}

class Renderer {
public:
  Renderer(std::string& out, const SourceMap& sources, RenderOptions options) : out_(out), sources_(sources), options_(options) {}

  void render(const Finding& finding) {
    paint(severity_colour(finding.severity), std::string(to_text(finding.severity)).append("[").append(code_text(finding.code)).append("]"));
    out_.append(": ").append(safe(finding.message)).append("\n");
    gutter_ = 1;
    if (finding.where.valid()) render_place(finding);
    if (!finding.help.empty()) {
      begin_remark();
      paint(green, "help: " + safe(finding.help));
      out_ += '\n';
    }
    render_count(finding);
  }

private:
  static std::string_view severity_colour(Severity severity) {
    switch (severity) {
    case Severity::note: return bold_cyan;
    case Severity::warning: return bold_yellow;
    case Severity::error: break;
    }
    return bold_red;
  }

  void paint(std::string_view colour, std::string_view text) {
    if (!options_.colour) out_ += text;
    else out_.append(colour).append(text).append(reset);
  }

  void begin_remark() {
    out_.append(gutter_, ' ');
    paint(bold_blue, " =");
    out_ += ' ';
  }

  void render_place(const Finding& finding) {
    const auto [file, begin, end] = finding.where;
    const auto position = sources_.position(file, begin);
    const auto number = std::to_string(position.line);
    gutter_ = number.size();
    out_.append(gutter_, ' ');
    paint(bold_blue, "--> " + safe(sources_.name(file)) + ":" + number + ":" + std::to_string(position.column));
    out_ += '\n';
    out_.append(gutter_, ' ');
    paint(bold_blue, " |");
    out_ += '\n';

    const auto line = sources_.line(file, position.line);
    const auto line_begin = static_cast<std::size_t>(line.data() - sources_.text(file).data());
    const auto in_line = [&](std::uint32_t offset) { return std::clamp<std::size_t>(offset, line_begin, line_begin + line.size()) - line_begin; };
    auto quote = quote_window(line, in_line(begin), in_line(std::max(begin, end)));
    cut(quote);
    paint(bold_blue, number + " |");
    if (!quote.cells.empty()) out_ += ' ';
    for (const auto& cell : quote.cells) out_ += cell;
    out_ += '\n';
    out_.append(gutter_, ' ');
    paint(bold_blue, " |");
    out_.append(quote.begin + 1, ' ');
    paint(severity_colour(finding.severity), std::string(quote.end - quote.begin, '^'));
    out_ += '\n';
  }

  void render_count(const Finding& finding) {
    if (finding.count <= 1 && finding.examples.empty()) return;
    begin_remark();
    if (finding.count > 1) out_.append(grouped(static_cast<std::int64_t>(finding.count))).append(" of these");
    if (finding.count > 1 && !finding.examples.empty()) out_ += "; ";
    for (std::size_t i = 0; i < finding.examples.size(); ++i) out_.append(i == 0 ? "for example " : ", ").append(safe(finding.examples[i]));
    out_ += '\n';
  }

  std::string& out_;
  const SourceMap& sources_;
  RenderOptions options_;
  std::size_t gutter_ = 1;
};

} // namespace

std::string render_findings(std::span<const Finding> findings, const SourceMap& sources, RenderOptions options) {
  std::string out;
  Renderer renderer(out, sources, options);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (i != 0) out += '\n';
    renderer.render(findings[i]);
  }
  return out;
}

std::string summarise_findings(std::span<const Finding> findings, std::size_t dropped) {
  const auto count = [&](Severity severity) {
    return std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.severity == severity; });
  };
  std::string out;
  const auto add = [&](std::int64_t found, std::string_view one, std::string_view many) {
    if (found == 0) return;
    if (!out.empty()) out += ", ";
    out += counted(found, one, many);
  };
  add(count(Severity::error), "error", "errors");
  add(count(Severity::warning), "warning", "warnings");
  add(count(Severity::note), "note", "notes");
  if (dropped > 0) out += ", and " + grouped(static_cast<std::int64_t>(dropped)) + " more that are not listed";
  return out;
}

} // namespace icplan
