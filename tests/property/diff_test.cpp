// SPDX-License-Identifier: Apache-2.0
// What holds of every difference: nothing differs from itself or from its saved self, both directions mirror each other, and cables add up to the
// bill of materials.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/report/diff.hpp"
#include "icplan/report/record.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// Designs that differ in one thing or in many: counts, topology, media, spares, names, speeds.
std::vector<std::string> designs() {
  const auto spec = [](int nodes, const std::string& topology, const std::string& rest) {
    return R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":)" + std::to_string(nodes) +
           R"(}],"fabrics":[{"name":"compute","topology":")" + topology + R"(","leaf":"nvidia-qm9700"}])" + rest + "}";
  };
  return {spec(4, "rail-optimized", ""),
          spec(5, "rail-optimized", ""),
          spec(40, "rail-optimized", R"(,"media":{"spares_percent":{"module":3,"fibre":2}})"),
          spec(4, "fat-tree", ""),
          spec(16, "fat-tree", R"(,"media":{"dac_below_m":1,"aoc_up_to_m":1.5})"),
          spec(8, "rail-only", ""),
          spec(4, "rail-optimized", R"(,"names":{"node":"n{n:04}"})"),
          spec(4, "rail-optimized", R"(,"floor":{"slack_m":2})")};
}

std::multimap<std::string, std::pair<bool, std::string>> moves(const PlanDiff& diff, bool mirrored) {
  std::multimap<std::string, std::pair<bool, std::string>> all;
  const auto add = [&](std::string what, bool old, std::string name) { all.emplace(std::move(what), std::pair(old != mirrored, std::move(name))); };
  for (const auto c : diff.cables_removed) add("cable", true, std::string(diff.before->cable_name(c)));
  for (const auto c : diff.cables_added) add("cable", false, std::string(diff.after->cable_name(c)));
  for (const auto d : diff.devices_removed) add("device", true, diff.before->devices[d].name);
  for (const auto d : diff.devices_added) add("device", false, diff.after->devices[d].name);
  for (const auto r : diff.racks_removed) add("rack", true, diff.before->racks[r].name);
  for (const auto r : diff.racks_added) add("rack", false, diff.after->racks[r].name);
  for (const auto f : diff.findings_vanished) add("finding", true, diff.before->findings[f].message);
  for (const auto f : diff.findings_appeared) add("finding", false, diff.after->findings[f].message);
  for (const auto& pair : diff.findings_changed) {
    add("changed finding", true, diff.before->findings[pair.before].message);
    add("changed finding", false, diff.after->findings[pair.after].message);
  }
  const auto pairs = [&](const std::string& what, const std::vector<PlanDiff::Cable>& changes) {
    for (const auto& change : changes) {
      add(what, true, std::string(diff.before->cable_name(change.before)));
      add(what, false, std::string(diff.after->cable_name(change.after)));
    }
  };
  pairs("relengthened", diff.cables_relengthened);
  pairs("changed", diff.cables_changed);
  pairs("replugged", diff.cables_replugged);
  return all;
}

std::vector<std::pair<std::string, std::pair<bool, std::string>>> sorted_moves(const PlanDiff& diff, bool mirrored) {
  const auto all = moves(diff, mirrored);
  std::vector<std::pair<std::string, std::pair<bool, std::string>>> list(all.begin(), all.end());
  std::sort(list.begin(), list.end());
  return list;
}

using Pieces = std::map<std::pair<std::string, std::int64_t>, std::int64_t>;

/// Cables laid, by part and sold length, as the bill of materials has them.
void count_bought(Pieces& pieces, const PlanRecord& plan, std::int64_t sign) {
  for (const auto& item : plan.items) {
    if (item.kind == "dac" || item.kind == "aoc" || item.kind == "fibre" || item.kind == "utp")
      pieces[{item.part, item.length_mm}] += sign * item.quantity;
  }
}

/// The same, as a difference tells it.
Pieces count_told(const PlanDiff& diff) {
  Pieces pieces;
  const auto add = [&](const PlanRecord& plan, std::uint32_t cable, std::int64_t sign) {
    const auto& piece = plan.pieces[plan.cables[cable].piece];
    pieces[{piece.part, piece.sold_mm}] += sign;
  };
  for (const auto c : diff.cables_added) add(*diff.after, c, 1);
  for (const auto c : diff.cables_removed) add(*diff.before, c, -1);
  for (const auto* changes : {&diff.cables_relengthened, &diff.cables_changed, &diff.cables_replugged}) {
    for (const auto& change : *changes) {
      add(*diff.after, change.after, 1);
      add(*diff.before, change.before, -1);
    }
  }
  return pieces;
}

Pieces without_zeros(Pieces pieces) {
  for (auto at = pieces.begin(); at != pieces.end();) at = at->second == 0 ? pieces.erase(at) : std::next(at);
  return pieces;
}

} // namespace

TEST_CASE("differences of designs mirror each other and add up", "[diff][property]") {
  std::vector<PlanRecord> plans;
  for (const auto& spec : designs()) {
    INFO(spec);
    const auto plan = sound_plan(spec);
    plans.push_back(record_plan(plan));
    const auto saved = save(plan);
    SourceMap sources;
    Sink sink;
    const auto document = sources.add("plan.json", saved.plan);
    const auto back = read_saved_plan("saved", sources, document, sources.add("cables.csv", saved.cables), sink);
    REQUIRE(back != nullptr);
    CHECK(*back == plans.back());
    CHECK(diff_plans(*back, plans.back()).empty());
  }
  for (const auto& before : plans) {
    for (const auto& after : plans) {
      const auto there = diff_plans(before, after);
      const auto back = diff_plans(after, before);
      CHECK(there.empty() == (&before == &after));
      CHECK(sorted_moves(there, false) == sorted_moves(back, true));
      CHECK(there.needed_lengths == back.needed_lengths);
      CHECK(there.parts.size() == back.parts.size());
      CHECK(there.devices_moved.size() == back.devices_moved.size());
      Pieces bought;
      count_bought(bought, after, 1);
      count_bought(bought, before, -1);
      CHECK(without_zeros(count_told(there)) == without_zeros(bought));
    }
  }
}
