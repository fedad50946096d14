// SPDX-License-Identifier: Apache-2.0
// Adds fabrics to their hosts.
#include "host_bandwidth.hpp"

#include "icplan/analysis/analysis.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// A sum with an unknown figure in it is not known.
std::optional<Mbps> sum_of(const std::optional<Mbps>& a, const std::optional<Mbps>& b) { return a && b ? std::optional(*a + *b) : std::nullopt; }

} // namespace

std::vector<HostBandwidth> measure_host_bandwidth(const Plan& plan) {
  const auto& fabrics = plan.network.fabrics;
  const auto bandwidth = measure_bandwidth(plan);
  std::vector<HostBandwidth> hosts;
  for (std::uint32_t f = 0; f < fabrics.size(); ++f) {
    if (fabrics[f].host != FabricId(f)) continue;
    HostBandwidth host{FabricId(f), Mbps(0), Mbps(0)};
    for (std::uint32_t guest = 0; guest < fabrics.size(); ++guest) {
      if (fabrics[guest].host != FabricId(f)) continue;
      host.injection += bandwidth[guest].injection;
      host.bisection_full = sum_of(host.bisection_full, bandwidth[guest].bisection_full);
    }
    // Guests share the host's uplinks.
    for (const auto& tier : fabrics[f].tiers) {
      if (host.bisection_full && tier.oversubscription) host.bisection_full = std::min(*host.bisection_full, tier.uplink_capacity);
    }
    hosts.push_back(host);
  }
  return hosts;
}

HostBandwidth add_up(const std::vector<HostBandwidth>& hosts) {
  HostBandwidth all{FabricId(), Mbps(0), Mbps(0)};
  for (const auto& host : hosts) {
    all.injection += host.injection;
    all.bisection_full = sum_of(all.bisection_full, host.bisection_full);
  }
  return all;
}

} // namespace icplan
