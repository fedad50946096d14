// SPDX-License-Identifier: Apache-2.0
// A comparison as text, Markdown, JSON and CSV.
#include "icplan/report/compare.hpp"

#include "icplan/report/report.hpp"

#include "csv.hpp"
#include "figures.hpp"
#include "fit.hpp"
#include "icplan/base/text.hpp"
#include "icplan/json/writer.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace icplan {
namespace {

using State = ComparedValue::State;

constexpr std::size_t widest = 120;
constexpr int ratio_decimals = 4;
/// From here on readers are spared what stands after the point.
constexpr std::int64_t whole_from = 100'000;

/// How the columns of a table are named and arranged.
struct Layout {
  bool numbered = false;
  bool ratios_apart = false;
};

/// The figure for readers. Shape: it has a value.
std::string figure(const ComparedValue& value, int decimals) {
  std::int64_t one = 1;
  for (int i = 0; i < decimals; ++i) one *= 10;
  const auto whole = value.scaled / one;
  if (whole < whole_from) return grouped_decimal(value.scaled, decimals);
  // An upper bound that is cut is none; the others are cut alike, so that equal figures look equal.
  return grouped(whole + (value.state == State::at_most && value.scaled % one > 0 ? 1 : 0));
}

std::string cell(const ComparisonRow& row, std::size_t design) {
  const auto& value = row.values[design];
  switch (value.state) {
  case State::known: return figure(value, row.decimals);
  case State::at_least: return ">= " + figure(value, row.decimals);
  case State::at_most: return "<= " + figure(value, row.decimals);
  case State::unknown: return "unknown";
  case State::absent: return "-";
  }
  return {};
}

std::string ratio_cell(const ComparisonRow& row, std::size_t design) {
  return row.ratios[design] ? grouped_decimal(*row.ratios[design], ratio_decimals) : std::string();
}

std::string number(std::size_t design) { return "#" + std::to_string(design + 1); }

std::string column_name(const Comparison& comparison, const Layout& layout, std::size_t design) {
  return layout.numbered ? number(design) : comparison.designs[design].name;
}

Section titles(const Comparison& comparison) {
  Section section;
  section.title = "Designs";
  section.table.columns = {{"", false}, {"design", false}, {"file", false}};
  for (std::size_t d = 0; d < comparison.designs.size(); ++d)
    section.table.rows.push_back({number(d), comparison.designs[d].name, comparison.designs[d].file});
  return section;
}

Section figures(const Comparison& comparison, const Layout& layout) {
  Section section;
  section.title = "Side by side";
  section.table.columns = {{"", false}};
  for (std::size_t d = 0; d < comparison.designs.size(); ++d) {
    section.table.columns.push_back({column_name(comparison, layout, d), true});
    if (d > 0 && !layout.ratios_apart) section.table.columns.push_back({"ratio", true});
  }
  for (const auto& row : comparison.rows) {
    auto& cells = section.table.rows.emplace_back();
    cells.push_back(row.label);
    for (std::size_t d = 0; d < row.values.size(); ++d) {
      cells.push_back(cell(row, d));
      if (d > 0 && !layout.ratios_apart) cells.push_back(ratio_cell(row, d));
    }
  }
  return section;
}

Section ratios(const Comparison& comparison, const Layout& layout) {
  Section section;
  section.title = "Ratios to " + column_name(comparison, layout, 0);
  section.table.columns = {{"", false}};
  for (std::size_t d = 1; d < comparison.designs.size(); ++d) section.table.columns.push_back({column_name(comparison, layout, d), true});
  for (const auto& row : comparison.rows) {
    if (std::none_of(row.ratios.begin(), row.ratios.end(), [](const auto& ratio) { return ratio.has_value(); })) continue;
    auto& cells = section.table.rows.emplace_back();
    cells.push_back(row.label);
    for (std::size_t d = 1; d < row.values.size(); ++d) cells.push_back(ratio_cell(row, d));
  }
  return section;
}

std::vector<std::string> notes(const Comparison& comparison) {
  std::vector<std::string> notes = {
      "ratio: the figure over that of the first design; none where one of the two is not known exactly",
      "endpoints: node ports on all fabrics; links: those of node ports and those between switches",
      "inter-switch links: those between switches alone, which is what published tables count",
      "optics: cages with a module or with a plug of an AOC",
      "network: switches, cables, modules and fibres, without nodes, NICs and racks",
      "its watts count the media in nodes even where a node's own figure holds them; its cost counts spares",
      "pJ/bit: network watts over what node ports send, one direction; shares and energy per year are of max watts",
      "all-to-all: per GPU of the scale-out fabric, to other scale-up domains, within rails or directly over all ports",
      "injection: mean over all GPUs; injection and bisection are of all fabrics together, one direction",
      "all-reduce, all-to-all: the fastest way over all GPUs, see `icplan bandwidth --collectives`; without paths' latency",
  };
  const auto any = [&](State state) {
    return std::any_of(comparison.rows.begin(), comparison.rows.end(), [&](const ComparisonRow& row) {
      return std::any_of(row.values.begin(), row.values.end(), [&](const ComparedValue& value) { return value.state == state; });
    });
  };
  if (any(State::at_least)) notes.push_back("a figure after >= is a lower bound: the parts without a figure or price come on top");
  if (any(State::at_most)) notes.push_back("a figure after <= is an upper bound: the true bisection may be less, and so may a share");
  if (any(State::absent)) notes.push_back("a dash: the design has no such thing");
  return notes;
}

std::vector<Section> sections(const Comparison& comparison, const Layout& layout) {
  std::vector<Section> list = {titles(comparison), figures(comparison, layout)};
  if (layout.ratios_apart) list.push_back(ratios(comparison, layout));
  list.back().notes = notes(comparison);
  return list;
}

bool fits(const Section& section, std::size_t most) {
  const auto widths = fit_table(section.table, 0).widths;
  return std::accumulate(widths.begin(), widths.end(), table_gap * widths.size()) <= most;
}

constexpr std::string_view heading = "Comparison";

} // namespace

std::string comparison_text(const Comparison& comparison, std::size_t most) {
  constexpr std::array<Layout, 4> layouts = {Layout{false, false}, Layout{false, true}, Layout{true, false}, Layout{true, true}};
  auto layout = layouts.begin();
  while (layout + 1 != layouts.end() && !fits(figures(comparison, *layout), most == 0 ? widest : std::min(most, widest))) ++layout;
  return render_text(heading, sections(comparison, *layout), most);
}

std::string comparison_markdown(const Comparison& comparison) { return render_markdown(heading, sections(comparison, {})); }

std::string comparison_json(const Comparison& comparison) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("format", "icplan.compare/1");
  out.key("designs").begin_array();
  for (const auto& design : comparison.designs) out.begin_object_row().member("name", design.name).member("file", design.file).end_object();
  out.end_array().key("rows").begin_array();
  for (const auto& row : comparison.rows) {
    out.begin_object_row().member("key", row.key).member("unit", row.unit);
    out.key("values").begin_array_row();
    for (const auto& value : row.values) out.decimal(value.has_value() ? std::optional(value.scaled) : std::nullopt, row.decimals);
    out.end_array().key("ratios").begin_array_row();
    for (const auto& ratio : row.ratios) out.decimal(ratio, ratio_decimals);
    out.end_array().key("lower_bounds").begin_array_row();
    for (const auto& value : row.values) out.boolean(value.state == State::at_least);
    out.end_array().key("upper_bounds").begin_array_row();
    for (const auto& value : row.values) out.boolean(value.state == State::at_most);
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return text;
}

std::string comparison_csv(const Comparison& comparison) {
  const auto& designs = comparison.designs;
  std::vector<std::string> fields = {"key", "unit"};
  for (const auto& design : designs) fields.push_back(design.name);
  for (std::size_t d = 1; d < designs.size(); ++d) fields.push_back("ratio " + designs[d].name);
  for (const auto& design : designs) fields.push_back("bound " + design.name);
  std::string out;
  append_csv_row(out, fields);
  for (const auto& row : comparison.rows) {
    fields = {row.key, std::string(row.unit)};
    for (const auto& value : row.values) fields.push_back(value.has_value() ? decimal(value.scaled, row.decimals) : std::string());
    for (std::size_t d = 1; d < row.ratios.size(); ++d) fields.push_back(csv_decimal(row.ratios[d], ratio_decimals));
    for (const auto& value : row.values) fields.emplace_back(value.state == State::at_least ? "lower" : value.state == State::at_most ? "upper" : "");
    append_csv_row(out, fields);
  }
  return out;
}

} // namespace icplan
