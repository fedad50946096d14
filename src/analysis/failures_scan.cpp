// SPDX-License-Identifier: Apache-2.0
// Failures of one fabric, kind by kind.
#include "failures_scan.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace icplan::failures {
namespace {

bool worse(const FailureOutcome& a, const FailureOutcome& b) {
  const auto rank = [](const FailureOutcome& of) { return std::tuple(-of.cut_off, of.node, -of.affected, of.nic); };
  return rank(a) < rank(b);
}

/// The sets that hold at least two links. `each` hands every link with every set that it is in to its argument, in link order.
template <class Each> LinkSets gather_sets(std::size_t sets, const Each& each) {
  LinkSets found;
  found.first.assign(sets + 1, 0);
  each([&](std::uint32_t set, std::uint32_t) { ++found.first[set + std::size_t{1}]; });
  for (std::size_t s = 0; s < sets; ++s) found.first[s + 1] = found.first[s] + (found.first[s + 1] > 1 ? found.first[s + 1] : 0);
  found.links.resize(found.first.back());
  auto next = found.first;
  each([&](std::uint32_t set, std::uint32_t link) {
    if (found.first[set] != found.first[set + std::size_t{1}]) found.links[next[set]++] = link;
  });
  return found;
}

LinkSets gather_cables(const Plan& plan) {
  return gather_sets(plan.cables.assemblies.size(), [&](const auto& use) {
    for (std::uint32_t i = 0; i < plan.network.links.size(); ++i) use(plan.cables.legs[i].assembly.index(), i);
  });
}

LinkSets gather_cages(const Network& network) {
  std::vector<bool> divided(network.groups.size(), false);
  for (std::size_t g = 0; g < network.groups.size(); ++g) {
    for (const auto& block : network.groups[g].blocks) divided[g] = divided[g] || block.ports_per_cage > 1;
  }
  return gather_sets(network.cages, [&](const auto& use) {
    for (std::uint32_t i = 0; i < network.links.size(); ++i) {
      const auto& link = network.links[i];
      if (divided[network.group_of_device[link.from.index()]]) use(network.cage(link.from, link.from_port).index(), i);
      if (divided[network.group_of_device[link.to.index()]]) use(network.cage(link.to, link.to_port).index(), i);
    }
  });
}

} // namespace

ScanInputs prepare_scan(const Plan& plan, bool with_sets) {
  ScanInputs inputs{plan, join_switches(plan), {}, {}, {}};
  if (with_sets) {
    inputs.cables = gather_cables(plan);
    inputs.cages = gather_cages(plan.network);
  }
  inputs.devices_of_rack.resize(plan.placement.racks.size());
  for (std::uint32_t d = 0; d < plan.placement.devices.size(); ++d) {
    const auto rack = plan.placement.devices[d].rack;
    if (rack.valid()) inputs.devices_of_rack[rack.index()].push_back(DeviceId(d));
  }
  return inputs;
}

Scan::Scan(const ScanInputs& inputs, FabricId fabric)
    : plan_(inputs.plan), inputs_(inputs), graph_(inputs.graph), members_(gather_members(plan_, graph_, fabric)), pieces_(plan_, graph_, members_),
      effects_(plan_, graph_, members_) {
  classify();
}

FabricFailures Scan::run(std::optional<FailureKind> only) {
  const auto wanted = [&](FailureKind kind) { return !only || *only == kind; };
  if (wanted(FailureKind::link)) scan_links();
  if (wanted(FailureKind::cable)) scan_sets(inputs_.cables, FailureKind::cable);
  if (wanted(FailureKind::cage)) scan_sets(inputs_.cages, FailureKind::cage);
  if (wanted(FailureKind::switch_)) scan_switches();
  if (wanted(FailureKind::plane)) scan_planes();
  if (wanted(FailureKind::rack) || wanted(FailureKind::row)) scan_racks();
  const auto own = plan_.network.fabrics[members_.fabric.index()].host;
  std::stable_sort(rows_.begin(), rows_.end(), [&](const WorstFailure& a, const WorstFailure& b) {
    return std::tuple(a.failure.kind, a.switches_of != own, a.switches_of, a.tier) < std::tuple(b.failure.kind, b.switches_of != own, b.switches_of, b.tier);
  });
  return {members_.fabric, members_.count, members_.nodes, members_.peers, std::move(rows_)};
}

WorstFailure& Scan::row(FailureKind kind, FabricId switches_of, std::int64_t tier) {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const WorstFailure& row) {
    return row.failure.kind == kind && row.switches_of == switches_of && row.tier == tier;
  });
  if (found != rows_.end()) return *found;
  auto& added = rows_.emplace_back();
  added.failure.kind = kind;
  added.switches_of = switches_of;
  added.tier = tier;
  return added;
}

/// Works out what `removal_` does.
void Scan::consider(WorstFailure& row, const Failure& failure) {
  const auto outcome = effects_.of(removal_, pieces_.stranded(removal_), pieces_.alone(removal_));
  if (row.cases > 1 && !worse(outcome, row.outcome)) return;
  row.failure = failure;
  row.outcome = outcome;
}

bool Scan::carries(std::uint32_t link) const {
  const auto e = graph_.edge_of[link];
  return e != none && members_.carries[graph_.edges[e].lower] && members_.carries[graph_.edges[e].upper];
}

bool Scan::of_member(std::uint32_t link) const {
  if (graph_.edge_of[link] != none) return false;
  const auto device = plan_.network.links[link].from.index();
  if (members_.bundle_of[device] == none) return false;
  for (auto p = graph_.first_port[device]; p < graph_.first_port[device + std::size_t{1}]; ++p) {
    if (graph_.ports[p].link == link) return graph_.ports[p].fabric == members_.fabric;
  }
  return false;
}

/// The loss of a link from below changes nothing at a switch that passes everything on; of others, those with equal switches below are alike.
void Scan::classify() {
  class_of_.assign(graph_.vertices(), 0);
  std::unordered_map<std::vector<std::int64_t>, std::int64_t, KeyHash> classes;
  for (std::uint32_t v = 0; v < graph_.vertices(); ++v) {
    if (graph_.share[v] == graph_.unit) continue;
    key_.assign({graph_.share[v], graph_.above[v], graph_.below[v]});
    // One that nodes hang on is like no other.
    if (members_.weight[v] > 0) key_.push_back(v);
    for (auto a = graph_.first_arc[v]; a < graph_.first_arc[v + std::size_t{1}]; ++a) {
      const auto& arc = graph_.arcs[a];
      if (arc.role != Role::down) continue;
      key_.push_back(arc.other);
      key_.push_back(graph_.edges[arc.edge].capacity());
    }
    class_of_[v] = classes.try_emplace(key_, static_cast<std::int64_t>(classes.size()) + 1).first->second;
  }
}

/// Whether links that split nothing off do something that no links before them did.
bool Scan::is_new(const std::vector<std::uint32_t>& links) {
  key_.clear();
  std::vector<std::uint32_t> met;
  const auto position = [&](std::uint32_t thing) {
    const auto found = std::find(met.begin(), met.end(), thing) - met.begin();
    if (static_cast<std::size_t>(found) == met.size()) met.push_back(thing);
    return static_cast<std::int64_t>(found);
  };
  for (const auto link : links) {
    const auto e = graph_.edge_of[link];
    if (e == none) {
      const auto& ends = plan_.network.links[link];
      if (of_member(link)) {
        const auto bundle = members_.bundle_of[ends.from.index()];
        key_.insert(key_.end(), {0, bundle, port_of_link(graph_, members_.fabric, ends.from, link), position(ends.from.index())});
      } else {
        key_.insert(key_.end(), {1, ends.to.index(), 0, 0});
      }
      continue;
    }
    const auto& edge = graph_.edges[e];
    if (!carries(link)) continue;
    const auto upper = edge.peer ? std::int64_t{edge.upper} : class_of_[edge.upper];
    key_.insert(key_.end(), {edge.peer ? 3 : 2, edge.lower, upper, edge.rate, position(graph_.switches[edge.upper].index())});
  }
  return known_links_.insert(key_).second;
}

void Scan::scan_links() {
  std::vector<bool> known(members_.ports.size(), false);
  known_links_.clear();
  removal_.clear();
  for (const auto& group : plan_.network.link_groups) {
    if (group.from_tier == 0 && group.fabric != members_.fabric) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto e = graph_.edge_of[i];
      if (e != none && !carries(i)) continue;
      auto& links = row(FailureKind::link);
      ++links.cases;
      removal_.links.assign(1, i);
      if (e == none) {
        const auto device = plan_.network.links[i].from;
        const auto port = members_.bundles[members_.bundle_of[device.index()]].first_port + port_of_link(graph_, members_.fabric, device, i);
        if (known[port]) continue;
        known[port] = true;
      } else if (i != graph_.edges[e].first_link || (!pieces_.may_split(removal_.links) && !is_new(removal_.links))) {
        continue;
      }
      consider(links, {FailureKind::link, i, {}, {}});
    }
  }
}

void Scan::scan_sets(const LinkSets& sets, FailureKind kind) {
  known_links_.clear();
  removal_.clear();
  std::uint32_t device = 0;
  for (std::uint32_t s = 0; s + std::size_t{1} < sets.first.size(); ++s) {
    if (sets.first[s] == sets.first[s + std::size_t{1}]) continue;
    removal_.links.assign(sets.links.begin() + sets.first[s], sets.links.begin() + sets.first[s + std::size_t{1}]);
    if (std::none_of(removal_.links.begin(), removal_.links.end(), [&](std::uint32_t link) { return carries(link) || of_member(link); })) continue;
    auto& worst = row(kind);
    ++worst.cases;
    if (!pieces_.may_split(removal_.links) && !is_new(removal_.links)) continue;
    Failure failure{kind, s, {}, {}};
    if (kind == FailureKind::cage) {
      const auto& first = plan_.network.first_cage_of_device;
      while (device + std::size_t{1} < first.size() && first[device + std::size_t{1}].index() <= s) ++device;
      failure.device = DeviceId(device);
    }
    consider(worst, failure);
  }
}

/// Of switches that no node of the fabric hangs on, those with equal neighbours and shares do the same, where the neighbours above do not mind.
bool Scan::is_new_switch(std::uint32_t vertex) {
  if (members_.weight[vertex] > 0 || pieces_.splits(vertex) || members_.bundle_of[graph_.switches[vertex].index()] != none) return true;
  key_.assign(1, graph_.share[vertex]);
  for (auto a = graph_.first_arc[vertex]; a < graph_.first_arc[vertex + std::size_t{1}]; ++a) {
    const auto& arc = graph_.arcs[a];
    if (arc.role == Role::up && class_of_[arc.other] == 0) continue;
    key_.insert(key_.end(), {arc.other, graph_.edges[arc.edge].capacity(), static_cast<std::int64_t>(arc.role)});
  }
  return known_switches_.insert(key_).second;
}

void Scan::scan_switches() {
  for (std::uint32_t v = 0; v < graph_.vertices(); ++v) {
    if (!members_.carries[v]) continue;
    const auto device = graph_.switches[v];
    const auto& group = plan_.network.group(device);
    auto& worst = row(FailureKind::switch_, group.fabric, group.tier);
    ++worst.cases;
    if (!is_new_switch(v)) continue;
    removal_.clear();
    removal_.switches.assign(1, v);
    if (members_.bundle_of[device.index()] != none) removal_.members.assign(1, device);
    consider(worst, {FailureKind::switch_, device.index(), {}, {}});
  }
}

/// What stands together and fails together.
void Scan::scan_devices(WorstFailure& row, const Failure& failure, const std::vector<DeviceId>& devices) {
  removal_.clear();
  for (const auto device : devices) {
    const auto v = graph_.vertex_of[device.index()];
    if (v != none && members_.carries[v]) removal_.switches.push_back(v);
    if (members_.bundle_of[device.index()] != none) removal_.members.push_back(device);
  }
  ++row.cases;
  if (!removal_.switches.empty()) {
    consider(row, failure);
  } else if (row.cases == 1) {
    row.failure = failure;
    row.outcome.lost = static_cast<std::int64_t>(removal_.members.size());
  }
}

void Scan::scan_planes() {
  const auto host = plan_.network.fabrics[members_.fabric.index()].host;
  const auto planes = plan_.spec.fabrics[host.index()].planes;
  std::vector<DeviceId> devices;
  for (std::int64_t plane = 0; planes > 1 && plane < planes; ++plane) {
    devices.clear();
    for (const auto& group : plan_.network.groups) {
      for (std::uint32_t n = 0; !group.is_node() && group.fabric == host && group.plane == plane && n < group.count; ++n)
        devices.push_back(group.first.next(n));
    }
    scan_devices(row(FailureKind::plane), {FailureKind::plane, static_cast<std::uint32_t>(plane), {}, {}}, devices);
  }
}

void Scan::scan_racks() {
  std::map<std::pair<HallId, std::int64_t>, std::vector<DeviceId>> rows;
  for (std::uint32_t r = 0; r < inputs_.devices_of_rack.size(); ++r) {
    const auto& devices = inputs_.devices_of_rack[r];
    if (devices.empty()) continue;
    scan_devices(row(FailureKind::rack), {FailureKind::rack, r, {}, {}}, devices);
    const auto& rack = plan_.placement.racks[r];
    auto& of_row = rows[{rack.hall, rack.row}];
    of_row.insert(of_row.end(), devices.begin(), devices.end());
  }
  for (const auto& [place, devices] : rows)
    scan_devices(row(FailureKind::row), {FailureKind::row, static_cast<std::uint32_t>(place.second), {}, place.first}, devices);
}

} // namespace icplan::failures
