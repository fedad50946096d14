// SPDX-License-Identifier: Apache-2.0
// The switches and GPU ports of one fabric, with the delay of everything between them.
#pragma once

#include "icplan/analysis/latency.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace icplan {

/// Delays are added up in femtoseconds, so that means of them are good for a picosecond.
using Femtoseconds = std::int64_t;
inline constexpr Femtoseconds femtoseconds = 1'000;

// Sums over all pairs of a large cluster leave 64 bits.
__extension__ typedef __int128 WideSum;

/// sum / count to the nearest. Shape: sum >= 0, count > 0.
[[nodiscard]] inline std::int64_t rounded_quotient(WideSum sum, WideSum count) { return static_cast<std::int64_t>((sum + count / 2) / count); }

/// Which of the terms of a path count.
struct TermMask {
  bool nics = true;
  bool switches = true;
  bool modules = true;
  bool cables = true;
};

/// All links between two switches.
struct DelayEdge {
  std::uint32_t lower = 0;
  std::uint32_t upper = 0;
  std::int64_t links = 0;
  std::int64_t least = 0;
  std::int64_t most = 0;
  /// Over all of them, in picoseconds.
  std::int64_t sum = 0;

  [[nodiscard]] Femtoseconds mean() const { return rounded_quotient(WideSum{sum} * femtoseconds, links); }
};

/// A port of a node with GPUs.
struct DelayPort {
  std::uint32_t leaf = 0;
  /// Scale-up domains, numbered over all groups.
  std::uint32_t domain = 0;
  std::uint32_t hall = 0;
  /// Of the NIC and the link to the leaf, in picoseconds.
  std::int64_t delay = 0;
};

struct DelayGraph {
  /// By vertex, in device order: tier (1 = leaf) and port-to-port delay in picoseconds.
  std::vector<std::int64_t> tiers;
  std::vector<std::int64_t> delay;
  /// By lower, then upper vertex.
  std::vector<DelayEdge> edges;
  /// By leaf.
  std::vector<DelayPort> ports;
  std::uint32_t domains = 0;
  std::uint32_t halls = 1;
  /// Whether every edge goes up one tier.
  bool tiered = true;
  /// By tier of the lower end, 0 for the links of nodes: modules or plugs without a figure that a link has at most.
  std::vector<std::int64_t> missing_links;
  /// By tier: 1 where a switch of it has no figure.
  std::vector<std::int64_t> missing_switches;
  std::int64_t missing_nics = 0;
  /// The delay that all NICs, all switches have, 0 where none has a figure; absent where they differ.
  std::optional<std::int64_t> nic_delay;
  std::optional<std::int64_t> switch_delay;
  bool known_modules = false;
  std::vector<MissingFigure> missing;
  bool default_fibre = false;
  bool default_copper = false;
};

/// O(links log links).
[[nodiscard]] DelayGraph delay_graph(const Plan& plan, FabricId fabric, TermMask mask);

/// The classes of a network of tiers whose leaves all have as many links to one upper switch of their pod as to another; nothing for any other. With
/// `means_only`, neither extremes nor percentiles nor what is missing.
[[nodiscard]] std::optional<std::vector<LatencyClass>> measure_by_tier(const DelayGraph& graph, bool means_only);

/// The classes of any network, by searches from every `stride`-th switch with ports; the stride follows from the size.
[[nodiscard]] std::vector<LatencyClass> measure_by_hops(const DelayGraph& graph, bool means_only, std::int64_t& stride);

} // namespace icplan
