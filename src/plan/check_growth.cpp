// SPDX-License-Identifier: Apache-2.0
// A plan against its baseline: what it says is kept is what was there, and everything else is counted.
#include "check_plan.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

namespace icplan {
namespace {

constexpr std::uint32_t none = ~0U;

/// Numbers by the hash of a text; the texts are compared by whoever asks.
using Hashes = std::vector<std::pair<std::size_t, std::uint32_t>>;

class GrowthCheck {
public:
  GrowthCheck(const Plan& plan, Violations& violations) : plan_(plan), baseline_(*plan.baseline), growth_(*plan.growth), violations_(violations) {}

  void run() {
    check_devices();
    find_legs();
    check_cables();
    check_bom_rows();
  }

private:
  void compare(std::string_view what, std::int64_t wanted, std::int64_t said) {
    if (wanted != said) violations_.add("the plan says ", said, " ", what, ", but there are ", wanted);
  }

  std::string old_key(const BaselineLeg& leg) const {
    const auto end = [&](std::size_t at) {
      return std::string(baseline_.cell(leg.ends[at])) + "|" + std::string(baseline_.cell(leg.ends[at + 1])) + "|" +
             std::string(baseline_.cell(leg.ends[at + 2]));
    };
    return std::min(end(0), end(3)) + "|" + std::max(end(0), end(3));
  }

  std::string new_key(const Link& link) const {
    const auto from = end_key(plan_.network, link.from, link.from_port);
    const auto to = end_key(plan_.network, link.to, link.to_port);
    return std::min(from, to) + "|" + std::max(from, to);
  }

  void check_devices() {
    std::unordered_map<std::string, std::uint32_t> numbers;
    for (std::uint32_t d = 0; d < plan_.network.devices(); ++d) numbers.emplace(plan_.network.device_name(DeviceId(d)), d);
    std::int64_t kept = 0;
    std::int64_t moved = 0;
    for (const auto& was : baseline_.devices) {
      const auto found = numbers.find(was.name);
      if (found == numbers.end() || plan_.part(plan_.network.group(DeviceId(found->second)).part).id != was.part) continue;
      const auto& place = plan_.placement.devices[found->second];
      const bool stays = plan_.placement.rack_name(plan_.spec.floor, place.rack) == baseline_.racks[was.rack].name &&
                         (was.unit == 0 || (place.unit == was.unit && place.height == was.height));
      ++(stays ? kept : moved);
    }
    compare("installed devices kept", kept, growth_.devices.kept);
    compare("installed devices moved", moved, growth_.devices.moved);
    compare("installed devices removed", static_cast<std::int64_t>(baseline_.devices.size()) - kept - moved, growth_.devices.removed);
    compare("devices added", static_cast<std::int64_t>(plan_.network.devices()) - kept - moved, growth_.devices.added);
  }

  /// Which installed leg each link is.
  void find_legs() {
    Hashes hashes;
    hashes.reserve(baseline_.legs.size());
    for (std::uint32_t b = 0; b < baseline_.legs.size(); ++b) hashes.emplace_back(std::hash<std::string>()(old_key(baseline_.legs[b])), b);
    std::sort(hashes.begin(), hashes.end());
    leg_of_link_.assign(plan_.network.links.size(), none);
    for (std::size_t i = 0; i < leg_of_link_.size(); ++i) {
      const auto& link = plan_.network.links[i];
      const auto key = new_key(link);
      const auto hash = std::hash<std::string>()(key);
      for (auto at = std::lower_bound(hashes.begin(), hashes.end(), std::pair(hash, std::uint32_t{0})); at != hashes.end() && at->first == hash;
           ++at) {
        if (old_key(baseline_.legs[at->second]) == key) leg_of_link_[i] = at->second;
      }
    }
  }

  bool same_piece(std::size_t link, std::uint32_t leg) const {
    const auto& solution = plan_.cables.solution(plan_.cables.legs[link]);
    return plan_.part(solution.part).id == baseline_.parts[baseline_.legs[leg].part] && solution.sold.count() == baseline_.legs[leg].sold_mm;
  }

  void check_cables() {
    const auto& legs = plan_.cables.legs;
    std::vector<bool> kept(plan_.cables.assemblies.size(), false);
    std::vector<std::uint32_t> link_of_leg(baseline_.legs.size(), none);
    std::vector<std::size_t> ports;
    for (std::size_t i = 0; i < legs.size(); ++i) {
      const auto b = leg_of_link_[i];
      if (b == none) continue;
      link_of_leg[b] = static_cast<std::uint32_t>(i);
      if (!same_piece(i, b)) continue;
      kept[legs[i].assembly.index()] = true;
      if (!legs[i].held && plan_.spec.lengths == nullptr)
        violations_.add(LinkName{plan_.network, i}, " is laid as it was installed, and must say that it is held");
    }
    for (const auto& link : plan_.network.links) {
      ports.push_back(std::hash<std::string>()(end_key(plan_.network, link.from, link.from_port)));
      ports.push_back(std::hash<std::string>()(end_key(plan_.network, link.to, link.to_port)));
    }
    std::sort(ports.begin(), ports.end());
    const auto in_use = [&](const BaselineLeg& leg, std::size_t end) {
      const auto key = std::string(baseline_.cell(leg.ends[end])) + "|" + std::string(baseline_.cell(leg.ends[end + 1])) + "|" +
                       std::string(baseline_.cell(leg.ends[end + 2]));
      return std::binary_search(ports.begin(), ports.end(), std::hash<std::string>()(key));
    };
    // 0 removed, 1 moved, 2 replaced.
    std::unordered_map<std::string_view, int> lost;
    for (std::size_t b = 0; b < baseline_.legs.size(); ++b) {
      const auto& leg = baseline_.legs[b];
      const bool linked = link_of_leg[b] != none;
      if (linked && same_piece(link_of_leg[b], static_cast<std::uint32_t>(b))) continue;
      const int fate = linked ? 2 : in_use(leg, 0) || in_use(leg, 3) ? 1 : 0;
      auto& entry = lost.try_emplace(baseline_.cell(leg.cable), fate).first->second;
      entry = std::max(entry, fate);
    }
    for (std::size_t b = 0; b < baseline_.legs.size() && !lost.empty(); ++b) {
      if (link_of_leg[b] != none && same_piece(link_of_leg[b], static_cast<std::uint32_t>(b))) lost.erase(baseline_.cell(baseline_.legs[b].cable));
    }
    std::array<std::int64_t, 3> fates{};
    for (const auto& entry : lost) ++fates[static_cast<std::size_t>(entry.second)];
    const auto stays = std::count(kept.begin(), kept.end(), true);
    compare("installed cables kept", stays, growth_.cables.kept);
    compare("cables added", static_cast<std::int64_t>(kept.size()) - stays, growth_.cables.added);
    compare("installed cables removed", fates[0], growth_.cables.removed);
    compare("installed cables moved", fates[1], growth_.cables.moved);
    compare("installed cables replaced", fates[2], growth_.cables.replaced);
    check_held(kept);
  }

  /// What is held is installed, or locked.
  void check_held(const std::vector<bool>& kept) {
    for (std::size_t i = 0; i < plan_.cables.legs.size(); ++i) {
      const auto& leg = plan_.cables.legs[i];
      if (leg.held && !kept[leg.assembly.index()] && plan_.spec.lengths == nullptr)
        violations_.add(LinkName{plan_.network, i}, " is held, but nothing of it is installed");
    }
  }

  void check_bom_rows() {
    using Key = std::tuple<std::string, std::string, std::string, std::int64_t, std::string>;
    std::map<Key, std::int64_t> owned;
    for (const auto& item : baseline_.bom) owned[{item.part, item.kind, item.fabric, item.length_mm, item.included_in}] += item.bought;
    if (growth_.installed.size() != plan_.bom.size() || growth_.to_buy.size() != plan_.bom.size()) {
      violations_.add("the plan says of ", growth_.installed.size(), " BOM rows what is installed, but there are ", plan_.bom.size());
      return;
    }
    for (std::size_t r = 0; r < plan_.bom.size(); ++r) {
      const auto& row = plan_.bom[r];
      auto& have = owned[{plan_.part(row.part).id, std::string(row.kind), std::string(plan_.fabric_name(row.fabric)), row.length.count(),
                          row.included_in.valid() ? plan_.part(row.included_in).id : std::string()}];
      const auto wanted = std::min(have, row.quantity + row.spares);
      have -= wanted;
      const auto pack = row.included_in.valid() ? std::int64_t{1} : plan_.part(row.part).pack;
      auto buy = growth_.to_buy[r];
      if (buy % pack != 0 || buy < row.quantity + row.spares - wanted || buy - pack >= row.quantity + row.spares - wanted)
        violations_.add("BOM row `", plan_.part(row.part).id, "` says that ", buy, " are to be bought, where ", wanted, " are installed");
      if (growth_.installed[r] != wanted)
        violations_.add("BOM row `", plan_.part(row.part).id, "` says that ", growth_.installed[r], " are installed instead of ", wanted);
    }
    std::int64_t rest = 0;
    for (const auto& [key, count] : owned) rest += std::get<4>(key).empty() ? count : 0;
    std::int64_t said = 0;
    for (const auto& item : growth_.left_over) said += item.bought;
    compare("pieces left over", rest, said);
  }

  const Plan& plan_;
  const Baseline& baseline_;
  const Growth& growth_;
  Violations& violations_;
  std::vector<std::uint32_t> leg_of_link_;
};

} // namespace

void check_growth(const Plan& plan, Violations& violations) {
  if (plan.baseline == nullptr) {
    if (plan.growth) violations.add("the plan tells of growth without a baseline");
    if (plan.spec.lengths != nullptr) return;
    for (std::size_t i = 0; i < plan.cables.legs.size(); ++i) {
      if (plan.cables.legs[i].held) violations.add(LinkName{plan.network, i}, " is held, but nothing is installed or locked");
    }
    return;
  }
  if (!plan.growth) {
    violations.add("the plan has a baseline, but tells of no growth");
    return;
  }
  GrowthCheck(plan, violations).run();
}

} // namespace icplan
