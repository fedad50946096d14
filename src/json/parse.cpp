// SPDX-License-Identifier: Apache-2.0
// Reads JSON text into values that know their place. The grammar is nlohmann_json's; places, duplicate names and messages are made here.
#include "icplan/json/value.hpp"

#include "base/utf8.hpp"
#include "cursor.hpp"
#include "icplan/base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace icplan::json {

namespace {

std::string hexadecimal(unsigned value, std::size_t width) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (; value != 0 || out.size() < width; value >>= 4U) out.insert(0, 1, hex[value & 0xfU]);
  return out;
}

std::string byte_name(char c) { return "byte 0x" + hexadecimal(static_cast<unsigned char>(c), 2); }

std::size_t find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = utf8_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

/// What the parser says about the bytes of a token, without place and quotation; empty when it objects to a whole token.
std::string_view lexical_complaint(std::string_view what) {
  constexpr std::string_view before = " - ";
  const auto begin = what.find(before);
  if (begin == std::string_view::npos) return {};
  what.remove_prefix(begin + before.size());
  what = what.substr(0, what.find("; last read"));
  return what.starts_with("invalid ") ? what : std::string_view();
}

/// What went wrong, where, and what to do.
struct Complaint {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string message;
  std::string help;
};

/// An object or array that is not closed yet.
struct Open {
  Value value;
  /// The lines of the names so far.
  std::unordered_map<std::string, std::uint32_t> name_lines;
  std::string key;
  SourceRange key_where;
  /// A name was read and its value is still to come.
  bool has_key = false;
  bool duplicate = false;
};

/// Receives the parser's events and builds the document. A `false` from any of them stops the parser.
class Builder {
public:
  Builder(std::string_view text, FileId file, Sink& sink, Cursor& cursor, std::size_t most_values)
      : text_(text), file_(file), sink_(sink), cursor_(cursor), most_values_(most_values) {}

  [[nodiscard]] std::optional<Value> take() && { return complete_ ? std::optional<Value>(std::move(root_)) : std::nullopt; }

  // NOLINTBEGIN(readability-identifier-naming): the names are the parser's.
  bool null() { return add(leaf(Kind::null)); }
  bool boolean(bool value) {
    auto added = leaf(Kind::boolean);
    added.boolean = value;
    return add(std::move(added));
  }
  bool number_integer(std::int64_t) { return number(); }
  bool number_unsigned(std::uint64_t) { return number(); }
  bool number_float(double, const std::string&) { return number(); }
  bool string(std::string& text) {
    auto added = leaf(Kind::string);
    added.text = std::move(text);
    return add(std::move(added));
  }
  bool binary(const nlohmann::json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Kind::object); }
  bool start_array(std::size_t) { return open(Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    auto& object = open_.back();
    object.key_where = token_range();
    object.has_key = true;
    const auto [first, added] = object.name_lines.try_emplace(name, line_of(cursor_.token()));
    object.duplicate = !added;
    if (object.duplicate) {
      sink_.report(Code::duplicate_key, object.key_where,
                   "`" + shortened(name) + "` appears twice in this object, first on line " + grouped(first->second), "remove one of the two");
    }
    object.key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) {
    const auto complaint = explain(lexical_complaint(error.what()));
    sink_.report(Code::syntax_error, range(complaint.begin, complaint.end), complaint.message, complaint.help);
    complete_ = false;
    return false;
  }
  // NOLINTEND(readability-identifier-naming)

private:
  [[nodiscard]] SourceRange range(std::size_t begin, std::size_t end) const {
    return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  [[nodiscard]] SourceRange token_range() const { return range(cursor_.token(), cursor_.offset()); }

  [[nodiscard]] Value leaf(Kind kind) const {
    Value value;
    value.kind = kind;
    value.where = token_range();
    return value;
  }

  bool number() {
    auto added = leaf(Kind::number);
    added.text = text_.substr(added.where.begin, added.where.end - added.where.begin);
    return add(std::move(added));
  }

  bool open(Kind kind) {
    if (open_.size() == max_depth) {
      sink_.report(Code::document_too_large, token_range(),
                   "the nesting is deeper than " + grouped(static_cast<std::int64_t>(max_depth)) + " levels");
      return false;
    }
    open_.emplace_back().value = leaf(kind);
    return true;
  }

  bool close() {
    auto value = std::move(open_.back().value);
    open_.pop_back();
    value.where.end = static_cast<std::uint32_t>(cursor_.offset());
    return add(std::move(value));
  }

  bool add(Value&& value) {
    if (++values_ > most_values_) {
      sink_.report(Code::document_too_large, value.where, "the file has more than " + grouped(static_cast<std::int64_t>(most_values_)) + " values");
      complete_ = false;
      return false;
    }
    if (open_.empty()) {
      root_ = std::move(value);
      complete_ = true;
      return true;
    }
    auto& parent = open_.back();
    if (parent.value.kind == Kind::array) {
      parent.value.items.push_back(std::move(value));
      return true;
    }
    parent.has_key = false;
    if (!parent.duplicate) parent.value.members.push_back(Member{std::move(parent.key), parent.key_where, std::move(value)});
    return true;
  }

  /// The line of byte `offset`. O(bytes since the last call); the offsets must ascend.
  std::uint32_t line_of(std::size_t offset) {
    for (; line_offset_ < offset; ++line_offset_) {
      const char c = text_[line_offset_];
      if (c == '\n' || (c == '\r' && text_[line_offset_ + 1] != '\n')) ++line_;
    }
    return line_;
  }

  static std::string shortened(std::string_view word) {
    constexpr std::size_t max_bytes = 60;
    const auto kept = utf8_prefix(word, max_bytes);
    return std::string(kept).append(kept.size() < word.size() ? "..." : "");
  }

  [[nodiscard]] std::size_t character_end(std::size_t at) const { return at + std::max<std::size_t>(utf8_length(text_, at), 1); }
  /// The byte at which the parser stopped; at the end of the text its last one. Shape: the text is not empty.
  [[nodiscard]] std::size_t failing_byte() const { return cursor_.offset() - 1; }

  [[nodiscard]] Complaint explain(std::string_view lexical) {
    if (text_.empty()) return {0, 0, "the file is empty", "an icplan document is a JSON object: { ... }"};
    if (lexical.starts_with("invalid string")) return explain_string(lexical);
    if (lexical.starts_with("invalid number")) {
      const auto at = failing_byte();
      return {at, cursor_.hit_end() ? at + 1 : character_end(at), "expected a digit but found " + found_at(at), {}};
    }
    if (lexical.starts_with("invalid comment")) return explain_comment();
    return explain_token();
  }

  [[nodiscard]] Complaint explain_comment() {
    const auto begin = cursor_.comment();
    const bool opened = begin + 1 < text_.size() && text_[begin + 1] == '*';
    if (!opened) return {begin, begin + 1, message(cursor_.latest(), "`/`"), "comments start with `//`"};
    const auto at = failing_byte();
    if (!cursor_.hit_end()) return {at, at + 1, byte_name(text_[at]) + " in a comment", {}};
    return {at, at + 1, "the comment that starts on line " + grouped(line_of(begin)) + " is not closed", "close it with `*/`"};
  }

  [[nodiscard]] Complaint explain_string(std::string_view lexical) {
    const auto at = failing_byte();
    const auto says = [&](std::string_view words) { return lexical.find(words) != std::string_view::npos; };
    if (cursor_.hit_end()) return {at, at + 1, "the string that starts on line " + grouped(line_of(cursor_.token())) + " is not closed", {}};
    const bool control = static_cast<unsigned char>(text_[at]) < 0x20;
    if (text_[at] == '\n' || text_[at] == '\r') return {at, at + 1, "the string is not closed before the end of the line", {}};
    if (says("hex digits")) return {at, character_end(at), "`\\u` needs four hexadecimal digits", {}};
    if (says("surrogate")) return {at, character_end(at), "a `\\u` escape is half of a surrogate pair", "write the character itself"};
    if (control) {
      const auto code = static_cast<unsigned char>(text_[at]);
      return {at, at + 1, byte_name(text_[at]) + " in a string must be escaped",
              text_[at] == '\t' ? "write `\\t`" : "write `\\u" + hexadecimal(code, 4) + "`"};
    }
    if (says("backslash")) {
      const auto end = character_end(at);
      return {at, end, "`\\" + std::string(text_.substr(at, end - at)) + "` is not an escape sequence", "write `\\\\` for a backslash"};
    }
    return {at, character_end(at), "the string is malformed", {}};
  }

  [[nodiscard]] Complaint explain_token() {
    if (cursor_.hit_end()) return {text_.size() - 1, text_.size(), message(cursor_.latest(), "the end of the file"), {}};
    const auto at = cursor_.token();
    const char c = text_[at];
    Complaint complaint{at, character_end(at), message(cursor_.previous(), found_at(at)), {}};
    if (is_word_byte(c) && !is_number_start(c)) {
      complaint.end = find_word_end(text_, at);
      constexpr std::array<std::string_view, 3> literals = {"true", "false", "null"};
      const auto meant = closest_word(text_.substr(at, complaint.end - at), literals);
      const bool value_expected = expected_after(cursor_.previous()).starts_with("a value");
      if (meant && value_expected) complaint.help = "did you mean `" + std::string(*meant) + "`?";
    }
    if ((c == '}' || c == ']') && cursor_.previous() == ',') complaint.help = "remove the comma before it";
    if (is_number_start(c) && at > 0 && text_[at - 1] == '0') complaint.help = "numbers have no leading zeros";
    if (c == '\'') complaint.help = "strings take double quotes";
    return complaint;
  }

  [[nodiscard]] std::string message(char before, std::string_view found) const {
    return std::string("expected ").append(expected_after(before)).append(" but found ").append(found);
  }

  /// What the grammar allows after the token that starts with `before`.
  [[nodiscard]] std::string_view expected_after(char before) const {
    if (open_.empty()) return complete_ ? "the end of the file" : "a value";
    const auto& parent = open_.back();
    if (parent.value.kind == Kind::array) return before == '[' ? "a value or `]`" : before == ',' ? "a value" : "`,` or `]`";
    if (parent.has_key) return before == ':' ? "a value" : "`:`";
    if (before == '{') return "a name in double quotes or `}`";
    return before == ',' ? "a name in double quotes" : "`,` or `}`";
  }

  [[nodiscard]] std::string found_at(std::size_t at) const {
    if (cursor_.hit_end()) return "the end of the file";
    const char c = text_[at];
    if (c == '"') return "a string";
    if (is_number_start(c)) return "a number";
    if (is_word_byte(c)) return "`" + shortened(text_.substr(at, find_word_end(text_, at) - at)) + "`";
    const auto length = character_end(at) - at;
    if (length > 1) {
      const auto point = utf8_code_point(text_, at, length);
      return "`" + std::string(text_.substr(at, length)) + "` (U+" + hexadecimal(point, 4) + ")";
    }
    if (c == '\n' || c == '\r') return "the end of the line";
    return c >= 0x20 && c < 0x7f ? std::string("`") + c + "`" : byte_name(c);
  }

  std::string_view text_;
  FileId file_;
  Sink& sink_;
  Cursor& cursor_;
  std::size_t most_values_;
  std::vector<Open> open_;
  Value root_;
  bool complete_ = false;
  std::size_t values_ = 0;
  std::size_t line_offset_ = 0;
  std::uint32_t line_ = 1;
};

} // namespace

std::optional<Value> parse(const SourceMap& sources, FileId file, Sink& sink, ReadLimits limits) {
  const auto text = sources.text(file);
  if (text.size() > limits.bytes) {
    sink.report(Code::document_too_large, {file, 0, 1},
                "the file has " + grouped(static_cast<std::int64_t>(text.size())) + " bytes; at most " + grouped(static_cast<std::int64_t>(limits.bytes)) + " are read");
    return std::nullopt;
  }
  if (const auto bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    const auto begin = static_cast<std::uint32_t>(bad);
    sink.report(Code::syntax_error, {file, begin, begin + 1}, byte_name(text[bad]) + " is not valid UTF-8 here", "save the file as UTF-8");
    return std::nullopt;
  }
  Cursor cursor(text);
  Builder builder(text, file, sink, cursor, limits.values);
  constexpr bool whole_text = true;
  constexpr bool ignore_comments = true;
  nlohmann::json::sax_parse(ByteIterator(cursor), ByteIterator(), &builder, nlohmann::json::input_format_t::json, whole_text, ignore_comments);
  return std::move(builder).take();
}

} // namespace icplan::json
