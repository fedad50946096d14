// SPDX-License-Identifier: Apache-2.0
// The figures that designs are compared by.
#include "icplan/report/compare.hpp"

#include "icplan/analysis/cluster_collectives.hpp"
#include "icplan/analysis/failures.hpp"

#include <algorithm>

namespace icplan {
namespace {

DesignFigures::CollectiveFigure measure_collective(const std::optional<ClusterInputs>& inputs, Collective collective) {
  DesignFigures::CollectiveFigure figure;
  if (!inputs || inputs->group.gpus < 2) return figure;
  figure.present = true;
  const auto time = fastest(collective, inputs->group, std::int64_t{1} << 30);
  if (!time) return figure;
  constexpr double longest_us = 9e12;
  constexpr double picoseconds = 1e6;
  figure.time = Picoseconds(static_cast<std::int64_t>(std::min(time->microseconds, longest_us) * picoseconds));
  figure.lower_bound = time->lower_bound;
  return figure;
}

void measure_running(const Plan& plan, DesignFigures& design) {
  const auto draws = list_draws(plan);
  const auto report = measure_power(plan, draws);
  design.power = report.total;
  design.network_power = report.network;
  design.power_share = measure_network_share(report, draws).maximum;
  design.network_year = yearly_energy(plan.spec.operations, report.network.maximum);
  design.year = yearly_energy(plan.spec.operations, report.total.maximum);
}

void measure_alltoall(const Plan& plan, DesignFigures& design) {
  const auto traffic = measure_traffic(plan);
  const auto* fabric = scale_out_fabric(traffic);
  if (fabric == nullptr) return;
  const auto patterns = measure_patterns(plan, fabric->fabric, {}, {"rail", "direct"});
  if (const auto* rail = patterns.best("rail")) design.rail_alltoall = *rail;
  if (const auto* direct = patterns.best("direct")) design.direct_alltoall = *direct;
}

void measure_worst_switch(const Plan& plan, DesignFigures& design) {
  for (const auto& fabric : measure_failures(plan, FailureKind::switch_)) {
    const auto* worst = fabric.worst_of(FailureKind::switch_);
    if (worst == nullptr || plan.spec.fabrics[fabric.fabric.index()].topology == Topology::access) continue;
    design.switch_cuts_off = std::max(design.switch_cuts_off.value_or(0), worst->outcome.cut_off);
    design.switch_leaves = std::min(design.switch_leaves.value_or(whole_share.count()), worst->outcome.node.count());
  }
}

} // namespace

DesignFigures measure_design(const Plan& plan) {
  DesignFigures design;
  design.counts = count_plan(plan);
  design.endpoints = count_endpoints(plan);
  design.inter_switch_links = count_inter_switch_links(plan);
  design.optical_ends = count_optical_ends(plan);
  for (const auto& line : measure_media(plan)) design.cables[static_cast<std::size_t>(line.media)] = line.cables;
  measure_running(plan, design);
  design.network_cost = measure_network_cost(plan);
  design.cost = measure_cost(plan);
  design.cost_share = measure_cost_share(plan);
  design.oversubscription = worst_oversubscription(plan);
  measure_alltoall(plan, design);
  // Few makers publish the latency of their switches and NICs; without paths, times of most designs are known and have ratios.
  const auto collectives = collective_inputs(plan, {false, false});
  design.all_reduce = measure_collective(collectives, Collective::all_reduce);
  design.all_to_all = measure_collective(collectives, Collective::all_to_all);
  measure_worst_switch(plan, design);
  const auto bandwidth = measure_bandwidth(plan);
  std::optional<std::size_t> fastest;
  for (std::size_t f = 0; f < bandwidth.size(); ++f) {
    const auto& line = bandwidth[f];
    auto& fabric = design.fabrics.emplace_back();
    fabric.name = plan.fabric_name(line.fabric);
    fabric.per_gpu = line.per_gpu;
    fabric.bisection_full = line.bisection_full;
    fabric.bisection_bound = line.bisection_bound;
    design.bisection_bound = design.bisection_bound || line.bisection_bound;
    for (const auto& tier : plan.network.fabrics[f].tiers) fabric.tiers.emplace_back(tier.name, tier.switches);
    if (line.per_gpu && (!fastest || *line.per_gpu > *bandwidth[*fastest].per_gpu)) fastest = f;
    design.injection += line.injection;
    design.gpu_injection += line.gpu_injection;
    design.bisection_full =
        design.bisection_full && line.bisection_full ? std::optional(*design.bisection_full + *line.bisection_full) : std::nullopt;
  }
  if (fastest) design.latency = summarise_latency(measure_latency(plan, bandwidth[*fastest].fabric));
  return design;
}

} // namespace icplan
