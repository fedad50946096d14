// SPDX-License-Identifier: Apache-2.0
// Stands racks on the floor: given ones first, then network racks of stated rows, the central block, and row after row of node racks.
#include "placer.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// Rows that a hall without a stated number may have.
constexpr std::int64_t most_rows = 10'000'000;

std::int64_t row_limit(const HallSpec& hall) { return hall.rows.value_or(most_rows); }

} // namespace

void Placer::stand(RackId id, FloorSpot spot) {
  auto& rack = placement_.racks[id.index()];
  rack.row = spot.row;
  rack.position = spot.position;
  const auto row = static_cast<std::size_t>(spot.row);
  auto& taken = taken_[rack.hall.index()];
  auto& power = row_power_[rack.hall.index()];
  if (taken.size() <= row) taken.resize(row + 1);
  if (power.size() <= row) power.resize(row + 1);
  if (taken[row].empty()) taken[row].resize(static_cast<std::size_t>(spec_.floor.halls[rack.hall.index()].width(spot.row)), false);
  taken[row][static_cast<std::size_t>(spot.position)] = true;
  power[row] += rack.power;
}

std::vector<std::int64_t> Placer::open_positions(HallId hall, std::int64_t row) const {
  const auto& of = spec_.floor.halls[hall.index()];
  const auto& taken = taken_[hall.index()];
  std::vector<std::int64_t> open;
  const auto* kept = of.kept_out(row);
  if (kept != nullptr && kept->positions.empty()) return open;
  const auto at = static_cast<std::size_t>(row);
  const bool some_taken = at < taken.size() && !taken[at].empty();
  for (std::int64_t position = 0; position < of.width(row); ++position) {
    if (some_taken && taken[at][static_cast<std::size_t>(position)]) continue;
    if (kept == nullptr || !std::binary_search(kept->positions.begin(), kept->positions.end(), position)) open.push_back(position);
  }
  return open;
}

/// The first spots, row by row, that nothing takes yet.
std::vector<FloorSpot> Placer::open_spots(HallId hall, std::size_t wanted) const {
  std::vector<FloorSpot> spots;
  for (std::int64_t row = 0; row < row_limit(spec_.floor.halls[hall.index()]) && spots.size() < wanted; ++row) {
    for (const auto position : open_positions(hall, row)) {
      if (spots.size() < wanted) spots.push_back({row, position});
    }
  }
  return spots;
}

/// The first spot in a row that can feed that much more.
std::optional<FloorSpot> Placer::first_open(HallId hall, Milliwatts power) const {
  for (std::int64_t row = 0; row < row_limit(spec_.floor.halls[hall.index()]); ++row) {
    const auto open = open_positions(hall, row);
    if (!open.empty() && row_takes(hall, row, power)) return FloorSpot{row, open.front()};
  }
  return std::nullopt;
}

bool Placer::row_takes(HallId hall, std::int64_t row, Milliwatts more) const {
  const auto& limit = spec_.floor.halls[hall.index()].max_row_power;
  const auto& power = row_power_[hall.index()];
  const auto drawn = static_cast<std::size_t>(row) < power.size() ? power[static_cast<std::size_t>(row)] : Milliwatts(0);
  return !limit || drawn + more <= *limit;
}

void Placer::floor_full(HallId hall, std::string_view what) {
  const auto& of = spec_.floor.halls[hall.index()];
  const auto total = std::count_if(placement_.racks.begin(), placement_.racks.end(), [&](const Rack& rack) { return rack.hall == hall; });
  const auto needs = "the plan needs " + counted(total, "rack", "racks") + ", but hall `" + of.name + "` ";
  const auto rows = of.rows.value_or(0);
  if (of.racks_per_row.size() == 1 && of.keep_out.empty() && !of.max_row_power && what.empty()) {
    const auto per_row = of.racks_per_row.front();
    sink_.report(Code::floor_full, of.origin.of("rows"), needs + "has " + counted(rows, "row", "rows") + " of " + grouped(per_row),
                 "leave `rows` out, or state at least " + grouped(divide_up(total, per_row)));
    return;
  }
  const auto listed = std::min(rows, static_cast<std::int64_t>(of.racks_per_row.size()));
  auto room = (rows - listed) * of.racks_per_row.back();
  for (std::int64_t row = 0; row < listed; ++row) room += of.width(row);
  for (const auto& kept : of.keep_out) {
    if (kept.row < rows) room -= kept.positions.empty() ? of.width(kept.row) : static_cast<std::int64_t>(kept.positions.size());
  }
  sink_.report(Code::floor_full, of.origin.of("rows"),
               what.empty() ? needs + "has " + counted(room, "place", "places") + (of.max_row_power ? ", and no row may exceed its power limit" : "")
                            : std::string(what),
               "state more `rows`, wider ones or a higher limit, or leave `rows` out");
}

/// Racks at the middle of each of the rows in turn.
void Placer::stand_block(HallId hall, const std::vector<RackId>& racks, const std::vector<std::int64_t>& rows) {
  std::size_t next = 0;
  for (const auto row : rows) {
    const auto open = open_positions(hall, row);
    const auto count = std::min(open.size(), racks.size() - next);
    auto at = (open.size() - count) / 2;
    while (next < racks.size() && at < open.size() && row_takes(hall, row, placement_.racks[racks[next].index()].power))
      stand(racks[next++], {row, open[at++]});
  }
  if (next == racks.size()) return;
  std::string text;
  for (const auto row : rows) text += (text.empty() ? "" : ", ") + grouped(row + 1);
  floor_full(hall, counted(static_cast<std::int64_t>(racks.size()), "network rack does", "network racks do") + " not fit row " + text + " of hall `" +
                       spec_.floor.halls[hall.index()].name + "`");
}

/// One block at the middle of the middle row of all that will stand; a block wider than that row is centred on the whole floor.
void Placer::stand_central(HallId hall, const std::vector<RackId>& racks, std::size_t others) {
  if (racks.empty()) return;
  const auto spots = open_spots(hall, racks.size() + others);
  if (spots.size() < racks.size()) {
    floor_full(hall, {});
    return;
  }
  const auto middle = spots.back().row / 2;
  const auto in_row = [&](std::int64_t row) {
    return std::lower_bound(spots.begin(), spots.end(), FloorSpot{row, 0}) - spots.begin();
  };
  const auto first = in_row(middle);
  const auto width = in_row(middle + 1) - first;
  const auto count = static_cast<std::ptrdiff_t>(racks.size());
  const auto start = count <= width ? first + (width - count) / 2 : (static_cast<std::ptrdiff_t>(spots.size()) - count) / 2;
  // Where a row's power limit turns racks away, the next spots follow, then those before.
  std::vector<FloorSpot> order(spots.begin() + start, spots.end());
  order.insert(order.end(), std::make_reverse_iterator(spots.begin() + start), spots.rend());
  std::size_t at = 0;
  for (const auto rack : racks) {
    const auto power = placement_.racks[rack.index()].power;
    while (at < order.size() && !row_takes(hall, order[at].row, power)) ++at;
    const auto spot = at < order.size() ? std::optional(order[at++]) : first_open(hall, power);
    if (!spot) {
      floor_full(hall, {});
      return;
    }
    stand(rack, *spot);
  }
  const bool later = std::any_of(spec_.fabrics.begin(), spec_.fabrics.end(), [](const FabricSpec& fabric) { return fabric.switches == SwitchPlacement::optimize; });
  placement_.reasons.push_back((later ? "before `optimize`: " : "") + counted(count, "network rack", "network racks") + " in the middle of row " + std::to_string(middle + 1) +
                               (spec_.floor.halls.size() > 1 ? " of hall `" + spec_.floor.halls[hall.index()].name + "`" : ""));
}

/// How many racks of their kind the switches fill, and what they draw.
std::pair<std::size_t, Milliwatts> Placer::racks_for(const std::vector<DeviceId>& switches) const {
  std::size_t racks = 0;
  Milliwatts all;
  std::map<RackSpecId, Rack> open;
  std::map<RackSpecId, std::int64_t> top;
  for (const auto device : switches) {
    const auto& group = network_.group(device);
    const auto kind = spec_.fabrics[group.fabric.index()].rack;
    const auto& print = footprints_.at({network_.group_of_device[device.index()], kind});
    if (!print) continue;
    auto [rack, fresh] = open.try_emplace(kind);
    rack->second.spec = kind;
    if (fresh || top[kind] < print->units || over_limit(rack->second, *print)) {
      ++racks;
      rack->second.power = Milliwatts(0);
      rack->second.load = Grams(0);
      top[kind] = spec_.racks[kind.index()].max_units;
    }
    top[kind] -= print->units;
    rack->second.power += print->power.watts.value_or(Milliwatts(0));
    rack->second.load += print->weight.value_or(Grams(0));
    all += print->power.watts.value_or(Milliwatts(0));
  }
  return {racks, all};
}

bool Placer::fits_row(const RowFill& fill, std::size_t open) {
  auto racks = fill.racks.size();
  Milliwatts power;
  for (const auto rack : fill.racks) power += placement_.racks[rack.index()].power;
  for (const auto& switches : fill.switches) {
    const auto [more, draw] = racks_for(switches);
    racks += more;
    power += draw;
  }
  return racks <= open && row_takes(fill.hall, fill.row, power);
}

/// Node racks in order, with the racks of their switches at the middle and at the end of the row.
void Placer::stand_row(const RowFill& fill, const std::vector<std::int64_t>& open) {
  std::array<std::vector<RackId>, 2> network;
  for (std::size_t policy = 0; policy < 2; ++policy) {
    std::map<RackSpecId, SwitchRack> at;
    for (const auto device : fill.switches[policy]) {
      const auto kind = spec_.fabrics[network_.group(device).fabric.index()].rack;
      put_switch(device, {fill.hall, {fill.row}, kind}, at[kind], network[policy]);
    }
  }
  if (sink_.has_errors()) return;
  auto order = fill.racks;
  order.insert(order.begin() + static_cast<std::ptrdiff_t>(fill.racks.size() / 2), network[0].begin(), network[0].end());
  order.insert(order.end(), network[1].begin(), network[1].end());
  for (std::size_t i = 0; i < order.size(); ++i) stand(order[i], {fill.row, open[i]});
}

/// Row after row: as many node racks in order as fit with the switches that belong into their row.
void Placer::stand_rows(HallId hall) {
  const auto& of = spec_.floor.halls[hall.index()];
  auto& switches = row_switches_[hall.index()];
  std::vector<std::size_t> next(node_racks_[hall.index()].size(), 0);
  std::size_t left = 0;
  for (const auto& racks : node_racks_[hall.index()]) left += racks.racks.size();
  std::int64_t pinned_rows = 0;
  for (std::size_t p = 0; p < pinned_.size(); ++p) {
    if (pinned_[p].hall == hall) pinned_rows = std::max(pinned_rows, pinned_[p].spot.row + 1);
  }
  // Every switch of a row policy needs its footprint before rows are tried.
  bool in_rows = false;
  for (auto& policy : switches) {
    for (const auto& [anchor, devices] : policy) {
      in_rows = true;
      for (const auto device : devices) {
        const auto g = network_.group_of_device[device.index()];
        const auto kind = spec_.fabrics[network_.groups[g].fabric.index()].rack;
        const auto& print = footprint(g, kind);
        if (print && most_per_rack(*print, spec_.racks[kind.index()]) < 1)
          refuse_device(network_.groups[g], *print, spec_.racks[kind.index()], 1, origin_of(network_.groups[g]));
      }
    }
  }
  if (sink_.has_errors()) return;
  const auto with_switches = [&](RowFill& fill, RackId rack) {
    for (std::size_t policy = 0; policy < 2; ++policy) {
      const auto found = switches[policy].find(rack);
      if (found != switches[policy].end()) fill.switches[policy].insert(fill.switches[policy].end(), found->second.begin(), found->second.end());
    }
  };
  for (std::int64_t row = 0; row < row_limit(of) && (left > 0 || (in_rows && row < pinned_rows)); ++row) {
    // Whether racks may stand in this row, and whether they may in a later one: unlimited rows help no group that names the rows it stands in.
    bool wanted = false;
    bool later = false;
    for (std::size_t q = 0; q < next.size(); ++q) {
      const auto& racks = node_racks_[hall.index()][q];
      if (next[q] == racks.racks.size()) continue;
      wanted = wanted || racks.rows.empty() || std::find(racks.rows.begin(), racks.rows.end(), row) != racks.rows.end();
      later = later || racks.rows.empty() || std::any_of(racks.rows.begin(), racks.rows.end(), [&](std::int64_t stated) { return stated > row; });
    }
    if (!wanted && !(in_rows && row < pinned_rows)) {
      if (later) continue;
      break;
    }
    const auto open = open_positions(hall, row);
    RowFill fill;
    fill.hall = hall;
    fill.row = row;
    for (std::uint32_t p = 0; p < pinned_.size() && in_rows; ++p) {
      if (pinned_[p].hall == hall && pinned_[p].spot.row == row) with_switches(fill, RackId(p));
    }
    bool full = !fits_row(fill, open.size());
    if (full && !open.empty() && (!fill.switches[0].empty() || !fill.switches[1].empty())) {
      floor_full(hall, "row " + grouped(row + 1) + " of hall `" + of.name + "` has no room for the switches of its fixed racks");
      return;
    }
    // Groups that name this row come before those that name none.
    for (const bool stated : {true, false}) {
      for (std::size_t q = 0; q < next.size() && !full; ++q) {
        const auto& racks = node_racks_[hall.index()][q];
        if (racks.rows.empty() == stated) continue;
        if (stated && std::find(racks.rows.begin(), racks.rows.end(), row) == racks.rows.end()) continue;
        while (next[q] < racks.racks.size() && fill.racks.size() < open.size() && !full) {
          const std::array<std::size_t, 2> before = {fill.switches[0].size(), fill.switches[1].size()};
          fill.racks.push_back(racks.racks[next[q]]);
          if (in_rows) with_switches(fill, racks.racks[next[q]]);
          if ((in_rows || of.max_row_power) && !fits_row(fill, open.size())) {
            full = true;
            fill.racks.pop_back();
            for (std::size_t policy = 0; policy < 2; ++policy) fill.switches[policy].resize(before[policy]);
          } else {
            ++next[q];
            --left;
          }
        }
      }
    }
    const bool plain = row >= static_cast<std::int64_t>(of.racks_per_row.size()) - 1 && static_cast<std::int64_t>(open.size()) == of.width(row);
    if (full && fill.racks.empty() && plain && !of.rows) {
      floor_full(hall, "a rack of nodes with the switches of its row needs more room or power than a row of hall `" + of.name + "` has");
      return;
    }
    stand_row(fill, open);
    if (sink_.has_errors()) return;
  }
  if (left == 0) return;
  for (std::size_t q = 0; q < next.size(); ++q) {
    const auto& racks = node_racks_[hall.index()][q];
    if (racks.rows.empty() || next[q] == racks.racks.size()) continue;
    std::string named;
    for (const auto row : racks.rows) named += (named.empty() ? "" : ", ") + grouped(row + 1);
    floor_full(hall, counted(static_cast<std::int64_t>(racks.racks.size()), "rack of nodes does", "racks of nodes do") + " not fit row " + named +
                         " of hall `" + of.name + "`, which takes " + grouped(static_cast<std::int64_t>(next[q])) + " of them");
    return;
  }
  floor_full(hall, {});
}

void Placer::stand_hall(HallId hall) {
  for (std::uint32_t p = 0; p < pinned_.size(); ++p) {
    if (pinned_[p].hall == hall) stand(RackId(p), pinned_[p].spot);
  }
  const auto& limit = spec_.floor.halls[hall.index()].max_row_power;
  for (std::uint32_t r = 0; r < placement_.racks.size(); ++r) {
    const auto& rack = placement_.racks[r];
    if (!limit || rack.hall != hall || rack.power <= *limit) continue;
    sink_.report(Code::row_limit_exceeded, spec_.floor.halls[hall.index()].origin.of("max_row_power_kw"),
                 "a single rack `" + spec_.racks[rack.spec.index()].name + "` draws up to " + kilowatts(rack.power) + ", but a row of hall `" +
                     spec_.floor.halls[hall.index()].name + "` is limited to " + kilowatts(*limit),
                 "lower `nodes_per_rack` or the racks' limits, or raise that of the rows");
    return;
  }
  std::vector<RackId> central;
  for (const auto& [of, racks] : network_racks_) {
    if (of.hall != hall) continue;
    if (of.rows.empty()) {
      central.insert(central.end(), racks.begin(), racks.end());
    } else {
      stand_block(hall, racks, of.rows);
    }
  }
  std::size_t others = 0;
  for (const auto& racks : node_racks_[hall.index()]) others += racks.racks.size();
  stand_central(hall, central, others);
  if (!sink_.has_errors()) stand_rows(hall);
}

void Placer::stand_racks() {
  for (std::size_t policy = 0; policy < 2; ++policy) {
    const bool used = std::any_of(row_switches_.begin(), row_switches_.end(), [&](const auto& hall) { return !hall[policy].empty(); });
    if (used) placement_.reasons.push_back("leaves stand " + std::string(policy == 0 ? "in the middle" : "at the end") + " of the row of their nodes");
  }
  for (std::uint32_t h = 0; h < spec_.floor.halls.size() && !sink_.has_errors(); ++h) stand_hall(HallId(h));
  placement_.rows.assign(spec_.floor.halls.size(), 0);
  for (const auto& rack : placement_.racks) {
    auto& rows = placement_.rows[rack.hall.index()];
    rows = std::max(rows, rack.row + 1);
  }
}

} // namespace icplan
