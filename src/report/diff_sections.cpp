// SPDX-License-Identifier: Apache-2.0
// A difference as tables.
#include "diff_sections.hpp"

#include "diff_figures.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace icplan {
namespace {

constexpr auto none = PlanDiff::none;
using Cells = std::vector<DiffCell>;

DiffCell text(std::string words) { return {std::move(words), {}, 0}; }
DiffCell name(std::string word) { return {{}, {std::move(word)}, 0}; }

std::string sign_of(std::int64_t change) { return change > 0 ? "+" : change < 0 ? "-" : "~"; }

std::string sign_of(const ComparedValue& before, const ComparedValue& after) {
  const bool was = before.state != ComparedValue::State::absent;
  const bool is = after.state != ComparedValue::State::absent;
  if (was != is) return is ? "+" : "-";
  const bool told = before.has_value() && after.has_value() && before.state == after.state;
  return told ? sign_of(after.scaled - before.scaled) : "~";
}

class Sections {
public:
  Sections(const PlanDiff& diff, DiffCaps caps) : diff_(diff), caps_(caps) {}

  std::vector<DiffSection> run() {
    totals();
    findings();
    devices();
    racks();
    parts();
    lengths();
    costs();
    bandwidth();
    keep(cable_section(diff_, caps_));
    return std::move(sections_);
  }

private:
  void keep(DiffSection section) {
    if (section.changes == 0) return;
    cut_rows(section, caps_);
    sections_.push_back(std::move(section));
  }

  static Cells figure_cells(const PlanDiff::Figure& figure) {
    return {text(figure_text(figure.before, figure.unit, figure.decimals)), text(figure_text(figure.after, figure.unit, figure.decimals)),
            text(change_text(figure.before, figure.after, figure.unit, figure.decimals))};
  }

  void totals() {
    DiffSection section{"Totals", 0, {{""}, {"figure"}, {"old", true}, {"new", true}, {"change", true}}, {}, {}};
    for (const auto& figure : diff_.figures) {
      Cells row = {text(sign_of(figure.before, figure.after)), text(figure.label)};
      for (auto& cell : figure_cells(figure)) row.push_back(std::move(cell));
      section.rows.push_back(std::move(row));
    }
    section.changes = static_cast<std::int64_t>(section.rows.size());
    keep(std::move(section));
  }

  void findings() {
    DiffSection section{"Findings", 0, {{""}, {"severity"}, {"code"}, {"finding"}}, {}, {}};
    const auto add = [&](std::string sign, const PlanRecord::Note& note, const std::string& count) {
      section.rows.push_back({text(std::move(sign)), text(note.severity), text(note.code), text(note.message + count)});
    };
    const auto times = [](const PlanRecord::Note& note) { return note.count > 1 ? " (" + grouped(note.count) + ")" : std::string(); };
    for (const auto f : diff_.findings_appeared) add("+", diff_.after->findings[f], times(diff_.after->findings[f]));
    for (const auto f : diff_.findings_vanished) add("-", diff_.before->findings[f], times(diff_.before->findings[f]));
    for (const auto& pair : diff_.findings_recounted) {
      const auto& old = diff_.before->findings[pair.before];
      add("~", old, " (" + grouped(old.count) + " -> " + grouped(diff_.after->findings[pair.after].count) + ")");
    }
    section.changes = static_cast<std::int64_t>(section.rows.size() + diff_.findings_changed.size());
    // In two rows, for either message may be long.
    for (const auto& pair : diff_.findings_changed) {
      const auto& old = diff_.before->findings[pair.before];
      const auto& now = diff_.after->findings[pair.after];
      section.rows.push_back({text("~"), text(now.severity), text(now.code), text("was: " + old.message + times(old))});
      section.rows.push_back({text("~"), text(now.severity), text(now.code), text("is: " + now.message + times(now))});
    }
    keep(std::move(section));
  }

  static std::string place_text(const PlanRecord& plan, std::uint32_t device) {
    const auto& at = plan.devices[device];
    return plan.racks[at.rack].name + (at.unit == 0 ? std::string() : " U " + std::to_string(at.unit));
  }

  void devices() {
    DiffSection section{"Devices", 0, {{""}, {"devices"}, {"model"}, {"old", true}, {"new", true}, {"change", true}}, {}, {}};
    for (const auto& line : diff_.devices) {
      section.rows.push_back({text(sign_of(line.after - line.before)),
                              text(line.fabric.empty() ? "nodes " + line.name : line.fabric + " " + line.name), name(line.model),
                              text(grouped(line.before)), text(grouped(line.after)), text(signed_count(line.after - line.before))});
    }
    section.changes = static_cast<std::int64_t>(section.rows.size() + diff_.devices_replaced.size() + diff_.devices_moved.size());
    if (section.rows.empty()) {
      const auto renamed = diff_.devices_added.size() + diff_.devices_removed.size();
      if (renamed > 0) {
        section.notes.push_back("names: " + counted(static_cast<std::int64_t>(diff_.devices_removed.size()), "device", "devices") + " gone" +
                                example(diff_.devices_removed, *diff_.before) + ", " +
                                grouped(static_cast<std::int64_t>(diff_.devices_added.size())) + " new" + example(diff_.devices_added, *diff_.after));
      }
      section.changes += static_cast<std::int64_t>(renamed);
    }
    pair_note(section, diff_.devices_replaced, "of another model",
              [](const PlanRecord& plan, std::uint32_t device) { return plan.devices[device].part; });
    pair_note(section, diff_.devices_moved, "in another place", place_text);
    keep(std::move(section));
  }

  static std::string example(const std::vector<std::uint32_t>& devices, const PlanRecord& plan) {
    return devices.empty() ? std::string() : " (`" + plan.devices[devices[0]].name + (devices.size() > 1 ? "` ...)" : "`)");
  }

  template <class What>
  void pair_note(DiffSection& section, const std::vector<PlanDiff::Pair>& pairs, std::string_view words, const What& what) const {
    if (pairs.empty()) return;
    std::string note = counted(static_cast<std::int64_t>(pairs.size()), "device", "devices") + " " + std::string(words) + ": ";
    for (std::size_t i = 0; i < std::min(pairs.size(), caps_.names); ++i) {
      note += (i == 0 ? "`" : ", `") + diff_.before->devices[pairs[i].before].name + "` (" + what(*diff_.before, pairs[i].before) + " -> " +
              what(*diff_.after, pairs[i].after) + ")";
    }
    if (pairs.size() > caps_.names) note += " and " + grouped(static_cast<std::int64_t>(pairs.size() - caps_.names)) + " more";
    section.notes.push_back(std::move(note));
  }

  void rack_rows(DiffSection& section, const std::string& sign, const PlanRecord& plan, const std::vector<std::uint32_t>& racks) const {
    std::map<std::string, std::vector<std::uint32_t>> kinds;
    for (const auto rack : racks) kinds[plan.racks[rack].kind].push_back(rack);
    for (const auto& [kind, of] : kinds) {
      DiffCell names;
      for (std::size_t i = 0; i < std::min(of.size(), caps_.names); ++i) names.names.push_back(plan.racks[of[i]].name);
      names.more = static_cast<std::int64_t>(of.size() - names.names.size());
      section.rows.push_back({text(sign), text(grouped(static_cast<std::int64_t>(of.size()))), name(kind), std::move(names)});
    }
  }

  void racks() {
    DiffSection section{"Racks", 0, {{""}, {"racks", true}, {"kind"}, {"names"}}, {}, {}};
    rack_rows(section, "+", *diff_.after, diff_.racks_added);
    rack_rows(section, "-", *diff_.before, diff_.racks_removed);
    std::vector<std::uint32_t> changed;
    for (const auto& pair : diff_.racks_changed) changed.push_back(pair.after);
    rack_rows(section, "~", *diff_.after, changed);
    if (!changed.empty()) section.notes.emplace_back("~ is of another kind, or in another place");
    section.changes = static_cast<std::int64_t>(diff_.racks_added.size() + diff_.racks_removed.size() + changed.size());
    keep(std::move(section));
  }

  static std::string part_words(const PlanDiff::Part& part) { return part.included_in.empty() ? part.part : part.part + " in " + part.included_in; }
  /// What comes inside of another part is not ordered.
  static std::int64_t pieces(const PlanDiff::Part& part, const PlanDiff::Purchase& purchase) {
    return part.included_in.empty() ? purchase.ordered : purchase.quantity;
  }

  void parts() {
    DiffSection section{"Parts to order, with spares", 0, {{""}, {"kind"}, {"part"}, {"old", true}, {"new", true}, {"change", true}}, {}, {}};
    for (const auto& part : diff_.parts) {
      const auto before = pieces(part, part.before);
      const auto after = pieces(part, part.after);
      const bool same = before == after && part.before.spares == part.after.spares && part.before.quantity == part.after.quantity;
      if (same) continue;
      const auto used = part.after.quantity - part.before.quantity;
      auto change = signed_count(after - before);
      // A pack or spares may take up what is used more.
      if (after == before) change += used != 0 ? " (" + signed_count(used) + " used)" : " (other spares)";
      section.rows.push_back({text(sign_of(after - before)), text(part.kind), name(part_words(part)), text(grouped(before)), text(grouped(after)),
                              text(std::move(change))});
    }
    section.changes = static_cast<std::int64_t>(section.rows.size());
    keep(std::move(section));
  }

  void lengths() {
    DiffSection section{"Sold lengths", 0, {{""}, {"part"}, {"length", true}, {"old", true}, {"new", true}, {"change", true}}, {}, {}};
    for (const auto& part : diff_.parts) {
      for (const auto& length : part.lengths) {
        const auto change = length.after.ordered - length.before.ordered;
        if (change == 0 && length.before.quantity == length.after.quantity && length.before.spares == length.after.spares) continue;
        section.rows.push_back({text(sign_of(change)), name(part.part), text(decimal(length.length_mm, 3) + " m"),
                                text(grouped(length.before.ordered)), text(grouped(length.after.ordered)), text(signed_count(change))});
      }
    }
    section.changes = static_cast<std::int64_t>(section.rows.size());
    keep(std::move(section));
  }

  static std::string price_text(const std::optional<std::int64_t>& cents) {
    return cents ? figure_text({ComparedValue::State::known, *cents}, "USD", 2) : std::string("unknown");
  }
  /// "$100.00 -> $110.00" of one piece, where there is one price on both sides or one differs.
  static std::string prices_text(const PlanDiff::Part& part) {
    const auto text_of = [&](const PlanDiff::Purchase& purchase) {
      if (purchase.price_cents || part.lengths.empty()) return price_text(purchase.price_cents);
      return std::string("by length");
    };
    if (part.before.ordered == 0) return text_of(part.after);
    if (part.after.ordered == 0) return text_of(part.before);
    const auto before = text_of(part.before);
    const auto after = text_of(part.after);
    return before == after ? before : before + " -> " + after;
  }

  void costs() {
    DiffSection section{"Cost by part", 0, {{""}, {"part"}, {"each"}, {"old", true}, {"new", true}, {"change", true}}, {}, {}};
    for (const auto& part : diff_.parts) {
      if (part.before.cost == part.after.cost && part.before.price_cents == part.after.price_cents) continue;
      if (!part.included_in.empty()) continue;
      section.rows.push_back({text(sign_of(part.before.cost, part.after.cost)), name(part.part), text(prices_text(part)),
                              text(figure_text(part.before.cost, "USD", 2)), text(figure_text(part.after.cost, "USD", 2)),
                              text(change_text(part.before.cost, part.after.cost, "USD", 2))});
    }
    section.changes = static_cast<std::int64_t>(section.rows.size());
    keep(std::move(section));
  }

  void bandwidth() {
    DiffSection section{"Bandwidth", 0, {{""}, {"fabric"}, {"figure"}, {"old", true}, {"new", true}, {"change", true}}, {}, {}};
    for (const auto& fabric : diff_.fabrics) {
      const auto topology = [](const PlanRecord& plan, std::uint32_t at) { return at == none ? std::string("-") : plan.fabrics[at].topology; };
      const auto before = topology(*diff_.before, fabric.before);
      const auto after = topology(*diff_.after, fabric.after);
      if (before != after) {
        section.rows.push_back({text(fabric.before == none  ? "+"
                                     : fabric.after == none ? "-"
                                                            : "~"),
                                name(fabric.name), text("topology"), text(before), text(after), text("")});
      }
      for (const auto& figure : fabric.figures) {
        Cells row = {text(sign_of(figure.before, figure.after)), name(fabric.name), text(figure.label)};
        for (auto& cell : figure_cells(figure)) row.push_back(std::move(cell));
        section.rows.push_back(std::move(row));
      }
    }
    section.changes = static_cast<std::int64_t>(section.rows.size());
    keep(std::move(section));
  }

  const PlanDiff& diff_;
  DiffCaps caps_;
  std::vector<DiffSection> sections_;
};

} // namespace

void cut_rows(DiffSection& section, DiffCaps caps) {
  if (section.rows.size() <= caps.rows) return;
  const auto more = static_cast<std::int64_t>(section.rows.size() - caps.rows);
  section.rows.resize(caps.rows);
  section.notes.push_back("and " + counted(more, "more row", "more rows"));
}

std::string verdict_word(DiffVerdict::State state) {
  switch (state) {
  case DiffVerdict::State::kept: return "kept";
  case DiffVerdict::State::exceeded: return "exceeded";
  case DiffVerdict::State::unknown: return "not judged";
  }
  return {};
}

std::vector<DiffSection> diff_sections(const PlanDiff& diff, DiffCaps caps) { return Sections(diff, caps).run(); }

} // namespace icplan
