// SPDX-License-Identifier: Apache-2.0
// Takes switches and links out, lets shares settle from the top down, and judges the nodes below.
#include "failures_effect.hpp"

#include <algorithm>

namespace icplan::failures {
namespace {

/// part / whole, at most all of it. Shape: whole > 0, ten of it fit.
Share share_of(std::int64_t part, std::int64_t whole) {
  if (part >= whole) return whole_share;
  std::int64_t digits = 0;
  for (auto unit = whole_share.count(); unit > 1; unit /= 10) {
    part *= 10;
    digits = digits * 10 + part / whole;
    part %= whole;
  }
  return Share(digits + (2 * part >= whole ? 1 : 0));
}

} // namespace

Effects::Effects(const Plan& plan, const SwitchLinks& graph, const Members& members)
    : plan_(plan), graph_(graph), members_(members), below_(graph.below), above_(graph.above), share_(graph.share),
      state_(graph.vertices(), State::alive), touched_(graph.vertices(), false), waiting_(graph.levels), lost_(graph.edges.size(), 0),
      apart_(members.bundles.size(), 0), bundle_touched_(members.bundles.size(), false) {}

void Effects::touch(std::uint32_t vertex) {
  if (touched_[vertex]) return;
  touched_[vertex] = true;
  touched_list_.push_back(vertex);
  waiting_[graph_.level[vertex]].push_back(vertex);
}

void Effects::remove_switch(std::uint32_t vertex) {
  touch(vertex);
  for (auto a = graph_.first_arc[vertex]; a < graph_.first_arc[vertex + std::size_t{1}]; ++a) {
    const auto& arc = graph_.arcs[a];
    const auto capacity = graph_.edges[arc.edge].capacity();
    touch(arc.other);
    switch (arc.role) {
    case Role::up: below_[arc.other] -= capacity; break;
    case Role::down: above_[arc.other] -= capacity * graph_.share[vertex]; break;
    case Role::peer: above_[arc.other] -= capacity * graph_.unit; break;
    }
  }
}

void Effects::remove_link(std::uint32_t link) {
  const auto e = graph_.edge_of[link];
  if (e == none) {
    const auto leaf = graph_.vertex_of[plan_.network.links[link].to.index()];
    const auto device = plan_.network.links[link].from;
    for (auto p = graph_.first_port[device.index()]; p < graph_.first_port[device.index() + std::size_t{1}]; ++p) {
      if (graph_.ports[p].link == link) below_[leaf] -= graph_.ports[p].rate;
    }
    touch(leaf);
    return;
  }
  const auto& edge = graph_.edges[e];
  touch(edge.lower);
  touch(edge.upper);
  if (edge.peer) {
    above_[edge.lower] -= edge.rate * graph_.unit;
    above_[edge.upper] -= edge.rate * graph_.unit;
    return;
  }
  above_[edge.lower] -= edge.rate * graph_.share[edge.upper];
  below_[edge.upper] -= edge.rate;
  if (lost_[e] == 0) lost_list_.push_back(e);
  lost_[e] += edge.rate;
}

void Effects::remove_member(DeviceId device) {
  for (auto p = graph_.first_port[device.index()]; p < graph_.first_port[device.index() + std::size_t{1}]; ++p) {
    below_[graph_.ports[p].leaf] -= graph_.ports[p].rate;
    touch(graph_.ports[p].leaf);
  }
  const auto bundle = members_.bundle_of[device.index()];
  if (bundle == none) return;
  if (apart_[bundle]++ == 0) apart_list_.push_back(bundle);
}

void Effects::pass_down(std::uint32_t vertex, std::int64_t change) {
  for (auto a = graph_.first_arc[vertex]; a < graph_.first_arc[vertex + std::size_t{1}]; ++a) {
    const auto& arc = graph_.arcs[a];
    if (arc.role != Role::down || state_[arc.other] == State::dead) continue;
    touch(arc.other);
    above_[arc.other] += (graph_.edges[arc.edge].capacity() - lost_[arc.edge]) * change;
  }
}

/// A switch is settled when all above it are.
void Effects::settle(std::span<const std::uint32_t> alone) {
  for (auto level = waiting_.rbegin(); level != waiting_.rend(); ++level) {
    for (std::size_t i = 0; i < level->size(); ++i) {
      const auto v = (*level)[i];
      if (state_[v] == State::dead || std::find(alone.begin(), alone.end(), v) != alone.end()) continue;
      share_[v] = graph_.passed(graph_.has_above[v], above_[v], below_[v]);
      if (share_[v] != graph_.share[v]) pass_down(v, share_[v] - graph_.share[v]);
    }
    level->clear();
  }
}

void Effects::touch_bundles(std::uint32_t vertex) {
  for (auto b = members_.first_at[vertex]; b < members_.first_at[vertex + std::size_t{1}]; ++b) {
    const auto bundle = members_.at[b];
    if (bundle_touched_[bundle]) continue;
    bundle_touched_[bundle] = true;
    touched_bundles_.push_back(bundle);
  }
}

void Effects::judge(FailureOutcome& outcome, std::uint32_t bundle, std::int64_t members, std::span<const std::uint32_t> missing) {
  const auto& of = members_.bundles[bundle];
  if (members == 0 || of.healthy == 0) return;
  nic_.assign(of.nics, 0);
  for (std::uint32_t p = 0; p < of.ports; ++p) {
    const auto& port = members_.ports[of.first_port + p];
    const bool gone = state_[port.leaf] != State::alive || std::find(missing.begin(), missing.end(), p) != missing.end();
    if (!gone) nic_[port.nic] += port.rate * share_[port.leaf];
  }
  std::int64_t sum = 0;
  auto least = whole_share;
  for (std::uint32_t n = 0; n < of.nics; ++n) {
    const auto& nic = members_.nics[of.first_nic + n];
    const auto has = std::min(nic_[n], nic.slot);
    sum += has;
    if (nic.healthy > 0) least = std::min(least, share_of(has, nic.healthy));
  }
  const auto share = share_of(sum, of.healthy);
  if (share < whole_share) outcome.affected += members;
  if (sum == 0) outcome.cut_off += members;
  outcome.node = std::min(outcome.node, share);
  outcome.nic = std::min(outcome.nic, least);
}

/// Nodes that lose links of their own differ from their bundle.
void Effects::judge_cut_ports(const Removal& removal, FailureOutcome& outcome) {
  std::vector<std::pair<DeviceId, std::uint32_t>> cut;
  for (const auto link : removal.links) {
    if (graph_.edge_of[link] != none) continue;
    const auto device = plan_.network.links[link].from;
    const auto first = graph_.first_port[device.index()];
    const auto last = graph_.first_port[device.index() + std::size_t{1}];
    for (auto p = first; p < last; ++p) {
      if (graph_.ports[p].link == link && graph_.ports[p].fabric == members_.fabric)
        cut.emplace_back(device, port_of_link(graph_, members_.fabric, device, link));
    }
  }
  std::sort(cut.begin(), cut.end());
  std::vector<std::uint32_t> missing;
  for (std::size_t i = 0; i < cut.size(); ++i) {
    missing.push_back(cut[i].second);
    if (i + 1 < cut.size() && cut[i + 1].first == cut[i].first) continue;
    const auto bundle = members_.bundle_of[cut[i].first.index()];
    judge(outcome, bundle, 1, missing);
    if (apart_[bundle]++ == 0) apart_list_.push_back(bundle);
    missing.clear();
  }
}

FailureOutcome Effects::of(const Removal& removal, std::span<const std::uint32_t> stranded, std::span<const std::uint32_t> alone) {
  FailureOutcome outcome;
  for (const auto v : removal.switches) state_[v] = State::dead;
  for (const auto v : removal.switches) remove_switch(v);
  for (const auto link : removal.links) remove_link(link);
  for (const auto device : removal.members) {
    remove_member(device);
    outcome.lost += members_.bundle_of[device.index()] == none ? 0 : 1;
  }
  settle(alone);
  for (const auto v : stranded) {
    state_[v] = State::stranded;
    touch_bundles(v);
    if (!touched_[v]) {
      touched_[v] = true;
      touched_list_.push_back(v);
    }
  }
  for (const auto v : touched_list_) {
    if (state_[v] != State::alive || share_[v] != graph_.share[v]) touch_bundles(v);
  }
  judge_cut_ports(removal, outcome);
  for (const auto bundle : touched_bundles_) judge(outcome, bundle, members_.bundles[bundle].members - apart_[bundle], {});
  put_back();
  return outcome;
}

void Effects::put_back() {
  for (const auto v : touched_list_) {
    below_[v] = graph_.below[v];
    above_[v] = graph_.above[v];
    share_[v] = graph_.share[v];
    state_[v] = State::alive;
    touched_[v] = false;
  }
  for (const auto e : lost_list_) lost_[e] = 0;
  for (const auto b : apart_list_) apart_[b] = 0;
  for (const auto b : touched_bundles_) bundle_touched_[b] = false;
  touched_list_.clear();
  lost_list_.clear();
  apart_list_.clear();
  touched_bundles_.clear();
}

} // namespace icplan::failures
