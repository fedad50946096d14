// SPDX-License-Identifier: Apache-2.0
// Reads racks, floor and node groups.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"
#include "words.hpp"

#include <algorithm>
#include <set>

namespace icplan {

using json::ObjectReader;

void SpecLoader::read_racks(ObjectReader& reader) {
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
    rack.pdus = item.integer("pdus", 0, 12).value_or(0);
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

void SpecLoader::read_halls(ObjectReader& floor) {
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
  if (!is_plain_name(to.hall)) {
    sink_.report(Code::unknown_word, to.hall_origin.of("name"),
                 "the hall is named " + shown_name(to.hall) + "; names are made of letters, digits, `-`, `_` and `.`",
                 "rack names are built from this one");
  }
  to.rows = hall.integer("rows", 1, 100'000);
  to.racks_per_row = hall.integer("racks_per_row", 1, 10'000).value_or(20);
  to.max_power = hall.quantity<Milliwatts>("max_power_kw", 6, 1, most_milliwatts * 1000);
  hall.finish();
}

void SpecLoader::read_floor(ObjectReader& reader) {
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

void SpecLoader::read_nics(ObjectReader& reader, NodeGroup& group) {
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
    if (!pcie && !replaced.pcie.empty()) defaulted(item.path() + ".pcie", replaced.pcie + ", the NIC's own; the node's slots are not checked");
    group.added_nics.emplace_back(*model, *count);
  }
}

void SpecLoader::read_node_group(const json::Value& value, std::size_t index) {
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
  if (!group.unit) defaulted(indexed("nodes", index) + ".unit", "what the leaves of a unit take, at most `count`");
  if (!group.nodes_per_rack) defaulted(indexed("nodes", index) + ".nodes_per_rack", "as many as the rack's limits allow");
  read_nics(reader, group);
  reader.finish();
  spec_.nodes.push_back(std::move(group));
}

void SpecLoader::read_nodes(ObjectReader& reader) {
  reader.require("nodes");
  const json::Value* list = reader.array("nodes");
  if (list == nullptr) return;
  if (list->items.empty()) sink_.report(Code::missing_key, list->where, "`nodes` is empty", "state at least one node group");
  if (too_many(*list, "nodes", most_groups)) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) read_node_group(list->items[i], i);
  add_pdus();
}

/// The PDUs of all racks are one group of devices; how many there are is known when racks stand.
void SpecLoader::add_pdus() {
  const auto first = std::find_if(spec_.racks.begin(), spec_.racks.end(), [](const RackSpec& rack) { return rack.pdus > 0; });
  if (first == spec_.racks.end()) return;
  const auto model = part_named("generic-pdu", first->origin.of("pdus"), PartKind::pdu);
  if (!model) return;
  NodeGroup group;
  group.name = "pdu";
  group.model = *model;
  group.rack = RackSpecId(0);
  group.pdus = true;
  group.ports = catalog_[*model].port_groups();
  group.origin.whole = first->origin.of("pdus");
  spec_.nodes.push_back(std::move(group));
}

} // namespace icplan
