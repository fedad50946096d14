// SPDX-License-Identifier: Apache-2.0
// SimGrid, a flow-level simulator of its own making, runs traffic over platforms that were written from plans: what it measures is what icplan
// computes. One simulation in a process: each test case is a process of its own.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/exchange/simgrid.hpp"

#include <simgrid/s4u.hpp>

#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <set>
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

} // namespace

TEST_CASE("SimGrid agrees on all-to-all without oversubscription") {
  CHECK(throughput(plan_of("node-1", 64, 8, "fat-tree"), any) == Approx(400).epsilon(1e-3));
}

TEST_CASE("SimGrid agrees on all-to-all at two to one") {
  // Ten nodes on a leaf, five uplinks: 9 of 49 flows stay.
  CHECK(throughput(plan_of("node-1", 50, 10, "fat-tree", R"(, "oversubscription": 2)"), any) == Approx(400 * 49.0 / 80).epsilon(1e-3));
}

TEST_CASE("SimGrid agrees on all-to-all within rails") {
  CHECK(throughput(plan_of("node-4", 16, 8, "rail-optimized"), same_rail) == Approx(400).epsilon(1e-3));
}

TEST_CASE("SimGrid agrees on all-to-all across rails") {
  CHECK(throughput(plan_of("node-4", 16, 8, "rail-optimized"), any) == Approx(400).epsilon(1e-3));
}

TEST_CASE("SimGrid takes a scale-up hop where rails are networks of their own") {
  CHECK(throughput(plan_of("node-4", 16, 8, "rail-only"), any) == Approx(400).epsilon(1e-3));
}
