// SPDX-License-Identifier: Apache-2.0
// Latency of small plans, reckoned by hand; what is missing; and what is printed.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/latency.hpp"
#include "icplan/report/compare.hpp"
#include "icplan/report/latency.hpp"

#include <algorithm>
#include <string>

using namespace icplan;
using namespace icplan::test;

namespace {

/// One GPU and one port to a node, leaves of four ports and spines of two. `nic` and `box` are their latencies, `domain` GPUs are a scale-up domain.
std::string parts(const std::string& nic = "600", const std::string& box = "800", const std::string& domain = "1", const std::string& more = {}) {
  const std::string cage = R"("form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}])";
  return R"({"format":"icplan.catalog/1","sources":{"t":{"title":"planning parts of this test","url":null}},"parts":[
    {"id":"test-gpu","kind":"gpu","manufacturer":"generic","name":"gpu","basis":"generic","source":"t","scale_up_domain_gpus":)" +
         domain + R"(},
    {"id":"test-nic","kind":"nic","manufacturer":"generic","name":"nic","basis":"generic","source":"t","latency_ns":)" +
         nic + R"(,"ports":[{"name":"compute","cages":1,)" + cage + R"(,"protocols":["ethernet"]}]},
    {"id":"test-node","kind":"node","manufacturer":"generic","name":"node","basis":"generic","source":"t","rack_units":1,"gpu":"test-gpu","gpus":1,
     "ports":[{"name":"compute","nics":1,"nic":"test-nic","cages":1,)" +
         cage + R"(,"protocols":["ethernet"]}]},
    {"id":"test-switch","kind":"switch","manufacturer":"generic","name":"4 ports","basis":"generic","source":"t","rack_units":1,"protocols":["ethernet"],
     "latency_ns":)" +
         box + R"(,"ports":[{"name":"fabric","cages":4,)" + cage + R"(}]},
    {"id":"test-spine","kind":"switch","manufacturer":"generic","name":"2 ports","basis":"generic","source":"t","rack_units":1,"protocols":["ethernet"],
     "latency_ns":)" +
         box + R"(,"ports":[{"name":"fabric","cages":2,)" + cage + "}]}" + more + "]}";
}

constexpr auto lengths = R"(cable,length_m,status
f/n-0001/compute-1.1,1,measured
f/n-0002/compute-1.1,2,measured
f/n-0003/compute-1.1,3,measured
f/n-0004/compute-1.1,4,measured
f/f-leaf-0001/3.1,5,measured
f/f-leaf-0001/4.1,6,measured
f/f-leaf-0002/3.1,6.5,measured
f/f-leaf-0002/4.1,4,measured
)";

std::string spec(const std::string& media) {
  return R"({"name":"four","nodes":[{"group":"n","model":"test-node","count":4}],"fabrics":[{"name":"f","leaf":"test-switch","spine":"test-spine","topology":"fat-tree","tiers":2}],"media":{"lengths":"m.csv")" +
         media + "}}";
}

/// Two leaves of two nodes, two spines, cables of the lengths above.
Plan four(const std::string& catalog, const std::string& media = {}) { return sound_plan(spec(media), catalog, {{"m.csv", lengths}}); }

void check_line(const LatencyClass& line, PairClass kind, std::int64_t pairs, std::int64_t least, std::int64_t mean, std::int64_t p99,
                std::int64_t most) {
  CHECK(line.kind == kind);
  CHECK(line.pairs == pairs);
  CHECK(line.least->count() == least);
  CHECK(line.mean->count() == mean);
  CHECK(line.p99->count() == p99);
  CHECK(line.most->count() == most);
}

bool contains(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

} // namespace

TEST_CASE("latency of two leaves and two spines is as reckoned by hand", "[latency]") {
  const auto lines = measure_latency(four(parts()), FabricId(0));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].kind == PairClass::same_domain);
  CHECK(lines[0].pairs == 0);
  CHECK_FALSE(lines[0].mean.has_value());
  CHECK_FALSE(lines[0].complete());
  // Two NICs, one switch; 3 m or 7 m of copper.
  check_line(lines[1], PairClass::same_leaf, 2, 2'013'500, 2'022'500, 2'031'500, 2'031'500);
  // Two NICs, three switches; 4 to 6 m to the leaves, 11.5 m by one spine or 10 m by the other.
  check_line(lines[2], PairClass::same_pod, 4, 3'663'000, 3'670'875, 3'675'375, 3'678'750);
  CHECK(lines[2].fewest_switches == 3);
  CHECK(lines[2].complete());
  CHECK(lines[2].terms.nics.count() == 1'200'000);
  CHECK(lines[2].terms.switches.count() == 2'400'000);
  CHECK(lines[2].terms.modules.count() == 0);
  CHECK(lines[2].terms.cables.count() == 70'875);
}

TEST_CASE("pairs of a scale-up domain are in no other class", "[latency]") {
  const auto two = measure_latency(four(parts("600", "800", "2")), FabricId(0));
  // Both nodes of a leaf are one domain.
  REQUIRE(two.size() == 2);
  CHECK(two[0].pairs == 2);
  CHECK(two[1].pairs == 4);
  const auto three = measure_latency(four(parts("600", "800", "3")), FabricId(0));
  // Nodes 1 to 3, and node 4: the pair on leaf 2 remains, and of the others those with node 4.
  REQUIRE(three.size() == 3);
  CHECK(three[0].pairs == 3);
  check_line(three[1], PairClass::same_leaf, 1, 2'031'500, 2'031'500, 2'031'500, 2'031'500);
  check_line(three[2], PairClass::same_pod, 2, 3'667'500, 3'673'125, 3'675'375, 3'678'750);
}

TEST_CASE("modules and fibre take their part of the latency", "[latency]") {
  constexpr auto module =
      R"(,{"id":"nvidia-mma1z00-ns400","kind":"module","manufacturer":"NVIDIA","basis":"datasheet","source":"t","form":"qsfp112","top":"none",
    "lanes":4,"lane_gbps":100,"protocols":["ethernet"],"optical_ports":1,"optical":{"type":"sr4","fibre":"mmf","connector":"mpo-12-apc","lanes":4,"lane_gbps":100},
    "reach_m":50,"latency_ns":)";
  const auto plan =
      four(parts("600", "800", "1", module + std::string("120}")), R"(,"dac_below_m":0,"aoc_up_to_m":0,"prefer":["nvidia-mma1z00-ns400"])");
  const auto lines = measure_latency(plan, FabricId(0));
  REQUIRE(lines.size() == 3);
  // Four modules on the way by one leaf, eight by a spine.
  CHECK(lines[1].mean->count() == 1'200'000 + 800'000 + 480'000 + 5 * 4'950);
  CHECK(lines[1].terms.modules.count() == 480'000);
  CHECK(lines[2].terms.modules.count() == 960'000);
  CHECK(lines[2].complete());
  const auto unknown =
      four(parts("600", "800", "1", module + std::string("null}")), R"(,"dac_below_m":0,"aoc_up_to_m":0,"prefer":["nvidia-mma1z00-ns400"])");
  const auto bounds = measure_fabric_latency(unknown, FabricId(0));
  CHECK(bounds.classes[2].missing == MissingTerms{0, 0, 8});
  CHECK(bounds.classes[2].mean->count() == lines[2].mean->count() - 960'000);
  REQUIRE(bounds.missing.size() == 1);
  CHECK(unknown.part(bounds.missing[0].part).id == "nvidia-mma1z00-ns400");
}

TEST_CASE("figures that are missing are counted and named", "[latency]") {
  const auto plan = four(parts("null", "null"), R"(,"dac_below_m":2.5)");
  const auto latency = measure_fabric_latency(plan, FabricId(0));
  REQUIRE(latency.classes.size() == 3);
  // Nodes 3 and 4 and both leaves have active optical cables.
  CHECK(latency.classes[1].missing == MissingTerms{2, 1, 4});
  CHECK(latency.classes[2].missing == MissingTerms{2, 3, 8});
  CHECK(latency.classes[1].least->count() == 13'500);
  const auto text = render_text("four", latency_sections(plan));
  CHECK(contains(text, ">= 0.014"));
  CHECK(contains(text, "13: 3 switches, 2 NICs, 8 modules or plugs"));
  CHECK(contains(text, "no latency figure: NIC test-nic, switch test-switch, switch test-spine, plugs of generic-aoc"));
  const auto refused = four(parts(R"(600,"figures":{"latency_ns":{"basis":"claim"}})"));
  const auto line = measure_fabric_latency(refused, FabricId(0));
  REQUIRE(line.missing.size() == 1);
  CHECK(line.missing[0].not_accepted);
  CHECK(line.classes[1].missing == MissingTerms{2, 0, 0});
  CHECK(contains(render_text("four", latency_sections(refused)), "of a basis that `accept` does not name: NIC test-nic"));
}

TEST_CASE("a cable without a figure takes the stated default", "[latency]") {
  constexpr auto copper =
      R"(,{"id":"generic-dac","kind":"cable","manufacturer":"generic","basis":"generic","source":"t","orderable":false,"class":"dac","technology":"passive",
    "fits":"any","lengths_m":[1,3,7],"max_length_m":7})";
  const auto plan = four(parts("600", "800", "1", copper));
  const auto latency = measure_fabric_latency(plan, FabricId(0));
  CHECK(latency.default_copper);
  CHECK_FALSE(latency.default_fibre);
  // The same as with the figure that the shipped part has.
  CHECK(latency.classes[2].mean->count() == 3'670'875);
  CHECK(contains(render_text("four", latency_sections(plan)), "default where a part states none: 4.5 ns/m for copper"));
}

TEST_CASE("latency is printed in one row for each class", "[latency]") {
  const auto plan = four(parts());
  const auto rows = csv_rows(latency_csv(plan));
  REQUIRE(rows.size() == 4);
  for (const auto& row : rows) CHECK(row.size() == rows.front().size());
  CHECK(rows[1][1] == "same-domain");
  CHECK(rows[1][6].empty());
  CHECK(rows[3] == std::vector<std::string>{"f", "same-pod", "3", "3", "4", "3663", "3670.875", "3675.375", "3678.75", "1200", "2400", "0", "70.875",
                                            "0", "0", "0"});
  CHECK(contains(latency_json(plan), R"("mean_ns": 3670.875)"));
}

TEST_CASE("designs are compared by latency where one of them is known in full", "[latency]") {
  const Design known{"known", "a.json", measure_design(four(parts()))};
  const Design bound{"bound", "b.json", measure_design(four(parts("null")))};
  REQUIRE(known.figures.latency.has_value());
  // Two pairs by a leaf, four by a spine.
  CHECK(known.figures.latency->mean.count() == (2 * 2'022'500 + 4 * 3'670'875 + 3) / 6);
  const auto both = compare_designs({known, bound});
  const auto* mean = both.row("latency_mean_us");
  REQUIRE(mean != nullptr);
  CHECK(mean->values[0] == ComparedValue{ComparedValue::State::known, 3'121});
  CHECK(mean->values[1] == ComparedValue{ComparedValue::State::at_least, 1'921});
  CHECK(both.row("latency_max_us")->values[0] == ComparedValue{ComparedValue::State::known, 3'679});
  CHECK(compare_designs({bound, bound}).row("latency_mean_us") == nullptr);
}

TEST_CASE("fabrics without GPUs have no latency", "[latency]") {
  constexpr auto server = R"(,{"id":"test-server","kind":"node","manufacturer":"generic","name":"node","basis":"generic","source":"t","rack_units":1,
    "ports":[{"name":"compute","nics":1,"cages":1,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}],"protocols":["ethernet"]}]})";
  const auto plan = sound_plan(
      R"({"name":"x","nodes":[{"group":"s","model":"test-server","count":4}],"fabrics":[{"name":"f","leaf":"test-switch","topology":"single-switch"}]})",
      parts("600", "800", "1", server));
  CHECK(measure_latency(plan, FabricId(0)).empty());
  CHECK(contains(render_text("x", latency_sections(plan)), "no node with GPUs has a port in a fabric"));
}
