// SPDX-License-Identifier: Apache-2.0
// Racks and floor: no overlaps, right sums, limits held.
#include "check_plan.hpp"

#include <algorithm>

namespace icplan {
namespace {

struct RackSums {
  std::int64_t units = 0;
  std::int64_t devices = 0;
  std::int64_t nodes = 0;
  std::int64_t power = 0;
  std::int64_t unknown_power = 0;
  std::int64_t load = 0;
  std::int64_t pdus = 0;
};

template <class T> std::optional<std::int64_t> accepted_count(const ClusterSpec& spec, const MaybeFigure<T>& figure) {
  if (!figure || !spec.accept.contains(figure->basis)) return std::nullopt;
  return figure->value.count();
}

std::optional<std::int64_t> stated_height(const Part& part) {
  const auto* node = part.as<NodeFacts>();
  const auto* box = part.as<SwitchFacts>();
  const auto& units = node != nullptr ? node->rack_units : box != nullptr ? box->rack_units : MaybeFigure<std::int64_t>();
  return units ? std::optional(units->value) : std::nullopt;
}

void check_rack(const Plan& plan, std::size_t r, const RackSums& sums, Violations& violations) {
  const auto& rack = plan.placement.racks[r];
  const auto& spec = plan.spec.racks[rack.spec.index()];
  const auto name = plan.placement.rack_name(plan.spec.floor, RackId(static_cast<std::uint32_t>(r)));
  if (sums.devices == 0) violations.add("rack ", name, " is empty");
  if (spec.pdus != sums.pdus) violations.add("rack ", name, " has ", sums.pdus, " PDUs instead of ", spec.pdus);
  if (rack.used_units != sums.units) violations.add("rack ", name, " says ", rack.used_units, " used units, but its devices fill ", sums.units);
  if (rack.devices != sums.devices) violations.add("rack ", name, " says ", rack.devices, " devices, but ", sums.devices, " stand in it");
  if (rack.power.count() != sums.power) violations.add("rack ", name, " says ", rack.power.count(), " mW, but its devices draw ", sums.power);
  if (rack.unknown_power != sums.unknown_power)
    violations.add("rack ", name, " says ", rack.unknown_power, " devices of unknown power, but has ", sums.unknown_power);
  if (spec.max_power && sums.power > spec.max_power->count())
    violations.add("rack ", name, " draws ", sums.power, " mW, but its limit is ", spec.max_power->count());
  const auto load = accepted_count(plan.spec, plan.part(spec.model).as<RackFacts>()->max_load);
  if (load && sums.load > *load) violations.add("rack ", name, " carries at least ", sums.load, " g, but bears ", *load);
}

void check_floor(const Plan& plan, Violations& violations) {
  const auto& floor = plan.spec.floor;
  const auto& racks = plan.placement.racks;
  std::vector<std::pair<std::int64_t, std::int64_t>> spots;
  std::int64_t rows = 0;
  std::int64_t power = 0;
  for (std::size_t r = 0; r < racks.size(); ++r) {
    const auto& rack = racks[r];
    if (rack.row < 0 || rack.position < 0 || rack.position >= floor.racks_per_row)
      violations.add("rack ", r, " stands at row ", rack.row + 1, ", position ", rack.position + 1, " outside the floor");
    spots.emplace_back(rack.row, rack.position);
    rows = std::max(rows, rack.row + 1);
    power += rack.power.count();
  }
  std::sort(spots.begin(), spots.end());
  const auto twice = std::adjacent_find(spots.begin(), spots.end());
  if (twice != spots.end()) violations.add("two racks stand at row ", twice->first + 1, ", position ", twice->second + 1);
  if (plan.placement.rows != rows) violations.add("the floor says ", plan.placement.rows, " rows, but racks stand in ", rows);
  if (floor.rows && rows > *floor.rows) violations.add("racks stand in ", rows, " rows, but the hall has ", *floor.rows);
  if (floor.max_power && power > floor.max_power->count())
    violations.add("the hall draws ", power, " mW, but its limit is ", floor.max_power->count());
}

} // namespace

void check_placement(const Plan& plan, Violations& violations) {
  const auto& network = plan.network;
  const auto& placement = plan.placement;
  std::vector<RackSums> sums(placement.racks.size());
  // By rack and unit: the device that fills it, plus one.
  std::vector<std::size_t> first_unit(placement.racks.size() + 1, 0);
  for (std::size_t r = 0; r < placement.racks.size(); ++r) {
    first_unit[r + 1] =
        first_unit[r] + static_cast<std::size_t>(std::max<std::int64_t>(plan.spec.racks[placement.racks[r].spec.index()].max_units, 0));
  }
  std::vector<std::uint32_t> filled(first_unit.back(), 0);
  for (const auto& group : network.groups) {
    const auto& part = plan.part(group.part);
    const auto height = stated_height(part);
    auto watts = accepted_count(plan.spec, part.power_max);
    if (!watts) watts = accepted_count(plan.spec, part.power_typical);
    const auto load = accepted_count(plan.spec, part.weight);
    for (std::uint32_t n = 0; n < group.count; ++n) {
      const auto device = group.first.next(n);
      const auto& place = placement.devices[device.index()];
      const auto r = place.rack.index();
      const auto units = static_cast<std::int64_t>(first_unit[r + std::size_t{1}] - first_unit[r]);
      auto& rack = sums[r];
      if (group.is_node() && plan.spec.nodes[group.nodes.index()].pdus) {
        ++rack.devices;
        ++rack.pdus;
        continue;
      }
      if (height != place.height)
        violations.add(DeviceName{network, device}, " is placed as ", place.height, " U high, which the catalog states otherwise");
      rack.units += place.height;
      ++rack.devices;
      rack.nodes += group.is_node() ? 1 : 0;
      rack.power += watts.value_or(0);
      rack.unknown_power += watts ? 0 : 1;
      rack.load += load.value_or(0);
      if (group.is_node() && placement.racks[r].spec != plan.spec.nodes[group.nodes.index()].rack)
        violations.add(DeviceName{network, device}, " stands in another kind of rack than the spec states");
      const auto most_nodes = group.is_node() ? plan.spec.nodes[group.nodes.index()].nodes_per_rack : std::nullopt;
      if (most_nodes && rack.nodes > *most_nodes)
        violations.add(DeviceName{network, device}, " is node ", rack.nodes, " of a rack that holds ", *most_nodes);
      if (place.height < 1 || place.unit < 1 || std::int64_t{place.unit} + place.height - 1 > units) {
        violations.add(DeviceName{network, device}, " stands at unit ", place.unit, " with ", place.height, " U in a rack of ", units);
        continue;
      }
      for (std::int32_t u = 0; u < place.height; ++u) {
        auto& at = filled[first_unit[r] + static_cast<std::size_t>(place.unit - 1 + u)];
        if (at != 0) {
          violations.add(DeviceName{network, device}, " overlaps ", DeviceName{network, DeviceId(at - 1)}, " at unit ", place.unit + u);
          break;
        }
        at = device.index() + 1;
      }
    }
  }
  for (std::size_t r = 0; r < sums.size(); ++r) check_rack(plan, r, sums[r], violations);
  check_floor(plan, violations);
}

} // namespace icplan
