// SPDX-License-Identifier: Apache-2.0
// Collapsed core: a pair of switches that hold every endpoint, joined by inter-switch links. Rail r is on switch r mod 2, port i of a storage or
// in-band node on switch i. The pairs of NVIDIA's DGX BasePOD and Enterprise reference architectures.
#include "flat_tier.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// The speed of the inter-switch links: as stated, else that of the first endpoints.
Mbps peer_speed(const FabricRequest& request) { return request.fabric.uplink_speed.value_or(request.endpoints.front().speed); }

/// Inter-switch links of a pair: as stated, else as many as one switch has links to the nodes of the first attachment.
std::int64_t peer_links(const FabricRequest& request) {
  if (request.fabric.options.isl) return *request.fabric.options.isl;
  const auto& first = request.endpoints.front();
  return divide_up(first.planned * first.ports_per_node(), 2);
}

FlatTier pair_of_switches(const FabricRequest& request) {
  const auto ports = switch_ports(request.model(0), peer_speed(request), request.protocol, 1);
  return {request, 2, ports.value_or(SwitchPorts{}), ports ? peer_links(request) : 0};
}

} // namespace

void build_collapsed_core(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  if (!switch_ports(request.model(0), peer_speed(request), request.protocol, 1)) {
    sink.report(Code::no_common_speed, request.fabric.origin.of("uplink_gbps"),
                "`" + request.model(0).id + "` has no ports of " + decimal(peer_speed(request).count(), 3) + " Gb/s for its inter-switch links",
                "state an `uplink_gbps` that it has");
    return;
  }
  if (request.fabric.tiers.value_or(1) != 1) {
    sink.report(Code::conflicting_values, request.fabric.origin.of("tiers"),
                request.title() + " is a collapsed core, which has one tier, but `tiers` is " + std::to_string(*request.fabric.tiers),
                "leave `tiers` out, or use topology `fat-tree`");
    return;
  }
  const auto pair = pair_of_switches(request);
  const auto peers = peer_links(request);
  if (!pair.fits()) {
    refuse_flat_tier(request, pair_of_switches, "two `" + request.model(0).id + "` with " + counted(peers, "inter-switch link", "inter-switch links"),
                     "use topology `rail-optimized` or `fat-tree`, fewer `isl`", sink);
    return;
  }
  warn_unused(request, {"spine", "core", "homing", "pod_units", "uplinks", "oversubscription", "rails"}, "two switches hold all endpoints", sink);
  pair.build(-1, builder, layout, sink);
  layout.reasons.push_back(counted(request.fabric.planes * 2, "switch", "switches") + ": a pair holds all endpoints, at most " +
                           grouped(pair.most_ports()) + " ports on one of them");
  layout.reasons.push_back(
      counted(peers, "inter-switch link", "inter-switch links") + ": " +
      (request.fabric.options.isl ? "as stated" : "as many as one switch has links to `" + request.endpoints.front().name + "`"));
}

} // namespace icplan
