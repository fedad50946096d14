// SPDX-License-Identifier: Apache-2.0
// Reads from a plan what collectives need to know.
#include "icplan/analysis/cluster_collectives.hpp"

#include "icplan/analysis/traffic.hpp"

#include <algorithm>

namespace icplan {
namespace {

double gbps(Mbps rate) { return static_cast<double>(rate.count()) / 1000; }

/// The scale-up domain of the fabric's GPUs: of several kinds the smallest, and the slowest rate.
void add_domain(const Plan& plan, const FabricTraffic& fabric, CollectiveInputs& group) {
  bool first = true;
  for (const auto& line : fabric.injection) {
    const auto* node = plan.part(plan.spec.nodes[line.nodes.index()].model).as<NodeFacts>();
    const auto gpu = node == nullptr || node->gpu.empty() ? std::nullopt : plan.catalog->find(node->gpu);
    const auto* facts = gpu ? plan.part(*gpu).as<GpuFacts>() : nullptr;
    const auto domain = facts == nullptr ? 1 : std::max<std::int64_t>(facts->scale_up_domain, 1);
    const auto rate = facts == nullptr ? std::nullopt : plan.spec.accepted(facts->scale_up);
    group.domain = first ? domain : std::min(group.domain, domain);
    if (first && rate) group.scale_up_gbps = gbps(*rate);
    if (!first) group.scale_up_gbps = rate && group.scale_up_gbps ? std::optional(std::min(*group.scale_up_gbps, gbps(*rate))) : std::nullopt;
    first = false;
  }
  group.domain = std::min(group.domain, group.gpus);
}

/// What the uplinks of every tier leave of the injection.
void add_rates(const Plan& plan, const FabricTraffic& fabric, CollectiveInputs& group) {
  const NetworkRate injection{gbps(fabric.injection_per_gpu), "NIC"};
  auto spread = injection;
  const std::array<std::string, 2> names = {"leaf-spine", "spine-core"};
  for (std::size_t tier = 0; tier < fabric.tiers.size() && tier < names.size(); ++tier) {
    const auto& oversubscription = fabric.tiers[tier].oversubscription;
    if (!oversubscription) continue;
    const auto left = injection.gbps * static_cast<double>(oversubscription->denominator) / static_cast<double>(oversubscription->numerator);
    if (left < spread.gbps) spread = {left, names[tier]};
  }
  group.injection = group.ring = injection;
  group.tree = group.rail_all_to_all = spread;
  if (plan.spec.fabrics[fabric.fabric.index()].topology != Topology::rail_only) group.direct_all_to_all = spread;
}

CollectiveGroup time_group(std::string_view name, CollectiveInputs inputs) {
  CollectiveGroup group;
  group.name = name;
  group.inputs = std::move(inputs);
  for (const auto collective : all_collectives) {
    for (const auto algorithm : algorithms_of(collective)) {
      for (const auto bytes : collective_sizes()) {
        if (auto time = time_collective(collective, algorithm, group.inputs, bytes)) group.times.push_back(*std::move(time));
      }
    }
  }
  return group;
}

} // namespace

std::optional<ClusterInputs> collective_inputs(const Plan& plan, bool in_network) {
  const auto traffic = measure_traffic(plan);
  const FabricTraffic* best = nullptr;
  for (const auto& fabric : traffic) {
    if (best == nullptr || fabric.injection_per_gpu > best->injection_per_gpu) best = &fabric;
  }
  if (best == nullptr) return std::nullopt;
  ClusterInputs inputs;
  inputs.fabric = best->fabric;
  inputs.group.gpus = best->gpus;
  inputs.group.scale_up_reduces = inputs.group.network_reduces = in_network;
  add_domain(plan, *best, inputs.group);
  add_rates(plan, *best, inputs.group);
  inputs.group.path_partial = true;
  return inputs;
}

std::vector<CollectiveGroup> time_collectives(const ClusterInputs& inputs) {
  std::vector<CollectiveGroup> groups;
  const auto& all = inputs.group;
  if (all.gpus > 1) groups.push_back(time_group("cluster", all));
  if (all.domain > 1 && all.domain < all.gpus) groups.push_back(time_group("domain", all.with_gpus(all.domain)));
  return groups;
}

} // namespace icplan
