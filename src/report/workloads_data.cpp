// SPDX-License-Identifier: Apache-2.0
// Workloads as CSV and JSON.
#include "icplan/report/workloads.hpp"

#include "base/rounding.hpp"
#include "csv.hpp"
#include "icplan/analysis/workloads.hpp"
#include "icplan/json/writer.hpp"

namespace icplan {
namespace {

using json::Writer;

std::optional<std::int64_t> scaled(const std::optional<double>& value, int decimals, double unit = 1) {
  return value ? std::optional(scaled_value(*value / unit, decimals)) : std::nullopt;
}
std::optional<std::int64_t> seconds(const std::optional<StepTime>& step) {
  return step ? std::optional(scaled_value(step->seconds, 6)) : std::nullopt;
}
std::optional<std::int64_t> stretch(const std::optional<StepTime>& step) {
  return step ? std::optional(scaled_value(step->stretch, 6)) : std::nullopt;
}

void write_step(Writer& out, std::string_view name, const std::optional<StepTime>& step) {
  out.key(name);
  if (!step) {
    out.null();
    return;
  }
  out.begin_object_row().member_decimal("step_s", seconds(step), 6).member_decimal("stretch", stretch(step), 6).end_object();
}

void write_network(Writer& out, const Plan& plan, const WorkloadNetwork& network) {
  out.key("network").begin_object_row();
  out.member("fabric", plan.fabric_name(network.fabric)).member("gpus", network.gpus).member("domain_gpus", network.domain);
  out.member_decimal("injection_gbps_per_gpu", scaled_value(network.injection * 8 / 1e9, 3), 3);
  out.member_decimal("ring_gbps_per_gpu", scaled_value(network.ring * 8 / 1e9, 3), 3).member("ring_binds", network.ring_binds);
  out.member_decimal("all_to_all_gbps_per_gpu", scaled_value(network.all_to_all * 8 / 1e9, 3), 3)
      .member("all_to_all_binds", network.all_to_all_binds);
  out.member_decimal("scale_up_gbytes_per_s", scaled(network.scale_up, 3, 1e9), 3);
  out.end_object();
}

void write_training(Writer& out, const WorkloadReport& report) {
  const auto& layout = *report.layout;
  out.key("layout").begin_object_row();
  out.member("gpus", layout.gpus).member("data", layout.data).member("sequences_per_rank", layout.sequences).member("tokens", layout.tokens);
  out.end_object();
  out.member_decimal("compute_s", scaled(report.compute_s, 6), 6).member("compute_source", report.compute_source);
  write_step(out, "no_overlap", report.no_overlap);
  write_step(out, "stated_overlap", report.stated_overlap);
  write_step(out, "full_overlap", report.full_overlap);
  out.member_decimal("exposed_percent", scaled(report.exposed_share, 3, 0.01), 3);
  out.member_decimal("step_terabytes", scaled_value(report.step_bytes / 1e12, 6), 6);
  out.member_decimal("run_petabytes", scaled(report.run_bytes, 3, 1e15), 3);
  out.member_decimal("average_terabytes_per_s", scaled(report.bytes_per_s, 6, 1e12), 6);
  out.key("patterns").begin_array();
  for (const auto& pattern : report.patterns) {
    out.begin_object_row();
    out.member("pattern", to_text(pattern.pattern)).member("group", pattern.group).member("in_domain", pattern.in_domain);
    out.member_decimal("scale_up_gigabytes", scaled_value(pattern.scale_up_bytes / 1e9, 6), 6);
    out.member_decimal("network_gigabytes", scaled_value(pattern.scale_out_bytes / 1e9, 6), 6);
    out.member_decimal("scale_up_s", scaled(pattern.scale_up_s, 6), 6).member_decimal("network_s", scaled_value(pattern.scale_out_s, 6), 6);
    out.member("binds", pattern.binds).member("overlap", !report.workload->overlap_stated ? "not stated" : pattern.overlapped ? "hidden" : "exposed");
    out.end_object();
  }
  out.end_array();
}

void write_inference(Writer& out, const WorkloadReport& report) {
  const auto& time = *report.inference;
  out.key("inference").begin_object_row();
  out.member("replicas", time.replicas);
  out.member_decimal("scale_up_megabytes_per_token", scaled_value(time.scale_up_bytes / 1e6, 6), 6);
  out.member_decimal("network_megabytes_per_token", scaled_value(time.scale_out_bytes / 1e6, 6), 6);
  out.member_decimal("all_to_all_us", scaled(time.all_to_all_s, 3, 1e-6), 3).member_decimal("ms_per_token", scaled(time.token_s, 6, 1e-3), 6);
  out.member_decimal("tokens_per_s_per_gpu", scaled(time.token_rate, 3), 3).member_decimal("cache_ms", scaled(time.cache_s, 6, 1e-3), 6);
  out.end_object();
}

void write_workload(Writer& out, const WorkloadReport& report) {
  const auto& workload = *report.workload;
  out.begin_object().member("id", workload.id).member("kind", to_text(workload.kind));
  out.key("basis");
  if (workload.basis) out.string(to_text(*workload.basis));
  else out.null();
  if (report.layout) write_training(out, report);
  if (report.inference) write_inference(out, report);
  out.key("binds");
  if (report.binds.empty()) out.null();
  else out.string(report.binds);
  out.key("requirement").begin_object_row();
  out.member_decimal("max_stretch", workload.requirement.max_stretch, 3);
  out.member_decimal("min_gbps_per_gpu", workload.requirement.min_per_gpu, 3);
  out.member_decimal("max_ms_per_token", workload.requirement.max_token_microseconds, 3);
  out.member_decimal("min_tokens_per_s_per_gpu", workload.requirement.min_token_rate, 3);
  out.member("status", to_text(report.requirement)).end_object();
  out.key("claim");
  if (workload.claim.text.empty()) out.null();
  else out.string(workload.claim.text);
  out.key("assumptions").begin_array();
  for (const auto& assumption : workload.assumptions) out.string(assumption);
  out.end_array().end_object();
}

} // namespace

void write_workloads(Writer& out, const Plan& plan) {
  const auto measured = measure_workloads(plan);
  if (measured.network) write_network(out, plan, *measured.network);
  else out.key("network").null();
  out.key("workloads").begin_array();
  for (const auto& report : measured.reports) write_workload(out, report);
  out.end_array();
}

std::string workloads_json(const Plan& plan) {
  std::string text;
  Writer out(text);
  out.begin_object().member("format", "icplan.workloads/1").member("name", plan.spec.name);
  write_workloads(out, plan);
  out.end_object();
  return text;
}

std::string workloads_csv(const Plan& plan) {
  std::string out =
      "workload,kind,gpus,compute_s,no_overlap_s,stated_overlap_s,full_overlap_s,stretch,exposed_percent,binds,step_terabytes,run_petabytes,"
      "all_to_all_us,ms_per_token,tokens_per_s_per_gpu,requirement\n";
  const auto measured = measure_workloads(plan);
  for (const auto& report : measured.reports) {
    const auto inference = report.inference.value_or(InferenceTime{});
    const auto gpus = report.layout      ? std::to_string(report.layout->gpus)
                      : report.inference ? std::to_string(report.inference->replicas * report.workload->inference.gpus)
                                         : std::string();
    const auto step_terabytes = report.layout ? decimal(scaled_value(report.step_bytes / 1e12, 6), 6) : std::string();
    append_csv_row(out, {report.workload->id,
                         to_text(report.workload->kind),
                         gpus,
                         csv_decimal(scaled(report.compute_s, 6), 6),
                         csv_decimal(seconds(report.no_overlap), 6),
                         csv_decimal(seconds(report.stated_overlap), 6),
                         csv_decimal(seconds(report.full_overlap), 6),
                         csv_decimal(stretch(report.judged()), 6),
                         csv_decimal(scaled(report.exposed_share, 3, 0.01), 3),
                         report.binds,
                         step_terabytes,
                         csv_decimal(scaled(report.run_bytes, 3, 1e15), 3),
                         csv_decimal(scaled(inference.all_to_all_s, 3, 1e-6), 3),
                         csv_decimal(scaled(inference.token_s, 6, 1e-3), 6),
                         csv_decimal(scaled(inference.token_rate, 3), 3),
                         to_text(report.requirement)});
  }
  return out;
}

} // namespace icplan
