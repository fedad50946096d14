// SPDX-License-Identifier: Apache-2.0
// Racks whose places are given: what stands in them, checked as it stands.
#include "placer.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// The device that the spec means by number `index` of a fabric's tier, planes one after the other; nothing where there are fewer.
std::optional<DeviceId> numbered(const Network& network, const FixedContent& content, std::int64_t& found) {
  found = 0;
  for (const auto& group : network.groups) {
    const bool meant = content.group.valid() ? group.is_node() && group.nodes == content.group
                                             : !group.is_node() && group.fabric == content.fabric && group.tier == content.tier;
    if (!meant) continue;
    if (content.index < found + group.count) return group.first.next(static_cast<std::uint32_t>(content.index - found));
    found += group.count;
  }
  return std::nullopt;
}

} // namespace

std::vector<PinnedRack> fixed_racks(const ClusterSpec& spec, const Network& network, Sink& sink) {
  std::vector<PinnedRack> racks;
  std::vector<bool> used(network.devices(), false);
  for (const auto& fixed : spec.floor.fixed) {
    PinnedRack rack;
    rack.hall = fixed.hall;
    rack.spot = fixed.spot;
    rack.name = fixed.name;
    rack.spec = fixed.rack;
    rack.existing = fixed.existing;
    rack.fill = fixed.fill;
    rack.where = fixed.origin.whole;
    for (const auto& content : fixed.contents) {
      if (content.foreign()) {
        rack.gear.push_back({{}, static_cast<std::int32_t>(content.unit), static_cast<std::int32_t>(content.height), content.purpose, content.power,
                             content.weight});
        continue;
      }
      std::int64_t known = 0;
      const auto device = numbered(network, content, known);
      if (!device) {
        const auto what = content.group.valid() ? "group `" + spec.nodes[content.group.index()].name + "`"
                                                : "that tier of fabric `" + spec.fabrics[content.fabric.index()].name + "`";
        sink.report(Code::no_such_device, content.origin.of("index"),
                    "a fixed rack holds number " + grouped(content.index) + " of " + what + ", which has " + counted(known, "device", "devices"),
                    known > 0 ? "numbers go from 0 to " + grouped(known - 1) : "correct the tier");
        continue;
      }
      if (used[device->index()]) {
        sink.report(Code::device_placed_twice, content.origin.whole, "`" + network.device_name(*device) + "` stands in two places",
                    "correct the `index` of one of them");
        continue;
      }
      used[device->index()] = true;
      rack.devices.push_back({*device, static_cast<std::int32_t>(content.unit), content.origin.whole});
    }
    racks.push_back(std::move(rack));
  }
  return racks;
}

/// The lowest unit of a free run of that height, searched from the bottom or from the top.
std::optional<std::int64_t> Placer::free_units(RackId rack, std::int64_t height, bool from_top) const {
  const auto& filled = filled_[rack.index()];
  const auto units = static_cast<std::int64_t>(filled.size());
  const auto free_at = [&](std::int64_t unit) {
    const auto first = filled.begin() + static_cast<std::ptrdiff_t>(unit - 1);
    return std::none_of(first, first + static_cast<std::ptrdiff_t>(height), [](bool full) { return full; });
  };
  for (std::int64_t i = 0; i + height <= units; ++i) {
    const auto unit = from_top ? units - height + 1 - i : i + 1;
    if (free_at(unit)) return unit;
  }
  return std::nullopt;
}

void Placer::occupy(RackId rack, std::int64_t unit, std::int64_t height) {
  auto& filled = filled_[rack.index()];
  std::fill_n(filled.begin() + static_cast<std::ptrdiff_t>(unit - 1), height, true);
}

void Placer::put_pinned(const PinnedRack::Device& device, RackId id) {
  const auto g = network_.group_of_device[device.device.index()];
  const auto& group = network_.groups[g];
  auto& rack = placement_.racks[id.index()];
  if (group.is_node() && spec_.nodes[group.nodes.index()].pdus) return;
  const auto& print = footprint(g, rack.spec);
  if (!print) return;
  const auto units = static_cast<std::int64_t>(filled_[id.index()].size());
  const auto name = "`" + network_.device_name(device.device) + "`";
  if (device.unit + print->units - 1 > units) {
    sink_.report(Code::rack_units_overlap, device.where,
                 name + " fills units " + grouped(device.unit) + " to " + grouped(device.unit + print->units - 1) + ", but the rack has " +
                     grouped(units),
                 "place it at unit " + grouped(std::max<std::int64_t>(1, units - print->units + 1)) + " or lower");
    return;
  }
  const auto first = filled_[id.index()].begin() + (device.unit - 1);
  const auto full = std::find(first, first + print->units, true);
  if (full != first + print->units) {
    sink_.report(Code::rack_units_overlap, device.where,
                 name + " fills units " + grouped(device.unit) + " to " + grouped(device.unit + print->units - 1) + ", but unit " +
                     grouped(full - filled_[id.index()].begin() + 1) + " is taken",
                 "give each device units of its own; it is " + grouped(print->units) + " U high");
    return;
  }
  occupy(id, device.unit, print->units);
  put(device.device, id, device.unit, *print);
  if (group.is_node()) {
    holds_nodes_[id.index()] = group.nodes;
  } else {
    holds_switches_[id.index()] = true;
  }
}

/// What a rack holds, for a sentence: "6 x `nvidia-dgx-h100` and 2 x `nvidia-qm9700`".
static std::string contents_text(const Network& network, const Catalog& catalog, const PinnedRack& pinned) {
  std::map<std::string, std::int64_t> parts;
  for (const auto& device : pinned.devices) ++parts["`" + catalog[network.group(device.device).part].id + "`"];
  if (!pinned.gear.empty()) parts["other gear"] = static_cast<std::int64_t>(pinned.gear.size());
  std::string text;
  std::size_t left = parts.size();
  for (const auto& [part, count] : parts) {
    text += grouped(count) + " x " + part;
    --left;
    text += left == 0 ? "" : left == 1 ? " and " : ", ";
  }
  return text;
}

void Placer::check_pinned(RackId id, const PinnedRack& pinned) {
  const auto& rack = placement_.racks[id.index()];
  const auto& kind = spec_.racks[rack.spec.index()];
  const auto name = "rack `" + placement_.rack_name(spec_.floor, id) + "`";
  if (kind.max_power && rack.power > *kind.max_power) {
    sink_.report(Code::rack_limit_exceeded, pinned.where,
                 name + " draws up to " + kilowatts(rack.power) + " with " + contents_text(network_, catalog_, pinned) + ", but racks `" + kind.name +
                     "` are limited to " + kilowatts(*kind.max_power) + (kind.power_limit == PowerLimit::feed ? " by one feed" : ""),
                 "take devices out of it, or raise the limit");
  }
  if (kind.max_load && rack.load > *kind.max_load) {
    sink_.report(Code::rack_limit_exceeded, pinned.where,
                 name + " carries " + decimal(rack.load.count(), 3) + " kg with " + contents_text(network_, catalog_, pinned) + ", but racks `" +
                     kind.name + "` bear " + decimal(kind.max_load->count(), 3) + " kg",
                 "take devices out of it, or raise the limit");
  }
  for (const auto& gear : pinned.gear) {
    if (kind.max_power && !gear.power) {
      sink_.report({Code::unknown_power_in_limited_rack, kind.power_limit_stated ? Severity::error : Severity::warning, pinned.where,
                    name + " is limited to " + kilowatts(*kind.max_power) + ", but the power of `" + (gear.purpose.empty() ? "other gear" : gear.purpose) +
                        "` is not known",
                    "state `power_kw`", 1, {}});
    }
    if (kind.max_load && !gear.weight) {
      sink_.report(Code::unknown_weight_in_limited_rack, pinned.where,
                   name + " bears " + decimal(kind.max_load->count(), 3) + " kg, but the weight of `" +
                       (gear.purpose.empty() ? "other gear" : gear.purpose) + "` is not known",
                   "state `weight_kg`");
    }
  }
}

void Placer::place_pinned() {
  holds_nodes_.resize(pinned_.size());
  holds_switches_.resize(pinned_.size(), false);
  for (std::size_t p = 0; p < pinned_.size(); ++p) {
    const auto& pinned = pinned_[p];
    const auto id = add_rack(pinned.spec, pinned.hall);
    auto& rack = placement_.racks[id.index()];
    rack.row = pinned.spot.row;
    rack.position = pinned.spot.position;
    rack.name = pinned.name;
    rack.existing = pinned.existing;
    rack.pinned = true;
    rack.closed = pinned.fill ? RackClosed::last : RackClosed::fixed;
    const auto units = spec_.racks[pinned.spec.index()].max_units;
    filled_.emplace_back(static_cast<std::size_t>(units), false);
    for (const auto& gear : pinned.gear) {
      const auto last = std::int64_t{gear.unit} + gear.height - 1;
      const auto taken = [&](std::int64_t unit) { return static_cast<bool>(filled_[p][static_cast<std::size_t>(unit - 1)]); };
      bool clash = last > units;
      for (std::int64_t unit = gear.unit; !clash && unit <= last; ++unit) clash = taken(unit);
      if (clash) {
        sink_.report(Code::rack_units_overlap, pinned.where,
                     "gear `" + gear.purpose + "` fills units " + grouped(gear.unit) + " to " + grouped(last) +
                         (last > units ? ", but the rack has " + grouped(units) : ", some of which are taken"),
                     "give everything units of its own");
        continue;
      }
      occupy(id, gear.unit, gear.height);
      Footprint print;
      print.units = gear.height;
      print.power = {gear.power, gear.power ? PowerBasis::maximum : PowerBasis::unknown};
      print.weight = gear.weight;
      add_sums(rack, print);
      placement_.gear.push_back(gear);
      placement_.gear.back().rack = id;
    }
    for (const auto& device : pinned.devices) put_pinned(device, id);
    check_pinned(id, pinned);
  }
}

} // namespace icplan
