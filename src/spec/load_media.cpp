// SPDX-License-Identifier: Apache-2.0
// Reads what a media policy says about parts: how they are chosen, which come first, and which are stated.
#include "spec_loader.hpp"

#include "words.hpp"

#include <algorithm>

namespace icplan {
namespace {

constexpr std::array<json::Name<MediaChoice>, 2> aim_words = {{{"cost", MediaChoice::reach_cost}, {"power", MediaChoice::reach_power}}};
constexpr std::array<json::Name<bool>, 2> populate_words = {{{"lit", false}, {"all", true}}};
constexpr std::size_t most_parts = 1'000;

} // namespace

using json::ObjectReader;

/// `"rule"`, `"reach"`, or an object that also says what for.
void SpecLoader::read_policy(ObjectReader& reader, MediaPolicy& media) {
  const json::Value* value = reader.any("policy");
  if (value == nullptr) return;
  std::string kind;
  if (value->kind == json::Kind::object) {
    ObjectReader item(*value, reader.path() + ".policy", sink_);
    item.require("kind");
    kind = item.string("kind").value_or("rule");
    const auto aim = item.enumeration<MediaChoice>("for", aim_words);
    item.finish();
    media.choice = kind == "reach" ? aim.value_or(MediaChoice::reach_cost) : MediaChoice::rule;
    if (kind == "rule" && aim) {
      sink_.report(Code::conflicting_values, item.any("for")->where, "`for` says what the policy `reach` aims at, but the policy is `rule`",
                   "leave `for` out, or state `reach`");
    }
  } else {
    kind = reader.string("policy").value_or("rule");
    media.choice = kind == "reach" ? MediaChoice::reach_cost : MediaChoice::rule;
    if (kind == "reach") defaulted(reader.path() + ".policy.for", "cost");
  }
  if (kind != "rule" && kind != "reach")
    sink_.report(Code::unknown_word, value->where, "the media policy is " + shown_name(kind) + ", which is not known", "use `rule` or `reach`");
}

/// A part that is bought with cables; other kinds are refused.
std::optional<PartId> SpecLoader::media_part(const json::Value& value) {
  if (value.kind != json::Kind::string) return std::nullopt;
  const auto found = catalog_.find(value.text);
  if (!found) return part_named(value.text, value.where, PartKind::module);
  const auto kind = catalog_[*found].kind;
  if (kind == PartKind::cable || kind == PartKind::module || kind == PartKind::fibre || kind == PartKind::utp) return found;
  sink_.report(Code::wrong_part_kind, value.where, quoted(value.text) + " is a " + std::string(to_text(kind)) + ", not a cable, module or fibre",
               "name parts that make links");
  return std::nullopt;
}

void SpecLoader::read_prefer(ObjectReader& reader, MediaPolicy& media) {
  const json::Value* list = reader.array("prefer");
  if (list == nullptr || too_many(*list, "prefer", most_parts)) return;
  media.prefer.clear();
  for (const auto& item : list->items) {
    if (item.kind != json::Kind::string) {
      sink_.report(Code::wrong_type, item.where, "`prefer` holds something that is no part id", "write part ids as strings");
    } else if (const auto part = media_part(item)) {
      const bool twice = std::any_of(media.prefer.begin(), media.prefer.end(), [&](const PreferredPart& other) { return other.part == *part; });
      if (twice) sink_.report(Code::duplicate_name, item.where, "`prefer` names " + quoted(item.text) + " twice", "leave one of them out");
      media.prefer.push_back({*part, item.where});
    }
  }
}

/// `{ "links": "leaf-spine", "cable" or "fibre": ID }` or `{ "at": "node", "module": ID }`.
void SpecLoader::read_stated_part(const json::Value& value, const std::string& path, MediaPolicy& media) {
  ObjectReader item(value, path, sink_);
  if (!item.is_object()) return;
  StatedPart stated;
  stated.origin = origin_of(value);
  const auto links = item.string("links");
  const auto at = item.string("at");
  std::optional<PartId> found;
  std::size_t named = 0;
  for (const auto& [key, kind] : {std::pair<std::string_view, PartKind>{"cable", PartKind::cable}, {"fibre", PartKind::fibre}, {"module", PartKind::module}}) {
    if (item.any(key) == nullptr) continue;
    ++named;
    found = part(item, key, kind);
    stated.kind = kind;
  }
  item.finish();
  const bool wants_at = stated.kind == PartKind::module;
  const bool has_links = stated.origin.states("links");
  const bool has_at = stated.origin.states("at");
  if (named != 1 || has_links == has_at || has_at != wants_at) {
    sink_.report(Code::conflicting_values, stated.origin.whole, quoted(path) + " needs `links` with a `cable` or `fibre`, or `at` with a `module`",
                 "write { \"links\": \"leaf-spine\", \"cable\": \"PART\" } or { \"at\": \"leaf\", \"module\": \"PART\" }");
    return;
  }
  if (!found || (has_links ? !links : !at)) return;
  stated.part = *found;
  stated.where = has_links ? *links : *at;
  media.parts.push_back(std::move(stated));
}

void SpecLoader::read_stated_parts(ObjectReader& reader, MediaPolicy& media) {
  const json::Value* list = reader.array("parts");
  if (list == nullptr || too_many(*list, "parts", most_parts)) return;
  media.parts.clear();
  for (std::size_t i = 0; i < list->items.size(); ++i)
    read_stated_part(list->items[i], reader.path() + "." + indexed("parts", i), media);
}

void SpecLoader::read_media_choice(ObjectReader& reader, MediaPolicy& media) {
  read_policy(reader, media);
  read_prefer(reader, media);
  read_stated_parts(reader, media);
  if (const auto pairs = reader.integer("connector_pairs", 0, 100)) media.connector_pairs = *pairs;
  if (const auto all = reader.enumeration<bool>("populate", populate_words)) media.populate_all = *all;
}

} // namespace icplan
