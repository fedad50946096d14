// SPDX-License-Identifier: Apache-2.0
// Reads what the cluster is to run: workloads of the catalogs by name, as they are or with other figures, and the spec's own.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"
#include "workload_reading.hpp"

#include <algorithm>

namespace icplan {

using json::ObjectReader;

namespace {

constexpr std::size_t most_workloads = 100;

/// `over` laid over `base`, object by object; what stays of `base` keeps its place in the catalog.
json::Value laid_over(const json::Value& base, const json::Value& over) {
  if (base.kind != json::Kind::object || over.kind != json::Kind::object) return over;
  json::Value merged = base;
  merged.where = over.where;
  for (const auto& member : over.members) {
    const auto known = std::find_if(merged.members.begin(), merged.members.end(), [&](const json::Member& old) { return old.name == member.name; });
    if (known == merged.members.end()) {
      merged.members.push_back(member);
    } else {
      known->value = laid_over(known->value, member.value);
      known->name_where = member.name_where;
    }
  }
  return merged;
}

/// The entry without what says where its figures come from: in a spec, the spec itself states them.
json::Value described(const json::Value& entry) {
  json::Value kept = entry;
  const auto dropped = [](const json::Member& member) {
    constexpr std::array<std::string_view, 5> names = {"id", "basis", "source", "figures", "claim"};
    return std::find(names.begin(), names.end(), member.name) != names.end();
  };
  kept.members.erase(std::remove_if(kept.members.begin(), kept.members.end(), dropped), kept.members.end());
  return kept;
}

} // namespace

const CatalogEntry* SpecLoader::workload_named(const std::string& id, SourceRange where) {
  const auto found = catalog_.workloads().find(id);
  if (found != catalog_.workloads().end()) return &found->second;
  std::vector<std::string_view> known;
  for (const auto& [name, entry] : catalog_.workloads()) known.push_back(name);
  const auto nearest = closest_word(id, known);
  sink_.report(Code::unknown_workload, where, "no workload " + shown_name(id) + " in the catalogs",
               nearest ? "did you mean " + quoted(*nearest) + "?"
                       : "`icplan catalog list workload` prints the known ones; describe your own with `id` and `kind`");
  return nullptr;
}

/// A name that occurs twice is told whether what it names is sound or not.
void SpecLoader::name_workload(const std::string& id, SourceRange where) {
  if (workload_names_.insert(id).second) return;
  sink_.report(Code::duplicate_name, where, "two workloads are named " + shown_name(id), "give each its own `id`");
}

void SpecLoader::read_own_workload(const json::Value& value, const std::string& path) {
  ObjectReader own(value, path, sink_);
  const auto id = own.string("id");
  const auto named = own.string("workload");
  const auto gpus = own.integer("gpus", 1, most_gpus);
  if (!named && (!own.require("id") || !id)) return;
  const auto where = own.any(id ? "id" : "workload")->where;
  name_workload(id ? *id : *named, where);
  if (id && (id->empty() || !is_printable(*id)))
    sink_.report(Code::unknown_word, where, "`id` is empty or holds control characters", "give the workload a name that can be printed");
  const CatalogEntry* entry = named ? workload_named(*named, own.any("workload")->where) : nullptr;
  if (named && entry == nullptr) return;
  std::shared_ptr<const Workload> base;
  if (entry != nullptr) {
    auto known = read_workload(*entry, sink_);
    if (!known) return;
    base = std::make_shared<const Workload>(std::move(*known));
  }
  const auto merged = entry == nullptr ? value : laid_over(described(*entry->entry), value);
  ObjectReader reader(merged, path, sink_);
  for (const auto name : {"id", "workload", "gpus"}) reader.ignore(name);
  auto workload = read_workload_body(reader);
  reader.finish();
  if (!workload) return;
  workload->id = id ? *id : *named;
  workload->gpus = gpus;
  workload->where = where;
  if (base != nullptr) {
    workload->basis = base->basis;
    if (own.any("claim") == nullptr) workload->claim = base->claim;
    // Figures that the spec does not state again are the catalog's.
    if (own.any("requirement") == nullptr) workload->requirement.basis = base->requirement.basis;
  }
  if (own.any("requirement") == nullptr) workload->requirement.where = where;
  workload->base = std::move(base);
  spec_.workloads.push_back(std::make_shared<const Workload>(std::move(*workload)));
}

void SpecLoader::read_workloads(ObjectReader& reader) {
  const json::Value* list = reader.array("workloads");
  if (list == nullptr || too_many(*list, "workloads", most_workloads)) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const auto& item = list->items[i];
    if (item.kind != json::Kind::string) {
      read_own_workload(item, indexed("workloads", i));
      continue;
    }
    name_workload(item.text, item.where);
    const auto* entry = workload_named(item.text, item.where);
    if (entry == nullptr) continue;
    auto workload = read_workload(*entry, sink_);
    if (!workload) continue;
    workload->where = item.where;
    workload->requirement.where = item.where;
    spec_.workloads.push_back(std::make_shared<const Workload>(std::move(*workload)));
  }
}

} // namespace icplan
