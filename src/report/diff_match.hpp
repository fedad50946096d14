// SPDX-License-Identifier: Apache-2.0
// Finds the same things in two plans.
#pragma once

#include "icplan/report/diff.hpp"

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace icplan {

/// For each old thing the new one of the same name, or `PlanDiff::none`. Where several share a name, the first old one goes with the first new one.
template <class Things, class Name> std::vector<std::uint32_t> match_names(const Things& before, const Things& after, const Name& name) {
  std::unordered_map<std::string_view, std::uint32_t> first;
  first.reserve(after.size());
  std::vector<std::uint32_t> next(after.size(), PlanDiff::none);
  for (auto i = static_cast<std::uint32_t>(after.size()); i-- > 0;) {
    const auto [found, fresh] = first.try_emplace(name(after[i]), i);
    if (fresh) continue;
    next[i] = found->second;
    found->second = i;
  }
  std::vector<std::uint32_t> matched(before.size(), PlanDiff::none);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto found = first.find(name(before[i]));
    if (found == first.end() || found->second == PlanDiff::none) continue;
    matched[i] = found->second;
    found->second = next[found->second];
  }
  return matched;
}

/// The legs of every cable, in their order.
struct LegsOfCables {
  explicit LegsOfCables(const PlanRecord& plan) : first(plan.cables.size() + 1, 0), legs(plan.legs.size()) {
    for (const auto& leg : plan.legs) ++first[leg.cable + 1];
    for (std::size_t c = 1; c < first.size(); ++c) first[c] += first[c - 1];
    auto at = first;
    for (std::uint32_t l = 0; l < plan.legs.size(); ++l) legs[at[plan.legs[l].cable]++] = l;
  }
  [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t cable) const {
    return std::span(legs).subspan(first[cable], first[cable + 1] - first[cable]);
  }

  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> legs;
};

/// Fills in what changed among cables. `device_of`: for each old device the new one of the same name.
void diff_cables(PlanDiff& diff, const std::vector<std::uint32_t>& device_of);

} // namespace icplan
