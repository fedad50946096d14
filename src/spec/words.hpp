// SPDX-License-Identifier: Apache-2.0
// The JSON spelling of every spec enumerator: one table for reading and printing.
#pragma once

#include "icplan/json/object_reader.hpp"
#include "icplan/spec/cluster_spec.hpp"

#include <array>

namespace icplan {

inline constexpr std::array<json::Name<Topology>, 13> topology_words = {{{"single-switch", Topology::single_switch},
                                                                         {"collapsed-core", Topology::collapsed_core},
                                                                         {"fat-tree", Topology::fat_tree},
                                                                         {"rail-optimized", Topology::rail_optimized},
                                                                         {"rail-only", Topology::rail_only},
                                                                         {"multi-plane", Topology::multi_plane},
                                                                         {"dual-tor", Topology::dual_tor},
                                                                         {"access", Topology::access},
                                                                         {"dragonfly", Topology::dragonfly},
                                                                         {"dragonfly+", Topology::dragonfly_plus},
                                                                         {"slim-fly", Topology::slim_fly},
                                                                         {"torus", Topology::torus},
                                                                         {"explicit", Topology::explicit_links}}};
/// The topologies that a plane of multi-plane may have.
inline constexpr std::array<json::Name<Topology>, 4> plane_words = {{{"single-switch", Topology::single_switch},
                                                                     {"fat-tree", Topology::fat_tree},
                                                                     {"rail-optimized", Topology::rail_optimized},
                                                                     {"rail-only", Topology::rail_only}}};
inline constexpr std::array<json::Name<SwitchPlacement>, 5> placement_words = {{{"central", SwitchPlacement::central},
                                                                                {"top-of-rack", SwitchPlacement::top_of_rack},
                                                                                {"middle-of-row", SwitchPlacement::middle_of_row},
                                                                                {"end-of-row", SwitchPlacement::end_of_row},
                                                                                {"optimize", SwitchPlacement::optimize}}};
inline constexpr std::array<json::Name<OptimizeFor>, 2> optimize_words = {{{"cost", OptimizeFor::cost}, {"power", OptimizeFor::power}}};
inline constexpr std::array<json::Name<UplinkSizing>, 2> uplink_words = {{{"unit", UplinkSizing::unit}, {"used", UplinkSizing::used}}};
inline constexpr std::array<json::Name<FailureKind>, 7> failure_words = {{{"link", FailureKind::link},
                                                                          {"cable", FailureKind::cable},
                                                                          {"cage", FailureKind::cage},
                                                                          {"switch", FailureKind::switch_},
                                                                          {"plane", FailureKind::plane},
                                                                          {"rack", FailureKind::rack},
                                                                          {"row", FailureKind::row}}};

} // namespace icplan
