// SPDX-License-Identifier: Apache-2.0
// What the plan does and draws and costs. Unknown figures stay unknown: totals are lower bounds with the number of parts behind them.
#pragma once

#include "icplan/analysis/energy.hpp"
#include "icplan/plan/plan.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace icplan {

/// Bandwidth of one fabric, one direction.
struct FabricBandwidth {
  FabricId fabric;
  std::int64_t gpus = 0;
  /// What the fabric's node ports can take, limited by NIC and PCIe slot; summed over all nodes.
  Mbps injection;
  /// The part of it that belongs to nodes with GPUs.
  Mbps gpu_injection;
  /// Absent where no GPU is attached.
  std::optional<Mbps> per_gpu;
  /// The least capacity among injection and the uplinks of every tier: the full-bisection convention. Half of it crosses a cut that splits the nodes
  /// in two. Direct topologies: twice the least cut between two halves of the routers, at most the injection. Absent for a list of links.
  std::optional<Mbps> bisection_full;
  /// Whether the true bisection may be less: the cut is the least of those that were tried, or pods or leaves differ so that the sum over a tier says
  /// less than the least cut.
  bool bisection_bound = false;
  /// Whether a PCIe slot limits a NIC below its ports.
  bool slot_limited = false;
};
[[nodiscard]] std::vector<FabricBandwidth> measure_bandwidth(const Plan& plan);

/// NICs whose slot carries less than the ports that a fabric takes of them.
struct SlotLimit {
  FabricId fabric;
  NodeGroupId nodes;
  std::string slot;
  /// Of one NIC.
  Mbps ports;
  Mbps slot_rate;
  /// In all nodes of the group.
  std::int64_t nics = 0;
};
/// By fabric, then by attachment.
[[nodiscard]] std::vector<SlotLimit> find_slot_limits(const Plan& plan);

/// Light of one fabric's optical links.
struct OpticalMargin {
  FabricId fabric;
  std::int64_t links = 0;
  /// Links whose loss or budget is not known.
  std::int64_t unknown = 0;
  /// Budget less loss of the worst link that is known, and which link that is.
  std::optional<Millidecibels> worst;
  std::size_t worst_link = 0;
};
/// By fabric; those without optical links are left out. O(links).
[[nodiscard]] std::vector<OpticalMargin> measure_optics(const Plan& plan);

/// Counts that head every report.
struct PlanCounts {
  std::int64_t gpus = 0;
  std::int64_t nodes = 0;
  std::int64_t support_nodes = 0;
  std::int64_t racks = 0;
  std::int64_t switches = 0;
  std::int64_t links = 0;
  std::int64_t cables = 0;
  std::int64_t modules = 0;
};
[[nodiscard]] PlanCounts count_plan(const Plan& plan);

/// Ports of nodes that are joined to a fabric, over all fabrics and planes.
[[nodiscard]] std::int64_t count_endpoints(const Plan& plan);
/// Links with a switch at both ends, over all fabrics: the only ones that published tables count.
[[nodiscard]] std::int64_t count_inter_switch_links(const Plan& plan);
/// Cages with optics: a module, or the plug of an active optical cable. O(links + cages).
[[nodiscard]] std::int64_t count_optical_ends(const Plan& plan);
/// The highest of all tiers of all fabrics; absent where no tier has uplinks.
[[nodiscard]] std::optional<Ratio> worst_oversubscription(const Plan& plan);

/// Links of one fabric between two tiers over all planes.
struct LinkCount {
  std::string from;
  std::string to;
  std::int64_t count = 0;
  /// Of links that do not go up one tier: isl, local, global, x, y, z, uplink.
  std::string kind;
  /// For reserved and external ports: what for. For uplinks: the fabric that they lead into.
  std::string purpose;
};
[[nodiscard]] std::vector<LinkCount> count_links(const Plan& plan, std::size_t fabric);

/// Ports and cages of one tier's switches, over all planes.
struct TierUse {
  /// Ports that no link, reservation or external link takes, as the cages are divided.
  std::int64_t ports_free = 0;
  std::int64_t cages_used = 0;
  /// Cages that the breakout of a neighbour disables.
  std::int64_t cages_disabled = 0;
  std::int64_t cages_free = 0;
};
/// By tier. Management ports are left out.
[[nodiscard]] std::vector<TierUse> measure_tiers(const Plan& plan, std::size_t fabric);

/// Cables of one class: how many, how many links they carry, and their needed lengths.
struct MediaLine {
  MediaClass media{};
  std::int64_t cables = 0;
  std::int64_t links = 0;
  std::int64_t escalated = 0;
  Millimetres shortest;
  Millimetres longest;
  /// Sum of needed lengths, for the mean.
  Millimetres sum;
};
[[nodiscard]] std::vector<MediaLine> measure_media(const Plan& plan);

/// Cables by needed length: at least `from`, less than `to`, which is absent for the last band.
struct LengthBand {
  Millimetres from;
  std::optional<Millimetres> to;
  /// By `MediaClass`.
  std::array<std::int64_t, media_classes> cables{};
};
/// The bands from the shortest cable's to the longest one's, those between them that are empty included.
[[nodiscard]] std::vector<LengthBand> measure_length_bands(const Plan& plan);

/// Where the lengths of legs come from.
struct LengthCounts {
  /// By `LengthStatus`.
  std::array<std::int64_t, 3> legs{};
  /// Stated lengths that were taken for another geometry.
  std::int64_t stale = 0;
};
/// Nothing where the spec states no lengths.
[[nodiscard]] std::optional<LengthCounts> count_lengths(const Plan& plan);

} // namespace icplan
