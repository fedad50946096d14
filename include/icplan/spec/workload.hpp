// SPDX-License-Identifier: Apache-2.0
// What a cluster is to run: the figures of a training or inference workload that decide its traffic, and what it asks of the network.
#pragma once

#include "icplan/catalog/catalog.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// `requirement`: nothing but what the network must give is known, as of closed models.
enum class WorkloadKind : std::uint8_t { training, inference, requirement };
/// Why GPUs talk to each other: each dimension over which a model or its batch is split.
enum class TrafficPattern : std::uint8_t { data, tensor, pipeline, context, expert };
inline constexpr std::size_t traffic_patterns = 5;
/// How data-parallel ranks hold parameters: all of them, a shard that is gathered once a step, or one that is gathered forward and backward.
enum class Sharding : std::uint8_t { replicated, sharded, resharded };
/// Which part of the attention matrix a rate of arithmetic counts.
enum class CountedAttention : std::uint8_t { none, causal, whole };
/// Whose peak a share of the peak refers to.
enum class Arithmetic : std::uint8_t { bf16, fp8 };

[[nodiscard]] std::string_view to_text(WorkloadKind kind);
[[nodiscard]] std::string_view to_text(TrafficPattern pattern);
[[nodiscard]] std::string_view to_text(Sharding sharding);
[[nodiscard]] std::string_view to_text(CountedAttention attention);
[[nodiscard]] std::string_view to_text(Arithmetic arithmetic);

/// A transformer. What is 0 is not stated, or not there.
struct WorkloadModel {
  std::int64_t parameters = 0;
  /// Those that one token passes; of a dense model all.
  std::int64_t active_parameters = 0;
  /// All routed experts of all layers together.
  std::int64_t expert_parameters = 0;
  std::int64_t layers = 0;
  /// Layers that have experts.
  std::int64_t expert_layers = 0;
  std::int64_t hidden = 0;
  std::int64_t attention_heads = 0;
  std::int64_t kv_heads = 0;
  /// Of one head: query and key, and value.
  std::int64_t qk_head_dim = 0;
  std::int64_t v_head_dim = 0;
  std::int64_t experts_per_token = 0;
  /// The most scale-up domains that the experts of one token lie in; a token crosses the network once for each. 0: once for each expert.
  std::int64_t domains_per_token = 0;
};

/// Bytes of one element, in hundred-thousandths.
struct WorkloadBytes {
  std::int64_t gradient = 400'000;
  std::int64_t parameter = 200'000;
  std::int64_t activation = 200'000;
  std::int64_t dispatch = 200'000;
  std::int64_t combine = 200'000;
};

/// Over how many GPUs each dimension is split. The data-parallel degree is what the GPUs give.
struct WorkloadDegrees {
  std::int64_t tensor = 1;
  std::int64_t context = 1;
  std::int64_t pipeline = 1;
  std::int64_t expert = 1;
  /// Stages that one pipeline rank holds, interleaved.
  std::int64_t stages = 1;
};

/// The system on which the rate was published, and the rate. What is absent or 0 was not published.
struct PublishedRun {
  std::string gpu;
  std::int64_t gpus = 0;
  /// Dense peak of that GPU to which its share refers.
  std::optional<Gigaflops> peak;
  /// Of one GPU.
  std::optional<Gigaflops> rate;
  CountedAttention attention = CountedAttention::none;
  std::optional<std::int64_t> step_microseconds;
  std::int64_t scale_up_gpus = 0;
  std::optional<Mbps> scale_up;
  std::optional<Mbps> scale_out;
};

/// A stated rate, free of communication: that of one GPU, or a share of the peak in thousandths of a percent.
struct StatedCompute {
  std::optional<Gigaflops> rate;
  std::optional<std::int64_t> share_of_peak;
  CountedAttention attention = CountedAttention::none;
};

/// One step of inference.
struct InferenceStep {
  /// GPUs that serve one copy of the model together.
  std::int64_t gpus = 0;
  /// Tokens that a GPU sends to experts in one step, in each micro-batch.
  std::int64_t tokens_per_gpu = 0;
  /// Micro-batches that take turns on the network in every layer.
  std::int64_t micro_batches = 1;
  /// Experts to which a token is sent.
  std::int64_t copies_per_token = 0;
  /// Layers with an all-to-all; 0: those with experts.
  std::int64_t layers = 0;
  /// Bytes of cache for one token, that go from who reads a prompt to who answers.
  std::int64_t cache_bytes_per_token = 0;
  std::int64_t prompt_tokens = 0;
};

/// What the network must give. Judged where it rests on the spec itself or on an accepted basis; shown in any case.
struct WorkloadRequirement {
  /// Step time over that on an infinitely fast network, at most; in thousandths.
  std::optional<std::int64_t> max_stretch;
  /// Of the scale-out network.
  std::optional<Mbps> min_per_gpu;
  /// Time of one token of one request, at most.
  std::optional<std::int64_t> max_token_microseconds;
  /// What a GPU is to handle at least, in thousandths of a token per second.
  std::optional<std::int64_t> min_token_rate;
  /// Absent: the spec states it.
  std::optional<Basis> basis;
  SourceRange where;
};

/// What an article says of a closed model. Printed beside what is computed, never used to compute.
struct WorkloadClaim {
  std::string text;
  /// How far the network stretches a step: from, to; in thousandths.
  std::optional<std::array<std::int64_t, 2>> stretch;
  std::optional<FemtojoulesPerBit> energy;
};

struct Workload {
  std::string id;
  std::string name;
  WorkloadKind kind = WorkloadKind::training;
  WorkloadModel model;
  WorkloadBytes bytes;
  WorkloadDegrees degrees;
  Sharding sharding = Sharding::sharded;
  Arithmetic arithmetic = Arithmetic::bf16;
  bool sequence_parallel = false;
  /// Whether the backward pass computes the forward pass again.
  bool recompute = false;
  std::int64_t sequence_tokens = 0;
  /// Of one step, over all GPUs.
  std::int64_t sequences = 0;
  /// Of the whole run; 0: not stated.
  std::int64_t run_tokens = 0;
  /// GPUs of the cluster that it runs on; absent: all.
  std::optional<std::int64_t> gpus;
  /// Whether the overlap of any pattern is stated, and which patterns hide behind arithmetic; the others wait.
  bool overlap_stated = false;
  std::array<bool, traffic_patterns> overlapped{};
  std::optional<PublishedRun> published;
  std::optional<StatedCompute> compute;
  InferenceStep inference;
  WorkloadRequirement requirement;
  WorkloadClaim claim;
  /// Of the catalog's entry; absent for a workload of the spec's own.
  std::optional<Basis> basis;
  /// What the sources leave open and what was put in its place, one sentence each.
  std::vector<std::string> assumptions;
  /// The catalog's workload that this one was made of; null for one as it stands in a catalog, or of the spec's own.
  std::shared_ptr<const Workload> base;
  /// Where the spec asks for it.
  SourceRange where;

  [[nodiscard]] bool overlaps(TrafficPattern pattern) const { return overlapped[static_cast<std::size_t>(pattern)]; }
};

/// Reads one workload as a catalog has it; what is wrong with it is in the sink.
[[nodiscard]] std::optional<Workload> read_workload(const CatalogEntry& entry, Sink& sink);
/// Reads every workload of the catalogs.
void check_workloads(const Catalog& catalog, Sink& sink);

} // namespace icplan
