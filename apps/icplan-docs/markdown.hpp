// SPDX-License-Identifier: Apache-2.0
// The little Markdown that the pages of this repository are written in, for turning it into man pages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace icplan::docs {

enum class BlockKind { heading, paragraph, code, item, row };

struct Block {
  BlockKind kind = BlockKind::paragraph;
  /// Of a heading: its depth from 1.
  int depth = 0;
  /// The text as written, in one line; of code, its lines without their indentation.
  std::string text;
  /// Of a table's row.
  std::vector<std::string> cells;
  /// Whether it is a table's first row.
  bool head = false;
};

/// The blocks of a page in order. Sections between generated marks are left out.
[[nodiscard]] std::vector<Block> read_markdown(std::string_view page);

/// `name` starts a generated section of a page; the same line for all ends it.
[[nodiscard]] std::string generated_mark(std::string_view name);
inline constexpr std::string_view generated_end = "<!-- end of generated -->";

} // namespace icplan::docs
