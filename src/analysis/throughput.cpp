// SPDX-License-Identifier: Apache-2.0
// Loads of links against their capacities.
#include "throughput.hpp"

#include "concurrent.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

namespace icplan {
namespace {

/// Arcs that one pattern may look at: some seconds.
constexpr std::int64_t most_work = 2'000'000'000;
constexpr double infinite = std::numeric_limits<double>::infinity();
/// What rounding may do to sums of many shares.
constexpr double rounding = 1e-9;

/// Parts of the switches that stay joined by the arcs that `keep` accepts; switches that `within` refuses are in none.
template <class Within, class Keep> Cut cut_by(const Plan& plan, const SwitchGraph& graph, const Within& within, const Keep& keep) {
  constexpr auto none = std::numeric_limits<std::uint32_t>::max();
  Cut cut;
  auto& part = cut.part_of_vertex;
  part.assign(graph.vertices(), none);
  std::uint32_t parts = 0;
  std::vector<std::uint32_t> queue;
  for (std::uint32_t start = 0; start < graph.vertices(); ++start) {
    if (part[start] != none || !within(start)) continue;
    queue.assign(1, start);
    part[start] = parts;
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (auto arc = graph.first[queue[i]]; arc < graph.first[queue[i] + 1]; ++arc) {
        const auto w = graph.to[arc];
        if (part[w] != none || !within(w) || !keep(arc)) continue;
        part[w] = parts;
        queue.push_back(w);
      }
    }
    ++parts;
  }
  // All others are one part, which nothing is asked of.
  for (auto& p : part) p = std::min(p, parts);
  cut.capacity.assign(parts + 1U, 0);
  for (std::uint32_t v = 0; v < graph.vertices(); ++v) {
    for (auto arc = graph.first[v]; arc < graph.first[v + 1]; ++arc) {
      if (part[graph.to[arc]] == part[v]) continue;
      cut.capacity[part[v]] += graph.capacity[arc];
      if (cut.name.empty() && part[v] < parts) cut.name = arc_name(plan, graph, v, arc);
    }
  }
  cut.capacity.back() = infinite;
  return cut;
}

/// Every switch alone, the switches up to each tier, and those that global links join.
std::vector<Cut> ladder_of(const Plan& plan, const SwitchGraph& graph) {
  const auto top = graph.tier.empty() ? std::uint8_t{0} : *std::max_element(graph.tier.begin(), graph.tier.end());
  const auto nothing = [](std::uint32_t) { return false; };
  std::vector<Cut> cuts;
  cuts.push_back(cut_by(
      plan, graph, [&](std::uint32_t v) { return graph.tier[v] == 1; }, nothing));
  for (std::uint8_t t = 2; t < top; ++t)
    cuts.push_back(cut_by(
        plan, graph, [&](std::uint32_t v) { return graph.tier[v] <= t; }, [](std::uint32_t) { return true; }));
  const bool groups = std::find(graph.kind.begin(), graph.kind.end(), LinkKind::global) != graph.kind.end();
  if (groups)
    cuts.push_back(cut_by(
        plan, graph, [](std::uint32_t) { return true; }, [&](std::uint32_t arc) { return graph.kind[arc] != LinkKind::global; }));
  return cuts;
}

/// Arcs between the same classes with the same capacity: they carry the same, on average over the members of the classes.
struct ArcClasses {
  std::vector<std::uint32_t> of_arc;
  /// By class: capacity, how many arcs, and one of them with where it starts.
  std::vector<double> capacity;
  std::vector<double> count;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> example;
};

ArcClasses classify_arcs(const SwitchGraph& graph, const std::vector<std::uint32_t>& colour) {
  ArcClasses classes;
  classes.of_arc.resize(graph.arcs());
  using Key = std::tuple<std::uint32_t, std::uint32_t, double>;
  std::map<Key, std::uint32_t> numbers;
  Key last(0, 0, -1);
  std::uint32_t number = 0;
  for (std::uint32_t v = 0; v < graph.vertices(); ++v) {
    for (auto arc = graph.first[v]; arc < graph.first[v + 1]; ++arc) {
      const Key key(colour[v], colour[graph.to[arc]], graph.capacity[arc]);
      if (key != last) {
        const auto found = numbers.try_emplace(key, static_cast<std::uint32_t>(classes.capacity.size()));
        if (found.second) {
          classes.capacity.push_back(graph.capacity[arc]);
          classes.count.push_back(0);
          classes.example.emplace_back(v, arc);
        }
        number = found.first->second;
        last = key;
      }
      classes.of_arc[arc] = number;
      classes.count[number] += 1;
    }
  }
  return classes;
}

/// A sender for each class, with how many there are of it.
std::vector<FlowSource> sources_of(const Demand& demand, const std::vector<std::uint32_t>& colour) {
  std::vector<FlowSource> sources;
  std::vector<std::uint32_t> source_of_colour(colour.size(), std::numeric_limits<std::uint32_t>::max());
  for (const auto leaf : demand.senders()) {
    auto& number = source_of_colour[colour[leaf]];
    if (number >= sources.size()) {
      number = static_cast<std::uint32_t>(sources.size());
      sources.push_back({leaf, 0});
    }
    sources[number].times += 1;
  }
  return sources;
}

std::vector<std::uint32_t> all_different(const SwitchGraph& graph) {
  std::vector<std::uint32_t> colour(graph.vertices());
  std::iota(colour.begin(), colour.end(), 0U);
  return colour;
}

/// What every arc carries where all GPUs send 1, spread over shortest paths; and the sum of demand times distance.
struct Spread {
  std::vector<double> load;
  double hops = 0;
};

/// Whether all walks together would take too much work, by those that are done. The first ones soon say so of networks that are far too large.
bool too_much(const Spreader& spreader, std::size_t done, std::size_t all) {
  if (spreader.work() > most_work) return true;
  return done == 8 && spreader.work() / 8 > most_work / static_cast<std::int64_t>(all) * 2;
}

/// Nothing where the sources are too many to look at them all: some of them say nothing about the links of the others.
std::optional<Spread> spread_all(const SwitchGraph& graph, const Demand& demand, const std::vector<FlowSource>& sources) {
  Spread result;
  result.load.assign(graph.arcs(), 0);
  std::vector<double> row(graph.vertices(), 0);
  Spreader spreader(graph);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    std::fill(row.begin(), row.end(), 0);
    demand.add_row(sources[i].leaf, row);
    result.hops += spreader.spread(sources[i].leaf, row, sources[i].times, result.load);
    if (too_much(spreader, i + 1, sources.size())) return std::nullopt;
  }
  return result;
}

/// Whether the sums are those of the same senders and receivers but for rounding.
bool same_sums(const CutDemand& a, const CutDemand& b) {
  const auto near = [](double x, double y) { return std::abs(x - y) <= rounding * std::max(x, y); };
  return std::equal(a.out.begin(), a.out.end(), b.out.begin(), near) && std::equal(a.in.begin(), a.in.end(), b.in.begin(), near);
}

/// What every arc carries by way of random routers. False where not all switches could be looked at.
bool spread_by_routers(const SwitchGraph& graph, const CutDemand& sums, std::vector<double>& load) {
  std::vector<std::uint32_t> size(graph.vertices(), 0);
  for (const auto component : graph.component) ++size[component];
  std::vector<double> evenly(graph.vertices(), 0);
  std::vector<double> there(graph.arcs(), 0);
  std::vector<double> back(graph.arcs(), 0);
  Spreader spreader(graph);
  for (std::uint32_t v = 0; v < graph.vertices(); ++v) {
    if (sums.out[v] + sums.in[v] <= 0) continue;
    const auto share = 1.0 / size[graph.component[v]];
    for (std::uint32_t w = 0; w < graph.vertices(); ++w) evenly[w] = w != v && graph.component[w] == graph.component[v] ? share : 0;
    // The way back is the same way: only what arrives beyond what leaves takes a walk of its own.
    const auto both = std::min(sums.out[v], sums.in[v]);
    if (both > 0) spreader.spread(v, evenly, both, there);
    if (sums.out[v] > both * (1 + rounding)) spreader.spread(v, evenly, sums.out[v] - both, load);
    if (sums.in[v] > both * (1 + rounding)) spreader.spread(v, evenly, sums.in[v] - both, back);
    if (too_much(spreader, v + 1U, graph.vertices())) return false;
  }
  for (std::uint32_t arc = 0; arc < graph.arcs(); ++arc) {
    const auto reverse = graph.reverse[arc];
    load[arc] += there[arc] + there[reverse] + back[reverse];
  }
  return true;
}

/// Lowers `bound` to the limit and remembers what it was.
void lower_to(double limit, const std::string& name, double& bound, std::string& binds) {
  if (limit >= bound * (1 - rounding)) return;
  bound = limit;
  binds = name;
}

void bound_from_above(const TrafficPlane& plane, const Demand& demand, PlaneThroughput& result) {
  lower_to(demand.port_limit(), "node-leaf", result.upper, result.binds);
  for (const auto& cut : plane.cuts) {
    const auto asked = demand.cut(cut.part_of_vertex, static_cast<std::uint32_t>(cut.capacity.size()));
    for (std::size_t p = 0; p < cut.capacity.size(); ++p) {
      const auto most = std::max(asked.out[p], asked.in[p]);
      // What rounding leaves of a part that sends nothing out is no demand.
      if (most > rounding) lower_to(cut.capacity[p] / most, cut.name, result.upper, result.binds);
    }
  }
}

double bound_from_below(const Plan& plan, const TrafficPlane& plane, const Demand& demand, const ArcClasses& classes,
                        const std::vector<double>& arc_load, std::string& binds) {
  double bound = infinite;
  lower_to(demand.port_limit(), "node-leaf", bound, binds);
  std::vector<double> load(classes.capacity.size(), 0);
  for (std::uint32_t arc = 0; arc < plane.graph.arcs(); ++arc) load[classes.of_arc[arc]] += arc_load[arc];
  for (std::size_t c = 0; c < load.size(); ++c) {
    if (load[c] <= 0) continue;
    const auto limit = classes.capacity[c] * classes.count[c] / load[c];
    if (limit >= bound * (1 - rounding)) continue;
    lower_to(limit, arc_name(plan, plane.graph, classes.example[c].first, classes.example[c].second), bound, binds);
  }
  return bound;
}

/// What other paths than the shortest ones gain, and what lengths of links say against it.
void narrow(const TrafficPlane& plane, const Demand& demand, const std::vector<std::uint32_t>& colour, const ArcClasses& classes,
            const std::vector<double>& arc_load, PlaneThroughput& ideal) {
  std::vector<double> load(classes.capacity.size(), 0);
  for (std::uint32_t arc = 0; arc < plane.graph.arcs(); ++arc) load[classes.of_arc[arc]] += arc_load[arc];
  FlowClasses flow{classes.capacity, classes.of_arc};
  for (std::size_t c = 0; c < flow.capacity.size(); ++c) flow.capacity[c] *= classes.count[c];
  const auto found = narrow_flow(plane.graph, demand, sources_of(demand, colour), flow, std::move(load), {ideal.lower, ideal.upper});
  // A flow may fill links that node ports could not feed.
  ideal.upper = std::min(ideal.upper, found.upper);
  ideal.lower = std::min(std::max(ideal.lower, found.lower), ideal.upper);
}

} // namespace

TrafficPlanes make_planes(const Plan& plan, FabricId fabric, const Removal& removal) {
  const auto host = plan.network.fabrics[fabric.index()].host;
  const auto topology = plan.spec.fabrics[host.index()].topology;
  const auto count = plan.spec.fabrics[fabric.index()].planes;
  std::vector<TrafficPlane> planes(static_cast<std::size_t>(count));
  for (std::size_t p = 0; p < planes.size(); ++p) {
    auto& plane = planes[p];
    plane.graph = make_switch_graph(plan, fabric, static_cast<std::int64_t>(p), removal);
    plane.cuts = ladder_of(plan, plane.graph);
    switch (topology) {
    case Topology::explicit_links:
    case Topology::dragonfly:
    case Topology::dragonfly_plus:
    case Topology::slim_fly:
    case Topology::torus: plane.classes = false; break;
    default: break;
    }
  }
  auto endpoints = find_endpoints(plan, fabric, removal);
  for (const auto& port : endpoints.ports) planes[port.plane].ports.push_back(port);
  return {std::move(planes), std::move(endpoints.devices)};
}

RoutedThroughput measure_throughput(const Plan& plan, const TrafficPlane& plane, const Demand& demand) {
  const auto& graph = plane.graph;
  const auto colour = plane.classes ? refine_classes(graph, demand) : all_different(graph);
  const auto classes = classify_arcs(graph, colour);
  RoutedThroughput result;
  auto& minimal = result.minimal;
  auto& ideal = result.ideal;
  bound_from_above(plane, demand, ideal);
  const auto spread = spread_all(graph, demand, sources_of(demand, colour));
  if (!spread) {
    minimal = ideal;
    minimal.lower = ideal.lower = 0;
    return result;
  }
  minimal.lower = minimal.upper = bound_from_below(plan, plane, demand, classes, spread->load, minimal.binds);
  ideal.lower = minimal.lower;
  // Every unit of a demand takes at least its distance of the capacity.
  if (spread->hops > 0)
    lower_to(std::accumulate(graph.capacity.begin(), graph.capacity.end(), 0.0) / spread->hops, "all links", ideal.upper, ideal.binds);
  if (ideal.lower < ideal.upper * (1 - rounding)) narrow(plane, demand, colour, classes, spread->load, ideal);
  if (ideal.lower >= ideal.upper * (1 - rounding)) {
    ideal.lower = ideal.upper;
  } else {
    ideal.binds = minimal.binds;
  }
  return result;
}

PlaneThroughput ValiantMeter::measure(const Demand& demand) {
  const auto& graph = plane_.graph;
  const auto singles = all_different(graph);
  const auto sums = demand.cut(singles, graph.vertices());
  auto known = std::find_if(known_.begin(), known_.end(), [&](const Known& earlier) { return same_sums(earlier.sums, sums); });
  if (known == known_.end()) {
    known_.push_back({sums, std::vector<double>(graph.arcs(), 0), true});
    known = known_.end() - 1;
    known->complete = spread_by_routers(graph, sums, known->load);
  }
  PlaneThroughput result;
  if (known->complete) {
    result.lower = result.upper = bound_from_below(plan_, plane_, demand, classify_arcs(graph, singles), known->load, result.binds);
  } else {
    bound_from_above(plane_, demand, result);
    result.lower = 0;
  }
  return result;
}

} // namespace icplan
