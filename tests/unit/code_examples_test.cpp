// SPDX-License-Identifier: Apache-2.0
// The examples that `icplan explain CODE` prints bring their finding about, and mended they do not.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/judge.hpp"
#include "icplan/diag/code_examples.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

namespace fs = std::filesystem;

/// The names of the members that a fragment states itself.
std::set<std::string> stated_keys(std::string_view fragment) {
  std::set<std::string> keys;
  int depth = 0;
  for (std::size_t at = 0; at < fragment.size(); ++at) {
    if (fragment[at] == '{' || fragment[at] == '[') ++depth;
    if (fragment[at] == '}' || fragment[at] == ']') --depth;
    if (fragment[at] != '"') continue;
    const auto end = fragment.find('"', at + 1);
    if (depth == 0 && fragment.substr(end + 1, 1) == ":") keys.emplace(fragment.substr(at + 1, end - at - 1));
    at = end;
  }
  return keys;
}

using Members = std::vector<std::pair<std::string, std::string>>;

/// An object of the usual members, but for those that the fragment states, and of the fragment.
std::string object(const Members& usual, std::string_view fragment) {
  const auto stated = stated_keys(fragment);
  std::string text;
  for (const auto& [key, value] : usual) {
    if (stated.count(key) == 0) text += (text.empty() ? "\"" : ", \"") + key + "\": " + value;
  }
  if (!fragment.empty()) text += (text.empty() ? "" : ", ") + std::string(fragment);
  return "{ " + text + " }";
}

std::string spec(std::string_view top, std::string_view node = {}, std::string_view fabric = {}) {
  const auto nodes = object({{"group", R"("gpu")"}, {"model", R"("nvidia-dgx-h100")"}, {"count", "4"}}, node);
  const auto fabrics = object({{"name", R"("compute")"}, {"topology", R"("rail-optimized")"}, {"leaf", R"("nvidia-qm9700")"}}, fabric);
  return object({{"name", R"("example")"}, {"nodes", "[ " + nodes + " ]"}, {"fabrics", "[ " + fabrics + " ]"}}, top);
}

std::string catalog_with_node(std::string_view members) {
  return R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [ { "id": "site-node", "kind": "node", "manufacturer": "site",
    "basis": "datasheet", "source": "s", "gpu": "nvidia-h100-sxm", )" +
         std::string(members) + R"(, "ports": [ { "name": "compute", "cages": 4, "nics": 8, "form": "osfp", "top": "rhs", "lanes": 8,
      "modes": [ { "ports": 2, "gbps": 400 } ], "protocols": ["infiniband"] } ] } ] })";
}

std::vector<Finding> judged(Planned planned) {
  if (!planned.plan) return planned.findings;
  const auto broken = check_plan(*planned.plan);
  INFO(joined(broken));
  CHECK(broken.empty());
  Sink sink;
  judge_plan(*planned.plan, sink);
  for (const auto& finding : sink.findings()) planned.findings.push_back(finding);
  return planned.findings;
}

/// What planning with an overlay and looking through it find.
std::vector<Finding> of_catalog(const std::string& text) {
  auto sources = std::make_shared<SourceMap>();
  auto catalog = std::make_shared<Catalog>();
  Sink shipped;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(ICPLAN_SOURCE_DIR) / "catalogs")) {
    if (entry.path().extension() != ".json" || entry.path().parent_path().filename() == "schema") continue;
    const auto name = fs::relative(entry.path(), ICPLAN_SOURCE_DIR).generic_string();
    catalog->add(*sources, sources->add(name, read_source(name)), false, shipped);
  }
  Sink sink;
  const auto file = sources->add("overlay.json", text);
  catalog->add(*sources, file, true, sink);
  catalog->check_references(sink);
  Sink linted;
  lint_catalog(*catalog, linted);
  auto document = json::parse(*sources, sources->add("spec.json", spec({})), sink);
  static_cast<void>(make_plan({sources, catalog, std::make_shared<const json::Value>(std::move(*document)), {}, {}, nullptr}, sink));
  auto findings = sink.sorted();
  for (const auto& finding : linted.sorted()) {
    // The shipped catalogs have notes of their own.
    if (finding.where.file == file) findings.push_back(finding);
  }
  return findings;
}

std::vector<Finding> findings_of(ExamplePlace place, std::string_view text) {
  static const auto baseline = save(sound_plan(spec({})));
  switch (place) {
  case ExamplePlace::top_level: return judged(plan_spec(spec(text)));
  case ExamplePlace::node_group: return judged(plan_spec(spec({}, text)));
  case ExamplePlace::fabric: return judged(plan_spec(spec({}, {}, text)));
  case ExamplePlace::spec: return judged(plan_spec(text));
  case ExamplePlace::catalog: return of_catalog(std::string(text));
  case ExamplePlace::node_part:
    return judged(plan_spec(spec(R"("racks": [ { "name": "rack", "model": "apc-ar3300", "max_power_kw": 100 } ])", R"("model": "site-node")"),
                            catalog_with_node(text)));
  case ExamplePlace::price_list: return judged(plan_spec(spec(R"("media": { "prices": "list.csv" })"), {}, {{"list.csv", std::string(text) + "\n"}}));
  case ExamplePlace::lengths: return judged(plan_spec(spec(R"("media": { "lengths": "list.csv" })"), {}, {{"list.csv", std::string(text) + "\n"}}));
  case ExamplePlace::grown_top_level: return judged(plan_spec(spec(text), {}, {}, &baseline));
  case ExamplePlace::grown_node_group: return judged(plan_spec(spec({}, text), {}, {}, &baseline));
  case ExamplePlace::words: break;
  }
  return {};
}

std::string told(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) text += code_text(finding.code) + " " + finding.message + "\n";
  return text;
}

bool reports(const std::vector<Finding>& findings, Code code) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.code == code; });
}

/// The sources of all tests, and what golden cases print but for those that print the registry itself.
std::string text_of_tests() {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(ICPLAN_SOURCE_DIR) / "tests")) {
    if (!entry.is_regular_file()) continue;
    const auto& path = entry.path();
    const bool printed = path.filename() == "stdout" || path.filename() == "stderr";
    const bool registry = path.parent_path().filename().string().starts_with("explain-");
    if (path.extension() == ".cpp" || path.extension() == ".sh" || (printed && !registry))
      all += read_source(fs::relative(path, ICPLAN_SOURCE_DIR).generic_string());
  }
  return all;
}

std::string text_of_library() {
  std::string all;
  for (const auto* room : {"src", "apps"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(ICPLAN_SOURCE_DIR) / room)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
      if (!entry.path().filename().string().starts_with("code_examples"))
        all += read_source(fs::relative(entry.path(), ICPLAN_SOURCE_DIR).generic_string());
    }
  }
  return all;
}

} // namespace

TEST_CASE("every code has an example", "[codes]") {
  for (const auto& info : code_registry()) {
    INFO(code_text(info.code));
    const auto& example = code_example(info.code);
    CHECK(example.code == info.code);
    CHECK_FALSE(example.wrong.empty());
    CHECK_FALSE(to_text(example.place).empty());
    if (example.place == ExamplePlace::words) CHECK(example.right.empty());
    // Where something is left out, there must be something to leave out of.
    if (example.place == ExamplePlace::spec || example.place == ExamplePlace::catalog) CHECK_FALSE(example.right.empty());
  }
}

TEST_CASE("the wrong example brings its finding about, the right one does not", "[codes]") {
  std::size_t planned = 0;
  for (const auto& info : code_registry()) {
    const auto& example = code_example(info.code);
    if (example.place == ExamplePlace::words) continue;
    ++planned;
    INFO(code_text(info.code) << " " << info.name);
    {
      const auto findings = findings_of(example.place, example.wrong);
      INFO(example.wrong << "\n" << told(findings));
      CHECK(reports(findings, info.code));
      for (const auto& finding : findings) {
        if (finding.severity == Severity::error) CHECK_FALSE(finding.help.empty());
      }
    }
    const auto findings = findings_of(example.place, example.right);
    INFO(example.right << "\n" << told(findings));
    CHECK_FALSE(reports(findings, info.code));
    CHECK(std::none_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.severity == Severity::error; }));
  }
  CHECK(planned >= 110);
}

TEST_CASE("a document that is nested too deep is refused", "[codes]") {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  CHECK(plan_spec(nested(json::max_depth + 1)).reports(Code::document_too_large));
  CHECK_FALSE(plan_spec(nested(json::max_depth)).reports(Code::document_too_large));
}

TEST_CASE("every code that is reported appears in a test", "[codes]") {
  const auto tests = text_of_tests();
  const auto library = text_of_library();
  std::size_t searched = 0;
  for (const auto& info : code_registry()) {
    if (code_example(info.code).place != ExamplePlace::words) continue;
    const auto name = "Code::" + std::string(info.name);
    // A code that nothing reports has nothing to be tested.
    if (library.find(name) == std::string::npos) continue;
    ++searched;
    INFO(code_text(info.code) << " " << info.name);
    CHECK((tests.find(name) != std::string::npos || tests.find(code_text(info.code)) != std::string::npos));
  }
  CHECK(searched >= 15);
}
