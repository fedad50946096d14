// SPDX-License-Identifier: Apache-2.0
// The length model.
#include "icplan/place/geometry.hpp"

namespace icplan {
namespace {

constexpr std::int64_t distance(std::int64_t a, std::int64_t b) { return a > b ? a - b : b - a; }
constexpr std::int64_t no_way = -1;

Micrometres micrometres(std::int64_t millimetres) { return Micrometres(millimetres * 1000); }

} // namespace

RunModel::RunModel(const FloorSpec& floor, const Placement& placement) : floor_(floor), placement_(placement) {
  racks_.reserve(placement.racks.size());
  for (const auto& rack : placement.racks) {
    const auto& hall = floor.halls[rack.hall.index()];
    const auto& exit = hall.exit;
    Spot spot;
    spot.hall = rack.hall.index();
    spot.along_mm = rack.position * floor.rack_pitch.count();
    spot.across_mm = floor.row_offset(hall, rack.row).count();
    spot.exit_along_mm = distance(spot.along_mm, exit.position * floor.rack_pitch.count());
    spot.exit_across_mm = distance(spot.across_mm, floor.row_offset(hall, exit.row).count());
    racks_.push_back(spot);
  }
  const auto halls = floor.halls.size();
  ducts_.assign(halls * halls, no_way);
  for (std::size_t h = 0; h < halls; ++h) ducts_[h * halls + h] = 0;
  for (const auto& duct : floor.ducts) {
    for (const auto& [from, to] : {std::pair(duct.from, duct.to), std::pair(duct.to, duct.from)})
      ducts_[from.index() * halls + to.index()] = duct.length.count();
  }
  for (std::size_t via = 0; via < halls; ++via) {
    for (std::size_t a = 0; a < halls; ++a) {
      for (std::size_t b = 0; b < halls; ++b) {
        const auto first = ducts_[a * halls + via];
        const auto second = ducts_[via * halls + b];
        auto& best = ducts_[a * halls + b];
        if (first != no_way && second != no_way && (best == no_way || first + second < best)) best = first + second;
      }
    }
  }
}

std::optional<Millimetres> RunModel::duct(HallId a, HallId b) const {
  const auto way = ducts_[a.index() * floor_.halls.size() + b.index()];
  return way == no_way ? std::nullopt : std::optional(Millimetres(way));
}

std::optional<RunTerms> RunModel::terms(DeviceId a, DeviceId b) const {
  const auto& from = placement_.devices[a.index()];
  const auto& to = placement_.devices[b.index()];
  const auto from_height = centre_height(from).count();
  const auto to_height = centre_height(to).count();
  RunTerms terms;
  terms.sides = micrometres(2 * floor_.side.count());
  terms.loops = micrometres(2 * floor_.service_loop.count());
  terms.slack = micrometres(floor_.slack.count());
  if (from.rack == to.rack) {
    terms.rise = Micrometres(distance(from_height, to_height));
    return terms;
  }
  const auto tray = floor_.tray_height.count() * 1000;
  terms.rise = Micrometres((tray - from_height) + (tray - to_height));
  const auto& from_rack = racks_[from.rack.index()];
  const auto& to_rack = racks_[to.rack.index()];
  if (from_rack.hall == to_rack.hall) {
    terms.along = micrometres(distance(from_rack.along_mm, to_rack.along_mm));
    terms.across = micrometres(distance(from_rack.across_mm, to_rack.across_mm));
    return terms;
  }
  const auto way = ducts_[from_rack.hall * floor_.halls.size() + to_rack.hall];
  if (way == no_way) return std::nullopt;
  terms.along = micrometres(from_rack.exit_along_mm + to_rack.exit_along_mm);
  terms.across = micrometres(from_rack.exit_across_mm + to_rack.exit_across_mm);
  terms.duct = micrometres(way);
  return terms;
}

std::optional<Millimetres> RunModel::length(DeviceId a, DeviceId b) const {
  const auto found = terms(a, b);
  return found ? std::optional(round_up_to_millimetres(found->total())) : std::nullopt;
}

} // namespace icplan
