// SPDX-License-Identifier: Apache-2.0
// What part of power and cost the network is: a figure, or a bound where figures are missing.
#include "icplan/analysis/energy.hpp"

#include "draws.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// part / whole, of which either may miss what has no figure. Shape: whole > 0.
PowerShare share_of(std::int64_t part, bool part_unknown, std::int64_t whole, bool beside_unknown) {
  PowerShare share{Bound::exact, 0, part, whole};
  if (part_unknown || beside_unknown) share.bound = part_unknown && beside_unknown ? Bound::unknown : part_unknown ? Bound::at_least : Bound::at_most;
  // A lower bound that is rounded up is none, nor is an upper one that is rounded down.
  const auto round = share.bound == Bound::at_least ? 0 : share.bound == Bound::at_most ? whole - 1 : whole / 2;
  constexpr std::int64_t all = 100'000;
  share.thousandths = part / whole * all + (part % whole * all + round) / whole;
  // "At most all of it" says nothing: no figure is known beside the part.
  if (share.bound == Bound::at_most && share.thousandths >= all) share.bound = Bound::unknown;
  return share;
}

} // namespace

std::string_view to_text(Bound bound) {
  switch (bound) {
  case Bound::exact: return "exact";
  case Bound::at_least: return "at_least";
  case Bound::at_most: return "at_most";
  case Bound::unknown: return "unknown";
  }
  return "?";
}

NetworkShare measure_network_share(const PowerReport& report, const std::vector<PowerDraw>& draws) {
  const auto unknown_beside = [&](bool typical) {
    return std::any_of(draws.begin(), draws.end(), [&](const PowerDraw& draw) {
      const bool network = is_media(draw.kind) || draw.kind == PowerClass::switch_;
      return !network && !(typical ? draw.in_typical : draw.in_maximum) && !(typical ? draw.typical : draw.maximum);
    });
  };
  const auto share = [](Milliwatts network, bool network_unknown, Milliwatts total, bool beside_unknown) {
    if (network.count() == 0 || total.count() == 0) return PowerShare();
    return share_of(network.count(), network_unknown, std::max(network, total).count(), beside_unknown);
  };
  return {share(report.network.typical, report.network.unknown_typical > 0, report.total.typical, unknown_beside(true)),
          share(report.network.maximum, report.network.unknown_maximum > 0, report.total.maximum, unknown_beside(false))};
}

PowerShare measure_cost_share(const Plan& plan) {
  const auto network = measure_network_cost(plan);
  const auto all = measure_cost(plan).total.count();
  if (network.known_parts == 0 || all == 0) return {};
  const bool beside_unknown = std::any_of(plan.bom.begin(), plan.bom.end(), [&](const BomRow& row) {
    return !row.included_in.valid() && !row.fabric.valid() && !plan.unit_price(row) && row.ordered > 0;
  });
  return share_of(network.total.count(), network.unknown_parts > 0, all, beside_unknown);
}

} // namespace icplan
