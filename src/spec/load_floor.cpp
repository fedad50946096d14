// SPDX-License-Identifier: Apache-2.0
// Reads kinds of rack, halls, aisles and ducts.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"
#include "words.hpp"

#include <algorithm>
#include <map>

namespace icplan {

using json::ObjectReader;

namespace {

constexpr std::size_t most_halls = 64;
constexpr std::int64_t most_rows = 100'000;
constexpr std::int64_t most_positions = 10'000;

std::vector<std::string_view> names_of(const auto& list) {
  std::vector<std::string_view> names;
  for (const auto& known : list) names.push_back(known.name);
  return names;
}

} // namespace

/// Two feeds that each carry everything alone limit a rack to the smaller of them.
void SpecLoader::read_feeds(ObjectReader& item, RackSpec& rack) {
  const json::Value* list = item.array("feeds");
  if (list == nullptr) return;
  if (list->items.empty() || list->items.size() > 2) {
    sink_.report(Code::out_of_range, list->where, "`feeds` has " + std::to_string(list->items.size()) + " entries; a rack has one feed or two",
                 "with two, one must be able to carry the whole load");
  }
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    ObjectReader feed(list->items[i], item.path() + "." + indexed("feeds", i), sink_);
    if (!feed.is_object()) continue;
    static_cast<void>(feed.string("name"));
    const auto limit = feed.quantity<Milliwatts>("max_power_kw", 6, 1, most_milliwatts);
    feed.require("max_power_kw");
    feed.finish();
    if (!limit) continue;
    rack.power_limit_stated = true;
    if (rack.max_power && *rack.max_power <= *limit) continue;
    rack.max_power = limit;
    rack.power_limit = PowerLimit::feed;
  }
}

void SpecLoader::read_rack_limits(ObjectReader& item, RackSpec& rack) {
  rack.max_power = item.quantity<Milliwatts>("max_power_kw", 6, 1, most_milliwatts);
  rack.power_limit_stated = rack.max_power.has_value();
  if (rack.max_power) rack.power_limit = PowerLimit::stated;
  read_feeds(item, rack);
  const auto units = item.integer("max_units", 1, 200);
  rack.max_load = item.quantity<Grams>("max_load_kg", 3, 1, 1'000'000'000);
  rack.pdus = item.integer("pdus", 0, 12).value_or(0);
  if (!rack.model.valid()) return;
  const auto& part = catalog_[rack.model];
  const auto* facts = part.as<RackFacts>();
  rack.max_units = std::min(units.value_or(facts->rack_units), facts->rack_units);
  if (units && *units > facts->rack_units) {
    sink_.report(Code::conflicting_values, rack.origin.of("max_units"),
                 "`max_units` is " + std::to_string(*units) + ", but " + quoted(part.id) + " has " + std::to_string(facts->rack_units) + " U",
                 "state at most " + std::to_string(facts->rack_units));
  }
  if (const auto limit = spec_.accepted(facts->max_power); limit && (!rack.max_power || *limit < *rack.max_power)) {
    rack.max_power = limit;
    rack.power_limit = PowerLimit::model;
  }
  if (const auto load = spec_.accepted(facts->max_load); load && (!rack.max_load || *load < *rack.max_load)) rack.max_load = load;
}

void SpecLoader::read_rack(const json::Value& value, std::size_t index) {
  ObjectReader item(value, indexed("racks", index), sink_);
  if (!item.is_object()) return;
  RackSpec rack;
  rack.origin = origin_of(value);
  rack.name = item.string("name").value_or("rack");
  item.require("name");
  const auto model = part(item, "model", PartKind::rack);
  if (item.any("model") == nullptr) {
    rack.model = part_named("generic-48u-1200", rack.origin.whole, PartKind::rack).value_or(PartId());
    defaulted(item.path() + ".model", "generic-48u-1200");
  } else if (model) {
    rack.model = *model;
  }
  read_rack_limits(item, rack);
  item.finish();
  spec_.racks.push_back(std::move(rack));
}

void SpecLoader::read_racks(ObjectReader& reader) {
  const json::Value* list = reader.array("racks");
  if (list != nullptr && !list->items.empty()) {
    for (std::size_t i = 0; i < list->items.size(); ++i) read_rack(list->items[i], i);
    return;
  }
  RackSpec rack;
  rack.name = "default";
  rack.origin.whole = reader.value().where;
  rack.origin.whole.end = rack.origin.whole.begin + 1;
  if (const auto model = part_named("generic-48u-1200", rack.origin.whole, PartKind::rack)) {
    const auto* facts = catalog_[*model].as<RackFacts>();
    rack.model = *model;
    rack.max_units = facts->rack_units;
    rack.max_load = spec_.accepted(facts->max_load);
  }
  spec_.racks.push_back(rack);
  defaulted("racks", "generic-48u-1200, no power limit");
}

std::optional<RackSpecId> SpecLoader::read_rack_name(ObjectReader& reader) {
  const auto rack = reader.string("rack");
  if (!rack) return std::nullopt;
  const auto names = names_of(spec_.racks);
  const auto found = std::find(names.begin(), names.end(), *rack);
  if (found != names.end()) return RackSpecId(static_cast<std::uint32_t>(found - names.begin()));
  sink_.report(Code::unknown_name, reader.any("rack")->where, "no rack " + quoted(*rack) + " in `racks`",
               names.empty() ? "add it to `racks`" : "use " + quoted_choice(names));
  return std::nullopt;
}

HallId SpecLoader::read_hall(ObjectReader& reader, std::string_view key) {
  const auto hall = reader.string(key);
  if (!hall) return HallId(0);
  const auto names = names_of(spec_.floor.halls);
  const auto found = std::find(names.begin(), names.end(), *hall);
  if (found != names.end()) return HallId(static_cast<std::uint32_t>(found - names.begin()));
  sink_.report(Code::unknown_name, reader.any(key)->where, "no hall " + quoted(*hall) + " on the floor",
               names.size() == 1 ? "the hall is " + quoted(names.front()) : "use " + quoted_choice(names));
  return HallId(0);
}

/// `rows`: where racks stand, counting from 1 in the spec and from 0 here.
std::vector<std::int64_t> SpecLoader::read_rows(ObjectReader& reader, HallId hall) {
  std::vector<std::int64_t> rows;
  const json::Value* list = reader.array("rows");
  if (list == nullptr) return rows;
  const auto& in = spec_.floor.halls[hall.index()];
  for (const auto& item : list->items) {
    const auto row = item.kind == json::Kind::number ? json::scaled(item.text, 0) : std::nullopt;
    const auto most = in.rows.value_or(most_rows);
    if (!row || *row < 1 || *row > most) {
      sink_.report(Code::out_of_range, item.where, "`rows` of " + quoted(reader.path()) + " must hold numbers from 1 to " + grouped(most),
                   in.rows ? "hall " + quoted(in.name) + " has " + counted(*in.rows, "row", "rows") : "rows are counted from 1");
    } else if (std::find(rows.begin(), rows.end(), *row - 1) != rows.end()) {
      sink_.report(Code::duplicate_name, item.where, "`rows` of " + quoted(reader.path()) + " names row " + grouped(*row) + " twice",
                   "name each row once");
    } else {
      rows.push_back(*row - 1);
    }
  }
  return rows;
}

void SpecLoader::read_row_widths(ObjectReader& hall, HallSpec& to) {
  const json::Value* value = hall.any("racks_per_row");
  if (value == nullptr) return;
  if (value->kind != json::Kind::array) {
    if (const auto width = hall.integer("racks_per_row", 1, most_positions)) to.racks_per_row = {*width};
    return;
  }
  to.racks_per_row.clear();
  for (const auto& item : value->items) {
    const auto width = item.kind == json::Kind::number ? json::scaled(item.text, 0) : std::nullopt;
    if (!width || *width < 1 || *width > most_positions) {
      sink_.report(Code::out_of_range, item.where, "`racks_per_row` must hold numbers from 1 to " + grouped(most_positions),
                   "state how many racks each row takes");
    } else {
      to.racks_per_row.push_back(*width);
    }
  }
  if (to.racks_per_row.empty()) {
    if (value->items.empty()) sink_.report(Code::missing_key, value->where, "`racks_per_row` is empty", "state a number, or one for each row");
    to.racks_per_row = {20};
  }
  if (to.rows && *to.rows < static_cast<std::int64_t>(value->items.size())) {
    sink_.report(Code::conflicting_values, value->where,
                 "`racks_per_row` describes " + counted(static_cast<std::int64_t>(value->items.size()), "row", "rows") + ", but hall " +
                     quoted(to.name) + " has " + grouped(*to.rows),
                 "state one number for each row");
  }
}

void SpecLoader::read_keep_out(ObjectReader& hall, HallSpec& to) {
  const json::Value* list = hall.array("keep_out");
  if (list == nullptr) return;
  std::map<std::int64_t, KeepOut> rows;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    ObjectReader item(list->items[i], hall.path() + "." + indexed("keep_out", i), sink_);
    if (!item.is_object()) continue;
    KeepOut kept;
    const auto row = item.integer("row", 1, to.rows.value_or(most_rows));
    item.require("row");
    kept.purpose = item.string("for").value_or("");
    const json::Value* positions = item.array("positions");
    item.finish();
    if (!row) continue;
    kept.row = *row - 1;
    const auto width = to.width(kept.row);
    for (const auto& place : positions == nullptr ? std::vector<json::Value>() : positions->items) {
      const auto position = place.kind == json::Kind::number ? json::scaled(place.text, 0) : std::nullopt;
      if (position && *position >= 1 && *position <= width) {
        kept.positions.push_back(*position - 1);
      } else {
        sink_.report(Code::out_of_range, place.where, "`positions` must hold numbers from 1 to " + grouped(width),
                     "row " + grouped(*row) + " takes " + counted(width, "rack", "racks"));
      }
    }
    if (positions != nullptr && kept.positions.empty()) continue;
    const auto [same, fresh] = rows.try_emplace(kept.row, kept);
    if (fresh) continue;
    auto& together = same->second.positions;
    if (kept.positions.empty() || together.empty()) {
      together.clear();
    } else {
      together.insert(together.end(), kept.positions.begin(), kept.positions.end());
    }
  }
  for (auto& entry : rows) {
    auto& positions = entry.second.positions;
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    to.keep_out.push_back(std::move(entry.second));
  }
}

void SpecLoader::read_exit(ObjectReader& hall, HallSpec& to) {
  const json::Value* value = hall.object("exit");
  if (value == nullptr) return;
  ObjectReader item(*value, hall.path() + ".exit", sink_);
  to.exit.row = item.integer("row", 1, to.rows.value_or(most_rows)).value_or(1) - 1;
  to.exit.position = item.integer("position", 1, most_positions).value_or(1) - 1;
  item.finish();
}

void SpecLoader::read_hall_object(const json::Value& value, std::size_t index) {
  ObjectReader hall(value, indexed("floor.halls", index), sink_);
  if (!hall.is_object()) return;
  HallSpec to;
  to.origin = origin_of(value);
  if (const auto name = hall.string("name")) {
    to.name = *name;
  } else if (index > 0) {
    hall.require("name");
    to.name = "hall-" + std::to_string(index + 1);
  }
  to.rows = hall.integer("rows", 1, most_rows);
  read_row_widths(hall, to);
  to.max_power = hall.quantity<Milliwatts>("max_power_kw", 6, 1, most_milliwatts * 1000);
  to.max_row_power = hall.quantity<Milliwatts>("max_row_power_kw", 6, 1, most_milliwatts * 1000);
  read_keep_out(hall, to);
  read_aisles(hall, to);
  read_exit(hall, to);
  hall.finish();
  spec_.floor.halls.push_back(std::move(to));
}

void SpecLoader::read_halls(ObjectReader& floor) {
  const json::Value* halls = floor.array("halls");
  if (halls == nullptr || halls->items.empty()) {
    defaulted("floor.halls", "one hall `A`, 20 racks per row, rows as needed");
    return;
  }
  if (too_many(*halls, "halls", most_halls)) return;
  auto unstated = spec_.floor.halls;
  spec_.floor.halls.clear();
  for (std::size_t i = 0; i < halls->items.size(); ++i) read_hall_object(halls->items[i], i);
  if (spec_.floor.halls.empty()) spec_.floor.halls = std::move(unstated);
}

/// Rows that stand back to back and face to face in turn: their distances follow from the aisles.
void SpecLoader::read_aisles(ObjectReader& hall, HallSpec& to) {
  static constexpr std::array<json::Name<bool>, 2> words = {{{"cold", true}, {"hot", false}}};
  const json::Value* value = hall.object("aisles");
  if (value == nullptr) return;
  ObjectReader item(*value, hall.path() + ".aisles", sink_);
  Aisles aisles;
  const auto cold = item.quantity<Millimetres>("cold_m", 3, 0, 100'000);
  const auto hot = item.quantity<Millimetres>("hot_m", 3, 0, 100'000);
  const auto depth = item.quantity<Millimetres>("depth_m", 3, 100, 10'000);
  aisles.cold_first = item.enumeration<bool>("first", words).value_or(true);
  if (item.any("first") == nullptr) defaulted(item.path() + ".first", "cold");
  const bool complete = item.require_all({"cold_m", "hot_m", "depth_m"});
  item.finish();
  if (!complete || !cold || !hot || !depth) return;
  aisles.cold = *cold;
  aisles.hot = *hot;
  aisles.depth = *depth;
  to.aisles = aisles;
}

void SpecLoader::read_ducts(ObjectReader& floor) {
  const json::Value* list = floor.array("ducts");
  if (list == nullptr || too_many(*list, "ducts", most_halls * most_halls)) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    ObjectReader item(list->items[i], indexed("floor.ducts", i), sink_);
    if (!item.is_object()) continue;
    const bool complete = item.require_all({"from", "to", "length_m"});
    Duct duct;
    duct.from = read_hall(item, "from");
    duct.to = read_hall(item, "to");
    const auto length = item.quantity<Millimetres>("length_m", 3, 0, 100'000'000);
    item.finish();
    if (!complete || !length) continue;
    duct.length = *length;
    const bool twice = std::any_of(spec_.floor.ducts.begin(), spec_.floor.ducts.end(), [&](const Duct& other) {
      return (other.from == duct.from && other.to == duct.to) || (other.from == duct.to && other.to == duct.from);
    });
    if (duct.from == duct.to || twice) {
      sink_.report(Code::conflicting_values, list->items[i].where,
                   duct.from == duct.to ? "a duct leads from hall " + quoted(spec_.floor.halls[duct.from.index()].name) + " to itself"
                                        : "a second duct joins halls " + quoted(spec_.floor.halls[duct.from.index()].name) + " and " +
                                              quoted(spec_.floor.halls[duct.to.index()].name),
                   "state one duct for each pair of halls");
    }
    spec_.floor.ducts.push_back(duct);
  }
}

void SpecLoader::read_floor(ObjectReader& reader) {
  const json::Value* value = reader.object("floor");
  auto& to = spec_.floor;
  if (value == nullptr) {
    to.origin.whole = {reader.value().where.file, reader.value().where.begin, reader.value().where.begin + 1};
    to.halls.front().origin = to.origin;
    defaulted("floor", "one hall `A`, 20 racks per row, rows as needed, rack pitch 0.6 m, row pitch 3 m, tray at 2.6 m, 0.3 m at each side, 0.5 m "
                       "slack, switches central");
    return;
  }
  to.origin = origin_of(*value);
  to.halls.front().origin = to.origin;
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
  read_tray(floor);
  if (const auto loop = floor.quantity<Millimetres>("service_loop_m", 3, 0, 1'000'000)) to.service_loop = *loop;
  if (const auto policy = floor.enumeration<SwitchPlacement>("switches", placement_words)) {
    switches_ = *policy;
  } else if (floor.any("switches") == nullptr) {
    defaulted("floor.switches", "central");
  }
  if (const auto what = floor.enumeration<OptimizeFor>("optimize_for", optimize_words)) to.optimize_for = *what;
  read_ducts(floor);
  fixed_ = floor.array("fixed");
  floor.finish();
}

} // namespace icplan
