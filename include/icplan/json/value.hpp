// SPDX-License-Identifier: Apache-2.0
// A JSON document that remembers where every value stood and how every number was written.
#pragma once

#include "icplan/diag/finding.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// "a number", "an object": for messages.
[[nodiscard]] std::string_view describe(Kind kind);

struct Member;

struct Value {
  Kind kind = Kind::null;
  bool boolean = false;
  SourceRange where;
  /// The decoded text of a string; the digits of a number exactly as written.
  std::string text;
  std::vector<Value> items;
  /// In document order; names are unique.
  std::vector<Member> members;

  /// The member called `name`, or nothing.
  [[nodiscard]] const Value* find(std::string_view name) const;
};

struct Member {
  std::string name;
  SourceRange name_where;
  Value value;
};

/// Whether two values mean the same: places, the order of members and the way in which numbers are written do not matter.
[[nodiscard]] bool same_value(const Value& a, const Value& b);

inline constexpr std::size_t max_file_bytes = 16U << 20U;
inline constexpr std::size_t max_values = 1'000'000;
inline constexpr std::size_t max_depth = 64;

/// How large a document may be.
struct ReadLimits {
  std::size_t bytes = max_file_bytes;
  std::size_t values = max_values;
};

/// Reads the whole file: JSON with `//` comments, UTF-8, an optional byte order mark. A syntax error, a duplicate name, nesting beyond
/// `max_depth`, and more values or bytes than `limits` are findings. A syntax error yields nothing; duplicates keep the
/// first value, and reading goes on.
[[nodiscard]] std::optional<Value> parse(const SourceMap& sources, FileId file, Sink& sink, ReadLimits limits = {});

/// The number as an exact multiple of 10^-decimals ("6.999", 3 -> 6999; "1e3", 0 -> 1000), or nothing when it needs
/// more decimals or does not fit 63 bits.
[[nodiscard]] std::optional<std::int64_t> scaled(std::string_view digits, int decimals);

} // namespace icplan::json
