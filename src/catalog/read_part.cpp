// SPDX-License-Identifier: Apache-2.0
// Reads one catalog entry, kind by kind.
#include "read_part.hpp"

#include "part_reading.hpp"

namespace icplan {
namespace {

using json::ObjectReader;

std::optional<PortMode> read_mode(const json::Value& value, const PortGroup& group, const std::string& path, Sink& sink) {
  ObjectReader reader(value, path, sink);
  if (!reader.is_object()) return std::nullopt;
  PortMode mode;
  const auto ports = reader.integer("ports", 1, 64);
  const auto speed = reader.quantity<Mbps>("gbps", 3, 1, 100'000'000);
  const auto lanes = reader.integer("lanes", 1, 64);
  mode.disables = reader.integer("disables", 0, 7).value_or(0);
  mode.protocols = read_set(reader, "protocols", protocol_words);
  const bool complete = reader.require_all({"ports", "gbps"});
  reader.finish();
  if (!complete || !ports || !speed) return std::nullopt;
  mode.ports = *ports;
  mode.speed = *speed;
  mode.lanes_per_port = lanes.value_or(std::max<std::int64_t>(group.lanes / mode.ports, 1));
  return mode;
}

std::optional<PortGroup> read_port_group(const Part& part, const json::Value& value, const std::string& path, Sink& sink) {
  ObjectReader reader(value, path, sink);
  if (!reader.is_object()) return std::nullopt;
  PortGroup group;
  group.name = reader.string("name").value_or("");
  group.nics = reader.integer("nics", 1, 1024).value_or(0);
  group.nic = reader.string("nic").value_or("");
  group.pcie = reader.string("pcie").value_or("");
  group.cages = reader.integer("cages", 1, 4096).value_or(0);
  group.form = reader.enumeration<Form>("form", form_words);
  group.top = reader.enumeration<Top>("top", top_words);
  group.lanes = reader.integer("lanes", 1, 64).value_or(0);
  group.lane_rate = reader.quantity<Mbps>("lane_gbps", 3, 1, 10'000'000);
  group.max_module_power =
      read_figure_at<Milliwatts>(part, reader, "max_module_power_w", "ports." + group.name + ".max_module_power_w", 3, most_part_milliwatts);
  std::vector<Picometres> wavelengths;
  const auto family = read_family(reader, wavelengths);
  const auto reach = reader.quantity<Millimetres>("reach_m", 3, 1, most_millimetres);
  const auto budget = reader.quantity<Millidecibels>("loss_budget_db", 3, 0, most_millidecibels);
  if (family) group.optics = PortOptics{*family, reach, budget};
  group.energy = read_figure_at<FemtojoulesPerBit>(part, reader, "pj_per_bit", "ports." + group.name + ".pj_per_bit", 3, most_femtojoules);
  reader.ignore("notes");
  group.protocols = read_set(reader, "protocols", protocol_words);
  if (const json::Value* modes = reader.array("modes")) {
    for (std::size_t i = 0; i < modes->items.size(); ++i) {
      if (auto mode = read_mode(modes->items[i], group, path + ".modes[" + std::to_string(i) + "]", sink)) group.modes.push_back(*mode);
    }
  }
  const bool complete = reader.require_all({"name", "cages"});
  reader.finish();
  if (!complete || group.cages == 0) return std::nullopt;
  return group;
}

std::vector<PortGroup> read_port_groups(const Part& part, ObjectReader& reader, EnumSet<Protocol> inherited, Sink& sink) {
  std::vector<PortGroup> groups;
  const json::Value* list = reader.array("ports");
  if (list == nullptr) return groups;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    auto group = read_port_group(part, list->items[i], reader.path() + ".ports[" + std::to_string(i) + "]", sink);
    if (!group) continue;
    if (group->protocols.empty()) group->protocols = inherited;
    groups.push_back(std::move(*group));
  }
  return groups;
}

/// `"contains": { "tray": 18 }`: what a rack product holds.
void read_contents(ObjectReader& reader, NodeFacts& node) {
  node.rack = reader.string("rack").value_or("");
  const json::Value* value = reader.object("contains");
  if (value == nullptr) return;
  if (value->members.size() != 1) {
    reader.sink().report(Code::wrong_type, value->where, "`contains` must name one part and how many of it there are",
                         "write \"contains\": { \"PART\": 18 }");
    return;
  }
  ObjectReader item(*value, reader.path() + ".contains", reader.sink());
  node.contains = value->members.front().name;
  node.contained = item.integer(node.contains, 1, 200).value_or(1);
  item.finish();
}

PartFacts read_facts(const Part& part, ObjectReader& reader, Sink& sink) {
  switch (part.kind) {
  case PartKind::gpu: {
    GpuFacts gpu;
    gpu.scale_up_domain = reader.integer("scale_up_domain_gpus", 1, 1'000'000).value_or(0);
    // Thousandths of a gigabyte a second are 8 Mb/s each.
    gpu.scale_up = read_figure<Mbps>(part, reader, "scale_up_gbytes_per_s", 3, 1'000'000'000);
    if (gpu.scale_up) gpu.scale_up->value = gpu.scale_up->value * 8;
    gpu.bf16 = read_figure<Gigaflops>(part, reader, "bf16_dense_tflops", 3, 1'000'000'000);
    gpu.fp8 = read_figure<Gigaflops>(part, reader, "fp8_dense_tflops", 3, 1'000'000'000);
    for (const auto name : {"memory_gb", "memory_type", "memory_tbps", "scale_up_technology", "pcie", "fp4_dense_tflops"}) reader.ignore(name);
    return gpu;
  }
  case PartKind::node: {
    NodeFacts node;
    node.gpu = reader.string("gpu").value_or("");
    node.gpus = reader.integer("gpus", 0, 1024).value_or(0);
    node.rack_units = read_count(part, reader, "rack_units", 200);
    node.ports = read_port_groups(part, reader, {}, sink);
    read_contents(reader, node);
    for (const auto name : {"height_mm", "width_mm", "depth_mm", "psu", "airflow"}) reader.ignore(name);
    return node;
  }
  case PartKind::pdu: {
    NodeFacts pdu;
    pdu.ports = read_port_groups(part, reader, {}, sink);
    return pdu;
  }
  case PartKind::nic: {
    NicFacts nic;
    nic.pcie = reader.string("pcie").value_or("");
    nic.latency = read_figure<Picoseconds>(part, reader, "latency_ns", 3, most_picoseconds);
    nic.transport = reader.strings("transport");
    nic.ports = read_port_groups(part, reader, {}, sink);
    for (const auto name : {"total_gbps", "form_factor"}) reader.ignore(name);
    return nic;
  }
  case PartKind::switch_: {
    SwitchFacts box;
    box.rack_units = read_count(part, reader, "rack_units", 200);
    box.protocols = read_set(reader, "protocols", protocol_words);
    box.latency = read_figure<Picoseconds>(part, reader, "latency_ns", 3, most_picoseconds);
    box.max_ports = reader.integer("max_ports", 1, 1'000'000);
    box.ports = read_port_groups(part, reader, box.protocols, sink);
    for (const auto name : {"asic", "throughput_tbps"}) reader.ignore(name);
    return box;
  }
  case PartKind::cable: return read_cable(part, reader);
  case PartKind::module: return read_module(part, reader);
  case PartKind::fibre: return read_fibre(part, reader);
  case PartKind::utp: return read_utp(part, reader);
  case PartKind::rack: {
    RackFacts rack;
    rack.rack_units = reader.integer("rack_units", 1, 200).value_or(0);
    rack.width = reader.quantity<Millimetres>("width_mm", 0, 1, 100'000);
    rack.max_load = read_figure<Grams>(part, reader, "max_load_kg", 3, 1'000'000'000);
    if (const auto limit = reader.quantity<Milliwatts>("max_power_kw", 6, 1, most_part_milliwatts * 1000)) {
      rack.max_power = Figure<Milliwatts>{*limit, figure_basis(part, "max_power_kw")};
    }
    for (const auto name : {"depth_mm", "height_mm"}) reader.ignore(name);
    return rack;
  }
  case PartKind::accessory: return AccessoryFacts{};
  }
  return GpuFacts{};
}

bool is_part_id(std::string_view id) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !id.empty() && id.size() <= 100 && plain(id.front()) &&
         std::all_of(id.begin(), id.end(), [&](char c) { return plain(c) || c == '-' || c == '.'; });
}

/// A day or a month that the calendar has.
std::optional<std::string> read_date(ObjectReader& reader, std::string_view name) {
  const auto text = reader.string(name);
  if (!text || is_date(*text)) return text;
  reader.sink().report(Code::unknown_word, reader.any(name)->where, "`" + std::string(name) + "` is no date",
                       "write it as YYYY-MM-DD, or as YYYY-MM where no day is known");
  return std::nullopt;
}

void read_extras(Part& part, ObjectReader& reader) {
  const json::Value* list = reader.array("extras");
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    ObjectReader item(list->items[i], reader.path() + ".extras[" + std::to_string(i) + "]", reader.sink());
    if (!item.is_object()) continue;
    PartExtra extra;
    extra.part = item.string("part").value_or("");
    extra.quantity = item.integer("quantity", 1, 1'000).value_or(1);
    extra.included = item.boolean("included").value_or(false);
    const bool complete = item.require("part");
    item.finish();
    if (complete && !extra.part.empty()) part.extras.push_back(std::move(extra));
  }
}

void read_common(Part& part, ObjectReader& reader) {
  part.manufacturer = reader.string("manufacturer").value_or("");
  part.name = reader.string("name").value_or(part.id);
  part.part_number = reader.string("part_number").value_or("");
  part.description = reader.string("description").value_or("");
  part.status = reader.string("status").value_or("");
  part.orderable = reader.boolean("orderable").value_or(true);
  part.power_typical = read_figure<Milliwatts>(part, reader, "power_typical_w", 3, most_part_milliwatts);
  part.power_max = read_figure<Milliwatts>(part, reader, "power_max_w", 3, most_part_milliwatts);
  part.typical_includes = read_set(reader, "typical_includes", included_words);
  part.max_includes = read_set(reader, "max_includes", included_words);
  part.price = read_figure<Cents>(part, reader, "price_usd", 2, most_cents);
  part.weight = read_figure<Grams>(part, reader, "weight_kg", 3, 100'000'000);
  part.price_date = read_date(reader, "price_date").value_or("");
  part.pack = reader.integer("pack", 1, 1'000'000).value_or(1);
  for (const auto name : {"notes", "ordering_number"}) reader.ignore(name);
  constexpr std::array<PartKind, 4> with_extras = {PartKind::node, PartKind::switch_, PartKind::rack, PartKind::pdu};
  if (std::find(with_extras.begin(), with_extras.end(), part.kind) != with_extras.end()) read_extras(part, reader);
}

} // namespace

void read_entry(CatalogEntry& entry, ObjectReader& reader) {
  auto& sink = reader.sink();
  if (const auto basis = reader.enumeration<Basis>("basis", basis_words)) {
    entry.basis = *basis;
  } else if (reader.any("basis") == nullptr) {
    sink.report(Code::missing_source, entry.where, "`" + entry.id + "` has no `basis`",
                "state what its figures rest on: datasheet, secondary, unconfirmed, claim");
  }
  if (const json::Value* source = reader.any("source")) {
    if (source->kind == json::Kind::string) {
      entry.sources = {source->text};
    } else {
      entry.sources = reader.strings("source");
    }
  }
  if (entry.sources.empty()) {
    sink.report(Code::missing_source, entry.where, "`" + entry.id + "` has no `source`", "name a key of the file's `sources`");
  }
  reader.object("figures");
}

std::optional<Part> read_part(const json::Value& entry, const std::string& path, Sink& sink) {
  ObjectReader reader(entry, path, sink);
  if (!reader.is_object()) return std::nullopt;
  Part part;
  part.entry = &entry;
  part.where = entry.where;
  const auto id = reader.string("id");
  const auto kind = reader.enumeration<PartKind>("kind", part_kind_words);
  if (const json::Value* at = reader.any("id")) part.where = at->where;
  reader.require_all({"id", "kind", "manufacturer"});
  if (!id || !kind) return std::nullopt;
  if (!is_part_id(*id)) {
    sink.report(Code::unknown_word, part.where, "a part id is made of lower-case letters, digits, `-` and `.`, and starts with a letter or digit",
                "choose such an id");
    return std::nullopt;
  }
  for (const auto& member : entry.members) {
    if (member.value.kind != json::Kind::string || is_printable(member.value.text)) continue;
    sink.report(Code::unknown_word, member.value.where, "the text of a part holds control characters", "leave them out");
  }
  part.id = *id;
  part.kind = *kind;
  read_entry(part, reader);
  read_common(part, reader);
  part.facts = read_facts(part, reader, sink);
  reader.finish();
  return part;
}

} // namespace icplan
