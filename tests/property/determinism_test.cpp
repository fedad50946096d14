// SPDX-License-Identifier: Apache-2.0
// Equal specs give equal bytes, however they are written.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/report/report.hpp"

#include <string>

using namespace icplan;
using namespace icplan::test;

namespace {

/// The document without the places of findings, which follow the text of the spec, and without its own digest, which follows them.
std::string without_places(std::string text) {
  text.erase(text.rfind("\"sha256\": "));
  for (const std::string name : {"\"line\": ", "\"column\": "}) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      const auto begin = at + name.size();
      text.erase(begin, text.find_first_of(",\n}", begin) - begin);
    }
  }
  return text;
}

} // namespace

TEST_CASE("order of keys and whitespace do not change the plan") {
  const auto a = plan_spec(R"({ "name": "same", "accept": ["unconfirmed"],
    "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 37, "unit": 16, "nodes_per_rack": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "oversubscription": 1.5 } ],
    "racks": [ { "name": "gpu", "model": "generic-48u-1200", "max_power_kw": 45 } ],
    "floor": { "slack_m": 0.75, "row_pitch_m": 3.2 }, "expected": { "gpus": 296, "compute.leaf": 24 } })");
  const auto b = plan_spec(R"(// the same, written otherwise
{
  "expected" : { "compute.leaf" : 24, "gpus" : 296 },
  "floor" : {
    "row_pitch_m" : 3.2,
    "slack_m" : 0.75 },
  "racks" : [ { "max_power_kw" : 45, "model" : "generic-48u-1200", "name" : "gpu" } ],
  "fabrics" : [
    { "oversubscription" : 1.5, "leaf" : "nvidia-qm9700",
      "topology" : "rail-optimized", "name" : "compute" } ],
  "nodes" : [ { "nodes_per_rack" : 4, "unit" : 16, "count" : 37, "model" : "nvidia-dgx-h100", "group" : "gpu" } ],
  "accept" : [ "unconfirmed" ],
  "name" : "same" })");
  REQUIRE(a.plan);
  REQUIRE(b.plan);
  CHECK(bom_csv(*a.plan) == bom_csv(*b.plan));
  CHECK(schedule_csv(*a.plan) == schedule_csv(*b.plan));
  CHECK(without_places(plan_json(*a.plan)) == without_places(plan_json(*b.plan)));
}

TEST_CASE("adding a node touches few lines of the schedule") {
  const auto text = [](std::int64_t count) {
    return fill(R"({ "name": "grow", "nodes": [ { "model": "nvidia-dgx-h100", "count": $1, "unit": 32, "nodes_per_rack": 4 } ],
      "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] })",
                {count});
  };
  const auto before = plan_spec(text(29));
  const auto after = plan_spec(text(30));
  REQUIRE(before.plan);
  REQUIRE(after.plan);
  // The node joins a rack that is there, so nothing moves: eight rows are new, none is another.
  const auto old_rows = schedule_csv(*before.plan);
  const auto new_rows = schedule_csv(*after.plan);
  std::size_t kept = 0;
  std::size_t rows = 0;
  for (std::size_t at = 0; at < old_rows.size();) {
    const auto end = old_rows.find('\n', at) + 1;
    if (new_rows.find(old_rows.substr(at, end - at)) != std::string::npos) ++kept;
    ++rows;
    at = end;
  }
  CHECK(kept == rows);
}
