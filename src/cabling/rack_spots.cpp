// SPDX-License-Identifier: Apache-2.0
#include "rack_spots.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace icplan {
namespace {

constexpr std::int64_t most_spots = 2'000'000;

} // namespace

RackSpots::RackSpots(const FloorSpec& floor, const Placement& placement, const std::vector<std::vector<std::int64_t>>& open_rows)
    : floor_(&floor), racks_(&placement.racks), open_rows_(&open_rows), rows_(floor.halls.size()), spot_of_(placement.racks.size()),
      row_power_(floor.halls.size()) {
  std::map<std::array<std::int64_t, 3>, std::uint32_t> standing;
  for (std::uint32_t r = 0; r < racks_->size(); ++r) {
    const auto& rack = (*racks_)[r];
    standing.emplace(std::array<std::int64_t, 3>{std::int64_t{rack.hall.index()}, rack.row, rack.position}, r);
    row_power_[rack.hall.index()][rack.row] += rack.power.count();
  }
  std::int64_t places = 0;
  for (std::uint32_t h = 0; h < floor.halls.size(); ++h) {
    for (const auto& entry : row_power_[h]) places += floor.halls[h].width(entry.first);
  }
  for (std::uint32_t h = 0; h < floor.halls.size(); ++h) {
    const auto& hall = floor.halls[h];
    for (const auto& entry : row_power_[h]) {
      const auto row = entry.first;
      const auto across = floor.row_offset(hall, row).count();
      const auto first = spots_.size();
      for (std::int64_t position = 0; position < hall.width(row); ++position) {
        const auto found = standing.find({std::int64_t{h}, row, position});
        if (found == standing.end() && (places > most_spots || !hall.usable({row, position}))) continue;
        const auto rack = found == standing.end() ? no_rack : found->second;
        if (rack != no_rack) spot_of_[rack] = spots_.size();
        spots_.push_back({h, row, position, position * floor.rack_pitch.count(), across, rack});
      }
      rows_[h].push_back({across, first, spots_.size()});
    }
  }
}

std::size_t RackSpots::first_from(const Row& row, std::int64_t along_mm) const {
  const auto at = [&](std::size_t spot) { return spots_.begin() + static_cast<std::ptrdiff_t>(spot); };
  const auto found = std::lower_bound(at(row.first), at(row.end), along_mm, [](const Spot& spot, std::int64_t least) { return spot.along_mm < least; });
  return static_cast<std::size_t>(found - spots_.begin());
}

std::int64_t RackSpots::way_mm(std::uint32_t a, std::uint32_t b) const {
  const auto& from = at(a);
  const auto& to = at(b);
  if (from.hall == to.hall) return std::abs(from.along_mm - to.along_mm) + std::abs(from.across_mm - to.across_mm);
  std::int64_t way = 0;
  for (const auto* spot : {&from, &to}) {
    const auto& hall = floor_->halls[spot->hall];
    way += std::abs(spot->along_mm - hall.exit.position * floor_->rack_pitch.count()) +
           std::abs(spot->across_mm - floor_->row_offset(hall, hall.exit.row).count());
  }
  return way;
}

bool RackSpots::may_take(std::uint32_t rack, const Spot& spot) const {
  if (rack == no_rack) return true;
  const auto& standing = (*racks_)[rack];
  const auto& open = (*open_rows_)[rack];
  return !standing.pinned && standing.hall.index() == spot.hall && (open.empty() || std::find(open.begin(), open.end(), spot.row) != open.end());
}

bool RackSpots::may_swap(std::size_t from, std::size_t to) const {
  const auto& a = spots_[from];
  const auto& b = spots_[to];
  if (!may_take(a.rack, b) || !may_take(b.rack, a)) return false;
  const auto& limit = floor_->halls[a.hall].max_row_power;
  if (!limit || a.row == b.row) return true;
  const auto more = power(b.rack) - power(a.rack);
  const auto& drawn = row_power_[a.hall];
  return drawn.at(a.row) + more <= limit->count() && drawn.at(b.row) - more <= limit->count();
}

void RackSpots::swap(std::size_t from, std::size_t to) {
  auto& a = spots_[from];
  auto& b = spots_[to];
  if (a.row != b.row) {
    const auto more = power(b.rack) - power(a.rack);
    row_power_[a.hall][a.row] += more;
    row_power_[b.hall][b.row] -= more;
  }
  std::swap(a.rack, b.rack);
  if (a.rack != no_rack) spot_of_[a.rack] = from;
  if (b.rack != no_rack) spot_of_[b.rack] = to;
}

void RackSpots::write(Placement& placement) const {
  for (const auto& spot : spots_) {
    if (spot.rack == no_rack) continue;
    placement.racks[spot.rack].row = spot.row;
    placement.racks[spot.rack].position = spot.position;
  }
  std::fill(placement.rows.begin(), placement.rows.end(), 0);
  for (const auto& rack : placement.racks) placement.rows[rack.hall.index()] = std::max(placement.rows[rack.hall.index()], rack.row + 1);
}

} // namespace icplan
