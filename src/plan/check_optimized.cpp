// SPDX-License-Identifier: Apache-2.0
// What `optimize` claims, against the bill of materials.
#include "check_plan.hpp"

#include <algorithm>
#include <set>

namespace icplan {
namespace {

/// Cents or milliwatts of one piece of a row; negative where the figure is unknown or not accepted.
std::int64_t figure_of(const Plan& plan, const BomRow& row, OptimizeFor what) {
  constexpr std::int64_t unknown = -1;
  const auto& part = plan.part(row.part);
  const auto accepted = [&](Basis basis) { return plan.spec.accept.contains(basis); };
  if (what == OptimizeFor::cost) {
    const auto price = plan.spec.price(*plan.catalog, row.part, row.length);
    return price ? price->amount.count() : unknown;
  }
  const auto* cable = part.as<CableFacts>();
  if (cable != nullptr) {
    const auto& a = cable->end_power[0];
    const auto& b = cable->end_power[1];
    return a && b && accepted(a->basis) && accepted(b->basis) ? a->value.count() + cable->ends[1].count * b->value.count() : unknown;
  }
  if (row.kind != "module") return 0;
  return part.power_max && accepted(part.power_max->basis) ? part.power_max->value.count() : unknown;
}

} // namespace

void check_optimized(const Plan& plan, Violations& violations) {
  const auto& optimized = plan.placement.optimized;
  const bool wanted = std::any_of(plan.spec.fabrics.begin(), plan.spec.fabrics.end(),
                                  [](const FabricSpec& fabric) { return fabric.switches == SwitchPlacement::optimize; });
  if (!optimized || !wanted) {
    if (optimized.has_value() != wanted) violations.add("racks are optimised, which the spec does not say, or the other way round");
    return;
  }
  MediaTotal sum;
  std::set<std::uint32_t> unknown;
  for (const auto& row : plan.bom) {
    constexpr std::array<std::string_view, 5> kinds = {"dac", "aoc", "fibre", "utp", "module"};
    if (std::find(kinds.begin(), kinds.end(), row.kind) == kinds.end()) continue;
    sum.modules += row.kind == "module" ? row.quantity : 0;
    sum.active_cables += row.kind == "aoc" ? row.quantity : 0;
    sum.length += row.length * row.quantity;
    const auto figure = figure_of(plan, row, optimized->what);
    if (figure >= 0) {
      sum.figure += figure * row.quantity;
    } else {
      unknown.insert(row.part.index());
    }
  }
  sum.unknown_parts = static_cast<std::int64_t>(unknown.size());
  if (!(sum == optimized->chosen)) violations.add("`optimize` names other totals than the bill of materials");
  const auto& was = optimized->central;
  const bool known = sum.unknown_parts == 0 && was.unknown_parts == 0;
  const bool worse = known ? sum.figure > was.figure : sum.modules > was.modules || (sum.modules == was.modules && sum.active_cables > was.active_cables);
  if (worse) violations.add("`optimize` chose places that are worse than the centre");
}

} // namespace icplan
