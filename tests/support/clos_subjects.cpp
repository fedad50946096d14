// SPDX-License-Identifier: Apache-2.0
// Spells clusters as specs.
#include "support/clos_subjects.hpp"

namespace icplan::test {
namespace {

/// Small switches, so that small clusters need two and three tiers; nodes with two and four one-port NICs and with two two-port NICs.
constexpr auto parts = R"({"format":"icplan.catalog/1","sources":{"test":{"title":"made up for this test","url":null}},"parts":[
  {"id":"switch-8","kind":"switch","manufacturer":"generic","name":"8 ports","basis":"generic","source":"test","rack_units":1,"protocols":["infiniband"],
   "ports":[{"name":"fabric","cages":4,"form":"osfp","top":"ihs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400},{"ports":4,"gbps":200}]}]},
  {"id":"switch-16","kind":"switch","manufacturer":"generic","name":"16 ports","basis":"generic","source":"test","rack_units":1,"protocols":["infiniband"],
   "ports":[{"name":"fabric","cages":8,"form":"osfp","top":"ihs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400},{"ports":4,"gbps":200}]}]},
  {"id":"node-2","kind":"node","manufacturer":"generic","name":"2 ports","basis":"generic","source":"test","rack_units":1,
   "ports":[{"name":"compute","nics":2,"cages":1,"form":"osfp","top":"rhs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400}],"protocols":["infiniband"]}]},
  {"id":"node-4","kind":"node","manufacturer":"generic","name":"4 ports","basis":"generic","source":"test","rack_units":1,
   "ports":[{"name":"compute","nics":4,"cages":2,"form":"osfp","top":"rhs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400}],"protocols":["infiniband"]}]},
  {"id":"node-200","kind":"node","manufacturer":"generic","name":"4 ports of 200G","basis":"generic","source":"test","rack_units":1,
   "ports":[{"name":"compute","nics":4,"cages":2,"form":"osfp","top":"rhs","lanes":4,"lane_gbps":100,"modes":[{"ports":2,"gbps":200}],"protocols":["infiniband"]}]},
  {"id":"node-2x2","kind":"node","manufacturer":"generic","name":"2 NICs of 2 ports","basis":"generic","source":"test","rack_units":1,
   "ports":[{"name":"compute","nics":2,"cages":2,"form":"osfp","top":"rhs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400}],"protocols":["infiniband"]}]}]})";

constexpr NodeModel node_2{"node-2", 2};
constexpr NodeModel node_4{"node-4", 4};
constexpr NodeModel node_200{"node-200", 4, 200};
constexpr NodeModel node_2x2{"node-2x2", 4};
constexpr NodeModel h100{"nvidia-dgx-h100", 8};
constexpr SwitchModel switch_8{"switch-8", 4};
constexpr SwitchModel switch_16{"switch-16", 8};
constexpr SwitchModel qm9700{"nvidia-qm9700", 32};

Subject subject(NodeModel node, SwitchModel leaf, bool rails, ClosCase plane, std::int64_t planes = 1) {
  plane.cages = leaf.cages;
  plane.node_ports = node.ports / planes;
  plane.down_gbps = node.gbps;
  plane.down_per_cage = 800 / node.gbps;
  if (rails) plane.columns = plane.node_ports;
  return {node, leaf, rails, planes, plane};
}

/// What a node is and how it is spread.
struct Family {
  NodeModel node;
  bool rails = false;
  std::int64_t homing = 1;
  std::int64_t planes = 1;
};

} // namespace

const char* small_parts() { return parts; }

std::string spec_of(const Subject& given) {
  const auto& plane = given.plane;
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  const auto stated = [&](const std::string& key, std::int64_t value) { return value == 0 ? "" : ",\"" + key + "\":" + number(value); };
  std::string spec = R"({"name":"x","nodes":[{"model":")" + std::string(given.node.id) + R"(","count":)" + number(plane.nodes);
  spec += stated("unit", plane.unit) + R"(}],"fabrics":[{"name":"compute","topology":")" + (given.rails ? "rail-optimized" : "fat-tree");
  spec += R"(","leaf":")" + std::string(given.leaf.id) + "\"" + stated("tiers", plane.tiers) + stated("pod_units", plane.pod_units);
  spec += stated("planes", given.planes) + stated("uplink_gbps", plane.up_gbps) + (given.rails ? std::string() : stated("homing", plane.columns));
  spec += R"(,"oversubscription":{"leaf":)" + number(plane.leaf_ratio) + R"(,"spine":)" + number(plane.spine_ratio) + "}";
  if (plane.reserved > 0) spec += R"(,"reserved_ports":[{"per_switch":)" + number(plane.reserved) + R"(,"for":"later"}])";
  return spec + "}]}";
}

std::vector<Subject> small_subjects(const std::vector<std::int64_t>& sizes) {
  std::vector<Subject> all;
  for (const auto& family : {Family{node_2, true, 1, 1}, Family{node_4, true, 1, 2}, Family{node_2x2, true, 1, 2}, Family{node_200, true, 1, 1},
                             Family{node_200, false, 1, 1}, Family{node_2, false, 1, 1}, Family{node_4, false, 2, 1}, Family{node_4, false, 1, 2},
                             Family{node_2x2, false, 2, 2}}) {
    for (const auto leaf : {switch_8, switch_16}) {
      for (const std::int64_t ratio : {1, 2, 3}) {
        for (const std::int64_t unit : {0, 2, 4, 6}) {
          for (const std::int64_t tiers : {2, 3}) {
            for (const auto nodes : sizes) {
              ClosCase plane;
              plane.nodes = nodes;
              plane.columns = family.homing;
              plane.unit = unit;
              plane.leaf_ratio = ratio;
              plane.spine_ratio = nodes % 4 == 0 ? 2 : 1;
              plane.reserved = nodes % 3 == 0 ? 1 : 0;
              plane.tiers = tiers;
              plane.pod_units = tiers == 3 && nodes % 8 == 0 ? 2 : 0;
              all.push_back(subject(family.node, leaf, family.rails, plane, family.planes));
            }
          }
        }
      }
    }
  }
  return all;
}

Subject scalable_units(std::int64_t nodes, std::int64_t ratio) {
  ClosCase plane;
  plane.nodes = nodes;
  plane.unit = 32;
  plane.leaf_ratio = ratio;
  return subject(h100, qm9700, true, plane);
}

} // namespace icplan::test
