// SPDX-License-Identifier: Apache-2.0
// All that reports of power print, measured once.
#pragma once

#include "icplan/analysis/energy.hpp"

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

} // namespace icplan
