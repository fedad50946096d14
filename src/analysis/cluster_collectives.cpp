// SPDX-License-Identifier: Apache-2.0
// Reads from a plan what collectives need to know.
#include "icplan/analysis/cluster_collectives.hpp"

#include "icplan/analysis/latency.hpp"
#include "icplan/analysis/traffic.hpp"

#include <algorithm>

namespace icplan {
namespace {

double gbps(Mbps rate) { return static_cast<double>(rate.count()) / 1000; }

/// Links of nodes are their NICs here.
std::string tier_name(const std::string& binds) { return binds == "node-leaf" ? "NIC" : binds; }

std::optional<NetworkRate> rate(double gbps, const std::string& binds) {
  return gbps > 0 ? std::optional(NetworkRate{gbps, tier_name(binds)}) : std::nullopt;
}

/// The edges of a tree lead anywhere, so that the worst permutation of domains is what they can count on.
std::optional<NetworkRate> worst_permutation(const Plan& plan, FabricId fabric) {
  std::optional<NetworkRate> worst;
  const std::vector<std::string_view> names = {"half-shift", "next-group", "longest", "ring"};
  const auto patterns = measure_patterns(plan, fabric, {}, names);
  for (const auto name : names) {
    const auto* line = patterns.best(name);
    if (line == nullptr || (worst && line->gbps_per_gpu.lower >= worst->gbps)) continue;
    worst = NetworkRate{line->gbps_per_gpu.lower, tier_name(line->binds)};
  }
  return worst && worst->gbps > 0 ? worst : std::nullopt;
}

void add_rates(const Plan& plan, const GpuLinks& links, CollectiveInputs& group) {
  if (links.scale_up) group.scale_up_gbps = gbps(*links.scale_up);
  group.injection = rate(gbps(links.nic_per_gpu), "NIC");
  group.ring = rate(links.ring_gbps, links.ring_binds);
  group.tree = worst_permutation(plan, links.fabric);
  group.rail_all_to_all = rate(links.rail_alltoall_gbps, links.rail_alltoall_binds);
  group.direct_all_to_all = rate(links.direct_alltoall_gbps.value_or(0), links.direct_alltoall_binds);
}

/// Mean over all pairs of ports that meet over the network, and the shortest path of all.
void add_paths(const Plan& plan, ClusterInputs& inputs) {
  constexpr double picoseconds = 1e6; // in a microsecond
  double sum = 0;
  double pairs = 0;
  std::optional<Picoseconds> least;
  for (const auto& line : measure_latency(plan, inputs.fabric)) {
    if (line.kind == PairClass::same_domain || !line.mean || !line.least) continue;
    sum += static_cast<double>(line.mean->count()) * static_cast<double>(line.pairs);
    pairs += static_cast<double>(line.pairs);
    least = least ? std::min(*least, *line.least) : *line.least;
    inputs.missing_figures = std::max(inputs.missing_figures, line.missing.total());
  }
  if (pairs > 0) inputs.group.network_path_us = sum / pairs / picoseconds;
  if (least) inputs.group.least_network_path_us = static_cast<double>(least->count()) / picoseconds;
  inputs.group.path_partial = !least || inputs.missing_figures > 0;
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

std::optional<ClusterInputs> collective_inputs(const Plan& plan, const CollectiveOptions& options) {
  const auto links = gpu_links(plan);
  if (!links) return std::nullopt;
  ClusterInputs inputs;
  inputs.fabric = links->fabric;
  auto& group = inputs.group;
  group.gpus = links->gpus;
  group.domain = std::min(links->domain_gpus, links->gpus);
  group.scale_up_reduces = group.network_reduces = options.in_network;
  add_rates(plan, *links, group);
  if (options.paths && group.domains() > 1) add_paths(plan, inputs);
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
