// SPDX-License-Identifier: Apache-2.0
// Reads plan.json and cables.csv into a record.
#include "icplan/plan/saved_plan.hpp"

#include "icplan/base/text.hpp"
#include "icplan/json/csv.hpp"
#include "icplan/plan/baseline.hpp"
#include "saved_check.hpp"
#include "saved_document.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace icplan {
namespace {

/// Texts that occur again and again, numbered as they come.
class TextNumbers {
public:
  /// `added` is called for a text that is new.
  template <class Added> std::uint32_t number(std::string_view text, const Added& added) {
    // Neighbouring rows mostly say the same.
    if (!numbers_.empty() && text == last_) return last_number_;
    const auto [found, fresh] = numbers_.try_emplace(text, static_cast<std::uint32_t>(numbers_.size()));
    if (fresh) added(text);
    last_ = found->first;
    last_number_ = found->second;
    return found->second;
  }
  void reserve(std::size_t count) { numbers_.reserve(count); }

private:
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::string_view last_;
  std::uint32_t last_number_ = 0;
};

class SavedPlanReader {
public:
  SavedPlanReader(PlanRecord& to, std::string shown, const SourceMap& sources, FileId cables, Sink& sink)
      : to_(to), shown_(std::move(shown)), sources_(sources), cables_(cables), text_(sources.text(cables)), sink_(sink) {}

  bool run(FileId plan) {
    const auto errors = sink_.errors();
    const auto document = json::parse(sources_, plan, sink_, {max_baseline_plan_bytes, max_plan_values});
    if (!document) return false;
    const auto digest = check_saved_document(
        *document, text_, [&](SourceRange where, std::string message, std::string help) { wrong(where, std::move(message), std::move(help)); });
    if (!digest) return false;
    read_plan(*document);
    if (sink_.errors() == errors) read_cables();
    if (sink_.errors() == errors) check_saved_plan(to_, shown_, document->where, sink_);
    return sink_.errors() == errors;
  }

private:
  void wrong(SourceRange where, std::string message, std::string help = write_plan_again) {
    where.end = std::min(where.end, where.begin + 1);
    sink_.report(Code::saved_plan_unreadable, where, "saved plan `" + shown_ + "`: " + std::move(message), std::move(help));
  }

  /// The items of a list that must be there.
  const std::vector<json::Value>& list(const json::Value& object, std::string_view name) {
    static const std::vector<json::Value> none;
    const auto* found = object.find(name);
    if (found != nullptr && found->kind == json::Kind::array) return found->items;
    wrong(object.where, "plan.json lists no `" + std::string(name) + "`: an earlier version of icplan wrote it");
    return none;
  }

  void read_plan(const json::Value& document) {
    to_.name = text_of(document, "name");
    const auto* summary = document.find("summary");
    if (summary == nullptr) {
      wrong(document.where, "plan.json has no `summary`");
      return;
    }
    read_totals(*summary);
    for (const auto& fabric : list(document, "fabrics")) read_fabric(fabric);
    for (const auto& group : list(document, "nodes")) {
      to_.nodes.push_back({text_of(group, "group"), text_of(group, "model"), number_of(group, "count")});
    }
    for (const auto& rack : list(document, "racks")) read_rack(rack);
    for (const auto& item : list(document, "bom")) read_item(item);
    for (const auto& finding : list(document, "findings")) {
      to_.findings.push_back({text_of(finding, "code"), text_of(finding, "name"), text_of(finding, "severity"), text_of(finding, "message"),
                              text_of(finding, "help"), text_of(finding, "file"), number_of(finding, "line"), number_of(finding, "column"),
                              number_of(finding, "count")});
    }
  }

  void read_totals(const json::Value& summary) {
    auto& to = to_.totals;
    to.gpus = number_of(summary, "gpus");
    to.nodes = number_of(summary, "nodes");
    to.support_nodes = number_of(summary, "support_nodes");
    to.racks = number_of(summary, "racks");
    to.switches = number_of(summary, "switches");
    to.links = number_of(summary, "links");
    to.cables = number_of(summary, "cables");
    to.modules = number_of(summary, "modules");
    to.power_typical_mw = known_number_of(summary, "power_typical_w", 3);
    to.power_max_mw = known_number_of(summary, "power_max_w", 3);
    to.cost_cents = known_number_of(summary, "cost_usd", 2);
    to.power_typical_unknown = number_of(summary, "power_typical_unknown_parts");
    to.power_max_unknown = number_of(summary, "power_unknown_parts");
    to.cost_unknown = number_of(summary, "cost_unknown_parts");
  }

  void read_fabric(const json::Value& value) {
    auto& to = to_.fabrics.emplace_back();
    to.name = text_of(value, "name");
    to.topology = text_of(value, "topology");
    for (const auto& tier : list(value, "tiers")) {
      to.tiers.push_back({text_of(tier, "name"), text_of(tier, "model"), number_of(tier, "switches"), known_number_of(tier, "oversubscription", 3)});
    }
    const auto* bandwidth = value.find("bandwidth");
    if (bandwidth == nullptr) return;
    to.per_gpu_mbps = known_number_of(*bandwidth, "injection_gbps_per_gpu", 3);
    to.bisection_full_mbps = known_number_of(*bandwidth, "bisection_full_tbps", 6);
    const auto* bound = bandwidth->find("bisection_is_bound");
    to.bisection_bound = bound != nullptr && bound->boolean;
  }

  void read_rack(const json::Value& value) {
    const auto number = static_cast<std::uint32_t>(to_.racks.size());
    to_.racks.push_back(
        {text_of(value, "name"), text_of(value, "rack"), text_of(value, "hall"), number_of(value, "row"), number_of(value, "position")});
    for (const auto& item : list(value, "contents")) {
      auto name = text_of(item, "device");
      if (name.empty()) continue; // Gear that the plan does not know.
      to_.devices.push_back({std::move(name), text_of(item, "part"), number, number_of(item, "u")});
    }
  }

  void read_item(const json::Value& value) {
    to_.items.push_back({text_of(value, "part"), text_of(value, "kind"), text_of(value, "fabric"), text_of(value, "included_in"),
                         number_of(value, "length_m", 3), number_of(value, "quantity"), number_of(value, "spares"), number_of(value, "ordered"),
                         known_number_of(value, "unit_price_usd", 2), known_number_of(value, "power_max_w", 3)});
  }

  enum Column : std::size_t {
    from_device,
    from_cage,
    from_port,
    to_device,
    to_cage,
    to_port,
    from_module,
    to_module,
    cable_name,
    fabric_name,
    media_class,
    part_id,
    needed_length,
    sold_length,
    columns
  };

  bool find_columns(const json::CsvReader& rows) {
    constexpr std::array<std::string_view, columns> names = {"from_device", "from_cage",   "from_port", "to_device", "to_cage",
                                                             "to_port",     "from_module", "to_module", "cable",     "fabric",
                                                             "class",       "part",        "needed_m",  "sold_m"};
    for (std::size_t c = 0; c < names.size(); ++c) {
      at_[c] = rows.find(names[c]);
      if (at_[c] < rows.size()) continue;
      wrong(rows.where(), "cables.csv has no column `" + std::string(names[c]) + "`");
      return false;
    }
    return true;
  }

  /// A cell where it stands: the reader's own copies go with their row. Names of cables, devices and parts have no quotes.
  std::string_view cell(const json::CsvReader& rows, Column column) const {
    if (rows.cell(at_[column]).empty()) return {};
    const auto place = rows.where(at_[column]);
    return text_.substr(place.begin, place.end - place.begin);
  }

  std::optional<std::uint32_t> millimetres(const json::CsvReader& rows, Column column) const {
    const auto length = json::scaled(rows.cell(at_[column]), 3);
    return length && *length >= 0 && *length <= ~std::uint32_t{0} ? std::optional(static_cast<std::uint32_t>(*length)) : std::nullopt;
  }

  std::optional<PlanRecord::End> read_end(const json::CsvReader& rows, Column device, Column module) {
    const auto found = device_of_.find(cell(rows, device));
    if (found == device_of_.end()) {
      wrong(rows.where(at_[device]), "cables.csv names device `" + std::string(cell(rows, device)) + "`, which stands in no rack of plan.json");
      return std::nullopt;
    }
    const auto cage = cell(rows, static_cast<Column>(device + 1));
    const auto port = cell(rows, static_cast<Column>(device + 2));
    PlanRecord::End end{found->second, 0, 0};
    const auto [socket, fresh] = sockets_.try_emplace({cage, port}, static_cast<std::uint32_t>(to_.sockets.size()));
    if (fresh) to_.sockets.push_back({std::string(cage), std::string(port)});
    end.socket = socket->second;
    if (const auto plug = cell(rows, module); !plug.empty()) {
      end.module = 1 + modules_.number(plug, [&](std::string_view id) { to_.modules.emplace_back(id); });
    }
    return end;
  }

  /// The number of what the row's cable is.
  std::uint32_t piece_of(const json::CsvReader& rows, std::int64_t sold_mm) {
    const auto key = std::array{cell(rows, media_class), cell(rows, part_id), cell(rows, fabric_name), cell(rows, sold_length)};
    const auto [found, fresh] = pieces_.try_emplace(key, static_cast<std::uint32_t>(to_.pieces.size()));
    if (fresh) to_.pieces.push_back({std::string(key[0]), std::string(key[1]), sold_mm, std::string(key[2])});
    return found->second;
  }

  void read_cables() {
    for (std::uint32_t d = 0; d < to_.devices.size(); ++d) device_of_.emplace(to_.devices[d].name, d);
    json::CsvReader rows(cables_, text_);
    if (!rows.next()) {
      wrong({cables_, 0, 0}, "cables.csv is empty");
      return;
    }
    if (!find_columns(rows)) return;
    constexpr std::size_t most_trusted = 1U << 24U;
    const auto expected = std::min<std::size_t>(static_cast<std::size_t>(std::max<std::int64_t>(to_.totals.links, 0)), most_trusted);
    to_.legs.reserve(expected);
    cable_numbers_.reserve(expected);
    while (rows.next()) {
      if (!read_row(rows)) return;
    }
  }

  bool read_row(const json::CsvReader& rows) {
    const auto needed_mm = millimetres(rows, needed_length);
    const auto sold_mm = millimetres(rows, sold_length);
    const auto name = cell(rows, cable_name);
    if (!needed_mm || !sold_mm || name.empty()) {
      wrong(rows.where(), "a row of cables.csv has no cable, or no needed or sold length");
      return false;
    }
    const auto from = read_end(rows, from_device, from_module);
    const auto to = read_end(rows, to_device, to_module);
    if (!from || !to) return false;
    PlanRecord::Leg leg;
    leg.ends = {*from, *to};
    leg.cable = cable_numbers_.number(name, [&](std::string_view text) { to_.add_cable(text, piece_of(rows, *sold_mm), *needed_mm); });
    to_.legs.push_back(leg);
    return true;
  }

  PlanRecord& to_;
  std::string shown_;
  const SourceMap& sources_;
  FileId cables_;
  std::string_view text_;
  Sink& sink_;
  std::array<std::size_t, columns> at_{};
  std::unordered_map<std::string_view, std::uint32_t> device_of_;
  std::map<std::pair<std::string_view, std::string_view>, std::uint32_t> sockets_;
  std::map<std::array<std::string_view, 4>, std::uint32_t> pieces_;
  TextNumbers modules_;
  TextNumbers cable_numbers_;
};

} // namespace

bool is_plan_document(std::string_view text) {
  constexpr std::string_view format = "\"icplan.plan/1\"";
  constexpr std::string_view key = "\"format\"";
  constexpr std::string_view blanks = " \t\r\n";
  for (auto at = text.find(format); at != std::string_view::npos; at = text.find(format, at + 1)) {
    const auto colon = at == 0 ? std::string_view::npos : text.find_last_not_of(blanks, at - 1);
    if (colon == std::string_view::npos || colon == 0 || text[colon] != ':') continue;
    const auto name = text.find_last_not_of(blanks, colon - 1);
    if (name != std::string_view::npos && text.substr(0, name + 1).ends_with(key)) return true;
  }
  return false;
}

std::shared_ptr<const PlanRecord> read_saved_plan(const std::string& shown, const SourceMap& sources, FileId plan, FileId cables, Sink& sink) {
  auto record = std::make_shared<PlanRecord>();
  return SavedPlanReader(*record, shown, sources, cables, sink).run(plan) ? record : nullptr;
}

} // namespace icplan
