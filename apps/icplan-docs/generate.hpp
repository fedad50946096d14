// SPDX-License-Identifier: Apache-2.0
// What is written from the command line, the registry of findings and the JSON Schemas.
#pragma once

#include "command_model.hpp"

#include "icplan/json/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace icplan::docs {

/// The man page of a command. `page` is its page under docs/commands, whose prose and examples it takes.
[[nodiscard]] std::string man_page(const CommandModel& root, const CommandModel& command, std::string_view page);

/// Completions for the whole command line.
[[nodiscard]] std::string bash_completion(const CommandModel& root);
[[nodiscard]] std::string zsh_completion(const CommandModel& root);
[[nodiscard]] std::string fish_completion(const CommandModel& root);

/// What a value is, for completions.
enum class ValueKind { word, file, folder, finding, choice };
[[nodiscard]] ValueKind value_kind(const OptionModel& option);
/// "IC1001", ...
[[nodiscard]] std::vector<std::string> finding_codes();

/// The page of a command with its generated sections made anew; what is missing, one complaint each, is added to `complaints`.
[[nodiscard]] std::string refreshed_page(const CommandModel& command, std::string_view page, const std::string& file,
                                         std::vector<std::string>& complaints);
/// What a new page starts from.
[[nodiscard]] std::string page_skeleton(const CommandModel& command);
/// The index docs/commands.md, likewise.
[[nodiscard]] std::string refreshed_index(const CommandModel& root, std::string_view page, const std::string& file,
                                          std::vector<std::string>& complaints);

/// docs/findings.md
[[nodiscard]] std::string findings_page();

/// A reference of all keys that a JSON Schema describes. `document` is what `icplan schema` calls it.
[[nodiscard]] std::string schema_reference(const json::Value& schema, const std::string& document);

} // namespace icplan::docs
