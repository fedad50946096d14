// SPDX-License-Identifier: Apache-2.0
// Reads catalog documents and answers look-ups.
#include "icplan/catalog/catalog.hpp"

#include "icplan/base/text.hpp"
#include "icplan/json/object_reader.hpp"
#include "read_part.hpp"
#include "words.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// The entry with the longest address that leads to the figure: `ports.fabric.lanes`, else `ports.fabric`, else `ports`.
const json::Value* figure_entry(const CatalogEntry& of, std::string_view figure) {
  const json::Value* figures = of.entry == nullptr ? nullptr : of.entry->find("figures");
  if (figures == nullptr) return nullptr;
  for (;;) {
    if (const json::Value* entry = figures->find(figure)) return entry;
    const auto dot = figure.rfind('.');
    if (dot == std::string_view::npos) return nullptr;
    figure = figure.substr(0, dot);
  }
}

CatalogSources read_sources(json::ObjectReader& document) {
  CatalogSources sources;
  const json::Value* list = document.object("sources");
  if (list == nullptr) return sources;
  for (const auto& member : list->members) {
    json::ObjectReader reader(member.value, "sources." + member.name, document.sink());
    CatalogSource source;
    source.title = reader.string("title").value_or("");
    source.url = reader.string("url").value_or("");
    source.where = member.name_where;
    if (!source.url.empty() && source.url.rfind("http://", 0) != 0 && source.url.rfind("https://", 0) != 0)
      document.sink().report(Code::unknown_word, reader.any("url")->where, "the `url` of source `" + member.name + "` is no web address",
                             "write an address that begins with https://, or null");
    reader.ignore("date");
    reader.ignore("notes");
    reader.require("title");
    reader.finish();
    sources.emplace(member.name, std::move(source));
  }
  return sources;
}

void check_source(const CatalogEntry& entry, const CatalogSources& sources, std::string_view key, SourceRange where, Sink& sink) {
  if (sources.find(key) != sources.end()) return;
  sink.report(Code::unknown_source, where, "`" + entry.id + "` cites source `" + std::string(key) + "`, which the file does not list",
              "add it to the file's `sources`");
}

void check_figures(const CatalogEntry& entry, const CatalogSources& sources, Sink& sink) {
  for (const auto& key : entry.sources) check_source(entry, sources, key, entry.where, sink);
  const json::Value* figures = entry.entry->find("figures");
  if (figures == nullptr || figures->kind != json::Kind::object) return;
  for (const auto& member : figures->members) {
    json::ObjectReader reader(member.value, "figures." + member.name, sink);
    if (!reader.is_object()) continue;
    static_cast<void>(reader.enumeration<Basis>("basis", basis_words));
    reader.any("source");
    reader.ignore("notes");
    reader.finish();
    for (const auto& key : figure_sources(entry, member.name)) check_source(entry, sources, key, member.name_where, sink);
  }
}

} // namespace

Basis figure_basis(const CatalogEntry& of, std::string_view figure) {
  if (const json::Value* entry = figure_entry(of, figure)) {
    if (const json::Value* basis = entry->find("basis")) {
      for (const auto& word : basis_words) {
        if (word.text == basis->text) return word.value;
      }
    }
  }
  return of.basis;
}

std::vector<std::string> figure_sources(const CatalogEntry& of, std::string_view figure) {
  if (const json::Value* entry = figure_entry(of, figure)) {
    if (const json::Value* source = entry->find("source")) {
      if (source->kind == json::Kind::string) return {source->text};
      std::vector<std::string> keys;
      for (const auto& item : source->items) keys.push_back(item.text);
      return keys;
    }
  }
  return of.sources;
}

void Catalog::add(const SourceMap& sources, FileId file, bool overlay, Sink& sink) {
  auto document = json::parse(sources, file, sink);
  if (!document) return;
  const json::Value& root = documents_.emplace_back(std::move(*document));
  json::ObjectReader reader(root, "", sink);
  if (!reader.is_object()) return;
  const auto format = reader.string("format");
  if (format != "icplan.catalog/1") {
    const json::Value* at = reader.any("format");
    sink.report(Code::wrong_format, at != nullptr ? at->where : root.where, "the catalog's `format` is not `icplan.catalog/1`",
                "start the document with \"format\": \"icplan.catalog/1\"");
    return;
  }
  reader.ignore("$schema");
  reader.ignore("notes");
  const auto& file_sources = sources_[file] = read_sources(reader);
  if (overlay) overlays_.insert(file);
  read_disabled(reader, sources, file, overlay);
  read_workloads(reader, sources, file, overlay);
  const json::Value* list = reader.array("parts");
  // An overlay may do nothing but disable parts, and workloads need none.
  if (reader.any("disable") == nullptr && reader.any("workloads") == nullptr) reader.require("parts");
  reader.finish();
  if (list == nullptr) return;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    auto part = read_part(list->items[i], "parts[" + std::to_string(i) + "]", sink);
    if (!part) continue;
    check_figures(*part, file_sources, sink);
    if (seen.insert(part->id).second) {
      place(std::move(*part), sources, overlay, sink);
    } else {
      sink.report(Code::duplicate_part, part->where, "`" + part->id + "` is in this file already", "give it another `id`");
    }
  }
}

void Catalog::read_workloads(json::ObjectReader& document, const SourceMap& sources, FileId file, bool overlay) {
  const json::Value* list = document.array("workloads");
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    json::ObjectReader reader(list->items[i], "workloads[" + std::to_string(i) + "]", document.sink());
    if (!reader.is_object()) continue;
    CatalogEntry workload;
    workload.entry = &list->items[i];
    workload.id = reader.string("id").value_or("");
    if (!reader.require("id")) continue;
    workload.where = reader.any("id")->where;
    read_entry(workload, reader);
    check_figures(workload, sources_[file], document.sink());
    const auto [known, added] = workloads_.try_emplace(workload.id, workload);
    if (added) continue;
    if (known->second.where.file == file || !overlay) {
      document.sink().report(Code::duplicate_part, workload.where, "workload `" + workload.id + "` is in the catalogs already",
                             "give it another `id`");
    } else if (replaces(known->second, workload, "workload", sources, document.sink())) {
      known->second = std::move(workload);
    }
  }
}

void Catalog::check_references(Sink& sink) const {
  const auto check = [&](const Part& part, const std::string& id, PartKind kind) {
    if (id.empty()) return;
    const auto found = find(id);
    if (found && (*this)[*found].kind == kind) return;
    sink.report(Code::broken_reference, part.where,
                "`" + part.id + "` names `" + id + "`, which is no " + std::string(to_text(kind)) + " of the catalogs",
                "correct the name, or add that part");
  };
  for (const auto& part : parts_) {
    if (const auto* node = part.as<NodeFacts>()) {
      check(part, node->gpu, PartKind::gpu);
      check(part, node->contains, PartKind::node);
      check(part, node->rack, PartKind::rack);
      const auto inner = find(node->contains);
      if (inner && (*this)[*inner].as<NodeFacts>() != nullptr && !(*this)[*inner].as<NodeFacts>()->contains.empty()) {
        sink.report(Code::broken_reference, part.where, "`" + part.id + "` contains `" + node->contains + "`, which is a rack product itself",
                    "name the node that it holds");
      }
    }
    for (const auto& group : part.port_groups()) check(part, group.nic, PartKind::nic);
    for (const auto& extra : part.extras) check(part, extra.part, PartKind::accessory);
  }
  check_disabled(sink);
}

std::optional<PartId> Catalog::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<PartId> Catalog::sorted() const {
  std::vector<PartId> ids;
  for (const auto& entry : by_id_) ids.push_back(entry.second);
  return ids;
}

std::vector<PartId> Catalog::of_kind(PartKind kind) const {
  std::vector<PartId> ids;
  for (const auto& entry : by_id_) {
    if ((*this)[entry.second].kind == kind && disabled(entry.second) == nullptr) ids.push_back(entry.second);
  }
  return ids;
}

std::optional<std::string_view> Catalog::nearest(std::string_view id, PartKind kind) const {
  std::vector<std::string_view> names;
  for (const auto part : of_kind(kind)) names.push_back((*this)[part].id);
  return closest_word(id, names);
}

const CatalogSource* Catalog::source(const CatalogEntry& entry, std::string_view key) const {
  const auto file = sources_.find(entry.where.file);
  if (file == sources_.end()) return nullptr;
  const auto found = file->second.find(key);
  return found == file->second.end() ? nullptr : &found->second;
}

} // namespace icplan
