// SPDX-License-Identifier: Apache-2.0
// A difference as Markdown for a comment on a pull request: short, whatever changed.
#include "diff_figures.hpp"
#include "diff_sections.hpp"

#include "base/utf8.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <utility>

namespace icplan {
namespace {

constexpr std::size_t longest_cell = 240;

/// One line, and not longer than a table bears.
std::string clean(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20U ? ' ' : c;
  if (out.size() <= longest_cell) return out;
  auto end = longest_cell;
  while (end > 0 && is_utf8_continuation(out[end])) --end;
  out.resize(end);
  return out + " ...";
}

/// A code span that may hold back quotes, within a table.
std::string code(std::string_view text) {
  const auto body = clean(text);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : body) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`');
  std::string out = fence + (longest > 0 ? " " : "");
  for (const char c : body) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out + (longest > 0 ? " " : "") + fence;
}

void append_plain(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i, 2) == "->") {
      out += "→";
      ++i;
      continue;
    }
    if (c == '@') {
      // No one is to be called by the name of a device.
      out += "&#64;";
      continue;
    }
    if (c == '<' || c == '>' || c == '&') {
      out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;";
      continue;
    }
    if (std::string_view("|*_\\[]~#`").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}

/// Words with names in back quotes; what surrounds them is escaped. A back quote alone is one.
std::string words(std::string_view text) {
  const auto body = clean(text);
  std::string out;
  for (std::size_t at = 0; at < body.size();) {
    const auto open = std::min(body.find('`', at), body.size());
    append_plain(out, std::string_view(body).substr(at, open - at));
    if (open == body.size()) break;
    const auto close = body.find('`', open + 1);
    if (close == std::string::npos || close == open + 1) {
      append_plain(out, std::string_view(body).substr(open));
      break;
    }
    out += code(std::string_view(body).substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return out;
}

std::string cell_markdown(const DiffCell& cell) {
  auto out = words(cell.text);
  for (const auto& name : cell.names) out += (out.empty() ? "" : ", ") + code(name);
  if (cell.more > 0) out += (out.empty() ? "and " : " and ") + grouped(cell.more) + " more";
  return out;
}

void append_row(std::string& out, const std::vector<std::string>& cells) {
  for (const auto& cell : cells) out += "| " + cell + (cell.empty() ? "" : " ");
  out += "|\n";
}

void append_table(std::string& out, const DiffSection& section) {
  std::vector<std::string> cells;
  for (const auto& column : section.columns) cells.push_back(column.title);
  append_row(out, cells);
  cells.clear();
  for (const auto& column : section.columns) cells.emplace_back(column.right ? "---:" : "---");
  append_row(out, cells);
  for (const auto& row : section.rows) {
    cells = {code(row[0].text)};
    for (std::size_t c = 1; c < row.size(); ++c) cells.push_back(cell_markdown(row[c]));
    append_row(out, cells);
  }
}

void append_section(std::string& out, const DiffSection& section, bool folded) {
  const auto head = section.title + " (" + grouped(section.changes) + ")";
  out += folded ? "<details><summary>" + head + "</summary>\n\n" : "### " + section.title + "\n\n";
  if (!section.rows.empty()) append_table(out, section);
  if (!section.rows.empty() && !section.notes.empty()) out += '\n';
  for (const auto& note : section.notes) out += "* " + words(note) + '\n';
  out += folded ? "\n</details>\n\n" : "\n";
}

/// "cost $1,000.00 -> $1,100.00 (+10 %)".
std::string figure_sentence(const PlanDiff::Figure& figure) {
  const auto share = percent_text(figure.before, figure.after);
  return figure.label + " " + figure_text(figure.before, figure.unit, figure.decimals) + " → " +
         figure_text(figure.after, figure.unit, figure.decimals) + (share.empty() ? std::string() : " (" + share + ")");
}

/// The totals in one sentence.
std::string sentence(const PlanDiff& diff) {
  std::string out;
  const auto add = [&](const std::string& piece) { out += (out.empty() ? "" : "; ") + piece; };
  constexpr std::array<std::string_view, 4> told = {"gpus", "switches", "cost_usd", "power_max_w"};
  for (const auto& figure : diff.figures) {
    if (std::find(told.begin(), told.end(), figure.key) != told.end()) add(figure_sentence(figure));
  }
  if (const auto cables = cable_counts_text(diff); !cables.empty()) add("cables: " + cables);
  const auto appeared = static_cast<std::int64_t>(diff.findings_appeared.size());
  const auto vanished = static_cast<std::int64_t>(diff.findings_vanished.size());
  const auto changed = static_cast<std::int64_t>(diff.findings_changed.size());
  std::string findings;
  if (appeared + vanished > 0) findings = grouped(appeared) + " appeared, " + grouped(vanished) + " vanished";
  if (changed > 0) findings += (findings.empty() ? "" : ", ") + grouped(changed) + " with other numbers";
  if (!findings.empty()) add("findings: " + findings);
  if (out.empty()) return "No totals changed.";
  const auto plain = words(out);
  return "**" + plain + "**";
}

void append_verdicts(std::string& out, std::span<const DiffVerdict> verdicts, std::size_t most) {
  if (verdicts.empty()) return;
  append_row(out, {"limit", "verdict", "why"});
  append_row(out, {"---", "---", "---"});
  for (std::size_t i = 0; i < std::min(verdicts.size(), most); ++i) {
    const auto& verdict = verdicts[i];
    const bool kept = verdict.state == DiffVerdict::State::kept;
    const auto word = verdict_word(verdict.state);
    append_row(out, {code(verdict.limit), kept ? word : "**" + word + "**", words(verdict.reason)});
  }
  if (verdicts.size() > most) out += "\nand " + grouped(static_cast<std::int64_t>(verdicts.size() - most)) + " more limits\n";
  out += '\n';
}

std::string rendered(const PlanDiff& diff, const DiffTitles& titles, std::span<const DiffVerdict> verdicts, DiffCaps caps) {
  std::string out = "## Plan: " + code(titles.before) + " → " + code(titles.after) + "\n\n";
  out += diff.empty() ? "Nothing changed." : sentence(diff);
  out += "\n\n";
  append_verdicts(out, verdicts, caps.rows);
  for (const auto& section : diff_sections(diff, caps)) {
    const bool open = section.title == "Totals" || section.title == "Findings";
    append_section(out, section, !open);
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

} // namespace

std::string diff_markdown(const PlanDiff& diff, const DiffTitles& titles, std::span<const DiffVerdict> verdicts) {
  const bool failed = std::any_of(verdicts.begin(), verdicts.end(), [](const DiffVerdict& of) { return of.state != DiffVerdict::State::kept; });
  if (diff.empty() && !failed) return {};
  DiffCaps caps;
  auto out = rendered(diff, titles, verdicts, caps);
  while (out.size() > max_diff_markdown && caps.rows > 0) {
    caps.rows /= 2;
    caps.names = std::max<std::size_t>(1, caps.names / 2);
    out = rendered(diff, titles, verdicts, caps);
  }
  return out;
}

} // namespace icplan
