// SPDX-License-Identifier: Apache-2.0
// What the workloads of a spec send over the network in one step, how long that takes beside the arithmetic, and whether the network suffices.
#pragma once

#include "icplan/plan/plan.hpp"
#include "icplan/spec/workload.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace icplan {

/// The network as a workload sees it. Rates are in bytes per second, one direction, of one GPU, under ideal load balance.
struct WorkloadNetwork {
  std::int64_t gpus = 0;
  /// GPUs that are joined without the network; 1: none are.
  std::int64_t domain = 1;
  /// To the own domain; absent where it is not known.
  std::optional<double> scale_up;
  /// What the NICs of a GPU take.
  double injection = 0;
  /// Neighbour to neighbour, as in rings and pipelines; and every GPU to every other one.
  double ring = 0;
  double all_to_all = 0;
  /// The tier that limits each.
  std::string ring_binds;
  std::string all_to_all_binds;
  FabricId fabric;
  /// By part; empty where there are several models.
  std::string gpu;
  std::optional<Gigaflops> bf16;
  std::optional<Gigaflops> fp8;
};

/// One pattern of one step: what one GPU sends over its domain and over the network, and how long each takes alone.
struct PatternTraffic {
  TrafficPattern pattern{};
  /// GPUs that take part, and how many of them are in one domain.
  std::int64_t group = 1;
  std::int64_t in_domain = 1;
  double scale_up_bytes = 0;
  double scale_out_bytes = 0;
  /// Absent where the scale-up rate is not known.
  std::optional<double> scale_up_s;
  double scale_out_s = 0;
  /// The tier that limits it.
  std::string binds;
  bool overlapped = false;

  /// All-to-all uses both at once, collectives one after the other. Absent where a part is not known.
  [[nodiscard]] std::optional<double> seconds() const;
};

/// A step under one rule of overlap, in seconds, and over what it would take on an infinitely fast network.
struct StepTime {
  double seconds = 0;
  double stretch = 1;
};

/// How a training workload is laid over the cluster.
struct TrainingLayout {
  std::int64_t gpus = 0;
  /// Data-parallel ranks.
  std::int64_t data = 1;
  /// Of one rank in one step.
  std::int64_t sequences = 1;
  /// Of a step, all GPUs together.
  std::int64_t tokens = 0;
};

/// Inference, in bytes of one token and GPU and the times that follow.
struct InferenceTime {
  /// Copies of the model that the cluster holds.
  std::int64_t replicas = 0;
  double scale_up_bytes = 0;
  double scale_out_bytes = 0;
  /// Dispatch and combine of one layer and micro-batch; absent where the tokens in flight are not stated.
  std::optional<double> all_to_all_s;
  /// Time of one token of a request if nothing but that limits it.
  std::optional<double> token_s;
  /// Tokens per second that the network lets a GPU handle; absent where nothing crosses it.
  std::optional<double> token_rate;
  /// Handing over the cache of one prompt; absent where its size is not stated.
  std::optional<double> cache_s;
};

enum class RequirementStatus : std::uint8_t { none, met, missed, unknown, not_judged };
[[nodiscard]] std::string_view to_text(RequirementStatus status);
/// How each figure of a requirement fares; `none`: it is not asked.
struct RequirementVerdicts {
  RequirementStatus stretch = RequirementStatus::none;
  RequirementStatus per_gpu = RequirementStatus::none;
  RequirementStatus token_time = RequirementStatus::none;
  RequirementStatus token_rate = RequirementStatus::none;

  /// Missed, else unknown, else met.
  [[nodiscard]] RequirementStatus worst() const;
};

struct WorkloadReport {
  const Workload* workload = nullptr;
  /// Absent where the cluster has too few GPUs; `least_gpus` says how many it takes.
  std::optional<TrainingLayout> layout;
  std::int64_t least_gpus = 0;
  std::vector<PatternTraffic> patterns;
  /// Arithmetic of a step, free of exposed communication; absent where no rate is known, and then no step time is.
  std::optional<double> compute_s;
  /// Where the rate comes from, or why there is none.
  std::string compute_source;
  std::optional<StepTime> no_overlap;
  std::optional<StepTime> full_overlap;
  /// As the workload states it; absent where it states nothing.
  std::optional<StepTime> stated_overlap;
  /// Share of a step that is exposed communication, under the stated overlap or else none.
  std::optional<double> exposed_share;
  /// The tier that limits the pattern with most time on the network; empty without any.
  std::string binds;
  /// Over the network, all GPUs: of a step, of the whole run (absent where its length is not stated), and on average in a step.
  double step_bytes = 0;
  std::optional<double> run_bytes;
  std::optional<double> bytes_per_s;
  std::optional<InferenceTime> inference;
  /// What the network gives a GPU, at most what it takes in and what all-to-all sustains.
  double available = 0;
  RequirementVerdicts verdicts;
  /// The worst of these, or that the spec does not accept what it rests on.
  RequirementStatus requirement = RequirementStatus::none;

  /// The one that requirements are judged by.
  [[nodiscard]] const std::optional<StepTime>& judged() const { return stated_overlap ? stated_overlap : no_overlap; }
};

/// How the ranks of a workload lie in domains: how many of a tensor group, and of an expert or context group, share one.
struct DomainShare {
  std::int64_t tensor = 1;
  std::int64_t expert = 1;
  std::int64_t context = 1;
};
/// Tensor groups come first, then expert groups (else context groups) where a whole tensor group fits: the largest divisor of the group that fits.
[[nodiscard]] DomainShare share_domain(const WorkloadDegrees& degrees, std::int64_t domain);

/// How a workload is laid over `gpus` GPUs; nothing, and the least number that would do in `least`, where they are too few.
[[nodiscard]] std::optional<TrainingLayout> lay_out(const Workload& workload, std::int64_t gpus, std::int64_t domain, std::int64_t& least);

/// Bytes and times of every pattern that the workload has. `docs/workloads.md` has the formulas.
[[nodiscard]] std::vector<PatternTraffic> measure_patterns(const Workload& workload, const TrainingLayout& layout, const WorkloadNetwork& network);

/// Floating-point operations of one token, forward and backward.
[[nodiscard]] double flops_per_token(const Workload& workload, CountedAttention attention);

/// What one token of an inference workload sends, and how long that takes. Shape: `replicas` fit the network.
[[nodiscard]] InferenceTime measure_inference(const Workload& workload, std::int64_t replicas, const WorkloadNetwork& network);

/// One workload on a network.
[[nodiscard]] WorkloadReport measure_workload(const Workload& workload, const WorkloadNetwork& network);

/// The network of the plan as workloads see it: its fastest fabric that joins GPUs; nothing where none does.
[[nodiscard]] std::optional<WorkloadNetwork> workload_network(const Plan& plan);
/// What the workloads of a spec find.
struct ClusterWorkloads {
  /// Absent where no fabric joins GPUs.
  std::optional<WorkloadNetwork> network;
  /// In the order of the spec; without figures where there is no network.
  std::vector<WorkloadReport> reports;
};
/// Every workload of the spec. Empty, and free of cost, where it states none.
[[nodiscard]] ClusterWorkloads measure_workloads(const Plan& plan);

/// Reports requirements that are not met or cannot be judged, and workloads that the cluster is too small for.
void judge_workloads(const Plan& plan, Sink& sink);

} // namespace icplan
