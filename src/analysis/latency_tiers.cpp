// SPDX-License-Identifier: Apache-2.0
// Latency in tiers of switches. Every pair counts, without looking at each: the mean way of a port up to where pairs meet is a number of its own, so
// the pairs that meet in a pod are sums of two such numbers, and those that meet below or stay in a scale-up domain are taken away again.
#include "latency_pairs.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <numeric>
#include <tuple>

namespace icplan {
namespace {

constexpr std::int64_t most_tiers = 3;
constexpr std::size_t most_kinds = 16;

class TierMeasure {
public:
  explicit TierMeasure(const DelayGraph& graph) : graph_(graph) {}

  std::optional<std::vector<LatencyClass>> run(bool means_only) {
    if (!graph_.tiered || !find_pods()) return std::nullopt;
    means_only_ = means_only;
    several_halls_ =
        std::any_of(graph_.ports.begin(), graph_.ports.end(), [&](const DelayPort& port) { return port.hall != graph_.ports.front().hall; });
    gather_domains();
    gather_leaves();
    if (tiers_ >= 2) gather_pods();
    if (tiers_ >= 3 && !gather_cores()) return std::nullopt;
    if (!means_only) {
      find_extremes(1);
      find_extremes(-1);
    }
    return finish();
  }

private:
  static constexpr std::size_t same_leaf = 0;
  static constexpr std::size_t same_pod = 1;
  static constexpr std::size_t across_core = 2;
  static constexpr std::size_t across_halls = 3;

  [[nodiscard]] std::size_t vertices() const { return graph_.tiers.size(); }

  /// Numbers the parts that the vertices fall into when only links that start below `tier` join them.
  [[nodiscard]] std::vector<std::uint32_t> parts_below(std::int64_t tier) const {
    std::vector<std::uint32_t> parent(vertices());
    std::iota(parent.begin(), parent.end(), 0U);
    const auto root = [&](std::uint32_t v) {
      while (parent[v] != v) v = parent[v] = parent[parent[v]];
      return v;
    };
    for (const auto& edge : graph_.edges) {
      if (graph_.tiers[edge.lower] >= tier) continue;
      const auto a = root(edge.lower);
      const auto b = root(edge.upper);
      parent[std::max(a, b)] = std::min(a, b);
    }
    for (std::uint32_t v = 0; v < vertices(); ++v) parent[v] = root(v);
    return parent;
  }

  /// Nothing can be said here of networks whose leaves prefer some upper switches of their pod.
  bool find_pods() {
    tiers_ = *std::max_element(graph_.tiers.begin(), graph_.tiers.end());
    if (tiers_ > most_tiers) return false;
    first_edge_.assign(vertices() + 1, 0);
    for (const auto& edge : graph_.edges) ++first_edge_[edge.lower + 1];
    std::partial_sum(first_edge_.begin(), first_edge_.end(), first_edge_.begin());
    leaf_ = parts_below(1);
    pod_ = parts_below(2);
    network_ = parts_below(tiers_);
    spines_.assign(vertices(), 0);
    for (std::uint32_t v = 0; v < vertices(); ++v) spines_[pod_[v]] += graph_.tiers[v] == 2 ? 1 : 0;
    for (const auto& port : graph_.ports) {
      const auto begin = first_edge_[port.leaf];
      const auto end = first_edge_[port.leaf + 1];
      if (graph_.tiers[port.leaf] != 1 || static_cast<std::int64_t>(end - begin) != spines_[pod_[port.leaf]]) return false;
      for (auto e = begin; e < end; ++e) {
        if (graph_.edges[e].links != graph_.edges[begin].links) return false;
      }
    }
    return true;
  }

  /// Ports by value, then stably by each of the keys.
  template <class Key> void sort_by(std::vector<std::uint32_t>& order, std::size_t keys, const Key& key) const {
    std::vector<std::size_t> begin(keys + 1, 0);
    for (const auto p : order) ++begin[key(p) + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<std::uint32_t> sorted(order.size());
    for (const auto p : order) sorted[begin[key(p)]++] = p;
    order = std::move(sorted);
  }

  struct Grouping {
    /// By vertex: what the leaf belongs to. Null: one group.
    const std::vector<std::uint32_t>* part = nullptr;
    bool by_domain = false;
    bool by_hall = false;
  };

  /// Shape: `order` ascends by `value`.
  std::shared_ptr<const Partition> partition(std::vector<std::uint32_t> order, const std::vector<Femtoseconds>& value, Grouping by) const {
    const auto& ports = graph_.ports;
    if (by.by_hall) sort_by(order, graph_.halls, [&](std::uint32_t p) { return ports[p].hall; });
    if (by.by_domain) sort_by(order, graph_.domains, [&](std::uint32_t p) { return ports[p].domain; });
    if (by.part != nullptr) sort_by(order, vertices(), [&](std::uint32_t p) { return (*by.part)[ports[p].leaf]; });
    // Keys must ascend over the blocks, and be equal in two partitions by the same grouping; a block is known by its place in the sort.
    const auto key = [&](std::uint32_t p) {
      const auto part = by.part != nullptr ? (*by.part)[ports[p].leaf] : 0;
      const auto domain = by.by_domain ? ports[p].domain : 0;
      const auto hall = by.by_hall ? ports[p].hall : 0;
      return std::array<std::uint32_t, 3>{part, domain, hall};
    };
    auto result = std::make_shared<Partition>();
    result->values.reserve(order.size());
    std::array<std::uint32_t, 3> last{};
    for (std::size_t i = 0; i < order.size(); ++i) {
      const auto now = key(order[i]);
      if (i == 0 || now != last) {
        // Partitions that are matched with another one are not by part.
        const auto number = by.part != nullptr ? std::uint64_t{result->blocks.size()} : std::uint64_t{now[1]} << 32U | now[2];
        result->blocks.push_back({number, i, i});
      }
      last = now;
      result->values.push_back(value[order[i]]);
      result->blocks.back().end = i + 1;
    }
    return result;
  }

  /// Adds the pairs within the parts of `outer` (null: all of one part) that are not within one of `inner` (null: each port is one). Where every
  /// domain is within one of `inner`, as `domains_inside` says, its pairs have gone with these.
  void add_within(std::size_t kind, const std::vector<std::uint32_t>& order, const std::vector<Femtoseconds>& value,
                  const std::vector<std::uint32_t>* outer, const std::vector<std::uint32_t>* inner, bool domains_inside) {
    const auto add = [&](std::size_t to, Grouping grouping, std::int64_t times) {
      const auto groups = partition(order, value, grouping);
      classes_[to].families.push_back({groups, groups, times});
    };
    const auto add_all = [&](std::size_t to, bool by_hall, std::int64_t times) {
      add(to, {outer, false, by_hall}, times);
      if (inner != nullptr) add(to, {inner, false, by_hall}, -times);
      // Pairs of one port with itself are of one domain, and go with these.
      if (!domains_inside) add(to, {outer, true, by_hall}, -times);
      if (!domains_inside && inner != nullptr) add(to, {inner, true, by_hall}, times);
    };
    add_all(kind, several_halls_, 1);
    if (!several_halls_) return;
    add_all(across_halls, false, 1);
    add_all(across_halls, true, -1);
  }

  /// Adds the pairs of one port each from pods of two kinds.
  void add_between(const std::vector<std::uint32_t>& left, const std::vector<Femtoseconds>& left_value, const std::vector<std::uint32_t>& right,
                   const std::vector<Femtoseconds>& right_value) {
    const auto add = [&](std::size_t to, Grouping grouping, std::int64_t times) {
      // In both orders.
      classes_[to].families.push_back({partition(left, left_value, grouping), partition(right, right_value, grouping), 2 * times});
    };
    const auto add_all = [&](std::size_t to, bool by_hall, std::int64_t times) {
      add(to, {nullptr, false, by_hall}, times);
      if (!domains_in_pods_) add(to, {nullptr, true, by_hall}, -times);
    };
    add_all(across_core, several_halls_, 1);
    if (!several_halls_) return;
    add_all(across_halls, false, 1);
    add_all(across_halls, true, -1);
  }

  static std::vector<std::uint32_t> ascending(std::vector<std::uint32_t> ports, const std::vector<Femtoseconds>& value) {
    std::vector<std::pair<Femtoseconds, std::uint32_t>> keyed;
    keyed.reserve(ports.size());
    for (const auto p : ports) keyed.emplace_back(value[p], p);
    std::sort(keyed.begin(), keyed.end());
    for (std::size_t i = 0; i < ports.size(); ++i) ports[i] = keyed[i].second;
    return ports;
  }
  [[nodiscard]] std::vector<std::uint32_t> all_ports() const {
    std::vector<std::uint32_t> all(graph_.ports.size());
    std::iota(all.begin(), all.end(), 0U);
    return all;
  }

  void gather_domains() {
    // Two ports of one domain, in one network.
    const std::vector<Femtoseconds> nothing(graph_.ports.size(), 0);
    const auto groups = [&](const std::vector<std::uint32_t>& part) { return partition(all_ports(), nothing, {&part, true, false}); };
    const auto in_network = groups(network_);
    for (const auto& block : in_network->blocks) {
      const auto n = static_cast<std::int64_t>(block.end - block.begin);
      domain_pairs_ += n * (n - 1) / 2;
    }
    const auto in_pods = groups(pod_)->blocks.size();
    domains_in_pods_ = in_pods == in_network->blocks.size();
    domains_in_leaves_ = in_pods == groups(leaf_)->blocks.size();
  }

  [[nodiscard]] Femtoseconds port_and_leaf(const DelayPort& port) const { return (port.delay + graph_.delay[port.leaf]) * femtoseconds; }

  void gather_leaves() {
    std::vector<Femtoseconds> value;
    value.reserve(graph_.ports.size());
    for (const auto& port : graph_.ports) value.push_back(port.delay * femtoseconds + graph_.delay[port.leaf] * (femtoseconds / 2));
    add_within(same_leaf, ascending(all_ports(), value), value, &leaf_, nullptr, false);
  }

  void gather_pods() {
    // All upper switches of a pod are as likely: half of their mean delay goes with each way.
    std::vector<std::int64_t> spine_delay(vertices(), 0);
    for (std::uint32_t v = 0; v < vertices(); ++v) {
      if (graph_.tiers[v] == 2) spine_delay[pod_[v]] += graph_.delay[v];
    }
    std::vector<Femtoseconds> up(vertices(), 0);
    for (std::uint32_t v = 0; v < vertices(); ++v) {
      const auto spines = spines_[pod_[v]];
      if (graph_.tiers[v] != 1 || first_edge_[v] == first_edge_[v + 1]) continue;
      WideSum sum = 0;
      for (auto e = first_edge_[v]; e < first_edge_[v + 1]; ++e) sum += graph_.edges[e].sum;
      const auto links = graph_.edges[first_edge_[v]].links;
      up[v] = rounded_quotient(sum * femtoseconds, WideSum{links} * spines) +
              rounded_quotient(WideSum{spine_delay[pod_[v]]} * (femtoseconds / 2), spines);
    }
    std::vector<Femtoseconds> value;
    value.reserve(graph_.ports.size());
    for (const auto& port : graph_.ports) value.push_back(port_and_leaf(port) + up[port.leaf]);
    add_within(same_pod, ascending(all_ports(), value), value, &pod_, &leaf_, domains_in_leaves_);
  }

  /// Pods of one kind have as many ways to each core switch as one another.
  struct Kind {
    std::uint32_t network = 0;
    std::vector<std::pair<std::uint32_t, std::int64_t>> ways;
    std::vector<std::uint32_t> ports;

    friend bool operator<(const Kind& a, const Kind& b) { return std::tie(a.network, a.ways) < std::tie(b.network, b.ways); }
  };

  /// Kinds by network. False where there are too many.
  bool find_kinds() {
    std::vector<std::vector<std::pair<std::uint32_t, std::int64_t>>> ways(vertices());
    for (const auto& edge : graph_.edges) {
      if (graph_.tiers[edge.lower] == 2) ways[pod_[edge.lower]].emplace_back(edge.upper, edge.links);
    }
    std::map<Kind, std::vector<std::uint32_t>> pods_of_kind;
    for (std::uint32_t pod = 0; pod < vertices(); ++pod) {
      auto& of_pod = ways[pod];
      if (of_pod.empty()) continue;
      std::sort(of_pod.begin(), of_pod.end());
      std::vector<std::pair<std::uint32_t, std::int64_t>> merged;
      for (const auto& [core, links] : of_pod) {
        if (merged.empty() || merged.back().first != core) {
          merged.emplace_back(core, links);
        } else {
          merged.back().second += links;
        }
      }
      pods_of_kind[{network_[pod], std::move(merged), {}}].push_back(pod);
    }
    kind_of_pod_.assign(vertices(), 0);
    for (const auto& [kind, pods] : pods_of_kind) {
      for (const auto pod : pods) kind_of_pod_[pod] = static_cast<std::uint32_t>(kinds_.size());
      kinds_.push_back(kind);
      const auto before = kinds_.size() > most_kinds ? kinds_[kinds_.size() - 1 - most_kinds].network : ~0U;
      if (before == kind.network) return false;
    }
    for (const auto p : all_ports()) {
      const auto pod = pod_[graph_.ports[p].leaf];
      if (!ways[pod].empty()) kinds_[kind_of_pod_[pod]].ports.push_back(p);
    }
    return true;
  }

  /// By port of `from`: its mean way to where it meets ports of pods of kind `to`, with half the delay there. False where nothing joins them.
  bool ways_towards(const Kind& from, const Kind& to, std::vector<Femtoseconds>& value) const {
    std::vector<std::int64_t> ways_to(vertices(), 0);
    for (const auto& [core, ways] : to.ways) ways_to[core] = ways;
    // A path by way of a spine and a core is one of as many as the other pod has to that core.
    std::vector<std::int64_t> spine_weight(vertices(), 0);
    std::vector<std::int64_t> pod_weight(vertices(), 0);
    std::vector<WideSum> pod_sum(vertices(), 0);
    for (const auto& edge : graph_.edges) {
      if (graph_.tiers[edge.lower] != 2 || ways_to[edge.upper] == 0) continue;
      const auto weight = edge.links * ways_to[edge.upper];
      spine_weight[edge.lower] += weight;
      pod_weight[pod_[edge.lower]] += weight;
      pod_sum[pod_[edge.lower]] +=
          WideSum{weight} * (graph_.delay[edge.lower] * femtoseconds + edge.mean() + graph_.delay[edge.upper] * (femtoseconds / 2));
    }
    std::uint32_t known = ~0U;
    Femtoseconds up = 0;
    for (const auto p : from.ports) {
      const auto& port = graph_.ports[p];
      const auto weight = pod_weight[pod_[port.leaf]];
      if (weight == 0) return false;
      if (port.leaf != known) {
        known = port.leaf;
        WideSum sum = pod_sum[pod_[port.leaf]];
        for (auto e = first_edge_[known]; e < first_edge_[known + 1]; ++e)
          sum += WideSum{spine_weight[graph_.edges[e].upper]} * graph_.edges[e].mean();
        up = rounded_quotient(sum, weight);
      }
      value[p] = port_and_leaf(port) + up;
    }
    return true;
  }

  bool gather_cores() {
    if (!find_kinds()) return false;
    std::vector<Femtoseconds> there(graph_.ports.size(), 0);
    std::vector<Femtoseconds> back(graph_.ports.size(), 0);
    for (std::size_t a = 0; a < kinds_.size(); ++a) {
      for (auto b = a; b < kinds_.size() && kinds_[b].network == kinds_[a].network; ++b) {
        if (kinds_[a].ports.empty() || kinds_[b].ports.empty()) continue;
        if (!ways_towards(kinds_[a], kinds_[b], there)) return false;
        const auto order = ascending(kinds_[a].ports, there);
        if (a == b) {
          add_within(across_core, order, there, nullptr, &pod_, domains_in_pods_);
          continue;
        }
        if (!ways_towards(kinds_[b], kinds_[a], back)) return false;
        add_between(order, there, ascending(kinds_[b].ports, back), back);
      }
    }
    return true;
  }

  void keep_extreme(std::size_t kind, std::int64_t tier, std::int64_t sign, std::optional<std::int64_t> found, std::int64_t delay) {
    if (!found) return;
    auto& extreme = sign > 0 ? classes_[kind].least : classes_[kind].most;
    const auto value = sign * *found + delay;
    if (!extreme || sign * value < sign * *extreme) extreme = value;
    if (kind == across_halls) classes_[kind].meet(2 * tier - 1);
  }

  /// The shortest (sign 1) or longest (-1) path of each class: at every switch, the best pair of ways that first meet there.
  void find_extremes(std::int64_t sign) {
    std::vector<std::size_t> first_down(vertices() + 1, 0);
    for (const auto& edge : graph_.edges) ++first_down[edge.upper + 1];
    std::partial_sum(first_down.begin(), first_down.end(), first_down.begin());
    std::vector<std::size_t> down(graph_.edges.size());
    auto next = first_down;
    for (std::size_t e = 0; e < graph_.edges.size(); ++e) down[next[graph_.edges[e].upper]++] = e;

    std::vector<std::vector<Way>> ways(vertices());
    for (std::uint32_t p = 0; p < graph_.ports.size(); ++p) {
      const auto& port = graph_.ports[p];
      ways[port.leaf].push_back({sign * port.delay, p, port.domain, port.hall});
    }
    for (std::int64_t tier = 1; tier <= tiers_; ++tier) {
      for (std::uint32_t v = 0; v < vertices(); ++v) {
        if (graph_.tiers[v] != tier) continue;
        auto& here = ways[v];
        for (auto d = first_down[v]; d < first_down[v + 1]; ++d) {
          const auto& edge = graph_.edges[down[d]];
          const auto delay = graph_.delay[edge.lower] + (sign > 0 ? edge.least : edge.most);
          for (const auto& way : ways[edge.lower]) {
            here.push_back({way.delay + sign * delay, tier == 2 ? edge.lower : pod_[edge.lower], way.domain, way.hall});
          }
        }
        judge_switch(here, v, tier, sign);
        here = shortest_two(here);
      }
    }
  }

  void judge_switch(std::vector<Way>& here, std::uint32_t v, std::int64_t tier, std::int64_t sign) {
    std::sort(here.begin(), here.end(),
              [](const Way& a, const Way& b) { return std::tie(a.delay, a.hall, a.domain, a.child) < std::tie(b.delay, b.hall, b.domain, b.child); });
    keep_extreme(static_cast<std::size_t>(tier - 1), tier, sign, best_pair(here, true), graph_.delay[v]);
    const bool halls = std::any_of(here.begin(), here.end(), [&](const Way& way) { return way.hall != here.front().hall; });
    if (halls) keep_extreme(across_halls, tier, sign, best_pair(here, false), graph_.delay[v]);
  }

  [[nodiscard]] MissingTerms missing_up_to(std::int64_t tier) const {
    const auto links = [&](std::int64_t t) {
      return t < static_cast<std::int64_t>(graph_.missing_links.size()) ? graph_.missing_links[static_cast<std::size_t>(t)] : 0;
    };
    MissingTerms missing;
    missing.nics = 2 * graph_.missing_nics;
    for (std::int64_t t = 0; t < tier; ++t) missing.modules += 2 * links(t);
    for (std::int64_t t = 1; t <= tier; ++t) missing.switches += (t < tier ? 2 : 1) * graph_.missing_switches[static_cast<std::size_t>(t)];
    return missing;
  }

  std::vector<LatencyClass> finish() {
    constexpr std::array<PairClass, 4> kinds = {PairClass::same_leaf, PairClass::same_pod, PairClass::across_core, PairClass::across_halls};
    std::vector<LatencyClass> result(1);
    result.front().kind = PairClass::same_domain;
    result.front().pairs = domain_pairs_;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      auto& gathered = classes_[k];
      const auto [pairs, sum] = gathered.sums();
      if (pairs == 0) continue;
      if (k != across_halls) gathered.meet(2 * static_cast<std::int64_t>(k) + 1);
      LatencyClass line;
      line.kind = kinds[k];
      line.fewest_switches = gathered.fewest_switches;
      line.most_switches = gathered.most_switches;
      line.pairs = static_cast<std::int64_t>(pairs / 2);
      line.mean = Picoseconds(rounded_quotient(sum, pairs * femtoseconds));
      if (!means_only_) {
        line.least = Picoseconds(*gathered.least);
        line.most = Picoseconds(*gathered.most);
        line.p99 = Picoseconds(gathered.p99(pairs));
        line.missing = missing_up_to((line.most_switches + 1) / 2);
      }
      result.push_back(line);
    }
    return result;
  }

  const DelayGraph& graph_;
  bool means_only_ = false;
  bool several_halls_ = false;
  std::int64_t tiers_ = 0;
  std::int64_t domain_pairs_ = 0;
  bool domains_in_leaves_ = false;
  bool domains_in_pods_ = false;
  /// By vertex: itself, the lowest vertex of its pod, and of all that is joined to it.
  std::vector<std::uint32_t> leaf_;
  std::vector<std::uint32_t> pod_;
  std::vector<std::uint32_t> network_;
  /// By pod.
  std::vector<std::int64_t> spines_;
  std::vector<std::uint32_t> kind_of_pod_;
  std::vector<Kind> kinds_;
  /// By vertex: its first edge up.
  std::vector<std::size_t> first_edge_;
  /// Same leaf, same pod, across the core, across halls.
  std::array<TierPairs, 4> classes_;
};

} // namespace

std::optional<std::vector<LatencyClass>> measure_by_tier(const DelayGraph& graph, bool means_only) { return TierMeasure(graph).run(means_only); }

} // namespace icplan
