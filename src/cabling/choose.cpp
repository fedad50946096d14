// SPDX-License-Identifier: Apache-2.0
// Fit and preference of cables, modules and fibres.
#include "choose.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <tuple>

namespace icplan {
namespace {

constexpr std::int64_t unknown_last = std::numeric_limits<std::int64_t>::max();

template <class Q> std::int64_t or_last(const std::optional<Q>& value) { return value ? value->count() : unknown_last; }

/// RJ45 and co-packaged ports take no pluggable.
bool pluggable(const CageType& cage) { return cage.form != Form::rj45 && cage.form != Form::co_packaged; }

} // namespace

CageType cage_type(const CageBlock& block) {
  return {block.form, block.top, block.ports_per_cage * block.lanes_per_port, block.lane_rate(), block.ports_per_cage};
}

std::string describe(const CageType& cage) {
  std::string text(to_text(cage.form));
  if (cage.top && *cage.top != Top::none) text += *cage.top == Top::ihs ? " (finned)" : " (flat top)";
  if (!cage.top) text += " (heat sink unknown)";
  return text + " " + std::to_string(cage.lanes) + " x " + decimal(cage.lane_rate.count(), 3) + "G, " + counted(cage.ports, "port", "ports");
}

PartChooser::PartChooser(const ClusterSpec& spec, const Catalog& catalog, const MediaPolicy& policy, Protocol protocol)
    : spec_(spec), catalog_(catalog), policy_(policy), protocol_(protocol) {
  const auto fill = [&](std::vector<PartId>& list, PartKind kind) {
    for (const auto id : catalog.of_kind(kind)) {
      if (allowed(catalog[id])) list.push_back(id);
    }
  };
  fill(cables_, PartKind::cable);
  fill(modules_, PartKind::module);
  fill(fibres_, PartKind::fibre);
  fill(utps_, PartKind::utp);
  for (const auto id : cables_) cable_steps_.add(catalog[id].as<CableFacts>()->lengths);
  for (const auto id : fibres_) {
    const auto& lengths = catalog[id].as<FibreFacts>()->lengths;
    fibre_steps_.add(lengths);
    if (const auto longest = lengths.longest()) module_steps_.ends.push_back(longest->count());
  }
  for (const auto id : modules_) {
    if (const auto& reach = catalog[id].as<ModuleFacts>()->reach) module_steps_.ends.push_back(reach->count());
  }
  for (auto* steps : {&cable_steps_, &module_steps_, &fibre_steps_}) steps->finish();
}

void PartChooser::Steps::add(const SoldLengths& lengths) {
  for (const auto length : lengths.list) ends.push_back(length.count());
  if (lengths.maximum) ends.push_back(lengths.maximum->count());
  if (lengths.step) raster = std::gcd(raster, lengths.step->count());
}

void PartChooser::Steps::finish() {
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
}

std::uint64_t PartChooser::Steps::of(Millimetres needed) const {
  const auto below = static_cast<std::uint64_t>(std::lower_bound(ends.begin(), ends.end(), needed.count()) - ends.begin());
  const auto multiple = raster == 0 ? 0U : static_cast<std::uint64_t>(divide_up(needed.count(), raster));
  return below << 40U | multiple;
}

/// Real parts must be orderable; generic ones are planned unless the policy wants orderable parts only.
bool PartChooser::allowed(const Part& part) const { return part.generic() ? !policy_.orderable_only : part.orderable; }

PartChooser::VendorRank PartChooser::vendor_rank(const Part& part) const {
  std::size_t listed = policy_.vendors.size();
  for (std::size_t i = 0; i < policy_.vendors.size(); ++i) {
    const bool same = same_maker(policy_.vendors[i], part.manufacturer);
    if (same) listed = std::min(listed, i);
  }
  return {listed, part.generic(), part.manufacturer};
}

bool PartChooser::cable_fits(const CableFacts& cable, const CageType& hub, const CageType& far) const {
  if (!pluggable(hub) || !pluggable(far) || hub.ports % far.ports != 0) return false;
  if (cable.fits_any) return true;
  if (!cable.protocols.contains(protocol_) || cable.lane_rate != hub.lane_rate || cable.lane_rate != far.lane_rate) return false;
  const auto end_fits = [](const CableEnd& end, const CageType& cage) {
    return end.form == cage.form && end.top && cage.top && end.top == cage.top && end.lanes == cage.lanes;
  };
  const auto oriented = [&](const CableEnd& near_end, const CableEnd& far_end) {
    return end_fits(near_end, hub) && end_fits(far_end, far) && near_end.count == 1 && far_end.count == hub.ports / far.ports;
  };
  return oriented(cable.ends[0], cable.ends[1]) || (cable.ends[1].count == 1 && oriented(cable.ends[1], cable.ends[0]));
}

std::optional<ChosenCable> PartChooser::cable(bool optical, const CageType& hub, const CageType& far, Millimetres needed) const {
  using Key = std::tuple<VendorRank, CopperTechnology, std::int64_t, std::int64_t, std::int64_t, std::string_view>;
  std::optional<Key> best;
  std::optional<ChosenCable> chosen;
  for (const auto id : cables_) {
    const auto& part = catalog_[id];
    const auto& facts = *part.as<CableFacts>();
    if (facts.optical != optical || !cable_fits(facts, hub, far)) continue;
    const auto sold = facts.lengths.at_least(needed);
    if (!sold || (facts.lengths.maximum && *sold > *facts.lengths.maximum)) continue;
    const auto near_watts = spec_.accepted(facts.end_power[0]);
    const auto far_watts = spec_.accepted(facts.end_power[1]);
    const auto watts = near_watts && far_watts ? std::optional(*near_watts + *far_watts * (hub.ports / far.ports)) : std::nullopt;
    // Passive before active: every other copper technology is active.
    const auto technology = facts.technology == CopperTechnology::passive ? CopperTechnology::passive : CopperTechnology::acc;
    Key key{vendor_rank(part), technology, sold->count(), or_last(watts), or_last(spec_.accepted(part.price)), part.id};
    if (best && *best <= key) continue;
    best = std::move(key);
    chosen = ChosenCable{id, *sold};
  }
  return chosen;
}

bool PartChooser::module_fits(const ModuleFacts& module, const CageType& cage) const {
  if (!pluggable(cage)) return false;
  if (module.fits_any) return true;
  return module.protocols.contains(protocol_) && module.form == cage.form && module.top && cage.top && module.top == cage.top &&
         module.lanes == cage.lanes && module.lane_rate == cage.lane_rate && module.optical_ports == cage.ports;
}

bool PartChooser::serves(PartId module, const OpticalFamily& family, const CageType& cage, Millimetres longest) const {
  const auto& facts = *catalog_[module].as<ModuleFacts>();
  return facts.family == family && facts.reach && *facts.reach >= longest && module_fits(facts, cage);
}

std::optional<PartId> PartChooser::module(const OpticalFamily& family, const CageType& cage, Millimetres longest) const {
  using Key = std::tuple<VendorRank, std::int64_t, std::int64_t, std::string_view>;
  std::optional<Key> best;
  std::optional<PartId> chosen;
  for (const auto id : modules_) {
    const auto& part = catalog_[id];
    const auto& facts = *part.as<ModuleFacts>();
    if (facts.family != family || !facts.reach || *facts.reach < longest || !module_fits(facts, cage)) continue;
    Key key{vendor_rank(part), or_last(spec_.accepted(part.power_max)), or_last(spec_.accepted(part.price)), part.id};
    if (best && *best <= key) continue;
    best = std::move(key);
    chosen = id;
  }
  return chosen;
}

/// Families are tried by the least preferred vendor among their modules, then by the shortest reach that suffices, then by watts and price; ties by
/// name.
std::optional<ChosenModules> PartChooser::modules(const std::vector<CageType>& cages, Millimetres longest, std::optional<PartId> held,
                                                  const OpticalFamily* only) const {
  using Key = std::tuple<VendorRank, std::int64_t, std::int64_t, std::int64_t, OpticalFamily>;
  std::set<OpticalFamily> families;
  for (const auto id : modules_) {
    const auto& facts = *catalog_[id].as<ModuleFacts>();
    if (facts.family) families.insert(*facts.family);
  }
  std::optional<Key> best;
  std::optional<ChosenModules> chosen;
  for (const auto& family : families) {
    if (only != nullptr && family != *only) continue;
    ChosenModules candidate{family, {}};
    VendorRank rank;
    std::int64_t reach = unknown_last;
    std::int64_t watts = 0;
    std::int64_t price = 0;
    for (const auto& cage : cages) {
      const auto id = module(family, cage, longest);
      if (!id) break;
      const auto& part = catalog_[*id];
      candidate.modules.push_back(*id);
      rank = std::max(rank, vendor_rank(part));
      reach = std::min(reach, part.as<ModuleFacts>()->reach->count());
      const auto add = [](std::int64_t sum, std::int64_t more) { return sum == unknown_last || more == unknown_last ? unknown_last : sum + more; };
      watts = add(watts, or_last(spec_.accepted(part.power_max)));
      price = add(price, or_last(spec_.accepted(part.price)));
    }
    const bool has_fibre = held ? takes_fibre(family, *held) : fibre(family, longest).has_value();
    if (candidate.modules.size() != cages.size() || !has_fibre) continue;
    Key key{rank, reach, watts, price, family};
    if (best && *best <= key) continue;
    best = std::move(key);
    chosen = std::move(candidate);
  }
  return chosen;
}

/// A generic jumper is made to measure, with the connectors and the kind of fibre that the modules take.
bool PartChooser::takes_fibre(const OpticalFamily& family, PartId fibre) const {
  const auto& part = catalog_[fibre];
  const auto& facts = *part.as<FibreFacts>();
  return part.generic() ||
         (facts.tails == 1 && facts.fibre == family.fibre && facts.connector_a == family.connector && facts.connector_b == family.connector);
}

std::optional<ChosenCable> PartChooser::fibre(const OpticalFamily& family, Millimetres needed) const {
  using Key = std::tuple<VendorRank, std::int64_t, std::int64_t, std::string_view>;
  std::optional<Key> best;
  std::optional<ChosenCable> chosen;
  for (const auto id : fibres_) {
    const auto& part = catalog_[id];
    const auto& facts = *part.as<FibreFacts>();
    const bool fits = takes_fibre(family, id);
    const auto sold = facts.lengths.at_least(needed);
    if (!fits || !sold) continue;
    Key key{vendor_rank(part), sold->count(), or_last(spec_.accepted(part.price)), part.id};
    if (best && *best <= key) continue;
    best = std::move(key);
    chosen = ChosenCable{id, *sold};
  }
  return chosen;
}

std::optional<ChosenCable> PartChooser::utp(Millimetres needed) const {
  using Key = std::tuple<VendorRank, std::int64_t, std::int64_t, std::string_view>;
  std::optional<Key> best;
  std::optional<ChosenCable> chosen;
  for (const auto id : utps_) {
    const auto& part = catalog_[id];
    const auto sold = part.as<UtpFacts>()->lengths.at_least(needed);
    if (!sold) continue;
    Key key{vendor_rank(part), sold->count(), or_last(spec_.accepted(part.price)), part.id};
    if (best && *best <= key) continue;
    best = std::move(key);
    chosen = ChosenCable{id, *sold};
  }
  return chosen;
}

std::string PartChooser::nearest_cable(bool optical, const CageType& hub, const CageType& far) const {
  std::optional<Millimetres> longest;
  std::string_view name;
  for (const auto id : cables_) {
    const auto& facts = *catalog_[id].as<CableFacts>();
    if (facts.optical != optical || !cable_fits(facts, hub, far)) continue;
    const auto length = facts.lengths.longest();
    if (!length || (longest && *length <= *longest)) continue;
    longest = length;
    name = catalog_[id].id;
  }
  return longest ? "the longest that fits is `" + std::string(name) + "` at " + decimal(longest->count(), 3) + " m"
                 : "none fits " + describe(hub) + " to " + describe(far);
}

std::string PartChooser::nearest_module(const std::vector<CageType>& cages, Millimetres needed) const {
  std::set<OpticalFamily> families;
  for (const auto id : modules_) {
    if (const auto& family = catalog_[id].as<ModuleFacts>()->family) families.insert(*family);
  }
  std::optional<Millimetres> best;
  std::string_view type;
  for (const auto& family : families) {
    Millimetres reach(unknown_last);
    for (const auto& cage : cages) {
      Millimetres longest;
      for (const auto id : modules_) {
        const auto& facts = *catalog_[id].as<ModuleFacts>();
        if (facts.family == family && facts.reach && module_fits(facts, cage)) longest = std::max(longest, *facts.reach);
      }
      reach = std::min(reach, longest);
    }
    if (reach.count() == 0 || (best && reach <= *best)) continue;
    if (reach >= needed) return "modules of type " + family.type + " reach it, but " + nearest_fibre(family);
    best = reach;
    type = family.type;
  }
  if (best) return "the longest reach that fits both ends is that of type " + std::string(type) + ", " + decimal(best->count(), 3) + " m";
  std::string ends;
  for (const auto& cage : cages) ends += (ends.empty() ? "" : " and ") + describe(cage);
  return "no modules of one type fit " + ends;
}

std::string PartChooser::nearest_fibre(const OpticalFamily& family) const {
  std::optional<Millimetres> longest;
  std::string_view name;
  for (const auto id : fibres_) {
    const auto& facts = *catalog_[id].as<FibreFacts>();
    if (facts.tails != 1 || facts.fibre != family.fibre || facts.connector_a != family.connector || facts.connector_b != family.connector) continue;
    const auto length = facts.lengths.longest();
    if (!length || (longest && *length <= *longest)) continue;
    longest = length;
    name = catalog_[id].id;
  }
  return longest ? "the longest fibre for them is `" + std::string(name) + "` at " + decimal(longest->count(), 3) + " m"
                 : "no fibre has their connector";
}

} // namespace icplan
