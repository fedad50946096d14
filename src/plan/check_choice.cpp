// SPDX-License-Identifier: Apache-2.0
// What the spec says about the choice of parts: stated parts are used, preferred ones come first, and the policy `reach` took the lowest total.
#include "check_plan.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace icplan {
namespace {

/// What an assembly says about itself, as far as the choice of its part goes.
struct Choice {
  std::size_t fabric = 0;
  std::uint16_t from_shape = 0;
  std::uint16_t to_shape = 0;
  std::uint32_t solution = 0;
  std::uint32_t needed = 0;

  friend auto operator<=>(const Choice&, const Choice&) = default;
};

class ChoiceCheck {
public:
  ChoiceCheck(const Plan& plan, const PlanIndex& index, Violations& violations) : plan_(plan), index_(index), violations_(violations) {}

  void run() {
    for (std::size_t f = 0; f < plan_.spec.fabrics.size(); ++f) {
      const auto& media = plan_.spec.fabrics[f].media;
      if (!media.parts.empty()) check_stated(f);
      if (!media.prefer.empty() || media.choice != MediaChoice::rule) check_order(f);
    }
  }

private:
  std::string device_word(const DeviceGroup& group, std::size_t fabric, std::int64_t tier) const;
  std::string links_word(const LinkGroup& group) const;
  void check_stated(std::size_t fabric);
  void check_stated_links(const LinkGroup& group, const MediaPolicy& media);
  void check_stated_cages(const LinkGroup& group, const MediaPolicy& media);
  void check_order(std::size_t fabric);
  void check_cable(const Choice& choice);
  std::int64_t place(const MediaPolicy& media, PartId part) const;
  std::optional<std::int64_t> total(const MediaPolicy& media, PartId part, Millimetres sold, std::int64_t plugs) const;

  const Plan& plan_;
  const PlanIndex& index_;
  Violations& violations_;
};

std::string ChoiceCheck::device_word(const DeviceGroup& group, std::size_t fabric, std::int64_t tier) const {
  if (tier > 0) return plan_.network.fabrics[fabric].tiers[static_cast<std::size_t>(tier) - 1].name;
  return group.is_node() ? "node" : "switch";
}

/// "leaf-spine", "isl leaf-leaf".
std::string ChoiceCheck::links_word(const LinkGroup& group) const {
  const auto& link = plan_.network.links[group.first];
  const auto lower = group.kind == LinkKind::uplink ? group.fabric.index() : group.host.index();
  auto word = device_word(plan_.network.group(link.from), lower, group.from_tier) + "-" +
              device_word(plan_.network.group(link.to), group.host.index(), group.to_tier);
  return group.kind == LinkKind::tier ? word : std::string(to_text(group.kind)) + " " + word;
}

void ChoiceCheck::check_stated_links(const LinkGroup& group, const MediaPolicy& media) {
  const auto word = links_word(group);
  // By class: the first statement counts.
  std::map<MediaClass, PartId> stated;
  for (const auto& part : media.parts) {
    if (part.kind == PartKind::module || part.where != word) continue;
    const auto* cable = plan_.part(part.part).as<CableFacts>();
    stated.try_emplace(cable == nullptr ? MediaClass::osfp : cable->optical ? MediaClass::aoc : MediaClass::dac, part.part);
  }
  for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
    const auto& solution = plan_.cables.solution(plan_.cables.legs[i]);
    const auto found = stated.find(solution.media);
    if (found != stated.end() && found->second != solution.part) {
      violations_.add(LinkName{plan_.network, i}, " is made by `", plan_.part(solution.part).id, "`, but the spec states `",
                      plan_.part(found->second).id, "`");
    }
  }
}

void ChoiceCheck::check_stated_cages(const LinkGroup& group, const MediaPolicy& media) {
  for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
    const auto& link = plan_.network.links[i];
    for (const bool from : {true, false}) {
      const auto& device = plan_.network.group(from ? link.from : link.to);
      const auto module = plan_.cables.module_of_cage[(from ? index_.from : index_.to)[i].cage];
      if (module == 0) continue;
      const auto word = device.is_node() ? std::string("node") : device_word(device, device.fabric.index(), device.tier);
      for (const auto& part : media.parts) {
        if (part.kind != PartKind::module) continue;
        const bool named = device.is_node() && plan_.spec.nodes[device.nodes.index()].name == part.where;
        if (!named && part.where != word) continue;
        if (plan_.cables.modules[module - 1U] != part.part) {
          violations_.add(LinkName{plan_.network, i}, " has module `", plan_.part(plan_.cables.modules[module - 1U]).id, "` at ", part.where,
                          ", but the spec states `", plan_.part(part.part).id, "`");
        }
        break;
      }
    }
  }
}

void ChoiceCheck::check_stated(std::size_t fabric) {
  const auto& media = plan_.spec.fabrics[fabric].media;
  for (const auto& group : plan_.network.link_groups) {
    if (group.fabric.index() != fabric || group.count == 0) continue;
    check_stated_links(group, media);
    check_stated_cages(group, media);
  }
}

std::int64_t ChoiceCheck::place(const MediaPolicy& media, PartId part) const {
  const auto found = std::find_if(media.prefer.begin(), media.prefer.end(), [&](const PreferredPart& entry) { return entry.part == part; });
  return found - media.prefer.begin();
}

/// Cents or milliwatts of a cable; nothing when a figure is missing.
std::optional<std::int64_t> ChoiceCheck::total(const MediaPolicy& media, PartId id, Millimetres sold, std::int64_t plugs) const {
  const auto& part = plan_.part(id);
  if (media.choice == MediaChoice::reach_cost) {
    const auto price = plan_.spec.price(*plan_.catalog, id, sold);
    return price ? std::optional(price->amount.count()) : std::nullopt;
  }
  const auto& watts = part.as<CableFacts>()->end_power;
  const auto near_watts = plan_.spec.accepted(watts[0]);
  const auto far_watts = plan_.spec.accepted(watts[1]);
  return near_watts && far_watts ? std::optional(near_watts->count() + plugs * far_watts->count()) : std::nullopt;
}

/// No cable that fits and reaches is preferred to the one that was taken, or comes to less under the policy `reach`.
void ChoiceCheck::check_cable(const Choice& choice) {
  const auto& media = plan_.spec.fabrics[choice.fabric].media;
  const auto& solution = plan_.cables.solutions[choice.solution];
  const auto& from = index_.shapes[choice.from_shape];
  const auto& to = index_.shapes[choice.to_shape];
  const auto& hub = from.ports >= to.ports ? from : to;
  const auto& far = from.ports >= to.ports ? to : from;
  const auto plugs = hub.ports / far.ports;
  const auto protocol = plan_.network.fabrics[choice.fabric].protocol;
  const auto taken_place = place(media, solution.part);
  const auto taken_total = total(media, solution.part, solution.sold, plugs);
  for (const auto id : plan_.catalog->of_kind(PartKind::cable)) {
    const auto& part = plan_.part(id);
    const auto& facts = *part.as<CableFacts>();
    if (id == solution.part || (part.generic() ? media.orderable_only : !part.orderable)) continue;
    if (media.choice == MediaChoice::rule && facts.optical != (solution.media == MediaClass::aoc)) continue;
    const auto sold = facts.lengths.at_least(Millimetres(choice.needed));
    if (!sold || (facts.lengths.maximum && *sold > *facts.lengths.maximum)) continue;
    if (!assembly_fits(facts, protocol, hub, far, plugs)) continue;
    const auto other = place(media, id);
    if (other > taken_place) continue;
    const auto sum = total(media, id, *sold, plugs);
    const bool less = media.choice != MediaChoice::rule && sum && (!taken_total || *sum < *taken_total);
    if (other < taken_place || less) {
      violations_.add("`", part.id, "` fits where `", plan_.part(solution.part).id, "` was taken for ", choice.needed, " mm, and ",
                      other < taken_place ? "is preferred" : "comes to less");
    }
  }
}

void ChoiceCheck::check_order(std::size_t fabric) {
  std::set<Choice> seen;
  for (const auto& group : plan_.network.link_groups) {
    if (group.fabric.index() != fabric) continue;
    const auto word = links_word(group);
    const auto& parts = plan_.spec.fabrics[fabric].media.parts;
    const bool stated = std::any_of(parts.begin(), parts.end(), [&](const StatedPart& part) { return part.where == word; });
    if (stated) continue;
    for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
      const auto& assembly = plan_.cables.assemblies[plan_.cables.legs[i].assembly.index()];
      const auto media = plan_.cables.solutions[assembly.solution.index()].media;
      if (media != MediaClass::dac && media != MediaClass::aoc) continue;
      const Choice choice{fabric, index_.from[i].shape, index_.to[i].shape, assembly.solution.index(), assembly.needed_mm};
      if (seen.insert(choice).second) check_cable(choice);
    }
  }
}

} // namespace

void check_choice(const Plan& plan, const PlanIndex& index, Violations& violations) { ChoiceCheck(plan, index, violations).run(); }

} // namespace icplan
