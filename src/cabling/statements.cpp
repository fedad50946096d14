// SPDX-License-Identifier: Apache-2.0
// Parts that the spec states: where they belong, and why one that does not fit is refused.
#include "cabler.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace icplan {
namespace {

/// "node", "leaf", "router": what `at` calls the devices of a group.
std::string tier_name(const Network& network, const DeviceGroup& group) {
  if (group.is_node()) return "node";
  const auto& tiers = network.fabrics[group.fabric.index()].tiers;
  return tiers[static_cast<std::size_t>(group.tier - 1)].name;
}

std::string place(const StatedPart& stated) {
  return stated.kind == PartKind::module ? "cages at `" + stated.where + "`" : "`" + stated.where + "` links";
}

} // namespace

void Cabler::prepare_statements() {
  module_statements_.resize(spec_.fabrics.size());
  for (std::uint32_t f = 0; f < spec_.fabrics.size(); ++f) {
    for (const auto& stated : spec_.fabrics[f].media.parts) {
      statements_[stated.origin.whole].part = &stated;
      if (stated.kind == PartKind::module) {
        match_cages(FabricId(f), stated);
      } else {
        match_links(FabricId(f), stated);
      }
    }
  }
}

void Cabler::match_links(FabricId fabric, const StatedPart& stated) {
  link_statements_.resize(network_.link_groups.size());
  for (std::uint32_t g = 0; g < network_.link_groups.size(); ++g) {
    const auto& group = network_.link_groups[g];
    if (group.fabric != fabric || group.count == 0 || stage_name(network_, group) != stated.where) continue;
    statements_[stated.origin.whole].matched = true;
    auto& of = link_statements_[g];
    const auto* cable = catalog_[stated.part].as<CableFacts>();
    auto& slot = cable == nullptr ? of.fibre : cable->optical ? of.active : of.copper;
    // The first that names the links counts.
    if (slot == nullptr) slot = &stated;
  }
}

void Cabler::match_cages(FabricId fabric, const StatedPart& stated) {
  auto& of = module_statements_[fabric.index()];
  of.resize(network_.groups.size(), nullptr);
  for (std::size_t g = 0; g < network_.groups.size(); ++g) {
    const auto& group = network_.groups[g];
    const bool named = group.is_node() && spec_.nodes[group.nodes.index()].name == stated.where;
    if (!named && tier_name(network_, group) != stated.where) continue;
    statements_[stated.origin.whole].matched = true;
    if (of[g] == nullptr) of[g] = &stated;
  }
}

const StatedPart* Cabler::stated_cable(std::uint32_t link, MediaClass media) const {
  if (link_statements_.empty()) return nullptr;
  const auto& of = link_statements_[group_of_link_[link]];
  return media == MediaClass::dac ? of.copper : media == MediaClass::aoc ? of.active : nullptr;
}

bool Cabler::solve_stated(const StatedPart& stated, const Star& star, const std::uint32_t* begin, const std::uint32_t* end, MediaClass media,
                          MediaClass wanted) {
  std::uint32_t longest = 0;
  for (const auto* i = begin; i != end; ++i) longest = std::max(longest, table_.legs[*i].length_mm);
  const Millimetres needed(longest);
  use(stated);
  if (!chooser().judge_as_cable(stated.part, types_[star.hub], types_[star.far], needed).fits()) {
    refuse_cable(stated, *begin, star, needed);
    return true;
  }
  const auto sold = *catalog_[stated.part].as<CableFacts>()->lengths.at_least(needed);
  const auto legs = static_cast<std::uint32_t>(types_[star.hub].ports);
  commit_assembly(star, begin, end, solutions_.intern({media, stated.part, sold, legs}), media, wanted);
  return true;
}

/// Anything that is stated for links of twisted pair. Whether there was.
bool Cabler::refuse_at_rj45(const std::uint32_t* begin, const std::uint32_t* end) {
  if (link_statements_.empty()) return false;
  bool refused = false;
  for (const auto* i = begin; i != end; ++i) {
    const auto& of = link_statements_[group_of_link_[*i]];
    for (const auto* stated : {of.copper, of.active, of.fibre}) {
      if (stated == nullptr) continue;
      use(*stated);
      refused = true;
      refuse(*stated, *i, 1, {Misfit::rj45, 0, 0, {}, {}}, {}, std::nullopt);
    }
  }
  return refused;
}

/// Cables that are stated for links whose cages do not pair. Whether there were any.
bool Cabler::refuse_unpaired(const std::uint32_t* begin, const std::uint32_t* end) {
  if (link_statements_.empty()) return false;
  bool refused = false;
  for (const auto* i = begin; i != end; ++i) {
    const auto& of = link_statements_[group_of_link_[*i]];
    const auto wanted = class_by_rule(policy(), Millimetres(table_.legs[*i].length_mm));
    const auto* stated = stated_cable(*i, wanted);
    if (policy().choice != MediaChoice::rule) stated = of.copper != nullptr ? of.copper : of.active;
    if (stated == nullptr) continue;
    use(*stated);
    refused = true;
    const auto& link = network_.links[*i];
    const bool packaged =
        types_[type_of(link.from, link.from_port)].form == Form::co_packaged || types_[type_of(link.to, link.to_port)].form == Form::co_packaged;
    refuse(*stated, *i, 1, {packaged ? Misfit::co_packaged : Misfit::whole_cages, 0, 0, {}, {}}, {}, std::nullopt);
  }
  return refused;
}

void Cabler::refuse(const StatedPart& stated, std::uint32_t link, std::uint64_t count, const Reason& reason, const std::string& where,
                    std::optional<PartId> instead) {
  const auto& fabric = spec_.fabrics[network_.link_groups[group_of_link_[link]].fabric.index()];
  const auto& id = catalog_[stated.part].id;
  ++refusals_;
  const auto subject = "`" + id + "` is stated for the " + place(stated) + " of fabric `" + fabric.name + "`" + (where.empty() ? "" : ", " + where) +
                       ", but does not fit: ";
  const auto help = instead ? "`" + catalog_[*instead].id + "` fits; state it, or leave the statement out" : "leave the statement out";
  // Reasons that differ with the length of the run are one finding, which names the worst.
  const bool by_length = reason.misfit == Misfit::reach || reason.misfit == Misfit::min_reach || reason.misfit == Misfit::loss_budget;
  auto& tally = tally_at(stated.origin.whole, code_of(reason.misfit), link, count, by_length ? subject : subject + sentence(reason), help);
  const auto gap = std::abs(reason.has - reason.needs);
  if (!by_length || gap <= tally.gap) return;
  tally.gap = gap;
  tally.finding.message = subject + sentence(reason);
}

void Cabler::refuse_cable(const StatedPart& stated, std::uint32_t link, const Star& star, Millimetres needed) {
  const auto& hub = types_[star.hub];
  const auto& far = types_[star.far];
  const auto better = chooser().cable(catalog_[stated.part].as<CableFacts>()->optical, hub, far, needed);
  const auto where = describe(hub) + " to " + describe(far);
  for (const auto& reason : chooser().judge_as_cable(stated.part, hub, far, needed))
    refuse(stated, link, 1, reason, where, better ? std::optional(better->part) : std::nullopt);
}

/// The statement that gives this module to a cage of this kind at the links.
const StatedPart* Cabler::statement_of(PartId module, const CageType& cage, const std::uint32_t* begin, const std::uint32_t* end) const {
  const auto gives = [&](DeviceId device, std::uint32_t port) {
    const auto* of = stated_module(device);
    return of != nullptr && of->part == module && types_[type_of(device, port)] == cage ? of : nullptr;
  };
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    if (const auto* of = gives(link.from, link.from_port)) return of;
    if (const auto* of = gives(link.to, link.to_port)) return of;
  }
  return nullptr;
}

/// Cages of the links that the statement is about.
std::uint64_t Cabler::cages_with(const StatedPart& stated, const std::uint32_t* begin, const std::uint32_t* end) const {
  std::set<std::uint32_t> cages;
  for (const auto* i = begin; i != end; ++i) {
    const auto& link = network_.links[*i];
    if (stated_module(link.from) == &stated) cages.insert(from_cage_[*i]);
    if (stated_module(link.to) == &stated) cages.insert(to_cage_[*i]);
  }
  return cages.size();
}

/// A co-packaged port whose optics the catalogs leave open.
bool Cabler::refuse_unknown_optics(std::uint32_t index) {
  const auto& link = network_.links[index];
  for (const bool from : {true, false}) {
    const auto device = from ? link.from : link.to;
    const auto& cage = types_[type_of(device, from ? link.from_port : link.to_port)];
    if (cage.form != Form::co_packaged || (cage.optics && cage.optics->reach)) continue;
    const auto& model = catalog_[network_.group(device).part].id;
    tally(Code::co_packaged_optics_unknown, index, 1,
          "the catalogs do not state the " + std::string(cage.optics ? "reach of the optics" : "optics") + " of the co-packaged ports of `" + model +
              "`",
          "state `optical` and `reach_m` of its ports in an overlay catalog, with their source");
    return true;
  }
  return false;
}

/// Why the stated modules or fibre cannot be used; false when nothing speaks against them.
bool Cabler::refuse_optics(const std::uint32_t* begin, const std::uint32_t* end, const OpticalKey& key) {
  const bool modules = std::any_of(key.seats.begin(), key.seats.end(), [](const SeatKey& seat) { return seat.stated != no_index; });
  if (!modules && key.fibre == no_index) return false;
  const auto before = refusals_;
  const auto link = *begin;
  auto without = need_of(key);
  const auto longest = lengths_.longest;
  if (key.fibre != no_index) {
    without.fibre = std::nullopt;
    const auto* stated = stated_fibre(link);
    const auto chosen = chooser().modules(without);
    if (chosen && stated != nullptr) {
      use(*stated);
      const auto better = chooser().fibre(chosen->family, longest, chosen->budget);
      for (const auto& reason : chooser().judge_as_fibre(stated->part, chosen->family, longest, chosen->budget))
        refuse(*stated, link, static_cast<std::uint64_t>(end - begin), reason, "between " + chosen->family.type + " modules",
               better ? std::optional(better->part) : std::nullopt);
      return refusals_ != before;
    }
    if (!modules) return false;
  }
  auto free = without;
  for (auto& seat : free.seats) seat.stated = std::nullopt;
  const auto better = chooser().modules(free);
  bool judged = false;
  for (const bool whole : {false, true}) {
    if (judged) break;
    for (std::size_t i = 0; i < key.seats.size(); ++i) {
      if (key.seats[i].stated == no_index) continue;
      const auto id = PartId(key.seats[i].stated);
      const auto& cage = free.seats[i].cage;
      const auto* found = statement_of(id, cage, begin, end);
      if (found == nullptr) continue;
      const auto& stated = *found;
      use(stated);
      const auto instead = better && better->modules[i].valid() ? std::optional(better->modules[i]) : std::nullopt;
      const auto verdict = chooser().judge_as_module(id, cage, lengths_);
      const auto cages = cages_with(stated, begin, end);
      for (const auto& reason : verdict) refuse(stated, link, cages, reason, describe(cage), instead);
      judged = judged || !verdict.fits();
      const auto& family = catalog_[id].as<ModuleFacts>()->family;
      if (whole && family) refuse(stated, link, cages, {Misfit::family, 0, 0, family->type, {}}, describe(cage), instead);
    }
  }
  return refusals_ != before;
}

std::string Cabler::known_places(const StatedPart& stated) const {
  std::set<std::string> names;
  if (stated.kind == PartKind::module) {
    for (const auto& group : network_.groups) names.insert(tier_name(network_, group));
  } else {
    for (const auto& group : network_.link_groups) {
      if (group.count > 0) names.insert(stage_name(network_, group));
    }
  }
  const std::vector<std::string_view> list(names.begin(), names.end());
  return quoted_list(list);
}

/// A statement that names nothing is a mistake, one that nothing took up is worth a warning.
void Cabler::report_statements() {
  for (const auto& [where, use] : statements_) {
    const auto& id = catalog_[use.part->part].id;
    if (!use.matched) {
      sink_.report(Code::unknown_name, where, "`" + id + "` is stated for the " + place(*use.part) + ", of which the plan has none",
                   "the plan has " + known_places(*use.part));
    } else if (!use.used && !sink_.has_errors()) {
      sink_.report(Code::stated_part_unused, where,
                   "`" + id + "` is stated for the " + place(*use.part) + ", but the rule gives all of them another class",
                   "leave it out, or change the thresholds under `media`");
    }
  }
}

} // namespace icplan
