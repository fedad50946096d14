// SPDX-License-Identifier: Apache-2.0
// Trays as a table for readers, and every piece of tray as CSV.
#include "icplan/report/report.hpp"

#include "icplan/analysis/trays.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <tuple>

namespace icplan {
namespace {

/// A sum that some cables are missing from is a lower bound; one of which nothing is known is unknown.
std::string bound(std::string sum, std::int64_t unknown, std::int64_t cables) {
  if (unknown == 0) return sum;
  return unknown == cables ? "unknown" : ">= " + sum;
}

std::string area(const TrayLoad& load) { return bound(grouped((load.area_thousandths() + 500) / 1000), load.unknown_diameters, load.cables); }
std::string weight(const TrayLoad& load) { return bound(decimal(load.weight.count() / 1000, 3), load.unknown_weights, load.cables); }

/// The fullest piece of each tray over a row, and of the crossings of each hall.
std::vector<TrayPiece> worst_pieces(const std::vector<TrayPiece>& all) {
  std::vector<TrayPiece> worst;
  for (const auto& piece : all) {
    const bool same = !worst.empty() && worst.back().hall == piece.hall && worst.back().crossing == piece.crossing &&
                      (piece.crossing || worst.back().row == piece.row);
    if (!same) {
      worst.push_back(piece);
    } else if (std::tie(piece.load.squares, piece.load.cables) > std::tie(worst.back().load.squares, worst.back().load.cables)) {
      worst.back() = piece;
    }
  }
  return worst;
}

} // namespace

Section tray_section(const Plan& plan) {
  const auto& tray = plan.spec.floor.tray;
  Section section;
  section.title = "Cable trays";
  section.table.columns = {{"hall", false}, {"tray", false}, {"fullest", false}, {"cables", true}, {"mm2", true}};
  if (tray) section.table.columns.push_back({"fill %", true});
  section.table.columns.push_back({"kg/m", true});
  std::int64_t unknown = 0;
  for (const auto& piece : worst_pieces(measure_trays(plan))) {
    auto& row = section.table.rows.emplace_back();
    const auto position = std::to_string(piece.position + 1);
    row = {plan.spec.floor.halls[piece.hall.index()].name, piece.crossing ? "aisles" : "row " + std::to_string(piece.row + 1),
           piece.crossing ? "rows " + std::to_string(piece.row + 1) + " to " + std::to_string(piece.row + 2) + " at position " + position
                          : "positions " + position + " to " + std::to_string(piece.position + 2),
           grouped(piece.load.cables), area(piece.load)};
    if (tray) row.push_back(bound(decimal(fill_thousandths(*tray, piece.load), 3), piece.load.unknown_diameters, piece.load.cables));
    row.push_back(weight(piece.load));
    unknown = std::max({unknown, piece.load.unknown_diameters, piece.load.unknown_weights});
  }
  if (section.table.rows.empty()) {
    section.table.columns.clear();
    section.lines.push_back("no cable leaves its rack");
    return section;
  }
  section.notes.push_back("a cable follows the tray over the row of its lower end and crosses the aisles at the position of its upper end; cables within a rack are in "
                          "no tray");
  if (unknown > 0)
    section.notes.push_back("up to " + counted(unknown, "cable", "cables") + " in one piece have no known diameter or weight and are missing from its sums");
  if (!tray) section.notes.push_back("`floor.tray` states the size of trays: their fill is shown then, and judged");
  return section;
}

std::string trays_csv(const Plan& plan) {
  const auto& tray = plan.spec.floor.tray;
  std::string out = "hall,tray,row,to_row,position,to_position,cables,cross_section_mm2,fill_percent,weight_kg_per_m,unknown_diameters,unknown_weights\n";
  for (const auto& piece : measure_trays(plan)) {
    const auto& load = piece.load;
    const bool area_known = load.unknown_diameters < load.cables;
    out += plan.spec.floor.halls[piece.hall.index()].name;
    out += piece.crossing ? ",aisle," : ",row,";
    out += std::to_string(piece.row + 1) + "," + std::to_string(piece.row + (piece.crossing ? 2 : 1)) + ",";
    out += std::to_string(piece.position + 1) + "," + std::to_string(piece.position + (piece.crossing ? 1 : 2)) + ",";
    out += std::to_string(load.cables) + ",";
    if (area_known) out += fixed(load.area_thousandths(), 3);
    out += ',';
    if (area_known && tray) out += fixed(fill_thousandths(*tray, load), 3);
    out += ',';
    if (load.unknown_weights < load.cables) out += decimal(load.weight.count(), 6);
    out += "," + std::to_string(load.unknown_diameters) + "," + std::to_string(load.unknown_weights) + "\n";
  }
  return out;
}

} // namespace icplan
