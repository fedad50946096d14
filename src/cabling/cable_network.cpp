// SPDX-License-Identifier: Apache-2.0
// Routes every link and gives each group of links that share cages its assemblies, modules and fibres.
#include "icplan/cabling/cable_table.hpp"

#include "cabler.hpp"
#include "cage_groups.hpp"
#include "icplan/base/text.hpp"
#include "icplan/place/geometry.hpp"

#include <algorithm>
#include <cassert>

namespace icplan {

void Cabler::prepare() {
  for (const auto& fabric : spec_.fabrics) {
    const auto protocol = network_.fabrics[choosers_.size()].protocol;
    choosers_.emplace_back(spec_, catalog_, fabric.media, protocol);
  }
  for (const auto& group : network_.groups) {
    auto& types = types_of_group_.emplace_back();
    for (const auto& block : group.blocks) types.insert(types.end(), block.cages, types_.intern(cage_type(spec_, block)));
  }
  reserved_cages_.assign(network_.cages, false);
  for (const auto& layout : network_.fabrics) {
    for (const auto& reserved : layout.reserved) reserved_cages_[cage_of(reserved.device, reserved.port)] = true;
    for (const auto& external : layout.external) reserved_cages_[cage_of(external.device, external.port)] = true;
  }
  prepare_statements();
  table_.legs.resize(network_.links.size());
  if (!known_.row_of_link.empty()) table_.estimated_mm.resize(network_.links.size());
  if (!known_.piece_of_link.empty()) dropped_.assign(network_.links.size(), false);
  table_.module_of_cage.assign(network_.cages, 0);
  table_.family_of_cage.assign(network_.cages, 0);
}

void Cabler::route() {
  constexpr std::int64_t most = 1'000'000'000;
  from_cage_.resize(network_.links.size());
  to_cage_.resize(network_.links.size());
  group_of_link_.resize(network_.links.size());
  const RunModel runs(spec_.floor, placement_);
  for (std::uint32_t g = 0; g < network_.link_groups.size(); ++g) {
    const auto& group = network_.link_groups[g];
    for (std::uint32_t i = group.first; i < group.first + group.count; ++i) {
      const auto& link = network_.links[i];
      from_cage_[i] = cage_of(link.from, link.from_port);
      to_cage_[i] = cage_of(link.to, link.to_port);
      group_of_link_[i] = g;
      const auto length = runs.length(link.from, link.to);
      if (!length) {
        tally(Code::halls_not_joined, i, 1,
              "runs of fabric `" + spec_.fabrics[group.fabric.index()].name + "` lead from one hall to another, but no ducts join them",
              "state `ducts` in `floor`");
        continue;
      }
      if (length->count() > most) {
        tally(Code::length_too_long, i, 1, "runs of fabric `" + spec_.fabrics[group.fabric.index()].name + "` are longer than 1,000 km",
              "check the pitches of `floor`: they are metres");
        continue;
      }
      table_.legs[i].length_mm = static_cast<std::uint32_t>(length->count());
      if (!known_.row_of_link.empty()) state_length(i);
    }
  }
}

/// The group as one cage joined to one or more others that belong to it alone; nothing when cages are shared in another way or hold reserved ports.
std::optional<Cabler::Star> Cabler::as_star(const std::uint32_t* begin, const std::uint32_t* end) const {
  bool one_from = true;
  bool one_to = true;
  for (const auto* i = begin; i != end; ++i) {
    if (network_.link_groups[group_of_link_[*i]].fabric != network_.link_groups[group_of_link_[*begin]].fabric) return std::nullopt;
    one_from = one_from && from_cage_[*i] == from_cage_[*begin];
    one_to = one_to && to_cage_[*i] == to_cage_[*begin];
    if (reserved_cages_[from_cage_[*i]] || reserved_cages_[to_cage_[*i]]) return std::nullopt;
  }
  if (!one_from && !one_to) return std::nullopt;
  const auto& link = network_.links[*begin];
  const auto from = type_of(link.from, link.from_port);
  const auto to = type_of(link.to, link.to_port);
  Star star;
  star.hub_is_from = one_from && (!one_to || types_[from].ports >= types_[to].ports);
  star.hub = star.hub_is_from ? from : to;
  star.far = star.hub_is_from ? to : from;
  star.hub_cage = star.hub_is_from ? from_cage_[*begin] : to_cage_[*begin];
  const auto& hub = types_[star.hub];
  const auto& far = types_[star.far];
  if (hub.ports % far.ports != 0) return std::nullopt;
  std::int64_t far_cages = 0;
  auto previous = no_index;
  for (const auto* i = begin; i != end; ++i) {
    const auto& at = network_.links[*i];
    const auto type = star.hub_is_from ? type_of(at.to, at.to_port) : type_of(at.from, at.from_port);
    if (type != star.far) return std::nullopt;
    const auto cage = star.hub_is_from ? to_cage_[*i] : from_cage_[*i];
    far_cages += cage != previous ? 1 : 0;
    previous = cage;
  }
  return far_cages <= hub.ports / far.ports ? std::optional(star) : std::nullopt;
}

AssemblyId Cabler::add_assembly(SolutionId solution, Millimetres needed, std::uint32_t used, std::uint32_t first_link) {
  table_.assemblies.push_back({solution, static_cast<std::uint32_t>(needed.count()), used, first_link});
  return AssemblyId(static_cast<std::uint32_t>(table_.assemblies.size() - 1));
}

const Cabler::CableChoice& Cabler::cached_cable(bool optical, const Star& star, Millimetres needed) {
  assert(policy_ < (1U << 24U) && star.hub.index() < (1U << 16U) && star.far.index() < (1U << 16U));
  const auto kind = (std::uint64_t{policy_} << 16U | star.hub.index()) << 17U | std::uint64_t{star.far.index()} << 1U | (optical ? 1U : 0U);
  const auto [it, added] = cables_.try_emplace({kind, chooser().cable_step(needed)});
  if (!added) return it->second;
  if (const auto chosen = chooser().cable(optical, types_[star.hub], types_[star.far], needed)) {
    const auto legs = static_cast<std::uint32_t>(types_[star.hub].ports);
    it->second.found = true;
    it->second.solution = solutions_.intern({optical ? MediaClass::aoc : MediaClass::dac, chosen->part, chosen->sold, legs});
    if (policy().choice != MediaChoice::rule)
      it->second.total = {chooser().preferred(chosen->part), chooser().cable_total(*chosen, types_[star.hub].ports / types_[star.far].ports)};
  }
  return it->second;
}

static Millimetres longest_of(const std::vector<Leg>& legs, const std::uint32_t* begin, const std::uint32_t* end) {
  std::uint32_t longest = 0;
  for (const auto* i = begin; i != end; ++i) longest = std::max(longest, legs[*i].length_mm);
  return Millimetres(longest);
}

bool Cabler::solve_assembly(const Star& star, const std::uint32_t* begin, const std::uint32_t* end, MediaClass wanted) {
  const auto needed = longest_of(table_.legs, begin, end);
  for (const auto media : {MediaClass::dac, MediaClass::aoc}) {
    if (media < wanted || (media != wanted && !policy().escalate)) continue;
    if (const auto* stated = stated_cable(*begin, media)) return solve_stated(*stated, star, begin, end, media, wanted);
    const auto& chosen = cached_cable(media == MediaClass::aoc, star, std::max(needed, held_length(begin, end)));
    if (!chosen.found) continue;
    commit_assembly(star, begin, end, chosen.solution, media, wanted);
    return true;
  }
  return false;
}

void Cabler::commit_assembly(const Star& star, const std::uint32_t* begin, const std::uint32_t* end, SolutionId solution, MediaClass media,
                             MediaClass wanted) {
  const auto used = static_cast<std::uint32_t>(end - begin);
  lay(add_assembly(solution, longest_of(table_.legs, begin, end), used, *begin), star, begin, end);
  if (media == wanted) return;
  for (const auto* i = begin; i != end; ++i) table_.legs[*i].escalated = true;
  note_escalation(*begin, used, wanted, media, &star);
}

/// Gives each link its leg of the assembly.
void Cabler::lay(AssemblyId assembly, const Star& star, const std::uint32_t* begin, const std::uint32_t* end) {
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    const auto& hub = network_.group(star.hub_is_from ? link.from : link.to);
    const auto port = star.hub_is_from ? link.from_port : link.to_port;
    const auto& block = hub.block_of_port(port);
    auto& leg = table_.legs[*i];
    leg.assembly = assembly;
    leg.number = static_cast<std::uint8_t>((port - block.first_port) % block.ports_per_cage + 1);
  }
  const auto used = static_cast<std::uint32_t>(end - begin);
  const auto legs = static_cast<std::uint32_t>(types_[star.hub].ports);
  if (used == legs) return;
  tally(Code::unused_leg, *begin, legs - used,
        "cables of fabric `" + spec_.fabrics[network_.link_groups[group_of_link_[*begin]].fabric.index()].name + "` have legs that no link uses",
        "an even number of nodes in a unit leaves none");
}

void Cabler::solve_utp(const std::uint32_t* begin, const std::uint32_t* end) {
  for (const auto* i = begin; i != end; ++i) {
    const Millimetres needed(table_.legs[*i].length_mm);
    const auto chosen = chooser().utp(std::max(needed, held_length(i, i + 1)));
    if (!chosen) {
      no_part(*i, needed, "twisted pair reaches 100 m");
      continue;
    }
    table_.legs[*i].assembly = add_assembly(solutions_.intern({MediaClass::utp, chosen->part, chosen->sold, 1}), needed, 1, *i);
  }
}

OpticalNeed Cabler::need_of(const OpticalKey& key) const {
  OpticalNeed need;
  for (const auto& seat : key.seats)
    need.seats.push_back({types_[seat.type], seat.stated == no_index ? std::nullopt : std::optional(PartId(seat.stated)), seat.count});
  need.lengths = lengths_;
  need.links = key.links;
  if (key.fibre != no_index) need.fibre = PartId(key.fibre);
  return need;
}

const Cabler::ModuleChoice& Cabler::cached_modules() {
  if (last_set_ == no_index || last_key_ != key_) {
    last_set_ = sets_.try_emplace(key_, static_cast<std::uint32_t>(sets_.size())).first->second;
    last_key_ = key_;
  }
  const auto [it, added] = module_choices_.try_emplace({last_set_, chooser().module_step(lengths_)});
  if (added) choose_modules(it->second, std::nullopt, nullptr);
  return it->second;
}

/// One module for each seat of the group that is asked for; with `held`, such that take that fibre, and with `only`, of that family.
void Cabler::choose_modules(ModuleChoice& choice, std::optional<PartId> held, const OpticalFamily* only) {
  auto need = need_of(key_);
  need.held = held;
  need.only = only;
  const auto chosen = chooser().modules(need);
  if (!chosen) return;
  choice.found = true;
  choice.family = static_cast<std::uint16_t>(families_.intern(chosen->family).index());
  for (const auto part : chosen->modules)
    choice.modules.push_back(part.valid() ? static_cast<std::uint16_t>(modules_.intern(part).index()) : no_module);
  choice.budget = chosen->budget;
  const FibreKey fibres{policy_, key_.fibre, choice.family, chosen->budget ? chosen->budget->count() : -1};
  choice.fibres = fibre_kinds_.try_emplace(fibres, static_cast<std::uint32_t>(fibre_kinds_.size())).first->second;
  if (policy().choice != MediaChoice::rule)
    choice.total = {static_cast<std::int64_t>(chooser().set_preference(need, *chosen).order[0].second), chooser().set_total(need, *chosen)};
}

/// Fills `key_` and `longest_` from the links.
void Cabler::ask_optics(const std::uint32_t* begin, const std::uint32_t* end) {
  lengths_.longest = longest_of(table_.legs, begin, end);
  lengths_.shortest = lengths_.longest;
  key_.policy = policy_;
  key_.fibre = no_index;
  key_.links = 1;
  key_.seats.clear();
  const bool counts = policy().choice != MediaChoice::rule;
  std::vector<std::pair<std::uint32_t, std::size_t>> cages;
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    lengths_.shortest = std::min(lengths_.shortest, Millimetres(table_.legs[*i].length_mm));
    for (const bool from : {true, false}) {
      const auto device = from ? link.from : link.to;
      SeatKey seat{type_of(device, from ? link.from_port : link.to_port), no_index, 1};
      if (const auto* stated = stated_module(device)) seat.stated = stated->part.index();
      const auto same = [&](const SeatKey& other) { return other.type == seat.type && other.stated == seat.stated; };
      const auto known = static_cast<std::size_t>(std::find_if(key_.seats.begin(), key_.seats.end(), same) - key_.seats.begin());
      if (known == key_.seats.size()) key_.seats.push_back(seat);
      if (counts) cages.emplace_back(from ? from_cage_[*i] : to_cage_[*i], known);
    }
    if (const auto* fibre = stated_fibre(*i); fibre != nullptr && key_.fibre == no_index) key_.fibre = fibre->part.index();
  }
  if (counts) {
    std::sort(cages.begin(), cages.end());
    cages.erase(std::unique(cages.begin(), cages.end()), cages.end());
    for (auto& seat : key_.seats) seat.count = 0;
    for (const auto& cage : cages) ++key_.seats[cage.second].count;
    key_.links = static_cast<std::uint32_t>(end - begin);
  }
  std::sort(key_.seats.begin(), key_.seats.end());
}

const Cabler::CableChoice& Cabler::fibre_solution(const ModuleChoice& choice, bool co_packaged, Millimetres needed) {
  const auto kind = std::uint64_t{choice.fibres} << 1U | (co_packaged ? 1U : 0U);
  const auto [fibre, added] = fibres_.try_emplace({kind, chooser().fibre_step(needed)});
  if (!added) return fibre->second;
  auto chosen = chooser().fibre(families_.values()[choice.family], needed, choice.budget);
  if (key_.fibre != no_index) {
    const PartId stated(key_.fibre);
    const auto sold = catalog_[stated].as<FibreFacts>()->lengths.at_least(needed);
    chosen = sold ? std::optional(ChosenCable{stated, *sold}) : std::nullopt;
  }
  if (!chosen) return fibre->second;
  fibre->second.found = true;
  fibre->second.solution = solutions_.intern({co_packaged ? MediaClass::fibre : MediaClass::osfp, chosen->part, chosen->sold, 1});
  return fibre->second;
}

/// One module family for the whole group, one module in each of its cages, one fibre for each link.
void Cabler::solve_optical(const std::uint32_t* begin, const std::uint32_t* end, const Star* star) {
  ask_optics(begin, end);
  const auto& choice = modules_for_held(cached_modules(), begin, end);
  if (!choice.found) {
    if (!refuse_optics(begin, end, key_)) no_part(*begin, lengths_.longest, chooser().nearest_module(need_of(key_)));
    return;
  }
  const auto light = [&](std::uint32_t cage, DeviceId device, std::uint32_t port) {
    const auto type = type_of(device, port);
    const auto* stated = stated_module(device);
    const auto part = stated == nullptr ? no_index : stated->part.index();
    std::size_t at = 0;
    while (key_.seats[at].type != type || key_.seats[at].stated != part) ++at;
    auto module = choice.modules[at];
    if (stated == nullptr && module != no_module) module = module_for(cage, types_[type], module, families_.values()[choice.family]);
    table_.module_of_cage[cage] = module == no_module ? std::uint16_t{0} : static_cast<std::uint16_t>(module + 1);
    table_.family_of_cage[cage] = static_cast<std::uint16_t>(choice.family + 1);
    if (stated != nullptr) use(*stated);
  };
  const bool by_rule = policy().choice == MediaChoice::rule;
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    auto& leg = table_.legs[*i];
    light(from_cage_[*i], link.from, link.from_port);
    light(to_cage_[*i], link.to, link.to_port);
    const Millimetres needed(leg.length_mm);
    const bool from_package = types_[type_of(link.from, link.from_port)].form == Form::co_packaged;
    const bool to_package = types_[type_of(link.to, link.to_port)].form == Form::co_packaged;
    if (const auto fibre = held_fibre(*i, families_.values()[choice.family], from_package && to_package)) {
      leg.assembly = add_assembly(*fibre, needed, 1, *i);
      leg.held = true;
      // What is locked was chosen by hand; what is installed is judged as it was when it was planned.
      if (!held_at(*i)->installed) continue;
    } else {
      const auto& chosen = fibre_solution(choice, from_package && to_package, std::max(needed, held_length(i, i + 1)));
      if (!chosen.found) {
        no_part(*i, needed, "no fibre for its modules is that long");
        continue;
      }
      leg.assembly = add_assembly(chosen.solution, needed, 1, *i);
    }
    if (const auto* stated = stated_fibre(*i); stated != nullptr && stated->part.index() == key_.fibre) use(*stated);
    // The rule speaks of links between pluggable cages.
    if (!by_rule || from_package || to_package) continue;
    // Where one cable could join the cages, the rule speaks of that cable, whose longest leg counts.
    const auto wanted = class_by_rule(policy(), star != nullptr ? lengths_.longest : needed);
    leg.escalated = wanted != MediaClass::osfp;
    if (leg.escalated) note_escalation(*i, 1, wanted, MediaClass::osfp, star);
  }
}

/// Whatever its class: the set of parts with the best place under `prefer`, then the lowest total; of equal ones the earlier class. A set with an
/// unknown figure comes last.
void Cabler::solve_by_reach(const std::uint32_t* begin, const std::uint32_t* end, const Star* star) {
  if (star == nullptr) {
    if (refuse_unpaired(begin, end)) return;
    solve_optical(begin, end, nullptr);
    return;
  }
  for (const auto media : {MediaClass::dac, MediaClass::aoc}) {
    if (const auto* stated = stated_cable(*begin, media)) {
      solve_stated(*stated, *star, begin, end, media, media);
      return;
    }
  }
  ask_optics(begin, end);
  const auto& copper = cached_cable(false, *star, lengths_.longest);
  const auto& active = cached_cable(true, *star, lengths_.longest);
  const auto& optics = cached_modules();
  const CableChoice* best = nullptr;
  auto media = MediaClass::osfp;
  if (copper.found) best = &copper, media = MediaClass::dac;
  if (active.found && (best == nullptr || active.total < best->total)) best = &active, media = MediaClass::aoc;
  const bool by_optics = best == nullptr || (optics.found && optics.total < best->total);
  if (by_optics) {
    unshare_length(begin, end);
    solve_optical(begin, end, star);
  } else {
    commit_assembly(*star, begin, end, best->solution, media, media);
  }
  const auto total = by_optics ? optics.total.second : best->total.second;
  if (total != unknown_last || (by_optics && !optics.found)) return;
  const std::string what = policy().choice == MediaChoice::reach_power ? "power" : "price";
  tally(Code::reach_without_figure, *begin, static_cast<std::uint64_t>(end - begin),
        "no parts with a known " + what + " make these " + stage_name(network_, network_.link_groups[group_of_link_[*begin]]) + " links of fabric `" +
            spec_.fabrics[policy_].name + "`, so the policy `reach` took one without",
        "state the " + what + " of parts in an overlay catalog");
}

void Cabler::solve(const std::uint32_t* begin, const std::uint32_t* end) {
  policy_ = network_.link_groups[group_of_link_[*begin]].fabric.index();
  const auto& first = network_.links[*begin];
  const auto from = types_[type_of(first.from, first.from_port)].form;
  const auto to = types_[type_of(first.to, first.to_port)].form;
  if (from == Form::co_packaged || to == Form::co_packaged) {
    if (!refuse_unpaired(begin, end) && !refuse_unknown_optics(*begin)) solve_optical(begin, end, nullptr);
    return;
  }
  if (from == Form::rj45 && to == Form::rj45) {
    if (refuse_at_rj45(begin, end)) return;
    if (!solve_held(begin, end, nullptr)) solve_utp(begin, end);
    return;
  }
  const auto star = as_star(begin, end);
  if (star) share_length(begin, end);
  if (solve_held(begin, end, star ? &*star : nullptr)) return;
  if (policy().choice != MediaChoice::rule) {
    solve_by_reach(begin, end, star ? &*star : nullptr);
    return;
  }
  if (star) {
    const auto wanted = class_by_rule(policy(), longest_of(table_.legs, begin, end));
    if (wanted != MediaClass::osfp && solve_assembly(*star, begin, end, wanted)) return;
  } else if (refuse_unpaired(begin, end)) {
    return;
  }
  unshare_length(begin, end);
  solve_optical(begin, end, star ? &*star : nullptr);
}

CableTable Cabler::run() {
  prepare();
  route();
  if (tallies_.empty()) {
    const auto groups = group_by_cages(from_cage_, to_cage_, network_.cages);
    table_.assemblies.reserve(network_.links.size());
    for (std::size_t g = 0; g + 1 < groups.first.size(); ++g) solve(groups.links.data() + groups.first[g], groups.links.data() + groups.first[g + 1]);
  }
  populate();
  report_stale_lengths();
  check_locked();
  report_tallies();
  report_escalations();
  report_generic();
  report_statements();
  report_preferred();
  table_.solutions = std::move(solutions_).take();
  table_.modules = std::move(modules_).take();
  table_.families = std::move(families_).take();
  return std::move(table_);
}

std::string_view to_text(MediaClass media) {
  switch (media) {
  case MediaClass::dac: return "DAC";
  case MediaClass::aoc: return "AOC";
  case MediaClass::osfp: return "OSFP";
  case MediaClass::utp: return "UTP";
  case MediaClass::fibre: return "FIBRE";
  }
  return "?";
}

MediaClass class_by_rule(const MediaPolicy& policy, Millimetres needed) {
  if (needed < policy.dac_below) return MediaClass::dac;
  if (needed <= policy.aoc_up_to) return MediaClass::aoc;
  return MediaClass::osfp;
}

CableTable cable_network(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const Placement& placement,
                         const KnownCables& known, Sink& sink) {
  return Cabler(spec, catalog, network, placement, known, sink).run();
}

} // namespace icplan
