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

TEST_CASE("a torus is bound by distance and a direct fabric shows its routings", "[traffic]") {
  const auto plan = traffic_plan(R"("model":"host-1","count":64)", R"("topology":{"kind":"torus","dims":[4,4,4],"p":1},"leaf":"switch-8")");
  const auto patterns = measure_patterns(plan, compute);
  // A ring of 4 has a mean distance of 1 to all four of its routers: 3 x 64 / 63 to all others, over 6 ports.
  check_exact(patterns, "rail", std::min(400.0, 400 * 6.0 / (3 * 64.0 / 63)), "node-leaf");
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
