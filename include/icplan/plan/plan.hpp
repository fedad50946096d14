// SPDX-License-Identifier: Apache-2.0
// The finished plan: everything that reports read, and nothing that changes any more.
#pragma once

#include "icplan/cabling/cable_table.hpp"
#include "icplan/plan/baseline.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// One line of the bill of materials: a part, at one sold length, for one fabric.
struct BomRow {
  PartId part;
  /// gpu, node, nic, switch, rack, pdu, dac, aoc, module, fibre, utp, accessory.
  std::string_view kind;
  /// Invalid for what belongs to no fabric.
  FabricId fabric;
  /// 0 for parts that are not sold by length.
  Millimetres length;
  std::int64_t quantity = 0;
  std::int64_t spares = 0;
  /// Pieces to order: quantity and spares, in whole packs. 0 for what comes inside of another part.
  std::int64_t ordered = 0;
  /// The part that this one comes inside of; such a row has no price or watts of its own.
  PartId included_in;
};

/// What became of what is installed.
struct Growth {
  struct Devices {
    std::int64_t kept = 0;
    std::int64_t added = 0;
    std::int64_t moved = 0;
    /// Not in the plan, or another model there.
    std::int64_t removed = 0;
  };
  struct Cables {
    std::int64_t kept = 0;
    std::int64_t added = 0;
    /// Must be plugged elsewhere.
    std::int64_t moved = 0;
    std::int64_t removed = 0;
    /// Join the same ports, but can no longer serve.
    std::int64_t replaced = 0;
  };
  Devices devices;
  Cables cables;
  /// By row of the bill of materials: how many of its pieces and spares the earlier plan bought, and how many are to be bought now, in whole packs.
  std::vector<std::int64_t> installed;
  std::vector<std::int64_t> to_buy;
  /// What the earlier plan bought and this one does not need.
  std::vector<BaselineItem> left_over;
};

struct Plan {
  std::shared_ptr<const SourceMap> sources;
  std::shared_ptr<const Catalog> catalog;
  /// The spec as it was read.
  std::shared_ptr<const json::Value> document;
  /// Link lists and the price list.
  SpecFiles files;
  ClusterSpec spec;
  Network network;
  Placement placement;
  CableTable cables;
  /// The plan that this one grows, and what became of it. Both or neither.
  std::shared_ptr<const Baseline> baseline;
  std::optional<Growth> growth;
  /// By fabric (those of none first, in spec order), kind, part, length, host.
  std::vector<BomRow> bom;
  /// All findings of reading and planning, in order.
  std::vector<Finding> findings;

  [[nodiscard]] const Part& part(PartId id) const { return (*catalog)[id]; }
  /// What one piece of the row costs; nothing for what comes inside another part and what has no accepted price.
  [[nodiscard]] std::optional<Price> unit_price(const BomRow& row) const {
    return row.included_in.valid() ? std::nullopt : spec.price(*catalog, row.part, row.length);
  }
  [[nodiscard]] bool has_errors() const;
  [[nodiscard]] std::string_view fabric_name(FabricId fabric) const {
    return fabric.valid() ? std::string_view(spec.fabrics[fabric.index()].name) : std::string_view();
  }
};

/// What plans are made of.
struct PlanInputs {
  std::shared_ptr<SourceMap> sources;
  std::shared_ptr<const Catalog> catalog;
  std::shared_ptr<const json::Value> document;
  /// CSV files that the spec names; their texts are in `sources`.
  SpecFiles files;
  /// The path of a price list in `files` that takes the place of the one that the spec names; empty: none does.
  std::string prices;
  /// The plan to grow; its text is in `sources`.
  std::shared_ptr<const Baseline> baseline;
};

/// Told after each stage: its name and how many objects it made.
using StageObserver = std::function<void(std::string_view stage, std::uint64_t count)>;
/// Told during long stages how much of them is done, in parts per thousand.
using ProgressObserver = std::function<void(std::string_view stage, int thousandths)>;

/// Reads the spec and runs all stages. Returns a plan only when every stage could finish; all findings are in `sink` in any case.
[[nodiscard]] std::optional<Plan> make_plan(const PlanInputs& inputs, Sink& sink, const StageObserver& observer = {},
                                            const ProgressObserver& progress = {});

/// How many things an extra is bought for, by fabric; those of no fabric under an invalid one. `rows`: the bill of materials without extras.
[[nodiscard]] std::vector<std::pair<FabricId, std::int64_t>> count_extra_subjects(const Extra& extra, const Network& network,
                                                                                  const std::vector<BomRow>& rows);

/// The bill of materials of what stands, lies and is plugged.
[[nodiscard]] std::vector<BomRow> count_bom(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const Placement& placement,
                                            const CableTable& cables);

/// Recomputes every invariant of the plan from its parts, by other code than made it, and returns what does not hold: one sentence each, at most 100.
/// Empty means sound. Costs about as much as planning.
[[nodiscard]] std::vector<std::string> check_plan(const Plan& plan);

} // namespace icplan
