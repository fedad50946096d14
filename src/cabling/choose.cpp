// SPDX-License-Identifier: Apache-2.0
// Preference among the parts that fit.
#include "choose.hpp"

#include "icplan/base/arithmetic.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace icplan {
namespace {

template <class Q> std::int64_t or_last(const std::optional<Q>& value) { return value ? value->count() : unknown_last; }

std::int64_t add_or_last(std::int64_t sum, std::int64_t each, std::int64_t count) {
  return sum == unknown_last || each == unknown_last ? unknown_last : sum + each * count;
}

} // namespace

PartChooser::PartChooser(const ClusterSpec& spec, const Catalog& catalog, const MediaPolicy& policy, Protocol protocol)
    : spec_(spec), catalog_(catalog), policy_(policy), protocol_(protocol), fitted_(catalog.size(), false) {
  const auto fill = [&](std::vector<PartId>& list, PartKind kind) {
    for (const auto id : catalog.of_kind(kind)) {
      if (judge_order(catalog[id], policy).fits()) list.push_back(id);
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
    // What a set comes to depends on the length at which its fibre is sold.
    if (policy.choice == MediaChoice::reach_cost) module_steps_.add(lengths);
  }
  std::set<OpticalFamily> families;
  for (const auto id : modules_) {
    const auto& facts = *catalog_[id].as<ModuleFacts>();
    if (facts.reach) module_steps_.ends.push_back(facts.reach->count());
    if (facts.family) families.insert(*facts.family);
    if (const auto least = spec.accepted(facts.min_reach)) shortest_steps_.ends.push_back(least->count() - 1);
  }
  for (std::uint32_t i = 0; i < catalog.size(); ++i) {
    for (const auto& ports : catalog[PartId(i)].port_groups()) {
      if (!ports.optics) continue;
      families.insert(ports.optics->family);
      if (ports.optics->reach) module_steps_.ends.push_back(ports.optics->reach->count());
    }
  }
  add_loss_steps();
  families_.assign(families.begin(), families.end());
  for (auto* steps : {&cable_steps_, &module_steps_, &fibre_steps_, &shortest_steps_}) steps->finish();
  for (const auto& preferred : policy.prefer) prefer_rank_.try_emplace(preferred.part, static_cast<std::int64_t>(prefer_rank_.size()));
  rank_makers();
}

/// The lengths at which a fibre begins to lose more than a budget.
void PartChooser::add_loss_steps() {
  std::set<std::int64_t> budgets;
  for (std::uint32_t i = 0; i < catalog_.size(); ++i) {
    const auto& part = catalog_[PartId(i)];
    const auto* module = part.as<ModuleFacts>();
    const auto budget = module == nullptr ? std::nullopt : spec_.accepted(module->loss_budget);
    if (budget) budgets.insert(budget->count());
    for (const auto& ports : part.port_groups()) {
      if (ports.optics && ports.optics->loss_budget) budgets.insert(ports.optics->loss_budget->count());
    }
  }
  for (const auto id : fibres_) {
    const auto& facts = *catalog_[id].as<FibreFacts>();
    const auto per_km = spec_.accepted(facts.attenuation_per_km);
    const auto per_pair = spec_.accepted(facts.connector_loss);
    if (!per_km || !per_pair || per_km->count() == 0) continue;
    for (const auto budget : budgets) {
      const auto left = budget - per_pair->count() * policy_.connector_pairs;
      const auto end = left < 0 ? 0 : left * 1'000'000 / per_km->count();
      module_steps_.ends.push_back(end);
      fibre_steps_.ends.push_back(end);
    }
  }
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

void PartChooser::rank_makers() {
  using Rank = std::tuple<std::size_t, bool, std::string_view>;
  std::vector<Rank> of_part;
  for (std::uint32_t i = 0; i < catalog_.size(); ++i) {
    const auto& part = catalog_[PartId(i)];
    std::size_t listed = policy_.vendors.size();
    for (std::size_t v = 0; v < policy_.vendors.size(); ++v) {
      if (same_maker(policy_.vendors[v], part.manufacturer)) listed = std::min(listed, v);
    }
    of_part.emplace_back(listed, part.generic(), part.manufacturer);
  }
  auto sorted = of_part;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (const auto& rank : of_part) maker_rank_.push_back(std::lower_bound(sorted.begin(), sorted.end(), rank) - sorted.begin());
}

std::int64_t PartChooser::preferred(PartId id) const {
  const auto found = prefer_rank_.find(id);
  return found == prefer_rank_.end() ? static_cast<std::int64_t>(prefer_rank_.size()) : found->second;
}

std::int64_t PartChooser::watts_of(PartId id) const { return or_last(spec_.accepted(catalog_[id].power_max)); }
std::int64_t PartChooser::price_of(PartId id, Millimetres sold) const {
  const auto price = spec_.price(catalog_, id, sold);
  return price ? price->amount.count() : unknown_last;
}

std::int64_t PartChooser::cable_watts(PartId id, std::int64_t plugs) const {
  const auto& facts = *catalog_[id].as<CableFacts>();
  return add_or_last(or_last(spec_.accepted(facts.end_power[0])), or_last(spec_.accepted(facts.end_power[1])), plugs);
}

Preference PartChooser::cable_preference(PartId id, Millimetres sold, std::int64_t plugs) const {
  const auto& part = catalog_[id];
  const auto watts = cable_watts(id, plugs);
  const auto price = price_of(id, sold);
  Preference place;
  place.id = part.id;
  place.add(Criterion::preferred, preferred(id));
  if (policy_.choice == MediaChoice::reach_cost) place.add(Criterion::price, price);
  if (policy_.choice == MediaChoice::reach_power) place.add(Criterion::watts, watts);
  place.add(Criterion::maker, maker_rank_[id.index()]);
  // Every copper technology but the passive one is active.
  place.add(Criterion::active, part.as<CableFacts>()->technology == CopperTechnology::passive ? 0 : 1);
  place.add(Criterion::sold, sold.count());
  place.add(Criterion::watts, watts);
  place.add(Criterion::price, price);
  return place;
}

Preference PartChooser::module_preference(PartId id) const {
  Preference place;
  place.id = catalog_[id].id;
  place.add(Criterion::preferred, preferred(id));
  if (policy_.choice == MediaChoice::reach_cost) place.add(Criterion::price, price_of(id));
  if (policy_.choice == MediaChoice::reach_power) place.add(Criterion::watts, watts_of(id));
  place.add(Criterion::maker, maker_rank_[id.index()]);
  place.add(Criterion::watts, watts_of(id));
  place.add(Criterion::price, price_of(id));
  return place;
}

Preference PartChooser::fibre_preference(PartId id, Millimetres sold) const {
  Preference place;
  place.id = catalog_[id].id;
  place.add(Criterion::preferred, preferred(id));
  if (policy_.choice == MediaChoice::reach_cost) place.add(Criterion::price, price_of(id, sold));
  place.add(Criterion::maker, maker_rank_[id.index()]);
  place.add(Criterion::sold, sold.count());
  place.add(Criterion::price, price_of(id, sold));
  return place;
}

/// Sets are put in order by their best place under `prefer`, then by their least preferred maker, the reach of their modules, watts and price. One
/// module of each kind counts, except under the policy `reach`, which counts them all, with the fibres.
Preference PartChooser::set_preference(const OpticalNeed& need, const ChosenModules& chosen) const {
  std::int64_t first = static_cast<std::int64_t>(prefer_rank_.size());
  std::int64_t maker = 0;
  std::int64_t reach = unknown_last;
  std::int64_t watts = 0;
  std::int64_t price = 0;
  for (const auto id : chosen.modules) {
    if (!id.valid()) continue;
    first = std::min(first, preferred(id));
    maker = std::max(maker, maker_rank_[id.index()]);
    reach = std::min(reach, catalog_[id].as<ModuleFacts>()->reach->count());
    watts = add_or_last(watts, watts_of(id), 1);
    price = add_or_last(price, price_of(id), 1);
  }
  Preference place;
  place.add(Criterion::preferred, first);
  if (policy_.choice == MediaChoice::reach_cost) place.add(Criterion::price, set_total(need, chosen));
  if (policy_.choice == MediaChoice::reach_power) place.add(Criterion::watts, set_total(need, chosen));
  place.add(Criterion::maker, maker);
  place.add(Criterion::reach, reach);
  place.add(Criterion::watts, watts);
  place.add(Criterion::price, price);
  return place;
}

std::int64_t PartChooser::cable_total(const ChosenCable& cable, std::int64_t plugs) const {
  return policy_.choice == MediaChoice::reach_power ? cable_watts(cable.part, plugs) : price_of(cable.part, cable.sold);
}

std::int64_t PartChooser::set_total(const OpticalNeed& need, const ChosenModules& chosen) const {
  const bool power = policy_.choice == MediaChoice::reach_power;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < chosen.modules.size(); ++i) {
    if (!chosen.modules[i].valid()) continue;
    total = add_or_last(total, power ? watts_of(chosen.modules[i]) : price_of(chosen.modules[i]), need.seats[i].count);
  }
  if (power) return total;
  const auto by_fit = fibre(chosen.family, need.lengths.longest, chosen.budget);
  const auto id = need.fibre ? need.fibre : by_fit ? std::optional(by_fit->part) : std::nullopt;
  const auto sold = id ? catalog_[*id].as<FibreFacts>()->lengths.at_least(need.lengths.longest) : std::nullopt;
  return id ? add_or_last(total, price_of(*id, sold.value_or(Millimetres(0))), need.links) : unknown_last;
}

const std::vector<PartId>& PartChooser::fitting_cables(bool optical, const CageType& hub, const CageType& far) const {
  const auto [it, added] = fitting_cables_.try_emplace({optical, hub, far});
  if (!added) return it->second;
  for (const auto id : cables_) {
    const auto& facts = *catalog_[id].as<CableFacts>();
    if (facts.optical == optical && judge_cable(facts, protocol_, hub, far, std::nullopt).fits()) it->second.push_back(id);
  }
  return it->second;
}

const std::vector<PartId>& PartChooser::fitting_modules(const CageType& cage) const {
  const auto [it, added] = fitting_modules_.try_emplace(cage);
  if (!added) return it->second;
  for (const auto id : modules_) {
    if (judge_module(spec_, catalog_[id], protocol_, cage, std::nullopt).fits()) it->second.push_back(id);
  }
  return it->second;
}

std::optional<ChosenCable> PartChooser::cable(bool optical, const CageType& hub, const CageType& far, Millimetres needed) const {
  std::optional<Preference> best;
  std::optional<ChosenCable> chosen;
  for (const auto id : fitting_cables(optical, hub, far)) {
    const auto sold = catalog_[id].as<CableFacts>()->lengths.at_least(needed);
    if (!sold) continue;
    fitted_[id.index()] = true;
    const auto place = cable_preference(id, *sold, hub.ports / far.ports);
    if (best && *best <= place) continue;
    best = place;
    chosen = ChosenCable{id, *sold};
  }
  return chosen;
}

std::optional<PartId> PartChooser::module(const OpticalFamily& family, const Seat& seat, const Lengths& lengths) const {
  if (seat.stated) {
    const auto& of = catalog_[*seat.stated].as<ModuleFacts>()->family;
    return of == family && judge_as_module(*seat.stated, seat.cage, lengths).fits() ? seat.stated : std::nullopt;
  }
  std::optional<Preference> best;
  std::optional<PartId> chosen;
  for (const auto id : fitting_modules(seat.cage)) {
    const auto& facts = *catalog_[id].as<ModuleFacts>();
    const auto least = spec_.accepted(facts.min_reach);
    if (facts.family != family || *facts.reach < lengths.longest || (least && lengths.shortest < *least)) continue;
    fitting_now_.push_back(id);
    const auto place = module_preference(id);
    if (best && *best <= place) continue;
    best = place;
    chosen = id;
  }
  return chosen;
}

bool PartChooser::fits(PartId cable, const CageType& hub, const CageType& far) const {
  return judge_cable(*catalog_[cable].as<CableFacts>(), protocol_, hub, far, std::nullopt).fits();
}

bool PartChooser::serves(PartId module, const OpticalFamily& family, const CageType& cage, const Lengths& lengths) const {
  return catalog_[module].as<ModuleFacts>()->family == family && judge_module(spec_, catalog_[module], protocol_, cage, lengths).fits();
}

bool PartChooser::takes_fibre(const OpticalFamily& family, PartId fibre) const { return judge_fibre(catalog_[fibre], family, std::nullopt).fits(); }

FamilyTry PartChooser::try_family(const OpticalNeed& need, const OpticalFamily& family) const {
  FamilyTry tried{{family, {}, std::nullopt}, std::nullopt, false};
  std::optional<std::int64_t> budget = unknown_last;
  const auto bear = [&](const std::optional<Millidecibels>& of) {
    budget = of && budget ? std::optional(std::min(*budget, of->count())) : std::nullopt;
  };
  for (std::size_t i = 0; i < need.seats.size(); ++i) {
    const auto& seat = need.seats[i];
    if (seat.cage.form == Form::co_packaged && !seat.stated) {
      const auto& optics = seat.cage.optics;
      if (!optics || optics->family != family || !optics->reach || *optics->reach < need.lengths.longest) tried.empty_seat = i;
      tried.set.modules.emplace_back();
      if (optics) bear(optics->loss_budget);
    } else if (const auto id = module(family, seat, need.lengths)) {
      tried.set.modules.push_back(*id);
      bear(spec_.accepted(catalog_[*id].as<ModuleFacts>()->loss_budget));
    } else {
      tried.empty_seat = i;
    }
    if (tried.empty_seat) return tried;
  }
  if (budget && *budget != unknown_last) tried.set.budget = Millidecibels(*budget);
  if (need.held) {
    tried.no_fibre = !takes_fibre(family, *need.held);
    return tried;
  }
  tried.no_fibre = need.fibre ? !judge_as_fibre(*need.fibre, family, need.lengths.longest, tried.set.budget).fits()
                              : !fibre(family, need.lengths.longest, tried.set.budget).has_value();
  return tried;
}

std::optional<ChosenModules> PartChooser::modules(const OpticalNeed& need) const {
  std::optional<Preference> best;
  std::optional<ChosenModules> chosen;
  for (const auto& family : families_) {
    if (need.only != nullptr && family != *need.only) continue;
    fitting_now_.clear();
    auto tried = try_family(need, family);
    if (!tried.whole()) continue;
    for (const auto id : fitting_now_) fitted_[id.index()] = true;
    const auto place = set_preference(need, tried.set);
    // Families come in order of their names, so the first of equals stays.
    if (best && *best <= place) continue;
    best = place;
    chosen = std::move(tried.set);
  }
  return chosen;
}

std::optional<ChosenCable> PartChooser::fibre(const OpticalFamily& family, Millimetres needed, std::optional<Millidecibels> budget) const {
  std::optional<Preference> best;
  std::optional<ChosenCable> chosen;
  // Where a fibre fits but for its known loss, one without figures is no way out: the connectors lose as much whatever the fibre.
  const bool lossy = budget && std::any_of(fibres_.begin(), fibres_.end(), [&](PartId id) {
                       const auto verdict = judge_as_fibre(id, family, needed, budget);
                       return verdict.size() == 1 && verdict.begin()->misfit == Misfit::loss_budget;
                     });
  for (const auto id : fibres_) {
    const auto& facts = *catalog_[id].as<FibreFacts>();
    const auto sold = facts.lengths.at_least(needed);
    if (!sold || !judge_as_fibre(id, family, needed, budget).fits()) continue;
    if (lossy && !link_loss(spec_, facts, policy_.connector_pairs, needed)) continue;
    fitted_[id.index()] = true;
    const auto place = fibre_preference(id, *sold);
    if (best && *best <= place) continue;
    best = place;
    chosen = ChosenCable{id, *sold};
  }
  return chosen;
}

std::optional<ChosenCable> PartChooser::utp(Millimetres needed) const {
  std::optional<Preference> best;
  std::optional<ChosenCable> chosen;
  for (const auto id : utps_) {
    const auto sold = catalog_[id].as<UtpFacts>()->lengths.at_least(needed);
    if (!sold) continue;
    fitted_[id.index()] = true;
    const auto place = fibre_preference(id, *sold);
    if (best && *best <= place) continue;
    best = place;
    chosen = ChosenCable{id, *sold};
  }
  return chosen;
}

Verdict PartChooser::judge_as_cable(PartId id, const CageType& hub, const CageType& far, std::optional<Millimetres> needed) const {
  auto verdict = judge_order(catalog_[id], policy_);
  for (const auto& reason : judge_cable(*catalog_[id].as<CableFacts>(), protocol_, hub, far, needed)) verdict.add(reason);
  return verdict;
}

Verdict PartChooser::judge_as_module(PartId id, const CageType& cage, std::optional<Lengths> lengths) const {
  auto verdict = judge_order(catalog_[id], policy_);
  for (const auto& reason : judge_module(spec_, catalog_[id], protocol_, cage, lengths)) verdict.add(reason);
  return verdict;
}

Verdict PartChooser::judge_as_fibre(PartId id, const OpticalFamily& family, std::optional<Millimetres> needed,
                                    std::optional<Millidecibels> budget) const {
  auto verdict = judge_order(catalog_[id], policy_);
  for (const auto& reason : judge_fibre(catalog_[id], family, needed)) verdict.add(reason);
  if (!needed || !budget) return verdict;
  const auto loss = link_loss(spec_, *catalog_[id].as<FibreFacts>(), policy_.connector_pairs, *needed);
  if (loss && *loss > *budget) verdict.add({Misfit::loss_budget, loss->count(), budget->count(), {}, {}});
  return verdict;
}

} // namespace icplan
