// SPDX-License-Identifier: Apache-2.0
// Where power is drawn: by fabric and tier, and by rack, row and hall; and whether what is plugged breaks the limits of places.
#include "icplan/analysis/energy.hpp"

#include "draws.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <map>

namespace icplan {
namespace {

/// Pieces of a draw as the cluster's total has them.
PowerSum sum_of(const PowerDraw& draw, std::int64_t pieces) {
  PowerSum sum;
  if (!draw.in_typical) {
    sum.typical = draw.typical.value_or(Milliwatts()) * pieces;
    sum.unknown_typical = draw.typical ? 0 : pieces;
  }
  if (!draw.in_maximum) {
    sum.maximum = draw.maximum.value_or(Milliwatts()) * pieces;
    sum.unknown_maximum = draw.maximum ? 0 : pieces;
  }
  return sum;
}

/// What comes on top of the devices that placement counts: at its maximum, else at its typical draw.
void fill(PlacePower& place, const PowerDraw& draw, std::int64_t pieces) {
  if (draw.in_maximum) return;
  if (const auto& watts = draw.maximum ? draw.maximum : draw.typical) {
    place.filled += *watts * pieces;
  } else {
    place.unknown_filled += pieces;
  }
}

class FloorMeter {
public:
  FloorMeter(const Plan& plan, const std::vector<PowerDraw>& draws) : plan_(plan), draws_(draws) {}

  FloorPower run() {
    for (const auto& rack : plan_.placement.racks) {
      auto& place = floor_.racks.emplace_back();
      place.racks = 1;
      place.placed = place.filled = rack.power;
      place.unknown_placed = place.unknown_filled = rack.unknown_power;
    }
    for (const auto& draw : draws_) {
      if (!is_media(draw.kind)) add_devices(draw);
    }
    add_media();
    add_dark();
    collect();
    return std::move(floor_);
  }

private:
  PlacePower& rack_of(DeviceId device) { return floor_.racks[plan_.placement.devices[device.index()].rack.index()]; }

  void add_devices(const PowerDraw& draw) {
    const auto& group = plan_.network.groups[draw.group];
    const bool product = draw.kind == PowerClass::node && plan_.spec.nodes[group.nodes.index()].product.valid();
    // A rack product is counted in the rack of its first node.
    const auto step = product ? static_cast<std::uint32_t>(plan_.spec.nodes[group.nodes.index()].per_product) : 1U;
    const auto each = product ? std::int64_t{1} : draw.pieces / group.count;
    const auto sum = sum_of(draw, each);
    for (std::uint32_t n = 0; n < group.count; n += step) {
      auto& place = rack_of(group.first.next(n));
      (draw.kind == PowerClass::switch_ ? place.switches : place.nodes) += sum;
      if (draw.kind == PowerClass::gpu || draw.kind == PowerClass::nic) fill(place, draw, each);
    }
  }

  void add_plugged(DeviceId device, PowerDraw draw, std::int64_t count) {
    set_host(plan_, plan_.network.group_of_device[device.index()], draw);
    auto& place = rack_of(device);
    place.media += sum_of(draw, count);
    fill(place, draw, count);
  }

  void add_media() {
    const PluggedItems items(plan_.cables);
    std::vector<PowerDraw> draws;
    for (std::size_t item = 0; item < items.count(); ++item) draws.push_back(plugged_draw(plan_, items, item));
    visit_plugged(plan_, items, [&](FabricId, DeviceId device, std::size_t item) { add_plugged(device, draws[item], 1); });
  }

  void add_dark() {
    if (plan_.cables.dark_modules.empty()) return;
    const auto& network = plan_.network;
    std::vector<bool> used(network.cages, false);
    for (const auto& link : network.links) {
      used[network.cage(link.from, link.from_port).index()] = true;
      used[network.cage(link.to, link.to_port).index()] = true;
    }
    std::uint32_t last = ~0U;
    for (const auto& dark : plan_.cables.dark_modules) {
      // The rows of a group stand together.
      if (dark.group == last) continue;
      last = dark.group;
      visit_dark_cages(*plan_.catalog, network.groups[dark.group], used, plan_.cables.module_of_cage,
                       [&](DeviceId device, std::uint16_t module, std::int64_t count) {
                         add_plugged(device, module_draw(plan_, plan_.cables.modules[module - 1U]), count);
                       });
    }
  }

  void collect() {
    floor_.halls.resize(plan_.spec.floor.halls.size());
    std::map<std::pair<std::uint32_t, std::int64_t>, PlacePower> rows;
    for (std::size_t r = 0; r < floor_.racks.size(); ++r) {
      const auto& rack = plan_.placement.racks[r];
      floor_.halls[rack.hall.index()] += floor_.racks[r];
      rows[{rack.hall.index(), rack.row}] += floor_.racks[r];
    }
    for (const auto& entry : rows) floor_.rows.push_back({HallId(entry.first.first), entry.first.second, entry.second});
  }

  const Plan& plan_;
  const std::vector<PowerDraw>& draws_;
  FloorPower floor_;
};

std::string kilowatts_up(Milliwatts power) { return decimal((power.count() + 999) / 1000, 3) + " kW"; }

/// Tells of one place that is over its limit for what is plugged, or may be.
struct PlaceJudge {
  Finding over;
  Finding unknown;
  Milliwatts worst;

  template <class Name> void judge(const PlacePower& place, Milliwatts limit, const Name& name) {
    if (place.placed > limit) return; // Placement has told of it.
    if (place.filled > limit) {
      worst = std::max(worst, place.filled);
      over.add(name);
    } else if (place.unknown_filled > place.unknown_placed) {
      unknown.add(name);
    }
  }
};

PlaceJudge judge_of(SourceRange where, const std::string& remedy) {
  return {Finding::of(Code::limit_exceeded_with_media, where, {}, remedy, 0),
          Finding::of(Code::media_power_unknown_at_limit, where, {}, "state the figures in an overlay catalog, or accept unconfirmed ones", 0),
          {}};
}

void report(PlaceJudge judge, const std::string& what, Milliwatts limit, Sink& sink) {
  judge.over.message = what + " draw up to " + kilowatts_up(judge.worst) + " with the modules, cables and NICs in their devices; the limit is " +
                       decimal(limit.count() / 1000, 3) + " kW";
  judge.unknown.message = what + " have a power limit, but hold modules, cables or NICs of unknown power";
  sink.report(std::move(judge.over));
  sink.report(std::move(judge.unknown));
}

bool has_limits(const Plan& plan) {
  const auto& spec = plan.spec;
  return spec.limits.max_rack_power || std::any_of(spec.racks.begin(), spec.racks.end(), [](const RackSpec& rack) { return rack.max_power.has_value(); }) ||
         std::any_of(spec.floor.halls.begin(), spec.floor.halls.end(), [](const HallSpec& hall) { return hall.max_power || hall.max_row_power; });
}

void judge_racks(const Plan& plan, const FloorPower& floor, Sink& sink) {
  const auto name = [&](std::size_t r) { return plan.placement.rack_name(plan.spec.floor, RackId(static_cast<std::uint32_t>(r))); };
  for (std::uint32_t kind = 0; kind < plan.spec.racks.size(); ++kind) {
    const auto& spec = plan.spec.racks[kind];
    if (!spec.max_power) continue;
    auto judge = judge_of(spec.origin.of("max_power_kw"), "put fewer nodes or switches into a rack (`nodes_per_rack`), or raise the limit");
    for (std::size_t r = 0; r < floor.racks.size(); ++r) {
      if (plan.placement.racks[r].spec == RackSpecId(kind)) judge.judge(floor.racks[r], *spec.max_power, [&] { return name(r); });
    }
    report(std::move(judge), "racks `" + spec.name + "`", *spec.max_power, sink);
  }
  if (const auto& limit = plan.spec.limits.max_rack_power) {
    auto judge = judge_of(plan.spec.limits.origin.of("max_rack_power_kw"), "plan fewer nodes per rack, or raise the limit");
    for (std::size_t r = 0; r < floor.racks.size(); ++r) judge.judge(floor.racks[r], *limit, [&] { return name(r); });
    report(std::move(judge), "racks", *limit, sink);
  }
}

void judge_halls(const Plan& plan, const FloorPower& floor, Sink& sink) {
  for (std::uint32_t h = 0; h < plan.spec.floor.halls.size(); ++h) {
    const auto& hall = plan.spec.floor.halls[h];
    if (hall.max_power) {
      auto judge = judge_of(hall.origin.of("max_power_kw"), "plan fewer nodes or raise the limit");
      judge.judge(floor.halls[h], *hall.max_power, [&] { return hall.name; });
      report(std::move(judge), "the racks of hall `" + hall.name + "`", *hall.max_power, sink);
    }
    if (!hall.max_row_power) continue;
    auto judge = judge_of(hall.origin.of("max_row_power_kw"), "put fewer nodes into a row, or raise the limit");
    for (const auto& row : floor.rows) {
      if (row.hall == HallId(h)) judge.judge(row.power, *hall.max_row_power, [&] { return "row " + std::to_string(row.row + 1); });
    }
    report(std::move(judge), "rows of hall `" + hall.name + "`", *hall.max_row_power, sink);
  }
}

} // namespace

PowerSum& PowerSum::operator+=(const PowerSum& other) {
  typical += other.typical;
  maximum += other.maximum;
  unknown_typical += other.unknown_typical;
  unknown_maximum += other.unknown_maximum;
  return *this;
}

PowerSum PlacePower::sum() const {
  auto all = nodes;
  all += switches;
  all += media;
  return all;
}

PlacePower& PlacePower::operator+=(const PlacePower& other) {
  racks += other.racks;
  nodes += other.nodes;
  switches += other.switches;
  media += other.media;
  placed += other.placed;
  filled += other.filled;
  unknown_placed += other.unknown_placed;
  unknown_filled += other.unknown_filled;
  return *this;
}

FloorPower measure_floor_power(const Plan& plan, const std::vector<PowerDraw>& draws) { return FloorMeter(plan, draws).run(); }

void judge_floor_power(const Plan& plan, Sink& sink) {
  if (!has_limits(plan)) return;
  const auto floor = measure_floor_power(plan, list_draws(plan));
  judge_racks(plan, floor, sink);
  judge_halls(plan, floor, sink);
}

/// Sorts behind all tiers.
constexpr std::int64_t foreign_tier = 1 + static_cast<std::int64_t>(max_tiers);

std::vector<TierPower> measure_tier_power(const Plan& plan, const std::vector<PowerDraw>& draws) {
  struct Accounts {
    PowerAccount switches{"switches"};
    PowerAccount media{"media"};
  };
  std::map<std::pair<FabricId, std::int64_t>, Accounts> tiers;
  for (const auto& draw : draws) {
    if (!draw.fabric.valid()) continue;
    const auto& group = plan.network.groups[draw.group];
    // Switches that the fabric manages, or has its uplinks in.
    const bool foreign = !group.is_node() && group.fabric != draw.fabric && plan.network.fabrics[draw.fabric.index()].host != group.fabric;
    auto& of = tiers[{draw.fabric, group.is_node() ? 0 : foreign ? foreign_tier : group.tier}];
    if (draw.kind == PowerClass::switch_) {
      of.switches.add(draw, false);
      of.switches.count(draw.pieces);
    } else {
      of.media.add_network(draw, group.is_node());
      if (!group.is_node()) of.media.hold(draw);
      of.media.count(draw.pieces);
    }
  }
  std::vector<TierPower> list;
  for (const auto& entry : tiers) {
    const auto fabric = entry.first.first;
    const auto tier = entry.first.second;
    const auto& layout = plan.network.fabrics[plan.network.fabrics[fabric.index()].host.index()];
    const auto name = tier == 0              ? std::string("node")
                      : tier == foreign_tier ? std::string("switches of other fabrics")
                                             : layout.tiers[static_cast<std::size_t>(tier - 1)].name;
    list.push_back({fabric, tier, name, entry.second.switches.line(), entry.second.media.line()});
  }
  return list;
}

} // namespace icplan
