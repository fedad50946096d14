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
    for (const auto& block : group.blocks) types.insert(types.end(), block.cages, types_.intern(cage_type(block)));
  }
  reserved_cages_.assign(network_.cages, false);
  for (const auto& layout : network_.fabrics) {
    for (const auto& reserved : layout.reserved) reserved_cages_[cage_of(reserved.device, reserved.port)] = true;
    for (const auto& external : layout.external) reserved_cages_[cage_of(external.device, external.port)] = true;
  }
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
        tally(Code::halls_not_joined, g, i, 1,
              "runs of fabric `" + spec_.fabrics[group.fabric.index()].name + "` lead from one hall to another, but no ducts join them",
              "state `ducts` in `floor`");
        continue;
      }
      if (length->count() > most) {
        tally(Code::length_too_long, g, i, 1, "runs of fabric `" + spec_.fabrics[group.fabric.index()].name + "` are longer than 1,000 km",
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
    it->second = {true, solutions_.intern({optical ? MediaClass::aoc : MediaClass::dac, chosen->part, chosen->sold, legs})};
  }
  return it->second;
}

bool Cabler::solve_assembly(const Star& star, const std::uint32_t* begin, const std::uint32_t* end, MediaClass wanted) {
  std::uint32_t longest = 0;
  for (const auto* i = begin; i != end; ++i) longest = std::max(longest, table_.legs[*i].length_mm);
  const Millimetres needed(longest);
  const auto sold = std::max(needed, held_length(begin, end));
  auto media = wanted;
  const auto* chosen = &cached_cable(media == MediaClass::aoc, star, sold);
  if (!chosen->found && media == MediaClass::dac && policy().escalate) {
    media = MediaClass::aoc;
    chosen = &cached_cable(true, star, sold);
  }
  if (!chosen->found) return false;
  const auto used = static_cast<std::uint32_t>(end - begin);
  lay(add_assembly(chosen->solution, needed, used, *begin), star, begin, end);
  if (media == wanted) return true;
  for (const auto* i = begin; i != end; ++i) table_.legs[*i].escalated = true;
  note_escalation(*begin, used, wanted, media, &star);
  return true;
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
  tally(Code::unused_leg, group_of_link_[*begin], *begin, legs - used,
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

const Cabler::ModuleChoice& Cabler::cached_modules(const std::vector<CageTypeId>& types, Millimetres longest) {
  if (last_set_ == no_index || last_policy_ != policy_ || last_types_ != types) {
    last_set_ = type_sets_.try_emplace({policy_, types}, static_cast<std::uint32_t>(type_sets_.size())).first->second;
    last_policy_ = policy_;
    last_types_ = types;
  }
  const auto [it, added] = module_choices_.try_emplace({last_set_, chooser().module_step(longest)});
  if (added) choose_modules(it->second, std::nullopt, longest);
  return it->second;
}

/// One module for each of the last set of cage types; with `fibre`, such that take it, and with `family`, of that family.
void Cabler::choose_modules(ModuleChoice& choice, std::optional<PartId> fibre, Millimetres longest, const OpticalFamily* family) {
  std::vector<CageType> cages;
  for (const auto type : last_types_) cages.push_back(types_[type]);
  const auto chosen = chooser().modules(cages, longest, fibre, family);
  if (!chosen) return;
  choice.found = true;
  choice.family = static_cast<std::uint16_t>(families_.intern(chosen->family).index());
  for (const auto part : chosen->modules) choice.modules.push_back(static_cast<std::uint16_t>(modules_.intern(part).index()));
}

const Cabler::CableChoice& Cabler::cached_fibre(std::uint16_t family, Millimetres needed) {
  const auto [fibre, added] = fibres_.try_emplace({std::uint64_t{policy_} << 16U | family, chooser().fibre_step(needed)});
  if (!added) return fibre->second;
  if (const auto chosen = chooser().fibre(families_.values()[family], needed))
    fibre->second = {true, solutions_.intern({MediaClass::osfp, chosen->part, chosen->sold, 1})};
  return fibre->second;
}

/// One module family for the whole group, one module in each of its cages, one fibre for each link.
void Cabler::solve_optical(const std::uint32_t* begin, const std::uint32_t* end, const Star* star) {
  std::uint32_t longest = 0;
  scratch_types_.clear();
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    longest = std::max(longest, table_.legs[*i].length_mm);
    for (const auto type : {type_of(link.from, link.from_port), type_of(link.to, link.to_port)}) {
      if (std::find(scratch_types_.begin(), scratch_types_.end(), type) == scratch_types_.end()) scratch_types_.push_back(type);
    }
  }
  std::sort(scratch_types_.begin(), scratch_types_.end());
  const auto& choice = modules_for_held(cached_modules(scratch_types_, Millimetres(longest)), begin, end, Millimetres(longest));
  if (!choice.found) {
    std::vector<CageType> cages;
    for (const auto type : scratch_types_) cages.push_back(types_[type]);
    no_part(*begin, Millimetres(longest), chooser().nearest_module(cages, Millimetres(longest)));
    return;
  }
  const auto light = [&](std::uint32_t cage, CageTypeId type) {
    const auto at = static_cast<std::size_t>(std::lower_bound(scratch_types_.begin(), scratch_types_.end(), type) - scratch_types_.begin());
    table_.module_of_cage[cage] =
        static_cast<std::uint16_t>(module_for(cage, types_[type], choice.modules[at], families_.values()[choice.family], Millimetres(longest)) + 1);
    table_.family_of_cage[cage] = static_cast<std::uint16_t>(choice.family + 1);
  };
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    auto& leg = table_.legs[*i];
    light(from_cage_[*i], type_of(link.from, link.from_port));
    light(to_cage_[*i], type_of(link.to, link.to_port));
    const Millimetres needed(leg.length_mm);
    if (const auto fibre = held_fibre(*i, families_.values()[choice.family])) {
      leg.assembly = add_assembly(*fibre, needed, 1, *i);
      leg.held = true;
      continue;
    }
    const auto fibre = cached_fibre(choice.family, std::max(needed, held_length(i, i + 1)));
    if (!fibre.found) {
      no_part(*i, needed, "no fibre for its modules is that long");
      continue;
    }
    leg.assembly = add_assembly(fibre.solution, needed, 1, *i);
    // Where one cable could join the cages, the rule speaks of that cable, whose longest leg counts.
    const auto wanted = class_by_rule(policy(), star != nullptr ? Millimetres(longest) : needed);
    leg.escalated = wanted != MediaClass::osfp;
    if (leg.escalated) note_escalation(*i, 1, wanted, MediaClass::osfp, star);
  }
}

void Cabler::solve(const std::uint32_t* begin, const std::uint32_t* end) {
  policy_ = network_.link_groups[group_of_link_[*begin]].fabric.index();
  const auto& first = network_.links[*begin];
  const auto from = types_[type_of(first.from, first.from_port)].form;
  const auto to = types_[type_of(first.to, first.to_port)].form;
  if (from == Form::co_packaged || to == Form::co_packaged) {
    no_part(*begin, Millimetres(table_.legs[*begin].length_mm), "co-packaged ports are not supported by this version of icplan");
    return;
  }
  if (from == Form::rj45 && to == Form::rj45) {
    if (!solve_held(begin, end, nullptr)) solve_utp(begin, end);
    return;
  }
  const auto star = as_star(begin, end);
  if (star) share_length(begin, end);
  if (solve_held(begin, end, star ? &*star : nullptr)) return;
  if (star) {
    std::uint32_t longest = 0;
    for (const auto* i = begin; i != end; ++i) longest = std::max(longest, table_.legs[*i].length_mm);
    const auto wanted = class_by_rule(policy(), Millimetres(longest));
    if (wanted != MediaClass::osfp && solve_assembly(*star, begin, end, wanted)) return;
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
  report_stale_lengths();
  check_locked();
  report_tallies();
  report_escalations();
  report_generic();
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
