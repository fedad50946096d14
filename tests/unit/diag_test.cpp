// SPDX-License-Identifier: Apache-2.0
// The code registry, places in files, the sink and the text renderer.
#include "icplan/diag/render.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace icplan;

namespace {

Finding at(FileId file, std::uint32_t begin, std::uint32_t end, std::string message, Code code = Code::unknown_key) {
  Finding finding;
  finding.code = code;
  finding.where = {file, begin, end};
  finding.message = std::move(message);
  return finding;
}

/// One finding over [begin, end) of `text`, rendered.
std::string rendered(std::string text, std::uint32_t begin, std::uint32_t end) {
  SourceMap sources;
  const auto file = sources.add("f", std::move(text));
  const std::vector<Finding> findings = {at(file, begin, end, "m")};
  return render_findings(findings, sources);
}

std::string place(const SourceMap& sources, FileId file, std::uint32_t offset) {
  const auto [line, column] = sources.position(file, offset);
  return std::to_string(line) + ":" + std::to_string(column);
}

} // namespace

TEST_CASE("every code has a distinct name and a text", "[diag]") {
  std::vector<std::string_view> names;
  for (const auto& info : code_registry()) {
    CHECK(&code_info(info.code) == &info);
    CHECK(find_code(code_text(info.code)) == info.code);
    CHECK(find_code(info.name) == info.code);
    CHECK_FALSE(info.title.empty());
    CHECK_FALSE(info.explanation.empty());
    names.push_back(info.name);
  }
  REQUIRE_FALSE(names.empty());
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("codes are found by number and name", "[diag]") {
  CHECK(code_text(Code::unknown_key) == "IC1012");
  for (const auto* text : {"IC1012", "ic1012", "1012", "unknown_key"}) CHECK(find_code(text) == Code::unknown_key);
  for (const auto* text : {"", "IC", "IC9", "IC10120", "IC1012x", "IC 1012", "-1012", "66548", "unknown"}) CHECK_FALSE(find_code(text).has_value());
  CHECK(code_info(Code::unknown_key).severity == Severity::error);
  CHECK(to_text(Severity::note) == "note");
  CHECK(to_text(Severity::warning) == "warning");
  CHECK(to_text(Severity::error) == "error");
}

TEST_CASE("lines end at LF and CRLF and CR", "[diag]") {
  SourceMap sources;
  const auto file = sources.add("name", "ab\ncd\r\nef\rgh");
  CHECK(sources.name(file) == "name");
  CHECK(sources.size() == 1);
  CHECK(place(sources, file, 0) == "1:1");
  CHECK(place(sources, file, 2) == "1:3"); // The LF itself.
  CHECK(place(sources, file, 3) == "2:1");
  CHECK(place(sources, file, 5) == "2:3");
  CHECK(place(sources, file, 6) == "2:4");
  CHECK(place(sources, file, 7) == "3:1");
  CHECK(place(sources, file, 10) == "4:1");
  CHECK(place(sources, file, 12) == "4:3");
  CHECK(place(sources, file, 4'000'000'000U) == "4:3");
  CHECK(sources.line(file, 1) == "ab");
  CHECK(sources.line(file, 2) == "cd");
  CHECK(sources.line(file, 3) == "ef");
  CHECK(sources.line(file, 4) == "gh");
  CHECK(sources.line(file, 0).empty());
  CHECK(sources.line(file, 5).empty());
}

TEST_CASE("columns count code points and leave the byte order mark out", "[diag]") {
  SourceMap sources;
  const auto plain = sources.add("plain", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80x");
  CHECK(place(sources, plain, 2) == "1:2");
  CHECK(place(sources, plain, 4) == "1:2"); // Inside the second character.
  CHECK(place(sources, plain, 5) == "1:3");
  CHECK(place(sources, plain, 9) == "1:4");
  const auto marked = sources.add("marked", "\xef\xbb\xbf"
                                            "ab\n");
  CHECK(place(sources, marked, 0) == "1:1");
  CHECK(place(sources, marked, 3) == "1:1");
  CHECK(place(sources, marked, 4) == "1:2");
  CHECK(sources.line(marked, 1) == "ab");
  const auto empty = sources.add("empty", "");
  CHECK(place(sources, empty, 0) == "1:1");
  CHECK(sources.line(empty, 1).empty());
}

TEST_CASE("texts stay where they are while files are added", "[diag]") {
  SourceMap sources;
  const auto first = sources.add("a", "short");
  const auto text = sources.text(first);
  for (int i = 0; i < 1000; ++i) (void)sources.add("b", "x");
  CHECK(sources.text(first).data() == text.data());
}

TEST_CASE("equal findings become one with a count", "[diag]") {
  Sink sink;
  const SourceRange where{FileId(0), 4, 9};
  for (int i = 0; i < 1'000'000; ++i) sink.report(Code::unknown_key, where, "unknown key `a`", "help");
  sink.report(Code::unknown_key, where, "unknown key `b`");
  sink.report(Code::duplicate_key, where, "unknown key `a`");
  sink.report(Code::unknown_key, {FileId(0), 4, 8}, "unknown key `a`");
  REQUIRE(sink.findings().size() == 4);
  CHECK(sink.findings()[0].count == 1'000'000);
  CHECK(sink.findings()[0].help == "help");
  CHECK(sink.findings()[0].severity == Severity::error);
  CHECK(sink.errors() == 4);
  CHECK(sink.warnings() == 0);
  CHECK(sink.dropped() == 0);
}

TEST_CASE("merged findings keep three distinct examples in order", "[diag]") {
  Sink sink;
  for (const auto* example : {"x", "a", "x", "b", "c", "d"}) {
    auto finding = at(FileId(0), 0, 1, "m");
    finding.count = 10;
    finding.examples = {example, example};
    sink.report(std::move(finding));
  }
  REQUIRE(sink.findings().size() == 1);
  CHECK(sink.findings()[0].count == 60);
  CHECK(sink.findings()[0].examples == std::vector<std::string>{"x", "a", "b"});
}

TEST_CASE("a merged finding takes the graver severity", "[diag]") {
  Sink sink;
  for (const auto severity : {Severity::note, Severity::warning, Severity::error, Severity::note}) {
    auto finding = at(FileId(0), 0, 1, "m");
    finding.severity = severity;
    sink.report(std::move(finding));
    CHECK(sink.errors() + sink.warnings() == (severity == Severity::note && !sink.has_errors() ? 0U : 1U));
  }
  CHECK(sink.errors() == 1);
  CHECK(sink.findings()[0].severity == Severity::error);
}

TEST_CASE("beyond the limit findings are counted and not kept", "[diag]") {
  Sink sink;
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 1500; ++i) sink.report(Code::unknown_key, {FileId(0), i, i + 1}, "m");
  }
  auto warning = at(FileId(0), 9999, 10000, "w");
  warning.severity = Severity::warning;
  sink.report(warning);
  CHECK(sink.findings().size() == Sink::max_findings);
  CHECK(sink.errors() == 1500);
  CHECK(sink.warnings() == 1);
  CHECK(sink.dropped() == 501);
  CHECK(sink.findings()[0].count == 2);
  warning.severity = Severity::error;
  sink.report(warning);
  CHECK(sink.errors() == 1501);
  CHECK(sink.warnings() == 0);
  CHECK(sink.dropped() == 501);
}

TEST_CASE("beyond the limit what is graver takes the place of what is less", "[diag]") {
  Sink sink;
  for (std::uint32_t i = 0; i < 1200; ++i) {
    auto note = at(FileId(0), i, i + 1, "n");
    note.severity = Severity::note;
    sink.report(std::move(note));
  }
  for (std::uint32_t i = 0; i < 3; ++i) sink.report(Code::unknown_key, {FileId(0), 5000 + i, 5001 + i}, "e");
  auto risen = at(FileId(0), 1150, 1151, "n");
  risen.severity = Severity::error;
  sink.report(risen);
  const auto count = [&](Severity severity) {
    return std::count_if(sink.findings().begin(), sink.findings().end(), [&](const Finding& finding) { return finding.severity == severity; });
  };
  CHECK(sink.findings().size() == Sink::max_findings);
  CHECK(count(Severity::error) == 4);
  CHECK(count(Severity::note) == 996);
  CHECK(sink.errors() == 4);
  CHECK(sink.dropped() == 203);
  // One that had to go is known, and counted once.
  auto again = at(FileId(0), 999, 1000, "n");
  again.severity = Severity::note;
  sink.report(again);
  CHECK(sink.dropped() == 203);
  // Errors alone make room for nothing.
  for (std::uint32_t i = 0; i < 2000; ++i) sink.report(Code::unknown_key, {FileId(0), 9000 + i, 9001 + i}, "e");
  CHECK(count(Severity::error) == 1000);
  CHECK(sink.errors() == 2004);
}

TEST_CASE("findings sort by file and place and code with unplaced ones last", "[diag]") {
  Sink sink;
  sink.report(at({}, 7, 8, "h", Code::unknown_key));
  sink.report(at({}, 9, 9, "g", Code::missing_key));
  sink.report(at(FileId(1), 0, 1, "f"));
  sink.report(at(FileId(0), 5, 6, "e"));
  sink.report(at(FileId(0), 5, 6, "d"));
  sink.report(at(FileId(0), 5, 9, "c", Code::wrong_type));
  sink.report(at(FileId(0), 2, 9, "b"));
  sink.report(at({}, 1, 1, "i", Code::unknown_key));
  std::string order;
  for (const auto& finding : sink.sorted()) order += finding.message;
  CHECK(order == "bcdefghi");
}

TEST_CASE("a finding is rendered with place and quotation and help", "[diag]") {
  SourceMap sources;
  std::string text;
  for (int line = 1; line < 14; ++line) text += "\n";
  text += "      \"gpu_count\": 8,\n}\n";
  const auto file = sources.add("cluster.json", text);
  auto first = at(file, 19, 30, "unknown key `gpu_count` in `nodes[0]`");
  first.help = "did you mean `count`?";
  first.count = 1024;
  first.examples = {"a", "b", "c"};
  auto second = at({}, 0, 0, "something", Code::missing_key);
  second.severity = Severity::warning;
  second.examples = {"a"};
  auto third = at(file, 0, 0, "else");
  third.severity = Severity::note;
  third.count = 2;
  CHECK(render_findings(std::vector{first, second, third}, sources) == R"(error[IC1012]: unknown key `gpu_count` in `nodes[0]`
  --> cluster.json:14:7
   |
14 |       "gpu_count": 8,
   |       ^^^^^^^^^^^
   = help: did you mean `count`?
   = 1,024 of these; for example a, b, c

warning[IC1011]: something
  = for example a

note[IC1012]: else
 --> cluster.json:1:1
  |
1 |
  | ^
  = 2 of these
)");
  CHECK(render_findings({}, sources).empty());
}

TEST_CASE("colours mark severity and place and help", "[diag]") {
  SourceMap sources;
  const auto file = sources.add("f", "ab");
  auto finding = at(file, 1, 2, "m");
  finding.help = "h";
  finding.count = 2;
  CHECK(render_findings(std::vector{finding}, sources, {.colour = true}) == "\x1b[1;31merror[IC1012]\x1b[0m: m\n"
                                                                            " \x1b[1;34m--> f:1:2\x1b[0m\n"
                                                                            " \x1b[1;34m |\x1b[0m\n"
                                                                            "\x1b[1;34m1 |\x1b[0m ab\n"
                                                                            " \x1b[1;34m |\x1b[0m  \x1b[1;31m^\x1b[0m\n"
                                                                            " \x1b[1;34m =\x1b[0m \x1b[32mhelp: h\x1b[0m\n"
                                                                            " \x1b[1;34m =\x1b[0m 2 of these\n");
  finding.severity = Severity::warning;
  CHECK(render_findings(std::vector{finding}, sources, {.colour = true}).starts_with("\x1b[1;33mwarning[IC1012]\x1b[0m: m\n"));
  finding.severity = Severity::note;
  CHECK(render_findings(std::vector{finding}, sources, {.colour = true}).starts_with("\x1b[1;36mnote[IC1012]\x1b[0m: m\n"));
}

TEST_CASE("carets stand under tabs and wide text and line ends", "[diag]") {
  CHECK(rendered("\tab\tc\n", 1, 4) == "error[IC1012]: m\n --> f:1:2\n  |\n1 |   ab  c\n  |   ^^^^\n");
  CHECK(rendered("\xc3\xa9\xe2\x82\xac"
                 "ab",
                 2, 6) == "error[IC1012]: m\n --> f:1:2\n  |\n1 | \xc3\xa9\xe2\x82\xac"
                          "ab\n  |  ^^\n");
  CHECK(rendered("ab\r\ncd", 2, 2) == "error[IC1012]: m\n --> f:1:3\n  |\n1 | ab\n  |   ^\n");
  CHECK(rendered("ab\ncd\nef", 1, 8) == "error[IC1012]: m\n --> f:1:2\n  |\n1 | ab\n  |  ^\n");
  CHECK(rendered("\xef\xbb\xbf"
                 "ab",
                 3, 5) == "error[IC1012]: m\n --> f:1:1\n  |\n1 | ab\n  | ^^\n");
}

TEST_CASE("nothing in a file or message can command the terminal", "[diag]") {
  CHECK(rendered("a\x1b[31m\x7f\xc2\x9b\xff\xe2\x80\xae"
                 "b",
                 0, 1) == "error[IC1012]: m\n --> f:1:1\n  |\n1 | a?[31m????b\n  | ^\n");
  SourceMap sources;
  const auto file = sources.add("f\x1b", "a");
  auto finding = at(file, 0, 1, "m\x1b\n");
  finding.help = "h\x1b";
  finding.examples = {"e\x1b"};
  CHECK(render_findings(std::vector{finding}, sources) == "error[IC1012]: m??\n --> f?:1:1\n  |\n1 | a\n  | ^\n  = help: h?\n  = for example e?\n");
}

TEST_CASE("long lines are cut around the caret", "[diag]") {
  const auto digits = [](std::size_t from, std::size_t count) {
    std::string out;
    for (std::size_t i = from; i < from + count; ++i) out += static_cast<char>('0' + i % 10);
    return out;
  };
  const std::string head = "error[IC1012]: m\n --> f:1:";
  CHECK(rendered(digits(0, 160), 159, 160) == head + "160\n  |\n1 | " + digits(0, 160) + "\n  | " + std::string(159, ' ') + "^\n");
  CHECK(rendered(digits(0, 161), 10, 12) == head + "11\n  |\n1 | " + digits(0, 154) + "...\n  | " + std::string(10, ' ') + "^^\n");
  CHECK(rendered(digits(0, 100'000), 50'000, 50'003) ==
        head + "50001\n  |\n1 | ..." + digits(49'940, 154) + "...\n  | " + std::string(63, ' ') + "^^^\n");
  CHECK(rendered(digits(0, 1000), 999, 1000) == head + "1000\n  |\n1 | ..." + digits(846, 154) + "\n  | " + std::string(156, ' ') + "^\n");
  CHECK(rendered(digits(0, 1000), 500, 1000) ==
        head + "501\n  |\n1 | ..." + digits(440, 154) + "...\n  | " + std::string(63, ' ') + std::string(94, '^') + "\n");
  CHECK(rendered(digits(0, 1000), 1000, 1000) == head + "1001\n  |\n1 | ..." + digits(846, 154) + "\n  | " + std::string(157, ' ') + "^\n");
}

TEST_CASE("findings are summarised by severity", "[diag]") {
  std::vector<Finding> findings;
  CHECK(summarise_findings(findings).empty());
  findings.resize(6);
  findings[2].severity = Severity::warning;
  for (std::size_t i = 3; i < 6; ++i) findings[i].severity = Severity::note;
  CHECK(summarise_findings(findings) == "2 errors, 1 warning, 3 notes");
  CHECK(summarise_findings(std::span(findings).first(1)) == "1 error");
  CHECK(summarise_findings(std::span(findings).subspan(2, 2)) == "1 warning, 1 note");
}
