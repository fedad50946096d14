// SPDX-License-Identifier: Apache-2.0
// A plan that was written before, as far as growing needs it: what stands where, what is laid between which ports, and what was bought.
#pragma once

#include "icplan/base/units.hpp"
#include "icplan/cabling/cable_table.hpp"
#include "icplan/json/value.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// A piece of the earlier plan's cables.csv: where it begins, and how long it is.
struct CellRef {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
};

struct BaselineDevice {
  std::string name;
  /// A part id.
  std::string part;
  std::int32_t unit = 0;
  std::int32_t height = 0;
  /// Index into `Baseline::racks`.
  std::uint32_t rack = 0;
};

struct BaselineRack {
  std::string name;
  /// What the earlier spec calls this kind of rack.
  std::string kind;
  std::string hall;
  /// Counting from 0.
  std::int64_t row = 0;
  std::int64_t position = 0;
  /// It stood there before the earlier plan.
  bool existing = false;
  SourceRange where;
};

/// One leg of an installed cable.
struct BaselineLeg {
  /// Device, cage and port of both ends.
  std::array<CellRef, 6> ends;
  CellRef cable;
  /// Index into `Baseline::parts`.
  std::uint32_t part = 0;
  std::uint32_t sold_mm = 0;
  /// Index into `Baseline::parts` plus one, 0 where there is none or where it is not known: the modules at both ends.
  std::array<std::uint32_t, 2> modules{};
};

/// A line of the earlier bill of materials.
struct BaselineItem {
  std::string part;
  std::string kind;
  /// Empty for what belongs to none.
  std::string fabric;
  std::int64_t length_mm = 0;
  std::string included_in;
  /// What was bought: pieces and spares, in whole packs.
  std::int64_t bought = 0;
};

struct Baseline {
  /// The folder, as it was given.
  std::string folder;
  std::string name;
  FileId cables;
  std::string_view text;
  std::string cables_digest;
  std::vector<BaselineRack> racks;
  /// Rack by rack.
  std::vector<BaselineDevice> devices;
  /// In the order of cables.csv.
  std::vector<BaselineLeg> legs;
  /// Ids of the parts that legs are made of.
  std::vector<std::string> parts;
  std::vector<BaselineItem> bom;

  [[nodiscard]] std::string_view cell(CellRef ref) const { return text.substr(ref.begin, ref.length); }
};

/// The most bytes of a plan document, and of a cable schedule, that are read back.
inline constexpr std::size_t max_baseline_plan_bytes = 256U << 20U;
inline constexpr std::size_t max_baseline_cables_bytes = 1U << 30U;

/// Reads a saved plan: its plan.json and its cables.csv. Nothing, and a finding, when the two do not belong together or are not what icplan writes.
[[nodiscard]] std::shared_ptr<const Baseline> read_baseline(const std::string& folder, const SourceMap& sources, FileId plan, FileId cables,
                                                            Sink& sink);

} // namespace icplan
