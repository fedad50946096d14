// SPDX-License-Identifier: Apache-2.0
// What is ordered: spares, packs, extras, prices by fabric.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <string>

using namespace icplan;
using namespace icplan::test;

namespace {

constexpr auto site = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
  { "id": "site-fibre", "kind": "fibre", "manufacturer": "Acme", "part_number": "F-1", "basis": "datasheet", "source": "s", "fibre": "mmf", "connector_a": "MPO-12/APC",
    "connector_b": "MPO-12/APC", "tails": 1, "lengths_m": [100], "max_length_m": 100, "price_usd": 12.5, "price_date": "2026-10-01", "pack": 12 },
  { "id": "site-rail-kit", "kind": "accessory", "manufacturer": "Acme", "basis": "datasheet", "source": "s", "price_usd": 40, "pack": 10 },
  { "id": "site-cord", "kind": "accessory", "manufacturer": "Acme", "basis": "datasheet", "source": "s", "price_usd": 5 } ] })";

std::string spec(const std::string& media) {
  return R"({ "name": "order", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 32, "unit": 32 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ], "media": { )" +
         media + " } }";
}

Plan planned(const std::string& media) { return sound_plan(spec(media), site); }

const BomRow& row(const Plan& plan, std::string_view part, std::string_view kind = {}) {
  const auto found = std::find_if(plan.bom.begin(), plan.bom.end(),
                                  [&](const BomRow& row) { return plan.part(row.part).id == part && (kind.empty() || row.kind == kind); });
  REQUIRE(found != plan.bom.end());
  return *found;
}

std::string csv_line(const std::string& csv, const std::string& part) {
  const auto at = csv.find("\n" + part + ",");
  REQUIRE(at != std::string::npos);
  return csv.substr(at + 1, csv.find('\n', at + 1) - at - 1);
}

} // namespace

TEST_CASE("spares are percent rounded up, or pieces", "[orders]") {
  const auto plan = planned(R"("spares_percent": { "switch": 10 }, "spares": { "module": 4 })");
  const auto& switches = row(plan, "nvidia-qm9700");
  CHECK(switches.quantity == 12);
  CHECK(switches.spares == 2);
  CHECK(switches.ordered == 14);
  for (const auto& line : plan.bom) {
    if (line.kind == "module") CHECK(line.spares == 4);
    if (line.included_in.valid()) CHECK(line.ordered == 0);
  }
  const auto both = plan_spec(spec(R"("spares_percent": { "module": 3 }, "spares": { "module": 4 })"), site);
  CHECK(both.reports(Code::conflicting_values));
  CHECK(both.text().find("spares of kind `module` are stated in percent and in pieces") != std::string::npos);
}

TEST_CASE("extras are ordered for what they name, with whole packs", "[orders]") {
  const auto plan = planned(R"("spares_percent": { "accessory": 10 }, "extras": [
    { "part": "site-rail-kit", "per": "switch" }, { "part": "site-rail-kit", "per": "node", "quantity": 2 },
    { "part": "site-cord", "per": "nvidia-dgx-h100", "quantity": 6 }, { "part": "site-cord", "per": "compute/leaf", "quantity": 2 },
    { "part": "generic-licence", "per": "gpu" }, { "part": "generic-power-cord", "per": "cluster", "quantity": 3 },
    { "part": "generic-rail-kit", "per": "module" } ])");
  // For the nodes, which belong to no fabric, and for the switches of the fabric: a row each.
  std::vector<std::pair<std::string, std::int64_t>> kits;
  for (const auto& line : plan.bom) {
    if (plan.part(line.part).id == "site-rail-kit") kits.emplace_back(plan.fabric_name(line.fabric), line.ordered);
  }
  // 64 + 7 spares = 71, in packs of 10: 80; 12 + 2 = 14: 20.
  CHECK(kits == std::vector<std::pair<std::string, std::int64_t>>{{"", 80}, {"compute", 20}});
  std::int64_t cords = 0;
  for (const auto& line : plan.bom) {
    if (plan.part(line.part).id == "site-cord") cords += line.quantity;
    if (line.kind == "accessory") CHECK_FALSE(line.included_in.valid());
  }
  CHECK(cords == 32 * 6 + 8 * 2);
  CHECK(row(plan, "generic-licence").quantity == 256);
  CHECK(row(plan, "generic-power-cord").quantity == 3);
  CHECK(row(plan, "generic-rail-kit").quantity == count_plan(plan).modules);
  CHECK(row(plan, "generic-rail-kit").kind == "accessory");
}

TEST_CASE("an extra names a part, and something that it is for", "[orders]") {
  const auto one = [](const std::string& extra) { return plan_spec(spec(R"("extras": [ { )" + extra + " } ]"), site); };
  CHECK(one(R"("part": "site-rail-kits", "per": "switch")").reports(Code::unknown_part));
  CHECK(one(R"("part": "nvidia-qm9700", "per": "switch")").reports(Code::wrong_part_kind));
  CHECK(one(R"("part": "site-cord", "per": "swich")").reports(Code::unknown_name));
  CHECK(one(R"("part": "site-cord")").reports(Code::missing_key));
  const auto nothing = one(R"("part": "site-cord", "per": "compute/core")");
  CHECK(nothing.plan);
  CHECK(nothing.reports(Code::extra_without_subject));
}

TEST_CASE("parts bring accessories along, in their box or bought with them", "[orders]") {
  const std::string switch_with_kit = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
    { "id": "site-switch", "kind": "switch", "manufacturer": "Acme", "basis": "datasheet", "source": "s", "rack_units": 1, "protocols": ["infiniband"],
      "ports": [ { "name": "fabric", "cages": 32, "form": "osfp", "top": "ihs", "lanes": 8, "modes": [ { "ports": 2, "gbps": 400 } ] } ],
      "extras": [ { "part": "site-kit", "included": true }, { "part": "site-cord", "quantity": 2 } ] },
    { "id": "site-kit", "kind": "accessory", "manufacturer": "Acme", "basis": "datasheet", "source": "s", "price_usd": 40 },
    { "id": "site-cord", "kind": "accessory", "manufacturer": "Acme", "basis": "datasheet", "source": "s", "price_usd": 5 } ] })";
  const auto plan = sound_plan(R"({ "name": "order", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "site-switch" } ],
    "media": { "extras": [ { "part": "site-cord", "per": "switch" } ] } })",
                               switch_with_kit);
  const auto& kit = row(plan, "site-kit");
  CHECK(kit.quantity == 9);
  CHECK(kit.ordered == 0);
  CHECK(plan.part(kit.included_in).id == "site-switch");
  // Two by the catalog, one by the spec.
  CHECK(row(plan, "site-cord").ordered == 27);
  CHECK(measure_cost(plan).total == Cents(27 * 5'00));
}

TEST_CASE("orders cost what whole packs cost, by fabric", "[orders]") {
  const auto plan = planned(
      R"("vendors": ["Acme"], "spares": { "accessory": 1 }, "extras": [ { "part": "site-rail-kit", "per": "switch" }, { "part": "site-cord", "per": "node" } ])");
  const auto csv = bom_csv(plan);
  CHECK(csv.substr(0, csv.find('\n')) ==
        "part,kind,fabric,length_m,quantity,spares,unit_price_usd,extended_usd,price_basis,included_in,manufacturer,part_number,"
        "description,pack,ordered,price_date");
  CHECK(csv_line(csv, "site-rail-kit") == "site-rail-kit,accessory,compute,,12,1,40.00,800.00,datasheet,,Acme,,,10,20,");
  CHECK(csv_line(csv, "site-cord") == "site-cord,accessory,,,32,1,5.00,165.00,datasheet,,Acme,,,1,33,");
  const auto costs = measure_fabric_costs(plan);
  REQUIRE(costs.size() == 2);
  CHECK_FALSE(costs[0].fabric.valid());
  CHECK(costs[0].cost.total == Cents(165'00));
  CHECK(costs[1].cost.total >= Cents(800'00));
  CHECK(costs[0].cost.total + costs[1].cost.total == measure_cost(plan).total);
  CHECK(measure_network_cost(plan).total == costs[1].cost.total);
  const auto section = cost_section(plan);
  REQUIRE(section.table.rows.size() == 3);
  CHECK(section.table.rows[0][1] == ">= 165.00");
  CHECK(section.table.rows[1][0] == "fabric compute");
}

TEST_CASE("cables are counted by length and class", "[orders]") {
  const auto plan = planned(R"("escalate": true)");
  const auto bands = measure_length_bands(plan);
  REQUIRE_FALSE(bands.empty());
  std::int64_t cables = 0;
  for (std::size_t b = 0; b < bands.size(); ++b) {
    if (b > 0) CHECK(bands[b].from == bands[b - 1].to);
    for (const auto count : bands[b].cables) cables += count;
  }
  CHECK(cables == count_plan(plan).cables);
  for (const auto& assembly : plan.cables.assemblies) {
    const Millimetres needed(assembly.needed_mm);
    const auto band =
        std::find_if(bands.begin(), bands.end(), [&](const LengthBand& of) { return of.from <= needed && (!of.to || needed < *of.to); });
    CHECK(band != bands.end());
  }
  CHECK(length_section(plan).table.rows.size() == bands.size());
}
