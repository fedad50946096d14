// SPDX-License-Identifier: Apache-2.0
// Pieces that are ordered or installed: they are laid as they are where they fit and reach, whatever the media rule would choose.
#include "cabler.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::string metres(Millimetres length) { return decimal(length.count(), 3) + " m"; }

} // namespace

/// The longest length that a held piece without a stated part was ordered in.
Millimetres Cabler::held_length(const std::uint32_t* begin, const std::uint32_t* end) const {
  Millimetres longest;
  if (known_.piece_of_link.empty()) return longest;
  for (const auto* i = begin; i != end; ++i) {
    const auto* piece = held_at(*i);
    if (piece != nullptr && !piece->part.valid()) longest = std::max(longest, piece->sold);
  }
  return longest;
}

void Cabler::refuse_held(const HeldPiece& piece, std::uint32_t link, const std::string& reason) {
  dropped_[link] = true;
  // Growth tells what of the installed pieces is not laid again.
  if (piece.installed) return;
  sink_.report(Code::locked_part_unfit, piece.where, "`" + known_.name(link) + "` is locked as `" + catalog_[piece.part].id + "`, which " + reason,
               "correct the row, or leave its `part` and `sold_m` out");
}

/// The length of a held piece: as stated, else the shortest that reaches. Nothing where what is ordered is not sold so, or what is installed is too
/// short.
static std::optional<Millimetres> sold_length(const SoldLengths& lengths, const HeldPiece& piece, Millimetres needed) {
  const auto stated = piece.sold;
  if (piece.installed) return stated >= needed ? std::optional(stated) : std::nullopt;
  const auto wanted = stated.count() > 0 ? stated : needed;
  const auto sold = lengths.at_least(wanted);
  return stated.count() > 0 && sold != stated ? std::nullopt : sold;
}

/// Why there is no such length.
static std::string short_of(const HeldPiece& piece, Millimetres needed) {
  if (piece.installed) return "is shorter than the " + metres(needed) + " that the run needs now";
  return "is not sold at " + metres(piece.sold.count() > 0 ? piece.sold : needed);
}

bool Cabler::solve_held_cable(const HeldPiece& piece, const std::uint32_t* begin, const std::uint32_t* end, const Star* star) {
  const auto& facts = *catalog_[piece.part].as<CableFacts>();
  const auto refuse = [&](const std::string& reason) {
    refuse_held(piece, *begin, reason);
    return false;
  };
  if (star == nullptr) return refuse("plugs into whole cages, but the ports of these cages go to different devices");
  for (const auto* i = begin; i != end; ++i) {
    const auto* other = held_at(*i);
    if (other != nullptr && (other->part != piece.part || other->sold != piece.sold)) return refuse("another row says otherwise of another leg");
  }
  if (!chooser().fits(piece.part, types_[star->hub], types_[star->far]))
    return refuse("does not fit " + describe(types_[star->hub]) + " to " + describe(types_[star->far]));
  std::uint32_t longest = 0;
  for (const auto* i = begin; i != end; ++i) longest = std::max(longest, table_.legs[*i].length_mm);
  const auto sold = sold_length(facts.lengths, piece, Millimetres(longest));
  if (!sold) return refuse(short_of(piece, Millimetres(longest)));
  const auto legs = static_cast<std::uint32_t>(types_[star->hub].ports);
  const auto solution = solutions_.intern({facts.optical ? MediaClass::aoc : MediaClass::dac, piece.part, *sold, legs});
  const auto used = static_cast<std::uint32_t>(end - begin);
  lay(add_assembly(solution, Millimetres(longest), used, *begin), *star, begin, end);
  const auto media = facts.optical ? MediaClass::aoc : MediaClass::dac;
  const auto wanted = class_by_rule(policy(), Millimetres(longest));
  // What is locked was chosen by hand; what is installed is judged as it was when it was planned.
  const bool escalated = piece.installed && policy().choice == MediaChoice::rule && media > wanted;
  for (const auto* i = begin; i != end; ++i) {
    table_.legs[*i].held = true;
    table_.legs[*i].escalated = escalated;
  }
  if (escalated) note_escalation(*begin, used, wanted, media, star);
  return true;
}

bool Cabler::solve_held_utp(const HeldPiece& piece, std::uint32_t link) {
  const Millimetres needed(table_.legs[link].length_mm);
  const auto sold = sold_length(catalog_[piece.part].as<UtpFacts>()->lengths, piece, needed);
  if (!sold) {
    refuse_held(piece, link, short_of(piece, needed));
    return false;
  }
  table_.legs[link].assembly = add_assembly(solutions_.intern({MediaClass::utp, piece.part, *sold, 1}), needed, 1, link);
  table_.legs[link].held = true;
  return true;
}

/// Lays what is held; false where nothing is, or where it cannot be laid.
bool Cabler::solve_held(const std::uint32_t* begin, const std::uint32_t* end, const Star* star) {
  if (known_.piece_of_link.empty()) return false;
  const HeldPiece* piece = nullptr;
  auto at = *begin;
  for (const auto* i = begin; i != end && piece == nullptr; ++i) {
    const auto* held = held_at(*i);
    if (held == nullptr || !held->part.valid()) continue;
    piece = held;
    at = *i;
  }
  if (piece == nullptr) return false;
  const auto& link = network_.links[at];
  const bool rj45 = types_[type_of(link.from, link.from_port)].form == Form::rj45 && types_[type_of(link.to, link.to_port)].form == Form::rj45;
  const auto& part = catalog_[piece->part];
  if (rj45 != (part.kind == PartKind::utp) || (part.kind != PartKind::utp && part.kind != PartKind::cable && part.kind != PartKind::fibre)) {
    refuse_held(*piece, at,
                "does not join " + describe(types_[type_of(link.from, link.from_port)]) + " to " + describe(types_[type_of(link.to, link.to_port)]));
    return false;
  }
  if (part.kind == PartKind::utp) return solve_held_utp(*piece, at);
  if (part.kind == PartKind::cable) {
    const bool laid = solve_held_cable(*piece, begin, end, star);
    for (const auto* i = begin; i != end && !laid; ++i) dropped_[*i] = true;
    return laid;
  }
  unshare_length(begin, end);
  solve_optical(begin, end, star);
  return true;
}

/// The family of the first module that is installed in a cage of the group.
const OpticalFamily* Cabler::installed_family(const std::uint32_t* begin, const std::uint32_t* end) const {
  if (known_.module_of_cage.empty()) return nullptr;
  for (const auto* i = begin; i != end; ++i) {
    for (const auto cage : {from_cage_[*i], to_cage_[*i]}) {
      const auto module = known_.module_of_cage[cage];
      if (!module.valid()) continue;
      const auto& family = catalog_[module].as<ModuleFacts>()->family;
      if (family) return &*family;
    }
  }
  return nullptr;
}

/// The modules of a group in which modules are installed or fibres held: those that the planner would take, if they agree with what is there, else
/// the first that do.
const Cabler::ModuleChoice& Cabler::modules_for_held(const ModuleChoice& usual, const std::uint32_t* begin, const std::uint32_t* end) {
  if (known_.piece_of_link.empty()) return usual;
  std::optional<PartId> fibre;
  for (const auto* i = begin; i != end && !fibre; ++i) {
    const auto* piece = held_at(*i);
    if (piece != nullptr && piece->part.valid() && catalog_[piece->part].kind == PartKind::fibre) fibre = piece->part;
  }
  const auto agrees = [&](const ModuleChoice& choice, const OpticalFamily* family) {
    if (!choice.found) return false;
    const auto& chosen = families_.values()[choice.family];
    return (family == nullptr || chosen == *family) && (!fibre || chooser().takes_fibre(chosen, *fibre));
  };
  // What is installed goes first, then what takes the fibre, then what would be taken anyway.
  for (const auto* family : {installed_family(begin, end), static_cast<const OpticalFamily*>(nullptr)}) {
    if (agrees(usual, family)) return usual;
    const auto number = family == nullptr ? no_index : families_.intern(*family).index();
    const auto [it, added] = held_choices_.try_emplace({last_set_, fibre ? fibre->index() : no_index, number, chooser().module_step(lengths_)});
    if (added) choose_modules(it->second, fibre, family);
    if (it->second.found) return it->second;
  }
  return usual;
}

/// The module for a cage: what is installed there where it still serves, else the chosen one.
std::uint16_t Cabler::module_for(std::uint32_t cage, const CageType& type, std::uint16_t chosen, const OpticalFamily& family) {
  const auto installed = known_.module_of_cage.empty() ? PartId() : known_.module_of_cage[cage];
  if (!installed.valid() || !chooser().serves(installed, family, type, lengths_)) return chosen;
  return static_cast<std::uint16_t>(modules_.intern(installed).index());
}

/// The fibre that is held for a link, where its part is stated. Nothing, and a finding, where the modules do not take it.
std::optional<SolutionId> Cabler::held_fibre(std::uint32_t link, const OpticalFamily& family, bool co_packaged) {
  const auto* piece = held_at(link);
  if (piece == nullptr || !piece->part.valid()) return std::nullopt;
  const auto& part = catalog_[piece->part];
  const Millimetres needed(table_.legs[link].length_mm);
  if (part.kind != PartKind::fibre || !chooser().takes_fibre(family, piece->part)) {
    refuse_held(*piece, link, "modules of type " + family.type + " do not take");
    return std::nullopt;
  }
  const auto sold = sold_length(part.as<FibreFacts>()->lengths, *piece, needed);
  if (!sold) {
    refuse_held(*piece, link, short_of(*piece, needed));
    return std::nullopt;
  }
  return solutions_.intern({co_packaged ? MediaClass::fibre : MediaClass::osfp, piece->part, *sold, 1});
}

} // namespace icplan
