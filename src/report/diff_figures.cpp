// SPDX-License-Identifier: Apache-2.0
// Figures of two plans side by side.
#include "diff_figures.hpp"

#include "base/grouped.hpp"

#include <algorithm>
#include <utility>

namespace icplan {
namespace {

using State = ComparedValue::State;

/// What a sum is of which parts may be missing.
ComparedValue sum(std::optional<std::int64_t> value, std::int64_t unknown) {
  if (!value) return {State::unknown, 0};
  return {unknown > 0 ? State::at_least : State::known, *value};
}

std::string amount(std::int64_t scaled, std::string_view unit, int decimals) {
  if (unit == "USD") {
    return (scaled < 0 ? "-$" : "$") + grouped_fixed(scaled < 0 ? -scaled : scaled, 2);
  }
  const auto number = grouped_decimal(scaled, decimals);
  if (unit == "count") return number;
  if (unit == "ratio") return number + ":1";
  return number + " " + std::string(unit);
}

std::string plus(std::int64_t value) { return value > 0 ? "+" : ""; }

} // namespace

std::vector<PlanDiff::Figure> total_figures(const PlanRecord::Totals& before, const PlanRecord::Totals& after) {
  std::vector<PlanDiff::Figure> figures;
  const auto count = [&](std::string key, std::string label, std::int64_t a, std::int64_t b) {
    figures.push_back({std::move(key), std::move(label), "count", 0, {State::known, a}, {State::known, b}});
  };
  count("gpus", "GPUs", before.gpus, after.gpus);
  count("nodes", "nodes with GPUs", before.nodes, after.nodes);
  count("support_nodes", "nodes without GPUs", before.support_nodes, after.support_nodes);
  count("racks", "racks", before.racks, after.racks);
  count("switches", "switches", before.switches, after.switches);
  count("links", "links", before.links, after.links);
  count("cables", "cables", before.cables, after.cables);
  count("modules", "modules", before.modules, after.modules);
  figures.push_back({"cost_usd", "cost", "USD", 2, sum(before.cost_cents, before.cost_unknown), sum(after.cost_cents, after.cost_unknown)});
  count("cost_unknown_parts", "parts without a price", before.cost_unknown, after.cost_unknown);
  figures.push_back({"power_max_w", "power, maximum", "W", 3, sum(before.power_max_mw, before.power_max_unknown),
                     sum(after.power_max_mw, after.power_max_unknown)});
  count("power_unknown_parts", "parts without maximum power", before.power_max_unknown, after.power_max_unknown);
  figures.push_back({"power_typical_w", "power, typical", "W", 3, sum(before.power_typical_mw, before.power_typical_unknown),
                     sum(after.power_typical_mw, after.power_typical_unknown)});
  count("power_typical_unknown_parts", "parts without typical power", before.power_typical_unknown, after.power_typical_unknown);
  return figures;
}

ComparedValue bisection_value(const PlanRecord::Fabric& fabric) {
  if (!fabric.bisection_full_mbps) return {State::unknown, 0};
  return {fabric.bisection_bound ? State::at_most : State::known, *fabric.bisection_full_mbps};
}

std::vector<PlanDiff::Figure> fabric_figures(const PlanRecord::Fabric* before, const PlanRecord::Fabric* after) {
  std::vector<PlanDiff::Figure> figures;
  const auto injection = [](const PlanRecord::Fabric* fabric) {
    return fabric != nullptr && fabric->per_gpu_mbps ? ComparedValue{State::known, *fabric->per_gpu_mbps} : ComparedValue{};
  };
  const auto bisection = [](const PlanRecord::Fabric* fabric, std::int64_t scale) {
    auto value = fabric == nullptr ? ComparedValue{} : bisection_value(*fabric);
    value.scaled *= scale;
    return value;
  };
  figures.push_back({"injection_gbps_per_gpu", "injection per GPU", "Gb/s", 3, injection(before), injection(after)});
  figures.push_back({"bisection_half_tbps", "half bisection", "Tb/s", 7, bisection(before, 5), bisection(after, 5)});
  figures.push_back({"bisection_full_tbps", "full bisection", "Tb/s", 6, bisection(before, 1), bisection(after, 1)});
  std::vector<std::string> tiers;
  for (const auto* fabric : {before, after}) {
    if (fabric == nullptr) continue;
    for (const auto& tier : fabric->tiers) {
      if (std::find(tiers.begin(), tiers.end(), tier.name) == tiers.end()) tiers.push_back(tier.name);
    }
  }
  const auto ratio = [](const PlanRecord::Fabric* fabric, const std::string& name) {
    if (fabric == nullptr) return ComparedValue{};
    for (const auto& tier : fabric->tiers) {
      if (tier.name == name && tier.oversubscription) return ComparedValue{State::known, *tier.oversubscription};
    }
    return ComparedValue{};
  };
  for (const auto& tier : tiers) {
    figures.push_back({"oversubscription." + tier, "oversubscription of " + tier, "ratio", 3, ratio(before, tier), ratio(after, tier)});
  }
  return figures;
}

std::string figure_text(const ComparedValue& value, std::string_view unit, int decimals) {
  switch (value.state) {
  case State::known: return amount(value.scaled, unit, decimals);
  case State::at_least: return ">= " + amount(value.scaled, unit, decimals);
  case State::at_most: return "<= " + amount(value.scaled, unit, decimals);
  case State::unknown: return "unknown";
  case State::absent: return "-";
  }
  return {};
}

std::string percent_text(const ComparedValue& before, const ComparedValue& after) {
  if (before.state != State::known || after.state != State::known || before.scaled <= 0) return {};
  // Beyond what an integer holds, per mille of the rest do not matter.
  auto base = before.scaled;
  auto change = after.scaled - base;
  while (change > 1'000'000'000'000'000 || change < -1'000'000'000'000'000) {
    change /= 10;
    base = std::max<std::int64_t>(base / 10, 1);
  }
  const auto magnitude = ((change < 0 ? -change : change) * 1000 + base / 2) / base;
  if (magnitude == 0) return change == 0 ? "0 %" : change > 0 ? "+<0.1 %" : "-<0.1 %";
  return (change < 0 ? "-" : "+") + grouped_decimal(magnitude, 1) + " %";
}

std::string change_text(const ComparedValue& before, const ComparedValue& after, std::string_view unit, int decimals) {
  if (before.state == State::absent && after.state == State::known) return "+" + amount(after.scaled, unit, decimals);
  if (after.state == State::absent && before.state == State::known) return amount(-before.scaled, unit, decimals);
  const auto lower = [](const ComparedValue& value) { return value.state == State::known || value.state == State::at_least; };
  if (!lower(before) || !lower(after)) return "?";
  const auto change = after.scaled - before.scaled;
  if (before.state != State::known || after.state != State::known) return plus(change) + amount(change, unit, decimals) + " of what is known";
  const auto share = percent_text(before, after);
  return plus(change) + (unit == "ratio" ? grouped_decimal(change, decimals) : amount(change, unit, decimals)) +
         (share.empty() ? std::string() : " (" + share + ")");
}

std::string signed_count(std::int64_t value) { return plus(value) + grouped(value); }

} // namespace icplan
