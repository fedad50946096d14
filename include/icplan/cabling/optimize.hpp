// SPDX-License-Identifier: Apache-2.0
// Moves network racks to where their cables cost least.
#pragma once

#include "icplan/cabling/cable_table.hpp"

#include <functional>

namespace icplan {

/// Whether a fabric of the spec asks for it.
[[nodiscard]] bool wants_optimize(const ClusterSpec& spec);

/// Searches places for the network racks whose fabrics all say `optimize`, by swapping them with other racks of their hall or moving them to free places in
/// its rows, and the units of the switches in them. Racks at stated places, limits of rows and rows that node groups state are kept. The result is never
/// worse than `central`, which must hold all devices; both totals are those of complete cablings. Deterministic: the effort is bounded by counts. Cost:
/// two cablings, and at most a few hundred million steps of search. `progress` hears how much of the search is done, in parts per thousand.
[[nodiscard]] Placement optimize_placement(const ClusterSpec& spec, const Catalog& catalog, const Network& network, Placement central,
                                           const KnownCables& known, Sink& sink, const std::function<void(int)>& progress = {});

} // namespace icplan
