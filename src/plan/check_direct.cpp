// SPDX-License-Identifier: Apache-2.0
// Direct topologies against their definitions, from the links alone: dragonfly and dragonfly+, Slim Fly, torus; and external links against the spec.
#include "check_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace icplan {
namespace {

/// Links between the switches of one tier of a plane, with the switches numbered from 0.
class DirectCheck {
public:
  DirectCheck(const Plan& plan, std::size_t fabric, Violations& violations)
      : plan_(plan), fabric_(fabric), layout_(plan.network.fabrics[fabric]), violations_(violations) {}

  void run(std::int64_t plane);

private:
  using Pair = std::pair<std::int64_t, std::int64_t>;

  [[nodiscard]] std::string_view name() const { return plan_.spec.fabrics[fabric_].name; }
  /// Links by pair of switches of two tiers, for one kind; nothing of another plane.
  std::map<Pair, std::int64_t> pairs(std::int64_t plane, LinkKind kind, std::int64_t from_tier, std::int64_t to_tier) const;
  [[nodiscard]] std::int64_t switches(std::int64_t plane, std::int64_t tier) const;
  void check_groups(const std::map<Pair, std::int64_t>& global, std::int64_t size);
  void check_complete(const std::map<Pair, std::int64_t>& local, std::int64_t from_size, std::int64_t to_size, bool within);
  void check_slim_fly(const std::map<Pair, std::int64_t>& local, const std::map<Pair, std::int64_t>& global);
  void check_torus(std::int64_t plane);
  bool want(std::string_view what, std::int64_t found, std::int64_t wanted) {
    if (found != wanted) violations_.add("fabric `", name(), "` has ", found, " ", what, " instead of ", wanted);
    return found == wanted;
  }

  const Plan& plan_;
  std::size_t fabric_;
  const FabricLayout& layout_;
  Violations& violations_;
};

std::map<DirectCheck::Pair, std::int64_t> DirectCheck::pairs(std::int64_t plane, LinkKind kind, std::int64_t from_tier, std::int64_t to_tier) const {
  const auto& network = plan_.network;
  const auto first = [&](std::int64_t tier) {
    for (const auto& group : network.groups) {
      if (!group.is_node() && group.fabric.index() == fabric_ && group.plane == plane && group.tier == tier) return std::int64_t{group.first.index()};
    }
    return std::int64_t{0};
  };
  const auto from_count = switches(plane, from_tier);
  const auto to_count = switches(plane, to_tier);
  const auto from_first = first(from_tier);
  const auto to_first = first(to_tier);
  std::map<Pair, std::int64_t> found;
  for (const auto& group : network.link_groups) {
    if (group.fabric.index() != fabric_ || group.plane != plane || group.kind != kind || group.from_tier != from_tier) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      Pair pair{network.links[i].from.index() - from_first, network.links[i].to.index() - to_first};
      // Links that leave the tier are told elsewhere.
      if (pair.first < 0 || pair.second < 0 || pair.first >= from_count || pair.second >= to_count) continue;
      if (from_tier == to_tier && pair.first > pair.second) std::swap(pair.first, pair.second);
      ++found[pair];
    }
  }
  return found;
}

std::int64_t DirectCheck::switches(std::int64_t plane, std::int64_t tier) const {
  std::int64_t count = 0;
  for (const auto& group : plan_.network.groups) {
    if (!group.is_node() && group.fabric.index() == fabric_ && group.plane == plane && group.tier == tier) count += group.count;
  }
  return count;
}

/// Every pair of groups has floor(ports / (g - 1)) links, those at the nearest distances one more.
void DirectCheck::check_groups(const std::map<Pair, std::int64_t>& global, std::int64_t size) {
  const auto& shape = layout_.shape;
  const auto g = shape.groups;
  std::map<Pair, std::int64_t> between;
  std::vector<std::int64_t> of_switch(static_cast<std::size_t>(size * g), 0);
  for (const auto& [pair, count] : global) {
    between[std::minmax(pair.first / size, pair.second / size)] += count;
    of_switch[static_cast<std::size_t>(pair.first)] += count;
    of_switch[static_cast<std::size_t>(pair.second)] += count;
  }
  if (std::any_of(of_switch.begin(), of_switch.end(), [&](std::int64_t count) { return count > shape.global_ports; }))
    violations_.add("a switch of fabric `", name(), "` has more global links than h = ", shape.global_ports);
  if (g < 2) {
    want("global links", static_cast<std::int64_t>(global.size()), 0);
    return;
  }
  const auto ports = size * shape.global_ports;
  const auto each = ports / (g - 1);
  const auto nearest = (ports - each * (g - 1)) / 2;
  for (std::int64_t i = 0; i < g; ++i) {
    for (auto j = i + 1; j < g; ++j) {
      const auto distance = std::min(j - i, g - (j - i));
      const auto found = between.find({i, j});
      const auto count = found == between.end() ? 0 : found->second;
      const auto wanted = each + (distance <= nearest ? 1 : 0);
      if (count != wanted) violations_.add("groups ", i + 1, " and ", j + 1, " of fabric `", name(), "` have ", count, " links instead of ", wanted);
    }
  }
}

/// Every switch of a group has one link to every other one, or to every one of the other tier.
void DirectCheck::check_complete(const std::map<Pair, std::int64_t>& local, std::int64_t from_size, std::int64_t to_size, bool within) {
  const auto g = layout_.shape.groups;
  const auto wanted = within ? g * from_size * (from_size - 1) / 2 : g * from_size * to_size;
  want("local pairs", static_cast<std::int64_t>(local.size()), wanted);
  for (const auto& [pair, count] : local) {
    if (count == 1 && pair.first / from_size == pair.second / to_size) continue;
    violations_.add("switches ", pair.first + 1, " and ", pair.second + 1, " of fabric `", name(), "` have ", count,
                    " local links, or are of different groups");
  }
}

/// Columns of q routers in two halves: (q - d) / 2 links within a column, one to every column of the other half, and two hops from anywhere to
/// anywhere (looked at for routers of the first columns; the graph looks the same from all).
void DirectCheck::check_slim_fly(const std::map<Pair, std::int64_t>& local, const std::map<Pair, std::int64_t>& global) {
  const auto q = layout_.shape.group_size;
  const auto routers = 2 * q * q;
  const auto d = q % 4 == 3 ? -1 : q % 4;
  std::vector<std::vector<std::int64_t>> near(static_cast<std::size_t>(routers));
  std::set<std::pair<std::int64_t, std::int64_t>> columns;
  for (const auto* links : {&local, &global}) {
    for (const auto& [pair, count] : *links) {
      if (count != 1) violations_.add("routers ", pair.first + 1, " and ", pair.second + 1, " of fabric `", name(), "` have ", count, " links");
      near[static_cast<std::size_t>(pair.first)].push_back(pair.second);
      near[static_cast<std::size_t>(pair.second)].push_back(pair.first);
      const bool same_column = pair.first / q == pair.second / q;
      if (same_column != (links == &local)) violations_.add("a link of fabric `", name(), "` is of the wrong kind");
      if (links == &global && (pair.first / (q * q) == pair.second / (q * q) || !columns.emplace(pair.first, pair.second / q).second ||
                               !columns.emplace(pair.second, pair.first / q).second))
        violations_.add("router ", pair.first + 1, " of fabric `", name(), "` reaches a column twice, or its own half");
    }
  }
  want("local links", static_cast<std::int64_t>(local.size()), routers * ((q - d) / 2) / 2);
  want("global links", static_cast<std::int64_t>(global.size()), q * q * q);
  for (const auto& list : near) {
    if (static_cast<std::int64_t>(list.size()) != (3 * q - d) / 2)
      return violations_.add("a router of fabric `", name(), "` has ", list.size(), " links");
  }
  for (const auto start : {std::int64_t{0}, q + 1, q * q, q * q + q + 1}) {
    std::vector<bool> seen(static_cast<std::size_t>(routers), false);
    for (const auto next : near[static_cast<std::size_t>(start)]) {
      seen[static_cast<std::size_t>(next)] = true;
      for (const auto after : near[static_cast<std::size_t>(next)]) seen[static_cast<std::size_t>(after)] = true;
    }
    if (std::count(seen.begin(), seen.end(), true) < routers) violations_.add("fabric `", name(), "` has routers that are more than two hops apart");
  }
}

void DirectCheck::check_torus(std::int64_t plane) {
  const auto& lengths = layout_.shape.dimensions;
  constexpr std::array<LinkKind, 3> kinds = {LinkKind::x, LinkKind::y, LinkKind::z};
  std::int64_t routers = 1;
  for (const auto length : lengths) routers *= length;
  if (!want("routers", switches(plane, 1), routers)) return;
  std::int64_t stride = 1;
  for (std::size_t d = 0; d < lengths.size(); ++d) {
    const auto found = pairs(plane, kinds[d], 1, 1);
    want("links along a dimension", static_cast<std::int64_t>(found.size()), lengths[d] == 1 ? 0 : lengths[d] == 2 ? routers / 2 : routers);
    for (const auto& [pair, count] : found) {
      const auto from = pair.first / stride % lengths[d];
      const auto to = pair.second / stride % lengths[d];
      const auto apart = (to - from + lengths[d]) % lengths[d];
      const bool aligned = pair.second - pair.first == (to - from) * stride;
      if (count != 1 || !aligned || (apart != 1 && apart != lengths[d] - 1))
        violations_.add("routers ", pair.first + 1, " and ", pair.second + 1, " of fabric `", name(), "` are no neighbours");
    }
    stride *= lengths[d];
  }
}

void DirectCheck::run(std::int64_t plane) {
  const auto& shape = layout_.shape;
  switch (plan_.spec.fabrics[fabric_].topology) {
  case Topology::dragonfly:
    if (!want("routers", switches(plane, 1), shape.group_size * shape.groups)) return;
    check_complete(pairs(plane, LinkKind::local, 1, 1), shape.group_size, shape.group_size, true);
    check_groups(pairs(plane, LinkKind::global, 1, 1), shape.group_size);
    break;
  case Topology::dragonfly_plus:
    if (!want("leaves", switches(plane, 1), shape.group_size * shape.groups)) return;
    if (!want("spines", switches(plane, 2), shape.spines * shape.groups)) return;
    check_complete(pairs(plane, LinkKind::local, 1, 2), shape.group_size, shape.spines, false);
    check_groups(pairs(plane, LinkKind::global, 2, 2), shape.spines);
    break;
  case Topology::slim_fly:
    if (!want("routers", switches(plane, 1), 2 * shape.group_size * shape.group_size)) return;
    check_slim_fly(pairs(plane, LinkKind::local, 1, 1), pairs(plane, LinkKind::global, 1, 1));
    break;
  case Topology::torus: check_torus(plane); break;
  default: break;
  }
}

} // namespace

void check_direct(const Plan& plan, Violations& violations) {
  for (std::size_t f = 0; f < plan.spec.fabrics.size(); ++f) {
    const auto& fabric = plan.spec.fabrics[f];
    const auto& layout = plan.network.fabrics[f];
    std::vector<std::int64_t> found(fabric.external.size(), 0);
    for (const auto& external : layout.external) ++found[external.external];
    for (std::size_t i = 0; i < found.size(); ++i) {
      const bool listed = plan.spec.fabrics[layout.host.index()].topology == Topology::explicit_links;
      if (found[i] != fabric.external[i].count && !listed)
        violations.add("fabric `", fabric.name, "` has ", found[i], " ports for `", fabric.external[i].name, "` instead of ",
                       fabric.external[i].count);
    }
    if (fabric.on) continue;
    for (std::int64_t plane = 0; plane < fabric.planes; ++plane) DirectCheck(plan, f, violations).run(plane);
  }
}

} // namespace icplan
