// SPDX-License-Identifier: Apache-2.0
// What is told of devices and racks adds up to the plan.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/report/explain.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

using namespace icplan;
using namespace icplan::test;

namespace {

const Section& section_called(const std::vector<Section>& sections, std::string_view title) {
  const auto found = std::find_if(sections.begin(), sections.end(), [&](const Section& section) { return section.title.find(title) == 0; });
  REQUIRE(found != sections.end());
  return *found;
}

json::Value parsed(const std::string& text) {
  SourceMap sources;
  Sink sink;
  auto value = json::parse(sources, sources.add("explained.json", text), sink);
  INFO(text);
  REQUIRE(value);
  return std::move(*value);
}

std::int64_t number(const json::Value& row, std::string_view key) { return std::stoll(row.find(key)->text); }

/// Held against the plan's own links, device by device.
void check_devices(const Plan& plan) {
  std::map<std::string, std::string> rack_of;
  for (std::uint32_t d = 0; d < plan.network.devices(); ++d) {
    const DeviceId device(d);
    const auto name = plan.network.device_name(device);
    INFO(name);
    const auto object = find_object(plan, name);
    REQUIRE(object);
    CHECK(object->kind == PlanObject::Kind::device);
    CHECK(object->index == d);
    const auto told = parsed(explain_object_json(plan, *object));
    CHECK(told.find("device")->text == name);
    CHECK(told.find("part")->text == plan.part(plan.network.group(device).part).id);
    CHECK_FALSE(told.find("why")->items.empty());
    CHECK_FALSE(told.find("why_there")->items.empty());
    rack_of[name] = told.find("rack")->text;
    std::int64_t ports = 0;
    std::int64_t linked = 0;
    for (const auto& row : told.find("ports")->items) {
      ports += number(row, "count");
      if (row.find("use")->text.find(", to ") != std::string::npos) linked += number(row, "count");
    }
    CHECK(ports == plan.network.group(device).ports_per_device);
    std::int64_t ends = 0;
    std::set<std::uint32_t> assemblies;
    for (std::uint32_t i = 0; i < plan.network.links.size(); ++i) {
      const auto& link = plan.network.links[i];
      ends += (link.from == device ? 1 : 0) + (link.to == device ? 1 : 0);
      if (link.from == device || link.to == device) assemblies.insert(plan.cables.legs[i].assembly.index());
    }
    CHECK(linked == ends);
    std::int64_t cables = 0;
    for (const auto& row : told.find("cables")->items) {
      cables += number(row, "cables");
      for (const auto& cable : row.find("first")->items) CHECK(assemblies.count(find_cable(plan, cable.text)->index()) == 1);
    }
    CHECK(cables == static_cast<std::int64_t>(assemblies.size()));
  }
  std::map<std::string, std::string> told_by_racks;
  for (std::uint32_t r = 0; r < plan.placement.racks.size(); ++r) {
    const auto name = plan.placement.rack_name(plan.spec.floor, RackId(r));
    const auto object = find_object(plan, name);
    REQUIRE(object);
    CHECK(object->kind == PlanObject::Kind::rack);
    const auto told = parsed(explain_object_json(plan, *object));
    for (const auto& row : told.find("devices")->items) told_by_racks[row.find("device")->text] = name;
  }
  CHECK(told_by_racks == rack_of);
}

} // namespace

TEST_CASE("devices and racks are told as they are in the plan", "[explain]") {
  check_devices(sound_plan(read_source("examples/collapsed-core-pair/cluster.json")));
  check_devices(sound_plan(R"({ "name": "planes", "nodes": [ { "model": "nvidia-dgx-h100", "count": 5, "unit": 2 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "planes": 2, "reserved_ports": [ { "count": 2, "for": "ufm" } ] } ] })"));
  check_devices(sound_plan(R"({ "name": "grid", "nodes": [ { "model": "nvidia-dgx-h100", "count": 8 } ],
    "fabrics": [ { "topology": { "kind": "torus", "dims": [2, 2, 2] }, "leaf": "nvidia-qm9700" } ] })"));
}

TEST_CASE("a device is told with the reasons of its count and place", "[explain]") {
  const auto plan = sound_plan(R"({ "name": "planes", "nodes": [ { "model": "nvidia-dgx-h100", "count": 64, "nodes_per_rack": 4 } ],
    "racks": [ { "name": "rack", "max_power_kw": 45 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "planes": 2, "switches": "end-of-row",
                   "reserved_ports": [ { "per_switch": 1, "for": "ufm" } ] } ] })");
  const auto told = [&](std::string_view name) { return explain_object(plan, find_object(plan, name).value()); };
  const auto last = plan.network.device_name(DeviceId(plan.network.devices() - 1));
  const auto spine = told(last);
  CHECK(section_called(spine, "Device").lines.front().find("of tier spine of fabric compute, plane 2") != std::string::npos);
  CHECK(section_called(spine, "Why it is there").lines == plan.network.fabrics[0].reasons);
  std::string first;
  for (const auto& group : plan.network.groups) {
    if (group.tier == 1 && first.empty()) first = plan.network.device_name(group.first);
  }
  const auto leaf = told(first);
  CHECK(section_called(leaf, "Device").lines.front().find(", plane 1") != std::string::npos);
  CHECK(section_called(leaf, "Where it stands").lines[1] ==
        "leaves of fabric compute stand in network racks at the end of the row of their nodes: `switches` is `end-of-row`");
  const auto& ports = section_called(leaf, "Ports").table.rows;
  CHECK(std::any_of(ports.begin(), ports.end(), [](const auto& row) { return row[3] == "reserved for ufm" && row[1] == "1"; }));
  const auto node = told("gpu-0001");
  CHECK(section_called(node, "Why it is there").lines == std::vector<std::string>{"`count` of group gpu: 64 nodes"});
  const auto& stands = section_called(node, "Where it stands").lines;
  CHECK(stands[0].find(", row 1, position 1, U 1 to 8") != std::string::npos);
  CHECK(stands.back() == "its rack takes nothing more: it holds as many nodes as the spec states");
  CHECK(section_called(node, "Device").lines[2] == "draws 10.2 kW at most");
}

TEST_CASE("names that a plan does not have are answered with the nearest", "[explain]") {
  const auto plan = sound_plan(read_source("examples/tiny/cluster.json"));
  CHECK_FALSE(find_object(plan, "compute-leef-0001"));
  CHECK(nearest_objects(plan, "compute-leef-0001").front() == "compute-leaf-0001");
  CHECK(nearest_objects(plan, "nothing of the kind").empty());
  // A part is told with its rows, one that the plan does not buy is not found.
  const auto part = find_object(plan, "nvidia-qm9700");
  REQUIRE(part);
  CHECK(part->kind == PlanObject::Kind::part);
  CHECK(section_called(explain_object(plan, *part), "In the bill").table.rows.front()[2] ==
        std::to_string(switches(plan, "compute", 1) + switches(plan, "compute", 2)));
  CHECK_FALSE(find_object(plan, "nvidia-sn5600"));
}
