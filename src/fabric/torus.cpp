// SPDX-License-Identifier: Apache-2.0
// Torus: routers on a 2- or 3-dimensional grid, joined to their neighbours, with wrap links; none doubled where a dimension has length 2.
// Dally, Towles, "Principles and Practices of Interconnection Networks", 2004: k-ary n-cubes.
#include "direct.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <array>

namespace icplan {
namespace {

constexpr std::array<LinkKind, 3> kinds = {LinkKind::x, LinkKind::y, LinkKind::z};

/// Ports of a router along a dimension: none, one, or one each way.
std::int64_t ports_along(std::int64_t length) { return length == 1 ? 0 : length == 2 ? 1 : 2; }

std::vector<RouterLink> join(const std::vector<std::int64_t>& lengths, std::int64_t routers) {
  std::vector<RouterLink> links;
  std::int64_t stride = 1;
  std::int64_t port = 0;
  for (std::size_t d = 0; d < lengths.size(); ++d) {
    const auto length = lengths[d];
    for (std::int64_t from = 0; from < routers && length > 1; ++from) {
      const auto at = from / stride % length;
      if (length == 2 && at == 1) continue;
      const auto to = from + ((at + 1) % length - at) * stride;
      links.push_back({kinds[d], from, port, to, length == 2 ? port : port + 1});
    }
    port += ports_along(length);
    stride *= length;
  }
  return links;
}

} // namespace

void build_torus(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  const auto& stated = request.fabric.options;
  if (stated.dimensions.empty()) {
    sink.report(Code::missing_key, stated.origin.whole, request.title() + " is a torus, but does not state its `dims`",
                "for example { \"kind\": \"torus\", \"dims\": [8, 8, 8] }");
    return;
  }
  const auto demand = router_demand(request, 0, sink);
  if (!demand) return;
  RouterPlan plan;
  plan.routers = 1;
  std::string product;
  for (const auto length : stated.dimensions) {
    plan.routers *= length;
    plan.ports.peers += ports_along(length);
    product += (product.empty() ? "" : " x ") + grouped(length);
  }
  plan.ports.endpoints = stated.endpoints.value_or(demand->ports_per_node);
  const auto sum = "p + neighbours = " + grouped(plan.ports.endpoints) + " + " + grouped(plan.ports.peers);
  if (!router_fits(request, plan.ports, sum, sink)) return;
  const auto most = plan.routers * plan.ports.endpoints;
  if (demand->endpoints > most) {
    refuse_routers(request, most, product + " routers with p = " + grouped(plan.ports.endpoints) + " hold " + grouped(most) + " endpoints",
                   "use longer `dims`, or more `p`", sink);
    return;
  }
  if (!links_fit(request, plan.routers * plan.ports.peers / 2, builder, sink)) return;
  plan.links = join(stated.dimensions, plan.routers);
  plan.shape.endpoints = plan.ports.endpoints;
  plan.shape.dimensions = stated.dimensions;
  plan.routers_reason = product + ", for " + grouped(demand->endpoints) + " endpoints of at most " + grouped(most);
  plan.ports_reason = sum;
  build_routers(request, plan, builder, layout, sink);
}

} // namespace icplan
