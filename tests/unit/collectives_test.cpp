// SPDX-License-Identifier: Apache-2.0
// Collectives: steps counted hop by hop, bytes counted GPU by GPU, and what every time must keep to.
#include "support/catch.hpp"

#include "icplan/analysis/collectives.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace icplan;

namespace {

NetworkRate nic(double gbps) { return {gbps, "NIC"}; }

/// Nodes with 8 GPUs whose network carries every pattern at the rate of the NICs.
CollectiveInputs cluster(std::int64_t gpus, std::int64_t domain = 8, double scale_up = 3600, double network = 400) {
  CollectiveInputs inputs;
  inputs.gpus = gpus;
  inputs.domain = domain;
  inputs.scale_up_gbps = scale_up;
  inputs.injection = inputs.ring = inputs.tree = inputs.rail_all_to_all = inputs.direct_all_to_all = nic(network);
  return inputs;
}

constexpr std::int64_t gibibyte = std::int64_t{1} << 30;

const StepCosts& simple() { return nccl_2_7_costs().back(); }

struct Case {
  Collective collective;
  Algorithm algorithm;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto collective : all_collectives) {
    for (const auto algorithm : algorithms_of(collective)) cases.push_back({collective, algorithm});
  }
  return cases;
}

bool near(double a, double b, double tolerance = 1e-9) { return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b)); }

/// Busy microseconds of GPUs' links while data goes round: what one ring of many sends over each hop, added up link by link.
struct Busy {
  double scale_up = 0;
  double network = 0;
};

/// `domain` rings side by side, ring r leaving each domain from GPU r. Each hop of a ring carries `passes` * (n-1)/n of the ring's share of the data.
Busy walked_rings(const CollectiveInputs& inputs, double bytes, double passes) {
  const auto n = static_cast<double>(inputs.gpus);
  const auto rings = inputs.domain;
  const auto hop = passes * (n - 1) / n * bytes * 8 / static_cast<double>(rings);
  std::vector<Busy> gpus(static_cast<std::size_t>(inputs.gpus));
  for (std::int64_t ring = 0; ring < rings; ++ring) {
    for (std::int64_t gpu = 0; gpu < inputs.gpus; ++gpu) {
      auto& busy = gpus[static_cast<std::size_t>(gpu)];
      if (inputs.gpus > inputs.domain && gpu % inputs.domain == ring) {
        busy.network += hop / (inputs.ring->gbps * 1000);
      } else {
        busy.scale_up += hop / (*inputs.scale_up_gbps * 1000);
      }
    }
  }
  Busy most;
  for (const auto& busy : gpus) most = {std::max(most.scale_up, busy.scale_up), std::max(most.network, busy.network)};
  return most;
}

/// Messages of an all-to-all through rails, counted pair by pair from GPU 0.
Busy walked_exchange(const CollectiveInputs& inputs, double bytes) {
  const auto part = bytes * 8 / static_cast<double>(inputs.gpus);
  Busy busy;
  for (std::int64_t to = 1; to < inputs.gpus; ++to) {
    const bool same_domain = to / inputs.domain == 0;
    if (same_domain || to % inputs.domain != 0) busy.scale_up += part / (*inputs.scale_up_gbps * 1000);
    if (!same_domain) busy.network += part / (inputs.rail_all_to_all->gbps * 1000);
  }
  return busy;
}

} // namespace

TEST_CASE("a ring takes as long as its busiest link") {
  for (const double scale_up : {400.0, 2000.0, 3600.0, 14400.0}) {
    for (const std::int64_t gpus : {8, 16, 64, 1024}) {
      INFO(scale_up << " " << gpus);
      auto inputs = cluster(gpus, 8, scale_up);
      inputs.costs = no_costs();
      const auto busy = walked_rings(inputs, static_cast<double>(gibibyte), 2);
      const auto time = time_collective(Collective::all_reduce, Algorithm::ring, inputs, gibibyte);
      REQUIRE(time);
      CHECK(near(time->microseconds, std::max(busy.scale_up, busy.network)));
      CHECK(time->binds == (busy.scale_up > busy.network ? "scale-up" : "NIC"));
      const auto half = time_collective(Collective::all_gather, Algorithm::ring, inputs, gibibyte);
      REQUIRE(half);
      CHECK(near(half->microseconds * 2, time->microseconds));
      CHECK(near(half->busbw, time->busbw));
    }
  }
}

TEST_CASE("a ring's latency is that of its hops") {
  auto inputs = cluster(48);
  inputs.network_path_us = 1.5;
  inputs.least_network_path_us = 1;
  inputs.scale_up_path_us = 0.25;
  const auto& steps = simple().ring;
  double expected = steps.base;
  for (std::int64_t gpu = 0; gpu + 1 < inputs.gpus; ++gpu) {
    const bool leaves = (gpu + 1) % inputs.domain == 0;
    expected += leaves ? steps.network + 1.5 : steps.scale_up + 0.25;
  }
  CHECK(near(*latency_us(Collective::reduce_scatter, Algorithm::ring, inputs, simple()), expected));
  CHECK(near(*latency_us(Collective::all_reduce, Algorithm::ring, inputs, simple()), 2 * expected - steps.base));
  // Without software the paths remain.
  const auto time = time_collective(Collective::reduce_scatter, Algorithm::ring, inputs, 1);
  REQUIRE(time);
  CHECK(near(time->floor_us, 5 * 1 + 42 * 0.25, 1e-3));
}

TEST_CASE("an all-to-all through rails takes as long as the busier of both ways") {
  for (const double scale_up : {100.0, 400.0, 700.0, 3600.0}) {
    for (const std::int64_t domain : {2, 8, 72}) {
      INFO(scale_up << " " << domain);
      auto inputs = cluster(domain * 16, domain, scale_up);
      inputs.costs = no_costs();
      const auto busy = walked_exchange(inputs, static_cast<double>(gibibyte));
      const auto time = time_collective(Collective::all_to_all, Algorithm::hierarchical, inputs, gibibyte);
      REQUIRE(time);
      CHECK(near(time->microseconds, std::max(busy.scale_up, busy.network)));
      CHECK(time->binds == (busy.scale_up > busy.network ? "scale-up" : "NIC"));
    }
  }
}

TEST_CASE("without latency bandwidths are the rates that bind") {
  const auto busbw = [](Collective collective, Algorithm algorithm, CollectiveInputs inputs) {
    inputs.costs = no_costs();
    const auto time = time_collective(collective, algorithm, inputs, gibibyte);
    return time ? time->busbw : 0.0;
  };
  // One domain: the scale-up link, 450 GB/s.
  for (const auto algorithm : {Algorithm::ring, Algorithm::tree}) CHECK(near(busbw(Collective::all_reduce, algorithm, cluster(8)), 450));
  for (const auto collective : {Collective::reduce_scatter, Collective::all_gather, Collective::broadcast})
    CHECK(near(busbw(collective, Algorithm::ring, cluster(8)), 450));
  CHECK(near(busbw(Collective::all_to_all, Algorithm::direct, cluster(8)), 450));
  // Many domains: a domain's eight NICs of 50 GB/s together.
  const auto many = cluster(1024);
  CHECK(near(busbw(Collective::all_reduce, Algorithm::ring, many), 400));
  CHECK(near(busbw(Collective::broadcast, Algorithm::tree, many), 400));
  // Trees send every byte up and down; rings keep their own part.
  CHECK(near(busbw(Collective::all_reduce, Algorithm::tree, many), 400 * 1023.0 / 1024));
  CHECK(near(busbw(Collective::all_reduce, Algorithm::hierarchical, many), 400 * (1023.0 / 1024) / (127.0 / 128)));
  CHECK(near(busbw(Collective::all_gather, Algorithm::hierarchical, many), 400 * (1023.0 / 1024) / (127.0 / 128)));
  // 1016 of 1024 parts leave the node.
  CHECK(near(busbw(Collective::all_to_all, Algorithm::direct, many), 50 * 1023.0 / 1016));
  // Switches of the network that add up halve what NICs carry.
  auto reducing = many;
  reducing.network_reduces = true;
  CHECK(near(busbw(Collective::all_reduce, Algorithm::in_network, reducing), 450 * (1023.0 / 1024) * (8.0 / 7)));
  reducing.scale_up_gbps = 36000;
  CHECK(near(busbw(Collective::all_reduce, Algorithm::in_network, reducing), 2 * 400 * 1023.0 / 1024));
  // GPUs without a scale-up domain have their NICs alone.
  CHECK(near(busbw(Collective::all_reduce, Algorithm::ring, cluster(64, 1)), 50));
}

TEST_CASE("each pattern is bound by its own rate and names its tier") {
  auto inputs = cluster(256);
  inputs.ring = NetworkRate{100, "leaf-spine"};
  inputs.rail_all_to_all = NetworkRate{80, "spine-core"};
  inputs.direct_all_to_all = NetworkRate{40, "core"};
  inputs.tree = NetworkRate{60, "tree tier"};
  const auto binds = [&](Collective collective, Algorithm algorithm) { return time_collective(collective, algorithm, inputs, 16 * gibibyte)->binds; };
  CHECK(binds(Collective::all_reduce, Algorithm::ring) == "leaf-spine");
  CHECK(binds(Collective::all_reduce, Algorithm::tree) == "tree tier");
  CHECK(binds(Collective::all_to_all, Algorithm::hierarchical) == "spine-core");
  CHECK(binds(Collective::all_to_all, Algorithm::direct) == "core");
  CHECK(fastest(Collective::all_to_all, inputs, 16 * gibibyte)->algorithm == Algorithm::hierarchical);
  CHECK(time_collective(Collective::all_reduce, Algorithm::ring, inputs, 1024)->binds == "latency");
  // Rails that nothing joins.
  inputs.direct_all_to_all.reset();
  CHECK_FALSE(time_collective(Collective::all_to_all, Algorithm::direct, inputs, gibibyte));
  inputs.rail_all_to_all->gbps = 0;
  CHECK_FALSE(fastest(Collective::all_to_all, inputs, gibibyte));
}

TEST_CASE("small collectives take trees and large ones what sends least") {
  const auto inputs = cluster(64);
  CHECK(fastest(Collective::all_reduce, inputs, 1024)->algorithm == Algorithm::tree);
  CHECK(fastest(Collective::all_reduce, inputs, 1024)->protocol == "LL");
  // Each rail has one GPU of each of eight nodes: 2 x 7/8 of an eighth, where a ring of all sends 2 x 63/64 of it.
  const auto large = fastest(Collective::all_reduce, inputs, 16 * gibibyte);
  CHECK(large->protocol == "Simple");
  CHECK(large->algorithm == Algorithm::hierarchical);
}

TEST_CASE("a collective of twice the size takes longer but less than twice as long") {
  auto inputs = cluster(72 * 7, 72, 7200, 800);
  inputs.scale_up_reduces = inputs.network_reduces = true;
  inputs.network_path_us = 2;
  inputs.least_network_path_us = 0.5;
  for (const std::int64_t gpus : {2, 72, 73, 100, 500, 504}) {
    for (const auto& [collective, algorithm] : all_cases()) {
      const auto group = inputs.with_gpus(gpus);
      INFO(gpus << " " << to_text(collective) << " " << to_text(algorithm));
      double last = 0;
      double last_busbw = 0;
      for (std::int64_t bytes = 1; bytes <= std::int64_t{1} << 36; bytes *= 2) {
        const auto time = time_collective(collective, algorithm, group, bytes);
        if (!time) {
          // Only what needs several domains is missing.
          REQUIRE(((gpus <= 72 && algorithm == Algorithm::hierarchical)));
          break;
        }
        CHECK(time->microseconds > last);
        if (last > 0) CHECK(time->microseconds <= 2 * last);
        CHECK(time->busbw >= last_busbw);
        CHECK(time->floor_us <= time->microseconds);
        CHECK(time->latency_us <= time->microseconds);
        CHECK(near(time->algbw * time->microseconds * 1000, static_cast<double>(bytes)));
        CHECK(near(time->busbw, time->algbw * bus_factor(collective, gpus)));
        last = time->microseconds;
        last_busbw = time->busbw;
      }
    }
  }
}

TEST_CASE("what is not known makes a time a lower bound") {
  auto inputs = cluster(64);
  const auto exact = time_collective(Collective::all_reduce, Algorithm::ring, inputs, gibibyte);
  CHECK_FALSE(exact->lower_bound);
  inputs.path_partial = true;
  CHECK(time_collective(Collective::all_reduce, Algorithm::ring, inputs, gibibyte)->lower_bound);
  CHECK_FALSE(time_collective(Collective::all_reduce, Algorithm::ring, inputs.with_gpus(8), gibibyte)->lower_bound);
  inputs.path_partial = false;
  inputs.scale_up_gbps.reset();
  const auto partial = time_collective(Collective::all_reduce, Algorithm::ring, inputs, gibibyte);
  REQUIRE(partial);
  CHECK(partial->lower_bound);
  CHECK(partial->microseconds <= exact->microseconds);
  // A domain alone has nothing but that rate.
  CHECK_FALSE(time_collective(Collective::all_reduce, Algorithm::ring, inputs.with_gpus(8), gibibyte));
  CHECK_FALSE(fastest(Collective::all_reduce, inputs.with_gpus(1), gibibyte));
}

TEST_CASE("the smallest domain holds up the others") {
  // 100 GPUs: 72 in one domain, 28 in the other, whose 28 NICs carry the ring.
  auto inputs = cluster(100, 72, 36000, 400);
  inputs.costs = no_costs();
  CHECK(near(fastest(Collective::all_reduce, inputs, gibibyte)->busbw, 28 * 50 * (99.0 / 100) / (1.0 / 2), 1e-6));
  CHECK(near(time_collective(Collective::all_reduce, Algorithm::ring, inputs, gibibyte)->busbw, 28 * 50, 1e-6));
  // 44 GPUs of the larger domain have no way out of their own and hand on everything.
  inputs.scale_up_gbps = 400;
  CHECK(near(time_collective(Collective::all_reduce, Algorithm::ring, inputs, gibibyte)->busbw, 50, 1e-6));
}

TEST_CASE("reports go from one kibibyte to sixteen gibibytes") {
  const auto sizes = collective_sizes();
  REQUIRE(sizes.size() == 13);
  CHECK(sizes.front() == 1024);
  CHECK(sizes.back() == 16 * gibibyte);
  for (std::size_t i = 1; i < sizes.size(); ++i) CHECK(sizes[i] == 4 * sizes[i - 1]);
}
