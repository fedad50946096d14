// SPDX-License-Identifier: Apache-2.0
// Who sends how much to whom: traffic patterns as demands between the leaves of one plane.
#pragma once

#include "switch_graph.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace icplan {

/// What the switches of each part send to and receive from other parts, where every GPU sends 1.
struct CutDemand {
  std::vector<double> out;
  std::vector<double> in;
};

/// Demands between leaves where every GPU sends 1 in all, each port its share; none between ports of one scale-up domain, none where nothing joins
/// two leaves.
class Demand {
public:
  /// Whom a port sends to: ports of its own rail, all ports, or those of other rails.
  enum class Peers : std::uint8_t { rail, any, other_rails };
  /// Evenly to all its peers, by their weights. `ports`: those of the graph's plane.
  static Demand all_to_all(const SwitchGraph& graph, const std::vector<TrafficEndpoint>& ports, Peers peers);
  /// Each port to one other: pairs of positions in `ports`.
  static Demand one_to_one(const SwitchGraph& graph, const std::vector<TrafficEndpoint>& ports,
                           const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs);

  /// Whether anybody sends.
  [[nodiscard]] bool empty() const { return total_ == 0; }
  /// Adds what the leaf sends to each leaf, by vertex. What stays on the leaf is left out.
  void add_row(std::uint32_t leaf, std::vector<double>& to) const;
  /// Leaves that send, ascending.
  [[nodiscard]] const std::vector<std::uint32_t>& senders() const { return senders_; }
  [[nodiscard]] CutDemand cut(const std::vector<std::uint32_t>& part_of_vertex, std::uint32_t parts) const;
  /// The most that each GPU can send before a node port is full, Mb/s; infinite where nobody sends.
  [[nodiscard]] double port_limit() const { return port_limit_; }
  /// GPUs whose traffic has somebody to go to, in GPUs of the plane.
  [[nodiscard]] double senders_weight() const { return total_; }

  /// A vertex of the switch graph, and one beside it that stands for a rail, a domain or a partner; what joins them.
  struct Tie {
    std::uint32_t leaf = 0;
    std::uint32_t other = 0;
    double there = 0;
    double back = 0;
  };
  /// For the refinement of classes: ties to `extra_vertices()` vertices that are numbered from the graph's on, and, of pairs, to leaves.
  [[nodiscard]] const std::vector<Tie>& ties() const { return ties_; }
  [[nodiscard]] std::uint32_t extra_vertices() const { return extra_; }

private:
  friend class DemandBuilder;
  /// Ports that send to each other on one leaf: what they offer over what they can choose from, and how they draw.
  struct Share {
    std::uint32_t leaf = 0;
    std::uint32_t key = 0;
    double offers = 0;
    double draws = 0;
  };
  /// A set of ports that would send to each other but for their common domain, as often as there are equal domains.
  struct Exception {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    double times = 0;
  };
  /// Everybody to everybody of the same key, with a sign.
  struct Level {
    double sign = 1;
    std::vector<Share> by_leaf;
    std::vector<std::uint32_t> first_of_leaf;
    std::vector<Share> by_key;
    std::vector<std::uint32_t> first_of_key;
    std::vector<Exception> exceptions;
    std::vector<Share> excepted;
    std::vector<std::uint32_t> exceptions_of_leaf;
    std::vector<std::uint32_t> first_exception_of_leaf;
  };
  void finish(const SwitchGraph& graph);

  std::vector<Level> levels_;
  /// Of pairs: by leaf.
  std::vector<Share> pairs_;
  std::vector<std::uint32_t> first_pair_;
  std::vector<std::uint32_t> senders_;
  std::vector<Tie> ties_;
  std::uint32_t extra_ = 0;
  double port_limit_ = 0;
  double total_ = 0;
};

} // namespace icplan
