// SPDX-License-Identifier: Apache-2.0
// Cables that changed, in groups.
#include "diff_sections.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace icplan {
namespace {

constexpr auto none = PlanDiff::none;

/// Cables that changed alike.
struct CableGroup {
  std::int64_t count = 0;
  std::vector<std::string> names;
};
/// How they changed, their fabric, and what they were and are.
using GroupKey = std::tuple<int, std::string, std::string, std::string>;

class CableGroups {
public:
  CableGroups(const PlanDiff& diff, DiffCaps caps) : diff_(diff), caps_(caps) {}

  DiffSection run() {
    DiffSection section{"Cables", 0, {{""}, {"cables", true}, {"fabric"}, {"what"}, {"names"}}, {}, {}};
    for (const auto cable : diff_.cables_added) add(0, none, cable, {});
    for (const auto cable : diff_.cables_removed) add(1, cable, none, {});
    for (const auto& change : diff_.cables_relengthened) add(2, change.before, change.after, {});
    for (const auto& change : diff_.cables_changed) add(3, change.before, change.after, change.other_modules ? ", other modules" : "");
    for (const auto& change : diff_.cables_replugged) {
      add(4, change.before, change.after, change.other_modules ? ", legs replugged, other modules" : ", legs replugged");
    }
    std::vector<std::pair<GroupKey, CableGroup>> groups(groups_.begin(), groups_.end());
    std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
      return std::get<0>(a.first) != std::get<0>(b.first) ? std::get<0>(a.first) < std::get<0>(b.first) : a.second.count > b.second.count;
    });
    constexpr std::array<std::string_view, 5> signs = {"+", "-", "~", "~", "~"};
    for (auto& [key, group] : groups) {
      section.changes += group.count;
      const auto more = group.count - static_cast<std::int64_t>(group.names.size());
      section.rows.push_back({{std::string(signs[static_cast<std::size_t>(std::get<0>(key))]), {}, 0},
                              {grouped(group.count), {}, 0},
                              {std::get<1>(key), {}, 0},
                              {what(key), {}, 0},
                              {{}, std::move(group.names), more}});
    }
    if (diff_.needed_lengths > 0) {
      section.notes.push_back(counted(diff_.needed_lengths, "cable needs", "cables need") + " another length within the sold one");
      section.changes += diff_.needed_lengths;
    }
    return section;
  }

private:
  static std::string piece_text(const PlanRecord& plan, std::uint32_t cable) {
    const auto& piece = plan.pieces[plan.cables[cable].piece];
    return piece.media + " " + piece.part + " " + decimal(piece.sold_mm, 3) + " m";
  }

  static std::string what(const GroupKey& key) {
    const auto& before = std::get<2>(key);
    const auto& after = std::get<3>(key);
    return before.empty() || after.empty() || after[0] == ',' ? before + after : before + " -> " + after;
  }

  void add(int how, std::uint32_t before, std::uint32_t after, std::string_view note) {
    // Cables of one pair of pieces are described alike.
    const auto piece = [](const PlanRecord& plan, std::uint32_t cable) { return cable == none ? none : plan.cables[cable].piece; };
    const std::tuple numbers(how, piece(*diff_.before, before), piece(*diff_.after, after), note.size());
    auto known = group_of_.find(numbers);
    if (known == group_of_.end()) {
      const auto& plan = after == none ? *diff_.before : *diff_.after;
      const auto old = before == none ? std::string() : piece_text(*diff_.before, before);
      auto now = after == none ? std::string() : piece_text(*diff_.after, after);
      if (old == now) now.clear();
      if (!note.empty()) now += note;
      GroupKey key{how, plan.pieces[plan.cables[after == none ? before : after].piece].fabric, old, std::move(now)};
      known = group_of_.emplace(numbers, &groups_[std::move(key)]).first;
    }
    auto& group = *known->second;
    ++group.count;
    if (group.names.size() < caps_.names) group.names.emplace_back(after == none ? diff_.before->cable_name(before) : diff_.after->cable_name(after));
  }

  const PlanDiff& diff_;
  DiffCaps caps_;
  std::map<GroupKey, CableGroup> groups_;
  std::map<std::tuple<int, std::uint32_t, std::uint32_t, std::size_t>, CableGroup*> group_of_;
};

} // namespace

DiffSection cable_section(const PlanDiff& diff, DiffCaps caps) { return CableGroups(diff, caps).run(); }

std::string cable_counts_text(const PlanDiff& diff) {
  std::string text;
  const auto add = [&](std::int64_t count, std::string_view what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + grouped(count) + " " + std::string(what);
  };
  add(static_cast<std::int64_t>(diff.cables_added.size()), "added");
  add(static_cast<std::int64_t>(diff.cables_removed.size()), "removed");
  add(static_cast<std::int64_t>(diff.cables_relengthened.size()), "relengthened");
  add(static_cast<std::int64_t>(diff.cables_changed.size()), "changed");
  add(static_cast<std::int64_t>(diff.cables_replugged.size()), "replugged");
  add(diff.needed_lengths, "with another needed length");
  return text;
}

} // namespace icplan
