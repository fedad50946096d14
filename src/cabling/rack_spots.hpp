// SPDX-License-Identifier: Apache-2.0
// The places of a floor and the racks on them, while racks change places.
#pragma once

#include "icplan/place/placement.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace icplan {

/// A value: a copy keeps an arrangement.
class RackSpots {
public:
  static constexpr std::uint32_t no_rack = ~0U;

  struct Spot {
    std::uint32_t hall = 0;
    std::int64_t row = 0;
    std::int64_t position = 0;
    std::int64_t along_mm = 0;
    std::int64_t across_mm = 0;
    std::uint32_t rack = no_rack;
  };

  /// Spots of one row: consecutive, by position.
  struct Row {
    std::int64_t across_mm = 0;
    std::size_t first = 0;
    std::size_t end = 0;
  };

  /// Every place that may hold a rack, in the rows that hold some. Where that would be too many, those alone that do. `open_rows`, by rack: the rows that
  /// it may stand in; empty: any. Racks that the placement pins stay.
  RackSpots(const FloorSpec& floor, const Placement& placement, const std::vector<std::vector<std::int64_t>>& open_rows);

  [[nodiscard]] std::size_t size() const { return spots_.size(); }
  [[nodiscard]] const Spot& operator[](std::size_t spot) const { return spots_[spot]; }
  [[nodiscard]] std::size_t of(std::uint32_t rack) const { return spot_of_[rack]; }
  [[nodiscard]] const Spot& at(std::uint32_t rack) const { return spots_[spot_of_[rack]]; }
  [[nodiscard]] const std::vector<Row>& rows(std::uint32_t hall) const { return rows_[hall]; }

  /// The first spot of a row from `along_mm` on, or the row's end.
  [[nodiscard]] std::size_t first_from(const Row& row, std::int64_t along_mm) const;
  /// The way between two racks along and across the floor, less what is the same wherever they stand in their halls.
  [[nodiscard]] std::int64_t way_mm(std::uint32_t a, std::uint32_t b) const;
  /// Whether what stands on two spots, a rack or nothing, may change places.
  [[nodiscard]] bool may_swap(std::size_t from, std::size_t to) const;
  void swap(std::size_t from, std::size_t to);
  /// Sets every rack's row and position, and the rows in use.
  void write(Placement& placement) const;

private:
  [[nodiscard]] bool may_take(std::uint32_t rack, const Spot& spot) const;
  [[nodiscard]] std::int64_t power(std::uint32_t rack) const { return rack == no_rack ? 0 : (*racks_)[rack].power.count(); }

  const FloorSpec* floor_;
  const std::vector<Rack>* racks_;
  const std::vector<std::vector<std::int64_t>>* open_rows_;
  std::vector<Spot> spots_;
  /// By hall.
  std::vector<std::vector<Row>> rows_;
  /// By rack.
  std::vector<std::size_t> spot_of_;
  /// By hall, then row.
  std::vector<std::map<std::int64_t, std::int64_t>> row_power_;
};

} // namespace icplan
