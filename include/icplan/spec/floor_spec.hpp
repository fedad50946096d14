// SPDX-License-Identifier: Apache-2.0
// The floor as the user wrote it: halls, rows, ducts, kinds of rack, and racks that stand at stated places.
#pragma once

#include "icplan/base/units.hpp"
#include "icplan/catalog/part.hpp"
#include "icplan/spec/name_pattern.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

using NodeGroupId = Id<struct NodeGroupTag>;
using FabricId = Id<struct FabricTag>;
using RackSpecId = Id<struct RackSpecTag>;
using HallId = Id<struct HallTag>;

/// Where an object of the spec and each of its members stands, so that later stages can point at the line that asked.
struct Origin {
  SourceRange whole;
  std::map<std::string, SourceRange, std::less<>> members;

  /// The place of the member, or of the whole object when it was left to its default.
  [[nodiscard]] SourceRange of(std::string_view member) const {
    const auto found = members.find(member);
    return found == members.end() ? whole : found->second;
  }
  [[nodiscard]] bool states(std::string_view member) const { return members.find(member) != members.end(); }
};

/// What limits the draw of a rack.
enum class PowerLimit : std::uint8_t { none, stated, model, feed };

struct RackSpec {
  std::string name;
  PartId model;
  /// The product that such a rack comes with, nodes and all: its own figures count for the whole rack. Invalid for racks that icplan fills.
  PartId product;
  /// The tightest of the spec's limit, the model's and that of one feed, where two feeds must each be able to carry everything; absent: no limit.
  std::optional<Milliwatts> max_power;
  /// Which of them it is.
  PowerLimit power_limit = PowerLimit::none;
  /// Whether the spec states a limit, or feeds.
  bool power_limit_stated = false;
  /// The tighter of the spec's limit and the model's; absent: no limit.
  std::optional<Grams> max_load;
  std::int64_t max_units = 0;
  /// Power distribution units that stand upright in it and fill no units.
  std::int64_t pdus = 0;
  Origin origin;
};

/// A place for a rack. Row and position count from 0.
struct FloorSpot {
  std::int64_t row = 0;
  std::int64_t position = 0;

  friend auto operator<=>(const FloorSpot&, const FloorSpot&) = default;
};

/// Places where no rack can stand: some positions of a row, or all of it.
struct KeepOut {
  std::int64_t row = 0;
  /// Sorted; empty: the whole row.
  std::vector<std::int64_t> positions;
  std::string purpose;
};

/// Rows that face each other over cold and hot aisles in turn. Row to row is the racks' depth and the aisle between them.
struct Aisles {
  Millimetres cold;
  Millimetres hot;
  Millimetres depth;
  /// Whether the aisle between the first two rows is a cold one.
  bool cold_first = true;
};

struct HallSpec {
  std::string name = "A";
  /// Absent: as many as needed.
  std::optional<std::int64_t> rows;
  /// By row; the last one holds for all further rows. At least one.
  std::vector<std::int64_t> racks_per_row = {20};
  std::optional<Milliwatts> max_power;
  std::optional<Milliwatts> max_row_power;
  /// Sorted by row, one for each row at most.
  std::vector<KeepOut> keep_out;
  /// Absent: rows are the floor's pitch apart.
  std::optional<Aisles> aisles;
  /// Where cables leave the hall.
  FloorSpot exit;
  Origin origin;

  /// Racks that row `row` takes, keep-outs included.
  [[nodiscard]] std::int64_t width(std::int64_t row) const;
  /// What is kept out of a row; nothing where all of it may be used.
  [[nodiscard]] const KeepOut* kept_out(std::int64_t row) const;
  /// Whether the row and position exist and are not kept out.
  [[nodiscard]] bool usable(FloorSpot spot) const;
};

/// A way for cables from the exit of one hall to that of another.
struct Duct {
  HallId from;
  HallId to;
  Millimetres length;
};

/// What stands at a stated unit of a rack: a node, a switch, or gear that the plan does not know.
struct FixedContent {
  std::int64_t unit = 1;
  /// A node of this group, or a switch of this fabric and tier (1 = leaf), by number from 0; neither: foreign gear.
  NodeGroupId group;
  FabricId fabric;
  std::int64_t tier = 0;
  std::int64_t index = 0;
  /// Foreign gear.
  std::int64_t height = 1;
  std::string purpose;
  std::optional<Milliwatts> power;
  std::optional<Grams> weight;
  Origin origin;

  [[nodiscard]] bool foreign() const { return !group.valid() && !fabric.valid(); }
};

/// A rack at a stated place.
struct FixedRack {
  HallId hall;
  FloorSpot spot;
  /// Empty: named by its place.
  std::string name;
  RackSpecId rack;
  /// In the house already: not in the bill of materials.
  bool existing = false;
  /// Whether further devices may be put into it.
  bool fill = true;
  std::vector<FixedContent> contents;
  Origin origin;
};

/// What `optimize` makes least.
enum class OptimizeFor : std::uint8_t { cost, power };

/// What cable trays are like, all of them.
struct TraySpec {
  Millimetres width;
  Millimetres height;
  /// Thousandths of a percent of the inner cross-section; absent: no limit.
  std::optional<std::int64_t> max_fill;
  std::optional<MilligramsPerMetre> max_load;
  Origin origin;
};

struct FloorSpec {
  /// At least one.
  std::vector<HallSpec> halls = std::vector<HallSpec>(1);
  std::vector<Duct> ducts;
  std::vector<FixedRack> fixed;
  Millimetres rack_pitch{600};
  Millimetres row_pitch{3'000};
  Millimetres tray_height{2'600};
  Millimetres side{300};
  Millimetres slack{500};
  /// Spare cable at each end.
  Millimetres service_loop{0};
  /// Absent: hall, row and position.
  std::optional<NamePattern> rack_names;
  std::optional<TraySpec> tray;
  OptimizeFor optimize_for = OptimizeFor::cost;
  Origin origin;

  /// How far row `row` of a hall is from its row 0.
  [[nodiscard]] Millimetres row_offset(const HallSpec& hall, std::int64_t row) const;
};

} // namespace icplan
