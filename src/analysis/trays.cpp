// SPDX-License-Identifier: Apache-2.0
// Lays every cable into the trays: cables between the same two racks are added up first, then laid piece by piece with differences.
#include "icplan/analysis/trays.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace icplan {
namespace {

void add(TrayLoad& to, const TrayLoad& more, std::int64_t times) {
  to.cables += more.cables * times;
  to.squares += more.squares * times;
  to.weight += more.weight * times;
  to.unknown_diameters += more.unknown_diameters * times;
  to.unknown_weights += more.unknown_weights * times;
}

class TrayMeter {
public:
  explicit TrayMeter(const Plan& plan) : plan_(plan) {
    for (const auto& solution : plan.cables.solutions) loads_.push_back(load_of(plan.part(solution.part)));
  }

  std::vector<TrayPiece> run() {
    gather();
    for (const auto& [racks, load] : runs_) lay(racks, load);
    return pieces();
  }

private:
  /// Hall, crossing, then row and position, or for a crossing position and row: the order in which differences run.
  using Place = std::tuple<std::uint32_t, bool, std::int64_t, std::int64_t>;

  TrayLoad load_of(const Part& part) const {
    TrayLoad load;
    load.cables = 1;
    const auto* body = part.cable_body();
    const auto diameter = body == nullptr ? std::nullopt : plan_.spec.accepted(body->diameter);
    const auto weight = body == nullptr ? std::nullopt : plan_.spec.accepted(body->weight_per_metre);
    if (diameter) load.squares = diameter->count() * diameter->count();
    if (weight) load.weight = *weight;
    load.unknown_diameters = diameter ? 0 : 1;
    load.unknown_weights = weight ? 0 : 1;
    return load;
  }

  /// By pair of racks, lower end first. A cable whose legs go to several racks lies on the way to each of them.
  void gather() {
    const auto& devices = plan_.placement.devices;
    const auto key_of = [&](const Link& link) {
      return std::uint64_t{devices[link.from.index()].rack.index()} << 32U | devices[link.to.index()].rack.index();
    };
    std::unordered_map<std::uint64_t, TrayLoad> by_pair;
    for (std::size_t i = 0; i < plan_.network.links.size(); ++i) {
      const auto& assembly = plan_.cables.assemblies[plan_.cables.legs[i].assembly.index()];
      const auto key = key_of(plan_.network.links[i]);
      const bool same_rack = key >> 32U == (key & 0xffffffffU);
      if (same_rack || (assembly.first_link != i && key == key_of(plan_.network.links[assembly.first_link]))) continue;
      add(by_pair[key], loads_[assembly.solution.index()], 1);
    }
    runs_.assign(by_pair.begin(), by_pair.end());
    std::sort(runs_.begin(), runs_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }

  void stretch(std::uint32_t hall, bool crossing, std::int64_t fixed, std::int64_t from, std::int64_t to, const TrayLoad& load) {
    if (from == to) return;
    add(differences_[{hall, crossing, fixed, std::min(from, to)}], load, 1);
    add(differences_[{hall, crossing, fixed, std::max(from, to)}], load, -1);
  }

  void way(std::uint32_t hall, std::int64_t from_row, std::int64_t from_position, std::int64_t to_row, std::int64_t to_position,
           const TrayLoad& load) {
    stretch(hall, false, from_row, from_position, to_position, load);
    stretch(hall, true, to_position, from_row, to_row, load);
  }

  void lay(std::uint64_t racks, const TrayLoad& load) {
    const auto& from = plan_.placement.racks[static_cast<std::size_t>(racks >> 32U)];
    const auto& to = plan_.placement.racks[static_cast<std::size_t>(racks & 0xffffffffU)];
    if (from.hall == to.hall) {
      way(from.hall.index(), from.row, from.position, to.row, to.position, load);
      return;
    }
    for (const auto* rack : {&from, &to}) {
      const auto& exit = plan_.spec.floor.halls[rack->hall.index()].exit;
      way(rack->hall.index(), rack->row, rack->position, exit.row, exit.position, load);
    }
  }

  std::vector<TrayPiece> pieces() const {
    std::vector<TrayPiece> list;
    TrayLoad load;
    for (auto at = differences_.begin(); at != differences_.end(); ++at) {
      const auto [hall, crossing, fixed, begin] = at->first;
      add(load, at->second, 1);
      const auto next = std::next(at);
      if (load.cables == 0 || next == differences_.end()) continue;
      for (auto along = begin; along < std::get<3>(next->first); ++along) {
        TrayPiece piece;
        piece.hall = HallId(hall);
        piece.crossing = crossing;
        piece.row = crossing ? along : fixed;
        piece.position = crossing ? fixed : along;
        piece.load = load;
        list.push_back(piece);
      }
    }
    std::stable_sort(list.begin(), list.end(), [](const TrayPiece& a, const TrayPiece& b) {
      return std::tuple(a.hall.index(), a.crossing, a.row, a.position) < std::tuple(b.hall.index(), b.crossing, b.row, b.position);
    });
    return list;
  }

  const Plan& plan_;
  std::vector<TrayLoad> loads_;
  std::vector<std::pair<std::uint64_t, TrayLoad>> runs_;
  std::map<Place, TrayLoad> differences_;
};

std::string piece_name(const Plan& plan, const TrayPiece& piece) {
  const auto hall = "hall " + plan.spec.floor.halls[piece.hall.index()].name;
  if (piece.crossing)
    return hall + ", between rows " + std::to_string(piece.row + 1) + " and " + std::to_string(piece.row + 2) + " at position " +
           std::to_string(piece.position + 1);
  return hall + ", row " + std::to_string(piece.row + 1) + " between positions " + std::to_string(piece.position + 1) + " and " +
         std::to_string(piece.position + 2);
}

} // namespace

std::int64_t TrayLoad::area_thousandths() const {
  // pi/4 x um2 / 10^6 = mm2; thousandths of it.
  constexpr std::int64_t quarter_pi = 785'398;
  return ((squares / 1000) * quarter_pi + 500'000) / 1'000'000;
}

std::int64_t fill_thousandths(const TraySpec& tray, const TrayLoad& load) {
  return divide_up(load.area_thousandths() * 100, tray.width.count() * tray.height.count());
}

std::vector<TrayPiece> measure_trays(const Plan& plan) { return TrayMeter(plan).run(); }

void judge_trays(const Plan& plan, Sink& sink) {
  const auto& tray = plan.spec.floor.tray;
  if (!tray || (!tray->max_fill && !tray->max_load)) return;
  const auto trays = measure_trays(plan);
  const TrayPiece* fullest = nullptr;
  const TrayPiece* heaviest = nullptr;
  std::uint64_t overfull = 0;
  std::uint64_t overloaded = 0;
  std::int64_t unknown_diameters = 0;
  std::int64_t unknown_weights = 0;
  for (const auto& piece : trays) {
    if (fullest == nullptr || piece.load.squares > fullest->load.squares) fullest = &piece;
    if (heaviest == nullptr || piece.load.weight > heaviest->load.weight) heaviest = &piece;
    if (tray->max_fill && fill_thousandths(*tray, piece.load) > *tray->max_fill) ++overfull;
    if (tray->max_load && piece.load.weight > *tray->max_load) ++overloaded;
    unknown_diameters = std::max(unknown_diameters, piece.load.unknown_diameters);
    unknown_weights = std::max(unknown_weights, piece.load.unknown_weights);
  }
  const auto report = [&](Code code, std::string_view key, std::uint64_t count, std::string message, std::string help) {
    sink.report(Finding::of(code, tray->origin.of(key), std::move(message), std::move(help), count));
  };
  if (overfull > 0)
    report(Code::tray_overfull, "max_fill_percent", overfull,
           "the tray of " + piece_name(plan, *fullest) + " is filled to " + decimal(fill_thousandths(*tray, fullest->load), 3) + " % by " +
               counted(fullest->load.cables, "cable", "cables") + ", but may be filled to " + decimal(*tray->max_fill, 3) + " %",
           "use a wider tray, several of them, or spread the network racks");
  if (overloaded > 0)
    report(Code::tray_overloaded, "max_load_kg_per_m", overloaded,
           "the tray of " + piece_name(plan, *heaviest) + " carries " + decimal(heaviest->load.weight.count(), 6) + " kg for each metre, but bears " +
               decimal(tray->max_load->count(), 6),
           "use a stronger tray, several of them, or spread the network racks");
  const auto unjudged = [&](std::string_view key, std::int64_t unknown, std::string_view what) {
    if (unknown == 0 || !tray->origin.states(key)) return;
    report(Code::tray_not_judged, key, static_cast<std::uint64_t>(unknown),
           "up to " + counted(unknown, "cable", "cables") + " in one piece of tray have no known " + std::string(what) +
               ", so it holds more than was counted",
           "state them in an overlay catalog");
  };
  unjudged("max_fill_percent", unknown_diameters, "diameter");
  unjudged("max_load_kg_per_m", unknown_weights, "weight");
}

} // namespace icplan
