// SPDX-License-Identifier: Apache-2.0
// Changes that are exact although figures are not.
#include "diff_unknown.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace icplan {
namespace {

__extension__ typedef __int128 Wide;

/// A bill of materials, split in what has a price and what has none.
struct Bill {
  Wide cents = 0;
  /// Pieces without a price by part and sold length.
  std::map<std::pair<std::string_view, std::int64_t>, Wide> open;
  std::set<std::string_view> open_parts;

  explicit Bill(const PlanRecord& plan) {
    for (const auto& item : plan.items) {
      if (!item.included_in.empty()) continue;
      if (item.price_cents) {
        cents += Wide{*item.price_cents} * item.ordered;
        continue;
      }
      open_parts.insert(item.part);
      if (item.ordered != 0) open[{item.part, item.length_mm}] += item.ordered;
    }
  }
  /// Else there is more to the total than its rows.
  [[nodiscard]] bool comes_to(const PlanRecord::Totals& totals) const {
    return cents == totals.cost_cents.value_or(0) && static_cast<std::int64_t>(open_parts.size()) == totals.cost_unknown;
  }
};

/// Pieces of everything, by what it is and the watts that it states.
auto count_pieces(const PlanRecord& plan) {
  std::map<std::tuple<std::string_view, std::string_view, std::string_view, std::int64_t, std::optional<std::int64_t>>, Wide> pieces;
  for (const auto& item : plan.items) pieces[{item.kind, item.part, item.included_in, item.length_mm, item.power_max_mw}] += item.quantity;
  return pieces;
}

} // namespace

std::optional<std::int64_t> sure_cost_change(const PlanRecord& before, const PlanRecord& after) {
  const Bill a(before);
  const Bill b(after);
  if (a.open != b.open || !a.comes_to(before.totals) || !b.comes_to(after.totals)) return std::nullopt;
  return after.totals.cost_cents.value_or(0) - before.totals.cost_cents.value_or(0);
}

bool same_power(const PlanDiff& diff) {
  const auto& a = diff.before->totals;
  const auto& b = diff.after->totals;
  if (a.power_max_mw != b.power_max_mw || a.power_max_unknown != b.power_max_unknown) return false;
  if (a.power_typical_mw != b.power_typical_mw || a.power_typical_unknown != b.power_typical_unknown) return false;
  const bool same_hosts = diff.devices.empty() && diff.devices_added.empty() && diff.devices_removed.empty() && diff.devices_replaced.empty();
  const bool same_plugs = diff.cables_added.empty() && diff.cables_removed.empty() && diff.cables_relengthened.empty() &&
                          diff.cables_changed.empty() && diff.cables_replugged.empty();
  return same_hosts && same_plugs && count_pieces(*diff.before) == count_pieces(*diff.after);
}

bool same_bisection(const PlanDiff& diff, const PlanRecord::Fabric& before, const PlanRecord::Fabric& after) {
  if (before != after) return false;
  // A fabric without switches of its own runs over the cables of another.
  const bool own = !before.tiers.empty();
  const auto other = [&](const PlanRecord& plan, std::uint32_t cable) { return own && plan.pieces[plan.cables[cable].piece].fabric != before.name; };
  const auto all_other = [&](const PlanRecord& plan, const std::vector<std::uint32_t>& cables) {
    return std::all_of(cables.begin(), cables.end(), [&](std::uint32_t cable) { return other(plan, cable); });
  };
  const auto pairs_other = [&](const std::vector<PlanDiff::Cable>& cables) {
    return std::all_of(cables.begin(), cables.end(),
                       [&](const PlanDiff::Cable& of) { return other(*diff.before, of.before) && other(*diff.after, of.after); });
  };
  return all_other(*diff.before, diff.cables_removed) && all_other(*diff.after, diff.cables_added) && pairs_other(diff.cables_changed) &&
         pairs_other(diff.cables_replugged);
}

} // namespace icplan
