// SPDX-License-Identifier: Apache-2.0
// Which part comes nearest where none fits, for messages.
#include "choose.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {

std::string PartChooser::nearest_cable(bool optical, const CageType& hub, const CageType& far) const {
  std::optional<Millimetres> longest;
  std::string_view name;
  for (const auto id : fitting_cables(optical, hub, far)) {
    const auto length = catalog_[id].as<CableFacts>()->lengths.longest();
    if (!length || (longest && *length <= *longest)) continue;
    longest = length;
    name = catalog_[id].id;
  }
  return longest ? "the longest that fits is `" + std::string(name) + "` at " + decimal(longest->count(), 3) + " m"
                 : "none fits " + describe(hub) + " to " + describe(far);
}

std::string PartChooser::nearest_module(const OpticalNeed& need) const {
  std::optional<Millimetres> best;
  std::string_view type;
  for (const auto& family : families_) {
    Millimetres reach(unknown_last);
    for (const auto& seat : need.seats) {
      Millimetres longest;
      if (seat.cage.optics && seat.cage.optics->family == family) longest = seat.cage.optics->reach.value_or(Millimetres(0));
      for (const auto id : fitting_modules(seat.cage)) {
        const auto& facts = *catalog_[id].as<ModuleFacts>();
        if (facts.family == family) longest = std::max(longest, *facts.reach);
      }
      reach = std::min(reach, longest);
    }
    if (reach.count() == 0 || (best && reach <= *best)) continue;
    if (reach >= need.lengths.longest) return "modules of type " + family.type + " reach it, but " + nearest_fibre(family, need.lengths.longest);
    best = reach;
    type = family.type;
  }
  if (best) return "the longest reach that fits both ends is that of type " + std::string(type) + ", " + decimal(best->count(), 3) + " m";
  std::string ends;
  for (const auto& seat : need.seats) ends += (ends.empty() ? "" : " and ") + describe(seat.cage);
  return "no modules of one type fit " + ends;
}

std::string PartChooser::nearest_fibre(const OpticalFamily& family, Millimetres needed) const {
  std::optional<Millimetres> longest;
  std::string_view name;
  for (const auto id : fibres_) {
    if (catalog_[id].generic() || !judge_fibre(catalog_[id], family, std::nullopt).fits()) continue;
    const auto length = catalog_[id].as<FibreFacts>()->lengths.longest();
    if (!length || (longest && *length <= *longest)) continue;
    longest = length;
    name = catalog_[id].id;
  }
  if (longest && *longest >= needed) return "`" + std::string(name) + "` and the connectors lose more than the modules bear";
  return longest ? "the longest fibre for them is `" + std::string(name) + "` at " + decimal(longest->count(), 3) + " m"
                 : "no fibre has their connector";
}

} // namespace icplan
