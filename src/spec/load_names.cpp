// SPDX-License-Identifier: Apache-2.0
// Reads `names`: the customer's patterns for devices, racks, cages, ports, cables and labels.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {

using json::ObjectReader;

std::optional<NamePattern> SpecLoader::name_pattern(const json::Value& value, const std::string& key, NameOf of) {
  if (value.kind != json::Kind::string) {
    sink_.report(Code::wrong_type, value.where, quoted(key) + " is " + std::string(json::describe(value.kind)) + ", not a string",
                 "write a pattern such as \"{device}\"");
    return std::nullopt;
  }
  return parse_name_pattern(value.text, key, of, value.where, sink_);
}

/// One pattern for all, or an object with a pattern for each of the keys that the spec knows.
void SpecLoader::read_name_choice(ObjectReader& names, std::string_view key, NameOf of, const std::vector<std::string_view>& known,
                                  NameRules::Choice& choice) {
  const json::Value* value = names.any(key);
  if (value == nullptr) return;
  const auto path = "names." + std::string(key);
  if (value->kind != json::Kind::object) {
    if (auto pattern = name_pattern(*value, path, of)) choice.emplace(std::string(), std::move(*pattern));
    return;
  }
  for (const auto& member : value->members) {
    if (std::find(known.begin(), known.end(), member.name) == known.end()) {
      const auto nearest = closest_word(member.name, known);
      sink_.report(Code::unknown_name, member.name_where,
                   "`" + path + "` has a pattern for " + shown_name(member.name) + ", which is not in this spec",
                   nearest ? "did you mean " + quoted(*nearest) + "?" : "use " + quoted_choice(known));
      continue;
    }
    if (member.value.kind == json::Kind::null) continue;
    if (auto pattern = name_pattern(member.value, path + "." + member.name, of)) choice.emplace(member.name, std::move(*pattern));
  }
}

void SpecLoader::read_names(ObjectReader& reader) {
  const json::Value* value = reader.object("names");
  if (value == nullptr) return;
  ObjectReader names(*value, "names", sink_);
  std::vector<std::string_view> groups;
  for (const auto& group : spec_.nodes) {
    if (!group.pdus) groups.push_back(group.name);
  }
  std::vector<std::string> tiers;
  for (const auto& fabric : spec_.fabrics) {
    if (fabric.on) continue;
    tiers.push_back(fabric.name);
    for (const auto tier : {"leaf", "spine", "core", "router"}) tiers.push_back(fabric.name + "/" + tier);
  }
  auto& rules = spec_.names;
  read_name_choice(names, "node", NameOf::node, groups, rules.node);
  read_name_choice(names, "switch", NameOf::switch_, {tiers.begin(), tiers.end()}, rules.switches);
  const std::vector<std::string_view> sockets = {"node",     "switch",    "node/compute", "node/storage",  "node/in-band",
                                                 "node/bmc", "node/mgmt", "switch/mgmt",  "switch/fabric", "switch/uplink"};
  read_name_choice(names, "cage", NameOf::cage, sockets, rules.cage);
  read_name_choice(names, "port", NameOf::port, sockets, rules.port);
  const auto one = [&](std::string_view key, NameOf of, std::optional<NamePattern>& pattern) {
    if (const auto* text = names.any(key)) pattern = name_pattern(*text, "names." + std::string(key), of);
  };
  one("rack", NameOf::rack, spec_.floor.rack_names);
  one("cable", NameOf::cable, rules.cable);
  one("label", NameOf::label, rules.label);
  names.finish();
}

} // namespace icplan
