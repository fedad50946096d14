// SPDX-License-Identifier: Apache-2.0
// What changed between two plans: each kind of change from a minimal pair, saved plans, limits.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/base/sha256.hpp"
#include "icplan/json/value.hpp"
#include "icplan/report/diff.hpp"
#include "icplan/report/record.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <string>
#include <variant>

using namespace icplan;
using namespace icplan::test;

namespace {

constexpr std::string_view priced = "part,unit_price_usd,date\nnvidia-dgx-h100,$1,2026-01-01\n";

std::string spec_text(std::int64_t count, const std::string& group = "gpu", const std::string& rest = {}) {
  return R"({"name":"x","nodes":[{"group":")" + group + R"(","model":"nvidia-dgx-h100","count":)" + std::to_string(count) +
         R"(}],"fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700"}])" + rest + "}";
}

PlanRecord record_of(const std::string& spec, const std::map<std::string, std::string>& files = {}) {
  return record_plan(sound_plan(spec, {}, files));
}

/// What reading a saved plan gave.
struct ReadBack {
  std::shared_ptr<const PlanRecord> record;
  std::string findings;
};
ReadBack read_back(const Saved& saved) {
  SourceMap sources;
  Sink sink;
  const auto plan = sources.add("plan.json", saved.plan);
  const auto cables = sources.add("cables.csv", saved.cables);
  ReadBack back{read_saved_plan("saved", sources, plan, cables, sink), {}};
  for (const auto& finding : sink.sorted()) back.findings += code_text(finding.code) + ": " + finding.message + "\n";
  return back;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

/// The plan document with the digest that belongs to it.
std::string sealed(const std::string& plan) {
  const auto key = plan.rfind("\"sha256\"");
  Sha256 digest;
  digest.update(std::string_view(plan).substr(0, key));
  return plan.substr(0, key) + "\"sha256\": \"" + digest.hex_digest() + "\"\n}\n";
}

/// One thing changed in a text.
struct Edit {
  std::string what;
  std::size_t at = 0;
  std::size_t length = 0;
  std::string by;
};
std::string replaced(std::string text, const Edit& edit) { return text.replace(edit.at, edit.length, edit.by); }

void add_edits(std::vector<Edit>& edits, const json::Value& value, const std::string& text) {
  const auto begin = std::size_t{value.where.begin};
  const auto token = text.substr(begin, value.where.end - begin);
  switch (value.kind) {
  case json::Kind::number: edits.push_back({"number", begin, token.size(), token == "0" ? "1" : "1" + token}); break;
  case json::Kind::string: edits.push_back({"text", begin, token.size(), "\"x" + token.substr(1)}); break;
  case json::Kind::boolean: edits.push_back({"flag", begin, token.size(), value.boolean ? "false" : "true"}); break;
  case json::Kind::null: edits.push_back({"null", begin, token.size(), "1"}); break;
  default: break;
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const bool last = i + 1 == value.items.size();
    const auto from = i > 0 && last ? value.items[i - 1].where.end : value.items[i].where.begin;
    const auto to = last ? value.items[i].where.end : value.items[i + 1].where.begin;
    edits.push_back({"row", from, to - from, ""});
    add_edits(edits, value.items[i], text);
  }
  for (const auto& member : value.members) add_edits(edits, member.value, text);
}

/// Every value of the document changed, and every item of its lists taken out, one at a time.
std::vector<Edit> edits_of(const std::string& plan) {
  SourceMap sources;
  Sink sink;
  const auto document = json::parse(sources, sources.add("plan.json", plan), sink);
  REQUIRE(document);
  std::vector<Edit> edits;
  add_edits(edits, *document, plan);
  return edits;
}

const PlanDiff::Figure* figure(const PlanDiff& diff, std::string_view key) {
  const auto found = std::find_if(diff.figures.begin(), diff.figures.end(), [&](const auto& of) { return of.key == key; });
  return found == diff.figures.end() ? nullptr : &*found;
}

std::string markdown(const PlanDiff& diff) { return diff_markdown(diff, {"old", "new"}, {}); }

/// A node and two switches, joined by the cables that the list says.
std::string listed(const std::string& rest = {}) {
  return R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":1}],"fabrics":[{"name":"f","leaf":"nvidia-sn5600",
      "attach":[{"group":"gpu","ports":"in-band","count":1}],"topology":{"kind":"explicit","switches":{"leaf":2},"csv":"links.csv"}}])" +
         rest + "}";
}

} // namespace

TEST_CASE("a saved plan reads back as the record of the plan", "[diff]") {
  for (const std::int64_t count : {4, 32}) {
    const auto plan = sound_plan(spec_text(count));
    const auto back = read_back(save(plan));
    INFO(back.findings);
    REQUIRE(back.record != nullptr);
    CHECK(*back.record == record_plan(plan));
    CHECK(diff_plans(*back.record, record_plan(plan)).empty());
    CHECK(back.record->cables.size() == plan.cables.assemblies.size());
    CHECK(back.record->legs.size() == plan.network.links.size());
  }
}

TEST_CASE("saved plans that were changed by hand are refused", "[diff]") {
  const auto saved = save(sound_plan(spec_text(4)));
  SECTION("cables of another plan") {
    const auto back = read_back({saved.plan, saved.cables + "\n"});
    CHECK(back.record == nullptr);
    CHECK(back.findings.find("IC7101: saved plan `saved`: cables.csv is not the one that plan.json was written with") == 0);
  }
  SECTION("no list of nodes") {
    const auto back = read_back({replaced(saved.plan, "\"nodes\": [\n", "\"knots\": [\n"), saved.cables});
    CHECK(back.record == nullptr);
    CHECK(back.findings.find("IC7101: saved plan `saved`: plan.json lists no `nodes`") == 0);
  }
  SECTION("another count") {
    const auto back = read_back({replaced(saved.plan, "\"cables\": 48", "\"cables\": 47"), saved.cables});
    CHECK(back.record == nullptr);
    CHECK(back.findings.find("IC7102: saved plan `saved`: its summary states 47 cables, but there are 48 cables of cables.csv") == 0);
  }
  SECTION("another total") {
    const auto back = read_back({replaced(saved.plan, "\"cost_usd\": null", "\"cost_usd\": 1000.5"), saved.cables});
    CHECK(back.record == nullptr);
    CHECK(back.findings.find("its summary states $1000.50, but its bill of materials comes to $0.00") != std::string::npos);
  }
  SECTION("a spec is none") {
    const auto back = read_back({spec_text(4), saved.cables});
    CHECK(back.record == nullptr);
    CHECK(back.findings.find("IC7101: saved plan `saved`: plan.json is no plan of format icplan.plan/1") == 0);
  }
  CHECK(is_plan_document(saved.plan));
  CHECK_FALSE(is_plan_document(spec_text(4)));
  CHECK_FALSE(is_plan_document(R"({"name": "icplan.plan/1"})"));
  CHECK(is_plan_document(R"({"fabrics": [], "format" : "icplan.plan/1"})"));
}

TEST_CASE("no member of a saved plan can be changed, and no row taken out", "[diff]") {
  const auto saved = save(sound_plan(listed(), {},
                                     {{"links.csv", "from_device,from_cage,from_port,to_device,to_cage,to_port\n"
                                                    "gpu-0001,in-band-1,1,f-leaf-0001,9,1\nf-leaf-0001,1,1,f-leaf-0002,1,1\n"}}));
  REQUIRE(read_back(saved).record != nullptr);
  const auto edits = edits_of(saved.plan);
  std::map<std::string, std::size_t> taken;
  for (const auto& edit : edits) {
    const auto back = read_back({replaced(saved.plan, edit), saved.cables});
    INFO(saved.plan.substr(edit.at, edit.length) << " -> " << edit.by);
    CHECK(back.record == nullptr);
    CHECK((back.findings.find("IC71") == 0 || back.findings.find("IC1") == 0));
    ++taken[edit.what];
  }
  CHECK(taken["number"] > 100);
  CHECK(taken["text"] > 100);
  CHECK(taken["flag"] > 3);
  CHECK(taken["row"] > 30);
}

TEST_CASE("a saved plan is as it was written, or says so", "[diff]") {
  const auto saved = save(sound_plan(spec_text(4)));
  const auto findings = [&](const std::string& plan) { return read_back({plan, saved.cables}).findings; };
  CHECK(findings(replaced(saved.plan, "\"gpus\": 32", "\"gpus\": 33")) == "IC7102: saved plan `saved`: plan.json was changed after it was written\n");
  CHECK(findings(saved.plan + " ").empty());
  CHECK(findings(" " + saved.plan) == "IC7102: saved plan `saved`: plan.json was changed after it was written\n");
  const auto key = saved.plan.rfind(",\n  \"sha256\"");
  REQUIRE(key != std::string::npos);
  CHECK(findings(saved.plan.substr(0, key) + "\n}\n").find("IC7101: saved plan `saved`: plan.json does not end with a `sha256` of itself") == 0);
  CHECK(findings(replaced(saved.plan, "\"\n}\n", "\",\n  \"more\": 1\n}\n")).find("IC7101: saved plan `saved`: plan.json does not end with") == 0);
}

TEST_CASE("values of a saved plan that are none are refused, not read as 0", "[diff]") {
  const auto saved = save(sound_plan(spec_text(4)));
  // With the right digest: another tool may have written it.
  const auto findings = [&](const std::string& what, const std::string& by) {
    return read_back({sealed(replaced(saved.plan, what, by)), saved.cables}).findings;
  };
  CHECK(findings("\"gpus\": 32", "\"gpus\": 32").empty());
  CHECK(findings("\"gpus\": 32", "\"gpus\": \"32\"") == "IC7101: saved plan `saved`: `gpus` is a string, not a count\n");
  CHECK(findings("\"gpus\": 32", "\"gpus\": 1e30") == "IC7101: saved plan `saved`: `gpus` is 1e30, not a count\n");
  CHECK(findings("\"gpus\": 32", "\"gpus\": -1") == "IC7101: saved plan `saved`: `gpus` is -1, not a count\n");
  CHECK(findings("\"modules\": ", "\"knots\": ") == "IC7101: saved plan `saved`: `modules` is missing, not a count\n");
  CHECK(findings("\"spares\": 0", "\"spares\": null") == "IC7101: saved plan `saved`: `spares` is null, not a count\n");
  CHECK(findings("\"spares\": 0", "\"spares\": 0.5") == "IC7101: saved plan `saved`: `spares` is 0.5, not a count\n");
  CHECK(findings("\"unit_price_usd\": null", "\"unit_price_usd\": 0.001") ==
        "IC7101: saved plan `saved`: `unit_price_usd` is 0.001, not a number from 0 on, of at most 2 decimals\n");
  CHECK(findings("\"unit_price_usd\": null", "\"unit_price_usd\": 9000000000000000").find("its bill of materials comes to $") != std::string::npos);
  CHECK(findings("\"bisection_is_bound\": ", "\"bisection_is_bound\": 1, \"was\": ") ==
        "IC7101: saved plan `saved`: `bisection_is_bound` is 1, not true or false\n");
}

TEST_CASE("more nodes bring devices, racks, parts and cables", "[diff]") {
  const auto before = record_of(spec_text(4));
  const auto after = record_of(spec_text(8));
  const auto diff = diff_plans(before, after);
  REQUIRE(figure(diff, "gpus") != nullptr);
  CHECK(figure(diff, "gpus")->before == ComparedValue{ComparedValue::State::known, 32});
  CHECK(figure(diff, "gpus")->after == ComparedValue{ComparedValue::State::known, 64});
  REQUIRE_FALSE(diff.devices.empty());
  CHECK(diff.devices[0].name == "gpu");
  CHECK(diff.devices[0].after - diff.devices[0].before == 4);
  CHECK(diff.devices_added.size() - diff.devices_removed.size() == after.devices.size() - before.devices.size());
  CHECK(diff.cables_added.size() + before.cables.size() == diff.cables_removed.size() + after.cables.size());
  const auto back = diff_plans(after, before);
  CHECK(back.cables_added == diff.cables_removed);
  CHECK(back.cables_removed == diff.cables_added);
  CHECK(back.devices_added == diff.devices_removed);
  CHECK(back.racks_removed == diff.racks_added);
  CHECK(back.parts.size() == diff.parts.size());
  CHECK(diff_plans(after, after).empty());
}

TEST_CASE("a price that changes is all that changes", "[diff]") {
  const auto spec = spec_text(4, "gpu", R"(,"media":{"prices":"prices.csv"})");
  const auto before = record_of(spec, {{"prices.csv", fill(priced, {1000})}});
  const auto after = record_of(spec, {{"prices.csv", fill(priced, {1100})}});
  const auto diff = diff_plans(before, after);
  REQUIRE(diff.figures.size() == 1);
  CHECK(diff.figures[0].key == "cost_usd");
  CHECK(diff.figures[0].before == ComparedValue{ComparedValue::State::at_least, 400'000});
  CHECK(diff.figures[0].after == ComparedValue{ComparedValue::State::at_least, 440'000});
  REQUIRE(diff.parts.size() == 1);
  CHECK(diff.parts[0].before.price_cents == 100'000);
  CHECK(diff.parts[0].after.price_cents == 110'000);
  CHECK(diff.cables_changed.empty());
  const auto text = diff_text(diff, {"old", "new"}, {}, false);
  CHECK(text.find("$1,000.00 -> $1,100.00") != std::string::npos);
  CHECK(text.find("+$400.00 of what is known") != std::string::npos);
}

TEST_CASE("a group of another name has other devices, and other cables", "[diff]") {
  const auto before = record_of(spec_text(4));
  const auto after = record_of(spec_text(4, "node"));
  const auto diff = diff_plans(before, after);
  CHECK(diff.figures.empty());
  CHECK(diff.parts.empty());
  REQUIRE(diff.devices.size() == 2);
  CHECK(diff.devices[0].after == 0);
  CHECK(diff.devices[1].before == 0);
  CHECK(diff.devices_added.size() == 4);
  CHECK(diff.cables_added.size() == diff.cables_removed.size());
  // Those between switches stay.
  CHECK(diff.cables_added.size() == 32);
}

TEST_CASE("cables are matched by their ends, whatever their order", "[diff]") {
  constexpr std::string_view header = "from_device,from_cage,from_port,to_device,to_cage,to_port\ngpu-0001,in-band-1,1,f-leaf-0001,9,1\n";
  const auto links = [&](const std::string& rows) { return std::map<std::string, std::string>{{"links.csv", std::string(header) + rows}}; };
  const auto before = record_of(listed(), links("f-leaf-0001,1,1,f-leaf-0002,1,1\nf-leaf-0001,2,1,f-leaf-0002,2,1\n"));
  SECTION("rows and ends that changed places are no change") {
    const auto after = record_of(listed(), links("f-leaf-0001,2,1,f-leaf-0002,2,1\nf-leaf-0002,1,1,f-leaf-0001,1,1\n"));
    CHECK(diff_plans(before, after).empty());
  }
  SECTION("a plug in another port") {
    const auto after = record_of(listed(), links("f-leaf-0001,1,1,f-leaf-0002,1,1\nf-leaf-0001,2,1,f-leaf-0002,3,1\n"));
    const auto diff = diff_plans(before, after);
    CHECK(diff.cables_added.size() == 1);
    CHECK(diff.cables_removed.size() == 1);
    CHECK(diff.parts.empty());
    CHECK(diff.figures.empty());
  }
  SECTION("fibre where copper was") {
    const auto after = record_of(listed(R"(,"media":{"dac_below_m":0.1,"aoc_up_to_m":0.2})"),
                                 links("f-leaf-0001,1,1,f-leaf-0002,1,1\nf-leaf-0001,2,1,f-leaf-0002,2,1\n"));
    const auto diff = diff_plans(before, after);
    CHECK(diff.cables_added.empty());
    CHECK(diff.cables_removed.empty());
    CHECK(diff.cables_changed.size() == before.cables.size());
    for (const auto& change : diff.cables_changed) CHECK(change.other_class);
  }
}

TEST_CASE("lengths that are stated differently relengthen a cable or not", "[diff]") {
  const auto spec = spec_text(4, "gpu", R"(,"media":{"lengths":"lengths.csv"})");
  const auto rows = [](const std::string& metres) {
    return std::map<std::string, std::string>{{"lengths.csv", "cable,leg_m,status\ncompute/gpu-0001/compute-1.1," + metres + ",measured\n"}};
  };
  const auto before = record_of(spec, rows("3.5"));
  const auto longer = diff_plans(before, record_of(spec, rows("7.5")));
  REQUIRE(longer.cables_relengthened.size() == 1);
  CHECK(longer.cables_relengthened[0].other_length);
  CHECK(longer.cables_added.empty());
  CHECK(longer.needed_lengths == 0);
  const auto within = diff_plans(before, record_of(spec, rows("3.6")));
  CHECK(within.cables_relengthened.empty());
  CHECK(within.needed_lengths == 1);
  CHECK(within.parts.empty());
}

TEST_CASE("assemblies are matched by their legs", "[diff]") {
  auto before = record_of(spec_text(4));
  // The first cable with two legs.
  const auto splitter = [&] {
    for (std::uint32_t c = 0; c < before.cables.size(); ++c) {
      if (std::count_if(before.legs.begin(), before.legs.end(), [&](const auto& leg) { return leg.cable == c; }) == 2) return c;
    }
    return PlanDiff::none;
  }();
  REQUIRE(splitter != PlanDiff::none);
  auto after = before;
  std::vector<std::uint32_t> legs;
  for (std::uint32_t l = 0; l < after.legs.size(); ++l) {
    if (after.legs[l].cable == splitter) legs.push_back(l);
  }
  SECTION("one leg is plugged elsewhere") {
    after.sockets.push_back({"99", "1"});
    after.legs[legs[1]].ends[1].socket = static_cast<std::uint32_t>(after.sockets.size() - 1);
    const auto diff = diff_plans(before, after);
    REQUIRE(diff.cables_replugged.size() == 1);
    CHECK(diff.cables_replugged[0].before == splitter);
    CHECK(diff.cables_added.empty());
    CHECK(diff.cables_removed.empty());
    const auto back = diff_plans(after, before);
    REQUIRE(back.cables_replugged.size() == 1);
    CHECK(back.cables_replugged[0].after == splitter);
  }
  SECTION("two cables of one leg each take its place") {
    after.pieces.push_back({"DAC", "straight", 2'000, "compute"});
    const auto piece = static_cast<std::uint32_t>(after.pieces.size() - 1);
    after.cables[splitter].piece = piece;
    after.add_cable("second", piece, 1'500);
    after.legs[legs[1]].cable = static_cast<std::uint32_t>(after.cables.size() - 1);
    const auto diff = diff_plans(before, after);
    CHECK(diff.cables_removed == std::vector<std::uint32_t>{splitter});
    CHECK(diff.cables_added.size() == 2);
    CHECK(diff.cables_replugged.empty());
  }
  SECTION("another module at one end") {
    after.modules.emplace_back("other");
    after.legs[legs[0]].ends[0].module = static_cast<std::uint32_t>(after.modules.size());
    const auto diff = diff_plans(before, after);
    REQUIRE(diff.cables_changed.size() == 1);
    CHECK(diff.cables_changed[0].other_modules);
    CHECK_FALSE(diff.cables_changed[0].other_part);
  }
}

TEST_CASE("findings appear and vanish by code and message, not by line", "[diff]") {
  const auto before = record_of(spec_text(4));
  auto after = before;
  REQUIRE(after.findings.size() >= 2);
  after.findings[0].line += 7;
  CHECK(diff_plans(before, after).empty());
  after.findings[0].message = "something else";
  after.findings[1].count += 1;
  const auto diff = diff_plans(before, after);
  CHECK(diff.findings_appeared == std::vector<std::uint32_t>{0});
  CHECK(diff.findings_vanished == std::vector<std::uint32_t>{0});
  CHECK(diff.findings_recounted == std::vector<PlanDiff::Pair>{{1, 1}});
}

TEST_CASE("a finding with other numbers is the same finding", "[diff]") {
  PlanRecord before;
  PlanRecord after;
  const auto note = [](const std::string& message, const std::string& code = "IC6001", const std::string& severity = "note", std::int64_t count = 1) {
    return PlanRecord::Note{code, "x", severity, message, {}, {}, 0, 0, count};
  };
  const auto pairs = [&] { return diff_plans(before, after).findings_changed; };
  using Pairs = std::vector<PlanDiff::Pair>;
  SECTION("paired, and told with both messages") {
    before.findings = {note("runs of 5.011 to 5.811 m"), note("kept 1"), note("1,234 W of `a1`")};
    after.findings = {note("kept 1"), note("0 W of `a1`"), note("runs of 5.2 to 12 m", "IC6001", "note", 3)};
    const auto diff = diff_plans(before, after);
    CHECK(diff.findings_changed == Pairs{{0, 2}, {2, 1}});
    CHECK(diff.findings_appeared.empty());
    CHECK(diff.findings_vanished.empty());
    CHECK(diff.findings_recounted.empty());
    CHECK_FALSE(diff.empty());
    const auto text = diff_text(diff, {"old", "new"}, {}, false);
    CHECK(text.find("  ~  note      IC6001  was: runs of 5.011 to 5.811 m\n  ~  note      IC6001  is: runs of 5.2 to 12 m (3)\n") !=
          std::string::npos);
    const auto comment = markdown(diff);
    CHECK(comment.find("**findings: 2 with other numbers**") != std::string::npos);
    CHECK(comment.find("| `~` | note | IC6001 | was: runs of 5.011 to 5.811 m |\n| `~` | note | IC6001 | is: runs of 5.2 to 12 m (3) |") !=
          std::string::npos);
    CHECK(
        diff_json(diff, {"old", "new"}, {})
            .find(
                R"({"code": "IC6001", "name": "x", "severity": "note", "message": "runs of 5.2 to 12 m", "old_message": "runs of 5.011 to 5.811 m", "old_count": 1, "new_count": 3})") !=
        std::string::npos);
  }
  SECTION("what is exactly the same goes first") {
    before.findings = {note("1 m"), note("2 m")};
    after.findings = {note("2 m"), note("3 m"), note("4 m")};
    const auto diff = diff_plans(before, after);
    CHECK(diff.findings_changed == Pairs{{0, 1}});
    CHECK(diff.findings_appeared == std::vector<std::uint32_t>{2});
    CHECK(diff.findings_vanished.empty());
    CHECK(markdown(diff).find("findings: 1 appeared, 0 vanished, 1 with other numbers") != std::string::npos);
  }
  SECTION("another code, severity, name or word is another finding") {
    before.findings = {note("1 m"), note("1 kg", "IC6002"), note("1 W of `a1`"), note("1 QSFP56 cage"), note("1 `b"), note("1 V")};
    after.findings = {
        note("2 m", "IC6002"), note("2 kg", "IC6002", "warning"), note("2 W of `a2`"), note("2 QSFP112 cages"), note("1 `c"), note("x V")};
    const auto diff = diff_plans(before, after);
    CHECK(diff.findings_changed.empty());
    CHECK(diff.findings_appeared.size() == 6);
    CHECK(diff.findings_vanished.size() == 6);
  }
  SECTION("ends of sentences") {
    before.findings = {note("it is 1.")};
    after.findings = {note("it is 1,000.5.")};
    CHECK(pairs() == Pairs{{0, 0}});
  }
}

TEST_CASE("devices and racks in another place are told", "[diff]") {
  const auto before = record_of(spec_text(4));
  auto after = before;
  after.devices[0].unit += 1;
  after.devices[1].part = "other";
  after.racks[0].position += 1;
  const auto diff = diff_plans(before, after);
  CHECK(diff.devices_moved == std::vector<PlanDiff::Pair>{{0, 0}});
  CHECK(diff.devices_replaced == std::vector<PlanDiff::Pair>{{1, 1}});
  CHECK(diff.racks_changed == std::vector<PlanDiff::Pair>{{0, 0}});
}

TEST_CASE("limits of changes are read", "[diff]") {
  const auto limit = [](std::string_view text) {
    const auto parsed = parse_diff_limit(text);
    INFO((std::holds_alternative<std::string>(parsed) ? std::get<std::string>(parsed) : std::string()));
    REQUIRE(std::holds_alternative<DiffLimit>(parsed));
    return std::get<DiffLimit>(parsed);
  };
  const auto share = limit("cost>+5%");
  CHECK(share.change);
  CHECK(share.percent);
  CHECK(share.value == 5'000);
  CHECK(limit("cost > 2000000").value == 200'000'000);
  CHECK(limit("cost>+1.5M").value == 150'000'000);
  CHECK(limit("cost>+1.5kUSD").value == 150'000);
  CHECK(limit("power>+10kW").value == 10'000'000);
  CHECK(limit("power_typical<=1MW").comparator == DiffLimit::Comparator::at_most);
  CHECK(limit("bandwidth<-0.5%").value == -500);
  CHECK(limit("bisection<1.5Tb/s").value == 1'500'000);
  CHECK(limit("errors>0").metric == DiffLimit::Metric::errors);
  CHECK_FALSE(limit("errors>=0").change);
  const auto complaint = [](std::string_view text) {
    const auto parsed = parse_diff_limit(text);
    return std::holds_alternative<std::string>(parsed) ? std::get<std::string>(parsed) : std::string("none");
  };
  CHECK(complaint("") == "no metric and comparison");
  CHECK(complaint("costs>5") == "no metric `costs`; did you mean `cost`?");
  CHECK(complaint("cost=5") == "the comparisons are >, >=, < and <=");
  CHECK(complaint("cost>") == "no number after the comparison");
  CHECK(complaint("cost>5%") == "a share is one of the old figure: write +5% or -5%");
  CHECK(complaint("power>+10") == "`power` needs W, kW or MW, not ``");
  CHECK(complaint("gpus>10kW") == "`gpus` takes no unit, not `kW`");
  CHECK(complaint("cost>2,000,000") == "digits of numbers are not parted: write 2000000, or 2M for cost");
  CHECK(complaint("cost>1.234") == "`1.234` is too large or has too many decimals");
  CHECK(complaint("gpus>99999999999999999999") == "`99999999999999999999` is too large or has too many decimals");
  CHECK(complaint("cost>+5000000%").find("is not a share") != std::string::npos);
}

TEST_CASE("limits are judged by what is known", "[diff]") {
  auto before = record_of(spec_text(4));
  auto after = before;
  before.totals.cost_cents = 1'000'000;
  before.totals.cost_unknown = 0;
  after.totals.cost_cents = 1'050'000;
  after.totals.cost_unknown = 0;
  const auto verdict = [&](std::string_view text) {
    return judge_diff(before, after, std::array{std::get<DiffLimit>(parse_diff_limit(text))}).front();
  };
  using State = DiffVerdict::State;
  CHECK(verdict("cost>+5%").state == State::kept);
  CHECK(verdict("cost>=+5%").state == State::exceeded);
  CHECK(verdict("cost>+4.9%").state == State::exceeded);
  CHECK(verdict("cost>+500").state == State::kept);
  CHECK(verdict("cost>+499.99").state == State::exceeded);
  CHECK(verdict("cost>10500").state == State::kept);
  CHECK(verdict("cost>10499").reason == "cost is $10,500.00");
  CHECK(verdict("cost>+4%").reason == "cost goes from $10,000.00 to $10,500.00: +$500.00 (+5 %)");
  after.totals.cost_unknown = 2;
  // More than was known of: that much is sure.
  CHECK(verdict("cost>+4%").state == State::exceeded);
  CHECK(verdict("cost>+6%").state == State::unknown);
  CHECK(verdict("cost>10000").state == State::exceeded);
  CHECK(verdict("cost>20000").state == State::unknown);
  CHECK(verdict("cost>20000").reason == "cost cannot be judged: it is >= $10,500.00 (2 parts without a price)");
  before.totals.cost_unknown = 2;
  CHECK(verdict("cost>+4%").state == State::unknown);
  after.totals.cost_cents.reset();
  CHECK(verdict("cost>+4%").reason ==
        "cost cannot be judged: it was >= $10,000.00 (2 parts without a price) and is unknown (2 parts without a price)");
  after.fabrics[0].per_gpu_mbps = 200'000;
  CHECK(verdict("bandwidth<-10%").state == State::exceeded);
  CHECK(verdict("bandwidth<-10%").reason == "injection per GPU of fabric `compute` goes from 400 Gb/s to 200 Gb/s: -200 Gb/s (-50 %)");
  CHECK(verdict("bandwidth<200Gb/s").state == State::kept);
  after.fabrics.clear();
  CHECK(verdict("bandwidth<-10%").state == State::exceeded);
  CHECK(verdict("bandwidth<1Gb/s").state == State::unknown);
  CHECK(verdict("errors>0").state == State::kept);
}

TEST_CASE("where nothing differs, the change of what is not known is none", "[diff]") {
  const auto same = record_of(spec_text(4));
  REQUIRE(same.totals.cost_unknown > 0);
  const auto verdict = [](const PlanRecord& before, const PlanRecord& after, std::string_view text) {
    return judge_diff(before, after, std::array{std::get<DiffLimit>(parse_diff_limit(text))}).front();
  };
  using State = DiffVerdict::State;
  for (const auto* text : {"cost>+5%", "cost>+0", "cost<-0%", "cost>+0%"}) {
    INFO(text);
    CHECK(verdict(same, same, text).state == State::kept);
  }
  CHECK(verdict(same, same, "cost>=+0").state == State::exceeded);
  CHECK(verdict(same, same, "cost>5").state == State::unknown);
  CHECK(verdict(same, same, "cost>+5%").reason.find("cost stays unknown (") == 0);
  CHECK(verdict(same, same, "cost>+5%").reason.find("); what is not known is the same on both sides") != std::string::npos);
  auto other = same;
  for (auto& item : other.items) {
    if (item.kind == "switch") item.ordered += 1;
  }
  CHECK(verdict(same, other, "cost>+5%").state == State::unknown);
  CHECK(verdict(other, same, "cost>+5%").state == State::unknown);
}

TEST_CASE("the change of cost is sure where the same parts have no price", "[diff]") {
  const auto spec = spec_text(4, "gpu", R"(,"media":{"prices":"prices.csv"})");
  const auto priced_at = [&](std::int64_t dollars) { return record_of(spec, {{"prices.csv", fill(priced, {dollars})}}); };
  const auto before = priced_at(1000);
  const auto after = priced_at(1100);
  REQUIRE(before.totals.cost_unknown > 0);
  REQUIRE(before.totals.cost_cents == 400'000);
  const auto verdict = [](const PlanRecord& a, const PlanRecord& b, std::string_view text) {
    return judge_diff(a, b, std::array{std::get<DiffLimit>(parse_diff_limit(text))}).front();
  };
  using State = DiffVerdict::State;
  CHECK(verdict(before, after, "cost>+400").state == State::kept);
  CHECK(verdict(before, after, "cost>=+400").state == State::exceeded);
  CHECK(verdict(before, after, "cost>+399.99").state == State::exceeded);
  // At most 10 % of what is known, and of the true cost less.
  CHECK(verdict(before, after, "cost>+10%").state == State::kept);
  CHECK(verdict(before, after, "cost>=+10%").state == State::unknown);
  CHECK(verdict(before, after, "cost>+9.999%").state == State::unknown);
  CHECK(verdict(before, after, "cost>+0%").state == State::exceeded);
  CHECK(verdict(before, after, "cost<+0%").state == State::kept);
  CHECK(verdict(before, after, "cost>-5%").state == State::exceeded);
  CHECK(verdict(after, before, "cost<-9%").state == State::unknown);
  CHECK(verdict(after, before, "cost<-9.1%").state == State::kept);
  CHECK(verdict(after, before, "cost<-0%").state == State::exceeded);
  CHECK(verdict(after, before, "cost>+1%").state == State::kept);
  CHECK(verdict(before, after, "cost>+10%").reason.find("-> ") == std::string::npos);
  CHECK(verdict(before, after, "cost>+400").reason.find(": +$400.00; what is not known is the same on both sides") != std::string::npos);
  SECTION("other pieces without a price") {
    auto more = after;
    const auto cable = std::find_if(more.items.begin(), more.items.end(), [](const auto& item) { return item.length_mm > 0; });
    REQUIRE(cable != more.items.end());
    SECTION("more") { cable->ordered += 1; }
    SECTION("longer") { cable->length_mm += 500; }
    SECTION("of another part") { cable->part += "-x"; }
    CHECK(verdict(before, more, "cost>+10%").state == State::unknown);
    CHECK(verdict(before, more, "cost>+400").state == State::unknown);
  }
  SECTION("a total that its rows do not come to") {
    auto odd = after;
    *odd.totals.cost_cents += 1;
    CHECK(verdict(before, odd, "cost>+1000").state == State::unknown);
    odd = after;
    odd.totals.cost_unknown += 1;
    CHECK(verdict(before, odd, "cost>+1000").state == State::unknown);
  }
  SECTION("of nothing known no share can be told") {
    auto none = before;
    auto some = before;
    const auto node = std::find_if(none.items.begin(), none.items.end(), [](const auto& item) { return item.price_cents.has_value(); });
    none.items.erase(node);
    none.totals.cost_cents.reset();
    CHECK(verdict(none, some, "cost>+4000").state == State::kept);
    CHECK(verdict(none, some, "cost>+1000000%").state == State::unknown);
    CHECK(verdict(none, some, "cost<-1%").state == State::kept);
  }
}

TEST_CASE("a list of findings that is full counts at least those", "[diff]") {
  auto before = record_of(spec_text(4));
  before.findings.assign(Sink::max_findings, {"IC6001", "limit_exceeded", "error", "m", "", "", 0, 0, 1});
  auto after = before;
  const auto state = [&](std::string_view text) {
    return judge_diff(before, after, std::array{std::get<DiffLimit>(parse_diff_limit(text))}).front().state;
  };
  using State = DiffVerdict::State;
  CHECK(state("errors>+0") == State::unknown);
  CHECK(state("errors>1005") == State::unknown);
  CHECK(state("errors>999") == State::exceeded);
  // Errors come first: where notes are listed, all errors are.
  for (auto& note : after.findings) note.severity = "note";
  before = after;
  CHECK(state("errors>+0") == State::kept);
  CHECK(state("warnings>0") == State::kept);
  CHECK(state("findings>+0") == State::unknown);
}

TEST_CASE("power and bisection that are bounds do not change where nothing does", "[diff]") {
  auto same = record_of(spec_text(4));
  same.totals.power_max_unknown = 2;
  same.totals.power_typical_unknown = 1;
  same.fabrics[0].bisection_bound = true;
  const auto verdict = [&](const PlanRecord& after, std::string_view text) {
    return judge_diff(same, after, std::array{std::get<DiffLimit>(parse_diff_limit(text))}).front();
  };
  using State = DiffVerdict::State;
  const std::array limits = {"power>+1W", "power>+0%", "bisection<-1%", "bisection<-1Gb/s"};
  for (const auto* text : limits) CHECK(verdict(same, text).state == State::kept);
  // Which parts have no typical watts, and what the others draw, is not in a record.
  CHECK(verdict(same, "power_typical>+1W").state == State::unknown);
  CHECK(verdict(same, "bisection<=-0%").state == State::exceeded);
  CHECK(verdict(same, "bisection<1Tb/s").state == State::unknown);
  auto after = same;
  const auto unjudged = [&] {
    for (const auto* text : limits) {
      INFO(text);
      CHECK(verdict(after, text).state == State::unknown);
    }
  };
  SECTION("another plug") {
    after.legs[0].ends[0].socket = after.legs[0].ends[0].socket == 0 ? 1 : 0;
    unjudged();
  }
  SECTION("a cable less") {
    after.cables.pop_back();
    std::erase_if(after.legs, [&](const PlanRecord::Leg& leg) { return leg.cable == after.cables.size(); });
    unjudged();
  }
  SECTION("a module of another kind") {
    after.modules.emplace_back("other");
    for (auto& leg : after.legs) leg.ends[0].module = static_cast<std::uint32_t>(after.modules.size());
    unjudged();
  }
  SECTION("more pieces of something, which no bisection cares for") {
    after.items[0].quantity += 1;
    CHECK(verdict(after, "power>+1W").state == State::unknown);
    CHECK(verdict(after, "power_typical>+1W").state == State::unknown);
    CHECK(verdict(after, "bisection<-1%").state == State::kept);
  }
  SECTION("other bounds") {
    *after.fabrics[0].bisection_full_mbps -= 1'000;
    CHECK(verdict(after, "bisection<-1%").state == State::unknown);
    *after.totals.power_max_mw += 1;
    CHECK(verdict(after, "power>+1W").state == State::unknown);
  }
  SECTION("another topology of the same bound") {
    after.fabrics[0].topology = "fat-tree";
    CHECK(verdict(after, "bisection<-1%").state == State::unknown);
  }
  SECTION("not known at all") {
    same.fabrics[0].bisection_full_mbps.reset();
    after = same;
    CHECK(verdict(after, "bisection<-1%").state == State::kept);
  }
}

TEST_CASE("lines are coloured by their sign, on a terminal alone", "[diff]") {
  const auto before = record_of(spec_text(4));
  const auto after = record_of(spec_text(8));
  const auto diff = diff_plans(before, after);
  const auto plain = diff_text(diff, {"old", "new"}, {}, false);
  const auto coloured = diff_text(diff, {"old", "new"}, {}, true);
  CHECK(plain.find('\033') == std::string::npos);
  CHECK(coloured.find("\033[32m  +  nodes gpu") != std::string::npos);
  CHECK(coloured.find("\033[31m  -  ") != std::string::npos);
  std::string without;
  for (std::size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\033') i = coloured.find('m', i);
    else without += coloured[i];
  }
  CHECK(without == plain);
}

TEST_CASE("a comment for review stays short and safe", "[diff]") {
  auto before = record_of(spec_text(4));
  auto after = before;
  SECTION("ten thousand cables of many kinds") {
    for (std::uint32_t i = 0; i < 10'000; ++i) {
      after.pieces.push_back({"DAC", "part-with-a-rather-long-name-" + std::to_string(i % 500), 1'000 + 500 * (i % 20), "compute"});
      after.add_cable("compute/gpu-" + std::to_string(i) + "/compute-1.1", static_cast<std::uint32_t>(after.pieces.size() - 1), 1'000);
      after.findings.push_back({"IC9999", "x", "warning", std::string(500, 'x') + std::to_string(i), {}, {}, 0, 0, 1});
    }
    const auto text = markdown(diff_plans(before, after));
    CHECK(text.size() < max_diff_markdown);
    CHECK(text.find("10,000 added") != std::string::npos);
    CHECK(text.find("more rows") != std::string::npos);
    CHECK(text.find("<details><summary>Cables (10,000)</summary>\n\n|") != std::string::npos);
  }
  SECTION("marks in names") {
    after.findings[0].message = "pipe | and `back|quote` and <b> @someone #12 *x*";
    after.racks[0].name = "A`|`\nB";
    const auto text = markdown(diff_plans(before, after));
    CHECK(text.find("pipe \\| and `back\\|quote` and &lt;b&gt; &#64;someone \\#12 \\*x\\*") != std::string::npos);
    CHECK(text.find("`` A`\\|` B ``") != std::string::npos);
  }
  CHECK(markdown(diff_plans(before, before)).empty());
  CHECK(diff_text(diff_plans(before, before), {"old", "new"}, {}, true).empty());
}
