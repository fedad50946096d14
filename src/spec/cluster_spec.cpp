// SPDX-License-Identifier: Apache-2.0
// Look-ups and spellings of the cluster spec.
#include "icplan/spec/cluster_spec.hpp"

#include "words.hpp"

#include <algorithm>

namespace icplan {
std::string_view to_text(Topology topology) { return json::spelling(topology_words, topology); }
std::string_view to_text(SwitchPlacement placement) { return json::spelling(placement_words, placement); }
std::string_view to_text(UplinkSizing sizing) { return json::spelling(uplink_words, sizing); }

std::string_view to_text(FailureKind kind) { return json::spelling(failure_words, kind); }
std::string_view to_text(OptimizeFor what) { return json::spelling(optimize_words, what); }

std::int64_t HallSpec::width(std::int64_t row) const {
  return racks_per_row[static_cast<std::size_t>(std::min(row, static_cast<std::int64_t>(racks_per_row.size()) - 1))];
}

const KeepOut* HallSpec::kept_out(std::int64_t row) const {
  const auto kept = std::lower_bound(keep_out.begin(), keep_out.end(), row, [](const KeepOut& entry, std::int64_t wanted) { return entry.row < wanted; });
  return kept == keep_out.end() || kept->row != row ? nullptr : &*kept;
}

bool HallSpec::usable(FloorSpot spot) const {
  if (spot.row < 0 || spot.position < 0 || spot.position >= width(spot.row) || (rows && spot.row >= *rows)) return false;
  const auto* kept = kept_out(spot.row);
  return kept == nullptr || (!kept->positions.empty() && !std::binary_search(kept->positions.begin(), kept->positions.end(), spot.position));
}

Millimetres FloorSpec::row_offset(const HallSpec& hall, std::int64_t row) const {
  if (!hall.aisles) return row_pitch * row;
  const auto& aisles = *hall.aisles;
  const auto first = (row + 1) / 2;
  const auto second = row / 2;
  return aisles.depth * row + (aisles.cold_first ? aisles.cold : aisles.hot) * first + (aisles.cold_first ? aisles.hot : aisles.cold) * second;
}

std::optional<std::size_t> NodeGroup::port_group(std::string_view wanted) const {
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (ports[i].name == wanted) return i;
  }
  return std::nullopt;
}

std::optional<Price> ClusterSpec::price(const Catalog& catalog, PartId part, Millimetres sold) const {
  if (prices.names(part)) {
    const auto* quoted = prices.find(part, sold);
    return quoted != nullptr && accepts(quoted->basis) ? std::optional(*quoted) : std::nullopt;
  }
  const auto& known = catalog[part];
  if (!known.price || !accepts(known.price->basis)) return std::nullopt;
  return Price{known.price->value, known.price->basis, known.price_date};
}

std::vector<NamedFile> price_lists(const json::Value& document) {
  const json::Value* media = document.find("media");
  const json::Value* file = media != nullptr && media->kind == json::Kind::object ? media->find("prices") : nullptr;
  if (file == nullptr || file->kind != json::Kind::string || file->text.empty()) return {};
  return {{file->text, file->where}};
}

std::vector<NamedFile> link_lists(const json::Value& document) {
  std::vector<NamedFile> files;
  const json::Value* fabrics = document.find("fabrics");
  if (fabrics == nullptr || fabrics->kind != json::Kind::array) return files;
  for (const auto& fabric : fabrics->items) {
    const json::Value* topology = fabric.kind == json::Kind::object ? fabric.find("topology") : nullptr;
    const json::Value* file = topology != nullptr && topology->kind == json::Kind::object ? topology->find("csv") : nullptr;
    if (file != nullptr && file->kind == json::Kind::string) files.push_back({file->text, file->where});
  }
  return files;
}

std::vector<NamedFile> overlay_catalogs(const json::Value& document) {
  std::vector<NamedFile> files;
  const json::Value* list = document.find("catalogs");
  if (list == nullptr || list->kind != json::Kind::array) return files;
  for (const auto& item : list->items) {
    if (item.kind == json::Kind::string) files.push_back({item.text, item.where});
  }
  return files;
}

} // namespace icplan
