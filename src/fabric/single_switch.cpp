// SPDX-License-Identifier: Apache-2.0
// Single switch: every endpoint of a plane on one switch.
#include "flat_tier.hpp"

#include "icplan/base/text.hpp"

namespace icplan {
namespace {

FlatTier one_switch(const FabricRequest& request) { return {request, 1, {}, 0}; }

} // namespace

bool fits_one_switch(const FabricRequest& request, bool with_reserved) { return one_switch(request).fits(with_reserved); }

void build_single_switch(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  if (request.fabric.tiers.value_or(1) != 1) {
    sink.report(Code::conflicting_values, request.fabric.origin.of("tiers"),
                request.title() + " is a single switch, which has one tier, but `tiers` is " + std::to_string(*request.fabric.tiers),
                "leave `tiers` out, or use topology `fat-tree`");
    return;
  }
  const auto tier = one_switch(request);
  if (!tier.fits()) {
    refuse_flat_tier(request, one_switch, "one `" + request.model(0).id + "`", "use topology `fat-tree` with 2 `tiers`", sink);
    return;
  }
  warn_unused(request, {"spine", "core", "homing", "pod_units", "uplinks", "uplink_gbps", "oversubscription"}, "one switch holds all endpoints",
              sink);
  if (request.fabric.topology == Topology::single_switch) warn_unused(request, {"rails"}, "one switch holds all endpoints", sink);
  tier.build(-1, builder, layout, sink);
  layout.reasons.push_back(counted(request.fabric.planes, "switch", "switches") + ": all " + grouped(tier.most_ports()) +
                           " node ports of a plane fit the " + grouped(request.endpoints.front().down.ports()) + " ports of one `" +
                           request.model(0).id + "`");
}

} // namespace icplan
