// SPDX-License-Identifier: Apache-2.0
// Findings as CI systems read them; SARIF logs are held against the schema of SARIF 2.1.0 where it could be fetched.
#include "support/catch.hpp"

#include "icplan/report/findings.hpp"

#include <memory>
#include <string>

#ifdef ICPLAN_SARIF_SCHEMA
#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#endif

using namespace icplan;

namespace {

/// A spec of three lines with an error on the second, a note without a place, and a suppressed error.
FindingList example(const std::string& name = "plans/my spec.json", const std::string& before = "") {
  auto sources = std::make_shared<SourceMap>();
  const auto file = sources->add(name, before + "{\n  \"name\": \"caf\u00e9\", \"limit\": 5,\n  \"last\": 1 }\n");
  const auto at = static_cast<std::uint32_t>(sources->text(file).find("5,"));
  FindingList list;
  list.name = name;
  list.findings.push_back(Finding::of(Code::limit_exceeded, {file, at, at + 1}, "racks <A> & \"B\": 100 % over,\nmuch", "cool::it", 1'204));
  list.findings.back().add_example("A-01-01");
  list.findings.push_back(Finding::of(Code::part_replaced, {}, "no place", ""));
  const auto last = static_cast<std::uint32_t>(sources->text(file).find("1 }"));
  list.suppressed.push_back({Finding::of(Code::expectation_missed, {file, last, last + 1}, "3 leaves, not 4", "count"),
                             {Code::expectation_missed, "", "one is on loan", "2027-03-31", {file, last, last + 1}}});
  list.sources = sources;
  return list;
}

std::size_t occurrences(const std::string& text, const std::string& of) {
  std::size_t count = 0;
  for (auto at = text.find(of); at != std::string::npos; at = text.find(of, at + of.size())) ++count;
  return count;
}

std::string fingerprint(const FindingList& list) {
  const auto text = findings_sarif({&list, 1});
  const auto at = text.find("icplanFinding/v1\": \"");
  REQUIRE(at != std::string::npos);
  return text.substr(at, 90);
}

} // namespace

TEST_CASE("SARIF names rule, level, place and justification") {
  const auto list = example();
  const auto text = findings_sarif({&list, 1});
  CHECK(text.find(R"("uri": "plans/my%20spec.json")") != std::string::npos);
  // Columns count characters, not bytes.
  CHECK(text.find(R"({"startLine": 2, "startColumn": 28, "endLine": 2, "endColumn": 29})") != std::string::npos);
  CHECK(text.find(R"("occurrenceCount": 1204)") != std::string::npos);
  CHECK(text.find(R"x("justification": "one is on loan (until 2027-03-31)")x") != std::string::npos);
  CHECK(occurrences(text, "\"ruleId\"") == 3);
  CHECK(occurrences(text, "\"suppressions\"") == 1);
  CHECK(occurrences(text, "\"shortDescription\"") == 3);
}

TEST_CASE("fingerprints stay when lines move and differ between files") {
  CHECK(fingerprint(example()) == fingerprint(example("plans/my spec.json", "// one more line\n\n")));
  CHECK(fingerprint(example()) != fingerprint(example("plans/other.json")));
  auto twice = example();
  twice.findings.push_back(twice.findings.front());
  const auto text = findings_gitlab({&twice, 1});
  const auto first = text.find("\"fingerprint\": \"");
  const auto last = text.rfind("\"fingerprint\": \"");
  CHECK(text.substr(first, 80) != text.substr(last, 80));
}

TEST_CASE("annotations are one line each, escaped, errors first") {
  auto list = example();
  std::swap(list.findings[0], list.findings[1]);
  CHECK(findings_github({&list, 1}) ==
        "::error file=plans/my spec.json,line=2,endLine=2,col=28,endColumn=29,title=IC6001 limit_exceeded::racks <A> & \"B\": 100 %25 over,%0Amuch%0A1,204 of "
        "these, for example A-01-01%0Ahelp: cool::it\n"
        "::notice file=plans/my spec.json,line=1,endLine=1,col=1,endColumn=1,title=IC2002 part_replaced::no place\n"
        "plans/my spec.json: 1 error, 1 note, 1 suppressed\n");
  auto odd = example("a,b:c%.json");
  CHECK(findings_github({&odd, 1}).find("file=a%2Cb%3Ac%25.json,") != std::string::npos);
}

TEST_CASE("JUnit counts what fails and what is skipped") {
  const std::vector<FindingList> lists = {example(), {"clean.json", {}, {}, 0, std::make_shared<SourceMap>(), {}}};
  const auto text = findings_junit(lists);
  CHECK(text.find(R"(<testsuites name="icplan validate" tests="4" failures="1">)") != std::string::npos);
  CHECK(text.find(R"(<testsuite name="plans/my spec.json" tests="3" failures="1" errors="0" skipped="1">)") != std::string::npos);
  CHECK(text.find(R"(<testsuite name="clean.json" tests="1" failures="0" errors="0" skipped="0">)") != std::string::npos);
  CHECK(text.find(R"(message="racks &lt;A&gt; &amp; &quot;B&quot;: 100 % over,&#10;much")") != std::string::npos);
  CHECK(text.find(R"x(<skipped message="suppressed: one is on loan (until 2027-03-31)"/>)x") != std::string::npos);
  CHECK(occurrences(text, "<testcase ") == 4);
  CHECK(occurrences(text, "<failure ") == 1);
}

TEST_CASE("what XML cannot hold and what commands terminals is replaced") {
  auto list = example();
  list.findings[0].message = "a\x1b[2J b\ufffe c\uffff d\ufffd";
  CHECK(findings_junit({&list, 1}).find("message=\"a?[2J b? c? d\ufffd\"") != std::string::npos);
  CHECK(findings_github({&list, 1}).find("::a?[2J b") != std::string::npos);
}

TEST_CASE("GitLab and JSON leave suppressed findings out") {
  const auto list = example();
  CHECK(occurrences(findings_gitlab({&list, 1}), "\"check_name\"") == 2);
  CHECK(occurrences(findings_json({&list, 1}), "\"code\"") == 2);
  CHECK(suppressed_text(list) == "suppressed[IC6002]: 3 leaves, not 4\n  = reason: one is on loan (plans/my spec.json:3:11, until 2027-03-31)\n");
}

TEST_CASE("files that a spec names are where they stand") {
  auto list = example();
  list.paths[FileId(0)] = "elsewhere/file.json";
  CHECK(findings_github({&list, 1}).find("file=elsewhere/file.json,line=2") != std::string::npos);
}

#ifdef ICPLAN_SARIF_SCHEMA
namespace {

class SarifSchema {
public:
  SarifSchema() {
    std::ifstream in(ICPLAN_SARIF_SCHEMA);
    document_ = nlohmann::json::parse(in);
    valijson::SchemaParser(valijson::SchemaParser::kDraft4).populateSchema(valijson::adapters::NlohmannJsonAdapter(document_), schema_);
  }
  [[nodiscard]] bool accepts(const nlohmann::json& log) const {
    valijson::Validator validator;
    return validator.validate(schema_, valijson::adapters::NlohmannJsonAdapter(log), nullptr);
  }

private:
  nlohmann::json document_;
  valijson::Schema schema_;
};

} // namespace

TEST_CASE("SARIF logs satisfy the schema of SARIF 2.1.0") {
  const SarifSchema schema;
  const std::vector<FindingList> lists = {example(), example("/abs/ol\u00fcte.json"), {"clean.json", {}, {}, 0, std::make_shared<SourceMap>(), {}}};
  CHECK(schema.accepts(nlohmann::json::parse(findings_sarif(lists))));
  CHECK(schema.accepts(nlohmann::json::parse(findings_sarif({}))));
  // All rules.
  FindingList every = example();
  for (const auto& info : code_registry()) every.findings.push_back(Finding::of(info.code, {}, "message", "help"));
  auto log = nlohmann::json::parse(findings_sarif({&every, 1}));
  CHECK(schema.accepts(log));
  // The schema can say no.
  auto wrong = log;
  wrong["runs"][0]["results"][0]["level"] = "fatal";
  CHECK_FALSE(schema.accepts(wrong));
  wrong = log;
  wrong["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0;
  CHECK_FALSE(schema.accepts(wrong));
  wrong = log;
  wrong["runs"][0]["results"][0].erase("message");
  CHECK_FALSE(schema.accepts(wrong));
  wrong = log;
  wrong["runs"][0]["tool"]["driver"]["colour"] = "blue";
  CHECK_FALSE(schema.accepts(wrong));
}
#endif
