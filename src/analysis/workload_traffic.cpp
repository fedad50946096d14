// SPDX-License-Identifier: Apache-2.0
// Where the ranks of a workload stand, and what each sends in a step.
#include "icplan/analysis/workloads.hpp"

#include "icplan/base/arithmetic.hpp"
#include "workload_units.hpp"

#include <algorithm>
#include <numeric>

namespace icplan {
namespace {

/// (n - 1) / n: what a member of a ring of n sends of the whole.
double ring_share(std::int64_t n) { return real(n - 1) / real(n); }

std::int64_t largest_divisor(std::int64_t of, std::int64_t most) {
  for (auto divisor = std::min(of, most); divisor > 1; --divisor) {
    if (of % divisor == 0) return divisor;
  }
  return 1;
}

/// Collects the patterns of one step.
class Traffic {
public:
  Traffic(const Workload& workload, const TrainingLayout& layout, const WorkloadNetwork& network)
      : workload_(workload),
        model_(workload.model),
        degrees_(workload.degrees),
        layout_(layout),
        network_(network),
        share_(share_domain(workload.degrees, network.domain)),
        tokens_(real(workload.sequence_tokens) / real(workload.degrees.context)),
        layers_(real(workload.model.layers) / real(workload.degrees.pipeline)),
        sequences_(real(layout.sequences)) {}

  std::vector<PatternTraffic> run() {
    add_data();
    add_tensor();
    add_pipeline();
    add_context();
    add_expert();
    return std::move(patterns_);
  }

private:
  void add(TrafficPattern pattern, std::int64_t group, std::int64_t in_domain, double up, double out, double rate, const std::string& binds) {
    PatternTraffic traffic;
    traffic.pattern = pattern;
    traffic.group = group;
    traffic.in_domain = in_domain;
    traffic.scale_up_bytes = up;
    traffic.scale_out_bytes = out;
    if (network_.scale_up) traffic.scale_up_s = up / *network_.scale_up;
    else if (up == 0) traffic.scale_up_s = 0;
    traffic.scale_out_s = out == 0 ? 0 : out / rate;
    traffic.overlapped = workload_.overlaps(pattern);
    const bool up_binds = traffic.scale_up_s && *traffic.scale_up_s > traffic.scale_out_s;
    traffic.binds = out == 0 || up_binds ? "scale-up" : binds;
    patterns_.push_back(std::move(traffic));
  }

  /// A gather or reduce-scatter of `whole` bytes in a group: within domains, and between GPUs of equal place in them.
  void add_ring(TrafficPattern pattern, std::int64_t group, std::int64_t in_domain, double whole) {
    const auto domains = group / in_domain;
    add(pattern, group, in_domain, whole * ring_share(in_domain), whole / real(in_domain) * ring_share(domains), network_.ring, network_.ring_binds);
  }

  void add_data() {
    const auto ranks = layout_.data * degrees_.context;
    const auto experts = real(model_.expert_parameters) / real(degrees_.tensor * degrees_.pipeline) / real(degrees_.expert);
    const auto others = real(model_.parameters - model_.expert_parameters) / real(degrees_.tensor * degrees_.pipeline);
    const auto replicas = std::max<std::int64_t>(ranks / degrees_.expert, 1);
    const auto gradient = bytes_of(workload_.bytes.gradient);
    const auto parameter = bytes_of(workload_.bytes.parameter);
    const auto each = workload_.sharding == Sharding::replicated ? 2 * gradient
                      : workload_.sharding == Sharding::sharded  ? gradient + parameter
                                                                 : gradient + 2 * parameter;
    const auto sent = each * (others * ring_share(ranks) + experts * ring_share(replicas));
    if (sent > 0) add(TrafficPattern::data, ranks, 1, 0, sent, network_.ring, network_.ring_binds);
  }

  void add_tensor() {
    if (degrees_.tensor == 1) return;
    // Two all-reduces forward and two backward, each a reduce-scatter and a gather; once more forward with recomputation. With sequence
    // parallelism the backward pass gathers its two inputs again.
    const int rounds = (workload_.recompute ? 12 : 8) + (workload_.sequence_parallel ? 2 : 0);
    const auto activation = tokens_ * real(model_.hidden) * bytes_of(workload_.bytes.activation);
    add_ring(TrafficPattern::tensor, degrees_.tensor, share_.tensor, rounds * activation * layers_ * sequences_);
  }

  void add_pipeline() {
    if (degrees_.pipeline == 1) return;
    const auto shared = workload_.sequence_parallel ? degrees_.tensor : 1;
    const auto activation = tokens_ * real(model_.hidden) * bytes_of(workload_.bytes.activation) / real(shared);
    const auto sent = 2 * real(degrees_.stages) * sequences_ * activation;
    add(TrafficPattern::pipeline, degrees_.pipeline, 1, 0, sent, network_.ring, network_.ring_binds);
  }

  void add_context() {
    if (degrees_.context == 1) return;
    const auto keys_and_values = real(workload_.sequence_tokens) * real(model_.kv_heads) * real(model_.qk_head_dim + model_.v_head_dim) *
                                 bytes_of(workload_.bytes.activation) / real(degrees_.tensor);
    add_ring(TrafficPattern::context, degrees_.context, share_.context, 2 * keys_and_values * layers_ * sequences_);
  }

  void add_expert() {
    if (degrees_.expert == 1) return;
    const auto domains = degrees_.expert / share_.expert;
    const auto far = model_.domains_per_token > 0 ? std::min(model_.domains_per_token, domains) : model_.experts_per_token;
    const auto traversals = sequences_ * tokens_ / real(degrees_.tensor) * real(model_.expert_layers) / real(degrees_.pipeline);
    const auto copy = real(model_.hidden) * (bytes_of(workload_.bytes.dispatch) + bytes_of(workload_.bytes.combine));
    // Forward, and the gradients of both ways back.
    const auto each = 2 * traversals * copy;
    add(TrafficPattern::expert, degrees_.expert, share_.expert, each * real(model_.experts_per_token) * ring_share(share_.expert),
        each * real(far) * ring_share(domains), network_.all_to_all, network_.all_to_all_binds);
  }

  const Workload& workload_;
  const WorkloadModel& model_;
  const WorkloadDegrees& degrees_;
  const TrainingLayout& layout_;
  const WorkloadNetwork& network_;
  DomainShare share_;
  /// Tokens of a sequence on one rank, layers of a rank on average, sequences of a rank in a step.
  double tokens_;
  double layers_;
  double sequences_;
  std::vector<PatternTraffic> patterns_;
};

} // namespace

std::optional<double> PatternTraffic::seconds() const {
  if (!scale_up_s) return std::nullopt;
  return pattern == TrafficPattern::expert ? std::max(*scale_up_s, scale_out_s) : *scale_up_s + scale_out_s;
}

DomainShare share_domain(const WorkloadDegrees& degrees, std::int64_t domain) {
  DomainShare share;
  share.tensor = largest_divisor(degrees.tensor, domain);
  if (share.tensor != degrees.tensor) return share;
  const auto left = std::max<std::int64_t>(domain / degrees.tensor, 1);
  if (degrees.expert > 1) share.expert = largest_divisor(degrees.expert, left);
  else share.context = largest_divisor(degrees.context, left);
  return share;
}

std::optional<TrainingLayout> lay_out(const Workload& workload, std::int64_t gpus, std::int64_t domain, std::int64_t& least) {
  const auto& degrees = workload.degrees;
  const auto share = share_domain(degrees, domain);
  // Whole blocks of ranks that share a domain stand in each of them; what is left over stays idle.
  const auto block = share.tensor * share.expert * share.context;
  const auto usable = gpus / domain * (domain / block * block) + gpus % domain / block * block;
  constexpr std::int64_t most = 1'000'000'000;
  const auto ranks = std::lcm(degrees.context, degrees.expert);
  const auto model = checked_multiply(degrees.tensor, degrees.pipeline, most);
  const auto unit = model ? checked_multiply(*model, ranks, most) : std::nullopt;
  least = unit.value_or(most);
  if (!unit || *unit > usable) return std::nullopt;
  TrainingLayout layout;
  layout.gpus = usable / *unit * *unit;
  layout.data = layout.gpus / (*model * degrees.context);
  layout.sequences = divide_up(workload.sequences, layout.data);
  layout.tokens = layout.sequences * layout.data * workload.sequence_tokens;
  return layout;
}

std::vector<PatternTraffic> measure_patterns(const Workload& workload, const TrainingLayout& layout, const WorkloadNetwork& network) {
  return Traffic(workload, layout, network).run();
}

double flops_per_token(const Workload& workload, CountedAttention attention) {
  const auto& model = workload.model;
  // A multiplication and an addition for each parameter, forward once and backward twice.
  const auto parameters = 6 * real(model.active_parameters);
  if (attention == CountedAttention::none) return parameters;
  const auto causal =
      3 * real(model.layers) * real(workload.sequence_tokens) * real(model.attention_heads) * real(model.qk_head_dim + model.v_head_dim);
  return parameters + (attention == CountedAttention::whole ? 2 * causal : causal);
}

} // namespace icplan
