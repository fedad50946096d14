// SPDX-License-Identifier: Apache-2.0
// Reads the description of one workload.
#include "workload_reading.hpp"

#include "icplan/base/text.hpp"
#include "workload_words.hpp"

#include <algorithm>
#include <initializer_list>

namespace icplan {

using json::ObjectReader;

std::string_view to_text(WorkloadKind kind) { return json::spelling(workload_kind_words, kind); }
std::string_view to_text(TrafficPattern pattern) { return json::spelling(traffic_pattern_words, pattern); }
std::string_view to_text(Sharding sharding) { return json::spelling(sharding_words, sharding); }
std::string_view to_text(CountedAttention attention) { return json::spelling(attention_words, attention); }
std::string_view to_text(Arithmetic arithmetic) { return json::spelling(arithmetic_words, arithmetic); }

namespace {

constexpr std::int64_t most_parameters = 1'000'000'000'000'000;
constexpr std::int64_t most_tokens = 1'000'000'000'000'000'000;
constexpr std::int64_t most_ranks = 4'000'000;
constexpr std::int64_t most_width = 10'000'000;
constexpr std::int64_t most_layers = 100'000;
constexpr std::int64_t most_gigaflops = 1'000'000'000;
constexpr std::int64_t most_mbps = 1'000'000'000;

std::string member_path(const ObjectReader& reader, std::string_view name) {
  return (reader.path().empty() ? "" : reader.path() + ".") + std::string(name);
}

void read_model(ObjectReader& reader, WorkloadKind kind, WorkloadModel& model) {
  const json::Value* value = reader.object("model");
  if (value == nullptr) return;
  ObjectReader item(*value, member_path(reader, "model"), reader.sink());
  model.parameters = item.integer("parameters", 1, most_parameters).value_or(0);
  model.active_parameters = item.integer("active_parameters", 1, most_parameters).value_or(model.parameters);
  model.expert_parameters = item.integer("expert_parameters", 0, most_parameters).value_or(0);
  model.layers = item.integer("layers", 1, most_layers).value_or(0);
  model.expert_layers = item.integer("expert_layers", 0, most_layers).value_or(0);
  model.hidden = item.integer("hidden", 1, most_width).value_or(0);
  model.attention_heads = item.integer("attention_heads", 1, most_width).value_or(0);
  model.kv_heads = item.integer("kv_heads", 1, most_width).value_or(model.attention_heads);
  model.qk_head_dim = item.integer("qk_head_dim", 1, most_width).value_or(0);
  model.v_head_dim = item.integer("v_head_dim", 1, most_width).value_or(model.qk_head_dim);
  model.experts_per_token = item.integer("experts_per_token", 1, most_width).value_or(0);
  model.domains_per_token = item.integer("domains_per_token", 1, most_width).value_or(0);
  if (kind == WorkloadKind::training) item.require("parameters");
  item.require_all({"layers", "hidden"});
  const auto contradiction = [&](std::string_view name, std::int64_t part, std::string_view whole_name, std::int64_t whole) {
    if (part == 0 || whole == 0 || part <= whole) return;
    reader.sink().report(Code::conflicting_values, item.any(name)->where,
                         "`" + std::string(name) + "` is " + grouped(part) + ", more than `" + std::string(whole_name) + "` of " + grouped(whole),
                         "correct one of the two");
  };
  contradiction("active_parameters", model.active_parameters, "parameters", model.parameters);
  contradiction("expert_parameters", model.expert_parameters, "parameters", model.parameters);
  contradiction("expert_layers", model.expert_layers, "layers", model.layers);
  contradiction("domains_per_token", model.domains_per_token, "experts_per_token", model.experts_per_token);
  item.finish();
}

void read_bytes(ObjectReader& reader, WorkloadBytes& bytes) {
  const json::Value* value = reader.object("bytes");
  if (value == nullptr) return;
  ObjectReader item(*value, member_path(reader, "bytes"), reader.sink());
  const auto read = [&](std::string_view name, std::int64_t& to) { to = item.scaled(name, 5, 0, 1'600'000).value_or(to); };
  read("gradient", bytes.gradient);
  read("parameter", bytes.parameter);
  read("activation", bytes.activation);
  read("dispatch", bytes.dispatch);
  read("combine", bytes.combine);
  item.finish();
}

void read_degrees(ObjectReader& reader, const WorkloadModel& model, WorkloadDegrees& degrees) {
  const json::Value* value = reader.object("parallelism");
  if (value == nullptr) return;
  auto& sink = reader.sink();
  ObjectReader item(*value, member_path(reader, "parallelism"), sink);
  degrees.tensor = item.integer("tensor", 1, most_ranks).value_or(1);
  degrees.context = item.integer("context", 1, most_ranks).value_or(1);
  degrees.pipeline = item.integer("pipeline", 1, most_layers).value_or(1);
  degrees.expert = item.integer("expert", 1, most_ranks).value_or(1);
  degrees.stages = item.integer("stages", 1, most_layers).value_or(1);
  item.finish();
  if (model.layers > 0 && degrees.pipeline > model.layers)
    sink.report(Code::conflicting_values, item.any("pipeline")->where,
                "`pipeline` splits " + counted(model.layers, "layer", "layers") + " over " + grouped(degrees.pipeline) + " ranks",
                "use at most one rank for each layer");
  if (degrees.context > 1 && (model.attention_heads == 0 || model.qk_head_dim == 0))
    sink.report(Code::missing_key, item.any("context")->where,
                "what context parallelism sends depends on `attention_heads`, `kv_heads`, `qk_head_dim` and `v_head_dim` of `model`",
                "state them, or leave `context` out");
  if (degrees.expert > 1 && (model.experts_per_token == 0 || model.expert_layers == 0))
    sink.report(Code::missing_key, item.any("expert")->where,
                "what expert parallelism sends depends on `experts_per_token` and `expert_layers` of `model`", "state them, or leave `expert` out");
}

void read_batch(ObjectReader& reader, Workload& workload) {
  const json::Value* value = reader.object("batch");
  if (value == nullptr) return;
  ObjectReader item(*value, member_path(reader, "batch"), reader.sink());
  workload.sequence_tokens = item.integer("sequence_tokens", 1, 1'000'000'000).value_or(0);
  workload.sequences = item.integer("sequences", 1, 1'000'000'000).value_or(0);
  item.require_all({"sequence_tokens", "sequences"});
  item.finish();
}

void read_overlap(ObjectReader& reader, Workload& workload) {
  const json::Value* value = reader.object("overlap");
  if (value == nullptr) return;
  workload.overlap_stated = true;
  ObjectReader item(*value, member_path(reader, "overlap"), reader.sink());
  for (const auto& pattern : traffic_pattern_words) {
    workload.overlapped[static_cast<std::size_t>(pattern.value)] = item.enumeration<bool>(pattern.text, overlap_words).value_or(false);
  }
  item.finish();
}

void read_published(ObjectReader& reader, Workload& workload) {
  const json::Value* value = reader.object("published");
  if (value == nullptr) return;
  ObjectReader item(*value, member_path(reader, "published"), reader.sink());
  PublishedRun run;
  run.gpu = item.string("gpu").value_or("");
  run.gpus = item.integer("gpus", 1, most_ranks).value_or(0);
  run.peak = item.quantity<Gigaflops>("peak_tflops", 3, 1, most_gigaflops);
  run.rate = item.quantity<Gigaflops>("tflops_per_gpu", 3, 1, most_gigaflops);
  run.attention = item.enumeration<CountedAttention>("attention", attention_words).value_or(CountedAttention::none);
  run.step_microseconds = item.scaled("step_s", 6, 1, 1'000'000'000'000);
  run.scale_up_gpus = item.integer("scale_up_gpus", 1, most_ranks).value_or(0);
  run.scale_up = item.quantity<Mbps>("scale_up_gbytes_per_s", 3, 1, most_mbps);
  // Thousandths of a gigabyte a second are 8 Mb/s each.
  if (run.scale_up) run.scale_up = *run.scale_up * 8;
  run.scale_out = item.quantity<Mbps>("scale_out_gbps", 3, 1, most_mbps);
  item.require_all({"gpu", "gpus"});
  if (!run.rate && !run.step_microseconds)
    reader.sink().report(Code::missing_key, value->where, "`published` states no rate", "state `step_s`, or `tflops_per_gpu`");
  item.finish();
  workload.published = run;
}

void read_compute(ObjectReader& reader, Workload& workload) {
  const json::Value* value = reader.object("compute");
  if (value == nullptr) return;
  ObjectReader item(*value, member_path(reader, "compute"), reader.sink());
  StatedCompute compute;
  compute.rate = item.quantity<Gigaflops>("tflops_per_gpu", 3, 1, most_gigaflops);
  compute.share_of_peak = item.scaled("mfu_percent", 3, 1, 100'000);
  compute.attention = item.enumeration<CountedAttention>("attention", attention_words).value_or(CountedAttention::none);
  item.finish();
  if (compute.rate.has_value() == compute.share_of_peak.has_value())
    reader.sink().report(Code::conflicting_values, value->where, "`compute` needs one of `tflops_per_gpu` and `mfu_percent`",
                         "state the rate of one GPU, or the share of its peak");
  workload.compute = compute;
}

void read_inference(ObjectReader& reader, Workload& workload) {
  const json::Value* value = reader.object("inference");
  if (value == nullptr) return;
  ObjectReader item(*value, member_path(reader, "inference"), reader.sink());
  auto& step = workload.inference;
  step.gpus = item.integer("gpus", 1, most_ranks).value_or(0);
  step.tokens_per_gpu = item.integer("tokens_per_gpu", 1, 1'000'000'000).value_or(0);
  step.micro_batches = item.integer("micro_batches", 1, 1'000).value_or(1);
  step.copies_per_token = item.integer("copies_per_token", 1, most_width).value_or(workload.model.experts_per_token);
  step.layers = item.integer("layers", 1, most_layers).value_or(0);
  step.cache_bytes_per_token = item.integer("cache_bytes_per_token", 1, 1'000'000'000'000).value_or(0);
  step.prompt_tokens = item.integer("prompt_tokens", 1, 1'000'000'000).value_or(0);
  item.require("gpus");
  item.finish();
}

void read_requirement(ObjectReader& reader, Workload& workload) {
  const json::Value* value = reader.object("requirement");
  if (value == nullptr) return;
  ObjectReader item(*value, member_path(reader, "requirement"), reader.sink());
  auto& asked = workload.requirement;
  asked.where = value->where;
  asked.where.end = asked.where.begin + 1;
  asked.max_stretch = item.scaled("max_stretch", 3, 1'000, 1'000'000'000);
  asked.min_per_gpu = item.quantity<Mbps>("min_gbps_per_gpu", 3, 1, most_mbps);
  asked.max_token_microseconds = item.scaled("max_ms_per_token", 3, 1, 1'000'000'000'000);
  asked.min_token_rate = item.scaled("min_tokens_per_s_per_gpu", 3, 1, 1'000'000'000'000);
  item.finish();
  const auto without_meaning = [&](std::string_view name, bool meaningful) {
    const json::Value* at = item.any(name);
    if (at == nullptr || meaningful) return;
    reader.sink().report(Code::conflicting_values, at->where,
                         "`" + std::string(name) + "` says nothing about a workload of kind `" + std::string(to_text(workload.kind)) + "`",
                         "leave it out");
  };
  without_meaning("max_stretch", workload.kind == WorkloadKind::training);
  without_meaning("max_ms_per_token", workload.kind == WorkloadKind::inference);
  without_meaning("min_tokens_per_s_per_gpu", workload.kind == WorkloadKind::inference);
}

void read_claim(ObjectReader& reader, Workload& workload) {
  const json::Value* value = reader.object("claim");
  if (value == nullptr) return;
  ObjectReader item(*value, member_path(reader, "claim"), reader.sink());
  workload.claim.text = item.string("text").value_or("");
  const auto from = item.scaled("stretch_from", 3, 1'000, 1'000'000'000);
  const auto to = item.scaled("stretch_to", 3, 1'000, 1'000'000'000);
  if (from) workload.claim.stretch = std::array<std::int64_t, 2>{*from, to.value_or(*from)};
  workload.claim.energy = item.quantity<FemtojoulesPerBit>("pj_per_bit", 3, 1, 1'000'000);
  item.require("text");
  item.finish();
}

/// Members that say nothing about a workload of this kind would look as if they did.
void refuse_members(ObjectReader& reader, WorkloadKind kind, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    const json::Value* value = reader.any(name);
    if (value == nullptr) continue;
    reader.sink().report(Code::conflicting_values, value->where,
                         "`" + std::string(name) + "` says nothing about a workload of kind `" + std::string(to_text(kind)) + "`",
                         "leave it out, or choose another `kind`");
  }
}

void check_kind(ObjectReader& reader, const Workload& workload) {
  switch (workload.kind) {
  case WorkloadKind::training:
    refuse_members(reader, workload.kind, {"inference"});
    reader.require_all({"model", "batch"});
    break;
  case WorkloadKind::inference:
    refuse_members(reader, workload.kind, {"batch", "sharding", "recompute", "overlap", "run_tokens", "compute", "published", "arithmetic"});
    reader.require_all({"model", "inference"});
    break;
  case WorkloadKind::requirement:
    refuse_members(reader, workload.kind,
                   {"model", "bytes", "parallelism", "sharding", "sequence_parallel", "recompute", "batch", "overlap", "run_tokens", "compute",
                    "published", "arithmetic", "inference"});
    if (reader.any("claim") == nullptr) reader.require("requirement");
    break;
  }
}

/// A rate that counts attention says nothing where its size is not known.
void check_attention(ObjectReader& reader, const Workload& workload) {
  const auto counted = [&](std::string_view name, CountedAttention attention) {
    if (attention == CountedAttention::none || (workload.model.attention_heads > 0 && workload.model.qk_head_dim > 0)) return;
    reader.sink().report(Code::missing_key, reader.any(name)->where,
                         "`" + std::string(name) + "` counts attention, which depends on `attention_heads` and `qk_head_dim` of `model`",
                         "state them, or leave `attention` out");
  };
  if (workload.published) counted("published", workload.published->attention);
  if (workload.compute) counted("compute", workload.compute->attention);
  if (workload.kind == WorkloadKind::training && workload.degrees.expert > 1 && workload.model.expert_parameters == 0)
    reader.sink().report(Code::missing_key, reader.any("parallelism")->where,
                         "what data parallelism sends of experts depends on `expert_parameters` of `model`", "state them, or leave `expert` out");
}

} // namespace

std::optional<Workload> read_workload_body(ObjectReader& reader) {
  const auto errors_before = reader.sink().errors();
  Workload workload;
  workload.name = reader.string("name").value_or("");
  if (!is_printable(workload.name))
    reader.sink().report(Code::unknown_word, reader.any("name")->where, "`name` holds control characters", "leave them out");
  const auto kind = reader.enumeration<WorkloadKind>("kind", workload_kind_words);
  const bool named = reader.require("kind");
  workload.kind = kind.value_or(WorkloadKind::training);
  read_model(reader, workload.kind, workload.model);
  read_bytes(reader, workload.bytes);
  read_degrees(reader, workload.model, workload.degrees);
  workload.sharding = reader.enumeration<Sharding>("sharding", sharding_words).value_or(Sharding::sharded);
  workload.arithmetic = reader.enumeration<Arithmetic>("arithmetic", arithmetic_words).value_or(Arithmetic::bf16);
  workload.sequence_parallel = reader.boolean("sequence_parallel").value_or(false);
  workload.recompute = reader.boolean("recompute").value_or(false);
  read_batch(reader, workload);
  workload.run_tokens = reader.integer("run_tokens", 1, most_tokens).value_or(0);
  read_overlap(reader, workload);
  read_published(reader, workload);
  read_compute(reader, workload);
  read_inference(reader, workload);
  read_requirement(reader, workload);
  read_claim(reader, workload);
  workload.assumptions = reader.strings("assumptions");
  if (named && kind) check_kind(reader, workload);
  check_attention(reader, workload);
  if (reader.sink().errors() != errors_before) return std::nullopt;
  return workload;
}

std::optional<Workload> read_workload(const CatalogEntry& entry, Sink& sink) {
  const auto errors_before = sink.errors();
  ObjectReader reader(*entry.entry, "workload " + entry.id, sink);
  for (const auto name : {"id", "basis", "source", "figures"}) reader.ignore(name);
  auto workload = read_workload_body(reader);
  reader.finish();
  if (!workload || sink.errors() != errors_before) return std::nullopt;
  workload->id = entry.id;
  workload->basis = entry.basis;
  workload->where = entry.where;
  workload->requirement.basis = figure_basis(entry, "requirement");
  return workload;
}

void check_workloads(const Catalog& catalog, Sink& sink) {
  for (const auto& [id, entry] : catalog.workloads()) static_cast<void>(read_workload(entry, sink));
}

} // namespace icplan
