// SPDX-License-Identifier: Apache-2.0
// Collectives of a plan's GPUs: over all of them, and within one scale-up domain.
#pragma once

#include "icplan/analysis/collectives.hpp"
#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace icplan {

/// What collectives need to know of a plan.
struct ClusterInputs {
  /// Of all GPUs that the fabric joins.
  CollectiveInputs group;
  /// The fabric whose rates and paths are taken: the one with most Gb/s for each GPU.
  FabricId fabric;
  /// How many figures the paths between GPUs miss at most.
  std::int64_t missing_figures = 0;
};
/// What to take for granted, and what to leave out.
struct CollectiveOptions {
  /// All switches, those of scale-up domains too, add up.
  bool in_network = false;
  /// Without it, steps over the network take what software takes, and no figure of a path can be missing.
  bool paths = true;
};
/// Nothing where no fabric joins GPUs.
[[nodiscard]] std::optional<ClusterInputs> collective_inputs(const Plan& plan, const CollectiveOptions& options = {});

/// All collectives of one group of GPUs.
struct CollectiveGroup {
  /// "cluster", "domain".
  std::string_view name;
  CollectiveInputs inputs;
  /// By collective, algorithm, size; what does not apply is left out.
  std::vector<CollectiveTime> times;
};
/// The whole cluster, then one scale-up domain where that has several GPUs and is not the whole; groups of a single GPU are left out.
[[nodiscard]] std::vector<CollectiveGroup> time_collectives(const ClusterInputs& inputs);

} // namespace icplan
