// SPDX-License-Identifier: Apache-2.0
// Collectives as tables for readers, as CSV and as JSON.
#include "icplan/report/collectives.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/cluster_collectives.hpp"
#include "icplan/analysis/traffic.hpp"

#include "base/rounding.hpp"
#include "csv.hpp"
#include "icplan/base/text.hpp"
#include "icplan/json/writer.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace icplan {
namespace {

/// Four digits: "1.875", "400.0", "31,250"; not more than six after the point.
std::string four_digits(double value, Rounding rounding) {
  int decimals = 6;
  for (double limit = 0.01; decimals > 0 && value >= limit; limit *= 10) --decimals;
  return grouped_fixed(scaled_value(value, decimals, rounding), decimals);
}

std::string time_text(double microseconds, Rounding rounding) {
  if (microseconds < 1e3) return four_digits(microseconds, rounding) + " us";
  if (microseconds < 1e6) return four_digits(microseconds / 1e3, rounding) + " ms";
  return four_digits(microseconds / 1e6, rounding) + " s";
}

std::string time_text(const CollectiveTime& time) {
  return time.lower_bound ? ">= " + time_text(time.microseconds, Rounding::down) : time_text(time.microseconds, Rounding::nearest);
}

std::string bandwidth_text(const CollectiveTime& time, double gbytes) {
  return time.lower_bound ? "<= " + four_digits(gbytes, Rounding::up) : four_digits(gbytes, Rounding::nearest);
}

std::string size_text(std::int64_t bytes) {
  constexpr std::array<std::string_view, 4> units = {"B", "KiB", "MiB", "GiB"};
  std::size_t unit = 0;
  for (; unit + 1 < units.size() && bytes % 1024 == 0; ++unit) bytes /= 1024;
  return std::to_string(bytes) + " " + std::string(units[unit]);
}

std::string capitalised(std::string_view text) {
  std::string out(text);
  if (!out.empty() && out.front() >= 'a' && out.front() <= 'z') out.front() = static_cast<char>(out.front() - 'a' + 'A');
  return out;
}

std::string microseconds_text(double value) { return decimal(scaled_value(value, 3), 3) + " us"; }

const CollectiveTime* find(const CollectiveGroup& group, Collective collective, Algorithm algorithm, std::int64_t bytes) {
  const auto found = std::find_if(group.times.begin(), group.times.end(), [&](const CollectiveTime& time) {
    return time.collective == collective && time.algorithm == algorithm && time.bytes == bytes;
  });
  return found == group.times.end() ? nullptr : &*found;
}

const CollectiveTime* fastest_of(const CollectiveGroup& group, Collective collective, std::int64_t bytes) {
  const CollectiveTime* best = nullptr;
  for (const auto& time : group.times) {
    if (time.collective != collective || time.bytes != bytes) continue;
    if (best == nullptr || time.microseconds < best->microseconds) best = &time;
  }
  return best;
}

struct RateRow {
  std::string_view key;
  std::string_view label;
  const std::optional<NetworkRate>& rate;
};

std::vector<RateRow> network_rates(const CollectiveInputs& inputs) {
  return {{"injection", "injection", inputs.injection},
          {"ring", "rings of domains", inputs.ring},
          {"tree", "trees over domains", inputs.tree},
          {"rail_all_to_all", "all-to-all within rails", inputs.rail_all_to_all},
          {"direct_all_to_all", "all-to-all between all GPUs", inputs.direct_all_to_all}};
}

std::string gbps_text(double gbps) { return grouped_decimal(scaled_value(gbps, 3), 3); }

void add_path_notes(Section& section, const ClusterInputs& inputs) {
  const auto& group = inputs.group;
  if (group.domains() > 1) {
    auto path = "a step over the network: software, and the path between two GPUs, on average " + microseconds_text(group.network_path_us);
    if (group.network_path_us == 0) path = "a step over the network: software alone, because no latency of a path is known";
    if (inputs.missing_figures > 0) path += ", without up to " + counted(inputs.missing_figures, "part", "parts") + " of unknown latency";
    section.notes.push_back(path);
  }
  section.notes.push_back("software: the constants of NCCL 2.7, with the faster of its protocols LL and Simple");
  section.notes.push_back("floor: the fastest algorithm's time without any software; rates are ideal, no efficiency is taken off");
  section.notes.push_back(
      group.network_reduces
          ? "in-network: taken for granted that the switches of the network and of scale-up domains add up; the plan does not know it"
          : "in-network reduction is left out, because the plan does not know which switches add up; `--in-network` takes it that all do");
  if (group.path_partial || !group.scale_up_gbps)
    section.notes.push_back("a time after >= is a lower bound and a bandwidth after <= an upper one, because figures are missing");
}

Section rates_section(const Plan& plan, const ClusterInputs& inputs) {
  const auto& group = inputs.group;
  Section section;
  section.title = "Collectives";
  const auto all = count_plan(plan).gpus;
  auto line = all > group.gpus ? grouped(group.gpus) + " of " + counted(all, "GPU", "GPUs") : counted(group.gpus, "GPU", "GPUs");
  if (group.domain > 1) line += " in " + counted(group.domains(), "scale-up domain", "scale-up domains") + " of up to " + grouped(group.domain);
  line += ", fabric " + std::string(plan.fabric_name(inputs.fabric));
  section.lines.push_back(line);
  if (auto remark = ports_remark(plan, inputs.fabric); !remark.empty()) section.lines.push_back(std::move(remark));
  section.table.columns = {{"rate of one GPU", false}, {"Gb/s", true}, {"bound by", false}};
  if (group.domain > 1)
    section.table.rows.push_back({"scale-up links", group.scale_up_gbps ? gbps_text(*group.scale_up_gbps) : "unknown", "scale-up"});
  for (const auto& row : network_rates(group)) {
    if (group.domains() < 2) break;
    section.table.rows.push_back({std::string(row.label), row.rate ? gbps_text(row.rate->gbps) : "-", row.rate ? row.rate->binds : "no path"});
  }
  add_path_notes(section, inputs);
  return section;
}

Section table_of(const CollectiveGroup& group, Collective collective) {
  Section section;
  section.title =
      capitalised(to_text(collective)) + " of " + counted(group.inputs.gpus, "GPU", "GPUs") + (group.name == "domain" ? ", one scale-up domain" : "");
  std::vector<Algorithm> algorithms;
  for (const auto algorithm : algorithms_of(collective)) {
    if (find(group, collective, algorithm, collective_sizes().front()) != nullptr) algorithms.push_back(algorithm);
  }
  if (algorithms.empty()) {
    section.lines.push_back("not known: the plan has no rate for it");
    return section;
  }
  auto& table = section.table;
  table.columns = {{"size", true}};
  for (const auto algorithm : algorithms) table.columns.push_back({std::string(to_text(algorithm)), true});
  table.columns.insert(table.columns.end(), {{"fastest", false}, {"floor", true}, {"algbw GB/s", true}, {"busbw GB/s", true}, {"bound by", false}});
  for (const auto bytes : collective_sizes()) {
    auto& row = table.rows.emplace_back();
    row.push_back(size_text(bytes));
    for (const auto algorithm : algorithms) row.push_back(time_text(*find(group, collective, algorithm, bytes)));
    const auto& best = *fastest_of(group, collective, bytes);
    row.insert(row.end(), {std::string(to_text(best.algorithm)), time_text(best.floor_us, Rounding::down), bandwidth_text(best, best.algbw),
                           bandwidth_text(best, best.busbw), best.binds});
  }
  return section;
}

void append_row(std::string& out, const CollectiveGroup& group, const CollectiveTime& time) {
  const auto down = time.lower_bound ? Rounding::down : Rounding::nearest;
  const auto up = time.lower_bound ? Rounding::up : Rounding::nearest;
  append_csv_row(out, {group.name, std::to_string(group.inputs.gpus), to_text(time.collective), to_text(time.algorithm), time.protocol,
                       std::to_string(time.bytes), decimal(scaled_value(time.microseconds, 3, down), 3),
                       decimal(scaled_value(time.latency_us, 3, down), 3), decimal(scaled_value(time.floor_us, 3, Rounding::down), 3),
                       decimal(scaled_value(time.algbw, 6, up), 6), decimal(scaled_value(time.busbw, 6, up), 6), time.binds,
                       time.lower_bound ? "lower" : "exact", fastest_of(group, time.collective, time.bytes) == &time ? "yes" : "no"});
}

void write_time(json::Writer& out, const CollectiveGroup& group, const CollectiveTime& time) {
  const auto down = time.lower_bound ? Rounding::down : Rounding::nearest;
  const auto up = time.lower_bound ? Rounding::up : Rounding::nearest;
  out.begin_object_row().member("collective", to_text(time.collective)).member("algorithm", to_text(time.algorithm));
  out.member("protocol", time.protocol).member("bytes", time.bytes);
  out.member_decimal("time_us", scaled_value(time.microseconds, 3, down), 3).member_decimal("latency_us", scaled_value(time.latency_us, 3, down), 3);
  out.member_decimal("floor_us", scaled_value(time.floor_us, 3, Rounding::down), 3);
  out.member_decimal("algbw_gbytes_per_s", scaled_value(time.algbw, 6, up), 6).member_decimal("busbw_gbytes_per_s", scaled_value(time.busbw, 6, up), 6);
  out.member("bound_by", time.binds).member_bool("lower_bound", time.lower_bound);
  out.member_bool("fastest", fastest_of(group, time.collective, time.bytes) == &time).end_object();
}

void write_inputs(json::Writer& out, const Plan& plan, const ClusterInputs& inputs) {
  const auto& group = inputs.group;
  out.key("inputs").begin_object();
  out.member("fabric", plan.fabric_name(inputs.fabric))
      .member("gpus", group.gpus)
      .member("domain_gpus", group.domain)
      .member("domains", group.domains());
  const auto rate = [](double gbps) { return std::optional(scaled_value(gbps, 6, Rounding::down)); };
  out.member_decimal("scale_up_gbps", group.scale_up_gbps ? rate(*group.scale_up_gbps) : std::nullopt, 6);
  out.key("network_gbps").begin_object();
  for (const auto& row : network_rates(group)) {
    out.key(row.key).begin_object_row();
    out.member_decimal("gbps", row.rate ? rate(row.rate->gbps) : std::nullopt, 6)
        .member("bound_by", row.rate ? row.rate->binds : std::string())
        .end_object();
  }
  out.end_object();
  out.member_decimal("network_path_us", scaled_value(group.network_path_us, 3, Rounding::down), 3);
  out.member_decimal("least_network_path_us", scaled_value(group.least_network_path_us, 3, Rounding::down), 3);
  out.member("missing_figures", inputs.missing_figures).member("software", "nccl-2.7").member_bool("in_network", group.network_reduces).end_object();
}

} // namespace

std::vector<Section> collective_sections(const Plan& plan, bool in_network) {
  const auto inputs = collective_inputs(plan, {in_network, true});
  if (!inputs || inputs->group.gpus < 2) {
    Section none;
    none.title = "Collectives";
    none.lines.push_back("no fabric joins two GPUs");
    return {none};
  }
  std::vector<Section> sections = {rates_section(plan, *inputs)};
  for (const auto& group : time_collectives(*inputs)) {
    for (const auto collective : all_collectives) sections.push_back(table_of(group, collective));
  }
  return sections;
}

std::string collectives_csv(const Plan& plan, bool in_network) {
  std::string out =
      "group,gpus,collective,algorithm,protocol,bytes,time_us,latency_us,floor_us,algbw_gbytes_per_s,busbw_gbytes_per_s,bound_by,bound,fastest\n";
  const auto inputs = collective_inputs(plan, {in_network, true});
  if (!inputs) return out;
  for (const auto& group : time_collectives(*inputs)) {
    for (const auto& time : group.times) append_row(out, group, time);
  }
  return out;
}

std::string collectives_json(const Plan& plan, bool in_network) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("format", "icplan.collectives/1").member("name", plan.spec.name);
  const auto inputs = collective_inputs(plan, {in_network, true});
  if (inputs) write_inputs(out, plan, *inputs);
  out.key("groups").begin_array();
  for (const auto& group : inputs ? time_collectives(*inputs) : std::vector<CollectiveGroup>()) {
    out.begin_object().member("group", group.name).member("gpus", group.inputs.gpus).key("times").begin_array();
    for (const auto& time : group.times) write_time(out, group, time);
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return text;
}

} // namespace icplan
