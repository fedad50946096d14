// SPDX-License-Identifier: Apache-2.0
// Fills racks with nodes and switches and stands the racks in rows.
#include "icplan/place/placement.hpp"

#include "icplan/base/text.hpp"
#include "icplan/place/geometry.hpp"
#include "rack_names.hpp"

#include "icplan/base/arithmetic.hpp"
#include <algorithm>
#include <cassert>

namespace icplan {
namespace {

std::string kilowatts(Milliwatts power) { return decimal(power.count() / 1000, 3) + " kW"; }

/// What one device asks of a rack.
struct Footprint {
  std::int64_t units = 0;
  RackPower power;
  std::optional<Grams> weight;
};

class Placer {
public:
  Placer(const ClusterSpec& spec, const Catalog& catalog, const Network& network, Sink& sink)
      : spec_(spec), catalog_(catalog), network_(network), sink_(sink) {}

  Placement run();

private:
  std::optional<Footprint> footprint(const DeviceGroup& group, const RackSpec& rack, SourceRange where);
  std::int64_t most_per_rack(const Footprint& device, const RackSpec& rack) const;
  void refuse_device(const DeviceGroup& group, const Footprint& device, const RackSpec& rack, std::int64_t wanted, SourceRange where);
  RackId add_rack(RackSpecId spec);
  void put(DeviceId device, RackId rack, std::int64_t unit, const Footprint& footprint);
  void place_nodes(const DeviceGroup& group);
  void place_nodes_with_leaves(const DeviceGroup& group, const std::vector<LeafHome>& homes);
  void place_network_switches();
  void place_pdus();
  void stand_racks();
  void note_unlimited_racks();
  void check_floor();
  [[nodiscard]] bool stands_with_nodes(const DeviceGroup& group) const;

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  const Network& network_;
  Sink& sink_;
  Placement placement_;
  std::size_t node_racks_ = 0;
  /// By device: a leaf that serves neighbouring nodes.
  std::vector<bool> has_home_;
};

std::optional<Footprint> Placer::footprint(const DeviceGroup& group, const RackSpec& rack, SourceRange where) {
  const auto& part = catalog_[group.part];
  const auto& units = group.is_node() ? part.as<NodeFacts>()->rack_units : part.as<SwitchFacts>()->rack_units;
  if (!units) {
    sink_.report(Code::unknown_rack_units, where, "the height of `" + part.id + "` is not known", "state `rack_units` in an overlay catalog");
    return std::nullopt;
  }
  Footprint device;
  device.units = units->value;
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
  const auto load = spec_.accepted(catalog_[rack.model].as<RackFacts>()->max_load);
  if (load && !device.weight) {
    sink_.report(Code::unknown_weight_in_limited_rack, where,
                 "rack `" + rack.name + "` bears " + decimal(load->count(), 3) + " kg, but the weight of `" + part.id + "` is not known",
                 "state `weight_kg` in an overlay catalog");
  }
  return device;
}

std::int64_t Placer::most_per_rack(const Footprint& device, const RackSpec& rack) const {
  auto most = rack.max_units / device.units;
  if (rack.max_power && device.power.watts && device.power.watts->count() > 0)
    most = std::min(most, rack.max_power->count() / device.power.watts->count());
  const auto load = spec_.accepted(catalog_[rack.model].as<RackFacts>()->max_load);
  if (load && device.weight && device.weight->count() > 0) most = std::min(most, load->count() / device.weight->count());
  return most;
}

void Placer::refuse_device(const DeviceGroup& group, const Footprint& device, const RackSpec& rack, std::int64_t wanted, SourceRange where) {
  const auto& part = catalog_[group.part];
  const auto most = most_per_rack(device, rack);
  std::string needs = grouped(wanted) + " x `" + part.id + "` in one rack need " + grouped(wanted * device.units) + " U";
  std::string offers = "rack `" + rack.name + "` has " + grouped(rack.max_units) + " U";
  if (device.power.watts) needs += " and " + kilowatts(*device.power.watts * wanted);
  if (rack.max_power) offers += " and is limited to " + kilowatts(*rack.max_power);
  const auto load = spec_.accepted(catalog_[rack.model].as<RackFacts>()->max_load);
  if (load && device.weight) {
    needs += " and weigh " + decimal((*device.weight * wanted).count(), 3) + " kg";
    offers += " and bears " + decimal(load->count(), 3) + " kg";
  }
  sink_.report(Code::rack_limit_exceeded, where, needs + ", but " + offers,
               most > 0 ? "at most " + grouped(most) + " fit" : "choose a larger rack or raise its limits");
}

RackId Placer::add_rack(RackSpecId spec) {
  Rack rack;
  rack.spec = spec;
  placement_.racks.push_back(rack);
  return RackId(static_cast<std::uint32_t>(placement_.racks.size() - 1));
}

void Placer::put(DeviceId device, RackId id, std::int64_t unit, const Footprint& footprint) {
  placement_.devices[device.index()] = {id, static_cast<std::int32_t>(unit), static_cast<std::int32_t>(footprint.units)};
  auto& rack = placement_.racks[id.index()];
  rack.used_units += footprint.units;
  ++rack.devices;
  if (footprint.power.watts) {
    rack.power += *footprint.power.watts;
    if (footprint.power.basis == PowerBasis::typical) ++rack.typical_power;
  } else {
    ++rack.unknown_power;
  }
}

/// Nodes of a group fill rack after rack from the bottom; a rack holds one group.
void Placer::place_nodes(const DeviceGroup& group) {
  const auto& nodes = spec_.nodes[group.nodes.index()];
  const auto& rack = spec_.racks[nodes.rack.index()];
  const auto where = nodes.origin.of("model");
  const auto device = footprint(group, rack, where);
  if (!device) return;
  const auto most = most_per_rack(*device, rack);
  const auto per_rack = nodes.nodes_per_rack.value_or(most);
  if (most < 1 || per_rack > most) {
    refuse_device(group, *device, rack, std::max<std::int64_t>(per_rack, 1),
                  nodes.origin.states("nodes_per_rack") ? nodes.origin.of("nodes_per_rack") : where);
    return;
  }
  RackId current;
  for (std::uint32_t n = 0; n < group.count; ++n) {
    const auto slot = n % per_rack;
    if (slot == 0) current = add_rack(nodes.rack);
    put(group.first.next(n), current, 1 + slot * device->units, *device);
  }
  placement_.reasons.push_back(grouped(per_rack) + " `" + nodes.name +
                               "` nodes per rack: " + (nodes.nodes_per_rack ? "as stated" : "the most that the rack's units, power and load allow"));
}

/// Nodes of one leaf set and its leaves share racks: nodes from the bottom, leaves from the top, both spread evenly.
void Placer::place_nodes_with_leaves(const DeviceGroup& group, const std::vector<LeafHome>& homes) {
  const auto& nodes = spec_.nodes[group.nodes.index()];
  const auto& rack = spec_.racks[nodes.rack.index()];
  const auto where = nodes.origin.of("model");
  const auto node = footprint(group, rack, where);
  const auto leaf = footprint(network_.group(homes.front().leaf), rack, where);
  if (!node || !leaf) return;
  const auto most = std::min(most_per_rack(*node, rack), nodes.nodes_per_rack.value_or(most_per_rack(*node, rack)));
  const auto load = spec_.accepted(catalog_[rack.model].as<RackFacts>()->max_load);
  const auto fits = [&](std::int64_t node_count, std::int64_t leaf_count) {
    if (node_count * node->units + leaf_count * leaf->units > rack.max_units) return false;
    if (load && (node->weight.value_or(Grams(0)) * node_count + leaf->weight.value_or(Grams(0)) * leaf_count) > *load) return false;
    if (!rack.max_power) return true;
    return (node->power.watts.value_or(Milliwatts(0)) * node_count + leaf->power.watts.value_or(Milliwatts(0)) * leaf_count) <= *rack.max_power;
  };
  std::size_t first = 0;
  while (first < homes.size()) {
    auto end = first;
    while (end < homes.size() && homes[end].first_node == homes[first].first_node) ++end;
    const auto leaves = static_cast<std::int64_t>(end - first);
    const auto count = std::max<std::int64_t>(homes[first].nodes, 1);
    auto per_rack = most;
    while (per_rack > 0 && !fits(std::min(per_rack, count), divide_up(leaves, divide_up(count, per_rack)))) --per_rack;
    if (per_rack == 0 || (nodes.nodes_per_rack && per_rack < std::min(*nodes.nodes_per_rack, count))) {
      sink_.report(Code::rack_limit_exceeded, nodes.origin.states("nodes_per_rack") ? nodes.origin.of("nodes_per_rack") : where,
                   "racks `" + rack.name + "` have no room for " + grouped(nodes.nodes_per_rack.value_or(1)) + " x `" + catalog_[group.part].id +
                       "` with their top-of-rack leaves",
                   "lower `nodes_per_rack`, choose a larger rack, or place switches `central`");
      return;
    }
    const auto racks = divide_up(count, per_rack);
    std::vector<RackId> ids;
    for (std::int64_t r = 0; r < racks; ++r) ids.push_back(add_rack(nodes.rack));
    for (std::uint32_t n = 0; n < homes[first].nodes; ++n) {
      put(homes[first].first_node.next(n), ids[static_cast<std::size_t>(n / per_rack)], 1 + n % per_rack * node->units, *node);
    }
    for (std::int64_t l = 0; l < leaves; ++l) {
      put(homes[first + static_cast<std::size_t>(l)].leaf, ids[static_cast<std::size_t>(l % racks)],
          rack.max_units - (l / racks + 1) * leaf->units + 1, *leaf);
    }
    first = end;
  }
  placement_.reasons.push_back("leaves stand at the top of their nodes' racks");
}

bool Placer::stands_with_nodes(const DeviceGroup& group) const {
  return !group.is_node() && group.tier == 1 && spec_.fabrics[group.fabric.index()].switches == SwitchPlacement::top_of_rack;
}

/// Switches that do not stand with nodes fill network racks from the top, in device order: leaves, spines, cores of fabric after fabric.
void Placer::place_network_switches() {
  node_racks_ = placement_.racks.size();
  const auto& rack = spec_.racks.front();
  const auto most_load = spec_.accepted(catalog_[rack.model].as<RackFacts>()->max_load);
  RackId current;
  std::int64_t top = 0;
  Grams load;
  for (const auto& group : network_.groups) {
    if (group.is_node()) continue;
    const auto& fabric = spec_.fabrics[group.fabric.index()];
    const auto where = fabric.origin.of(group.tier == 1 ? "leaf" : group.tier == 2 ? "spine" : "core");
    const auto device = footprint(group, rack, where);
    if (!device) return;
    if (most_per_rack(*device, rack) < 1) {
      refuse_device(group, *device, rack, 1, where);
      return;
    }
    for (std::uint32_t n = 0; n < group.count; ++n) {
      if (stands_with_nodes(group) && has_home_[group.first.next(n).index()]) continue;
      const auto weight = device->weight.value_or(Grams(0));
      const bool room = current.valid() && top >= device->units && (!most_load || load + weight <= *most_load) &&
                        (!rack.max_power || placement_.racks[current.index()].power + device->power.watts.value_or(Milliwatts(0)) <= *rack.max_power);
      if (!room) {
        current = add_rack(RackSpecId(0));
        top = rack.max_units;
        load = Grams(0);
      }
      load += weight;
      put(group.first.next(n), current, top - device->units + 1, *device);
      top -= device->units;
    }
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

/// Racks stand in rows, node racks in order, with the network racks as one block at the middle of the middle row.
void Placer::stand_racks() {
  const auto per_row = spec_.floor.racks_per_row;
  const auto total = static_cast<std::int64_t>(placement_.racks.size());
  const auto network = total - static_cast<std::int64_t>(node_racks_);
  placement_.rows = divide_up(total, per_row);
  if (spec_.floor.rows && placement_.rows > *spec_.floor.rows) {
    sink_.report(Code::floor_full, spec_.floor.hall_origin.of("rows"),
                 "the plan needs " + counted(total, "rack", "racks") + ", but hall `" + spec_.floor.hall + "` has " + grouped(*spec_.floor.rows) +
                     " rows of " + grouped(per_row),
                 "leave `rows` out, or state at least " + grouped(placement_.rows));
  }
  const auto middle_row = (placement_.rows - 1) / 2;
  const auto width = std::min(per_row, total - middle_row * per_row);
  const auto start = network <= width ? middle_row * per_row + (width - network) / 2 : (total - network) / 2;
  std::int64_t slot = 0;
  const auto stand = [&](std::size_t rack) {
    placement_.racks[rack].row = slot / per_row;
    placement_.racks[rack].position = slot % per_row;
    ++slot;
  };
  for (std::size_t rack = 0; rack < node_racks_; ++rack) {
    if (slot == start) {
      for (auto n = node_racks_; n < placement_.racks.size(); ++n) stand(n);
    }
    stand(rack);
  }
  if (slot <= start) {
    for (auto n = node_racks_; n < placement_.racks.size(); ++n) stand(n);
  }
  if (network > 0)
    placement_.reasons.push_back(counted(network, "network rack", "network racks") + " in the middle of row " + std::to_string(middle_row + 1));
}

/// Says how heavy racks became where nothing limits them.
void Placer::note_unlimited_racks() {
  std::vector<const Rack*> heaviest(spec_.racks.size(), nullptr);
  for (const auto& rack : placement_.racks) {
    auto& worst = heaviest[rack.spec.index()];
    if (worst == nullptr || rack.power > worst->power) worst = &rack;
  }
  for (std::size_t i = 0; i < spec_.racks.size(); ++i) {
    const auto& rack = spec_.racks[i];
    if (rack.max_power || heaviest[i] == nullptr || heaviest[i]->power.count() == 0) continue;
    const bool bound = heaviest[i]->unknown_power + heaviest[i]->typical_power > 0;
    sink_.report(Code::no_rack_power_limit, rack.origin.whole,
                 "racks `" + rack.name + "` have no power limit; the heaviest draws " + (bound ? "at least " : "up to ") +
                     kilowatts(heaviest[i]->power) + (bound ? ", as some of its devices have no maximum" : ""),
                 "state `max_power_kw` in `racks`");
  }
}

void Placer::check_floor() {
  Milliwatts hall;
  std::int64_t highest = 0;
  for (const auto& rack : placement_.racks) hall += rack.power;
  for (const auto& place : placement_.devices) highest = std::max(highest, centre_height(place).count());
  if (spec_.floor.max_power && hall > *spec_.floor.max_power) {
    sink_.report(Code::hall_limit_exceeded, spec_.floor.hall_origin.of("max_power_kw"),
                 "the racks of hall `" + spec_.floor.hall + "` draw up to " + kilowatts(hall) + ", but its limit is " +
                     kilowatts(*spec_.floor.max_power),
                 "plan fewer nodes or raise the limit");
  }
  if (highest > spec_.floor.tray_height.count() * 1000) {
    sink_.report(Code::tray_too_low, spec_.floor.origin.of("tray_height_m"),
                 "the tray hangs at " + decimal(spec_.floor.tray_height.count(), 3) + " m, but the centre of a device is at " +
                     decimal(highest / 1000, 3) + " m",
                 "raise `tray_height_m`");
  }
}

Placement Placer::run() {
  placement_.devices.resize(network_.devices());
  has_home_.assign(network_.devices(), false);
  for (const auto& home : network_.leaf_homes) has_home_[home.leaf.index()] = true;
  std::vector<std::vector<LeafHome>> homes(spec_.nodes.size());
  for (const auto& home : network_.leaf_homes) {
    if (!stands_with_nodes(network_.group(home.leaf))) continue;
    auto& list = homes[network_.group(home.first_node).nodes.index()];
    const auto& fabric = spec_.fabrics[network_.group(home.leaf).fabric.index()];
    if (!list.empty() && network_.group(list.front().leaf).fabric != network_.group(home.leaf).fabric) {
      sink_.report(Code::not_supported, fabric.origin.of("switches"),
                   "only one fabric can stand top-of-rack over the same nodes in this version of icplan",
                   "place the switches of fabric `" + fabric.name + "` `central`");
      return std::move(placement_);
    }
    list.push_back(home);
  }
  for (auto& list : homes) {
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.first_node < b.first_node; });
  }
  for (const auto& group : network_.groups) {
    if (!group.is_node() || spec_.nodes[group.nodes.index()].pdus) continue;
    if (homes[group.nodes.index()].empty()) {
      place_nodes(group);
    } else {
      place_nodes_with_leaves(group, homes[group.nodes.index()]);
    }
  }
  place_network_switches();
  if (sink_.has_errors()) return std::move(placement_);
  place_pdus();
  stand_racks();
  note_unlimited_racks();
  check_floor();
  return std::move(placement_);
}

} // namespace

RackPower rack_power(const ClusterSpec& spec, const Part& part) {
  if (const auto most = spec.accepted(part.power_max)) return {most, PowerBasis::maximum};
  if (const auto typical = spec.accepted(part.power_typical)) return {typical, PowerBasis::typical};
  return {};
}

std::string Placement::rack_name(const FloorSpec& floor, RackId rack) const {
  if (floor.rack_names) return pattern_rack_name(*floor.rack_names, floor.hall, racks[rack.index()].row + 1, racks[rack.index()].position + 1);
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return floor.hall + "-" + two(racks[rack.index()].row + 1) + "-" + two(racks[rack.index()].position + 1);
}

Placement place_devices(const ClusterSpec& spec, const Catalog& catalog, const Network& network, Sink& sink) {
  return Placer(spec, catalog, network, sink).run();
}

} // namespace icplan
