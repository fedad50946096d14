// SPDX-License-Identifier: Apache-2.0
// Limits on what a whole plan costs, draws and takes, and on the parts that it is made of.
#include "icplan/analysis/judge.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/energy.hpp"
#include "icplan/analysis/latency.hpp"
#include "icplan/analysis/traffic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <map>

namespace icplan {
namespace {

/// A total against its limit: one that is above it even without what is unknown breaks it, one below it cannot be judged where something is unknown.
struct JudgedTotal {
  std::string_view key;
  /// "the plan costs", and both figures with their units.
  std::string what;
  std::string shown_total;
  std::string shown_limit;
  std::int64_t total = 0;
  std::int64_t limit = 0;
  /// What has no figure, for a sentence: "12 parts have no price"; empty: everything has.
  std::string missing;
  std::string lower;
  std::string state;
};

void judge(const Plan& plan, const JudgedTotal& total, Sink& sink) {
  const auto where = plan.spec.limits.origin.of(total.key);
  const auto key = "`" + std::string(total.key) + "`";
  if (total.total > total.limit) {
    sink.report(Code::limit_exceeded, where,
                total.what + (total.missing.empty() ? " " : " at least ") + total.shown_total + ", above " + key + " of " + total.shown_limit,
                total.lower + ", or raise the limit");
  } else if (!total.missing.empty()) {
    sink.report(Code::limit_cannot_be_judged, where,
                key + " is stated, but " + total.missing + "; without them " + total.what + " " + total.shown_total + " of " + total.shown_limit,
                total.state);
  }
}

std::string dollars(Cents amount) { return "$" + grouped(amount.count() / 100) + fixed(amount.count() % 100, 2).substr(1); }

void judge_cost(const Plan& plan, Cents limit, Sink& sink) {
  const auto cost = measure_cost(plan);
  judge(plan,
        {"max_cost_usd", "the plan costs", dollars(cost.total), dollars(limit), cost.total.count(), limit.count(),
         cost.unknown_parts == 0 ? "" : counted(cost.unknown_parts, "part has", "parts have") + " no price",
         "take fewer or cheaper parts (`icplan cost` lists them)", "state their prices in a price list: `media.prices`, or `--prices FILE`"},
        sink);
}

void judge_power(const Plan& plan, Milliwatts limit, Sink& sink) {
  const auto total = measure_power(plan).total;
  judge(plan,
        {"max_power_kw", "the plan draws", decimal(total.maximum.count(), 6) + " kW", decimal(limit.count(), 6), total.maximum.count(), limit.count(),
         total.unknown_maximum == 0 ? "" : counted(total.unknown_maximum, "part has", "parts have") + " no known maximum power",
         "take fewer devices, or ones that draw less (`icplan power` lists them)", "state the figures in an overlay catalog"},
        sink);
}

void judge_racks(const Plan& plan, std::int64_t limit, Sink& sink) {
  const auto racks = static_cast<std::int64_t>(plan.placement.racks.size());
  judge(plan,
        {"max_racks", "the plan takes", counted(racks, "rack", "racks"), grouped(limit), racks, limit, {},
         "put more nodes into a rack, or plan fewer", {}},
        sink);
}

void judge_latency(const Plan& plan, Picoseconds limit, Sink& sink) {
  const auto bandwidth = measure_traffic(plan);
  const auto* fabric = scale_out_fabric(bandwidth);
  const auto latency = fabric == nullptr ? std::nullopt : summarise_latency(measure_latency(plan, fabric->fabric));
  if (!latency) {
    sink.report(Code::limit_cannot_be_judged, plan.spec.limits.origin.of("max_latency_us"), "`max_latency_us` is stated, but no two GPUs meet over a fabric",
                "attach nodes with GPUs to a fabric, or leave the limit out");
    return;
  }
  judge(plan,
        {"max_latency_us", "the way between two ports of fabric `" + std::string(plan.fabric_name(fabric->fabric)) + "` takes up to",
         decimal(latency->most.count(), 6) + " us", decimal(limit.count(), 6), latency->most.count(), limit.count(), latency->complete ? "" : "some parts on the way have no known latency (`icplan latency` counts them)",
         "take fewer tiers or shorter cables", "state the figures in an overlay catalog"},
        sink);
}

/// Parts that the limits do not allow; what comes inside another part was not ordered.
void judge_parts(const Plan& plan, Sink& sink) {
  const auto& limits = plan.spec.limits;
  const auto allowed = [&](const Part& part) {
    return limits.vendors.empty() || std::any_of(limits.vendors.begin(), limits.vendors.end(),
                                                 [&](const std::string& maker) { return same_maker(maker, part.manufacturer); });
  };
  std::map<PartId, std::int64_t> ordered;
  for (const auto& row : plan.bom) {
    if (!row.included_in.valid()) ordered[row.part] += row.ordered;
  }
  std::vector<std::string_view> makers(limits.vendors.begin(), limits.vendors.end());
  for (const auto& [id, pieces] : ordered) {
    const auto& part = plan.part(id);
    const auto count = static_cast<std::uint64_t>(pieces);
    if (limits.orderable_only && !part.orderable)
      sink.report(Finding::of(Code::part_not_allowed, limits.origin.of("orderable_only"), "`" + part.id + "` cannot be ordered, and `orderable_only` is set",
                              "state or prefer a part that is on sale, or describe the one that you buy in an overlay catalog", count));
    if (!allowed(part))
      sink.report(Finding::of(Code::part_not_allowed, limits.origin.of("vendors"),
                              "`" + part.id + "` is made by `" + part.manufacturer + "`, and `vendors` allows " + quoted_list(makers) + " only",
                              "take a part of an allowed maker, or add this one to `vendors`", count));
  }
}

} // namespace

void judge_whole(const Plan& plan, Sink& sink) {
  const auto& limits = plan.spec.limits;
  if (limits.max_cost) judge_cost(plan, *limits.max_cost, sink);
  if (limits.max_power) judge_power(plan, *limits.max_power, sink);
  if (limits.max_racks) judge_racks(plan, *limits.max_racks, sink);
  if (limits.max_latency) judge_latency(plan, *limits.max_latency, sink);
  judge_parts(plan, sink);
}

} // namespace icplan
