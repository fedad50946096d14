// SPDX-License-Identifier: Apache-2.0
// The order of the work, what racks and halls add up to, and names.
#include "icplan/place/placement.hpp"

#include "icplan/base/text.hpp"
#include "icplan/place/geometry.hpp"
#include "placer.hpp"
#include "rack_names.hpp"

#include <algorithm>

namespace icplan {

std::string kilowatts(Milliwatts power) { return decimal(power.count() / 1000, 3) + " kW"; }

/// Says how heavy racks became where nothing limits them.
void Placer::note_unlimited_racks() {
  std::vector<const Rack*> heaviest(spec_.racks.size(), nullptr);
  for (const auto& rack : placement_.racks) {
    auto& worst = heaviest[rack.spec.index()];
    if (worst == nullptr || rack.power > worst->power) worst = &rack;
  }
  for (std::size_t i = 0; i < spec_.racks.size(); ++i) {
    const auto& rack = spec_.racks[i];
    if (rack.product.valid() || rack.max_power || heaviest[i] == nullptr || heaviest[i]->power.count() == 0) continue;
    const bool bound = heaviest[i]->unknown_power + heaviest[i]->typical_power > 0;
    sink_.report(Code::no_rack_power_limit, rack.origin.whole,
                 "racks `" + rack.name + "` have no power limit; the heaviest draws " + (bound ? "at least " : "up to ") +
                     kilowatts(heaviest[i]->power) + (bound ? ", as some of its devices have no maximum" : ""),
                 "state `max_power_kw` in `racks`");
  }
}

void Placer::check_hall(HallId hall) {
  const auto& of = spec_.floor.halls[hall.index()];
  Milliwatts power;
  auto unknown = Finding::of(Code::unknown_power_in_limited_hall, of.origin.of(of.max_power ? "max_power_kw" : "max_row_power_kw"), {},
                             "state it in an overlay catalog, or accept unconfirmed figures", 0);
  for (std::uint32_t r = 0; r < placement_.racks.size(); ++r) {
    const auto& rack = placement_.racks[r];
    if (rack.hall != hall) continue;
    power += rack.power;
    if (rack.unknown_power == 0) continue;
    unknown.add([&] { return placement_.rack_name(spec_.floor, RackId(r)); });
  }
  if (of.max_power && power > *of.max_power) {
    sink_.report(Code::hall_limit_exceeded, of.origin.of("max_power_kw"),
                 "the racks of hall `" + of.name + "` draw up to " + kilowatts(power) + ", but its limit is " + kilowatts(*of.max_power),
                 "plan fewer nodes or raise the limit");
  }
  if (of.max_power || of.max_row_power) {
    unknown.message = "hall `" + of.name + "` has a power limit, but " +
                      counted(static_cast<std::int64_t>(unknown.count), "rack holds", "racks hold") + " devices of unknown power";
    sink_.report(std::move(unknown));
  }
  for (std::size_t row = 0; of.max_row_power && row < row_power_[hall.index()].size(); ++row) {
    const auto draw = row_power_[hall.index()][row];
    if (draw <= *of.max_row_power) continue;
    sink_.report(Code::row_limit_exceeded, of.origin.of("max_row_power_kw"),
                 "row " + grouped(static_cast<std::int64_t>(row) + 1) + " of hall `" + of.name + "` draws up to " + kilowatts(draw) +
                     ", but its limit is " + kilowatts(*of.max_row_power),
                 "move fixed racks to other rows, or raise the limit");
  }
}

void Placer::check_floor() {
  std::int64_t highest = 0;
  for (const auto& place : placement_.devices) highest = std::max(highest, centre_height(place).count());
  for (std::uint32_t h = 0; h < spec_.floor.halls.size(); ++h) check_hall(HallId(h));
  if (highest > spec_.floor.tray_height.count() * 1000) {
    sink_.report(Code::tray_too_low, spec_.floor.origin.of("tray_height_m"),
                 "the tray hangs at " + decimal(spec_.floor.tray_height.count(), 3) + " m, but the centre of a device is at " +
                     decimal(highest / 1000, 3) + " m",
                 "raise `tray_height_m`");
  }
}

/// PDUs stand upright beside the devices, rack by rack, and fill no units. One that has no number yet stays out.
void Placer::place_pdus() {
  for (const auto& group : network_.groups) {
    if (!group.is_node() || !spec_.nodes[group.nodes.index()].pdus) continue;
    std::uint32_t n = 0;
    for (std::uint32_t r = 0; r < placement_.racks.size(); ++r) {
      auto& rack = placement_.racks[r];
      const auto& kind = spec_.racks[rack.spec.index()];
      for (std::int64_t p = 0; p < kind.pdus && n < group.count; ++p, ++n) {
        placement_.devices[group.first.next(n).index()] = {RackId(r), 1, static_cast<std::int32_t>(kind.max_units)};
        ++rack.devices;
      }
    }
    for (; n < group.count; ++n) placement_.devices[group.first.next(n).index()] = {RackId(0), 1, 1};
  }
}

Placement Placer::run() {
  placement_.devices.resize(network_.devices());
  placed_.assign(network_.devices(), false);
  node_racks_.resize(spec_.floor.halls.size());
  row_switches_.resize(spec_.floor.halls.size());
  taken_.resize(spec_.floor.halls.size());
  row_power_.resize(spec_.floor.halls.size());
  place_pinned();
  collect_homes();
  for (std::size_t g = 0; g < network_.groups.size(); ++g) {
    const auto& group = network_.groups[g];
    if (group.is_node() && !spec_.nodes[group.nodes.index()].pdus) place_group(g);
  }
  if (sink_.has_errors()) return std::move(placement_);
  place_switches();
  if (sink_.has_errors()) return std::move(placement_);
  stand_racks();
  if (sink_.has_errors()) return std::move(placement_);
  place_pdus();
  note_unlimited_racks();
  check_floor();
  return std::move(placement_);
}

RackPower rack_power(const ClusterSpec& spec, const Part& part) {
  if (const auto most = spec.accepted(part.power_max)) return {most, PowerBasis::maximum};
  if (const auto typical = spec.accepted(part.power_typical)) return {typical, PowerBasis::typical};
  return {};
}

std::string_view to_text(RackClosed closed) {
  switch (closed) {
  case RackClosed::last: return "last";
  case RackClosed::units: return "units";
  case RackClosed::power: return "power";
  case RackClosed::load: return "load";
  case RackClosed::stated: return "stated";
  case RackClosed::set: return "set";
  case RackClosed::fixed: return "fixed";
  }
  return "?";
}

std::string Placement::rack_name(const FloorSpec& floor, RackId id) const {
  const auto& rack = racks[id.index()];
  if (!rack.name.empty()) return rack.name;
  const auto& hall = floor.halls[rack.hall.index()].name;
  if (floor.rack_names) return pattern_rack_name(*floor.rack_names, hall, rack.row + 1, rack.position + 1);
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return hall + "-" + two(rack.row + 1) + "-" + two(rack.position + 1);
}

Placement place_devices(const ClusterSpec& spec, const Catalog& catalog, const Network& network, std::span<const PinnedRack> pinned, Sink& sink) {
  return Placer(spec, catalog, network, pinned, sink).run();
}

} // namespace icplan
