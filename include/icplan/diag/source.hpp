// SPDX-License-Identifier: Apache-2.0
// Where in the user's files something was said.
#pragma once

#include "icplan/base/id.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

using FileId = Id<struct FileTag>;

/// A stretch of bytes [begin, end) of one file. An invalid file means "nowhere in particular".
struct SourceRange {
  FileId file;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] bool valid() const { return file.valid(); }
  friend auto operator<=>(const SourceRange&, const SourceRange&) = default;
};

/// Both count from 1; columns count Unicode code points.
struct SourcePosition {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// The text of every file that was read, kept so that findings can quote it. References stay valid while files are added.
class SourceMap {
public:
  /// `name` is what findings print, normally the path as the user gave it.
  FileId add(std::string name, std::string text);
  [[nodiscard]] std::string_view name(FileId file) const;
  [[nodiscard]] std::string_view text(FileId file) const;
  [[nodiscard]] std::size_t size() const { return files_.size(); }
  /// The position of byte `offset`; a line ends at LF, CR LF or CR. O(log lines).
  [[nodiscard]] SourcePosition position(FileId file, std::uint32_t offset) const;
  /// The text of a 1-based line without its line end.
  [[nodiscard]] std::string_view line(FileId file, std::uint32_t line) const;

private:
  struct File {
    std::string name;
    std::string text;
    std::vector<std::uint32_t> line_starts;
  };
  std::deque<File> files_;
};

} // namespace icplan
