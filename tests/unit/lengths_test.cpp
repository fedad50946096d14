// SPDX-License-Identifier: Apache-2.0
// Measured and locked lengths: what a file of them may say, what it changes, and what is refused.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/json/csv.hpp"
#include "icplan/report/report.hpp"
#include "icplan/spec/cable_columns.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

constexpr auto cluster = R"({ "name": "x", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 4 } ],
  "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ], "media": { "lengths": "measured.csv" } })";
/// Two-legged cables between twin-port cages.
constexpr auto paired = R"({ "name": "x", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 32, "unit": 32, "nodes_per_rack": 4 } ],
  "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ], "media": { "lengths": "measured.csv" } })";

Planned plan_with(std::string_view spec, const std::string& csv) { return plan_spec(spec, {}, {{"measured.csv", csv}}); }

Plan sound(std::string_view spec, const std::string& csv) { return sound_plan(spec, {}, {{"measured.csv", csv}}); }

std::size_t column(std::string_view name) {
  return static_cast<std::size_t>(std::find(cable_columns.begin(), cable_columns.end(), name) - cable_columns.begin());
}

/// The row of the schedule that starts at that device and cage port, such as "gpu-0001/compute-1.1".
std::vector<std::string> row_from(const Plan& plan, const std::string& start) {
  for (const auto& row : csv_rows(schedule_csv(plan))) {
    if (row[column("from_device")] + "/" + row[column("from_cage")] + "." + row[column("from_port")] == start) return row;
  }
  FAIL("no row starts at " + start);
  return {};
}

std::string cells_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const auto& cell : cells) line += (line.empty() ? "" : ",") + cell;
  return line;
}

const Finding& finding(const Planned& planned, Code code) {
  const auto* found = planned.find(code);
  INFO(planned.text());
  REQUIRE(found != nullptr);
  return *found;
}

} // namespace

TEST_CASE("a measured length takes the place of the estimate", "[lengths]") {
  const auto plan = sound(cluster, "cable,length_m,status,estimate_m,note\n"
                                   "compute/gpu-0001/compute-1.1,7.5,measured,4.411,\"behind the pillar, twice\"\n");
  const auto row = row_from(plan, "gpu-0001/compute-1.1");
  CHECK(row[column("leg_m")] == "7.500");
  CHECK(row[column("needed_m")] == "7.500");
  CHECK(row[column("sold_m")] == "10.000");
  CHECK(row[column("provenance")] == "measured");
  CHECK(row[column("estimate_m")] == "4.411");
  const auto other = row_from(plan, "gpu-0001/compute-1.2");
  CHECK(other[column("provenance")] == "estimated");
  CHECK(other[column("leg_m")] == other[column("estimate_m")]);
  const auto json = plan_json(plan);
  CHECK(json.find(R"("lengths": {"file": "measured.csv", "estimated": 63, "measured": 1, "locked": 0, "stale": 0})") != std::string::npos);
}

TEST_CASE("a measured length decides the class of its cable", "[lengths]") {
  const auto plan = sound(paired, "cable,length_m,status\ncompute/compute-leaf-0001/17.1,8,measured\n");
  const auto first = row_from(plan, "compute-leaf-0001/17.1");
  const auto second = row_from(plan, "compute-leaf-0001/17.2");
  CHECK(first[column("class")] == "AOC");
  // The name stands for the whole piece, so both of its legs are measured.
  CHECK(second[column("cable")] == first[column("cable")]);
  CHECK(second[column("leg_m")] == "8.000");
  CHECK(second[column("provenance")] == "measured");
  // Beyond 100 m the two legs are fibres of their own, and only the named one is measured.
  const auto apart = sound(paired, "cable,length_m,status\ncompute/compute-leaf-0001/17.1,101,measured\n");
  CHECK(row_from(apart, "compute-leaf-0001/17.1")[column("class")] == "OSFP");
  CHECK(row_from(apart, "compute-leaf-0001/17.2")[column("provenance")] == "estimated");
  CHECK(row_from(apart, "compute-leaf-0001/17.2")[column("cable")] == "compute/compute-leaf-0001/17.2");
}

TEST_CASE("ends name one leg in either direction", "[lengths]") {
  const auto far = row_from(sound(paired, "cable,length_m,status\n"), "compute-leaf-0001/17.2");
  const auto plan = sound(paired, "to_device,to_cage,to_port,from_device,from_cage,from_port,length_m,status\ncompute-leaf-0001,17,2," +
                                      far[column("to_device")] + "," + far[column("to_cage")] + "," + far[column("to_port")] + ",3.75,measured\n");
  CHECK(row_from(plan, "compute-leaf-0001/17.2")[column("leg_m")] == "3.750");
  CHECK(row_from(plan, "compute-leaf-0001/17.1")[column("provenance")] == "estimated");
}

TEST_CASE("a cable schedule with a column more is a file of lengths", "[lengths]") {
  for (const auto* spec : {cluster, paired}) {
    const auto before = sound(spec, "cable,length_m,status\n");
    const auto rows = csv_rows(schedule_csv(before));
    REQUIRE(cells_line(rows.front()) == [] {
      std::string header;
      for (const auto name : cable_columns) header += (header.empty() ? "" : ",") + std::string(name);
      return header;
    }());
    std::string csv;
    for (std::size_t r = 0; r < rows.size(); ++r) csv += cells_line(rows[r]) + (r == 0 ? ",status\n" : ",locked\n");
    const auto after = sound(spec, csv);
    const auto locked = csv_rows(schedule_csv(after));
    REQUIRE(locked.size() == rows.size());
    for (std::size_t r = 1; r < rows.size(); ++r) {
      auto wanted = rows[r];
      wanted[column("provenance")] = "locked";
      wanted[column("escalated")] = "no";
      REQUIRE(cells_line(locked[r]) == cells_line(wanted));
    }
    CHECK(std::none_of(after.findings.begin(), after.findings.end(), [](const Finding& at) { return at.code == Code::stale_length; }));
  }
}

TEST_CASE("a locked piece keeps its part and its length", "[lengths]") {
  // The rule would take a DAC, and the shortest that reaches.
  const auto plan = sound(paired, "cable,length_m,status,estimate_m,sold_m,part\n"
                                  "compute/compute-leaf-0001/17.1,3,locked,,10,generic-aoc\n"
                                  "compute/compute-leaf-0001/18.1,2.5,locked,,3,\n"
                                  "compute/gpu-0001/compute-1.1,5,locked,,20,generic-fibre\n");
  CHECK(row_from(plan, "compute-leaf-0001/17.1")[column("part")] == "generic-aoc");
  CHECK(row_from(plan, "compute-leaf-0001/17.2")[column("sold_m")] == "10.000");
  CHECK(row_from(plan, "compute-leaf-0001/18.1")[column("sold_m")] == "3.000");
  CHECK(row_from(plan, "gpu-0001/compute-1.1")[column("part")] == "generic-fibre");
  CHECK(row_from(plan, "gpu-0001/compute-1.1")[column("sold_m")] == "20.000");
}

TEST_CASE("stale lengths are told with both numbers", "[lengths]") {
  const auto planned = plan_with(cluster, "cable,length_m,status,estimate_m,sold_m\n"
                                          "compute/gpu-0001/compute-1.1,4.9,measured,4.4\n"
                                          "compute/gpu-0001/compute-1.2,4.9,locked,4.4,5\n"
                                          "compute/gpu-0001/compute-2.1,4.9,locked,4.3,5\n");
  REQUIRE(planned.plan);
  std::vector<const Finding*> stale;
  for (const auto& at : planned.findings) {
    if (at.code == Code::stale_length) stale.push_back(&at);
  }
  REQUIRE(stale.size() == 2);
  CHECK(stale[0]->severity == Severity::warning);
  CHECK(stale[0]->count == 1);
  CHECK(stale[0]->message.find("the model said 4.4 m for `compute/gpu-0001/compute-1.1` then and says 4.411 m now") != std::string::npos);
  CHECK(stale[1]->count == 2);
  CHECK(stale[1]->examples.size() == 2);
}

TEST_CASE("a locked piece that does not reach is refused", "[lengths]") {
  // The model says 4.411 m.
  const std::string header = "cable,length_m,status,estimate_m,sold_m,part\n";
  const auto refused = [&](const std::string& row) {
    const auto planned = plan_with(cluster, header + row);
    CHECK_FALSE(planned.plan);
    return finding(planned, Code::locked_too_short).message + "; " + finding(planned, Code::locked_too_short).help;
  };
  // Too short by its own row, by the model that has changed, and by the model where nobody says that it has not.
  CHECK(refused("compute/gpu-0001/compute-1.1,3.5,locked,4.411,3,nvidia-mfp7e10\n").find("is 3 m long and needs 3.5 m as its row says") !=
        std::string::npos);
  CHECK(refused("compute/gpu-0001/compute-1.1,2.5,locked,2.4,3,nvidia-mfp7e10\n").find("is 3 m long and needs 4.411 m by the model") !=
        std::string::npos);
  CHECK(refused("compute/gpu-0001/compute-1.1,2.5,locked,,3,nvidia-mfp7e10\n").find("state `estimate_m` = 4.411") != std::string::npos);
  // What was measured where it lies is believed.
  sound(cluster, header + "compute/gpu-0001/compute-1.1,2.5,locked,4.411,3,nvidia-mfp7e10\n");
}

TEST_CASE("a locked part that cannot be is refused", "[lengths]") {
  const auto refused = [](std::string_view spec, const std::string& rows) {
    const auto planned = plan_with(spec, "cable,length_m,status,estimate_m,sold_m,part\n" + rows);
    CHECK_FALSE(planned.plan);
    return finding(planned, Code::locked_part_unfit).message;
  };
  CHECK(refused(cluster, "compute/gpu-0001/compute-1.1,3,locked,,5,generic-dac\n").find("go to different devices") != std::string::npos);
  CHECK(refused(cluster, "compute/gpu-0001/compute-1.1,3,locked,,5,generic-utp\n").find("does not join") != std::string::npos);
  CHECK(refused(cluster, "compute/gpu-0001/compute-1.1,3,locked,,5,nvidia-qm9700\n").find("does not join") != std::string::npos);
  CHECK(refused(paired, "compute/compute-leaf-0001/17.1,3,locked,,4.5,generic-dac\n").find("is not sold at 4.5 m") != std::string::npos);
  CHECK(refused(paired, "compute/compute-leaf-0001/17.1,1.9,locked,,2.75,\n").find("no part for it is sold") != std::string::npos);
  CHECK(refused(paired, "compute/compute-leaf-0001/17.1,3,locked,,5,generic-dac\ncompute/compute-leaf-0001/17.2,3,locked,,4,generic-dac\n")
            .find("another row") != std::string::npos);
}

TEST_CASE("rows that name nothing, or one cable twice, are refused", "[lengths]") {
  const auto planned = plan_with(cluster, "cable,length_m,status\n"
                                          "compute/gpu-0001/compute-1.1,3,measured\n"
                                          "compute/gpu-0001/compute-1.1,4,measured\n"
                                          "compute/gpu-001/compute-1.1,4,measured\n");
  CHECK_FALSE(planned.plan);
  CHECK(planned.reports(Code::length_stated_twice));
  CHECK(finding(planned, Code::unknown_cable).help == "did you mean `compute/gpu-0001/compute-1.1`?");
  const auto ends = plan_with(cluster, "from_device,from_cage,from_port,to_device,to_cage,to_port,length_m,status\n"
                                       "gpu-0001,compute-1,1,compute-leaf-0002,1,1,3,measured\n"
                                       "gpu-00011,compute-1,1,compute-leaf-0001,1,1,3,measured\n");
  CHECK_FALSE(ends.plan);
  CHECK(ends.text().find("gpu-0001 compute-1.1 to compute-leaf-0002 1.1") != std::string::npos);
  CHECK(std::count_if(ends.findings.begin(), ends.findings.end(), [](const Finding& at) { return at.code == Code::unknown_cable; }) == 2);
  // Hundreds of wrong names are eleven findings.
  std::string many = "cable,length_m,status\n";
  for (int i = 0; i < 500; ++i) many += "compute/nobody-" + std::to_string(i) + ",3,measured\n";
  const auto crowd = plan_with(cluster, many);
  CHECK(std::count_if(crowd.findings.begin(), crowd.findings.end(), [](const Finding& at) { return at.code == Code::unknown_cable; }) == 11);
  CHECK(std::any_of(crowd.findings.begin(), crowd.findings.end(), [](const Finding& at) { return at.count == 490; }));
}

TEST_CASE("a file of lengths is read strictly", "[lengths]") {
  const auto refused = [](const std::string& csv) {
    const auto planned = plan_with(cluster, csv);
    CHECK_FALSE(planned.plan);
    return finding(planned, Code::wrong_length_row).message;
  };
  CHECK(refused(std::string(json::max_csv_bytes + 1, '\n')).find("is larger than 64 MB") != std::string::npos);
  CHECK(refused("cable,length_m,status\n\"a,3,locked\n").find("is not closed") != std::string::npos);
  CHECK(refused("").find("is empty") != std::string::npos);
  CHECK(refused("length_m,status\n").find("names no column `cable`") != std::string::npos);
  CHECK(refused("cable,status\n").find("names no column `length_m`") != std::string::npos);
  CHECK(refused("cable,length_m\n").find("names no column `status`") != std::string::npos);
  CHECK(refused("cable,length_m,status,lenght\n").find("a column `lenght`") != std::string::npos);
  CHECK(refused("cable,length_m,status\na,3,gone\n").find("`status` is `gone`") != std::string::npos);
  CHECK(refused("cable,length_m,status\na,3.0001,locked\n").find("at most three decimals") != std::string::npos);
  CHECK(refused("cable,length_m,status\na,0,locked\n").find("from 0.001") != std::string::npos);
  CHECK(refused("cable,length_m,status\na,,locked\n").find("states no length") != std::string::npos);
  CHECK(refused("cable,length_m,status\n,3,locked\n").find("names no cable") != std::string::npos);
  CHECK(refused("from_device,from_cage,from_port,to_device,to_cage,to_port,length_m,status\na,1,,b,1,1,3,locked\n").find("5 of the 6 cells") !=
        std::string::npos);
  const auto part = plan_with(cluster, "cable,length_m,status,part\na,3,locked,generic-fibr\n");
  CHECK(finding(part, Code::unknown_part).help == "did you mean `generic-fibre`?");
  // Rows of which nothing is known are not read, whatever they name.
  sound(cluster, "cable,length_m,status\nnobody,,\nnobody,3,estimated\n");
}

TEST_CASE("the check sees what is wrong with stated lengths", "[lengths][mutation]") {
  struct Mutation {
    std::string says;
    std::function<void(Plan&)> spoil;
  };
  const std::string csv = "cable,length_m,status,estimate_m,sold_m,part\n"
                          "compute/gpu-0001/compute-1.1,7.5,measured,,,\n"
                          "compute/gpu-0002/compute-1.1,4.9,locked,4.4,5,nvidia-mfp7e10\n";
  const std::vector<Mutation> mutations = {
      {"but must be 7500 mm and measured", [](Plan& p) { p.cables.legs[0].length_mm = 7'400; }},
      {"but must be 7500 mm and measured", [](Plan& p) { p.cables.legs[0].status = LengthStatus::estimated; }},
      {"and estimated", [](Plan& p) { p.cables.legs[1].status = LengthStatus::measured; }},
      {"mm long by the places of its ends", [](Plan& p) { ++p.cables.estimated_mm[0]; }},
      {"estimates beside its lengths", [](Plan& p) { p.cables.estimated_mm.clear(); }},
      {"stated lengths are stale", [](Plan& p) { std::erase_if(p.findings, [](const Finding& at) { return at.code == Code::stale_length; }); }},
      {"is locked at 5000 mm, but is",
       [](Plan& p) {
         for (auto& solution : p.cables.solutions) solution.sold = Millimetres(20'000);
       }},
      {"is locked as another part",
       [](Plan& p) {
         for (auto& solution : p.cables.solutions) solution.part = *p.catalog->find("generic-fibre");
       }},
      {"is of no link",
       [](Plan& p) {
         auto file = std::make_shared<LengthFile>(*p.spec.lengths);
         file->rows[0].cable = "compute/gpu-0001/compute-9.1";
         p.spec.lengths = std::move(file);
       }},
  };
  for (const auto& mutation : mutations) {
    auto plan = sound(cluster, csv);
    mutation.spoil(plan);
    const auto broken = check_plan(plan);
    INFO(mutation.says << "\n" << joined(broken));
    CHECK(std::any_of(broken.begin(), broken.end(), [&](const std::string& line) { return line.find(mutation.says) != std::string::npos; }));
  }
  auto plain = sound_plan(R"({ "name": "x", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] })");
  plain.cables.legs[3].status = LengthStatus::locked;
  CHECK(joined(check_plan(plain)).find("the spec states no lengths") != std::string::npos);
}
