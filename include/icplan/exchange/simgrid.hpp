// SPDX-License-Identifier: Apache-2.0
// Plans as platforms of SimGrid, a flow-level network simulator (simgrid.org).
#pragma once

#include "icplan/report/report.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace icplan {

/// A platform lists the way from every host to every other one, so it grows with their square.
inline constexpr std::size_t most_simgrid_hosts = 512;

struct SimgridOptions {
  FabricId fabric;
  /// Links that have failed: indices into `Network::links`, ascending.
  std::vector<std::uint32_t> without;
};

/// The node ports of the fabric that become hosts.
[[nodiscard]] std::size_t count_simgrid_hosts(const Plan& plan, FabricId fabric);

/// Writes the platform (DTD version 4.1): a host for every node port of the fabric, named like the cable that leaves it ("gpu-0001/compute-1.1"); a
/// full-duplex link for every link of the plan, without latency, at its rate or the port's share of the NIC's slot, and for the port's share of its
/// GPUs' scale-up links
/// ("gpu-0001/compute-1.1/scale-up"); a route for every ordered pair. Between ports of one scale-up domain it takes the scale-up links where their
/// rate is known, else the network; else it takes a shortest way through the switches, which of them by the number of the destination, so that equal
/// traffic to all spreads evenly. Where the network does not join two ports (other rails, other planes), a scale-up hop leads to a port of the
/// sender's domain that it does join. Pairs without any way have no route; what is left out is in a comment. Shape: at most `most_simgrid_hosts`
/// hosts.
void write_simgrid_platform(const Plan& plan, const SimgridOptions& options, const TextSink& sink);

} // namespace icplan
