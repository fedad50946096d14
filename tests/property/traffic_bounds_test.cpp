// SPDX-License-Identifier: Apache-2.0
// What must hold of throughput whatever the fabric: bounds, symmetry, and every shortest path of small direct fabrics by other code.
#include "analysis/patterns.hpp"
#include "icplan/report/bandwidth.hpp"
#include "support/catch.hpp"
#include "support/graph.hpp"
#include "support/plans.hpp"
#include "support/traffic_parts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

constexpr FabricId compute{0};

bool near(double value, double expected) { return std::abs(value - expected) <= 1e-9 * expected; }

/// Clusters of every tiered family, full and partly filled, at several ratios.
std::vector<std::string> tiered_specs() {
  std::vector<std::string> specs;
  for (const std::string model : {"host-1", "host-4", "tray-4"}) {
    for (const std::string topology : {"fat-tree", "rail-optimized", "rail-only"}) {
      for (const int nodes : {6, 16, 20, 44}) {
        for (const int ratio : {1, 2}) {
          for (const std::string leaf : {"switch-8", "switch-16"}) {
            specs.push_back(
                traffic_spec("\"model\":\"" + model + "\",\"count\":" + std::to_string(nodes) + (nodes > 16 ? ",\"unit\":4" : ""),
                             "\"topology\":\"" + topology + "\",\"leaf\":\"" + leaf + "\",\"oversubscription\":" + std::to_string(ratio)));
          }
        }
      }
    }
  }
  return specs;
}

/// Every demand that patterns are made of.
std::vector<Demand> demands_of(const TrafficPlane& plane) {
  std::vector<Demand> demands;
  for (const auto peers : {Demand::Peers::rail, Demand::Peers::any, Demand::Peers::other_rails})
    demands.push_back(Demand::all_to_all(plane.graph, plane.ports, peers));
  for (const auto pairs : {half_shift, next_group, longest_matching, ring})
    demands.push_back(Demand::one_to_one(plane.graph, plane.ports, pairs(plane)));
  demands.erase(std::remove_if(demands.begin(), demands.end(), [](const Demand& demand) { return demand.empty(); }), demands.end());
  return demands;
}

/// The least capacity over load where every pair of hosts sends 1 over the number of others, over all shortest paths
/// in proportion to their capacities: pair by pair.
double by_every_path(const test::SwitchGraph& graph) {
  const auto n = graph.switches.size();
  std::vector<std::vector<double>> links(n, std::vector<double>(n, 0));
  for (const auto& edge : graph.edges) links[edge.lower][edge.upper] = links[edge.upper][edge.lower] = static_cast<double>(edge.mbps);
  std::vector<double> hosts(n, 0);
  for (const auto& port : graph.node_ports) hosts[port.leaf] += 1;
  const auto others = static_cast<double>(graph.node_ports.size()) - 1;
  // Hops and ways from each vertex; parallel links are as many ways.
  std::vector<std::vector<int>> hops(n, std::vector<int>(n, -1));
  std::vector<std::vector<double>> ways(n, std::vector<double>(n, 0));
  for (std::size_t s = 0; s < n; ++s) {
    std::vector<std::size_t> queue{s};
    hops[s][s] = 0;
    ways[s][s] = 1;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (std::size_t w = 0; w < n; ++w) {
        if (links[queue[i]][w] == 0) continue;
        if (hops[s][w] < 0) {
          hops[s][w] = hops[s][queue[i]] + 1;
          queue.push_back(w);
        }
        if (hops[s][w] == hops[s][queue[i]] + 1) ways[s][w] += ways[s][queue[i]] * links[queue[i]][w];
      }
    }
  }
  auto least = std::numeric_limits<double>::infinity();
  for (std::size_t u = 0; u < n; ++u) {
    for (std::size_t v = 0; v < n; ++v) {
      if (links[u][v] == 0) continue;
      double load = 0;
      for (std::size_t s = 0; s < n; ++s) {
        for (std::size_t t = 0; t < n; ++t) {
          if (s != t && hops[s][u] + 1 + hops[v][t] == hops[s][t])
            load += hosts[s] * hosts[t] / others * ways[s][u] * links[u][v] * ways[t][v] / ways[s][t];
        }
      }
      if (load > 0) least = std::min(least, links[u][v] / load);
    }
  }
  return least;
}

} // namespace

TEST_CASE("throughput lies between its bounds and below injection, and one switch of a class stands for all", "[traffic]") {
  std::int64_t plans = 0;
  std::int64_t exact = 0;
  std::int64_t lines = 0;
  for (const auto& spec : tiered_specs()) {
    const auto planned = plan_spec(spec, traffic_parts());
    if (!planned.plan) continue;
    INFO(spec);
    ++plans;
    for (auto& plane : make_planes(*planned.plan, compute).planes) {
      for (const auto& demand : demands_of(plane)) {
        plane.classes = true;
        const auto by_class = measure_throughput(*planned.plan, plane, demand);
        plane.classes = false;
        const auto by_all = measure_throughput(*planned.plan, plane, demand);
        CHECK(near(by_class.minimal.lower, by_all.minimal.lower));
        CHECK(by_class.ideal.lower <= by_class.ideal.upper);
        CHECK(by_all.ideal.lower <= by_all.ideal.upper);
        CHECK(by_class.ideal.lower >= by_class.minimal.lower * (1 - 1e-12));
        CHECK(by_class.ideal.upper <= 400'000 * (1 + 1e-9));
        // Neither knows more than is true.
        CHECK(by_class.ideal.lower <= by_all.ideal.upper * (1 + 1e-9));
        CHECK(by_all.ideal.lower <= by_class.ideal.upper * (1 + 1e-9));
        exact += by_class.ideal.lower == by_class.ideal.upper ? 1 : 0;
        ++lines;
      }
    }
  }
  CHECK(plans > 80);
  CHECK(exact * 10 > lines * 9);
}

TEST_CASE("minimal routing of direct fabrics is what counting every shortest path gives", "[traffic]") {
  for (const std::string topology :
       {R"({"kind":"torus","dims":[5,4],"p":4})", R"({"kind":"torus","dims":[3,3,3],"p":2})", R"({"kind":"dragonfly","a":4,"p":4,"h":2,"g":9})",
        R"({"kind":"dragonfly","a":3,"p":4,"h":2,"g":4})", R"({"kind":"slim-fly","q":5,"p":4})"}) {
    const auto probe =
        plan_spec(traffic_spec(R"("model":"host-1","count":8)", "\"topology\":" + topology + R"(,"leaf":"switch-16")"), traffic_parts());
    INFO(topology << "\n" << probe.text());
    REQUIRE(probe.plan);
    // As many hosts as there is room for.
    const auto& shape = probe.plan->network.fabrics[0];
    const auto hosts = shape.tiers[0].switches * shape.shape.endpoints;
    const auto plan = sound_plan(
        traffic_spec(R"("model":"host-1","count":)" + std::to_string(hosts), "\"topology\":" + topology + R"(,"leaf":"switch-16")"), traffic_parts());
    const auto expected = std::min(400.0, by_every_path(switch_graph(plan.network, compute, 0)) / 1000);
    double minimal = 0;
    double valiant = 0;
    double ideal = 0;
    for (const auto& line : measure_patterns(plan, compute, {}, {"rail"}).lines) {
      if (line.routing == "minimal") minimal = line.gbps_per_gpu.lower;
      if (line.routing == "valiant") valiant = line.gbps_per_gpu.lower;
      if (line.routing == "ideal") ideal = line.gbps_per_gpu.lower;
    }
    CHECK(near(minimal, expected));
    CHECK(valiant > 0);
    CHECK(ideal >= std::max(minimal, valiant));
  }
}

TEST_CASE("a torus carries what its distance leaves", "[traffic]") {
  // 8 x 8 with 4 hosts to a router: 252 of 255 others are elsewhere, 256/63 hops away on average, over 4 links.
  const auto plan = sound_plan(traffic_spec(R"("model":"host-1","count":256)", R"("topology":{"kind":"torus","dims":[8,8],"p":4},"leaf":"switch-8")"),
                               traffic_parts());
  for (const auto& line : measure_patterns(plan, compute, {}, {"rail"}).lines) {
    INFO(line.routing);
    CHECK(line.gbps_per_gpu.exact);
    // Over a random router: 4 hops to it and 4 from it.
    const auto expected = line.routing == "valiant" ? 400 * 4 / (8 * 4 * 252.0 / 255) : 400 * 255.0 / 1024;
    CHECK(near(line.gbps_per_gpu.lower, expected));
  }
}

TEST_CASE("bandwidth does not depend on the order of keys", "[traffic]") {
  const auto a = sound_plan(
      R"({"name":"x","nodes":[{"model":"host-4","count":20,"unit":8}],"fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"switch-16","oversubscription":2}]})",
      traffic_parts());
  const auto b = sound_plan(
      R"({"fabrics":[{"oversubscription":2,"leaf":"switch-16","topology":"rail-optimized","name":"compute"}],"nodes":[{"unit":8,"count":20,"model":"host-4"}],"name":"x"})",
      traffic_parts());
  CHECK(bandwidth_json(a) == bandwidth_json(b));
  CHECK(bandwidth_csv(a) == bandwidth_csv(b));
}
