// SPDX-License-Identifier: Apache-2.0
// One-way latency between the GPU nodes' ports of a fabric, from switches, NICs, modules and cables of the plan's own links.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace icplan {

/// What icplan takes for a cable whose part states no figure of its own.
inline constexpr Picoseconds default_fibre_delay_per_metre{4'900};
inline constexpr Picoseconds default_copper_delay_per_metre{4'500};

/// What two ports have in common. `hops`: networks that are not tiers of switches, by the switches on the way. Ports of nodes that stand in different
/// halls are `across_halls`, whatever joins them.
enum class PairClass : std::uint8_t { same_domain, same_leaf, same_pod, across_core, hops, across_halls };
/// "same-domain", "same-leaf", "same-pod", "across-core", "hops", "across-halls".
[[nodiscard]] std::string_view to_text(PairClass kind);

/// How many figures the path that misses most of them misses.
struct MissingTerms {
  std::int64_t nics = 0;
  std::int64_t switches = 0;
  /// Modules, or plugs of active cables: a link has one of them at each end.
  std::int64_t modules = 0;

  [[nodiscard]] std::int64_t total() const { return nics + switches + modules; }
  friend bool operator==(const MissingTerms&, const MissingTerms&) = default;
};

/// What a latency is made of.
struct LatencyTerms {
  Picoseconds nics;
  Picoseconds switches;
  Picoseconds modules;
  Picoseconds cables;
};

/// Pairs of one class. A pair is two node ports of one plane (and rail, where rails are networks of their own), unordered.
struct LatencyClass {
  PairClass kind = PairClass::same_leaf;
  /// Switches on the way; they differ across halls.
  std::int64_t fewest_switches = 0;
  std::int64_t most_switches = 0;
  std::int64_t pairs = 0;
  /// Over the shortest paths of all pairs. Absent for the scale-up domain, whose latency no catalog states, and where there is no pair.
  std::optional<Picoseconds> least;
  std::optional<Picoseconds> most;
  /// Over all pairs, each with the mean of its shortest paths (those of fewest switches; parallel links count one by one).
  std::optional<Picoseconds> mean;
  /// 99 % of the pairs have such a mean of at most this.
  std::optional<Picoseconds> p99;
  /// What `mean` is made of; its sum may differ from it by rounding.
  LatencyTerms terms;
  /// Not 0: every figure of this class is a lower bound.
  MissingTerms missing;

  [[nodiscard]] bool complete() const { return mean.has_value() && missing.total() == 0; }
};

/// A figure that paths of a fabric need and the catalogs do not have.
struct MissingFigure {
  enum class What : std::uint8_t { nic, switch_, module, plug };
  What what = What::switch_;
  /// For a NIC that its node does not name: the node.
  PartId part;
  /// There is a figure, but its basis is not accepted.
  bool not_accepted = false;

  friend auto operator<=>(const MissingFigure&, const MissingFigure&) = default;
};

struct FabricLatency {
  FabricId fabric;
  /// In the order of `PairClass`, then by switches; the scale-up domain always comes first. Empty: no node with GPUs has a port in it.
  std::vector<LatencyClass> classes;
  std::vector<MissingFigure> missing;
  /// Whether a fibre, a copper cable took the default delay.
  bool default_fibre = false;
  bool default_copper = false;
  /// 1: every pair was looked at. Else one of so many sources, spread evenly.
  std::int64_t stride = 1;
};

/// Latency of one fabric by class. In tiers of switches every pair counts, at O((links + ports) log) cost; elsewhere each switch with ports is the
/// start of a search through all links. Management networks of `access` switches have no classes.
[[nodiscard]] FabricLatency measure_fabric_latency(const Plan& plan, FabricId fabric);
/// Its classes alone.
[[nodiscard]] std::vector<LatencyClass> measure_latency(const Plan& plan, FabricId fabric);

/// All pairs of the classes together, without those of one scale-up domain.
struct OverallLatency {
  Picoseconds mean;
  Picoseconds most;
  /// False: a figure is missing somewhere, so that these are lower bounds.
  bool complete = false;
};
/// Nothing where no pair takes the network.
[[nodiscard]] std::optional<OverallLatency> summarise_latency(const std::vector<LatencyClass>& classes);

} // namespace icplan
