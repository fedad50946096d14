// SPDX-License-Identifier: Apache-2.0
// Finds bridges and articulation points once, so that single failures are answered without a search.
#include "failures_pieces.hpp"

#include "failures_keys.hpp"

#include <algorithm>
#include <unordered_map>

namespace icplan::failures {

Pieces::Pieces(const Plan& plan, const SwitchLinks& graph, const Members& members)
    : plan_(plan), graph_(graph), members_(members), network_(graph.vertices(), none), place_(graph.vertices(), none), end_(graph.vertices(), 0),
      low_(graph.vertices(), 0), came_by_(graph.vertices(), none), least_(graph.vertices(), none), splits_(graph.vertices(), false),
      bridge_(graph.edges.size(), false), weight_before_(1, 0), twin_of_(graph.vertices(), none) {
  for (std::uint32_t v = 0; v < graph.vertices(); ++v) {
    if (members.carries[v] && place_[v] == none) walk(v);
  }
  find_twins();
}

void Pieces::enter(std::uint32_t vertex, std::uint32_t edge) {
  network_[vertex] = static_cast<std::uint32_t>(networks_.size());
  place_[vertex] = low_[vertex] = static_cast<std::uint32_t>(order_.size());
  came_by_[vertex] = edge;
  least_[vertex] = vertex;
  leaves_of_network_.back() += members_.weight[vertex] > 0 ? 1 : 0;
  order_.push_back(vertex);
  weight_before_.push_back(weight_before_.back() + members_.weight[vertex]);
}

/// Tells the vertex that the walk came from.
void Pieces::leave(std::uint32_t vertex) {
  end_[vertex] = static_cast<std::uint32_t>(order_.size());
  if (came_by_[vertex] == none) return;
  const auto& edge = graph_.edges[came_by_[vertex]];
  const auto before = edge.lower == vertex ? edge.upper : edge.lower;
  low_[before] = std::min(low_[before], low_[vertex]);
  least_[before] = std::min(least_[before], least_[vertex]);
  if (low_[vertex] > place_[before]) bridge_[came_by_[vertex]] = true;
  if (low_[vertex] >= place_[before] && came_by_[before] != none) splits_[before] = true;
}

void Pieces::walk(std::uint32_t root) {
  struct Step {
    std::uint32_t vertex = 0;
    std::uint32_t arc = 0;
  };
  const auto begin = static_cast<std::uint32_t>(order_.size());
  std::vector<Step> path;
  std::uint32_t below_root = 0;
  leaves_of_network_.push_back(0);
  enter(root, none);
  path.push_back({root, graph_.first_arc[root]});
  while (!path.empty()) {
    const auto vertex = path.back().vertex;
    if (path.back().arc == graph_.first_arc[vertex + std::size_t{1}]) {
      leave(vertex);
      path.pop_back();
      continue;
    }
    const auto& arc = graph_.arcs[path.back().arc++];
    if (!members_.carries[arc.other] || arc.edge == came_by_[vertex]) continue;
    if (place_[arc.other] != none) {
      low_[vertex] = std::min(low_[vertex], place_[arc.other]);
      continue;
    }
    below_root += vertex == root ? 1U : 0U;
    enter(arc.other, arc.edge);
    path.push_back({arc.other, graph_.first_arc[arc.other]});
  }
  splits_[root] = below_root > 1;
  networks_.push_back({begin, static_cast<std::uint32_t>(order_.size())});
}

void Pieces::find_twins() {
  std::unordered_map<std::vector<std::int64_t>, std::uint32_t, KeyHash> class_of;
  std::vector<std::int64_t> neighbours;
  twins_of_network_.resize(networks_.size());
  for (std::uint32_t v = 0; v < graph_.vertices(); ++v) {
    if (network_[v] == none) continue;
    neighbours.clear();
    for (auto a = graph_.first_arc[v]; a < graph_.first_arc[v + std::size_t{1}]; ++a) {
      const auto other = graph_.arcs[a].other;
      if (members_.carries[other] && (neighbours.empty() || neighbours.back() != other)) neighbours.push_back(other);
    }
    // A switch on its own is nobody's twin.
    if (neighbours.empty()) neighbours.push_back(-1 - std::int64_t{v});
    const auto [found, added] = class_of.try_emplace(neighbours, static_cast<std::uint32_t>(twins_.size()));
    if (added) {
      twins_.emplace_back();
      twins_of_network_[network_[v]].push_back(found->second);
    }
    twin_of_[v] = found->second;
    twins_[found->second].push_back(v);
  }
  standing_.resize(twins_.size());
  for (std::size_t t = 0; t < twins_.size(); ++t) standing_[t] = static_cast<std::uint32_t>(twins_[t].size());
}

std::vector<std::uint32_t> Pieces::emptied_edges(const std::vector<std::uint32_t>& links) const {
  std::vector<std::uint32_t> edges;
  for (const auto link : links) {
    const auto e = graph_.edge_of[link];
    if (e != none && members_.carries[graph_.edges[e].lower] && members_.carries[graph_.edges[e].upper]) edges.push_back(e);
  }
  std::sort(edges.begin(), edges.end());
  std::vector<std::uint32_t> emptied;
  for (std::size_t i = 0; i < edges.size();) {
    auto end = i;
    while (end < edges.size() && edges[end] == edges[i]) ++end;
    if (end - i == graph_.edges[edges[i]].links) emptied.push_back(edges[i]);
    i = end;
  }
  return emptied;
}

bool Pieces::may_split(const std::vector<std::uint32_t>& links) const {
  const auto emptied = emptied_edges(links);
  if (emptied.empty()) return false;
  if (emptied.size() == 1) return bridge_[emptied.front()];
  for (const auto common : {graph_.edges[emptied.front()].lower, graph_.edges[emptied.front()].upper}) {
    const auto at = [&](std::uint32_t e) { return graph_.edges[e].lower == common || graph_.edges[e].upper == common; };
    if (!std::all_of(emptied.begin(), emptied.end(), at)) continue;
    std::size_t neighbours = 0;
    for (auto a = graph_.first_arc[common]; a < graph_.first_arc[common + std::size_t{1}]; ++a)
      neighbours += members_.carries[graph_.arcs[a].other] ? 1U : 0U;
    // Its neighbours reach each other without it, and it still reaches one of them.
    if (!splits_[common] && neighbours > emptied.size()) return false;
  }
  return true;
}

std::vector<std::uint32_t> Pieces::alone(const Removal& removal) const {
  std::vector<std::pair<std::uint32_t, std::int64_t>> left;
  const auto touch = [&](std::uint32_t vertex, std::int64_t leaves) {
    const auto network = network_[vertex];
    if (network == none) return;
    const auto found = std::find_if(left.begin(), left.end(), [&](const auto& of) { return of.first == network; });
    if (found == left.end()) {
      left.emplace_back(network, leaves_of_network_[network] - leaves);
    } else {
      found->second -= leaves;
    }
  };
  for (const auto v : removal.switches) touch(v, members_.weight[v] > 0 ? 1 : 0);
  for (const auto link : removal.links) {
    const auto e = graph_.edge_of[link];
    touch(e != none ? graph_.edges[e].lower : graph_.vertex_of[plan_.network.links[link].to.index()], 0);
  }
  std::vector<std::uint32_t> found;
  for (const auto& [network, leaves] : left) {
    if (leaves != 1) continue;
    for (auto place = networks_[network].begin; place < networks_[network].end; ++place) {
      const auto v = order_[place];
      const bool stands = std::find(removal.switches.begin(), removal.switches.end(), v) == removal.switches.end();
      if (stands && members_.weight[v] > 0) found.push_back(v);
    }
  }
  return found;
}

/// The lighter side of a bridge.
std::vector<std::uint32_t> Pieces::beyond(std::uint32_t edge) const {
  const auto& ends = graph_.edges[edge];
  const auto vertex = came_by_[ends.lower] == edge ? ends.lower : ends.upper;
  const auto& all = networks_[network_[vertex]];
  const Stretch below{place_[vertex], end_[vertex]};
  std::vector<std::uint32_t> found;
  const bool below_is_main = 2 * weight(below) > weight(all);
  for (auto place = all.begin; place < all.end; ++place) {
    if ((place >= below.begin && place < below.end) != below_is_main) found.push_back(order_[place]);
  }
  return found;
}

/// All pieces that a switch leaves but the heaviest. What is not below the switch is one piece, with the first switch of the network.
std::vector<std::uint32_t> Pieces::around(std::uint32_t vertex) const {
  const auto& all = networks_[network_[vertex]];
  std::vector<std::uint32_t> below;
  std::int64_t rest = weight(all) - members_.weight[vertex];
  for (auto a = graph_.first_arc[vertex]; a < graph_.first_arc[vertex + std::size_t{1}]; ++a) {
    const auto& arc = graph_.arcs[a];
    if (!members_.carries[arc.other] || came_by_[arc.other] != arc.edge || place_[arc.other] < place_[vertex]) continue;
    if (low_[arc.other] < place_[vertex]) continue;
    below.push_back(arc.other);
    rest -= weight({place_[arc.other], end_[arc.other]});
  }
  Stretch main{};
  std::uint32_t first = none;
  std::int64_t most = came_by_[vertex] == none ? -1 : rest;
  for (const auto child : below) {
    const Stretch stretch{place_[child], end_[child]};
    const bool earlier = first != none || came_by_[vertex] == none ? least_[child] < first : false;
    if (weight(stretch) < most || (weight(stretch) == most && !earlier)) continue;
    most = weight(stretch);
    first = least_[child];
    main = stretch;
  }
  std::vector<std::uint32_t> found;
  if (first == none) {
    for (const auto child : below) found.insert(found.end(), order_.begin() + place_[child], order_.begin() + end_[child]);
    return found;
  }
  for (auto place = all.begin; place < all.end; ++place) {
    if (order_[place] != vertex && (place < main.begin || place >= main.end)) found.push_back(order_[place]);
  }
  return found;
}

/// Searches classes of twins in place of switches: certain where it says so.
bool Pieces::stays_whole(const Removal& removal) {
  std::vector<std::uint32_t> networks;
  for (const auto v : removal.switches) {
    if (network_[v] == none) continue;
    --standing_[twin_of_[v]];
    networks.push_back(network_[v]);
  }
  std::sort(networks.begin(), networks.end());
  networks.erase(std::unique(networks.begin(), networks.end()), networks.end());
  bool whole = removal.links.empty();
  std::vector<bool> seen(twins_.size(), false);
  std::vector<std::uint32_t> ready;
  for (std::size_t n = 0; whole && n < networks.size(); ++n) {
    const auto& classes = twins_of_network_[networks[n]];
    std::size_t left = 0;
    for (const auto t : classes) left += standing_[t] > 0 ? 1U : 0U;
    const auto first = std::find_if(classes.begin(), classes.end(), [&](std::uint32_t t) { return standing_[t] > 0; });
    if (first == classes.end()) continue;
    // Twins without a neighbour are apart from each other.
    if (left == 1 && standing_[*first] > 1) whole = false;
    ready.assign(1, *first);
    seen[*first] = true;
    while (!ready.empty()) {
      const auto v = twins_[ready.back()].front();
      ready.pop_back();
      --left;
      for (auto a = graph_.first_arc[v]; a < graph_.first_arc[v + std::size_t{1}]; ++a) {
        const auto t = twin_of_[graph_.arcs[a].other];
        if (t == none || seen[t] || standing_[t] == 0) continue;
        seen[t] = true;
        ready.push_back(t);
      }
    }
    whole = whole && left == 0;
  }
  for (const auto v : removal.switches) {
    if (network_[v] != none) ++standing_[twin_of_[v]];
  }
  return whole;
}

/// All pieces of the networks that the removal touches, one by one.
std::vector<std::uint32_t> Pieces::search(const Removal& removal) {
  auto weights = members_.weight;
  for (const auto device : removal.members) {
    for (auto p = graph_.first_port[device.index()]; p < graph_.first_port[device.index() + std::size_t{1}]; ++p)
      weights[graph_.ports[p].leaf] -= graph_.ports[p].fabric == members_.fabric ? 1 : 0;
  }
  const auto emptied = emptied_edges(removal.links);
  std::vector<bool> touched(networks_.size(), false);
  std::vector<bool> seen(graph_.vertices(), false);
  for (const auto v : removal.switches) {
    seen[v] = true;
    if (network_[v] != none) touched[network_[v]] = true;
  }
  for (const auto e : emptied) touched[network_[graph_.edges[e].lower]] = true;
  std::vector<std::int64_t> most(networks_.size(), -1);
  std::vector<std::vector<std::uint32_t>> main(networks_.size());
  std::vector<std::uint32_t> found;
  for (std::uint32_t root = 0; root < graph_.vertices(); ++root) {
    if (network_[root] == none || !touched[network_[root]] || seen[root]) continue;
    std::vector<std::uint32_t> piece = {root};
    std::int64_t weight = 0;
    seen[root] = true;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      weight += weights[piece[i]];
      for (auto a = graph_.first_arc[piece[i]]; a < graph_.first_arc[piece[i] + std::size_t{1}]; ++a) {
        const auto& arc = graph_.arcs[a];
        if (!members_.carries[arc.other] || seen[arc.other] || std::binary_search(emptied.begin(), emptied.end(), arc.edge)) continue;
        seen[arc.other] = true;
        piece.push_back(arc.other);
      }
    }
    auto& heaviest = main[network_[root]];
    if (weight > most[network_[root]]) {
      most[network_[root]] = weight;
      heaviest.swap(piece);
    }
    found.insert(found.end(), piece.begin(), piece.end());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::uint32_t> Pieces::stranded(const Removal& removal) {
  if (removal.switches.empty()) {
    if (!may_split(removal.links)) return {};
    const auto emptied = emptied_edges(removal.links);
    return emptied.size() == 1 ? beyond(emptied.front()) : search(removal);
  }
  if (removal.switches.size() == 1 && removal.links.empty() && removal.members.empty()) {
    const auto vertex = removal.switches.front();
    return network_[vertex] != none && splits_[vertex] ? around(vertex) : std::vector<std::uint32_t>();
  }
  return stays_whole(removal) ? std::vector<std::uint32_t>() : search(removal);
}

} // namespace icplan::failures
