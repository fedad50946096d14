// SPDX-License-Identifier: Apache-2.0
#include "media_total.hpp"

#include <algorithm>
#include <set>

namespace icplan {
namespace {

/// Cents or milliwatts of one piece; absent where the figure is not known or not accepted.
std::optional<std::int64_t> figure_of(const ClusterSpec& spec, const Catalog& catalog, PartId id, Millimetres sold, OptimizeFor what) {
  if (what == OptimizeFor::cost) {
    const auto price = spec.price(catalog, id, sold);
    return price ? std::optional(price->amount.count()) : std::nullopt;
  }
  const auto& part = catalog[id];
  if (const auto* cable = part.as<CableFacts>()) {
    const auto a = spec.accepted(cable->end_power[0]);
    const auto b = spec.accepted(cable->end_power[1]);
    return a && b ? std::optional((*a + *b * std::max<std::int64_t>(cable->ends[1].count, 1)).count()) : std::nullopt;
  }
  if (part.as<ModuleFacts>() == nullptr) return 0;
  const auto watts = spec.accepted(part.power_max);
  return watts ? std::optional(watts->count()) : std::nullopt;
}

} // namespace

MediaSums sum_media(const ClusterSpec& spec, const Catalog& catalog, const CableTable& cables, OptimizeFor what) {
  MediaSums sums;
  std::set<PartId> unknown;
  const auto add = [&](PartId part, Millimetres sold, MediaClass media, std::int64_t count) {
    if (count == 0) return;
    if (const auto figure = figure_of(spec, catalog, part, sold, what)) {
      sums.total.figure += *figure * count;
      sums.figure[static_cast<std::size_t>(media)] += *figure * count;
    } else {
      unknown.insert(part);
    }
  };
  std::vector<std::int64_t> bought(cables.solutions.size(), 0);
  for (const auto& assembly : cables.assemblies) {
    ++bought[assembly.solution.index()];
    sums.links[static_cast<std::size_t>(cables.solutions[assembly.solution.index()].media)] += assembly.used_legs;
  }
  for (std::size_t s = 0; s < bought.size(); ++s) {
    const auto& solution = cables.solutions[s];
    sums.total.length += solution.sold * bought[s];
    if (solution.media == MediaClass::aoc) sums.total.active_cables += bought[s];
    add(solution.part, solution.sold, solution.media, bought[s]);
  }
  const auto add_modules = [&](PartId module, std::int64_t count) {
    sums.total.modules += count;
    add(module, {}, MediaClass::osfp, count);
  };
  std::vector<std::int64_t> lit(cables.modules.size() + 1, 0);
  for (const auto module : cables.module_of_cage) ++lit[module];
  for (std::size_t m = 1; m < lit.size(); ++m) add_modules(cables.modules[m - 1], lit[m]);
  for (const auto& dark : cables.dark_modules) add_modules(dark.module, dark.count);
  sums.total.unknown_parts = static_cast<std::int64_t>(unknown.size());
  return sums;
}

bool is_better(const MediaTotal& a, const MediaTotal& b) {
  const auto rank = [](const MediaTotal& total, bool known) {
    return known ? std::array<std::int64_t, 3>{total.figure, total.length.count(), 0}
                 : std::array<std::int64_t, 3>{total.modules, total.active_cables, total.length.count()};
  };
  const bool known = a.unknown_parts == 0 && b.unknown_parts == 0;
  return rank(a, known) < rank(b, known);
}

} // namespace icplan
