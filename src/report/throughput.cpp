// SPDX-License-Identifier: Apache-2.0
// Bounds in thousandths: an exact figure to the nearest, a lower bound down, an upper bound up.
#include "throughput.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace icplan {
namespace {

std::int64_t nearest(double gbps) { return std::llround(gbps * 1'000); }

/// In thousandths of a Gb/s.
std::pair<std::int64_t, std::int64_t> scaled(const Bounds& bounds) {
  if (bounds.exact) return {nearest(bounds.lower), nearest(bounds.lower)};
  // A bound that is whole but for rounding stays so.
  const auto lower = nearest(bounds.lower);
  const auto upper = nearest(bounds.upper);
  return {std::abs(bounds.lower * 1'000 - static_cast<double>(lower)) < 1e-6 ? lower : static_cast<std::int64_t>(std::floor(bounds.lower * 1'000)),
          std::abs(bounds.upper * 1'000 - static_cast<double>(upper)) < 1e-6 ? upper : static_cast<std::int64_t>(std::ceil(bounds.upper * 1'000))};
}

/// 0 stands for what was not found.
std::optional<std::int64_t> known(std::int64_t lower) { return lower == 0 ? std::nullopt : std::optional(lower); }

std::string bounds_text(const PatternThroughput& line) {
  const auto [lower, upper] = scaled(line.gbps_per_gpu);
  if (lower == 0) return "<= " + decimal(upper, 3);
  return lower == upper ? decimal(lower, 3) : decimal(lower, 3) + " to " + decimal(upper, 3);
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> titles = {{
    {"rail", "all-to-all within rails"},
    {"direct", "all-to-all over all ports"},
    {"cross-rail", "all-to-all across rails"},
    {"half-shift", "permutation: half shift"},
    {"next-group", "permutation: next group"},
    {"longest", "permutation: longest"},
    {"ring", "ring: next domain"},
}};

std::string title_of(std::string_view pattern) {
  const auto found = std::find_if(titles.begin(), titles.end(), [&](const auto& title) { return title.first == pattern; });
  return std::string(found == titles.end() ? pattern : found->second);
}

bool is_permutation(std::string_view pattern) { return pattern == "half-shift" || pattern == "next-group" || pattern == "longest"; }

/// The permutation that gets least, each by its best routing; null where there is none.
const PatternThroughput* worst_permutation(const FabricPatterns& patterns) {
  const PatternThroughput* worst = nullptr;
  for (const auto& line : patterns.lines) {
    if (!is_permutation(line.pattern)) continue;
    const auto* best = patterns.best(line.pattern);
    if (worst == nullptr || best->gbps_per_gpu.lower < worst->gbps_per_gpu.lower) worst = best;
  }
  return worst;
}

/// Of the injection, in tenths of a percent, rounded down as the lower bound is.
std::string share(const PatternThroughput& line, Mbps injection) {
  if (injection.count() == 0) return {};
  const auto lower = scaled(line.gbps_per_gpu).first;
  if (lower == 0) return "unknown";
  return decimal((lower * 1'000 + (line.gbps_per_gpu.exact ? injection.count() / 2 : 0)) / injection.count(), 1);
}

} // namespace

Section throughput_section(const Plan& plan, const std::vector<FabricTraffic>& traffic, const std::vector<FabricPatterns>& patterns) {
  Section section;
  section.title = "Throughput per GPU, Gb/s, one direction, all GPUs at once";
  const auto any = [&](const auto& test) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const FabricPatterns& fabric) { return std::any_of(fabric.lines.begin(), fabric.lines.end(), test); });
  };
  const bool routed = any([](const PatternThroughput& line) { return !line.routing.empty(); });
  section.table.columns = {{"fabric", false}, {"pattern", false}};
  if (routed) section.table.columns.push_back({"routing", false});
  section.table.columns.insert(section.table.columns.end(), {{"per GPU", true}, {"% of injection", true}, {"bound by", false}});
  for (std::size_t f = 0; f < traffic.size(); ++f) {
    const auto add = [&](std::string title, const PatternThroughput& line) {
      auto& row = section.table.rows.emplace_back();
      row = {std::string(plan.fabric_name(traffic[f].fabric)), std::move(title)};
      if (routed) row.push_back(std::string(line.routing));
      row.insert(row.end(), {bounds_text(line), share(line, traffic[f].injection_per_gpu), line.binds});
    };
    for (const auto& line : patterns[f].lines) add(title_of(line.pattern), line);
    if (const auto* worst = worst_permutation(patterns[f])) add("worst permutation", *worst);
    if (patterns[f].rails_apart)
      section.notes.push_back(
          "the rails of fabric " + std::string(plan.fabric_name(traffic[f].fabric)) +
          " are separate networks: other rails are reached through the scale-up links alone, and all-to-all over all ports is impossible");
  }
  if (section.table.rows.empty()) {
    section.table.columns.clear();
    section.lines.push_back("no GPU has another scale-up domain to send to");
    return section;
  }
  section.notes.push_back("what every GPU sends to GPUs of other scale-up domains, under ideal load balance; within rails, a scale-up hop brings "
                          "traffic to its rail first");
  if (any([](const PatternThroughput& line) { return !line.gbps_per_gpu.exact && line.gbps_per_gpu.lower > 0; }))
    section.notes.push_back("a range holds the true figure: a flow reaches its lower end, and cuts or link lengths forbid more than its upper end");
  if (any([](const PatternThroughput& line) { return line.gbps_per_gpu.lower <= 0; }))
    section.notes.push_back("<=: what cuts forbid to exceed; the network is too large to find what flows reach");
  if (routed)
    section.notes.push_back("routing: evenly over all shortest paths (minimal), over a random router (valiant), or the best there is (ideal)");
  return section;
}

Section node_pair_section(const Plan& plan, const std::vector<FabricTraffic>& traffic, const std::vector<FabricPatterns>& patterns) {
  Section section;
  section.title = "One node to one other, Gb/s, all others idle";
  section.table.columns = {{"fabric", false}, {"from", false}, {"to", false}, {"carried", true}, {"ports", true}, {"pairs tried", true}};
  for (std::size_t f = 0; f < traffic.size(); ++f) {
    if (!patterns[f].node_pair) continue;
    const auto& pair = *patterns[f].node_pair;
    section.table.rows.push_back({std::string(plan.fabric_name(traffic[f].fabric)), plan.network.device_name(pair.from),
                                  plan.network.device_name(pair.to), decimal(nearest(pair.gbps), 3), decimal(nearest(pair.ports_gbps), 3),
                                  grouped(pair.pairs)});
  }
  if (section.table.rows.empty()) {
    section.table.columns.clear();
    section.lines.push_back("there is one node or scale-up domain only");
    return section;
  }
  section.notes.push_back("the least of the pairs tried: the first, middle and last node of every group, in equal places of their scale-up domains");
  return section;
}

std::vector<ThroughputFigure> throughput_figures(const FabricPatterns& patterns) {
  std::vector<ThroughputFigure> figures;
  const auto add = [&](const std::string& name, const PatternThroughput& line) {
    const auto [lower, upper] = scaled(line.gbps_per_gpu);
    figures.push_back({name, "Gb/s per GPU", lower == 0 ? "" : decimal(lower, 3)});
    if (upper != lower) figures.push_back({name + ".at_most", "Gb/s per GPU", decimal(upper, 3)});
  };
  for (const auto& line : patterns.lines)
    add("throughput." + std::string(line.pattern) + (line.routing.empty() ? "" : "." + std::string(line.routing)), line);
  if (const auto* worst = worst_permutation(patterns)) add("throughput.worst-permutation", *worst);
  if (patterns.node_pair) figures.push_back({"node_pair", "Gb/s", decimal(nearest(patterns.node_pair->gbps), 3)});
  return figures;
}

void write_throughput(json::Writer& out, const Plan& plan, const FabricPatterns& patterns) {
  out.key("throughput").begin_array();
  for (const auto& line : patterns.lines) {
    const auto [lower, upper] = scaled(line.gbps_per_gpu);
    out.begin_object_row().member("pattern", line.pattern);
    out.key("routing");
    if (line.routing.empty()) out.null();
    else out.string(line.routing);
    out.member_decimal("gbps_per_gpu", known(lower), 3).member_decimal("at_most_gbps_per_gpu", upper, 3);
    out.member_bool("exact", line.gbps_per_gpu.exact).member("bound_by", line.binds).end_object();
  }
  out.end_array();
  const auto* worst = worst_permutation(patterns);
  out.member_decimal("worst_permutation_gbps_per_gpu", worst == nullptr ? std::nullopt : known(scaled(worst->gbps_per_gpu).first), 3);
  out.member_bool("rails_apart", patterns.rails_apart);
  out.key("node_pair");
  if (!patterns.node_pair) {
    out.null();
    return;
  }
  const auto& pair = *patterns.node_pair;
  out.begin_object_row().member("from", plan.network.device_name(pair.from)).member("to", plan.network.device_name(pair.to));
  out.member_decimal("gbps", nearest(pair.gbps), 3)
      .member_decimal("ports_gbps", nearest(pair.ports_gbps), 3)
      .member("pairs", pair.pairs)
      .end_object();
}

} // namespace icplan
