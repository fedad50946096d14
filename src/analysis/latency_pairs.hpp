// SPDX-License-Identifier: Apache-2.0
// Pairs of ports as blocks of sorted numbers, so that they can be summed up and counted without looking at each.
#pragma once

#include "latency_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace icplan {

/// Ports in blocks of those that have something in common, by key; their values ascend within a block.
struct Partition {
  struct Block {
    std::uint64_t key = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<Femtoseconds> values;
  std::vector<Block> blocks;
};

/// Pairs of one port each from blocks of the same key, ordered: a pair of ports of one partition counts in both orders, and each port makes one with
/// itself.
struct Family {
  std::shared_ptr<const Partition> left;
  std::shared_ptr<const Partition> right;
  /// -1: these pairs are taken away.
  std::int64_t times = 1;
};

/// The pairs of one class while they are gathered.
struct TierPairs {
  std::vector<Family> families;
  std::int64_t fewest_switches = 0;
  std::int64_t most_switches = 0;
  std::optional<std::int64_t> least;
  std::optional<std::int64_t> most;

  void meet(std::int64_t switches) {
    fewest_switches = fewest_switches == 0 ? switches : std::min(fewest_switches, switches);
    most_switches = std::max(most_switches, switches);
  }
  /// Ordered pairs and the sum of their means.
  [[nodiscard]] std::pair<WideSum, WideSum> sums() const;
  /// The least picosecond that 99 % of the ordered pairs do not exceed.
  [[nodiscard]] std::int64_t p99(WideSum pairs) const;
};

/// The way of a port up to a switch, or its negative where the longest is sought.
struct Way {
  std::int64_t delay = 0;
  /// What the ways of a pair must differ in: the leaf, the pod.
  std::uint32_t child = 0;
  std::uint32_t domain = 0;
  std::uint32_t hall = 0;
};

/// Of every hall the two shortest ways from different domains: whatever domain a partner is of, one of them can be paired with it. Sorts `ways`.
[[nodiscard]] std::vector<Way> shortest_two(std::vector<Way>& ways);

/// The least sum of two ways from different children and domains, in one hall or in two. Shape: sorted by delay.
[[nodiscard]] std::optional<std::int64_t> best_pair(const std::vector<Way>& ways, bool same_hall);

} // namespace icplan
