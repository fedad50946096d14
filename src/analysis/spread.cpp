// SPDX-License-Identifier: Apache-2.0
// Colour refinement by sums of mixed numbers, and breadth-first spreading.
#include "spread.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

namespace icplan {
namespace {

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
constexpr std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

std::uint64_t bits(double value) {
  std::uint64_t out = 0;
  static_assert(sizeof out == sizeof value);
  std::memcpy(&out, &value, sizeof out);
  return out;
}

/// Sums of the same shares in another order differ in their last digits: they are told apart by 40 bits of their fraction.
std::uint64_t rounded_bits(double value) { return (bits(value) + (std::uint64_t{1} << 11U)) >> 12U; }

struct Coloured {
  std::uint32_t colour = 0;
  std::uint64_t sum = 0;
  std::uint32_t vertex = 0;
};

/// Gives equal (colour, sum) equal new colours, in their order; returns how many there are.
std::uint32_t recolour(std::vector<Coloured>& list, std::vector<std::uint32_t>& colour) {
  std::sort(list.begin(), list.end(),
            [](const Coloured& a, const Coloured& b) { return std::tie(a.colour, a.sum, a.vertex) < std::tie(b.colour, b.sum, b.vertex); });
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0 && (list[i].colour != list[i - 1].colour || list[i].sum != list[i - 1].sum)) ++next;
    colour[list[i].vertex] = next;
  }
  return next + 1;
}

} // namespace

std::vector<std::uint32_t> refine_classes(const SwitchGraph& graph, const Demand& demand) {
  const auto own = graph.vertices();
  const auto all = own + demand.extra_vertices();
  std::vector<std::uint32_t> colour(all, 0);
  for (std::uint32_t v = 0; v < own; ++v) colour[v] = graph.tier[v] + 1U;
  std::vector<std::uint64_t> capacity_bits(graph.arcs());
  for (std::uint32_t arc = 0; arc < graph.arcs(); ++arc) capacity_bits[arc] = mixed(bits(graph.capacity[arc]));
  std::vector<std::uint64_t> sum(all);
  std::vector<std::uint64_t> shade(all);
  std::vector<Coloured> list(all);
  std::uint32_t colours = 0;
  for (;;) {
    for (std::uint32_t v = 0; v < all; ++v) shade[v] = mixed(colour[v] + 0x9e3779b97f4a7c15U), sum[v] = 0;
    for (std::uint32_t v = 0; v < own; ++v) {
      std::uint64_t of = 0;
      for (auto arc = graph.first[v]; arc < graph.first[v + 1]; ++arc) of += mixed(shade[graph.to[arc]] + capacity_bits[arc]);
      sum[v] = of;
    }
    for (const auto& tie : demand.ties()) {
      const auto there = mixed(rounded_bits(tie.there)) + 3 * mixed(rounded_bits(tie.back) + 1);
      // The two ends of a tie see it differently.
      sum[tie.leaf] += mixed(shade[tie.other] + there + 5);
      sum[tie.other] += mixed(shade[tie.leaf] + there + 7);
    }
    for (std::uint32_t v = 0; v < all; ++v) list[v] = {colour[v], sum[v], v};
    const auto found = recolour(list, colour);
    if (found == colours) break;
    colours = found;
  }
  colour.resize(own);
  // Without the extra vertices some numbers are missing.
  std::vector<std::uint32_t> used(colour);
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  for (auto& c : colour) c = static_cast<std::uint32_t>(std::lower_bound(used.begin(), used.end(), c) - used.begin());
  return colour;
}

Spreader::Spreader(const SwitchGraph& graph)
    : graph_(graph), capacity_(graph.capacity), from_source_(graph.vertices()), from_target_(graph.vertices()), carried_(graph.vertices(), 0) {
  const auto most = capacity_.empty() ? 1.0 : *std::max_element(capacity_.begin(), capacity_.end());
  for (auto& capacity : capacity_) capacity /= most;
}

void Spreader::Search::start(std::uint32_t from) {
  for (const auto v : order) distance[v] = -1;
  order.assign(1, from);
  distance[from] = 0;
  paths[from] = 1;
  next = 0;
  level = 0;
}

template <class Found> void Spreader::step(Search& search, const Found& found) {
  const auto end = search.order.size();
  ++search.level;
  for (; search.next < end; ++search.next) {
    const auto v = search.order[search.next];
    work_ += graph_.first[v + 1] - graph_.first[v];
    for (auto arc = graph_.first[v]; arc < graph_.first[v + 1]; ++arc) {
      const auto w = graph_.to[arc];
      if (search.distance[w] < 0) {
        search.distance[w] = search.level;
        search.paths[w] = 0;
        search.order.push_back(w);
        found(w);
      }
      if (search.distance[w] == search.level) search.paths[w] += search.paths[v] * capacity_[arc];
    }
  }
}

template <class Take> void Spreader::walk_back(const Search& search, const Take& take) {
  for (auto i = search.order.size(); i-- > 1;) {
    const auto v = search.order[i];
    if (carried_[v] <= 0) continue;
    const auto share = carried_[v] / search.paths[v];
    const auto before = search.distance[v] - 1;
    work_ += graph_.first[v + 1] - graph_.first[v];
    for (auto arc = graph_.first[v]; arc < graph_.first[v + 1]; ++arc) {
      const auto u = graph_.to[arc];
      if (search.distance[u] != before) continue;
      const auto flow = share * search.paths[u] * capacity_[arc];
      carried_[u] += flow;
      take(arc, flow);
    }
  }
}

double Spreader::spread(std::uint32_t source, const std::vector<double>& demand, double factor, std::vector<double>& load) {
  std::array<std::uint32_t, few> targets{};
  std::uint32_t wanted = 0;
  for (std::uint32_t v = 0; v < graph_.vertices(); ++v) {
    if (demand[v] <= 0) continue;
    if (wanted < few) targets[wanted] = v;
    ++wanted;
  }
  double hops = 0;
  if (wanted <= few) {
    for (std::uint32_t i = 0; i < wanted; ++i) hops += spread_to(source, targets[i], demand[targets[i]] * factor, load);
    return hops;
  }
  auto& search = from_source_;
  search.start(source);
  while (wanted > 0 && search.next < search.order.size())
    step(search, [&](std::uint32_t w) { wanted -= demand[w] > 0 ? 1U : 0U; });
  for (const auto v : search.order) {
    carried_[v] = demand[v];
    hops += demand[v] * search.distance[v];
  }
  walk_back(search, [&](std::uint32_t arc, double flow) { load[graph_.reverse[arc]] += factor * flow; });
  return hops * factor;
}

double Spreader::spread_to(std::uint32_t source, std::uint32_t target, double amount, std::vector<double>& load) {
  from_source_.start(source);
  from_target_.start(target);
  std::vector<std::uint32_t> meeting;
  while (meeting.empty() && from_source_.next < from_source_.order.size() && from_target_.next < from_target_.order.size()) {
    // The smaller front goes on; every shortest path passes one of the switches where the fronts meet first.
    const bool ahead = from_source_.order.size() - from_source_.next <= from_target_.order.size() - from_target_.next;
    auto& search = ahead ? from_source_ : from_target_;
    const auto& other = ahead ? from_target_ : from_source_;
    step(search, [&](std::uint32_t w) {
      if (other.distance[w] >= 0) meeting.push_back(w);
    });
  }
  double paths = 0;
  for (const auto v : meeting) paths += from_source_.paths[v] * from_target_.paths[v];
  const auto send = [&](const Search& search, const auto& take) {
    for (const auto v : search.order) carried_[v] = 0;
    for (const auto v : meeting) carried_[v] = amount * from_source_.paths[v] * from_target_.paths[v] / paths;
    walk_back(search, take);
  };
  send(from_source_, [&](std::uint32_t arc, double flow) { load[graph_.reverse[arc]] += flow; });
  send(from_target_, [&](std::uint32_t arc, double flow) { load[arc] += flow; });
  return amount * (from_source_.level + from_target_.level);
}

} // namespace icplan
