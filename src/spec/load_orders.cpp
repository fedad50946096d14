// SPDX-License-Identifier: Apache-2.0
// Reads what is ordered beside what the plan needs: spares and extras.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {

using json::ObjectReader;

namespace {

constexpr std::array<std::string_view, 12> bom_kinds = {"gpu",    "node", "nic", "switch", "rack", "pdu",
                                                        "module", "dac",  "aoc", "fibre",  "utp",  "accessory"};
constexpr std::array<std::string_view, 7> subject_words = {"cluster", "node", "switch", "rack", "cable", "module", "gpu"};
constexpr std::array<ExtraPer, 7> subjects = {ExtraPer::cluster, ExtraPer::node,   ExtraPer::switch_, ExtraPer::rack,
                                              ExtraPer::cable,   ExtraPer::module, ExtraPer::gpu};

} // namespace

void SpecLoader::read_spares(ObjectReader& media) {
  if (const json::Value* value = media.object("spares_percent")) {
    ObjectReader reader(*value, "media.spares_percent", sink_);
    for (const auto kind : bom_kinds) {
      if (const auto percent = reader.scaled(kind, 3, 0, 1'000'000)) spec_.spares.emplace(kind, *percent);
    }
    reader.finish();
  }
  if (const json::Value* value = media.object("spares")) {
    ObjectReader reader(*value, "media.spares", sink_);
    for (const auto kind : bom_kinds) {
      const auto count = reader.integer(kind, 0, 1'000'000);
      if (!count) continue;
      if (spec_.spares.count(kind) > 0)
        sink_.report(Code::conflicting_values, reader.any(kind)->where, "spares of kind " + quoted(kind) + " are stated in percent and in pieces",
                     "state them under `spares_percent` or under `spares`");
      spec_.spare_counts.emplace(kind, *count);
    }
    reader.finish();
  }
}

/// "switch", "compute/leaf", or the id of a part.
bool SpecLoader::read_extra_subject(const std::string& per, SourceRange where, Extra& extra) {
  const auto word = std::find(subject_words.begin(), subject_words.end(), per);
  if (word != subject_words.end()) {
    extra.per = subjects[static_cast<std::size_t>(word - subject_words.begin())];
    return true;
  }
  std::vector<std::string> tiers;
  for (std::uint32_t f = 0; f < spec_.fabrics.size(); ++f) {
    if (spec_.fabrics[f].on) continue;
    for (const std::string tier : {"leaf", "router", "spine", "core"}) {
      tiers.push_back(spec_.fabrics[f].name + "/" + tier);
      if (tiers.back() != per) continue;
      extra.per = ExtraPer::tier;
      extra.fabric = FabricId(f);
      extra.tier = tier == "core" ? 3 : tier == "spine" ? 2 : 1;
      return true;
    }
  }
  if (const auto part = catalog_.find(per)) {
    extra.per = ExtraPer::part;
    extra.of = *part;
    return true;
  }
  std::vector<std::string_view> known(subject_words.begin(), subject_words.end());
  known.insert(known.end(), tiers.begin(), tiers.end());
  const auto nearest = closest_word(per, known);
  sink_.report(Code::unknown_name, where,
               "`per` is " + shown_name(per) + ", which is neither a kind of thing, nor a tier, nor a part of the catalogs",
               nearest ? "did you mean " + quoted(*nearest) + "?" : "use " + quoted_choice(known) + ", or the id of a part");
  return false;
}

/// After the fabrics, whose tiers extras may name.
void SpecLoader::read_extras(const json::Value& document) {
  const json::Value* media = document.find("media");
  if (media == nullptr || media->kind != json::Kind::object) return;
  ObjectReader reader(*media, "media", sink_);
  const json::Value* list = reader.array("extras");
  if (list == nullptr || too_many(*list, "extras", most_groups)) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    ObjectReader item(list->items[i], "media." + indexed("extras", i), sink_);
    if (!item.is_object()) continue;
    Extra extra;
    extra.origin = origin_of(list->items[i]);
    const auto id = part(item, "part", PartKind::accessory);
    const auto per = item.string("per");
    extra.quantity = item.integer("quantity", 1, 10'000).value_or(1);
    const bool complete = item.require_all({"part", "per"});
    item.finish();
    if (!complete || !id || !per || !read_extra_subject(*per, extra.origin.of("per"), extra)) continue;
    extra.part = *id;
    spec_.extras.push_back(std::move(extra));
  }
}

} // namespace icplan
