// SPDX-License-Identifier: Apache-2.0
// Designs side by side: one row for each figure, one column for each design, and ratios to the first.
#pragma once

#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/energy.hpp"
#include "icplan/analysis/latency.hpp"
#include "icplan/analysis/traffic.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace icplan {

/// What designs are compared by. Holds copies only, so that one plan can go before the next one is made.
struct DesignFigures {
  struct Fabric {
    std::string name;
    /// Tiers, lowest first, with their switches over all planes.
    std::vector<std::pair<std::string, std::int64_t>> tiers;
    std::optional<Mbps> per_gpu;
    /// Absent where it is not known.
    std::optional<Mbps> bisection_full;
    bool bisection_bound = false;
  };

  /// The fastest way to do a collective of 1 GiB over all GPUs.
  struct CollectiveFigure {
    /// False: no fabric joins two GPUs.
    bool present = false;
    /// Absent where it is not known.
    std::optional<Picoseconds> time;
    bool lower_bound = false;
  };

  PlanCounts counts;
  std::int64_t endpoints = 0;
  std::int64_t inter_switch_links = 0;
  std::int64_t optical_ends = 0;
  /// By `MediaClass`.
  std::array<std::int64_t, media_classes> cables{};
  PowerLine power;
  PowerLine network_power;
  /// The network's share of maximum watts and of cost.
  PowerShare power_share;
  PowerShare cost_share;
  /// At maximum watts.
  YearlyEnergy network_year;
  YearlyEnergy year;
  CostReport network_cost;
  CostReport cost;
  /// What all node ports can send.
  Mbps injection;
  /// Of all nodes with GPUs, over all fabrics.
  Mbps gpu_injection;
  /// Sum over all fabrics; absent where one is not known.
  std::optional<Mbps> bisection_full = Mbps(0);
  bool bisection_bound = false;
  std::optional<Ratio> oversubscription;
  /// Of each GPU of the scale-out fabric, all-to-all; absent where nobody sends so.
  std::optional<PatternThroughput> rail_alltoall;
  std::optional<PatternThroughput> direct_alltoall;
  /// Of the fabric with most Gb/s per GPU; absent where no pair of GPUs takes it.
  std::optional<OverallLatency> latency;
  CollectiveFigure all_reduce;
  CollectiveFigure all_to_all;
  /// What the worst single switch takes, over all fabrics but access ones: nodes cut off, and the least share left to a node, in millionths. Absent without
  /// such a fabric.
  std::optional<std::int64_t> switch_cuts_off;
  std::optional<std::int64_t> switch_leaves;
  /// In spec order.
  std::vector<Fabric> fabrics;
};
[[nodiscard]] DesignFigures measure_design(const Plan& plan);

/// One design to compare.
struct Design {
  /// The spec's.
  std::string name;
  /// As it was given.
  std::string file;
  DesignFigures figures;
};

/// One figure of one design.
struct ComparedValue {
  /// `at_least`: parts without a figure are missing from it. `at_most`: the true figure may be less. `unknown`: no part has one. `absent`: the design
  /// has no such thing.
  enum class State : std::uint8_t { known, at_least, at_most, unknown, absent };
  State state = State::absent;
  /// In the row's decimals. What costs and watts are for each GPU, endpoint and Gb/s is cut, exact or not, so that equal figures are equal here.
  std::int64_t scaled = 0;

  [[nodiscard]] bool has_value() const { return state == State::known || state == State::at_least || state == State::at_most; }
  friend bool operator==(const ComparedValue&, const ComparedValue&) = default;
};

struct ComparisonRow {
  /// "gpus", "switches.compute.leaf": stable.
  std::string key;
  /// The same for readers, with the unit.
  std::string label;
  /// count, ratio, W, USD, Gb/s, Tb/s, pJ/bit, %, MWh, us, ms.
  std::string_view unit;
  int decimals = 0;
  /// One for each design.
  std::vector<ComparedValue> values;
  /// One for each design, in ten-thousandths: its value over the first design's, both before they are rounded. Absent for the first, and unless both
  /// are known and the first is not 0.
  std::vector<std::optional<std::int64_t>> ratios;
};

struct Comparison {
  struct Title {
    /// The spec's name, unless another design has the same one.
    std::string name;
    /// Without its folder.
    std::string file;
  };
  std::vector<Title> designs;
  std::vector<ComparisonRow> rows;

  /// The row of that key, or nothing.
  [[nodiscard]] const ComparisonRow* row(std::string_view key) const;
};

/// Shape: at least one design. Every design has a value in every row; rows of fabrics and tiers are those of all designs together.
[[nodiscard]] Comparison compare_designs(const std::vector<Design>& designs);

/// At most 120 columns for five designs: where names would make it wider, designs are numbered, and ratios have a table of their own; so too where a
/// terminal has only `most` columns (0: however many).
[[nodiscard]] std::string comparison_text(const Comparison& comparison, std::size_t most = 0);
[[nodiscard]] std::string comparison_markdown(const Comparison& comparison);
/// The document, format icplan.compare/1.
[[nodiscard]] std::string comparison_json(const Comparison& comparison);
[[nodiscard]] std::string comparison_csv(const Comparison& comparison);

} // namespace icplan
