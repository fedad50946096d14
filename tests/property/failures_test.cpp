// SPDX-License-Identifier: Apache-2.0
// The worst failures of small plans of every family, against all failures tried one by one.
#include "icplan/analysis/failures.hpp"
#include "icplan/analysis/traffic.hpp"
#include "support/catch.hpp"
#include "support/clos_subjects.hpp"
#include "support/failure_form.hpp"
#include "support/plans.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <tuple>

using namespace icplan;
using namespace icplan::test;

namespace {

std::int64_t millionths(double share) { return std::llround(share * 1e6); }

auto rank(const Felt& felt) { return std::tuple(-felt.cut_off, millionths(felt.node), -felt.affected, millionths(felt.nic)); }

/// Returns how many failures were tried.
std::size_t check_fabric(const Plan& plan, const FabricFailures& claimed) {
  const FailureForm form(plan, claimed.fabric);
  const auto all = form.failures();
  REQUIRE(claimed.worst.size() == all.size());
  std::size_t tried = 0;
  for (const auto& worst : claimed.worst) {
    const auto kind = worst.failure.kind;
    INFO(to_text(kind) << " of tier " << worst.tier << ": " << failure_name(plan, worst.failure));
    const auto found = all.find({kind, worst.switches_of.index(), worst.tier});
    REQUIRE(found != all.end());
    CHECK(worst.cases == static_cast<std::int64_t>(found->second.size()));
    std::optional<Felt> most;
    const Tried* first = nullptr;
    for (const auto& one : found->second) {
      const auto felt = form.feel(one.gone);
      ++tried;
      if (most && !(rank(felt) < rank(*most))) continue;
      most = felt;
      first = &one;
    }
    REQUIRE(most);
    CHECK(worst.outcome.cut_off == most->cut_off);
    CHECK(worst.outcome.affected == most->affected);
    CHECK(worst.outcome.lost == most->lost);
    CHECK(std::abs(static_cast<double>(worst.outcome.node.count()) * 1e-6 - most->node) < 6e-7);
    CHECK(std::abs(static_cast<double>(worst.outcome.nic.count()) * 1e-6 - most->nic) < 6e-7);
    CHECK(failure_name(plan, worst.failure) == failure_name(plan, first->failure));
  }
  return tried;
}

std::size_t check_plan_failures(const Plan& plan) {
  std::size_t tried = 0;
  const auto all = measure_failures(plan);
  REQUIRE(all.size() == plan.spec.fabrics.size());
  for (const auto& fabric : all) {
    INFO(plan.spec.name << " " << plan.fabric_name(fabric.fabric));
    tried += check_fabric(plan, fabric);
  }
  return tried;
}

std::string named(const std::string& name, const std::string& nodes, const std::string& fabrics, const std::string& more = {}) {
  return R"({"name":")" + name + R"(","nodes":[)" + nodes + R"(],"fabrics":[)" + fabrics + "]" + more + "}";
}

constexpr auto h100 = R"({"model":"nvidia-dgx-h100","count":)";

} // namespace

TEST_CASE("worst failures of Clos networks are those that trying all of them finds", "[failures]") {
  std::size_t plans = 0;
  std::size_t tried = 0;
  for (const auto& subject : small_subjects({6, 9, 16})) {
    const auto spec = spec_of(subject);
    const auto planned = plan_spec(spec, small_parts());
    if (!planned.plan) continue;
    // A third of them, spread over the families: enough of each, and fast.
    if (++plans % 3 != 0) continue;
    INFO(spec);
    tried += check_plan_failures(*planned.plan);
  }
  CHECK(plans > 150);
  CHECK(tried > 10'000);
}

TEST_CASE("worst failures of every other family are those that trying all of them finds", "[failures]") {
  const std::string nodes = h100;
  const std::string leaf = R"("leaf":"nvidia-qm9700"})";
  const auto fabric = [&](const std::string& topology) { return R"({"topology":)" + topology + "," + leaf; };
  for (const auto& spec : {
           named("single", nodes + "3}", fabric(R"("single-switch")")),
           named("collapsed", nodes + "4}", fabric(R"({"kind":"collapsed-core","isl":6})")),
           named("collapsed-one", nodes + "4}", fabric(R"({"kind":"collapsed-core","isl":1})")),
           named("rail-only", nodes + "20}", fabric(R"("rail-only")")),
           named("multi-plane", nodes + "20}", fabric(R"("multi-plane")")),
           named("dual-tor", R"({"model":"nvidia-dgx-h100","count":12,"unit":6,"nics":[{"ports":"compute","model":"nvidia-bf3-b3220","count":8}]})",
                 R"({"topology":{"kind":"dual-tor","backup":8},"leaf":"nvidia-sn5600","port_speed_gbps":200})"),
           named("dragonfly", nodes + "9}", fabric(R"({"kind":"dragonfly","a":4,"p":2,"h":2})")),
           named("dragonfly-part", nodes + "5}", fabric(R"({"kind":"dragonfly","a":3,"p":4,"h":1})")),
           named("dragonfly+", nodes + "5}", fabric(R"({"kind":"dragonfly+","l":2,"s":2,"p":4,"h":2,"g":5})")),
           named("slim-fly", nodes + "8}", fabric(R"({"kind":"slim-fly","q":3,"p":4})")),
           named("torus", nodes + "12}", fabric(R"({"kind":"torus","dims":[4,3],"p":8})")),
           named("ring", nodes + "5}", fabric(R"({"kind":"torus","dims":[5,2],"p":8})")),
           named("top-of-rack", R"({"model":"nvidia-dgx-h100","count":8,"nodes_per_rack":2})", fabric(R"("fat-tree","tiers":2)"),
                 R"(,"floor":{"switches":"top-of-rack"})"),
           named("slots", R"({"model":"nvidia-dgx-h100","count":12,"unit":6,"nics":[{"ports":"compute","model":"nvidia-bf3-b3220","count":8,"pcie":"gen4x16"}]})",
                 R"({"topology":"rail-optimized","planes":2,"leaf":"nvidia-sn5600","port_speed_gbps":200})"),
           named("access", nodes + "20}",
                 R"({"name":"in-band","topology":"fat-tree","leaf":"nvidia-sn5600"},{"name":"oob","topology":"access","leaf":"nvidia-sn2201","uplink_to":"in-band",
                     "attach":[{"group":"gpu","ports":"bmc"},{"devices":"switches"}]})"),
           named("access-apart", nodes + "60}", R"({"name":"oob","topology":"access","leaf":"nvidia-sn2201","attach":[{"group":"gpu","ports":"bmc"}]})"),
       }) {
    INFO(spec);
    CHECK(check_plan_failures(sound_plan(spec)) > 10);
  }
}

TEST_CASE("worst failures of shared switches and of listed links are those that trying all of them finds", "[failures]") {
  CHECK(check_plan_failures(sound_plan(read_source("examples/collapsed-core-pair/cluster.json"))) > 100);
  CHECK(check_plan_failures(sound_plan(read_source("examples/explicit/cluster.json"), {}, {{"links.csv", read_source("examples/explicit/links.csv")}})) > 50);
}

TEST_CASE("traffic keeps at least the share that a lost spine or uplink leaves a NIC", "[failures]") {
  const auto plan = sound_plan(named("rails", std::string(h100) + R"(64,"unit":32})", R"({"topology":"rail-optimized","leaf":"nvidia-qm9700"})"));
  const FailureForm form(plan, FabricId(0));
  const auto rates = [&](const Removal& removal) { return measure_patterns(plan, FabricId(0), removal, {"rail", "half-shift"}); };
  const auto rate = [](const FabricPatterns& patterns, std::string_view pattern) { return patterns.best(pattern)->gbps_per_gpu; };
  const auto healthy = rates({});
  REQUIRE(rate(healthy, "half-shift").exact);
  const auto first = std::find_if(plan.network.link_groups.begin(), plan.network.link_groups.end(), [](const LinkGroup& group) { return group.from_tier == 1; });
  REQUIRE(first != plan.network.link_groups.end());
  const auto spine = plan.network.links[first->first].to;
  for (const auto& removal : {Removal{{first->first}, {}}, Removal{{}, {spine}}}) {
    Gone gone;
    gone.links.insert(removal.links.begin(), removal.links.end());
    for (const auto device : removal.devices) gone.devices.insert(device.index());
    const auto share = form.feel(gone).nic;
    CHECK(share < 1);
    const auto left = rates(removal);
    // Each node sends to one of the other unit: all of it goes up, and a share speaks of that. Bounds are a thousandth apart at most.
    CHECK(rate(left, "half-shift").lower >= share * rate(healthy, "half-shift").upper * (1 - 1e-3));
    CHECK(rate(left, "half-shift").upper <= share * rate(healthy, "half-shift").lower * (1 + 1e-3));
    // Half of all-to-all traffic stays below the leaves.
    CHECK(rate(left, "rail").lower >= share * rate(healthy, "rail").upper * (1 - 1e-3));
  }
}
