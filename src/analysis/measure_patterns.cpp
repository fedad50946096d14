// SPDX-License-Identifier: Apache-2.0
// Every pattern through every plane of a fabric.
#include "injection.hpp"
#include "node_pair.hpp"
#include "patterns.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

namespace icplan {
namespace {

constexpr double mbps_per_gbps = 1'000;

bool is_direct(const Plan& plan, FabricId fabric) {
  switch (plan.spec.fabrics[plan.network.fabrics[fabric.index()].host.index()].topology) {
  case Topology::dragonfly:
  case Topology::dragonfly_plus:
  case Topology::slim_fly:
  case Topology::torus: return true;
  default: return false;
  }
}

/// Rails of a domain: the most that one has, and whether none of its ports can reach one of another rail.
struct Rails {
  std::size_t most = 0;
  bool apart = false;
  /// Nodes of the first domain that has ports.
  std::int64_t domain_nodes = 1;
};

Rails find_rails(const std::vector<TrafficPlane>& planes) {
  Rails rails;
  bool joined = false;
  for (const auto& plane : planes) {
    std::vector<std::uint32_t> seen;
    for (std::size_t i = 0; i < plane.ports.size(); ++i) {
      const auto& port = plane.ports[i];
      if (i > 0 && plane.ports[i - 1].domain != port.domain) seen.clear();
      const auto& first = plane.ports[i - seen.size()];
      joined = joined || (port.rail != first.rail && plane.graph.component[port.leaf] == plane.graph.component[first.leaf]);
      seen.push_back(port.rail);
      rails.most = std::max(rails.most, seen.size());
    }
  }
  rails.apart = rails.most > 1 && !joined;
  for (const auto& plane : planes) {
    if (plane.ports.empty()) continue;
    const auto& first = plane.ports.front();
    auto last = first.node;
    for (std::size_t i = 0; i < plane.ports.size() && plane.ports[i].domain == first.domain; ++i) last = plane.ports[i].node;
    rails.domain_nodes = std::max(rails.domain_nodes, std::int64_t{last} - first.node + 1);
  }
  return rails;
}

class PatternMeter {
public:
  PatternMeter(const Plan& plan, FabricId fabric, const Removal& removal)
      : plan_(plan),
        fabric_(fabric),
        direct_(is_direct(plan, fabric)),
        all_(make_planes(plan, fabric, removal)),
        planes_(all_.planes),
        rails_(find_rails(planes_)) {
    for (const auto& plane : planes_) valiant_.emplace_back(plan, plane);
  }

  void all_to_all(std::string_view name, Demand::Peers peers) {
    if (peers != Demand::Peers::rail && rails_.apart) return;
    // Where all rails of a node are on one router, other rails are no other way.
    if (peers == Demand::Peers::other_rails && direct_) return;
    measure(name, [&](const TrafficPlane& plane) { return Demand::all_to_all(plane.graph, plane.ports, peers); });
  }
  void permutation(std::string_view name, PortPairs (*pairs)(const TrafficPlane&)) {
    measure(name, [&](const TrafficPlane& plane) { return Demand::one_to_one(plane.graph, plane.ports, pairs(plane)); });
  }
  void node_pair() { pair_ = measure_node_pair(plan_, all_); }
  FabricPatterns take() { return {std::move(lines_), pair_, rails_.apart, rails_.domain_nodes}; }

private:
  void measure(std::string_view name, const std::function<Demand(const TrafficPlane&)>& demand_of) {
    std::vector<Demand> demands;
    for (const auto& plane : planes_) demands.push_back(demand_of(plane));
    if (std::all_of(demands.begin(), demands.end(), [](const Demand& demand) { return demand.empty(); })) return;
    std::vector<RoutedThroughput> routed(planes_.size());
    std::vector<PlaneThroughput> valiant(planes_.size());
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      if (demands[p].empty()) continue;
      routed[p] = measure_throughput(plan_, planes_[p], demands[p]);
      if (direct_) valiant[p] = valiant_[p].measure(demands[p]);
    }
    if (direct_) {
      add(name, "minimal", [&](std::size_t p) -> const PlaneThroughput& { return routed[p].minimal; });
      add(name, "valiant", [&](std::size_t p) -> const PlaneThroughput& { return valiant[p]; });
    }
    add(name, direct_ ? "ideal" : "", [&](std::size_t p) -> const PlaneThroughput& { return routed[p].ideal; });
    if (!direct_) return;
    // What a routing reaches, the best one does as well.
    auto& ideal = lines_.back().gbps_per_gpu;
    ideal.lower = std::max(ideal.lower, lines_[lines_.size() - 2].gbps_per_gpu.lower);
    settle(lines_.back());
  }

  /// The least of all planes: every one has its share of each GPU's traffic.
  template <class Get> void add(std::string_view name, std::string_view routing, const Get& of_plane) {
    PatternThroughput line;
    line.pattern = name;
    line.routing = routing;
    auto& bounds = line.gbps_per_gpu;
    bounds.lower = bounds.upper = std::numeric_limits<double>::infinity();
    for (std::size_t p = 0; p < planes_.size(); ++p) {
      const PlaneThroughput& plane = of_plane(p);
      if (plane.lower / mbps_per_gbps < bounds.lower * (1 - 1e-9)) line.binds = plane.binds;
      bounds.lower = std::min(bounds.lower, plane.lower / mbps_per_gbps);
      bounds.upper = std::min(bounds.upper, plane.upper / mbps_per_gbps);
    }
    if (name == "rail") limit_by_scale_up(line);
    settle(line);
    lines_.push_back(std::move(line));
  }

  /// What goes to another rail passes the scale-up links first: all but one part of as many as there are rails.
  void limit_by_scale_up(PatternThroughput& line) const {
    if (rails_.most < 2) return;
    const auto share = static_cast<double>(rails_.most - 1) / static_cast<double>(rails_.most);
    for (const auto& attachment : plan_.spec.fabrics[fabric_.index()].attach) {
      if (attachment.devices != AttachedDevices::nodes || plan_.spec.nodes[attachment.group.index()].gpus == 0) continue;
      const auto rate = scale_up_rate(plan_, plan_.spec.nodes[attachment.group.index()]);
      if (!rate) continue;
      const auto limit = static_cast<double>(rate->count()) / mbps_per_gbps / share;
      if (limit < line.gbps_per_gpu.lower) line.binds = "scale-up";
      line.gbps_per_gpu.lower = std::min(line.gbps_per_gpu.lower, limit);
      line.gbps_per_gpu.upper = std::min(line.gbps_per_gpu.upper, limit);
    }
  }

  static void settle(PatternThroughput& line) {
    auto& bounds = line.gbps_per_gpu;
    bounds.exact = bounds.lower >= bounds.upper * (1 - 1e-9);
    if (bounds.exact) bounds.lower = bounds.upper;
  }

  const Plan& plan_;
  FabricId fabric_;
  bool direct_;
  TrafficPlanes all_;
  const std::vector<TrafficPlane>& planes_;
  std::vector<ValiantMeter> valiant_;
  Rails rails_;
  std::vector<PatternThroughput> lines_;
  std::optional<NodePair> pair_;
};

/// In the order in which they are reported.
struct Pattern {
  std::string_view name;
  /// Of the permutations.
  PortPairs (*pairs)(const TrafficPlane&) = nullptr;
  Demand::Peers peers = Demand::Peers::rail;
};
constexpr std::array known_patterns = {
    Pattern{"rail", nullptr, Demand::Peers::rail},
    Pattern{"direct", nullptr, Demand::Peers::any},
    Pattern{"cross-rail", nullptr, Demand::Peers::other_rails},
    Pattern{"half-shift", half_shift, {}},
    Pattern{"next-group", next_group, {}},
    Pattern{"longest", longest_matching, {}},
    Pattern{"ring", ring, {}},
};

} // namespace

const PatternThroughput* FabricPatterns::best(std::string_view pattern) const {
  const PatternThroughput* best = nullptr;
  for (const auto& line : lines) {
    if (line.pattern == pattern && (best == nullptr || line.gbps_per_gpu.lower >= best->gbps_per_gpu.lower)) best = &line;
  }
  return best;
}

FabricPatterns measure_patterns(const Plan& plan, FabricId fabric, const Removal& removal, const std::vector<std::string_view>& patterns) {
  PatternMeter meter(plan, fabric, removal);
  for (const auto& pattern : known_patterns) {
    if (!patterns.empty() && std::find(patterns.begin(), patterns.end(), pattern.name) == patterns.end()) continue;
    if (pattern.pairs != nullptr) meter.permutation(pattern.name, pattern.pairs);
    else meter.all_to_all(pattern.name, pattern.peers);
  }
  if (patterns.empty()) meter.node_pair();
  return meter.take();
}

const FabricTraffic* scale_out_fabric(const std::vector<FabricTraffic>& fabrics) {
  const auto best = std::max_element(fabrics.begin(), fabrics.end(),
                                     [](const FabricTraffic& a, const FabricTraffic& b) { return a.injection_per_gpu < b.injection_per_gpu; });
  return best == fabrics.end() ? nullptr : &*best;
}

std::optional<GpuLinks> gpu_links(const Plan& plan) {
  const auto fabrics = measure_traffic(plan);
  const auto* scale_out = scale_out_fabric(fabrics);
  if (scale_out == nullptr) return std::nullopt;
  const auto& best = *scale_out;
  GpuLinks links;
  links.fabric = best.fabric;
  links.gpus = best.gpus;
  links.nic_per_gpu = best.injection_per_gpu;
  const auto& nodes = plan.spec.nodes[best.injection.front().nodes.index()];
  links.scale_up = best.injection.front().scale_up;
  const auto patterns = measure_patterns(plan, best.fabric, {}, {"rail", "direct", "ring"});
  links.domain_gpus = nodes.gpus * patterns.domain_nodes;
  if (const auto* ring = patterns.best("ring")) links.ring_gbps = ring->gbps_per_gpu.lower, links.ring_binds = ring->binds;
  if (const auto* rail = patterns.best("rail")) links.rail_alltoall_gbps = rail->gbps_per_gpu.lower, links.rail_alltoall_binds = rail->binds;
  if (const auto* direct = patterns.best("direct"))
    links.direct_alltoall_gbps = direct->gbps_per_gpu.lower, links.direct_alltoall_binds = direct->binds;
  return links;
}

} // namespace icplan
