// SPDX-License-Identifier: Apache-2.0
// Single failures of every fabric, their names, and the limits on what they may take.
#include "icplan/analysis/failures.hpp"

#include "failures_scan.hpp"
#include "icplan/base/text.hpp"
#include "plan/end_names.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::string end_name(const Plan& plan, const EndNames& names, DeviceId device, std::uint32_t port) {
  return plan.network.device_name(device) + "/" + names.port(device, port).port_name;
}

/// What the sentence of a finding says of a limit: 50 %, or 0.
struct LimitWords {
  std::string_view key;
  std::string limit;
};

void report(const Plan& plan, const FabricFailures& fabric, const WorstFailure& worst, const LimitWords& words, const std::string& what, Sink& sink) {
  sink.report(Code::limit_exceeded, plan.spec.limits.origin.of(words.key),
              "the loss of " + failure_name(plan, worst.failure) + " " + what + " of fabric `" + std::string(plan.fabric_name(fabric.fabric)) + "`, " +
                  words.limit + " of `" + std::string(words.key) + "` for a " + std::string(to_text(worst.failure.kind)),
              "spread the ports of a node over more switches (`dual-tor`, `homing`, `planes`), add uplinks, or change the limit");
}

} // namespace

const WorstFailure* FabricFailures::worst_of(FailureKind kind) const {
  const WorstFailure* found = nullptr;
  for (const auto& row : worst) {
    if (row.failure.kind != kind) continue;
    const bool more = found == nullptr || row.outcome.cut_off > found->outcome.cut_off ||
                      (row.outcome.cut_off == found->outcome.cut_off && row.outcome.node < found->outcome.node);
    if (more) found = &row;
  }
  return found;
}

std::vector<FabricFailures> measure_failures(const Plan& plan, std::optional<FailureKind> only) {
  const auto inputs = failures::prepare_scan(plan, !only || *only == FailureKind::cable || *only == FailureKind::cage);
  std::vector<FabricFailures> all;
  for (const auto& layout : plan.network.fabrics) all.push_back(failures::Scan(inputs, layout.fabric).run(only));
  return all;
}

std::string failure_name(const Plan& plan, const Failure& failure) {
  const auto& network = plan.network;
  switch (failure.kind) {
  case FailureKind::link: {
    const EndNames names(plan);
    const auto& link = network.links[failure.subject];
    return end_name(plan, names, link.from, link.from_port) + " to " + end_name(plan, names, link.to, link.to_port);
  }
  case FailureKind::cable: return "cable " + cable_name(EndNames(plan), network, plan.cables.assemblies[failure.subject].first_link);
  case FailureKind::cage: {
    const auto& group = network.group(failure.device);
    const auto cage = failure.subject - network.first_cage_of_device[failure.device.index()].index();
    const auto& block = group.block_of_cage(cage);
    const auto port = block.first_port + (cage - block.first_cage) * block.ports_per_cage;
    return "cage " + network.device_name(failure.device) + "/" + EndNames(plan).port(failure.device, port).cage_name;
  }
  case FailureKind::switch_: return network.device_name(DeviceId(failure.subject));
  case FailureKind::plane: return "plane " + std::to_string(failure.subject + 1);
  case FailureKind::rack: return "rack " + plan.placement.rack_name(plan.spec.floor, RackId(failure.subject));
  case FailureKind::row: return "row " + std::to_string(failure.subject + 1) + " of hall " + plan.spec.floor.halls[failure.hall.index()].name;
  }
  return {};
}

void judge_failures(const Plan& plan, Sink& sink) {
  const auto& limits = plan.spec.limits;
  if (limits.max_nodes_cut_off.empty() && limits.min_share_after_failure.empty()) return;
  for (const auto& fabric : measure_failures(plan)) {
    if (plan.spec.fabrics[fabric.fabric.index()].topology == Topology::access) continue;
    for (const auto& [kind, most] : limits.max_nodes_cut_off) {
      const auto* worst = fabric.worst_of(kind);
      if (worst == nullptr || worst->outcome.cut_off <= most) continue;
      report(plan, fabric, *worst, {"max_nodes_cut_off", "above the " + grouped(most)},
             "cuts off " + counted(worst->outcome.cut_off, "node", "nodes"), sink);
    }
    for (const auto& [kind, least] : limits.min_share_after_failure) {
      const auto* worst = fabric.worst_of(kind);
      // Thousandths of a percent against millionths.
      if (worst == nullptr || worst->outcome.node.count() >= least * 10) continue;
      report(plan, fabric, *worst, {"min_share_after_failure_percent", "below the " + decimal(least, 3) + " %"},
             "leaves a node " + decimal(worst->outcome.node.count(), 4) + " % of the bandwidth", sink);
    }
  }
}

} // namespace icplan
