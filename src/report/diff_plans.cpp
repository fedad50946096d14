// SPDX-License-Identifier: Apache-2.0
// Compares two plans: figures, devices, racks, parts, findings.
#include "diff_figures.hpp"
#include "diff_match.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace icplan {
namespace {

constexpr auto none = PlanDiff::none;
using State = ComparedValue::State;

/// Where a kind stands in bills of materials.
std::size_t kind_order(std::string_view kind) {
  constexpr std::array<std::string_view, 12> order = {"node",   "gpu", "nic", "switch", "rack", "pdu",
                                                      "module", "dac", "aoc", "fibre",  "utp",  "accessory"};
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), kind) - order.begin());
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// A message with a mark in place of each number. Names in back quotes and words like QSFP112 say what it is about: their digits stay.
std::string without_numbers(std::string_view message) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < message.size();) {
    const char c = message[i];
    if (c == '`') quoted = !quoted;
    if (quoted || !is_digit(c) || (i > 0 && is_word(message[i - 1]))) {
      out += c;
      ++i;
      continue;
    }
    out += '#';
    while (i < message.size() &&
           (is_digit(message[i]) || ((message[i] == '.' || message[i] == ',') && i + 1 < message.size() && is_digit(message[i + 1]))))
      ++i;
  }
  return out;
}

/// Adds up rows of bills of materials.
class PurchaseSum {
public:
  void add(const PlanRecord::Item& item) {
    ++rows_;
    sum_.quantity += item.quantity;
    sum_.spares += item.spares;
    sum_.ordered += item.ordered;
    if (!item.included_in.empty()) return;
    priced_ = true;
    if (item.price_cents) {
      known_ = true;
      cents_ += *item.price_cents * item.ordered;
    } else if (item.ordered > 0) {
      missing_ = true;
    }
    if (rows_ == 1) sum_.price_cents = item.price_cents;
    if (sum_.price_cents != item.price_cents) sum_.price_cents.reset();
  }
  [[nodiscard]] PlanDiff::Purchase sum() const {
    auto sum = sum_;
    if (priced_ && missing_) {
      sum.cost = known_ ? ComparedValue{State::at_least, cents_} : ComparedValue{State::unknown, 0};
    } else if (priced_) {
      sum.cost = {State::known, cents_};
    }
    return sum;
  }

private:
  PlanDiff::Purchase sum_;
  std::int64_t rows_ = 0;
  std::int64_t cents_ = 0;
  bool priced_ = false;
  bool known_ = false;
  bool missing_ = false;
};

/// Rows of both bills for one thing.
struct BothPurchases {
  std::array<PurchaseSum, 2> sides;
  std::map<std::int64_t, std::array<PurchaseSum, 2>> lengths;
};

class PlanDiffer {
public:
  PlanDiffer(const PlanRecord& before, const PlanRecord& after) : before_(before), after_(after) {
    diff_.before = &before;
    diff_.after = &after;
  }

  PlanDiff run() {
    compare_figures();
    compare_fabrics();
    compare_device_counts();
    compare_racks();
    const auto device_of = compare_devices();
    compare_parts();
    compare_findings();
    diff_cables(diff_, device_of);
    return std::move(diff_);
  }

private:
  void compare_figures() {
    for (auto& figure : total_figures(before_.totals, after_.totals)) {
      if (figure.before != figure.after) diff_.figures.push_back(std::move(figure));
    }
  }

  void compare_fabrics() {
    const auto name = [](const PlanRecord::Fabric& fabric) -> const std::string& { return fabric.name; };
    const auto matched = match_names(before_.fabrics, after_.fabrics, name);
    std::vector<bool> seen(after_.fabrics.size(), false);
    for (std::uint32_t f = 0; f < matched.size(); ++f) {
      if (matched[f] != none) seen[matched[f]] = true;
      add_fabric(f, matched[f]);
    }
    for (std::uint32_t f = 0; f < seen.size(); ++f) {
      if (!seen[f]) add_fabric(none, f);
    }
  }

  void add_fabric(std::uint32_t before, std::uint32_t after) {
    const auto* a = before == none ? nullptr : &before_.fabrics[before];
    const auto* b = after == none ? nullptr : &after_.fabrics[after];
    PlanDiff::Fabric fabric{a != nullptr ? a->name : b->name, before, after, {}};
    for (auto& figure : fabric_figures(a, b)) {
      if (figure.before != figure.after) fabric.figures.push_back(std::move(figure));
    }
    const bool same = a != nullptr && b != nullptr && a->topology == b->topology && fabric.figures.empty();
    if (!same) diff_.fabrics.push_back(std::move(fabric));
  }

  void count_devices(const std::string& fabric, const std::string& name, const std::string& model, std::int64_t count, bool old) {
    const auto found = std::find_if(diff_.devices.begin(), diff_.devices.end(),
                                    [&](const PlanDiff::Devices& of) { return of.fabric == fabric && of.name == name && of.model == model; });
    auto& line = found == diff_.devices.end() ? diff_.devices.emplace_back(PlanDiff::Devices{fabric, name, model, 0, 0}) : *found;
    (old ? line.before : line.after) += count;
  }

  void compare_device_counts() {
    for (const bool old : {true, false}) {
      for (const auto& group : (old ? before_ : after_).nodes) count_devices({}, group.name, group.model, group.count, old);
    }
    for (const bool old : {true, false}) {
      for (const auto& fabric : (old ? before_ : after_).fabrics) {
        for (const auto& tier : fabric.tiers) count_devices(fabric.name, tier.name, tier.model, tier.switches, old);
      }
    }
    const auto same = [](const PlanDiff::Devices& line) { return line.before == line.after; };
    diff_.devices.erase(std::remove_if(diff_.devices.begin(), diff_.devices.end(), same), diff_.devices.end());
  }

  /// Splits two lists by name: what is in one of them only, and what is in both and differs. Returns what `match_names` found.
  template <class Things, class Visit>
  static std::vector<std::uint32_t> split(const Things& before, const Things& after, std::vector<std::uint32_t>& removed,
                                          std::vector<std::uint32_t>& added, const Visit& both) {
    auto matched = match_names(before, after, [](const auto& thing) -> const std::string& { return thing.name; });
    std::vector<bool> seen(after.size(), false);
    for (std::uint32_t i = 0; i < matched.size(); ++i) {
      if (matched[i] == none) {
        removed.push_back(i);
        continue;
      }
      seen[matched[i]] = true;
      both(i, matched[i]);
    }
    for (std::uint32_t i = 0; i < seen.size(); ++i) {
      if (!seen[i]) added.push_back(i);
    }
    return matched;
  }

  void compare_racks() {
    split(before_.racks, after_.racks, diff_.racks_removed, diff_.racks_added, [&](std::uint32_t a, std::uint32_t b) {
      if (before_.racks[a] != after_.racks[b]) diff_.racks_changed.push_back({a, b});
    });
  }

  std::vector<std::uint32_t> compare_devices() {
    return split(before_.devices, after_.devices, diff_.devices_removed, diff_.devices_added, [&](std::uint32_t a, std::uint32_t b) {
      const auto& old = before_.devices[a];
      const auto& now = after_.devices[b];
      if (old.part != now.part) diff_.devices_replaced.push_back({a, b});
      if (old.unit != now.unit || before_.racks[old.rack].name != after_.racks[now.rack].name) diff_.devices_moved.push_back({a, b});
    });
  }

  void compare_parts() {
    using Key = std::tuple<std::size_t, std::string_view, std::string_view, std::string_view>;
    std::map<Key, BothPurchases> parts;
    for (const std::size_t side : {0U, 1U}) {
      for (const auto& item : (side == 0 ? before_ : after_).items) {
        auto& part = parts[{kind_order(item.kind), item.kind, item.part, item.included_in}];
        part.sides[side].add(item);
        if (item.length_mm > 0) part.lengths[item.length_mm][side].add(item);
      }
    }
    for (const auto& [key, both] : parts) {
      PlanDiff::Part part{std::string(std::get<1>(key)), std::string(std::get<2>(key)), std::string(std::get<3>(key)),
                          both.sides[0].sum(),           both.sides[1].sum(),           {}};
      for (const auto& [length_mm, sides] : both.lengths) {
        PlanDiff::Length length{length_mm, sides[0].sum(), sides[1].sum()};
        if (length.before != length.after) part.lengths.push_back(length);
      }
      if (part.before != part.after || !part.lengths.empty()) diff_.parts.push_back(std::move(part));
    }
  }

  /// Pairs findings of equal keys, the first old one with the first new one. Takes what it pairs out of both lists.
  template <class Key>
  static std::vector<PlanDiff::Pair> pair_findings(std::vector<std::uint32_t>& old, std::vector<std::uint32_t>& now, const Key& key_of) {
    std::map<decltype(key_of(true, 0U)), std::pair<std::vector<std::uint32_t>, std::size_t>> open;
    for (const auto f : old) open[key_of(true, f)].first.push_back(f);
    std::vector<PlanDiff::Pair> pairs;
    std::vector<std::uint32_t> rest;
    for (const auto f : now) {
      const auto found = open.find(key_of(false, f));
      if (found == open.end() || found->second.second == found->second.first.size()) {
        rest.push_back(f);
      } else {
        pairs.push_back({found->second.first[found->second.second++], f});
      }
    }
    now = std::move(rest);
    old.clear();
    for (const auto& [key, list] : open) old.insert(old.end(), list.first.begin() + static_cast<std::ptrdiff_t>(list.second), list.first.end());
    std::sort(old.begin(), old.end());
    std::sort(pairs.begin(), pairs.end(), [](const PlanDiff::Pair& x, const PlanDiff::Pair& y) { return x.before < y.before; });
    return pairs;
  }

  void compare_findings() {
    auto& vanished = diff_.findings_vanished;
    auto& appeared = diff_.findings_appeared;
    vanished.resize(before_.findings.size());
    appeared.resize(after_.findings.size());
    std::iota(vanished.begin(), vanished.end(), 0U);
    std::iota(appeared.begin(), appeared.end(), 0U);
    const auto note = [&](bool old, std::uint32_t f) -> const PlanRecord::Note& { return (old ? before_ : after_).findings[f]; };
    const auto same = pair_findings(vanished, appeared, [&](bool old, std::uint32_t f) {
      const auto& of = note(old, f);
      return std::tuple<std::string_view, std::string_view, std::string_view>(of.code, of.severity, of.message);
    });
    for (const auto& pair : same) {
      if (before_.findings[pair.before].count != after_.findings[pair.after].count) diff_.findings_recounted.push_back(pair);
    }
    diff_.findings_changed = pair_findings(vanished, appeared, [&](bool old, std::uint32_t f) {
      const auto& of = note(old, f);
      return std::tuple<std::string_view, std::string_view, std::string>(of.code, of.severity, without_numbers(of.message));
    });
  }

  const PlanRecord& before_;
  const PlanRecord& after_;
  PlanDiff diff_;
};

} // namespace

bool PlanDiff::empty() const {
  return figures.empty() && fabrics.empty() && devices.empty() && devices_added.empty() && devices_removed.empty() && devices_replaced.empty() &&
         devices_moved.empty() && racks_added.empty() && racks_removed.empty() && racks_changed.empty() && parts.empty() &&
         findings_appeared.empty() && findings_vanished.empty() && findings_recounted.empty() && findings_changed.empty() && cables_added.empty() &&
         cables_removed.empty() && cables_relengthened.empty() && cables_changed.empty() && cables_replugged.empty() && needed_lengths == 0;
}

PlanDiff diff_plans(const PlanRecord& before, const PlanRecord& after) { return PlanDiffer(before, after).run(); }

} // namespace icplan
