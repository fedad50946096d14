// SPDX-License-Identifier: Apache-2.0
// Reads node groups.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"
#include "words.hpp"

#include <algorithm>
#include <set>

namespace icplan {

using json::ObjectReader;

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

/// A rack product becomes its nodes, in a kind of rack of its own; `count` and `unit` are in racks.
void SpecLoader::take_product(NodeGroup& group) {
  const auto& product = catalog_[group.model];
  const auto& facts = *product.as<NodeFacts>();
  for (const std::string_view key : {"nodes_per_rack", "rack"}) {
    if (!group.origin.states(key)) continue;
    sink_.report(Code::conflicting_values, group.origin.of(key),
                 quoted(product.id) + " is a rack with " + counted(facts.contained, "node", "nodes") + ", but the spec states " + quoted(key),
                 "leave it out: the product fills its rack");
  }
  const auto inner = catalog_.find(facts.contains);
  const auto rack = catalog_.find(facts.rack);
  if (!inner || !rack || catalog_[*rack].as<RackFacts>() == nullptr || catalog_[*inner].as<NodeFacts>() == nullptr) {
    sink_.report(Code::unknown_part, group.origin.of("model"), "the catalog does not know the rack that " + quoted(product.id) + " comes in",
                 "state `rack` in an overlay catalog, or plan its nodes " + quoted(facts.contains));
    return;
  }
  group.product = group.model;
  group.per_product = facts.contained;
  group.model = *inner;
  group.gpus = catalog_[*inner].as<NodeFacts>()->gpus;
  group.ports = catalog_[*inner].port_groups();
  group.count *= facts.contained;
  if (group.unit) *group.unit *= facts.contained;
  group.nodes_per_rack = facts.contained;
  defaulted("nodes of `" + product.id + "`", grouped(facts.contained) + " x " + facts.contains + " a rack, from unit 1 up");
  const auto known = std::find_if(spec_.racks.begin(), spec_.racks.end(), [&](const RackSpec& kind) { return kind.product == group.product; });
  group.rack = RackSpecId(static_cast<std::uint32_t>(known - spec_.racks.begin()));
  if (known != spec_.racks.end()) return;
  RackSpec kind;
  kind.name = product.id;
  kind.model = *rack;
  kind.product = group.product;
  kind.max_units = catalog_[*rack].as<RackFacts>()->rack_units;
  kind.origin = group.origin;
  spec_.racks.push_back(std::move(kind));
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
  group.hall = read_hall(reader);
  group.rows = read_rows(reader, group.hall);
  group.rack = read_rack_name(reader).value_or(RackSpecId(0));
  if (model) {
    const auto& part = catalog_[*model];
    group.model = *model;
    group.gpus = part.as<NodeFacts>()->gpus;
    group.ports = part.port_groups();
  }
  group.count = count.value_or(0);
  if (model && !catalog_[*model].as<NodeFacts>()->contains.empty()) take_product(group);
  group.name = name.value_or(group.gpus > 0 || !model ? "gpu" : "node");
  if (!name) defaulted(indexed("nodes", index) + ".group", group.name);
  if (!group.unit) defaulted(indexed("nodes", index) + ".unit", "what the leaves of a unit take, at most `count`");
  if (!group.nodes_per_rack && !group.product.valid()) defaulted(indexed("nodes", index) + ".nodes_per_rack", "as many as the rack's limits allow");
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
