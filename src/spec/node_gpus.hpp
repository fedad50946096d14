// SPDX-License-Identifier: Apache-2.0
// The GPUs of node groups, and how many nodes their scale-up domains span.
#pragma once

#include "icplan/spec/cluster_spec.hpp"

namespace icplan {

/// The GPU in the group's nodes; nothing where the model names none.
[[nodiscard]] std::optional<PartId> gpu_of(const Catalog& catalog, const NodeGroup& nodes);

/// How many consecutive nodes of the group share a scale-up domain: at least 1, and 1 where the domain is no multiple of a node's GPUs.
[[nodiscard]] std::int64_t nodes_per_domain(const Catalog& catalog, const NodeGroup& nodes);

} // namespace icplan
