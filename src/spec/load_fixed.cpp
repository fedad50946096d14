// SPDX-License-Identifier: Apache-2.0
// Reads racks that stand at stated places, and what stands in them.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <map>

namespace icplan {

using json::ObjectReader;

namespace {

constexpr std::size_t most_fixed = 100'000;

} // namespace

/// "compute/leaf": a fabric with switches of its own and one of its tiers.
bool SpecLoader::read_fixed_switch(ObjectReader& item, const std::string& name, FixedContent& content) {
  static constexpr std::array<std::string_view, 3> tiers = {"leaf", "spine", "core"};
  const auto where = item.any("switch")->where;
  const auto slash = name.find('/');
  const auto fabric = name.substr(0, slash);
  const auto tier = slash == std::string::npos ? std::string("leaf") : name.substr(slash + 1);
  std::vector<std::string_view> known;
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    if (spec_.fabrics[f].on) continue;
    known.push_back(spec_.fabrics[f].name);
    if (spec_.fabrics[f].name == fabric) content.fabric = FabricId(static_cast<std::uint32_t>(f));
  }
  if (!content.fabric.valid()) {
    const auto nearest = closest_word(fabric, known);
    sink_.report(Code::unknown_name, where, "no fabric " + shown_name(fabric) + " with switches of its own",
                 nearest ? "did you mean " + quoted(*nearest) + "?" : "write a fabric and a tier, such as `compute/leaf`");
    return false;
  }
  const auto at = std::find(tiers.begin(), tiers.end(), tier);
  content.tier = tier == "router" ? 1 : at - tiers.begin() + 1;
  if (tier != "router" && at == tiers.end()) {
    sink_.report(Code::unknown_name, where, shown_name(tier) + " is no tier", "use `leaf`, `spine`, `core` or `router`");
    return false;
  }
  return true;
}

void SpecLoader::read_content(const json::Value& value, const std::string& path, FixedRack& rack) {
  ObjectReader item(value, path, sink_);
  if (!item.is_object()) return;
  FixedContent content;
  content.origin = origin_of(value);
  const auto unit = item.integer("u", 1, 200);
  const bool placed = item.require("u");
  const auto group = item.string("group");
  const auto box = item.string("switch");
  const auto index = item.integer("index", 0, most_nodes * 100);
  const auto height = item.integer("rack_units", 1, 200);
  const auto purpose = item.string("for");
  content.power = item.quantity<Milliwatts>("power_kw", 6, 0, most_milliwatts);
  content.weight = item.quantity<Grams>("weight_kg", 3, 0, 1'000'000'000);
  content.unit = unit.value_or(1);
  content.index = index.value_or(0);
  bool good = placed && unit.has_value();
  if (group.has_value() + box.has_value() + height.has_value() != 1) {
    sink_.report(Code::conflicting_values, value.where, quoted(path) + " needs one of `group`, `switch` and `rack_units`",
                 "name a node by `group` and `index`, a switch by `switch` and `index`, or state the height of other gear");
    good = false;
  } else if (height) {
    content.height = *height;
    content.purpose = purpose.value_or("");
  } else {
    good = item.require("index") && index.has_value() && good;
    if (group) {
      const auto known = group_named(*item.any("group"));
      content.group = known.value_or(NodeGroupId());
      good = good && known.has_value();
      if (known && spec_.nodes[known->index()].product.valid()) {
        sink_.report(Code::conflicting_values, item.any("group")->where,
                     "nodes of group " + quoted(*group) + " come in racks of " + quoted(catalog_[spec_.nodes[known->index()].product].id) +
                         ", which they do not leave",
                     "plan " + quoted(catalog_[spec_.nodes[known->index()].model].id) + " nodes to place them one by one");
        good = false;
      }
    } else {
      good = read_fixed_switch(item, *box, content) && good;
    }
    for (const auto key : {"for", "power_kw", "weight_kg"}) {
      if (item.any(key) == nullptr) continue;
      sink_.report(Code::conflicting_values, item.any(key)->where, quoted(key) + " is for gear that the plan does not know",
                   "leave it out: the catalog has the device's figures");
    }
  }
  item.finish();
  if (good) rack.contents.push_back(std::move(content));
}

void SpecLoader::read_fixed_rack(const json::Value& value, std::size_t index) {
  ObjectReader item(value, indexed("floor.fixed", index), sink_);
  if (!item.is_object()) return;
  FixedRack rack;
  rack.origin = origin_of(value);
  rack.hall = read_hall(item);
  const auto& hall = spec_.floor.halls[rack.hall.index()];
  const auto row = item.integer("row", 1, hall.rows.value_or(100'000));
  const auto width = row ? hall.width(*row - 1) : 10'000;
  const auto position = item.integer("position", 1, width);
  const bool complete = item.require_all({"row", "position"});
  rack.name = item.string("name").value_or("");
  rack.rack = read_rack_name(item).value_or(RackSpecId(0));
  rack.existing = item.boolean("existing").value_or(false);
  const json::Value* contents = item.array("contents");
  rack.fill = item.boolean("fill").value_or(contents == nullptr);
  if (contents != nullptr && !too_many(*contents, "contents", 400)) {
    for (std::size_t i = 0; i < contents->items.size(); ++i) read_content(contents->items[i], item.path() + "." + indexed("contents", i), rack);
  }
  item.finish();
  if (!rack.name.empty() && !is_plain_name(rack.name)) {
    sink_.report(Code::unknown_word, rack.origin.of("name"),
                 shown_name(rack.name) + " is no plain name: names are made of letters, digits, `-`, `_` and `.`, at most 64 of them",
                 "cable rows and labels are built from this one");
  }
  if (!complete || !row || !position) return;
  rack.spot = {*row - 1, *position - 1};
  if (!hall.usable(rack.spot)) {
    sink_.report(Code::spot_taken, rack.origin.whole, "a fixed rack stands where hall " + quoted(hall.name) + " keeps row " + grouped(*row) +
                                                          ", position " + grouped(*position) + " free",
                 "correct `keep_out`, or move the rack");
  }
  spec_.floor.fixed.push_back(std::move(rack));
}

void SpecLoader::read_fixed() {
  if (fixed_ == nullptr || too_many(*fixed_, "fixed", most_fixed)) return;
  for (std::size_t i = 0; i < fixed_->items.size(); ++i) read_fixed_rack(fixed_->items[i], i);
  std::map<std::pair<HallId, FloorSpot>, std::size_t> spots;
  std::map<std::string_view, std::size_t> names;
  for (std::size_t i = 0; i < spec_.floor.fixed.size(); ++i) {
    const auto& rack = spec_.floor.fixed[i];
    if (!spots.emplace(std::pair(rack.hall, rack.spot), i).second) {
      sink_.report(Code::spot_taken, rack.origin.whole,
                   "two fixed racks stand in hall " + quoted(spec_.floor.halls[rack.hall.index()].name) + " at row " + grouped(rack.spot.row + 1) +
                       ", position " + grouped(rack.spot.position + 1),
                   "give each its own place");
    }
    if (rack.name.empty() || names.emplace(rack.name, i).second) continue;
    sink_.report(Code::duplicate_name, rack.origin.of("name"), "two fixed racks are named " + quoted(rack.name), "give each its own `name`");
  }
}

} // namespace icplan
