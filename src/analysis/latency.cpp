// SPDX-License-Identifier: Apache-2.0
// Latency of a fabric by class of pairs, and what its means are made of.
#include "icplan/analysis/latency.hpp"

#include "latency_graph.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::vector<LatencyClass> measure_classes(const DelayGraph& graph, bool means_only, std::int64_t& stride) {
  auto classes = measure_by_tier(graph, means_only);
  return classes ? std::move(*classes) : measure_by_hops(graph, means_only, stride);
}

/// The means where one term alone counts. Equal figures need no measurement.
std::vector<Picoseconds> means_of(const Plan& plan, FabricId fabric, TermMask mask, const std::vector<LatencyClass>& classes,
                                  std::optional<std::int64_t> nic, std::optional<std::int64_t> box) {
  std::vector<Picoseconds> means;
  bool equal = nic.has_value() && box.has_value();
  for (const auto& line : classes) {
    equal = equal && (line.fewest_switches == line.most_switches || *box == 0);
    if (equal) means.emplace_back(2 * *nic + line.fewest_switches * *box);
  }
  if (equal) return means;
  means.clear();
  std::int64_t stride = 1;
  for (const auto& line : measure_classes(delay_graph(plan, fabric, mask), true, stride)) means.push_back(line.mean.value_or(Picoseconds(0)));
  return means;
}

/// Says what the means are made of. What remains of a mean is the cables'.
void split_means(const Plan& plan, const DelayGraph& graph, FabricId fabric, std::vector<LatencyClass>& classes) {
  const auto nics = means_of(plan, fabric, {true, false, false, false}, classes, graph.nic_delay, 0);
  const auto switches = means_of(plan, fabric, {false, true, false, false}, classes, 0, graph.switch_delay);
  const auto no_modules = graph.known_modules ? std::nullopt : std::optional<std::int64_t>(0);
  const auto modules = means_of(plan, fabric, {false, false, true, false}, classes, no_modules, no_modules);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (!classes[i].mean) continue;
    auto& terms = classes[i].terms;
    terms = {nics[i], switches[i], modules[i], {}};
    terms.cables = Picoseconds(std::max<std::int64_t>(0, (*classes[i].mean - terms.nics - terms.switches - terms.modules).count()));
  }
}

} // namespace

std::string_view to_text(PairClass kind) {
  switch (kind) {
  case PairClass::same_domain: return "same-domain";
  case PairClass::same_leaf: return "same-leaf";
  case PairClass::same_pod: return "same-pod";
  case PairClass::across_core: return "across-core";
  case PairClass::hops: return "hops";
  case PairClass::across_halls: return "across-halls";
  }
  return "";
}

FabricLatency measure_fabric_latency(const Plan& plan, FabricId fabric) {
  FabricLatency result;
  result.fabric = fabric;
  if (plan.spec.fabrics[fabric.index()].topology == Topology::access) return result;
  const auto graph = delay_graph(plan, fabric, {});
  if (graph.ports.empty()) return result;
  result.classes = measure_classes(graph, false, result.stride);
  split_means(plan, graph, fabric, result.classes);
  result.missing = graph.missing;
  result.default_fibre = graph.default_fibre;
  result.default_copper = graph.default_copper;
  return result;
}

std::optional<OverallLatency> summarise_latency(const std::vector<LatencyClass>& classes) {
  OverallLatency all;
  all.complete = true;
  WideSum sum = 0;
  WideSum pairs = 0;
  for (const auto& line : classes) {
    if (!line.mean) continue;
    pairs += line.pairs;
    sum += WideSum{line.mean->count()} * line.pairs;
    all.most = std::max(all.most, *line.most);
    all.complete = all.complete && line.complete();
  }
  if (pairs == 0) return std::nullopt;
  all.mean = Picoseconds(rounded_quotient(sum, pairs));
  return all;
}

std::vector<LatencyClass> measure_latency(const Plan& plan, FabricId fabric) { return measure_fabric_latency(plan, fabric).classes; }

} // namespace icplan
