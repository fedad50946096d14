// SPDX-License-Identifier: Apache-2.0
// What joins halls, held against the cable schedule; and what the NICs of a fabric speak.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/halls.hpp"
#include "icplan/analysis/transport.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

OpticalFamily family(std::string type, std::string connector, std::int64_t lanes, std::int64_t gbps) {
  return {std::move(type), "smf", std::move(connector), lanes, Mbps(gbps * 1000)};
}

std::string nic(const std::string& id, const std::string& transport) {
  return R"({ "id": ")" + id + R"(", "kind": "nic", "manufacturer": "site", "name": "card", "description": "card", "basis": "datasheet", "source": "s", "pcie": "gen5x16",)" +
         (transport.empty() ? "" : R"( "transport": )" + transport + ",") +
         R"( "ports": [ { "name": "port", "cages": 1, "form": "qsfp112", "top": "none", "lanes": 4, "lane_gbps": 100, "modes": [{ "ports": 1, "gbps": 400 }], "protocols": ["ethernet"] } ] })";
}

/// A fabric that joins a group of nodes with each of the cards.
Plan with_cards(const std::vector<std::string>& transports) {
  std::string parts;
  std::string nodes;
  for (std::size_t i = 0; i < transports.size(); ++i) {
    const auto id = "card-" + std::to_string(i);
    parts += (i == 0 ? "" : ", ") + nic(id, transports[i]);
    nodes += std::string(i == 0 ? "" : ", ") + R"({ "group": "g)" + std::to_string(i) + R"(", "model": "dell-xe9680-h100", "count": 2, "nics": [ { "ports": "compute", "model": ")" + id +
             R"(", "count": 8 } ] })";
  }
  return sound_plan(R"({ "name": "cards", "nodes": [ )" + nodes + R"( ], "fabrics": [ { "name": "compute", "topology": "fat-tree", "leaf": "nvidia-sn5610" } ] })",
                    R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [ )" + parts + " ] }");
}

using Words = std::vector<std::string>;

} // namespace

TEST_CASE("light on a pair follows from the connector") {
  const auto zr = pair_light(family("zr", "lc-duplex", 1, 400));
  REQUIRE(zr);
  CHECK(zr->pairs == 1);
  CHECK(zr->wavelengths == 1);
  CHECK(zr->rate == Mbps(400'000));
  const auto lr4 = pair_light(family("lr4", "lc-duplex", 4, 100));
  REQUIRE(lr4);
  CHECK(lr4->pairs == 1);
  CHECK(lr4->wavelengths == 4);
  const auto dr4 = pair_light(family("dr4", "mpo-12-apc", 4, 100));
  REQUIRE(dr4);
  CHECK(dr4->pairs == 4);
  CHECK(dr4->wavelengths == 1);
  CHECK_FALSE(pair_light(family("generic-2km", "generic", 4, 100)));
  CHECK_FALSE(pair_light(family("lr4", "lc-duplex", 0, 0)));
}

TEST_CASE("what crosses between halls is what the schedule says") {
  const auto plan = sound_plan(read_source("examples/two-halls/cluster.json"));
  std::int64_t rows = 0;
  std::set<std::string> cables;
  for (const auto& row : csv_rows(schedule_csv(plan))) {
    // cable, leg, fabric, plane, class ... from_hall is column 11, to_hall column 18.
    if (row[10] == row[17] || row[10] == "from_hall") continue;
    ++rows;
    cables.insert(row[0]);
  }
  std::int64_t links = 0;
  std::int64_t laid = 0;
  Mbps capacity;
  for (const auto& line : measure_hall_crossings(plan)) {
    links += line.links;
    laid += line.cables;
    capacity += line.capacity;
    CHECK(line.from < line.to);
  }
  CHECK(rows == 256);
  CHECK(links == rows);
  CHECK(laid == static_cast<std::int64_t>(cables.size()));
  CHECK(capacity == Mbps(400'000) * rows);
}

TEST_CASE("two halls joined by parallel optics take four pairs a link") {
  const auto lines = measure_hall_crossings(sound_plan(read_source("examples/two-halls/cluster.json")));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].optics == "dr4");
  CHECK(lines[0].pairs() == 4 * 256);
}

TEST_CASE("one hall has no crossings") { CHECK(measure_hall_crossings(sound_plan(read_source("examples/tiny/cluster.json"))).empty()); }

TEST_CASE("transports are those that all NICs of a fabric share") {
  const auto shared = [](const Words& transports) { return shared_transports(with_cards(transports), FabricId(0)); };
  CHECK(shared({R"(["uec-1.0", "rocev2"])"}) == Words{"uec-1.0", "rocev2"});
  CHECK(shared({R"(["uec-1.0", "rocev2"])", R"(["rocev2"])"}) == Words{"rocev2"});
  CHECK(shared({R"(["uec-1.0"])", R"(["rocev2"])"}) == Words{});
  CHECK_FALSE(shared({R"(["uec-1.0"])", ""}));
  // A DGX does not name its NICs.
  CHECK_FALSE(shared_transports(sound_plan(read_source("examples/tiny/cluster.json")), FabricId(0)));
}

TEST_CASE("plan document and summary say what all NICs speak") {
  const auto plan = with_cards({R"(["uec-1.0", "rocev2"])"});
  CHECK(plan_json(plan).find(R"("transport": ["uec-1.0", "rocev2"])") != std::string::npos);
  const auto sections = summarise_plan(plan);
  CHECK(render_text("cards", sections).find("transport of all attached NICs: uec-1.0, rocev2") != std::string::npos);
  const auto apart = summarise_plan(with_cards({R"(["uec-1.0"])", R"(["rocev2"])"}));
  CHECK(render_text("cards", apart).find("the attached NICs have no transport in common") != std::string::npos);
}
