// SPDX-License-Identifier: Apache-2.0
// Reads the members of a JSON object with types and ranges, and reports everything that is wrong with them.
#include "icplan/json/object_reader.hpp"

#include "base/utf8.hpp"
#include "icplan/base/text.hpp"
#include "number_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace icplan::json {

namespace {

/// Text from the user's file in back quotes, shortened so that a message stays readable.
std::string quoted(std::string_view text) {
  constexpr std::size_t max_bytes = 60;
  const auto kept = utf8_prefix(text, max_bytes);
  return std::string("`").append(kept).append(kept.size() < text.size() ? "...`" : "`");
}

std::string shortened_digits(std::string_view digits) {
  constexpr std::size_t max_digits = 40;
  return digits.size() <= max_digits ? std::string(digits) : std::string(digits.substr(0, max_digits)).append("...");
}

/// "in `nodes[0]`", or for the document itself "at the top level".
std::string place(const std::string& path) { return path.empty() ? "at the top level" : "in `" + path + "`"; }

std::string listed(std::string_view title, std::span<const std::string_view> words) {
  std::string out;
  for (const auto word : words) out.append(out.empty() ? title : ",").append(" `").append(word).append("`");
  return out;
}

/// The nearest word if there is one, or else all of them. Empty if there are none.
std::string suggest(std::string_view word, std::string_view title, std::span<const std::string_view> words) {
  if (const auto nearest = closest_word(word, words)) return "did you mean `" + std::string(*nearest) + "`?";
  return listed(title, words);
}

/// What to write instead of `found`: its own text where that would do without the quotes.
std::string instead(const Value& found, Kind wanted) {
  const bool number = wanted == Kind::number && scale_number(found.text, 0).problem != NumberProblem::malformed;
  const bool boolean = wanted == Kind::boolean && (found.text == "true" || found.text == "false");
  if (found.kind == Kind::string && (number || boolean)) return "write " + shortened_digits(found.text) + ", without quotes";
  return std::string("write ").append(describe(wanted)).append(" here");
}

void report_wrong_type(Sink& sink, const Value& found, std::string_view name, Kind wanted) {
  sink.report(Code::wrong_type, found.where,
              quoted(name).append(" must be ").append(describe(wanted)).append(", found ").append(describe(found.kind)), instead(found, wanted));
}

/// (1500000, 3) -> "1,500", (-1500, 3) -> "-1.5".
std::string shown(std::int64_t scaled, int decimals) {
  const auto plain = decimal(scaled, decimals);
  const auto point = std::min(plain.find('.'), plain.size());
  const auto first_digit = plain.starts_with('-') ? 1U : 0U;
  std::string out;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > first_digit && i < point && (point - i) % 3 == 0) out += ',';
    out += plain[i];
  }
  return out;
}

/// A range that may be open on one side, which is then not worth mentioning unless the number broke it.
std::string shown_range(std::int64_t least, std::int64_t most, int decimals, bool below) {
  using Limits = std::numeric_limits<std::int64_t>;
  const auto lower = "at least " + shown(least, decimals);
  const auto upper = "at most " + shown(most, decimals);
  if (least == Limits::min() && !below) return upper;
  if (most == Limits::max() && below) return lower;
  return lower + " and " + upper;
}

constexpr auto whole_number = "round it to a whole number";

void report_out_of_range(Sink& sink, const Value& found, std::string_view name, const std::string& range) {
  sink.report(Code::out_of_range, found.where, quoted(name).append(" is ").append(shortened_digits(found.text)).append("; it must be ").append(range),
              "choose a number in that range");
}

} // namespace

ObjectReader::ObjectReader(const Value& value, std::string path, Sink& sink) : value_(value), path_(std::move(path)), sink_(sink) {
  if (is_object()) return;
  if (path_.empty())
    sink_.report(Code::wrong_type, value_.where, std::string("the document must be an object, found ").append(describe(value_.kind)),
                 instead(value_, Kind::object));
  else report_wrong_type(sink_, value_, path_, Kind::object);
}

const Value* ObjectReader::any(std::string_view name) {
  ignore(name);
  const auto* found = value_.find(name);
  return found != nullptr && found->kind != Kind::null ? found : nullptr;
}

const Value* ObjectReader::array(std::string_view name) { return expect(name, Kind::array); }

const Value* ObjectReader::object(std::string_view name) { return expect(name, Kind::object); }

std::optional<bool> ObjectReader::boolean(std::string_view name) {
  const auto* found = expect(name, Kind::boolean);
  return found != nullptr ? std::optional<bool>(found->boolean) : std::nullopt;
}

std::optional<std::string> ObjectReader::string(std::string_view name) {
  const auto* found = expect(name, Kind::string);
  return found != nullptr ? std::optional<std::string>(found->text) : std::nullopt;
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* found = expect(name, Kind::number);
  if (found == nullptr) return std::nullopt;
  if (scale_number(found->text, 0).problem != NumberProblem::too_precise) return scaled(name, 0, least, most);
  sink_.report(Code::wrong_type, found->where, quoted(name).append(" must be a whole number, found ").append(shortened_digits(found->text)),
               whole_number);
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::scaled(std::string_view name, int decimals, std::int64_t least, std::int64_t most) {
  const auto* found = expect(name, Kind::number);
  if (found == nullptr) return std::nullopt;
  const auto [problem, number] = scale_number(found->text, decimals);
  if (problem == NumberProblem::too_precise) {
    sink_.report(Code::too_precise, found->where,
                 quoted(name) + " is " + shortened_digits(found->text) + "; at most " + counted(decimals, "decimal is", "decimals are") + " kept",
                 decimals == 0 ? whole_number : "round it to " + counted(decimals, "decimal", "decimals"));
    return std::nullopt;
  }
  if (problem == NumberProblem::none && number >= least && number <= most) return number;
  const bool below = problem == NumberProblem::none ? number < least : found->text.starts_with('-');
  report_out_of_range(sink_, *found, name, shown_range(least, most, decimals, below));
  return std::nullopt;
}

std::vector<std::string> ObjectReader::strings(std::string_view name) {
  std::vector<std::string> out;
  const auto* found = expect(name, Kind::array);
  if (found == nullptr) return out;
  for (std::size_t i = 0; i < found->items.size(); ++i) {
    const auto& item = found->items[i];
    if (item.kind == Kind::string) out.push_back(item.text);
    else report_wrong_type(sink_, item, std::string(name) + "[" + std::to_string(i) + "]", Kind::string);
  }
  return out;
}

bool ObjectReader::require(std::string_view name) {
  if (any(name) != nullptr) return true;
  if (!is_object()) return false;
  const SourceRange bracket{value_.where.file, value_.where.begin, value_.where.begin + 1};
  const auto missing = quoted(name);
  sink_.report(Code::missing_key, bracket, path_.empty() ? missing + " is missing at the top level" : "`" + path_ + "` needs " + missing,
               value_.find(name) != nullptr ? "write a value in place of `null`"
                                            : std::string("add `\"").append(name).append("\": ...` to this object"));
  return false;
}

bool ObjectReader::require_all(std::initializer_list<std::string_view> names) {
  bool all = true;
  for (const auto name : names) all = require(name) && all;
  return all;
}

void ObjectReader::finish() {
  for (const auto& member : value_.members) {
    if (std::find(known_.begin(), known_.end(), member.name) != known_.end()) continue;
    sink_.report(Code::unknown_key, member.name_where, "unknown key " + quoted(member.name) + " " + place(path_),
                 known_.empty() ? "remove it" : suggest(member.name, "known keys:", known_));
  }
}

void ObjectReader::ignore(std::string_view name) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.push_back(name);
}

const Value* ObjectReader::expect(std::string_view name, Kind kind) {
  const auto* found = any(name);
  if (found == nullptr || found->kind == kind) return found;
  report_wrong_type(sink_, *found, name, kind);
  return nullptr;
}

void ObjectReader::report_unknown_word(const Value& found, std::string_view name, std::span<const std::string_view> spellings) {
  sink_.report(Code::unknown_word, found.where, quoted(name) + " is " + quoted(found.text) + ", which is not known",
               suggest(found.text, "allowed words:", spellings));
}

} // namespace icplan::json
