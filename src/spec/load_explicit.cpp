// SPDX-License-Identifier: Apache-2.0
// Reads an explicit topology: switches by tier, and links from the spec or from a port-to-port CSV.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace icplan {

using json::ObjectReader;

namespace {

constexpr std::size_t most_links = 4'000'000;
/// The last one may be left out.
constexpr std::array<std::string_view, 7> columns = {"from_device", "from_cage", "from_port", "to_device", "to_cage", "to_port", "speed_gbps"};
constexpr std::size_t needed_columns = columns.size() - 1;
constexpr std::size_t missing_column = std::string::npos;
constexpr std::int64_t most_mbps = 100'000'000;

std::optional<std::int64_t> port_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= 64 ? std::optional(number) : std::nullopt;
}

} // namespace

void SpecLoader::read_explicit(ObjectReader& item, TopologyOptions& options) {
  if (item.require("switches")) {
    if (const json::Value* switches = item.object("switches")) {
      ObjectReader tiers(*switches, item.path() + ".switches", sink_);
      for (const auto tier : {"leaf", "spine", "core"}) {
        if (const auto count = tiers.integer(tier, 0, 100'000)) options.tiers.push_back({tier, *count});
      }
      tiers.finish();
    }
  }
  const json::Value* list = item.array("links");
  const json::Value* file = item.any("csv");
  if ((list == nullptr) == (file == nullptr) && item.any("links") == nullptr) {
    sink_.report(Code::missing_key, item.value().where, "an explicit topology needs its `links`, or a `csv` file with them",
                 "one row per link: " + std::string("from_device,from_cage,from_port,to_device,to_cage,to_port"));
    return;
  }
  if (list != nullptr && file != nullptr) {
    sink_.report(Code::conflicting_values, file->where, "an explicit topology has both `links` and a `csv` file", "state one of them");
    return;
  }
  if (list != nullptr) read_links(*list, item.path(), options);
  if (const auto path = item.string("csv")) read_link_file(*path, file->where, options);
}

void SpecLoader::read_links(const json::Value& list, const std::string& path, TopologyOptions& options) {
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    ObjectReader item(list.items[i], path + "." + indexed("links", i), sink_);
    if (!item.is_object()) continue;
    ExplicitLink link;
    link.where = list.items[i].where;
    link.where.end = link.where.begin + 1;
    const bool complete = item.require_all({"from_device", "from_cage", "to_device", "to_cage"});
    link.from = {item.string("from_device").value_or(""), item.string("from_cage").value_or(""), item.integer("from_port", 1, 64).value_or(1)};
    link.to = {item.string("to_device").value_or(""), item.string("to_cage").value_or(""), item.integer("to_port", 1, 64).value_or(1)};
    link.speed = item.quantity<Mbps>("speed_gbps", 3, 1, most_mbps);
    item.finish();
    if (complete) options.links.push_back(std::move(link));
  }
}

/// Columns are found by the names of the first line, in any order; others are ignored, so that a cable schedule can be read back.
void SpecLoader::read_link_file(const std::string& path, SourceRange named, TopologyOptions& options) {
  const auto found = files_.find(path);
  if (found == files_.end()) return; // That it cannot be read is reported where it is read.
  json::CsvReader csv(found->second.file, found->second.text);
  if (found->second.text.size() > json::max_csv_bytes) {
    sink_.report(Code::document_too_large, named, quoted(path) + " is larger than 64 MiB", "split the cluster");
    return;
  }
  std::array<std::size_t, columns.size()> at{};
  if (!csv.next()) return;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    at[c] = csv.find(columns[c]);
    if (at[c] < csv.size()) continue;
    at[c] = missing_column;
    if (c >= needed_columns) continue;
    sink_.report(Code::missing_key, csv.where(), "the first line of " + quoted(path) + " names no column " + quoted(columns[c]),
                 "it names the columns: from_device,from_cage,from_port,to_device,to_cage,to_port");
    return;
  }
  while (csv.next()) {
    if (options.links.size() == most_links) {
      sink_.report(Code::cluster_too_large, named, quoted(path) + " lists more than 4,000,000 links", "split the cluster");
      return;
    }
    read_link_row(csv, at, options);
  }
}

void SpecLoader::read_link_row(const json::CsvReader& csv, const std::array<std::size_t, 7>& at, TopologyOptions& options) {
  const auto cell = [&](std::size_t c) { return csv.cell(at[c]); };
  const auto from_port = port_number(cell(2));
  const auto to_port = port_number(cell(5));
  if (cell(0).empty() || cell(3).empty() || !from_port || !to_port) {
    sink_.report(Code::wrong_link, csv.where(), "the row has no device at both ends, or a port that is no number from 1 to 64",
                 "one row per link: from_device,from_cage,from_port,to_device,to_cage,to_port");
    return;
  }
  std::optional<Mbps> speed;
  if (!cell(6).empty()) {
    const auto mbps = json::scaled(cell(6), 3);
    if (!mbps || *mbps < 1 || *mbps > most_mbps) {
      sink_.report(Code::wrong_link, csv.where(), "the row states a speed that is no number of Gb/s from 0.001 to 100,000",
                   "leave the cell empty, or state 400");
      return;
    }
    speed = Mbps(*mbps);
  }
  options.links.push_back(
      {{std::string(cell(0)), std::string(cell(1)), *from_port}, {std::string(cell(3)), std::string(cell(4)), *to_port}, speed, csv.where()});
}

} // namespace icplan
