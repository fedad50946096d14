// SPDX-License-Identifier: Apache-2.0
// A descent over places of network racks under an estimate of what their cables cost, judged by complete cablings.
#include "icplan/cabling/optimize.hpp"

#include "icplan/base/text.hpp"
#include "icplan/place/geometry.hpp"

#include "media_total.hpp"
#include "rack_spots.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <numeric>

namespace icplan {
namespace {

constexpr std::int64_t most_steps = 300'000'000;
constexpr int most_sweeps = 6;
/// Heights are told apart to this much in estimates.
constexpr std::int64_t height_step_mm = 50;

/// How the estimate prices a link.
struct LinkRule {
  std::int64_t dac_below = 0;
  std::int64_t aoc_up_to = 0;
  /// Modules and fibre at any length.
  bool optical = false;

  friend auto operator<=>(const LinkRule&, const LinkRule&) = default;
};

/// Links between one rack and another that are alike.
struct Bundle {
  std::uint32_t other = 0;
  std::uint32_t rule = 0;
  /// All of the run but the way along and across the floor.
  std::int64_t base_mm = 0;
  std::int64_t count = 0;
};

/// By class, for one link: what it costs at any length, and for each millimetre.
struct Weights {
  std::array<std::int64_t, 3> fixed{};
  std::int64_t per_mm = 1;
};

/// The racks that may be moved.
struct Movable {
  std::vector<std::uint32_t> racks;
  std::vector<bool> is;
  /// By rack: rows that it may stand in; empty: any.
  std::vector<std::vector<std::int64_t>> open_rows;
};

/// Network racks whose switches all belong to fabrics that say `optimize`.
Movable find_movable(const ClusterSpec& spec, const Network& network, const Placement& placement) {
  const auto racks = placement.racks.size();
  Movable movable;
  movable.open_rows.resize(racks);
  movable.is.assign(racks, false);
  std::vector<bool> wanted(racks, false);
  std::vector<bool> barred(racks, false);
  // Leaves that stand in the row of their nodes keep those there.
  const bool in_rows = std::any_of(spec.fabrics.begin(), spec.fabrics.end(), [](const FabricSpec& fabric) {
    return fabric.switches == SwitchPlacement::middle_of_row || fabric.switches == SwitchPlacement::end_of_row;
  });
  for (const auto& group : network.groups) {
    for (std::uint32_t n = 0; n < group.count; ++n) {
      const auto rack = placement.devices[group.first.index() + n].rack.index();
      if (group.is_node()) {
        const auto& nodes = spec.nodes[group.nodes.index()];
        if (nodes.pdus) continue;
        barred[rack] = true;
        movable.open_rows[rack] = in_rows ? std::vector<std::int64_t>{placement.racks[rack].row} : nodes.rows;
      } else if (spec.fabrics[group.fabric.index()].switches == SwitchPlacement::optimize) {
        wanted[rack] = true;
      } else {
        barred[rack] = true;
        // Other network racks keep their places: no row is open to them.
        movable.open_rows[rack] = {-1};
      }
    }
  }
  for (std::uint32_t r = 0; r < racks; ++r) {
    movable.is[r] = wanted[r] && !barred[r] && !placement.racks[r].pinned;
    if (movable.is[r]) movable.racks.push_back(r);
  }
  return movable;
}

class Optimizer {
public:
  Optimizer(const ClusterSpec& spec, const Catalog& catalog, const Network& network, Placement central, const KnownCables& known, Sink& sink,
            const std::function<void(int)>& progress)
      : spec_(spec), catalog_(catalog), network_(network), place_(std::move(central)), known_(known), sink_(sink), progress_(progress),
        movable_(find_movable(spec, network, place_)), spots_(spec.floor, place_, movable_.open_rows) {}

  Placement run();

private:
  void estimate_weights(const MediaSums& sums);
  void collect_bundles(const CableTable& cables);
  [[nodiscard]] std::int64_t price(const LinkRule& rule, std::int64_t length_mm) const;
  [[nodiscard]] std::int64_t price(std::uint32_t rack, const Bundle& bundle) const;
  [[nodiscard]] std::int64_t cost_of(std::uint32_t rack) const;
  [[nodiscard]] std::int64_t network_cost() const;
  [[nodiscard]] std::vector<std::size_t> candidates(std::uint32_t rack) const;
  void try_rows();
  void block_at(std::uint32_t hall, const RackSpots::Row& row);
  bool sweep_places(int sweep);
  bool sweep_units();
  bool sort_units(const std::vector<DeviceId>& devices, const RunModel& runs);
  [[nodiscard]] std::int64_t switch_cost(DeviceId device, const RunModel& runs) const;
  [[nodiscard]] std::optional<MediaTotal> judge(const Placement& placement) const;
  void tell(const Optimized& result);

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  const Network& network_;
  Placement place_;
  const KnownCables& known_;
  Sink& sink_;
  const std::function<void(int)>& progress_;
  Movable movable_;
  RackSpots spots_;
  Weights weights_;
  std::vector<LinkRule> rules_;
  std::vector<std::vector<Bundle>> bundles_;
  /// By link, while bundles and switches are priced.
  std::vector<std::uint32_t> rule_of_link_;
  std::vector<std::vector<std::uint32_t>> links_of_switch_;
};

/// What one link of each class costs on average where the racks stand now; where figures are missing, modules weigh more than any number of active cables,
/// and those more than any length.
void Optimizer::estimate_weights(const MediaSums& sums) {
  weights_.fixed = {0, 1'000'000, 1'000'000'000};
  if (sums.total.unknown_parts > 0) return;
  for (std::size_t c = 0; c < 3; ++c) {
    // A class that does not occur yet keeps its order of preference, in proportion to what does.
    weights_.fixed[c] = sums.links[c] > 0 ? sums.figure[c] * 1000 / sums.links[c] : c == 0 ? 0 : weights_.fixed[c - 1] * 2 + 1'000'000;
  }
}

/// Links between racks, gathered by what an estimate of their cost needs.
void Optimizer::collect_bundles(const CableTable& cables) {
  std::map<LinkRule, std::uint32_t> known;
  rule_of_link_.assign(network_.links.size(), 0);
  std::map<std::array<std::int64_t, 4>, std::int64_t> counts;
  links_of_switch_.resize(network_.devices());
  const auto ends = 2 * (spec_.floor.side.count() + spec_.floor.service_loop.count()) + spec_.floor.slack.count();
  const auto rise = [&](DeviceId device) { return spec_.floor.tray_height.count() - centre_height(place_.devices[device.index()]).count() / 1000; };
  for (const auto& group : network_.link_groups) {
    const auto& media = spec_.fabrics[group.fabric.index()].media;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = network_.links[i];
      const auto a = place_.devices[link.from.index()].rack.index();
      const auto b = place_.devices[link.to.index()].rack.index();
      if (!movable_.is[a] && !movable_.is[b]) continue;
      const auto& leg = cables.legs[i];
      const LinkRule rule{media.dac_below.count(), media.aoc_up_to.count(), cables.solution(leg).media == MediaClass::osfp && leg.escalated};
      const auto number = known.try_emplace(rule, static_cast<std::uint32_t>(known.size())).first->second;
      if (number == rules_.size()) rules_.push_back(rule);
      rule_of_link_[i] = number;
      for (const auto device : {link.from, link.to}) {
        if (movable_.is[place_.devices[device.index()].rack.index()]) links_of_switch_[device.index()].push_back(i);
      }
      if (a == b) continue;
      const auto base = (rise(link.from) + rise(link.to) + ends) / height_step_mm * height_step_mm;
      ++counts[{std::int64_t{std::min(a, b)}, std::int64_t{std::max(a, b)}, std::int64_t{number}, base}];
    }
  }
  bundles_.assign(place_.racks.size(), {});
  for (const auto& [key, count] : counts) {
    const auto a = static_cast<std::uint32_t>(key[0]);
    const auto b = static_cast<std::uint32_t>(key[1]);
    bundles_[a].push_back({b, static_cast<std::uint32_t>(key[2]), key[3], count});
    bundles_[b].push_back({a, static_cast<std::uint32_t>(key[2]), key[3], count});
  }
}

std::int64_t Optimizer::price(const LinkRule& rule, std::int64_t length_mm) const {
  const std::size_t media = rule.optical || length_mm > rule.aoc_up_to ? 2 : length_mm < rule.dac_below ? 0 : 1;
  return weights_.fixed[media] + weights_.per_mm * length_mm;
}

std::int64_t Optimizer::price(std::uint32_t rack, const Bundle& bundle) const {
  return bundle.count * price(rules_[bundle.rule], bundle.base_mm + spots_.way_mm(rack, bundle.other));
}

std::int64_t Optimizer::cost_of(std::uint32_t rack) const {
  std::int64_t cost = 0;
  for (const auto& bundle : bundles_[rack]) cost += price(rack, bundle);
  return cost;
}

std::int64_t Optimizer::network_cost() const {
  std::int64_t cost = 0;
  for (const auto rack : movable_.racks) {
    for (const auto& bundle : bundles_[rack]) {
      // Links between two movable racks count once.
      if (movable_.is[bundle.other] && bundle.other < rack) continue;
      cost += price(rack, bundle);
    }
  }
  return cost;
}

/// Spots worth trying for a rack: all of its hall where that is cheap, else those nearest to the median of what it is joined to.
std::vector<std::size_t> Optimizer::candidates(std::uint32_t rack) const {
  const auto hall = spots_.at(rack).hall;
  std::vector<std::pair<std::int64_t, std::int64_t>> along;
  std::vector<std::pair<std::int64_t, std::int64_t>> across;
  for (const auto& bundle : bundles_[rack]) {
    const auto& other = spots_.at(bundle.other);
    if (other.hall != hall) continue;
    along.emplace_back(other.along_mm, bundle.count);
    across.emplace_back(other.across_mm, bundle.count);
  }
  const auto median = [](std::vector<std::pair<std::int64_t, std::int64_t>>& values) {
    std::sort(values.begin(), values.end());
    std::int64_t all = 0;
    for (const auto& value : values) all += value.second;
    std::int64_t sum = 0;
    for (const auto& value : values) {
      sum += value.second;
      if (2 * sum >= all) return value.first;
    }
    return std::int64_t{0};
  };
  const auto& rows = spots_.rows(hall);
  const auto x = median(along);
  const auto y = median(across);
  const auto steps = static_cast<std::int64_t>(2 * bundles_[rack].size() + 64) * static_cast<std::int64_t>(movable_.racks.size()) * most_sweeps;
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(most_steps / std::max<std::int64_t>(steps, 1), 16));
  const auto all = rows.back().end - rows.front().first;
  // Wider and wider around the median, until there are enough.
  std::vector<std::pair<std::int64_t, std::size_t>> order;
  for (std::int64_t reach = 4 * spec_.floor.rack_pitch.count();; reach *= 2) {
    order.clear();
    for (const auto& row : rows) {
      const auto left = reach - std::abs(row.across_mm - y);
      if (left < 0) continue;
      for (auto spot = spots_.first_from(row, x - left); spot < row.end && spots_[spot].along_mm <= x + left; ++spot)
        order.emplace_back(reach - left + std::abs(spots_[spot].along_mm - x), spot);
    }
    if (order.size() > most || order.size() == all) break;
  }
  std::sort(order.begin(), order.end());
  order.erase(std::remove_if(order.begin(), order.end(), [&](const auto& entry) { return entry.second == spots_.of(rack); }), order.end());
  std::vector<std::size_t> spots;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) spots.push_back(order[i].second);
  return spots;
}

/// All movable racks of a hall side by side at the middle of one row, as far as that row takes them.
void Optimizer::block_at(std::uint32_t hall, const RackSpots::Row& row) {
  std::vector<std::uint32_t> racks;
  for (const auto rack : movable_.racks) {
    if (place_.racks[rack].hall.index() == hall) racks.push_back(rack);
  }
  const auto count = std::min(racks.size(), row.end - row.first);
  const auto first = row.first + (row.end - row.first - count) / 2;
  for (std::size_t i = 0; i < count; ++i) {
    const auto spot = spots_.of(racks[i]);
    if (spots_.may_swap(spot, first + i)) spots_.swap(spot, first + i);
  }
}

/// Starts from the row at whose middle the block of network racks costs least.
void Optimizer::try_rows() {
  const auto central = spots_;
  auto best = central;
  auto best_cost = network_cost();
  std::int64_t bundles = 0;
  for (const auto rack : movable_.racks) bundles += static_cast<std::int64_t>(bundles_[rack].size());
  std::int64_t steps = 0;
  for (std::uint32_t h = 0; h < spec_.floor.halls.size(); ++h) {
    for (std::size_t row = 0; row < central.rows(h).size() && steps < most_steps; ++row) {
      spots_ = central;
      block_at(h, central.rows(h)[row]);
      steps += bundles + static_cast<std::int64_t>(central.size());
      const auto cost = network_cost();
      if (cost >= best_cost) continue;
      best_cost = cost;
      best = spots_;
    }
  }
  spots_ = std::move(best);
}

bool Optimizer::sweep_places(int sweep) {
  bool moved = false;
  std::size_t done = 0;
  for (const auto rack : movable_.racks) {
    if (progress_ && done % 16 == 0) progress_((sweep * 1000 + static_cast<int>(1000 * done / movable_.racks.size())) / most_sweeps);
    ++done;
    const auto from = spots_.of(rack);
    const auto here = cost_of(rack);
    auto best = from;
    std::int64_t best_gain = 0;
    for (const auto to : candidates(rack)) {
      if (!spots_.may_swap(from, to)) continue;
      const auto other = spots_[to].rack;
      const auto others = [&] { return other == RackSpots::no_rack ? 0 : cost_of(other); };
      // The way between the two is the same before and after, so counting it twice changes nothing.
      const auto before = here + others();
      spots_.swap(from, to);
      const auto after = cost_of(rack) + others();
      spots_.swap(from, to);
      if (before - after <= best_gain) continue;
      best_gain = before - after;
      best = to;
    }
    if (best == from) continue;
    spots_.swap(from, best);
    moved = true;
  }
  return moved;
}

std::int64_t Optimizer::switch_cost(DeviceId device, const RunModel& runs) const {
  std::int64_t cost = 0;
  for (const auto i : links_of_switch_[device.index()]) {
    const auto length = runs.length(network_.links[i].from, network_.links[i].to);
    cost += length ? price(rules_[rule_of_link_[i]], length->count()) : 0;
  }
  return cost;
}

/// Switches that gain most from standing high stand highest, where all of a rack are of one height.
bool Optimizer::sort_units(const std::vector<DeviceId>& devices, const RunModel& runs) {
  const auto height = place_.devices[devices.front().index()].height;
  std::vector<std::int32_t> units;
  for (const auto device : devices) {
    if (place_.devices[device.index()].height != height) return false;
    units.push_back(place_.devices[device.index()].unit);
  }
  std::sort(units.rbegin(), units.rend());
  std::vector<std::pair<std::int64_t, DeviceId>> gains;
  std::int64_t before = 0;
  for (const auto device : devices) {
    const auto unit = place_.devices[device.index()].unit;
    before += switch_cost(device, runs);
    place_.devices[device.index()].unit = units.back();
    const auto low = switch_cost(device, runs);
    place_.devices[device.index()].unit = units.front();
    const auto high = switch_cost(device, runs);
    place_.devices[device.index()].unit = unit;
    gains.emplace_back(high - low, device);
  }
  std::sort(gains.begin(), gains.end());
  std::vector<std::int32_t> old;
  for (const auto& [gain, device] : gains) old.push_back(place_.devices[device.index()].unit);
  for (std::size_t i = 0; i < gains.size(); ++i) place_.devices[gains[i].second.index()].unit = units[i];
  std::int64_t after = 0;
  for (const auto& entry : gains) after += switch_cost(entry.second, runs);
  if (after < before) return true;
  for (std::size_t i = 0; i < gains.size(); ++i) place_.devices[gains[i].second.index()].unit = old[i];
  return false;
}

bool Optimizer::sweep_units() {
  std::map<std::uint32_t, std::vector<DeviceId>> devices;
  for (const auto& group : network_.groups) {
    if (group.is_node()) continue;
    for (std::uint32_t n = 0; n < group.count; ++n) {
      const auto device = group.first.next(n);
      const auto rack = place_.devices[device.index()].rack.index();
      if (movable_.is[rack]) devices[rack].push_back(device);
    }
  }
  bool moved = false;
  // Racks stay, so one model serves while units change.
  const RunModel runs(spec_.floor, place_);
  for (const auto& entry : devices) moved = sort_units(entry.second, runs) || moved;
  return moved;
}

std::optional<MediaTotal> Optimizer::judge(const Placement& placement) const {
  Sink unheard;
  const auto cables = cable_network(spec_, catalog_, network_, placement, known_, unheard);
  if (unheard.has_errors()) return std::nullopt;
  return sum_media(spec_, catalog_, cables, spec_.floor.optimize_for).total;
}

void Optimizer::tell(const Optimized& result) {
  const bool cost = result.what == OptimizeFor::cost;
  const bool known = result.central.unknown_parts == 0 && result.chosen.unknown_parts == 0;
  const auto figure = [&](const MediaTotal& total) {
    return cost ? "$" + grouped(total.figure / 100) : decimal(total.figure, 6) + " kW";
  };
  const auto pieces = [&](const MediaTotal& total) {
    return counted(total.modules, "module", "modules") + ", " + counted(total.active_cables, "active cable", "active cables") + " and " +
           grouped(total.length.count() / 1000) + " m of cable";
  };
  std::string text = "optimize moved " + grouped(result.moved_racks) + " of " + counted(result.network_racks, "network rack", "network racks") + " and " +
                     counted(result.moved_switches, "switch", "switches") + ": ";
  text += known ? figure(result.chosen) + " of cables and modules where `central` has " + figure(result.central)
                : pieces(result.chosen) + " where `central` has " + pieces(result.central);
  if (known && result.central.figure > 0) {
    const auto saved = (result.central.figure - result.chosen.figure) * 10'000 / result.central.figure;
    text += ", " + decimal(saved, 2) + " % less";
  }
  place_.reasons.push_back(std::move(text));
  if (known) return;
  const auto fabric = std::find_if(spec_.fabrics.begin(), spec_.fabrics.end(), [](const FabricSpec& of) { return of.switches == SwitchPlacement::optimize; });
  sink_.report(Code::optimized_without_figures, fabric->origin.of("switches"),
               counted(result.central.unknown_parts, "part", "parts") + " in use " + (result.central.unknown_parts == 1 ? "has" : "have") + " no " +
                   (cost ? "price" : "power figure") + ", so `optimize` made modules, then active cables, then the length of cables least",
               cost ? "state prices in a price list or an overlay catalog" : "state the figures in an overlay catalog");
}

Placement Optimizer::run() {
  Sink unheard;
  const auto cables = cable_network(spec_, catalog_, network_, place_, known_, unheard);
  // What cannot be cabled is reported by the cabling that follows.
  if (unheard.has_errors()) return std::move(place_);
  const auto central = place_;
  Optimized result;
  result.what = spec_.floor.optimize_for;
  const auto sums = sum_media(spec_, catalog_, cables, result.what);
  result.central = result.chosen = sums.total;
  result.network_racks = static_cast<std::int64_t>(movable_.racks.size());
  estimate_weights(sums);
  collect_bundles(cables);
  try_rows();
  for (int sweep = 0; sweep < most_sweeps && sweep_places(sweep); ++sweep) {}
  spots_.write(place_);
  sweep_units();
  const auto found = judge(place_);
  if (found && is_better(*found, result.central)) {
    result.chosen = *found;
    for (const auto rack : movable_.racks) {
      const auto& was = central.racks[rack];
      result.moved_racks += was.row != place_.racks[rack].row || was.position != place_.racks[rack].position ? 1 : 0;
    }
    for (std::size_t d = 0; d < place_.devices.size(); ++d) result.moved_switches += central.devices[d].unit != place_.devices[d].unit ? 1 : 0;
  } else {
    place_ = central;
  }
  place_.optimized = result;
  tell(result);
  return std::move(place_);
}

} // namespace

bool wants_optimize(const ClusterSpec& spec) {
  return std::any_of(spec.fabrics.begin(), spec.fabrics.end(), [](const FabricSpec& fabric) { return fabric.switches == SwitchPlacement::optimize; });
}

Placement optimize_placement(const ClusterSpec& spec, const Catalog& catalog, const Network& network, Placement central, const KnownCables& known,
                             Sink& sink, const std::function<void(int)>& progress) {
  return Optimizer(spec, catalog, network, std::move(central), known, sink, progress).run();
}

} // namespace icplan
