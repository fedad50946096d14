// SPDX-License-Identifier: Apache-2.0
// Reading inputs and writing outputs whole or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan::app {

/// The most that is read of a spec, a catalog or a list.
inline constexpr std::size_t max_text_bytes = 64U << 20U;

/// The whole file, or standard input for "-"; of a file beyond `most` bytes so much that it is too large. Throws std::system_error.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t most = max_text_bytes);

/// All *.json files under a folder, sorted by path, without folders named `schema`; at least one. Throws std::runtime_error.
[[nodiscard]] std::vector<std::string> json_files(const std::string& folder);

/// Writes to standard output; throws std::system_error when it cannot.
void print(std::string_view text);
void flush_output();
/// What was printed and written so far.
[[nodiscard]] std::uint64_t written_bytes();

/// Hands a text on piece by piece.
using FileWriter = std::function<void(const std::function<void(std::string_view)>&)>;
/// One file to write: its name in the folder, and what writes it.
struct OutputFile {
  std::string name;
  FileWriter write;
};
/// Writes all files into temporary ones, syncs them, and only then renames them: either all appear or none. Creates the folder. Throws
/// std::system_error.
void write_files(const std::string& folder, const std::vector<OutputFile>& files);
/// The same for one file, by its path; "-" is standard output.
void write_file(const std::string& path, const FileWriter& write);

/// Whether both names are there and name one file; "-" and the empty name do not.
[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b);

/// The folder of the shipped catalogs: $ICPLAN_CATALOGS, or ../share/icplan/catalogs beside the program. Throws std::runtime_error when there is
/// none.
[[nodiscard]] std::string shipped_catalogs();

} // namespace icplan::app
