// SPDX-License-Identifier: Apache-2.0
// Tells of devices, racks and parts of a plan, as sections and as JSON.
#include "icplan/report/explain.hpp"

#include "icplan/base/text.hpp"
#include "icplan/json/writer.hpp"
#include "report/explain_facts.hpp"
#include "report/figures.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::string part_line(const Plan& plan, PartId id) {
  const auto& part = plan.part(id);
  return part.id + " by " + part.manufacturer + (part.description.empty() ? "" : ": " + part.description);
}

std::string joined_names(const std::vector<std::string>& names, std::int64_t count) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return count > static_cast<std::int64_t>(names.size()) ? text + " ..." : text;
}

std::string sold_text(const ToldCables& cable) { return cable.sold.count() == 0 ? std::string() : decimal(cable.sold.count(), 3); }

/// Upright gear fills no units.
bool stands_upright(const Plan& plan, DeviceId device) { return plan.part(plan.network.group(device).part).kind == PartKind::pdu; }

/// ", U 1 to 8".
std::string units_text(const Plan& plan, DeviceId device) {
  const auto& place = plan.placement.devices[device.index()];
  if (stands_upright(plan, device)) return ", upright";
  return ", U " + grouped(place.unit) + (place.height > 1 ? " to " + grouped(place.unit + place.height - 1) : std::string());
}

std::vector<Section> device_sections(const Plan& plan, DeviceId device) {
  const auto facts = device_facts(plan, device);
  std::vector<Section> sections(5);
  sections[0].title = "Device " + facts.name;
  sections[0].lines = {facts.role, part_line(plan, facts.part), "draws " + facts.power};
  sections[1].title = "Why it is there";
  sections[1].lines = facts.why;
  sections[2].title = "Where it stands, and why there";
  sections[2].lines = {"rack " + plan.placement.rack_name(plan.spec.floor, facts.rack) + ": " + rack_spot(plan, facts.rack) +
                       units_text(plan, device)};
  for (const auto& reason : facts.why_there) sections[2].lines.push_back(reason);
  sections[3].title = "Ports";
  sections[3].table.columns = {{"ports", false}, {"count", true}, {"Gb/s", true}, {"use", false}};
  for (const auto& ports : facts.ports)
    sections[3].table.rows.push_back({ports.ports, grouped(ports.count), decimal(ports.speed.count(), 3), ports.use});
  sections[4].title = "Cables";
  sections[4].table.columns = {{"to", false}, {"class", false}, {"part", false}, {"sold at m", true}, {"cables", true}, {"names", false}};
  for (const auto& cable : facts.cables)
    sections[4].table.rows.push_back({cable.far, std::string(to_text(cable.media)), plan.part(cable.part).id, sold_text(cable), grouped(cable.cables),
                                      joined_names(cable.names, cable.cables)});
  if (!facts.cables.empty()) sections[4].notes.push_back("`icplan explain CABLE SPEC` says why a cable is what it is");
  std::erase_if(sections, [](const Section& section) { return section.lines.empty() && section.table.rows.empty(); });
  return sections;
}

/// What stands in a rack, from the top down.
std::vector<DeviceId> devices_in(const Plan& plan, RackId rack) {
  std::vector<DeviceId> devices;
  for (std::uint32_t d = 0; d < plan.placement.devices.size(); ++d) {
    if (plan.placement.devices[d].rack == rack) devices.push_back(DeviceId(d));
  }
  std::stable_sort(devices.begin(), devices.end(),
                   [&](DeviceId a, DeviceId b) { return plan.placement.devices[a.index()].unit > plan.placement.devices[b.index()].unit; });
  return devices;
}

std::vector<Section> rack_sections(const Plan& plan, RackId id) {
  const auto& rack = plan.placement.racks[id.index()];
  const auto& kind = plan.spec.racks[rack.spec.index()];
  std::vector<Section> sections(2);
  sections[0].title = "Rack " + plan.placement.rack_name(plan.spec.floor, id);
  sections[0].lines = {rack_spot(plan, id), "kind " + kind.name + ": " + part_line(plan, kind.model),
                       counted(rack.devices, "device", "devices") + ", " + grouped(rack.used_units) + " of " + grouped(kind.max_units) + " U",
                       rack_power_text(plan, id), "takes nothing more: " + std::string(closed_text(rack.closed))};
  if (rack.existing) sections[0].lines.emplace_back("in the house already: not bought");
  if (rack.pinned) sections[0].lines.emplace_back("its place was given: by `fixed` of the spec, or by the baseline");
  for (const auto& reason : plan.placement.reasons) sections[0].lines.push_back(reason);
  sections[1].title = "What stands in it";
  sections[1].table.columns = {{"U", true}, {"device", false}, {"part", false}, {"power", false}};
  for (const auto device : devices_in(plan, id)) {
    const auto& place = plan.placement.devices[device.index()];
    const auto facts = rack_power(plan.spec, plan.part(plan.network.group(device).part));
    sections[1].table.rows.push_back({stands_upright(plan, device) ? std::string() : grouped(place.unit), plan.network.device_name(device),
                                      plan.part(plan.network.group(device).part).id, facts.watts ? kilowatts_text(*facts.watts) : "not known"});
  }
  for (const auto& gear : plan.placement.gear) {
    if (gear.rack == id) sections[1].notes.push_back("U " + grouped(gear.unit) + ": " + (gear.purpose.empty() ? "other gear" : gear.purpose));
  }
  return sections;
}

std::vector<Section> part_sections(const Plan& plan, PartId id) {
  const auto& part = plan.part(id);
  std::vector<Section> sections(2);
  sections[0].title = "Part " + part.id;
  sections[0].lines = {std::string(to_text(part.kind)) + " by " + part.manufacturer + (part.description.empty() ? "" : ": " + part.description),
                       part.orderable ? "on sale" : "cannot be ordered",
                       "`icplan catalog show " + part.id + "` prints its figures and their sources"};
  sections[1].title = "In the bill of materials";
  sections[1].table.columns = {{"fabric", false}, {"length m", true}, {"quantity", true},
                               {"spares", true},  {"$ each", true},   {"comes inside", false}};
  for (const auto& row : plan.bom) {
    if (row.part != id) continue;
    const auto price = plan.unit_price(row);
    sections[1].table.rows.push_back({std::string(plan.fabric_name(row.fabric)), row.length.count() == 0 ? "" : decimal(row.length.count(), 3),
                                      grouped(row.quantity), grouped(row.spares), price ? fixed(price->amount.count(), 2) : "",
                                      row.included_in.valid() ? plan.part(row.included_in).id : std::string()});
  }
  return sections;
}

void write_texts(json::Writer& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key).begin_array();
  for (const auto& text : texts) out.string(text);
  out.end_array();
}

void write_place(json::Writer& out, const Plan& plan, RackId id) {
  const auto& rack = plan.placement.racks[id.index()];
  out.member("hall", plan.spec.floor.halls[rack.hall.index()].name).member("row", rack.row + 1).member("position", rack.position + 1);
}

void write_device(json::Writer& out, const Plan& plan, DeviceId device) {
  const auto facts = device_facts(plan, device);
  out.member("device", facts.name).member("role", facts.role).member("part", plan.part(facts.part).id);
  out.member("manufacturer", plan.part(facts.part).manufacturer)
      .member_decimal("power_w", facts.watts ? std::optional(facts.watts->count()) : std::nullopt, 3);
  out.member("power_basis", facts.power_basis).member("rack", plan.placement.rack_name(plan.spec.floor, facts.rack));
  write_place(out, plan, facts.rack);
  if (!stands_upright(plan, device)) out.member("u", facts.unit).member("height", facts.height);
  write_texts(out, "why", facts.why);
  write_texts(out, "why_there", facts.why_there);
  out.key("ports").begin_array();
  for (const auto& ports : facts.ports) {
    out.begin_object_row().member("ports", ports.ports).member("count", ports.count).member_decimal("gbps", ports.speed.count(), 3);
    out.member("use", ports.use).end_object();
  }
  out.end_array().key("cables").begin_array();
  for (const auto& cable : facts.cables) {
    out.begin_object().member("to", cable.far).member("class", to_text(cable.media)).member("part", plan.part(cable.part).id);
    out.member_decimal("sold_m", cable.sold.count() == 0 ? std::nullopt : std::optional(cable.sold.count()), 3).member("cables", cable.cables);
    write_texts(out, "first", cable.names);
    out.end_object();
  }
  out.end_array();
}

void write_rack(json::Writer& out, const Plan& plan, RackId id) {
  const auto& rack = plan.placement.racks[id.index()];
  const auto& kind = plan.spec.racks[rack.spec.index()];
  out.member("rack", plan.placement.rack_name(plan.spec.floor, id)).member("kind", kind.name).member("part", plan.part(kind.model).id);
  write_place(out, plan, id);
  out.member("used_units", rack.used_units).member("max_units", kind.max_units);
  out.member_decimal("power_max_w", known_total(rack.power, rack.unknown_power), 3);
  out.member_decimal("power_limit_w", kind.max_power ? std::optional(kind.max_power->count()) : std::nullopt, 3);
  out.member("closed_by", to_text(rack.closed)).member_bool("existing", rack.existing).member_bool("given", rack.pinned);
  write_texts(out, "why_there", plan.placement.reasons);
  out.key("devices").begin_array();
  for (const auto device : devices_in(plan, id)) {
    out.begin_object_row().member("device", plan.network.device_name(device)).member("part", plan.part(plan.network.group(device).part).id);
    if (!stands_upright(plan, device)) out.member("u", std::int64_t{plan.placement.devices[device.index()].unit});
    out.end_object();
  }
  out.end_array();
}

void write_part(json::Writer& out, const Plan& plan, PartId id) {
  const auto& part = plan.part(id);
  out.member("part", part.id).member("kind", to_text(part.kind)).member("manufacturer", part.manufacturer).member("description", part.description);
  out.member_bool("orderable", part.orderable);
  out.key("bom").begin_array();
  for (const auto& row : plan.bom) {
    if (row.part != id) continue;
    const auto price = plan.unit_price(row);
    out.begin_object_row().member("fabric", plan.fabric_name(row.fabric));
    out.member_decimal("length_m", row.length.count() == 0 ? std::nullopt : std::optional(row.length.count()), 3);
    out.member("quantity", row.quantity).member("spares", row.spares);
    out.member_decimal("unit_price_usd", price ? std::optional(price->amount.count()) : std::nullopt, 2);
    out.member("included_in", row.included_in.valid() ? std::string_view(plan.part(row.included_in).id) : std::string_view()).end_object();
  }
  out.end_array();
}

/// Calls `take` with the name and the object of everything that can be explained, until it returns true.
template <class Take> void each_object(const Plan& plan, const Take& take) {
  std::string name;
  for (const auto& group : plan.network.groups) {
    for (std::uint32_t n = 0; n < group.count; ++n) {
      name.clear();
      group.append_name(name, n);
      if (take(name, PlanObject{PlanObject::Kind::device, group.first.index() + n})) return;
    }
  }
  for (std::uint32_t r = 0; r < plan.placement.racks.size(); ++r) {
    if (take(plan.placement.rack_name(plan.spec.floor, RackId(r)), PlanObject{PlanObject::Kind::rack, r})) return;
  }
  for (const auto& row : plan.bom) {
    if (take(plan.part(row.part).id, PlanObject{PlanObject::Kind::part, row.part.index()})) return;
  }
}

} // namespace

std::optional<PlanObject> find_object(const Plan& plan, std::string_view name) {
  std::optional<PlanObject> found;
  each_object(plan, [&](const std::string& candidate, PlanObject object) {
    if (candidate == name) found = object;
    return found.has_value();
  });
  return found;
}

std::vector<std::string> nearest_objects(const Plan& plan, std::string_view name) {
  constexpr std::size_t most = 3;
  std::vector<std::string> names;
  each_object(plan, [&](const std::string& candidate, PlanObject) {
    names.push_back(candidate);
    return false;
  });
  std::vector<std::string_view> left(names.begin(), names.end());
  std::vector<std::string> nearest;
  while (nearest.size() < most) {
    const auto next = closest_word(name, left);
    if (!next) break;
    nearest.emplace_back(*next);
    std::erase(left, *next);
  }
  return nearest;
}

std::vector<Section> explain_object(const Plan& plan, PlanObject object) {
  switch (object.kind) {
  case PlanObject::Kind::device: return device_sections(plan, DeviceId(object.index));
  case PlanObject::Kind::rack: return rack_sections(plan, RackId(object.index));
  case PlanObject::Kind::part: break;
  }
  return part_sections(plan, PartId(object.index));
}

std::string explain_object_json(const Plan& plan, PlanObject object) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  switch (object.kind) {
  case PlanObject::Kind::device: write_device(out, plan, DeviceId(object.index)); break;
  case PlanObject::Kind::rack: write_rack(out, plan, RackId(object.index)); break;
  case PlanObject::Kind::part: write_part(out, plan, PartId(object.index)); break;
  }
  out.end_object();
  return text;
}

} // namespace icplan
