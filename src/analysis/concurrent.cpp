// SPDX-License-Identifier: Apache-2.0
// Shortest paths by lengths, and steps towards them.
#include "concurrent.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>

namespace icplan {
namespace {

constexpr std::int64_t most_work = 30'000'000;
constexpr double narrow_enough = 1e-4;
constexpr double infinite = std::numeric_limits<double>::infinity();

/// Routes demands over all shortest paths by the lengths of arc classes, each in proportion to the capacities along it.
class LengthRouter {
public:
  LengthRouter(const SwitchGraph& graph, const FlowClasses& classes)
      : graph_(graph), classes_(classes), distance_(graph.vertices()), paths_(graph.vertices()), carried_(graph.vertices()) {}

  /// Adds the loads of classes; returns the sum of demand times distance.
  double route(std::uint32_t source, const std::vector<double>& row, double times, const std::vector<double>& length, std::vector<double>& load) {
    search(source, length);
    for (const auto v : order_) carried_[v] = row[v];
    double sum = 0;
    for (auto i = order_.size(); i-- > 1;) {
      const auto v = order_[i];
      if (carried_[v] <= 0) continue;
      sum += row[v] > 0 ? row[v] * distance_[v] : 0;
      for (auto arc = graph_.first[v]; arc < graph_.first[v + 1]; ++arc) {
        const auto back = graph_.reverse[arc];
        const auto u = graph_.to[arc];
        if (!is_tight(u, v, length[classes_.of_arc[back]])) continue;
        const auto flow = carried_[v] * paths_[u] * graph_.capacity[arc] / paths_[v];
        carried_[u] += flow;
        load[classes_.of_arc[back]] += times * flow;
      }
    }
    return sum * times;
  }
  [[nodiscard]] std::int64_t work() const { return work_; }

private:
  [[nodiscard]] bool is_tight(std::uint32_t from, std::uint32_t to, double length) const {
    return distance_[from] < distance_[to] && distance_[from] + length <= distance_[to] * (1 + 1e-9);
  }

  /// Dijkstra's algorithm; `order_` is by distance.
  void search(std::uint32_t source, const std::vector<double>& length) {
    using Entry = std::pair<double, std::uint32_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    std::fill(distance_.begin(), distance_.end(), infinite);
    order_.clear();
    distance_[source] = 0;
    queue.emplace(0, source);
    std::vector<bool> done(graph_.vertices(), false);
    while (!queue.empty()) {
      const auto v = queue.top().second;
      queue.pop();
      if (done[v]) continue;
      done[v] = true;
      order_.push_back(v);
      work_ += graph_.first[v + 1] - graph_.first[v];
      for (auto arc = graph_.first[v]; arc < graph_.first[v + 1]; ++arc) {
        const auto w = graph_.to[arc];
        const auto there = distance_[v] + length[classes_.of_arc[arc]];
        if (there >= distance_[w]) continue;
        distance_[w] = there;
        queue.emplace(there, w);
      }
    }
    paths_[source] = 1;
    const auto scale = 1 / (graph_.capacity.empty() ? 1 : *std::max_element(graph_.capacity.begin(), graph_.capacity.end()));
    for (std::size_t i = 1; i < order_.size(); ++i) {
      const auto v = order_[i];
      paths_[v] = 0;
      for (auto arc = graph_.first[v]; arc < graph_.first[v + 1]; ++arc) {
        const auto u = graph_.to[arc];
        if (is_tight(u, v, length[classes_.of_arc[graph_.reverse[arc]]])) paths_[v] += paths_[u] * graph_.capacity[arc] * scale;
      }
      paths_[v] /= scale;
    }
  }

  const SwitchGraph& graph_;
  const FlowClasses& classes_;
  std::vector<double> distance_;
  std::vector<double> paths_;
  std::vector<double> carried_;
  std::vector<std::uint32_t> order_;
  std::int64_t work_ = 0;
};

/// By class, the weight that the potential gives its utilisation; they sum to 1.
std::vector<double> weights_of(const std::vector<double>& use, double sharpness) {
  const auto most = *std::max_element(use.begin(), use.end());
  std::vector<double> weight(use.size());
  double sum = 0;
  // A floor keeps lengths above 0, so that no cycle is free.
  for (std::size_t c = 0; c < use.size(); ++c) sum += weight[c] = std::exp(std::max(sharpness * (use[c] - most) / most, -25.0));
  for (auto& w : weight) w /= sum;
  return weight;
}

/// How far to go from one utilisation towards another so that the potential falls most: where its slope changes sign.
double best_step(const std::vector<double>& use, const std::vector<double>& target, double sharpness) {
  double low = 0;
  double high = 1;
  std::vector<double> between(use.size());
  for (int round = 0; round < 40; ++round) {
    const auto step = (low + high) / 2;
    for (std::size_t c = 0; c < use.size(); ++c) between[c] = use[c] + step * (target[c] - use[c]);
    const auto weight = weights_of(between, sharpness);
    double slope = 0;
    for (std::size_t c = 0; c < use.size(); ++c) slope += weight[c] * (target[c] - use[c]);
    (slope < 0 ? low : high) = step;
  }
  return low;
}

} // namespace

FlowBounds narrow_flow(const SwitchGraph& graph, const Demand& demand, const std::vector<FlowSource>& sources, const FlowClasses& classes,
                       std::vector<double> load, FlowBounds known) {
  const auto count = classes.capacity.size();
  // One step must not take more than all are allowed.
  if (count == 0 || static_cast<std::int64_t>(sources.size()) * graph.arcs() > most_work) return known;
  std::vector<double> use(count);
  for (std::size_t c = 0; c < count; ++c) use[c] = load[c] / classes.capacity[c];
  LengthRouter router(graph, classes);
  std::vector<double> length(count);
  std::vector<double> row(graph.vertices());
  auto sharpness = 4 * std::log(static_cast<double>(count) + 1);
  while (known.upper > known.lower * (1 + narrow_enough) && router.work() < most_work) {
    const auto weight = weights_of(use, sharpness);
    for (std::size_t c = 0; c < count; ++c) length[c] = weight[c] / classes.capacity[c];
    std::vector<double> target(count, 0);
    double distance = 0;
    for (const auto& source : sources) {
      std::fill(row.begin(), row.end(), 0);
      demand.add_row(source.leaf, row);
      distance += router.route(source.leaf, row, source.times, length, target);
    }
    if (distance <= 0) break;
    known.upper = std::min(known.upper, 1 / distance);
    for (std::size_t c = 0; c < count; ++c) target[c] /= classes.capacity[c];
    const auto step = best_step(use, target, sharpness);
    for (std::size_t c = 0; c < count; ++c) use[c] += step * (target[c] - use[c]);
    known.lower = std::max(known.lower, 1 / *std::max_element(use.begin(), use.end()));
    // Where the potential is nearly flat towards the shortest paths, only a sharper one tells more.
    double gain = 0;
    for (std::size_t c = 0; c < count; ++c) gain += weight[c] * (use[c] - target[c]);
    if (step < 1e-3 || gain < 0.1 * std::log(static_cast<double>(count) + 1) / sharpness / known.lower) sharpness *= 1.5;
    if (sharpness > 1e7) break;
  }
  return known;
}

} // namespace icplan
