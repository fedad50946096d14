// SPDX-License-Identifier: Apache-2.0
// How long a cable between two placed devices is: a stated Manhattan model in whole micrometres.
#pragma once

#include "icplan/place/placement.hpp"

namespace icplan {

/// One rack unit (EIA-310).
inline constexpr Micrometres rack_unit{44'450};
/// From the floor to the bottom of unit 1.
inline constexpr Micrometres rack_base{100'000};

/// Height of the middle of a device over the floor: base + (2u + h - 2) half units, u its lowest unit, h its height.
[[nodiscard]] constexpr Micrometres centre_height(const DevicePlace& place) {
  return rack_base + (rack_unit.count() / 2) * Micrometres(2 * std::int64_t{place.unit} + place.height - 2);
}

/// Length of a run between two devices. Same rack: the height between their middles. Same hall: up to the tray, along it (never straight), and down.
/// Both: side allowance at each end and slack once. Rounded up to whole millimetres once.
[[nodiscard]] Millimetres run_length(const FloorSpec& floor, const Placement& placement, DeviceId a, DeviceId b);

} // namespace icplan
