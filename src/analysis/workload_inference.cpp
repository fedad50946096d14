// SPDX-License-Identifier: Apache-2.0
// What one token of an inference workload sends.
#include "icplan/analysis/workloads.hpp"

#include "workload_units.hpp"

#include <algorithm>

namespace icplan {

InferenceTime measure_inference(const Workload& workload, std::int64_t replicas, const WorkloadNetwork& network) {
  const auto& model = workload.model;
  const auto& degrees = workload.degrees;
  const auto& step = workload.inference;
  const auto share = share_domain(degrees, network.domain);
  const auto activation = real(model.hidden) * bytes_of(workload.bytes.activation);
  InferenceTime time;
  time.replicas = replicas;
  // Two all-reduces in every layer, each a reduce-scatter and a gather.
  const auto reduced = 4 * activation * real(model.layers) / real(degrees.pipeline);
  const auto tensor_domains = degrees.tensor / share.tensor;
  time.scale_up_bytes += reduced * real(share.tensor - 1) / real(share.tensor);
  time.scale_out_bytes += reduced / real(share.tensor) * real(tensor_domains - 1) / real(tensor_domains);
  if (degrees.pipeline > 1) time.scale_out_bytes += activation / real(workload.sequence_parallel ? degrees.tensor : 1);
  const auto ring_bytes = time.scale_out_bytes;
  const auto layers = step.layers > 0 ? step.layers : model.expert_layers;
  const bool inside = share.expert == degrees.expert;
  double copies = 0;
  if (degrees.expert > 1) {
    const auto domains = degrees.expert / share.expert;
    const auto near = std::min(model.domains_per_token, domains);
    // Without a limit each copy is taken to cross the network: the bound that DeepSeek states.
    copies = inside || model.domains_per_token == 0 ? real(step.copies_per_token) : real(near) * real(domains - 1) / real(domains);
  }
  const auto copy = real(model.hidden) * (bytes_of(workload.bytes.dispatch) + bytes_of(workload.bytes.combine));
  const auto exchanged = copies * copy;
  (inside ? time.scale_up_bytes : time.scale_out_bytes) += exchanged * real(layers);
  const auto rate = inside ? network.scale_up : std::optional<double>(network.all_to_all);
  if (copies > 0 && step.tokens_per_gpu > 0 && rate) {
    time.all_to_all_s = real(step.tokens_per_gpu) * exchanged / *rate;
    time.token_s = *time.all_to_all_s * real(step.micro_batches) * real(layers);
  }
  const auto seconds = ring_bytes / network.ring + (inside ? 0 : exchanged * real(layers) / network.all_to_all);
  if (time.scale_out_bytes > 0) time.token_rate = 1 / seconds;
  if (step.cache_bytes_per_token > 0 && step.prompt_tokens > 0)
    time.cache_s = real(step.cache_bytes_per_token) * real(step.prompt_tokens) / network.injection;
  return time;
}

} // namespace icplan
