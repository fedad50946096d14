// SPDX-License-Identifier: Apache-2.0
// Workloads as tables for readers.
#include "icplan/report/workloads.hpp"

#include "base/rounding.hpp"
#include "icplan/analysis/traffic.hpp"
#include "icplan/analysis/workloads.hpp"
#include "icplan/base/text.hpp"

namespace icplan {
namespace {

/// "0" where nothing is, and what is below the last decimal as such.
std::string measure(double value, int decimals) { return value == 0 ? "0" : rounded(value, decimals); }

std::string gigabytes(double bytes) { return measure(bytes / 1e9, 3); }
std::string gbps(double bytes_per_second) { return decimal(scaled_value(bytes_per_second * 8 / 1e9, 3), 3); }

std::string times(double factor) { return rounded(factor, 3); }

std::string requirement_text(const WorkloadReport& report) {
  return report.requirement == RequirementStatus::none ? "" : std::string(to_text(report.requirement));
}

std::string shown_name(const Workload& workload) { return "Workload " + workload.id + (workload.name.empty() ? "" : ": " + workload.name); }

std::vector<std::string> summary_row(const WorkloadReport& report) {
  const auto& workload = *report.workload;
  std::vector<std::string> row = {workload.id, std::string(to_text(workload.kind)), "", "", "", "", report.binds, "", requirement_text(report)};
  if (report.layout) {
    row[2] = grouped(report.layout->gpus);
    if (const auto& step = report.judged()) {
      row[3] = rounded(step->seconds, 3) + " s a step";
      row[4] = times(step->stretch);
      row[5] = rounded(*report.exposed_share * 100, 1);
    }
    row[7] = report.run_bytes ? rounded(*report.run_bytes / 1e15, 0) + " PB a run" : rounded(report.step_bytes / 1e12, 1) + " TB a step";
  } else if (report.inference) {
    row[2] = grouped(report.inference->replicas * workload.inference.gpus);
    if (report.inference->token_s) row[3] = rounded(*report.inference->token_s * 1000, 3) + " ms a token";
    row[7] = rounded(report.inference->scale_out_bytes / 1e6, 3) + " MB a token";
  } else if (workload.kind != WorkloadKind::requirement) {
    row[8] = "does not fit";
  }
  return row;
}

/// What a workload asks, what it gets, and whether that is enough.
void add_requirement(const WorkloadReport& report, const WorkloadNetwork& network, std::vector<std::string>& lines) {
  const auto& workload = *report.workload;
  const auto& asked = workload.requirement;
  if (report.requirement == RequirementStatus::none) return;
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : "; ") + what; };
  if (asked.max_stretch) add("stretch of at most " + decimal(*asked.max_stretch, 3));
  if (asked.min_per_gpu)
    add("at least " + decimal(asked.min_per_gpu->count(), 3) + " Gb/s (" + decimal(asked.min_per_gpu->count() / 8, 3) + " GB/s) for each GPU");
  if (asked.max_token_microseconds) add("at most " + decimal(*asked.max_token_microseconds, 3) + " ms for a token");
  if (asked.min_token_rate) add("at least " + decimal(*asked.min_token_rate, 3) + " tokens a second for each GPU");
  lines.push_back("requirement (" + (asked.basis ? "basis " + std::string(to_text(*asked.basis)) : std::string("stated in the spec")) + "): " + text +
                  ": " + std::string(to_text(report.requirement)));
  if (!asked.min_per_gpu) return;
  lines.push_back("available: " + gbps(report.available) + " Gb/s (" + gbps(report.available / 8) + " GB/s) of the network" +
                  (network.scale_up ? ", " + gbps(*network.scale_up) + " Gb/s (" + gbps(*network.scale_up / 8) + " GB/s) of the domain" : ""));
  const auto wanted = static_cast<double>(asked.min_per_gpu->count()) * 125'000.0;
  if (wanted > report.available)
    lines.push_back("where the network alone sets the pace, what needs that much takes " + times(wanted / report.available) + " times as long");
}

void add_claim(const Workload& workload, std::vector<std::string>& lines) {
  if (workload.claim.text.empty()) return;
  lines.push_back("claim, shown and never used to compute: " + workload.claim.text);
  if (workload.claim.stretch)
    lines.push_back("claimed stretch: " + decimal((*workload.claim.stretch)[0], 3) + " to " + decimal((*workload.claim.stretch)[1], 3));
  if (workload.claim.energy) lines.push_back("claimed energy of optics: " + decimal(workload.claim.energy->count(), 3) + " pJ/bit");
}

std::string degrees_text(const Workload& workload, const TrainingLayout& layout) {
  const auto& degrees = workload.degrees;
  std::string text = "data " + grouped(layout.data);
  if (degrees.tensor > 1) text = "tensor " + grouped(degrees.tensor) + ", " + text;
  if (degrees.context > 1) text += ", context " + grouped(degrees.context);
  if (degrees.pipeline > 1) text += ", pipeline " + grouped(degrees.pipeline);
  if (degrees.stages > 1) text += " of " + grouped(degrees.stages) + " stages each";
  if (degrees.expert > 1) text += ", expert " + grouped(degrees.expert);
  return text;
}

std::string bytes_text(const Workload& workload) {
  const auto& bytes = workload.bytes;
  std::string text = "bytes of an element: gradient " + decimal(bytes.gradient, 5) + ", parameter " + decimal(bytes.parameter, 5) + ", activation " +
                     decimal(bytes.activation, 5);
  if (workload.degrees.expert > 1) text += ", dispatch " + decimal(bytes.dispatch, 5) + ", combine " + decimal(bytes.combine, 5);
  return text;
}

std::string step_text(const std::string& rule, const StepTime& step) {
  return rule + ": " + rounded(step.seconds, 3) + " s, " + times(step.stretch) + " times an infinitely fast network's";
}

void add_training(const WorkloadReport& report, const WorkloadNetwork& network, Section& section) {
  const auto& workload = *report.workload;
  const auto& layout = *report.layout;
  auto& lines = section.lines;
  lines.push_back("laid over " + grouped(layout.gpus) + " of " + grouped(network.gpus) + " GPUs: " + degrees_text(workload, layout));
  lines.push_back(
      "a step: " + grouped(layout.sequences * layout.data) + " sequences of " + grouped(workload.sequence_tokens) + " tokens, " +
      grouped(layout.sequences) + " for each data-parallel rank" +
      (layout.sequences * layout.data == workload.sequences ? "" : " (" + grouped(workload.sequences) + " stated, rounded up to whole ones)"));
  lines.push_back("arithmetic: " + (report.compute_s ? rounded(*report.compute_s, 3) + " s a step; " : "not known; ") + report.compute_source);
  if (report.no_overlap) lines.push_back(step_text("with nothing hidden", *report.no_overlap));
  if (report.stated_overlap) lines.push_back(step_text("with what is stated hidden", *report.stated_overlap));
  if (report.full_overlap) lines.push_back(step_text("with everything hidden that can be", *report.full_overlap));
  lines.push_back(
      "on the network: " + rounded(report.step_bytes / 1e12, 3) + " TB a step" +
      (report.bytes_per_s ? ", " + rounded(*report.bytes_per_s / 1e12, 3) + " TB/s on average" : "") +
      (report.run_bytes ? ", " + rounded(*report.run_bytes / 1e15, 0) + " PB in a run of " + grouped(workload.run_tokens) + " tokens" : ""));
  section.table.columns = {{"pattern", false},   {"group", true},     {"in a domain", true}, {"scale-up GB", true}, {"network GB", true},
                           {"scale-up s", true}, {"network s", true}, {"binds", false},      {"overlap", false}};
  for (const auto& pattern : report.patterns) {
    section.table.rows.push_back({std::string(to_text(pattern.pattern)), grouped(pattern.group), grouped(pattern.in_domain),
                                  gigabytes(pattern.scale_up_bytes), gigabytes(pattern.scale_out_bytes),
                                  pattern.scale_up_s ? measure(*pattern.scale_up_s, 3) : "unknown", measure(pattern.scale_out_s, 3), pattern.binds,
                                  !workload.overlap_stated ? "not stated"
                                  : pattern.overlapped     ? "hidden"
                                                           : "exposed"});
  }
  section.notes.push_back("GB that one GPU sends in a step, and how long that takes alone; " + bytes_text(workload));
}

void add_inference(const WorkloadReport& report, const WorkloadNetwork& network, Section& section) {
  const auto& workload = *report.workload;
  const auto& time = *report.inference;
  auto& lines = section.lines;
  lines.push_back(counted(time.replicas, "replica", "replicas") + " of " + grouped(workload.inference.gpus) + " GPUs on " + grouped(network.gpus));
  lines.push_back("a GPU sends for each token: " + measure(time.scale_up_bytes / 1e6, 3) + " MB to its domain, " +
                  measure(time.scale_out_bytes / 1e6, 3) + " MB over the network");
  if (time.all_to_all_s)
    lines.push_back("dispatch and combine of " + counted(workload.inference.tokens_per_gpu, "token", "tokens") +
                    " of each GPU: " + rounded(*time.all_to_all_s * 1e6, 2) + " us in each layer and micro-batch");
  if (time.token_s)
    lines.push_back("a token takes at least " + rounded(*time.token_s * 1000, 3) + " ms, so a request gets at most " + rounded(1 / *time.token_s, 1) +
                    " tokens a second");
  if (time.token_rate) lines.push_back("the network lets a GPU handle at most " + rounded(*time.token_rate, 1) + " tokens a second");
  if (time.cache_s)
    lines.push_back("handing over the cache of " + counted(workload.inference.prompt_tokens, "token", "tokens") + ": " +
                    rounded(*time.cache_s * 1000, 3) + " ms over the NICs of one GPU");
  section.notes.push_back("no delay of switches and no arithmetic is in these times; " + bytes_text(workload));
}

Section detail_section(const WorkloadReport& report, const WorkloadNetwork& network) {
  const auto& workload = *report.workload;
  Section section;
  section.title = shown_name(workload);
  if (report.layout) {
    add_training(report, network, section);
  } else if (report.inference) {
    add_inference(report, network, section);
  } else if (workload.kind != WorkloadKind::requirement) {
    section.lines.push_back("needs at least " + counted(report.least_gpus, "GPU", "GPUs"));
  }
  add_requirement(report, network, section.lines);
  add_claim(workload, section.lines);
  if (workload.basis)
    section.notes.push_back("basis of its figures: " + std::string(to_text(*workload.basis)) +
                            (workload.base != nullptr ? "; some are stated anew in the spec" : ""));
  for (const auto& assumption : workload.assumptions) section.notes.push_back("assumed: " + assumption);
  return section;
}

Section summary_section(const Plan& plan, const ClusterWorkloads& measured) {
  Section section;
  section.title = "Workloads";
  const auto& network = measured.network;
  if (measured.reports.empty()) {
    section.lines.push_back("the spec states no workloads");
    return section;
  }
  if (!network) {
    section.lines.push_back("no fabric joins GPUs");
    return section;
  }
  section.lines.push_back(
      "fabric " + std::string(plan.fabric_name(network->fabric)) + " gives a GPU " + gbps(network->injection) + " Gb/s of injection, " +
      (network->gpus == network->domain ? std::string("and joins no two scale-up domains")
                                        : gbps(network->ring) + " to neighbours (" + network->ring_binds + " binds), " + gbps(network->all_to_all) +
                                              " all-to-all (" + network->all_to_all_binds + " binds)") +
      "; its domain of " + grouped(network->domain) + " GPUs " + (network->scale_up ? gbps(*network->scale_up) + " Gb/s" : "what is not known"));
  if (auto remark = ports_remark(plan, network->fabric); !remark.empty()) section.lines.push_back(std::move(remark));
  section.table.columns = {{"workload", false}, {"kind", false},  {"GPUs", true},    {"time", true},        {"stretch", true},
                           {"exposed %", true}, {"binds", false}, {"traffic", true}, {"requirement", false}};
  for (const auto& report : measured.reports) section.table.rows.push_back(summary_row(report));
  section.notes.push_back("each workload runs alone; rates are those of the plan under ideal load balance, without headers or delays");
  section.notes.push_back("time and stretch are those of the overlap that the workload states, or of none");
  return section;
}

} // namespace

Section workload_section(const Plan& plan) { return summary_section(plan, measure_workloads(plan)); }

std::vector<Section> workload_sections(const Plan& plan) {
  const auto measured = measure_workloads(plan);
  std::vector<Section> sections = {summary_section(plan, measured)};
  if (!measured.network) return sections;
  for (const auto& report : measured.reports) sections.push_back(detail_section(report, *measured.network));
  return sections;
}

} // namespace icplan
