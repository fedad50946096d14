// SPDX-License-Identifier: Apache-2.0
// Whether every figure can be traced to where it comes from, and every price to a day.
#include "lint.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace icplan {
namespace {

/// The item of a list that an address names: a port group by its name, the ends of a cable by `a` and `b`, others by their number.
const json::Value* item_of(const json::Value& list, std::string_view name) {
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const auto* own = list.items[i].find("name");
    const bool end = (name == "a" && i == 0) || (name == "b" && i == 1);
    if ((own != nullptr && own->text == name) || end || name == std::to_string(i + 1)) return &list.items[i];
  }
  return nullptr;
}

/// What stands at an address of a part's entry, or nothing.
const json::Value* value_at(const json::Value& entry, std::string_view address) {
  const json::Value* at = &entry;
  while (at != nullptr && !address.empty()) {
    const auto dot = std::min(address.find('.'), address.size());
    const auto step = address.substr(0, dot);
    at = at->kind == json::Kind::array ? item_of(*at, step) : at->find(step);
    address.remove_prefix(std::min(dot + 1, address.size()));
  }
  return at;
}

void lint_figure_addresses(const CatalogEntry& entry, Sink& sink) {
  const auto* figures = entry.entry->find("figures");
  if (figures == nullptr) return;
  for (const auto& member : figures->members) {
    if (member.name != "figures" && value_at(*entry.entry, member.name) != nullptr) continue;
    std::vector<std::string> names;
    for (const auto& figure : written_figures(entry)) names.push_back(figure.address);
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto nearest = closest_word(member.name, known);
    sink.report(Code::unknown_figure, member.name_where,
                "`" + entry.id + "` has no figure `" + member.name + "` to which `figures` could give a basis",
                nearest ? "did you mean `" + std::string(*nearest) + "`?" : "`icplan catalog show` prints the addresses of its figures");
  }
}

/// By file and source key.
using UntraceableBySource = std::map<std::pair<FileId, std::string>, Finding>;

/// Figures that rest on the maker's own text, when nobody can look that text up.
void trace_figures(const Catalog& catalog, const CatalogEntry& entry, UntraceableBySource& untraceable) {
  for (const auto& figure : written_figures(entry)) {
    if (figure_basis(entry, figure.address) != Basis::datasheet) continue;
    const auto keys = figure_sources(entry, figure.address);
    const bool addressed = std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
      const auto* source = catalog.source(entry, key);
      return source == nullptr || !source->url.empty();
    });
    if (addressed || keys.empty()) continue;
    const auto& key = keys.front();
    const auto [found, added] = untraceable.try_emplace({entry.where.file, key});
    if (added)
      found->second = Finding::of(Code::source_without_address, catalog.source_lists().at(entry.where.file).at(key).where,
                                  "figures rest on `" + key + "` as the maker's own text, but it has no `url`",
                                  "state where the text can be read, or a weaker basis", 0);
    found->second.add([&] { return "`" + entry.id + "` " + figure.address; });
  }
}

void report_unused(const Catalog& catalog, const std::set<std::pair<FileId, std::string>>& cited, Sink& sink) {
  for (const auto& [file, sources] : catalog.source_lists()) {
    for (const auto& [key, source] : sources) {
      if (cited.count({file, key}) == 0)
        sink.report(Code::unused_source, source.where, "no part of the file cites source `" + key + "`", "leave it out");
    }
  }
}

} // namespace

void lint_sources(const Catalog& catalog, Sink& sink) {
  UntraceableBySource untraceable;
  std::set<std::pair<FileId, std::string>> cited;
  const auto lint_entry = [&](const CatalogEntry& entry) {
    lint_figure_addresses(entry, sink);
    trace_figures(catalog, entry, untraceable);
    for (const auto& key : entry.sources) cited.emplace(entry.where.file, key);
    const auto* figures = entry.entry->find("figures");
    if (figures == nullptr) return;
    for (const auto& member : figures->members) {
      for (const auto& key : figure_sources(entry, member.name)) cited.emplace(entry.where.file, key);
    }
  };
  for (const auto id : catalog.sorted()) {
    const auto& part = catalog[id];
    lint_entry(part);
    if (part.price && part.price_date.empty())
      sink.report(Code::undated_price, part.where,
                  "`" + part.id + "` has a price of $" + fixed(part.price->value.count(), 2) + " without a day or month", "state `price_date`");
  }
  for (const auto& [id, workload] : catalog.workloads()) lint_entry(workload);
  for (auto& [key, finding] : untraceable) sink.report(std::move(finding));
  report_unused(catalog, cited, sink);
}

} // namespace icplan
