// SPDX-License-Identifier: Apache-2.0
// Into which pieces a failure splits the networks of a fabric. What is not in the heaviest piece of its network is stranded.
#pragma once

#include "failures_effect.hpp"

#include <vector>

namespace icplan::failures {

/// Switches that carry the fabric's traffic fall into networks that nothing joins: planes, and rails of rail-only. A piece weighs as much as it has ports of
/// the fabric; of equally heavy ones the piece with the first switch counts as the heaviest.
class Pieces {
public:
  Pieces(const Plan& plan, const SwitchLinks& graph, const Members& members);

  /// Switches that stand, but are not in the heaviest piece of their network. O(1) where nothing splits off, but for failures of several switches.
  [[nodiscard]] std::vector<std::uint32_t> stranded(const Removal& removal);
  /// Switches that hold all ports that are left of a network that the removal touches.
  [[nodiscard]] std::vector<std::uint32_t> alone(const Removal& removal) const;
  /// Whether the network falls apart when this switch, or all links of this edge, fail.
  [[nodiscard]] bool splits(std::uint32_t vertex) const { return splits_[vertex]; }
  [[nodiscard]] bool is_bridge(std::uint32_t edge) const { return bridge_[edge]; }
  /// Whether links that fail together, all of them links of one switch, can split anything off. False is certain.
  [[nodiscard]] bool may_split(const std::vector<std::uint32_t>& links) const;

private:
  /// Vertices between two places of the walk's order.
  struct Stretch {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  void walk(std::uint32_t root);
  void enter(std::uint32_t vertex, std::uint32_t edge);
  void leave(std::uint32_t vertex);
  void find_twins();
  [[nodiscard]] std::int64_t weight(Stretch stretch) const { return weight_before_[stretch.end] - weight_before_[stretch.begin]; }
  [[nodiscard]] std::vector<std::uint32_t> beyond(std::uint32_t edge) const;
  [[nodiscard]] std::vector<std::uint32_t> around(std::uint32_t vertex) const;
  [[nodiscard]] bool stays_whole(const Removal& removal);
  [[nodiscard]] std::vector<std::uint32_t> search(const Removal& removal);
  [[nodiscard]] std::vector<std::uint32_t> emptied_edges(const std::vector<std::uint32_t>& links) const;

  const Plan& plan_;
  const SwitchLinks& graph_;
  const Members& members_;
  /// By vertex: network; place in the order of a depth-first walk, and where the vertices below it end; the earliest place that they reach another way
  /// (Tarjan, 1972); the edge that the walk came by; the first vertex below.
  std::vector<std::uint32_t> network_;
  std::vector<std::uint32_t> place_;
  std::vector<std::uint32_t> end_;
  std::vector<std::uint32_t> low_;
  std::vector<std::uint32_t> came_by_;
  std::vector<std::uint32_t> least_;
  std::vector<bool> splits_;
  /// By edge.
  std::vector<bool> bridge_;
  /// By place.
  std::vector<std::uint32_t> order_;
  std::vector<std::int64_t> weight_before_;
  /// By network: its stretch of the order.
  std::vector<Stretch> networks_;
  /// How many of its switches have ports of the fabric.
  std::vector<std::int64_t> leaves_of_network_;
  /// Switches with the same neighbours are twins: one of them stands for all while it stands.
  std::vector<std::uint32_t> twin_of_;
  std::vector<std::vector<std::uint32_t>> twins_;
  std::vector<std::vector<std::uint32_t>> twins_of_network_;
  /// By class of twins: how many stand. As many as there are between answers.
  std::vector<std::uint32_t> standing_;
};

} // namespace icplan::failures
