// SPDX-License-Identifier: Apache-2.0
// Takes the record of a plan.
#include "icplan/report/record.hpp"

#include "figures.hpp"
#include "file_names.hpp"
#include "icplan/analysis/analysis.hpp"
#include "icplan/report/report.hpp"
#include "plan/end_names.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

namespace icplan {
namespace {

constexpr auto not_numbered = std::numeric_limits<std::uint32_t>::max();

class Recorder {
public:
  explicit Recorder(const Plan& plan) : plan_(plan), names_(plan) {}

  PlanRecord run() {
    to_.name = plan_.spec.name;
    record_totals();
    record_fabrics();
    to_.nodes = count_node_groups(plan_);
    record_racks();
    record_items();
    record_findings();
    record_cables();
    return std::move(to_);
  }

private:
  void record_totals() {
    const auto counts = count_plan(plan_);
    const auto power = measure_power(plan_).total;
    const auto cost = measure_cost(plan_);
    to_.totals = {counts.gpus,
                  counts.nodes,
                  counts.support_nodes,
                  counts.racks,
                  counts.switches,
                  counts.links,
                  counts.cables,
                  counts.modules,
                  known_total(power.typical.count(), power.unknown_typical),
                  known_total(power.maximum.count(), power.unknown_maximum),
                  known_total(cost.total.count(), cost.unknown_parts),
                  power.unknown_typical,
                  power.unknown_maximum,
                  cost.unknown_parts};
  }

  void record_fabrics() {
    const auto bandwidth = measure_bandwidth(plan_);
    for (std::size_t f = 0; f < plan_.network.fabrics.size(); ++f) {
      const auto& layout = plan_.network.fabrics[f];
      const auto& fabric = plan_.spec.fabrics[layout.fabric.index()];
      auto& to = to_.fabrics.emplace_back();
      to.name = fabric.name;
      to.topology = to_text(fabric.topology);
      for (const auto& tier : layout.tiers) {
        to.tiers.push_back({tier.name, plan_.part(tier.model).id, tier.switches,
                            tier.oversubscription ? std::optional(thousandths(*tier.oversubscription)) : std::nullopt});
      }
      const auto& at = bandwidth[f];
      if (at.per_gpu) to.per_gpu_mbps = at.per_gpu->count();
      if (at.bisection_full) to.bisection_full_mbps = at.bisection_full->count();
      to.bisection_bound = at.bisection_bound;
    }
  }

  void record_racks() {
    std::vector<std::vector<DeviceId>> contents(plan_.placement.racks.size());
    for (std::uint32_t d = 0; d < plan_.network.devices(); ++d) contents[plan_.placement.devices[d].rack.index()].emplace_back(d);
    number_of_device_.resize(plan_.network.devices());
    for (std::uint32_t r = 0; r < contents.size(); ++r) {
      const auto& rack = plan_.placement.racks[r];
      to_.racks.push_back({plan_.placement.rack_name(plan_.spec.floor, RackId(r)), plan_.spec.racks[rack.spec.index()].name,
                           plan_.spec.floor.halls[rack.hall.index()].name, rack.row + 1, rack.position + 1});
      for (const auto device : contents[r]) {
        const auto& group = plan_.network.group(device);
        const bool upright = group.is_node() && plan_.spec.nodes[group.nodes.index()].pdus;
        number_of_device_[device.index()] = static_cast<std::uint32_t>(to_.devices.size());
        to_.devices.push_back({plan_.network.device_name(device), plan_.part(group.part).id, r,
                               upright ? 0 : std::int64_t{plan_.placement.devices[device.index()].unit}});
      }
    }
  }

  void record_items() {
    for (const auto& row : plan_.bom) {
      const bool included = row.included_in.valid();
      const auto price = plan_.unit_price(row);
      const auto watts = included ? std::nullopt : plan_.spec.accepted(plan_.part(row.part).power_max);
      to_.items.push_back({plan_.part(row.part).id, std::string(row.kind), std::string(plan_.fabric_name(row.fabric)),
                           included ? plan_.part(row.included_in).id : std::string(), row.length.count(), row.quantity, row.spares,
                           included ? 0 : row.ordered, price ? std::optional(price->amount.count()) : std::nullopt,
                           watts ? std::optional(watts->count()) : std::nullopt});
    }
  }

  void record_findings() {
    for (const auto& finding : plan_.findings) {
      PlanRecord::Note note{code_text(finding.code),
                            std::string(code_info(finding.code).name),
                            std::string(to_text(finding.severity)),
                            finding.message,
                            finding.help,
                            {},
                            0,
                            0,
                            static_cast<std::int64_t>(finding.count)};
      if (finding.where.valid()) {
        const auto position = plan_.sources->position(finding.where.file, finding.where.begin);
        note.file = utf8_name(file_name(plan_.sources->name(finding.where.file)));
        note.line = position.line;
        note.column = position.column;
      }
      to_.findings.push_back(std::move(note));
    }
  }

  /// Numbers of the ports of equal devices: by group and local port.
  std::uint32_t socket_of(DeviceId device, std::uint32_t port) {
    const auto group = plan_.network.group_of_device[device.index()];
    if (sockets_of_group_.empty()) sockets_of_group_.resize(plan_.network.groups.size());
    auto& sockets = sockets_of_group_[group];
    if (sockets.empty()) sockets.assign(plan_.network.groups[group].ports_per_device, not_numbered);
    if (sockets[port] != not_numbered) return sockets[port];
    const std::string_view text = names_.port(device, port).cage_and_port;
    const auto comma = text.rfind(',');
    const PlanRecord::Socket socket{std::string(text.substr(0, comma)), std::string(text.substr(comma + 1))};
    const auto [found, fresh] = sockets_.try_emplace(socket, static_cast<std::uint32_t>(to_.sockets.size()));
    if (fresh) to_.sockets.push_back(socket);
    return sockets[port] = found->second;
  }

  PlanRecord::End end_of(DeviceId device, std::uint32_t port) {
    PlanRecord::End end{number_of_device_[device.index()], socket_of(device, port), 0};
    const auto module = plan_.cables.module_of_cage[plan_.network.cage(device, port).index()];
    if (module == 0) return end;
    auto& number = number_of_module_[module - 1U];
    if (number == not_numbered) {
      const auto& id = plan_.part(plan_.cables.modules[module - 1U]).id;
      const auto found = std::find(to_.modules.begin(), to_.modules.end(), id);
      number = static_cast<std::uint32_t>(found - to_.modules.begin());
      if (found == to_.modules.end()) to_.modules.push_back(id);
    }
    end.module = number + 1;
    return end;
  }

  std::uint32_t piece_of(const Solution& solution, FabricId fabric) {
    PlanRecord::Piece piece{std::string(to_text(solution.media)), plan_.part(solution.part).id, solution.sold.count(),
                            plan_.spec.fabrics[fabric.index()].name};
    const auto [found, fresh] = pieces_.try_emplace(std::move(piece), static_cast<std::uint32_t>(to_.pieces.size()));
    if (fresh) to_.pieces.push_back(found->first);
    return found->second;
  }

  void record_cables() {
    number_of_module_.assign(plan_.cables.modules.size(), not_numbered);
    std::vector<std::uint32_t> number_of_cable(plan_.cables.assemblies.size(), not_numbered);
    to_.legs.reserve(plan_.network.links.size());
    to_.cables.reserve(plan_.cables.assemblies.size());
    std::string name;
    for (const auto& group : plan_.network.link_groups) {
      std::vector<std::uint32_t> piece_of_solution(plan_.cables.solutions.size(), not_numbered);
      for (auto i = group.first; i < group.first + group.count; ++i) {
        const auto& link = plan_.network.links[i];
        const auto assembly = plan_.cables.legs[i].assembly.index();
        PlanRecord::Leg leg;
        leg.ends = {end_of(link.from, link.from_port), end_of(link.to, link.to_port)};
        if (number_of_cable[assembly] == not_numbered) {
          const auto& of = plan_.cables.assemblies[assembly];
          auto& piece = piece_of_solution[of.solution.index()];
          if (piece == not_numbered) piece = piece_of(plan_.cables.solutions[of.solution.index()], group.fabric);
          name.clear();
          names_.append_cable(name, of, group);
          number_of_cable[assembly] = static_cast<std::uint32_t>(to_.cables.size());
          to_.add_cable(name, piece, of.needed_mm);
        }
        leg.cable = number_of_cable[assembly];
        to_.legs.push_back(leg);
      }
    }
  }

  const Plan& plan_;
  EndNames names_;
  PlanRecord to_;
  std::vector<std::uint32_t> number_of_device_;
  std::vector<std::uint32_t> number_of_module_;
  std::vector<std::vector<std::uint32_t>> sockets_of_group_;
  std::map<PlanRecord::Socket, std::uint32_t> sockets_;
  std::map<PlanRecord::Piece, std::uint32_t> pieces_;
};

} // namespace

std::vector<PlanRecord::NodeGroup> count_node_groups(const Plan& plan) {
  std::vector<PlanRecord::NodeGroup> groups;
  for (const auto& group : plan.network.groups) {
    if (!group.is_node() || group.count == 0) continue;
    const auto& name = plan.spec.nodes[group.nodes.index()].name;
    const auto& model = plan.part(group.part).id;
    const auto same = [&](const PlanRecord::NodeGroup& of) { return of.name == name && of.model == model; };
    const auto found = std::find_if(groups.begin(), groups.end(), same);
    if (found == groups.end()) {
      groups.push_back({name, model, group.count});
    } else {
      found->count += group.count;
    }
  }
  return groups;
}

PlanRecord record_plan(const Plan& plan) { return Recorder(plan).run(); }

} // namespace icplan
