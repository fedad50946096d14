// SPDX-License-Identifier: Apache-2.0
// Completions for bash, zsh and fish.
#include "generate.hpp"

#include "icplan/diag/codes.hpp"

#include <algorithm>

namespace icplan::docs {
namespace {

constexpr std::string_view shell_head = "# Written by icplan-docs from the declarations of icplan's commands.\n";

std::string joined(const std::vector<std::string>& words, std::string_view mark) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? std::string() : std::string(mark)) + word;
  return out;
}

/// 'text' for any of the shells: quotes within are doubled as they want it.
std::string quoted(std::string_view text, std::string_view inner_quote) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += inner_quote;
    } else if (c == '\n') {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::vector<std::string> command_words(const CommandModel& command) {
  std::vector<std::string> words;
  for (const auto& below : command.commands) words.push_back(below.words().substr(below.words().rfind(' ') + 1));
  return words;
}

std::vector<std::string> option_words(const CommandModel& command) {
  std::vector<std::string> words;
  for (const auto& option : command.options) {
    if (!option.argument) words.insert(words.end(), option.names.begin(), option.names.end());
  }
  return words;
}

/// What bash does for a value: a line of shell.
std::string bash_value(const OptionModel& option) {
  switch (value_kind(option)) {
  case ValueKind::choice: return "_icplan_words '" + joined(option.choices, " ") + "'";
  case ValueKind::finding: return "_icplan_words '" + joined(finding_codes(), " ") + "'";
  case ValueKind::file: return "_icplan_files -f";
  case ValueKind::folder: return "_icplan_files -d";
  case ValueKind::word: return ":";
  }
  return ":";
}

std::string bash_case(const CommandModel& command) {
  std::string out = "    " + quoted(command.words(), "'\\''") + ")\n";
  std::string values;
  std::string taking;
  for (const auto& option : command.options) {
    if (option.argument || option.value.empty()) continue;
    taking += (taking.empty() ? "" : "|") + joined(option.names, "|");
    values += "        " + joined(option.names, "|") + ") " + bash_value(option) + "; return ;;\n";
  }
  if (!values.empty()) out += "      case $previous in\n" + values + "      esac\n";
  out += "      if [[ $current == -* ]]; then _icplan_words '" + joined(option_words(command), " ") + "'; return; fi\n";
  if (!command.commands.empty()) return out + "      _icplan_words '" + joined(command_words(command), " ") + "' ;;\n";
  out += "      _icplan_count " + quoted(taking, "'\\''") + "\n";
  int place = 0;
  for (const auto& option : command.options) {
    if (!option.argument) continue;
    const auto test = option.repeated ? "((place >= " : "((place == ";
    out += std::string("      if ") + test + std::to_string(place) + ")); then " + bash_value(option) + "; return; fi\n";
    ++place;
  }
  return out + "      ;;\n";
}

} // namespace

std::vector<std::string> finding_codes() {
  std::vector<std::string> codes;
  for (const auto& info : code_registry()) codes.push_back(code_text(info.code));
  return codes;
}

ValueKind value_kind(const OptionModel& option) {
  if (!option.choices.empty()) return ValueKind::choice;
  for (const auto* word : {"SPEC", "PLAN", "FILE", "PATH"}) {
    if (option.value == word) return ValueKind::file;
  }
  if (option.value == "DIR") return ValueKind::folder;
  if (option.value == "CODE") return ValueKind::finding;
  return ValueKind::word;
}

std::string bash_completion(const CommandModel& root) {
  std::string out(shell_head);
  out += R"(# shellcheck shell=bash

_icplan_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }

_icplan_files() {
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
  compopt -o filenames 2>/dev/null || true
}

# Sets place to the number of arguments between the command and the cursor. $1: the options that take a value, parted by |.
_icplan_count() {
  local i
  place=0
  for ((i = first; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} == = ]]; then
      i=$((i + 1))
    elif [[ "|$1|" == *"|${COMP_WORDS[i]}|"* ]]; then
      if [[ ${COMP_WORDS[i + 1]-} != = ]]; then i=$((i + 1)); fi
    elif [[ ${COMP_WORDS[i]} != -?* ]]; then
      place=$((place + 1))
    fi
  done
}

_icplan() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' first place
  COMPREPLY=()
  # --format=csv arrives as three words.
  if [[ $current == = ]]; then
    current=''
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((first = 1; first < COMP_CWORD; ++first)); do
    case "$command${command:+ }${COMP_WORDS[first]}" in
)";
  std::vector<std::string> names;
  for (const auto* command : all_commands(root)) {
    if (command != &root) names.push_back(quoted(command->words(), "'\\''"));
  }
  out +=
      "      " + joined(names, " | ") + ") command+=${command:+ }${COMP_WORDS[first]} ;;\n      *) break ;;\n    esac\n  done\n  case $command in\n";
  for (const auto* command : all_commands(root)) out += bash_case(*command);
  return out + "  esac\n}\n\ncomplete -F _icplan icplan\n";
}

namespace {

/// zsh gives these a meaning within a description of _arguments.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_value(const OptionModel& option) {
  switch (value_kind(option)) {
  case ValueKind::choice: return ":(" + joined(option.choices, " ") + ")";
  case ValueKind::finding: return ":(" + joined(finding_codes(), " ") + ")";
  case ValueKind::file: return ":_files";
  case ValueKind::folder: return ":_files -/";
  case ValueKind::word: return ": ";
  }
  return "";
}

std::string zsh_option(const OptionModel& option, const std::string& name) {
  std::string others;
  if (option.repeated) {
    others = "*";
  } else if (option.names.size() > 1) {
    others = "(" + joined(option.names, " ") + ")";
  }
  const auto takes = option.value.empty() ? std::string() : (name.substr(0, 2) == "--" ? "=" : "+");
  return others + name + takes + "[" + zsh_text(option.help) + "]" + (option.value.empty() ? "" : ":" + option.value + zsh_value(option));
}

std::string zsh_function_name(const CommandModel& command) {
  auto name = "_" + command.dashed();
  std::replace(name.begin(), name.end(), '-', '_');
  return name == "_icplan" ? name : name + "_command";
}

std::string zsh_function(const CommandModel& command) {
  std::string out = zsh_function_name(command) + "() {\n";
  if (!command.commands.empty()) out += "  local curcontext=\"$curcontext\" state line\n  typeset -A opt_args\n";
  out += std::string("  _arguments -s") + (command.commands.empty() ? "" : " -C");
  int place = 0;
  for (const auto& option : command.options) {
    if (option.argument) {
      ++place;
      out += " \\\n    " + quoted((option.repeated ? "*" : std::to_string(place)) + (option.required || option.repeated ? ":" : "::") +
                                      zsh_text(option.names.front()) + zsh_value(option),
                                  "'\\''");
      continue;
    }
    for (const auto& name : option.names) out += " \\\n    " + quoted(zsh_option(option, name), "'\\''");
  }
  if (command.commands.empty()) return out + "\n}\n\n";
  out += " \\\n    '1:command:->command' '*::argument:->arguments'\n  case $state in\n    command)\n      local -a commands=(\n";
  const auto words = command_words(command);
  for (std::size_t i = 0; i < words.size(); ++i) out += "        " + quoted(words[i] + ":" + zsh_text(command.commands[i].help), "'\\''") + "\n";
  out += "      )\n      _describe command commands ;;\n    arguments)\n      case $line[1] in\n";
  for (std::size_t i = 0; i < words.size(); ++i) out += "        " + words[i] + ") " + zsh_function_name(command.commands[i]) + " ;;\n";
  return out + "      esac ;;\n  esac\n}\n\n";
}

std::string fish_value(const OptionModel& option) {
  switch (value_kind(option)) {
  case ValueKind::choice: return " -x -a " + quoted(joined(option.choices, " "), "\\'");
  case ValueKind::finding: return " -x -a " + quoted(joined(finding_codes(), " "), "\\'");
  case ValueKind::file: return " -r -F";
  case ValueKind::folder: return " -x -a '(__fish_complete_directories)'";
  case ValueKind::word: return " -x";
  }
  return "";
}

std::string fish_command(const CommandModel& command, bool root) {
  const auto here = " -n " + quoted("__icplan_at" + (root ? std::string() : " " + command.words()), "\\'");
  std::string out;
  for (const auto& option : command.options) {
    if (option.argument) {
      const auto kind = value_kind(option);
      if (kind == ValueKind::file) out += "complete -c icplan" + here + " -F\n";
      if (kind == ValueKind::choice || kind == ValueKind::finding)
        out += "complete -c icplan" + here + " -a " + quoted(joined(kind == ValueKind::choice ? option.choices : finding_codes(), " "), "\\'") + "\n";
      continue;
    }
    out += "complete -c icplan" + here;
    for (const auto& name : option.names) out += name.substr(0, 2) == "--" ? " -l " + name.substr(2) : " -s " + name.substr(1);
    out += (option.value.empty() ? "" : fish_value(option)) + " -d " + quoted(option.help, "\\'") + "\n";
  }
  const auto words = command_words(command);
  for (std::size_t i = 0; i < words.size(); ++i)
    out += "complete -c icplan" + here + " -a " + words[i] + " -d " + quoted(command.commands[i].help, "\\'") + "\n";
  return out;
}

} // namespace

std::string zsh_completion(const CommandModel& root) {
  std::string out = "#compdef icplan\n" + std::string(shell_head) + "\n";
  for (const auto* command : all_commands(root)) {
    if (command != &root) out += zsh_function(*command);
  }
  return out + zsh_function(root) + "_icplan \"$@\"\n";
}

std::string fish_completion(const CommandModel& root) {
  std::string groups;
  for (const auto& command : root.commands) {
    if (!command.commands.empty()) groups += (groups.empty() ? "" : " ") + command.words();
  }
  std::string out(shell_head);
  out += R"(
# Whether the command before the cursor is the one that is named.
function __icplan_at
    set -l words (commandline -opc)
    set -e words[1]
    set -l here
    if set -q words[1]
        set here $words[1]
        if contains -- $words[1] GROUPS; and set -q words[2]
            set -a here $words[2]
        end
    end
    test "$here" = "$argv"
end

complete -c icplan -f
)";
  const auto at = out.find("GROUPS");
  out.replace(at, 6, groups.empty() ? "''" : groups);
  for (const auto* command : all_commands(root)) out += fish_command(*command, command == &root);
  return out;
}

} // namespace icplan::docs
