// SPDX-License-Identifier: Apache-2.0
// What of an earlier plan is kept, what is added, and what must move.
#include "growth.hpp"

#include "icplan/base/text.hpp"
#include "name_index.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace icplan {
namespace {

class GrowthMeter {
public:
  GrowthMeter(const Plan& plan, Sink& sink)
      : plan_(plan),
        baseline_(*plan.baseline),
        sink_(sink),
        device_of_(match_devices(baseline_, plan.network, *plan.catalog)),
        index_(plan.network) {}

  Growth run() {
    compare_devices();
    compare_legs();
    compare_modules();
    compare_bom();
    return std::move(growth_);
  }

private:
  /// What became of an installed cable that is not laid as it was.
  enum class Fate : std::uint8_t { removed, moved, replaced };

  void compare_devices();
  void compare_legs();
  void lose_leg(const BaselineLeg& leg, std::optional<std::uint32_t> link);
  void report_cables();
  void compare_modules();
  void compare_bom();
  [[nodiscard]] bool laid_as_before(const BaselineLeg& leg, std::uint32_t link) const;
  [[nodiscard]] std::optional<std::pair<DeviceId, std::uint32_t>> port_of(const BaselineLeg& leg, std::size_t end) const;
  [[nodiscard]] std::array<std::string_view, 6> ends_of(const BaselineLeg& leg) const;

  const Plan& plan_;
  const Baseline& baseline_;
  Sink& sink_;
  /// By number in `Baseline::devices`.
  std::vector<DeviceId> device_of_;
  NameIndex index_;
  Growth growth_;
  std::unordered_map<std::string_view, Fate> lost_;
  std::string first_move_;
  std::string first_replaced_;
};

std::array<std::string_view, 6> GrowthMeter::ends_of(const BaselineLeg& leg) const {
  std::array<std::string_view, 6> ends;
  for (std::size_t c = 0; c < ends.size(); ++c) ends[c] = baseline_.cell(leg.ends[c]);
  return ends;
}

void GrowthMeter::compare_devices() {
  auto gone = Finding::of(Code::installed_device_gone, {}, {}, {}, 0);
  auto changed = Finding::of(Code::installed_device_changed, {}, {}, "state the model that is installed, and a further group or tier for others", 0);
  auto moved = Finding::of(Code::installed_device_moved, {}, {}, "give them room where they stand, or move them", 0);
  bool nodes = false;
  for (std::uint32_t b = 0; b < baseline_.devices.size(); ++b) {
    const auto& was = baseline_.devices[b];
    const auto name = [&] { return was.name; };
    const auto device = device_of_[b];
    if (!device.valid()) {
      ++growth_.devices.removed;
      const auto other = index_.device(was.name);
      if (!other) {
        gone.add(name);
        const auto part = plan_.catalog->find(was.part);
        nodes = nodes || (part && plan_.part(*part).kind == PartKind::node);
        continue;
      }
      if (changed.count == 0)
        changed.message = "installed devices have another model in the plan: `" + was.name + "` is a `" + was.part + "`, and the plan makes it a `" +
                          plan_.part(plan_.network.group(*other).part).id + "`";
      changed.add(name);
      continue;
    }
    const auto& place = plan_.placement.devices[device.index()];
    const auto rack = plan_.placement.rack_name(plan_.spec.floor, place.rack);
    const auto& old_rack = baseline_.racks[was.rack];
    if (rack == old_rack.name && (was.unit == 0 || (was.unit == place.unit && was.height == place.height))) {
      ++growth_.devices.kept;
      continue;
    }
    ++growth_.devices.moved;
    if (moved.count == 0)
      moved.message = "installed devices must move: `" + was.name + "` from rack " + old_rack.name + ", unit " + std::to_string(was.unit) +
                      " to rack " + rack + ", unit " + std::to_string(place.unit);
    moved.add(name);
  }
  growth_.devices.added = static_cast<std::int64_t>(plan_.network.devices()) - growth_.devices.kept - growth_.devices.moved;
  gone.message = nodes ? "installed devices are not part of the plan: the cluster shrank, or they have other names now"
                       : "installed switches are not part of the plan: it needs fewer of them";
  gone.help = nodes ? "raise the counts to those of the baseline, or plan without `--baseline`"
                    : "keep the topology and `expandable_to` of the baseline, or plan without `--baseline`";
  for (auto* finding : {&gone, &changed, &moved}) sink_.report(std::move(*finding));
}

bool GrowthMeter::laid_as_before(const BaselineLeg& leg, std::uint32_t link) const {
  const auto& at = plan_.cables.legs[link];
  const auto& solution = plan_.cables.solution(at);
  return plan_.part(solution.part).id == baseline_.parts[leg.part] && solution.sold.count() == leg.sold_mm;
}

std::optional<std::pair<DeviceId, std::uint32_t>> GrowthMeter::port_of(const BaselineLeg& leg, std::size_t end) const {
  const auto ends = ends_of(leg);
  const auto device = index_.device(ends[end]);
  const auto port = device ? index_.port(*device, ends[end + 1], ends[end + 2]) : std::nullopt;
  return port ? std::optional(std::pair(*device, *port)) : std::nullopt;
}

/// An installed leg that is not laid as it was: its ends are joined by another piece, or lead elsewhere, or nowhere.
void GrowthMeter::lose_leg(const BaselineLeg& leg, std::optional<std::uint32_t> link) {
  auto fate = link ? Fate::replaced : Fate::removed;
  for (const std::size_t end : {0U, 3U}) {
    if (link) break;
    const auto port = port_of(leg, end);
    const auto other = port ? index_.link_at(port->first, port->second) : std::nullopt;
    if (!other) continue;
    fate = Fate::moved;
    if (!first_move_.empty()) continue;
    const auto& now = plan_.network.links[*other];
    const bool forward = now.from == port->first && now.from_port == port->second;
    const auto ends = ends_of(leg);
    const auto text = [&](std::size_t e) { return std::string(ends[e]); };
    const auto device = forward ? now.to : now.from;
    first_move_ = "port " + text(end + 1) + "." + text(end + 2) + " of `" + text(end) + "` leads to `" + text(3 - end) + "`, port " + text(4 - end) +
                  "." + text(5 - end) + ", and must lead to `" + plan_.network.device_name(device) + "`, port " +
                  port_name(plan_.network.group(device), forward ? now.to_port : now.from_port);
  }
  if (link && first_replaced_.empty()) {
    const Millimetres needed(plan_.cables.assemblies[plan_.cables.legs[*link].assembly.index()].needed_mm);
    first_replaced_ = "`" + std::string(baseline_.cell(leg.cable)) + "` is a `" + baseline_.parts[leg.part] + "` of " + decimal(leg.sold_mm, 3) +
                      " m, " +
                      (needed.count() > leg.sold_mm ? "and its run needs " + decimal(needed.count(), 3) + " m now"
                                                    : "which no longer fits what it is plugged into");
  }
  const auto [it, added] = lost_.try_emplace(baseline_.cell(leg.cable), fate);
  if (!added) it->second = std::max(it->second, fate);
}

void GrowthMeter::compare_legs() {
  std::vector<bool> kept(plan_.cables.assemblies.size(), false);
  std::vector<bool> stays(baseline_.legs.size(), false);
  for (std::size_t b = 0; b < baseline_.legs.size(); ++b) {
    const auto& leg = baseline_.legs[b];
    const auto link = index_.link(ends_of(leg));
    if (link && laid_as_before(leg, *link)) {
      stays[b] = true;
      kept[plan_.cables.legs[*link].assembly.index()] = true;
    } else {
      lose_leg(leg, link);
    }
  }
  // A piece that still serves another leg stays.
  for (std::size_t b = 0; b < baseline_.legs.size() && !lost_.empty(); ++b) {
    if (stays[b]) lost_.erase(baseline_.cell(baseline_.legs[b].cable));
  }
  growth_.cables.kept = std::count(kept.begin(), kept.end(), true);
  growth_.cables.added = static_cast<std::int64_t>(kept.size()) - growth_.cables.kept;
  report_cables();
}

void GrowthMeter::report_cables() {
  std::vector<std::pair<std::string_view, Fate>> lost(lost_.begin(), lost_.end());
  std::sort(lost.begin(), lost.end());
  std::array<Finding, 3> told = {
      Finding::of(Code::installed_cable_gone, {}, "installed cables join nothing in the plan and must be taken out", {}, 0),
      Finding::of(Code::installed_cable_moved, {}, "installed cables must be plugged elsewhere: " + first_move_,
                  "`expandable_to` in the earlier plan keeps links between switches while nodes are added", 0),
      Finding::of(Code::installed_cable_replaced, {}, "installed cables cannot serve any more: " + first_replaced_,
                  "move the racks so that they reach, or order what takes their place", 0)};
  for (const auto& [name, fate] : lost) told[static_cast<std::size_t>(fate)].add([&name = name] { return std::string(name); });
  growth_.cables.removed = static_cast<std::int64_t>(told[0].count);
  growth_.cables.moved = static_cast<std::int64_t>(told[1].count);
  growth_.cables.replaced = static_cast<std::int64_t>(told[2].count);
  for (auto& finding : told) sink_.report(std::move(finding));
}

void GrowthMeter::compare_modules() {
  auto changed = Finding::of(Code::installed_module_changed, {}, {},
                             "a longer run, or another part in the same optical group, asks for modules of another type", 0);
  for (const auto& leg : baseline_.legs) {
    for (std::size_t end = 0; end < leg.modules.size(); ++end) {
      if (leg.modules[end] == 0) continue;
      const auto port = port_of(leg, end * 3);
      if (!port) continue;
      const auto module = plan_.cables.module_of_cage[plan_.network.cage(port->first, port->second).index()];
      if (module == 0 || plan_.part(plan_.cables.modules[module - 1U]).id == baseline_.parts[leg.modules[end] - 1]) continue;
      if (changed.count == 0) {
        changed.message = "installed modules must be changed: `" + std::string(baseline_.cell(leg.ends[end * 3])) + "` has `" +
                          baseline_.parts[leg.modules[end] - 1] + "` in cage " + std::string(baseline_.cell(leg.ends[end * 3 + 1])) + " and needs `" +
                          plan_.part(plan_.cables.modules[module - 1U]).id + "`";
      }
      changed.add([&] { return std::string(baseline_.cell(leg.ends[end * 3])) + " cage " + std::string(baseline_.cell(leg.ends[end * 3 + 1])); });
    }
  }
  sink_.report(std::move(changed));
}

/// What was bought, line by line; what no line needs any more is left over.
void GrowthMeter::compare_bom() {
  using Key = std::tuple<std::string_view, std::string_view, std::string_view, std::int64_t, std::string_view>;
  std::map<Key, std::pair<std::int64_t, const BaselineItem*>> bought;
  for (const auto& item : baseline_.bom) {
    auto& entry = bought[{item.part, item.kind, item.fabric, item.length_mm, item.included_in}];
    entry.first += item.bought;
    entry.second = &item;
  }
  for (const auto& row : plan_.bom) {
    const auto found = bought.find({plan_.part(row.part).id, row.kind, plan_.fabric_name(row.fabric), row.length.count(),
                                    row.included_in.valid() ? std::string_view(plan_.part(row.included_in).id) : std::string_view()});
    const auto needed = row.quantity + row.spares;
    const auto used = found == bought.end() ? std::int64_t{0} : std::min(found->second.first, needed);
    if (found != bought.end()) found->second.first -= used;
    const auto pack = row.included_in.valid() ? 1 : plan_.part(row.part).pack;
    growth_.installed.push_back(used);
    growth_.to_buy.push_back(round_up(needed - used, pack));
  }
  for (const auto& [key, entry] : bought) {
    if (entry.first == 0 || !entry.second->included_in.empty()) continue;
    growth_.left_over.push_back(*entry.second);
    growth_.left_over.back().bought = entry.first;
  }
}

} // namespace

Growth measure_growth(const Plan& plan, Sink& sink) { return GrowthMeter(plan, sink).run(); }

} // namespace icplan
