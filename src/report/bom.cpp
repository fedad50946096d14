// SPDX-License-Identifier: Apache-2.0
// The bill of materials as a section and as CSV.
#include "icplan/report/report.hpp"

#include "csv.hpp"
#include "figures.hpp"
#include "icplan/analysis/analysis.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {

namespace {

/// Rows of one part and fabric that differ in length only: more than this many become one line for a reader.
constexpr std::size_t most_lengths = 12;

/// The end of the run of rows from `first` that differ from it in length only.
std::size_t same_part(const std::vector<BomRow>& rows, std::size_t first) {
  auto end = first + 1;
  while (end < rows.size() && rows[end].part == rows[first].part && rows[end].fabric == rows[first].fabric && rows[end].kind == rows[first].kind)
    ++end;
  return end;
}

/// What is missing from a sum is told with it.
std::string known_dollars(const CostReport& cost) {
  return bound_text(grouped_fixed(cost.total.count(), 2), cost.known_parts == 0, cost.unknown_parts);
}

std::optional<Cents> amount(const Plan& plan, const BomRow& row) {
  const auto price = plan.unit_price(row);
  return price ? std::optional(price->amount) : std::nullopt;
}

} // namespace

Section bom_section(const Plan& plan) {
  Section section;
  section.title = "Bill of materials";
  // Packs are shown where they change what is ordered.
  const bool packs =
      std::any_of(plan.bom.begin(), plan.bom.end(), [&](const BomRow& row) { return !row.included_in.valid() && plan.part(row.part).pack > 1; });
  section.table.columns = {{"part", false}, {"kind", false}, {"fabric", false}, {"length m", true}, {"quantity", true}, {"spares", true}};
  if (packs) section.table.columns.insert(section.table.columns.end(), {{"pack", true}, {"ordered", true}});
  if (plan.growth) {
    section.table.columns.insert(section.table.columns.end(), {{"installed", true}, {"to buy", true}});
    section.notes.emplace_back(
        "installed: what the baseline bought, spares included; to buy: what quantity and spares need beyond it, in whole packs");
  }
  section.table.columns.insert(section.table.columns.end(), {{"unit price $", true}, {"remark", false}});
  bool folded = false;
  for (std::size_t i = 0; i < plan.bom.size(); ++i) {
    auto row = plan.bom[i];
    auto installed = plan.growth ? plan.growth->installed[i] : 0;
    auto to_buy = plan.growth ? plan.growth->to_buy[i] : 0;
    auto length = row.length.count() == 0 ? std::string() : decimal(row.length.count(), 3);
    bool by_length = false;
    if (const auto end = same_part(plan.bom, i); row.length.count() > 0 && end - i > most_lengths) {
      const auto first = amount(plan, plan.bom[i]);
      for (auto more = i + 1; more < end; ++more) {
        by_length = by_length || amount(plan, plan.bom[more]) != first;
        row.quantity += plan.bom[more].quantity;
        row.spares += plan.bom[more].spares;
        row.ordered += plan.bom[more].ordered;
        if (plan.growth) {
          installed += plan.growth->installed[more];
          to_buy += plan.growth->to_buy[more];
        }
      }
      length += " to " + decimal(plan.bom[end - 1].length.count(), 3);
      folded = true;
      i = end - 1;
    }
    const auto& part = plan.part(row.part);
    const auto price = plan.unit_price(row);
    std::string remark;
    if (row.included_in.valid()) remark = "included in " + plan.part(row.included_in).id;
    if (part.generic()) remark = "generic: no vendor sells it";
    if (part.basis == Basis::claim) remark = "claim: no other source corroborates it";
    auto& cells = section.table.rows.emplace_back();
    cells = {part.id, std::string(row.kind), std::string(plan.fabric_name(row.fabric)),
             length,  grouped(row.quantity), row.spares == 0 ? "" : grouped(row.spares)};
    if (packs) {
      const bool packed = part.pack > 1 && !row.included_in.valid();
      cells.push_back(packed ? grouped(part.pack) : "");
      cells.push_back(row.included_in.valid() ? "" : grouped(row.ordered));
    }
    if (plan.growth) {
      cells.push_back(row.included_in.valid() ? "" : grouped(installed));
      cells.push_back(row.included_in.valid() ? "" : grouped(to_buy));
    }
    cells.push_back(by_length ? "by length" : price ? fixed(price->amount.count(), 2) : row.included_in.valid() ? "" : "unknown");
    cells.push_back(std::move(remark));
  }
  if (folded) section.notes.push_back("a part in more than " + std::to_string(most_lengths) + " lengths is one line here; bom.csv lists each length");
  return section;
}

Section cost_section(const Plan& plan) {
  const auto total = measure_cost(plan);
  Section section;
  section.title = "Cost";
  const auto dollars = "$" + grouped(total.total.count() / 100);
  section.lines.push_back(total.unknown_parts == 0 ? dollars
                                                   : (total.known_parts == 0 ? std::string("unknown") : ">= " + dollars) + "; " +
                                                         counted(total.unknown_parts, "part has", "parts have") + " no price");
  if (!plan.spec.price_file.empty())
    section.lines.push_back(counted(static_cast<std::int64_t>(plan.spec.prices.size()), "price", "prices") + " from " + plan.spec.price_file);
  if (total.known_parts == 0) return section;
  section.table.columns = {{"of", false}, {"cost $", true}, {"parts without a price", true}};
  const auto row = [&](std::string what, const CostReport& cost) {
    section.table.rows.push_back({std::move(what), known_dollars(cost), missing_text(cost.unknown_parts)});
  };
  for (const auto& line : measure_fabric_costs(plan)) {
    row(line.fabric.valid() ? "fabric " + std::string(plan.fabric_name(line.fabric)) : std::string("nodes, racks and what serves all fabrics"),
        line.cost);
  }
  row("total", total);
  section.notes.push_back("with spares, in whole packs; a part of several fabrics without a price counts once in the total");
  return section;
}

Table bom_table(const Plan& plan) {
  Table table;
  table.columns = {{"part", false},        {"kind", false},        {"fabric", false},        {"length_m", true},
                   {"quantity", true},     {"spares", true},       {"unit_price_usd", true}, {"extended_usd", true},
                   {"price_basis", false}, {"included_in", false}, {"manufacturer", false},  {"part_number", false},
                   {"description", false}, {"pack", true},         {"ordered", true},        {"price_date", false}};
  if (plan.growth) table.columns.insert(table.columns.end(), {{"installed", true}, {"to_buy", true}});
  for (std::size_t i = 0; i < plan.bom.size(); ++i) {
    const auto& row = plan.bom[i];
    const auto& part = plan.part(row.part);
    const bool included = row.included_in.valid();
    const auto price = plan.unit_price(row);
    table.rows.push_back({part.id, std::string(row.kind), std::string(plan.fabric_name(row.fabric)),
                          row.length.count() == 0 ? std::string() : decimal(row.length.count(), 3), std::to_string(row.quantity),
                          std::to_string(row.spares), price ? fixed(price->amount.count(), 2) : std::string(),
                          price ? fixed(price->amount.count() * row.ordered, 2) : std::string(),
                          price ? std::string(to_text(price->basis)) : std::string(), included ? plan.part(row.included_in).id : std::string(),
                          part.manufacturer, part.part_number, part.description, included ? std::string() : std::to_string(part.pack),
                          included ? std::string() : std::to_string(row.ordered), price ? price->date : std::string()});
    if (!plan.growth) continue;
    table.rows.back().push_back(included ? std::string() : std::to_string(plan.growth->installed[i]));
    table.rows.back().push_back(included ? std::string() : std::to_string(plan.growth->to_buy[i]));
  }
  return table;
}

std::string bom_csv(const Plan& plan) {
  const auto table = bom_table(plan);
  std::string out;
  std::vector<std::string> titles;
  for (const auto& column : table.columns) titles.push_back(column.title);
  append_csv_row(out, titles);
  for (const auto& row : table.rows) append_csv_row(out, row);
  return out;
}

} // namespace icplan
