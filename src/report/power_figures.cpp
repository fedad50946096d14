// SPDX-License-Identifier: Apache-2.0
// Measures what reports of power print.
#include "power_figures.hpp"

#include "figures.hpp"

namespace icplan {

PowerFigures measure_power_figures(const Plan& plan) {
  PowerFigures figures;
  const auto draws = list_draws(plan);
  figures.report = measure_power(plan, draws);
  figures.classes = measure_class_power(plan, draws);
  figures.tiers = measure_tier_power(plan, draws);
  figures.floor = measure_floor_power(plan, draws);
  figures.energy = measure_energy(plan, draws);
  figures.share = measure_network_share(figures.report, draws);
  return figures;
}

std::array<YearlyDraw, 4> yearly_draws(const PowerReport& report) {
  const auto& total = report.total;
  const auto& network = report.network;
  return {{{"cluster_typical", "cluster, typical", total.typical, total.unknown_typical},
           {"cluster_max", "cluster, max", total.maximum, total.unknown_maximum},
           {"network_typical", "network, typical", network.typical, network.unknown_typical},
           {"network_max", "network, max", network.maximum, network.unknown_maximum}}};
}

std::string watts_text(Milliwatts power, std::int64_t unknown) { return bound_text(kilowatts_text(power), power.count() == 0, unknown); }

std::string line_watts(Milliwatts sum, std::int64_t unknown, std::int64_t in_hosts, std::int64_t count) {
  if (in_hosts > 0 && in_hosts == count && unknown == 0) return "in hosts";
  return watts_text(sum, unknown) + (in_hosts == 0 ? "" : ", " + grouped(in_hosts) + " in hosts");
}

std::string share_text(const PowerShare& share) {
  const auto percent = decimal(share.thousandths, 3) + " %";
  switch (share.bound) {
  case Bound::exact: return percent;
  case Bound::at_least: return ">= " + percent;
  case Bound::at_most: return "<= " + percent;
  case Bound::unknown: return "unknown";
  }
  return {};
}

std::string host_name(const Plan& plan, FabricId fabric) {
  std::string name(plan.fabric_name(fabric));
  for (const auto& guest : plan.network.fabrics) {
    if (guest.host == fabric && guest.fabric != fabric) name += " with " + std::string(plan.fabric_name(guest.fabric));
  }
  return name;
}

} // namespace icplan
