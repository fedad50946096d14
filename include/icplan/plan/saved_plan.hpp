// SPDX-License-Identifier: Apache-2.0
// What is left of a plan when it is written: its figures, its lists and its cables by name. Read back of a folder, or taken of a fresh plan.
#pragma once

#include "icplan/diag/finding.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// A plan as its documents state it. Equal plans give equal records, whether they were read back or have just been made.
struct PlanRecord {
  /// Absent figures are not known; beside a sum stands how many parts it misses.
  struct Totals {
    std::int64_t gpus = 0;
    std::int64_t nodes = 0;
    std::int64_t support_nodes = 0;
    std::int64_t racks = 0;
    std::int64_t switches = 0;
    std::int64_t links = 0;
    std::int64_t cables = 0;
    std::int64_t modules = 0;
    std::optional<std::int64_t> power_typical_mw;
    std::optional<std::int64_t> power_max_mw;
    std::optional<std::int64_t> cost_cents;
    std::int64_t power_typical_unknown = 0;
    std::int64_t power_max_unknown = 0;
    std::int64_t cost_unknown = 0;

    friend bool operator==(const Totals&, const Totals&) = default;
  };
  struct Tier {
    std::string name;
    std::string model;
    std::int64_t switches = 0;
    /// Thousandths; absent in a top tier.
    std::optional<std::int64_t> oversubscription;

    friend bool operator==(const Tier&, const Tier&) = default;
  };
  struct Fabric {
    std::string name;
    std::string topology;
    std::vector<Tier> tiers;
    /// Absent without GPUs.
    std::optional<std::int64_t> per_gpu_mbps;
    /// Absent where it is not known; half of it crosses a cut through the middle.
    std::optional<std::int64_t> bisection_full_mbps;
    /// The true bisection may be less.
    bool bisection_bound = false;

    friend bool operator==(const Fabric&, const Fabric&) = default;
  };
  struct NodeGroup {
    std::string name;
    std::string model;
    std::int64_t count = 0;

    friend bool operator==(const NodeGroup&, const NodeGroup&) = default;
  };
  struct Rack {
    std::string name;
    std::string kind;
    std::string hall;
    /// Counting from 1.
    std::int64_t row = 0;
    std::int64_t position = 0;

    friend bool operator==(const Rack&, const Rack&) = default;
  };
  struct Device {
    std::string name;
    std::string part;
    /// Index into `racks`.
    std::uint32_t rack = 0;
    /// 0 for what stands upright.
    std::int64_t unit = 0;

    friend bool operator==(const Device&, const Device&) = default;
  };
  /// A row of the bill of materials.
  struct Item {
    std::string part;
    std::string kind;
    /// Empty for what belongs to none.
    std::string fabric;
    /// The part that this one comes inside of, or empty.
    std::string included_in;
    std::int64_t length_mm = 0;
    std::int64_t quantity = 0;
    std::int64_t spares = 0;
    std::int64_t ordered = 0;
    /// Of one piece; absent where it is not known, and for what comes inside of another part.
    std::optional<std::int64_t> price_cents;
    std::optional<std::int64_t> power_max_mw;

    friend bool operator==(const Item&, const Item&) = default;
  };
  struct Note {
    std::string code;
    std::string name;
    std::string severity;
    std::string message;
    std::string help;
    /// Empty, and 0, where it stands nowhere in particular.
    std::string file;
    std::int64_t line = 0;
    std::int64_t column = 0;
    std::int64_t count = 1;

    friend bool operator==(const Note&, const Note&) = default;
  };
  /// What a cable is: its class, part, sold length and fabric.
  struct Piece {
    std::string media;
    std::string part;
    std::int64_t sold_mm = 0;
    std::string fabric;

    friend auto operator<=>(const Piece&, const Piece&) = default;
  };
  struct Socket {
    std::string cage;
    std::string port;

    friend auto operator<=>(const Socket&, const Socket&) = default;
  };
  struct End {
    /// Indices into `devices` and `sockets`.
    std::uint32_t device = 0;
    std::uint32_t socket = 0;
    /// 1 + index into `modules`; 0 for a plug or a co-packaged port.
    std::uint32_t module = 0;

    friend bool operator==(const End&, const End&) = default;
  };
  /// One link.
  struct Leg {
    std::array<End, 2> ends;
    /// Index into `cables`.
    std::uint32_t cable = 0;

    friend bool operator==(const Leg&, const Leg&) = default;
  };
  /// One assembly.
  struct Cable {
    /// A stretch of `names`.
    std::uint64_t name_begin = 0;
    std::uint32_t name_length = 0;
    /// Index into `pieces`.
    std::uint32_t piece = 0;
    std::uint32_t needed_mm = 0;

    friend bool operator==(const Cable&, const Cable&) = default;
  };

  /// The spec's.
  std::string name;
  Totals totals;
  std::vector<Fabric> fabrics;
  std::vector<NodeGroup> nodes;
  std::vector<Rack> racks;
  /// Rack by rack.
  std::vector<Device> devices;
  std::vector<Item> items;
  std::vector<Note> findings;
  std::vector<Piece> pieces;
  std::vector<Socket> sockets;
  /// Part ids.
  std::vector<std::string> modules;
  /// In the order of cables.csv, as are cables, by their first leg, and pieces, sockets and modules by where they first occur.
  std::vector<Leg> legs;
  std::vector<Cable> cables;
  /// Names of all cables, one after the other.
  std::string names;

  [[nodiscard]] std::string_view cable_name(std::uint32_t cable) const {
    return std::string_view(names).substr(cables[cable].name_begin, cables[cable].name_length);
  }
  /// Adds a cable; the piece must be in `pieces`.
  void add_cable(std::string_view cable_name, std::uint32_t piece, std::uint32_t needed_mm) {
    cables.push_back({names.size(), static_cast<std::uint32_t>(cable_name.size()), piece, needed_mm});
    names += cable_name;
  }
  friend bool operator==(const PlanRecord&, const PlanRecord&) = default;
};

/// Whether the text is a plan document (plan.json) rather than a spec.
[[nodiscard]] bool is_plan_document(std::string_view text);

/// Reads a saved plan: its plan.json and its cables.csv, and reckons its counts and totals again. `shown` is what findings call it. Nothing, and a
/// finding, when the two do not belong together, are not what icplan writes, or contradict each other. Keeps nothing of the texts.
[[nodiscard]] std::shared_ptr<const PlanRecord> read_saved_plan(const std::string& shown, const SourceMap& sources, FileId plan, FileId cables,
                                                                Sink& sink);

} // namespace icplan
