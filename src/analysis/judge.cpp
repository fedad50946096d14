// SPDX-License-Identifier: Apache-2.0
// Limits and expectations.
#include "icplan/analysis/judge.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/energy.hpp"
#include "icplan/analysis/failures.hpp"
#include "icplan/analysis/trays.hpp"
#include "icplan/analysis/workloads.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>

namespace icplan {
namespace {

void judge_rack_power(const Plan& plan, Milliwatts limit, Sink& sink) {
  const auto where = plan.spec.limits.origin.of("max_rack_power_kw");
  auto over = Finding::of(Code::limit_exceeded, where, {}, "plan fewer nodes per rack, or raise the limit", 0);
  auto unknown = Finding::of(Code::limit_cannot_be_judged, where, "`max_rack_power_kw` is stated, but some racks hold devices without a known power",
                             "state the figure in an overlay catalog", 0);
  Milliwatts worst;
  for (std::uint32_t r = 0; r < plan.placement.racks.size(); ++r) {
    const auto& rack = plan.placement.racks[r];
    Finding* finding = rack.power > limit ? &over : rack.unknown_power > 0 ? &unknown : nullptr;
    if (finding == nullptr) continue;
    if (rack.power > worst) worst = rack.power;
    finding->add([&] { return plan.placement.rack_name(plan.spec.floor, RackId(r)); });
  }
  over.message = "racks draw up to " + decimal(worst.count(), 6) + " kW, above `max_rack_power_kw` of " + decimal(limit.count(), 6);
  sink.report(std::move(over));
  sink.report(std::move(unknown));
}

void judge_oversubscription(const Plan& plan, Ratio limit, Sink& sink) {
  for (const auto& layout : plan.network.fabrics) {
    const auto topology = plan.spec.fabrics[layout.fabric.index()].topology;
    const bool direct = topology == Topology::dragonfly || topology == Topology::slim_fly || topology == Topology::torus;
    if (direct && layout.host == layout.fabric) {
      sink.report(Code::limit_cannot_be_judged, plan.spec.limits.origin.of("max_oversubscription"),
                  "`max_oversubscription` is stated, but fabric `" + std::string(plan.fabric_name(layout.fabric)) +
                      "` has routers without a tier above, whose oversubscription depends on the traffic",
                  "leave the limit out, and look at the bisection");
    }
    for (const auto& tier : layout.tiers) {
      if (!tier.oversubscription) continue;
      const auto& ratio = *tier.oversubscription;
      // Both sides are products of counts far below 2^31.
      if (ratio.numerator * limit.denominator <= limit.numerator * ratio.denominator) continue;
      sink.report(Code::limit_exceeded, plan.spec.limits.origin.of("max_oversubscription"),
                  "tier `" + tier.name + "` of fabric `" + std::string(plan.fabric_name(layout.fabric)) + "` is oversubscribed " +
                      decimal((ratio.numerator * 1'000'000 + ratio.denominator - 1) / ratio.denominator, 6) + ":1, above `max_oversubscription` of " +
                      decimal(limit.numerator * 1'000'000 / limit.denominator, 6),
                  "lower the fabric's `oversubscription`, or raise the limit");
    }
  }
}

void judge_bandwidth(const Plan& plan, Mbps least, Sink& sink) {
  const auto where = plan.spec.limits.origin.of("min_gbps_per_gpu");
  // The best fabric of the worst-off group: GPUs on no fabric have nothing.
  std::optional<Mbps> best;
  const auto fabrics = measure_bandwidth(plan);
  for (std::uint32_t g = 0; g < plan.spec.nodes.size(); ++g) {
    if (plan.spec.nodes[g].gpus == 0) continue;
    Mbps of_group;
    for (const auto& fabric : fabrics) {
      const auto& attached = plan.spec.fabrics[fabric.fabric.index()].attach;
      const bool joined = std::any_of(attached.begin(), attached.end(), [&](const Attachment& attachment) { return attachment.group.index() == g; });
      if (joined && fabric.per_gpu) of_group = std::max(of_group, *fabric.per_gpu);
    }
    best = best ? std::min(*best, of_group) : of_group;
  }
  if (!best) {
    sink.report(Code::limit_cannot_be_judged, where, "`min_gbps_per_gpu` is stated, but no fabric joins GPUs",
                "attach nodes with GPUs to a fabric, or leave the limit out");
  } else if (*best < least) {
    sink.report(Code::limit_exceeded, where,
                "a GPU of the worst-off group gets " + decimal(best->count(), 3) + " Gb/s, below `min_gbps_per_gpu` of " + decimal(least.count(), 3),
                "attach more or faster ports, or lower the limit");
  }
}

void judge_slots(const Plan& plan, Sink& sink) {
  for (const auto& limit : find_slot_limits(plan)) {
    const auto& nodes = plan.spec.nodes[limit.nodes.index()];
    sink.report(Finding::of(Code::slot_limits_nic, nodes.origin.states("nics") ? nodes.origin.of("nics") : nodes.origin.of("model"),
                            "a `" + limit.slot + "` slot carries " + decimal(limit.slot_rate.count(), 3) + " Gb/s raw, but fabric `" +
                                std::string(plan.fabric_name(limit.fabric)) + "` takes " + decimal(limit.ports.count(), 3) +
                                " Gb/s of each NIC of group `" + nodes.name + "`",
                            "state the slot that the servers have under `nics`, or attach fewer or slower ports",
                            static_cast<std::uint64_t>(limit.nics)));
  }
}

void note_disabled_cages(const Plan& plan, Sink& sink) {
  for (std::size_t f = 0; f < plan.network.fabrics.size(); ++f) {
    const auto& layout = plan.network.fabrics[f];
    const auto use = measure_tiers(plan, f);
    for (std::size_t t = 0; t < use.size() && t < layout.tiers.size(); ++t) {
      sink.report(Finding::of(Code::cages_disabled, plan.spec.fabrics[layout.fabric.index()].origin.of("leaf"),
                              "breakouts of `" + plan.part(layout.tiers[t].model).id + "` disable cages of tier `" + layout.tiers[t].name +
                                  "` of fabric `" + std::string(plan.fabric_name(layout.fabric)) + "`, which stay empty",
                              {}, static_cast<std::uint64_t>(use[t].cages_disabled)));
    }
  }
}

} // namespace

std::optional<std::int64_t> named_count(const Plan& plan, std::string_view name) {
  const auto counts = count_plan(plan);
  const std::array<std::pair<std::string_view, std::int64_t>, 8> totals = {{{"gpus", counts.gpus},
                                                                            {"nodes", counts.nodes},
                                                                            {"support_nodes", counts.support_nodes},
                                                                            {"racks", counts.racks},
                                                                            {"switches", counts.switches},
                                                                            {"links", counts.links},
                                                                            {"cables", counts.cables},
                                                                            {"modules", counts.modules}}};
  for (const auto& [key, count] : totals) {
    if (key == name) return count;
  }
  for (const auto& layout : plan.network.fabrics) {
    for (const auto& tier : layout.tiers) {
      if (std::string(plan.fabric_name(layout.fabric)) + "." + tier.name == name) return tier.switches;
    }
  }
  return std::nullopt;
}

void judge_plan(const Plan& plan, Sink& sink) {
  judge_slots(plan, sink);
  note_disabled_cages(plan, sink);
  const auto& limits = plan.spec.limits;
  if (limits.max_rack_power) judge_rack_power(plan, *limits.max_rack_power, sink);
  if (limits.max_oversubscription) judge_oversubscription(plan, *limits.max_oversubscription, sink);
  if (limits.min_per_gpu) judge_bandwidth(plan, *limits.min_per_gpu, sink);
  judge_whole(plan, sink);
  judge_floor_power(plan, sink);
  judge_failures(plan, sink);
  judge_trays(plan, sink);
  judge_workloads(plan, sink);
  for (const auto& expected : plan.spec.expected) {
    const auto count = named_count(plan, expected.what);
    if (!count) {
      sink.report(Code::unknown_expectation, expected.where, "the plan has no count `" + expected.what + "`",
                  "use gpus, nodes, racks, switches, links, cables, modules, or FABRIC.TIER");
    } else if (*count != expected.count) {
      sink.report(Code::expectation_missed, expected.where,
                  "`" + expected.what + "` is " + grouped(*count) + ", but " + grouped(expected.count) + " is expected",
                  "correct the design or the expectation");
    }
  }
}

} // namespace icplan
