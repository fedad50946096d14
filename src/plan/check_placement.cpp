// SPDX-License-Identifier: Apache-2.0
// Racks and floor: no overlaps, right sums, limits held.
#include "check_plan.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace icplan {
namespace {

constexpr std::uint32_t no_device = ~0U;

struct RackSums {
  std::int64_t units = 0;
  std::int64_t devices = 0;
  std::int64_t nodes = 0;
  std::int64_t power = 0;
  std::int64_t unknown_power = 0;
  std::int64_t load = 0;
  std::int64_t unknown_weight = 0;
  std::int64_t pdus = 0;
  std::int64_t groups = 0;
  NodeGroupId last_group;
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
  if (sums.devices == 0 && !rack.pinned) violations.add("rack ", name, " is empty");
  if (spec.pdus != sums.pdus) violations.add("rack ", name, " has ", sums.pdus, " PDUs instead of ", spec.pdus);
  if (rack.used_units != sums.units) violations.add("rack ", name, " says ", rack.used_units, " used units, but its devices fill ", sums.units);
  if (rack.devices != sums.devices) violations.add("rack ", name, " says ", rack.devices, " devices, but ", sums.devices, " stand in it");
  if (rack.power.count() != sums.power) violations.add("rack ", name, " says ", rack.power.count(), " mW, but its devices draw ", sums.power);
  if (rack.unknown_power != sums.unknown_power)
    violations.add("rack ", name, " says ", rack.unknown_power, " devices of unknown power, but has ", sums.unknown_power);
  if (spec.max_power && sums.power > spec.max_power->count())
    violations.add("rack ", name, " draws ", sums.power, " mW, but its limit is ", spec.max_power->count());
  auto load = accepted_count(plan.spec, plan.part(spec.model).as<RackFacts>()->max_load);
  if (spec.max_load) load = std::min(load.value_or(spec.max_load->count()), spec.max_load->count());
  if (load && sums.load > *load) violations.add("rack ", name, " carries at least ", sums.load, " g, but bears ", *load);
  if (rack.load.count() != sums.load || rack.unknown_weight != sums.unknown_weight)
    violations.add("rack ", name, " says ", rack.load.count(), " g, but its devices weigh ", sums.load);
  if (sums.groups > 1 && !rack.pinned) violations.add("rack ", name, " holds nodes of ", sums.groups, " groups");
}

/// Whether a rack may stand there: within the row, and not where the hall keeps its floor free.
bool may_stand(const HallSpec& hall, std::int64_t row, std::int64_t position) {
  if (row < 0 || position < 0 || (hall.rows && row >= *hall.rows)) return false;
  const auto last = hall.racks_per_row.size() - 1;
  const auto width = hall.racks_per_row[std::min(static_cast<std::size_t>(row), last)];
  return position < width && std::none_of(hall.keep_out.begin(), hall.keep_out.end(), [&](const KeepOut& kept) {
           const bool here = kept.positions.empty() || std::find(kept.positions.begin(), kept.positions.end(), position) != kept.positions.end();
           return kept.row == row && here;
         });
}

void check_floor(const Plan& plan, Violations& violations) {
  const auto& halls = plan.spec.floor.halls;
  const auto& racks = plan.placement.racks;
  std::vector<std::array<std::int64_t, 3>> spots;
  std::vector<std::int64_t> rows(halls.size(), 0);
  std::vector<std::map<std::int64_t, std::int64_t>> power(halls.size());
  for (std::size_t r = 0; r < racks.size(); ++r) {
    const auto& rack = racks[r];
    const auto h = rack.hall.index();
    if (!may_stand(halls[h], rack.row, rack.position))
      violations.add("rack ", r, " stands at row ", rack.row + 1, ", position ", rack.position + 1, " outside the floor");
    spots.push_back({std::int64_t{h}, rack.row, rack.position});
    rows[h] = std::max(rows[h], rack.row + 1);
    power[h][rack.row] += rack.power.count();
  }
  std::sort(spots.begin(), spots.end());
  const auto twice = std::adjacent_find(spots.begin(), spots.end());
  if (twice != spots.end()) violations.add("two racks stand at row ", (*twice)[1] + 1, ", position ", (*twice)[2] + 1);
  for (std::size_t h = 0; h < halls.size(); ++h) {
    std::int64_t sum = 0;
    for (const auto& [row, draw] : power[h]) {
      sum += draw;
      if (halls[h].max_row_power && draw > halls[h].max_row_power->count())
        violations.add("row ", row + 1, " draws ", draw, " mW, but its limit is ", halls[h].max_row_power->count());
    }
    if (plan.placement.rows.size() != halls.size() || plan.placement.rows[h] != rows[h])
      violations.add("the floor says other rows than the ", rows[h], " that racks stand in");
    if (halls[h].rows && rows[h] > *halls[h].rows) violations.add("racks stand in ", rows[h], " rows, but the hall has ", *halls[h].rows);
    if (halls[h].max_power && sum > halls[h].max_power->count())
      violations.add("the hall draws ", sum, " mW, but its limit is ", halls[h].max_power->count());
  }
}

/// What the spec fixes stands where it says.
void check_fixed(const Plan& plan, Violations& violations) {
  const auto& racks = plan.placement.racks;
  std::map<std::array<std::int64_t, 3>, std::size_t> standing;
  for (std::size_t r = 0; r < racks.size() && !plan.spec.floor.fixed.empty(); ++r)
    standing.emplace(std::array<std::int64_t, 3>{std::int64_t{racks[r].hall.index()}, racks[r].row, racks[r].position}, r);
  for (const auto& fixed : plan.spec.floor.fixed) {
    const auto found_rack = standing.find({std::int64_t{fixed.hall.index()}, fixed.spot.row, fixed.spot.position});
    const auto rack = found_rack == standing.end() ? racks.end() : racks.begin() + static_cast<std::ptrdiff_t>(found_rack->second);
    if (rack == racks.end() || rack->spec != fixed.rack || rack->name != fixed.name || rack->existing != fixed.existing || !rack->pinned) {
      violations.add("no rack of the stated kind and name stands at row ", fixed.spot.row + 1, ", position ", fixed.spot.position + 1);
      continue;
    }
    const RackId id(static_cast<std::uint32_t>(rack - racks.begin()));
    for (const auto& content : fixed.contents) {
      std::int64_t skipped = 0;
      bool found = content.foreign() && std::any_of(plan.placement.gear.begin(), plan.placement.gear.end(), [&](const ForeignGear& gear) {
                     return gear.rack == id && gear.unit == content.unit && gear.height == content.height;
                   });
      for (const auto& group : plan.network.groups) {
        const bool meant = content.group.valid() ? group.nodes == content.group
                                                 : content.fabric.valid() && !group.is_node() && group.fabric == content.fabric && group.tier == content.tier;
        if (!meant) continue;
        if (content.index >= skipped && content.index < skipped + group.count) {
          const auto& place = plan.placement.devices[group.first.index() + static_cast<std::size_t>(content.index - skipped)];
          found = place.rack == id && place.unit == content.unit;
        }
        skipped += group.count;
      }
      if (!found) violations.add("what the spec puts at unit ", content.unit, " of a fixed rack does not stand there");
    }
  }
}

/// Halls, rows and policies: where the spec wants nodes and switches to stand.
void check_policies(const Plan& plan, Violations& violations) {
  const auto& placement = plan.placement;
  std::vector<LeafHome> home(plan.network.devices());
  for (const auto& served : plan.network.leaf_homes) {
    if (!home[served.leaf.index()].first_node.valid()) home[served.leaf.index()] = served;
  }
  const auto among = [](const std::vector<std::int64_t>& rows, std::int64_t row) {
    return rows.empty() || std::find(rows.begin(), rows.end(), row) != rows.end();
  };
  for (const auto& group : plan.network.groups) {
    if (group.is_node() && plan.spec.nodes[group.nodes.index()].pdus) continue;
    for (std::uint32_t n = 0; n < group.count; ++n) {
      const auto device = group.first.next(n);
      const auto& rack = placement.racks[placement.devices[device.index()].rack.index()];
      if (rack.pinned) continue;
      if (group.is_node()) {
        const auto& nodes = plan.spec.nodes[group.nodes.index()];
        if (rack.hall != nodes.hall || !among(nodes.rows, rack.row))
          violations.add(DeviceName{plan.network, device}, " stands in another hall or row than the spec states");
        continue;
      }
      const auto& fabric = plan.spec.fabrics[group.fabric.index()];
      const auto& served = home[device.index()];
      const bool at_home = group.tier == 1 && served.first_node.valid() && !plan.spec.nodes[plan.network.group(served.first_node).nodes.index()].pdus;
      if (at_home && fabric.switches != SwitchPlacement::central && fabric.switches != SwitchPlacement::optimize) {
        bool near = false;
        for (std::uint32_t m = 0; m < served.nodes && !near; ++m) {
          const auto& other = placement.devices[served.first_node.index() + m].rack;
          near = fabric.switches == SwitchPlacement::top_of_rack
                     ? other == placement.devices[device.index()].rack || placement.racks[other.index()].pinned
                     : m == 0 && placement.racks[other.index()].hall == rack.hall && placement.racks[other.index()].row == rack.row;
        }
        if (!near) violations.add(DeviceName{plan.network, device}, " does not stand with its nodes");
        continue;
      }
      const bool follows = at_home && !fabric.origin.states("hall");
      const auto hall = follows ? placement.racks[placement.devices[served.first_node.index()].rack.index()].hall : fabric.hall;
      if (rack.hall != hall || (hall == fabric.hall && fabric.switches != SwitchPlacement::optimize && !among(fabric.rows, rack.row)))
        violations.add(DeviceName{plan.network, device}, " stands in another hall or row than the spec states");
    }
  }
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
  for (std::size_t r = 0; r < placement.racks.size(); ++r) {
    const auto product = plan.spec.racks[placement.racks[r].spec.index()].product;
    if (!product.valid()) continue;
    const auto& part = plan.part(product);
    auto watts = accepted_count(plan.spec, part.power_max);
    if (!watts) watts = accepted_count(plan.spec, part.power_typical);
    const auto load = accepted_count(plan.spec, part.weight);
    sums[r].power = watts.value_or(0);
    sums[r].unknown_power = watts ? 0 : 1;
    sums[r].load = load.value_or(0);
    sums[r].unknown_weight = load ? 0 : 1;
  }
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
      // A rack product's own figures hold its nodes.
      const bool own = !plan.spec.racks[placement.racks[r].spec.index()].product.valid();
      rack.power += own ? watts.value_or(0) : 0;
      rack.unknown_power += own && !watts ? 1 : 0;
      rack.load += own ? load.value_or(0) : 0;
      rack.unknown_weight += own && !load ? 1 : 0;
      if (group.is_node() && rack.last_group != group.nodes) {
        rack.last_group = group.nodes;
        ++rack.groups;
      }
      if (group.is_node() && !placement.racks[r].pinned && placement.racks[r].spec != plan.spec.nodes[group.nodes.index()].rack)
        violations.add(DeviceName{network, device}, " stands in another kind of rack than the spec states");
      const auto most_nodes = group.is_node() ? plan.spec.nodes[group.nodes.index()].nodes_per_rack : std::nullopt;
      if (most_nodes && rack.nodes > *most_nodes && !placement.racks[r].pinned)
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
  for (const auto& gear : placement.gear) {
    const auto r = gear.rack.index();
    auto& rack = sums[r];
    rack.units += gear.height;
    rack.power += gear.power ? gear.power->count() : 0;
    rack.unknown_power += gear.power ? 0 : 1;
    rack.load += gear.weight ? gear.weight->count() : 0;
    rack.unknown_weight += gear.weight ? 0 : 1;
    const auto units = static_cast<std::int64_t>(first_unit[r + std::size_t{1}] - first_unit[r]);
    if (gear.unit < 1 || gear.height < 1 || std::int64_t{gear.unit} + gear.height - 1 > units) {
      violations.add("gear stands at unit ", gear.unit, " with ", gear.height, " U in a rack of ", units);
      continue;
    }
    for (std::int32_t u = gear.unit; u < gear.unit + gear.height; ++u) {
      auto& at = filled[first_unit[r] + static_cast<std::size_t>(u - 1)];
      if (at != 0) violations.add("gear overlaps something at unit ", u);
      at = no_device;
    }
  }
  for (std::size_t r = 0; r < sums.size(); ++r) check_rack(plan, r, sums[r], violations);
  check_floor(plan, violations);
  check_fixed(plan, violations);
  check_policies(plan, violations);
}

} // namespace icplan
