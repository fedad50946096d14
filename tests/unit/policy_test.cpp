// SPDX-License-Identifier: Apache-2.0
// Rules and suppressions, from specs and by hand.
#include "support/catch.hpp"

#include "icplan/diag/policy.hpp"
#include "icplan/spec/finding_rules.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace icplan;

namespace {

/// A sink with findings of these codes; messages are "about N" in their order.
Sink found(const std::vector<Code>& codes) {
  Sink sink;
  for (std::size_t i = 0; i < codes.size(); ++i) sink.report(codes[i], {}, "about " + std::to_string(i + 1), "help");
  return sink;
}

std::vector<Code> codes_of(const JudgedFindings& judged) {
  std::vector<Code> codes;
  for (const auto& finding : judged.findings) codes.push_back(finding.code);
  return codes;
}

struct Loaded {
  FindingPolicy policy;
  Sink sink;
};
Loaded load(const std::string& findings) {
  SourceMap sources;
  Loaded loaded;
  const auto file = sources.add("spec.json", R"({ "findings": )" + findings + " }");
  const auto document = json::parse(sources, file, loaded.sink);
  REQUIRE(document);
  loaded.policy = load_finding_rules(*document, loaded.sink);
  return loaded;
}

} // namespace

TEST_CASE("rules raise, lower and silence findings") {
  const auto sink = found({Code::generic_part, Code::limit_exceeded, Code::unused_leg});
  FindingPolicy policy;
  policy.rules = {{Code::generic_part, Level::error, {}}, {Code::limit_exceeded, Level::warning, {}}, {Code::unused_leg, Level::allow, {}}};
  const auto judged = apply_policy(policy, sink, true);
  REQUIRE(codes_of(judged) == std::vector<Code>{Code::generic_part, Code::limit_exceeded});
  CHECK(judged.findings[0].severity == Severity::error);
  CHECK(judged.findings[1].severity == Severity::warning);
}

TEST_CASE("the last rule for a code holds") {
  FindingPolicy policy;
  policy.rules = {{Code::generic_part, Level::allow, {}}, {Code::generic_part, Level::note, {}}};
  const auto judged = apply_policy(policy, found({Code::generic_part}), true);
  REQUIRE(judged.findings.size() == 1);
  CHECK(judged.findings[0].severity == Severity::note);
}

TEST_CASE("strict makes errors of warnings and leaves notes") {
  FindingPolicy policy;
  policy.strict = true;
  const auto judged = apply_policy(policy, found({Code::generic_part, Code::unused_leg}), true);
  REQUIRE(judged.findings.size() == 2);
  CHECK(std::any_of(judged.findings.begin(), judged.findings.end(), [](const Finding& f) { return f.code == Code::generic_part && f.severity == Severity::error; }));
  CHECK(std::any_of(judged.findings.begin(), judged.findings.end(), [](const Finding& f) { return f.code == Code::unused_leg && f.severity == Severity::note; }));
}

TEST_CASE("an error without whose mending there is no plan cannot be lowered") {
  for (const auto level : {Level::allow, Level::note, Level::warning}) {
    FindingPolicy policy;
    policy.rules = {{Code::unknown_part, level, {}}};
    const auto judged = apply_policy(policy, found({Code::unknown_part}), false);
    REQUIRE(judged.findings.size() == 2);
    for (const auto& finding : judged.findings) CHECK(finding.severity == Severity::error);
    const auto codes = codes_of(judged);
    CHECK(std::count(codes.begin(), codes.end(), Code::rule_not_possible) == 1);
  }
  FindingPolicy policy;
  policy.suppressions = {{Code::unknown_part, "", "never mind", "", {}}};
  const auto judged = apply_policy(policy, found({Code::unknown_part}), false);
  CHECK(judged.suppressed.empty());
  CHECK(judged.findings.size() == 2);
}

TEST_CASE("only judgements and what is no error may be lowered") {
  for (const auto& info : code_registry()) {
    if (info.severity != Severity::error) CHECK(may_lower(info.code));
  }
  CHECK(may_lower(Code::limit_exceeded));
  CHECK(may_lower(Code::expectation_missed));
  CHECK_FALSE(may_lower(Code::syntax_error));
  CHECK_FALSE(may_lower(Code::no_part));
  CHECK_FALSE(may_lower(Code::unknown_expectation));
  CHECK_FALSE(may_lower(Code::rule_not_possible));
}

TEST_CASE("a suppression takes the findings that hold its text, in message or examples") {
  Sink sink;
  auto hot = Finding::of(Code::limit_exceeded, {}, "racks draw too much", "help", 2);
  hot.add_example("A-01-01");
  sink.report(hot);
  sink.report(Code::limit_exceeded, {}, "the plan costs too much", "help");
  FindingPolicy policy;
  policy.suppressions = {{Code::limit_exceeded, "A-01-01", "known", "2027-03-31", {}}};
  const auto judged = apply_policy(policy, sink, true);
  REQUIRE(judged.suppressed.size() == 1);
  CHECK(judged.suppressed[0].finding.message == "racks draw too much");
  CHECK(judged.suppressed[0].by.reason == "known");
  REQUIRE(judged.findings.size() == 1);
  CHECK(judged.findings[0].message == "the plan costs too much");
}

TEST_CASE("a code that is denied on the command line is not suppressed") {
  FindingPolicy policy;
  policy.rules = {{Code::limit_exceeded, Level::error, {}}};
  policy.suppressions = {{Code::limit_exceeded, "", "known", "", {}}};
  const auto judged = apply_policy(policy, found({Code::limit_exceeded}), true);
  CHECK(judged.suppressed.empty());
  CHECK(codes_of(judged) == std::vector<Code>{Code::limit_exceeded});
  // A rule of the spec leaves its suppressions alone.
  policy.rules.front().where = {FileId(0), 1, 2};
  CHECK(apply_policy(policy, found({Code::limit_exceeded}), true).suppressed.size() == 1);
}

TEST_CASE("a code with two severities is told, however it is spelt") {
  const auto loaded = load(R"({ "severity": { "IC5005": "error", "generic_part": "note", "5005": "allow" } })");
  CHECK(loaded.sink.errors() == 2);
  CHECK(loaded.policy.rules.size() == 1);
}

TEST_CASE("a suppression holds on its last day, and expires against a stated day alone") {
  const auto sink = found({Code::limit_exceeded});
  FindingPolicy policy;
  policy.suppressions = {{Code::limit_exceeded, "", "known", "2027-03-31", {}}};
  CHECK(apply_policy(policy, sink, true).findings.empty());
  policy.today = "2027-03-31";
  CHECK(apply_policy(policy, sink, true).findings.empty());
  policy.today = "2027-04-01";
  const auto judged = apply_policy(policy, sink, true);
  CHECK(judged.suppressed.empty());
  CHECK(codes_of(judged) == std::vector<Code>{Code::suppression_expired, Code::limit_exceeded});
}

TEST_CASE("a suppression that fits nothing is told, but only of a whole plan") {
  FindingPolicy policy;
  policy.suppressions = {{Code::limit_exceeded, "", "known", "", {}}};
  CHECK(codes_of(apply_policy(policy, Sink(), true)) == std::vector<Code>{Code::suppression_unused});
  CHECK(apply_policy(policy, Sink(), false).findings.empty());
}

TEST_CASE("rules of a spec are read with their places") {
  const auto loaded = load(R"({ "severity": { "IC5005": "error", "limit_exceeded": "note" },
    "suppress": [ { "code": "ic6002", "contains": "leaf", "reason": "two spare", "expires": "2028-02-29" }, { "code": "6001", "reason": "old" } ] })");
  CHECK(loaded.sink.findings().empty());
  REQUIRE(loaded.policy.rules.size() == 2);
  CHECK(loaded.policy.rules[0].code == Code::generic_part);
  CHECK(loaded.policy.rules[0].level == Level::error);
  CHECK(loaded.policy.rules[1].level == Level::note);
  CHECK(loaded.policy.rules[0].where.valid());
  REQUIRE(loaded.policy.suppressions.size() == 2);
  CHECK(loaded.policy.suppressions[0].code == Code::expectation_missed);
  CHECK(loaded.policy.suppressions[0].expires == "2028-02-29");
  CHECK(loaded.policy.suppressions[1].expires.empty());
}

TEST_CASE("what is wrong with rules of a spec is told all at once") {
  const auto loaded = load(R"({ "severity": { "IC9999": "error", "IC5005": "loud" }, "mute": true,
    "suppress": [ { "code": "IC6001" }, { "code": "IC6001", "reason": "", "expires": "2027-03-31" }, { "code": "IC6001", "reason": "known", "expires": "2027-02-29" },
                  { "code": "IC9998", "reason": "known" }, { "reason": "known" }, 3 ] })");
  CHECK(loaded.sink.errors() == 9);
  CHECK(loaded.policy.rules.empty());
  CHECK(loaded.policy.suppressions.empty());
}

TEST_CASE("days are those of the calendar") {
  for (const auto* day : {"2027-03-31", "2028-02-29", "2000-02-29", "0001-01-01", "9999-12-31"}) CHECK(is_day(day));
  for (const auto* text : {"2027-02-29", "1900-02-29", "2027-04-31", "2027-13-01", "2027-00-10", "2027-1-1", "27-01-01", "2027/01/01", "2027-01-01 ", "", "tomorrow"})
    CHECK_FALSE(is_day(text));
}
