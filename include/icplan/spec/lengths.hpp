// SPDX-License-Identifier: Apache-2.0
// What is known of lengths beyond the model: runs that were measured, and pieces that are cut or ordered.
#pragma once

#include "icplan/base/units.hpp"
#include "icplan/catalog/catalog.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// Where a length comes from. `estimated`: the length model. `measured`: somebody measured the run. `locked`: the piece is cut or ordered.
enum class LengthStatus : std::uint8_t { estimated, measured, locked };
[[nodiscard]] std::string_view to_text(LengthStatus status);

/// Device, cage and port of both ends, as the cable schedule prints them.
inline constexpr std::array<std::string_view, 6> end_columns = {"from_device", "from_cage", "from_port", "to_device", "to_cage", "to_port"};

/// One row of a file of lengths. Texts belong to the file, or to `LengthFile::copies`.
struct LengthRow {
  /// The name of a cable, which stands for the whole piece; empty where the row names both ends, which stand for one leg.
  std::string_view cable;
  std::array<std::string_view, end_columns.size()> ends;
  LengthStatus status = LengthStatus::measured;
  /// What the run needs, with slack, before rounding up to a sold length.
  Millimetres length;
  /// What the model said when the length was taken.
  std::optional<Millimetres> estimate;
  /// Of a locked piece: the length and the part that were ordered.
  std::optional<Millimetres> sold;
  PartId part;
  SourceRange where;

  [[nodiscard]] bool names_ends() const { return cable.empty(); }
};

/// The file that `media.lengths` names.
struct LengthFile {
  std::string path;
  /// Where the spec names it.
  SourceRange named;
  /// In file order.
  std::vector<LengthRow> rows;
  /// Cells that were quoted.
  std::deque<std::string> copies;
};

} // namespace icplan
