// SPDX-License-Identifier: Apache-2.0
// What cabling has to tell: links that left their class, links that no part makes, generic parts.
#include "cabler.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {

std::string Cabler::link_name(std::uint32_t index) const {
  const auto& link = network_.links[index];
  return network_.device_name(link.from) + " to " + network_.device_name(link.to);
}

/// Counts only: there can be millions of these. The sentences are made once, by report_escalations.
void Cabler::note_escalation(std::uint32_t link, std::uint32_t count, MediaClass wanted, MediaClass got, const Star* star) {
  const auto g = group_of_link_[link];
  const auto slot = ((g * 2 + (star != nullptr ? 1U : 0U)) * 4 + static_cast<std::uint32_t>(wanted)) * 4 + static_cast<std::uint32_t>(got);
  if (slot >= escalations_.size()) escalations_.resize(slot + 1);
  auto& entry = escalations_[slot];
  entry.count += count;
  entry.shortest = std::min(entry.shortest, table_.legs[link].length_mm);
  entry.longest = std::max(entry.longest, table_.legs[link].length_mm);
  if (entry.example_count < 3) entry.examples[entry.example_count++] = link;
  if (entry.reason.empty() && star != nullptr)
    entry.reason = chooser().nearest_cable(wanted == MediaClass::aoc, types_[star->hub], types_[star->far]);
}

std::string stage_name(const Network& network, const LinkGroup& group) {
  const auto tier = [&](FabricId fabric, std::int64_t number) {
    const auto& tiers = network.fabrics[fabric.index()].tiers;
    return number == 0 ? std::string(network.group(network.links[group.first].from).is_node() ? "node" : "switch")
                       : tiers[static_cast<std::size_t>(number - 1)].name;
  };
  const auto own = group.kind == LinkKind::uplink ? group.fabric : group.host;
  return (group.kind == LinkKind::tier ? std::string() : std::string(to_text(group.kind)) + " ") + tier(own, group.from_tier) + "-" +
         tier(group.host, group.to_tier);
}

/// "2.1 m", "2.1 to 6.8 m".
static std::string band(std::int64_t shortest, std::int64_t longest) {
  return (shortest == longest ? "" : decimal(shortest, 3) + " to ") + decimal(longest, 3) + " m";
}

void Cabler::report_escalations() {
  for (std::uint32_t slot = 0; slot < escalations_.size(); ++slot) {
    const auto& entry = escalations_[slot];
    if (entry.count == 0) continue;
    const auto got = static_cast<MediaClass>(slot % 4);
    const auto wanted = std::string(to_text(static_cast<MediaClass>(slot / 4 % 4)));
    const bool pairs = slot / 16 % 2 == 1;
    const auto& group = network_.link_groups[slot / 32];
    const auto& fabric = spec_.fabrics[group.fabric.index()];
    const auto links = stage_name(network_, group) + " links of fabric `" + fabric.name + "`";
    const std::string reserved = network_.fabrics[group.fabric.index()].reserved.empty() ? "" : " or are reserved";
    Finding finding;
    finding.where = group.origin;
    finding.count = entry.count;
    for (std::uint32_t i = 0; i < entry.example_count; ++i) finding.add_example(link_name(entry.examples[i]));
    if (!fabric.media.escalate) {
      finding.code = Code::escalation_refused;
      finding.message = "the rule names " + wanted + " for " + links + ", but " +
                        (pairs ? entry.reason : "the ports of their cages go to different devices" + reserved) + ", and `escalate` is false";
      finding.help = "set both thresholds to 0 for optics everywhere, or leave `escalate` out";
    } else if (!pairs) {
      finding.code = Code::cages_do_not_pair;
      finding.message =
          links + " take modules and fibre where the rule names " + wanted + ", because the ports of their cages go to different devices" + reserved;
    } else {
      finding.code = Code::escalated;
      finding.message = "no " + wanted + " makes these " + links + " of " + band(entry.shortest, entry.longest) + ", so they are " +
                        std::string(to_text(got)) + ": " + entry.reason;
      finding.help = "add a part that fits through `catalogs`, or change the thresholds under `media`";
    }
    finding.severity = code_info(finding.code).severity;
    sink_.report(std::move(finding));
  }
}

void Cabler::no_part(std::uint32_t link, Millimetres needed, std::string reason) {
  // One finding for a link group: it names its first link.
  auto& first = no_part_of_group_[group_of_link_[link]];
  if (first != nullptr) {
    first->add([&] { return link_name(link); });
    return;
  }
  const auto& origin = network_.link_groups[group_of_link_[link]];
  first = &tally_at(origin.origin, Code::no_part, link, 1,
                    "no part of the catalogs makes a link of fabric `" + spec_.fabrics[origin.fabric.index()].name + "`: " + link_name(link) +
                        " needs " + decimal(needed.count(), 3) + " m; " + reason,
                    "move racks together, or add a part through `catalogs`")
               .finding;
}

void Cabler::tally(Code code, std::uint32_t link, std::uint64_t count, const std::string& message, const std::string& help) {
  tally_at(network_.link_groups[group_of_link_[link]].origin, code, link, count, message, help);
}

Tally& Cabler::tally_at(SourceRange where, Code code, std::uint32_t link, std::uint64_t count, const std::string& message, const std::string& help) {
  const auto [found, added] = tallies_.try_emplace({where, code, group_of_link_[link], message});
  auto& finding = found->second.finding;
  if (added) finding = Finding::of(code, where, message, {}, 0);
  finding.count += count;
  finding.help = help;
  if (finding.wants_example()) finding.add_example(link_name(link));
  return found->second;
}

void Cabler::report_tallies() {
  for (auto& [key, tally] : tallies_) sink_.report(std::move(tally.finding));
}

void Cabler::report_generic() {
  // By fabric, then by solution and by module.
  std::vector<std::vector<std::uint64_t>> bought(spec_.fabrics.size(), std::vector<std::uint64_t>(solutions_.values().size(), 0));
  std::vector<std::vector<std::uint64_t>> lit(spec_.fabrics.size(), std::vector<std::uint64_t>(modules_.values().size() + 1, 0));
  for (const auto& assembly : table_.assemblies) {
    ++bought[network_.link_groups[group_of_link_[assembly.first_link]].fabric.index()][assembly.solution.index()];
  }
  std::vector<bool> seen(network_.cages, false);
  for (std::uint32_t i = 0; i < network_.links.size(); ++i) {
    auto& modules = lit[network_.link_groups[group_of_link_[i]].fabric.index()];
    for (const auto cage : {from_cage_[i], to_cage_[i]}) {
      if (!seen[cage]) ++modules[table_.module_of_cage[cage]];
      seen[cage] = true;
    }
  }
  struct Use {
    std::uint64_t count = 0;
    std::int64_t shortest = unknown_last;
    std::int64_t longest = 0;
  };
  std::map<std::pair<std::size_t, std::string>, Use> used;
  const auto add = [&](std::size_t fabric, PartId id, std::uint64_t count) {
    if (count > 0 && catalog_[id].generic()) used[{fabric, catalog_[id].id}].count += count;
  };
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    for (std::size_t i = 0; i < bought[f].size(); ++i) add(f, solutions_.values()[i].part, bought[f][i]);
    for (std::size_t i = 1; i < lit[f].size(); ++i) add(f, modules_.values()[i - 1], lit[f][i]);
  }
  std::vector<bool> generic;
  for (const auto& solution : solutions_.values()) generic.push_back(catalog_[solution.part].generic());
  for (const auto& assembly : table_.assemblies) {
    if (!generic[assembly.solution.index()]) continue;
    const auto fabric = network_.link_groups[group_of_link_[assembly.first_link]].fabric.index();
    auto& use = used[{fabric, catalog_[solutions_.values()[assembly.solution.index()].part].id}];
    use.shortest = std::min(use.shortest, std::int64_t{assembly.needed_mm});
    use.longest = std::max(use.longest, std::int64_t{assembly.needed_mm});
  }
  for (const auto& [key, use] : used) {
    const auto& fabric = spec_.fabrics[key.first];
    sink_.report(Finding::of(Code::generic_part, fabric.origin.of("name"),
                             "fabric `" + fabric.name + "` is planned with `" + key.second + "`, a stand-in that no vendor sells" +
                                 (use.longest == 0 ? "" : ", for runs of " + band(use.shortest, use.longest)),
                             "find a real part, or set `orderable_only` to see what then has none", use.count));
  }
}

/// A preferred part that fits nowhere changed nothing, which its owner should know.
void Cabler::report_preferred() {
  std::map<SourceRange, std::pair<PartId, bool>> fitted;
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    for (const auto& preferred : spec_.fabrics[f].media.prefer) {
      auto& entry = fitted[preferred.where];
      entry.first = preferred.part;
      entry.second = entry.second || choosers_[f].ever_fitted(preferred.part);
    }
  }
  for (const auto& [where, entry] : fitted) {
    if (entry.second) continue;
    sink_.report(Code::preferred_part_unused, where,
                 "`prefer` names `" + catalog_[entry.first].id + "`, which fits no cages at the lengths and losses of this plan",
                 "leave it out, or see `icplan explain CABLE SPEC`");
  }
}

} // namespace icplan
