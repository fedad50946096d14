// SPDX-License-Identifier: Apache-2.0
// Fat tree: nodes fill leaves one after the other; a node is spread over `homing` leaves.
// Leiserson (1985); counts as in Al-Fares et al. (2008): k^2/2 endpoints in two tiers, k^3/4 in three.
#include "clos.hpp"

#include <numeric>

namespace icplan {

void build_fat_tree(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  warn_unused(request, {"rails"}, "a fat tree has no rails", sink);
  std::vector<LeafKind> kinds;
  bool spread = false;
  for (const auto& endpoints : request.endpoints) {
    const auto ports = endpoints.ports_per_node();
    const bool guest = endpoints.kind != EndpointKind::devices;
    const auto homing = guest ? std::gcd(endpoints.default_homing, ports) : request.fabric.homing.value_or(std::min(endpoints.default_homing, ports));
    if (ports % homing != 0) {
      sink.report(Code::rails_do_not_divide, request.fabric.origin.of("homing"),
                  request.title() + " spreads a node over " + std::to_string(homing) + " leaves, but a `" + endpoints.name + "` node has " +
                      std::to_string(ports) + " ports in a plane",
                  "use a `homing` that divides the ports");
      return;
    }
    spread = spread || homing > 1;
    kinds.push_back(spread_kind(endpoints, homing));
  }
  const auto tiers = request.fabric.tiers;
  if (tiers == 1 || (!tiers && !spread && fits_one_switch(request))) {
    build_single_switch(request, builder, layout, sink);
    return;
  }
  if (const auto size = size_clos(request, std::move(kinds), sink)) build_clos(request, *size, -1, builder, layout, sink);
}

} // namespace icplan
