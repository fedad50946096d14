// SPDX-License-Identifier: Apache-2.0
// Proof that the plan check can fail: good plans are spoiled in one place each, and the check must say what is wrong.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// A way to spoil a plan, and what the check must say of it.
struct Mutation {
  std::string name;
  std::function<void(Plan&)> spoil;
  std::string says;
};

/// Has DAC or AOC assemblies, optics, reserved ports, spares, two fabrics and three kinds of device.
constexpr auto varied = R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-b300","count":7,"unit":8,"nodes_per_rack":2}],
  "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-q3400-ra","reserved_ports":[{"tier":"leaf","count":4,"for":"ufm"}]}],
  "media":{"spares_percent":{"aoc":10,"dac":10,"module":10}}})";
constexpr auto optical = R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":31,"unit":32,"nodes_per_rack":4}],
  "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","reserved_ports":[{"tier":"leaf","count":4,"for":"ufm"}]}],
  "media":{"dac_below_m":0,"aoc_up_to_m":0,"spares_percent":{"module":10}}})";

/// The first link of a tier.
std::size_t first_link(const Plan& plan, std::int64_t tier) {
  for (const auto& group : plan.network.link_groups) {
    if (group.from_tier == tier) return group.first;
  }
  return 0;
}

Solution& solution_of(Plan& plan, std::size_t link) {
  return plan.cables.solutions[plan.cables.assemblies[plan.cables.legs[link].assembly.index()].solution.index()];
}

std::uint32_t cage_of(const Plan& plan, std::size_t link) {
  return plan.network.cage(plan.network.links[link].from, plan.network.links[link].from_port).index();
}

/// A link of an assembly (not optical) with at least `legs` used legs.
std::size_t cabled_link(const Plan& plan, std::uint32_t legs) {
  for (std::size_t i = 0; i < plan.cables.legs.size(); ++i) {
    if (plan.cables.solution(plan.cables.legs[i]).media <= MediaClass::aoc &&
        plan.cables.assemblies[plan.cables.legs[i].assembly.index()].used_legs >= legs)
      return i;
  }
  FAIL("the plan has no such assembly");
  return 0;
}

BomRow& row_of(Plan& plan, std::string_view kind) {
  const auto row = std::find_if(plan.bom.begin(), plan.bom.end(), [&](const BomRow& candidate) { return candidate.kind == kind; });
  REQUIRE(row != plan.bom.end());
  return *row;
}

void expect(const std::string& spec, const std::vector<Mutation>& mutations) {
  for (const auto& mutation : mutations) {
    auto plan = sound_plan(spec);
    mutation.spoil(plan);
    const auto violations = check_plan(plan);
    INFO(mutation.name << " must give a sentence with: " << mutation.says << "\n" << joined(violations));
    CHECK(std::any_of(violations.begin(), violations.end(), [&](const std::string& line) { return line.find(mutation.says) != std::string::npos; }));
    CHECK(violations.size() <= 100);
  }
}

} // namespace

TEST_CASE("the check sees what is wrong with names and orders", "[property][mutation]") {
  constexpr auto ordered = R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":31,"unit":16,"nodes_per_rack":4}],
    "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"}],
    "names":{"node":"su-{unit:02}-node-{n:02}","switch":"{fabric}-{tier}-{index:03}","rack":"r{row}-{position}"},
    "media":{"spares":{"module":4},"extras":[{"part":"generic-rail-kit","per":"switch","quantity":2},{"part":"generic-licence","per":"compute/leaf"},
             {"part":"generic-power-cord","per":"rack","quantity":2}]}})";
  expect(ordered, {
                      {"a number that is off by one", [](Plan& p) { p.network.groups[0].name[1].first = 2; }, "is not named by the pattern"},
                      {"names that repeat", [](Plan& p) { p.network.groups[0].name.back().modulo = 8; }, "share the name"},
                      {"a name without its pattern", [](Plan& p) { p.network.groups[1].name.clear(); }, "is not named by the pattern"},
                      {"a pattern from nowhere", [](Plan& p) { p.spec.names.node.clear(); }, "by a pattern that the spec does not have"},
                      {"racks that share a name", [](Plan& p) { p.spec.floor.rack_names->pieces.pop_back(); }, "two racks are named"},
                      {"spares", [](Plan& p) { ++row_of(p, "module").spares; }, "spares instead of 4"},
                      {"an order below the need", [](Plan& p) { --row_of(p, "module").ordered; }, "orders "},
                      {"an extra too many", [](Plan& p) { ++row_of(p, "accessory").quantity; }, "but the plan has"},
                      {"an extra that is missing", [](Plan& p) { p.bom.pop_back(); }, "is missing"},
                  });
}

TEST_CASE("the check sees what is wrong with links and devices", "[property][mutation]") {
  expect(optical,
         {
             {"a port twice", [](Plan& p) { p.network.links[1].to = p.network.links[0].to, p.network.links[1].to_port = p.network.links[0].to_port; },
              "is used twice"},
             {"spine ports swapped",
              [](Plan& p) {
                const auto i = first_link(p, 1);
                std::swap(p.network.links[i].to, p.network.links[i + 8].to);
                std::swap(p.network.links[i].to_port, p.network.links[i + 8].to_port);
                p.network.links[i + 8].to = p.network.links[i].to;
              },
              "links to"},
             {"a link that skips its tier", [](Plan& p) { p.network.links[0].to = p.network.links[p.network.links.size() - 1].to; },
              "goes from tier 0 to 2"},
             {"a link into an up cage", [](Plan& p) { p.network.links[0].to_port = p.network.links[first_link(p, 1)].from_port; },
              "ends at a cage of another use"},
             {"a missing node link",
              [](Plan& p) {
                p.network.links[8].from = p.network.links[0].from;
                p.network.links[8].from_port = p.network.links[0].from_port;
              },
              "ports for its 1 planes"},
             {"endpoints", [](Plan& p) { ++p.network.fabrics[0].endpoints; }, "says 249 endpoints"},
             {"tier count", [](Plan& p) { ++p.network.fabrics[0].tiers[1].switches; }, "says 5 switches, but has 4"},
             {"a reserved port on a used one",
              [](Plan& p) {
                p.network.fabrics[0].reserved[0].port = p.network.links[0].to_port, p.network.fabrics[0].reserved[0].device = p.network.links[0].to;
              },
              "second time by a reservation"},
             {"a reserved port gone", [](Plan& p) { p.network.fabrics[0].reserved.pop_back(); }, "reserves 3 ports for `ufm` instead of 4"},
             {"a reserved uplink", [](Plan& p) { p.network.fabrics[0].reserved[0].port = 63; }, "does not serve the tier below"},
             {"the speed of a block", [](Plan& p) { p.network.groups[1].blocks[0].speed = Mbps(200'000); }, "the catalog lists no mode"},
             {"the top of a block", [](Plan& p) { p.network.groups[1].blocks[0].top = Top::rhs; }, "form, top or lanes"},
             {"a device group off by one", [](Plan& p) { p.network.groups[1].first = p.network.groups[1].first.next(); }, "instead of 31"},
             {"a port in another cage", [](Plan& p) { p.network.groups[0].cage_of_port[1] = 3; }, "is not in cage 0"},
             {"a name twice", [](Plan& p) { p.network.groups[2].name_prefix = p.network.groups[1].name_prefix; }, "share the name"},
             {"a device that does not exist", [](Plan& p) { p.network.links[0].to = DeviceId(100'000); }, "does not exist"},
         });
}

TEST_CASE("the check sees what is wrong with optics", "[property][mutation]") {
  expect(optical,
         {
             {"a length", [](Plan& p) { ++p.cables.legs[5].length_mm; }, "mm long by the places of its ends"},
             {"an assembly's need", [](Plan& p) { --p.cables.assemblies[5].needed_mm; }, "but its longest leg is"},
             {"a sold length too short", [](Plan& p) { solution_of(p, 0).sold = Millimetres(1'000); }, "but needs"},
             {"a length that is not sold", [](Plan& p) { solution_of(p, 0).sold = Millimetres(9'001'001); }, "is not sold at"},
             {"a class too early",
              [](Plan& p) { p.spec.fabrics[0].media.dac_below = Millimetres(100'000), p.spec.fabrics[0].media.aoc_up_to = Millimetres(200'000); },
              "for which the rule names DAC; it is OSFP"},
             {"an escalation that was none", [](Plan& p) { p.cables.legs[0].escalated = true; }, "says that it escalated"},
             {"a module out", [](Plan& p) { p.cables.module_of_cage[cage_of(p, 0)] = 0; }, "holds no module"},
             {"a module with the wrong top",
              [](Plan& p) {
                const auto at = p.network.cage(p.network.links[0].to, p.network.links[0].to_port).index();
                p.cables.module_of_cage[cage_of(p, 0)] = p.cables.module_of_cage[at];
              },
              "does not fit a cage of"},
             {"a family of another kind",
              [](Plan& p) {
                p.cables.families.push_back({"other", "smf", "lc", 8, Mbps(100'000)});
                p.cables.family_of_cage[cage_of(p, 0)] = static_cast<std::uint16_t>(p.cables.families.size());
              },
              "different module families"},
             {"a fibre bought as a cable", [](Plan& p) { solution_of(p, 0).media = MediaClass::aoc; }, "is bought as AOC, which it is not"},
             {"a rack 2 km away", [](Plan& p) { p.spec.floor.rack_pitch = Millimetres(2'000'000); }, "mm long by the places of its ends"},
         });
}

TEST_CASE("the check sees what is wrong with cables", "[property][mutation]") {
  expect(
      varied,
      {
          {"a leg number twice",
           [](Plan& p) {
             const auto i = cabled_link(p, 2);
             const auto assembly = p.cables.legs[i].assembly;
             for (auto& leg : p.cables.legs) {
               if (leg.assembly == assembly) leg.number = 1;
             }
           },
           "as another link is"},
          {"a leg that the assembly does not have", [](Plan& p) { p.cables.legs[cabled_link(p, 1)].number = 9; }, "is leg 9 of an assembly with"},
          {"used legs", [](Plan& p) { ++p.cables.assemblies[p.cables.legs[cabled_link(p, 1)].assembly.index()].used_legs; },
           "used legs, but carries"},
          {"a link on another assembly",
           [](Plan& p) {
             const auto i = cabled_link(p, 2);
             for (std::size_t j = p.cables.legs.size(); j-- > 0;) {
               if (p.cables.solution(p.cables.legs[j]).media > MediaClass::aoc || p.cables.legs[j].assembly == p.cables.legs[i].assembly) continue;
               p.cables.legs[i].assembly = p.cables.legs[j].assembly;
               return;
             }
           },
           "on another assembly than the other ports of its cage"},
          {"a module in a cabled cage",
           [](Plan& p) {
             p.cables.modules.push_back(*p.catalog->find("generic-module-2km"));
             p.cables.module_of_cage[cage_of(p, cabled_link(p, 1))] = static_cast<std::uint16_t>(p.cables.modules.size());
           },
           "but a cable uses it"},
          {"a module in a dark cage",
           [](Plan& p) {
             p.cables.modules.push_back(*p.catalog->find("generic-module-2km"));
             std::vector<bool> used(p.network.cages, false);
             for (const auto& link : p.network.links) {
               used[p.network.cage(link.from, link.from_port).index()] = true;
               used[p.network.cage(link.to, link.to_port).index()] = true;
             }
             const auto dark = std::find(used.begin(), used.end(), false);
             REQUIRE(dark != used.end());
             p.cables.module_of_cage[static_cast<std::size_t>(dark - used.begin())] = static_cast<std::uint16_t>(p.cables.modules.size());
           },
           "but no link uses it"},
          {"the wrong number of legs", [](Plan& p) { ++solution_of(p, cabled_link(p, 1)).legs; }, "legs for a cage of"},
          {"a part for other cages", [](Plan& p) { solution_of(p, cabled_link(p, 1)).part = *p.catalog->find("generic-fibre"); }, "which it is not"},
          {"a reserved port in a cabled cage",
           [](Plan& p) {
             const auto i = cabled_link(p, 1);
             p.network.fabrics[0].reserved[0] = {p.network.links[i].to, static_cast<std::uint16_t>(p.network.links[i].to_port ^ 1U), 0};
           },
           "but a cable fills its cage"},
          {"a forgotten finding", [](Plan& p) { p.findings.clear(); }, "but findings name 0"},
      });
}

TEST_CASE("the check sees what is wrong with racks and the bill of materials", "[property][mutation]") {
  expect(optical,
         {
             {"overlapping devices", [](Plan& p) { p.placement.devices[1].unit = p.placement.devices[0].unit + 1; }, "overlaps"},
             {"a device above the rack", [](Plan& p) { p.placement.devices[0].unit = 47; }, "in a rack of 48"},
             {"a device of another height", [](Plan& p) { p.placement.devices[0].height = 4; }, "which the catalog states otherwise"},
             {"a device in no rack", [](Plan& p) { p.placement.devices[0].rack = RackId(); }, "stands in no rack"},
             {"a node too many in a rack", [](Plan& p) { p.placement.devices[4].rack = p.placement.devices[0].rack; }, "of a rack that holds 4"},
             {"used units", [](Plan& p) { ++p.placement.racks[0].used_units; }, "used units, but its devices fill"},
             {"rack power", [](Plan& p) { p.placement.racks[0].power += Milliwatts(1); }, "mW, but its devices draw"},
             {"a power limit", [](Plan& p) { p.spec.racks[0].max_power = Milliwatts(1'000'000); }, "but its limit is 1000000"},
             {"two racks in one place", [](Plan& p) { p.placement.racks[1].position = p.placement.racks[0].position; }, "two racks stand at"},
             {"rows", [](Plan& p) { ++p.placement.rows[0]; }, "says other rows"},
             {"a rack beyond the row", [](Plan& p) { p.placement.racks[0].position = 20; }, "outside the floor"},
             {"a rack in a kept-out place",
              [](Plan& p) {
                p.spec.floor.halls[0].keep_out.push_back({p.placement.racks[0].row, {}, {}});
              },
              "outside the floor"},
             {"a row beyond its power", [](Plan& p) { p.spec.floor.halls[0].max_row_power = Milliwatts(1); }, "but its limit is 1"},
             {"nodes in another row than stated", [](Plan& p) { p.spec.nodes[0].rows = {7}; }, "another hall or row"},
             {"switches in another row than stated", [](Plan& p) { p.spec.fabrics[0].rows = {7}; }, "another hall or row"},
             {"leaves away from their nodes", [](Plan& p) { p.spec.fabrics[0].switches = SwitchPlacement::top_of_rack; },
              "does not stand with its nodes"},
             {"a rack's load", [](Plan& p) { p.placement.racks[0].load += Grams(1); }, "its devices weigh"},
             {"a rack that bears less", [](Plan& p) { p.spec.racks[0].max_load = Grams(1); }, "but bears 1"},
             {"a fixed rack that is not there",
              [](Plan& p) {
                p.spec.floor.fixed.emplace_back().spot = {900, 0};
              },
              "no rack of the stated kind"},
             {"gear on a device",
              [](Plan& p) {
                p.placement.gear.push_back({RackId(0), 1, 1, {}, {}, {}});
              },
              "gear overlaps"},
             {"a hall that is too small", [](Plan& p) { p.spec.floor.halls[0].rows = 0; }, "but the hall has 0"},
             {"a BOM quantity", [](Plan& p) { ++row_of(p, "module").quantity; }, "but the plan has"},
             {"spares", [](Plan& p) { ++row_of(p, "module").spares; }, "spares instead of"},
             {"a BOM row gone", [](Plan& p) { p.bom.erase(p.bom.begin()); }, "is missing"},
             {"a BOM row twice", [](Plan& p) { p.bom.push_back(p.bom.front()); }, "is listed twice"},
             {"a host", [](Plan& p) { row_of(p, "gpu").included_in = PartId(); }, "but the plan has none"},
             {"a kind", [](Plan& p) { row_of(p, "fibre").kind = "aoc"; }, "is listed as aoc instead of fibre"},
         });
}

TEST_CASE("the check lists at most a hundred sentences", "[property][mutation]") {
  auto plan = sound_plan(optical);
  for (auto& leg : plan.cables.legs) ++leg.length_mm;
  CHECK(check_plan(plan).size() == 100);
}

namespace {

std::string with_topology(const std::string& topology, std::int64_t count) {
  return R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":)" + std::to_string(count) +
         R"(}],"fabrics":[{"name":"f","leaf":"nvidia-qm9700","topology":)" + topology + "}]}";
}

LinkGroup& links_of_kind(Plan& plan, LinkKind kind) {
  const auto found =
      std::find_if(plan.network.link_groups.begin(), plan.network.link_groups.end(), [&](const auto& group) { return group.kind == kind; });
  REQUIRE(found != plan.network.link_groups.end());
  return *found;
}

/// Swaps the far ends of two links of a kind.
void cross(Plan& plan, LinkKind kind, std::uint32_t a, std::uint32_t b) {
  const auto first = links_of_kind(plan, kind).first;
  auto& links = plan.network.links;
  std::swap(links[first + a].to, links[first + b].to);
  std::swap(links[first + a].to_port, links[first + b].to_port);
}

} // namespace

TEST_CASE("the check sees what is wrong with direct topologies", "[property][mutation]") {
  expect(with_topology(R"({"kind":"dragonfly","a":4,"p":4,"h":2,"g":9})", 18),
         {
             {"global links crossed", [](Plan& p) { cross(p, LinkKind::global, 0, 1); }, "instead of 1"},
             {"local links crossed", [](Plan& p) { cross(p, LinkKind::local, 0, 20); }, "are of different groups"},
             {"another size of groups", [](Plan& p) { p.network.fabrics[0].shape.group_size = 3; }, "routers instead of 27"},
             {"a local link called global", [](Plan& p) { links_of_kind(p, LinkKind::local).kind = LinkKind::global; }, "local pairs instead of"},
         });
  expect(with_topology(R"({"kind":"dragonfly+","l":4,"s":2,"p":4,"h":2,"g":5})", 10),
         {{"global links crossed", [](Plan& p) { cross(p, LinkKind::global, 0, 1); }, "instead of 1"},
          {"leaves of two groups crossed", [](Plan& p) { cross(p, LinkKind::local, 0, 30); }, "are of different groups"}});
  expect(with_topology(R"({"kind":"slim-fly","q":5,"p":4})", 25),
         {{"global links crossed", [](Plan& p) { cross(p, LinkKind::global, 0, 7); }, "reaches a column twice"},
          {"local links crossed", [](Plan& p) { cross(p, LinkKind::local, 0, 6); }, "wrong kind"}});
  expect(with_topology(R"({"kind":"torus","dims":[4,4,2]})", 32),
         {{"neighbours crossed", [](Plan& p) { cross(p, LinkKind::y, 0, 9); }, "are no neighbours"},
          {"another length", [](Plan& p) { p.network.fabrics[0].shape.dimensions[0] = 8; }, "routers instead of 64"}});
}

TEST_CASE("the check sees what is wrong with listed links", "[property][mutation]") {
  const std::string listed = R"({"name":"x","nodes":[{"group":"n","model":"nvidia-dgx-h100","count":2}],"fabrics":[
    {"name":"core","leaf":"nvidia-sn5600","attach":[{"group":"n","ports":"in-band","count":1}],"external":[{"name":"wan","count":1}],
     "topology":{"kind":"explicit","switches":{"leaf":2},"links":[
       {"from_device":"n-0001","from_cage":"in-band-1","to_device":"core-leaf-0001","to_cage":"1"},
       {"from_device":"n-0002","from_cage":"in-band-1","to_device":"core-leaf-0001","to_cage":"2"},
       {"from_device":"wan","from_cage":"","to_device":"core-leaf-0002","to_cage":"3"}]}},
    {"name":"oob","leaf":"nvidia-sn2201","attach":[{"group":"n","ports":"bmc"}],"uplink_to":"core",
     "topology":{"kind":"explicit","switches":{"leaf":1},"links":[
       {"from_device":"n-0001","from_cage":"bmc-1","to_device":"oob-leaf-0001","to_cage":"1"},
       {"from_device":"n-0002","from_cage":"bmc-1","to_device":"oob-leaf-0001","to_cage":"2"},
       {"from_device":"oob-leaf-0001","from_cage":"uplink-1","to_device":"core-leaf-0001","to_cage":"49"}]}}]})";
  expect(listed, {
                     {"ports exchanged", [](Plan& p) { std::swap(p.network.links[0].to_port, p.network.links[1].to_port); },
                      "lists `n-0001` cage in-band-1 port 1 to `core-leaf-0001` cage 1 port 1, which the plan does not join"},
                     {"another port of the uplink", [](Plan& p) { p.network.links.back().to_port += 1; },
                      "lists `oob-leaf-0001` cage uplink-1 port 1 to `core-leaf-0001` cage 49 port 1"},
                     {"an external link gone", [](Plan& p) { p.network.fabrics[0].external.clear(); }, "lists 3 links, but the plan has 2"},
                     {"a row more", [](Plan& p) { p.spec.fabrics[0].options.links.push_back(p.spec.fabrics[0].options.links[0]); },
                      "lists 4 links, but the plan has 3"},
                     {"a row of another device", [](Plan& p) { p.spec.fabrics[1].options.links[0].from.device = "n-0003"; },
                      "lists `n-0003` cage bmc-1 port 1"},
                 });
}

TEST_CASE("the check sees what is wrong with rails, shared switches and uplinks", "[property][mutation]") {
  expect(with_topology(R"("rail-only")", 80),
         {{"two rails joined",
           [](Plan& p) {
             const auto link = first_link(p, 1);
             for (auto i = link; i < p.network.links.size(); ++i) {
               if (p.network.group(p.network.links[i].from).is_node()) continue;
               if (p.network.group(p.network.links[i].from).rail == p.network.group(p.network.links[link].from).rail) continue;
               std::swap(p.network.links[i].to, p.network.links[link].to);
               std::swap(p.network.links[i].to_port, p.network.links[link].to_port);
               return;
             }
           },
           "joins two rails"}});
  expect(
      R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":4,"nics":[{"ports":"compute","model":"nvidia-bf3-b3140h","count":4}]}],
    "racks":[{"name":"r","pdus":2}],
    "fabrics":[{"name":"f","topology":"collapsed-core","leaf":"nvidia-sn5600","external":[{"name":"edge","count":4,"speed_gbps":400}]},
               {"name":"oob","topology":"access","leaf":"nvidia-sn2201","uplink_to":"f",
                "attach":[{"group":"gpu","ports":"bmc"},{"devices":"switches"},{"devices":"pdus"}]}]})",
      {{"an external port gone", [](Plan& p) { p.network.fabrics[0].external.pop_back(); }, "has 3 ports for `edge` instead of 4"},
       {"an external port on a used one",
        [](Plan& p) {
          p.network.fabrics[0].external[0].device = p.network.links[0].to;
          p.network.fabrics[0].external[0].port = p.network.links[0].to_port;
        },
        "by a link that leaves the plan"},
       {"uplinks into the wrong fabric", [](Plan& p) { links_of_kind(p, LinkKind::uplink).host = FabricId(1); }, "that the spec does not name"},
       {"a management link gone",
        [](Plan& p) {
          for (auto& link : p.network.links) {
            if (p.network.group(link.from).is_node() || p.network.group(link.from).block_of_port(link.from_port).name != "mgmt") continue;
            link.from = p.network.links[0].from;
            link.from_port = p.network.links[0].from_port;
            return;
          }
        },
        "management links to fabric `oob` instead of 1"},
       {"a PDU in another rack", [](Plan& p) { p.placement.devices[p.network.groups[1].first.index()].rack = RackId(1); }, "PDUs instead of 2"}});
}
