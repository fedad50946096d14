// SPDX-License-Identifier: Apache-2.0
// Holds the network against what workloads require.
#include "icplan/analysis/workloads.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace icplan {
namespace {

std::string rounded(double value, int decimals) {
  double scaled = value;
  for (int i = 0; i < decimals; ++i) scaled *= 10;
  return decimal(std::llround(scaled), decimals);
}

/// Each figure that falls short, with what is asked.
std::string shortfalls(const WorkloadReport& report) {
  const auto& asked = report.workload->requirement;
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  const auto& step = report.judged();
  if (asked.max_stretch && step && step->stretch * 1000 > static_cast<double>(*asked.max_stretch))
    add("a step takes " + rounded(step->seconds, 3) + " s, " + rounded(step->stretch, 3) +
        " times what it would take on an infinitely fast network, above `max_stretch` of " + decimal(*asked.max_stretch, 3));
  const auto available = report.available * 8 / 1e9;
  if (asked.min_per_gpu && available * 1000 < static_cast<double>(asked.min_per_gpu->count()))
    add("the network gives a GPU " + rounded(available, 3) + " Gb/s, below `min_gbps_per_gpu` of " + decimal(asked.min_per_gpu->count(), 3));
  if (report.inference) {
    const auto& token = report.inference->token_s;
    if (asked.max_token_microseconds && token && *token * 1e6 > static_cast<double>(*asked.max_token_microseconds))
      add("a token takes " + rounded(*token * 1000, 3) + " ms, above `max_ms_per_token` of " + decimal(*asked.max_token_microseconds, 3));
    const auto& rate = report.inference->token_rate;
    if (asked.min_token_rate && rate && *rate * 1000 < static_cast<double>(*asked.min_token_rate))
      add("the network lets a GPU handle " + rounded(*rate, 1) + " tokens a second, below `min_tokens_per_s_per_gpu` of " +
          decimal(*asked.min_token_rate, 3));
  }
  return text;
}

void judge_requirement(const WorkloadReport& report, const WorkloadNetwork& network, Sink& sink) {
  const auto& workload = *report.workload;
  const auto name = "workload `" + workload.id + "`: ";
  switch (report.requirement) {
  case RequirementStatus::none:
  case RequirementStatus::met: return;
  case RequirementStatus::missed:
    sink.report(Code::workload_requirement_missed, workload.requirement.where, name + shortfalls(report),
                "plan more bandwidth for each GPU on fabric `" + network.fabric + "`" +
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
    judge_requirement(report, *network, sink);
  }
}

} // namespace icplan
