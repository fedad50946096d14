// SPDX-License-Identifier: Apache-2.0
// Latency by class against every pair and every shortest path, walked one by one, over cables of random lengths.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/latency.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// Nodes of two GPUs with two ports and of one GPU with one, in scale-up domains of four; switches with few ports. Two models of switches differ in
/// delay.
constexpr auto parts = R"({"format":"icplan.catalog/1","sources":{"t":{"title":"planning parts of this test","url":null}},"parts":[
  {"id":"test-gpu","kind":"gpu","manufacturer":"generic","name":"gpu","basis":"generic","source":"t","scale_up_domain_gpus":4},
  {"id":"test-nic","kind":"nic","manufacturer":"generic","name":"nic","basis":"generic","source":"t","latency_ns":611.5,
   "ports":[{"name":"compute","cages":1,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}],"protocols":["ethernet"]}]},
  {"id":"test-node-1","kind":"node","manufacturer":"generic","name":"one port","basis":"generic","source":"t","rack_units":1,"gpu":"test-gpu","gpus":1,
   "ports":[{"name":"compute","nics":1,"nic":"test-nic","cages":1,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}],"protocols":["ethernet"]}]},
  {"id":"test-node-2","kind":"node","manufacturer":"generic","name":"two ports","basis":"generic","source":"t","rack_units":1,"gpu":"test-gpu","gpus":2,
   "ports":[{"name":"compute","nics":2,"nic":"test-nic","cages":2,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}],"protocols":["ethernet"]}]},
  {"id":"test-4","kind":"switch","manufacturer":"generic","name":"4 ports","basis":"generic","source":"t","rack_units":1,"protocols":["ethernet"],"latency_ns":800.25,
   "ports":[{"name":"fabric","cages":4,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}]}]},
  {"id":"test-8","kind":"switch","manufacturer":"generic","name":"8 ports","basis":"generic","source":"t","rack_units":1,"protocols":["ethernet"],"latency_ns":333.337,
   "ports":[{"name":"fabric","cages":8,"form":"qsfp112","top":"none","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400}]}]}]})";

std::int64_t figure(const Plan& plan, const MaybeFigure<Picoseconds>& of) { return plan.spec.accepted(of).value_or(Picoseconds(0)).count(); }

std::int64_t delay_of_link(const Plan& plan, std::size_t i) {
  const auto& leg = plan.cables.legs[i];
  const auto& part = plan.part(plan.cables.solution(leg).part);
  std::int64_t per_metre = 4'500;
  if (const auto* cable = part.as<CableFacts>()) {
    if (cable->optical) per_metre = 4'900;
    if (cable->latency_per_metre) per_metre = cable->latency_per_metre->value.count();
  } else if (const auto* fibre = part.as<FibreFacts>()) {
    per_metre = fibre->latency_per_metre ? fibre->latency_per_metre->value.count() : 4'900;
  }
  auto delay = (leg.length_mm * per_metre + 500) / 1'000;
  const auto& link = plan.network.links[i];
  for (const auto cage : {plan.network.cage(link.from, link.from_port), plan.network.cage(link.to, link.to_port)}) {
    const auto module = plan.cables.module_of_cage[cage.index()];
    if (module > 0) delay += figure(plan, plan.part(plan.cables.modules[module - 1U]).as<ModuleFacts>()->latency);
  }
  return delay;
}

struct Port {
  std::uint32_t node = 0;
  std::uint32_t leaf = 0;
  std::int64_t delay = 0;
};

/// What is known of one class when every path has been walked.
struct Walked {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = 0;
  /// In femtoseconds, one for each pair.
  std::vector<std::int64_t> means;
};

/// Class (as in the result) and switches; the latter 0 for pairs of two halls.
using Key = std::pair<bool, std::int64_t>;

class Walker {
public:
  Walker(const Plan& plan, FabricId fabric) : plan_(plan), neighbours_(plan.network.devices()) {
    const auto host = plan.network.fabrics[fabric.index()].host;
    for (const auto& group : plan.network.link_groups) {
      for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
        const auto& link = plan.network.links[i];
        if (group.from_tier == 0 && group.fabric == fabric && plan.spec.nodes[plan.network.group(link.from).nodes.index()].gpus > 0)
          ports_.push_back({link.from.index(), link.to.index(), 611'500 + delay_of_link(plan, i)});
        if (group.from_tier == 0 || group.fabric != host) continue;
        neighbours_[link.from.index()].emplace_back(link.to.index(), delay_of_link(plan, i));
        neighbours_[link.to.index()].emplace_back(link.from.index(), delay_of_link(plan, i));
      }
    }
  }

  std::map<Key, Walked> run() {
    std::map<Key, Walked> classes;
    for (std::size_t a = 0; a < ports_.size(); ++a) {
      for (auto b = a + 1; b < ports_.size(); ++b) {
        auto [delays, switches] = paths(ports_[a].leaf, ports_[b].leaf);
        if (delays.empty()) continue;
        if (domain(ports_[a].node) == domain(ports_[b].node)) {
          ++domain_pairs;
          continue;
        }
        const bool one_hall = hall(ports_[a].node) == hall(ports_[b].node);
        auto& walked = classes[{one_hall, one_hall ? switches : 0}];
        std::int64_t sum = 0;
        for (auto& delay : delays) {
          delay += ports_[a].delay + ports_[b].delay;
          sum += delay;
          walked.least = std::min(walked.least, delay);
          walked.most = std::max(walked.most, delay);
        }
        walked.means.push_back(sum * 1'000 / static_cast<std::int64_t>(delays.size()));
      }
    }
    return classes;
  }

  std::int64_t domain_pairs = 0;

private:
  /// Delays of all paths of fewest switches, and how many switches these are.
  std::pair<std::vector<std::int64_t>, std::int64_t> paths(std::uint32_t from, std::uint32_t to) {
    const auto known = known_.find({from, to});
    if (known != known_.end()) return known->second;
    std::vector<std::int64_t> hops(neighbours_.size(), -1);
    std::vector<std::uint32_t> queue{to};
    hops[to] = 0;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const auto& [next, delay] : neighbours_[queue[i]]) {
        if (hops[next] >= 0) continue;
        hops[next] = hops[queue[i]] + 1;
        queue.push_back(next);
      }
    }
    std::vector<std::int64_t> delays;
    if (hops[from] >= 0) walk(from, to, hops, 0, delays);
    return known_[{from, to}] = {delays, hops[from] + 1};
  }

  void walk(std::uint32_t at, std::uint32_t to, const std::vector<std::int64_t>& hops, std::int64_t so_far, std::vector<std::int64_t>& delays) {
    so_far += figure(plan_, plan_.part(plan_.network.group(DeviceId(at)).part).as<SwitchFacts>()->latency);
    if (at == to) delays.push_back(so_far);
    for (const auto& [next, delay] : neighbours_[at]) {
      if (hops[next] == hops[at] - 1) walk(next, to, hops, so_far + delay, delays);
    }
  }

  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> domain(std::uint32_t node) const {
    const auto& group = plan_.network.group(DeviceId(node));
    const auto nodes = static_cast<std::uint32_t>(4 / plan_.spec.nodes[group.nodes.index()].gpus);
    return {group.first.index(), (node - group.first.index()) / nodes};
  }
  [[nodiscard]] HallId hall(std::uint32_t node) const { return plan_.placement.racks[plan_.placement.devices[node].rack.index()].hall; }

  const Plan& plan_;
  std::vector<std::vector<std::pair<std::uint32_t, std::int64_t>>> neighbours_;
  std::vector<Port> ports_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<std::vector<std::int64_t>, std::int64_t>> known_;
};

/// The spec planned with a random length for every cable.
Plan shuffled(const std::string& spec, unsigned seed) {
  const auto first = sound_plan(spec, parts);
  std::mt19937 random(seed);
  std::string csv = "cable,length_m,status\n";
  std::string last;
  for (const auto& row : csv_rows(schedule_csv(first))) {
    if (row.front() == "cable" || row.front() == last) continue;
    last = row.front();
    csv += last + "," + std::to_string(1 + random() % 140) + "." + std::to_string(random() % 1000 + 1000).substr(1) + ",measured\n";
  }
  auto with = spec;
  with.insert(with.rfind('}'), R"(, "media": { "lengths": "m.csv" })");
  return sound_plan(with, parts, {{"m.csv", csv}});
}

/// Returns whether the pods or leaves of the plan differ.
bool check(const std::string& spec, unsigned seed, bool tiered) {
  INFO(spec);
  const auto plan = shuffled(spec, seed);
  Walker walker(plan, FabricId(0));
  auto walked = walker.run();
  const auto lines = measure_latency(plan, FabricId(0));
  REQUIRE(!lines.empty());
  CHECK(lines.front().kind == PairClass::same_domain);
  CHECK(lines.front().pairs == walker.domain_pairs);
  CHECK(lines.size() == walked.size() + 1);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto& line = lines[i];
    const bool one_hall = line.kind != PairClass::across_halls;
    auto& expected = walked[{one_hall, one_hall ? line.fewest_switches : 0}];
    INFO(to_text(line.kind) << " over " << line.fewest_switches);
    CHECK((line.kind == PairClass::hops) == (!tiered && line.fewest_switches > 1 && one_hall));
    REQUIRE(line.pairs == static_cast<std::int64_t>(expected.means.size()));
    CHECK(line.least->count() == expected.least);
    CHECK(line.most->count() == expected.most);
    std::int64_t sum = 0;
    for (const auto mean : expected.means) sum += mean;
    CHECK(std::abs(line.mean->count() - sum / line.pairs / 1'000) <= 1);
    std::sort(expected.means.begin(), expected.means.end());
    const auto rank = (expected.means.size() * 99 + 99) / 100;
    const auto p99 = expected.means[rank - 1] / 1'000;
    // Elsewhere it is counted by whole nanoseconds.
    CHECK(line.p99->count() >= p99 - 1);
    CHECK(line.p99->count() <= p99 + (tiered ? 1 : 1'000));
    const auto& terms = line.terms;
    CHECK(std::abs((terms.nics + terms.switches + terms.modules + terms.cables).count() - line.mean->count()) <= 2);
    CHECK(std::abs(terms.nics.count() - 1'223'000) <= 1);
    CHECK(terms.switches.count() >= line.fewest_switches * 333'000);
  }
  return plan.network.fabrics[0].uneven;
}

std::string spec(const std::string& node, std::int64_t count, const std::string& fabric, const std::string& more = {}) {
  return R"({"name":"x","nodes":[{"group":"n","model":")" + node + R"(","count":)" + std::to_string(count) +
         R"(,"nodes_per_rack":3}],"fabrics":[{"name":"f",)" + fabric + "}]" + more + "}";
}

} // namespace

TEST_CASE("latency in tiers of switches is what all paths walked one by one give", "[latency]") {
  unsigned seed = 0;
  for (const auto* fabric :
       {R"("topology":"single-switch","leaf":"test-8")", R"("topology":"fat-tree","leaf":"test-4")", R"("topology":"fat-tree","leaf":"test-8")",
        R"("topology":"fat-tree","leaf":"test-4","spine":"test-8")", R"("topology":"fat-tree","leaf":"test-8","tiers":3)",
        R"("topology":"fat-tree","leaf":"test-8","spine":"test-4","tiers":3)", R"("topology":"fat-tree","leaf":"test-8","oversubscription":3)"}) {
    for (const std::int64_t count : {3, 6, 8}) check(spec("test-node-1", count, fabric), ++seed, true);
  }
  for (const std::int64_t count : {11, 16, 23, 30})
    check(spec("test-node-1", count, R"("topology":"fat-tree","leaf":"test-8","spine":"test-8")"), ++seed, true);
  for (const std::int64_t count : {9, 14, 15, 16})
    check(spec("test-node-1", count, R"("topology":"fat-tree","leaf":"test-4","tiers":3)"), ++seed, true);
  bool uneven = false;
  for (const std::int64_t count : {17, 33, 43, 56}) {
    if (check(spec("test-node-1", count, R"("topology":"fat-tree","leaf":"test-8","tiers":3)"), ++seed, true)) uneven = true;
  }
  CHECK(uneven);
}

TEST_CASE("latency over rails, planes and halls is what all paths walked one by one give", "[latency]") {
  unsigned seed = 100;
  for (const std::int64_t count : {5, 12, 15}) {
    check(spec("test-node-2", count, R"("topology":"rail-optimized","leaf":"test-8")"), ++seed, true);
    check(spec("test-node-2", count, R"("topology":"fat-tree","leaf":"test-8","planes":2)"), ++seed, true);
    check(spec("test-node-2", count, R"("topology":"rail-only","leaf":"test-8")"), ++seed, true);
    check(spec("test-node-2", count, R"("topology":"fat-tree","leaf":"test-8","tiers":3)"), ++seed, true);
  }
}

TEST_CASE("latency across halls is what all paths walked one by one give", "[latency]") {
  unsigned seed = 200;
  for (const auto* fabric :
       {R"("topology":"single-switch","leaf":"test-8")", R"("topology":"fat-tree","leaf":"test-8")",
        R"("topology":"fat-tree","leaf":"test-8","tiers":3)", R"("topology":{"kind":"torus","dims":[2,3],"p":3},"leaf":"test-8")"}) {
    const std::int64_t count = std::string(fabric).find("single") != std::string::npos ? 4 : 7;
    const auto text = R"({"name":"x","nodes":[{"group":"a","model":"test-node-1","count":)" + std::to_string(count) +
                      R"(,"hall":"A"},{"group":"b","model":"test-node-1","count":)" + std::to_string(count) +
                      R"(,"hall":"B"}],"fabrics":[{"name":"f",)" + fabric +
                      R"(}],"floor":{"halls":[{"name":"A"},{"name":"B"}],"ducts":[{"from":"A","to":"B","length_m":50}]}})";
    check(text, ++seed, std::string(fabric).find("torus") == std::string::npos);
  }
}

TEST_CASE("latency in other networks is what all paths walked one by one give", "[latency]") {
  unsigned seed = 300;
  for (const std::int64_t count : {7, 12}) {
    check(spec("test-node-1", count, R"("topology":{"kind":"torus","dims":[3,4],"p":1},"leaf":"test-8")"), ++seed, false);
    check(spec("test-node-1", count, R"("topology":{"kind":"dragonfly","a":4,"p":2,"h":2,"g":3},"leaf":"test-8")"), ++seed, false);
    check(spec("test-node-1", count, R"("topology":{"kind":"dragonfly+","l":2,"s":2,"p":2,"h":2,"g":3},"leaf":"test-8")"), ++seed, false);
    check(spec("test-node-1", count, R"("topology":{"kind":"slim-fly","q":3,"p":1},"leaf":"test-8")"), ++seed, false);
  }
  check(spec("test-node-2", 5, R"("topology":{"kind":"collapsed-core","isl":3},"leaf":"test-8")"), ++seed, false);
}
