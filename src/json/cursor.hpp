// SPDX-License-Identifier: Apache-2.0
// The bytes of a JSON text for the parser, with the place of the token that it is in.
#pragma once

#include "number_text.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace icplan::json {

[[nodiscard]] constexpr bool is_word_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
[[nodiscard]] constexpr bool is_number_start(char c) { return c == '-' || (c >= '0' && c <= '9'); }

[[nodiscard]] constexpr std::size_t find_word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_word_byte(text[at])) ++at;
  return at;
}

/// Hands the text to the parser byte by byte and keeps track of the token that the parser is in. Three things are not handed over as they stand:
/// a complete number becomes "0 ", because the parser would read one byte ahead and refuses what a double cannot hold; an unknown word
/// becomes a byte that is an error, so that it fails as a whole; and so does NUL between tokens, which the parser would take for the end.
class Cursor {
public:
  explicit Cursor(std::string_view text) : text_(text) {}

  /// Whether everything was handed over. The parser asks before each byte.
  bool at_end() {
    const bool end = offset_ == text_.size() && !separator_due_;
    if (end) hit_end_ = true;
    return end;
  }
  [[nodiscard]] char current() const {
    if (separator_due_) return ' ';
    const char c = text_[offset_];
    if (mode_ != Mode::between || offset_ < raw_end_) return c;
    if (is_number_start(c)) return find_number_end(text_, offset_).complete ? '0' : c;
    const bool refused = c == '\0' || (is_word_byte(c) && !at_literal());
    return refused ? '\x01' : c;
  }
  void advance() {
    if (separator_due_) separator_due_ = false;
    else step();
  }

  /// The first byte after those that were handed over.
  [[nodiscard]] std::size_t offset() const { return offset_; }
  /// Where the current token starts.
  [[nodiscard]] std::size_t token() const { return token_; }
  /// The first byte of the token before, or NUL.
  [[nodiscard]] char previous() const { return previous_; }
  /// The first byte of the current token, or NUL.
  [[nodiscard]] char latest() const { return has_token_ ? text_[token_] : '\0'; }
  /// The parser wanted more than there is.
  [[nodiscard]] bool hit_end() const { return hit_end_; }
  /// Where the comment starts that the parser is in, if it is in one.
  [[nodiscard]] std::size_t comment() const { return comment_; }

private:
  enum class Mode : std::uint8_t { between, string, escape, slash, line_comment, block_comment, block_comment_star };

  [[nodiscard]] bool at_literal() const {
    const auto word = text_.substr(offset_, find_word_end(text_, offset_) - offset_);
    return word == "true" || word == "false" || word == "null";
  }

  void step() {
    const char c = text_[offset_];
    switch (mode_) {
    case Mode::between: return step_between(c);
    case Mode::string:
      if (c == '\\') mode_ = Mode::escape;
      if (c == '"') mode_ = Mode::between;
      break;
    case Mode::escape: mode_ = Mode::string; break;
    case Mode::slash:
      if (c == '/') mode_ = Mode::line_comment;
      if (c == '*') mode_ = Mode::block_comment;
      break;
    case Mode::line_comment:
      if (c == '\n' || c == '\r' || c == '\0') mode_ = Mode::between;
      break;
    case Mode::block_comment_star:
      if (c == '/') mode_ = Mode::between;
      else if (c != '*') mode_ = Mode::block_comment;
      break;
    case Mode::block_comment:
      if (c == '*') mode_ = Mode::block_comment_star;
      break;
    }
    ++offset_;
  }

  void step_between(char c) {
    if (c == '/') {
      comment_ = offset_;
      mode_ = Mode::slash;
    } else if (offset_ >= raw_end_ && c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      return step_token(c);
    }
    ++offset_;
  }

  void step_token(char c) {
    previous_ = has_token_ ? text_[token_] : '\0';
    has_token_ = true;
    token_ = offset_;
    if (is_number_start(c)) {
      const auto end = find_number_end(text_, offset_);
      if (end.complete) {
        offset_ = end.offset;
        separator_due_ = true;
        return;
      }
      raw_end_ = end.offset;
    } else if (c == '"') {
      mode_ = Mode::string;
    } else if (is_word_byte(c)) {
      raw_end_ = find_word_end(text_, offset_);
    }
    ++offset_;
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  std::size_t token_ = 0;
  std::size_t comment_ = 0;
  /// Bytes before this one belong to a literal or a malformed number, which the parser gets as it stands.
  std::size_t raw_end_ = 0;
  Mode mode_ = Mode::between;
  char previous_ = '\0';
  bool has_token_ = false;
  bool separator_due_ = false;
  bool hit_end_ = false;
};

/// An input iterator over a cursor; without one it is the end.
class ByteIterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  ByteIterator() = default;
  explicit ByteIterator(Cursor& cursor) : cursor_(&cursor) {}

  char operator*() const { return cursor_->current(); }
  ByteIterator& operator++() {
    cursor_->advance();
    return *this;
  }
  friend bool operator==(const ByteIterator& a, const ByteIterator& b) { return a.ended() == b.ended(); }
  friend bool operator!=(const ByteIterator& a, const ByteIterator& b) { return !(a == b); }

private:
  [[nodiscard]] bool ended() const { return cursor_ == nullptr || cursor_->at_end(); }

  Cursor* cursor_ = nullptr;
};

} // namespace icplan::json
