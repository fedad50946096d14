// SPDX-License-Identifier: Apache-2.0
// SimGrid, a flow-level simulator of its own making, runs traffic over platforms that were written from plans: what it measures is what icplan
// computes. One simulation in a process: each test case is a process of its own.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/cluster_collectives.hpp"
#include "icplan/analysis/traffic.hpp"
#include "icplan/exchange/simgrid.hpp"

#include <simgrid/s4u.hpp>

#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <unistd.h>
#include <vector>

using namespace icplan;
using namespace icplan::test;
namespace sg4 = simgrid::s4u;

namespace {

/// A network of pure max-min shares: no protocol, no delay.
class Simulation {
public:
  explicit Simulation(const Plan& plan, const std::vector<std::uint32_t>& without = {})
      : path_("icplan-simgrid-" + std::to_string(getpid()) + ".xml"), engine_("icplan") {
    sg4::Engine::set_config("network/model:CM02");
    for (const auto* setting : {"network/TCP-gamma:0", "network/crosstraffic:0", "network/bandwidth-factor:1", "network/latency-factor:1",
                                "network/weight-S:0", "contexts/stack-size:32"})
      sg4::Engine::set_config(setting);
    {
      std::ofstream file(path_);
      write_simgrid_platform(plan, {FabricId(0), without}, [&](std::string_view text) { file << text; });
    }
    engine_.load_platform(path_);
    std::remove(path_.c_str());
  }

  [[nodiscard]] std::vector<sg4::Host*> hosts() const { return engine_.get_all_hosts(); }

  /// A flow between two hosts; all begin together.
  void add(sg4::Host* from, sg4::Host* to, double bytes) { flows_.push_back({from, to, bytes}); }

  /// Seconds until the last flow has ended.
  double run() {
    sg4::Actor::create("flows", hosts().front(), [this] {
      std::vector<sg4::CommPtr> comms;
      for (const auto& flow : flows_) comms.push_back(sg4::Comm::sendto_async(flow.from, flow.to, static_cast<std::uint64_t>(flow.bytes)));
      sg4::Comm::wait_all(comms);
    });
    engine_.run();
    return sg4::Engine::get_clock();
  }

private:
  struct Flow {
    sg4::Host* from;
    sg4::Host* to;
    double bytes;
  };
  std::string path_;
  sg4::Engine engine_;
  std::vector<Flow> flows_;
};

constexpr auto parts = R"({ "format": "icplan.catalog/1",
  "sources": { "test": { "title": "made up for this test", "url": null } },
  "parts": [
    { "id": "gpu-alone", "kind": "gpu", "manufacturer": "generic", "name": "GPU", "description": "a GPU that no scale-up link joins to others",
      "basis": "generic", "source": "test", "scale_up_domain_gpus": 1 },
    { "id": "gpu-of-four", "kind": "gpu", "manufacturer": "generic", "name": "GPU", "description": "a GPU of a domain of four", "basis": "generic",
      "source": "test", "scale_up_domain_gpus": 4, "scale_up_gbytes_per_s": 450 },
    { "id": "switch-16", "kind": "switch", "manufacturer": "generic", "name": "switch with 16 ports", "description": "a switch", "basis": "generic",
      "source": "test", "rack_units": 1, "protocols": ["infiniband"],
      "ports": [ { "name": "fabric", "cages": 16, "form": "osfp", "top": "ihs", "lanes": 4, "lane_gbps": 100, "modes": [ { "ports": 1, "gbps": 400 } ] } ] },
    { "id": "node-1", "kind": "node", "manufacturer": "generic", "name": "node with one port", "description": "a node", "basis": "generic",
      "source": "test", "rack_units": 1, "gpu": "gpu-alone", "gpus": 1,
      "ports": [ { "name": "compute", "nics": 1, "cages": 1, "form": "osfp", "top": "rhs", "lanes": 4, "lane_gbps": 100,
                   "modes": [ { "ports": 1, "gbps": 400 } ], "protocols": ["infiniband"] } ] },
    { "id": "node-4", "kind": "node", "manufacturer": "generic", "name": "node with four ports", "description": "a node", "basis": "generic",
      "source": "test", "rack_units": 1, "gpu": "gpu-of-four", "gpus": 4,
      "ports": [ { "name": "compute", "nics": 4, "cages": 4, "form": "osfp", "top": "rhs", "lanes": 4, "lane_gbps": 100,
                   "modes": [ { "ports": 1, "gbps": 400 } ], "protocols": ["infiniband"] } ] } ] })";

/// `fabric` is the rest of the fabric's object, after its topology.
Plan plan_of(const std::string& node, int count, int unit, const std::string& topology, const std::string& fabric = {}) {
  return sound_plan(R"({ "name": "small", "nodes": [ { "group": "gpu", "model": ")" + node + R"(", "count": )" + std::to_string(count) +
                        R"(, "unit": )" + std::to_string(unit) + R"( } ], "fabrics": [ { "name": "compute", "leaf": "switch-16", "topology": ")" +
                        topology + '"' + fabric + " } ] }",
                    parts);
}

constexpr double bytes = 1e9;

std::string node_of(const sg4::Host* host) { return host->get_name().substr(0, host->get_name().find('/')); }
std::string port_of(const sg4::Host* host) { return host->get_name().substr(host->get_name().find('/')); }

/// From 1.
int node_number(const sg4::Host* host) { return std::stoi(node_of(host).substr(node_of(host).find('-') + 1)); }

using Pair = std::function<bool(const sg4::Host*, const sg4::Host*)>;

/// What every port sends, in Gb/s, while each has a flow of the same size to every other one that `wanted` names.
double throughput(const Plan& plan, const Pair& wanted, const std::vector<std::uint32_t>& without = {}) {
  Simulation simulation(plan, without);
  const auto hosts = simulation.hosts();
  std::size_t flows = 0;
  for (auto* from : hosts) {
    for (auto* to : hosts) {
      if (from == to || !wanted(from, to)) continue;
      simulation.add(from, to, bytes);
      ++flows;
    }
  }
  return static_cast<double>(flows) / static_cast<double>(hosts.size()) * bytes * 8 / simulation.run() / 1e9;
}

bool any(const sg4::Host* from, const sg4::Host* to) { return node_of(from) != node_of(to); }
bool same_rail(const sg4::Host* from, const sg4::Host* to) { return any(from, to) && port_of(from) == port_of(to); }

/// What icplan says every GPU sends in a pattern; every GPU of these nodes has one port.
double reckoned(const Plan& plan, std::string_view pattern, const Removal& removal = {}) {
  const auto patterns = measure_patterns(plan, FabricId(0), removal, {pattern});
  const auto* line = patterns.best(pattern);
  REQUIRE(line != nullptr);
  return line->gbps_per_gpu.lower;
}

/// The links between leaves and the first `spines` spines.
std::vector<std::uint32_t> links_of_spines(const Plan& plan, std::uint32_t spines) {
  std::vector<std::uint32_t> links;
  for (std::uint32_t i = 0; i < plan.network.links.size(); ++i) {
    const auto& group = plan.network.group(plan.network.links[i].to);
    if (group.tier == 2 && plan.network.links[i].to.index() - group.first.index() < spines) links.push_back(i);
  }
  return links;
}

constexpr double tolerance = 1e-3;

} // namespace

TEST_CASE("SimGrid agrees on all-to-all without oversubscription") {
  const auto plan = plan_of("node-1", 64, 8, "fat-tree");
  const auto measured = throughput(plan, any);
  CHECK(measured == Approx(400).epsilon(tolerance));
  CHECK(reckoned(plan, "direct") == Approx(measured).epsilon(tolerance));
}

TEST_CASE("SimGrid agrees on all-to-all at two to one") {
  // Eight nodes on a leaf, four uplinks: 56 of 63 flows leave it.
  const auto plan = plan_of("node-1", 64, 8, "fat-tree", R"(, "oversubscription": 2)");
  const auto measured = throughput(plan, any);
  CHECK(measured == Approx(400 * 63.0 / 112).epsilon(tolerance));
  CHECK(reckoned(plan, "direct") == Approx(measured).epsilon(tolerance));
}

TEST_CASE("SimGrid agrees on all-to-all in three tiers") {
  const auto plan = plan_of("node-1", 192, 8, "fat-tree");
  REQUIRE(plan.network.fabrics[0].tiers.size() == 3);
  CHECK(reckoned(plan, "direct") == Approx(throughput(plan, any)).epsilon(tolerance));
}

TEST_CASE("SimGrid agrees on all-to-all within rails") {
  const auto plan = plan_of("node-4", 16, 8, "rail-optimized");
  CHECK(reckoned(plan, "rail") == Approx(throughput(plan, same_rail)).epsilon(tolerance));
}

TEST_CASE("SimGrid agrees on all-to-all across rails") {
  const auto plan = plan_of("node-4", 16, 8, "rail-optimized");
  CHECK(reckoned(plan, "direct") == Approx(throughput(plan, any)).epsilon(tolerance));
}

TEST_CASE("SimGrid agrees on oversubscribed rails") {
  const auto plan = plan_of("node-4", 16, 8, "rail-optimized", R"(, "oversubscription": 2)");
  CHECK(reckoned(plan, "rail") == Approx(throughput(plan, same_rail)).epsilon(tolerance));
}

TEST_CASE("SimGrid takes a scale-up hop where rails are networks of their own") {
  // All traffic enters and leaves by the rail of its destination, as much as if it were sent within rails.
  const auto plan = plan_of("node-4", 16, 8, "rail-only");
  CHECK(reckoned(plan, "rail") == Approx(throughput(plan, any)).epsilon(tolerance));
}

TEST_CASE("SimGrid agrees on a shift by half of the nodes") {
  const auto plan = plan_of("node-1", 64, 8, "fat-tree");
  const auto shifted = [](const sg4::Host* from, const sg4::Host* to) { return (node_number(from) - 1 + 32) % 64 == node_number(to) - 1; };
  CHECK(reckoned(plan, "half-shift") == Approx(throughput(plan, shifted)).epsilon(tolerance));
}

TEST_CASE("SimGrid agrees on the time of a hierarchical all-reduce") {
  const auto plan = plan_of("node-4", 16, 8, "rail-optimized");
  auto inputs = collective_inputs(plan)->group;
  inputs.costs = no_costs();
  const auto reckoned_time = time_collective(Collective::all_reduce, Algorithm::hierarchical, inputs, 1'000'000'000);
  REQUIRE(reckoned_time);
  // Each GPU hands 2 (d-1)/d of the array to its domain, and 2 (m-1)/m of its quarter to the next domain of the ring.
  Simulation simulation(plan);
  for (auto* from : simulation.hosts()) {
    for (auto* to : simulation.hosts()) {
      const auto next = node_number(from) % 16 + 1;
      if (from != to && node_of(from) == node_of(to)) simulation.add(from, to, bytes * 2 * 3 / 4 / 3);
      if (node_number(to) == next && port_of(from) == port_of(to)) simulation.add(from, to, bytes / 4 * 2 * 15 / 16);
    }
  }
  CHECK(reckoned_time->microseconds - reckoned_time->latency_us == Approx(simulation.run() * 1e6).epsilon(tolerance));
}

TEST_CASE("SimGrid agrees on a network without half of its spines") {
  const auto plan = plan_of("node-1", 64, 8, "fat-tree");
  const auto failed = links_of_spines(plan, 2);
  REQUIRE(failed.size() == 32);
  const auto measured = throughput(plan, any, failed);
  CHECK(measured == Approx(400 * 63.0 / 112).epsilon(tolerance));
  CHECK(reckoned(plan, "direct", {failed, {}}) == Approx(measured).epsilon(tolerance));
}

TEST_CASE("one way for each destination cannot even out what a failed link leaves, ideal balance can") {
  const auto plan = plan_of("node-1", 64, 8, "fat-tree");
  const auto failed = std::vector{links_of_spines(plan, 1).front()};
  const auto ideal = reckoned(plan, "direct", {failed, {}});
  // Seven of eight uplinks are left to one leaf: 56 of 63 flows of each node have to share them.
  CHECK(ideal == Approx(400 * 63.0 / 64).epsilon(tolerance));
  const auto measured = throughput(plan, any, failed);
  CHECK(measured <= ideal * (1 + tolerance));
  // The nodes of that leaf have eight destinations for seven ways down, so two share one where ideal balance gives each 8/7.
  CHECK(measured / ideal == Approx(4.0 / 7).epsilon(tolerance));
}
