// SPDX-License-Identifier: Apache-2.0
// A descent over places of network racks under an estimate of what their cables cost, judged by complete cablings.
#include "icplan/cabling/optimize.hpp"

#include "icplan/base/text.hpp"
#include "icplan/place/geometry.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <numeric>
#include <set>

namespace icplan {
namespace {

constexpr std::int64_t most_steps = 300'000'000;
constexpr int most_sweeps = 6;
constexpr std::int64_t most_spots = 2'000'000;
constexpr std::uint32_t nothing = ~0U;
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

class Optimizer {
public:
  Optimizer(const ClusterSpec& spec, const Catalog& catalog, const Network& network, Placement central, const KnownCables& known, Sink& sink,
            const std::function<void(int)>& progress)
      : spec_(spec), catalog_(catalog), network_(network), place_(std::move(central)), known_(known), sink_(sink), progress_(progress) {}

  Placement run();

private:
  struct Spot {
    std::uint32_t hall = 0;
    std::int64_t row = 0;
    std::int64_t position = 0;
    std::int64_t along_mm = 0;
    std::int64_t across_mm = 0;
    std::uint32_t rack = nothing;
  };

  /// Spots of one row: consecutive, by position.
  struct Row {
    std::int64_t row = 0;
    std::int64_t across_mm = 0;
    std::size_t first = 0;
    std::size_t end = 0;
  };

  void find_movable();
  void find_spots();
  void estimate_weights(const CableTable& cables);
  void collect_bundles(const CableTable& cables);
  [[nodiscard]] std::int64_t price(const LinkRule& rule, std::int64_t length_mm) const;
  [[nodiscard]] std::int64_t floor_way(std::uint32_t a, std::uint32_t b) const;
  [[nodiscard]] std::int64_t cost_of(std::uint32_t rack) const;
  [[nodiscard]] std::int64_t network_cost() const;
  [[nodiscard]] bool may_take(std::uint32_t rack, const Spot& spot) const;
  [[nodiscard]] bool may_swap(std::size_t from, std::size_t to) const;
  void swap_spots(std::size_t from, std::size_t to);
  [[nodiscard]] std::vector<std::size_t> candidates(std::uint32_t rack) const;
  void try_rows();
  void block_at(std::uint32_t hall, const Row& row);
  bool sweep_places(int sweep);
  bool sweep_units();
  bool sort_units(const std::vector<DeviceId>& devices, const RunModel& runs);
  [[nodiscard]] std::int64_t switch_cost(DeviceId device, const RunModel& runs) const;
  void write_spots();
  [[nodiscard]] std::optional<MediaTotal> judge(const Placement& placement) const;
  void tell(const Optimized& result);

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  const Network& network_;
  Placement place_;
  const KnownCables& known_;
  Sink& sink_;
  const std::function<void(int)>& progress_;
  std::vector<std::uint32_t> movable_;
  std::vector<bool> is_movable_;
  /// By rack: rows that it may stand in; empty: any.
  std::vector<std::vector<std::int64_t>> rows_of_;
  std::vector<Spot> spots_;
  /// By hall.
  std::vector<std::vector<Row>> rows_;
  /// By rack: its spot.
  std::vector<std::size_t> spot_of_;
  std::vector<std::map<std::int64_t, std::int64_t>> row_power_;
  Weights weights_;
  std::vector<LinkRule> rules_;
  std::vector<std::vector<Bundle>> bundles_;
  /// By link, while bundles and switches are priced.
  std::vector<std::uint32_t> rule_of_link_;
  std::vector<std::vector<std::uint32_t>> links_of_switch_;
};

/// Network racks whose switches all belong to fabrics that say `optimize`.
void Optimizer::find_movable() {
  const auto racks = place_.racks.size();
  std::vector<bool> wanted(racks, false);
  std::vector<bool> barred(racks, false);
  rows_of_.resize(racks);
  // Leaves that stand in the row of their nodes keep those there.
  const bool in_rows = std::any_of(spec_.fabrics.begin(), spec_.fabrics.end(), [](const FabricSpec& fabric) {
    return fabric.switches == SwitchPlacement::middle_of_row || fabric.switches == SwitchPlacement::end_of_row;
  });
  for (const auto& group : network_.groups) {
    for (std::uint32_t n = 0; n < group.count; ++n) {
      const auto rack = place_.devices[group.first.index() + n].rack.index();
      if (group.is_node()) {
        const auto& nodes = spec_.nodes[group.nodes.index()];
        if (nodes.pdus) continue;
        barred[rack] = true;
        rows_of_[rack] = in_rows ? std::vector<std::int64_t>{place_.racks[rack].row} : nodes.rows;
      } else if (spec_.fabrics[group.fabric.index()].switches == SwitchPlacement::optimize) {
        wanted[rack] = true;
      } else {
        barred[rack] = true;
        // Other network racks keep their places: no row is open to them.
        rows_of_[rack] = {-1};
      }
    }
  }
  is_movable_.assign(racks, false);
  for (std::uint32_t r = 0; r < racks; ++r) {
    is_movable_[r] = wanted[r] && !barred[r] && !place_.racks[r].pinned;
    if (is_movable_[r]) movable_.push_back(r);
  }
}

/// Every place that may hold a rack, in the rows that hold some. Where that would be too many, those alone that do.
void Optimizer::find_spots() {
  spot_of_.assign(place_.racks.size(), 0);
  row_power_.resize(spec_.floor.halls.size());
  std::map<std::array<std::int64_t, 3>, std::uint32_t> standing;
  for (std::uint32_t r = 0; r < place_.racks.size(); ++r) {
    const auto& rack = place_.racks[r];
    standing.emplace(std::array<std::int64_t, 3>{std::int64_t{rack.hall.index()}, rack.row, rack.position}, r);
    row_power_[rack.hall.index()][rack.row] += rack.power.count();
  }
  std::int64_t places = 0;
  for (std::uint32_t h = 0; h < spec_.floor.halls.size(); ++h) {
    for (const auto& entry : row_power_[h]) places += spec_.floor.halls[h].width(entry.first);
  }
  rows_.resize(spec_.floor.halls.size());
  for (std::uint32_t h = 0; h < spec_.floor.halls.size(); ++h) {
    const auto& hall = spec_.floor.halls[h];
    for (const auto& entry : row_power_[h]) {
      const auto row = entry.first;
      rows_[h].push_back({row, spec_.floor.row_offset(hall, row).count(), spots_.size(), spots_.size()});
      for (std::int64_t position = 0; position < hall.width(row); ++position) {
        const auto found = standing.find({std::int64_t{h}, row, position});
        if (found == standing.end() && (places > most_spots || !hall.usable({row, position}))) continue;
        Spot spot{h, row, position, position * spec_.floor.rack_pitch.count(), rows_[h].back().across_mm, nothing};
        if (found != standing.end()) {
          spot.rack = found->second;
          spot_of_[spot.rack] = spots_.size();
        }
        spots_.push_back(spot);
      }
      rows_[h].back().end = spots_.size();
    }
  }
}

/// What one link of each class costs on average where the racks stand now; where figures are missing, modules weigh more than any number of active cables,
/// and those more than any length.
void Optimizer::estimate_weights(const CableTable& cables) {
  const auto total = media_total(spec_, catalog_, cables, spec_.floor.optimize_for);
  weights_.fixed = {0, 1'000'000, 1'000'000'000};
  if (total.unknown_parts > 0) return;
  std::array<std::int64_t, 3> sum{};
  std::array<std::int64_t, 3> links{};
  for (const auto& assembly : cables.assemblies) {
    const auto& solution = cables.solutions[assembly.solution.index()];
    if (solution.media > MediaClass::osfp) continue;
    const auto media = static_cast<std::size_t>(solution.media);
    CableTable one;
    one.solutions = {solution};
    one.assemblies = {{SolutionId(0), assembly.needed_mm, assembly.used_legs, 0}};
    sum[media] += media_total(spec_, catalog_, one, spec_.floor.optimize_for).figure;
    links[media] += assembly.used_legs;
  }
  for (const auto module : cables.module_of_cage) {
    if (module == 0) continue;
    CableTable one;
    one.modules = cables.modules;
    one.module_of_cage = {module};
    sum[2] += media_total(spec_, catalog_, one, spec_.floor.optimize_for).figure;
  }
  for (std::size_t c = 0; c < 3; ++c) {
    // A class that does not occur yet keeps its order of preference, in proportion to what does.
    weights_.fixed[c] = links[c] > 0 ? sum[c] * 1000 / links[c] : c == 0 ? 0 : weights_.fixed[c - 1] * 2 + 1'000'000;
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
      if (!is_movable_[a] && !is_movable_[b]) continue;
      const auto& leg = cables.legs[i];
      const LinkRule rule{media.dac_below.count(), media.aoc_up_to.count(), cables.solution(leg).media == MediaClass::osfp && leg.escalated};
      const auto number = known.try_emplace(rule, static_cast<std::uint32_t>(known.size())).first->second;
      if (number == rules_.size()) rules_.push_back(rule);
      rule_of_link_[i] = number;
      for (const auto device : {link.from, link.to}) {
        if (is_movable_[place_.devices[device.index()].rack.index()]) links_of_switch_[device.index()].push_back(i);
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

std::int64_t Optimizer::floor_way(std::uint32_t a, std::uint32_t b) const {
  const auto& from = spots_[spot_of_[a]];
  const auto& to = spots_[spot_of_[b]];
  if (from.hall == to.hall) return std::abs(from.along_mm - to.along_mm) + std::abs(from.across_mm - to.across_mm);
  // Ducts between two halls are the same wherever a rack stands.
  std::int64_t way = 0;
  for (const auto* spot : {&from, &to}) {
    const auto& hall = spec_.floor.halls[spot->hall];
    way += std::abs(spot->along_mm - hall.exit.position * spec_.floor.rack_pitch.count()) +
           std::abs(spot->across_mm - spec_.floor.row_offset(hall, hall.exit.row).count());
  }
  return way;
}

std::int64_t Optimizer::cost_of(std::uint32_t rack) const {
  std::int64_t cost = 0;
  for (const auto& bundle : bundles_[rack]) cost += bundle.count * price(rules_[bundle.rule], bundle.base_mm + floor_way(rack, bundle.other));
  return cost;
}

std::int64_t Optimizer::network_cost() const {
  std::int64_t cost = 0;
  for (const auto rack : movable_) {
    for (const auto& bundle : bundles_[rack]) {
      // Links between two movable racks count once.
      if (is_movable_[bundle.other] && bundle.other < rack) continue;
      cost += bundle.count * price(rules_[bundle.rule], bundle.base_mm + floor_way(rack, bundle.other));
    }
  }
  return cost;
}

bool Optimizer::may_take(std::uint32_t rack, const Spot& spot) const {
  if (rack == nothing) return true;
  const auto& standing = place_.racks[rack];
  const auto& rows = rows_of_[rack];
  return !standing.pinned && standing.hall.index() == spot.hall && (rows.empty() || std::find(rows.begin(), rows.end(), spot.row) != rows.end());
}

bool Optimizer::may_swap(std::size_t from, std::size_t to) const {
  const auto& a = spots_[from];
  const auto& b = spots_[to];
  if (!may_take(a.rack, b) || !may_take(b.rack, a)) return false;
  const auto& limit = spec_.floor.halls[a.hall].max_row_power;
  if (!limit || a.row == b.row) return true;
  const auto power = [&](std::uint32_t rack) { return rack == nothing ? std::int64_t{0} : place_.racks[rack].power.count(); };
  const auto drawn = [&](std::int64_t row) {
    const auto found = row_power_[a.hall].find(row);
    return found == row_power_[a.hall].end() ? std::int64_t{0} : found->second;
  };
  const auto more = power(b.rack) - power(a.rack);
  return drawn(a.row) + more <= limit->count() && drawn(b.row) - more <= limit->count();
}

void Optimizer::swap_spots(std::size_t from, std::size_t to) {
  auto& a = spots_[from];
  auto& b = spots_[to];
  const auto move = [&](std::uint32_t rack, const Spot& old, const Spot& now, std::size_t number) {
    if (rack == nothing) return;
    row_power_[old.hall][old.row] -= place_.racks[rack].power.count();
    row_power_[now.hall][now.row] += place_.racks[rack].power.count();
    spot_of_[rack] = number;
  };
  move(a.rack, a, b, to);
  move(b.rack, b, a, from);
  std::swap(a.rack, b.rack);
}

/// Spots worth trying for a rack: all of its hall where that is cheap, else those nearest to the median of what it is joined to.
std::vector<std::size_t> Optimizer::candidates(std::uint32_t rack) const {
  const auto hall = spots_[spot_of_[rack]].hall;
  std::vector<std::pair<std::int64_t, std::int64_t>> along;
  std::vector<std::pair<std::int64_t, std::int64_t>> across;
  for (const auto& bundle : bundles_[rack]) {
    const auto& other = spots_[spot_of_[bundle.other]];
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
  const auto x = median(along);
  const auto y = median(across);
  const auto steps = static_cast<std::int64_t>(2 * bundles_[rack].size() + 64) * static_cast<std::int64_t>(movable_.size()) * most_sweeps;
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(most_steps / std::max<std::int64_t>(steps, 1), 16));
  const auto all = rows_[hall].back().end - rows_[hall].front().first;
  // Wider and wider around the median, until there are enough.
  std::vector<std::pair<std::int64_t, std::size_t>> order;
  for (std::int64_t reach = 4 * spec_.floor.rack_pitch.count();; reach *= 2) {
    order.clear();
    for (const auto& row : rows_[hall]) {
      const auto left = reach - std::abs(row.across_mm - y);
      if (left < 0) continue;
      const auto begin = spots_.begin() + static_cast<std::ptrdiff_t>(row.first);
      const auto end = spots_.begin() + static_cast<std::ptrdiff_t>(row.end);
      auto spot = std::lower_bound(begin, end, x - left, [](const Spot& candidate, std::int64_t least) { return candidate.along_mm < least; });
      for (; spot != end && spot->along_mm <= x + left; ++spot)
        order.emplace_back(reach - left + std::abs(spot->along_mm - x), static_cast<std::size_t>(spot - spots_.begin()));
    }
    if (order.size() > most || order.size() == all) break;
  }
  std::sort(order.begin(), order.end());
  order.erase(std::remove_if(order.begin(), order.end(), [&](const auto& entry) { return entry.second == spot_of_[rack]; }), order.end());
  std::vector<std::size_t> spots;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) spots.push_back(order[i].second);
  return spots;
}

/// All movable racks of a hall side by side at the middle of one row, as far as that row takes them.
void Optimizer::block_at(std::uint32_t hall, const Row& row) {
  std::vector<std::uint32_t> racks;
  for (const auto rack : movable_) {
    if (place_.racks[rack].hall.index() == hall) racks.push_back(rack);
  }
  const auto count = std::min(racks.size(), row.end - row.first);
  const auto first = row.first + (row.end - row.first - count) / 2;
  for (std::size_t i = 0; i < count; ++i) {
    if (may_swap(spot_of_[racks[i]], first + i)) swap_spots(spot_of_[racks[i]], first + i);
  }
}

/// Starts from the row at whose middle the block of network racks costs least.
void Optimizer::try_rows() {
  const auto spots = spots_;
  const auto spot_of = spot_of_;
  const auto power = row_power_;
  auto best = network_cost();
  auto best_spots = spots;
  auto best_spot_of = spot_of;
  auto best_power = power;
  std::int64_t steps = 0;
  for (std::uint32_t h = 0; h < spec_.floor.halls.size(); ++h) {
    for (std::size_t row = 0; row < rows_[h].size() && steps < most_steps; ++row) {
      spots_ = spots;
      spot_of_ = spot_of;
      row_power_ = power;
      block_at(h, rows_[h][row]);
      for (const auto rack : movable_) steps += static_cast<std::int64_t>(bundles_[rack].size());
      steps += static_cast<std::int64_t>(spots.size());
      const auto cost = network_cost();
      if (cost >= best) continue;
      best = cost;
      best_spots = spots_;
      best_spot_of = spot_of_;
      best_power = row_power_;
    }
  }
  spots_ = std::move(best_spots);
  spot_of_ = std::move(best_spot_of);
  row_power_ = std::move(best_power);
}

bool Optimizer::sweep_places(int sweep) {
  bool moved = false;
  std::size_t done = 0;
  for (const auto rack : movable_) {
    if (progress_ && done % 16 == 0) progress_((sweep * 1000 + static_cast<int>(1000 * done / movable_.size())) / most_sweeps);
    ++done;
    const auto from = spot_of_[rack];
    auto best = from;
    std::int64_t best_gain = 0;
    for (const auto to : candidates(rack)) {
      if (!may_swap(from, to)) continue;
      const auto other = spots_[to].rack;
      // The way between the two is the same before and after, so counting it twice changes nothing.
      const auto before = cost_of(rack) + (other == nothing ? 0 : cost_of(other));
      swap_spots(from, to);
      const auto after = cost_of(rack) + (other == nothing ? 0 : cost_of(other));
      swap_spots(from, to);
      if (before - after <= best_gain) continue;
      best_gain = before - after;
      best = to;
    }
    if (best == from) continue;
    swap_spots(from, best);
    moved = true;
  }
  return moved;
}

void Optimizer::write_spots() {
  for (const auto& spot : spots_) {
    if (spot.rack == nothing) continue;
    place_.racks[spot.rack].row = spot.row;
    place_.racks[spot.rack].position = spot.position;
  }
  std::fill(place_.rows.begin(), place_.rows.end(), 0);
  for (const auto& rack : place_.racks) place_.rows[rack.hall.index()] = std::max(place_.rows[rack.hall.index()], rack.row + 1);
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
      if (is_movable_[rack]) devices[rack].push_back(device);
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
  return media_total(spec_, catalog_, cables, spec_.floor.optimize_for);
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
  result.central = result.chosen = media_total(spec_, catalog_, cables, result.what);
  find_movable();
  result.network_racks = static_cast<std::int64_t>(movable_.size());
  find_spots();
  estimate_weights(cables);
  collect_bundles(cables);
  try_rows();
  for (int sweep = 0; sweep < most_sweeps && sweep_places(sweep); ++sweep) {}
  write_spots();
  sweep_units();
  const auto found = judge(place_);
  if (found && is_better(*found, result.central)) {
    result.chosen = *found;
    for (const auto rack : movable_) {
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

MediaTotal media_total(const ClusterSpec& spec, const Catalog& catalog, const CableTable& cables, OptimizeFor what) {
  MediaTotal total;
  std::set<PartId> unknown;
  const auto add = [&](PartId part, std::optional<std::int64_t> figure, std::int64_t count) {
    if (count == 0) return;
    if (figure) {
      total.figure += *figure * count;
    } else {
      unknown.insert(part);
    }
  };
  std::vector<std::int64_t> bought(cables.solutions.size(), 0);
  for (const auto& assembly : cables.assemblies) ++bought[assembly.solution.index()];
  for (std::size_t s = 0; s < bought.size(); ++s) {
    const auto& solution = cables.solutions[s];
    const auto& part = catalog[solution.part];
    total.length += solution.sold * bought[s];
    if (solution.media == MediaClass::aoc) total.active_cables += bought[s];
    std::optional<std::int64_t> figure;
    if (what == OptimizeFor::cost) {
      if (const auto price = spec.price(catalog, solution.part, solution.sold)) figure = price->amount.count();
    } else if (const auto* cable = part.as<CableFacts>()) {
      const auto a = spec.accepted(cable->end_power[0]);
      const auto b = spec.accepted(cable->end_power[1]);
      if (a && b) figure = (*a + *b * std::max<std::int64_t>(cable->ends[1].count, 1)).count();
    } else {
      figure = 0;
    }
    add(solution.part, figure, bought[s]);
  }
  std::vector<std::int64_t> lit(cables.modules.size() + 1, 0);
  for (const auto module : cables.module_of_cage) ++lit[module];
  for (std::size_t m = 1; m < lit.size(); ++m) {
    const auto& part = catalog[cables.modules[m - 1]];
    total.modules += lit[m];
    std::optional<std::int64_t> figure;
    if (what == OptimizeFor::cost) {
      if (const auto price = spec.price(catalog, cables.modules[m - 1])) figure = price->amount.count();
    } else if (const auto watts = spec.accepted(part.power_max)) {
      figure = watts->count();
    }
    add(cables.modules[m - 1], figure, lit[m]);
  }
  total.unknown_parts = static_cast<std::int64_t>(unknown.size());
  return total;
}

bool is_better(const MediaTotal& a, const MediaTotal& b) {
  const auto rank = [](const MediaTotal& total, bool known) {
    return known ? std::array<std::int64_t, 3>{total.figure, total.length.count(), 0}
                 : std::array<std::int64_t, 3>{total.modules, total.active_cables, total.length.count()};
  };
  const bool known = a.unknown_parts == 0 && b.unknown_parts == 0;
  return rank(a, known) < rank(b, known);
}

bool wants_optimize(const ClusterSpec& spec) {
  return std::any_of(spec.fabrics.begin(), spec.fabrics.end(), [](const FabricSpec& fabric) { return fabric.switches == SwitchPlacement::optimize; });
}

Placement optimize_placement(const ClusterSpec& spec, const Catalog& catalog, const Network& network, Placement central, const KnownCables& known,
                             Sink& sink, const std::function<void(int)>& progress) {
  return Optimizer(spec, catalog, network, std::move(central), known, sink, progress).run();
}

} // namespace icplan
