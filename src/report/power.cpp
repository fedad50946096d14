// SPDX-License-Identifier: Apache-2.0
// Power and energy as tables for readers.
#include "icplan/report/energy.hpp"

#include "figures.hpp"
#include "power_figures.hpp"

#include <algorithm>
#include <numeric>

namespace icplan {
namespace {

/// Of so many racks readers are shown these; CSV and JSON have all.
constexpr std::size_t most_racks = 10;

/// pJ/bit with at most two decimals; a lower bound is cut.
std::string picojoules(const BitEnergy& energy) {
  if (energy.bound == Bound::unknown) return "unknown";
  const auto fj = energy.energy.count();
  const bool exact = energy.bound == Bound::exact;
  return (exact ? "" : ">= ") + grouped_decimal((fj + (exact ? 5 : 0)) / 10, 2);
}

std::string tbps(Mbps rate) { return grouped_decimal(rate.count(), 6); }

class PowerTables {
public:
  PowerTables(const Plan& plan, const PowerFigures& figures) : plan_(plan), figures_(figures) {}

  std::vector<Section> run() {
    classes();
    tiers();
    rows();
    racks();
    links();
    parts();
    fabrics();
    share();
    year();
    return std::move(sections_);
  }

private:
  Section& add(std::string title) {
    sections_.emplace_back().title = std::move(title);
    return sections_.back();
  }

  void classes() {
    auto& section = add("Power by class");
    section.table.columns = {{"what", false}, {"count", true}, {"typical", true}, {"max", true}, {"parts without typical", true}, {"without max", true}};
    const auto row = [&](const PowerLine& line) {
      section.table.rows.push_back({line.what, line.count == 0 ? "" : grouped(line.count),
                                    line_watts(line.typical, line.unknown_typical, line.in_host_typical, line.count),
                                    line_watts(line.maximum, line.unknown_maximum, line.in_host_maximum, line.count), missing_text(line.unknown_typical),
                                    missing_text(line.unknown_maximum)});
    };
    for (const auto& line : figures_.classes) row(line);
    row(figures_.report.total);
    row(figures_.report.network);
    section.notes.push_back("in hosts: the figure of the device that it sits in holds it already, so it is not counted again");
    section.notes.push_back("network: switches, modules and plugs, those in nodes too even where the node's own figure holds them");
    section.notes.push_back(">=: the parts without a figure come on top");
  }

  void tiers() {
    if (figures_.tiers.empty()) return;
    auto& section = add("Power of fabrics by tier");
    section.table.columns = {{"fabric", false}, {"in", false},    {"switches", true}, {"typical", true},
                             {"max", true},     {"media", true},  {"typical", true},  {"max", true}};
    for (const auto& tier : figures_.tiers) {
      const auto& media = tier.media;
      const auto held = [](std::int64_t in_host, const PowerLine& line, std::string text) {
        return line.count == 0 ? std::string() : in_host > 0 && in_host == line.count ? std::string("in hosts") : text;
      };
      const bool none = tier.switches.count == 0;
      section.table.rows.push_back(
          {std::string(plan_.fabric_name(tier.fabric)), tier.name, none ? "" : grouped(tier.switches.count),
           none ? "" : watts_text(tier.switches.typical, tier.switches.unknown_typical),
           none ? "" : watts_text(tier.switches.maximum, tier.switches.unknown_maximum), media.count == 0 ? "" : grouped(media.count),
           held(media.in_host_typical, media, watts_text(media.typical, media.unknown_typical)),
           held(media.in_host_maximum, media, watts_text(media.maximum, media.unknown_maximum))});
    }
    section.notes.push_back("media: modules and plugs in the cages of the tier's switches, or of nodes");
  }

  static std::vector<std::string> place_cells(const PlacePower& place) {
    const auto sum = place.sum();
    const auto part = [](const PowerSum& of) {
      return of == PowerSum() ? std::string() : watts_text(of.maximum, of.unknown_maximum);
    };
    return {part(place.nodes), part(place.switches), part(place.media), watts_text(sum.typical, sum.unknown_typical), watts_text(sum.maximum, sum.unknown_maximum),
            watts_text(place.filled, place.unknown_filled)};
  }

  static void add_place_columns(Table& table) {
    for (const char* title : {"nodes max", "switches max", "media max", "typical", "max", "held to limits"}) table.columns.push_back({title, true});
  }

  void rows() {
    auto& section = add("Power by hall and row");
    section.table.columns = {{"hall", false}, {"row", true}, {"racks", true}};
    add_place_columns(section.table);
    const auto add_row = [&](std::string hall, std::string row, const PlacePower& place) {
      std::vector<std::string> cells = {std::move(hall), std::move(row), grouped(place.racks)};
      const auto more = place_cells(place);
      cells.insert(cells.end(), more.begin(), more.end());
      section.table.rows.push_back(std::move(cells));
    };
    PlacePower all;
    for (std::uint32_t h = 0; h < figures_.floor.halls.size(); ++h) {
      const auto& hall = figures_.floor.halls[h];
      if (hall.racks == 0) continue;
      all += hall;
      const auto& name = plan_.spec.floor.halls[h].name;
      add_row(name, "all", hall);
      for (const auto& row : figures_.floor.rows) {
        if (row.hall == HallId(h)) add_row(name, grouped(row.row + 1), row.power);
      }
    }
    add_row("all", "", all);
    section.notes.push_back("held to limits: devices and what is plugged into them at their max, else their typical draw, and gear that the plan does not know");
  }

  void racks() {
    const auto& racks = figures_.floor.racks;
    std::vector<std::uint32_t> order(racks.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto shown = std::min(order.size(), most_racks);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return racks[a].filled != racks[b].filled ? racks[a].filled > racks[b].filled : a < b;
    });
    auto& section = add(shown < racks.size() ? "Heaviest racks" : "Racks");
    section.table.columns = {{"rack", false}, {"devices", true}};
    add_place_columns(section.table);
    for (std::size_t i = 0; i < shown; ++i) {
      std::vector<std::string> cells = {plan_.placement.rack_name(plan_.spec.floor, RackId(order[i])), grouped(plan_.placement.racks[order[i]].devices)};
      const auto more = place_cells(racks[order[i]]);
      cells.insert(cells.end(), more.begin(), more.end());
      section.table.rows.push_back(std::move(cells));
    }
    if (shown < racks.size()) section.notes.push_back("csv and json have all " + grouped(static_cast<std::int64_t>(racks.size())) + " racks");
  }

  void links() {
    auto& section = add("Energy per bit of links");
    section.table.columns = {{"links", false}, {"count", true}, {"Tb/s", true}, {"pJ/bit typical", true}, {"pJ/bit max", true}, {"ends without a figure", true}};
    for (const auto& line : figures_.energy.links) {
      section.table.rows.push_back({line.what, grouped(line.links), tbps(line.rate), picojoules(line.typical), picojoules(line.maximum),
                                    missing_text(std::max(line.ends.unknown_typical, line.ends.unknown_maximum))});
    }
    section.notes.push_back("pJ/bit of a link = (W at end A + W at end B) / (2 x Tb/s); a module whose other port is dark draws for one link alone");
    section.notes.push_back("targets: about 15 pluggable, 5 co-packaged DWDM");
    if (figures_.energy.co_packaged_ends > 0) {
      section.notes.push_back("co-packaged optics take " + watts_text(figures_.energy.co_packaged, figures_.energy.co_packaged_unknown) +
                              " of what their switches and NICs draw; no total counts them again");
    }
  }

  void parts() {
    auto& section = add("Energy per bit of one end");
    section.table.columns = {{"part", false}, {"ends", true}, {"Gb/s", true}, {"pJ/bit typical", true}, {"pJ/bit max", true}, {"", false}};
    for (const auto& end : figures_.energy.ends) {
      section.table.rows.push_back({plan_.part(end.part).id, grouped(end.ends), grouped_decimal(end.rate.count(), 3), picojoules(end.typical),
                                    picojoules(end.maximum), end.co_packaged ? "co-packaged, in the device's own figure" : ""});
    }
    if (section.table.rows.empty()) {
      section.table.columns.clear();
      section.lines.push_back("no link has a module, a plug or co-packaged optics");
      return;
    }
    section.notes.push_back("W of one end / its Tb/s with all ports of its cage in use: a module of 16 W at 800 Gb/s takes 20 pJ/bit");
    section.notes.push_back("passive copper without a figure takes 0: what drives it belongs to the devices");
  }

  void fabrics() {
    auto& section = add("Energy per bit of fabrics");
    section.table.columns = {{"fabric", false},          {"sent Tb/s", true},      {"pJ/bit typical", true}, {"pJ/bit max", true},
                             {"bisection Tb/s", true},   {"pJ/bit typical", true}, {"pJ/bit max", true}};
    const auto row = [&](std::string name, const FabricEnergy& fabric) {
      section.table.rows.push_back({std::move(name), tbps(fabric.injection), picojoules(fabric.injected_typical), picojoules(fabric.injected_maximum),
                                    fabric.bisection_full ? tbps(*fabric.bisection_full) : "unknown", picojoules(fabric.bisected_typical),
                                    picojoules(fabric.bisected_maximum)});
    };
    for (const auto& fabric : figures_.energy.fabrics) row(host_name(plan_, fabric.fabric), fabric);
    if (figures_.energy.fabrics.size() > 1) row("all", figures_.energy.all);
    section.notes.push_back("all switches and media of the fabric, those in nodes too, over what its node ports can send, one direction; beside it over its full "
                            "bisection, which is what they can send through all tiers at once");
  }

  void share() {
    auto& section = add("Network share of the cluster's power");
    section.table.columns = {{"", false}, {"typical", true}, {"max", true}};
    section.table.rows.push_back({"share", share_text(figures_.share.typical), share_text(figures_.share.maximum)});
    section.notes.push_back(">=: network parts lack a figure; <=: other parts do; unknown: both do, or nothing is known on one side");
  }

  void year() {
    const auto& operations = plan_.spec.operations;
    auto& section = add("Energy per year");
    section.table.columns = {{"of", false}, {"equipment MWh", true}};
    if (operations.pue_thousandths) section.table.columns.push_back({"facility MWh", true});
    if (operations.microdollars_per_kwh) section.table.columns.push_back({"cost $", true});
    for (const auto& draw : yearly_draws(figures_.report)) {
      const auto year = yearly_energy(operations, draw.power);
      const auto bound = [&](std::string text) { return bound_text(std::move(text), draw.nothing(), draw.unknown); };
      auto& cells = section.table.rows.emplace_back();
      cells = {std::string(draw.what), bound(grouped_decimal(year.equipment_kwh, 3))};
      if (year.facility_kwh) cells.push_back(bound(grouped_decimal(*year.facility_kwh, 3)));
      if (year.cost) cells.push_back(bound(grouped(year.cost->count() / 100)));
    }
    std::string note = grouped(hours_per_year) + " h at " + decimal(operations.utilisation_thousandths, 3) + " % of the draw";
    if (operations.pue_thousandths) note += "; facility: x PUE " + decimal(*operations.pue_thousandths, 3);
    if (operations.microdollars_per_kwh) {
      note += "; $" + decimal(*operations.microdollars_per_kwh, 6) + " per kWh of the " + (operations.pue_thousandths ? "facility" : "equipment");
    }
    section.notes.push_back(note);
    if (!operations.pue_thousandths || !operations.microdollars_per_kwh)
      section.notes.push_back("`operations` states `pue` and `usd_per_kwh`: the facility's energy and its cost are shown then");
  }

  const Plan& plan_;
  const PowerFigures& figures_;
  std::vector<Section> sections_;
};

} // namespace

std::vector<Section> power_sections(const Plan& plan) { return PowerTables(plan, measure_power_figures(plan)).run(); }

} // namespace icplan
