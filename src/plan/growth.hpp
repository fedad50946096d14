// SPDX-License-Identifier: Apache-2.0
// How a plan grows out of an earlier one: what stays where it is, what is known of its cables, and what changed.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <vector>

namespace icplan {

/// By number in `Baseline::devices`: the device of that name and model in the new network; invalid where that has none.
[[nodiscard]] std::vector<DeviceId> match_devices(const Baseline& baseline, const Network& network, const Catalog& catalog);

/// The racks of the earlier plan with what stays in them, in front of the racks that the spec fixes beyond those. Racks whose kind or hall the spec
/// does not have are in the sink.
[[nodiscard]] std::vector<PinnedRack> installed_racks(const ClusterSpec& spec, const Network& network, const Catalog& catalog,
                                                      const Baseline& baseline, std::vector<PinnedRack> fixed, Sink& sink);

/// The pieces and modules that are installed, by link and cage. Parts that the catalogs do not have are in the sink.
void find_installed_cables(const Catalog& catalog, const Network& network, const Baseline& baseline, KnownCables& known, Sink& sink);

/// Compares the finished plan with its baseline, and reports what is not kept.
[[nodiscard]] Growth measure_growth(const Plan& plan, Sink& sink);

} // namespace icplan
