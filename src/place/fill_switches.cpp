// SPDX-License-Identifier: Apache-2.0
// Network racks, filled from the top with the switches that do not stand with nodes.
#include "placer.hpp"

#include <algorithm>

namespace icplan {

/// Switches stand in their fabric's hall and rows; leaves of a fabric that names no hall, in the hall of their nodes.
NetworkClass Placer::class_of(const DeviceGroup& group, DeviceId device) const {
  const auto& fabric = spec_.fabrics[group.fabric.index()];
  const auto& home = home_[device.index()];
  NetworkClass of{fabric.hall, fabric.rows, fabric.rack};
  if (group.tier == 1 && home.first_node.valid() && !fabric.origin.states("hall"))
    of.hall = placement_.racks[placement_.devices[home.first_node.index()].rack.index()].hall;
  if (of.hall != fabric.hall) of.rows.clear();
  return of;
}

/// Pinned racks that hold no nodes take switches of their kind and hall first, from the top.
bool Placer::fill_pinned_switch(DeviceId device, const Footprint& print, const NetworkClass& of, SwitchRack& at) {
  for (; at.next_pinned < pinned_.size(); ++at.next_pinned) {
    const auto p = at.next_pinned;
    auto& rack = placement_.racks[p];
    const RackId id(static_cast<std::uint32_t>(p));
    const bool in_rows = of.rows.empty() || std::find(of.rows.begin(), of.rows.end(), rack.row) != of.rows.end();
    if (!pinned_[p].fill || rack.spec != of.rack || rack.hall != of.hall || holds_nodes_[p].valid() || !in_rows) continue;
    const auto over = over_limit(rack, print);
    const auto unit = free_units(id, print.units, true);
    if (over || !unit) {
      rack.closed = over.value_or(RackClosed::units);
      continue;
    }
    occupy(id, *unit, print.units);
    put(device, id, *unit, print);
    holds_switches_[p] = true;
    return true;
  }
  return false;
}

void Placer::put_switch(DeviceId device, const NetworkClass& of, SwitchRack& at, std::vector<RackId>& racks) {
  const auto g = network_.group_of_device[device.index()];
  const auto& print = footprint(g, of.rack);
  if (!print) return;
  const auto& kind = spec_.racks[of.rack.index()];
  if (most_per_rack(*print, kind) < 1) {
    refuse_device(network_.groups[g], *print, kind, 1, origin_of(network_.groups[g]));
    return;
  }
  if (fill_pinned_switch(device, *print, of, at)) return;
  if (at.rack.valid()) {
    auto& open = placement_.racks[at.rack.index()];
    const auto over = over_limit(open, *print);
    if (at.top < print->units || over) {
      open.closed = at.top < print->units ? RackClosed::units : *over;
      at.rack = RackId();
    }
  }
  if (!at.rack.valid()) {
    racks.push_back(at.rack = add_rack(of.rack, of.hall));
    at.top = kind.max_units;
  }
  at.top -= print->units;
  put(device, at.rack, at.top + 1, *print);
}

/// In device order: leaves, spines, cores of fabric after fabric.
void Placer::place_switches() {
  std::map<NetworkClass, SwitchRack> open;
  for (const auto& group : network_.groups) {
    if (group.is_node()) continue;
    const auto policy = spec_.fabrics[group.fabric.index()].switches;
    const bool in_row = group.tier == 1 && (policy == SwitchPlacement::middle_of_row || policy == SwitchPlacement::end_of_row);
    for (std::uint32_t n = 0; n < group.count; ++n) {
      const auto device = group.first.next(n);
      if (placed_[device.index()]) continue;
      const auto& home = home_[device.index()];
      const auto of = class_of(group, device);
      if (in_row && home.first_node.valid()) {
        const auto anchor = placement_.devices[home.first_node.index()].rack;
        const auto hall = placement_.racks[anchor.index()].hall;
        row_switches_[hall.index()][policy == SwitchPlacement::end_of_row ? 1 : 0][anchor].push_back(device);
        continue;
      }
      put_switch(device, of, open[of], network_racks_[of]);
      if (sink_.has_errors()) return;
    }
  }
}

} // namespace icplan
