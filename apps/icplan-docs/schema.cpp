// SPDX-License-Identifier: Apache-2.0
// Turns a JSON Schema of this repository into a reference: a table of keys for every object that it describes.
#include "generate.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <stdexcept>

namespace icplan::docs {
namespace {

using json::Kind;
using json::Value;

std::string text_of(const Value& node, std::string_view name) {
  const auto* found = node.find(name);
  return found == nullptr ? std::string() : found->text;
}

/// Objects are described once each, in the order in which they are come upon.
class Reference {
public:
  explicit Reference(const Value& schema) : schema_(schema) {}

  std::string write() {
    section("Top level", schema_);
    // Sections ask for further ones while they are written.
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      const auto entry = wanted_[i];
      section(entry.title, *entry.node);
    }
    if (const auto* definitions = schema_.find("definitions")) {
      for (const auto& member : definitions->members) {
        if (described_keys(member.value) != nullptr && !is_wanted(member.value))
          throw std::logic_error("nothing leads to the definition " + member.name);
      }
    }
    return std::move(out_);
  }

private:
  struct Wanted {
    std::string title;
    const Value* node;
  };

  const Value& resolved(const Value& node, std::string* name = nullptr) const {
    const auto* at = &node;
    while (const auto* reference = at->find("$ref")) {
      const auto last = reference->text.substr(reference->text.rfind('/') + 1);
      const auto* definitions = schema_.find("definitions");
      const auto* found = definitions == nullptr ? nullptr : definitions->find(last);
      if (found == nullptr) throw std::runtime_error("the schema refers to nothing: " + reference->text);
      if (name != nullptr) *name = last;
      at = found;
    }
    return *at;
  }

  /// The keys of an object's schema, or nothing.
  static const Value* described_keys(const Value& node) { return node.find("properties"); }

  bool is_wanted(const Value& node) const {
    return std::any_of(wanted_.begin(), wanted_.end(), [&](const Wanted& entry) { return entry.node == &node; });
  }

  /// A link to the section of an object.
  std::string link(const Value& node, const std::string& title) {
    const auto found = std::find_if(wanted_.begin(), wanted_.end(), [&](const Wanted& entry) { return entry.node == &node; });
    auto shown = title;
    if (found != wanted_.end()) {
      shown = found->title;
    } else {
      wanted_.push_back({title, &node});
    }
    std::string anchor;
    for (const char c : shown) {
      if (c == ' ') anchor += '-';
      if (c == '_' || c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) anchor += c;
      if (c >= 'A' && c <= 'Z') anchor += static_cast<char>(c - 'A' + 'a');
    }
    return "[" + shown + "](#" + anchor + ")";
  }

  static std::string number(const std::string& digits) {
    if (const auto whole = json::scaled(digits, 0)) return grouped(*whole);
    if (const auto millionths = json::scaled(digits, 6)) {
      auto fraction = std::to_string(*millionths % 1000000);
      fraction.insert(0, 6 - fraction.size(), '0');
      while (fraction.back() == '0') fraction.pop_back();
      return grouped(*millionths / 1000000) + "." + fraction;
    }
    return digits;
  }

  static std::string range(const Value& node) {
    const auto least = text_of(node, "minimum");
    const auto above = text_of(node, "exclusiveMinimum");
    const auto most = text_of(node, "maximum");
    std::string out;
    if (!above.empty()) out = ", above " + number(above);
    if (!least.empty()) out = most.empty() ? ", at least " + number(least) : ", " + number(least) + " to " + number(most);
    if (least.empty() && !most.empty()) out += (above.empty() ? ", at most " : ", to ") + number(most);
    return out;
  }

  static std::string literal(const Value& value) {
    return value.kind == Kind::null ? "null" : value.kind == Kind::boolean ? value.boolean ? "true" : "false" : value.text;
  }

  /// What a value may be: "integer, 1 to 200", "list of [racks](...)".
  std::string type(const Value& node, const std::string& title) {
    std::string name;
    const auto& at = resolved(node, &name);
    const auto own_title = name.empty() ? title : name;
    if (const auto* words = at.find("enum")) {
      std::string out;
      for (const auto& word : words->items) out += (out.empty() ? "`" : ", `") + literal(word) + "`";
      return out;
    }
    if (const auto* word = at.find("const")) return "`" + literal(*word) + "`";
    if (const auto* all = at.find("allOf"); all != nullptr && described_keys(at) == nullptr && !all->items.empty())
      return type(all->items.front(), title);
    for (const auto* choice : {"oneOf", "anyOf"}) {
      const auto* ways = at.find(choice);
      if (ways == nullptr || described_keys(at) != nullptr || at.find("type") != nullptr) continue;
      std::string out;
      for (const auto& way : ways->items) {
        const auto one = type(way, own_title);
        if (!one.empty() && one != "anything") out += (out.empty() ? "" : " or ") + one;
      }
      if (!out.empty()) return out;
    }
    const auto* types = at.find("type");
    if (types == nullptr) return described_keys(at) != nullptr ? link(at, own_title) : "anything";
    if (types->kind != Kind::array) return type_called(types->text, at, own_title);
    std::string out;
    for (const auto& one : types->items) out += (out.empty() ? "" : " or ") + type_called(one.text, at, own_title);
    return out;
  }

  std::string type_called(const std::string& called, const Value& at, const std::string& title) {
    if (called == "array") {
      const auto* items = at.find("items");
      return items == nullptr || items->kind != Kind::object ? "list" : "list of " + type(*items, title);
    }
    if (called == "object") {
      if (described_keys(at) != nullptr) return link(at, title);
      const auto* others = at.find("additionalProperties");
      if (others != nullptr && others->kind == Kind::object) return "object of " + type(*others, title);
      return "object";
    }
    if (called == "integer" || called == "number") return called + range(at);
    return called;
  }

  std::string description(const Value& node) const {
    auto text = text_of(node, "description");
    if (text.empty()) text = text_of(resolved(node), "description");
    std::string out;
    for (const char c : text) {
      if (c == '|') out += '\\';
      out += c;
    }
    return out;
  }

  void section(const std::string& title, const Value& node) {
    out_ += "\n## " + title + "\n\n";
    if (const auto text = description(node); !text.empty() && &node != &schema_) out_ += text + "\n\n";
    const auto* required = node.find("required");
    out_ += "| key | value | required | meaning |\n| --- | --- | --- | --- |\n";
    for (const auto& member : described_keys(node)->members) {
      const auto& names = required == nullptr ? std::vector<Value>() : required->items;
      const bool needed = std::any_of(names.begin(), names.end(), [&](const Value& name) { return name.text == member.name; });
      const auto below = title == "Top level" ? member.name : title + "." + member.name;
      out_ += "| `" + member.name + "` | " + type(member.value, below) + " | " + (needed ? "yes " : "") + "| " + description(member.value) + " |\n";
    }
    cases(node);
  }

  /// "where kind is dragonfly, see ..."
  void cases(const Value& node) {
    const auto* all = node.find("allOf");
    if (all == nullptr) return;
    std::string out;
    for (const auto& one : all->items) {
      const auto* condition = one.find("if");
      const auto* then = one.find("then");
      if (condition == nullptr || then == nullptr || then->find("$ref") == nullptr) continue;
      const auto* keys = condition->find("properties");
      if (keys == nullptr || keys->members.size() != 1) continue;
      const auto& key = keys->members.front();
      out += "\n* `" + key.name + "` " + type(key.value, "") + ": " + type(*then, "") + "\n";
    }
    if (!out.empty()) out_ += "\nFurther keys:\n" + out;
  }

  const Value& schema_;
  std::vector<Wanted> wanted_;
  std::string out_;
};

} // namespace

std::string schema_reference(const json::Value& schema, const std::string& document) {
  return "# Keys of " + text_of(schema, "title") + "\n\n" + text_of(schema, "description") + "\n\n`icplan schema " + document +
         "` prints the JSON Schema that this page is written from by `./dev docs`.\n" + Reference(schema).write();
}

} // namespace icplan::docs
