// SPDX-License-Identifier: Apache-2.0
// Reads a cluster spec: types, names, parts and defaults, reporting every mistake in one go.
#include "icplan/spec/cluster_spec.hpp"

#include "base/utf8.hpp"
#include "icplan/base/text.hpp"
#include "icplan/json/object_reader.hpp"
#include "words.hpp"

#include <algorithm>
#include <set>

namespace icplan {
namespace {

using json::ObjectReader;

constexpr std::int64_t most_nodes = 1'000'000;
constexpr std::int64_t most_gpus = 4'000'000;
constexpr std::int64_t most_milliwatts = 1'000'000'000'000;
constexpr std::array<std::string_view, 5> node_port_groups = {"compute", "storage", "in-band", "bmc", "mgmt"};

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }
std::string indexed(std::string_view list, std::size_t i) { return std::string(list) + "[" + std::to_string(i) + "]"; }

/// A name that may be anything, shortened so that a message stays readable.
std::string shown_name(std::string_view name) {
  if (name.empty()) return "an empty string";
  const auto kept = utf8_prefix(name, 60);
  return quoted(std::string(kept) + (kept.size() < name.size() ? "..." : ""));
}

Origin origin_of(const json::Value& value) {
  Origin origin;
  origin.whole = value.where;
  if (value.kind == json::Kind::object) origin.whole.end = origin.whole.begin + 1;
  for (const auto& member : value.members) {
    if (member.value.kind != json::Kind::null) origin.members.emplace(member.name, member.value.where);
  }
  return origin;
}

class Loader {
public:
  Loader(const Catalog& catalog, Sink& sink) : catalog_(catalog), sink_(sink) {}

  std::optional<ClusterSpec> load(const json::Value& document);

private:
  void defaulted(const std::string& key, const std::string& value) { spec_.defaults.push_back(key + " = " + value); }
  void refuse(ObjectReader& reader, std::string_view key);
  std::optional<PartId> part(ObjectReader& reader, std::string_view key, PartKind kind);
  std::optional<PartId> part_named(const std::string& id, SourceRange where, PartKind kind);

  void read_accept(ObjectReader& reader);
  void read_racks(ObjectReader& reader);
  void read_floor(ObjectReader& reader);
  void read_halls(ObjectReader& floor);
  void read_nodes(ObjectReader& reader);
  void read_node_group(const json::Value& value, std::size_t index);
  void read_nics(ObjectReader& reader, NodeGroup& group);
  void read_media(ObjectReader& reader, std::string_view key, MediaPolicy& media, bool top);
  void read_spares(ObjectReader& media);
  void read_fabrics(ObjectReader& reader);
  void read_fabric(const json::Value& value, std::size_t index);
  void read_topology(ObjectReader& reader, FabricSpec& fabric);
  void read_oversubscription(ObjectReader& reader, FabricSpec& fabric);
  void read_models(ObjectReader& reader, FabricSpec& fabric);
  void read_reserved(ObjectReader& reader, FabricSpec& fabric);
  void read_attachments(ObjectReader& reader, FabricSpec& fabric);
  void read_attachment(const json::Value& value, const std::string& path, FabricSpec& fabric);
  void attach_defaults(FabricSpec& fabric);
  void read_limits(ObjectReader& reader);
  void read_expected(ObjectReader& reader);
  std::optional<NodeGroupId> group_named(const json::Value& value);
  void check_names();
  void check_size();

  const Catalog& catalog_;
  Sink& sink_;
  ClusterSpec spec_;
  MediaPolicy media_;
  SwitchPlacement switches_ = SwitchPlacement::central;
};

/// A documented key that this version cannot plan: refused, never ignored.
void Loader::refuse(ObjectReader& reader, std::string_view key) {
  const json::Value* value = reader.any(key);
  if (value == nullptr) return;
  sink_.report(Code::not_supported, value->where, quoted(key) + " is not supported by this version of icplan", "leave it out");
}

std::optional<PartId> Loader::part_named(const std::string& id, SourceRange where, PartKind kind) {
  const auto found = catalog_.find(id);
  const auto wanted = std::string(to_text(kind));
  if (!found) {
    const auto nearest = catalog_.nearest(id, kind);
    sink_.report(Code::unknown_part, where, "no " + wanted + " " + quoted(id) + " in the catalogs",
                 nearest ? "did you mean " + quoted(*nearest) + "?"
                         : "`icplan catalog list " + wanted + "` prints the known ones; add your own through `catalogs`");
    return std::nullopt;
  }
  if (catalog_[*found].kind != kind) {
    sink_.report(Code::wrong_part_kind, where, quoted(id) + " is a " + std::string(to_text(catalog_[*found].kind)) + ", not a " + wanted,
                 "`icplan catalog list " + wanted + "` prints the known ones");
    return std::nullopt;
  }
  return found;
}

std::optional<PartId> Loader::part(ObjectReader& reader, std::string_view key, PartKind kind) {
  const auto id = reader.string(key);
  if (!id) return std::nullopt;
  return part_named(*id, reader.any(key)->where, kind);
}

void Loader::read_accept(ObjectReader& reader) {
  for (const auto& word : reader.strings("accept")) {
    if (word == "unconfirmed") {
      spec_.accept.add(Basis::unconfirmed);
    } else if (word == "claim") {
      spec_.accept.add(Basis::claim);
    } else if (word != "datasheet" && word != "secondary" && word != "generic") {
      sink_.report(Code::unknown_word, reader.any("accept")->where, "`accept` holds " + quoted(word) + ", which is no basis",
                   "use `datasheet`, `secondary`, `generic`, `unconfirmed` or `claim`");
    }
  }
}

void Loader::read_racks(ObjectReader& reader) {
  const json::Value* list = reader.array("racks");
  if (list == nullptr || list->items.empty()) {
    RackSpec rack;
    rack.name = "default";
    rack.origin.whole = reader.value().where;
    rack.origin.whole.end = rack.origin.whole.begin + 1;
    if (const auto model = part_named("generic-48u-1200", rack.origin.whole, PartKind::rack)) {
      rack.model = *model;
      rack.max_units = catalog_[*model].as<RackFacts>()->rack_units;
    }
    spec_.racks.push_back(rack);
    defaulted("racks", "generic-48u-1200, no power limit");
    return;
  }
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    ObjectReader item(list->items[i], indexed("racks", i), sink_);
    if (!item.is_object()) continue;
    RackSpec rack;
    rack.origin = origin_of(list->items[i]);
    rack.name = item.string("name").value_or("rack");
    item.require("name");
    const auto model = part(item, "model", PartKind::rack);
    if (item.any("model") == nullptr) {
      rack.model = part_named("generic-48u-1200", rack.origin.whole, PartKind::rack).value_or(PartId());
      defaulted(indexed("racks", i) + ".model", "generic-48u-1200");
    } else if (model) {
      rack.model = *model;
    }
    rack.max_power = item.quantity<Milliwatts>("max_power_kw", 6, 1, most_milliwatts);
    rack.power_limit_stated = rack.max_power.has_value();
    const auto units = item.integer("max_units", 1, 200);
    refuse(item, "pdus");
    item.finish();
    if (rack.model.valid()) {
      const auto* facts = catalog_[rack.model].as<RackFacts>();
      rack.max_units = std::min(units.value_or(facts->rack_units), facts->rack_units);
      if (units && *units > facts->rack_units) {
        sink_.report(Code::conflicting_values, rack.origin.of("max_units"),
                     "`max_units` is " + std::to_string(*units) + ", but " + quoted(catalog_[rack.model].id) + " has " +
                         std::to_string(facts->rack_units) + " U",
                     "state at most " + std::to_string(facts->rack_units));
      }
      if (const auto limit = spec_.accepted(facts->max_power); limit && (!rack.max_power || *limit < *rack.max_power)) rack.max_power = limit;
    }
    spec_.racks.push_back(std::move(rack));
  }
}

void Loader::read_halls(ObjectReader& floor) {
  const json::Value* halls = floor.array("halls");
  if (halls == nullptr || halls->items.empty()) {
    defaulted("floor.halls", "one hall `A`, 20 racks per row, rows as needed");
    return;
  }
  if (halls->items.size() > 1) {
    sink_.report(Code::not_supported, halls->items[1].where, "more than one hall is not supported by this version of icplan",
                 "plan one hall at a time");
  }
  ObjectReader hall(halls->items[0], "floor.halls[0]", sink_);
  if (!hall.is_object()) return;
  auto& to = spec_.floor;
  to.hall_origin = origin_of(halls->items[0]);
  to.hall = hall.string("name").value_or("A");
  to.rows = hall.integer("rows", 1, 100'000);
  to.racks_per_row = hall.integer("racks_per_row", 1, 10'000).value_or(20);
  to.max_power = hall.quantity<Milliwatts>("max_power_kw", 6, 1, most_milliwatts * 1000);
  hall.finish();
}

void Loader::read_floor(ObjectReader& reader) {
  static const json::Value nothing;
  const json::Value* value = reader.object("floor");
  auto& to = spec_.floor;
  if (value == nullptr) {
    to.origin.whole = to.hall_origin.whole = {reader.value().where.file, reader.value().where.begin, reader.value().where.begin + 1};
    defaulted("floor", "one hall `A`, 20 racks per row, rows as needed, rack pitch 0.6 m, row pitch 3 m, tray at 2.6 m, 0.3 m at each side, 0.5 m "
                       "slack, switches central");
    return;
  }
  to.origin = to.hall_origin = origin_of(*value);
  ObjectReader floor(*value, "floor", sink_);
  read_halls(floor);
  const auto length = [&](std::string_view key, Millimetres& field, std::int64_t least, std::int64_t most) {
    if (const auto found = floor.quantity<Millimetres>(key, 3, least, most)) {
      field = *found;
    } else if (floor.any(key) == nullptr) {
      defaulted("floor." + std::string(key), decimal(field.count(), 3));
    }
  };
  length("rack_pitch_m", to.rack_pitch, 100, 100'000);
  length("row_pitch_m", to.row_pitch, 100, 1'000'000);
  length("tray_height_m", to.tray_height, 100, 100'000);
  length("side_m", to.side, 0, 100'000);
  length("slack_m", to.slack, 0, 1'000'000);
  if (const auto policy = floor.enumeration<SwitchPlacement>("switches", placement_words)) {
    switches_ = *policy;
  } else if (floor.any("switches") == nullptr) {
    defaulted("floor.switches", "central");
  }
  refuse(floor, "ducts");
  refuse(floor, "fixed");
  floor.finish();
}

void Loader::read_nics(ObjectReader& reader, NodeGroup& group) {
  const json::Value* list = reader.array("nics");
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    ObjectReader item(list->items[i], reader.path() + "." + indexed("nics", i), sink_);
    if (!item.is_object()) continue;
    const auto ports = item.string("ports");
    const auto model = part(item, "model", PartKind::nic);
    const auto count = item.integer("count", 1, 1024);
    const auto pcie = item.string("pcie");
    const bool complete = item.require_all({"ports", "model", "count"});
    item.finish();
    if (!complete || !ports || !model || !count) continue;
    if (std::find(node_port_groups.begin(), node_port_groups.end(), *ports) == node_port_groups.end()) {
      sink_.report(Code::unknown_word, list->items[i].find("ports")->where, "`ports` is " + quoted(*ports) + ", which is no port group of a node",
                   "use " + quoted_choice(node_port_groups));
      continue;
    }
    const auto& groups = catalog_[*model].port_groups();
    if (groups.empty() || !groups.front().form) {
      sink_.report(Code::no_such_ports, list->items[i].find("model")->where, "the catalog does not know the ports of " + quoted(catalog_[*model].id),
                   "state them in an overlay catalog, or choose another NIC");
      continue;
    }
    if (std::find(group.replaced_ports.begin(), group.replaced_ports.end(), *ports) != group.replaced_ports.end()) {
      sink_.report(Code::duplicate_name, list->items[i].find("ports")->where, "`nics` states the " + quoted(*ports) + " ports twice",
                   "state one NIC model for each port group");
      continue;
    }
    group.replaced_ports.push_back(*ports);
    PortGroup replaced = groups.front();
    replaced.name = *ports;
    replaced.cages *= *count;
    replaced.nics = *count;
    replaced.nic = catalog_[*model].id;
    replaced.pcie = pcie.value_or(catalog_[*model].as<NicFacts>()->pcie);
    if (const auto at = group.port_group(*ports)) {
      group.ports[*at] = replaced;
    } else {
      group.ports.push_back(replaced);
    }
    group.added_nics.emplace_back(*model, *count);
  }
}

void Loader::read_node_group(const json::Value& value, std::size_t index) {
  ObjectReader reader(value, indexed("nodes", index), sink_);
  if (!reader.is_object()) return;
  NodeGroup group;
  group.origin = origin_of(value);
  const auto name = reader.string("group");
  const auto model = part(reader, "model", PartKind::node);
  const auto count = reader.integer("count", 1, most_nodes);
  reader.require("model");
  reader.require("count");
  group.unit = reader.integer("unit", 1, most_nodes);
  group.nodes_per_rack = reader.integer("nodes_per_rack", 1, 200);
  if (const auto hall = reader.string("hall"); hall && *hall != spec_.floor.hall) {
    sink_.report(Code::unknown_name, group.origin.of("hall"), "no hall " + quoted(*hall) + " on the floor",
                 "the hall is " + quoted(spec_.floor.hall));
  }
  group.rack = RackSpecId(0);
  if (const auto rack = reader.string("rack")) {
    std::vector<std::string_view> names;
    for (const auto& known : spec_.racks) names.push_back(known.name);
    const auto found = std::find(names.begin(), names.end(), *rack);
    if (found == names.end()) {
      sink_.report(Code::unknown_name, group.origin.of("rack"), "no rack " + quoted(*rack) + " in `racks`",
                   names.empty() ? "add it to `racks`" : "use " + quoted_choice(names));
    } else {
      group.rack = RackSpecId(static_cast<std::uint32_t>(found - names.begin()));
    }
  }
  if (model) {
    const auto& part = catalog_[*model];
    group.model = *model;
    group.gpus = part.as<NodeFacts>()->gpus;
    group.ports = part.port_groups();
  }
  group.count = count.value_or(0);
  group.name = name.value_or(group.gpus > 0 || !model ? "gpu" : "node");
  if (!name) defaulted(indexed("nodes", index) + ".group", group.name);
  read_nics(reader, group);
  reader.finish();
  spec_.nodes.push_back(std::move(group));
}

void Loader::read_nodes(ObjectReader& reader) {
  reader.require("nodes");
  const json::Value* list = reader.array("nodes");
  if (list == nullptr) return;
  if (list->items.empty()) sink_.report(Code::missing_key, list->where, "`nodes` is empty", "state at least one node group");
  for (std::size_t i = 0; i < list->items.size(); ++i) read_node_group(list->items[i], i);
}

void Loader::read_spares(ObjectReader& media) {
  const json::Value* value = media.object("spares_percent");
  if (value == nullptr) return;
  ObjectReader reader(*value, "media.spares_percent", sink_);
  for (const auto kind : {"gpu", "node", "nic", "switch", "rack", "dac", "aoc", "module", "fibre", "utp"}) {
    if (const auto percent = reader.scaled(kind, 3, 0, 1'000'000)) spec_.spares.emplace(kind, *percent);
  }
  reader.finish();
}

void Loader::read_media(ObjectReader& reader, std::string_view key, MediaPolicy& media, bool top) {
  const json::Value* value = reader.object(key);
  if (value == nullptr) {
    if (top) defaulted("media", "DAC below 7 m, AOC up to 100 m, modules above, any vendor, escalation on");
    return;
  }
  media.origin = origin_of(*value);
  ObjectReader item(*value, reader.path().empty() ? "media" : reader.path() + ".media", sink_);
  if (const auto below = item.quantity<Millimetres>("dac_below_m", 3, 0, 100'000'000)) media.dac_below = *below;
  if (const auto up_to = item.quantity<Millimetres>("aoc_up_to_m", 3, 0, 100'000'000)) media.aoc_up_to = *up_to;
  if (top && item.any("dac_below_m") == nullptr) defaulted("media.dac_below_m", "7");
  if (top && item.any("aoc_up_to_m") == nullptr) defaulted("media.aoc_up_to_m", "100");
  if (item.any("vendors") != nullptr) media.vendors = item.strings("vendors");
  if (const auto escalate = item.boolean("escalate")) media.escalate = *escalate;
  if (const auto only = item.boolean("orderable_only")) media.orderable_only = *only;
  if (const auto policy = item.string("policy"); policy && *policy != "rule") {
    sink_.report(Code::not_supported, media.origin.of("policy"), "media policy " + quoted(*policy) + " is not supported by this version of icplan",
                 "leave it out: the policy is `rule`");
  }
  if (top) read_spares(item);
  refuse(item, "prices");
  refuse(item, "extras");
  item.finish();
}

void Loader::read_topology(ObjectReader& reader, FabricSpec& fabric) {
  static constexpr std::array<std::string_view, 10> later = {"collapsed-core", "rail-only",  "multi-plane", "dual-tor", "access",
                                                             "dragonfly",      "dragonfly+", "slim-fly",    "torus",    "explicit"};
  reader.require("topology");
  const json::Value* value = reader.any("topology");
  if (value == nullptr) return;
  const json::Value* word = value->kind == json::Kind::object ? value->find("kind") : value;
  if (value->kind == json::Kind::object) {
    ObjectReader item(*value, reader.path() + ".topology", sink_);
    item.require("kind");
    item.ignore("kind");
    if (word == nullptr || std::find(later.begin(), later.end(), word->text) == later.end()) item.finish();
  }
  if (word == nullptr) return;
  std::vector<std::string_view> known;
  for (const auto& entry : topology_words) known.push_back(entry.text);
  if (word->kind != json::Kind::string) {
    sink_.report(Code::wrong_type, word->where, "`topology` must be a string or an object, found " + std::string(json::describe(word->kind)),
                 "use " + quoted_choice(known));
    return;
  }
  for (const auto& entry : topology_words) {
    if (entry.text != word->text) continue;
    fabric.topology = entry.value;
    return;
  }
  if (std::find(later.begin(), later.end(), word->text) != later.end()) {
    sink_.report(Code::not_supported, word->where, "topology " + quoted(word->text) + " is not supported by this version of icplan",
                 "use " + quoted_choice(known));
    return;
  }
  const auto nearest = closest_word(word->text, known);
  sink_.report(Code::unknown_word, word->where, "`topology` is " + quoted(word->text) + ", which is not known",
               nearest ? "did you mean " + quoted(*nearest) + "?" : "use " + quoted_choice(known));
}

void Loader::read_oversubscription(ObjectReader& reader, FabricSpec& fabric) {
  constexpr std::int64_t one = 1'000'000;
  const json::Value* value = reader.any("oversubscription");
  if (value == nullptr) {
    defaulted(reader.path() + ".oversubscription", "1");
    return;
  }
  if (value->kind == json::Kind::object) {
    ObjectReader item(*value, reader.path() + ".oversubscription", sink_);
    if (const auto leaf = item.scaled("leaf", 6, one / 100, one * 1000)) fabric.oversubscription[0] = Ratio::reduced(*leaf, one);
    if (const auto spine = item.scaled("spine", 6, one / 100, one * 1000)) fabric.oversubscription[1] = Ratio::reduced(*spine, one);
    item.finish();
  } else if (const auto both = reader.scaled("oversubscription", 6, one / 100, one * 1000)) {
    fabric.oversubscription.fill(Ratio::reduced(*both, one));
  }
}

void Loader::read_models(ObjectReader& reader, FabricSpec& fabric) {
  static constexpr std::array<std::string_view, max_tiers> tiers = {"leaf", "spine", "core"};
  reader.require("leaf");
  for (std::size_t tier = 0; tier < max_tiers; ++tier) {
    const auto model = part(reader, tiers[tier], PartKind::switch_);
    if (model) {
      fabric.models[tier] = *model;
    } else if (tier > 0 && reader.any(tiers[tier]) == nullptr) {
      fabric.models[tier] = fabric.models[tier - 1];
    }
  }
}

void Loader::read_reserved(ObjectReader& reader, FabricSpec& fabric) {
  const json::Value* list = reader.array("reserved_ports");
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    ObjectReader item(list->items[i], reader.path() + "." + indexed("reserved_ports", i), sink_);
    if (!item.is_object()) continue;
    ReservedPorts reserved;
    reserved.origin = origin_of(list->items[i]);
    const auto tier = item.string("tier").value_or("leaf");
    const auto total = item.integer("count", 1, 1'000'000);
    const auto each = item.integer("per_switch", 1, 100'000);
    reserved.purpose = item.string("for").value_or("");
    item.finish();
    if (tier != "leaf") {
      const bool known = tier == "spine" || tier == "core";
      sink_.report(known ? Code::not_supported : Code::unknown_word, reserved.origin.of("tier"),
                   known ? "ports reserved on tier " + quoted(tier) + " are not supported by this version of icplan"
                         : "`tier` is " + quoted(tier) + ", which is no tier",
                   "use `leaf`");
      continue;
    }
    if (total.has_value() == each.has_value()) {
      if (item.any("count") == nullptr || item.any("per_switch") != nullptr) {
        sink_.report(Code::conflicting_values, reserved.origin.whole, quoted(item.path()) + " needs either `count` or `per_switch`",
                     "`count` is the total over the tier, `per_switch` that of each leaf");
      }
      continue;
    }
    reserved.count = total ? *total : *each;
    reserved.per_switch = each.has_value();
    fabric.reserved.push_back(std::move(reserved));
  }
}

std::optional<NodeGroupId> Loader::group_named(const json::Value& value) {
  std::vector<std::string_view> names;
  for (const auto& group : spec_.nodes) names.push_back(group.name);
  const auto found = std::find(names.begin(), names.end(), value.text);
  if (found != names.end()) return NodeGroupId(static_cast<std::uint32_t>(found - names.begin()));
  const auto nearest = closest_word(value.text, names);
  sink_.report(Code::unknown_name, value.where, "no node group " + quoted(value.text) + " in `nodes`",
               nearest         ? "did you mean " + quoted(*nearest) + "?"
               : names.empty() ? "add it to `nodes`"
                               : "use " + quoted_choice(names));
  return std::nullopt;
}

/// The port groups that a fabric takes unless `attach` says otherwise.
std::vector<std::string_view> default_ports(std::string_view fabric) {
  if (fabric == "storage" || fabric == "in-band") return {fabric};
  if (fabric == "oob") return {"bmc", "mgmt"};
  return {"compute"};
}

void Loader::attach_defaults(FabricSpec& fabric) {
  std::string taken;
  for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
    for (const auto name : default_ports(fabric.name)) {
      const auto at = spec_.nodes[i].port_group(name);
      if (!at || !spec_.nodes[i].ports[*at].form) continue;
      Attachment attachment;
      attachment.group = NodeGroupId(static_cast<std::uint32_t>(i));
      attachment.port_group = *at;
      attachment.origin.whole = fabric.origin.whole;
      fabric.attach.push_back(std::move(attachment));
      taken += (taken.empty() ? "" : ", ") + spec_.nodes[i].name + " " + std::string(name);
    }
  }
  if (!fabric.attach.empty()) defaulted("fabrics." + fabric.name + ".attach", taken);
}

void Loader::read_attachment(const json::Value& value, const std::string& path, FabricSpec& fabric) {
  ObjectReader reader(value, path, sink_);
  if (!reader.is_object()) return;
  Attachment attachment;
  attachment.origin = origin_of(value);
  if (const json::Value* devices = reader.any("devices")) {
    sink_.report(Code::not_supported, devices->where, "attaching switches or PDUs is not supported by this version of icplan", "attach node groups");
    for (const auto key : {"ports", "count", "speed_gbps", "breakout"}) reader.ignore(key);
    reader.finish();
    return;
  }
  const bool complete = reader.require("group");
  const auto name = reader.string("group");
  std::optional<NodeGroupId> group;
  if (name) group = group_named(*reader.any("group"));
  const auto fallback = default_ports(fabric.name).front();
  const auto ports = reader.string("ports").value_or(std::string(fallback));
  attachment.count = reader.integer("count", 1, 100'000);
  attachment.speed = reader.quantity<Mbps>("speed_gbps", 3, 1, 100'000'000);
  attachment.breakout = reader.integer("breakout", 1, 16).value_or(1);
  reader.finish();
  if (!complete || !group) return;
  attachment.group = *group;
  const auto at = spec_.nodes[group->index()].port_group(ports);
  if (!at) {
    std::vector<std::string_view> names;
    for (const auto& known : spec_.nodes[group->index()].ports) names.push_back(known.name);
    sink_.report(Code::no_such_ports, attachment.origin.of("ports"), "nodes of group " + quoted(*name) + " have no " + quoted(ports) + " ports",
                 names.empty() ? "attach another node group" : "use " + quoted_choice(names));
    return;
  }
  attachment.port_group = *at;
  fabric.attach.push_back(std::move(attachment));
}

void Loader::read_attachments(ObjectReader& reader, FabricSpec& fabric) {
  const json::Value* list = reader.array("attach");
  if (reader.any("attach") == nullptr) {
    attach_defaults(fabric);
    if (fabric.attach.empty() && !spec_.nodes.empty() &&
        std::all_of(spec_.nodes.begin(), spec_.nodes.end(), [](const auto& group) { return group.model.valid(); })) {
      sink_.report(Code::nothing_attached, fabric.origin.whole, "no node group has ports for fabric " + quoted(fabric.name),
                   "state `attach` with a `group` and its `ports`");
    }
    return;
  }
  if (list == nullptr) return;
  if (list->items.empty())
    sink_.report(Code::nothing_attached, list->where, "`attach` of fabric " + quoted(fabric.name) + " is empty", "leave it out to take the default");
  for (std::size_t i = 0; i < list->items.size(); ++i) read_attachment(list->items[i], reader.path() + "." + indexed("attach", i), fabric);
}

void Loader::read_fabric(const json::Value& value, std::size_t index) {
  ObjectReader reader(value, indexed("fabrics", index), sink_);
  if (!reader.is_object()) return;
  FabricSpec fabric;
  fabric.origin = origin_of(value);
  fabric.name = reader.string("name").value_or("compute");
  if (reader.any("name") == nullptr) defaulted(reader.path() + ".name", "compute");
  for (const auto key : {"on", "uplink_to", "external", "expandable_to"}) refuse(reader, key);
  read_topology(reader, fabric);
  read_models(reader, fabric);
  fabric.tiers = reader.integer("tiers", 1, static_cast<std::int64_t>(max_tiers));
  fabric.planes = reader.integer("planes", 1, 64).value_or(1);
  fabric.rails = reader.integer("rails", 1, 1024);
  fabric.homing = reader.integer("homing", 1, 64);
  fabric.pod_units = reader.integer("pod_units", 1, most_nodes);
  fabric.uplinks = reader.enumeration<UplinkSizing>("uplinks", uplink_words).value_or(UplinkSizing::unit);
  fabric.port_speed = reader.quantity<Mbps>("port_speed_gbps", 3, 1, 100'000'000);
  fabric.uplink_speed = reader.quantity<Mbps>("uplink_gbps", 3, 1, 100'000'000);
  read_oversubscription(reader, fabric);
  read_reserved(reader, fabric);
  if (const auto hall = reader.string("hall"); hall && *hall != spec_.floor.hall) {
    sink_.report(Code::unknown_name, fabric.origin.of("hall"), "no hall " + quoted(*hall) + " on the floor",
                 "the hall is " + quoted(spec_.floor.hall));
  }
  fabric.switches = reader.enumeration<SwitchPlacement>("switches", placement_words).value_or(switches_);
  fabric.media = media_;
  read_media(reader, "media", fabric.media, false);
  read_attachments(reader, fabric);
  reader.finish();
  spec_.fabrics.push_back(std::move(fabric));
}

void Loader::read_fabrics(ObjectReader& reader) {
  reader.require("fabrics");
  const json::Value* list = reader.array("fabrics");
  if (list == nullptr) return;
  if (list->items.empty()) sink_.report(Code::missing_key, list->where, "`fabrics` is empty", "state at least one fabric");
  for (std::size_t i = 0; i < list->items.size(); ++i) read_fabric(list->items[i], i);
}

void Loader::read_limits(ObjectReader& reader) {
  const json::Value* value = reader.object("limits");
  if (value == nullptr) return;
  ObjectReader item(*value, "limits", sink_);
  spec_.limits.origin = origin_of(*value);
  spec_.limits.max_rack_power = item.quantity<Milliwatts>("max_rack_power_kw", 6, 1, most_milliwatts);
  if (const auto most = item.scaled("max_oversubscription", 6, 1, 1'000'000'000))
    spec_.limits.max_oversubscription = Ratio::reduced(*most, 1'000'000);
  spec_.limits.min_per_gpu = item.quantity<Mbps>("min_gbps_per_gpu", 3, 1, 100'000'000);
  item.finish();
}

void Loader::read_expected(ObjectReader& reader) {
  const json::Value* value = reader.object("expected");
  if (value == nullptr) return;
  ObjectReader item(*value, "expected", sink_);
  for (const auto& member : value->members) {
    if (const auto count = item.integer(member.name, 0, 1'000'000'000'000)) spec_.expected.push_back({member.name, *count, member.name_where});
  }
  std::sort(spec_.expected.begin(), spec_.expected.end(), [](const auto& a, const auto& b) { return a.what < b.what; });
}

void Loader::check_names() {
  const auto check = [&](const auto& list, std::string_view what, std::string_view key) {
    std::set<std::string_view> seen;
    for (const auto& item : list) {
      if (seen.insert(item.name).second) continue;
      sink_.report(Code::duplicate_name, item.origin.of(key), "two " + std::string(what) + " are named " + quoted(item.name),
                   "give each its own " + quoted(key));
    }
  };
  check(spec_.nodes, "node groups", "group");
  check(spec_.fabrics, "fabrics", "name");
  check(spec_.racks, "racks", "name");
  const auto check_plain = [&](const auto& list, std::string_view key) {
    for (const auto& item : list) {
      const bool plain = !item.name.empty() && item.name.size() <= 64 && std::all_of(item.name.begin(), item.name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
      });
      if (!plain) {
        sink_.report(Code::unknown_word, item.origin.of(key),
                     shown_name(item.name) + " is no plain name: names are made of letters, digits, `-`, `_` and `.`, at most 64 of them",
                     "device and cable names are built from this one");
      }
    }
  };
  check_plain(spec_.nodes, "group");
  check_plain(spec_.fabrics, "name");
  check_plain(spec_.racks, "name");
}

void Loader::check_size() {
  std::int64_t gpus = 0;
  for (const auto& group : spec_.nodes) {
    gpus += std::max<std::int64_t>(group.gpus, 1) * group.count;
    if (gpus <= most_gpus) continue;
    sink_.report(Code::cluster_too_large, group.origin.of("count"),
                 "the nodes up to this group hold " + grouped(gpus) + " GPUs; icplan plans at most " + grouped(most_gpus), "split the cluster");
    return;
  }
}

std::optional<ClusterSpec> Loader::load(const json::Value& document) {
  const auto errors_before = sink_.errors();
  ObjectReader reader(document, "", sink_);
  if (!reader.is_object()) return std::nullopt;
  reader.ignore("$schema");
  static_cast<void>(reader.strings("catalogs"));
  if (const auto format = reader.string("format"); format && *format != "icplan.cluster/1") {
    sink_.report(Code::wrong_format, reader.any("format")->where, "the spec's `format` is " + quoted(*format) + ", not `icplan.cluster/1`",
                 "write \"format\": \"icplan.cluster/1\"");
  }
  spec_.name = reader.string("name").value_or("cluster");
  reader.require("name");
  read_accept(reader);
  read_racks(reader);
  read_floor(reader);
  read_media(reader, "media", media_, true);
  read_nodes(reader);
  read_fabrics(reader);
  read_limits(reader);
  read_expected(reader);
  refuse(reader, "names");
  refuse(reader, "workloads");
  reader.finish();
  check_names();
  check_size();
  if (sink_.errors() != errors_before) return std::nullopt;
  return std::move(spec_);
}

} // namespace

std::optional<ClusterSpec> load_spec(const json::Value& document, const Catalog& catalog, Sink& sink) { return Loader(catalog, sink).load(document); }

} // namespace icplan
