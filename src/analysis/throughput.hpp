// SPDX-License-Identifier: Apache-2.0
// The most that every GPU can send at once in a pattern: from below by spreading it over the links, from above by cuts through them.
#pragma once

#include "spread.hpp"

#include <limits>
#include <string>
#include <vector>

namespace icplan {

/// Switches in parts, and what leaves each part, Mb/s one way; infinite for those that carry no node ports below them.
struct Cut {
  std::vector<std::uint32_t> part_of_vertex;
  std::vector<double> capacity;
  /// "leaf-spine": what the links across are called.
  std::string name;
};

/// One plane of a fabric: its switches, the node ports on them, and the cuts that bound what they carry.
struct TrafficPlane {
  SwitchGraph graph;
  std::vector<TrafficEndpoint> ports;
  std::vector<Cut> cuts;
  /// Whether switches of one class are alike under every demand: tiers of a Clos are, routers of direct topologies and lists of links need not be.
  bool classes = true;
};

/// What a demand gets in one plane, in Mb/s of each GPU's whole traffic.
struct PlaneThroughput {
  /// 0 where the network is too large to find it.
  double lower = std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  /// What binds: "node-leaf" or the name of the links.
  std::string binds;
};

/// By how traffic goes: over shortest paths alone, over a random router each, or as well as can be.
struct RoutedThroughput {
  PlaneThroughput minimal;
  PlaneThroughput ideal;
};

/// The planes, and by node its device.
struct TrafficPlanes {
  std::vector<TrafficPlane> planes;
  std::vector<DeviceId> nodes;
};
[[nodiscard]] TrafficPlanes make_planes(const Plan& plan, FabricId fabric, const Removal& removal = {});

/// Throughput of a demand, which must not be empty. That of shortest paths is exact unless the network is too large; the bounds of the ideal one may differ.
[[nodiscard]] RoutedThroughput measure_throughput(const Plan& plan, const TrafficPlane& plane, const Demand& demand);

/// Throughput over random routers: every sender spreads evenly over all routers, and these over the receivers, both over shortest paths (Valiant
/// 1982). Demands with the same sums by switch load the links alike, so what was measured once is kept.
class ValiantMeter {
public:
  ValiantMeter(const Plan& plan, const TrafficPlane& plane) : plan_(plan), plane_(plane) {}
  [[nodiscard]] PlaneThroughput measure(const Demand& demand);

private:
  const Plan& plan_;
  const TrafficPlane& plane_;
  struct Known {
    CutDemand sums;
    std::vector<double> load;
    bool complete = true;
  };
  std::vector<Known> known_;
};

} // namespace icplan
