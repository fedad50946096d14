// SPDX-License-Identifier: Apache-2.0
// Names against the spec's patterns, and against each other: patterns are read again, device by device, from their text.
#include "check_plan.hpp"

#include <algorithm>
#include <map>

namespace icplan {
namespace {

/// Default names: ranges of numbers behind a prefix.
void check_ranges(const Plan& plan, Violations& violations) {
  std::map<std::string_view, std::vector<std::pair<std::uint64_t, std::uint64_t>>> numbers;
  for (const auto& group : plan.network.groups) {
    numbers[group.name_prefix].emplace_back(group.first_number, std::uint64_t{group.first_number} + group.count);
  }
  for (auto& [prefix, ranges] : numbers) {
    std::sort(ranges.begin(), ranges.end());
    for (std::size_t i = 1; i < ranges.size(); ++i) {
      if (ranges[i].first < ranges[i - 1].second) violations.add("devices share the name `", prefix, "` number ", ranges[i].first);
    }
  }
}

/// What fields of a pattern stand for on one device; a field that is not in it stands for some number.
using Fields = std::map<std::string, std::string, std::less<>>;

std::string_view tier_name(const Plan& plan, const DeviceGroup& group) {
  const auto& tiers = plan.network.fabrics[group.fabric.index()].tiers;
  for (const auto& tier : tiers) {
    if (tier.name == "router") return tier.name;
  }
  return group.tier == 1 ? "leaf" : group.tier == 2 ? "spine" : "core";
}

const NamePattern* pattern_of(const Plan& plan, const DeviceGroup& group) {
  const auto& names = plan.spec.names;
  const auto look = [](const NameRules::Choice& choice, const std::string& key) {
    const auto at = choice.find(key);
    return at == choice.end() ? nullptr : &at->second;
  };
  if (group.is_node()) {
    const auto& nodes = plan.spec.nodes[group.nodes.index()];
    if (nodes.pdus) return nullptr;
    const auto* own = look(names.node, nodes.name);
    return own != nullptr ? own : look(names.node, "");
  }
  const auto& fabric = plan.spec.fabrics[group.fabric.index()].name;
  const auto* own = look(names.switches, fabric + "/" + std::string(tier_name(plan, group)));
  if (own == nullptr) own = look(names.switches, fabric);
  return own != nullptr ? own : look(names.switches, "");
}

Fields fields_of(const Plan& plan, const DeviceGroup& group, std::uint32_t n, const std::string& pattern) {
  Fields fields;
  const auto number = std::int64_t{group.first_number} + n;
  fields["index"] = std::to_string(number);
  if (group.is_node()) {
    const auto& nodes = plan.spec.nodes[group.nodes.index()];
    const auto unit = nodes.unit.value_or(0);
    fields["group"] = nodes.name;
    fields["unit"] = unit > 0 ? std::to_string((number + unit - 1) / unit) : std::string();
    const bool by_unit = pattern.find("{unit") != std::string::npos;
    fields["n"] = !by_unit ? fields["index"] : std::to_string(number - (number - 1) / std::max<std::int64_t>(unit, 1) * unit);
    return fields;
  }
  fields["fabric"] = plan.spec.fabrics[group.fabric.index()].name;
  fields["tier"] = tier_name(plan, group);
  fields["plane"] = std::to_string(group.plane + 1);
  if (pattern.find("{unit") == std::string::npos && pattern.find("{pod") == std::string::npos) fields["n"] = fields["index"];
  return fields;
}

/// Whether `name` is what the pattern makes of the fields.
bool matches(const std::string& pattern, const Fields& fields, std::string_view name) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      if (at >= name.size() || name[at] != pattern[i]) return false;
      ++at;
      continue;
    }
    const auto end = pattern.find('}', i);
    auto field = pattern.substr(i + 1, end - i - 1);
    i = end;
    std::size_t width = 1;
    if (const auto colon = field.find(':'); colon != std::string::npos) {
      width = static_cast<std::size_t>(field.back() - '0');
      field.resize(colon);
    }
    const bool from_zero = field.size() > 2 && field.compare(field.size() - 2, 2, "-1") == 0;
    if (from_zero) field.resize(field.size() - 2);
    const auto known = fields.find(field);
    if (known == fields.end()) {
      // Which unit, rail or pod a switch belongs to is its topology's to say: any number will do.
      const auto begin = at;
      while (at < name.size() && name[at] >= '0' && name[at] <= '9') ++at;
      if (at == begin) return false;
      continue;
    }
    if (known->second.empty()) return false;
    auto value = from_zero ? std::to_string(std::stoll(known->second) - 1) : known->second;
    while (value.size() < width) value.insert(value.begin(), '0');
    if (name.substr(at, value.size()) != value) return false;
    at += value.size();
  }
  return at == name.size();
}

void check_all(const Plan& plan, Violations& violations) {
  std::vector<std::pair<std::string, std::uint32_t>> all;
  all.reserve(plan.network.devices());
  for (const auto& group : plan.network.groups) {
    const auto* pattern = pattern_of(plan, group);
    const bool loose = pattern != nullptr && pattern->text.find("{group") != std::string::npos && !group.is_node();
    for (std::uint32_t n = 0; n < group.count; ++n) {
      const auto device = group.first.next(n);
      auto name = plan.network.device_name(device);
      if (pattern != nullptr && !loose && !matches(pattern->text, fields_of(plan, group, n, pattern->text), name))
        violations.add("device `", name, "` is not named by the pattern `", pattern->text, "`");
      if (pattern == nullptr && name.compare(0, group.name_prefix.size(), group.name_prefix) != 0)
        violations.add("device `", name, "` is named by a pattern that the spec does not have");
      all.emplace_back(std::move(name), device.index());
    }
  }
  std::sort(all.begin(), all.end());
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].first == all[i - 1].first) violations.add("devices share the name `", all[i].first, "`");
  }
}

} // namespace

void check_names(const Plan& plan, Violations& violations) {
  const auto& names = plan.spec.names;
  const bool named =
      std::any_of(plan.network.groups.begin(), plan.network.groups.end(), [](const DeviceGroup& group) { return !group.name.empty(); });
  if (named || !names.node.empty() || !names.switches.empty()) {
    check_all(plan, violations);
  } else {
    check_ranges(plan, violations);
  }
  const auto& placed = plan.placement.racks;
  const bool stated = std::any_of(placed.begin(), placed.end(), [](const Rack& rack) { return !rack.name.empty(); });
  if (!plan.spec.floor.rack_names && !stated) return;
  std::vector<std::string> racks;
  for (std::uint32_t r = 0; r < plan.placement.racks.size(); ++r) racks.push_back(plan.placement.rack_name(plan.spec.floor, RackId(r)));
  std::sort(racks.begin(), racks.end());
  const auto twice = std::adjacent_find(racks.begin(), racks.end());
  if (twice != racks.end()) violations.add("two racks are named `", *twice, "`");
}

} // namespace icplan
