// SPDX-License-Identifier: Apache-2.0
// Reads cables, modules, fibres and twisted pairs.
#include "part_reading.hpp"

namespace icplan {
namespace {

using json::ObjectReader;

SoldLengths read_lengths(ObjectReader& reader) {
  SoldLengths lengths;
  if (const json::Value* list = reader.array("lengths_m")) {
    for (const auto& item : list->items) {
      const auto length = item.kind == json::Kind::number ? json::scaled(item.text, 3) : std::nullopt;
      if (length && *length > 0 && *length <= most_millimetres) {
        lengths.list.emplace_back(*length);
      } else {
        reader.sink().report(Code::wrong_type, item.where, "`lengths_m` must hold lengths in metres, to the millimetre",
                             "write a number above 0 with at most 3 decimals");
      }
    }
  }
  lengths.step = reader.quantity<Millimetres>("length_step_m", 3, 1, most_millimetres);
  lengths.maximum = reader.quantity<Millimetres>("max_length_m", 3, 1, most_millimetres);
  std::sort(lengths.list.begin(), lengths.list.end());
  return lengths;
}

CableBody read_body(const Part& part, ObjectReader& reader) {
  constexpr std::int64_t most_micrometres = 10'000'000;
  CableBody body;
  body.diameter = read_figure<Micrometres>(part, reader, "diameter_mm", 3, most_micrometres);
  body.weight_per_metre = read_figure<MilligramsPerMetre>(part, reader, "weight_kg_per_m", 6, 100'000'000);
  body.bend_radius = read_figure<Micrometres>(part, reader, "bend_radius_mm", 3, most_micrometres);
  return body;
}

/// One wavelength, or one for each lane.
std::vector<Picometres> read_wavelengths(ObjectReader& optical) {
  std::vector<Picometres> list;
  const json::Value* value = optical.any("wavelength_nm");
  if (value == nullptr) return list;
  const auto one = [](const json::Value& item) { return item.kind == json::Kind::number ? json::scaled(item.text, 3) : std::nullopt; };
  const auto take = [&](const json::Value& item) {
    const auto length = one(item);
    if (length && *length > 0 && *length <= 100'000'000) {
      list.emplace_back(*length);
    } else {
      optical.sink().report(Code::wrong_type, item.where, "`wavelength_nm` must be a wavelength in nanometres, or a list of them",
                            "write numbers above 0 with at most 3 decimals");
    }
  };
  if (value->kind == json::Kind::array) {
    for (const auto& item : value->items) take(item);
  } else {
    take(*value);
  }
  std::sort(list.begin(), list.end());
  return list;
}

CableEnd read_end(const json::Value& value, const std::string& path, Sink& sink) {
  ObjectReader reader(value, path, sink);
  CableEnd end;
  if (!reader.is_object()) return end;
  end.form = reader.enumeration<Form>("form", form_words);
  end.top = reader.enumeration<Top>("top", top_words);
  end.lanes = reader.integer("lanes", 1, 64).value_or(0);
  end.count = reader.integer("count", 1, 16).value_or(1);
  reader.finish();
  return end;
}

bool read_fits_any(ObjectReader& reader) {
  static constexpr std::array<json::Name<bool>, 1> words = {{{"any", true}}};
  return reader.enumeration<bool>("fits", words).value_or(false);
}

} // namespace

std::optional<OpticalFamily> read_family(ObjectReader& reader, std::vector<Picometres>& wavelengths) {
  const json::Value* value = reader.object("optical");
  if (value == nullptr) return std::nullopt;
  ObjectReader optical(*value, reader.path() + ".optical", reader.sink());
  OpticalFamily family;
  const auto type = optical.string("type");
  const auto fibre = optical.string("fibre");
  const auto connector = optical.string("connector");
  family.lanes = optical.integer("lanes", 1, 64).value_or(0);
  family.lane_rate = optical.quantity<Mbps>("lane_gbps", 3, 1, 10'000'000).value_or(Mbps(0));
  wavelengths = read_wavelengths(optical);
  optical.finish();
  if (!type || !fibre || !connector) return std::nullopt;
  family.type = *type;
  family.fibre = *fibre;
  family.connector = *connector;
  return family;
}

CableFacts read_cable(const Part& part, ObjectReader& reader) {
  static constexpr std::array<json::Name<bool>, 2> classes = {{{"dac", false}, {"aoc", true}}};
  CableFacts cable;
  cable.optical = reader.enumeration<bool>("class", classes).value_or(false);
  reader.require("class");
  cable.technology = reader.enumeration<CopperTechnology>("technology", technology_words)
                         .value_or(cable.optical ? CopperTechnology::aoc : CopperTechnology::passive);
  cable.fits_any = read_fits_any(reader);
  cable.protocols = read_set(reader, "protocols", protocol_words);
  cable.lane_rate = reader.quantity<Mbps>("lane_gbps", 3, 1, 10'000'000).value_or(Mbps(0));
  if (const json::Value* ends = reader.array("ends")) {
    if (ends->items.size() != 2) {
      reader.sink().report(Code::wrong_type, ends->where, "`ends` must hold two objects, end A and end B", "write one object for each end");
    } else {
      for (std::size_t i = 0; i < 2; ++i) cable.ends[i] = read_end(ends->items[i], reader.path() + ".ends[" + std::to_string(i) + "]", reader.sink());
    }
  }
  cable.lengths = read_lengths(reader);
  cable.end_power[0] = read_figure<Milliwatts>(part, reader, "power_end_a_w", 3, most_part_milliwatts);
  cable.end_power[1] = read_figure<Milliwatts>(part, reader, "power_end_b_w", 3, most_part_milliwatts);
  cable.body = read_body(part, reader);
  cable.latency_per_metre = read_figure<Picoseconds>(part, reader, "latency_ns_per_m", 3, most_picoseconds);
  return cable;
}

ModuleFacts read_module(const Part& part, ObjectReader& reader) {
  ModuleFacts module;
  module.fits_any = read_fits_any(reader);
  module.form = reader.enumeration<Form>("form", form_words);
  module.top = reader.enumeration<Top>("top", top_words);
  module.lanes = reader.integer("lanes", 1, 64).value_or(0);
  module.lane_rate = reader.quantity<Mbps>("lane_gbps", 3, 1, 10'000'000).value_or(Mbps(0));
  module.optical_ports = reader.integer("optical_ports", 1, 16).value_or(1);
  module.protocols = read_set(reader, "protocols", protocol_words);
  module.family = read_family(reader, module.wavelengths);
  module.reach = reader.quantity<Millimetres>("reach_m", 3, 1, most_millimetres);
  module.min_reach = read_figure<Millimetres>(part, reader, "min_reach_m", 3, most_millimetres);
  module.loss_budget = read_figure<Millidecibels>(part, reader, "loss_budget_db", 3, most_millidecibels);
  module.latency = read_figure<Picoseconds>(part, reader, "latency_ns", 3, most_picoseconds);
  module.energy = read_figure<FemtojoulesPerBit>(part, reader, "pj_per_bit", 3, most_femtojoules);
  module.modulator = reader.string("modulator").value_or("");
  return module;
}

FibreFacts read_fibre(const Part& part, ObjectReader& reader) {
  FibreFacts fibre;
  fibre.fibre = reader.string("fibre").value_or("");
  fibre.grade = reader.string("grade").value_or("");
  fibre.connector_a = reader.string("connector_a").value_or(reader.string("connector").value_or(""));
  fibre.connector_b = reader.string("connector_b").value_or(fibre.connector_a);
  fibre.tails = reader.integer("tails", 1, 16).value_or(1);
  fibre.lengths = read_lengths(reader);
  fibre.attenuation_per_km = read_figure<Millidecibels>(part, reader, "attenuation_db_per_km", 3, most_millidecibels);
  fibre.connector_loss = read_figure<Millidecibels>(part, reader, "connector_loss_db", 3, most_millidecibels);
  fibre.fibre_count = read_count(part, reader, "fibre_count", 10'000);
  fibre.latency_per_metre = read_figure<Picoseconds>(part, reader, "latency_ns_per_m", 3, most_picoseconds);
  fibre.body = read_body(part, reader);
  return fibre;
}

UtpFacts read_utp(const Part& part, ObjectReader& reader) {
  reader.ignore("form");
  static_cast<void>(read_fits_any(reader));
  UtpFacts utp;
  utp.lengths = read_lengths(reader);
  utp.body = read_body(part, reader);
  return utp;
}

} // namespace icplan
