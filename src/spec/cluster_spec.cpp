// SPDX-License-Identifier: Apache-2.0
// Look-ups and spellings of the cluster spec.
#include "icplan/spec/cluster_spec.hpp"

#include "words.hpp"

namespace icplan {
std::string_view to_text(Topology topology) { return json::spelling(topology_words, topology); }
std::string_view to_text(SwitchPlacement placement) { return json::spelling(placement_words, placement); }
std::string_view to_text(UplinkSizing sizing) { return json::spelling(uplink_words, sizing); }

std::optional<std::size_t> NodeGroup::port_group(std::string_view wanted) const {
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (ports[i].name == wanted) return i;
  }
  return std::nullopt;
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
