// SPDX-License-Identifier: Apache-2.0
// How long collective operations take: the alpha-beta model over a scale-up domain and a network, with what binds them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// What all GPUs of a group do together. Sizes are nccl-tests': the whole array that is reduced, scattered, gathered or broadcast; for all-to-all,
/// all that one GPU sends, its own part included.
enum class Collective : std::uint8_t { all_reduce, reduce_scatter, all_gather, all_to_all, broadcast };
inline constexpr std::array<Collective, 5> all_collectives = {Collective::all_reduce, Collective::reduce_scatter, Collective::all_gather,
                                                              Collective::all_to_all, Collective::broadcast};
/// How. `tree`: double binary trees over the domains, a chain within each. `in_network`: switches add up. `hierarchical`: through the scale-up
/// domain, so that every rail carries its own share. `direct`: every GPU sends to every other one over the network.
enum class Algorithm : std::uint8_t { ring, tree, in_network, hierarchical, direct };

[[nodiscard]] std::string_view to_text(Collective collective);
[[nodiscard]] std::string_view to_text(Algorithm algorithm);
/// Those that the collective knows, in the order of `Algorithm`.
[[nodiscard]] std::span<const Algorithm> algorithms_of(Collective collective);

/// What one GPU's part of the network sustains while all GPUs send in one pattern.
struct NetworkRate {
  /// Gb/s of one direction.
  double gbps = 0;
  /// The tier that binds it: "NIC", "leaf-spine".
  std::string binds;
};

/// What software and the machine below it take for each step, in microseconds, and the share of the rate that is left to the data.
struct StepCosts {
  struct Steps {
    double base = 0;
    double scale_up = 0;
    double network = 0;
    double rate_share = 1;
  };
  std::string_view protocol;
  Steps ring;
  Steps tree;
  Steps in_network;
  /// Steps within the domain take so many times as long where the network takes part.
  double scale_up_factor = 1;
  /// The share of a ring that neither adds up nor leaves its domain.
  double local_rate_share = 1;
};
/// Constants of NCCL 2.7 (src/graph/tuning.cc at 01afd20a) for NVLink: the protocols LL, which hands on flags with the data, and Simple. Its
/// efficiencies of trees (0.9) and its corrections for medium sizes are left out.
[[nodiscard]] std::span<const StepCosts> nccl_2_7_costs();
/// No cost at all: what remains is wire.
[[nodiscard]] std::span<const StepCosts> no_costs();

/// What collectives need to know of a group of GPUs.
struct CollectiveInputs {
  std::int64_t gpus = 1;
  /// GPUs of a scale-up domain; 1: none. The last domain may hold fewer.
  std::int64_t domain = 1;
  /// One GPU's links to its domain, Gb/s of one direction; absent where it is not known.
  std::optional<double> scale_up_gbps;
  /// Absent: the network does not carry the pattern. A GPU into its first switch; neighbouring domains in a ring; trees over the domains; every GPU
  /// to those of its rail in other domains; every GPU to every GPU of other domains.
  std::optional<NetworkRate> injection;
  std::optional<NetworkRate> ring;
  std::optional<NetworkRate> tree;
  std::optional<NetworkRate> rail_all_to_all;
  std::optional<NetworkRate> direct_all_to_all;
  /// Of the path between two GPUs in microseconds, without software: within a domain, and the mean and the least over the network. `path_partial`: some
  /// parts of the latter have no figure.
  double scale_up_path_us = 0;
  double network_path_us = 0;
  double least_network_path_us = 0;
  bool path_partial = false;
  /// Whether the switches of the domain, and those of the network, add up what passes through them.
  bool scale_up_reduces = false;
  bool network_reduces = false;
  /// The protocols to choose from.
  std::span<const StepCosts> costs = nccl_2_7_costs();

  /// ceil(gpus / domain).
  [[nodiscard]] std::int64_t domains() const { return (gpus + domain - 1) / domain; }
  /// GPUs of the largest and of the smallest domain.
  [[nodiscard]] std::int64_t largest_domain() const { return gpus < domain ? gpus : domain; }
  [[nodiscard]] std::int64_t smallest_domain() const { return gpus % domain == 0 ? domain : gpus % domain; }
  /// The same figures for fewer GPUs: those of one domain, say.
  [[nodiscard]] CollectiveInputs with_gpus(std::int64_t number) const;
};

/// How long one collective takes, and what that says.
struct CollectiveTime {
  Collective collective{};
  Algorithm algorithm{};
  std::string_view protocol;
  std::int64_t bytes = 0;
  double microseconds = 0;
  /// The part of it that does not depend on the size.
  double latency_us = 0;
  /// Without any software: the shortest paths of what must follow each other, and the data at full rate.
  double floor_us = 0;
  /// GB/s as nccl-tests prints them.
  double algbw = 0;
  double busbw = 0;
  /// "latency" where that is half of the time or more; else "scale-up", or the tier of the network.
  std::string binds;
  /// A figure is missing, so that the time is a lower bound and the bandwidths are upper ones.
  bool lower_bound = false;
};

/// Nothing where the algorithm does not apply: a pattern that the network does not carry, switches that do not add up, a domain whose rate is not
/// known, fewer than two GPUs. Shape: bytes >= 1, gpus >= 1, domain >= 1. O(protocols).
[[nodiscard]] std::optional<CollectiveTime> time_collective(Collective collective, Algorithm algorithm, const CollectiveInputs& inputs,
                                                            std::int64_t bytes);
/// The algorithm that takes the least time; of equals the first.
[[nodiscard]] std::optional<CollectiveTime> fastest(Collective collective, const CollectiveInputs& inputs, std::int64_t bytes);

/// The part of the time that does not depend on the size, with one protocol, in microseconds. Nothing where the algorithm does not apply.
[[nodiscard]] std::optional<double> latency_us(Collective collective, Algorithm algorithm, const CollectiveInputs& inputs, const StepCosts& costs);

/// busbw / algbw (nccl-tests, doc/PERFORMANCE.md), whatever the algorithm.
[[nodiscard]] double bus_factor(Collective collective, std::int64_t gpus);
/// What nccl-tests lists for all-reduce in the network, (n-1) / (n+1): the share of both directions of a GPU's link that shows as busbw at best where
/// the GPUs themselves have a switch add up their parts.
[[nodiscard]] double in_network_factor(std::int64_t gpus);

/// The sizes of reports: 1 KiB to 16 GiB in powers of four.
[[nodiscard]] std::span<const std::int64_t> collective_sizes();

} // namespace icplan
