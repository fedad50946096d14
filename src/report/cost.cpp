// SPDX-License-Identifier: Apache-2.0
// What the plan costs, and what it costs for each GPU and Gb/s, as tables, CSV and JSON.
#include "icplan/report/energy.hpp"

#include "csv.hpp"
#include "figures.hpp"
#include "icplan/json/writer.hpp"
#include "power_figures.hpp"

namespace icplan {
namespace {

std::string dollars(const CostReport& cost) {
  return bound_text(grouped_decimal(cost.total.count() / 100, 0), cost.known_parts == 0, cost.unknown_parts);
}

/// Dollars and cents.
std::string dollars(const UnitCost& cost) {
  if (cost.bound == Bound::unknown) return "unknown";
  return (cost.bound == Bound::exact ? "" : ">= ") + grouped_fixed(cost.amount.count(), 2);
}

std::string gbps(Mbps rate) { return grouped_decimal(rate.count(), 3); }

Section kind_section(const Plan& plan) {
  Section section;
  section.title = "Cost by kind";
  section.table.columns = {{"kind", false}, {"ordered", true}, {"cost $", true}, {"parts without a price", true}};
  const auto row = [&](std::string what, std::string pieces, const CostReport& cost) {
    section.table.rows.push_back({std::move(what), std::move(pieces), dollars(cost), missing_text(cost.unknown_parts)});
  };
  for (const auto& line : measure_kind_costs(plan)) row(std::string(line.kind), grouped(line.pieces), line.cost);
  row("total", "", measure_cost(plan));
  row("network", "", measure_network_cost(plan));
  section.notes.push_back("as ordered, with spares, in whole packs; network: switches, cables, modules, fibres and accessories of fabrics");
  section.notes.push_back(">=: the parts without a price come on top");
  return section;
}

Section fabric_section(const Plan& plan) {
  Section section;
  section.title = "Cost by fabric and kind";
  section.table.columns = {{"fabric", false}, {"kind", false}, {"ordered", true}, {"cost $", true}, {"parts without a price", true}};
  for (const auto& line : measure_fabric_kind_costs(plan)) {
    section.table.rows.push_back({line.fabric.valid() ? std::string(plan.fabric_name(line.fabric)) : "none", std::string(line.kind),
                                  grouped(line.pieces), dollars(line.cost), missing_text(line.cost.unknown_parts)});
  }
  return section;
}

Section tier_section(const Plan& plan) {
  Section section;
  section.title = "Cost of fabrics by tier";
  section.table.columns = {{"fabric", false}, {"where", false}, {"what", false}, {"pieces", true}, {"cost $", true}, {"parts without a price", true}};
  for (const auto& line : measure_tier_costs(plan)) {
    section.table.rows.push_back({std::string(plan.fabric_name(line.fabric)), line.where, std::string(line.what), grouped(line.pieces),
                                  dollars(line.cost), missing_text(line.cost.unknown_parts)});
  }
  return section;
}

Section unit_section(const Plan& plan, const UnitCosts& costs) {
  Section section;
  section.title = "Cost per GPU and per Gb/s";
  section.table.columns = {{"of", false}, {"cost $", true}, {"$ per GPU", true}, {"sent Gb/s", true}, {"$ per Gb/s", true}, {"bisection half Gb/s", true}, {"$ per Gb/s", true}};
  const auto row = [&](const FabricUnitCost& of) {
    section.table.rows.push_back({of.fabric.valid() ? host_name(plan, of.fabric) : "network", dollars(of.cost), dollars(of.per_gpu), gbps(of.injection), dollars(of.per_gbps),
                                  of.bisection_half ? gbps(*of.bisection_half) : "unknown", dollars(of.per_bisection_gbps)});
  };
  for (const auto& fabric : costs.fabrics) row(fabric);
  row(costs.network);
  section.table.rows.push_back({"cluster", dollars(measure_cost(plan)), dollars(costs.cluster_per_gpu), "", "", "", ""});
  section.notes.push_back("sent: what all node ports can send, one direction; bisection half: what crosses a cut that splits the nodes in two, one direction");
  return section;
}

Section running_section(const Plan& plan, const UnitCosts& costs) {
  const auto& operations = plan.spec.operations;
  Section section;
  section.title = "Beside it";
  section.lines.push_back("network share of all cost: " + share_text(costs.network_share));
  if (!operations.microdollars_per_kwh) {
    section.lines.push_back("energy: not known; `operations` states `usd_per_kwh` and `pue`");
    return section;
  }
  for (const auto& draw : yearly_draws(measure_power(plan))) {
    const auto cents = yearly_energy(operations, draw.power).cost->count();
    section.lines.push_back("energy of the " + std::string(draw.what) + ": " +
                            bound_text("$" + grouped(cents / 100), draw.nothing(), draw.unknown) + " a year");
  }
  section.notes.push_back("`icplan power` says how it is reckoned");
  return section;
}

std::optional<std::int64_t> known(const CostReport& cost) {
  return cost.known_parts == 0 && cost.unknown_parts > 0 ? std::nullopt : std::optional(cost.total.count());
}

class CostCsv {
public:
  std::string run(const Plan& plan) {
    out_ = "scope,fabric,where,what,pieces,cost_usd,unknown_parts\n";
    for (const auto& line : measure_kind_costs(plan)) row("kind", {}, {}, line.kind, line.pieces, line.cost);
    for (const auto& line : measure_fabric_kind_costs(plan)) row("fabric", plan.fabric_name(line.fabric), {}, line.kind, line.pieces, line.cost);
    for (const auto& line : measure_tier_costs(plan)) row("tier", plan.fabric_name(line.fabric), line.where, line.what, line.pieces, line.cost);
    row("total", {}, {}, {}, std::nullopt, measure_cost(plan));
    row("network", {}, {}, {}, std::nullopt, measure_network_cost(plan));
    return std::move(out_);
  }

private:
  void row(std::string_view scope, std::string_view fabric, std::string_view where, std::string_view what, std::optional<std::int64_t> pieces,
           const CostReport& cost) {
    const auto cents = known(cost);
    append_csv_row(out_, {scope, fabric, where, what, csv_decimal(pieces, 0), cents ? fixed(*cents, 2) : std::string(),
                          std::to_string(cost.unknown_parts)});
  }

  std::string out_;
};

class CostDocument {
public:
  explicit CostDocument(const Plan& plan) : plan_(plan), out_(text_) {}

  std::string run() {
    out_.begin_object().member("format", "icplan.cost/1").member("name", plan_.spec.name);
    total("total", measure_cost(plan_));
    total("network", measure_network_cost(plan_));
    out_.key("kinds").begin_array();
    for (const auto& line : measure_kind_costs(plan_)) {
      out_.begin_object_row().member("kind", line.kind).member("pieces", line.pieces);
      cost(line.cost);
    }
    out_.end_array().key("fabrics").begin_array();
    for (const auto& line : measure_fabric_kind_costs(plan_)) {
      out_.begin_object_row().member("fabric", plan_.fabric_name(line.fabric)).member("kind", line.kind).member("pieces", line.pieces);
      cost(line.cost);
    }
    out_.end_array().key("tiers").begin_array();
    for (const auto& line : measure_tier_costs(plan_)) {
      out_.begin_object_row().member("fabric", plan_.fabric_name(line.fabric)).member("where", line.where).member("what", line.what);
      out_.member("pieces", line.pieces);
      cost(line.cost);
    }
    out_.end_array();
    units();
    running();
    out_.end_object();
    return std::move(text_);
  }

private:
  /// Also ends the object.
  void cost(const CostReport& of) { out_.member_decimal("cost_usd", known(of), 2).member("unknown_parts", of.unknown_parts).end_object(); }
  void total(std::string_view key, const CostReport& of) {
    out_.key(key).begin_object_row();
    cost(of);
  }
  void unit(std::string_view key, const UnitCost& of) {
    out_.member_decimal(key, of.bound == Bound::unknown ? std::nullopt : std::optional(of.amount), 2);
  }

  void fabric(const FabricUnitCost& of) {
    out_.begin_object_row();
    if (of.fabric.valid()) out_.member("fabric", plan_.fabric_name(of.fabric));
    unit("usd_per_gpu", of.per_gpu);
    out_.member_decimal("sent_gbps", of.injection, 3);
    unit("usd_per_gbps", of.per_gbps);
    out_.member_decimal("bisection_half_gbps", of.bisection_half, 3);
    unit("usd_per_bisection_gbps", of.per_bisection_gbps);
    out_.member_bool("lower_bound", of.cost.unknown_parts > 0).end_object();
  }

  void units() {
    const auto costs = measure_unit_costs(plan_);
    unit("usd_per_gpu", costs.cluster_per_gpu);
    out_.key("per_fabric").begin_array();
    for (const auto& of : costs.fabrics) fabric(of);
    out_.end_array().key("per_network");
    fabric(costs.network);
    const auto& share = costs.network_share;
    out_.member_decimal("network_share_percent", share.bound == Bound::unknown ? std::nullopt : std::optional(share.thousandths), 3);
    out_.member("network_share_bound", to_text(share.bound));
  }

  void running() {
    out_.key("energy_usd_per_year").begin_object_row();
    for (const auto& draw : yearly_draws(measure_power(plan_)))
      out_.member_decimal(draw.key, draw.nothing() ? std::nullopt : yearly_energy(plan_.spec.operations, draw.power).cost, 2);
    out_.end_object();
  }

  const Plan& plan_;
  std::string text_;
  json::Writer out_;
};

} // namespace

std::vector<Section> capital_sections(const Plan& plan) {
  const auto costs = measure_unit_costs(plan);
  return {kind_section(plan), fabric_section(plan), tier_section(plan), unit_section(plan, costs), running_section(plan, costs)};
}

std::string capital_csv(const Plan& plan) { return CostCsv().run(plan); }
std::string capital_json(const Plan& plan) { return CostDocument(plan).run(); }

} // namespace icplan
