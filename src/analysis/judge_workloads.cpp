// SPDX-License-Identifier: Apache-2.0
// Holds the network against what workloads require.
#include "icplan/analysis/workloads.hpp"

#include "icplan/base/text.hpp"

#include "base/rounding.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::string shown(double value, int decimals) { return decimal(scaled_value(value, decimals), decimals); }

/// Each figure that falls short, with what is asked.
std::string shortfalls(const WorkloadReport& report) {
  const auto& asked = report.workload->requirement;
  const auto missed = [](RequirementStatus verdict) { return verdict == RequirementStatus::missed; };
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  if (missed(report.verdicts.stretch))
    add("a step takes " + shown(report.judged()->seconds, 3) + " s, " + shown(report.judged()->stretch, 3) +
        " times what it would take on an infinitely fast network, above `max_stretch` of " + decimal(*asked.max_stretch, 3));
  if (missed(report.verdicts.per_gpu))
    add("the network gives a GPU " + shown(report.available * 8 / 1e9, 3) + " Gb/s, below `min_gbps_per_gpu` of " +
        decimal(asked.min_per_gpu->count(), 3));
  if (missed(report.verdicts.token_time))
    add("a token takes " + shown(*report.inference->token_s * 1000, 3) + " ms, above `max_ms_per_token` of " +
        decimal(*asked.max_token_microseconds, 3));
  if (missed(report.verdicts.token_rate))
    add("the network lets a GPU handle " + shown(*report.inference->token_rate, 1) + " tokens a second, below `min_tokens_per_s_per_gpu` of " +
        decimal(*asked.min_token_rate, 3));
  return text;
}

void judge_requirement(const WorkloadReport& report, std::string_view fabric, Sink& sink) {
  const auto& workload = *report.workload;
  const auto name = "workload `" + workload.id + "`: ";
  switch (report.requirement) {
  case RequirementStatus::none:
  case RequirementStatus::met: return;
  case RequirementStatus::missed:
    sink.report(Code::workload_requirement_missed, workload.requirement.where, name + shortfalls(report),
                "plan more bandwidth for each GPU on fabric `" + std::string(fabric) + "`" +
                    (report.binds.empty() ? "" : ", where `" + report.binds + "` limits it") + ", or lower the requirement");
    return;
  case RequirementStatus::unknown:
    sink.report(Code::workload_cannot_be_judged, workload.requirement.where,
                name + (report.compute_source.empty() ? "its tokens in flight are not stated" : report.compute_source),
                "state what is missing in the spec or in an overlay catalog, or leave the requirement out");
    return;
  case RequirementStatus::not_judged:
    sink.report(Code::requirement_not_accepted, workload.where,
                name + "its requirement rests on the basis `" + std::string(to_text(*workload.requirement.basis)) + "` and is shown, not judged",
                "add `" + std::string(to_text(*workload.requirement.basis)) + "` to `accept` to have it judged");
    return;
  }
}

} // namespace

void judge_workloads(const Plan& plan, Sink& sink) {
  if (plan.spec.workloads.empty()) return;
  const auto [network, reports] = measure_workloads(plan);
  for (const auto& report : reports) {
    const auto& workload = *report.workload;
    if (!network) {
      sink.report(Code::workload_cannot_be_judged, workload.where, "workload `" + workload.id + "`: no fabric joins GPUs",
                  "attach nodes with GPUs to a fabric, or leave the workload out");
      continue;
    }
    const bool placed = workload.kind == WorkloadKind::requirement || report.layout || report.inference;
    if (!placed) {
      const auto had = std::min(workload.gpus.value_or(network->gpus), network->gpus);
      sink.report(Code::workload_does_not_fit, workload.where,
                  "workload `" + workload.id + "` needs at least " + counted(report.least_gpus, "GPU", "GPUs") + ", and has " + grouped(had),
                  workload.kind == WorkloadKind::training ? "plan more GPUs, or lower its `parallelism`"
                                                          : "plan more GPUs, or state smaller `inference.gpus`");
      continue;
    }
    judge_requirement(report, plan.fabric_name(network->fabric), sink);
  }
}

} // namespace icplan
