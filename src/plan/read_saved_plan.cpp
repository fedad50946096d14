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
    // Contradictions say more than that something was changed.
    if (sink_.errors() == errors) check_unchanged(*document, sources_.text(plan));
    return sink_.errors() == errors;
  }

private:
  void wrong(SourceRange where, std::string message, std::string help = write_plan_again) {
    where.end = std::min(where.end, where.begin + 1);
    sink_.report(Code::saved_plan_unreadable, where, "saved plan `" + shown_ + "`: " + std::move(message), std::move(help));
  }

  void check_unchanged(const json::Value& document, std::string_view text) {
    switch (check_own_digest(document, text)) {
    case OwnDigest::right: return;
    case OwnDigest::missing:
      wrong(document.where, "plan.json does not end with a `sha256` of itself: an earlier version of icplan wrote it, or it was changed");
      return;
    case OwnDigest::wrong: break;
    }
    auto where = document.members.back().name_where;
    where.end = std::min(where.end, where.begin + 1);
    sink_.report(Code::saved_plan_inconsistent, where, "saved plan `" + shown_ + "`: plan.json was changed after it was written", write_plan_again);
  }

  /// A row may be wrong in many places, and a plan may have many rows.
  void wrong_member(const json::Value& object, std::string_view name, std::string_view wanted) {
    constexpr std::size_t most = 20;
    if (wrong_members_++ >= most) return;
    const auto* value = object.find(name);
    auto found = value == nullptr ? std::string("missing") : std::string(json::describe(value->kind));
    if (value != nullptr && value->kind == json::Kind::number) found = value->text.size() <= 40 ? value->text : value->text.substr(0, 40) + "...";
    wrong(value == nullptr ? object.where : value->where, "`" + std::string(name) + "` is " + found + ", not " + std::string(wanted));
  }

  /// Text; null is empty.
  std::string text_in(const json::Value& object, std::string_view name) {
    const auto* value = object.find(name);
    if (value != nullptr && value->kind == json::Kind::null) return {};
    if (value != nullptr && value->kind == json::Kind::string) return value->text;
    wrong_member(object, name, "a text");
    return {};
  }

  /// A figure, which may be null.
  std::optional<std::int64_t> figure_in(const json::Value& object, std::string_view name, int decimals) {
    const auto* value = object.find(name);
    if (value != nullptr && value->kind == json::Kind::null) return std::nullopt;
    const auto number = known_number_of(object, name, decimals);
    if (number && *number >= 0 && *number <= max_saved_figure) return number;
    wrong_member(object, name, decimals == 0 ? "a number from 0 on" : "a number from 0 on, of at most " + std::to_string(decimals) + " decimals");
    return std::nullopt;
  }

  std::int64_t count_in(const json::Value& object, std::string_view name) {
    const auto number = known_number_of(object, name, 0);
    if (number && *number >= 0 && *number <= max_saved_count) return *number;
    wrong_member(object, name, "a count");
    return 0;
  }
  /// A count, or 0 for null.
  std::int64_t count_or_null_in(const json::Value& object, std::string_view name) {
    const auto* value = object.find(name);
    return value != nullptr && value->kind == json::Kind::null ? 0 : count_in(object, name);
  }

  bool flag_in(const json::Value& object, std::string_view name) {
    const auto* value = object.find(name);
    if (value == nullptr || value->kind != json::Kind::boolean) wrong_member(object, name, "true or false");
    return value != nullptr && value->boolean;
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
    to_.name = text_in(document, "name");
    const auto* summary = document.find("summary");
    if (summary == nullptr) {
      wrong(document.where, "plan.json has no `summary`");
      return;
    }
    read_totals(*summary);
    for (const auto& fabric : list(document, "fabrics")) read_fabric(fabric);
    for (const auto& group : list(document, "nodes")) {
      to_.nodes.push_back({text_in(group, "group"), text_in(group, "model"), count_in(group, "count")});
    }
    for (const auto& rack : list(document, "racks")) read_rack(rack);
    for (const auto& item : list(document, "bom")) read_item(item);
    for (const auto& finding : list(document, "findings")) {
      to_.findings.push_back({text_in(finding, "code"), text_in(finding, "name"), text_in(finding, "severity"), text_in(finding, "message"),
                              text_in(finding, "help"), text_in(finding, "file"), count_or_null_in(finding, "line"),
                              count_or_null_in(finding, "column"), count_in(finding, "count")});
    }
  }

  void read_totals(const json::Value& summary) {
    auto& to = to_.totals;
    to.gpus = count_in(summary, "gpus");
    to.nodes = count_in(summary, "nodes");
    to.support_nodes = count_in(summary, "support_nodes");
    to.racks = count_in(summary, "racks");
    to.switches = count_in(summary, "switches");
    to.links = count_in(summary, "links");
    to.cables = count_in(summary, "cables");
    to.modules = count_in(summary, "modules");
    to.power_typical_mw = figure_in(summary, "power_typical_w", 3);
    to.power_max_mw = figure_in(summary, "power_max_w", 3);
    to.cost_cents = figure_in(summary, "cost_usd", 2);
    to.power_typical_unknown = count_in(summary, "power_typical_unknown_parts");
    to.power_max_unknown = count_in(summary, "power_unknown_parts");
    to.cost_unknown = count_in(summary, "cost_unknown_parts");
  }

  void read_fabric(const json::Value& value) {
    auto& to = to_.fabrics.emplace_back();
    to.name = text_in(value, "name");
    to.topology = text_in(value, "topology");
    for (const auto& tier : list(value, "tiers")) {
      to.tiers.push_back({text_in(tier, "name"), text_in(tier, "model"), count_in(tier, "switches"), figure_in(tier, "oversubscription", 3)});
    }
    const auto* bandwidth = value.find("bandwidth");
    if (bandwidth == nullptr) {
      wrong_member(value, "bandwidth", "an object");
      return;
    }
    to.per_gpu_mbps = figure_in(*bandwidth, "injection_gbps_per_gpu", 3);
    to.bisection_full_mbps = figure_in(*bandwidth, "bisection_full_tbps", 6);
    to.bisection_bound = flag_in(*bandwidth, "bisection_is_bound");
  }

  void read_rack(const json::Value& value) {
    const auto number = static_cast<std::uint32_t>(to_.racks.size());
    to_.racks.push_back(
        {text_in(value, "name"), text_in(value, "rack"), text_in(value, "hall"), count_in(value, "row"), count_in(value, "position")});
    for (const auto& item : list(value, "contents")) {
      auto name = text_in(item, "device");
      if (name.empty()) continue; // Gear that the plan does not know.
      to_.devices.push_back({std::move(name), text_in(item, "part"), number, count_or_null_in(item, "u")});
    }
  }

  void read_item(const json::Value& value) {
    to_.items.push_back({text_in(value, "part"), text_in(value, "kind"), text_in(value, "fabric"), text_in(value, "included_in"),
                         figure_in(value, "length_m", 3).value_or(0), count_in(value, "quantity"), count_in(value, "spares"),
                         count_or_null_in(value, "ordered"), figure_in(value, "unit_price_usd", 2), figure_in(value, "power_max_w", 3)});
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
  std::size_t wrong_members_ = 0;
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
