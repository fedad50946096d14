// SPDX-License-Identifier: Apache-2.0
// Names by the customer's patterns: devices, racks, ports, cables and labels; and what patterns are refused.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/report/report.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

std::string spec(const std::string& names, const std::string& fabric = R"("topology": "rail-optimized", "leaf": "nvidia-qm9700")",
                 const std::string& nodes = R"("count": 40, "unit": 32)") {
  return R"({ "name": "named", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", )" + nodes + R"( } ], "fabrics": [ { "name": "compute", )" +
         fabric + R"( } ], "names": { )" + names + " } }";
}

std::vector<std::string> names_of(const Plan& plan) {
  std::vector<std::string> names;
  for (std::uint32_t d = 0; d < plan.network.devices(); ++d) names.push_back(plan.network.device_name(DeviceId(d)));
  return names;
}

bool has(const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

std::string labels(const Plan& plan) {
  std::string text;
  write_labels_csv(plan, [&](std::string_view piece) { text += piece; });
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// A cell of a row, 1 for the first below the titles, by the title of its column.
std::string cell(const std::string& csv, const std::string& column, std::size_t row = 1) {
  const auto rows = csv_rows(csv);
  const auto& titles = rows.at(0);
  const auto at = std::find(titles.begin(), titles.end(), column);
  REQUIRE(at != titles.end());
  return rows.at(row).at(static_cast<std::size_t>(at - titles.begin()));
}

} // namespace

TEST_CASE("devices are named by the patterns of the spec", "[names]") {
  const auto plan = sound_plan(
      spec(R"("node": "su-{unit:02}-node-{n:02}", "switch": { "compute/leaf": "leaf-su{unit}-r{rail}", "compute": "{fabric}-{tier}-{index:03}" })"));
  const auto names = names_of(plan);
  CHECK(names.front() == "su-01-node-01");
  CHECK(has(names, "su-01-node-32"));
  CHECK(has(names, "su-02-node-08"));
  CHECK(has(names, "leaf-su1-r1"));
  CHECK(has(names, "leaf-su1-r8"));
  CHECK(has(names, "leaf-su2-r8"));
  CHECK(has(names, "compute-spine-001"));
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  // Nothing but names has changed.
  const auto plain = sound_plan(spec(R"("label": "{device}")"));
  CHECK(plain.network.links.size() == plan.network.links.size());
  CHECK(names_of(plain).front() == "gpu-0001");
}

TEST_CASE("numbers of patterns count from 0 where they are asked to", "[names]") {
  const auto names = names_of(sound_plan(spec(R"("node": "n{index-1:05}", "switch": "{tier}{index-1}p{plane-1}")")));
  CHECK(names.front() == "n00000");
  CHECK(has(names, "n00039"));
  CHECK(has(names, "leaf0p0"));
  CHECK(has(names, "spine0p0"));
}

TEST_CASE("a name stays when the cluster grows", "[names]") {
  for (const std::string names : {R"("node": "su{unit}-{n:02}", "switch": { "compute/leaf": "su{unit}-l{n}", "compute": "s{index}" })",
                                  R"("node": "{group}-{n}", "switch": "{tier}-{n}")"}) {
    const auto small = names_of(sound_plan(spec(names, R"("topology": "rail-optimized", "leaf": "nvidia-qm9700")", R"("count": 40, "unit": 32)")));
    const auto large = names_of(sound_plan(spec(names, R"("topology": "rail-optimized", "leaf": "nvidia-qm9700")", R"("count": 127, "unit": 32)")));
    for (const auto& name : small) {
      INFO(name);
      CHECK(has(large, name));
    }
  }
}

TEST_CASE("switches of pods and of router groups are named by them", "[names]") {
  const auto pods = names_of(
      sound_plan(spec(R"("node": "{group}-{index}", "switch": { "compute/core": "core-{index}", "compute": "pod{pod}-{tier}-{n}" })",
                      R"("topology": "rail-optimized", "leaf": "nvidia-qm9700", "tiers": 3, "pod_units": 1)", R"("count": 96, "unit": 32)")));
  CHECK(has(pods, "pod1-leaf-1"));
  CHECK(has(pods, "pod3-leaf-8"));
  CHECK(has(pods, "pod2-spine-1"));
  CHECK(has(pods, "pod3-spine-1"));
  CHECK(has(pods, "core-1"));
  const auto routers =
      names_of(sound_plan(spec(R"("switch": "g{pod-1}r{n-1}")",
                               R"("topology": { "kind": "dragonfly", "a": 4, "p": 4, "h": 2, "g": 3 }, "leaf": "nvidia-qm9700")", R"("count": 4)")));
  CHECK(has(routers, "g0r0"));
  CHECK(has(routers, "g2r3"));
}

TEST_CASE("racks are named by the pattern of the spec", "[names]") {
  const auto plan = sound_plan(spec(R"("rack": "{hall}{row:02}-{position:02}")"));
  CHECK(plan.placement.rack_name(plan.spec.floor, RackId(0)) == "A01-01");
  CHECK(schedule_csv(plan).find(",A01-01,") != std::string::npos);
}

TEST_CASE("ports, cables and labels are named by patterns, cages and ports of the schedule stay as the faceplate numbers them", "[names]") {
  const auto plan = sound_plan(spec(R"("port": { "switch": "swp{cage}s{port-1}", "node": "{ports}{number}" }, "cage": { "node": "osfp{cage}" },
                                    "cable": "{device}/{port}", "label": "{rack} U{u:02} {device} {cage} {port} > {far.device} {far.port}")"));
  const auto schedule = schedule_csv(plan);
  CHECK(cell(schedule, "cable") == "gpu-0001/compute1");
  CHECK(cell(schedule, "from_cage") == "compute-1");
  CHECK(cell(schedule, "from_port") == "1");
  CHECK(cell(schedule, "from_port_name") == "compute1");
  CHECK(cell(schedule, "to_port_name") == "swp1s0");
  CHECK(cell(schedule, "from_lane") == "1");
  CHECK(cell(schedule, "from_part") == "nvidia-dgx-h100");
  CHECK(cell(schedule, "to_part") == "nvidia-qm9700");
  CHECK_FALSE(cell(schedule, "from_module").empty());
  CHECK(cell(schedule, "fibre") == "mmf");
  CHECK(cell(schedule, "connector") == "mpo-12-apc");
  // The second port of a twin-port cage starts at its fifth lane.
  CHECK(cell(schedule, "from_lane", 2) == "5");
  const auto printed = lines_of(labels(plan));
  CHECK(printed.at(1).find(" gpu-0001 osfp1 compute1 > compute-leaf-0001 swp1s0,gpu-0001/compute1,from,compute,") != std::string::npos);
  CHECK(printed.at(2).find(" compute-leaf-0001 1 swp1s0 > gpu-0001 compute1,gpu-0001/compute1,to,compute,") != std::string::npos);
}

TEST_CASE("every end of every cable has one label, plugs of several legs too", "[names]") {
  // 4 nodes below one pair of tiers: fibre to the nodes, twin-port copper between switches.
  const auto plan = sound_plan(spec(R"("node": "n{index}")", R"("topology": "rail-optimized", "leaf": "nvidia-qm9700")", R"("count": 4)"));
  std::size_t ends = 0;
  for (const auto& assembly : plan.cables.assemblies) {
    const auto& solution = plan.cables.solutions[assembly.solution.index()];
    // Straight cables and fibres have two ends; a cable of several far plugs one more for each.
    CHECK((solution.media == MediaClass::osfp || solution.media == MediaClass::dac));
    ends += 2;
  }
  CHECK(std::any_of(plan.cables.solutions.begin(), plan.cables.solutions.end(), [](const Solution& solution) { return solution.legs == 2; }));
  const auto printed = lines_of(labels(plan));
  CHECK(printed.size() == ends + 1);
  CHECK(std::set<std::string>(printed.begin(), printed.end()).size() == printed.size());
  CHECK(printed.front() == "label,cable,end,fabric,class,part,sold_m,rack,u,device,port,far_rack,far_u,far_device,far_port");
  CHECK(printed.at(1).substr(0, printed.at(1).find(',')) == "A-01-02.01:compute-1.1/A-01-01.48:1.1");
}

TEST_CASE("explicit links are listed by the names of the patterns, and by default names", "[names]") {
  const auto listed = [](const std::string& node, const std::string& leaf) {
    return R"({ "name": "listed", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 1 } ],
      "fabrics": [ { "name": "compute", "leaf": "nvidia-qm9700", "attach": [ { "group": "gpu", "count": 1 } ],
        "topology": { "kind": "explicit", "switches": { "leaf": 1 }, "links": [
          { "from_device": ")" +
           node + R"(", "from_cage": "compute-1", "to_device": ")" + leaf + R"(", "to_cage": "1" } ] } } ],
      "names": { "node": "host{index}", "switch": "tor{index}" } })";
  };
  for (const auto& [node, leaf] : std::vector<std::pair<std::string, std::string>>{{"host1", "tor1"}, {"gpu-0001", "compute-leaf-0001"}}) {
    const auto plan = sound_plan(listed(node, leaf));
    CHECK(names_of(plan) == std::vector<std::string>{"host1", "tor1"});
  }
  CHECK(plan_spec(listed("host2", "tor1")).reports(Code::wrong_link));
  // What a plan with patterns writes can be read back.
  const std::string read = R"({ "name": "listed", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 1 } ],
      "fabrics": [ { "name": "compute", "leaf": "nvidia-qm9700", "attach": [ { "group": "gpu", "count": 1 } ],
        "topology": { "kind": "explicit", "switches": { "leaf": 1 }, "csv": "cables.csv" } } ],
      "names": { "node": "host{index}", "switch": "tor{index}", "port": { "switch": "swp{cage}s{port-1}" } } })";
  const auto first = sound_plan(listed("host1", "tor1"));
  const auto again = sound_plan(read, {}, {{"cables.csv", schedule_csv(first)}});
  CHECK(cell(schedule_csv(again), "to_port_name") == "swp1s0");
}

TEST_CASE("patterns that cannot name things are refused", "[names]") {
  struct Case {
    std::string names;
    Code code;
    std::string says;
  };
  const std::vector<Case> cases = {
      {R"("node": "")", Code::wrong_name_pattern, "is empty"},
      {R"("node": "node")", Code::wrong_name_pattern, "has no field"},
      {R"("node": "-{n}")", Code::wrong_name_pattern, "starts with `-`"},
      {R"("node": "{n")", Code::wrong_name_pattern, "without its `}`"},
      {R"("node": "n}{n}")", Code::wrong_name_pattern, "holds `}`"},
      {R"("node": "{n},{n}")", Code::wrong_name_pattern, "holds `,`"},
      {R"("node": "{rack}-{n}")", Code::wrong_name_pattern, "`{rack}`, which such names do not have"},
      {R"("node": "{n:x}")", Code::wrong_name_pattern, "in a format that it does not have"},
      {R"("node": "{group:03}{n}")", Code::wrong_name_pattern, "in a format that it does not have"},
      {R"("label": "{far.cable}")", Code::wrong_name_pattern, "`{far.cable}`"},
      {R"("label": "={device}")", Code::wrong_name_pattern, "starts with `=`"},
      {R"("node": { "cpu": "{n}" })", Code::unknown_name, "`cpu`"},
      {R"("switch": { "compute/leef": "{n}" })", Code::unknown_name, "`compute/leef`"},
      {R"("node": 7)", Code::wrong_type, "not a string"},
      {R"("nodes": "{n}")", Code::unknown_key, "`nodes`"},
      {R"("switch": "{rail}-{n}")", Code::no_such_name_field, "switches of tier `spine` of fabric `compute` have none"},
      {R"("node": "{group}")", Code::duplicate_name, "node 1 of group `gpu` and node 2 of group `gpu` would both be named `gpu`"},
      {R"("switch": "sw-{n}")", Code::duplicate_name, "would both be named `sw-1`"},
      {R"("node": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{n}")", Code::wrong_name_pattern, "a name of 71 characters"},
      {R"("rack": "{row}")", Code::duplicate_name, "would both be named `1`"},
      {R"("port": { "switch": "p{port}" })", Code::duplicate_name, "(cage, port) of `compute-leaf-0001` would both be named `p1`"},
      {R"("cable": "{device}")", Code::duplicate_name, "two cables would be named `"},
  };
  for (const auto& example : cases) {
    const auto result = plan_spec(spec(example.names));
    INFO(example.names << "\n" << result.text());
    CHECK_FALSE(result.plan);
    CHECK(result.reports(example.code));
    CHECK(result.text().find(example.says) != std::string::npos);
  }
  const auto unit = plan_spec(spec(R"("node": "su{unit}-{n}")", R"("topology": "rail-optimized", "leaf": "nvidia-qm9700")", R"("count": 40)"));
  CHECK(unit.reports(Code::no_such_name_field));
  CHECK(unit.text().find("states no `unit`") != std::string::npos);
}
