// SPDX-License-Identifier: Apache-2.0
// Throughput of patterns, as it is measured on the links of plans, against closed forms.
#include "icplan/analysis/traffic.hpp"
#include "support/catch.hpp"
#include "support/plans.hpp"
#include "support/traffic_parts.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

constexpr FabricId compute{0};

Plan traffic_plan(const std::string& nodes, const std::string& fabric) { return sound_plan(traffic_spec(nodes, fabric), traffic_parts()); }

bool near(double value, double expected) { return std::abs(value - expected) <= 1e-9 * expected; }

/// What is measured must be exact and that many Gb/s.
void check_exact(const FabricPatterns& patterns, std::string_view pattern, double gbps, std::string_view binds) {
  const auto* line = patterns.best(pattern);
  INFO(pattern);
  REQUIRE(line != nullptr);
  CHECK(line->gbps_per_gpu.exact);
  CHECK(near(line->gbps_per_gpu.lower, gbps));
  CHECK(near(line->gbps_per_gpu.upper, gbps));
  CHECK(line->binds == binds);
}

} // namespace

TEST_CASE("all-to-all of an oversubscribed two-tier fabric is what its uplinks leave to each host", "[traffic]") {
  // Leaves of `d` hosts with `u` uplinks, n hosts in all: of n - 1 others n - d are beyond the uplinks.
  struct Case {
    int hosts;
    int unit;
    int ratio;
    double numerator;
    double denominator;
  };
  for (const auto& c : {Case{64, 8, 2, 63, 112}, Case{96, 12, 2, 95, 168}, Case{64, 8, 4, 63, 224}, Case{64, 8, 1, 1, 1}}) {
    const auto plan = traffic_plan(R"("model":"host-1","count":)" + std::to_string(c.hosts) + R"(,"unit":)" + std::to_string(c.unit),
                                   R"("topology":"fat-tree","tiers":2,"leaf":"nvidia-qm9700","oversubscription":)" + std::to_string(c.ratio));
    const auto patterns = measure_patterns(plan, compute);
    INFO(c.hosts << " hosts at " << c.ratio << ":1");
    const auto gbps = 400 * c.numerator / c.denominator;
    check_exact(patterns, "rail", gbps, c.ratio == 1 ? "node-leaf" : "leaf-spine");
    check_exact(patterns, "direct", gbps, c.ratio == 1 ? "node-leaf" : "leaf-spine");
    // Every port of a permutation between leaves is beyond the uplinks.
    check_exact(patterns, "half-shift", 400.0 / c.ratio, c.ratio == 1 ? "node-leaf" : "leaf-spine");
    check_exact(patterns, "next-group", 400.0 / c.ratio, c.ratio == 1 ? "node-leaf" : "leaf-spine");
    check_exact(patterns, "longest", 400.0 / c.ratio, c.ratio == 1 ? "node-leaf" : "leaf-spine");
    CHECK(patterns.best("cross-rail") == nullptr);
  }
}

TEST_CASE("rails carry what a scale-up hop brings to them, and other rails cost the spines", "[traffic]") {
  // 16 hosts of 4 GPUs, units of 8, leaves of 8 ports down and 4 up: a leaf holds 8 ports of one rail.
  const std::string nodes = R"("model":"host-4","count":16,"unit":8)";
  const auto plan = traffic_plan(nodes, R"("topology":"rail-optimized","leaf":"switch-16","oversubscription":2)");
  const auto patterns = measure_patterns(plan, compute);
  CHECK(!patterns.rails_apart);
  // Of 15 other ports of a rail 8 are on the other leaf.
  check_exact(patterns, "rail", 400 * 4.0 / (8 * 8.0 / 15), "leaf-spine");
  // Of the 60 ports of other hosts 53 are on other leaves.
  check_exact(patterns, "direct", 400 * 4.0 / (8 * 53.0 / 60), "leaf-spine");
  // Ports of other rails are all on other leaves.
  check_exact(patterns, "cross-rail", 200, "leaf-spine");
  check_exact(patterns, "ring", 400, "node-leaf");
}

TEST_CASE("rail-only carries the same between GPUs of a rail and nothing else", "[traffic]") {
  const std::string nodes = R"("model":"host-4","count":16)";
  const auto apart = measure_patterns(traffic_plan(nodes, R"("topology":"rail-only","leaf":"switch-16")"), compute);
  const auto joined = measure_patterns(traffic_plan(nodes, R"("topology":"rail-optimized","leaf":"switch-16")"), compute);
  CHECK(apart.rails_apart);
  CHECK(apart.best("direct") == nullptr);
  CHECK(apart.best("cross-rail") == nullptr);
  check_exact(apart, "rail", 400, "node-leaf");
  check_exact(joined, "rail", 400, "node-leaf");
  check_exact(joined, "direct", 400, "node-leaf");
}

TEST_CASE("slow scale-up links bind what goes to other rails", "[traffic]") {
  // 30 GB/s are 240 Gb/s, and three of four rails are reached through them.
  const auto patterns = measure_patterns(traffic_plan(R"("model":"host-slow","count":16)", R"("topology":"rail-only","leaf":"switch-16")"), compute);
  check_exact(patterns, "rail", 320, "scale-up");
}

TEST_CASE("partly filled leaves and several node groups ask of each uplink what its hosts send", "[traffic]") {
  // 20 hosts in units of 8 at 2:1: leaves of 8, 8 and 4 hosts, all with 4 uplinks.
  const auto partly = measure_patterns(
      traffic_plan(R"("model":"host-1","count":20,"unit":8)", R"("topology":"fat-tree","tiers":2,"leaf":"switch-16","oversubscription":2)"), compute);
  check_exact(partly, "rail", 400 * 4.0 / (8 * 12.0 / 19), "leaf-spine");
  // 8 hosts with one GPU and 2 hosts with four, on a leaf each: every GPU sends to all GPUs of other hosts.
  const auto two = sound_plan(
      R"({"name":"traffic","nodes":[{"group":"small","model":"host-1","count":8,"unit":8},{"group":"large","model":"host-4","count":2,"unit":2}],
    "fabrics":[{"name":"compute","topology":"fat-tree","tiers":2,"leaf":"switch-16","oversubscription":2}]})",
      traffic_parts());
  const auto patterns = measure_patterns(two, compute);
  // A GPU of a large host has 12 others to choose from, 8 of them on the leaf of the small hosts, which has 4 uplinks.
  const auto* direct = patterns.best("direct");
  REQUIRE(direct != nullptr);
  CHECK(direct->gbps_per_gpu.exact);
  const double to_small = 8 * (8.0 / 12);
  CHECK(near(direct->gbps_per_gpu.lower, 400 * 4 / to_small));
}

TEST_CASE("pods that are oversubscribed seven to one leave each GPU a seventh beyond its pod", "[traffic]") {
  // The ratio of a published cluster of 24,576 GPUs: 50 GB/s in a pod, 7.143 GB/s across. Here with 4 pods of 112.
  const auto plan = traffic_plan(R"("model":"host-1","count":448,"unit":8)",
                                 R"("topology":"fat-tree","tiers":3,"pod_units":14,"leaf":"switch-16","oversubscription":{"leaf":1,"spine":7})");
  CHECK(switches(plan, "compute", 2) == 4 * 8);
  const auto patterns = measure_patterns(plan, compute);
  check_exact(patterns, "next-group", 400.0 / 7, "spine-core");
  check_exact(patterns, "half-shift", 400.0 / 7, "spine-core");
  check_exact(patterns, "longest", 400.0 / 7, "spine-core");
  // Of 447 others 336 are in other pods.
  check_exact(patterns, "rail", 400.0 / 7 * 447 / 336, "spine-core");
}

TEST_CASE("domains that span nodes send nothing through the fabric to themselves", "[traffic]") {
  // 8 domains of two trays; each GPU's port is a rail of its own.
  const auto plan = traffic_plan(R"("model":"tray-4","count":16,"unit":8)", R"("topology":"rail-optimized","leaf":"switch-16","oversubscription":2)");
  const auto patterns = measure_patterns(plan, compute);
  const auto links = gpu_links(plan);
  REQUIRE(links);
  CHECK(links->domain_gpus == 8);
  // A leaf has 8 ports of one NIC, 4 domains; of 7 other domains 4 are on the other leaf.
  check_exact(patterns, "rail", 400 * 4.0 / (8 * 4.0 / 7), "leaf-spine");
  // Of 56 GPUs of other domains 6 are on the same leaf.
  check_exact(patterns, "direct", 400 * 4.0 / (8 * 50.0 / 56), "leaf-spine");
}

TEST_CASE("both ports of a dual-port NIC share its slot", "[traffic]") {
  const auto plan = traffic_plan(R"("model":"dual-1","count":16)", R"("topology":"dual-tor","planes":2,"leaf":"switch-16")");
  const auto intact = measure_patterns(plan, compute);
  // Gen5 x16 is 512 Gb/s.
  check_exact(intact, "rail", 512, "node-leaf");
  // Without one leaf its hosts have one port, which the slot no longer limits.
  Removal removal;
  for (const auto& group : plan.network.groups) {
    if (!group.is_node() && group.tier == 1 && group.plane == 0) removal.devices.push_back(group.first);
  }
  REQUIRE(removal.devices.size() == 1);
  check_exact(measure_patterns(plan, compute, removal), "rail", 400, "node-leaf");
}

TEST_CASE("a link that fails costs its leaf what it carried", "[traffic]") {
  const auto plan = traffic_plan(R"("model":"host-1","count":64,"unit":8)", R"("topology":"fat-tree","tiers":2,"leaf":"nvidia-qm9700")");
  Removal removal;
  for (const auto& group : plan.network.link_groups) {
    if (group.from_tier == 1) removal.links.push_back(group.first);
  }
  REQUIRE(removal.links.size() == 1);
  // 7 of 8 uplinks for 8 hosts, of whose 63 partners 56 are elsewhere.
  check_exact(measure_patterns(plan, compute, removal), "rail", 400 * 7.0 / (8 * 56.0 / 63), "leaf-spine");
}

namespace {

/// Hosts on three leaves (4, 4 and 1) under two spines, each leaf with one link to either.
Plan uneven_leaves() {
  std::string csv = "from_device,from_cage,from_port,to_device,to_cage,to_port\n";
  const auto link = [&](const std::string& from, const std::string& cage, int port, const std::string& to, int to_port) {
    csv += from + "," + cage + "," + std::to_string(port) + "," + to + "," + std::to_string(to_port / 2 + 1) + "," + std::to_string(to_port % 2 + 1) +
           "\n";
  };
  for (int host = 0; host < 9; ++host)
    link("gpu-000" + std::to_string(host + 1), "compute-1", 1, "compute-leaf-000" + std::to_string(host / 4 + 1), host % 4);
  for (int leaf = 0; leaf < 3; ++leaf) {
    for (int spine = 0; spine < 2; ++spine)
      link("compute-leaf-000" + std::to_string(leaf + 1), "3", spine + 1, "compute-spine-000" + std::to_string(spine + 1), leaf);
  }
  return sound_plan(R"({"name":"traffic","nodes":[{"group":"gpu","model":"host-1","count":9}],"fabrics":[{"name":"compute","leaf":"switch-8",
    "topology":{"kind":"explicit","switches":{"leaf":3,"spine":2},"csv":"l.csv"}}]})",
                    traffic_parts(), {{"l.csv", csv}});
}

} // namespace

TEST_CASE("traffic makes way for what has only one way left", "[traffic]") {
  const auto plan = uneven_leaves();
  // A host of a full leaf sends 5/8 of its traffic to other leaves: 4 x 5/8 over 2 links.
  check_exact(measure_patterns(plan, compute), "rail", 400 * 2 / 2.5, "leaf-spine");
  // Without the link of the third leaf to the first spine, spreading evenly would overload the second one (4/6 of the rate), but the full leaves can
  // send to each other over the first one: by hand, 1.0 of 1.6 units there, 0.6 beside the 0.4 of the lone host here.
  Removal removal;
  for (std::uint32_t i = 0; i < plan.network.links.size(); ++i) {
    const auto& link = plan.network.links[i];
    if (plan.network.device_name(link.from) == "compute-leaf-0003" && plan.network.device_name(link.to) == "compute-spine-0001")
      removal.links.push_back(i);
  }
  REQUIRE(removal.links.size() == 1);
  const auto degraded = measure_patterns(plan, compute, removal);
  const auto* line = degraded.best("rail");
  REQUIRE(line != nullptr);
  CHECK(line->gbps_per_gpu.lower > 320 * (1 - 2e-4));
  CHECK(line->gbps_per_gpu.lower <= line->gbps_per_gpu.upper);
  CHECK(line->gbps_per_gpu.upper < 320 * (1 + 2e-4));
}

TEST_CASE("a node can send all it has to one other node", "[traffic]") {
  const auto pair =
      measure_patterns(
          traffic_plan(R"("model":"host-4","count":16,"unit":8)", R"("topology":"rail-optimized","leaf":"switch-16","oversubscription":2)"), compute)
          .node_pair;
  REQUIRE(pair);
  CHECK(near(pair->gbps, 1'600));
  CHECK(near(pair->ports_gbps, 1'600));
  CHECK(pair->pairs == 6);
  // Rails of 16 GPUs, 4 nodes to a domain, each node on rails of its own: nodes in equal places meet.
  const auto wide = measure_patterns(traffic_plan(R"("model":"host-4","count":16)", R"("topology":"rail-only","rails":16,"leaf":"switch-16")"), compute);
  CHECK(wide.domain_nodes == 4);
  REQUIRE(wide.node_pair);
  CHECK(near(wide.node_pair->gbps, 1'600));
  const auto through = measure_patterns(uneven_leaves(), compute).node_pair;
  REQUIRE(through);
  CHECK(near(through->gbps, 400));
}

TEST_CASE("what a GPU sends is limited by ports, slots and scale-up links", "[traffic]") {
  const auto injection = [](const std::string& model) {
    return measure_traffic(traffic_plan("\"model\":\"" + model + R"(","count":8)", R"("topology":"rail-optimized","leaf":"switch-16")"))
        .at(0)
        .injection.at(0);
  };
  const auto plain = injection("host-4");
  CHECK(plain.nic == Mbps(400'000));
  CHECK(plain.port == Mbps(400'000));
  CHECK(!plain.slot);
  CHECK(plain.scale_up == Mbps(3'600'000));
  CHECK(plain.per_gpu == Mbps(400'000));
  CHECK(plain.limit == "port");
  const auto slot = injection("host-slot");
  CHECK(slot.slot == Mbps(256'000));
  CHECK(slot.per_gpu == Mbps(256'000));
  CHECK(slot.limit == "slot");
  const auto slow = injection("host-slow");
  CHECK(slow.per_gpu == Mbps(240'000));
  CHECK(slow.limit == "scale-up");
}

TEST_CASE("GPU links are those of the fabric with the most for each GPU", "[traffic]") {
  const auto plan = traffic_plan(R"("model":"host-4","count":16,"unit":8)", R"("topology":"rail-optimized","leaf":"switch-16","oversubscription":2)");
  const auto links = gpu_links(plan);
  REQUIRE(links);
  CHECK(links->gpus == 64);
  CHECK(links->domain_gpus == 4);
  CHECK(links->scale_up == Mbps(3'600'000));
  CHECK(links->nic_per_gpu == Mbps(400'000));
  CHECK(near(links->ring_gbps, 400));
  CHECK(near(links->rail_alltoall_gbps, 375));
  CHECK(links->rail_alltoall_binds == "leaf-spine");
  REQUIRE(links->direct_alltoall_gbps);
  CHECK(near(*links->direct_alltoall_gbps, 400 * 4.0 / (8 * 53.0 / 60)));
}
