// SPDX-License-Identifier: Apache-2.0
// Rail-optimised: NIC i of every node of a scalable unit lands on leaf i of that unit, so that traffic along a rail stays on one switch.
// The scalable units of NVIDIA's DGX SuperPOD reference architectures.
#include "clos.hpp"

#include <algorithm>
#include <numeric>

namespace icplan {

void build_rail_optimized(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  std::vector<LeafKind> kinds;
  std::int64_t leaves = 0;
  for (const auto& endpoints : request.endpoints) {
    const auto ports = endpoints.ports_per_node();
    // Guests of the fabric have no rails.
    if (endpoints.kind != EndpointKind::devices || endpoints.fabric != request.id || !endpoints.nodes.valid()) {
      kinds.push_back(spread_kind(endpoints, std::gcd(endpoints.default_homing, ports)));
      leaves += kinds.back().columns;
      continue;
    }
    const auto& nics = endpoints.nics.front();
    const auto nic_count = *std::max_element(nics.begin(), nics.end()) + 1;
    const auto rails = request.fabric.rails.value_or(nic_count);
    if (nic_count % rails != 0 || ports % rails != 0) {
      sink.report(Code::rails_do_not_divide, request.fabric.origin.of("rails"),
                  request.title() + " has " + std::to_string(rails) + " rails, but a `" + endpoints.name + "` node has " + std::to_string(nic_count) +
                      " NICs with " + std::to_string(ports) + " ports in a plane",
                  "use a number of `rails` that divides both, or leave it out");
      return;
    }
    LeafKind kind;
    kind.endpoints = &endpoints;
    kind.columns = rails;
    kind.ports_per_column = ports / rails;
    for (const auto& plane : endpoints.nics) {
      auto& columns = kind.column_of_port.emplace_back();
      for (const auto nic : plane) columns.push_back(nic % rails);
    }
    leaves += rails;
    kinds.push_back(std::move(kind));
  }
  if (leaves == 1 && request.fabric.tiers.value_or(1) == 1 && fits_one_switch(request)) {
    build_single_switch(request, builder, layout, sink);
    return;
  }
  if (request.fabric.tiers == 1) {
    sink.report(Code::tiers_too_few, request.fabric.origin.of("tiers"),
                request.title() + " is rail-optimized with several leaves, which one tier cannot join", "use 2 or 3 `tiers`, or leave it out");
    return;
  }
  warn_unused(request, {"homing"}, "rails decide the leaf of each NIC", sink);
  if (const auto size = size_clos(request, std::move(kinds), sink)) build_clos(request, *size, -1, builder, layout, sink);
}

} // namespace icplan
