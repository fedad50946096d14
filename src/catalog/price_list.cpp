// SPDX-License-Identifier: Apache-2.0
// Reads price lists and finds prices in them.
#include "icplan/catalog/price_list.hpp"

#include "icplan/base/text.hpp"
#include "icplan/json/csv.hpp"
#include "part_reading.hpp"

#include <algorithm>
#include <array>

namespace icplan {

const QuotedPrice* PriceList::add(PartId part, Millimetres length, QuotedPrice price) {
  const auto [place, fresh] = prices_.try_emplace({part, length}, std::move(price));
  return fresh ? nullptr : &place->second;
}

const Price* PriceList::find(PartId part, Millimetres length) const {
  auto found = prices_.find({part, length});
  if (found == prices_.end()) found = prices_.find({part, Millimetres()});
  return found == prices_.end() ? nullptr : &found->second.price;
}

bool PriceList::names(PartId part) const {
  const auto found = prices_.lower_bound({part, Millimetres()});
  return found != prices_.end() && found->first.first == part;
}

namespace {

enum Column : std::size_t { part_column, price_column, length_column, date_column, basis_column, note_column, column_count };
constexpr std::array<std::string_view, column_count> columns = {"part", "unit_price_usd", "length_m", "date", "basis", "note"};
constexpr auto known_columns = "the columns are part,unit_price_usd and, where wanted, length_m, date, basis, note";
/// More rows than any site has prices.
constexpr std::size_t most_rows = 100'000;

const SoldLengths* sold_lengths(const Part& part) {
  if (const auto* cable = part.as<CableFacts>()) return &cable->lengths;
  if (const auto* fibre = part.as<FibreFacts>()) return &fibre->lengths;
  if (const auto* utp = part.as<UtpFacts>()) return &utp->lengths;
  return nullptr;
}

std::string shown(std::string_view text) {
  constexpr std::size_t most_bytes = 60;
  return text.size() <= most_bytes && is_printable(text) ? "`" + std::string(text) + "`" : "its text";
}

class PriceReader {
public:
  PriceReader(FileId file, std::string_view text, std::string_view name, const Catalog& catalog, Sink& sink)
      : csv_(file, text), bytes_(text.size()), file_{file, 0, 1}, name_("`" + std::string(name) + "`"), catalog_(catalog), sink_(sink) {
    for (const auto id : catalog.sorted()) ids_.push_back(catalog[id].id);
  }

  PriceList run() {
    if (bytes_ > json::max_csv_bytes) {
      sink_.report(Code::document_too_large, file_, name_ + " is larger than 64 MiB", "leave out what the plan cannot use");
      return {};
    }
    if (!csv_.next()) {
      sink_.report(Code::wrong_price, file_, name_ + " is empty", known_columns);
      return {};
    }
    if (!read_header()) return {};
    for (std::size_t row = 0; csv_.next(); ++row) {
      if (row == most_rows) {
        sink_.report(Code::wrong_price, csv_.where(), name_ + " has more than 100,000 rows", "leave out what the plan cannot use");
        break;
      }
      read_row();
    }
    replaced_.message = "prices of " + name_ + " take the place of other prices in the shipped catalogs";
    sink_.report(std::move(replaced_));
    free_.message = "prices of " + name_ + " are $0";
    sink_.report(std::move(free_));
    return std::move(list_);
  }

private:
  void refuse(std::size_t column, const std::string& message, const std::string& help) {
    sink_.report(Code::wrong_price, csv_.where(at_[column]), message, help);
  }

  bool read_header() {
    bool good = true;
    at_.fill(csv_.size());
    for (std::size_t i = 0; i < csv_.size(); ++i) {
      const auto found = std::find(columns.begin(), columns.end(), csv_.cell(i));
      const auto column = static_cast<std::size_t>(found - columns.begin());
      if (found == columns.end()) {
        const auto nearest = closest_word(csv_.cell(i), columns);
        sink_.report(Code::unknown_key, csv_.where(i), name_ + " has a column " + shown(csv_.cell(i)) + ", which is not known",
                     nearest ? "did you mean `" + std::string(*nearest) + "`?" : known_columns);
        good = false;
      } else if (at_[column] < csv_.size()) {
        sink_.report(Code::duplicate_key, csv_.where(i), name_ + " has two columns `" + std::string(*found) + "`", "leave one out");
        good = false;
      } else {
        at_[column] = i;
      }
    }
    for (const auto column : {part_column, price_column}) {
      if (at_[column] < csv_.size()) continue;
      sink_.report(Code::missing_key, csv_.where(), "the first line of " + name_ + " names no column `" + std::string(columns[column]) + "`",
                   known_columns);
      good = false;
    }
    width_ = csv_.size();
    // An absent column is beyond the cells of every row.
    for (auto& at : at_) {
      if (at == width_) at = static_cast<std::size_t>(-1);
    }
    return good;
  }

  void read_row() {
    if (csv_.unclosed() || csv_.size() > width_) {
      sink_.report(Code::wrong_price, csv_.where(),
                   csv_.unclosed() ? std::string("a quote of the row is not closed")
                                   : "the row has " + std::to_string(csv_.size()) + " cells, the first line " + std::to_string(width_),
                   "put a cell that holds a comma into quotes, and double the quotes in it");
      return;
    }
    const auto part = read_part_id();
    const auto amount = read_amount();
    const auto length = read_length(part);
    const auto date = read_date();
    const auto basis = read_basis();
    if (!part || !amount || !length || !date || !basis) return;
    add(*part, *length, {{*amount, *basis, *date}, csv_.where(at_[price_column])});
  }

  std::optional<PartId> read_part_id() {
    const auto id = csv_.cell(at_[part_column]);
    if (const auto found = catalog_.find(id)) return found;
    if (id.empty()) {
      refuse(part_column, "the row names no part", "write the part's id");
      return std::nullopt;
    }
    const auto nearest = closest_word(id, ids_);
    sink_.report(Code::unknown_part, csv_.where(at_[part_column]), "no part " + shown(id) + " in the catalogs",
                 nearest ? "did you mean `" + std::string(*nearest) + "`?"
                         : "`icplan catalog list` prints the known ones; add your own through `catalogs`, or leave the row out");
    return std::nullopt;
  }

  std::optional<Cents> read_amount() {
    const auto text = csv_.cell(at_[price_column]);
    const auto cents = json::scaled(text, 2);
    if (cents && *cents >= 0 && *cents <= most_cents) return Cents(*cents);
    refuse(price_column, text.empty() ? "the row has no price" : shown(text) + " is no price",
           text.empty() ? "leave the row out: a part without a price counts as unknown, not as free"
                        : "write US dollars with at most 2 decimals and nothing else, such as 1234.50; at most 100,000,000");
    return std::nullopt;
  }

  /// 0 where the row states none.
  std::optional<Millimetres> read_length(std::optional<PartId> part) {
    const auto text = csv_.cell(at_[length_column]);
    if (text.empty()) return Millimetres();
    const auto length = json::scaled(text, 3);
    if (!length || *length <= 0 || *length > most_millimetres) {
      refuse(length_column, shown(text) + " is no length", "write metres with at most 3 decimals, such as 1.5");
      return std::nullopt;
    }
    if (!part) return Millimetres(*length);
    const auto* lengths = sold_lengths(catalog_[*part]);
    if (lengths == nullptr) {
      refuse(length_column, "`" + catalog_[*part].id + "` is a " + std::string(to_text(catalog_[*part].kind)) + " and is not sold by length",
             "leave the length out");
      return std::nullopt;
    }
    const auto sold = lengths->at_least(Millimetres(*length));
    if (sold == Millimetres(*length)) return sold;
    refuse(length_column, "`" + catalog_[*part].id + "` is not sold at " + decimal(*length, 3) + " m",
           sold ? "the next length that is sold is " + decimal(sold->count(), 3) + " m" : "`icplan catalog show` prints the lengths that are sold");
    return std::nullopt;
  }

  std::optional<std::string> read_date() {
    const auto text = csv_.cell(at_[date_column]);
    if (text.empty() || is_date(text)) return std::string(text);
    refuse(date_column, shown(text) + " is no date", "write it as YYYY-MM-DD, or as YYYY-MM where no day is known");
    return std::nullopt;
  }

  /// For a price, the seller's own text is the first-hand source, as a maker's datasheet is for watts.
  std::optional<Basis> read_basis() {
    const auto text = csv_.cell(at_[basis_column]);
    if (text.empty()) return Basis::datasheet;
    for (const auto& word : basis_words) {
      if (word.text == text && word.value != Basis::generic) return word.value;
    }
    refuse(basis_column, shown(text) + " is no basis of a price",
           "use `datasheet` (what the seller quoted; the default), `secondary`, `unconfirmed` or `claim`");
    return std::nullopt;
  }

  void add(PartId id, Millimetres length, QuotedPrice quoted) {
    const auto& part = catalog_[id];
    const auto amount = quoted.price.amount;
    const auto where = quoted.where;
    const auto dollars = [](Cents cents) { return "$" + fixed(cents.count(), 2); };
    const auto what = "`" + part.id + "`" + (length.count() == 0 ? "" : " at " + decimal(length.count(), 3) + " m");
    if (amount.count() == 0) {
      if (free_.count == 0) free_.where = where;
      free_.add([&] { return what; });
    }
    if (const auto* earlier = list_.add(id, length, std::move(quoted))) {
      if (earlier->price.amount == amount) return;
      sink_.report(Code::conflicting_prices, where,
                   what + " costs " + dollars(amount) + " here and " + dollars(earlier->price.amount) + " in an earlier row",
                   "keep the price that holds");
      return;
    }
    if (!part.price || part.price->value == amount) return;
    if (catalog_.is_overlaid(id)) {
      sink_.report(Code::conflicting_prices, where,
                   what + " costs " + dollars(amount) + " here and " + dollars(part.price->value) + " in the overlay catalog that describes it",
                   "keep the price that holds, in one of the two");
      return;
    }
    if (replaced_.count == 0) replaced_.where = where;
    replaced_.add([&] { return what + ": " + dollars(part.price->value) + " -> " + dollars(amount); });
  }

  json::CsvReader csv_;
  std::size_t bytes_;
  SourceRange file_;
  std::string name_;
  const Catalog& catalog_;
  Sink& sink_;
  std::vector<std::string_view> ids_;
  std::array<std::size_t, column_count> at_{};
  std::size_t width_ = 0;
  PriceList list_;
  Finding free_ = Finding::of(Code::zero_price, {}, {}, "leave out what has no known price: it counts as unknown then, not as free", 0);
  Finding replaced_ = Finding::of(Code::price_replaced, {}, {}, {}, 0);
};

} // namespace

PriceList read_price_list(FileId file, std::string_view text, std::string_view name, const Catalog& catalog, Sink& sink) {
  return PriceReader(file, text, name, catalog, sink).run();
}

} // namespace icplan
