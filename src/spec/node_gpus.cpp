// SPDX-License-Identifier: Apache-2.0
// From node groups to GPUs.
#include "node_gpus.hpp"

namespace icplan {

std::optional<PartId> gpu_of(const Catalog& catalog, const NodeGroup& nodes) {
  const auto* facts = catalog[nodes.model].as<NodeFacts>();
  return facts != nullptr && !facts->gpu.empty() ? catalog.find(facts->gpu) : std::nullopt;
}

std::int64_t nodes_per_domain(const Catalog& catalog, const NodeGroup& nodes) {
  const auto gpu = gpu_of(catalog, nodes);
  const auto* facts = gpu ? catalog[*gpu].as<GpuFacts>() : nullptr;
  if (facts == nullptr || nodes.gpus < 1 || facts->scale_up_domain <= nodes.gpus || facts->scale_up_domain % nodes.gpus != 0) return 1;
  return facts->scale_up_domain / nodes.gpus;
}

} // namespace icplan
