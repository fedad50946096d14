// SPDX-License-Identifier: Apache-2.0
// Reads a saved plan back.
#include "icplan/plan/baseline.hpp"

#include "icplan/json/csv.hpp"
#include "icplan/json/object_reader.hpp"
#include "saved_document.hpp"

#include <algorithm>
#include <unordered_map>

namespace icplan {
namespace {

class BaselineReader {
public:
  BaselineReader(Baseline& to, const SourceMap& sources, Sink& sink) : to_(to), sources_(sources), sink_(sink) {}

  bool run(FileId plan) {
    const auto errors = sink_.errors();
    const auto document = json::parse(sources_, plan, sink_, {max_baseline_plan_bytes, max_plan_values});
    if (!document) return false;
    read_plan(*document);
    if (sink_.errors() != errors) return false;
    read_cables();
    return sink_.errors() == errors;
  }

private:
  void wrong(SourceRange where, std::string message, std::string help = write_plan_again) {
    sink_.report(Code::baseline_unreadable, where, "baseline `" + to_.folder + "`: " + std::move(message), std::move(help));
  }

  void read_plan(const json::Value& document) {
    auto digest = check_saved_document(
        document, to_.text, [&](SourceRange where, std::string message, std::string help) { wrong(where, std::move(message), std::move(help)); });
    if (!digest) return;
    to_.cables_digest = std::move(*digest);
    to_.name = text_of(document, "name");
    for (const auto& rack : document.find("racks")->items) read_rack(rack);
    for (const auto& item : document.find("bom")->items) read_item(item);
  }

  void read_rack(const json::Value& value) {
    constexpr std::int64_t most = 1'000'000;
    BaselineRack rack{text_of(value, "name"),
                      text_of(value, "rack"),
                      text_of(value, "hall"),
                      number_of(value, "row") - 1,
                      number_of(value, "position") - 1,
                      false,
                      value.where};
    rack.where.end = std::min(rack.where.end, rack.where.begin + 1);
    const auto* existing = value.find("existing");
    rack.existing = existing != nullptr && existing->boolean;
    const auto* contents = value.find("contents");
    if (contents == nullptr || contents->kind != json::Kind::array) {
      wrong(rack.where, "rack `" + rack.name + "` of plan.json lists no `contents`: an earlier version of icplan wrote it");
      return;
    }
    if (rack.row < 0 || rack.position < 0 || rack.row > most || rack.position > most) {
      wrong(rack.where, "rack `" + rack.name + "` of plan.json has no row and position");
      return;
    }
    const auto number = static_cast<std::uint32_t>(to_.racks.size());
    for (const auto& item : contents->items) {
      BaselineDevice device{text_of(item, "device"), text_of(item, "part"), 0, 0, number};
      if (device.name.empty()) continue; // Gear that the plan does not know.
      device.unit = static_cast<std::int32_t>(std::clamp<std::int64_t>(number_of(item, "u"), 0, 1000));
      device.height = static_cast<std::int32_t>(std::clamp<std::int64_t>(number_of(item, "height"), 0, 1000));
      to_.devices.push_back(std::move(device));
    }
    to_.racks.push_back(std::move(rack));
  }

  void read_item(const json::Value& value) {
    const auto pieces = number_of(value, "quantity") + number_of(value, "spares");
    to_.bom.push_back({text_of(value, "part"), text_of(value, "kind"), text_of(value, "fabric"), number_of(value, "length_m", 3),
                       text_of(value, "included_in"), std::max(pieces, number_of(value, "ordered"))});
  }

  std::uint32_t part_number(std::string_view id) {
    const auto found = parts_.find(id);
    if (found != parts_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(to_.parts.size());
    to_.parts.emplace_back(id);
    parts_.emplace(std::string(id), number);
    return number;
  }

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };

  void read_cables() {
    json::CsvReader rows(to_.cables, to_.text);
    if (!rows.next()) {
      wrong({to_.cables, 0, 0}, "cables.csv is empty");
      return;
    }
    std::array<std::size_t, end_columns.size() + 3> at{};
    constexpr std::array<std::string_view, 3> others = {"cable", "part", "sold_m"};
    for (std::size_t c = 0; c < at.size(); ++c) {
      const auto name = c < end_columns.size() ? end_columns[c] : others[c - end_columns.size()];
      at[c] = rows.find(name);
      if (at[c] == rows.size()) {
        wrong(rows.where(), "cables.csv has no column `" + std::string(name) + "`");
        return;
      }
    }
    // Beyond every row where an earlier version of icplan left them out.
    const std::array<std::size_t, 2> modules = {rows.find("from_module"), rows.find("to_module")};
    const auto ref = [&](std::size_t column) {
      const auto place = rows.where(column);
      return rows.cell(column).empty() ? CellRef{} : CellRef{place.begin, place.end - place.begin};
    };
    while (rows.next()) {
      BaselineLeg leg;
      for (std::size_t c = 0; c < end_columns.size(); ++c) leg.ends[c] = ref(at[c]);
      leg.cable = ref(at[6]);
      leg.part = part_number(rows.cell(at[7]));
      leg.sold_mm = static_cast<std::uint32_t>(std::clamp<std::int64_t>(json::scaled(rows.cell(at[8]), 3).value_or(0), 0, ~std::uint32_t{0}));
      for (std::size_t m = 0; m < modules.size(); ++m) {
        if (!rows.cell(modules[m]).empty()) leg.modules[m] = part_number(rows.cell(modules[m])) + 1;
      }
      if (leg.ends[0].length == 0 || leg.ends[3].length == 0 || leg.sold_mm == 0) {
        wrong(rows.where(), "a row of cables.csv has no device at both ends, or no sold length");
        return;
      }
      to_.legs.push_back(leg);
    }
  }

  Baseline& to_;
  const SourceMap& sources_;
  Sink& sink_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> parts_;
};

} // namespace

std::shared_ptr<const Baseline> read_baseline(const std::string& folder, const SourceMap& sources, FileId plan, FileId cables, Sink& sink) {
  auto baseline = std::make_shared<Baseline>();
  baseline->folder = folder;
  baseline->cables = cables;
  baseline->text = sources.text(cables);
  return BaselineReader(*baseline, sources, sink).run(plan) ? baseline : nullptr;
}

} // namespace icplan
