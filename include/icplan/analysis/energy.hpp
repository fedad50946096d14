// SPDX-License-Identifier: Apache-2.0
// What the plan draws, by class, tier, fabric, hall, row and rack; what a bit takes; what a year takes; and what all of it costs. Unknown figures stay
// unknown: sums are lower bounds with the number of parts or pieces that are missing from them.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// Watts of one class of equipment.
struct PowerLine {
  std::string what;
  std::int64_t count = 0;
  Milliwatts typical;
  Milliwatts maximum;
  /// Distinct parts without a figure.
  std::int64_t unknown_typical = 0;
  std::int64_t unknown_maximum = 0;
  /// How many of them are in their hosts' figures already.
  std::int64_t in_host_typical = 0;
  std::int64_t in_host_maximum = 0;
};
struct PowerReport {
  /// nodes, then the switches of each fabric's tiers, then media.
  std::vector<PowerLine> lines;
  PowerLine total;
  /// Switches, modules and plugs alone, whatever the nodes' own figures hold: the media of a node count here even where the total has them in
  /// the node's figure. `count` is the switches.
  PowerLine network;
};
/// What draws power. `gpu` and `nic` are those that the figures of their nodes do not hold.
enum class PowerClass : std::uint8_t { node, gpu, nic, switch_, module, dac, aoc };
[[nodiscard]] std::string_view to_text(PowerClass kind);

/// Pieces that draw alike: of one part, in or as the devices of one group, for the links of one fabric.
struct PowerDraw {
  PowerClass kind{};
  PartId part;
  /// Index into `Network::groups`: the devices that they are, or sit in.
  std::uint32_t group = 0;
  /// Of switches and media; invalid for nodes and what is in them.
  FabricId fabric;
  std::int64_t pieces = 0;
  /// Of one piece.
  std::optional<Milliwatts> typical;
  std::optional<Milliwatts> maximum;
  /// Whether the figure of the device holds that of the piece.
  bool in_typical = false;
  bool in_maximum = false;
};
/// Devices by group, then modules, modules without a link, and plugs, each by group. What a power distribution unit hands on is counted where it is
/// drawn. O(links).
[[nodiscard]] std::vector<PowerDraw> list_draws(const Plan& plan);

[[nodiscard]] PowerReport measure_power(const Plan& plan);
/// The same from a list that is there already.
[[nodiscard]] PowerReport measure_power(const Plan& plan, const std::vector<PowerDraw>& draws);

/// As `PowerReport::lines`, with the GPUs and NICs of each node group apart.
[[nodiscard]] std::vector<PowerLine> measure_class_power(const Plan& plan, const std::vector<PowerDraw>& draws);

/// Power of one fabric's switches of one tier and of the media in their cages; tier 0 is what sits in the cages of nodes, and what comes after all tiers
/// is what sits in switches of other fabrics.
struct TierPower {
  FabricId fabric;
  std::int64_t tier = 0;
  std::string name;
  PowerLine switches;
  PowerLine media;
};
/// By fabric, then tier. Figures as in `PowerReport::network`.
[[nodiscard]] std::vector<TierPower> measure_tier_power(const Plan& plan, const std::vector<PowerDraw>& draws);

/// A sum, and how many pieces it misses.
struct PowerSum {
  Milliwatts typical;
  Milliwatts maximum;
  std::int64_t unknown_typical = 0;
  std::int64_t unknown_maximum = 0;

  PowerSum& operator+=(const PowerSum& other);
  friend bool operator==(const PowerSum&, const PowerSum&) = default;
};
/// What stands in one place draws. The sums of all places are the plan's total.
struct PlacePower {
  std::int64_t racks = 0;
  /// Nodes with their GPUs and NICs; switches; modules and plugs as far as their hosts do not hold them.
  PowerSum nodes;
  PowerSum switches;
  PowerSum media;
  /// What placement held against the limits of racks, rows and halls: devices alone, at their maximum or else their typical draw, and gear that the plan
  /// does not know.
  Milliwatts placed;
  /// The same with what is in the devices and their cages beside.
  Milliwatts filled;
  /// Devices and gear in `placed` without any figure, and pieces in `filled`.
  std::int64_t unknown_placed = 0;
  std::int64_t unknown_filled = 0;

  [[nodiscard]] PowerSum sum() const;
  PlacePower& operator+=(const PlacePower& other);
};
struct RowPower {
  HallId hall;
  /// Counting from 0.
  std::int64_t row = 0;
  PlacePower power;
};
struct FloorPower {
  /// By rack.
  std::vector<PlacePower> racks;
  /// By hall and row; only those with racks.
  std::vector<RowPower> rows;
  /// By hall.
  std::vector<PlacePower> halls;
};
/// O(links + devices).
[[nodiscard]] FloorPower measure_floor_power(const Plan& plan, const std::vector<PowerDraw>& draws);

/// Reports racks, rows and halls that hold their limits with their devices alone, but not with what is in the cages of these.
void judge_floor_power(const Plan& plan, Sink& sink);

/// What a figure is, where some parts have none.
enum class Bound : std::uint8_t { exact, at_least, at_most, unknown };
[[nodiscard]] std::string_view to_text(Bound bound);
/// A share of power or cost, in thousandths of a percent, and what it is a quotient of.
struct PowerShare {
  Bound bound = Bound::unknown;
  std::int64_t thousandths = 0;
  std::int64_t part = 0;
  std::int64_t whole = 0;
};
/// The network's share of what the cluster draws: switches and media over all, the media of nodes included. With unknown watts in the network alone it is a
/// lower bound, with unknown watts elsewhere alone an upper bound; with both, or where nothing is known in the network or beside it, it is unknown.
struct NetworkShare {
  PowerShare typical;
  PowerShare maximum;
};
[[nodiscard]] NetworkShare measure_network_share(const PowerReport& report, const std::vector<PowerDraw>& draws);

/// Femtojoules for each bit that crosses a link or network one way: thousandths of a picojoule.
struct BitEnergy {
  Bound bound = Bound::unknown;
  FemtojoulesPerBit energy;
};
/// Watts over rate, as exact figure or lower bound. Shape: rate >= 0; 0 gives nothing known.
[[nodiscard]] BitEnergy energy_per_bit(Milliwatts power, Mbps rate, bool complete);

/// Links that are made alike: W at end A + W at end B over 2 x Tb/s of the link, summed over all of them.
struct LinkEnergy {
  /// "DAC passive", "DAC aec", "AOC", "OSFP", "FIBRE co-packaged" ...
  std::string what;
  std::int64_t links = 0;
  /// Sum of their rates, one direction.
  Mbps rate;
  /// Of both ends of all links.
  PowerSum ends;
  BitEnergy typical;
  BitEnergy maximum;
};
/// One end of links: a module, a plug or a co-packaged port, at the full rate of its cage.
struct EndEnergy {
  PartId part;
  bool co_packaged = false;
  std::int64_t ends = 0;
  Mbps rate;
  BitEnergy typical;
  BitEnergy maximum;
};
/// A fabric with those that sit on its switches: all switches and media over what its node ports send, and over its full bisection.
struct FabricEnergy {
  /// Invalid for all fabrics together.
  FabricId fabric;
  Mbps injection;
  /// Absent where it is not known.
  std::optional<Mbps> bisection_full;
  PowerLine network;
  BitEnergy injected_typical;
  BitEnergy injected_maximum;
  BitEnergy bisected_typical;
  BitEnergy bisected_maximum;
};
struct EnergyReport {
  std::vector<LinkEnergy> links;
  /// By part id, then rate.
  std::vector<EndEnergy> ends;
  std::vector<FabricEnergy> fabrics;
  FabricEnergy all;
  /// What co-packaged optics take of their devices' own figures at the full rate of their links, and ports without a figure.
  Milliwatts co_packaged;
  std::int64_t co_packaged_ends = 0;
  std::int64_t co_packaged_unknown = 0;
};
/// O(links).
[[nodiscard]] EnergyReport measure_energy(const Plan& plan, const std::vector<PowerDraw>& draws);

/// Hours that a year is reckoned with.
inline constexpr std::int64_t hours_per_year = 8'760;
/// What a year takes at a constant draw, as `operations` states it.
struct YearlyEnergy {
  /// Of the equipment, in kilowatt-hours.
  std::int64_t equipment_kwh = 0;
  /// With what the site adds; absent where no PUE is stated.
  std::optional<std::int64_t> facility_kwh;
  /// At the stated price: of the facility where its PUE is known, else of the equipment. Absent where no price is stated.
  std::optional<Cents> cost;
};
[[nodiscard]] YearlyEnergy yearly_energy(const Operations& operations, Milliwatts power);

struct CostReport {
  Cents total;
  std::int64_t known_parts = 0;
  std::int64_t unknown_parts = 0;
};
/// Everything in the bill of materials as it is ordered: with spares, in whole packs.
[[nodiscard]] CostReport measure_cost(const Plan& plan);
/// Switches, cables, modules, fibres and accessories of all fabrics, as ordered; nodes, NICs and racks are not in it.
[[nodiscard]] CostReport measure_network_cost(const Plan& plan);
/// What belongs to one fabric; an invalid one for what belongs to none.
struct FabricCost {
  FabricId fabric;
  CostReport cost;
};
/// Of every fabric that has rows in the bill of materials; what belongs to none comes first.
[[nodiscard]] std::vector<FabricCost> measure_fabric_costs(const Plan& plan);

/// What a growing plan orders now.
struct CostToBuy {
  Cents total;
  /// Rows of the bill of materials with something to buy and no price.
  std::int64_t unknown_rows = 0;
};
/// Shape: the plan grows a baseline.
[[nodiscard]] CostToBuy measure_cost_to_buy(const Plan& plan);

/// Rows of the bill of materials together: of one kind, and where `fabric` is valid of one fabric.
struct CostLine {
  std::string_view kind;
  FabricId fabric;
  /// As ordered.
  std::int64_t pieces = 0;
  CostReport cost;
};
/// By kind, over all fabrics: in the order of the bill of materials. What comes inside of another part has no line.
[[nodiscard]] std::vector<CostLine> measure_kind_costs(const Plan& plan);
/// By fabric, then kind; what belongs to none comes first.
[[nodiscard]] std::vector<CostLine> measure_fabric_kind_costs(const Plan& plan);

/// A part of one fabric's cost: "leaf" switches, "leaf" or "node" modules, "node-leaf" cables, or what is ordered beyond what is placed.
struct TierCost {
  FabricId fabric;
  std::string where;
  /// switches, modules, cables; "spares, packs and accessories".
  std::string_view what;
  std::int64_t pieces = 0;
  CostReport cost;
};
/// By fabric: switches and modules by tier, cables by tiers joined, the rest. Their sum is the fabric's cost. O(links).
[[nodiscard]] std::vector<TierCost> measure_tier_costs(const Plan& plan);

/// The network's share of all cost, a bound like that of power.
[[nodiscard]] PowerShare measure_cost_share(const Plan& plan);

/// Cents for a unit, cut; unknown where there is nothing to divide among or no price is known.
struct UnitCost {
  Bound bound = Bound::unknown;
  Cents amount;
};
/// What one fabric, with those that sit on its switches, costs for what it carries.
struct FabricUnitCost {
  /// Invalid for the whole network.
  FabricId fabric;
  CostReport cost;
  Mbps injection;
  /// Half of the full bisection; absent where it is not known.
  std::optional<Mbps> bisection_half;
  UnitCost per_gpu;
  /// Of a Gb/s that node ports can send, and that crosses the half bisection.
  UnitCost per_gbps;
  UnitCost per_bisection_gbps;
};
struct UnitCosts {
  /// Of everything, for each GPU.
  UnitCost cluster_per_gpu;
  std::vector<FabricUnitCost> fabrics;
  FabricUnitCost network;
  /// The network's share of all cost.
  PowerShare network_share;
};
[[nodiscard]] UnitCosts measure_unit_costs(const Plan& plan);

} // namespace icplan
