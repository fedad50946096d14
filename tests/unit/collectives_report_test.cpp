// SPDX-License-Identifier: Apache-2.0
// Collectives of plans: what is taken from the plan, and that every format prints the same figures.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/cluster_collectives.hpp"
#include "icplan/report/collectives.hpp"
#include "icplan/report/compare.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

std::string dgx(std::int64_t nodes, const std::string& topology = "rail-optimized", const std::string& more = {}) {
  return R"({ "name": "collectives", "nodes": [ { "model": "nvidia-dgx-h100", "count": )" + std::to_string(nodes) +
         R"( } ], "fabrics": [ { "name": "compute", "topology": ")" + topology + R"(", "leaf": "nvidia-qm9700")" + more + " } ] }";
}

std::string joined_text(const std::vector<Section>& sections) { return render_text("x", sections); }

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("the CSV of collectives holds what the model gives for the plan's rates") {
  const auto plan = sound_plan(dgx(16));
  const auto inputs = collective_inputs(plan);
  REQUIRE(inputs);
  CHECK(inputs->group.gpus == 128);
  CHECK(inputs->group.domain == 8);
  CHECK(inputs->group.scale_up_gbps == 3600.0);
  REQUIRE(inputs->group.injection);
  CHECK(inputs->group.injection->gbps == 400.0);
  CHECK(inputs->group.injection->binds == "NIC");
  const auto rows = csv_rows(collectives_csv(plan));
  const auto& head = rows.front();
  std::map<std::string, std::size_t> at;
  for (std::size_t c = 0; c < head.size(); ++c) at[head[c]] = c;
  // 11 algorithms over the cluster, 7 within the domain, 13 sizes.
  REQUIRE(rows.size() == 1 + (11 + 7) * 13);
  std::map<std::string, int> fastest_rows;
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    const auto cell = [&](const std::string& name) { return (*row)[at.at(name)]; };
    const bool domain = cell("group") == "domain";
    const auto group = domain ? inputs->group.with_gpus(8) : inputs->group;
    REQUIRE(cell("gpus") == std::to_string(group.gpus));
    bool found = false;
    for (const auto collective : all_collectives) {
      for (const auto algorithm : algorithms_of(collective)) {
        if (to_text(collective) != cell("collective") || to_text(algorithm) != cell("algorithm")) continue;
        found = true;
        const auto time = time_collective(collective, algorithm, group, std::stoll(cell("bytes")));
        REQUIRE(time);
        CHECK(std::abs(std::stod(cell("time_us")) - time->microseconds) <= 0.001);
        CHECK(std::abs(std::stod(cell("busbw_gbytes_per_s")) - time->busbw) <= 1e-6);
        CHECK(cell("bound_by") == time->binds);
        CHECK(cell("protocol") == time->protocol);
      }
    }
    CHECK(found);
    if (cell("fastest") == "yes") ++fastest_rows[cell("group") + cell("collective") + cell("bytes")];
  }
  CHECK(fastest_rows.size() == 2 * 5 * 13);
  for (const auto& [key, count] : fastest_rows) CHECK(count == 1);
}

TEST_CASE("text, Markdown and JSON of collectives agree") {
  const auto plan = sound_plan(dgx(16));
  const auto inputs = collective_inputs(plan);
  const auto time = fastest(Collective::all_reduce, inputs->group, std::int64_t{1} << 34);
  const auto text = joined_text(collective_sections(plan));
  CHECK(contains(text, "128 GPUs in 16 scale-up domains of up to 8, fabric compute"));
  CHECK(contains(text, "All-reduce of 128 GPUs\n"));
  CHECK(contains(text, "All-reduce of 8 GPUs, one scale-up domain\n"));
  CHECK(contains(text, "`--in-network`"));
  CHECK_FALSE(contains(text, "  in-network  "));
  const auto json = collectives_json(plan);
  CHECK(contains(json, R"("format": "icplan.collectives/1")"));
  CHECK(contains(json, R"("scale_up_gbps": 3600,)"));
  CHECK(
      contains(json, R"("algorithm": ")" + std::string(to_text(time->algorithm)) + R"(", "protocol": "Simple", "bytes": 17179869184, "time_us": )"));
  CHECK(contains(render_markdown("x", collective_sections(plan)), "## All-to-all of 128 GPUs\n"));
}

TEST_CASE("reduction in the network is reckoned only where it is asked for") {
  const auto plan = sound_plan(dgx(16));
  CHECK_FALSE(contains(collectives_csv(plan), ",in-network,"));
  const auto rows = csv_rows(collectives_csv(plan, true));
  const auto of = std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row[3] == "in-network"; });
  CHECK(of == 2 * 13);
  const auto text = joined_text(collective_sections(plan, true));
  CHECK(contains(text, "taken for granted"));
  CHECK(contains(text, "  in-network  "));
}

TEST_CASE("a cluster that is one scale-up domain has one group") {
  const auto plan = sound_plan(dgx(1, "single-switch"));
  const auto rows = csv_rows(collectives_csv(plan));
  REQUIRE(rows.size() == 1 + 7 * 13);
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) CHECK(row->front() == "cluster");
}

TEST_CASE("an unknown rate within the domain leaves lower bounds over the network and nothing within") {
  constexpr auto overlay = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
    { "id": "nvidia-h100-sxm", "kind": "gpu", "manufacturer": "NVIDIA", "basis": "datasheet", "source": "s", "scale_up_domain_gpus": 8 } ] })";
  const auto plan = sound_plan(dgx(16), overlay);
  const auto inputs = collective_inputs(plan);
  REQUIRE(inputs);
  CHECK_FALSE(inputs->group.scale_up_gbps);
  const auto text = joined_text(collective_sections(plan));
  const auto line = text.substr(text.find("scale-up links"));
  CHECK(contains(line.substr(0, line.find('\n')), " unknown "));
  CHECK(contains(text, ">= "));
  CHECK(contains(text, "All-reduce of 8 GPUs, one scale-up domain\n  not known: the plan has no rate for it\n"));
  for (const auto& row : csv_rows(collectives_csv(plan))) CHECK(row.front() != "domain");
}

TEST_CASE("uplinks that are oversubscribed bind the all-to-all within rails") {
  // Two units of 48 nodes: a leaf has 48 ports down and 16 up, and 48 of the 95 others are beyond them.
  const auto plan = sound_plan(dgx(96, "rail-optimized", R"(, "oversubscription": 3)"));
  REQUIRE(switches(plan, "compute", 1) == 16);
  REQUIRE(links(plan, "compute", 1) == 16 * 16);
  const auto inputs = collective_inputs(plan);
  REQUIRE(inputs);
  const auto& exchange = inputs->group.rail_all_to_all;
  REQUIRE(exchange);
  CHECK(exchange->binds == "leaf-spine");
  CHECK(std::abs(exchange->gbps - 400.0 / 3 * 95 / 48) < 1e-6);
  // Every node of a unit has its partner in the other one: a third of the rate is left.
  REQUIRE(inputs->group.tree);
  CHECK(inputs->group.tree->binds == "leaf-spine");
  CHECK(std::abs(inputs->group.tree->gbps - 400.0 / 3) < 1e-6);
  CHECK(inputs->group.injection->gbps == 400.0);
  const auto time = time_collective(Collective::all_to_all, Algorithm::hierarchical, inputs->group, std::int64_t{1} << 34);
  REQUIRE(time);
  CHECK(time->binds == "leaf-spine");
  CHECK(time->floor_us <= time->microseconds);
}

TEST_CASE("rails without a way to each other have no direct all-to-all") {
  const auto plan = sound_plan(dgx(32, "rail-only"));
  const auto inputs = collective_inputs(plan);
  REQUIRE(inputs);
  CHECK_FALSE(inputs->group.direct_all_to_all);
  CHECK(inputs->group.rail_all_to_all->gbps == 400.0);
  CHECK_FALSE(contains(collectives_csv(plan), "cluster,256,all-to-all,direct"));
  CHECK(contains(joined_text(collective_sections(plan)), "all-to-all between all GPUs      -  no path\n"));
}

TEST_CASE("rails beyond the NICs of a node tell the scale-up domain") {
  const auto plan = sound_plan(dgx(64, "rail-only", R"(, "rails": 16)"));
  const auto inputs = collective_inputs(plan);
  REQUIRE(inputs);
  CHECK(inputs->group.domain == 16);
  CHECK(inputs->group.domains() == 32);
  CHECK(contains(joined_text(collective_sections(plan)), "512 GPUs in 32 scale-up domains of up to 16, fabric compute"));
  CHECK(contains(collectives_csv(plan), "domain,16,all-reduce,ring"));
}

TEST_CASE("GPUs that another fabric joins are not among those that are reckoned") {
  const auto plan = sound_plan(R"({ "name": "two", "nodes": [ { "group": "a", "model": "nvidia-dgx-h100", "count": 8 },
      { "group": "b", "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "east", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "attach": [ { "group": "a", "ports": "compute" } ] },
      { "name": "west", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "attach": [ { "group": "b", "ports": "compute" } ] } ] })");
  CHECK(contains(joined_text(collective_sections(plan)), "64 of 96 GPUs in 8 scale-up domains of up to 8, fabric east"));
}

TEST_CASE("paths of a plan lengthen its collectives and missing figures make them lower bounds") {
  const auto plan = sound_plan(dgx(64));
  const auto inputs = collective_inputs(plan);
  REQUIRE(inputs);
  CHECK(inputs->group.network_path_us >= inputs->group.least_network_path_us);
  CHECK(inputs->group.least_network_path_us > 0);
  CHECK(inputs->group.path_partial == (inputs->missing_figures > 0));
  auto still = inputs->group;
  still.network_path_us = 0;
  const auto with = time_collective(Collective::all_reduce, Algorithm::ring, inputs->group, 1024);
  const auto without = time_collective(Collective::all_reduce, Algorithm::ring, still, 1024);
  CHECK(std::abs(with->microseconds - without->microseconds - 2 * 63 * inputs->group.network_path_us) < 1e-6);
}

TEST_CASE("comparisons have the time of all-reduce and of all-to-all") {
  const auto plan = sound_plan(dgx(16));
  const auto figures = measure_design(plan);
  const auto comparison = compare_designs({{"a", "a.json", figures}, {"b", "b.json", measure_design(sound_plan(dgx(32)))}});
  const auto inputs = collective_inputs(plan, {false, false});
  REQUIRE(inputs);
  CHECK(inputs->group.network_path_us == 0);
  const auto* row = comparison.row("all_reduce_1gib_ms");
  REQUIRE(row != nullptr);
  const auto time = fastest(Collective::all_reduce, inputs->group, std::int64_t{1} << 30);
  CHECK(std::abs(static_cast<double>(row->values[0].scaled) - time->microseconds) <= 1);
  CHECK(row->unit == "ms");
  CHECK(row->values[0].state == ComparedValue::State::known);
  CHECK(row->ratios[1]);
  const auto* exchange = comparison.row("all_to_all_1gib_ms");
  REQUIRE(exchange != nullptr);
  // 15 of 16 parts leave a node there, 31 of 32 here.
  CHECK(exchange->values[1].scaled > exchange->values[0].scaled);
}
