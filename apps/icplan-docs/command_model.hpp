// SPDX-License-Identifier: Apache-2.0
// The command line as data: what pages, man pages and completions are written from.
#pragma once

#include <string>
#include <vector>

namespace icplan::docs {

/// An option, a flag or an argument of a command.
struct OptionModel {
  /// "-o", "--output"; of an argument its upper-case word, such as "SPEC".
  std::vector<std::string> names;
  /// What stands for its value, such as "FILE"; empty for a flag.
  std::string value;
  /// The closed list of its values; empty: open.
  std::vector<std::string> choices;
  std::string help;
  /// Empty: none.
  std::string standard;
  bool argument = false;
  bool required = false;
  bool repeated = false;
};

struct ExitCode {
  std::string code;
  std::string meaning;
};

struct CommandModel {
  /// "icplan", "icplan catalog list"
  std::string name;
  std::string help;
  /// In the order of --help.
  std::vector<OptionModel> options;
  std::vector<CommandModel> commands;
  std::vector<ExitCode> exit_codes;

  /// "icplan-catalog-list": of its man page.
  [[nodiscard]] std::string dashed() const;
  /// Without "icplan": "catalog list".
  [[nodiscard]] std::string words() const;
};

/// "icplan bom [OPTION]... SPEC"
[[nodiscard]] std::string synopsis(const CommandModel& command);

/// The whole command line of icplan.
[[nodiscard]] CommandModel describe_command_line();

/// The command and everything below it, in the order of --help.
[[nodiscard]] std::vector<const CommandModel*> all_commands(const CommandModel& root);

} // namespace icplan::docs
