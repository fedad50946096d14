// SPDX-License-Identifier: Apache-2.0
// Reads measured and locked lengths from a CSV file, such as a cable schedule with a column `status` more.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"
#include "icplan/json/csv.hpp"
#include "icplan/json/value.hpp"
#include "icplan/spec/cable_columns.hpp"

#include <algorithm>

namespace icplan {
namespace {

constexpr std::size_t most_rows = 1'000'000;
constexpr std::int64_t most_millimetres = 1'000'000'000;
constexpr std::array<std::string_view, 3> own_columns = {"length_m", "status", "note"};
constexpr auto shape = "one row for each cable: cable (or from_device,from_cage,from_port,to_device,to_cage,to_port),length_m,status,estimate_m";

/// Where each column that means something stands; absent ones are beyond every row.
struct Columns {
  static constexpr std::size_t absent = ~std::size_t{0};
  std::size_t cable = absent;
  std::array<std::size_t, end_columns.size()> ends{};
  std::size_t length = absent;
  std::size_t status = absent;
  std::size_t estimate = absent;
  std::size_t sold = absent;
  std::size_t part = absent;
};

class LengthReader {
public:
  LengthReader(LengthFile& file, const SpecFile& read, const Catalog& catalog, Sink& sink)
      : file_(file), read_(read), catalog_(catalog), sink_(sink), rows_(read.file, read.text) {}

  void run();

private:
  bool read_header();
  void read_row();
  bool read_name(LengthRow& row);
  std::optional<Millimetres> metres(std::size_t column, std::string_view name, bool& sound);
  std::string_view keep(std::size_t column);
  SourceRange where() const { return rows_.where(); }
  SourceRange where(std::size_t column) const { return rows_.where(column); }
  void wrong(SourceRange where, std::string message, std::string help = shape) {
    sink_.report(Code::wrong_length_row, where, std::move(message), std::move(help));
  }

  LengthFile& file_;
  const SpecFile& read_;
  const Catalog& catalog_;
  Sink& sink_;
  json::CsvReader rows_;
  Columns columns_;
};

/// The text of a cell for as long as the file of lengths lives.
std::string_view LengthReader::keep(std::size_t column) {
  const auto cell = rows_.cell(column);
  const auto place = rows_.where(column);
  const auto written = read_.text.substr(place.begin, place.end - place.begin);
  return written == cell ? written : std::string_view(file_.copies.emplace_back(cell));
}

bool LengthReader::read_header() {
  if (!rows_.next()) {
    wrong({read_.file, 0, 0}, quoted(file_.path) + " is empty");
    return false;
  }
  std::vector<std::string_view> known(cable_columns.begin(), cable_columns.end());
  known.insert(known.end(), term_columns.begin(), term_columns.end());
  known.insert(known.end(), own_columns.begin(), own_columns.end());
  bool sound = true;
  for (std::size_t c = 0; c < rows_.size(); ++c) {
    if (std::find(known.begin(), known.end(), rows_.cell(c)) != known.end() || rows_.cell(c).empty()) continue;
    const auto nearest = closest_word(rows_.cell(c), known);
    wrong(where(c), quoted(file_.path) + " has a column " + shown_name(rows_.cell(c)) + ", which means nothing here",
          nearest ? "did you mean " + quoted(*nearest) + "?"
                  : "columns of a cable schedule, and `length_m`, `status`, `estimate_m` and `note` are known");
    sound = false;
  }
  const auto at = [&](std::string_view name) { return rows_.find(name) < rows_.size() ? rows_.find(name) : Columns::absent; };
  columns_ = {at("cable"), {}, at("length_m"), at("status"), at("estimate_m"), at("sold_m"), at("part")};
  for (std::size_t c = 0; c < end_columns.size(); ++c) columns_.ends[c] = at(end_columns[c]);
  // A cable schedule read back states the length that it was planned with.
  if (columns_.length == Columns::absent) columns_.length = at("leg_m");
  const bool ends = std::find(columns_.ends.begin(), columns_.ends.end(), Columns::absent) == columns_.ends.end();
  for (const auto& [missing, name] :
       {std::pair(columns_.cable == Columns::absent && !ends, "cable"), std::pair(columns_.length == Columns::absent, "length_m"),
        std::pair(columns_.status == Columns::absent, "status")}) {
    if (!missing) continue;
    wrong(where(), "the first line of " + quoted(file_.path) + " names no column " + quoted(name));
    sound = false;
  }
  return sound;
}

std::optional<Millimetres> LengthReader::metres(std::size_t column, std::string_view name, bool& sound) {
  const auto cell = rows_.cell(column);
  if (cell.empty()) return std::nullopt;
  const auto value = json::scaled(cell, 3);
  if (value && *value >= 1 && *value <= most_millimetres) return Millimetres(*value);
  wrong(where(column), quoted(name) + " is " + shown_name(cell) + "; it is metres, from 0.001 to 1,000,000, with at most three decimals",
        "write a number such as 12.5");
  sound = false;
  return std::nullopt;
}

/// Both ends where the row has them, else the name of the cable.
bool LengthReader::read_name(LengthRow& row) {
  std::size_t stated = 0;
  for (std::size_t c = 0; c < end_columns.size(); ++c) {
    row.ends[c] = rows_.cell(columns_.ends[c]);
    if (!row.ends[c].empty()) ++stated;
  }
  if (stated == end_columns.size()) {
    for (std::size_t c = 0; c < end_columns.size(); ++c) row.ends[c] = keep(columns_.ends[c]);
    return true;
  }
  row.ends = {};
  if (!rows_.cell(columns_.cable).empty()) row.cable = keep(columns_.cable);
  if (!row.cable.empty()) return true;
  wrong(where(), stated == 0 ? "the row names no cable" : "the row names " + std::to_string(stated) + " of the 6 cells of its ends, and no cable");
  return false;
}

void LengthReader::read_row() {
  LengthRow row;
  row.where = where();
  if (rows_.unclosed()) {
    wrong(row.where, "a quote of the row is not closed", "close it in the same line");
    return;
  }
  const auto status = rows_.cell(columns_.status);
  // A cable schedule has rows of which nothing more is known.
  if (status.empty() || status == to_text(LengthStatus::estimated)) return;
  bool sound = true;
  if (status == to_text(LengthStatus::locked)) {
    row.status = LengthStatus::locked;
  } else if (status != to_text(LengthStatus::measured)) {
    wrong(where(columns_.status), "`status` is " + shown_name(status), "use `measured` or `locked`; leave it empty where nothing is known");
    sound = false;
  }
  sound = read_name(row) && sound;
  const auto length = metres(columns_.length, "length_m", sound);
  if (!length && rows_.cell(columns_.length).empty()) {
    wrong(where(columns_.length), "the row states no length");
    sound = false;
  }
  row.length = length.value_or(Millimetres());
  row.estimate = metres(columns_.estimate, "estimate_m", sound);
  if (row.status == LengthStatus::locked) {
    row.sold = metres(columns_.sold, "sold_m", sound);
    if (const auto id = rows_.cell(columns_.part); !id.empty()) {
      const auto found = catalog_.find(id);
      if (found) {
        row.part = *found;
      } else {
        std::vector<std::string_view> ids;
        for (const auto part : catalog_.sorted()) ids.push_back(catalog_[part].id);
        const auto nearest = closest_word(id, ids);
        sink_.report(Code::unknown_part, where(columns_.part), "no part " + shown_name(id) + " in the catalogs",
                     nearest ? "did you mean " + quoted(*nearest) + "?" : "add it through `catalogs`");
        sound = false;
      }
    }
  }
  if (sound) file_.rows.push_back(row);
}

void LengthReader::run() {
  if (read_.text.size() > json::max_csv_bytes) {
    wrong({read_.file, 0, 1}, quoted(file_.path) + " is larger than 64 MB", "split the cluster");
    return;
  }
  if (!read_header()) return;
  while (rows_.next()) {
    if (file_.rows.size() == most_rows) {
      wrong(where(), quoted(file_.path) + " states more than 1,000,000 lengths", "split the cluster");
      return;
    }
    read_row();
  }
}

} // namespace

std::string_view to_text(LengthStatus status) {
  switch (status) {
  case LengthStatus::estimated: return "estimated";
  case LengthStatus::measured: return "measured";
  case LengthStatus::locked: return "locked";
  }
  return "?";
}

std::vector<NamedFile> length_lists(const json::Value& document) {
  const json::Value* media = document.find("media");
  const json::Value* file = media != nullptr && media->kind == json::Kind::object ? media->find("lengths") : nullptr;
  if (file == nullptr || file->kind != json::Kind::string) return {};
  return {{file->text, file->where}};
}

void SpecLoader::read_lengths(json::ObjectReader& media) {
  const auto path = media.string("lengths");
  if (!path) return;
  const auto found = files_.find(*path);
  if (found == files_.end()) return; // That it cannot be read is reported where it is read.
  auto file = std::make_shared<LengthFile>();
  file->path = *path;
  file->named = media.any("lengths")->where;
  LengthReader(*file, found->second, catalog_, sink_).run();
  spec_.lengths = std::move(file);
}

} // namespace icplan
