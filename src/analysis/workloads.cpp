// SPDX-License-Identifier: Apache-2.0
// Times of a step: arithmetic, communication, and what of it can hide.
#include "icplan/analysis/workloads.hpp"

#include "icplan/base/text.hpp"

#include "base/rounding.hpp"
#include "workload_units.hpp"

#include <algorithm>

namespace icplan {
namespace {

double flops_per_second(Gigaflops rate) { return real(rate.count()) * 1e9; }

enum class Overlap : std::uint8_t { none, stated, full };

/// Seconds of a step. What hides does so behind arithmetic, as long as that lasts; scale-up and network carry at the same time. On an infinitely
/// fast network only scale-up takes time. Absent where a pattern's time is not known.
std::optional<double> step_seconds(double compute, const std::vector<PatternTraffic>& patterns, Overlap overlap, bool infinite) {
  double hidden_up = 0;
  double hidden_out = 0;
  double exposed = 0;
  for (const auto& pattern : patterns) {
    const auto seconds = infinite ? pattern.scale_up_s : pattern.seconds();
    if (!seconds) return std::nullopt;
    if (overlap == Overlap::full || (overlap == Overlap::stated && pattern.overlapped)) {
      hidden_up += *pattern.scale_up_s;
      hidden_out += infinite ? 0 : pattern.scale_out_s;
    } else {
      exposed += *seconds;
    }
  }
  return std::max({compute, hidden_up, hidden_out}) + exposed;
}

std::optional<StepTime> step_time(double compute, const std::vector<PatternTraffic>& patterns, Overlap overlap) {
  const auto seconds = step_seconds(compute, patterns, overlap, false);
  const auto best = step_seconds(compute, patterns, overlap, true);
  if (!seconds || !best) return std::nullopt;
  return StepTime{*seconds, *seconds / *best};
}

struct Compute {
  std::optional<double> seconds;
  std::string source;
};

std::string tflops(Gigaflops rate) { return decimal(rate.count(), 3) + " TFLOPS"; }

std::optional<Gigaflops> plan_peak(const Workload& workload, const WorkloadNetwork& network) {
  return workload.arithmetic == Arithmetic::bf16 ? network.bf16 : network.fp8;
}

std::string missing_peak(const Workload& workload, const WorkloadNetwork& network) {
  return network.gpu.empty() ? "the GPU is not known, or is not one model, so there is no rate of arithmetic"
                             : "the catalogs have no accepted " + std::string(to_text(workload.arithmetic)) + " rate of `" + network.gpu + "`";
}

Compute stated_compute(const Workload& workload, const TrainingLayout& layout, const WorkloadNetwork& network) {
  const auto& stated = *workload.compute;
  const auto flops = flops_per_token(workload, stated.attention) * real(layout.tokens) / real(layout.gpus);
  if (stated.rate) return {flops / flops_per_second(*stated.rate), "stated: " + tflops(*stated.rate) + " of each GPU"};
  const auto peak = plan_peak(workload, network);
  if (!peak) return {std::nullopt, missing_peak(workload, network)};
  return {flops / (flops_per_second(*peak) * real(*stated.share_of_peak) / 100'000.0),
          "stated: " + decimal(*stated.share_of_peak, 3) + " % of the peak of `" + network.gpu + "`, " + tflops(*peak)};
}

/// The published system as far as it is known.
std::optional<WorkloadNetwork> published_network(const PublishedRun& run) {
  if (!run.scale_out) return std::nullopt;
  WorkloadNetwork network;
  network.gpus = run.gpus;
  network.domain = std::max<std::int64_t>(run.scale_up_gpus, 1);
  if (run.scale_up) network.scale_up = bytes_per_second(*run.scale_up);
  network.injection = network.ring = network.all_to_all = bytes_per_second(*run.scale_out);
  return network;
}

/// What waits for the network in any case; absent where a time is not known.
std::optional<double> exposed_seconds(const std::vector<PatternTraffic>& patterns) {
  double sum = 0;
  for (const auto& pattern : patterns) {
    if (pattern.overlapped) continue;
    const auto seconds = pattern.seconds();
    if (!seconds) return std::nullopt;
    sum += *seconds;
  }
  return sum;
}

/// What was exposed on the published system is no arithmetic, and is taken out of its step, as far as that system is known.
double without_exposed(double step, const Workload& workload, const TrainingLayout& layout, const PublishedRun& run, std::string& source) {
  const auto network = published_network(run);
  const auto exposed = network ? exposed_seconds(measure_patterns(workload, layout, *network)) : std::nullopt;
  if (!exposed) {
    source += "; what was exposed there is not known and counts as arithmetic";
    return step;
  }
  if (*exposed >= step) {
    source += "; by this model its exposed communication takes longer than that, so none of it is taken out";
    return step;
  }
  source += "; less " + decimal(scaled_value(*exposed, 3), 3) + " s of communication that was exposed there";
  return step - *exposed;
}

Compute published_compute(const Workload& workload, const TrainingLayout& layout, const WorkloadNetwork& network) {
  const auto& run = *workload.published;
  // The figures of the published run are the catalog's, whatever the spec states anew.
  const auto& then = workload.base != nullptr && workload.base->kind == WorkloadKind::training ? *workload.base : workload;
  std::int64_t least = 0;
  const auto old = lay_out(then, run.gpus, std::max<std::int64_t>(run.scale_up_gpus, 1), least);
  if (!old) return {std::nullopt, "the published run has fewer GPUs than its parallelism needs"};
  const auto old_flops = flops_per_token(then, run.attention);
  Compute compute;
  compute.source = "published run on " + grouped(run.gpus) + " `" + run.gpu + "`: ";
  double step = 0;
  if (run.step_microseconds) {
    step = real(*run.step_microseconds) / 1e6;
    compute.source += "step of " + decimal(*run.step_microseconds, 6) + " s";
  } else {
    step = old_flops * real(old->tokens) / (flops_per_second(*run.rate) * real(old->gpus));
    compute.source += tflops(*run.rate) + " of each GPU, attention counted: " + std::string(to_text(run.attention));
  }
  step = without_exposed(step, then, *old, run, compute.source);
  const auto work = flops_per_token(workload, run.attention) * real(layout.tokens) / (old_flops * real(old->tokens));
  const auto seconds = step * work * real(old->gpus) / real(layout.gpus);
  if (network.gpu == run.gpu) {
    compute.source += "; the plan has the same GPU";
    compute.seconds = seconds;
    return compute;
  }
  const auto peak = plan_peak(workload, network);
  if (!peak || !run.peak) return {std::nullopt, run.peak ? missing_peak(workload, network) : "the peak of the published run's GPU is not stated"};
  compute.source +=
      "; scaled from its peak of " + tflops(*run.peak) + " to " + tflops(*peak) + " of `" + network.gpu + "` at an equal share of the peak";
  compute.seconds = seconds * real(run.peak->count()) / real(peak->count());
  return compute;
}

Compute compute_time(const Workload& workload, const TrainingLayout& layout, const WorkloadNetwork& network) {
  if (workload.compute) return stated_compute(workload, layout, network);
  if (workload.published) return published_compute(workload, layout, network);
  return {std::nullopt, "neither `compute` nor `published` states a rate of arithmetic"};
}

void measure_training(WorkloadReport& report, const WorkloadNetwork& network) {
  const auto& workload = *report.workload;
  const auto gpus = workload.gpus.value_or(network.gpus);
  if (gpus > network.gpus) {
    report.least_gpus = gpus;
    return;
  }
  report.layout = lay_out(workload, gpus, network.domain, report.least_gpus);
  if (!report.layout) return;
  report.patterns = measure_patterns(workload, *report.layout, network);
  double slowest = 0;
  double sent = 0;
  for (const auto& pattern : report.patterns) {
    sent += pattern.scale_out_bytes;
    if (pattern.scale_out_s <= slowest) continue;
    slowest = pattern.scale_out_s;
    report.binds = pattern.binds;
  }
  report.step_bytes = sent * real(report.layout->gpus);
  if (workload.run_tokens > 0) report.run_bytes = report.step_bytes * (real(workload.run_tokens) / real(report.layout->tokens));
  auto compute = compute_time(workload, *report.layout, network);
  report.compute_s = compute.seconds;
  report.compute_source = std::move(compute.source);
  if (!report.compute_s) return;
  report.no_overlap = step_time(*report.compute_s, report.patterns, Overlap::none);
  report.full_overlap = step_time(*report.compute_s, report.patterns, Overlap::full);
  if (workload.overlap_stated) report.stated_overlap = step_time(*report.compute_s, report.patterns, Overlap::stated);
  if (!report.judged()) {
    report.compute_source += "; the scale-up rate of the plan's GPU is not known, so no step time is";
    return;
  }
  const auto step = report.judged()->seconds;
  report.exposed_share = (step - *report.compute_s) / step;
  report.bytes_per_s = report.step_bytes / step;
}

void measure_replicas(WorkloadReport& report, const WorkloadNetwork& network) {
  const auto& workload = *report.workload;
  report.least_gpus = std::max(workload.inference.gpus, workload.gpus.value_or(0));
  const auto gpus = workload.gpus.value_or(network.gpus);
  if (report.least_gpus > network.gpus || workload.inference.gpus > gpus) return;
  report.inference = measure_inference(workload, gpus / workload.inference.gpus, network);
  report.binds = report.inference->scale_out_bytes == 0 ? "scale-up" : workload.degrees.expert > 1 ? network.all_to_all_binds : network.ring_binds;
}

RequirementVerdicts judge_figures(const WorkloadReport& report) {
  const auto& asked = report.workload->requirement;
  // Rates and times are sums of doubles; what differs by less than this is equal.
  constexpr double slack = 1 + 1e-9;
  const auto verdict = [](bool stated, bool known, auto met) {
    if (!stated) return RequirementStatus::none;
    if (!known) return RequirementStatus::unknown;
    return met() ? RequirementStatus::met : RequirementStatus::missed;
  };
  const auto& step = report.judged();
  const auto& inference = report.inference;
  RequirementVerdicts verdicts;
  verdicts.stretch =
      verdict(asked.max_stretch.has_value(), step.has_value(), [&] { return step->stretch * 1000 <= real(*asked.max_stretch) * slack; });
  verdicts.per_gpu = verdict(asked.min_per_gpu.has_value(), true, [&] { return report.available * slack >= bytes_per_second(*asked.min_per_gpu); });
  verdicts.token_time = verdict(asked.max_token_microseconds.has_value(), inference && inference->token_s,
                                [&] { return *inference->token_s * 1e6 <= real(*asked.max_token_microseconds) * slack; });
  verdicts.token_rate = verdict(asked.min_token_rate.has_value(), inference.has_value(),
                                [&] { return !inference->token_rate || *inference->token_rate * 1000 * slack >= real(*asked.min_token_rate); });
  return verdicts;
}

} // namespace

RequirementStatus RequirementVerdicts::worst() const {
  const std::array<RequirementStatus, 4> all = {stretch, per_gpu, token_time, token_rate};
  for (const auto status : {RequirementStatus::missed, RequirementStatus::unknown, RequirementStatus::met}) {
    if (std::find(all.begin(), all.end(), status) != all.end()) return status;
  }
  return RequirementStatus::none;
}

std::string_view to_text(RequirementStatus status) {
  switch (status) {
  case RequirementStatus::none: return "none";
  case RequirementStatus::met: return "met";
  case RequirementStatus::missed: return "missed";
  case RequirementStatus::unknown: return "unknown";
  case RequirementStatus::not_judged: return "not judged";
  }
  return "?";
}

WorkloadReport measure_workload(const Workload& workload, const WorkloadNetwork& network) {
  WorkloadReport report;
  report.workload = &workload;
  report.available = std::min(network.injection, network.all_to_all);
  if (workload.kind == WorkloadKind::training) measure_training(report, network);
  if (workload.kind == WorkloadKind::inference) measure_replicas(report, network);
  report.verdicts = judge_figures(report);
  report.requirement = report.verdicts.worst();
  return report;
}

ClusterWorkloads measure_workloads(const Plan& plan) {
  ClusterWorkloads measured;
  if (plan.spec.workloads.empty()) return measured;
  measured.network = workload_network(plan);
  for (const auto& workload : plan.spec.workloads) {
    WorkloadReport report;
    report.workload = workload.get();
    if (measured.network) report = measure_workload(*workload, *measured.network);
    const auto& basis = workload->requirement.basis;
    if (report.requirement != RequirementStatus::none && basis && !plan.spec.accepts(*basis)) report.requirement = RequirementStatus::not_judged;
    measured.reports.push_back(std::move(report));
  }
  return measured;
}

} // namespace icplan
