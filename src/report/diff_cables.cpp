// SPDX-License-Identifier: Apache-2.0
// Matches cables of two plans by the ports that they join.
#include "diff_match.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace icplan {
namespace {

constexpr auto none = PlanDiff::none;

/// A leg by its ends, both in the numbers of the new plan, lower one first.
struct LegKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::uint32_t leg = 0;

  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> ends() const { return {low, high}; }
  friend bool operator<(const LegKey& a, const LegKey& b) { return std::tie(a.low, a.high, a.leg) < std::tie(b.low, b.high, b.leg); }
};

class CableDiffer {
public:
  CableDiffer(PlanDiff& diff, const std::vector<std::uint32_t>& device_of)
      : diff_(diff),
        before_(*diff.before),
        after_(*diff.after),
        device_of_(device_of),
        old_legs_(before_),
        new_legs_(after_),
        new_leg_of_(before_.legs.size(), none),
        new_cable_of_(before_.cables.size(), none),
        old_cable_of_(after_.cables.size(), none) {}

  void run() {
    match_legs();
    match_whole_cables();
    match_parts_of_cables();
    for (std::uint32_t c = 0; c < before_.cables.size(); ++c) {
      if (new_cable_of_[c] == none) {
        diff_.cables_removed.push_back(c);
      } else {
        compare(c, new_cable_of_[c]);
      }
    }
    for (std::uint32_t c = 0; c < after_.cables.size(); ++c) {
      if (old_cable_of_[c] == none) diff_.cables_added.push_back(c);
    }
  }

private:
  static std::uint64_t key_of(std::uint32_t device, std::uint32_t socket) { return (std::uint64_t{device} << 32U) | socket; }

  void match_legs() {
    std::map<PlanRecord::Socket, std::uint32_t> sockets;
    for (std::uint32_t s = 0; s < after_.sockets.size(); ++s) sockets.emplace(after_.sockets[s], s);
    std::vector<std::uint32_t> socket_of;
    for (const auto& socket : before_.sockets) {
      const auto found = sockets.find(socket);
      socket_of.push_back(found == sockets.end() ? none : found->second);
    }
    std::vector<LegKey> old_keys;
    old_keys.reserve(before_.legs.size());
    for (std::uint32_t l = 0; l < before_.legs.size(); ++l) {
      std::array<std::uint64_t, 2> keys{};
      bool there = true;
      for (std::size_t e = 0; e < keys.size(); ++e) {
        const auto& end = before_.legs[l].ends[e];
        there = there && device_of_[end.device] != none && socket_of[end.socket] != none;
        if (there) keys[e] = key_of(device_of_[end.device], socket_of[end.socket]);
      }
      if (there) old_keys.push_back({std::min(keys[0], keys[1]), std::max(keys[0], keys[1]), l});
    }
    std::vector<LegKey> new_keys;
    new_keys.reserve(after_.legs.size());
    for (std::uint32_t l = 0; l < after_.legs.size(); ++l) {
      const auto& ends = after_.legs[l].ends;
      const auto a = key_of(ends[0].device, ends[0].socket);
      const auto b = key_of(ends[1].device, ends[1].socket);
      new_keys.push_back({std::min(a, b), std::max(a, b), l});
    }
    std::sort(old_keys.begin(), old_keys.end());
    std::sort(new_keys.begin(), new_keys.end());
    for (auto o = old_keys.begin(), n = new_keys.begin(); o != old_keys.end() && n != new_keys.end();) {
      if (o->ends() < n->ends()) {
        ++o;
      } else if (n->ends() < o->ends()) {
        ++n;
      } else {
        new_leg_of_[o->leg] = n->leg;
        ++o;
        ++n;
      }
    }
  }

  void join(std::uint32_t before, std::uint32_t after) {
    new_cable_of_[before] = after;
    old_cable_of_[after] = before;
  }

  /// Cables whose legs all join the same ports.
  void match_whole_cables() {
    for (std::uint32_t c = 0; c < before_.cables.size(); ++c) {
      const auto legs = old_legs_.of(c);
      if (legs.empty() || new_leg_of_[legs[0]] == none) continue;
      const auto candidate = after_.legs[new_leg_of_[legs[0]]].cable;
      const bool whole = legs.size() == new_legs_.of(candidate).size() && std::all_of(legs.begin(), legs.end(), [&](std::uint32_t leg) {
                           return new_leg_of_[leg] != none && after_.legs[new_leg_of_[leg]].cable == candidate;
                         });
      if (whole) join(c, candidate);
    }
  }

  bool same_piece(std::uint32_t before, std::uint32_t after) const {
    const auto& a = before_.pieces[before_.cables[before].piece];
    const auto& b = after_.pieces[after_.cables[after].piece];
    return a.media == b.media && a.part == b.part && a.sold_mm == b.sold_mm;
  }

  /// Device, cage and port of both ends, in an order that does not depend on which plan is the old one.
  auto ends_text(std::uint32_t old_leg) const {
    using Text = std::tuple<std::string_view, std::string_view, std::string_view>;
    std::array<Text, 2> ends;
    for (std::size_t e = 0; e < ends.size(); ++e) {
      const auto& end = before_.legs[old_leg].ends[e];
      ends[e] = {before_.devices[end.device].name, before_.sockets[end.socket].cage, before_.sockets[end.socket].port};
    }
    if (ends[1] < ends[0]) std::swap(ends[0], ends[1]);
    return ends;
  }

  struct Candidate {
    std::uint32_t before = 0;
    std::uint32_t after = 0;
    std::uint32_t shared = 0;
    /// The first of the shared legs by the text of its ends.
    std::uint32_t leg = 0;
  };

  /// Cables of one kind that share legs, though others were plugged elsewhere: those that share most first.
  void match_parts_of_cables() {
    std::vector<Candidate> candidates;
    for (std::uint32_t c = 0; c < before_.cables.size(); ++c) {
      if (new_cable_of_[c] != none) continue;
      const auto first = candidates.size();
      for (const auto leg : old_legs_.of(c)) {
        if (new_leg_of_[leg] == none) continue;
        const auto after = after_.legs[new_leg_of_[leg]].cable;
        if (old_cable_of_[after] != none || !same_piece(c, after)) continue;
        const auto found = std::find_if(candidates.begin() + static_cast<std::ptrdiff_t>(first), candidates.end(),
                                        [&](const Candidate& of) { return of.after == after; });
        if (found == candidates.end()) {
          candidates.push_back({c, after, 1, leg});
        } else {
          ++found->shared;
          if (ends_text(leg) < ends_text(found->leg)) found->leg = leg;
        }
      }
    }
    std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
      return a.shared != b.shared ? a.shared > b.shared : ends_text(a.leg) < ends_text(b.leg);
    });
    for (const auto& candidate : candidates) {
      if (new_cable_of_[candidate.before] == none && old_cable_of_[candidate.after] == none) join(candidate.before, candidate.after);
    }
  }

  std::string_view module(const PlanRecord& plan, const PlanRecord::End& end) const {
    return end.module == 0 ? std::string_view() : std::string_view(plan.modules[end.module - 1]);
  }

  /// Whether the cages of a leg hold other modules; its ends may have changed places.
  bool other_modules(std::uint32_t old_leg) const {
    const auto& before = before_.legs[old_leg].ends;
    const auto& after = after_.legs[new_leg_of_[old_leg]].ends;
    const bool straight = device_of_[before[0].device] == after[0].device && before_.sockets[before[0].socket] == after_.sockets[after[0].socket];
    return module(before_, before[0]) != module(after_, after[straight ? 0 : 1]) ||
           module(before_, before[1]) != module(after_, after[straight ? 1 : 0]);
  }

  void compare(std::uint32_t before, std::uint32_t after) {
    const auto& a = before_.pieces[before_.cables[before].piece];
    const auto& b = after_.pieces[after_.cables[after].piece];
    PlanDiff::Cable change{before, after, a.media != b.media, a.part != b.part, a.sold_mm != b.sold_mm, false, false};
    change.other_legs = old_legs_.of(before).size() != new_legs_.of(after).size();
    for (const auto leg : old_legs_.of(before)) {
      if (new_leg_of_[leg] == none || after_.legs[new_leg_of_[leg]].cable != after) {
        change.other_legs = true;
      } else if (other_modules(leg)) {
        change.other_modules = true;
      }
    }
    if (change.other_legs) {
      diff_.cables_replugged.push_back(change);
    } else if (change.other_class || change.other_modules || (change.other_part && !change.other_length)) {
      diff_.cables_changed.push_back(change);
    } else if (change.other_length) {
      diff_.cables_relengthened.push_back(change);
    } else if (before_.cables[before].needed_mm != after_.cables[after].needed_mm) {
      ++diff_.needed_lengths;
    }
  }

  PlanDiff& diff_;
  const PlanRecord& before_;
  const PlanRecord& after_;
  const std::vector<std::uint32_t>& device_of_;
  LegsOfCables old_legs_;
  LegsOfCables new_legs_;
  std::vector<std::uint32_t> new_leg_of_;
  std::vector<std::uint32_t> new_cable_of_;
  std::vector<std::uint32_t> old_cable_of_;
};

} // namespace

void diff_cables(PlanDiff& diff, const std::vector<std::uint32_t>& device_of) { CableDiffer(diff, device_of).run(); }

} // namespace icplan
