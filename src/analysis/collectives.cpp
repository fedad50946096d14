// SPDX-License-Identifier: Apache-2.0
// Time of a collective = latency of its chain of steps + data over rate; docs/collectives.md has every formula.
#include "icplan/analysis/collectives.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace icplan {
namespace {

/// Slower than this is not joined.
constexpr double least_gbps = 1e-6;

/// NCCL 2.7: latency of a step in microseconds by algorithm and protocol; LL carries a flag with every word of data.
constexpr std::array<StepCosts, 2> nccl_2_7 = {{
    {"LL", {3.6, 0.47, 2.7, 1.0 / 4}, {4.4, 0.52, 5.0, 1.0 / 3.8}, {4.4, 0.5, 5.0, 1.0 / 6}, 1.8, 1.0 / 3},
    {"Simple", {8.4, 3.4, 9.6, 1}, {0, 28, 50, 1}, {0, 4.0, 10.7, 1}, 1, 1},
}};
constexpr std::array<StepCosts, 1> nothing = {{{"none", {}, {}, {}, 1, 1}}};

std::int64_t ceil_log2(std::int64_t value) {
  std::int64_t steps = 0;
  while ((std::int64_t{1} << steps) < value) ++steps;
  return steps;
}

/// Steps one after the other, within domains and over the network.
struct Steps {
  std::int64_t scale_up = 0;
  std::int64_t network = 0;
};

/// Bytes that one GPU sends over each, as shares of the collective's size; `pattern` carries the network's.
struct Load {
  double scale_up = 0;
  double network = 0;
  const std::optional<NetworkRate>* pattern = nullptr;
};

/// One way to do a collective.
struct Way {
  Steps steps;
  /// Those that remain where all that can be under way at once is.
  Steps chain;
  Load load;
  StepCosts::Steps StepCosts::*family = &StepCosts::ring;
  /// Where chunks follow each other through the steps, and a step costs what a chunk takes: NCCL counts a tree's step with Simple.
  bool chunked = false;
};

class Modeller {
public:
  Modeller(Collective collective, const CollectiveInputs& inputs) : collective_(collective), in_(inputs) {
    gpus_ = static_cast<double>(in_.gpus);
    domains_ = static_cast<double>(in_.domains());
    domain_ = static_cast<double>(in_.largest_domain());
    smallest_ = static_cast<double>(in_.smallest_domain());
    // As many go out of each domain as the smallest one has NICs for, so that a GPU of a larger one may hand on everything.
    inside_ = in_.domains() > 1 && smallest_ < domain_ ? 1 : (domain_ - 1) / domain_;
  }

  /// The ways that the algorithm may take. None where it does not apply.
  std::vector<Way> ways(Algorithm algorithm) const {
    switch (algorithm) {
    case Algorithm::ring: return ring();
    case Algorithm::tree: return tree();
    case Algorithm::in_network: return in_network();
    case Algorithm::hierarchical: return hierarchical();
    case Algorithm::direct: return direct();
    }
    return {};
  }

private:
  static Way in_step(Steps steps, Load load, StepCosts::Steps StepCosts::*family) { return {steps, steps, load, family, false}; }

  /// Rings side by side, one for each GPU of a domain: each enters and leaves the domain through its own NIC, and all of them pass every GPU.
  std::vector<Way> ring() const {
    const auto passes = collective_ == Collective::all_reduce ? 2 : 1;
    const auto hops = in_.domains() - 1;
    const Steps steps = {passes * (in_.gpus - 1 - hops), passes * hops};
    const auto share = collective_ == Collective::broadcast ? 1.0 : passes * (gpus_ - 1) / gpus_;
    const auto within = in_.domains() > 1 ? inside_ : 1;
    auto way = in_step(steps, {share * within, share / smallest_, &in_.ring}, &StepCosts::ring);
    way.chunked = collective_ == Collective::broadcast;
    return {way};
  }

  /// Each domain is inside one tree and a leaf of the other one: it sends every byte once up, once down. So does each GPU but one in the chains
  /// within.
  std::vector<Way> tree() const {
    const auto passes = collective_ == Collective::all_reduce ? 2 : 1;
    const Steps steps = {passes * (in_.largest_domain() - 1), passes * ceil_log2(in_.domains())};
    return {in_step(steps, {passes * inside_, passes / smallest_, &in_.tree}, &StepCosts::tree)};
  }

  std::vector<Way> in_network() const {
    const bool many = in_.domains() > 1;
    const bool wide = in_.largest_domain() > 1;
    if ((many && !in_.network_reduces) || (!many && !in_.scale_up_reduces)) return {};
    // Switches hand up sums, so what is below them is what binds.
    Load load = {0, 1 / smallest_, &in_.injection};
    std::int64_t hops = 0;
    if (wide && in_.scale_up_reduces) {
      // A GPU has its part added up by the switch, and has the switch hand on the sum: everyone's data once and its own part of the sum once.
      load.scale_up = (smallest_ + 1) / smallest_;
      hops = 2;
    } else if (wide) {
      load.scale_up = 2 * inside_;
      hops = 2 * (in_.largest_domain() - 1);
    }
    return {in_step({hops, many ? 1 : 0}, load, &StepCosts::in_network)};
  }

  /// Chunks pass the scale-up domain and the rails at the same time; latencies add up.
  std::vector<Way> hierarchical() const {
    if (in_.domains() < 2 || in_.largest_domain() < 2) return {};
    const auto within = in_.largest_domain() - 1;
    const auto across = in_.domains() - 1;
    const auto outside = (domains_ - 1) / domains_;
    if (collective_ == Collective::all_reduce)
      return {in_step({2 * within, 2 * across}, {2 * inside_, 2 * outside / smallest_, &in_.ring}, &StepCosts::ring),
              in_step({2 * within, 2 * ceil_log2(in_.domains())}, {2 * inside_, 2 / smallest_, &in_.tree}, &StepCosts::tree)};
    if (collective_ != Collective::all_to_all) return {in_step({within, across}, {inside_, outside / smallest_, &in_.ring}, &StepCosts::ring)};
    // What goes to another rail changes to it first; what stays in the domain goes there at once.
    const auto leaves = (gpus_ - domain_) / gpus_;
    const Load load = {leaves * inside_ + (domain_ - 1) / gpus_, (gpus_ - smallest_) / gpus_, &in_.rail_all_to_all};
    return {Way{{within, across}, {1, 1}, load, &StepCosts::ring, false}};
  }

  /// Pair by pair; messages need not wait for each other.
  std::vector<Way> direct() const {
    const auto within = in_.largest_domain() - 1;
    const auto across = in_.gpus - in_.smallest_domain();
    const Load load = {static_cast<double>(within) / gpus_, static_cast<double>(across) / gpus_, &in_.direct_all_to_all};
    return {Way{{within, across}, across > 0 ? Steps{0, 1} : Steps{1, 0}, load, &StepCosts::ring, false}};
  }

  Collective collective_;
  const CollectiveInputs& in_;
  double gpus_ = 1;
  double domains_ = 1;
  double domain_ = 1;
  double smallest_ = 1;
  /// The share of a pass through all GPUs that one GPU sends within its domain.
  double inside_ = 0;
};

double paths_us(const Steps& steps, double scale_up, double network) {
  return static_cast<double>(steps.scale_up) * scale_up + static_cast<double>(steps.network) * network;
}

double way_latency(const Way& way, const CollectiveInputs& inputs, const StepCosts& costs) {
  const auto& base = costs.*way.family;
  const bool as_tree = way.chunked && base.rate_share == 1;
  const auto& step = as_tree ? costs.tree : base;
  const auto factor = inputs.domains() > 1 ? costs.scale_up_factor : 1.0;
  return base.base + static_cast<double>(way.steps.scale_up) * step.scale_up * factor + static_cast<double>(way.steps.network) * step.network +
         paths_us(way.steps, inputs.scale_up_path_us, inputs.network_path_us);
}

double rate_share(Collective collective, const Way& way, const CollectiveInputs& inputs, const StepCosts& costs) {
  const bool local = way.family == &StepCosts::ring && inputs.domains() == 1 && collective != Collective::all_reduce;
  return local ? costs.local_rate_share : (costs.*way.family).rate_share;
}

/// Microseconds that the data takes at full rate, and what holds it up. Negative: it does not arrive.
struct DataTime {
  double microseconds = -1;
  std::string binds;
  bool partial = false;
};

DataTime data_time(const Load& load, const CollectiveInputs& inputs, double bits) {
  constexpr double bits_per_us = 1000; // of 1 Gb/s
  DataTime time;
  if (inputs.domains() > 1) {
    if (!*load.pattern || (*load.pattern)->gbps < least_gbps) return time;
    time.microseconds = bits * load.network / ((*load.pattern)->gbps * bits_per_us);
    time.binds = (*load.pattern)->binds;
  }
  if (load.scale_up <= 0) return time;
  if (!inputs.scale_up_gbps) {
    time.partial = true;
    return time;
  }
  if (*inputs.scale_up_gbps < least_gbps) return {};
  const auto inside = bits * load.scale_up / (*inputs.scale_up_gbps * bits_per_us);
  if (inside <= time.microseconds) return time;
  return {inside, "scale-up", false};
}

std::optional<CollectiveTime> best_of(Collective collective, Algorithm algorithm, const Way& way, const CollectiveInputs& inputs,
                                      std::int64_t bytes) {
  const auto data = data_time(way.load, inputs, static_cast<double>(bytes) * 8);
  if (data.microseconds < 0) return std::nullopt;
  CollectiveTime best;
  best.microseconds = std::numeric_limits<double>::infinity();
  for (const auto& costs : inputs.costs) {
    const auto latency = way_latency(way, inputs, costs);
    const auto rest = data.microseconds / rate_share(collective, way, inputs, costs);
    if (latency + rest >= best.microseconds) continue;
    best.protocol = costs.protocol;
    best.microseconds = latency + rest;
    best.latency_us = latency;
    best.binds = latency >= rest ? "latency" : data.binds;
  }
  best.collective = collective;
  best.algorithm = algorithm;
  best.bytes = bytes;
  best.floor_us = paths_us(way.chain, inputs.scale_up_path_us, inputs.least_network_path_us) + data.microseconds;
  best.algbw = static_cast<double>(bytes) / best.microseconds / 1000;
  best.busbw = best.algbw * bus_factor(collective, inputs.gpus);
  best.lower_bound = data.partial || (inputs.path_partial && inputs.domains() > 1);
  return best;
}

constexpr std::array<Algorithm, 4> reducing = {Algorithm::ring, Algorithm::tree, Algorithm::in_network, Algorithm::hierarchical};
constexpr std::array<Algorithm, 2> scattering = {Algorithm::ring, Algorithm::hierarchical};
constexpr std::array<Algorithm, 2> exchanging = {Algorithm::hierarchical, Algorithm::direct};
constexpr std::array<Algorithm, 2> spreading = {Algorithm::ring, Algorithm::tree};

constexpr std::array<std::int64_t, 13> sizes = {std::int64_t{1} << 10, std::int64_t{1} << 12, std::int64_t{1} << 14, std::int64_t{1} << 16,
                                                std::int64_t{1} << 18, std::int64_t{1} << 20, std::int64_t{1} << 22, std::int64_t{1} << 24,
                                                std::int64_t{1} << 26, std::int64_t{1} << 28, std::int64_t{1} << 30, std::int64_t{1} << 32,
                                                std::int64_t{1} << 34};

} // namespace

std::string_view to_text(Collective collective) {
  switch (collective) {
  case Collective::all_reduce: return "all-reduce";
  case Collective::reduce_scatter: return "reduce-scatter";
  case Collective::all_gather: return "all-gather";
  case Collective::all_to_all: return "all-to-all";
  case Collective::broadcast: return "broadcast";
  }
  return {};
}

std::string_view to_text(Algorithm algorithm) {
  switch (algorithm) {
  case Algorithm::ring: return "ring";
  case Algorithm::tree: return "tree";
  case Algorithm::in_network: return "in-network";
  case Algorithm::hierarchical: return "hierarchical";
  case Algorithm::direct: return "direct";
  }
  return {};
}

std::span<const Algorithm> algorithms_of(Collective collective) {
  switch (collective) {
  case Collective::all_reduce: return reducing;
  case Collective::reduce_scatter:
  case Collective::all_gather: return scattering;
  case Collective::all_to_all: return exchanging;
  case Collective::broadcast: return spreading;
  }
  return {};
}

std::span<const StepCosts> nccl_2_7_costs() { return nccl_2_7; }

std::span<const StepCosts> no_costs() { return nothing; }

std::span<const std::int64_t> collective_sizes() { return sizes; }

CollectiveInputs CollectiveInputs::with_gpus(std::int64_t number) const {
  auto inputs = *this;
  inputs.gpus = number;
  return inputs;
}

double bus_factor(Collective collective, std::int64_t gpus) {
  const auto n = static_cast<double>(gpus);
  switch (collective) {
  case Collective::all_reduce: return 2 * (n - 1) / n;
  case Collective::reduce_scatter:
  case Collective::all_gather:
  case Collective::all_to_all: return (n - 1) / n;
  case Collective::broadcast: return 1;
  }
  return 1;
}

double in_network_factor(std::int64_t gpus) { return static_cast<double>(gpus - 1) / static_cast<double>(gpus + 1); }

std::optional<double> latency_us(Collective collective, Algorithm algorithm, const CollectiveInputs& inputs, const StepCosts& costs) {
  std::optional<double> least;
  for (const auto& way : Modeller(collective, inputs).ways(algorithm)) {
    const auto latency = way_latency(way, inputs, costs);
    least = least ? std::min(*least, latency) : latency;
  }
  return least;
}

std::optional<CollectiveTime> time_collective(Collective collective, Algorithm algorithm, const CollectiveInputs& inputs, std::int64_t bytes) {
  assert(inputs.gpus >= 1 && inputs.domain >= 1 && bytes >= 1);
  const auto known = algorithms_of(collective);
  if (inputs.gpus < 2 || std::find(known.begin(), known.end(), algorithm) == known.end()) return std::nullopt;
  std::optional<CollectiveTime> best;
  for (const auto& way : Modeller(collective, inputs).ways(algorithm)) {
    auto time = best_of(collective, algorithm, way, inputs, bytes);
    if (!time) continue;
    if (best) time->floor_us = best->floor_us = std::min(best->floor_us, time->floor_us);
    if (!best || time->microseconds < best->microseconds) best = std::move(time);
  }
  return best;
}

std::optional<CollectiveTime> fastest(Collective collective, const CollectiveInputs& inputs, std::int64_t bytes) {
  std::optional<CollectiveTime> best;
  for (const auto algorithm : algorithms_of(collective)) {
    auto time = time_collective(collective, algorithm, inputs, bytes);
    if (time && (!best || time->microseconds < best->microseconds)) best = std::move(time);
  }
  return best;
}

} // namespace icplan
