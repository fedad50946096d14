// SPDX-License-Identifier: Apache-2.0
// SimGrid platforms as text: hosts, links, ways. What the simulator makes of them is tests/interop.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/exchange/simgrid.hpp"

#include <map>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

std::string platform(const Plan& plan, const std::vector<std::uint32_t>& without = {}) {
  std::string text;
  write_simgrid_platform(plan, {FabricId(0), without}, [&](std::string_view piece) { text += piece; });
  return text;
}

std::size_t occurrences(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

/// How often each link is in a route, by name and direction.
std::map<std::string, int> uses(std::string_view text) {
  std::map<std::string, int> count;
  constexpr std::string_view start = "<link_ctn id=\"";
  for (auto at = text.find(start); at != std::string_view::npos; at = text.find(start, at + 1)) {
    const auto name = text.substr(at + start.size(), text.find("/>", at) - at - start.size());
    ++count[std::string(name)];
  }
  return count;
}

constexpr auto trays = R"({ "name": "a & b -- c", "nodes": [ { "group": "gpu", "model": "nvidia-gb200-tray", "count": 64, "unit": 64 } ],
  "fabrics": [ { "name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700" } ] })";

} // namespace

TEST_CASE("a SimGrid platform has a host for every port, each link once and a route for every pair") {
  const auto plan = sound_plan(trays);
  const auto text = platform(plan);
  CHECK(count_simgrid_hosts(plan, FabricId(0)) == 256);
  CHECK(occurrences(text, "<host ") == 256);
  CHECK(occurrences(text, "bandwidth=\"400000Mbps\"") == plan.network.links.size());
  CHECK(occurrences(text, "/scale-up\" bandwidth=\"7200000Mbps\"") == 256);
  CHECK(occurrences(text, "<route ") == 256 * 255);
  CHECK(text.find("of a &amp; b -  c: node ports") != std::string::npos);
}

TEST_CASE("the ways of a SimGrid platform use all links of a tier equally often") {
  // Eight leaves of four nodes with eight ports each: an uplink carries what 32 ports send to one port of each of the seven other leaves.
  const auto text = platform(sound_plan(R"({ "name": "even", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 32, "unit": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700" } ] })"));
  std::size_t steps = 0;
  for (const auto& [name, count] : uses(text)) {
    if (name.rfind("compute-leaf", 0) != 0) continue;
    CHECK(count == 32 * 7);
    ++steps;
  }
  CHECK(steps == 2 * 256);
}

TEST_CASE("no way of a SimGrid platform takes a link that has failed") {
  const auto plan = sound_plan(trays);
  std::uint32_t first_uplink = 0;
  for (const auto& group : plan.network.link_groups) {
    if (group.from_tier == 1) first_uplink = group.first;
  }
  const auto whole = uses(platform(plan));
  const auto text = platform(plan, {first_uplink});
  CHECK(occurrences(text, "<route ") == 256 * 255);
  CHECK(occurrences(text, "; 1 link failed") == 1);
  CHECK(uses(text).size() == whole.size() - 2);
}

TEST_CASE("a SimGrid platform of separate rails hops through the scale-up domain") {
  const auto text = platform(sound_plan(R"({ "name": "rails", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-only", "leaf": "nvidia-qm9700" } ] })"));
  CHECK(occurrences(text, "<route ") == 32 * 31);
  const auto at = text.find("<route src=\"gpu-0001/compute-1.1\" dst=\"gpu-0002/compute-1.2\"");
  REQUIRE(at != std::string::npos);
  CHECK(
      text.substr(at, text.find('\n', at) - at) ==
      R"(<route src="gpu-0001/compute-1.1" dst="gpu-0002/compute-1.2" symmetrical="NO"><link_ctn id="gpu-0001/compute-1.1/scale-up" direction="UP"/>)"
      R"(<link_ctn id="gpu-0001/compute-1.2/scale-up" direction="DOWN"/><link_ctn id="gpu-0001/compute-1.2" direction="UP"/>)"
      R"(<link_ctn id="gpu-0002/compute-1.2" direction="DOWN"/></route>)");
}

TEST_CASE("a port of a SimGrid platform has no more than its share of the slot") {
  const auto planned = plan_spec(read_source("examples/refused/slow-slot/cluster.json"));
  REQUIRE(planned.plan);
  const auto text = platform(*planned.plan);
  const auto hosts = count_simgrid_hosts(*planned.plan, FabricId(0));
  REQUIRE(hosts > 0);
  CHECK(occurrences(text, "bandwidth=\"512000Mbps\"") == hosts);
}

TEST_CASE("the scale-up domain of a SimGrid platform follows the rails where they are more than a node has ports") {
  // 16 rails of 8 ports: two nodes of the group make a domain, so the other node's rails are one scale-up hop away.
  const auto text = platform(sound_plan(R"({ "name": "rails", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-only", "rails": 16, "leaf": "nvidia-qm9700" } ] })"));
  const auto at = text.find("<route src=\"gpu-0001/compute-1.1\" dst=\"gpu-0002/compute-1.1\"");
  REQUIRE(at != std::string::npos);
  CHECK(text.substr(at, text.find('\n', at) - at).find("\"compute-leaf") == std::string::npos);
  CHECK(text.substr(at, text.find('\n', at) - at).find("gpu-0002/compute-1.1/scale-up") != std::string::npos);
}
