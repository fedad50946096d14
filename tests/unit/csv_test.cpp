// SPDX-License-Identifier: Apache-2.0
// CSV files as spreadsheets and people write them.
#include "support/catch.hpp"

#include "icplan/json/csv.hpp"

#include <string>
#include <string_view>

using namespace icplan;

namespace {

/// "a|b/c|d": cells parted by a bar, rows by a stroke, `!` after a row with an open quote.
std::string read(std::string_view text) {
  json::CsvReader csv(FileId(0), text);
  std::string out;
  while (csv.next()) {
    if (!out.empty()) out += '/';
    for (std::size_t i = 0; i < csv.size(); ++i) out.append(i == 0 ? "" : "|").append(csv.cell(i));
    if (csv.unclosed()) out += '!';
  }
  return out;
}

} // namespace

TEST_CASE("csv rows and cells come out as they were meant", "[json]") {
  CHECK(read("") == "");
  CHECK(read("\n\r\n") == "");
  CHECK(read("a,b\nc,d") == "a|b/c|d");
  CHECK(read("\xEF\xBB\xBF"
             "a,b\r\nc,d\r\n") == "a|b/c|d");
  CHECK(read("a,b\n\n\nc,d\n") == "a|b/c|d");
  CHECK(read("  a b , c\n") == "a b|c");
  CHECK(read("\"a,b\",\"say \"\"hi\"\"\"\n") == "a,b|say \"hi\"");
  CHECK(read(",\n") == "|");
  CHECK(read("a,\"b\nc,d\n") == "a|b!/c|d");
  CHECK(read("long,row,here\nx\n") == "long|row|here/x");
}

TEST_CASE("csv cells know where they stand", "[json]") {
  const std::string text = "part, price \n\"x,y\",\n";
  SourceMap sources;
  const auto file = sources.add("list.csv", text);
  json::CsvReader csv(file, sources.text(file));
  REQUIRE(csv.next());
  CHECK(csv.find("price") == 1);
  CHECK(csv.find("cost") == 2);
  const auto price = csv.where(1);
  CHECK(text.substr(price.begin, price.end - price.begin) == "price");
  CHECK(sources.position(file, price.begin).column == 7);
  CHECK(csv.where(7) == csv.where());
  REQUIRE(csv.next());
  CHECK(csv.cell(0) == "x,y");
  CHECK(csv.cell(1).empty());
  CHECK(csv.cell(2).empty());
  CHECK(sources.position(file, csv.where(0).begin).line == 2);
  CHECK(sources.position(file, csv.where(1).begin).column == 7);
  CHECK(csv.where(1).end == csv.where(1).begin + 1);
  CHECK_FALSE(csv.next());
  CHECK(csv.size() == 0);
}
