// SPDX-License-Identifier: Apache-2.0
// The rows that the figures of compared designs become.
#include "icplan/report/compare.hpp"

#include "icplan/report/report.hpp"

#include "base/utf8.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace icplan {
namespace {

using State = ComparedValue::State;

constexpr std::array<MediaClass, media_classes> classes = {MediaClass::dac, MediaClass::aoc, MediaClass::osfp, MediaClass::utp, MediaClass::fibre};

// Products of sums and divisors leave 64 bits.
__extension__ typedef __int128 Wide;

/// A figure before it is rounded: amount x scale / divisor in the row's decimals.
struct Figure {
  State state = State::absent;
  std::int64_t amount = 0;
  std::int64_t scale = 1;
  std::int64_t divisor = 1;
  /// Where it is known it goes to the nearest, as in the report that it is from. Else it is cut.
  bool nearest = false;
};
using Measure = std::function<Figure(const DesignFigures&)>;

ComparedValue rounded(const Figure& figure) {
  // A lower bound that is rounded up is none, nor is an upper one that is rounded down.
  const auto up = figure.state == State::at_most ? figure.divisor - 1 : figure.state == State::known && figure.nearest ? figure.divisor / 2 : 0;
  return {figure.state, static_cast<std::int64_t>((Wide{figure.amount} * figure.scale + up) / figure.divisor)};
}

/// figure / first in ten-thousandths, to the nearest; nothing unless both are known, and beyond what an integer holds. Shape: both are of one scale.
std::optional<std::int64_t> ratio(const Figure& figure, const Figure& first) {
  if (figure.state != State::known || first.state != State::known || first.amount <= 0) return std::nullopt;
  constexpr std::int64_t ten_thousandths = 10'000;
  const auto below = Wide{first.amount} * figure.divisor;
  const auto of = (Wide{figure.amount} * first.divisor * ten_thousandths + below / 2) / below;
  return of > std::numeric_limits<std::int64_t>::max() ? std::nullopt : std::optional(static_cast<std::int64_t>(of));
}

Figure known(std::int64_t amount) { return {State::known, amount}; }

/// Half of a full bisection, in the row's seven decimals of Tb/s.
Figure half_of(const std::optional<Mbps>& full, bool bound) {
  return full ? Figure{bound ? State::at_most : State::known, full->count() * 5} : Figure{State::unknown};
}

/// A sum that misses the parts without a figure.
Figure sum(std::int64_t amount, bool nothing, std::int64_t unknown_parts) {
  if (unknown_parts == 0) return known(amount);
  return nothing ? Figure{State::unknown} : Figure{State::at_least, amount};
}

/// figure * scale / divisor; absent where there is nothing to divide among.
Figure quotient(Figure figure, std::int64_t scale, std::int64_t divisor, bool nearest = false) {
  if (divisor == 0) return {};
  figure.scale = scale;
  figure.divisor = divisor;
  figure.nearest = nearest;
  return figure;
}

Figure network_watts(const DesignFigures& design, Milliwatts PowerLine::*watts, std::int64_t PowerLine::*unknown) {
  const auto amount = (design.network_power.*watts).count();
  return sum(amount, amount == 0, design.network_power.*unknown);
}
Figure typical_power(const DesignFigures& design) { return network_watts(design, &PowerLine::typical, &PowerLine::unknown_typical); }
Figure maximum_power(const DesignFigures& design) { return network_watts(design, &PowerLine::maximum, &PowerLine::unknown_maximum); }

/// A milliwatt at a megabit a second is 10^6 femtojoules for each bit.
Figure per_bit(const Figure& power, const DesignFigures& design) { return quotient(power, 1'000'000, design.injection.count(), true); }

/// Watts of all or of the network bound what a year takes.
Figure yearly(std::optional<std::int64_t> amount, const PowerLine& power) {
  return amount ? sum(*amount, power.maximum.count() == 0, power.unknown_maximum) : Figure();
}

/// In percent with three decimals.
Figure share(const PowerShare& of) {
  constexpr std::int64_t all = 100'000;
  switch (of.bound) {
  case Bound::exact: return quotient(known(of.part), all, of.whole, true);
  case Bound::at_least: return quotient({State::at_least, of.part}, all, of.whole);
  case Bound::at_most: return quotient({State::at_most, of.part}, all, of.whole);
  case Bound::unknown: return {State::unknown};
  }
  return {};
}

Figure cluster_power(const DesignFigures& design) {
  return sum(design.power.maximum.count(), design.power.maximum.count() == 0, design.power.unknown_maximum);
}

Figure dollars(const CostReport& cost) { return sum(cost.total.count(), cost.known_parts == 0, cost.unknown_parts); }

/// In milliseconds with three decimals.
Figure milliseconds(const DesignFigures::CollectiveFigure& figure) {
  if (!figure.present) return {};
  if (!figure.time) return {State::unknown};
  return quotient({figure.lower_bound ? State::at_least : State::known, figure.time->count()}, 1, 1'000'000, true);
}

const DesignFigures::Fabric* fabric_of(const DesignFigures& design, const std::string& name) {
  const auto found = std::find_if(design.fabrics.begin(), design.fabrics.end(), [&](const auto& fabric) { return fabric.name == name; });
  return found == design.fabrics.end() ? nullptr : &*found;
}

void add_new(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// In thousandths of a Gb/s; a lower bound where the figure lies between bounds.
Figure throughput(const std::optional<PatternThroughput>& line) {
  if (!line) return {};
  const auto& bounds = line->gbps_per_gpu;
  if (bounds.lower <= 0) return {State::unknown};
  return bounds.exact ? known(std::llround(bounds.lower * 1'000)) : Figure{State::at_least, static_cast<std::int64_t>(bounds.lower * 1'000)};
}

class RowBuilder {
public:
  explicit RowBuilder(const std::vector<Design>& designs) : designs_(designs) {
    for (const auto& design : designs_) {
      for (const auto& fabric : design.figures.fabrics) add_new(fabrics_, fabric.name);
    }
  }

  std::vector<ComparisonRow> run() {
    count("gpus", "GPUs", [](const auto& design) { return design.counts.gpus; });
    count("nodes", "nodes with GPUs", [](const auto& design) { return design.counts.nodes; });
    count("support_nodes", "nodes without GPUs", [](const auto& design) { return design.counts.support_nodes; });
    count("endpoints", "endpoints", [](const auto& design) { return design.endpoints; });
    add_switches();
    add_links();
    add_power();
    add_cost();
    add_bandwidth();
    add_latency();
    add_collectives();
    add_failures();
    return std::move(rows_);
  }

private:
  ComparisonRow& add(std::string key, std::string label, std::string_view unit, int decimals, const Measure& measure) {
    auto& row = rows_.emplace_back(ComparisonRow{std::move(key), std::move(label), unit, decimals, {}, {}});
    const auto first = measure(designs_.front().figures);
    for (const auto& design : designs_) {
      const auto figure = measure(design.figures);
      row.values.push_back(rounded(figure));
      row.ratios.push_back(row.values.size() > 1 ? ratio(figure, first) : std::nullopt);
    }
    return row;
  }

  template <class Count> ComparisonRow& count(std::string key, std::string label, const Count& count_of) {
    return add(std::move(key), std::move(label), "count", 0, [&](const DesignFigures& design) { return known(count_of(design)); });
  }

  /// How many parts a sum misses. How many times as many says nothing.
  template <class Count> void missing(std::string key, std::string label, const Count& count_of) {
    auto& row = count(std::move(key), std::move(label), count_of);
    std::fill(row.ratios.begin(), row.ratios.end(), std::nullopt);
  }

  void add_switches() {
    count("switches", "switches", [](const auto& design) { return design.counts.switches; });
    for (const auto& name : fabrics_) {
      std::vector<std::string> tiers;
      for (const auto& design : designs_) {
        const auto* fabric = fabric_of(design.figures, name);
        if (fabric == nullptr) continue;
        for (const auto& tier : fabric->tiers) add_new(tiers, tier.first);
      }
      for (const auto& tier : tiers) {
        count("switches." + name + "." + tier, "switches " + name + "." + tier, [&](const DesignFigures& design) {
          std::int64_t switches = 0;
          const auto* fabric = fabric_of(design, name);
          if (fabric == nullptr) return switches;
          for (const auto& [of_tier, number] : fabric->tiers) switches += of_tier == tier ? number : 0;
          return switches;
        });
      }
    }
    add("switches_per_gpu", "switches per GPU", "ratio", 6,
        [](const auto& design) { return quotient(known(design.counts.switches), 1'000'000, design.counts.gpus, true); });
  }

  void add_links() {
    count("links", "links", [](const auto& design) { return design.counts.links; });
    count("inter_switch_links", "inter-switch links", [](const auto& design) { return design.inter_switch_links; });
    for (const auto media : classes) {
      // Few designs have co-packaged ports at both ends of a link.
      const auto has = [&](const auto& design) { return design.figures.cables[static_cast<std::size_t>(media)] > 0; };
      if (media == MediaClass::fibre && std::none_of(designs_.begin(), designs_.end(), has)) continue;
      const auto name = std::string(to_text(media));
      std::string key = "cables.";
      for (const char c : name) key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      count(key, "cables " + name, [&](const auto& design) { return design.cables[static_cast<std::size_t>(media)]; });
    }
    count("modules", "modules", [](const auto& design) { return design.counts.modules; });
    count("optics", "optics", [](const auto& design) { return design.optical_ends; });
  }

  void add_power() {
    add("network_power_typical_w", "network typical, W", "W", 3, typical_power);
    missing("network_power_typical_unknown_parts", "  parts without a figure",
            [](const auto& design) { return design.network_power.unknown_typical; });
    add("network_power_max_w", "network max, W", "W", 3, maximum_power);
    missing("network_power_max_unknown_parts", "  parts without a figure", [](const auto& design) { return design.network_power.unknown_maximum; });
    add("network_power_typical_w_per_gpu", "network typical per GPU, W", "W", 3,
        [](const auto& design) { return quotient(typical_power(design), 1, design.counts.gpus); });
    add("network_power_max_w_per_gpu", "network max per GPU, W", "W", 3,
        [](const auto& design) { return quotient(maximum_power(design), 1, design.counts.gpus); });
    add_energy();
  }

  void add_energy() {
    add("network_pj_per_bit_typical", "network typical, pJ/bit", "pJ/bit", 3,
        [](const auto& design) { return per_bit(typical_power(design), design); });
    add("network_pj_per_bit_max", "network max, pJ/bit", "pJ/bit", 3, [](const auto& design) { return per_bit(maximum_power(design), design); });
    add("power_max_w", "cluster max, W", "W", 3, cluster_power);
    missing("power_max_unknown_parts", "  parts without a figure", [](const auto& design) { return design.power.unknown_maximum; });
    add("power_max_w_per_gpu", "cluster max per GPU, W", "W", 3,
        [](const auto& design) { return quotient(cluster_power(design), 1, design.counts.gpus); });
    add("network_power_share_percent", "network share of max, %", "%", 3, [](const auto& design) { return share(design.power_share); });
    add("network_energy_mwh_per_year", "network energy, MWh/year", "MWh", 3,
        [](const auto& design) { return yearly(design.network_year.equipment_kwh, design.network_power); });
    const auto stated = [&](const auto& has) {
      return std::any_of(designs_.begin(), designs_.end(), [&](const Design& design) { return has(design.figures.year); });
    };
    if (stated([](const YearlyEnergy& year) { return year.facility_kwh.has_value(); })) {
      add("facility_energy_mwh_per_year", "facility energy, MWh/year", "MWh", 3,
          [](const auto& design) { return yearly(design.year.facility_kwh, design.power); });
    }
    if (stated([](const YearlyEnergy& year) { return year.cost.has_value(); })) {
      add("energy_usd_per_year", "energy, $/year", "USD", 2,
          [](const auto& design) { return yearly(design.year.cost ? std::optional(design.year.cost->count()) : std::nullopt, design.power); });
    }
  }

  void add_cost() {
    add("network_cost_usd", "network cost, $", "USD", 2, [](const auto& design) { return dollars(design.network_cost); });
    missing("network_cost_unknown_parts", "  parts without a price", [](const auto& design) { return design.network_cost.unknown_parts; });
    add("network_cost_usd_per_endpoint", "network cost per endpoint, $", "USD", 2,
        [](const auto& design) { return quotient(dollars(design.network_cost), 1, design.endpoints); });
    add("network_cost_usd_per_gpu", "network cost per GPU, $", "USD", 2,
        [](const auto& design) { return quotient(dollars(design.network_cost), 1, design.counts.gpus); });
    add("network_cost_usd_per_gbps", "network cost per Gb/s, $", "USD", 2,
        [](const auto& design) { return quotient(dollars(design.network_cost), 1'000, design.injection.count()); });
    add("cost_usd", "cost in all, $", "USD", 2, [](const auto& design) { return dollars(design.cost); });
    missing("cost_unknown_parts", "  parts without a price", [](const auto& design) { return design.cost.unknown_parts; });
    add("cost_usd_per_gpu", "cost per GPU, $", "USD", 2, [](const auto& design) { return quotient(dollars(design.cost), 1, design.counts.gpus); });
    add("network_cost_share_percent", "network share of cost, %", "%", 3, [](const auto& design) { return share(design.cost_share); });
  }

  void add_bandwidth() {
    add("injection_gbps_per_gpu", "injection per GPU, Gb/s", "Gb/s", 3,
        [](const auto& design) { return quotient(known(design.gpu_injection.count()), 1, design.counts.gpus, true); });
    add("bisection_half_tbps", "bisection half, Tb/s", "Tb/s", 7,
        [](const auto& design) { return half_of(design.bisection_full, design.bisection_bound); });
    const bool several = std::any_of(designs_.begin(), designs_.end(), [](const Design& design) { return design.figures.fabrics.size() > 1; });
    for (const auto& name : several ? fabrics_ : std::vector<std::string>()) {
      add("injection_gbps_per_gpu." + name, "injection " + name + ", Gb/s", "Gb/s", 3, [&](const auto& design) {
        const auto* fabric = fabric_of(design, name);
        return fabric != nullptr && fabric->per_gpu ? known(fabric->per_gpu->count()) : Figure();
      });
      add("bisection_half_tbps." + name, "bisection " + name + ", Tb/s", "Tb/s", 7, [&](const auto& design) {
        const auto* fabric = fabric_of(design, name);
        return fabric != nullptr ? half_of(fabric->bisection_full, fabric->bisection_bound) : Figure();
      });
    }
    add("rail_alltoall_gbps_per_gpu", "all-to-all rail, Gb/s", "Gb/s", 3,
        [](const auto& design) { return throughput(design.rail_alltoall); });
    add("direct_alltoall_gbps_per_gpu", "all-to-all direct, Gb/s", "Gb/s", 3,
        [](const auto& design) { return throughput(design.direct_alltoall); });
    add("oversubscription", "worst oversubscription", "ratio", 3, [](const auto& design) {
      const auto& worst = design.oversubscription;
      return worst ? quotient(known(worst->numerator), 1'000, worst->denominator, true) : Figure();
    });
  }

  /// Bounds alone would compare lengths of cables, and call them latency.
  void add_latency() {
    const auto complete = [](const Design& design) { return design.figures.latency && design.figures.latency->complete; };
    if (std::none_of(designs_.begin(), designs_.end(), complete)) return;
    const auto nanoseconds = [](const DesignFigures& design, Picoseconds OverallLatency::*which) {
      if (!design.latency) return Figure();
      const auto picoseconds = ((*design.latency).*which).count();
      return quotient({design.latency->complete ? State::known : State::at_least, picoseconds}, 1, 1'000, true);
    };
    add("latency_mean_us", "latency mean, us", "us", 3, [&](const auto& design) { return nanoseconds(design, &OverallLatency::mean); });
    add("latency_max_us", "latency max, us", "us", 3, [&](const auto& design) { return nanoseconds(design, &OverallLatency::most); });
  }

  void add_collectives() {
    add("all_reduce_1gib_ms", "all-reduce of 1 GiB, ms", "ms", 3, [](const auto& design) { return milliseconds(design.all_reduce); });
    add("all_to_all_1gib_ms", "all-to-all of 1 GiB, ms", "ms", 3, [](const auto& design) { return milliseconds(design.all_to_all); });
  }

  void add_failures() {
    const auto known_or_absent = [](const std::optional<std::int64_t>& value) { return value ? known(*value) : Figure(); };
    add("worst_switch_nodes_cut_off", "worst switch: nodes cut off", "count", 0,
        [&](const auto& design) { return known_or_absent(design.switch_cuts_off); });
    add("worst_switch_share_left_percent", "worst switch: share left, %", "%", 4,
        [&](const auto& design) { return known_or_absent(design.switch_leaves); });
  }

  const std::vector<Design>& designs_;
  /// Of all designs, in the order in which they were first seen.
  std::vector<std::string> fabrics_;
  std::vector<ComparisonRow> rows_;
};

/// A file may be named by any bytes; a heading may not.
std::string printable_name(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const auto length = utf8_length(name, at);
    const auto sequence = name.substr(at, std::max<std::size_t>(length, 1));
    out += length == 0 || !is_printable(sequence) ? std::string_view("?") : sequence;
    at += sequence.size();
  }
  return out;
}

/// The positions of titles whose name another title has too.
std::vector<std::size_t> ambiguous(const std::vector<Comparison::Title>& titles) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const auto same = std::count_if(titles.begin(), titles.end(), [&](const auto& title) { return title.name == titles[i].name; });
    if (same > 1) found.push_back(i);
  }
  return found;
}

std::vector<Comparison::Title> title_designs(const std::vector<Design>& designs) {
  std::vector<Comparison::Title> titles;
  for (const auto& design : designs) titles.push_back({design.name, printable_name(file_name(design.file))});
  for (const auto i : ambiguous(titles)) {
    const std::string_view file = titles[i].file;
    titles[i].name = file.ends_with(".json") && file.size() > 5 ? file.substr(0, file.size() - 5) : file;
  }
  for (const auto i : ambiguous(titles)) titles[i].name += " (" + std::to_string(i + 1) + ")";
  return titles;
}

} // namespace

const ComparisonRow* Comparison::row(std::string_view key) const {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const ComparisonRow& row) { return row.key == key; });
  return found == rows.end() ? nullptr : &*found;
}

Comparison compare_designs(const std::vector<Design>& designs) { return {title_designs(designs), RowBuilder(designs).run()}; }

} // namespace icplan
