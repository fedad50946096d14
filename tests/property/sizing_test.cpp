// SPDX-License-Identifier: Apache-2.0
// Sizing rules of Clos fabrics in figures: units of 32 nodes with eight rails on 64-port switches, ceilings, and growth.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

constexpr auto units_of_32 = R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1,"unit":32}],
  "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"}]})";
constexpr auto tree = R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],
  "fabrics":[{"name":"compute","topology":"fat-tree","leaf":"nvidia-qm9700","tiers":$2}]})";

struct Counts {
  std::int64_t leaf = 0;
  std::int64_t spine = 0;
  std::int64_t core = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};

Counts counts(const std::string& spec) {
  const auto planned = plan_spec(spec);
  INFO(planned.text());
  REQUIRE(planned.plan);
  return {switches(*planned.plan, "compute", 1), switches(*planned.plan, "compute", 2), switches(*planned.plan, "compute", 3)};
}

/// Node-leaf links by name and port, with the names of all leaves.
std::vector<std::string> node_links(const Plan& plan) {
  std::vector<std::string> lines;
  for (const auto& group : plan.network.link_groups) {
    if (group.from_tier != 0) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = plan.network.links[i];
      lines.push_back(plan.network.device_name(link.from) + ":" + std::to_string(link.from_port) + " " + plan.network.device_name(link.to) + ":" +
                      std::to_string(link.to_port));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> planned_links(const std::string& spec) {
  const auto planned = plan_spec(spec);
  INFO(spec << "\n" << planned.text());
  REQUIRE(planned.plan);
  return node_links(*planned.plan);
}

} // namespace

TEST_CASE("scalable units of H100 take the published numbers of switches", "[sizing]") {
  struct Row {
    std::int64_t units;
    Counts expected;
  };
  // Two tiers: the spines must divide 32 uplinks, so three units have 16 spines and not 12. Three tiers from nine units on: pods of four units.
  const std::vector<Row> rows = {{1, {8, 4, 0}},    {2, {16, 8, 0}},      {3, {24, 16, 0}},     {4, {32, 16, 0}},      {8, {64, 32, 0}},
                                 {9, {72, 72, 40}}, {16, {128, 128, 64}}, {18, {144, 144, 96}}, {32, {256, 256, 128}}, {64, {512, 512, 256}}};
  for (const auto& row : rows) {
    const auto found = counts(fill(units_of_32, {row.units * 32}));
    INFO(row.units << " units: " << found.leaf << " / " << found.spine << " / " << found.core);
    CHECK(found == row.expected);
  }
}

TEST_CASE("a unit that lacks a node keeps the uplinks of a full one", "[sizing]") {
  // 31 node ports on each leaf: 31 spines with one link each would also balance.
  CHECK(counts(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":31,"unit":32}],
    "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"}]})") == Counts{8, 4, 0});
  CHECK(counts(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":127,"unit":32}],
    "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"}]})") == Counts{32, 16, 0});
  // Sized for the nodes present, a leaf with 31 node ports still gets no 31 spines: uplinks rise to 32 over 4.
  CHECK(counts(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":31,"unit":32}],
    "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","uplinks":"used"}]})") == Counts{8, 4, 0});
  CHECK(counts(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":31}],
    "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"}]})") == Counts{8, 4, 0});
}

TEST_CASE("fat trees reach their ceilings and not one node more", "[sizing]") {
  // k = 64: k^2 / 2 = 2,048 endpoints in two tiers, k^3 / 4 = 65,536 in three; a node has eight.
  CHECK(counts(fill(tree, {256, 2})) == Counts{64, 32, 0});
  const auto beyond_two = plan_spec(fill(tree, {257, 2}));
  CHECK_FALSE(beyond_two.plan);
  CHECK(beyond_two.text().find("the largest that these switches can join in 2 tiers is 256 nodes") != std::string::npos);

  CHECK(counts(fill(tree, {8192, 3})) == Counts{2048, 2048, 1024});
  const auto beyond_three = plan_spec(fill(tree, {8193, 3}));
  CHECK_FALSE(beyond_three.plan);
  CHECK(beyond_three.reports(Code::fabric_too_large));
  CHECK(beyond_three.text().find("the largest that these switches can join in 3 tiers is 8,192 nodes") != std::string::npos);
}

TEST_CASE("a cluster of too many pods is refused with the largest size that fits", "[sizing]") {
  // Pods of one unit: 8 leaves, 32 uplinks each. A core has 64 ports and a pod's spine sends it at least one link, so 64 pods are the most.
  constexpr auto pods = R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1,"unit":32}],
    "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","pod_units":1,"tiers":3}]})";
  const auto most = plan_spec(fill(pods, {64 * 32}));
  INFO(most.text());
  REQUIRE(most.plan);
  CHECK(check_plan(*most.plan).empty());
  const auto refused = plan_spec(fill(pods, {68 * 32}));
  CHECK_FALSE(refused.plan);
  INFO(refused.text());
  CHECK(refused.reports(Code::fabric_too_large));
  CHECK(refused.text().find("2,176 nodes") != std::string::npos);
  CHECK(refused.text().find("in 3 tiers is 2,048 nodes") != std::string::npos);
}

TEST_CASE("a cluster that grows keeps its names, leaves and node ports", "[sizing][growth]") {
  const std::vector<std::string> specs = {
      units_of_32,
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],"fabrics":[{"name":"compute","topology":"fat-tree","leaf":"nvidia-qm9700","tiers":$2}]})",
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-b300","count":$1,"unit":16}],"fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-sn5600","planes":2}]})",
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1,"unit":32}],"fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","oversubscription":2}]})",
  };
  for (const auto& spec : specs) {
    for (const std::int64_t count : {32, 33, 63, 64, 100, 128, 255, 256}) {
      const auto before = planned_links(fill(spec, {count, count > 256 ? 3 : 2}));
      for (const std::int64_t more : {1, 2, 31, 32, 200}) {
        const auto after = planned_links(fill(spec, {count + more, count + more > 256 ? 3 : 2}));
        INFO(spec << " from " << count << " by " << more);
        CHECK(after.size() > before.size());
        CHECK(std::includes(after.begin(), after.end(), before.begin(), before.end()));
      }
    }
  }
}

TEST_CASE("a cluster without a stated unit grows within its first unit, too", "[sizing][growth]") {
  constexpr auto spec =
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],"fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"}]})";
  auto before = planned_links(fill(spec, {1}));
  for (const std::int64_t count : {2, 7, 8, 20, 31, 32, 33, 40, 300}) {
    const auto after = planned_links(fill(spec, {count}));
    INFO(count);
    CHECK(std::includes(after.begin(), after.end(), before.begin(), before.end()));
    before = after;
  }
}
