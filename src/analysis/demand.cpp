// SPDX-License-Identifier: Apache-2.0
// Builds demands out of domains, so that a million ports become a few thousand shares.
#include "demand.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace icplan {
namespace {

constexpr auto infinite = std::numeric_limits<double>::infinity();

/// Ports of a domain on one leaf and rail.
struct DomainPort {
  std::uint32_t leaf = 0;
  std::uint32_t rail = 0;
  double weight = 0;
  /// What the ports carry for each GPU whose traffic they have.
  double rate = 0;

  friend bool operator==(const DomainPort&, const DomainPort&) = default;
};

/// Equal domains: those that have the same ports on the same leaves.
struct DomainSet {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  double times = 0;
};

} // namespace

/// Makes the levels of an all-to-all.
class DemandBuilder {
public:
  DemandBuilder(const SwitchGraph& graph, Demand::Peers peers) : graph_(graph), peers_(peers) {}

  Demand run(const std::vector<TrafficEndpoint>& ports) {
    gather(ports);
    number_rails();
    sum_weights();
    choose();
    for (const bool outer : {true, false}) {
      if (uses(outer)) add_level(outer);
    }
    limit_ports();
    demand_.finish(graph_);
    return std::move(demand_);
  }

private:
  [[nodiscard]] bool uses(bool outer) const { return peers_ == Demand::Peers::other_rails || outer == (peers_ == Demand::Peers::any); }
  [[nodiscard]] std::uint32_t key(const DomainPort& port, bool outer) const { return outer ? graph_.component[port.leaf] : port.rail; }
  std::vector<double>& weights(bool outer) { return outer ? outer_weights_ : inner_weights_; }

  void gather(const std::vector<TrafficEndpoint>& ports) {
    for (std::size_t begin = 0; begin < ports.size();) {
      auto end = begin;
      const auto first = static_cast<std::uint32_t>(ports_.size());
      for (; end < ports.size() && ports[end].domain == ports[begin].domain; ++end)
        ports_.push_back({ports[end].leaf, ports[end].rail, ports[end].weight, ports[end].rate / ports[end].weight});
      begin = end;
      merge_alike(first);
      const auto last = static_cast<std::uint32_t>(ports_.size());
      const bool same = !sets_.empty() && last - first == sets_.back().last - sets_.back().first &&
                        std::equal(ports_.begin() + first, ports_.end(), ports_.begin() + sets_.back().first);
      if (same) {
        ++sets_.back().times;
        ports_.resize(first);
      } else {
        sets_.push_back({first, last, 1});
      }
    }
  }

  /// Ports of one leaf and rail become one.
  void merge_alike(std::uint32_t first) {
    const auto begin = ports_.begin() + first;
    std::sort(begin, ports_.end(), [](const DomainPort& a, const DomainPort& b) { return std::tie(a.leaf, a.rail) < std::tie(b.leaf, b.rail); });
    auto kept = begin;
    for (auto port = begin; port != ports_.end(); ++port) {
      if (kept != begin && (kept - 1)->leaf == port->leaf && (kept - 1)->rail == port->rail) {
        (kept - 1)->weight += port->weight;
        (kept - 1)->rate = std::min((kept - 1)->rate, port->rate);
      } else {
        *kept++ = *port;
      }
    }
    ports_.erase(kept, ports_.end());
  }

  /// Rails of parts that nothing joins are different rails.
  void number_rails() {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> rails;
    for (const auto& port : ports_) rails.emplace_back(graph_.component[port.leaf], port.rail);
    std::sort(rails.begin(), rails.end());
    rails.erase(std::unique(rails.begin(), rails.end()), rails.end());
    for (auto& port : ports_) {
      const std::pair<std::uint32_t, std::uint32_t> rail(graph_.component[port.leaf], port.rail);
      port.rail = static_cast<std::uint32_t>(std::lower_bound(rails.begin(), rails.end(), rail) - rails.begin());
    }
    inner_weights_.assign(rails.size(), 0);
    outer_weights_.assign(graph_.vertices(), 0);
  }

  void sum_weights() {
    for (const auto& set : sets_) {
      for (auto i = set.first; i < set.last; ++i) {
        inner_weights_[ports_[i].rail] += set.times * ports_[i].weight;
        outer_weights_[graph_.component[ports_[i].leaf]] += set.times * ports_[i].weight;
      }
    }
  }

  /// The weight of a domain's ports that have the key of the port.
  double in_domain(const DomainSet& set, const DomainPort& port, bool outer, const std::vector<double>& values) const {
    double sum = 0;
    for (auto i = set.first; i < set.last; ++i) sum += key(ports_[i], outer) == key(port, outer) ? values[i] : 0;
    return sum;
  }

  /// What each port offers to each unit of weight that it may choose from.
  void choose() {
    std::vector<double> weight;
    for (const auto& port : ports_) weight.push_back(port.weight);
    offers_.assign(ports_.size(), 0);
    for (const auto& set : sets_) {
      for (auto i = set.first; i < set.last; ++i) {
        const auto others = [&](bool outer) { return weights(outer)[key(ports_[i], outer)] - in_domain(set, ports_[i], outer, weight); };
        double peers = peers_ == Demand::Peers::rail ? others(false) : others(true);
        if (peers_ == Demand::Peers::other_rails) peers -= others(false);
        // Sums of shares of the same weights differ in their last digits only.
        const auto all = outer_weights_[graph_.component[ports_[i].leaf]];
        if (peers <= all * 1e-12) continue;
        offers_[i] = ports_[i].weight / peers;
        demand_.total_ += set.times * ports_[i].weight;
      }
    }
  }

  void add_level(bool outer) {
    auto& level = demand_.levels_.emplace_back();
    level.sign = outer || peers_ == Demand::Peers::rail ? 1 : -1;
    for (const auto& set : sets_) {
      std::vector<Demand::Share> shares;
      for (auto i = set.first; i < set.last; ++i) {
        const auto number = key(ports_[i], outer);
        const auto same =
            std::find_if(shares.begin(), shares.end(), [&](const Demand::Share& s) { return s.leaf == ports_[i].leaf && s.key == number; });
        auto& share = same != shares.end() ? *same : shares.emplace_back(Demand::Share{ports_[i].leaf, number, 0, 0});
        share.offers += offers_[i];
        share.draws += ports_[i].weight;
      }
      std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
      for (std::size_t begin = 0; begin < shares.size();) {
        auto end = begin;
        while (end < shares.size() && shares[end].key == shares[begin].key) ++end;
        // A domain that has one leaf of a key makes no exception between leaves.
        if (end - begin > 1) {
          const auto first = static_cast<std::uint32_t>(level.excepted.size());
          level.excepted.insert(level.excepted.end(), shares.begin() + static_cast<std::ptrdiff_t>(begin),
                                shares.begin() + static_cast<std::ptrdiff_t>(end));
          level.exceptions.push_back({first, static_cast<std::uint32_t>(level.excepted.size()), set.times});
        }
        begin = end;
      }
      for (auto share : shares) {
        share.offers *= set.times;
        share.draws *= set.times;
        level.by_leaf.push_back(share);
      }
    }
  }

  /// What arrives at a port, and what leaves it, against its rate.
  void limit_ports() {
    auto& limit = demand_.port_limit_ = infinite;
    std::vector<double> inner(inner_weights_.size(), 0);
    std::vector<double> outer(outer_weights_.size(), 0);
    for (const auto& set : sets_) {
      for (auto i = set.first; i < set.last; ++i) {
        inner[ports_[i].rail] += set.times * offers_[i];
        outer[graph_.component[ports_[i].leaf]] += set.times * offers_[i];
      }
    }
    for (const auto& set : sets_) {
      for (auto i = set.first; i < set.last; ++i) {
        const auto offered = [&](bool level) { return (level ? outer : inner)[key(ports_[i], level)] - in_domain(set, ports_[i], level, offers_); };
        double in = peers_ == Demand::Peers::rail ? offered(false) : offered(true);
        if (peers_ == Demand::Peers::other_rails) in -= offered(false);
        const double out = offers_[i] > 0 ? 1 : 0;
        if (std::max(in, out) > 0) limit = std::min(limit, ports_[i].rate / std::max(in, out));
      }
    }
  }

  const SwitchGraph& graph_;
  Demand::Peers peers_;
  std::vector<DomainPort> ports_;
  std::vector<DomainSet> sets_;
  std::vector<double> offers_;
  std::vector<double> inner_weights_;
  std::vector<double> outer_weights_;
  Demand demand_;
};

namespace {

/// Where the items of each number begin, after sorting them by it.
template <class Item, class Number> std::vector<std::uint32_t> index_by(std::vector<Item>& items, std::uint32_t numbers, const Number& number) {
  std::stable_sort(items.begin(), items.end(), [&](const Item& a, const Item& b) { return number(a) < number(b); });
  std::vector<std::uint32_t> first(numbers + 1U, 0);
  for (const auto& item : items) ++first[number(item) + 1U];
  std::partial_sum(first.begin(), first.end(), first.begin());
  return first;
}

} // namespace

void Demand::finish(const SwitchGraph& graph) {
  std::vector<bool> sends(graph.vertices(), false);
  extra_ = 0;
  for (auto& level : levels_) {
    // Shares of one leaf and key become one.
    std::sort(level.by_leaf.begin(), level.by_leaf.end(),
              [](const Share& a, const Share& b) { return std::tie(a.leaf, a.key, a.offers, a.draws) < std::tie(b.leaf, b.key, b.offers, b.draws); });
    std::vector<Share> merged;
    std::uint32_t keys = 0;
    for (const auto& share : level.by_leaf) {
      keys = std::max(keys, share.key + 1);
      if (merged.empty() || merged.back().leaf != share.leaf || merged.back().key != share.key) merged.push_back({share.leaf, share.key, 0, 0});
      merged.back().offers += share.offers;
      merged.back().draws += share.draws;
    }
    level.by_leaf = merged;
    level.by_key = std::move(merged);
    level.first_of_leaf = index_by(level.by_leaf, graph.vertices(), [](const Share& s) { return s.leaf; });
    level.first_of_key = index_by(level.by_key, keys, [](const Share& s) { return s.key; });
    for (const auto& share : level.by_leaf) {
      if (share.offers > 0) sends[share.leaf] = true;
      ties_.push_back({share.leaf, graph.vertices() + extra_ + share.key, share.offers, share.draws});
    }
    extra_ += keys;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> of_leaf;
    for (std::uint32_t e = 0; e < level.exceptions.size(); ++e) {
      const auto& exception = level.exceptions[e];
      for (auto i = exception.first; i < exception.last; ++i) {
        const auto& share = level.excepted[i];
        of_leaf.emplace_back(share.leaf, e);
        ties_.push_back({share.leaf, graph.vertices() + extra_ + e, exception.times * share.offers, exception.times * share.draws});
      }
    }
    extra_ += static_cast<std::uint32_t>(level.exceptions.size());
    level.first_exception_of_leaf = index_by(of_leaf, graph.vertices(), [](const auto& entry) { return entry.first; });
    for (const auto& entry : of_leaf) level.exceptions_of_leaf.push_back(entry.second);
  }
  if (!first_pair_.empty()) {
    for (const auto& pair : pairs_) {
      sends[pair.leaf] = true;
      ties_.push_back({pair.leaf, pair.key, pair.offers, -pair.offers});
    }
  }
  for (std::uint32_t v = 0; v < graph.vertices(); ++v) {
    if (sends[v]) senders_.push_back(v);
  }
}

Demand Demand::all_to_all(const SwitchGraph& graph, const std::vector<TrafficEndpoint>& ports, Peers peers) {
  return DemandBuilder(graph, peers).run(ports);
}

Demand Demand::one_to_one(const SwitchGraph& graph, const std::vector<TrafficEndpoint>& ports,
                          const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs) {
  Demand demand;
  demand.port_limit_ = infinite;
  for (const auto& [from, to] : pairs) {
    const auto& source = ports[from];
    const auto& sink = ports[to];
    if (graph.component[source.leaf] != graph.component[sink.leaf]) continue;
    demand.total_ += source.weight;
    // The same traffic leaves one port and arrives at the other.
    demand.port_limit_ = std::min(demand.port_limit_, std::min(source.rate, sink.rate) / source.weight);
    if (source.leaf != sink.leaf) demand.pairs_.push_back({source.leaf, sink.leaf, source.weight, 0});
  }
  auto& list = demand.pairs_;
  std::sort(list.begin(), list.end(),
            [](const Share& a, const Share& b) { return std::tie(a.leaf, a.key, a.offers) < std::tie(b.leaf, b.key, b.offers); });
  std::vector<Share> merged;
  for (const auto& pair : list) {
    if (merged.empty() || merged.back().leaf != pair.leaf || merged.back().key != pair.key) merged.push_back({pair.leaf, pair.key, 0, 0});
    merged.back().offers += pair.offers;
  }
  list = std::move(merged);
  demand.first_pair_ = index_by(list, graph.vertices(), [](const Share& s) { return s.leaf; });
  demand.finish(graph);
  return demand;
}

void Demand::add_row(std::uint32_t leaf, std::vector<double>& to) const {
  for (const auto& level : levels_) {
    for (auto i = level.first_of_leaf[leaf]; i < level.first_of_leaf[leaf + 1]; ++i) {
      const auto& own = level.by_leaf[i];
      for (auto j = level.first_of_key[own.key]; j < level.first_of_key[own.key + 1]; ++j)
        to[level.by_key[j].leaf] += level.sign * own.offers * level.by_key[j].draws;
    }
    for (auto n = level.first_exception_of_leaf[leaf]; n < level.first_exception_of_leaf[leaf + 1]; ++n) {
      const auto& exception = level.exceptions[level.exceptions_of_leaf[n]];
      double offers = 0;
      for (auto i = exception.first; i < exception.last; ++i) offers += level.excepted[i].leaf == leaf ? level.excepted[i].offers : 0;
      for (auto i = exception.first; i < exception.last; ++i)
        to[level.excepted[i].leaf] -= level.sign * exception.times * offers * level.excepted[i].draws;
    }
  }
  if (!first_pair_.empty()) {
    for (auto i = first_pair_[leaf]; i < first_pair_[leaf + 1]; ++i) to[pairs_[i].key] += pairs_[i].offers;
  }
  to[leaf] = 0;
}

CutDemand Demand::cut(const std::vector<std::uint32_t>& part_of_vertex, std::uint32_t parts) const {
  CutDemand demand{std::vector<double>(parts, 0), std::vector<double>(parts, 0)};
  std::vector<double> offers(parts, 0);
  std::vector<double> draws(parts, 0);
  std::vector<std::uint32_t> touched;
  // Everybody of a group sends to everybody else of it; only what leaves a part counts.
  const auto add_group = [&](const Share* begin, const Share* end, double factor) {
    double all_offers = 0;
    double all_draws = 0;
    for (const auto* share = begin; share != end; ++share) {
      const auto part = part_of_vertex[share->leaf];
      if (offers[part] == 0 && draws[part] == 0) touched.push_back(part);
      offers[part] += share->offers;
      draws[part] += share->draws;
      all_offers += share->offers;
      all_draws += share->draws;
    }
    for (const auto part : touched) {
      demand.out[part] += factor * offers[part] * (all_draws - draws[part]);
      demand.in[part] += factor * draws[part] * (all_offers - offers[part]);
      offers[part] = draws[part] = 0;
    }
    touched.clear();
  };
  for (const auto& level : levels_) {
    for (std::size_t k = 0; k + 1 < level.first_of_key.size(); ++k)
      add_group(level.by_key.data() + level.first_of_key[k], level.by_key.data() + level.first_of_key[k + 1], level.sign);
    for (const auto& exception : level.exceptions)
      add_group(level.excepted.data() + exception.first, level.excepted.data() + exception.last, -level.sign * exception.times);
  }
  for (const auto& pair : pairs_) {
    const auto from = part_of_vertex[pair.leaf];
    const auto to = part_of_vertex[pair.key];
    if (from == to) continue;
    demand.out[from] += pair.offers;
    demand.in[to] += pair.offers;
  }
  return demand;
}

} // namespace icplan
