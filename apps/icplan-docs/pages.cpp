// SPDX-License-Identifier: Apache-2.0
// The pages of commands: their generated sections, and what a page must have besides.
#include "generate.hpp"
#include "markdown.hpp"

#include "icplan/diag/code_examples.hpp"

#include <algorithm>

namespace icplan::docs {
namespace {

/// Markdown would take a bar for the end of a cell.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

/// `a`, `b`, `c`
std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "`" : ", `") + word + "`";
  return out;
}

std::string names_cell(const OptionModel& option) {
  std::string out;
  for (const auto& name : option.names) {
    if (!out.empty()) out += ", ";
    out += "`" + name + (option.argument || option.value.empty() ? "" : " " + option.value) + "`";
  }
  return out;
}

/// The help, then in brackets what it does not say: values, default, whether it must or may be stated.
std::string meaning_cell(const OptionModel& option) {
  std::vector<std::string> more;
  if (!option.choices.empty()) more.push_back(listed(option.choices));
  if (!option.standard.empty()) more.push_back("default `" + option.standard + "`");
  if (option.required && !option.argument) more.push_back("required");
  if (!option.required && option.argument) more.push_back("may be left out");
  if (option.repeated && option.help.find("may be repeated") == std::string::npos) more.push_back("may be repeated");
  std::string out;
  for (const auto& text : more) out += (out.empty() ? " (" : "; ") + text;
  return cell(option.help) + out + (out.empty() ? "" : ")");
}

std::string option_tables(const CommandModel& command) {
  std::string out;
  for (const bool arguments : {true, false}) {
    bool first = true;
    for (const auto& option : command.options) {
      if (option.argument != arguments) continue;
      if (first) out += std::string(out.empty() ? "" : "\n") + (arguments ? "| argument" : "| option") + " | meaning |\n| --- | --- |\n";
      first = false;
      out += "| " + names_cell(option) + " | " + meaning_cell(option) + " |\n";
    }
  }
  return out;
}

std::string exit_code_table(const CommandModel& command) {
  std::string out = "| code | meaning |\n| --- | --- |\n";
  for (const auto& code : command.exit_codes) out += "| " + code.code + " | " + cell(code.meaning) + " |\n";
  return out;
}

std::string command_table(const CommandModel& command, const std::string& folder) {
  std::string out = "| command | does |\n| --- | --- |\n";
  for (const auto* below : all_commands(command)) {
    if (below == &command) continue;
    const auto file = below->dashed().substr(std::string_view("icplan-").size()) + ".md";
    out += "| [`" + below->name + "`](" + folder + file + ") | " + cell(below->help) + " |\n";
  }
  return out;
}

/// Puts `body` between the marks of the section `name`.
void refresh_section(std::string& page, const std::string& name, const std::string& body, const std::string& file,
                     std::vector<std::string>& complaints) {
  const auto mark = generated_mark(name);
  const auto at = page.find(mark + "\n");
  const auto end = at == std::string::npos ? at : page.find(generated_end, at);
  if (end == std::string::npos) {
    complaints.push_back(file + ": needs a line `" + mark + "` and, after it, a line `" + std::string(generated_end) + "`");
    return;
  }
  const auto begin = at + mark.size() + 1;
  page.replace(begin, end - begin, "\n" + body + "\n");
}

std::string section(const std::string& name, const std::string& body) {
  return generated_mark(name) + "\n\n" + body + "\n" + std::string(generated_end) + "\n";
}

std::string synopsis_text(const CommandModel& command) { return "    " + synopsis(command) + "\n\n" + command.help + ".\n"; }

} // namespace

std::string page_skeleton(const CommandModel& command) {
  auto page = "# " + command.name + "\n\n" + section("synopsis", synopsis_text(command));
  if (!command.commands.empty()) page += "\n## Commands\n\n" + section("commands", command_table(command, ""));
  page += "\n## Options\n\n" + section("options", option_tables(command));
  if (command.commands.empty()) page += "\n## Examples\n";
  return page + "\n## Exit codes\n\n" + section("exit codes", exit_code_table(command));
}

std::string refreshed_page(const CommandModel& command, std::string_view page, const std::string& file, std::vector<std::string>& complaints) {
  std::string text(page);
  refresh_section(text, "synopsis", synopsis_text(command), file, complaints);
  if (!command.commands.empty()) refresh_section(text, "commands", command_table(command, ""), file, complaints);
  refresh_section(text, "options", option_tables(command), file, complaints);
  refresh_section(text, "exit codes", exit_code_table(command), file, complaints);
  if (!command.commands.empty()) return text;

  bool prose = false;
  bool example = false;
  bool among_examples = false;
  for (const auto& block : read_markdown(text)) {
    if (block.kind == BlockKind::heading) among_examples = block.text == "Examples";
    prose = prose || block.kind == BlockKind::paragraph;
    example = example || (among_examples && block.kind == BlockKind::code && ("\n" + block.text).find("\n" + command.name) != std::string::npos);
  }
  if (!prose) complaints.push_back(file + ": says nothing about the command but what is generated; describe what it prints and how to use it");
  if (!example) complaints.push_back(file + ": has no indented line under `## Examples` that starts with `" + command.name + "`");
  return text;
}

std::string refreshed_index(const CommandModel& root, std::string_view page, const std::string& file, std::vector<std::string>& complaints) {
  std::string text(page);
  refresh_section(text, "commands", command_table(root, "commands/"), file, complaints);
  refresh_section(text, "exit codes", exit_code_table(root), file, complaints);
  return text;
}

namespace {

/// What brings the finding about, and the same mended.
std::string example_of(const CodeInfo& info) {
  const auto& example = code_example(info.code);
  if (example.place == ExamplePlace::words) return "\nExample: " + std::string(example.wrong) + "\n";
  const bool table = example.place == ExamplePlace::price_list || example.place == ExamplePlace::lengths;
  const auto block = [&](std::string_view text) { return (table ? "\n```csv\n" : "\n```json\n") + std::string(text) + "\n```\n"; };
  std::string out =
      "\nExample, " + std::string(to_text(example.place)) + (info.severity == Severity::note ? ":\n" : ", wrong:\n") + block(example.wrong);
  if (example.right.empty()) return out + "\nLeave it out.\n";
  return out + (info.severity == Severity::note ? "\nand without the note:\n" : "\nand right:\n") + block(example.right);
}

} // namespace

std::string findings_page() {
  struct Room {
    int first;
    const char* title;
  };
  constexpr Room rooms[] = {{1000, "Reading and the spec"},
                            {2000, "Catalogs"},
                            {3000, "Fabrics"},
                            {4000, "Racks and places"},
                            {5000, "Cables and modules"},
                            {6000, "The plan, limits and expected counts"},
                            {7000, "Growth"}};
  std::string out =
      "# Findings\n\n"
      "Every error, warning and note of icplan has a code; `icplan explain CODE` prints what stands here. A code is never used for anything\n"
      "else. An error stops the plan or makes its exit code 1; a warning may be meant so; a note tells what icplan decided.\n\n"
      "Examples are members of a spec of four DGX H100 on rails, unless their heading says something else; the tests plan all of them.\n\n"
      "This page is written from the registry `include/icplan/diag/codes.def`, and from the examples beside its source, by `./dev docs`.\n\n"
      "| codes | about |\n| --- | --- |\n";
  const auto codes = code_registry();
  for (const auto& room : rooms) {
    const auto of_room = [&](const CodeInfo& info) { return static_cast<int>(info.code) / 1000 == room.first / 1000; };
    out += "| IC" + std::to_string(room.first / 1000) + "xxx | " + room.title + ": " +
           std::to_string(std::count_if(codes.begin(), codes.end(), of_room)) + " codes |\n";
  }
  int last = 0;
  for (const auto& info : codes) {
    const auto number = static_cast<int>(info.code);
    for (const auto& room : rooms) {
      if (room.first / 1000 == number / 1000 && last / 1000 != number / 1000) out += std::string("\n## ") + room.title + "\n";
    }
    last = number;
    out += "\n### " + code_text(info.code) + " `" + std::string(info.name) + "`\n\n**" + std::string(to_text(info.severity)) +
           "**: " + std::string(info.title) + ".\n\n" + std::string(info.explanation) + "\n" + example_of(info);
  }
  return out;
}

} // namespace icplan::docs
