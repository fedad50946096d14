// SPDX-License-Identifier: Apache-2.0
// Text helpers and the digest.
#include "icplan/base/sha256.hpp"
#include "icplan/base/text.hpp"

#include "support/catch.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace icplan;

namespace {

constexpr std::array<std::string_view, 4> topologies = {"fat-tree", "rail-optimized", "dragonfly", "torus"};

std::string closest(std::string_view word) { return std::string(closest_word(word, topologies).value_or("-")); }

std::string digest(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex_digest();
}

constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
constexpr auto largest = std::numeric_limits<std::int64_t>::max();

} // namespace

TEST_CASE("closest word finds likely misspellings only", "[base]") {
  CHECK(closest("fat-tree") == "fat-tree");
  CHECK(closest("fat-trea") == "fat-tree");
  CHECK(closest("fattree") == "fat-tree");
  CHECK(closest("fatree") == "fat-tree");
  CHECK(closest("rail-optimised") == "rail-optimized");
  CHECK(closest("rial-optimiezd") == "rail-optimized"); // Two swaps of neighbours.
  CHECK(closest("trous") == "torus");
  CHECK(closest("tor") == "-"); // Two edits are too many for three letters.
  CHECK(closest("mesh") == "-");
  CHECK(closest("") == "-");
  CHECK(closest("dragonflies") == "dragonfly");
  CHECK(closest("dragonflying!") == "-"); // Never more than three.
  CHECK(closest(std::string(100'000, 'a')) == "-");
}

TEST_CASE("closest word prefers fewer edits and then the earlier candidate", "[base]") {
  constexpr std::array<std::string_view, 3> words = {"counts", "count", "court"};
  CHECK(closest_word("coumt", words) == "count");
  CHECK(closest_word("couxt", words) == "count");
  CHECK(closest_word("courts", words) == "counts");
  CHECK(closest_word("count", {}) == std::nullopt);
}

TEST_CASE("lists are quoted and joined for a sentence", "[base]") {
  constexpr std::array<std::string_view, 3> words = {"a", "b", "c"};
  CHECK(quoted_list({}).empty());
  CHECK(quoted_list(std::span(words).first(1)) == "`a`");
  CHECK(quoted_list(std::span(words).first(2)) == "`a` and `b`");
  CHECK(quoted_list(words) == "`a`, `b` and `c`");
  CHECK(quoted_choice({}).empty());
  CHECK(quoted_choice(std::span(words).first(1)) == "`a`");
  CHECK(quoted_choice(std::span(words).first(2)) == "`a` or `b`");
  CHECK(quoted_choice(words) == "`a`, `b` or `c`");
}

TEST_CASE("integers are grouped by thousands", "[base]") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(grouped(-123456) == "-123,456");
  CHECK(grouped(largest) == "9,223,372,036,854,775,807");
  CHECK(grouped(smallest) == "-9,223,372,036,854,775,808");
}

TEST_CASE("fixed-point numbers print exactly", "[base]") {
  CHECK(decimal(6999, 3) == "6.999");
  CHECK(decimal(7000, 3) == "7");
  CHECK(decimal(-1500, 3) == "-1.5");
  CHECK(decimal(0, 3) == "0");
  CHECK(decimal(5, 3) == "0.005");
  CHECK(decimal(-5, 3) == "-0.005");
  CHECK(decimal(1000, 0) == "1000");
  CHECK(decimal(100, 2) == "1");
  CHECK(decimal(smallest, 2) == "-92233720368547758.08");
  CHECK(fixed(7000, 3) == "7.000");
  CHECK(fixed(0, 2) == "0.00");
  CHECK(fixed(-1, 2) == "-0.01");
  CHECK(fixed(12, 0) == "12");
  CHECK(fixed(largest, 18) == "9.223372036854775807");
}

TEST_CASE("counts choose the fitting word", "[base]") {
  CHECK(counted(1, "leaf", "leaves") == "1 leaf");
  CHECK(counted(0, "leaf", "leaves") == "0 leaves");
  CHECK(counted(2048, "leaf", "leaves") == "2,048 leaves");
}

TEST_CASE("SHA-256 of the published vectors", "[base]") {
  CHECK(digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(digest("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(digest(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 does not depend on how the bytes arrive", "[base]") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes += static_cast<char>(i * 7);
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const auto text = std::string_view(bytes).substr(0, length);
    const auto whole = digest(text);
    for (const std::size_t step : {1U, 3U, 63U, 64U, 65U}) {
      Sha256 hash;
      for (std::size_t at = 0; at < length; at += step) hash.update(text.substr(at, step));
      REQUIRE(hash.hex_digest() == whole);
    }
  }
}
