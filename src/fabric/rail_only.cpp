// SPDX-License-Identifier: Apache-2.0
// Rail-only: every rail is a network of its own, with as many tiers as it needs; traffic between rails goes through the scale-up domain.
// Wang et al., "Rail-only: A Low-Cost High-Performance Network for Training LLMs with Trillion Parameters", arXiv 2307.12169.
#include "clos.hpp"
#include "flat_tier.hpp"

#include "icplan/base/text.hpp"
#include "spec/node_gpus.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::int64_t nics_of(const Endpoints& endpoints) { return endpoints.nics.front().back() + 1; }

/// GPUs of the scale-up domain times the NICs of a GPU: the rails that NICs of one domain can tell apart.
std::int64_t rails_of_domain(const FabricRequest& request, const Endpoints& endpoints) {
  const auto nics = nics_of(endpoints);
  return nics * nodes_per_domain(request.catalog, request.spec.nodes[endpoints.nodes.index()]);
}

/// The ports of one rail. A domain of several nodes gives each of them its own rails: node n of a domain has rails n x NICs onwards.
Endpoints endpoints_of_rail(const Endpoints& all, std::int64_t rails, std::int64_t rail) {
  const auto nics = nics_of(all);
  const auto domain = std::max<std::int64_t>(rails / nics, 1);
  const auto member = rail / nics;
  auto one = all;
  one.asked = all.planned;
  if (domain > 1) {
    one.first = all.device(member);
    one.stride = all.stride * static_cast<std::uint32_t>(domain);
    one.count = all.count > member ? divide_up(all.count - member, domain) : 0;
    one.planned = divide_up(all.planned, domain);
    if (all.unit) one.unit = divide_up(*all.unit, domain);
  }
  for (std::size_t plane = 0; plane < all.ports.size(); ++plane) {
    one.ports[plane].clear();
    one.nics[plane].clear();
    for (std::size_t p = 0; p < all.ports[plane].size(); ++p) {
      const auto nic = all.nics[plane][p];
      if ((domain > 1 ? nic != rail % nics : nic % rails != rail)) continue;
      one.ports[plane].push_back(all.ports[plane][p]);
      one.nics[plane].push_back(0);
    }
  }
  return one;
}

/// The rails of the fabric, or nothing when a node group's NICs cannot be dealt over them.
std::optional<std::int64_t> count_rails(const FabricRequest& request, Sink& sink) {
  const auto rails = request.fabric.rails.value_or(rails_of_domain(request, request.endpoints.front()));
  for (const auto& endpoints : request.endpoints) {
    const auto nics = nics_of(endpoints);
    if (rails % nics == 0 || nics % rails == 0) continue;
    sink.report(Code::rails_do_not_divide, request.fabric.origin.of("rails"),
                request.title() + " has " + std::to_string(rails) + " rails, but a `" + endpoints.name + "` node has " + std::to_string(nics) +
                    " NICs in a plane",
                "use a multiple of the NICs (a scale-up domain of several nodes) or a divisor of them");
    return std::nullopt;
  }
  return rails;
}

FlatTier one_switch(const FabricRequest& request) { return {request, 1, {}, 0}; }

} // namespace

void build_rail_only(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  warn_unused(request, {"homing"}, "each rail joins one NIC of a domain", sink);
  for (const auto& endpoints : request.endpoints) {
    if (endpoints.kind == EndpointKind::devices && endpoints.nodes.valid() && endpoints.fabric == request.id) continue;
    sink.report(Code::conflicting_values, endpoints.origin,
                request.title() + " is rail-only: its rails are separate networks, so `" + endpoints.name + "` cannot join all nodes through it",
                "use another fabric for them");
    return;
  }
  const auto rails = count_rails(request, sink);
  if (!rails) return;
  auto first = request;
  first.rails = *rails;
  for (auto& endpoints : first.endpoints) endpoints = endpoints_of_rail(endpoints, *rails, 0);
  std::vector<LeafKind> kinds;
  for (const auto& endpoints : first.endpoints) kinds.push_back(spread_kind(endpoints, 1));
  const auto tiers = request.fabric.tiers;
  const bool flat = tiers == 1 || (!tiers && fits_one_switch(first));
  if (flat && !fits_one_switch(first)) {
    refuse_flat_tier(first, one_switch, "one `" + request.model(0).id + "` a rail", "use 2 `tiers`", sink);
    return;
  }
  const auto sized = flat ? std::nullopt : size_clos(first, std::move(kinds), sink);
  if (!flat && !sized) return;
  layout.rails = *rails;
  std::vector<LeafPorts> leaf_ports;
  for (std::int64_t rail = 0; rail < *rails; ++rail) {
    auto one = request;
    for (std::size_t e = 0; e < one.endpoints.size(); ++e) one.endpoints[e] = endpoints_of_rail(request.endpoints[e], *rails, rail);
    if (flat) {
      one_switch(one).build(rail, builder, layout, sink, &leaf_ports);
      continue;
    }
    auto size = *sized;
    for (std::size_t e = 0; e < size.kinds.size(); ++e) size.kinds[e].endpoints = &one.endpoints[e];
    build_clos(one, size, rail, builder, layout, sink, &leaf_ports);
    if (sink.has_errors()) return;
  }
  place_reserved(request, leaf_ports, layout, sink);
  if (flat) {
    warn_unused(request, {"spine", "core", "pod_units", "uplinks", "uplink_gbps", "oversubscription"}, "one switch holds a rail", sink);
    layout.reasons.push_back(counted(*rails * request.fabric.planes, "switch", "switches") + ": one for each rail" +
                             (request.fabric.planes > 1 ? " and plane" : ""));
  }
  layout.reasons.push_back(counted(*rails, "rail", "rails") + ", each a network of its own" +
                           (flat ? "" : "; all counts above are those of one rail"));
}

} // namespace icplan
