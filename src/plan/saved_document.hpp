// SPDX-License-Identifier: Apache-2.0
// What readers of saved plans share: members of a plan document, and whether its cable schedule belongs to it.
#pragma once

#include "icplan/json/value.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace icplan {

/// What to do about a saved plan that cannot be read.
inline constexpr auto write_plan_again = "write it again with `icplan plan SPEC -o DIR` of the spec and catalogs that it was made of";
inline constexpr std::size_t max_plan_values = 16'000'000;
/// What counts and figures (cents, milliwatts, Mbps) can be: sums over `max_plan_values` rows of counts fit 63 bits.
inline constexpr std::int64_t max_saved_count = 100'000'000'000;
inline constexpr std::int64_t max_saved_figure = 1'000'000'000'000'000'000;

/// Reports what is wrong with a saved plan: where, what, help.
using SavedPlanComplaint = std::function<void(SourceRange where, std::string message, std::string help)>;

/// Members of documents that icplan wrote: absent ones give the value for nothing.
[[nodiscard]] std::string text_of(const json::Value& object, std::string_view name);
[[nodiscard]] std::int64_t number_of(const json::Value& object, std::string_view name, int decimals = 0);
/// Absent where it is null or not there.
[[nodiscard]] std::optional<std::int64_t> known_number_of(const json::Value& object, std::string_view name, int decimals);

/// Checks the format of a plan document, that it has cables, racks and a bill of materials, and that `cables` is the schedule that it was written
/// with. Gives the digest of the schedule, or nothing and a complaint.
[[nodiscard]] std::optional<std::string> check_saved_document(const json::Value& document, std::string_view cables,
                                                              const SavedPlanComplaint& complain);

/// Whether the document, read of `text`, is as it was written: its last member is the digest of all bytes before that member's key.
enum class OwnDigest : std::uint8_t { right, wrong, missing };
[[nodiscard]] OwnDigest check_own_digest(const json::Value& document, std::string_view text);

} // namespace icplan
