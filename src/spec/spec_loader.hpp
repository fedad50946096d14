// SPDX-License-Identifier: Apache-2.0
// Reads a cluster spec, part by part. Each part reports its own mistakes and goes on.
#pragma once

#include "base/utf8.hpp"
#include "icplan/json/csv.hpp"
#include "icplan/json/object_reader.hpp"
#include "icplan/spec/cluster_spec.hpp"
#include "icplan/spec/workload.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace icplan {

inline constexpr std::int64_t most_nodes = 1'000'000;
inline constexpr std::size_t most_groups = 1'000;
inline constexpr std::size_t most_fabrics = 100;
inline constexpr std::int64_t most_gpus = 4'000'000;
inline constexpr std::int64_t most_milliwatts = 1'000'000'000'000;
inline constexpr std::array<std::string_view, 5> node_port_groups = {"compute", "storage", "in-band", "bmc", "mgmt"};

inline std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }
inline std::string indexed(std::string_view list, std::size_t i) { return std::string(list) + "[" + std::to_string(i) + "]"; }

/// A name that may be anything, shortened so that a message stays readable.
inline std::string shown_name(std::string_view name) {
  if (name.empty()) return "an empty string";
  const auto kept = utf8_prefix(name, 60);
  return quoted(std::string(kept) + (kept.size() < name.size() ? "..." : ""));
}

/// Names of devices, racks and cables are built from these.
inline bool is_plain_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), plain);
}

inline Origin origin_of(const json::Value& value) {
  Origin origin;
  origin.whole = value.where;
  if (value.kind == json::Kind::object) origin.whole.end = origin.whole.begin + 1;
  for (const auto& member : value.members) {
    if (member.value.kind != json::Kind::null) origin.members.emplace(member.name, member.value.where);
  }
  return origin;
}

/// Collects one spec and everything wrong with it.
class SpecLoader {
public:
  SpecLoader(const Catalog& catalog, const SpecFiles& files, Sink& sink, std::string_view prices)
      : catalog_(catalog), files_(files), sink_(sink), prices_(prices) {}

  std::optional<ClusterSpec> load(const json::Value& document);

private:
  void defaulted(const std::string& key, const std::string& value) { spec_.defaults.push_back(key + " = " + value); }
  std::optional<PartId> part(json::ObjectReader& reader, std::string_view key, PartKind kind);
  std::optional<PartId> part_named(const std::string& id, SourceRange where, PartKind kind);

  bool too_many(const json::Value& list, std::string_view name, std::size_t most);
  void read_accept(json::ObjectReader& reader);
  void read_racks(json::ObjectReader& reader);
  void read_rack(const json::Value& value, std::size_t index);
  void read_rack_limits(json::ObjectReader& item, RackSpec& rack);
  void read_feeds(json::ObjectReader& item, RackSpec& rack);
  void read_floor(json::ObjectReader& reader);
  void read_tray(json::ObjectReader& floor);
  void read_halls(json::ObjectReader& floor);
  void read_hall_object(const json::Value& value, std::size_t index);
  void read_row_widths(json::ObjectReader& hall, HallSpec& to);
  void read_keep_out(json::ObjectReader& hall, HallSpec& to);
  void read_exit(json::ObjectReader& hall, HallSpec& to);
  void read_aisles(json::ObjectReader& hall, HallSpec& to);
  void read_ducts(json::ObjectReader& floor);
  void read_fixed();
  void read_fixed_rack(const json::Value& value, std::size_t index);
  void read_content(const json::Value& value, const std::string& path, FixedRack& rack);
  bool read_fixed_switch(json::ObjectReader& item, const std::string& name, FixedContent& content);
  /// The hall that the object names with `key`; the first one where it names none.
  HallId read_hall(json::ObjectReader& reader, std::string_view key = "hall");
  std::vector<std::int64_t> read_rows(json::ObjectReader& reader, HallId hall);
  std::optional<RackSpecId> read_rack_name(json::ObjectReader& reader);
  void read_nodes(json::ObjectReader& reader);
  void add_pdus();
  void read_node_group(const json::Value& value, std::size_t index);
  void take_product(NodeGroup& group);
  void read_nics(json::ObjectReader& reader, NodeGroup& group);
  void read_media(json::ObjectReader& reader, std::string_view key, MediaPolicy& media, bool top);
  void read_media_choice(json::ObjectReader& reader, MediaPolicy& media);
  void read_policy(json::ObjectReader& reader, MediaPolicy& media);
  void read_prefer(json::ObjectReader& reader, MediaPolicy& media);
  void read_stated_parts(json::ObjectReader& reader, MediaPolicy& media);
  void read_stated_part(const json::Value& value, const std::string& path, MediaPolicy& media);
  std::optional<PartId> media_part(const json::Value& value);
  void read_lengths(json::ObjectReader& media);
  void check_vendors(const MediaPolicy& media);
  void read_spares(json::ObjectReader& media);
  void read_extras(const json::Value& document);
  bool read_extra_subject(const std::string& per, SourceRange where, Extra& extra);
  void read_price_file(json::ObjectReader& media);
  void read_prices();
  void read_fabrics(json::ObjectReader& reader);
  void read_fabric(const json::Value& value, std::size_t index);
  void default_planes(json::ObjectReader& reader, FabricSpec& fabric);
  void refuse_own_switches(const FabricSpec& fabric);
  std::optional<Topology> topology_kind(const json::Value& value, const std::string& path);
  void read_topology(json::ObjectReader& reader, FabricSpec& fabric);
  void read_topology_options(json::ObjectReader& item, Topology topology, TopologyOptions& options);
  void read_dimensions(json::ObjectReader& item, TopologyOptions& options);
  void read_explicit(json::ObjectReader& item, TopologyOptions& options);
  void read_links(const json::Value& list, const std::string& path, TopologyOptions& options);
  void read_link_file(const std::string& path, SourceRange named, TopologyOptions& options);
  void read_link_row(const json::CsvReader& csv, const std::array<std::size_t, 7>& at, TopologyOptions& options);
  void read_external(json::ObjectReader& reader, FabricSpec& fabric);
  void resolve_fabrics();
  void check_managers();
  void check_uplink(const FabricSpec& fabric);
  void read_oversubscription(json::ObjectReader& reader, FabricSpec& fabric);
  void read_models(json::ObjectReader& reader, FabricSpec& fabric);
  void read_reserved(json::ObjectReader& reader, FabricSpec& fabric);
  void read_attachments(json::ObjectReader& reader, FabricSpec& fabric);
  void read_device_attachment(json::ObjectReader& reader, Attachment attachment, FabricSpec& fabric);
  void attach_pdus(Attachment attachment, FabricSpec& fabric);
  void read_attachment(const json::Value& value, const std::string& path, FabricSpec& fabric);
  void attach_defaults(FabricSpec& fabric);
  void read_limits(json::ObjectReader& reader);
  void read_failure_limit(json::ObjectReader& item, std::string_view key, int decimals, std::int64_t most,
                          std::map<FailureKind, std::int64_t>& limit);
  void read_expected(json::ObjectReader& reader);
  void read_workloads(json::ObjectReader& reader);
  void read_own_workload(const json::Value& value, const std::string& path);
  const CatalogEntry* workload_named(const std::string& id, SourceRange where);
  void name_workload(const std::string& id, SourceRange where);
  std::optional<NodeGroupId> group_named(const json::Value& value);
  void read_names(json::ObjectReader& reader);
  void read_name_choice(json::ObjectReader& names, std::string_view key, NameOf of, const std::vector<std::string_view>& known,
                        NameRules::Choice& choice);
  std::optional<NamePattern> name_pattern(const json::Value& value, const std::string& key, NameOf of);
  void check_expected();
  void check_names();
  bool refuse_disabled(PartId part, SourceRange where, const std::string& holder);
  void check_disabled();
  void check_attached();
  void check_size();

  const Catalog& catalog_;
  const SpecFiles& files_;
  Sink& sink_;
  /// The price list that takes the place of the spec's.
  std::string_view prices_;
  ClusterSpec spec_;
  MediaPolicy media_;
  /// By fabric: the fabrics that it names under `on` and `uplink_to`.
  std::vector<std::vector<std::pair<std::string, std::string>>> fabric_names_;
  SwitchPlacement switches_ = SwitchPlacement::central;
  /// The list of fixed racks, which name what is read later.
  const json::Value* fixed_ = nullptr;
  std::set<std::string> workload_names_;
};

} // namespace icplan
