// SPDX-License-Identifier: Apache-2.0
// Walks what is plugged into cages, once for each cage, and adds up watts.
#pragma once

#include "icplan/analysis/energy.hpp"

#include <set>
#include <utility>

namespace icplan {

/// What can sit in a cage, numbered: the modules of the cable table, then both ends of its solutions.
class PluggedItems {
public:
  explicit PluggedItems(const CableTable& cables) : modules_(cables.modules.size()), count_(modules_ + 2 * cables.solutions.size()) {}

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] bool is_module(std::size_t item) const { return item < modules_; }
  [[nodiscard]] std::size_t plug(SolutionId solution, bool end_b) const { return modules_ + 2 * std::size_t{solution.index()} + (end_b ? 1 : 0); }
  [[nodiscard]] SolutionId solution(std::size_t item) const { return SolutionId(static_cast<std::uint32_t>((item - modules_) / 2)); }
  [[nodiscard]] bool end_b(std::size_t item) const { return (item - modules_) % 2 == 1; }

private:
  std::size_t modules_;
  std::size_t count_;
};

/// One piece of what sits in cages: which part, and its watts. It is in no group yet.
[[nodiscard]] PowerDraw plugged_draw(const Plan& plan, const PluggedItems& items, std::size_t item);
/// A module as `plugged_draw` has those of the cable table.
[[nodiscard]] PowerDraw module_draw(const Plan& plan, PartId module);
/// Says of pieces in the cages of a group whether its devices' own figures hold them.
void set_host(const Plan& plan, std::uint32_t group, PowerDraw& draw);
[[nodiscard]] bool is_media(PowerClass kind);

/// Whether the plug at one end of a link is the cable's end B: by the number of plugs where they differ, else by form and top.
[[nodiscard]] bool is_end_b(const CableFacts& facts, const CageBlock& here, const CageBlock& there);

/// Calls visit(fabric, device, item) for each lit cage with a module or plug, in the order of the links.
template <class Visit> void visit_plugged(const Plan& plan, const PluggedItems& items, Visit visit) {
  const auto& cables = plan.cables;
  const auto& network = plan.network;
  std::vector<bool> seen(network.cages, false);
  for (const auto& group : network.link_groups) {
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = network.links[i];
      for (const bool from : {true, false}) {
        const auto device = from ? link.from : link.to;
        const auto port = from ? link.from_port : link.to_port;
        const auto cage = network.cage(device, port);
        if (seen[cage.index()]) continue;
        seen[cage.index()] = true;
        if (const auto module = cables.module_of_cage[cage.index()]; module != 0) {
          visit(group.fabric, device, std::size_t{module} - 1);
          continue;
        }
        const auto solution = cables.assemblies[cables.legs[i].assembly.index()].solution;
        const auto media = cables.solutions[solution.index()].media;
        if (media != MediaClass::dac && media != MediaClass::aoc) continue;
        const auto& facts = *plan.part(cables.solutions[solution.index()].part).as<CableFacts>();
        const auto& here = network.group(device).block_of_port(port);
        const auto& there = network.group(from ? link.to : link.from).block_of_port(from ? link.to_port : link.from_port);
        visit(group.fabric, device, items.plug(solution, is_end_b(facts, here, there)));
      }
    }
  }
}

/// One line while it is being added up.
class PowerAccount {
public:
  explicit PowerAccount(std::string what) { line_.what = std::move(what); }

  /// Adds pieces as the cluster's total has them: what a host's figure holds is not counted again, but with `held` told.
  void add(const PowerDraw& draw, bool held);
  /// Adds pieces as the network's sum has them: nodes are not in it, so what a node's figure holds counts for itself.
  void add_network(const PowerDraw& draw, bool in_node);
  /// Tells of pieces that a host's figure holds.
  void hold(const PowerDraw& draw);
  void count(std::int64_t more) { line_.count += more; }
  void add(const PowerAccount& other);
  [[nodiscard]] const std::string& what() const { return line_.what; }
  [[nodiscard]] PowerLine line() const;

private:
  void add_typical(const PowerDraw& draw);
  void add_maximum(const PowerDraw& draw);

  PowerLine line_;
  std::set<PartId> unknown_typical_;
  std::set<PartId> unknown_maximum_;
};

} // namespace icplan
