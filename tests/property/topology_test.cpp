// SPDX-License-Identifier: Apache-2.0
// Every topology family over many sizes: counts by closed form, every port once, connectivity, diameter, bisection, and growth that moves nothing.
#include "support/catch.hpp"
#include "support/graph.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// A node with one port and a router with 64 single-port cages: sums of ports are not rounded to cages.
constexpr auto small_parts = R"({"format":"icplan.catalog/1","sources":{"test":{"title":"planning parts of this test","url":null}},"parts":[
  {"id":"one-port","kind":"node","manufacturer":"generic","name":"node with one port","basis":"generic","source":"test","rack_units":1,
   "ports":[{"name":"compute","nics":1,"cages":1,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}],"protocols":["ethernet"]}]},
  {"id":"two-port","kind":"node","manufacturer":"generic","name":"node with two ports","basis":"generic","source":"test","rack_units":1,
   "ports":[{"name":"compute","nics":2,"cages":2,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}],"protocols":["ethernet"]}]},
  {"id":"radix-64","kind":"switch","manufacturer":"generic","name":"64 ports","basis":"generic","source":"test","rack_units":1,"protocols":["ethernet"],
   "ports":[{"name":"fabric","cages":64,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}]}]},
  {"id":"radix-8","kind":"switch","manufacturer":"generic","name":"8 ports","basis":"generic","source":"test","rack_units":1,"protocols":["ethernet"],
   "ports":[{"name":"fabric","cages":8,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}]}]}]})";

std::string one_port(std::int64_t count, const std::string& topology, const std::string& more = {}, const std::string& leaf = "radix-64") {
  return R"({"name":"x","nodes":[{"group":"n","model":"one-port","count":)" + std::to_string(count) + R"(}],"fabrics":[{"name":"f","leaf":")" + leaf +
         R"(","topology":)" + topology + more + "}]}";
}

/// The plan of a spec that must be sound: no port twice, counted here once more, and no violation.
Plan sound(const std::string& spec) {
  INFO(spec);
  auto plan = sound_plan(spec, small_parts);
  std::set<std::pair<std::uint32_t, std::uint16_t>> ports;
  for (const auto& link : plan.network.links) {
    REQUIRE(ports.emplace(link.from.index(), link.from_port).second);
    REQUIRE(ports.emplace(link.to.index(), link.to_port).second);
  }
  return plan;
}

std::int64_t links_of(const Plan& plan, LinkKind kind, std::int64_t from_tier = 1) {
  std::int64_t count = 0;
  for (const auto& group : plan.network.link_groups) count += group.kind == kind && group.from_tier == from_tier ? group.count : 0;
  return count;
}

SwitchGraph graph_of(const Plan& plan, std::int64_t plane = 0) { return switch_graph(plan.network, FabricId(0), plane); }

/// The least capacity over all splits of the switches in two halves.
std::int64_t least_cut(const SwitchGraph& graph) {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (const auto& split : balanced_splits(graph.switches.size())) {
    std::int64_t cut = 0;
    for (const auto& edge : graph.edges) cut += split[edge.lower] != split[edge.upper] ? edge.mbps : 0;
    least = std::min(least, cut);
  }
  return least;
}

/// Links by name and port of one fabric, up from `from_tier`.
std::set<std::string> named_links(const Plan& plan, std::int64_t least_tier) {
  std::set<std::string> lines;
  for (const auto& group : plan.network.link_groups) {
    if (group.from_tier < least_tier) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = plan.network.links[i];
      lines.insert(plan.network.device_name(link.from) + ":" + std::to_string(link.from_port) + " " + plan.network.device_name(link.to) + ":" +
                   std::to_string(link.to_port));
    }
  }
  return lines;
}

} // namespace

TEST_CASE("dragonflies have the routers, links and diameter of their definition", "[property][topology]") {
  int sizes = 0;
  for (const std::int64_t a : {1, 2, 3, 4, 6, 8}) {
    for (const std::int64_t h : {1, 2, 3, 4}) {
      for (std::int64_t g = 1; g <= a * h + 1; g += g < 6 ? 1 : 5) {
        const std::int64_t p = 1 + (a + h + g) % 3;
        const auto topology = fill(R"({"kind":"dragonfly","a":$1,"p":$2,"h":$3,"g":$4})", {a, p, h, g});
        const auto plan = sound(one_port(std::max<std::int64_t>(a * p * g - g % 2, 1), topology));
        ++sizes;
        CHECK(switches(plan, "f", 1) == a * g);
        CHECK(links_of(plan, LinkKind::local) == g * a * (a - 1) / 2);
        const auto each = g > 1 ? a * h / (g - 1) : 0;
        const auto nearest = g > 1 ? (a * h - each * (g - 1)) / 2 : 0;
        CHECK(links_of(plan, LinkKind::global) == each * g * (g - 1) / 2 + nearest * g);
        const auto graph = graph_of(plan);
        CHECK(count_components(graph) == 1);
        CHECK(hop_diameter(graph) <= 3);
        if (graph.switches.size() > 16 || graph.switches.size() % 2 != 0 || a * p * g % 2 != 0 || g % 2 != 0) continue;
        const auto bandwidth = measure_bandwidth(plan).front();
        REQUIRE(bandwidth.bisection_full);
        CHECK(bandwidth.bisection_full->count() == std::min(bandwidth.injection.count(), 2 * least_cut(graph)));
      }
    }
  }
  CHECK(sizes > 100);
}

TEST_CASE("dragonfly plus groups are complete between leaves and spines", "[property][topology]") {
  int exact = 0;
  int looked_at = 0;
  for (const std::int64_t l : {1, 2, 4}) {
    for (const std::int64_t s : {1, 2, 3, 4}) {
      for (const std::int64_t h : {1, 2, 4}) {
        for (std::int64_t g = 1; g <= s * h + 1; g += g < 4 ? 1 : 4) {
          const auto topology = fill(R"({"kind":"dragonfly+","l":$1,"s":$2,"p":3,"h":$3,"g":$4})", {l, s, h, g});
          const auto plan = sound(one_port(3 * l * g, topology));
          CHECK(switches(plan, "f", 1) == l * g);
          CHECK(switches(plan, "f", 2) == s * g);
          CHECK(links_of(plan, LinkKind::local) == l * s * g);
          const auto graph = graph_of(plan);
          CHECK(count_components(graph) == 1);
          CHECK(hop_diameter(graph) <= 3);
          if (l * g > 16 || g % 2 != 0) continue;
          // Whole leaves against whole leaves: what halves of the nodes exchange, over every split.
          const auto bandwidth = measure_bandwidth(plan).front();
          std::int64_t least = std::numeric_limits<std::int64_t>::max();
          for (const auto& split : balanced_splits(static_cast<std::size_t>(l * g))) {
            std::vector<std::int64_t> sends(graph.switches.size(), 0);
            auto receives = sends;
            for (const auto& port : graph.node_ports) (split[port.leaf] ? sends : receives)[port.leaf] += port.mbps;
            least = std::min(least, flow_across(graph, sends, receives));
          }
          INFO(topology);
          CHECK(2 * least <= bandwidth.bisection_full->count());
          CHECK(bandwidth.bisection_bound);
          exact += 2 * least == bandwidth.bisection_full->count() ? 1 : 0;
          ++looked_at;
        }
      }
    }
  }
  // The bound is what the least cut carries, nearly always.
  CHECK(looked_at > 20);
  CHECK(10 * exact >= 9 * looked_at);
}

TEST_CASE("Slim Flies have two hops between any two of their 2 q q routers", "[property][topology]") {
  for (const std::int64_t q : {3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 19, 23, 25, 27}) {
    const std::int64_t d = q % 4 == 3 ? -1 : q % 4;
    const auto plan = sound(one_port(2 * q * q, fill(R"({"kind":"slim-fly","q":$1,"p":2})", {q})));
    CHECK(switches(plan, "f", 1) == 2 * q * q);
    CHECK(links_of(plan, LinkKind::local) + links_of(plan, LinkKind::global) == q * q * (3 * q - d) / 2);
    CHECK(links_of(plan, LinkKind::global) == q * q * q);
    const auto graph = graph_of(plan);
    std::vector<std::int64_t> degree(graph.switches.size(), 0);
    for (const auto& edge : graph.edges) {
      CHECK(edge.links == 1);
      ++degree[edge.lower];
      ++degree[edge.upper];
    }
    CHECK(std::count(degree.begin(), degree.end(), (3 * q - d) / 2) == 2 * q * q);
    if (q > 13) continue; // All routers carry nodes only while nodes reach that far; two hops are quadratic to look at.
    const auto full = sound(one_port(4 * q * q, fill(R"({"kind":"slim-fly","q":$1,"p":2})", {q})));
    CHECK(hop_diameter(graph_of(full)) == 2);
  }
  for (const std::int64_t q : {1, 2, 6, 10, 12, 14, 15, 18, 20, 21, 22, 24, 26, 28}) {
    const auto refused = plan_spec(one_port(10, fill(R"({"kind":"slim-fly","q":$1})", {q})), small_parts);
    CHECK_FALSE(refused.plan);
    CHECK(refused.reports(Code::no_such_order));
  }
}

TEST_CASE("tori have the links, diameter and bisection of their dimensions", "[property][topology]") {
  for (const std::int64_t x : {1, 2, 3, 4, 5, 8}) {
    for (const std::int64_t y : {2, 3, 4, 6}) {
      for (const std::int64_t z : {1, 2, 4, 7}) {
        const auto plan = sound(one_port(x * y * z * 2, fill(R"({"kind":"torus","dims":[$1,$2,$3],"p":2})", {x, y, z})));
        const auto n = x * y * z;
        const auto along = [&](std::int64_t length) { return length == 1 ? 0 : length == 2 ? n / 2 : n; };
        CHECK(switches(plan, "f", 1) == n);
        CHECK(links_of(plan, LinkKind::x) == along(x));
        CHECK(links_of(plan, LinkKind::y) == along(y));
        CHECK(links_of(plan, LinkKind::z) == along(z));
        const auto graph = graph_of(plan);
        CHECK(count_components(graph) == 1);
        CHECK(hop_diameter(graph) == x / 2 + y / 2 + z / 2);
        const auto longest = std::max({x, y, z});
        if (longest % 2 != 0) continue;
        const auto crossing = (longest == 2 ? 1 : 2) * n / longest;
        const auto bandwidth = measure_bandwidth(plan).front();
        CHECK(bandwidth.bisection_full->count() == std::min(bandwidth.injection.count(), 2 * crossing * 400'000));
        if (n <= 16 && n % 2 == 0) CHECK(least_cut(graph) == crossing * 400'000);
      }
    }
  }
  const auto flat = sound(one_port(64, R"({"kind":"torus","dims":[8,8]})"));
  CHECK(links_of(flat, LinkKind::x) + links_of(flat, LinkKind::y) == 128);
  CHECK(hop_diameter(graph_of(flat)) == 8);
}

TEST_CASE("rail-only networks fall into one part for each rail and plane", "[property][topology]") {
  for (const std::int64_t rails : {8, 16, 32, 64}) {
    for (const std::int64_t count : {8, 16, 40, 64, 96, 130}) {
      const auto spec = fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],
        "fabrics":[{"name":"f","topology":"rail-only","rails":$2,"leaf":"nvidia-qm9700"}]})",
                             {count, rails});
      const auto plan = sound(spec);
      const auto domain = rails / 8;
      if (count < domain) continue;
      const auto graph = graph_of(plan);
      CHECK(count_components(graph) == static_cast<std::size_t>(rails));
      const auto of_rail = (count + domain - 1) / domain;
      if (of_rail <= 64) CHECK(switches(plan, "f", 1) == rails);
      CHECK(links(plan, "f", 0) == count * 8);
      // A node's NIC is on the network of its rail.
      for (const auto& link : plan.network.links) {
        const auto& from = plan.network.group(link.from);
        if (from.is_node()) CHECK(plan.network.group(link.to).rail == link.from.index() % static_cast<std::uint32_t>(domain) * 8 + link.from_port);
      }
    }
  }
  const auto planes = sound(R"({"name":"x","nodes":[{"model":"nvidia-dgx-b300","count":20}],
    "fabrics":[{"name":"f","topology":"rail-only","planes":2,"leaf":"nvidia-sn5600","port_speed_gbps":400}]})");
  for (const std::int64_t plane : {0, 1}) CHECK(count_components(graph_of(planes, plane)) == 8);
}

TEST_CASE("planes of any topology are equal and apart", "[property][topology]") {
  for (const auto& of : {"fat-tree", "rail-optimized", "single-switch", "rail-only"}) {
    const auto spec = R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":32}],"fabrics":[{"name":"f","leaf":"nvidia-qm9700",
      "topology":{"kind":"multi-plane","of":")" +
                      std::string(of) + R"("}}]})";
    const auto plan = sound(spec);
    CHECK(plan.spec.fabrics[0].planes == 8);
    const auto first = graph_of(plan, 0);
    for (std::int64_t plane = 1; plane < 8; ++plane) {
      const auto other = graph_of(plan, plane);
      CHECK(other.switches.size() == first.switches.size());
      CHECK(other.edges.size() == first.edges.size());
      CHECK(other.node_ports.size() == first.node_ports.size());
      CHECK(count_components(other) == 1);
    }
  }
}

TEST_CASE("a collapsed core splits every node over the pair", "[property][topology]") {
  for (std::int64_t count = 1; count <= 14; ++count) {
    const auto plan = sound(fill(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],
      "fabrics":[{"name":"f","topology":{"kind":"collapsed-core","isl":$2},"leaf":"nvidia-qm9700"}]})",
                                 {count, std::min<std::int64_t>(count, 8)}));
    CHECK(links_of(plan, LinkKind::isl) == std::min<std::int64_t>(count, 8));
    const auto graph = graph_of(plan);
    std::vector<std::int64_t> ports(2, 0);
    for (const auto& port : graph.node_ports) ++ports[port.leaf];
    CHECK(ports == std::vector<std::int64_t>{4 * count, 4 * count});
  }
  for (std::int64_t count = 1; count <= 33; ++count) {
    // Nodes with one port take turns; the default is as many inter-switch links as one switch has links to nodes.
    const auto plan = sound(one_port(count, R"("collapsed-core")"));
    CHECK(links_of(plan, LinkKind::isl) == (count + 1) / 2);
    CHECK(links(plan, "f", 0) == count);
  }
  CHECK_FALSE(plan_spec(one_port(70, R"("collapsed-core")"), small_parts).plan);
}

TEST_CASE("access switches are as many as ports need, and lead into the other fabric", "[property][topology]") {
  for (const std::int64_t count : {1, 8, 40, 47, 48, 49, 96, 97, 130}) {
    const auto plan = sound(fill(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":$1}],"racks":[{"name":"r","pdus":2}],
      "fabrics":[{"name":"f","topology":"rail-optimized","leaf":"nvidia-qm9700"},
                 {"name":"in-band","topology":"fat-tree","leaf":"nvidia-sn5600"},
                 {"name":"oob","topology":"access","leaf":"nvidia-sn2201","uplink_to":"in-band",
                  "attach":[{"group":"gpu","ports":"bmc"},{"devices":"switches"},{"devices":"pdus"}]}]})",
                                 {count}));
    std::int64_t others = 0;
    for (const auto* fabric : {"f", "in-band"}) {
      for (const std::size_t tier : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) others += switches(plan, fabric, tier);
    }
    const auto pdus = 2 * static_cast<std::int64_t>(plan.placement.racks.size());
    const auto ports = count + others + pdus;
    CHECK(switches(plan, "oob", 1) == (ports + 47) / 48);
    CHECK(links_of(plan, LinkKind::uplink) == 2 * switches(plan, "oob", 1));
    CHECK(links(plan, "oob", 0) == ports);
  }
}

TEST_CASE("fabrics on the leaves of another one share its switches", "[property][topology]") {
  for (const auto& topology : {R"("collapsed-core")", R"("fat-tree")", R"("single-switch")"}) {
    for (const std::int64_t count : {2, 5, 12}) {
      const auto plan =
          sound(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":)" + std::to_string(count) +
                R"(,"nics":[{"ports":"compute","model":"nvidia-bf3-b3140h","count":4},{"ports":"in-band","model":"nvidia-bf3-b3220","count":1}]}],
        "fabrics":[{"name":"f","topology":)" +
                topology + R"(,"leaf":"nvidia-sn5600","attach":[{"group":"gpu"}]},
                   {"name":"in-band","on":"f","external":[{"name":"edge","count":6,"speed_gbps":100,"breakout":8}]}]})");
      CHECK(links(plan, "f", 0) == 4 * count);
      CHECK(links(plan, "in-band", 0) == 2 * count);
      CHECK(plan.network.fabrics[1].external.size() == 6);
      CHECK(switches(plan, "in-band", 1) == 0);
    }
  }
}

TEST_CASE("growth within expandable_to moves no cable", "[property][topology][growth]") {
  const std::vector<std::string> specs = {
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1,"unit":16}],"fabrics":[{"name":"f","topology":"rail-optimized","leaf":"nvidia-qm9700","expandable_to":100}]})",
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],"fabrics":[{"name":"f","topology":"fat-tree","leaf":"nvidia-qm9700","expandable_to":100}]})",
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1,"unit":8}],"fabrics":[{"name":"f","topology":"rail-optimized","leaf":"nvidia-qm9700","expandable_to":100,"tiers":3,"pod_units":3,"oversubscription":2}]})",
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],"fabrics":[{"name":"f","topology":"rail-only","leaf":"nvidia-qm9700","expandable_to":100}]})",
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],"fabrics":[{"name":"f","topology":"slim-fly","leaf":"nvidia-qm9700","expandable_to":100}]})",
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":$1}],"fabrics":[{"name":"f","topology":"dragonfly","leaf":"nvidia-qm9700","expandable_to":100}]})",
      R"({"name":"x","nodes":[{"model":"nvidia-dgx-b300","count":$1}],"fabrics":[{"name":"f","topology":"dual-tor","leaf":"nvidia-sn5600","port_speed_gbps":400,"expandable_to":100}]})"};
  for (const auto& pattern : specs) {
    std::set<std::string> before;
    for (const std::int64_t count : {1, 5, 15, 16, 17, 32, 40, 63, 64, 65, 99, 100}) {
      const auto after = named_links(sound(fill(pattern, {count})), 0);
      INFO(pattern << " at " << count);
      CHECK(std::includes(after.begin(), after.end(), before.begin(), before.end()));
      before = after;
    }
    // The grown one is the one that is planned at once.
    const auto at_once = named_links(sound(fill(pattern, {100})), 0);
    CHECK(at_once == before);
    const auto refused = plan_spec(fill(pattern, {101}));
    CHECK_FALSE(refused.plan);
    CHECK(refused.reports(Code::conflicting_values));
  }
}

TEST_CASE("a listed network comes out as listed", "[property][topology]") {
  const auto tree = sound(fill(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":$1,"unit":4}],
    "fabrics":[{"name":"f","topology":"rail-optimized","leaf":"nvidia-qm9700"}]})",
                               {9}));
  const auto csv = schedule_csv(tree);
  const auto listed = sound_plan(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":9,"unit":4}],"fabrics":[{"name":"f",
    "topology":{"kind":"explicit","switches":{"leaf":)" +
                                     std::to_string(switches(tree, "f", 1)) + R"(,"spine":)" + std::to_string(switches(tree, "f", 2)) +
                                     R"(},"csv":"links.csv"},"leaf":"nvidia-qm9700"}]})",
                                 {}, {{"links.csv", csv}});
  const auto again = schedule_csv(listed);
  CHECK(again.size() == csv.size());
  CHECK(listed.network.links.size() == tree.network.links.size());
  const auto sorted_lines = [](const std::string& text) {
    std::multiset<std::string> lines;
    std::size_t begin = 0;
    while (begin < text.size()) {
      const auto end = text.find('\n', begin);
      lines.insert(text.substr(begin, end - begin));
      begin = end + 1;
    }
    return lines;
  };
  CHECK(sorted_lines(again) == sorted_lines(csv));
}

TEST_CASE("a list says which ports it leaves free, and a lone word is no list", "[topology]") {
  const auto partly = sound_planned(R"({"name":"x","nodes":[{"group":"n","model":"two-port","count":2}],"fabrics":[{"name":"f","leaf":"radix-8",
    "topology":{"kind":"explicit","switches":{"leaf":1},"links":[
      {"from_device":"n-0001","from_cage":"compute-1","to_device":"f-leaf-0001","to_cage":"5"},
      {"from_device":"n-0002","from_cage":"compute-2","to_device":"f-leaf-0001","to_cage":"6"}]}}]})",
                                    small_parts);
  CHECK(partly.plan->network.links.size() == 2);
  const auto* told = partly.find(Code::ports_not_listed);
  REQUIRE(told != nullptr);
  CHECK(told->count == 2);
  CHECK(plan_spec(one_port(2, R"("explicit")"), small_parts).reports(Code::missing_key));
}

TEST_CASE("bandwidth follows the links that there are", "[topology]") {
  // Nodes of one scale-up domain take turns on the rails: every GPU still has its 400 Gb/s.
  const auto rails = sound(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":64}],
    "fabrics":[{"name":"f","topology":"rail-only","rails":32,"leaf":"nvidia-qm9700"}]})");
  CHECK(measure_bandwidth(rails).front().per_gpu == Mbps(400'000));
  CHECK(measure_bandwidth(rails).front().injection == Mbps(64 * 8 * 400'000));
  // Nodes with one port meet the others over the inter-switch links alone.
  const auto thin = sound(one_port(20, R"({"kind":"collapsed-core","isl":3})"));
  CHECK(measure_bandwidth(thin).front().bisection_full == Mbps(2 * 3 * 400'000));
  // Nodes with a port on either switch need none.
  const auto both = sound(R"({"name":"x","nodes":[{"model":"two-port","count":8}],
    "fabrics":[{"name":"f","leaf":"radix-64","topology":{"kind":"collapsed-core","isl":1}}]})");
  CHECK(measure_bandwidth(both).front().bisection_full == Mbps(16 * 400'000));
  // 3 x 2: no plane across the longest dimension halves it; three links cross the other one.
  const auto odd = sound(one_port(60, R"({"kind":"torus","dims":[3,2],"p":10})"));
  CHECK(measure_bandwidth(odd).front().bisection_full == Mbps(2 * 3 * 400'000));
  CHECK_FALSE(measure_bandwidth(odd).front().bisection_bound);
}

TEST_CASE("the order and direction of listed rows change nothing", "[topology]") {
  const auto with = [](const std::string& links) {
    return plan_spec(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":1}],"fabrics":[{"name":"f","leaf":"nvidia-qm9700",
      "attach":[{"group":"gpu","count":1}],"topology":{"kind":"explicit","switches":{"leaf":2},"links":[)" +
                     links + "]}}]}");
  };
  const auto row = [](const std::string& from, const std::string& from_port, const std::string& to, const std::string& to_port) {
    return R"({"from_device":")" + from + R"(","from_cage":"25","from_port":)" + from_port + R"(,"to_device":")" + to +
           R"(","to_cage":"25","to_port":)" + to_port + "}";
  };
  const std::string node = R"({"from_device":"gpu-0001","from_cage":"compute-1","to_device":"f-leaf-0001","to_cage":"1"})";
  const auto a = with(node + "," + row("f-leaf-0001", "1", "f-leaf-0002", "1") + "," + row("f-leaf-0001", "2", "f-leaf-0002", "2"));
  const auto b = with(row("f-leaf-0002", "2", "f-leaf-0001", "2") + "," + row("f-leaf-0001", "1", "f-leaf-0002", "1") + "," + node);
  INFO(a.text() << b.text());
  REQUIRE(a.plan);
  REQUIRE(b.plan);
  CHECK(bom_csv(*a.plan) == bom_csv(*b.plan));
  CHECK(named_links(*a.plan, 0) == named_links(*b.plan, 0));
  CHECK(check_plan(*b.plan).empty());
}

namespace {

/// Two cores, one management switch, and its uplinks; `rows` are the list of the management fabric after its node link.
std::string listed_access(const std::string& rows, const std::string& keys = {}) {
  return R"({"name":"x","nodes":[{"group":"n","model":"nvidia-dgx-h100","count":2}],"fabrics":[
    {"name":"core","leaf":"nvidia-sn5600","attach":[{"group":"n","ports":"in-band","count":2}],
     "topology":{"kind":"explicit","switches":{"leaf":2},"links":[
       {"from_device":"n-0001","from_cage":"in-band-1","to_device":"core-leaf-0001","to_cage":"1"},
       {"from_device":"n-0001","from_cage":"in-band-2","to_device":"core-leaf-0002","to_cage":"1"},
       {"from_device":"n-0002","from_cage":"in-band-1","to_device":"core-leaf-0001","to_cage":"2"},
       {"from_device":"n-0002","from_cage":"in-band-2","to_device":"core-leaf-0002","to_cage":"2"},
       {"from_device":"core-leaf-0001","from_cage":"64","to_device":"core-leaf-0002","to_cage":"64","speed_gbps":800},
       {"from_device":"core-leaf-0001","from_cage":"63","from_port":2,"to_device":"core-leaf-0002","to_cage":"63","to_port":2,"speed_gbps":400}]}},
    {"name":"oob","leaf":"nvidia-sn2201","attach":[{"group":"n","ports":"bmc"}],"uplink_to":"core")" +
         keys + R"(,
     "topology":{"kind":"explicit","switches":{"leaf":1},"links":[
       {"from_device":"n-0001","from_cage":"bmc-1","to_device":"oob-leaf-0001","to_cage":"9"},
       {"from_device":"n-0002","from_cage":"bmc-1","to_device":"oob-leaf-0001","to_cage":"8"})" +
         rows + "]}}]}";
}

std::string uplink(const std::string& from, const std::string& from_cage, const std::string& to, const std::string& to_cage,
                   const std::string& to_port) {
  return R"(,{"from_device":")" + from + R"(","from_cage":")" + from_cage + R"(","to_device":")" + to + R"(","to_cage":")" + to_cage +
         R"(","to_port":)" + to_port + "}";
}

} // namespace

TEST_CASE("listed uplinks take the ports that their rows name", "[topology]") {
  const auto rows =
      uplink("oob-leaf-0001", "uplink-4", "core-leaf-0001", "49", "7") + uplink("oob-leaf-0001", "uplink-1", "core-leaf-0002", "51", "1");
  const auto plan = sound_plan(listed_access(rows));
  const auto csv = schedule_csv(plan);
  CHECK(csv.find(",oob-leaf-0001,uplink-4,1,") != std::string::npos);
  CHECK(csv.find(",core-leaf-0001,49,7,") != std::string::npos);
  CHECK(csv.find(",core-leaf-0002,51,1,") != std::string::npos);
  // Both speeds between the cores, each in a cage of its own.
  std::map<std::int64_t, std::uint32_t> peers;
  for (const auto& group : plan.network.link_groups) {
    if (group.kind == LinkKind::isl) peers[group.speed.count()] += group.count;
    if (group.kind == LinkKind::uplink) CHECK(group.speed == Mbps(100'000));
  }
  CHECK(peers == std::map<std::int64_t, std::uint32_t>{{400'000, 1}, {800'000, 1}});
  const auto use = measure_tiers(plan, 0).front();
  CHECK(use.cages_disabled == 2);
  CHECK(use.cages_used == 10);
  // Either direction says the same.
  const auto turned = sound_plan(listed_access(uplink("core-leaf-0002", "51", "oob-leaf-0001", "uplink-1", "1") +
                                               uplink("oob-leaf-0001", "uplink-4", "core-leaf-0001", "49", "7")));
  CHECK(schedule_csv(turned) == csv);
}

TEST_CASE("listed uplinks that cannot be are refused at their row", "[topology]") {
  const auto wrong = [](const std::string& rows, const std::string& says) {
    const auto planned = plan_spec(listed_access(rows));
    INFO(planned.text());
    CHECK_FALSE(planned.plan);
    CHECK(planned.reports(Code::wrong_link));
    CHECK(planned.text().find(says) != std::string::npos);
    CHECK(planned.findings.size() <= 3);
  };
  wrong(uplink("oob-leaf-0001", "uplink-1", "core-leaf-0001", "50", "1"), "cage 50 cannot be divided so");
  wrong(uplink("oob-leaf-0001", "uplink-1", "core-leaf-0001", "1", "2"), "another speed or direction");
  wrong(uplink("oob-leaf-0001", "uplink-1", "core-leaf-0001", "49", "9"), "no mode with 9 ports");
  wrong(uplink("oob-leaf-0001", "uplink-1", "core-leaf-0009", "49", "1"), "has no device `core-leaf-0009`");
  wrong(uplink("oob-leaf-0001", "uplink-5", "core-leaf-0001", "49", "1"), "has no cage `uplink-5`");
  wrong(uplink("oob-leaf-0001", "uplink-1", "core-leaf-0001", "49", "1") + uplink("oob-leaf-0001", "uplink-1", "core-leaf-0001", "49", "2"),
        "has a link already");
  wrong(uplink("oob-leaf-0001", "uplink-1", "core-leaf-0001", "49", "1") + uplink("oob-leaf-0001", "uplink-2", "core-leaf-0001", "49", "1"),
        "has a link already");
  wrong(uplink("core-leaf-0001", "49", "core-leaf-0002", "49", "1"), "no port 1 for an uplink in cage `49`");
  wrong(uplink("n-0001", "bmc-1", "core-leaf-0001", "1", "1"), "not in one tier or in neighbouring tiers");
  wrong(R"(,{"from_device":"oob-leaf-0001","from_cage":"uplink-1","to_device":"core-leaf-0001","to_cage":"49","speed_gbps":400})", "no mode with");
  wrong(R"(,{"from_device":"n-0001","from_cage":"bmc-1","to_device":"oob-leaf-0001","to_cage":"7","speed_gbps":10})", "the row states 10 Gb/s");
}

TEST_CASE("lists name devices by the site's patterns or by default", "[topology]") {
  const std::string names = R"(,"names":{"node":"srv-{n:02}","switch":{"core":"core-{n:02}","oob":"oob-switch-{n:02}"}}})";
  const auto named = [&](const std::string& spec) { return spec.substr(0, spec.size() - 1) + names; };
  const auto by_default = plan_spec(named(listed_access(uplink("oob-leaf-0001", "uplink-1", "core-leaf-0002", "51", "1"))));
  const auto by_site = plan_spec(named(listed_access(uplink("oob-switch-01", "uplink-1", "core-02", "51", "1"))));
  const auto mixed = plan_spec(named(listed_access(uplink("core-leaf-0002", "51", "oob-switch-01", "uplink-1", "1"))));
  for (const auto* planned : {&by_default, &by_site, &mixed}) {
    INFO(planned->text());
    REQUIRE(planned->plan);
    CHECK(check_plan(*planned->plan).empty());
    const auto csv = schedule_csv(*planned->plan);
    CHECK(csv.find("oob-switch-01,uplink-1,1,") != std::string::npos);
    CHECK(csv.find("core-02,51,1") != std::string::npos);
  }
}

TEST_CASE("a listed speed is read from its column alone", "[topology]") {
  const auto with = [](const std::string& csv) {
    return plan_spec(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":1}],"fabrics":[{"name":"f","leaf":"nvidia-sn5600",
      "attach":[{"group":"gpu","ports":"in-band","count":1}],"topology":{"kind":"explicit","switches":{"leaf":2},"csv":"l.csv"}}]})",
                     {}, {{"l.csv", csv}});
  };
  const std::string node = "gpu-0001,in-band-1,1,f-leaf-0001,1,1";
  const std::string peer = "f-leaf-0001,9,1,f-leaf-0002,9,1";
  const std::string header = "from_device,from_cage,from_port,to_device,to_cage,to_port";
  const auto speed = [](const Planned& planned) {
    INFO(planned.text());
    REQUIRE(planned.plan);
    CHECK(check_plan(*planned.plan).empty());
    return planned.plan->network.link_groups.back().speed;
  };
  CHECK(speed(with(header + "\n" + node + "\n" + peer + "\n")) == Mbps(400'000));
  // A cell beyond the header's is of no column.
  CHECK(speed(with(header + "\n" + node + ",800\n" + peer + ",800\n")) == Mbps(400'000));
  CHECK(speed(with(header + ",speed_gbps\n" + node + "\n" + peer + ",800\n")) == Mbps(800'000));
  CHECK(speed(with("speed_gbps," + header + "\n," + node + "\n0.8e3," + peer + "\n")) == Mbps(800'000));
  for (const auto* wrong : {"fast", "-400", "0", "1e30", "400G"})
    CHECK(with(header + ",speed_gbps\n" + node + "\n" + peer + "," + wrong + "\n").reports(Code::wrong_link));
}

TEST_CASE("only lists lead into lists", "[topology]") {
  const auto refuses = [](const std::string& spec, const std::string& says) {
    const auto planned = plan_spec(spec);
    INFO(planned.text());
    CHECK_FALSE(planned.plan);
    CHECK(planned.reports(Code::conflicting_values));
    CHECK(planned.text().find(says) != std::string::npos);
  };
  const auto pair = [](const std::string& core, const std::string& oob) {
    return R"({"name":"x","nodes":[{"group":"n","model":"nvidia-dgx-h100","count":2}],"fabrics":[
      {"name":"core","leaf":"nvidia-sn5600","attach":[{"group":"n","ports":"in-band"}],)" +
           core + R"(},{"name":"oob","leaf":"nvidia-sn2201","attach":[{"group":"n","ports":"bmc"}],)" + oob +
           R"(},{"name":"guest","on":"core","attach":[{"group":"n","ports":"storage"}]}]})";
  };
  const std::string list = R"("topology":{"kind":"explicit","switches":{"leaf":1},"links":[]})";
  const std::string access = R"("topology":"access","uplink_to":"core")";
  refuses(pair(list, access), "only one of the two lists its links");
  refuses(pair(R"("topology":"fat-tree")", list + R"(,"uplink_to":"core")"), "only one of the two lists its links");
  refuses(pair(list + R"(,"uplink_to":"oob")", list + R"(,"uplink_to":"core")"), "which has uplinks itself");
  refuses(pair(R"("topology":"fat-tree")", R"("topology":"access","uplink_to":"guest")"), "which has no switches");
  refuses(R"({"name":"x","nodes":[{"group":"n","model":"nvidia-dgx-h100","count":2}],"fabrics":[
      {"name":"core","topology":"fat-tree","leaf":"nvidia-sn2201","attach":[{"group":"n","ports":"bmc"},{"devices":"switches"}]},
      {"name":"oob","topology":"access","leaf":"nvidia-sn2201","attach":[{"group":"n","ports":"bmc"}],"uplink_to":"core"}]})",
          "which attaches the switches and is built last");
}

TEST_CASE("breakouts that disable cages leave room for uplinks", "[topology]") {
  for (const std::int64_t count : {20, 100, 160}) {
    for (const auto* more : {"", R"(,"port_speed_gbps":200)", R"(,"uplink_gbps":400)"}) {
      const auto plan =
          sound(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":4,"nics":[{"ports":"in-band","model":"nvidia-bf3-b3220","count":1}]}],
        "fabrics":[{"name":"in-band","topology":"fat-tree","leaf":"nvidia-sn5600","tiers":2)" +
                std::string(more) + R"(,"external":[{"name":"edge","count":)" + std::to_string(count) + R"(,"speed_gbps":100,"breakout":8}]}]})");
      CHECK(plan.network.fabrics[0].external.size() == static_cast<std::size_t>(count));
    }
  }
}
