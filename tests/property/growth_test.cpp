// SPDX-License-Identifier: Apache-2.0
// Growing: whatever is added, what is installed stays, or a finding names it.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/base/sha256.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// The cable schedule by both ends, each row by the names of its columns.
using Schedule = std::map<std::string, std::map<std::string, std::string>>;
Schedule schedule(const std::string& text) {
  Schedule by_ends;
  const auto rows = csv_rows(text);
  REQUIRE_FALSE(rows.empty());
  const auto& names = rows.front();
  for (std::size_t r = 1; r < rows.size(); ++r) {
    std::map<std::string, std::string> row;
    for (std::size_t c = 0; c < names.size(); ++c) row[names[c]] = rows[r].at(c);
    const auto key =
        row["from_device"] + " " + row["from_cage"] + "." + row["from_port"] + " " + row["to_device"] + " " + row["to_cage"] + "." + row["to_port"];
    by_ends.emplace(key, std::move(row));
  }
  return by_ends;
}

Planned grown(const std::string& spec, const Saved& before) { return sound_planned(spec, {}, {}, &before); }

Saved saved(const std::string& spec) {
  const auto planned = plan_spec(spec);
  INFO(spec << "\n" << planned.text());
  REQUIRE(planned.plan);
  return save(*planned.plan);
}

/// Everything of the earlier schedule is in the later one, or as many cables as findings name are not.
void expect_kept(const Saved& before, const Planned& after, const std::string& what) {
  INFO(what << "\n" << after.text());
  const auto old_rows = schedule(before.cables);
  const auto new_rows = schedule(save(*after.plan).cables);
  std::map<std::string, int> lost;
  for (const auto& [ends, row] : old_rows) {
    const auto found = new_rows.find(ends);
    const bool same = found != new_rows.end() && found->second.at("part") == row.at("part") && found->second.at("sold_m") == row.at("sold_m");
    if (!same) {
      ++lost[row.at("cable")];
      continue;
    }
    CHECK(found->second.at("cable") == row.at("cable"));
    CHECK(found->second.at("class") == row.at("class"));
    if (after.count(Code::installed_device_moved) > 0) continue;
    for (const auto* place : {"from_hall", "from_row", "from_rack", "from_u", "to_hall", "to_row", "to_rack", "to_u"})
      CHECK(found->second.at(place) == row.at(place));
  }
  CHECK(lost.size() ==
        after.count(Code::installed_cable_gone) + after.count(Code::installed_cable_moved) + after.count(Code::installed_cable_replaced));
  const auto& growth = *after.plan->growth;
  CHECK(growth.devices.kept + growth.devices.moved + growth.devices.removed == static_cast<std::int64_t>(after.plan->baseline->devices.size()));
  CHECK(growth.cables.kept + growth.cables.added == static_cast<std::int64_t>(after.plan->cables.assemblies.size()));
}

constexpr auto h100 = R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":$1,"unit":$2,"nodes_per_rack":4}],
  "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","expandable_to":$3}]})";

} // namespace

TEST_CASE("what is installed stays though it is not bought any more", "[growth]") {
  const auto before = saved(fill(h100, {8, 16, 64}));
  const auto overlay = R"({ "format": "icplan.catalog/1", "sources": {}, "parts": [], "disable": ["nvidia-mfp7e10"] })";
  const auto after = sound_plan(fill(h100, {8, 16, 64}), overlay, {}, &before);
  CHECK(after.growth->cables.replaced == 0);
  auto narrower = fill(h100, {8, 16, 64});
  narrower.insert(1, R"("floor": { "halls": [ { "name": "A", "keep_out": [ { "row": 1, "positions": [1] } ] } ] }, )");
  const auto nowhere = plan_spec(narrower, {}, {}, &before);
  CHECK_FALSE(nowhere.plan);
  CHECK(nowhere.reports(Code::installed_rack_unknown));
}

TEST_CASE("growing to the same size keeps everything", "[growth]") {
  for (const auto* pattern : {h100, R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-b300","count":$1,"unit":$2,"nodes_per_rack":2}],
    "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-q3400-ra"}],"media":{"spares_percent":{"aoc":10}}})"}) {
    const auto spec = fill(pattern, {20, 16, 96});
    const auto before = saved(spec);
    const auto after = grown(spec, before);
    CHECK(save(*after.plan).cables == before.cables);
    const auto& growth = *after.plan->growth;
    CHECK(growth.devices.added + growth.devices.moved + growth.devices.removed == 0);
    CHECK(growth.cables.added + growth.cables.moved + growth.cables.removed + growth.cables.replaced == 0);
    CHECK(growth.left_over.empty());
    for (std::size_t i = 0; i < after.plan->bom.size(); ++i) CHECK(growth.installed[i] == after.plan->bom[i].quantity + after.plan->bom[i].spares);
  }
}

TEST_CASE("growing within expandable_to keeps every device, port and cable", "[growth]") {
  std::int64_t step = 0;
  for (const std::vector<std::int64_t>& sizes : {std::vector<std::int64_t>{32, 40, 64, 96}, std::vector<std::int64_t>{33, 34, 95, 96}}) {
    auto before = saved(fill(h100, {sizes.front(), 32, 96}));
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      const auto after = grown(fill(h100, {sizes[i], 32, 96}), before);
      expect_kept(before, after, std::to_string(sizes[i]));
      const auto& growth = *after.plan->growth;
      CHECK(growth.devices.removed == 0);
      CHECK(growth.devices.added > 0);
      CHECK(growth.cables.moved + growth.cables.removed == 0);
      before = save(*after.plan);
      ++step;
    }
  }
  CHECK(step == 6);
}

TEST_CASE("random clusters grow step by step, and findings name what is not kept", "[growth][property]") {
  std::mt19937 random(7);
  const auto pick = [&](std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most - least + 1));
  };
  const std::vector<std::string> topologies = {R"("topology":"rail-optimized","leaf":"nvidia-qm9700")",
                                               R"("topology":"fat-tree","leaf":"nvidia-qm9700")",
                                               R"("topology":"rail-optimized","leaf":"nvidia-qm9700","switches":"top-of-rack")",
                                               R"("topology":"rail-only","leaf":"nvidia-qm9700")",
                                               R"("topology":{"kind":"dragonfly","a":8,"p":4,"h":4},"leaf":"nvidia-qm9700")",
                                               R"("topology":{"kind":"torus","dims":[4,4],"p":16},"leaf":"nvidia-qm9700")"};
  std::int64_t moved = 0;
  for (std::size_t round = 0; round < topologies.size() * 4; ++round) {
    const auto& topology = topologies[round % topologies.size()];
    const auto unit = pick(2, 32);
    const auto per_rack = pick(1, 5);
    const auto make = [&](std::int64_t count) {
      return fill(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":$1,)", {count}) +
             (topology.find("rail") != std::string::npos ? fill(R"("unit":$1,)", {unit}) : "") +
             fill(R"("nodes_per_rack":$1}],"fabrics":[{"name":"compute",)", {per_rack}) + topology + "}]}";
    };
    auto count = pick(unit, 32);
    auto before = saved(make(count));
    for (int i = 0; i < 3; ++i) {
      count = std::min<std::int64_t>(count + pick(0, 20), 32);
      const auto after = grown(make(count), before);
      expect_kept(before, after, make(count));
      const auto& growth = *after.plan->growth;
      CHECK(growth.devices.removed ==
            static_cast<std::int64_t>(after.count(Code::installed_device_gone) + after.count(Code::installed_device_changed)));
      CHECK(growth.devices.moved == static_cast<std::int64_t>(after.count(Code::installed_device_moved)));
      moved += growth.cables.moved;
      before = save(*after.plan);
    }
  }
  // Without `expandable_to`, links between switches do move.
  CHECK(moved > 0);
}

TEST_CASE("installed pieces stay although the catalog would choose others now", "[growth]") {
  const auto spec = [](std::int64_t count, const std::string& media) {
    return fill(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-b300","count":$1,"unit":16,"nodes_per_rack":2}],
      "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-q3400-ra","expandable_to":64}],"media":{)",
                {count}) +
           media + "}}";
  };
  const auto before = saved(spec(16, ""));
  // Optics everywhere, for what is new.
  const auto after = grown(spec(32, R"("dac_below_m":0,"aoc_up_to_m":0)"), before);
  expect_kept(before, after, "optics");
  CHECK(after.plan->growth->cables.replaced == 0);
  std::map<bool, std::int64_t> optical;
  for (const auto& leg : after.plan->cables.legs) optical[leg.held] += after.plan->cables.solution(leg).media == MediaClass::osfp ? 1 : 0;
  CHECK(optical[true] == 0);
  CHECK(optical[false] > 0);
}

TEST_CASE("what cannot stay is named with numbers", "[growth]") {
  const auto before = saved(fill(h100, {64, 32, 64}));
  SECTION("the cluster shrank") {
    const auto after = grown(fill(h100, {40, 32, 64}), before);
    CHECK(after.count(Code::installed_device_gone) == 24);
    CHECK(after.plan->growth->devices.removed == 24);
    CHECK(after.count(Code::installed_cable_gone) == 24 * 8);
    CHECK(after.reports(Code::installed_device_gone));
    CHECK_FALSE(after.plan->growth->left_over.empty());
  }
  SECTION("fewer switches than are installed") {
    const auto larger = saved(fill(h100, {64, 32, 128}));
    const auto after = grown(fill(h100, {64, 32, 64}), larger);
    // 16 spines for 128 nodes, 8 for 64.
    CHECK(after.count(Code::installed_device_gone) == 8);
    CHECK(after.text().find("installed switches are not part of the plan: it needs fewer of them") != std::string::npos);
  }
  SECTION("beyond expandable_to") {
    const auto after = grown(fill(h100, {96, 32, 96}), before);
    CHECK(after.plan->growth->cables.moved > 0);
    CHECK(after.count(Code::installed_cable_moved) == static_cast<std::uint64_t>(after.plan->growth->cables.moved));
    CHECK(after.text().find("must lead to `compute-spine-") != std::string::npos);
  }
  SECTION("another model") {
    auto spec = fill(h100, {64, 32, 64});
    spec.replace(spec.find("dgx-h100"), 8, "dgx-h200");
    const auto after = grown(spec, before);
    CHECK(after.count(Code::installed_device_changed) == 64);
  }
  SECTION("the floor became larger than its cables") {
    auto spec = fill(h100, {64, 32, 64});
    spec.insert(spec.size() - 1, R"(,"floor":{"rack_pitch_m":1.2})");
    const auto after = grown(spec, before);
    CHECK(after.count(Code::installed_cable_replaced) > 0);
    CHECK(after.plan->growth->cables.replaced == static_cast<std::int64_t>(after.count(Code::installed_cable_replaced)));
    expect_kept(before, after, "pitch");
  }
  SECTION("a kind of rack that is no more") {
    auto spec = fill(h100, {64, 32, 64});
    spec.insert(spec.size() - 1, R"(,"racks":[{"name":"other","model":"generic-48u-1200"}])");
    const auto planned = plan_spec(spec, {}, {}, &before);
    CHECK_FALSE(planned.plan);
    CHECK(planned.reports(Code::installed_rack_unknown));
  }
}

TEST_CASE("a baseline that is not whole is refused", "[growth]") {
  const auto spec = fill(h100, {32, 32, 64});
  const auto good = saved(spec);
  const auto refused = [&](const Saved& bad, Code code) {
    const auto planned = plan_spec(spec, {}, {}, &bad);
    INFO(planned.text());
    CHECK_FALSE(planned.plan);
    CHECK(planned.reports(code));
    return planned.text();
  };
  const auto replaced = [](std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  CHECK(refused({good.plan, good.cables + " "}, Code::baseline_unreadable).find("is not the one that plan.json was written with") !=
        std::string::npos);
  refused({"{}", good.cables}, Code::baseline_unreadable);
  refused({"[", good.cables}, Code::syntax_error);
  refused({replaced(good.plan, "\"contents\"", "\"content\""), good.cables}, Code::baseline_unreadable);
  refused({replaced(good.plan, "icplan.plan/1", "icplan.plan/2"), good.cables}, Code::baseline_unreadable);
  // A part that the catalogs no longer have, with a digest that is right.
  auto cables = good.cables;
  for (auto at = cables.find(",nvidia-mfp7e10,"); at != std::string::npos; at = cables.find(",nvidia-mfp7e10,"))
    cables.replace(at, 16, ",nvidia-gone,");
  Sha256 was;
  was.update(good.cables);
  Sha256 is;
  is.update(cables);
  refused({replaced(good.plan, was.hex_digest(), is.hex_digest()), cables}, Code::installed_part_unknown);
}

TEST_CASE("the check sees what is wrong with growth", "[growth][mutation]") {
  struct Mutation {
    std::string says;
    std::function<void(Plan&)> spoil;
  };
  const std::vector<Mutation> mutations = {
      {"kept", [](Plan& p) { ++p.growth->cables.kept; }},
      {"added", [](Plan& p) { ++p.growth->cables.added; }},
      {"removed", [](Plan& p) { ++p.growth->cables.removed; }},
      {"moved", [](Plan& p) { ++p.growth->cables.moved; }},
      {"replaced", [](Plan& p) { ++p.growth->cables.replaced; }},
      {"devices", [](Plan& p) { --p.growth->devices.kept; }},
      {"devices", [](Plan& p) { p.placement.devices[0].unit += 1; }},
      {"is held", [](Plan& p) { p.cables.legs[0].held = false; }},
      {"is held", [](Plan& p) { p.cables.legs[p.network.link_groups[0].count - 1].held = true; }},
      {"installed", [](Plan& p) { ++p.growth->installed[0]; }},
      {"to be bought", [](Plan& p) { ++p.growth->to_buy[0]; }},
      {"left over",
       [](Plan& p) {
         p.growth->left_over.push_back({"nvidia-mfp7e10", "fibre", "compute", 5'000, "", 1});
       }},
      {"no growth", [](Plan& p) { p.growth.reset(); }},
  };
  const auto before = saved(fill(h100, {32, 32, 64}));
  for (const auto& mutation : mutations) {
    auto planned = grown(fill(h100, {40, 32, 64}), before);
    mutation.spoil(*planned.plan);
    const auto broken = check_plan(*planned.plan);
    INFO(mutation.says << "\n" << joined(broken));
    CHECK(std::any_of(broken.begin(), broken.end(), [&](const std::string& line) { return line.find(mutation.says) != std::string::npos; }));
  }
}
