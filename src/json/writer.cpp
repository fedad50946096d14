// SPDX-License-Identifier: Apache-2.0
// A streaming JSON writer whose output is the same bytes everywhere.
#include "icplan/json/writer.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace icplan::json {

namespace {

/// The two-character escape of a byte, or an empty one.
constexpr std::string_view short_escape(char c) {
  switch (c) {
  case '"': return "\\\"";
  case '\\': return "\\\\";
  case '\n': return "\\n";
  case '\t': return "\\t";
  case '\r': return "\\r";
  case '\b': return "\\b";
  case '\f': return "\\f";
  default: return {};
  }
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out += text.substr(plain, i - plain);
    plain = i + 1;
    if (const auto escape = short_escape(text[i]); !escape.empty()) out += escape;
    else (out += "\\u00").append({hex[byte >> 4U], hex[byte & 0xfU]});
  }
  out += text.substr(plain);
  out += '"';
}

/// A value outside of everything else ends the document.
void end_document(std::string& out, bool outermost) {
  if (outermost) out += '\n';
}

} // namespace

Writer& Writer::begin_object() { return open('{', false, false); }
Writer& Writer::begin_array() { return open('[', true, false); }
Writer& Writer::begin_object_row() { return open('{', false, true); }
Writer& Writer::begin_array_row() { return open('[', true, true); }
Writer& Writer::end_object() { return close('}'); }
Writer& Writer::end_array() { return close(']'); }

Writer& Writer::key(std::string_view name) {
  assert(!levels_.empty() && !levels_.back().array && !after_key_);
  before_value();
  append_quoted(out_, name);
  out_ += ": ";
  after_key_ = true;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  before_value();
  append_quoted(out_, text);
  end_document(out_, levels_.empty());
  return *this;
}

Writer& Writer::integer(std::int64_t value) { return decimal(value, 0); }

Writer& Writer::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  end_document(out_, levels_.empty());
  return *this;
}

Writer& Writer::null() {
  before_value();
  out_ += "null";
  end_document(out_, levels_.empty());
  return *this;
}

Writer& Writer::decimal(std::int64_t scaled, int decimals) {
  before_value();
  out_ += icplan::decimal(scaled, decimals);
  end_document(out_, levels_.empty());
  return *this;
}

Writer& Writer::value(const Value& value) {
  switch (value.kind) {
  case Kind::null: return null();
  case Kind::boolean: return boolean(value.boolean);
  case Kind::string: return string(value.text);
  case Kind::number:
    before_value();
    out_ += value.text;
    end_document(out_, levels_.empty());
    return *this;
  case Kind::array:
    begin_array();
    for (const auto& item : value.items) this->value(item);
    return end_array();
  case Kind::object: break;
  }
  std::vector<const Member*> members;
  members.reserve(value.members.size());
  for (const auto& member : value.members) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const Member* a, const Member* b) { return a->name < b->name; });
  begin_object();
  for (const auto* member : members) key(member->name).value(member->value);
  return end_object();
}

void Writer::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  auto& level = levels_.back();
  if (!level.empty) out_ += level.row ? ", " : ",";
  level.empty = false;
  if (!level.row) new_line();
}

void Writer::new_line() { out_.append("\n").append(2 * levels_.size(), ' '); }

Writer& Writer::open(char bracket, bool array, bool row) {
  before_value();
  const bool inside_row = !levels_.empty() && levels_.back().row;
  levels_.push_back(Level{array, row || inside_row, true});
  out_ += bracket;
  return *this;
}

Writer& Writer::close(char bracket) {
  assert(!levels_.empty() && !after_key_ && levels_.back().array == (bracket == ']'));
  const auto level = levels_.back();
  levels_.pop_back();
  if (!level.empty && !level.row) new_line();
  out_ += bracket;
  end_document(out_, levels_.empty());
  return *this;
}

} // namespace icplan::json
