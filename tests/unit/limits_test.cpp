// SPDX-License-Identifier: Apache-2.0
// Limits on what a whole plan costs, draws and takes, and on its parts.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/judge.hpp"

#include <string>

using namespace icplan;
using namespace icplan::test;

namespace {

/// What the limits say of a plan.
Planned judged(Planned planned) {
  REQUIRE(planned.plan);
  Sink sink;
  judge_plan(*planned.plan, sink);
  planned.findings = sink.sorted();
  return planned;
}

Planned limited(const std::string& limits) {
  return judged(plan_spec(R"({ "name": "small", "nodes": [ { "model": "nvidia-dgx-h100", "count": 8, "nodes_per_rack": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700" } ], "limits": { )" +
                          limits + " } }"));
}

std::string kilowatts(std::int64_t milliwatts) {
  return std::to_string(milliwatts / 1'000'000) + "." + std::to_string(1'000'000 + milliwatts % 1'000'000).substr(1);
}

} // namespace

TEST_CASE("a limit on racks breaks at its figure and not before") {
  const auto racks = static_cast<std::int64_t>(limited("").plan->placement.racks.size());
  REQUIRE(racks > 1);
  CHECK_FALSE(limited("\"max_racks\": " + std::to_string(racks)).reports(Code::limit_exceeded));
  const auto below = limited("\"max_racks\": " + std::to_string(racks - 1));
  REQUIRE(below.reports(Code::limit_exceeded));
  CHECK(below.find(Code::limit_exceeded)->where.valid());
}

TEST_CASE("a limit on power that what is known breaks is broken, and else not met while something is unknown") {
  const auto total = measure_power(*limited("").plan).total;
  REQUIRE(total.unknown_maximum > 0);
  CHECK(limited("\"max_power_kw\": " + kilowatts(total.maximum.count() - 1)).reports(Code::limit_exceeded));
  const auto at = limited("\"max_power_kw\": " + kilowatts(total.maximum.count()));
  CHECK_FALSE(at.reports(Code::limit_exceeded));
  CHECK(at.reports(Code::limit_cannot_be_judged));
}

TEST_CASE("a budget with unknown prices is broken or cannot be judged but never met") {
  const auto unknown = limited("\"max_cost_usd\": 1000000000");
  CHECK(unknown.reports(Code::limit_cannot_be_judged));
  CHECK_FALSE(unknown.reports(Code::limit_exceeded));
  const std::string spec = R"({ "name": "small", "nodes": [ { "model": "nvidia-dgx-h100", "count": 2 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700" } ],
    "media": { "prices": "prices.csv" }, "limits": { "max_cost_usd": $1 } })";
  const auto with = [&](std::int64_t most) {
    return judged(plan_spec(fill(spec, {most}), {}, {{"prices.csv", "part,unit_price_usd\nnvidia-dgx-h100,300000\n"}}));
  };
  CHECK(with(599'999).reports(Code::limit_exceeded));
  CHECK_FALSE(with(599'999).reports(Code::limit_cannot_be_judged));
  CHECK(with(600'000).reports(Code::limit_cannot_be_judged));
}

TEST_CASE("a latency limit speaks of the longest way") {
  CHECK(limited("\"max_latency_us\": 0.000001").reports(Code::limit_exceeded));
  // Figures are missing, so that a longer limit is not met either.
  CHECK(limited("\"max_latency_us\": 1000").reports(Code::limit_cannot_be_judged));
  const auto alone = judged(plan_spec(R"({ "name": "one", "nodes": [ { "model": "nvidia-dgx-h100", "count": 1 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700" } ], "limits": { "max_latency_us": 1 } })"));
  CHECK(alone.reports(Code::limit_cannot_be_judged));
}

TEST_CASE("parts of other makers and parts that are not on sale are told, once each, with their number") {
  const auto other = limited(R"("vendors": ["nvidia"])");
  REQUIRE(other.reports(Code::part_not_allowed));
  CHECK(other.find(Code::part_not_allowed)->message.find("`generic") != std::string::npos);
  CHECK_FALSE(limited(R"("vendors": ["NVIDIA", "Generic"])").reports(Code::part_not_allowed));
  CHECK(plan_spec(R"({ "name": "small", "nodes": [ { "model": "nvidia-dgx-h100", "count": 8 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700" } ], "limits": { "vendors": [] } })").reports(Code::out_of_range));
  CHECK(limited(R"("orderable_only": true)").reports(Code::part_not_allowed));
  CHECK_FALSE(limited(R"("orderable_only": false)").reports(Code::part_not_allowed));
  CHECK(other.count(Code::part_not_allowed) >= other.plan->placement.racks.size());
}
