// SPDX-License-Identifier: Apache-2.0
// What reports of power and cost share: all figures of power, measured once, and how some of them are printed.
#pragma once

#include "icplan/analysis/energy.hpp"

#include <array>
#include <string>
#include <string_view>

namespace icplan {

struct PowerFigures {
  PowerReport report;
  std::vector<PowerLine> classes;
  std::vector<TierPower> tiers;
  FloorPower floor;
  EnergyReport energy;
  NetworkShare share;
};
[[nodiscard]] PowerFigures measure_power_figures(const Plan& plan);

/// A sum that is drawn all year.
struct YearlyDraw {
  /// "cluster_typical", and "cluster, typical" for readers.
  std::string_view key;
  std::string_view what;
  Milliwatts power;
  /// Parts that are missing from it.
  std::int64_t unknown = 0;

  /// Nothing is known of it.
  [[nodiscard]] bool nothing() const { return power.count() == 0 && unknown > 0; }
};
/// Typical and maximum of the cluster, then of the network.
[[nodiscard]] std::array<YearlyDraw, 4> yearly_draws(const PowerReport& report);

[[nodiscard]] std::string watts_text(Milliwatts power, std::int64_t unknown);
/// A line's watts, with what its hosts hold already.
[[nodiscard]] std::string line_watts(Milliwatts sum, std::int64_t unknown, std::int64_t in_hosts, std::int64_t count);
/// "<= 5.628 %".
[[nodiscard]] std::string share_text(const PowerShare& share);
/// A fabric's name, with those that sit on its switches: "compute with storage".
[[nodiscard]] std::string host_name(const Plan& plan, FabricId fabric);

} // namespace icplan
