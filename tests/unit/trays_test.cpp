// SPDX-License-Identifier: Apache-2.0
// Cable trays: every cable laid again step by step, and the limits of trays.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/judge.hpp"
#include "icplan/analysis/trays.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

using namespace icplan;
using namespace icplan::test;

namespace {

/// Fibre and copper with a body: 3 mm and 20 g/m, 9 mm and 200 g/m.
constexpr auto bodies = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
  { "id": "nvidia-mfp7e10", "kind": "fibre", "manufacturer": "NVIDIA", "basis": "datasheet", "source": "s", "fibre": "mmf", "connector_a": "mpo-12-apc",
    "connector_b": "mpo-12-apc", "tails": 1, "length_step_m": 1, "max_length_m": 50, "diameter_mm": 3, "weight_kg_per_m": 0.02 },
  { "id": "generic-dac", "kind": "cable", "manufacturer": "generic", "basis": "generic", "source": "s", "orderable": false, "class": "dac", "technology": "passive",
    "fits": "any", "lengths_m": [1, 3, 7], "max_length_m": 7, "diameter_mm": 9, "weight_kg_per_m": 0.2 } ] })";

std::string spec(const std::string& tray, const std::string& switches = "central") {
  return R"({ "name": "trays", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 96, "unit": 32, "nodes_per_rack": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "switches": ")" +
         switches + R"(" } ],
    "floor": { "halls": [ { "name": "A", "racks_per_row": 8 } ])" +
         (tray.empty() ? "" : R"(, "tray": { )" + tray + " }") + R"( },
    "media": { "dac_below_m": 3, "aoc_up_to_m": 3 } })";
}

Plan planned(const std::string& text, std::string_view overlay = bodies) { return sound_plan(text, overlay); }

std::string judged(const Plan& plan) {
  Sink sink;
  judge_plan(plan, sink);
  std::string text;
  for (const auto& finding : sink.sorted()) text += code_text(finding.code) + " " + std::to_string(finding.count) + " " + finding.message + "\n";
  return text;
}

/// Hall, crossing, row, position.
using Key = std::tuple<std::uint32_t, bool, std::int64_t, std::int64_t>;

struct Laid {
  std::int64_t cables = 0;
  std::int64_t squares = 0;
};

/// Lays one cable piece by piece.
void lay(std::map<Key, Laid>& pieces, std::uint32_t hall, FloorSpot from, FloorSpot to, std::int64_t diameter) {
  const auto put = [&](Key key) {
    ++pieces[key].cables;
    pieces[key].squares += diameter * diameter;
  };
  for (auto p = std::min(from.position, to.position); p < std::max(from.position, to.position); ++p) put({hall, false, from.row, p});
  for (auto r = std::min(from.row, to.row); r < std::max(from.row, to.row); ++r) put({hall, true, r, to.position});
}

std::map<Key, Laid> lay_all(const Plan& plan) {
  std::map<Key, Laid> pieces;
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> laid;
  for (std::size_t i = 0; i < plan.network.links.size(); ++i) {
    const auto& link = plan.network.links[i];
    const auto from = plan.placement.devices[link.from.index()].rack;
    const auto to = plan.placement.devices[link.to.index()].rack;
    if (from == to || !laid.emplace(plan.cables.legs[i].assembly.index(), from.index(), to.index()).second) continue;
    const auto& body = *plan.part(plan.cables.solution(plan.cables.legs[i]).part).cable_body();
    const auto diameter = body.diameter ? body.diameter->value.count() : 0;
    const auto& a = plan.placement.racks[from.index()];
    const auto& b = plan.placement.racks[to.index()];
    if (a.hall == b.hall) {
      lay(pieces, a.hall.index(), {a.row, a.position}, {b.row, b.position}, diameter);
      continue;
    }
    for (const auto* rack : {&a, &b})
      lay(pieces, rack->hall.index(), {rack->row, rack->position}, plan.spec.floor.halls[rack->hall.index()].exit, diameter);
  }
  return pieces;
}

void check_trays(const Plan& plan) {
  auto expected = lay_all(plan);
  const auto pieces = measure_trays(plan);
  CHECK(pieces.size() == expected.size());
  CHECK(std::any_of(pieces.begin(), pieces.end(), [](const TrayPiece& piece) { return piece.crossing; }));
  for (const auto& piece : pieces) {
    const auto& laid = expected[{piece.hall.index(), piece.crossing, piece.row, piece.position}];
    CHECK(piece.load.cables == laid.cables);
    CHECK(piece.load.squares == laid.squares);
    CHECK(piece.load.unknown_diameters <= piece.load.cables);
  }
}

} // namespace

TEST_CASE("trays hold what cables laid one by one put into them", "[trays]") { check_trays(planned(spec({}, "top-of-rack"))); }

TEST_CASE("cables between halls lie on the way to the exits", "[trays]") {
  const auto plan =
      planned(R"({ "name": "halls", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 64, "unit": 32, "nodes_per_rack": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "hall": "B" } ],
    "floor": { "halls": [ { "name": "A", "racks_per_row": 8, "exit": { "row": 2, "position": 3 } }, { "name": "B", "racks_per_row": 4 } ],
               "ducts": [ { "from": "A", "to": "B", "length_m": 20 } ] } })");
  check_trays(plan);
  const auto pieces = measure_trays(plan);
  CHECK(pieces.front().hall.index() == 0);
  CHECK(tray_section(plan).table.rows.front().front() == "A");
}

TEST_CASE("a tray is as full as the cross-sections of its cables make it", "[trays]") {
  TrayLoad load;
  load.cables = 100;
  // 100 cables of 3 mm: 706.858 mm2 in 30,000.
  load.squares = 100 * std::int64_t{3'000} * 3'000;
  CHECK(load.area_thousandths() == 706'858);
  TraySpec tray;
  tray.width = Millimetres(300);
  tray.height = Millimetres(100);
  CHECK(fill_thousandths(tray, load) == 2'357);
}

TEST_CASE("trays are judged by the limits that the floor states", "[trays]") {
  CHECK(judged(planned(spec({}))).empty());
  CHECK(judged(planned(spec(R"("width_mm": 300, "height_mm": 100)"))).empty());
  const auto full = judged(planned(spec(R"("width_mm": 50, "height_mm": 20, "max_fill_percent": 1, "max_load_kg_per_m": 0.5)")));
  INFO(full);
  CHECK(full.find("IC5050") != std::string::npos);
  CHECK(full.find("IC5051") != std::string::npos);
  CHECK(full.find("but may be filled to 1 %") != std::string::npos);
  const auto roomy = judged(planned(spec(R"("width_mm": 10000, "height_mm": 10000, "max_fill_percent": 100, "max_load_kg_per_m": 10000)")));
  INFO(roomy);
  CHECK(roomy.find("IC5050") == std::string::npos);
  CHECK(roomy.find("IC5051") == std::string::npos);
}

TEST_CASE("cables without a diameter are counted and never guessed", "[trays]") {
  constexpr auto bare = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
    { "id": "nvidia-mfp7e10", "kind": "fibre", "manufacturer": "NVIDIA", "basis": "datasheet", "source": "s", "fibre": "mmf", "connector_a": "mpo-12-apc",
      "connector_b": "mpo-12-apc", "tails": 1, "length_step_m": 1, "max_length_m": 50 } ] })";
  const auto plan = planned(spec(R"("width_mm": 300, "height_mm": 100, "max_fill_percent": 40)"), bare);
  for (const auto& piece : measure_trays(plan)) {
    if (piece.load.unknown_diameters == piece.load.cables) CHECK(piece.load.squares == 0);
  }
  CHECK(judged(plan).find("IC5052") != std::string::npos);
  const auto section = tray_section(plan);
  REQUIRE_FALSE(section.table.rows.empty());
  CHECK(std::any_of(section.table.rows.begin(), section.table.rows.end(), [](const auto& row) { return row[4] == "unknown"; }));
  CHECK(trays_csv(plan).find("hall,tray,row,to_row,position,to_position,cables,") == 0);
}
