// SPDX-License-Identifier: Apache-2.0
// A site's own prices: what its suppliers quoted for parts of the catalogs.
#pragma once

#include "icplan/catalog/catalog.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace icplan {

/// What one piece costs, and what that rests on.
struct Price {
  Cents amount;
  Basis basis = Basis::unconfirmed;
  /// YYYY-MM-DD or YYYY-MM; empty when not known.
  std::string date;
};

/// One row of a price list.
struct QuotedPrice {
  Price price;
  SourceRange where;
};

/// Prices by part, and by length where one length of a part is quoted. A part that the list names is priced by the list alone.
class PriceList {
public:
  /// Adds a price; a length of 0 is every length without a price of its own. Returns the price that is there already, or nothing.
  const QuotedPrice* add(PartId part, Millimetres length, QuotedPrice price);
  /// The price of a piece of that length (0 for parts that are not sold by length), or nothing.
  [[nodiscard]] const Price* find(PartId part, Millimetres length) const;
  [[nodiscard]] bool names(PartId part) const;
  [[nodiscard]] bool empty() const { return prices_.empty(); }
  /// The number of prices.
  [[nodiscard]] std::size_t size() const { return prices_.size(); }

private:
  std::map<std::pair<PartId, Millimetres>, QuotedPrice> prices_;
};

/// Reads a price list (CSV): `part,unit_price_usd` and, where wanted, `length_m`, `date`, `basis`, `note`, in any order. `name` is how findings call
/// it. Everything wrong with it is in the sink, at the cell.
[[nodiscard]] PriceList read_price_list(FileId file, std::string_view text, std::string_view name, const Catalog& catalog, Sink& sink);

} // namespace icplan
