// SPDX-License-Identifier: Apache-2.0
// Latency in networks of any form: a search from every switch with ports, over all shortest paths.
#include "latency_graph.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace icplan {
namespace {

/// Searches times what each looks at; beyond that only some switches are searched from.
constexpr std::int64_t most_work = 120'000'000;
/// Numbers of paths are halved together beyond this: their proportions matter, and large tori have more paths than 64 bits hold.
constexpr std::int64_t most_paths = std::int64_t{1} << 31U;

/// Equal ports of one switch.
struct PortKind {
  std::uint32_t hall = 0;
  std::int64_t delay = 0;
  std::int64_t count = 0;
};

/// Delays counted by whole nanoseconds, rounded up.
class Histogram {
public:
  void add(Femtoseconds value, std::int64_t count) {
    const auto bin = divide_up(value, 1'000 * femtoseconds);
    if (bin >= most_bins) {
      beyond_[bin] += count;
      return;
    }
    const auto at = static_cast<std::size_t>(bin);
    if (at >= bins_.size()) bins_.resize(at + 1 + at / 2, 0);
    bins_[at] += count;
  }
  [[nodiscard]] Picoseconds p99(std::int64_t total) const {
    WideSum count = 0;
    for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
      count += bins_[bin];
      if (count * 100 >= WideSum{total} * 99) return Picoseconds(static_cast<std::int64_t>(bin) * 1'000);
    }
    for (const auto& [bin, n] : beyond_) {
      count += n;
      if (count * 100 >= WideSum{total} * 99) return Picoseconds(bin * 1'000);
    }
    return Picoseconds(0);
  }

private:
  static constexpr std::int64_t most_bins = 1'000'000;
  std::vector<std::int64_t> bins_;
  std::map<std::int64_t, std::int64_t> beyond_;
};

/// Ordered pairs of one class.
struct Gathered {
  std::int64_t pairs = 0;
  WideSum sum = 0;
  std::int64_t fewest_switches = 0;
  std::int64_t most_switches = 0;
  std::optional<std::int64_t> least;
  std::optional<std::int64_t> most;
  Histogram histogram;

  void add(Femtoseconds value, std::int64_t count, bool means_only) {
    pairs += count;
    sum += WideSum{value} * count;
    if (!means_only) histogram.add(value, count);
  }
  void meet(std::int64_t switches) {
    fewest_switches = fewest_switches == 0 ? switches : std::min(fewest_switches, switches);
    most_switches = std::max(most_switches, switches);
  }
};

class HopMeasure {
public:
  HopMeasure(const DelayGraph& graph, bool means_only) : graph_(graph), means_only_(means_only) {
    find_neighbours();
    find_ports();
  }

  std::vector<LatencyClass> run(std::int64_t& stride) {
    const auto vertices = graph_.tiers.size();
    std::vector<std::uint32_t> sources;
    std::int64_t kinds = 0;
    for (std::uint32_t v = 0; v < vertices; ++v) {
      if (first_port_[v] < first_port_[v + 1]) sources.push_back(v);
      kinds += static_cast<std::int64_t>(kinds_[v].size());
    }
    const auto count = static_cast<std::int64_t>(sources.size());
    const auto per_source = static_cast<std::int64_t>(neighbours_.size()) + kinds * divide_up(kinds, std::max<std::int64_t>(count, 1));
    stride = std::max<std::int64_t>(1, divide_up(count * per_source, most_work));
    for (std::size_t s = 0; s < sources.size(); s += static_cast<std::size_t>(stride)) {
      search(sources[s]);
      for (const auto to : sources) {
        if (hops_[to] >= 0) join(sources[s], to);
      }
      leave_out_domains(sources[s]);
    }
    return finish(stride);
  }

private:
  struct Neighbour {
    std::uint32_t to = 0;
    std::uint32_t edge = 0;
  };
  /// A port that is the first or last of its switch by delay, of its hall and domain.
  struct End {
    std::int64_t delay = 0;
    std::uint32_t hall = 0;
    std::uint32_t domain = 0;
    std::uint32_t port = 0;
  };

  void find_neighbours() {
    first_neighbour_.assign(graph_.tiers.size() + 1, 0);
    for (const auto& edge : graph_.edges) {
      ++first_neighbour_[edge.lower + 1];
      ++first_neighbour_[edge.upper + 1];
    }
    std::partial_sum(first_neighbour_.begin(), first_neighbour_.end(), first_neighbour_.begin());
    neighbours_.resize(graph_.edges.size() * 2);
    auto next = first_neighbour_;
    for (std::uint32_t e = 0; e < graph_.edges.size(); ++e) {
      const auto& edge = graph_.edges[e];
      neighbours_[next[edge.lower]++] = {edge.upper, e};
      neighbours_[next[edge.upper]++] = {edge.lower, e};
    }
  }

  void find_ports() {
    const auto vertices = graph_.tiers.size();
    first_port_.assign(vertices + 1, 0);
    for (const auto& port : graph_.ports) ++first_port_[port.leaf + 1];
    std::partial_sum(first_port_.begin(), first_port_.end(), first_port_.begin());
    kinds_.resize(vertices);
    first_ends_.resize(vertices);
    last_ends_.resize(vertices);
    ports_of_domain_.resize(graph_.domains);
    for (std::uint32_t p = 0; p < graph_.ports.size(); ++p) ports_of_domain_[graph_.ports[p].domain].push_back(p);
    for (std::uint32_t v = 0; v < vertices; ++v) {
      std::vector<End> ends;
      std::map<std::pair<std::uint32_t, std::int64_t>, std::int64_t> counts;
      for (auto p = first_port_[v]; p < first_port_[v + 1]; ++p) {
        const auto& port = graph_.ports[p];
        ends.push_back({port.delay, port.hall, port.domain, static_cast<std::uint32_t>(p)});
        ++counts[{port.hall, port.delay}];
      }
      for (const auto& [key, count] : counts) kinds_[v].push_back({key.first, key.second, count});
      first_ends_[v] = outermost(ends, 1);
      last_ends_[v] = outermost(std::move(ends), -1);
    }
  }

  /// Of every hall the two outermost ports of different domains: whatever domain a partner is of, one of them can be paired with it.
  static std::vector<End> outermost(std::vector<End> ends, std::int64_t sign) {
    std::sort(ends.begin(), ends.end(), [&](const End& a, const End& b) {
      return std::tuple(a.hall, sign * a.delay, a.domain, a.port) < std::tuple(b.hall, sign * b.delay, b.domain, b.port);
    });
    std::vector<End> kept;
    std::size_t of_hall = 0;
    for (const auto& end : ends) {
      if (kept.empty() || kept.back().hall != end.hall) of_hall = 0;
      if (of_hall == 2 || (of_hall == 1 && kept.back().domain == end.domain)) continue;
      kept.push_back(end);
      ++of_hall;
    }
    return kept;
  }

  /// Breadth first; then, in that order, all shortest paths to each switch at once: how many there are, their mean, the least and the longest.
  void search(std::uint32_t source) {
    const auto vertices = graph_.tiers.size();
    hops_.assign(vertices, -1);
    paths_.assign(vertices, 0);
    mean_.assign(vertices, 0);
    least_.assign(vertices, 0);
    most_.assign(vertices, 0);
    std::vector<std::uint32_t> level{source};
    hops_[source] = 0;
    paths_[source] = 1;
    mean_[source] = graph_.delay[source] * femtoseconds;
    least_[source] = most_[source] = graph_.delay[source];
    while (!level.empty()) {
      std::vector<std::uint32_t> next;
      for (const auto v : level) {
        for (auto n = first_neighbour_[v]; n < first_neighbour_[v + 1]; ++n) {
          const auto to = neighbours_[n].to;
          if (hops_[to] >= 0) continue;
          hops_[to] = hops_[v] + 1;
          next.push_back(to);
        }
      }
      std::int64_t most = 0;
      for (const auto v : next) most = std::max(most, arrive(v));
      for (; most > most_paths; most /= 2) {
        for (const auto v : next) paths_[v] = std::max<std::int64_t>(1, paths_[v] / 2);
      }
      level = std::move(next);
    }
  }

  /// Sums up the shortest paths to a switch from those to the switches before it. Returns their number.
  std::int64_t arrive(std::uint32_t v) {
    WideSum sum = 0;
    std::int64_t paths = 0;
    for (auto n = first_neighbour_[v]; n < first_neighbour_[v + 1]; ++n) {
      const auto from = neighbours_[n].to;
      if (hops_[from] + 1 != hops_[v]) continue;
      const auto& edge = graph_.edges[neighbours_[n].edge];
      const auto ways = paths_[from] * edge.links;
      sum += WideSum{ways} * (mean_[from] + edge.mean());
      const auto least = least_[from] + edge.least + graph_.delay[v];
      const auto most = most_[from] + edge.most + graph_.delay[v];
      least_[v] = paths == 0 ? least : std::min(least_[v], least);
      most_[v] = paths == 0 ? most : std::max(most_[v], most);
      paths += ways;
    }
    paths_[v] = paths;
    mean_[v] = rounded_quotient(sum, paths) + graph_.delay[v] * femtoseconds;
    return paths;
  }

  Gathered& class_of(std::int64_t hops, bool same_hall) {
    auto& all = same_hall ? by_hops_ : across_halls_;
    const auto at = same_hall ? static_cast<std::size_t>(hops) : 0;
    if (all.size() <= at) all.resize(at + 1);
    return all[at];
  }

  /// Adds the pairs of the ports of two switches, those of one domain included.
  void join(std::uint32_t from, std::uint32_t to) {
    for (const auto& a : kinds_[from]) {
      for (const auto& b : kinds_[to])
        class_of(hops_[to], a.hall == b.hall).add((a.delay + b.delay) * femtoseconds + mean_[to], a.count * b.count, means_only_);
    }
    if (means_only_) return;
    for (const bool same_hall : {true, false}) {
      const auto least = outermost_pair(first_ends_[from], first_ends_[to], same_hall, 1);
      const auto most = outermost_pair(last_ends_[from], last_ends_[to], same_hall, -1);
      if (!least || !most) continue;
      auto& gathered = class_of(hops_[to], same_hall);
      gathered.meet(hops_[to] + 1);
      gathered.least = gathered.least ? std::min(*gathered.least, *least + least_[to]) : *least + least_[to];
      gathered.most = gathered.most ? std::max(*gathered.most, *most + most_[to]) : *most + most_[to];
    }
  }

  static std::optional<std::int64_t> outermost_pair(const std::vector<End>& from, const std::vector<End>& to, bool same_hall, std::int64_t sign) {
    std::optional<std::int64_t> best;
    for (const auto& a : from) {
      for (const auto& b : to) {
        if ((a.hall == b.hall) != same_hall || a.domain == b.domain) continue;
        if (!best || sign * (a.delay + b.delay) < sign * *best) best = a.delay + b.delay;
      }
    }
    return best;
  }

  /// Takes the pairs of one domain away, a port's with itself among them.
  void leave_out_domains(std::uint32_t from) {
    for (auto p = first_port_[from]; p < first_port_[from + 1]; ++p) {
      const auto& a = graph_.ports[p];
      for (const auto q : ports_of_domain_[a.domain]) {
        const auto& b = graph_.ports[q];
        if (hops_[b.leaf] < 0) continue;
        class_of(hops_[b.leaf], a.hall == b.hall).add((a.delay + b.delay) * femtoseconds + mean_[b.leaf], -1, means_only_);
        if (q != p) ++domain_pairs_;
      }
    }
  }

  [[nodiscard]] MissingTerms missing_over(std::int64_t switches) const {
    MissingTerms missing;
    missing.nics = 2 * graph_.missing_nics;
    // Those between switches may be passed in any order.
    const auto& links = graph_.missing_links;
    if (!links.empty()) missing.modules = 2 * links.front();
    if (links.size() > 1) missing.modules += (switches - 1) * *std::max_element(links.begin() + 1, links.end());
    missing.switches = switches * *std::max_element(graph_.missing_switches.begin(), graph_.missing_switches.end());
    return missing;
  }

  std::vector<LatencyClass> finish(std::int64_t stride) {
    std::vector<LatencyClass> result(1);
    result.front().kind = PairClass::same_domain;
    result.front().pairs = domain_pairs_ * stride / 2;
    const auto add = [&](PairClass kind, const Gathered& gathered) {
      if (gathered.pairs == 0) return;
      LatencyClass line;
      line.kind = kind;
      line.fewest_switches = gathered.fewest_switches;
      line.most_switches = gathered.most_switches;
      line.pairs = gathered.pairs * stride / 2;
      line.mean = Picoseconds(rounded_quotient(gathered.sum, WideSum{gathered.pairs} * femtoseconds));
      if (!means_only_) {
        line.least = Picoseconds(*gathered.least);
        line.most = Picoseconds(*gathered.most);
        // Whole nanoseconds are rounded up, but no pair is beyond the longest path.
        line.p99 = std::min(gathered.histogram.p99(gathered.pairs), *line.most);
        line.missing = missing_over(line.most_switches);
      }
      result.push_back(line);
    };
    for (std::size_t hops = 0; hops < by_hops_.size(); ++hops) add(hops == 0 ? PairClass::same_leaf : PairClass::hops, by_hops_[hops]);
    for (const auto& gathered : across_halls_) add(PairClass::across_halls, gathered);
    return result;
  }

  const DelayGraph& graph_;
  bool means_only_;
  std::vector<std::size_t> first_neighbour_;
  std::vector<Neighbour> neighbours_;
  std::vector<std::size_t> first_port_;
  /// By vertex.
  std::vector<std::vector<PortKind>> kinds_;
  std::vector<std::vector<End>> first_ends_;
  std::vector<std::vector<End>> last_ends_;
  std::vector<std::vector<std::uint32_t>> ports_of_domain_;
  // Of the last search, by vertex: switches passed before it, the shortest paths there with their delays, its own among them.
  std::vector<std::int64_t> hops_;
  std::vector<std::int64_t> paths_;
  std::vector<Femtoseconds> mean_;
  std::vector<std::int64_t> least_;
  std::vector<std::int64_t> most_;
  std::vector<Gathered> by_hops_;
  std::vector<Gathered> across_halls_;
  std::int64_t domain_pairs_ = 0;
};

} // namespace

std::vector<LatencyClass> measure_by_hops(const DelayGraph& graph, bool means_only, std::int64_t& stride) {
  return HopMeasure(graph, means_only).run(stride);
}

} // namespace icplan
