// SPDX-License-Identifier: Apache-2.0
// What devices ask of racks, and racks that are filled with nodes.
#include "placer.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {

SourceRange Placer::origin_of(const DeviceGroup& group) const {
  if (group.is_node()) return spec_.nodes[group.nodes.index()].origin.of("model");
  return spec_.fabrics[group.fabric.index()].origin.of(group.tier == 1 ? "leaf" : group.tier == 2 ? "spine" : "core");
}

std::optional<Footprint> Placer::measure(const DeviceGroup& group, const RackSpec& rack, SourceRange where) {
  const auto& part = catalog_[group.part];
  const auto& units = group.is_node() ? part.as<NodeFacts>()->rack_units : part.as<SwitchFacts>()->rack_units;
  if (!units) {
    sink_.report(Code::unknown_rack_units, where, "the height of `" + part.id + "` is not known", "state `rack_units` in an overlay catalog");
    return std::nullopt;
  }
  Footprint device;
  device.units = units->value;
  if (rack.product.valid()) {
    // The product's own figures count for the rack, nodes and all.
    device.power = {Milliwatts(0), PowerBasis::maximum};
    device.weight = Grams(0);
    return device;
  }
  device.power = rack_power(spec_, part);
  device.weight = spec_.accepted(part.weight);
  if (rack.max_power) {
    const auto limit = "rack `" + rack.name + "` is limited to " + kilowatts(*rack.max_power);
    if (device.power.basis == PowerBasis::unknown) {
      Finding finding{Code::unknown_power_in_limited_rack,
                      rack.power_limit_stated ? Severity::error : Severity::warning,
                      where,
                      limit + ", but the power of `" + part.id + "` is not known",
                      "state it in an overlay catalog, or accept unconfirmed figures",
                      1,
                      {}};
      sink_.report(std::move(finding));
    } else if (device.power.basis == PowerBasis::typical) {
      sink_.report(Code::typical_power_in_rack_check, where,
                   limit + "; for `" + part.id + "` only the typical " + kilowatts(*device.power.watts) + " is known",
                   "state its maximum in an overlay catalog");
    }
  }
  if (rack.max_load && !device.weight) {
    sink_.report(Code::unknown_weight_in_limited_rack, where,
                 "rack `" + rack.name + "` bears " + decimal(rack.max_load->count(), 3) + " kg, but the weight of `" + part.id + "` is not known",
                 "state `weight_kg` in an overlay catalog");
  }
  return device;
}

/// What the group's devices ask of that kind of rack, judged once.
const std::optional<Footprint>& Placer::footprint(std::size_t group, RackSpecId rack) {
  const auto [it, added] = footprints_.try_emplace({group, rack});
  if (added) it->second = measure(network_.groups[group], spec_.racks[rack.index()], origin_of(network_.groups[group]));
  return it->second;
}

std::int64_t Placer::most_per_rack(const Footprint& device, const RackSpec& rack) const {
  auto most = rack.max_units / device.units;
  if (rack.max_power && device.power.watts && device.power.watts->count() > 0)
    most = std::min(most, rack.max_power->count() / device.power.watts->count());
  if (rack.max_load && device.weight && device.weight->count() > 0) most = std::min(most, rack.max_load->count() / device.weight->count());
  return most;
}

/// Which limit lets no further such device in after `most_per_rack` of them.
RackClosed Placer::binding_limit(const Footprint& device, const RackSpec& rack) const {
  const auto most = most_per_rack(device, rack);
  if (most == rack.max_units / device.units) return RackClosed::units;
  const bool power = rack.max_power && device.power.watts && device.power.watts->count() > 0 && most == rack.max_power->count() / device.power.watts->count();
  return power ? RackClosed::power : RackClosed::load;
}

void Placer::refuse_device(const DeviceGroup& group, const Footprint& device, const RackSpec& rack, std::int64_t wanted, SourceRange where) {
  const auto& part = catalog_[group.part];
  const auto most = most_per_rack(device, rack);
  std::string needs = grouped(wanted) + " x `" + part.id + "` in one rack need " + grouped(wanted * device.units) + " U";
  std::string offers = "rack `" + rack.name + "` has " + grouped(rack.max_units) + " U";
  if (device.power.watts) needs += " and " + kilowatts(*device.power.watts * wanted);
  if (rack.max_power) offers += " and is limited to " + kilowatts(*rack.max_power) + (rack.power_limit == PowerLimit::feed ? " by one feed" : "");
  if (rack.max_load && device.weight) {
    needs += " and weigh " + decimal((*device.weight * wanted).count(), 3) + " kg";
    offers += " and bears " + decimal(rack.max_load->count(), 3) + " kg";
  }
  sink_.report(Code::rack_limit_exceeded, where, needs + ", but " + offers,
               most > 0 ? "at most " + grouped(most) + " fit" : "choose a larger rack or raise its limits");
}

RackId Placer::add_rack(RackSpecId spec, HallId hall) {
  Rack rack;
  rack.spec = spec;
  rack.hall = hall;
  if (const auto product = spec_.racks[spec.index()].product; product.valid()) {
    const auto power = rack_power(spec_, catalog_[product]);
    rack.power = power.watts.value_or(Milliwatts(0));
    rack.typical_power = power.basis == PowerBasis::typical ? 1 : 0;
    rack.unknown_power = power.watts ? 0 : 1;
    const auto weight = spec_.accepted(catalog_[product].weight);
    rack.load = weight.value_or(Grams(0));
    rack.unknown_weight = weight ? 0 : 1;
  }
  placement_.racks.push_back(std::move(rack));
  return RackId(static_cast<std::uint32_t>(placement_.racks.size() - 1));
}

void Placer::add_sums(Rack& rack, const Footprint& footprint) {
  rack.used_units += footprint.units;
  if (footprint.weight) {
    rack.load += *footprint.weight;
  } else {
    ++rack.unknown_weight;
  }
  if (footprint.power.watts) {
    rack.power += *footprint.power.watts;
    if (footprint.power.basis == PowerBasis::typical) ++rack.typical_power;
  } else {
    ++rack.unknown_power;
  }
}

void Placer::put(DeviceId device, RackId id, std::int64_t unit, const Footprint& footprint) {
  placement_.devices[device.index()] = {id, static_cast<std::int32_t>(unit), static_cast<std::int32_t>(footprint.units)};
  placed_[device.index()] = true;
  auto& rack = placement_.racks[id.index()];
  ++rack.devices;
  add_sums(rack, footprint);
}

std::optional<RackClosed> Placer::over_limit(const Rack& rack, const Footprint& device) const {
  const auto& kind = spec_.racks[rack.spec.index()];
  if (kind.max_power && rack.power + device.power.watts.value_or(Milliwatts(0)) > *kind.max_power) return RackClosed::power;
  if (kind.max_load && rack.load + device.weight.value_or(Grams(0)) > *kind.max_load) return RackClosed::load;
  return std::nullopt;
}

/// Fills pinned racks that are empty or hold nodes of this group already. Returns how many nodes are placed.
std::uint32_t Placer::fill_pinned(std::size_t g, const Footprint& device, std::int64_t per_rack, std::uint32_t from) {
  const auto& group = network_.groups[g];
  const auto& nodes = spec_.nodes[group.nodes.index()];
  for (std::size_t r = 0; r < pinned_.size() && from < group.count; ++r) {
    auto& rack = placement_.racks[r];
    const bool others = holds_switches_[r] || (holds_nodes_[r].valid() && holds_nodes_[r] != group.nodes);
    if (!pinned_[r].fill || rack.spec != nodes.rack || rack.hall != nodes.hall || others) continue;
    while (from < group.count && rack.devices < per_rack) {
      if (placed_[group.first.next(from).index()]) {
        ++from;
        continue;
      }
      const auto unit = free_units(RackId(static_cast<std::uint32_t>(r)), device.units, false);
      const auto over = over_limit(rack, device);
      if (!unit || over) {
        rack.closed = over.value_or(RackClosed::units);
        break;
      }
      occupy(RackId(static_cast<std::uint32_t>(r)), *unit, device.units);
      put(group.first.next(from), RackId(static_cast<std::uint32_t>(r)), *unit, device);
      holds_nodes_[r] = group.nodes;
      ++from;
    }
    if (rack.devices >= per_rack) rack.closed = nodes.nodes_per_rack ? RackClosed::stated : RackClosed::units;
  }
  return from;
}

/// Nodes of a group fill rack after rack from the bottom; a rack holds one group.
void Placer::place_nodes(std::size_t g) {
  const auto& group = network_.groups[g];
  const auto& nodes = spec_.nodes[group.nodes.index()];
  const auto& rack = spec_.racks[nodes.rack.index()];
  const auto& device = footprint(g, nodes.rack);
  if (!device) return;
  const auto most = most_per_rack(*device, rack);
  const auto per_rack = nodes.nodes_per_rack.value_or(most);
  if (most < 1 || per_rack > most) {
    refuse_device(group, *device, rack, std::max<std::int64_t>(per_rack, 1),
                  nodes.origin.states("nodes_per_rack") ? nodes.origin.of("nodes_per_rack") : origin_of(group));
    return;
  }
  RackId current;
  std::int64_t slot = 0;
  auto& racks = node_racks_[nodes.hall.index()].emplace_back();
  racks.rows = nodes.rows;
  for (auto n = fill_pinned(g, *device, per_rack, 0); n < group.count; ++n) {
    if (placed_[group.first.next(n).index()]) continue;
    if (slot == 0) racks.racks.push_back(current = add_rack(nodes.rack, nodes.hall));
    put(group.first.next(n), current, 1 + slot * device->units, *device);
    slot = (slot + 1) % per_rack;
    if (slot == 0) placement_.racks[current.index()].closed = nodes.nodes_per_rack ? RackClosed::stated : binding_limit(*device, rack);
  }
  placement_.reasons.push_back(grouped(per_rack) + " `" + nodes.name +
                               "` nodes per rack: " + (nodes.product.valid() ? "as `" + catalog_[nodes.product].id + "` holds" : nodes.nodes_per_rack ? "as stated" : "the most that the rack's units, power and load allow"));
}

void Placer::place_group(std::size_t g) {
  auto sets = leaf_sets(network_.groups[g]);
  if (!sets.empty()) place_sets(g, std::move(sets));
  const auto& group = network_.groups[g];
  for (std::uint32_t n = 0; n < group.count; ++n) {
    if (placed_[group.first.next(n).index()]) continue;
    if (!sink_.has_errors()) place_nodes(g);
    return;
  }
}

} // namespace icplan
