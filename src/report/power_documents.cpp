// SPDX-License-Identifier: Apache-2.0
// Power and energy as CSV and JSON.
#include "icplan/report/energy.hpp"

#include "csv.hpp"
#include "figures.hpp"
#include "icplan/json/writer.hpp"
#include "power_figures.hpp"

namespace icplan {
namespace {

class PowerCsv {
public:
  PowerCsv(const Plan& plan, const PowerFigures& figures) : plan_(plan), figures_(figures) {}

  std::string run() {
    out_ = "scope,name,fabric,hall,row,count,typical_w,max_w,unknown_typical,unknown_max,in_host_typical,in_host_max,limit_w\n";
    for (const auto& line : figures_.classes) power_line("class", line.what, {}, line);
    power_line("total", "total", {}, figures_.report.total);
    power_line("network", "network", {}, figures_.report.network);
    for (const auto& tier : figures_.tiers) {
      if (tier.switches.count > 0) power_line("tier_switches", tier.name, plan_.fabric_name(tier.fabric), tier.switches);
      if (tier.media.count > 0) power_line("tier_media", tier.name, plan_.fabric_name(tier.fabric), tier.media);
    }
    const auto& halls = plan_.spec.floor.halls;
    for (std::uint32_t h = 0; h < halls.size(); ++h) {
      if (figures_.floor.halls[h].racks > 0) place("hall", halls[h].name, halls[h].name, {}, figures_.floor.halls[h].racks, figures_.floor.halls[h]);
    }
    for (const auto& row : figures_.floor.rows) {
      const auto number = std::to_string(row.row + 1);
      place("row", number, halls[row.hall.index()].name, number, row.power.racks, row.power);
    }
    for (std::uint32_t r = 0; r < figures_.floor.racks.size(); ++r) {
      const auto& rack = plan_.placement.racks[r];
      place("rack", plan_.placement.rack_name(plan_.spec.floor, RackId(r)), halls[rack.hall.index()].name, std::to_string(rack.row + 1), rack.devices,
            figures_.floor.racks[r]);
    }
    return std::move(out_);
  }

private:
  void power_line(std::string_view scope, std::string_view name, std::string_view fabric, const PowerLine& line) {
    append_csv_row(out_, {scope, name, fabric, "", "", line.count == 0 ? std::string() : std::to_string(line.count),
                          csv_decimal(known_total(line.typical, line.unknown_typical), 3),
                          csv_decimal(known_total(line.maximum, line.unknown_maximum), 3), std::to_string(line.unknown_typical),
                          std::to_string(line.unknown_maximum), std::to_string(line.in_host_typical), std::to_string(line.in_host_maximum), ""});
  }

  void place(std::string_view scope, std::string_view name, std::string_view hall, std::string_view row, std::int64_t count, const PlacePower& of) {
    const auto sum = of.sum();
    append_csv_row(out_, {scope, name, "", hall, row, std::to_string(count), csv_decimal(known_total(sum.typical, sum.unknown_typical), 3),
                          csv_decimal(known_total(sum.maximum, sum.unknown_maximum), 3), std::to_string(sum.unknown_typical),
                          std::to_string(sum.unknown_maximum), "", "", csv_decimal(known_total(of.filled, of.unknown_filled), 3)});
  }

  const Plan& plan_;
  const PowerFigures& figures_;
  std::string out_;
};

class PowerDocument {
public:
  PowerDocument(const Plan& plan, const PowerFigures& figures) : plan_(plan), figures_(figures), out_(text_) {}

  std::string run() {
    out_.begin_object().member("format", "icplan.power/1").member("name", plan_.spec.name);
    lines();
    tiers();
    places();
    links();
    fabrics();
    out_.key("network_share").begin_object_row();
    share("typical", figures_.share.typical);
    share("max", figures_.share.maximum);
    out_.end_object();
    year();
    out_.end_object();
    return std::move(text_);
  }

private:
  void figures(const PowerLine& line) {
    out_.member("count", line.count).member_decimal("typical_w", known_total(line.typical, line.unknown_typical), 3);
    out_.member_decimal("max_w", known_total(line.maximum, line.unknown_maximum), 3);
    out_.member("unknown_typical_parts", line.unknown_typical).member("unknown_max_parts", line.unknown_maximum);
    out_.member("in_host_typical", line.in_host_typical).member("in_host_max", line.in_host_maximum);
  }

  void lines() {
    out_.key("classes").begin_array();
    for (const auto& line : figures_.classes) {
      out_.begin_object_row().member("what", line.what);
      figures(line);
      out_.end_object();
    }
    out_.end_array().key("total").begin_object_row();
    figures(figures_.report.total);
    out_.end_object().key("network").begin_object_row();
    figures(figures_.report.network);
    out_.end_object();
  }

  void tiers() {
    out_.key("tiers").begin_array();
    for (const auto& tier : figures_.tiers) {
      out_.begin_object_row().member("fabric", plan_.fabric_name(tier.fabric)).member("tier", tier.name);
      out_.key("switches").begin_object_row();
      figures(tier.switches);
      out_.end_object().key("media").begin_object_row();
      figures(tier.media);
      out_.end_object().end_object();
    }
    out_.end_array();
  }

  void place(const PlacePower& of) {
    const auto sum = of.sum();
    out_.member_decimal("typical_w", known_total(sum.typical, sum.unknown_typical), 3).member_decimal("max_w", known_total(sum.maximum, sum.unknown_maximum), 3);
    out_.member("unknown_typical", sum.unknown_typical).member("unknown_max", sum.unknown_maximum);
    out_.member_decimal("nodes_max_w", known_total(of.nodes.maximum, of.nodes.unknown_maximum), 3);
    out_.member_decimal("switches_max_w", known_total(of.switches.maximum, of.switches.unknown_maximum), 3);
    out_.member_decimal("media_max_w", known_total(of.media.maximum, of.media.unknown_maximum), 3);
    out_.member_decimal("devices_limit_w", known_total(of.placed, of.unknown_placed), 3);
    out_.member_decimal("limit_w", known_total(of.filled, of.unknown_filled), 3);
    out_.member("unknown_limit", of.unknown_filled).end_object();
  }

  void places() {
    const auto& halls = plan_.spec.floor.halls;
    out_.key("halls").begin_array();
    for (std::uint32_t h = 0; h < halls.size(); ++h) {
      const auto& hall = figures_.floor.halls[h];
      if (hall.racks == 0) continue;
      out_.begin_object_row().member("hall", halls[h].name).member("racks", hall.racks);
      place(hall);
    }
    out_.end_array().key("rows").begin_array();
    for (const auto& row : figures_.floor.rows) {
      out_.begin_object_row().member("hall", halls[row.hall.index()].name).member("row", row.row + 1).member("racks", row.power.racks);
      place(row.power);
    }
    out_.end_array().key("racks").begin_array();
    for (std::uint32_t r = 0; r < figures_.floor.racks.size(); ++r) {
      const auto& rack = plan_.placement.racks[r];
      out_.begin_object_row().member("rack", plan_.placement.rack_name(plan_.spec.floor, RackId(r)));
      out_.member("hall", halls[rack.hall.index()].name).member("row", rack.row + 1).member("devices", rack.devices);
      place(figures_.floor.racks[r]);
    }
    out_.end_array();
  }

  void bit_energy(std::string_view key, const BitEnergy& energy) {
    out_.member_decimal(key, energy.bound == Bound::unknown ? std::nullopt : std::optional(energy.energy), 3);
    out_.member_bool(std::string(key) + "_lower_bound", energy.bound == Bound::at_least);
  }

  void links() {
    out_.key("links").begin_array();
    for (const auto& line : figures_.energy.links) {
      out_.begin_object_row().member("class", line.what).member("links", line.links).member_decimal("tbps", line.rate, 6);
      bit_energy("pj_per_bit_typical", line.typical);
      bit_energy("pj_per_bit_max", line.maximum);
      out_.member("ends_unknown_typical", line.ends.unknown_typical).member("ends_unknown_max", line.ends.unknown_maximum).end_object();
    }
    out_.end_array().key("ends").begin_array();
    for (const auto& end : figures_.energy.ends) {
      out_.begin_object_row().member("part", plan_.part(end.part).id).member_bool("co_packaged", end.co_packaged).member("ends", end.ends);
      out_.member_decimal("gbps", end.rate, 3);
      bit_energy("pj_per_bit_typical", end.typical);
      bit_energy("pj_per_bit_max", end.maximum);
      out_.end_object();
    }
    out_.end_array().key("co_packaged").begin_object_row().member("ends", figures_.energy.co_packaged_ends);
    out_.member_decimal("w", known_total(figures_.energy.co_packaged, figures_.energy.co_packaged_unknown), 3);
    out_.member("unknown", figures_.energy.co_packaged_unknown).end_object();
  }

  void fabric(std::string_view name, const FabricEnergy& of) {
    out_.begin_object_row().member("fabric", name).member_decimal("sent_tbps", of.injection, 6);
    bit_energy("pj_per_bit_sent_typical", of.injected_typical);
    bit_energy("pj_per_bit_sent_max", of.injected_maximum);
    out_.member_decimal("bisection_full_tbps", of.bisection_full, 6);
    bit_energy("pj_per_bit_bisection_typical", of.bisected_typical);
    bit_energy("pj_per_bit_bisection_max", of.bisected_maximum);
    out_.end_object();
  }

  void fabrics() {
    out_.key("fabrics").begin_array();
    for (const auto& of : figures_.energy.fabrics) fabric(plan_.fabric_name(of.fabric), of);
    out_.end_array().key("all_fabrics");
    fabric("", figures_.energy.all);
  }

  void share(std::string_view key, const PowerShare& of) {
    const bool known_share = of.bound != Bound::unknown;
    out_.member_decimal(std::string(key) + "_percent", known_share ? std::optional(of.thousandths) : std::nullopt, 3);
    out_.member(std::string(key) + "_bound", to_text(of.bound));
  }

  void year() {
    const auto& operations = plan_.spec.operations;
    out_.key("year").begin_object().member("hours", hours_per_year);
    out_.member_decimal("utilisation_percent", operations.utilisation_thousandths, 3).member_decimal("pue", operations.pue_thousandths, 3);
    out_.member_decimal("usd_per_kwh", operations.microdollars_per_kwh, 6);
    for (const auto& draw : yearly_draws(figures_.report)) {
      const auto year = yearly_energy(operations, draw.power);
      const bool nothing = draw.nothing();
      out_.key(draw.key).begin_object_row();
      out_.member_decimal("equipment_mwh", nothing ? std::nullopt : std::optional(year.equipment_kwh), 3);
      out_.member_decimal("facility_mwh", nothing ? std::nullopt : year.facility_kwh, 3);
      out_.member_decimal("cost_usd", nothing ? std::nullopt : year.cost, 2);
      out_.member_bool("lower_bound", !nothing && draw.unknown > 0).end_object();
    }
    out_.end_object();
  }

  const Plan& plan_;
  const PowerFigures& figures_;
  std::string text_;
  json::Writer out_;
};

} // namespace

std::string power_csv(const Plan& plan) { return PowerCsv(plan, measure_power_figures(plan)).run(); }
std::string power_json(const Plan& plan) { return PowerDocument(plan, measure_power_figures(plan)).run(); }

} // namespace icplan
