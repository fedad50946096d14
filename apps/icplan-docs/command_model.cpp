// SPDX-License-Identifier: Apache-2.0
// Reads the command line's declarations.
#include "command_model.hpp"

#include "declare.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace icplan::docs {
namespace {

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::vector<std::string> split(const std::string& text, char mark) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find(mark, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// CLI11 describes a value as "TEXT:{csv,md}": a word, and what checks it.
void read_type(const std::string& type, OptionModel& model) {
  const auto colon = type.find(':');
  model.value = type.substr(0, colon);
  const auto open = type.find('{');
  const auto close = type.rfind('}');
  if (colon != std::string::npos && open != std::string::npos && close != std::string::npos)
    model.choices = split(type.substr(open + 1, close - open - 1), ',');
}

OptionModel describe(const CLI::Option& option) {
  OptionModel model;
  model.argument = option.get_positional();
  for (const auto& name : option.get_snames()) model.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) model.names.push_back("--" + name);
  if (option.get_items_expected_max() != 0) {
    read_type(option.get_type_name(), model);
    // Without a word of its own, the value is called as the option is: --format FORMAT.
    if (model.value == "TEXT" && !option.get_lnames().empty()) model.value = upper(option.get_lnames().front());
  }
  if (model.argument) model.names = {model.value};
  model.help = option.get_description();
  model.standard = option.get_default_str();
  model.required = option.get_required();
  model.repeated = option.get_items_expected_max() > 1;
  return model;
}

/// "Exit codes: 0 fine; 1 ...; 3 a file or the system failed."
std::vector<ExitCode> read_exit_codes(const CLI::App& command) {
  constexpr std::string_view start = "Exit codes: ";
  auto footer = command.get_footer();
  const auto at = footer.find(start);
  if (at == std::string::npos) throw std::runtime_error("the command `" + command.get_name() + "` has no exit codes in its footer: see declare.hpp");
  footer = footer.substr(at + start.size());
  footer = footer.substr(0, footer.find('\n'));
  while (!footer.empty() && (footer.back() == '.' || footer.back() == ' ')) footer.pop_back();
  std::vector<ExitCode> codes;
  for (auto part : split(footer, ';')) {
    part.erase(0, part.find_first_not_of(' '));
    const auto blank = part.find(' ');
    const bool numbered = !part.empty() && std::isdigit(static_cast<unsigned char>(part.front())) != 0 && blank != std::string::npos;
    if (numbered) {
      codes.push_back({part.substr(0, blank), part.substr(blank + 1)});
    } else if (!codes.empty()) {
      codes.back().meaning += "; " + part;
    }
  }
  return codes;
}

CommandModel describe(const CLI::App& app, const std::string& parents) {
  CommandModel model;
  model.name = parents.empty() ? app.get_name() : parents + " " + app.get_name();
  model.help = app.get_description();
  for (const auto* option : app.get_options()) model.options.push_back(describe(*option));
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) model.commands.push_back(describe(*command, model.name));
  model.exit_codes = read_exit_codes(app);
  return model;
}

void collect(const CommandModel& command, std::vector<const CommandModel*>& all) {
  all.push_back(&command);
  for (const auto& below : command.commands) collect(below, all);
}

} // namespace

std::string CommandModel::dashed() const {
  auto text = name;
  std::replace(text.begin(), text.end(), ' ', '-');
  return text;
}

std::string CommandModel::words() const {
  const auto blank = name.find(' ');
  return blank == std::string::npos ? std::string() : name.substr(blank + 1);
}

std::string synopsis(const CommandModel& command) {
  std::string text = command.name;
  const auto optional = [](const OptionModel& option) { return !option.argument && !option.required; };
  if (std::any_of(command.options.begin(), command.options.end(), optional)) text += " [OPTION]...";
  for (const auto& option : command.options) {
    if (!option.argument && option.required) text += " " + option.names.back() + " " + option.value;
  }
  for (const auto& option : command.options) {
    if (!option.argument) continue;
    const auto words = option.names.front() + (option.repeated ? "..." : "");
    text += option.required ? " " + words : " [" + words + "]";
  }
  if (!command.commands.empty()) text += " COMMAND ...";
  return text;
}

CommandModel describe_command_line() {
  app::Runner runner;
  return describe(*app::build_app(runner), "");
}

std::vector<const CommandModel*> all_commands(const CommandModel& root) {
  std::vector<const CommandModel*> all;
  collect(root, all);
  return all;
}

} // namespace icplan::docs
