// SPDX-License-Identifier: Apache-2.0
// Where in the user's files something was said.
#include "icplan/diag/source.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <limits>
#include <utility>

namespace icplan {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

} // namespace

FileId SourceMap::add(std::string name, std::string text) {
  // The first line starts after a byte order mark, so that columns are those that an editor shows.
  std::vector<std::uint32_t> line_starts = {text.starts_with(byte_order_mark) ? static_cast<std::uint32_t>(byte_order_mark.size()) : 0U};
  const auto addressable = std::min<std::size_t>(text.size(), std::numeric_limits<std::uint32_t>::max());
  for (std::size_t i = 0; i < addressable; ++i) {
    const bool carriage_return_alone = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
    if (text[i] == '\n' || carriage_return_alone) line_starts.push_back(static_cast<std::uint32_t>(i + 1));
  }
  files_.push_back(File{std::move(name), std::move(text), std::move(line_starts)});
  return FileId(static_cast<std::uint32_t>(files_.size() - 1));
}

std::string_view SourceMap::name(FileId file) const {
  assert(file.index() < files_.size());
  return files_[file.index()].name;
}

std::string_view SourceMap::text(FileId file) const {
  assert(file.index() < files_.size());
  return files_[file.index()].text;
}

SourcePosition SourceMap::position(FileId file, std::uint32_t offset) const {
  assert(file.index() < files_.size());
  const auto& [name, text, starts] = files_[file.index()];
  const auto at = std::clamp<std::size_t>(offset, starts.front(), std::max<std::size_t>(text.size(), starts.front()));
  const auto next = std::upper_bound(starts.begin(), starts.end(), at);
  const auto begin = text.begin() + static_cast<std::ptrdiff_t>(*(next - 1));
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(at);
  auto points = std::count_if(begin, end, [](char c) { return !is_utf8_continuation(c); });
  const bool inside_sequence = points > 0 && at < text.size() && is_utf8_continuation(text[at]);
  if (inside_sequence) --points;
  return {static_cast<std::uint32_t>(next - starts.begin()), static_cast<std::uint32_t>(points + 1)};
}

std::string_view SourceMap::line(FileId file, std::uint32_t line) const {
  assert(file.index() < files_.size());
  const auto& [name, text, starts] = files_[file.index()];
  if (line == 0 || line > starts.size()) return {};
  const std::size_t begin = starts[line - 1];
  const std::size_t end = line < starts.size() ? starts[line] : text.size();
  auto found = std::string_view(text).substr(begin, end - begin);
  if (found.ends_with('\n')) found.remove_suffix(1);
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

} // namespace icplan
