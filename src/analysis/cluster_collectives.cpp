// SPDX-License-Identifier: Apache-2.0
// Reads from a plan what collectives need to know.
#include "icplan/analysis/cluster_collectives.hpp"

#include "icplan/analysis/analysis.hpp"

#include <algorithm>

namespace icplan {
namespace {

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
  std::optional<ClusterInputs> best;
  Mbps most;
  for (const auto& line : measure_bandwidth(plan)) {
    if (!line.per_gpu || *line.per_gpu <= most) continue;
    most = *line.per_gpu;
    best.emplace();
    best->fabric = line.fabric;
    auto& group = best->group;
    group.gpus = line.gpus;
    group.scale_up_reduces = group.network_reduces = in_network;
    group.injection = group.ring = group.tree = group.rail_all_to_all = group.direct_all_to_all =
        NetworkRate{static_cast<double>(most.count()) / 1000, "NIC"};
    for (const auto& attachment : plan.spec.fabrics[line.fabric.index()].attach) {
      if (attachment.devices != AttachedDevices::nodes) continue;
      const auto& nodes = plan.spec.nodes[attachment.group.index()];
      const auto& facts = *plan.part(nodes.model).as<NodeFacts>();
      const auto gpu = plan.catalog->find(facts.gpu);
      if (!gpu) continue;
      const auto& of = *plan.part(*gpu).as<GpuFacts>();
      group.domain = std::max<std::int64_t>(of.scale_up_domain, 1);
      if (const auto rate = plan.spec.accepted(of.scale_up)) group.scale_up_gbps = static_cast<double>(rate->count()) / 1000;
    }
  }
  return best;
}

std::vector<CollectiveGroup> time_collectives(const ClusterInputs& inputs) {
  std::vector<CollectiveGroup> groups;
  const auto& all = inputs.group;
  if (all.gpus > 1) groups.push_back(time_group("cluster", all));
  if (all.domain > 1 && all.domain < all.gpus) groups.push_back(time_group("domain", all.with_gpus(all.domain)));
  return groups;
}

} // namespace icplan
