// SPDX-License-Identifier: Apache-2.0
// The network of a plan as workloads see it.
#include "icplan/analysis/workloads.hpp"

#include "icplan/analysis/traffic.hpp"

#include "injection.hpp"
#include "spec/node_gpus.hpp"
#include "workload_units.hpp"

#include <algorithm>
#include <set>

namespace icplan {
namespace {

/// Bytes.
constexpr double gigabit = 125'000'000.0;

/// What is known of the GPUs that the fabric joins: the model where there is one, and the figures whose basis the spec accepts.
void describe_gpus(const Plan& plan, FabricId fabric, WorkloadNetwork& network) {
  std::set<PartId> models;
  for (const auto& attachment : plan.spec.fabrics[fabric.index()].attach) {
    if (attachment.devices != AttachedDevices::nodes) continue;
    const auto& group = plan.spec.nodes[attachment.group.index()];
    if (group.gpus == 0) continue;
    const auto gpu = gpu_of(*plan.catalog, group);
    const auto* facts = gpu ? plan.part(*gpu).as<GpuFacts>() : nullptr;
    // Ranks are laid alike over all domains, so the smallest one counts; nothing is known to join GPUs of no model.
    const auto domain = facts == nullptr ? 1 : group.gpus * nodes_per_domain(plan, fabric, attachment.group);
    network.domain = models.empty() ? domain : std::min(network.domain, domain);
    models.insert(facts == nullptr ? PartId() : *gpu);
    if (facts == nullptr) continue;
    network.gpu = plan.part(*gpu).id;
    if (const auto rate = scale_up_rate(plan, group)) network.scale_up = bytes_per_second(*rate);
    network.bf16 = plan.spec.accepted(facts->bf16);
    network.fp8 = plan.spec.accepted(facts->fp8);
  }
  if (models.size() == 1 && models.begin()->valid()) return;
  network.gpu.clear();
  network.scale_up.reset();
  network.bf16.reset();
  network.fp8.reset();
}

} // namespace

std::optional<WorkloadNetwork> workload_network(const Plan& plan) {
  const auto links = gpu_links(plan);
  if (!links) return std::nullopt;
  WorkloadNetwork network;
  describe_gpus(plan, links->fabric, network);
  network.gpus = links->gpus;
  network.domain = std::min(network.domain, network.gpus);
  network.fabric = links->fabric;
  network.injection = bytes_per_second(links->nic_per_gpu);
  network.ring = links->ring_gbps * gigabit;
  network.ring_binds = links->ring_binds;
  network.all_to_all = links->rail_alltoall_gbps * gigabit;
  network.all_to_all_binds = links->rail_alltoall_binds;
  if (network.gpus == network.domain) {
    // One domain: nothing else is there to be shared with.
    network.ring = network.all_to_all = network.injection;
    network.ring_binds = network.all_to_all_binds = "node-leaf";
  }
  // GPUs that do not reach each other run nothing together.
  if (network.injection <= 0 || network.ring <= 0 || network.all_to_all <= 0) return std::nullopt;
  return network;
}

} // namespace icplan
