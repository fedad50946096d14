// SPDX-License-Identifier: Apache-2.0
// The length model.
#include "icplan/place/geometry.hpp"

namespace icplan {
namespace {

constexpr std::int64_t distance(std::int64_t a, std::int64_t b) { return a > b ? a - b : b - a; }

} // namespace

Millimetres run_length(const FloorSpec& floor, const Placement& placement, DeviceId a, DeviceId b) {
  const auto& from = placement.devices[a.index()];
  const auto& to = placement.devices[b.index()];
  const auto from_height = centre_height(from).count();
  const auto to_height = centre_height(to).count();
  const auto allowance = (2 * floor.side.count() + floor.slack.count()) * 1000;
  if (from.rack == to.rack) return round_up_to_millimetres(Micrometres(distance(from_height, to_height) + allowance));
  const auto& from_rack = placement.racks[from.rack.index()];
  const auto& to_rack = placement.racks[to.rack.index()];
  const auto tray = floor.tray_height.count() * 1000;
  const auto along =
      distance(from_rack.position, to_rack.position) * floor.rack_pitch.count() + distance(from_rack.row, to_rack.row) * floor.row_pitch.count();
  return round_up_to_millimetres(Micrometres((tray - from_height) + (tray - to_height) + along * 1000 + allowance));
}

} // namespace icplan
