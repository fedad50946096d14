// SPDX-License-Identifier: Apache-2.0
// Price lists: every row arrives or is refused where it stands, and the bill of materials is priced by them.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/report/report.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// Four H100 nodes: 16 passive cables of 1.5 m at a leaf-spine run, modules and fibre elsewhere.
std::string spec(const std::string& media = R"("prices": "prices.csv")", const std::string& top = {}) {
  return R"({ "name": "case", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ], "media": { )" +
         media + " }" + top + " }";
}

Planned priced(const std::string& csv, const std::string& top = {}, const std::string& overlay = {}) {
  return plan_spec(spec(R"("prices": "prices.csv")", top), overlay, {{"prices.csv", csv}});
}

/// Unit prices in cents by part and length in millimetres; -1 for unknown. Rows that come inside others are left out.
std::map<std::pair<std::string, std::int64_t>, std::int64_t> unit_prices(const Plan& plan) {
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> prices;
  for (const auto& row : plan.bom) {
    if (row.included_in.valid()) continue;
    const auto price = plan.unit_price(row);
    prices[{plan.part(row.part).id, row.length.count()}] = price ? price->amount.count() : -1;
  }
  return prices;
}

/// A cable and a fibre of the site's own, so that both come in several lengths.
const std::string site_parts = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site", "url": null } }, "parts": [
  { "id": "site-dac", "kind": "cable", "manufacturer": "Site", "basis": "datasheet", "source": "s", "class": "dac", "technology": "passive",
    "protocols": ["infiniband"], "lane_gbps": 100, "ends": [ { "form": "osfp", "top": "ihs", "lanes": 8 }, { "form": "osfp", "top": "ihs", "lanes": 8 } ],
    "lengths_m": [1, 1.5, 2], "max_length_m": 2, "price_usd": 200 } ] })";

} // namespace

TEST_CASE("a price list prices the bill of materials", "[prices]") {
  const auto plain = plan_spec(spec("\"escalate\": true"));
  REQUIRE(plain.plan);
  const auto before = unit_prices(*plain.plan);
  REQUIRE(before.count({"nvidia-qm9700", 0}) == 1);
  REQUIRE(before.at({"nvidia-qm9700", 0}) == -1);
  const auto planned =
      priced("part,unit_price_usd,date,basis,note\nnvidia-qm9700,31250.50,2026-10-01,,quote 7\n\"nvidia-dgx-h100\",250000,2026-10,secondary,\n");
  INFO(planned.text());
  REQUIRE(planned.plan);
  const auto& plan = *planned.plan;
  CHECK(check_plan(plan).empty());
  auto after = before;
  after[{"nvidia-qm9700", 0}] = 3'125'050;
  after[{"nvidia-dgx-h100", 0}] = 25'000'000;
  CHECK(unit_prices(plan) == after);
  // Eight leaves, one spine, four nodes.
  CHECK(measure_cost(plan).total == measure_cost(*plain.plan).total + Cents(9 * 3'125'050 + 4 * 25'000'000LL));
  CHECK(measure_cost(plan).unknown_parts == measure_cost(*plain.plan).unknown_parts - 2);
  CHECK(bom_csv(plan).find("nvidia-qm9700,switch,compute,,9,0,") != std::string::npos);
  CHECK(bom_csv(plan).find(",31250.50,281254.50,datasheet,") != std::string::npos);
  CHECK(bom_csv(plan).find(",250000.00,1000000.00,secondary,") != std::string::npos);
  CHECK(plan_json(plan).find(R"("path": "prices.csv", "sha256")") != std::string::npos);
}

TEST_CASE("a price of nothing is told, and counts", "[prices]") {
  const auto planned = priced("part,unit_price_usd\nnvidia-qm9700,0\nnvidia-dgx-h100,0.00\nnvidia-mms4x00-nm,1\n");
  REQUIRE(planned.plan);
  const auto* finding = planned.find(Code::zero_price);
  REQUIRE(finding != nullptr);
  CHECK(finding->count == 2);
  CHECK(finding->examples == std::vector<std::string>{"`nvidia-qm9700`", "`nvidia-dgx-h100`"});
  CHECK(unit_prices(*planned.plan).at({"nvidia-qm9700", 0}) == 0);
  CHECK_FALSE(priced("part,unit_price_usd\nnvidia-qm9700,0.01\n").reports(Code::zero_price));
}

TEST_CASE("prices count only where their basis is accepted", "[prices]") {
  const std::string list = "part,unit_price_usd,basis\nnvidia-qm9700,30000,unconfirmed\n";
  const auto refused = priced(list);
  REQUIRE(refused.plan);
  CHECK(unit_prices(*refused.plan).at({"nvidia-qm9700", 0}) == -1);
  const auto accepted = priced(list, R"(, "accept": ["unconfirmed"])");
  REQUIRE(accepted.plan);
  CHECK(unit_prices(*accepted.plan).at({"nvidia-qm9700", 0}) == 3'000'000);
}

TEST_CASE("a length has its own price, and the list alone prices a part that it names", "[prices]") {
  PriceList list;
  const PartId part(3);
  CHECK_FALSE(list.names(part));
  CHECK(list.add(part, Millimetres(1'500), {{Cents(150), Basis::datasheet, {}}, {}}) == nullptr);
  CHECK(list.names(part));
  CHECK_FALSE(list.names(PartId(2)));
  CHECK_FALSE(list.names(PartId(4)));
  CHECK(list.find(part, Millimetres(2'000)) == nullptr);
  CHECK(list.find(part, Millimetres(1'500))->amount == Cents(150));
  CHECK(list.add(part, Millimetres(), {{Cents(99), Basis::datasheet, {}}, {}}) == nullptr);
  CHECK(list.find(part, Millimetres(2'000))->amount == Cents(99));
  CHECK(list.find(part, Millimetres(1'500))->amount == Cents(150));
  CHECK(list.add(part, Millimetres(), {{Cents(98), Basis::datasheet, {}}, {}})->price.amount == Cents(99));
  CHECK(list.size() == 2);
}

TEST_CASE("cables are priced by the length that is bought", "[prices]") {
  const auto site = [](const std::string& csv) {
    return plan_spec(spec(R"("prices": "prices.csv", "vendors": ["Site"])"), site_parts, {{"prices.csv", csv}});
  };
  const auto any = site("part,unit_price_usd\nnvidia-qm9700,1\n");
  REQUIRE(any.plan);
  std::vector<std::int64_t> lengths;
  for (const auto& [key, cents] : unit_prices(*any.plan)) {
    if (key.first != "site-dac") continue;
    lengths.push_back(key.second);
    CHECK(cents == 20'000);
  }
  REQUIRE_FALSE(lengths.empty());
  // A price for the first length only: the catalog's price does not stand in for the others.
  const auto first = std::to_string(lengths.front() / 1000) + "." + std::to_string(lengths.front() % 1000 / 100);
  const auto one = site("part,unit_price_usd,length_m\nsite-dac,200," + first + "\n");
  INFO(one.text());
  REQUIRE(one.plan);
  for (const auto& [key, cents] : unit_prices(*one.plan)) {
    if (key.first == "site-dac") CHECK(cents == (key.second == lengths.front() ? 20'000 : -1));
  }
}

TEST_CASE("what a price list says wrongly is refused where it stands", "[prices]") {
  struct Mistake {
    std::string csv;
    Code code;
    std::uint32_t line;
    std::uint32_t column;
    std::string says;
  };
  const std::vector<Mistake> mistakes = {
      {"", Code::wrong_price, 1, 1, "is empty"},
      {"part\nnvidia-qm9700\n", Code::missing_key, 1, 1, "no column `unit_price_usd`"},
      {"part,unit_price_usd,legnth_m\n", Code::unknown_key, 1, 21, "column `legnth_m`"},
      {"part,part,unit_price_usd\n", Code::duplicate_key, 1, 6, "two columns `part`"},
      {"part,unit_price_usd\nnvidia-qm970,5\n", Code::unknown_part, 2, 1, "no part `nvidia-qm970`"},
      {"part,unit_price_usd\n,5\n", Code::wrong_price, 2, 1, "names no part"},
      {"part,unit_price_usd\nnvidia-qm9700,$5\n", Code::wrong_price, 2, 15, "`$5` is no price"},
      {"part,unit_price_usd\nnvidia-qm9700,\"1,234\"\n", Code::wrong_price, 2, 15, "`1,234` is no price"},
      {"part,unit_price_usd\nnvidia-qm9700,1.005\n", Code::wrong_price, 2, 15, "`1.005` is no price"},
      {"part,unit_price_usd\nnvidia-qm9700,-1\n", Code::wrong_price, 2, 15, "`-1` is no price"},
      {"part,unit_price_usd\nnvidia-qm9700,\n", Code::wrong_price, 2, 15, "has no price"},
      {"part,unit_price_usd\nnvidia-qm9700,1,2\n", Code::wrong_price, 2, 1, "has 3 cells, the first line 2"},
      {"part,unit_price_usd\nnvidia-qm9700,\"1\n", Code::wrong_price, 2, 1, "quote of the row is not closed"},
      {"part,unit_price_usd,length_m\nnvidia-qm9700,1,2\n", Code::wrong_price, 2, 17, "is a switch and is not sold by length"},
      {"part,unit_price_usd,length_m\nnvidia-mcp4y10-n01a,1,2\n", Code::wrong_price, 2, 23, "is not sold at 2 m"},
      {"part,unit_price_usd,length_m\nnvidia-mcp4y10-n01a,1,long\n", Code::wrong_price, 2, 23, "`long` is no length"},
      {"part,unit_price_usd,date\nnvidia-qm9700,1,1.10.2026\n", Code::wrong_price, 2, 17, "`1.10.2026` is no date"},
      {"part,unit_price_usd,basis\nnvidia-qm9700,1,quote\n", Code::wrong_price, 2, 17, "`quote` is no basis"},
      {"part,unit_price_usd,basis\nnvidia-qm9700,1,generic\n", Code::wrong_price, 2, 17, "`generic` is no basis"},
      {"part,unit_price_usd\nnvidia-qm9700,1\nnvidia-qm9700,2\n", Code::conflicting_prices, 3, 15, "$2.00 here and $1.00 in an earlier row"},
  };
  for (const auto& mistake : mistakes) {
    INFO(mistake.csv);
    SourceMap sources;
    const auto file = sources.add("prices.csv", mistake.csv);
    Sink sink;
    static const auto shipped = plan_spec(spec("\"escalate\": true")).plan.value().catalog;
    static_cast<void>(read_price_list(file, sources.text(file), "prices.csv", *shipped, sink));
    REQUIRE(sink.findings().size() == 1);
    const auto& finding = sink.findings().front();
    INFO(finding.message);
    CHECK(finding.code == mistake.code);
    CHECK(finding.severity == Severity::error);
    CHECK(finding.message.find(mistake.says) != std::string::npos);
    CHECK_FALSE(finding.help.empty());
    const auto at = sources.position(file, finding.where.begin);
    CHECK(at.line == mistake.line);
    CHECK(at.column == mistake.column);
  }
  CHECK_FALSE(priced("part,unit_price_usd\nnvidia-qm970,5\n").plan);
}

TEST_CASE("rows that repeat a price are fine", "[prices]") {
  const auto planned = priced("part,unit_price_usd\nnvidia-qm9700,1\nnvidia-qm9700,1.00\n");
  INFO(planned.text());
  REQUIRE(planned.plan);
  CHECK(planned.plan->spec.prices.size() == 1);
}

TEST_CASE("a price list says which catalog prices it replaces, and refuses to overrule an overlay", "[prices]") {
  const auto clash = plan_spec(spec(), site_parts, {{"prices.csv", "part,unit_price_usd\nsite-dac,210\n"}});
  CHECK_FALSE(clash.plan);
  CHECK(clash.text().find("`site-dac` costs $210.00 here and $200.00 in the overlay catalog") != std::string::npos);
  CHECK(plan_spec(spec(), site_parts, {{"prices.csv", "part,unit_price_usd\nsite-dac,200\n"}}).plan);
  // Some shipped part that has a price.
  const auto plain = plan_spec(spec("\"escalate\": true"));
  REQUIRE(plain.plan);
  std::string list = "part,unit_price_usd\n";
  std::size_t known = 0;
  for (const auto id : plain.plan->catalog->sorted()) {
    const auto& part = (*plain.plan->catalog)[id];
    if (!part.price || known == 4) continue;
    ++known;
    list += part.id + ",0.07\n";
  }
  REQUIRE(known == 4);
  const auto replaced = priced(list);
  INFO(replaced.text());
  REQUIRE(replaced.plan);
  std::size_t notes = 0;
  for (const auto& finding : replaced.findings) {
    if (finding.code != Code::price_replaced) continue;
    ++notes;
    CHECK(finding.count == 4);
    CHECK(finding.examples.size() == 3);
    CHECK(finding.severity == Severity::note);
  }
  CHECK(notes == 1);
}

TEST_CASE("optimize weighs cables and modules by the price list", "[prices]") {
  const auto optimized = [](const std::string& csv) {
    return plan_spec(R"({ "name": "case", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
      "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "switches": "optimize" } ], "media": { "prices": "prices.csv" } })",
                     {}, {{"prices.csv", csv}});
  };
  const auto first = optimized("part,unit_price_usd\nnvidia-qm9700,1\n");
  INFO(first.text());
  REQUIRE(first.plan);
  std::string csv = "part,unit_price_usd\n";
  std::int64_t dollars = 1;
  std::int64_t cents = 0;
  for (const auto& row : first.plan->bom) {
    if (row.kind != "dac" && row.kind != "aoc" && row.kind != "fibre" && row.kind != "module") continue;
    csv += first.plan->part(row.part).id + "," + std::to_string(++dollars) + "\n";
    cents += dollars * 100 * row.quantity;
  }
  const auto priced = optimized(csv);
  INFO(priced.text());
  REQUIRE(priced.plan);
  CHECK(check_plan(*priced.plan).empty());
  REQUIRE(priced.plan->placement.optimized);
  CHECK(priced.plan->placement.optimized->chosen.unknown_parts == 0);
  CHECK(priced.plan->placement.optimized->chosen.figure == cents);
}
