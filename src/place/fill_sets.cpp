// SPDX-License-Identifier: Apache-2.0
// Nodes that share racks with the leaves above them.
#include "placer.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {

void Placer::collect_homes() {
  home_.assign(network_.devices(), LeafHome{});
  for (const auto& home : network_.leaf_homes) {
    const auto& nodes = network_.group(home.first_node);
    if (!nodes.is_node() || spec_.nodes[nodes.nodes.index()].pdus) continue;
    if (!home_[home.leaf.index()].first_node.valid()) home_[home.leaf.index()] = home;
  }
}

bool Placer::at_top_of_rack(const DeviceGroup& group) const {
  return !group.is_node() && group.tier == 1 && spec_.fabrics[group.fabric.index()].switches == SwitchPlacement::top_of_rack;
}

/// Stretches of nodes that share leaves, directly or through other nodes, over all fabrics whose leaves stand at the top of racks.
std::vector<Placer::LeafSet> Placer::leaf_sets(const DeviceGroup& group) const {
  std::vector<LeafHome> homes;
  for (const auto& home : network_.leaf_homes) {
    const bool ours = home.first_node >= group.first && home.first_node < group.first.next(group.count) && home.nodes > 0;
    if (ours && at_top_of_rack(network_.group(home.leaf)) && !placed_[home.leaf.index()]) homes.push_back(home);
  }
  std::stable_sort(homes.begin(), homes.end(), [](const auto& a, const auto& b) { return a.first_node < b.first_node; });
  std::vector<LeafSet> sets;
  for (std::size_t i = 0; i < homes.size();) {
    auto end = homes[i].first_node.index() + homes[i].nodes;
    auto next = i + 1;
    for (; next < homes.size() && homes[next].first_node.index() < end; ++next) end = std::max(end, homes[next].first_node.index() + homes[next].nodes);
    LeafSet set;
    // By node of the stretch: how many before it are still to be placed.
    std::vector<std::size_t> before;
    for (auto node = homes[i].first_node; node.index() < end; node = node.next()) {
      before.push_back(set.nodes.size());
      if (!placed_[node.index()]) set.nodes.push_back(node);
    }
    before.push_back(set.nodes.size());
    for (auto h = i; h < next; ++h) {
      const auto from = homes[h].first_node.index() - homes[i].first_node.index();
      const auto first = before[from];
      const auto count = before[from + homes[h].nodes] - first;
      if (count > 0) set.leaves.push_back({homes[h].leaf, first, count});
    }
    if (!set.nodes.empty() && !set.leaves.empty()) sets.push_back(std::move(set));
    i = next;
  }
  return sets;
}

/// Spreads the set over racks of `per_rack` nodes, each leaf over the racks of its own nodes in turn; nothing when a rack does not take its share.
std::optional<Placer::SetPlan> Placer::plan_set(const Footprint& node, const LeafSet& set, std::int64_t per_rack, RackSpecId rack) {
  const auto& kind = spec_.racks[rack.index()];
  const auto each = static_cast<std::size_t>(per_rack);
  const auto racks = (set.nodes.size() + each - 1) / each;
  SetPlan plan;
  plan.per_rack = per_rack;
  plan.leaves.resize(racks);
  std::size_t turn = 0;
  for (std::size_t l = 0; l < set.leaves.size(); ++l) {
    const auto& leaf = set.leaves[l];
    const bool same = l > 0 && set.leaves[l - 1].first == leaf.first && set.leaves[l - 1].count == leaf.count;
    turn = same ? turn + 1 : 0;
    const auto first = leaf.first / each;
    const auto last = (leaf.first + leaf.count - 1) / each;
    plan.leaves[first + turn % (last - first + 1)].push_back(l);
  }
  for (std::size_t r = 0; r < racks; ++r) {
    const auto nodes = static_cast<std::int64_t>(std::min(each, set.nodes.size() - r * each));
    auto units = node.units * nodes;
    auto power = node.power.watts.value_or(Milliwatts(0)) * nodes;
    auto load = node.weight.value_or(Grams(0)) * nodes;
    for (const auto l : plan.leaves[r]) {
      const auto& leaf = footprint(network_.group_of_device[set.leaves[l].device.index()], rack);
      if (!leaf) return std::nullopt;
      units += leaf->units;
      power += leaf->power.watts.value_or(Milliwatts(0));
      load += leaf->weight.value_or(Grams(0));
    }
    if (units > kind.max_units || (kind.max_power && power > *kind.max_power) || (kind.max_load && load > *kind.max_load)) return std::nullopt;
  }
  return plan;
}

/// Nodes from the bottom, leaves from the top.
void Placer::place_sets(std::size_t g, const std::vector<LeafSet>& sets) {
  const auto& group = network_.groups[g];
  const auto& nodes = spec_.nodes[group.nodes.index()];
  const auto& kind = spec_.racks[nodes.rack.index()];
  const auto node = footprint(g, nodes.rack);
  if (!node) return;
  auto& racks = node_racks_[nodes.hall.index()].emplace_back();
  racks.rows = nodes.rows;
  for (const auto& set : sets) {
    const auto count = static_cast<std::int64_t>(set.nodes.size());
    const auto most = std::min({most_per_rack(*node, kind), nodes.nodes_per_rack.value_or(count), count});
    std::optional<SetPlan> plan;
    for (auto per_rack = most; per_rack > 0 && !plan; --per_rack) plan = plan_set(*node, set, per_rack, nodes.rack);
    if (!plan || (nodes.nodes_per_rack && plan->per_rack < std::min(*nodes.nodes_per_rack, count))) {
      sink_.report(Code::rack_limit_exceeded, nodes.origin.states("nodes_per_rack") ? nodes.origin.of("nodes_per_rack") : origin_of(group),
                   "racks `" + kind.name + "` have no room for " + grouped(nodes.nodes_per_rack.value_or(1)) + " x `" + catalog_[group.part].id +
                       "` with their top-of-rack leaves",
                   "lower `nodes_per_rack`, choose a larger rack, or place switches `central`");
      return;
    }
    const auto each = static_cast<std::size_t>(plan->per_rack);
    for (std::size_t r = 0; r < plan->leaves.size(); ++r) {
      const auto rack = add_rack(nodes.rack, nodes.hall);
      racks.racks.push_back(rack);
      for (auto n = r * each; n < std::min((r + 1) * each, set.nodes.size()); ++n)
        put(set.nodes[n], rack, 1 + static_cast<std::int64_t>(n - r * each) * node->units, *node);
      auto top = kind.max_units;
      for (const auto l : plan->leaves[r]) {
        const auto leaf = set.leaves[l].device;
        const auto& print = footprint(network_.group_of_device[leaf.index()], nodes.rack);
        top -= print->units;
        put(leaf, rack, top + 1, *print);
      }
      placement_.racks[rack.index()].closed = RackClosed::set;
    }
  }
  placement_.reasons.push_back("leaves stand at the top of their nodes' racks");
}

} // namespace icplan
