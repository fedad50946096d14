// SPDX-License-Identifier: Apache-2.0
// Adds up prices: unknown is not zero.
#pragma once

#include "icplan/analysis/energy.hpp"

#include <cstdint>
#include <optional>
#include <set>

namespace icplan {

/// Pieces while their prices are added up.
class PriceAccount {
public:
  void add(PartId part, const std::optional<Price>& price, std::int64_t pieces) {
    pieces_ += pieces;
    if (pieces == 0) return;
    if (price) {
      total_ += price->amount * pieces;
      known_.insert(part);
    } else {
      unknown_.insert(part);
    }
  }
  [[nodiscard]] std::int64_t pieces() const { return pieces_; }
  [[nodiscard]] CostReport report() const {
    return {total_, static_cast<std::int64_t>(known_.size()), static_cast<std::int64_t>(unknown_.size())};
  }

private:
  std::int64_t pieces_ = 0;
  Cents total_;
  std::set<PartId> known_;
  std::set<PartId> unknown_;
};

/// The rows that `wanted` takes, as ordered; what comes inside of another part has no price of its own.
template <class Wanted> CostReport add_prices(const Plan& plan, const Wanted& wanted) {
  PriceAccount account;
  for (const auto& row : plan.bom) {
    if (!row.included_in.valid() && wanted(row)) account.add(row.part, plan.unit_price(row), row.ordered);
  }
  return account.report();
}

} // namespace icplan
