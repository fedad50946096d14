// SPDX-License-Identifier: Apache-2.0
// What a single failure takes: which nodes it cuts off, and what bandwidth it leaves the others.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// What something has while a part of the plan has failed, of what it has while nothing has; in millionths, to the nearest.
using Share = Quantity<struct ShareTag>;
inline constexpr Share whole_share{1'000'000};

/// One thing that fails, with everything in it.
struct Failure {
  FailureKind kind = FailureKind::link;
  /// link: position in `Network::links`; cable: in `CableTable::assemblies`; cage: `CageId`; switch: `DeviceId`; plane: from 0; rack: `RackId`;
  /// row: from 0, in `hall`.
  std::uint32_t subject = 0;
  /// Of a cage: the device that it is in.
  DeviceId device;
  /// Of a row.
  HallId hall;
};

/// What a failure does to the devices that a fabric joins. Those that stand in a failed rack or row are `lost`, and counted nowhere else.
struct FailureOutcome {
  std::int64_t lost = 0;
  /// They have no way left to what is beyond their own leaf.
  std::int64_t cut_off = 0;
  /// They have less than before, by a millionth at least; those that are cut off are among them.
  std::int64_t affected = 0;
  /// The least that one of them has left, and the least that one of their NICs has.
  Share node = whole_share;
  Share nic = whole_share;
};

/// The worst of all failures of a kind: it cuts most off; of equal ones it leaves the least share, then affects most, then leaves a NIC the least; then
/// the first.
struct WorstFailure {
  Failure failure;
  FailureOutcome outcome;
  /// How many failures of the kind there are. Switches are told apart by fabric and tier.
  std::int64_t cases = 0;
  /// Of a switch.
  FabricId switches_of;
  std::int64_t tier = 0;
};

/// How one fabric bears failures.
struct FabricFailures {
  FabricId fabric;
  /// What it joins: nodes, power distribution units, management ports of switches.
  std::int64_t members = 0;
  /// Those of them that are nodes.
  std::int64_t nodes = 0;
  /// Whether some of its switches join each other rather than a tier above them: what leaves a router is all that such a share speaks of.
  bool peers = false;
  /// By kind; switches by fabric and tier, the fabric's own first. Kinds that the fabric has none of are left out: cables of one leg and cages with one
  /// link, which fail as their link does, and the only plane.
  std::vector<WorstFailure> worst;

  /// The worst of the kind, over all tiers; null where there is none.
  [[nodiscard]] const WorstFailure* worst_of(FailureKind kind) const;
};

/// Every fabric, in spec order.
///
/// A share is what a node can exchange with nodes elsewhere under full load and ideal load balance. Every switch passes on the part of what its ports
/// below carry that its ports above can take: rho = min(1, sum over links above of rate x rho of the switch there / sum of the rates of links below), 1
/// in the top tier; links to switches of the same tier count as links above. A NIC has the sum over its ports of rate x rho of the leaf, at most what
/// its slot carries; a node has the sum over its NICs. A switch that lost its way to the largest part of its network passes nothing on.
///
/// With `only`, that kind alone. Failures that do the same are computed once. O(links), and O(what is affected) for each that differs.
[[nodiscard]] std::vector<FabricFailures> measure_failures(const Plan& plan, std::optional<FailureKind> only = {});

/// "gpu-0001/compute-1.1 to compute-leaf-0001/1.1", "cage compute-leaf-0001/4", "plane 2", "rack A-01-03", "row 1 of hall A": by the plan's own names.
[[nodiscard]] std::string failure_name(const Plan& plan, const Failure& failure);

/// Reports failures that take more than `limits` allow. Access fabrics, which carry no traffic of the work, are not judged.
void judge_failures(const Plan& plan, Sink& sink);

} // namespace icplan
