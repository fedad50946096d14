// SPDX-License-Identifier: Apache-2.0
// What changed between two plans: for reviewers, and for gates that refuse a change.
#pragma once

#include "icplan/plan/saved_plan.hpp"
#include "icplan/report/compare.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace icplan {

/// What is different in a new plan. Points into both records, which must outlive it.
struct PlanDiff {
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// A number that differs.
  struct Figure {
    /// "gpus", "cost_usd": stable.
    std::string key;
    std::string label;
    /// count, W, USD, Gb/s, Tb/s, ratio.
    std::string_view unit;
    int decimals = 0;
    ComparedValue before;
    ComparedValue after;
  };
  /// What differs in one fabric; of one that came or went only one index is set.
  struct Fabric {
    std::string name;
    std::uint32_t before = none;
    std::uint32_t after = none;
    std::vector<Figure> figures;
  };
  /// Nodes of a group, or switches of a tier, of one model.
  struct Devices {
    /// Empty for nodes.
    std::string fabric;
    /// The tier or the group of nodes.
    std::string name;
    std::string model;
    std::int64_t before = 0;
    std::int64_t after = 0;
  };
  /// Indices into the racks, devices or cables of both records; `none` where it came or went.
  struct Pair {
    std::uint32_t before = none;
    std::uint32_t after = none;

    friend bool operator==(const Pair&, const Pair&) = default;
  };
  struct Purchase {
    std::int64_t quantity = 0;
    std::int64_t spares = 0;
    std::int64_t ordered = 0;
    /// Of all pieces, in cents; absent for what comes inside of another part.
    ComparedValue cost;
    /// Of one piece, in cents; absent where it is not known or differs by length.
    std::optional<std::int64_t> price_cents;

    friend bool operator==(const Purchase&, const Purchase&) = default;
  };
  struct Length {
    std::int64_t length_mm = 0;
    Purchase before;
    Purchase after;
  };
  struct Part {
    std::string kind;
    std::string part;
    /// The part that this one comes inside of, or empty.
    std::string included_in;
    Purchase before;
    Purchase after;
    /// Sold lengths that differ; empty for what is not sold by length.
    std::vector<Length> lengths;
  };
  /// A cable that joins the same ports, or some of them, and is not the same any more.
  struct Cable {
    std::uint32_t before = none;
    std::uint32_t after = none;
    bool other_class = false;
    bool other_part = false;
    bool other_length = false;
    bool other_modules = false;
    /// Some of its legs lead elsewhere.
    bool other_legs = false;
  };

  const PlanRecord* before = nullptr;
  const PlanRecord* after = nullptr;
  std::vector<Figure> figures;
  std::vector<Fabric> fabrics;
  std::vector<Devices> devices;
  std::vector<std::uint32_t> devices_added;
  std::vector<std::uint32_t> devices_removed;
  /// Another model under the same name; in another rack or at another unit.
  std::vector<Pair> devices_replaced;
  std::vector<Pair> devices_moved;
  std::vector<std::uint32_t> racks_added;
  std::vector<std::uint32_t> racks_removed;
  /// Of another kind, or in another place.
  std::vector<Pair> racks_changed;
  std::vector<Part> parts;
  std::vector<std::uint32_t> findings_appeared;
  std::vector<std::uint32_t> findings_vanished;
  /// Concern more or fewer things than before.
  std::vector<Pair> findings_recounted;
  /// The same but for numbers in their message; perhaps recounted too.
  std::vector<Pair> findings_changed;
  std::vector<std::uint32_t> cables_added;
  std::vector<std::uint32_t> cables_removed;
  std::vector<Cable> cables_relengthened;
  std::vector<Cable> cables_changed;
  /// Some legs were plugged elsewhere.
  std::vector<Cable> cables_replugged;
  /// Cables that need another length and are sold in the same one.
  std::int64_t needed_lengths = 0;

  [[nodiscard]] bool empty() const;
};

/// Compares two plans. Devices and racks are matched by name; cables by device, cage and port of both ends of all legs; findings by code and message,
/// the rest by what is left of messages without numbers.
/// O(n log n).
[[nodiscard]] PlanDiff diff_plans(const PlanRecord& before, const PlanRecord& after);

/// What a change must not exceed: "cost>+5%", "power>+10kW", "errors>0".
struct DiffLimit {
  enum class Metric : std::uint8_t {
    cost,
    power,
    power_typical,
    gpus,
    racks,
    switches,
    links,
    cables,
    modules,
    bandwidth,
    bisection,
    findings,
    errors,
    warnings
  };
  enum class Comparator : std::uint8_t { greater, at_least, less, at_most };

  /// As it was given.
  std::string text;
  Metric metric = Metric::cost;
  Comparator comparator = Comparator::greater;
  /// Whether the change is judged rather than the new figure.
  bool change = false;
  /// Whether `value` is a share of the old figure, in thousandths of a percent; else in the base unit of the metric: cents, milliwatts, Mbps, 1.
  bool percent = false;
  std::int64_t value = 0;
};
/// The limit, or what is wrong with the text, in a sentence.
[[nodiscard]] std::variant<DiffLimit, std::string> parse_diff_limit(std::string_view text);
/// How limits are written: some lines.
[[nodiscard]] std::string_view diff_limit_grammar();

struct DiffVerdict {
  /// `unknown`: a figure is not known well enough to judge; that is no pass.
  enum class State : std::uint8_t { kept, exceeded, unknown };
  std::string limit;
  State state = State::kept;
  /// What was judged, with numbers.
  std::string reason;
};
/// One for each limit; of figures of fabrics the first fabric that exceeds it, or cannot be judged.
[[nodiscard]] std::vector<DiffVerdict> judge_diff(const PlanRecord& before, const PlanRecord& after, std::span<const DiffLimit> limits);

struct DiffTitles {
  /// What both sides are called: files or revisions, without folders.
  std::string before;
  std::string after;
};

/// Lines with `+`, `-` and `~`; nothing where nothing changed and no verdict is to be told.
[[nodiscard]] std::string diff_text(const PlanDiff& diff, const DiffTitles& titles, std::span<const DiffVerdict> verdicts, bool colour,
                                    std::size_t most = 0);
/// For a comment on a pull request: a sentence, then tables that fold; at most `max_diff_markdown` bytes, whatever changed.
[[nodiscard]] std::string diff_markdown(const PlanDiff& diff, const DiffTitles& titles, std::span<const DiffVerdict> verdicts);
inline constexpr std::size_t max_diff_markdown = 60'000;
/// The document, format icplan.diff/1: every change, every cable.
[[nodiscard]] std::string diff_json(const PlanDiff& diff, const DiffTitles& titles, std::span<const DiffVerdict> verdicts);

} // namespace icplan
