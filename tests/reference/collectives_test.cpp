// SPDX-License-Identifier: Apache-2.0
// Collectives beside what is published: bus factors of nccl-tests, NCCL's own latencies, measured bandwidths.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/collectives.hpp"
#include "icplan/json/value.hpp"

#include <cmath>
#include <string>

using namespace icplan;
using namespace icplan::test;

namespace {

json::Value published() {
  SourceMap sources;
  const auto file = sources.add("published.json", read_source("tests/reference/collectives/published.json"));
  Sink sink;
  auto document = json::parse(sources, file, sink);
  REQUIRE(document);
  return *document;
}

double number(const json::Value& row, const std::string& name) {
  const auto* value = row.find(name);
  REQUIRE(value != nullptr);
  return std::stod(value->text);
}

std::int64_t count(const json::Value& row, const std::string& name) { return static_cast<std::int64_t>(number(row, name)); }

const std::vector<json::Value>& rows(const json::Value& document, const std::string& name) { return document.find(name)->find("rows")->items; }

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b)); }

/// Equal nodes, each a scale-up domain; the network carries every pattern at the rate of the NICs.
CollectiveInputs cluster(std::int64_t gpus, std::int64_t domain, double scale_up_gbytes, double network_gbytes) {
  CollectiveInputs inputs;
  inputs.gpus = gpus;
  inputs.domain = domain;
  inputs.scale_up_gbps = scale_up_gbytes * 8;
  inputs.injection = inputs.ring = inputs.tree = inputs.rail_all_to_all = inputs.direct_all_to_all = NetworkRate{network_gbytes * 8, "NIC"};
  return inputs;
}

constexpr std::int64_t gibibyte = std::int64_t{1} << 30;

} // namespace

TEST_CASE("bus factors are those of nccl-tests") {
  const auto document = published();
  REQUIRE(rows(document, "bus_factors").size() == 4);
  for (const auto& row : rows(document, "bus_factors")) {
    const auto gpus = count(row, "gpus");
    for (const auto collective : all_collectives) {
      INFO(gpus << " " << to_text(collective));
      CHECK(near(bus_factor(collective, gpus), number(row, std::string(to_text(collective))), 1e-9));
    }
    CHECK(near(in_network_factor(gpus), number(row, "in-network"), 1e-9));
  }
}

TEST_CASE("latencies of rings and trees are those that NCCL reckons with") {
  const auto document = published();
  REQUIRE(rows(document, "latencies").size() == 3);
  for (const auto& row : rows(document, "latencies")) {
    const auto gpus = count(row, "gpus");
    INFO(gpus);
    auto inputs = cluster(gpus, gpus / count(row, "nodes"), 450, 50);
    const auto& simple = nccl_2_7_costs().back();
    REQUIRE(simple.protocol == document.find("latencies")->find("protocol")->text);
    const auto ring = latency_us(Collective::all_reduce, Algorithm::ring, inputs, simple);
    const auto tree = latency_us(Collective::all_reduce, Algorithm::tree, inputs, simple);
    REQUIRE((ring && tree));
    CHECK(near(*ring, number(row, "ring_us"), 1e-6));
    CHECK(near(*tree, number(row, "tree_us"), 1e-6));
    inputs.costs = nccl_2_7_costs().subspan(1);
    const auto time = time_collective(Collective::all_reduce, Algorithm::ring, inputs, gibibyte);
    REQUIRE(time);
    CHECK(near(time->algbw / time->busbw, number(row, "algbw_per_busbw"), 1e-6));
    CHECK(near(time->latency_us, number(row, "ring_us"), 1e-6));
  }
}

TEST_CASE("what was measured stays below the ideal and above eight tenths of it") {
  const auto document = published();
  const auto& measured = document.find("measured")->items;
  REQUIRE(measured.size() == 4);
  const auto figure = [&](std::size_t at) { return number(measured[at], "measured_gbytes_per_s"); };
  const auto link = [&](std::size_t at) { return number(measured[at], "link_gbytes_per_s"); };

  auto node = cluster(8, 8, link(0), 50);
  const auto ring = time_collective(Collective::all_reduce, Algorithm::ring, node, 4 * gibibyte);
  REQUIRE(ring);
  CHECK(ring->busbw <= link(0));
  CHECK(ring->busbw > 0.99 * link(0));
  CHECK(near(figure(0) / ring->busbw, 0.822, 0.01));
  CHECK(ring->binds == "scale-up");

  // Reduced in switches, busbw passes the link's rate and is bound by the share of both directions.
  CHECK_FALSE(time_collective(Collective::all_reduce, Algorithm::in_network, node, 4 * gibibyte));
  node.scale_up_reduces = true;
  const auto switched = time_collective(Collective::all_reduce, Algorithm::in_network, node, 16 * gibibyte);
  REQUIRE(switched);
  CHECK(switched->busbw > figure(1));
  CHECK(switched->busbw > link(1));
  CHECK(near(switched->busbw, 2 * link(1) * in_network_factor(8), 1e-3));

  // One GPU of each of two nodes: a ring of two sends and receives at the rate of the NIC.
  const auto pair = time_collective(Collective::broadcast, Algorithm::ring, cluster(2, 1, 0, link(2)), 16 * gibibyte);
  REQUIRE(pair);
  CHECK(pair->algbw <= link(2));
  CHECK(pair->algbw >= figure(2));
  CHECK(pair->binds == "NIC");

  for (const std::int64_t gpus : {16, 32, 64, 128}) {
    for (const auto algorithm : {Algorithm::hierarchical, Algorithm::direct}) {
      const auto time = time_collective(Collective::all_to_all, algorithm, cluster(gpus, 8, 450, link(3)), 16 * gibibyte);
      REQUIRE(time);
      // What each GPU's NIC carries is what leaves the node.
      const auto carried = time->algbw * static_cast<double>(gpus - 8) / static_cast<double>(gpus);
      CHECK(carried <= link(3));
      CHECK(carried > figure(3));
      CHECK(time->binds == "NIC");
    }
  }
}
