// SPDX-License-Identifier: Apache-2.0
// The JSON spelling of every spec enumerator: one table for reading and printing.
#pragma once

#include "icplan/json/object_reader.hpp"
#include "icplan/spec/cluster_spec.hpp"

#include <array>

namespace icplan {

inline constexpr std::array<json::Name<Topology>, 3> topology_words = {
    {{"single-switch", Topology::single_switch}, {"fat-tree", Topology::fat_tree}, {"rail-optimized", Topology::rail_optimized}}};
inline constexpr std::array<json::Name<SwitchPlacement>, 2> placement_words = {
    {{"central", SwitchPlacement::central}, {"top-of-rack", SwitchPlacement::top_of_rack}}};
inline constexpr std::array<json::Name<UplinkSizing>, 2> uplink_words = {{{"unit", UplinkSizing::unit}, {"used", UplinkSizing::used}}};

} // namespace icplan
