// SPDX-License-Identifier: Apache-2.0
// Reckons the figures of a saved plan again.
#include "saved_check.hpp"

#include "icplan/base/text.hpp"
#include "saved_document.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace icplan {
namespace {

__extension__ typedef __int128 Wide;

class SavedPlanCheck {
public:
  SavedPlanCheck(const PlanRecord& record, const std::string& shown, SourceRange where, Sink& sink)
      : record_(record), shown_(shown), where_(where), sink_(sink) {
    where_.end = std::min(where_.end, where_.begin + 1);
  }

  void run() {
    const auto& totals = record_.totals;
    same("links", totals.links, static_cast<std::int64_t>(record_.legs.size()), "rows of cables.csv");
    same("cables", totals.cables, static_cast<std::int64_t>(record_.cables.size()), "cables of cables.csv");
    same("racks", totals.racks, static_cast<std::int64_t>(record_.racks.size()), "racks that are listed");
    check_devices();
    check_cost();
    check_cables();
    check_ports();
  }

private:
  void differ(std::string message) {
    sink_.report(Code::saved_plan_inconsistent, where_, "saved plan `" + shown_ + "`: " + std::move(message), write_plan_again);
  }
  void same(std::string_view what, std::int64_t stated, std::int64_t found, std::string_view in) {
    if (stated != found)
      differ("its summary states " + grouped(stated) + " " + std::string(what) + ", but there are " + grouped(found) + " " + std::string(in));
  }

  void check_devices() {
    std::int64_t nodes = 0;
    std::int64_t switches = 0;
    std::map<std::string_view, std::int64_t> stated;
    for (const auto& group : record_.nodes) {
      nodes += group.count;
      stated[group.model] += group.count;
    }
    for (const auto& fabric : record_.fabrics) {
      for (const auto& tier : fabric.tiers) {
        switches += tier.switches;
        stated[tier.model] += tier.switches;
      }
    }
    same("switches", record_.totals.switches, switches, "in the tiers of its fabrics");
    // Power distribution units are no nodes.
    if (record_.totals.nodes + record_.totals.support_nodes > nodes)
      same("nodes", record_.totals.nodes + record_.totals.support_nodes, nodes, "in its groups of nodes");
    for (const auto& device : record_.devices) --stated[device.part];
    for (const auto& [part, missing] : stated) {
      if (missing == 0) continue;
      differ(grouped(missing < 0 ? -missing : missing) + (missing < 0 ? " more" : " fewer") + " devices of part `" + std::string(part) +
             "` stand in its racks than its groups and tiers hold");
    }
  }

  void check_cost() {
    Wide sum = 0;
    std::set<std::string_view> unknown;
    for (const auto& item : record_.items) {
      if (!item.included_in.empty()) continue;
      if (item.price_cents) {
        sum += Wide{*item.price_cents} * item.ordered;
      } else {
        unknown.insert(item.part);
      }
    }
    const auto& totals = record_.totals;
    const auto cents = static_cast<std::int64_t>(std::min<Wide>(sum, max_saved_figure));
    if (totals.cost_cents.value_or(0) != sum)
      differ("its summary states $" + fixed(totals.cost_cents.value_or(0), 2) + ", but its bill of materials comes to $" + fixed(cents, 2));
    same("parts without a price", totals.cost_unknown, static_cast<std::int64_t>(unknown.size()), "in its bill of materials");
  }

  void check_cables() {
    constexpr std::array<std::string_view, 4> kinds = {"dac", "aoc", "fibre", "utp"};
    std::map<std::pair<std::string_view, std::int64_t>, std::int64_t> more;
    for (const auto& item : record_.items) {
      if (std::find(kinds.begin(), kinds.end(), item.kind) != kinds.end()) more[{item.part, item.length_mm}] += item.quantity;
    }
    for (const auto& cable : record_.cables) {
      const auto& piece = record_.pieces[cable.piece];
      --more[{piece.part, piece.sold_mm}];
    }
    for (const auto& [key, difference] : more) {
      if (difference == 0) continue;
      differ("cables.csv lays " + grouped(difference < 0 ? -difference : difference) + (difference < 0 ? " more" : " fewer") + " of `" +
             std::string(key.first) + "` at " + decimal(key.second, 3) + " m than its bill of materials has");
    }
  }

  void check_ports() {
    std::vector<std::uint64_t> ends;
    ends.reserve(record_.legs.size() * 2);
    for (const auto& leg : record_.legs) {
      for (const auto& end : leg.ends) ends.push_back((std::uint64_t{end.device} << 32U) | end.socket);
    }
    std::sort(ends.begin(), ends.end());
    const auto twice = std::adjacent_find(ends.begin(), ends.end());
    if (twice == ends.end()) return;
    const auto& socket = record_.sockets[static_cast<std::uint32_t>(*twice)];
    differ("cables.csv joins port " + socket.port + " of cage " + socket.cage + " of `" + record_.devices[*twice >> 32U].name + "` twice");
  }

  const PlanRecord& record_;
  const std::string& shown_;
  SourceRange where_;
  Sink& sink_;
};

} // namespace

void check_saved_plan(const PlanRecord& record, const std::string& shown, SourceRange where, Sink& sink) {
  SavedPlanCheck(record, shown, where, sink).run();
}

} // namespace icplan
