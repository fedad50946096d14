// SPDX-License-Identifier: Apache-2.0
// Reading JSON with places, exact numbers, typed members, and writing it.
#include "icplan/json/object_reader.hpp"
#include "icplan/json/writer.hpp"

#include "support/catch.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace icplan;
using namespace std::string_literals;

namespace {

constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
constexpr auto largest = std::numeric_limits<std::int64_t>::max();

struct Document {
  explicit Document(std::string text) : file(sources.add("f.json", std::move(text))), value(json::parse(sources, file, sink)) {}

  [[nodiscard]] std::string quote(SourceRange where) const {
    return std::string(sources.text(where.file).substr(where.begin, where.end - where.begin));
  }
  /// "begin-end code message" and "help" of every finding, in reading order.
  [[nodiscard]] std::string report() const {
    std::string out;
    for (const auto& finding : sink.sorted()) {
      if (!out.empty()) out += '\n';
      out += std::to_string(finding.where.begin) + "-" + std::to_string(finding.where.end) + " ";
      out.append(code_info(finding.code).name).append(": ").append(finding.message);
      if (!finding.help.empty()) out += " (" + finding.help + ")";
    }
    return out;
  }

  SourceMap sources;
  Sink sink;
  FileId file;
  std::optional<json::Value> value;
};

/// What is wrong with `text`; checks that nothing was read from it.
std::string complaint(std::string text) {
  const Document document(std::move(text));
  CHECK_FALSE(document.value.has_value());
  return document.report();
}

std::string canonical(const json::Value& value) {
  std::string out;
  json::Writer(out).value(value);
  return out;
}

std::string written_string(std::string_view text) {
  std::string out;
  json::Writer(out).string(text);
  return out;
}

enum class Topology : std::uint8_t { fat_tree, dragonfly };
constexpr std::array<json::Name<Topology>, 2> topology_names = {{{"fat-tree", Topology::fat_tree}, {"dragonfly", Topology::dragonfly}}};

} // namespace

TEST_CASE("every value and name knows its bytes", "[json]") {
  const Document d("{ \"a\" : [1, -2.50e+1 ,\"x\\\"\\u00e9\" ,true,null,{}],\n  \"b\":{\"c\":false} }\n");
  REQUIRE(d.value.has_value());
  CHECK(d.report().empty());
  const auto& root = *d.value;
  CHECK(root.kind == json::Kind::object);
  CHECK(root.where == SourceRange{d.file, 0, static_cast<std::uint32_t>(d.sources.text(d.file).size() - 1)});
  REQUIRE(root.members.size() == 2);
  CHECK(root.members[0].name == "a");
  CHECK(d.quote(root.members[0].name_where) == "\"a\"");
  CHECK(root.members[0].name_where.begin == 2);
  const auto& items = root.find("a")->items;
  REQUIRE(items.size() == 6);
  CHECK(root.find("a")->where.begin == 8);
  CHECK(d.quote(root.find("a")->where) == "[1, -2.50e+1 ,\"x\\\"\\u00e9\" ,true,null,{}]");
  CHECK(d.quote(items[0].where) == "1");
  CHECK(d.quote(items[1].where) == "-2.50e+1");
  CHECK(items[1].text == "-2.50e+1");
  CHECK(d.quote(items[2].where) == "\"x\\\"\\u00e9\"");
  CHECK(items[2].text == "x\"\xc3\xa9");
  CHECK(d.quote(items[3].where) == "true");
  CHECK(items[3].boolean);
  CHECK(d.quote(items[4].where) == "null");
  CHECK(items[4].kind == json::Kind::null);
  CHECK(d.quote(items[5].where) == "{}");
  CHECK(d.quote(root.find("b")->where) == "{\"c\":false}");
  CHECK(root.find("b")->find("c")->kind == json::Kind::boolean);
  CHECK(root.find("c") == nullptr);
}

TEST_CASE("a document may be any value", "[json]") {
  for (const auto* text : {"0", "-1.5", "\"s\"", "true", "false", "null", "[]", "{}"}) {
    const Document d(text);
    REQUIRE(d.value.has_value());
    CHECK(d.quote(d.value->where) == text);
  }
}

TEST_CASE("numbers keep their digits whatever their size", "[json]") {
  const Document d("[6.9990,123456789012345678901234567890,1e999999999,-0,0.1E-400]");
  REQUIRE(d.value.has_value());
  std::string digits;
  for (const auto& item : d.value->items) digits += item.text + " ";
  CHECK(digits == "6.9990 123456789012345678901234567890 1e999999999 -0 0.1E-400 ");
}

TEST_CASE("comments and byte order mark and CRLF are skipped", "[json]") {
  const Document d("\xef\xbb\xbf// one \"[{\r\n{//two\r\"a\"/* * / ** */:\r\n1//\n,\"b\"/**/:\"//\"}// end");
  REQUIRE(d.value.has_value());
  CHECK(d.report().empty());
  CHECK(d.value->where.begin == 15);
  CHECK(d.quote(d.value->members[0].name_where) == "\"a\"");
  CHECK(d.quote(d.value->find("a")->where) == "1");
  CHECK(d.value->find("b")->text == "//");
  CHECK(d.sources.position(d.file, d.value->find("a")->where.begin).line == 4);
  // A line comment ends at NUL as well.
  CHECK(Document("// x\0 [1]"s).value.has_value());
}

TEST_CASE("syntax errors name what was expected and found", "[json]") {
  CHECK(complaint("") == "0-0 syntax_error: the file is empty (an icplan document is a JSON object: { ... })");
  CHECK(complaint(" \n") == "1-2 syntax_error: expected a value but found the end of the file");
  CHECK(complaint("\xef\xbb\xbf") == "2-3 syntax_error: expected a value but found the end of the file");
  CHECK(complaint("// x") == "3-4 syntax_error: expected a value but found the end of the file");
  CHECK(complaint("{") == "0-1 syntax_error: expected a name in double quotes or `}` but found the end of the file");
  CHECK(complaint("{\"a\"") == "3-4 syntax_error: expected `:` but found the end of the file");
  CHECK(complaint("{\"a\":") == "4-5 syntax_error: expected a value but found the end of the file");
  CHECK(complaint("{\"a\":1\n") == "6-7 syntax_error: expected `,` or `}` but found the end of the file");
  CHECK(complaint("[1") == "1-2 syntax_error: expected `,` or `]` but found the end of the file");
  CHECK(complaint("[") == "0-1 syntax_error: expected a value or `]` but found the end of the file");
  CHECK(complaint("{\"a\":1]") == "6-7 syntax_error: expected `,` or `}` but found `]`");
  CHECK(complaint("{\"a\":{}]") == "7-8 syntax_error: expected `,` or `}` but found `]`");
  CHECK(complaint("[[1]}") == "4-5 syntax_error: expected `,` or `]` but found `}`");
  CHECK(complaint("[}") == "1-2 syntax_error: expected a value or `]` but found `}`");
  CHECK(complaint("{\"a\" 1}") == "5-6 syntax_error: expected `:` but found a number");
  CHECK(complaint("{\"a\":1 \"b\":2}") == "7-8 syntax_error: expected `,` or `}` but found a string");
  CHECK(complaint("{\"a\":,}") == "5-6 syntax_error: expected a value but found `,`");
  CHECK(complaint("{1:2}") == "1-2 syntax_error: expected a name in double quotes or `}` but found a number");
  CHECK(complaint("{a:1}") == "1-2 syntax_error: expected a name in double quotes or `}` but found `a`");
  CHECK(complaint("{tru:1}") == "1-4 syntax_error: expected a name in double quotes or `}` but found `tru`");
  CHECK(complaint("{\"a\":1,}") == "7-8 syntax_error: expected a name in double quotes but found `}` (remove the comma before it)");
  CHECK(complaint("[1, ]") == "4-5 syntax_error: expected a value but found `]` (remove the comma before it)");
  CHECK(complaint("['a']") == "1-2 syntax_error: expected a value or `]` but found `'` (strings take double quotes)");
  CHECK(complaint("[tru]") == "1-4 syntax_error: expected a value or `]` but found `tru` (did you mean `true`?)");
  CHECK(complaint("[True]") == "1-5 syntax_error: expected a value or `]` but found `True` (did you mean `true`?)");
  CHECK(complaint("[truefalse]") == "1-10 syntax_error: expected a value or `]` but found `truefalse`");
  CHECK(complaint("[\xe2\x80\x9c"
                  "a]") == "1-4 syntax_error: expected a value or `]` but found `\xe2\x80\x9c` (U+201C)");
  CHECK(complaint("[\x01]") == "1-2 syntax_error: expected a value or `]` but found byte 0x01");
}

TEST_CASE("nothing may follow the document", "[json]") {
  CHECK(complaint("{} x") == "3-4 syntax_error: expected the end of the file but found `x`");
  CHECK(complaint("{}{}") == "2-3 syntax_error: expected the end of the file but found `{`");
  CHECK(complaint("1 2") == "2-3 syntax_error: expected the end of the file but found a number");
  CHECK(complaint("{}\0"s) == "2-3 syntax_error: expected the end of the file but found byte 0x00");
  CHECK(complaint("{} /") == "3-4 syntax_error: expected the end of the file but found `/` (comments start with `//`)");
}

TEST_CASE("malformed numbers fail at the byte that is wrong", "[json]") {
  CHECK(complaint("[-]") == "2-3 syntax_error: expected a digit but found `]`");
  CHECK(complaint("[1.]") == "3-4 syntax_error: expected a digit but found `]`");
  CHECK(complaint("[1.e5]") == "3-4 syntax_error: expected a digit but found `e5`");
  CHECK(complaint("[1e+") == "3-4 syntax_error: expected a digit but found the end of the file");
  CHECK(complaint("[01]") == "2-3 syntax_error: expected `,` or `]` but found a number (numbers have no leading zeros)");
  CHECK(complaint("[1.5.5]") == "4-5 syntax_error: expected `,` or `]` but found `.`");
  CHECK(complaint("[+1]") == "1-2 syntax_error: expected a value or `]` but found `+`");
  CHECK(complaint("[.5]") == "1-2 syntax_error: expected a value or `]` but found `.`");
  CHECK(complaint("[1_000]") == "2-6 syntax_error: expected `,` or `]` but found `_000`");
  CHECK(complaint("[0x10]") == "2-5 syntax_error: expected `,` or `]` but found `x10`");
  CHECK(complaint("[1 true]") == "3-7 syntax_error: expected `,` or `]` but found `true`");
  CHECK(complaint("[NaN]") == "1-4 syntax_error: expected a value or `]` but found `NaN`");
}

TEST_CASE("malformed strings and comments fail at the byte that is wrong", "[json]") {
  CHECK(complaint("[\n\"abc") == "5-6 syntax_error: the string that starts on line 2 is not closed");
  CHECK(complaint("[\"abc\n]") == "5-6 syntax_error: the string is not closed before the end of the line");
  CHECK(complaint("\"a\tb\"") == "2-3 syntax_error: byte 0x09 in a string must be escaped (write `\\t`)");
  CHECK(complaint("\"a\x1f\"") == "2-3 syntax_error: byte 0x1F in a string must be escaped (write `\\u001F`)");
  CHECK(complaint("\"a\0\""s) == "2-3 syntax_error: byte 0x00 in a string must be escaped (write `\\u0000`)");
  CHECK(complaint("\"C:\\dir\"") == "4-5 syntax_error: `\\d` is not an escape sequence (write `\\\\` for a backslash)");
  CHECK(complaint("\"\\u12\"") == "5-6 syntax_error: `\\u` needs four hexadecimal digits");
  CHECK(complaint("\"\\ud800\"") == "7-8 syntax_error: a `\\u` escape is half of a surrogate pair (write the character itself)");
  CHECK(complaint("\"\\udc00\"") == "6-7 syntax_error: a `\\u` escape is half of a surrogate pair (write the character itself)");
  CHECK(complaint("[\n/* x") == "5-6 syntax_error: the comment that starts on line 2 is not closed (close it with `*/`)");
  CHECK(complaint("/* \0 */1"s) == "3-4 syntax_error: byte 0x00 in a comment");
  CHECK(complaint("{\"a\"/1}") == "4-5 syntax_error: expected `:` but found `/` (comments start with `//`)");
}

TEST_CASE("invalid UTF-8 is a finding wherever it is", "[json]") {
  const std::string tail = " is not valid UTF-8 here (save the file as UTF-8)";
  CHECK(complaint("[\"\xff\"]") == "2-3 syntax_error: byte 0xFF" + tail);
  CHECK(complaint("// \xe9\n1") == "3-4 syntax_error: byte 0xE9" + tail);
  CHECK(complaint("1 \xc3") == "2-3 syntax_error: byte 0xC3" + tail);
  CHECK(complaint("\xef\xbb") == "0-1 syntax_error: byte 0xEF" + tail);
  for (const auto* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
                          "\xe2\x82", "\xf0\x9f\x98"}) {
    CHECK_FALSE(Document("\"" + std::string(bad) + "\"").value.has_value());
  }
  for (const auto* good :
       {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    const Document d("\"" + std::string(good) + "\"");
    REQUIRE(d.value.has_value());
    CHECK(d.value->text == good);
  }
}

TEST_CASE("duplicate names keep the first value and reading goes on", "[json]") {
  const Document d("{\n\"a\": 1,\r\n\"b\": {\"x\": 1, \"x\": 2}, \"a\": [{\"y\": 1, \"y\": 2}], \"\\u0061\": 3\n}");
  REQUIRE(d.value.has_value());
  CHECK(d.report() == "25-28 duplicate_key: `x` appears twice in this object, first on line 3 (remove one of the two)\n"
                      "34-37 duplicate_key: `a` appears twice in this object, first on line 2 (remove one of the two)\n"
                      "49-52 duplicate_key: `y` appears twice in this object, first on line 3 (remove one of the two)\n"
                      "59-67 duplicate_key: `a` appears twice in this object, first on line 2 (remove one of the two)");
  CHECK(d.value->members.size() == 2);
  CHECK(d.value->find("a")->text == "1");
  CHECK(d.value->find("b")->find("x")->text == "1");
}

TEST_CASE("many duplicate names on one line are read in linear time", "[json]") {
  std::string text = "{\"a\":0";
  for (int i = 0; i < 200'000; ++i) text += ",\"a\":0";
  const Document d(text + "}");
  CHECK(d.value.has_value());
  CHECK(d.sink.errors() == 200'000);
}

TEST_CASE("nesting and size have limits", "[json]") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(Document(nested(json::max_depth)).value.has_value());
  CHECK(complaint(nested(json::max_depth + 1)) == "64-65 document_too_large: the nesting is deeper than 64 levels");
  CHECK(complaint(std::string(1'000'000, '[')) == "64-65 document_too_large: the nesting is deeper than 64 levels");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK(complaint(objects) == "320-321 document_too_large: the nesting is deeper than 64 levels");
  std::string many = "[0";
  for (std::size_t i = 1; i < json::max_values; ++i) many += ",0";
  CHECK(complaint(many + "]").find("document_too_large: the file has more than 1,000,000 values") != std::string::npos);
  CHECK(complaint(std::string(json::max_file_bytes + 1, ' ')) ==
        "0-1 document_too_large: the file has 16,777,217 bytes; at most 16,777,216 are read");
}

TEST_CASE("every prefix of a document is an error within the file", "[json]") {
  const auto sample =
      "\xef\xbb\xbf{ // c\n \"a\\u00e9\\ud83d\\ude00\xe2\x82\xac\": [-1.5e+3, true, false, null, \"\"], /* d */ \"b\": {\"c\": {}}, \"a\": 0.25 }"s;
  CHECK(Document(sample).value.has_value());
  for (std::size_t length = 0; length < sample.size(); ++length) {
    const Document d(sample.substr(0, length));
    INFO(length);
    REQUIRE_FALSE(d.value.has_value());
    REQUIRE(d.sink.errors() == 1);
    const auto where = d.sink.findings()[0].where;
    REQUIRE(where.end <= length);
    REQUIRE(where.begin <= where.end);
    REQUIRE((length == 0 || where.begin < where.end));
  }
}

TEST_CASE("scaled numbers are exact", "[json]") {
  using json::scaled;
  CHECK(scaled("6.999", 3) == 6999);
  CHECK(scaled("6.9990", 3) == 6999);
  CHECK(scaled("1.50", 1) == 15);
  CHECK(scaled("1.50", 0) == std::nullopt);
  CHECK(scaled("-0.5", 1) == -5);
  CHECK(scaled("-0.5", 0) == std::nullopt);
  CHECK(scaled("1e3", 0) == 1000);
  CHECK(scaled("1E-3", 3) == 1);
  CHECK(scaled("1E-3", 2) == std::nullopt);
  CHECK(scaled("100e-2", 0) == 1);
  CHECK(scaled("1.25e+1", 1) == 125);
  CHECK(scaled("0.1", 18) == 100'000'000'000'000'000);
  CHECK(scaled("0", 3) == 0);
  CHECK(scaled("-0.000", 0) == 0);
  CHECK(scaled("0e999999999999999999999", 0) == 0);
  CHECK(scaled("0.00000000000000000000001e23", 0) == 1);
  CHECK(scaled("100000000000000000000000e-23", 0) == 1);
  CHECK(scaled("9223372036854775807", 0) == largest);
  CHECK(scaled("9223372036854775808", 0) == std::nullopt);
  CHECK(scaled("-9223372036854775807", 0) == -largest);
  CHECK(scaled("9.223372036854775807", 18) == largest);
  CHECK(scaled("92233720368547758.08", 2) == std::nullopt);
  CHECK(scaled("1e18", 0) == 1'000'000'000'000'000'000);
  CHECK(scaled("1e19", 0) == std::nullopt);
  CHECK(scaled("1e999999999", 0) == std::nullopt);
  CHECK(scaled("1e-999999999", 18) == std::nullopt);
  CHECK(scaled("1e99999999999999999999999999", 0) == std::nullopt);
  CHECK(scaled(std::string(1'000'000, '9'), 0) == std::nullopt);
  CHECK(scaled("1" + std::string(1'000'000, '0') + "e-1000000", 0) == 1);
  for (const auto* text : {"", "-", "01", "1.", ".5", "+1", "1e", "1e+", "1 ", " 1", "1x", "0x1", "1e1.5", "--1", "nan"})
    CHECK(scaled(text, 3) == std::nullopt);
}

TEST_CASE("a reader returns members of the right type", "[json]") {
  Document d(R"({"s": "x", "b": false, "n": 7, "q": 1.25, "a": [1], "o": {}, "z": null, "w": "dragonfly", "l": ["p", "q"], "e": 2e0})");
  json::ObjectReader reader(d.value.value(), "", d.sink);
  CHECK(reader.is_object());
  CHECK(reader.path().empty());
  CHECK(&reader.sink() == &d.sink);
  CHECK(reader.string("s") == "x");
  CHECK(reader.boolean("b") == false);
  CHECK(reader.integer("n", 7, 7) == 7);
  CHECK(reader.integer("e", 0, 9) == 2);
  CHECK(reader.scaled("q", 3, 0, 1250) == 1250);
  CHECK(reader.quantity<Millimetres>("q", 3, 0, largest) == Millimetres(1250));
  CHECK(reader.array("a")->items.size() == 1);
  CHECK(reader.object("o")->members.empty());
  CHECK(reader.any("z") == nullptr);
  CHECK(reader.string("z") == std::nullopt);
  CHECK(reader.any("n") == d.value->find("n"));
  CHECK(reader.enumeration<Topology>("w", topology_names) == Topology::dragonfly);
  CHECK(reader.strings("l") == std::vector<std::string>{"p", "q"});
  CHECK(reader.require("n"));
  CHECK(reader.integer("absent", 0, 1) == std::nullopt);
  CHECK(reader.strings("absent").empty());
  reader.finish();
  CHECK(d.report().empty());
}

TEST_CASE("a reader reports wrong types at the value", "[json]") {
  Document d(R"({"n": "1", "s": 1, "b": [], "a": {}, "o": true, "l": ["a", 2, null], "h": 2.5, "w": 3})");
  json::ObjectReader reader(d.value.value(), "nodes[0]", d.sink);
  CHECK_FALSE(reader.integer("n", 0, 9));
  CHECK_FALSE(reader.string("s"));
  CHECK_FALSE(reader.boolean("b"));
  CHECK(reader.array("a") == nullptr);
  CHECK(reader.object("o") == nullptr);
  CHECK(reader.strings("l") == std::vector<std::string>{"a"});
  CHECK_FALSE(reader.integer("h", 0, 9));
  CHECK_FALSE(reader.enumeration<Topology>("w", topology_names));
  reader.finish();
  CHECK(d.report() == "6-9 wrong_type: `n` must be a number, found a string (write 1, without quotes)\n"
                      "16-17 wrong_type: `s` must be a string, found a number (write a string here)\n"
                      "24-26 wrong_type: `b` must be a boolean, found an array (write a boolean here)\n"
                      "33-35 wrong_type: `a` must be an array, found an object (write an array here)\n"
                      "42-46 wrong_type: `o` must be an object, found a boolean (write an object here)\n"
                      "59-60 wrong_type: `l[1]` must be a string, found a number (write a string here)\n"
                      "62-66 wrong_type: `l[2]` must be a string, found null (write a string here)\n"
                      "74-77 wrong_type: `h` must be a whole number, found 2.5 (round it to a whole number)\n"
                      "84-85 wrong_type: `w` must be a string, found a number (write a string here)");
}

TEST_CASE("a reader of something else than an object reports that once", "[json]") {
  Document list("[1]");
  json::ObjectReader top(list.value.value(), "", list.sink);
  CHECK_FALSE(top.require("a"));
  CHECK_FALSE(top.string("b"));
  top.finish();
  CHECK(list.report() == "0-3 wrong_type: the document must be an object, found an array (write an object here)");
  Document text("\"x\"");
  json::ObjectReader nested(text.value.value(), "nodes[0]", text.sink);
  nested.finish();
  CHECK(text.report() == "0-3 wrong_type: `nodes[0]` must be an object, found a string (write an object here)");
}

TEST_CASE("a reader says how to write a number or a boolean that stands in quotes", "[json]") {
  Document d(R"({"a": "32", "b": "-1.5e3", "c": "32 nodes", "d": "true", "e": "yes", "f": "1"})");
  json::ObjectReader reader(d.value.value(), "", d.sink);
  CHECK_FALSE(reader.integer("a", 0, 99));
  CHECK_FALSE(reader.scaled("b", 3, 0, 99));
  CHECK_FALSE(reader.integer("c", 0, 99));
  CHECK_FALSE(reader.boolean("d"));
  CHECK_FALSE(reader.boolean("e"));
  CHECK_FALSE(reader.boolean("f"));
  std::vector<std::string> help;
  for (const auto& finding : d.sink.findings()) help.push_back(finding.help);
  CHECK(help == std::vector<std::string>{"write 32, without quotes", "write -1.5e3, without quotes", "write a number here",
                                         "write true, without quotes", "write a boolean here", "write a boolean here"});
}

TEST_CASE("a reader says how far to round", "[json]") {
  Document d(R"({"a": 1.5, "b": 1.25})");
  json::ObjectReader reader(d.value.value(), "", d.sink);
  CHECK_FALSE(reader.scaled("a", 0, 0, 99));
  CHECK_FALSE(reader.scaled("b", 1, 0, 99));
  CHECK(d.report() == "6-9 too_precise: `a` is 1.5; at most 0 decimals are kept (round it to a whole number)\n"
                      "16-20 too_precise: `b` is 1.25; at most 1 decimal is kept (round it to 1 decimal)");
}

TEST_CASE("a reader reports numbers outside the range in the units of the user", "[json]") {
  Document d(R"({"a": 0, "b": 1000001, "c": 0.0004, "d": 99999.5, "e": 1e999, "f": -1e999, "g": -5, "h": 1e99, "i": 0.50005})");
  json::ObjectReader reader(d.value.value(), "", d.sink);
  CHECK_FALSE(reader.integer("a", 1, 1'000'000));
  CHECK_FALSE(reader.integer("b", 1, 1'000'000));
  CHECK_FALSE(reader.scaled("c", 4, 5, 12'345'678));
  CHECK_FALSE(reader.scaled("d", 3, -1500, 12'345'678));
  CHECK_FALSE(reader.integer("e", 1, 9));
  CHECK_FALSE(reader.integer("f", 1, 9));
  CHECK_FALSE(reader.integer("g", 0, largest));
  CHECK_FALSE(reader.integer("h", smallest, largest));
  CHECK_FALSE(reader.scaled("i", 3, 0, 1000));
  CHECK(d.report() == "6-7 out_of_range: `a` is 0; it must be at least 1 and at most 1,000,000 (choose a number in that range)\n"
                      "14-21 out_of_range: `b` is 1000001; it must be at least 1 and at most 1,000,000 (choose a number in that range)\n"
                      "28-34 out_of_range: `c` is 0.0004; it must be at least 0.0005 and at most 1,234.5678 (choose a number in that range)\n"
                      "41-48 out_of_range: `d` is 99999.5; it must be at least -1.5 and at most 12,345.678 (choose a number in that range)\n"
                      "55-60 out_of_range: `e` is 1e999; it must be at least 1 and at most 9 (choose a number in that range)\n"
                      "67-73 out_of_range: `f` is -1e999; it must be at least 1 and at most 9 (choose a number in that range)\n"
                      "80-82 out_of_range: `g` is -5; it must be at least 0 (choose a number in that range)\n"
                      "89-93 out_of_range: `h` is 1e99; it must be at most 9,223,372,036,854,775,807 (choose a number in that range)\n"
                      "100-107 too_precise: `i` is 0.50005; at most 3 decimals are kept (round it to 3 decimals)");
}

TEST_CASE("a reader reports missing members at the opening bracket", "[json]") {
  Document d(R"( {"model": null})");
  json::ObjectReader named(d.value.value(), "nodes[0]", d.sink);
  CHECK_FALSE(named.require("model"));
  json::ObjectReader top(d.value.value(), "", d.sink);
  CHECK_FALSE(top.require("name"));
  CHECK(d.report() == "1-2 missing_key: `name` is missing at the top level (add `\"name\": ...` to this object)\n"
                      "1-2 missing_key: `nodes[0]` needs `model` (write a value in place of `null`)");
}

TEST_CASE("a reader reports unknown members in document order with the nearest name", "[json]") {
  Document d(R"({"cuont": 1, "zzz": 2, "model": 3, "count": 4, "kept": 5})");
  json::ObjectReader reader(d.value.value(), "nodes[0]", d.sink);
  CHECK(reader.integer("count", 0, 9) == 4);
  CHECK(reader.any("model") != nullptr);
  CHECK(reader.any("model") != nullptr);
  reader.ignore("kept");
  reader.finish();
  CHECK(d.sink.findings()[0].message == "unknown key `cuont` in `nodes[0]`");
  CHECK(d.report() == "1-8 unknown_key: unknown key `cuont` in `nodes[0]` (did you mean `count`?)\n"
                      "13-18 unknown_key: unknown key `zzz` in `nodes[0]` (known keys: `count`, `model`, `kept`)");
  Document other(R"({"a": 1})");
  json::ObjectReader top(other.value.value(), "", other.sink);
  top.finish();
  CHECK(other.report() == "1-4 unknown_key: unknown key `a` at the top level (remove it)");
}

TEST_CASE("a reader reports unknown words and shortens long ones", "[json]") {
  Document d("{\"topology\": \"fat-trea\", \"kind\": \"mesh\", \"long\": \"" + std::string(59, 'x') + "\xc3\xa9\"}");
  json::ObjectReader reader(d.value.value(), "", d.sink);
  CHECK_FALSE(reader.enumeration<Topology>("topology", topology_names));
  CHECK_FALSE(reader.enumeration<Topology>("kind", topology_names));
  CHECK_FALSE(reader.enumeration<Topology>("long", topology_names));
  CHECK(d.report() == "13-23 unknown_word: `topology` is `fat-trea`, which is not known (did you mean `fat-tree`?)\n"
                      "33-39 unknown_word: `kind` is `mesh`, which is not known (allowed words: `fat-tree`, `dragonfly`)\n"
                      "49-112 unknown_word: `long` is `" +
                          std::string(59, 'x') + "...`, which is not known (allowed words: `fat-tree`, `dragonfly`)");
}

TEST_CASE("the writer lays out objects and arrays and rows", "[json]") {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().member("name", "pod").member("count", 3).member_bool("ok", true).member_decimal("length_m", 6999, 3);
  writer.member_decimal("cost", std::nullopt, 2).key("none").null();
  writer.key("empty").begin_object().end_object().key("void").begin_array().end_array();
  writer.key("rows").begin_array();
  writer.begin_object_row().member("a", 1).key("b").begin_array().integer(1).integer(2).end_array().key("c").begin_object().end_object().end_object();
  writer.begin_array_row().string("x").begin_object().member("y", std::string_view("z")).end_object().end_array();
  writer.end_array();
  writer.key("nested").begin_array().begin_array().integer(-1).end_array().end_array();
  writer.end_object();
  CHECK(out == R"({
  "name": "pod",
  "count": 3,
  "ok": true,
  "length_m": 6.999,
  "cost": null,
  "none": null,
  "empty": {},
  "void": [],
  "rows": [
    {"a": 1, "b": [1, 2], "c": {}},
    ["x", {"y": "z"}]
  ],
  "nested": [
    [
      -1
    ]
  ]
}
)");
}

TEST_CASE("the writer escapes what must be escaped and nothing else", "[json]") {
  CHECK(written_string("") == "\"\"\n");
  CHECK(written_string("\"\\/\n\t\r\b\f") == "\"\\\"\\\\/\\n\\t\\r\\b\\f\"\n");
  CHECK(written_string("a\0b"s) == "\"a\\u0000b\"\n");
  CHECK(written_string("\x01\x0b\x1f\x7f") == "\"\\u0001\\u000b\\u001f\x7f\"\n");
  CHECK(written_string("\xc3\xa9\xf0\x9f\x98\x80") == "\"\xc3\xa9\xf0\x9f\x98\x80\"\n");
  for (int c = 0; c < 0x80; ++c) {
    const std::string text(1, static_cast<char>(c));
    const Document d(written_string(text));
    REQUIRE(d.value.has_value());
    CHECK(d.value->text == text);
  }
}

TEST_CASE("the writer prints numbers exactly", "[json]") {
  std::string out;
  json::Writer writer(out);
  writer.begin_array_row().decimal(7000, 3).decimal(-5, 3).decimal(0, 2).integer(smallest).integer(largest);
  writer.decimal(std::optional<std::int64_t>(150), 2).decimal(std::nullopt, 2).boolean(false).end_array();
  CHECK(out == "[7, -0.005, 0, -9223372036854775808, 9223372036854775807, 1.5, null, false]\n");
}

TEST_CASE("values are written in canonical form", "[json]") {
  const Document d("{ \"b\" : [1.50, 1e999, {}], // c\n \"a\\u00e9\": {\"z\": null, \"B\": true, \"A\": \"\\u0041\\/\"}, \"\": [] }");
  REQUIRE(d.value.has_value());
  const auto text = canonical(*d.value);
  CHECK(text == "{\n  \"\": [],\n  \"a\xc3\xa9\": {\n    \"A\": \"A/\",\n    \"B\": true,\n    \"z\": null\n  },\n"
                "  \"b\": [\n    1.50,\n    1e999,\n    {}\n  ]\n}\n");
  const Document again(text);
  REQUIRE(again.value.has_value());
  CHECK(canonical(*again.value) == text);
  for (const auto* scalar : {"1", "\"x\"", "true", "null"}) CHECK(canonical(Document(scalar).value.value()) == std::string(scalar) + "\n");
  std::string row;
  json::Writer(row).begin_array_row().value(*d.value->find("b")).end_array();
  CHECK(row == "[[1.50, 1e999, {}]]\n");
}
