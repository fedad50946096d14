// SPDX-License-Identifier: Apache-2.0
// Man pages: options from the declarations, prose and examples from the page of the command.
#include "generate.hpp"
#include "markdown.hpp"

#include "icplan/version.hpp"

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace icplan::docs {
namespace {

/// Plain text for roff: what it would take for its own is escaped, letters beyond ASCII are named.
std::string escaped(std::string_view text, bool literal = false) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-' && literal) {
      out += "\\-";
    } else if (c == '\'' && literal) {
      out += "\\(aq";
    } else if (c == '`') {
      out += "\\(ga";
    } else if (c == '~') {
      out += "\\(ti";
    } else if (c == '^') {
      out += "\\(ha";
    } else if (c < 0x80) {
      out += static_cast<char>(c);
    } else {
      const std::size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
      std::uint32_t point = c & (0x3fU >> more);
      for (std::size_t k = 0; k < more && i + 1 < text.size(); ++k) point = (point << 6U) | (static_cast<unsigned char>(text[++i]) & 0x3fU);
      char name[16];
      std::snprintf(name, sizeof name, "\\[u%04X]", static_cast<unsigned>(point));
      out += name;
    }
  }
  return out;
}

/// A line that starts with a dot or an apostrophe would be a request.
std::string guarded(const std::string& line) { return !line.empty() && (line.front() == '.' || line.front() == '\'') ? "\\&" + line : line; }

std::string bold(std::string_view text) { return "\\fB" + escaped(text, true) + "\\fR"; }

/// The text of a link, and where it leads if that is an address.
std::string link_text(std::string_view text, std::string_view target);

/// Markdown within a paragraph: `code`, **bold**, *slanted*, [links](to).
std::string inline_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto at = text.find_first_of("`*[");
    out += escaped(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    const auto mark = text.substr(0, 2) == "**" ? std::string_view("**") : text.substr(0, 1);
    const auto end = text.find(mark == "[" ? "](" : mark, mark.size());
    const auto close = mark == "[" && end != std::string_view::npos ? text.find(')', end) : end;
    if (close == std::string_view::npos || end == mark.size()) {
      out += escaped(text.substr(0, 1));
      text.remove_prefix(1);
      continue;
    }
    const auto inside = text.substr(mark.size(), end - mark.size());
    if (mark == "[") {
      out += link_text(inside, text.substr(end + 2, close - end - 2));
      text.remove_prefix(close + 1);
      continue;
    }
    out += mark == "`" || mark == "**" ? bold(inside) : "\\fI" + escaped(inside) + "\\fR";
    text.remove_prefix(end + mark.size());
  }
  return out;
}

std::string link_text(std::string_view text, std::string_view target) {
  auto out = inline_text(text);
  if (target.substr(0, 4) == "http" && target != text) out += " <" + escaped(target) + ">";
  return out;
}

std::string paragraph(const std::string& text) { return guarded(text) + "\n"; }

std::string code(std::string_view text, bool first) {
  std::string out = first ? ".RS 4\n.nf\n" : ".PP\n.RS 4\n.nf\n";
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    out += line.empty() ? ".sp\n" : guarded(escaped(line, true)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + ".fi\n.RE\n";
}

std::string row(const Block& block) {
  if (block.head) return "";
  std::string out = ".TP\n" + guarded(inline_text(block.cells.front())) + "\n";
  std::string rest;
  for (std::size_t i = 1; i < block.cells.size(); ++i) {
    if (!block.cells[i].empty()) rest += (rest.empty() ? "" : "; ") + inline_text(block.cells[i]);
  }
  return out + guarded(rest.empty() ? "\\&" : rest) + "\n";
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

/// A page cut into what man pages keep apart.
struct PageText {
  std::string description;
  std::string examples;
  std::string exit_codes;
  std::string others;
};

PageText read_page(std::string_view page) {
  PageText parts;
  auto* into = &parts.description;
  bool fresh = true;
  for (const auto& block : read_markdown(page)) {
    switch (block.kind) {
    case BlockKind::heading:
      if (block.depth == 1) break;
      if (block.text == "Examples") {
        into = &parts.examples;
        fresh = true;
      } else if (block.text == "Exit codes") {
        into = &parts.exit_codes;
        fresh = false;
      } else if (block.text == "Options" || block.text == "Commands") {
        into = &parts.description;
        fresh = false;
      } else {
        into = &parts.others;
        *into += (block.depth == 2 ? ".SH " + upper(escaped(block.text)) : ".SS " + escaped(block.text)) + "\n";
        fresh = true;
      }
      break;
    case BlockKind::paragraph:
      *into += (fresh ? "" : ".PP\n") + paragraph(inline_text(block.text));
      fresh = false;
      break;
    case BlockKind::code:
      *into += code(block.text, fresh);
      fresh = false;
      break;
    case BlockKind::item:
      *into += ".IP \\(bu 2\n" + paragraph(inline_text(block.text));
      fresh = false;
      break;
    case BlockKind::row:
      *into += row(block);
      fresh = false;
      break;
    }
  }
  return parts;
}

std::string option_entry(const OptionModel& option) {
  std::string out = ".TP\n";
  std::string names;
  for (const auto& name : option.names) {
    names += names.empty() ? "" : ", ";
    names += bold(name) + (option.argument || option.value.empty() ? "" : " \\fI" + escaped(option.value) + "\\fR");
  }
  if (option.argument) names = "\\fI" + escaped(option.names.front()) + "\\fR";
  out += names + (option.repeated && option.argument ? "..." : "") + "\n";
  auto text = option.help;
  while (!text.empty() && text.back() == '.') text.pop_back();
  text += ".";
  std::string choices;
  for (const auto& choice : option.choices) choices += (choices.empty() ? "" : ", ") + bold(choice);
  auto roff = guarded(inline_text(text));
  if (!choices.empty()) roff += "\nOne of " + choices + ".";
  if (!option.standard.empty()) roff += "\nDefault: " + bold(option.standard) + ".";
  if (option.required && !option.argument) roff += "\nRequired.";
  return out + roff + "\n";
}

std::string synopsis_text(const CommandModel& command) {
  const auto text = synopsis(command);
  std::string out = bold(command.name);
  std::string_view rest(text);
  rest.remove_prefix(command.name.size());
  return out + escaped(rest, true) + "\n";
}

std::string environment() {
  return ".SH ENVIRONMENT\n.TP\n\\fBICPLAN_CATALOGS\\fR\nThe folder of the shipped catalogs, in place of the one that was installed with icplan.\n"
         ".TP\n\\fBNO_COLOR\\fR\nIf set and not empty, nothing is coloured, not even on a terminal.\n";
}

std::string files() {
  return ".SH FILES\n.TP\n\\fI../share/icplan/catalogs\\fR, seen from the folder of the program\nThe shipped catalogs: parts, workloads and the JSON "
         "Schemas of all documents.\n";
}

std::string see_also(const CommandModel& root, const CommandModel& command, std::string_view page) {
  std::vector<std::string> names;
  for (const auto* other : all_commands(root)) {
    const bool kin = other->name.substr(0, command.name.size() + 1) == command.name + " ";
    const bool mentioned = page.find("`" + other->name) != std::string_view::npos;
    if (other != &command && (other == &root || kin || mentioned)) names.push_back(other->dashed());
  }
  std::string out = ".SH SEE ALSO\n";
  for (std::size_t i = 0; i < names.size(); ++i) out += ".BR " + escaped(names[i], true) + " (1)" + (i + 1 < names.size() ? "," : "") + "\n";
  return out;
}

} // namespace

std::string man_page(const CommandModel& root, const CommandModel& command, std::string_view page) {
  const auto parts = read_page(page);
  auto help = command.help;
  // What whatis shows should say what the command does, not its own name again.
  if (const auto own = command.name + " "; help.substr(0, own.size()) == own) help.erase(0, own.size());
  std::string out = ".TH " + upper(escaped(command.dashed(), true)) + " 1 \"\" \"icplan " + std::string(version) + "\" \"icplan\"\n.SH NAME\n" +
                    escaped(command.dashed(), true) + " \\- " + inline_text(help) + "\n.SH SYNOPSIS\n" + synopsis_text(command);
  if (!parts.description.empty()) out += ".SH DESCRIPTION\n" + parts.description;
  if (!command.commands.empty()) {
    out += ".SH COMMANDS\n";
    for (const auto* below : all_commands(command)) {
      if (below != &command) out += ".TP\n.BR " + escaped(below->dashed(), true) + " (1)\n" + guarded(inline_text(below->help)) + ".\n";
    }
  }
  out += ".SH OPTIONS\n";
  for (const bool arguments : {true, false}) {
    for (const auto& option : command.options) {
      if (option.argument == arguments) out += option_entry(option);
    }
  }
  out += parts.others + ".SH EXIT STATUS\n";
  for (const auto& exit_code : command.exit_codes) out += ".TP\n" + bold(exit_code.code) + "\n" + inline_text(exit_code.meaning) + ".\n";
  out += parts.exit_codes + environment() + files();
  if (!parts.examples.empty()) out += ".SH EXAMPLES\n" + parts.examples;
  return out + see_also(root, command, page);
}

} // namespace icplan::docs
