// SPDX-License-Identifier: Apache-2.0
// How long a cable between two placed devices is: a stated Manhattan model in whole micrometres.
#pragma once

#include "icplan/place/placement.hpp"

#include <optional>
#include <vector>

namespace icplan {

/// One rack unit (EIA-310).
inline constexpr Micrometres rack_unit{44'450};
/// From the floor to the bottom of unit 1.
inline constexpr Micrometres rack_base{100'000};

/// Height of the middle of a device over the floor: base + (2u + h - 2) half units, u its lowest unit, h its height.
[[nodiscard]] constexpr Micrometres centre_height(const DevicePlace& place) {
  return rack_base + (rack_unit.count() / 2) * Micrometres(2 * std::int64_t{place.unit} + place.height - 2);
}

/// What a run is made of. `rise` is the height between two devices of one rack, else both ways up to the tray; the ways along rows and across them
/// are those in the halls of both ends; `duct` is 0 within a hall.
struct RunTerms {
  Micrometres rise;
  Micrometres along;
  Micrometres across;
  Micrometres duct;
  /// Side allowance and service loop of both ends, and slack once.
  Micrometres sides;
  Micrometres loops;
  Micrometres slack;

  [[nodiscard]] Micrometres total() const { return rise + along + across + duct + sides + loops + slack; }
};

/// The floor with every rack's place worked out, for millions of runs.
class RunModel {
public:
  RunModel(const FloorSpec& floor, const Placement& placement);

  /// The terms of a run between two devices; nothing where no ducts join their halls. Same rack: the height between their middles. Same hall: up to the
  /// tray, along it (never straight), and down. Two halls: each end to its hall's exit, and the shortest way through ducts.
  [[nodiscard]] std::optional<RunTerms> terms(DeviceId a, DeviceId b) const;
  /// Their sum, rounded up to whole millimetres once.
  [[nodiscard]] std::optional<Millimetres> length(DeviceId a, DeviceId b) const;
  /// The shortest way through ducts from exit to exit; nothing where there is none.
  [[nodiscard]] std::optional<Millimetres> duct(HallId a, HallId b) const;

private:
  struct Spot {
    std::uint32_t hall = 0;
    std::int64_t along_mm = 0;
    std::int64_t across_mm = 0;
    /// To the exit of its hall.
    std::int64_t exit_along_mm = 0;
    std::int64_t exit_across_mm = 0;
  };

  const FloorSpec& floor_;
  const Placement& placement_;
  std::vector<Spot> racks_;
  /// Hall by hall, in millimetres; negative where there is no way.
  std::vector<std::int64_t> ducts_;
};

} // namespace icplan
