// SPDX-License-Identifier: Apache-2.0
// What is known of cables before they are planned.
#pragma once

#include "icplan/cabling/cable_table.hpp"

namespace icplan {

/// Finds the link of every row of the spec's file of lengths, and the pieces that it locks. Rows that are of no link are in the sink.
void find_stated_lengths(const ClusterSpec& spec, const Network& network, KnownCables& known, Sink& sink);

} // namespace icplan
