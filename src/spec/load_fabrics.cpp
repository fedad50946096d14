// SPDX-License-Identifier: Apache-2.0
// Reads media policies and fabrics.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"
#include "words.hpp"

#include <algorithm>
#include <set>

namespace icplan {
namespace {

/// What only a fabric with switches of its own can state.
constexpr std::array<std::string_view, 15> switch_keys = {
    "topology",  "leaf",    "spine",       "core",      "tiers",         "planes",           "rails",         "homing",
    "pod_units", "uplinks", "uplink_gbps", "uplink_to", "expandable_to", "oversubscription", "reserved_ports"};

bool is_clos(Topology topology) {
  return topology == Topology::fat_tree || topology == Topology::rail_optimized || topology == Topology::rail_only ||
         topology == Topology::multi_plane || topology == Topology::dual_tor;
}

/// The port groups that a fabric takes unless `attach` says otherwise.
std::vector<std::string_view> default_ports(std::string_view fabric) {
  if (fabric == "storage" || fabric == "in-band") return {fabric};
  if (fabric == "oob") return {"bmc", "mgmt"};
  return {"compute"};
}

} // namespace

using json::ObjectReader;

void SpecLoader::read_price_file(ObjectReader& media) {
  const auto path = media.string("prices");
  if (path && path->empty())
    sink_.report(Code::out_of_range, media.any("prices")->where, "`prices` is empty", "write the path of a CSV file, or leave the key out");
  spec_.price_file = path.value_or("");
}

/// A misspelt maker would be ignored, and other parts bought.
void SpecLoader::check_vendors(const MediaPolicy& media) {
  std::set<std::string_view> makers;
  for (const auto id : catalog_.sorted()) makers.insert(catalog_[id].manufacturer);
  const std::vector<std::string_view> known(makers.begin(), makers.end());
  for (const auto& vendor : media.vendors) {
    const bool found = std::any_of(known.begin(), known.end(), [&](std::string_view maker) { return same_maker(maker, vendor); });
    if (found) continue;
    const auto nearest = closest_word(vendor, known);
    sink_.report(Code::unknown_name, media.origin.of("vendors"), "no part of the catalogs is made by " + shown_name(vendor),
                 nearest ? "did you mean " + quoted(*nearest) + "?" : "the makers are " + quoted_list(known));
  }
}

void SpecLoader::read_media(ObjectReader& reader, std::string_view key, MediaPolicy& media, bool top) {
  const json::Value* value = reader.object(key);
  if (value == nullptr) {
    if (top) defaulted("media", "DAC below 7 m, AOC up to 100 m, modules above, makers by name, escalation on, generic parts allowed, no spares");
    return;
  }
  media.origin = origin_of(*value);
  ObjectReader item(*value, reader.path().empty() ? "media" : reader.path() + ".media", sink_);
  if (const auto below = item.quantity<Millimetres>("dac_below_m", 3, 0, 100'000'000)) media.dac_below = *below;
  if (const auto up_to = item.quantity<Millimetres>("aoc_up_to_m", 3, 0, 100'000'000)) media.aoc_up_to = *up_to;
  if (top && item.any("dac_below_m") == nullptr) defaulted("media.dac_below_m", "7");
  if (top && item.any("aoc_up_to_m") == nullptr) defaulted("media.aoc_up_to_m", "100");
  if (top && item.any("vendors") == nullptr) defaulted("media.vendors", "makers by name");
  if (top && item.any("escalate") == nullptr) defaulted("media.escalate", "true");
  if (top && item.any("orderable_only") == nullptr) defaulted("media.orderable_only", "false");
  if (top && item.any("spares_percent") == nullptr && item.any("spares") == nullptr) defaulted("media.spares_percent", "0 of every kind");
  if (item.any("vendors") != nullptr) {
    media.vendors = item.strings("vendors");
    check_vendors(media);
  }
  if (const auto escalate = item.boolean("escalate")) media.escalate = *escalate;
  if (const auto only = item.boolean("orderable_only")) media.orderable_only = *only;
  read_media_choice(item, media);
  if (top) read_spares(item);
  if (top) item.ignore("extras");
  if (top) read_price_file(item);
  if (top) read_lengths(item);
  item.finish();
}

void SpecLoader::read_oversubscription(ObjectReader& reader, FabricSpec& fabric) {
  constexpr std::int64_t one = 1'000'000;
  const json::Value* value = reader.any("oversubscription");
  if (value == nullptr) {
    if (!fabric.origin.states("on")) defaulted(reader.path() + ".oversubscription", "1");
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

void SpecLoader::read_models(ObjectReader& reader, FabricSpec& fabric) {
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

void SpecLoader::read_reserved(ObjectReader& reader, FabricSpec& fabric) {
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
    if (!is_printable(reserved.purpose)) {
      sink_.report(Code::unknown_word, reserved.origin.of("for"), "`for` holds control characters", "leave them out");
    }
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

std::optional<NodeGroupId> SpecLoader::group_named(const json::Value& value) {
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

void SpecLoader::attach_defaults(FabricSpec& fabric) {
  std::string taken;
  for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
    if (spec_.nodes[i].pdus) continue;
    for (const auto name : default_ports(fabric.name)) {
      const auto at = spec_.nodes[i].port_group(name);
      if (!at) continue;
      if (const auto& ports = spec_.nodes[i].ports[*at]; !ports.form || ports.modes.empty()) {
        sink_.report(Code::ports_not_usable, spec_.nodes[i].origin.of("model"),
                     "fabric " + quoted(fabric.name) + " leaves out the " + quoted(name) + " ports of group " + quoted(spec_.nodes[i].name) +
                         ": the catalog does not know their " + (ports.form ? "speeds" : "form"),
                     "state them with `nics`, or in an overlay catalog");
        continue;
      }
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

void SpecLoader::attach_pdus(Attachment attachment, FabricSpec& fabric) {
  const auto pdus = std::find_if(spec_.nodes.begin(), spec_.nodes.end(), [](const NodeGroup& group) { return group.pdus; });
  if (pdus == spec_.nodes.end()) {
    sink_.report(Code::unknown_name, attachment.origin.of("devices"), "fabric " + quoted(fabric.name) + " attaches PDUs, but no rack has any",
                 "state `pdus` in `racks`: how many stand in one rack");
    return;
  }
  attachment.group = NodeGroupId(static_cast<std::uint32_t>(pdus - spec_.nodes.begin()));
  attachment.port_group = pdus->port_group("mgmt").value_or(0);
  fabric.attach.push_back(std::move(attachment));
}

/// `{ "devices": "switches" }`: the management ports of all switches of the other fabrics; `"pdus"`: those of the PDUs of all racks.
void SpecLoader::read_device_attachment(ObjectReader& reader, Attachment attachment, FabricSpec& fabric) {
  const auto devices = reader.string("devices");
  const auto ports = reader.string("ports").value_or("mgmt");
  attachment.speed = reader.quantity<Mbps>("speed_gbps", 3, 1, 100'000'000);
  attachment.breakout = reader.integer("breakout", 1, 16).value_or(1);
  if (reader.any("group") != nullptr) {
    sink_.report(Code::conflicting_values, attachment.origin.of("group"), "an attachment names either a `group` or `devices`",
                 "leave one of them out");
  }
  reader.finish();
  if (!devices) return;
  if (*devices == "pdus" && ports == "mgmt") {
    attach_pdus(attachment, fabric);
  } else if (*devices != "switches" && *devices != "pdus") {
    sink_.report(Code::unknown_word, attachment.origin.of("devices"), "`devices` is " + shown_name(*devices) + ", which is not known",
                 "use `switches` or `pdus`");
  } else if (ports != "mgmt") {
    sink_.report(Code::no_such_ports, attachment.origin.of("ports"), *devices + " attach by their `mgmt` ports, not by " + shown_name(ports),
                 "leave `ports` out");
  } else {
    attachment.devices = AttachedDevices::switches;
    fabric.attach.push_back(std::move(attachment));
  }
}

void SpecLoader::read_attachment(const json::Value& value, const std::string& path, FabricSpec& fabric) {
  ObjectReader reader(value, path, sink_);
  if (!reader.is_object()) return;
  Attachment attachment;
  attachment.origin = origin_of(value);
  if (reader.any("devices") != nullptr) {
    read_device_attachment(reader, attachment, fabric);
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
  const bool twice = std::any_of(fabric.attach.begin(), fabric.attach.end(), [&](const Attachment& other) {
    return other.devices == AttachedDevices::nodes && other.group == attachment.group && other.port_group == attachment.port_group;
  });
  if (twice) {
    sink_.report(Code::ports_used_twice, attachment.origin.whole,
                 "fabric " + quoted(fabric.name) + " attaches the " + quoted(ports) + " ports of group " + quoted(*name) + " twice",
                 "state one attachment with the whole `count`");
    return;
  }
  fabric.attach.push_back(std::move(attachment));
}

void SpecLoader::read_attachments(ObjectReader& reader, FabricSpec& fabric) {
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

/// A fabric that is `on` another one has no switches: what describes switches contradicts it.
void SpecLoader::refuse_own_switches(const FabricSpec& fabric) {
  for (const auto key : switch_keys) {
    if (!fabric.origin.states(key)) continue;
    sink_.report(Code::conflicting_values, fabric.origin.of(key),
                 "fabric " + quoted(fabric.name) + " is `on` another one and has no switches of its own, but states " + quoted(key),
                 "state it on the fabric that has the switches, or leave `on` out");
  }
}

void SpecLoader::read_fabric(const json::Value& value, std::size_t index) {
  ObjectReader reader(value, indexed("fabrics", index), sink_);
  if (!reader.is_object()) return;
  FabricSpec fabric;
  fabric.origin = origin_of(value);
  fabric.name = reader.string("name").value_or("compute");
  if (reader.any("name") == nullptr) defaulted(reader.path() + ".name", "compute");
  auto& names = fabric_names_.emplace_back();
  for (const auto key : {"on", "uplink_to"}) {
    if (auto other = reader.string(key)) names.emplace_back(key, std::move(*other));
  }
  read_topology(reader, fabric);
  if (fabric.origin.states("on")) {
    refuse_own_switches(fabric);
    for (const auto key : switch_keys) reader.ignore(key);
  } else {
    reader.require("topology");
    read_models(reader, fabric);
  }
  read_external(reader, fabric);
  fabric.expandable_to = reader.integer("expandable_to", 1, most_nodes);
  fabric.tiers = reader.integer("tiers", 1, static_cast<std::int64_t>(max_tiers));
  fabric.planes = reader.integer("planes", 1, 64).value_or(fabric.topology == Topology::dual_tor ? 2 : 1);
  fabric.rails = reader.integer("rails", 1, 1024);
  fabric.homing = reader.integer("homing", 1, 64);
  fabric.pod_units = reader.integer("pod_units", 1, most_nodes);
  fabric.uplinks = reader.enumeration<UplinkSizing>("uplinks", uplink_words).value_or(UplinkSizing::unit);
  fabric.port_speed = reader.quantity<Mbps>("port_speed_gbps", 3, 1, 100'000'000);
  fabric.uplink_speed = reader.quantity<Mbps>("uplink_gbps", 3, 1, 100'000'000);
  read_oversubscription(reader, fabric);
  read_reserved(reader, fabric);
  if (fabric.options.backup > 0) fabric.reserved.push_back({fabric.options.backup, true, "backup", fabric.options.origin});
  if (is_clos(fabric.topology) && !fabric.origin.states("on")) {
    for (const auto& [key, usual] : {std::pair<std::string_view, std::string_view>{"uplinks", "unit"},
                                     {"planes", fabric.topology == Topology::dual_tor ? "2" : "1"},
                                     {"spine", "the leaf's model"},
                                     {"core", "the spine's model"}}) {
      if (reader.any(key) == nullptr && (key != "planes" || fabric.topology != Topology::multi_plane))
        defaulted(reader.path() + "." + std::string(key), std::string(usual));
    }
  }
  fabric.hall = read_hall(reader);
  fabric.rows = read_rows(reader, fabric.hall);
  fabric.rack = read_rack_name(reader).value_or(RackSpecId(0));
  fabric.switches = reader.enumeration<SwitchPlacement>("switches", placement_words).value_or(switches_);
  fabric.media = media_;
  read_media(reader, "media", fabric.media, false);
  read_attachments(reader, fabric);
  // In units of the model that the group names.
  if (fabric.expandable_to && !fabric.attach.empty() && fabric.attach.front().devices == AttachedDevices::nodes)
    *fabric.expandable_to *= spec_.nodes[fabric.attach.front().group.index()].per_product;
  default_planes(reader, fabric);
  reader.finish();
  spec_.fabrics.push_back(std::move(fabric));
}

/// A multi-plane fabric has one plane for each NIC of its first node group, unless the spec says otherwise.
void SpecLoader::default_planes(ObjectReader& reader, FabricSpec& fabric) {
  if (fabric.topology != Topology::multi_plane || reader.any("planes") != nullptr || fabric.attach.empty()) return;
  const auto& first = fabric.attach.front();
  if (first.devices != AttachedDevices::nodes) return;
  fabric.planes = std::clamp<std::int64_t>(spec_.nodes[first.group.index()].ports[first.port_group].nics, 1, 64);
  defaulted(reader.path() + ".planes", std::to_string(fabric.planes) + ", one for each NIC of a node");
}

void SpecLoader::read_fabrics(ObjectReader& reader) {
  reader.require("fabrics");
  const json::Value* list = reader.array("fabrics");
  if (list == nullptr) return;
  if (list->items.empty()) sink_.report(Code::missing_key, list->where, "`fabrics` is empty", "state at least one fabric");
  if (too_many(*list, "fabrics", most_fabrics)) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) read_fabric(list->items[i], i);
  resolve_fabrics();
}

} // namespace icplan
