// SPDX-License-Identifier: Apache-2.0
// The media rule to the millimetre, cages that bind, escalation and policies.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/place/geometry.hpp"

#include <algorithm>
#include <string>

using namespace icplan;
using namespace icplan::test;

namespace {

/// One node on one switch; all its links have one length, which `slack` moves to the millimetre.
std::string one_node(std::int64_t slack_mm, const std::string& media = "{}") {
  return R"({ "name": "one", "nodes": [ { "model": "nvidia-dgx-h100", "count": 1 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700" } ],
    "floor": { "tray_height_m": 2.3, "side_m": 0, "rack_pitch_m": 0.1, "slack_m": )" +
         std::to_string(slack_mm / 1000) + "." + std::to_string(1000 + slack_mm % 1000).substr(1) + " }, \"media\": " + media + " }";
}

std::int64_t length_without_slack() {
  const auto planned = plan_spec(one_node(0));
  REQUIRE(planned.plan);
  return planned.plan->cables.assemblies.front().needed_mm;
}

MediaClass class_at(std::int64_t needed_mm, const std::string& media = "{}") {
  const auto plan = sound_plan(one_node(needed_mm - length_without_slack(), media));
  const auto& cables = plan.cables;
  CHECK(cables.assemblies.front().needed_mm == needed_mm);
  return cables.solutions[cables.assemblies.front().solution.index()].media;
}

} // namespace

TEST_CASE("the media rule holds to the millimetre") {
  CHECK(class_at(6'999) == MediaClass::dac);
  CHECK(class_at(7'000) == MediaClass::aoc);
  CHECK(class_at(100'000) == MediaClass::aoc);
  CHECK(class_at(100'001) == MediaClass::osfp);
}

TEST_CASE("the thresholds of the media rule are policy values") {
  const std::string narrow = R"({ "dac_below_m": 2.5, "aoc_up_to_m": 20 })";
  CHECK(class_at(2'499, narrow) == MediaClass::dac);
  CHECK(class_at(2'500, narrow) == MediaClass::aoc);
  CHECK(class_at(20'000, narrow) == MediaClass::aoc);
  CHECK(class_at(20'001, narrow) == MediaClass::osfp);
  CHECK(class_at(2'499, R"({ "dac_below_m": 0, "aoc_up_to_m": 0 })") == MediaClass::osfp);
}

TEST_CASE("run length is the stated model rounded up once") {
  const auto planned = plan_spec(one_node(500));
  REQUIRE(planned.plan);
  const auto& plan = *planned.plan;
  // The node fills units 1 to 8, the switch unit 48 of the next rack.
  const std::int64_t node = 100'000 + (2 * 1 + 8 - 2) * 22'225;
  const std::int64_t leaf = 100'000 + (2 * 48 + 1 - 2) * 22'225;
  const std::int64_t expected = (2'300'000 - node) + (2'300'000 - leaf) + 100'000 + 0 + 500'000;
  CHECK(RunModel(plan.spec.floor, plan.placement).length(plan.network.links[0].from, plan.network.links[0].to)->count() == (expected + 999) / 1000);
}

TEST_CASE("copper joins whole twin-port cages and buys sold lengths") {
  const auto planned = plan_spec(one_node(0));
  REQUIRE(planned.plan);
  const auto& cables = planned.plan->cables;
  CHECK(planned.plan->network.links.size() == 8);
  CHECK(cables.assemblies.size() == 4);
  CHECK(count_plan(*planned.plan).modules == 0);
  for (const auto& solution : cables.solutions) CHECK(solution.sold.count() >= cables.assemblies.front().needed_mm);
}

TEST_CASE("one to two cables join neighbours and the odd one leaves a leg") {
  const auto planned = sound_planned(R"({ "name": "odd", "nodes": [ { "model": "nvidia-dgx-b300", "count": 3, "unit": 3 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-q3400-ra" } ] })");
  CHECK(planned.count(Code::unused_leg) == 8);
  std::int64_t node_cables = 0;
  const auto& plan = *planned.plan;
  for (const auto& assembly : plan.cables.assemblies) {
    const auto& link = plan.network.links[assembly.first_link];
    if (!plan.network.group(link.from).is_node()) continue;
    ++node_cables;
    CHECK(plan.cables.solutions[assembly.solution.index()].legs == 2);
  }
  CHECK(node_cables == 16);
}

TEST_CASE("a dgx cage whose ports go to two leaves takes modules at any length") {
  const auto planned = plan_spec(R"({ "name": "rails", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] })");
  REQUIRE(planned.plan);
  CHECK(planned.count(Code::cages_do_not_pair) == 32);
  CHECK(count_plan(*planned.plan).modules == 16 + 16);
}

TEST_CASE("escalation can be refused") {
  const auto planned = plan_spec(R"({ "name": "rails", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ], "media": { "escalate": false } })");
  CHECK_FALSE(planned.plan);
  CHECK(planned.count(Code::escalation_refused) == 32);
}

TEST_CASE("orderable only leaves generic parts out and says what then has none") {
  const auto media = std::string(R"({ "orderable_only": true })");
  const auto length = length_without_slack();
  const auto near = plan_spec(one_node(20'000 - length, media));
  REQUIRE(near.plan);
  CHECK(near.count(Code::escalated) == 8);
  CHECK(near.plan->cables.solutions.front().media == MediaClass::osfp);
  CHECK_FALSE(near.reports(Code::generic_part));
  const auto far = plan_spec(one_node(900'000 - length, media));
  CHECK_FALSE(far.plan);
  CHECK(far.reports(Code::no_part));
  CHECK(far.text().find("needs 900 m; the longest reach that fits both ends is that of type dr4, 500 m") != std::string::npos);
}

TEST_CASE("generic parts are counted") {
  const auto planned = plan_spec(one_node(20'000 - length_without_slack()));
  REQUIRE(planned.plan);
  CHECK(planned.count(Code::generic_part) == 4);
}

TEST_CASE("vendors come in the stated order and spares are rounded up") {
  const auto overlay = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
    { "id": "site-dac", "kind": "cable", "manufacturer": "Zebra", "basis": "datasheet", "source": "s", "class": "dac", "technology": "passive", "protocols": ["infiniband"],
      "lane_gbps": 100, "ends": [ { "form": "osfp", "top": "rhs", "lanes": 8 }, { "form": "osfp", "top": "ihs", "lanes": 8 } ], "lengths_m": [3, 5], "price_usd": 123.45 } ] })";
  const auto length = length_without_slack();
  const auto chosen = [&](const std::string& media) {
    const auto planned = plan_spec(one_node(2'900 - length, media), overlay);
    INFO(planned.text());
    REQUIRE(planned.plan);
    for (const auto& row : planned.plan->bom) {
      if (row.kind == "dac") return planned.plan->part(row.part).id + " " + std::to_string(row.quantity) + "+" + std::to_string(row.spares);
    }
    return std::string("none");
  };
  CHECK(chosen("{}") == "nvidia-mca4j80-n003-ftf 4+0");
  CHECK(chosen(R"({ "vendors": ["zebra"], "spares_percent": { "dac": 26 } })") == "site-dac 4+2");
}

TEST_CASE("a listed length above the longest one that is sold is not sold") {
  SoldLengths lengths;
  lengths.list = {Millimetres(1'000), Millimetres(3'000), Millimetres(5'000)};
  lengths.maximum = Millimetres(4'000);
  CHECK(lengths.at_least(Millimetres(2'000)) == Millimetres(3'000));
  CHECK_FALSE(lengths.at_least(Millimetres(3'001)));
  CHECK(lengths.longest() == Millimetres(3'000));
}
