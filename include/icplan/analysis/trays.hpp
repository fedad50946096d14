// SPDX-License-Identifier: Apache-2.0
// How full the cable trays over rows and aisles become, from the diameters and weights of the cables.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace icplan {

/// What lies in one piece of tray.
struct TrayLoad {
  std::int64_t cables = 0;
  /// Sum of the squares of the known diameters, in square micrometres: the cross-section is pi/4 of it.
  std::int64_t squares = 0;
  MilligramsPerMetre weight;
  std::int64_t unknown_diameters = 0;
  std::int64_t unknown_weights = 0;

  /// The cables' own cross-section, in thousandths of a square millimetre, rounded to the nearest.
  [[nodiscard]] std::int64_t area_thousandths() const;
};

/// A piece of tray: over a row, from one position to the next, or over the aisle between two rows at one position. Rows and positions from 0.
struct TrayPiece {
  HallId hall;
  bool crossing = false;
  std::int64_t row = 0;
  std::int64_t position = 0;
  TrayLoad load;
};

/// Every piece that holds a cable: hall by hall, first those over rows, then those over aisles, each by row and position. A cable rises from the rack of its
/// lower end to the tray over its row, follows the row to the position of its upper end, crosses the aisles there, and comes down; between halls, each end
/// goes so to the exit of its hall. Cables within a rack are in no tray. O(links).
[[nodiscard]] std::vector<TrayPiece> measure_trays(const Plan& plan);

/// Fill of a piece in thousandths of a percent of the tray's inner cross-section, rounded up. Shape: the floor states a tray.
[[nodiscard]] std::int64_t fill_thousandths(const TraySpec& tray, const TrayLoad& load);

/// Reports pieces that are fuller or heavier than `floor.tray` allows, and what cannot be judged.
void judge_trays(const Plan& plan, Sink& sink);

} // namespace icplan
