// SPDX-License-Identifier: Apache-2.0
// Tables and sentences that are wider than the terminal: nothing is lost, and no number is broken.
#include "support/catch.hpp"

#include "report/fit.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace icplan;

namespace {

using Lines = std::vector<std::string>;

Section parts_section() {
  Section section;
  section.title = "Parts";
  section.lines = {"what is ordered for the whole cluster, with spares and in whole packs"};
  section.table.columns = {{"part", false}, {"what it is", false}, {"parts without a price", true}, {"cost $", true}};
  section.table.rows = {{"nvidia-mma4z00-ns400", "a module of 400 Gb/s with one port, >= 16 W", "1,024", "1,234,567.89"},
                        {"x", "", "unknown", ">= 7"}};
  return section;
}

std::string rendered(const Section& section, std::size_t most) { return render_text("title", {&section, 1}, most); }

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    longest = std::max(longest, width_of(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return longest;
}

std::string without_blanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

} // namespace

TEST_CASE("text breaks between words, and numbers stay with what they belong to", "[fit]") {
  CHECK(break_text("one two three", 7, 0, false) == Lines{"one two", "three"});
  CHECK(break_text("one two three", 100, 2, false) == Lines{"one two three"});
  CHECK(break_text("one two three", 6, 2, false) == Lines{"one", "  two", "  three"});
  CHECK(break_text("up to 400 Gb/s each", 10, 0, false) == Lines{"up to", "400 Gb/s", "each"});
  CHECK(break_text("costs >= 1,234.50 USD", 12, 0, false) == Lines{"costs", ">= 1,234.50 USD"});
  CHECK(break_text("", 5, 2, false) == Lines{""});
  // What is set in, or apart, stays so.
  CHECK(break_text("  a b", 4, 0, false) == Lines{"  a", "b"});
  CHECK(break_text("a  b", 10, 0, false) == Lines{"a  b"});
}

TEST_CASE("words break after a joint only where they must, and never between digits", "[fit]") {
  CHECK(break_text("nvidia-mma4z00-ns400", 12, 2, false) == Lines{"nvidia-mma4z00-ns400"});
  CHECK(break_text("nvidia-mma4z00-ns400", 12, 2, true) == Lines{"nvidia-", "  mma4z00-", "  ns400"});
  CHECK(break_text("leaf,spine/core", 6, 0, true) == Lines{"leaf,", "spine/", "core"});
  CHECK(break_text("1,234,567", 4, 0, true) == Lines{"1,234,567"});
  CHECK(break_text("2026-11-25", 4, 0, true) == Lines{"2026-11-25"});
  CHECK(break_text("800 Gb/s", 5, 0, true) == Lines{"800 Gb/s"});
  CHECK(break_text("short long-word", 20, 0, true) == Lines{"short long-word"});
}

TEST_CASE("a table that fits stays as it is", "[fit]") {
  const auto section = parts_section();
  const auto whole = rendered(section, 0);
  CHECK(rendered(section, longest_line(whole)) == whole);
  CHECK(rendered(section, 1'000) == whole);
  CHECK(rendered(section, longest_line(whole) - 1) != whole);
}

TEST_CASE("titles break first, then cells of text, then words", "[fit]") {
  const auto section = parts_section();
  CHECK(rendered(section, 91) == R"(title

Parts
  what is ordered for the whole cluster, with spares and in whole packs
                                                                        parts
                                                                      without
  part                  what it is                                    a price        cost $
  nvidia-mma4z00-ns400  a module of 400 Gb/s with one port, >= 16 W     1,024  1,234,567.89
  x                                                                   unknown          >= 7
)");
  CHECK(rendered(section, 70) == R"(title

Parts
  what is ordered for the whole cluster, with spares and in whole
    packs
                                                   parts
                                                 without
  part                  what it is               a price        cost $
  nvidia-mma4z00-ns400  a module of 400 Gb/s       1,024  1,234,567.89
                          with one port,
                          >= 16 W
  x                                              unknown          >= 7
)");
  CHECK(rendered(section, 50) == R"(title

Parts
  what is ordered for the whole cluster, with
    spares and in whole packs
                               parts
                             without
  part           what it is  a price        cost $
  nvidia-        a module      1,024  1,234,567.89
    mma4z00-       of
    ns400          400 Gb/s
                   with one
                   port,
                   >= 16 W
  x                          unknown          >= 7
)");
}

TEST_CASE("at every width nothing is lost, and figures stay whole", "[fit]") {
  const auto section = parts_section();
  const auto whole = rendered(section, 0);
  for (std::size_t most = 47; most <= longest_line(whole); ++most) {
    INFO(most);
    const auto text = rendered(section, most);
    CHECK(longest_line(text) <= most);
    for (const auto* figure : {"1,024", "1,234,567.89", ">= 7", "400 Gb/s", ">= 16 W", "unknown"}) CHECK(text.find(figure) != std::string::npos);
    auto letters = without_blanks(text);
    auto expected = without_blanks(whole);
    std::sort(letters.begin(), letters.end());
    std::sort(expected.begin(), expected.end());
    CHECK(letters == expected);
  }
}
