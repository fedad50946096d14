// SPDX-License-Identifier: Apache-2.0
// Dragonfly: groups of `a` routers, each router joined to all others of its group, with `p` endpoints and `h` global ports; all global ports of a
// group are wired to the other groups. Kim, Dally, Scott, Abts, "Technology-Driven, Highly-Scalable Dragonfly Topology", ISCA 2008.
#include "direct.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

struct Size {
  std::int64_t a = 0;
  std::int64_t p = 0;
  std::int64_t h = 0;
  std::int64_t g = 0;
};

/// What is not stated: the balanced a = 2p = 2h of the largest router that the model makes, and the fewest groups that hold the endpoints; all
/// a x h + 1 groups when a, p and h are stated.
Size choose(const TopologyOptions& stated, const RouterDemand& demand) {
  Size size;
  const auto quarter = std::max<std::int64_t>((demand.radix + 1) / 4, 1);
  size.h = stated.global_ports.value_or(stated.routers ? divide_up(*stated.routers, 2) : stated.endpoints.value_or(quarter));
  size.p = stated.endpoints.value_or(std::max<std::int64_t>(size.h, 1));
  size.a = stated.routers.value_or(std::max<std::int64_t>(2 * size.h, 1));
  const auto most = size.a * size.h + 1;
  const bool all_stated = stated.routers && stated.endpoints && stated.global_ports;
  const auto needed = std::min(divide_up(demand.endpoints, size.a * size.p), most);
  size.g = stated.groups.value_or(all_stated ? most : needed);
  return size;
}

std::vector<RouterLink> join(const Size& size, std::int64_t first_global, const GroupPorts& between) {
  std::vector<RouterLink> links;
  for (std::int64_t group = 0; group < size.g; ++group) {
    const auto first = group * size.a;
    for (std::int64_t i = 0; i < size.a; ++i) {
      for (auto j = i + 1; j < size.a; ++j) links.push_back({LinkKind::local, first + i, j - 1, first + j, i});
    }
  }
  for (const auto& link : between.links()) {
    links.push_back({LinkKind::global, link.from_group * size.a + link.from_port / size.h, first_global + link.from_port % size.h,
                     link.to_group * size.a + link.to_port / size.h, first_global + link.to_port % size.h});
  }
  return links;
}

} // namespace

void build_dragonfly(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  const auto demand = router_demand(request, 0, sink);
  if (!demand) return;
  const auto size = choose(request.fabric.options, *demand);
  const auto most = size.a * size.h + 1;
  const auto sum = "p + (a - 1) + h = " + grouped(size.p) + " + " + grouped(size.a - 1) + " + " + grouped(size.h);
  if (!router_fits(request, {size.p, size.a - 1 + size.h}, sum, sink)) return;
  if (size.g > most) {
    sink.report(Code::fabric_too_large, request.fabric.options.origin.of("g"),
                request.title() + " has " + grouped(size.g) + " groups, but the " + grouped(most - 1) + " global ports of a group (a x h) reach " +
                    grouped(most - 1) + " others; the largest that fits is " + grouped(most) + " groups",
                "use more `h` or `a`, or at most " + grouped(most) + " for `g`");
    return;
  }
  const auto endpoints = size.a * size.p * size.g;
  if (demand->endpoints > endpoints) {
    const bool at_limit = size.g == most;
    refuse_routers(request, endpoints,
                   counted(size.g, "group", "groups") + " of a = " + grouped(size.a) + " routers with p = " + grouped(size.p) + " hold " +
                       grouped(endpoints) + " endpoints",
                   at_limit ? "use more `p`, `a` or `h`, switches with more ports" : "use more `g`, up to " + grouped(most) + ", more `p`", sink);
    return;
  }
  if (!links_fit(request, size.g * (size.a * (size.a - 1) + size.a * size.h) / 2, builder, sink)) return;
  // Parallel links to a group fill whole cages where the global ports of a router are whole cages.
  const auto run = size.h % demand->cage_ports == 0 ? demand->cage_ports : 1;
  auto first_global = size.a - 1;
  if (run > 1 && size.p + round_up(first_global, run) + size.h <= demand->radix) first_global = round_up(first_global, run);
  const GroupPorts between(size.g, size.a * size.h, run);
  RouterPlan plan;
  plan.routers = size.a * size.g;
  plan.ports = {size.p, first_global + size.h};
  plan.links = join(size, first_global, between);
  plan.shape = {size.a, 0, size.g, size.p, size.h, {}};
  plan.routers_reason = counted(size.g, "group", "groups") + " x a = " + grouped(size.a) + ", for " + grouped(demand->endpoints) +
                        " endpoints of at most " + grouped(endpoints) + " (a x p x g); a x h + 1 = " + grouped(most) + " groups are the most";
  plan.ports_reason = sum + (first_global > size.a - 1 ? ", and " + grouped(first_global - size.a + 1) + " left free before the global ones" : "");
  build_routers(request, plan, builder, layout, sink);
  if (size.g == 1) return;
  layout.reasons.push_back(
      counted(between.per_pair(), "global link", "global links") + " between two groups: a x h / (g - 1) = " + grouped(size.a * size.h) + " / " +
      grouped(std::max<std::int64_t>(size.g - 1, 1)) +
      (between.extra_distances() > 0 ? ", and one more to the " + grouped(between.extra_distances()) + " nearest on either side" : "") +
      (between.free_ports() > 0 ? "; " + counted(between.free_ports(), "port", "ports") + " of each group stay free" : ""));
}

} // namespace icplan
