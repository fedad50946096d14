// SPDX-License-Identifier: Apache-2.0
// Lays a site's catalogs over the shipped ones: parts that are added, replaced and disabled.
#include "icplan/catalog/catalog.hpp"

#include "icplan/base/text.hpp"
#include "icplan/json/object_reader.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// "`price_usd` and `lengths_m`": the fields in which two entries differ.
std::string differences(const json::Value& a, const json::Value& b) {
  std::vector<std::string_view> names;
  for (const auto& member : a.members) {
    const auto* other = b.find(member.name);
    if (other == nullptr || !json::same_value(member.value, *other)) names.push_back(member.name);
  }
  for (const auto& member : b.members) {
    if (a.find(member.name) == nullptr) names.push_back(member.name);
  }
  return quoted_list(names);
}

std::string place_of(const SourceMap& sources, SourceRange where) {
  return std::string(sources.name(where.file)) + ", line " + std::to_string(sources.position(where.file, where.begin).line);
}

} // namespace

void Catalog::place(Part part, const SourceMap& sources, bool overlay, Sink& sink) {
  const auto found = by_id_.find(part.id);
  if (found == by_id_.end()) {
    by_id_.emplace(part.id, PartId(static_cast<std::uint32_t>(parts_.size())));
    parts_.push_back(std::move(part));
    return;
  }
  auto& known = parts_[found->second.index()];
  if (overlay) {
    replace(known, std::move(part), sources, sink);
  } else {
    sink.report(Code::duplicate_part, part.where, "`" + part.id + "` is in the catalogs already", "give it another `id`");
  }
}

void Catalog::replace(Part& known, Part part, const SourceMap& sources, Sink& sink) {
  if (known.kind != part.kind) {
    sink.report(Code::kind_replaced, part.where,
                "`" + part.id + "` is a " + std::string(to_text(part.kind)) + " here, but a " + std::string(to_text(known.kind)) + " in " +
                    place_of(sources, known.where),
                "give the new part an `id` of its own");
  } else if (replaces(known, part, "part", sources, sink)) {
    known = std::move(part);
  }
}

/// Whether an overlay's entry takes the place of a known one of its name. Says so, and where two overlays contradict each other.
bool Catalog::replaces(const CatalogEntry& known, const CatalogEntry& entry, const std::string& what, const SourceMap& sources, Sink& sink) const {
  if (overlays_.count(known.where.file) == 0) {
    sink.report(Code::part_replaced, entry.where, "`" + entry.id + "` replaces the catalog's " + what + " of that name");
    return true;
  }
  if (!json::same_value(*known.entry, *entry.entry)) {
    sink.report(Code::overlays_differ, entry.where,
                "`" + entry.id + "` has another " + differences(*known.entry, *entry.entry) + " in " + place_of(sources, known.where),
                "keep the " + what + " in one overlay");
  }
  return false;
}

void Catalog::read_disabled(json::ObjectReader& reader, const SourceMap& sources, FileId file, bool overlay) {
  const json::Value* list = reader.array("disable");
  if (list == nullptr) return;
  if (!overlay) {
    reader.sink().report(Code::wrong_disable, list->where, "`disable` stands in a catalog that is laid over no other",
                         "leave the parts out, or name the file with `--catalog` or in the spec's `catalogs`");
    return;
  }
  for (const auto& item : list->items) {
    if (item.kind == json::Kind::string) {
      disabled_.try_emplace(item.text, Disabling{std::string(sources.name(file)), item.where});
    } else {
      reader.sink().report(Code::wrong_type, item.where, "`disable` must hold part ids, found " + std::string(json::describe(item.kind)),
                           "write the id of a part in quotes");
    }
  }
}

void Catalog::check_disabled(Sink& sink) const {
  std::vector<std::string_view> names;
  for (const auto& entry : by_id_) names.push_back(entry.first);
  for (const auto& [id, disabling] : disabled_) {
    const auto found = find(id);
    if (!found) {
      const auto nearest = closest_word(id, names);
      sink.report(Code::wrong_disable, disabling.where, "no part `" + id + "` to disable in the catalogs",
                  nearest ? "did you mean `" + std::string(*nearest) + "`?" : "`icplan catalog list` prints the known ones");
    } else if (is_overlaid(*found)) {
      sink.report(Code::wrong_disable, disabling.where, "`" + id + "` is disabled here, but an overlay describes it",
                  "leave it out of one of the two");
    }
  }
}

const Disabling* Catalog::disabled(PartId id) const {
  const auto found = disabled_.find((*this)[id].id);
  return found == disabled_.end() ? nullptr : &found->second;
}

bool Catalog::is_overlaid(PartId id) const { return overlays_.count((*this)[id].where.file) != 0; }

} // namespace icplan
