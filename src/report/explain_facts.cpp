// SPDX-License-Identifier: Apache-2.0
// Collects what there is to tell of a device.
#include "report/explain_facts.hpp"

#include "report/figures.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace icplan {
namespace {

constexpr std::size_t most_names = 3;

std::string tier_name(const Plan& plan, const DeviceGroup& group) {
  const auto& tiers = plan.network.fabrics[group.fabric.index()].tiers;
  const auto tier = static_cast<std::size_t>(group.tier);
  return tier >= 1 && tier <= tiers.size() ? tiers[tier - 1].name : std::string("switch");
}

/// What a device is, for the far end of a link: "nodes gpu", "compute leaf".
std::string kind_of_device(const Plan& plan, DeviceId device) {
  const auto& group = plan.network.group(device);
  if (group.is_node()) return (plan.spec.nodes[group.nodes.index()].pdus ? "PDUs " : "nodes ") + plan.spec.nodes[group.nodes.index()].name;
  return std::string(plan.fabric_name(group.fabric)) + " " + tier_name(plan, group);
}

std::string role_of(const Plan& plan, DeviceId device) {
  const auto& own = plan.network.group(device);
  if (own.is_node()) {
    const auto& nodes = plan.spec.nodes[own.nodes.index()];
    return (nodes.pdus ? "power distribution unit " : "node ") + grouped(std::int64_t{device.index() - own.first.index()} + 1) + " of " +
           grouped(own.count) + " of group " + nodes.name;
  }
  // A tier may be several groups: of planes, rails or node groups.
  std::int64_t before = 0;
  std::int64_t all = 0;
  bool planes = false;
  for (const auto& group : plan.network.groups) {
    if (group.is_node() || group.fabric != own.fabric || group.tier != own.tier) continue;
    if (group.first < own.first) before += group.count;
    planes = planes || group.plane > 0;
    all += group.count;
  }
  auto text = "switch " + grouped(before + (device.index() - own.first.index()) + 1) + " of " + grouped(all) + " of tier " + tier_name(plan, own) +
              " of fabric " + std::string(plan.fabric_name(own.fabric));
  if (planes) text += ", plane " + grouped(own.plane + 1);
  if (own.rail_network) text += ", rail " + grouped(own.rail + 1);
  return text;
}

std::vector<std::string> why_it_is(const Plan& plan, const DeviceGroup& group) {
  if (!group.is_node()) {
    auto reasons = plan.network.fabrics[group.fabric.index()].reasons;
    for (std::uint32_t f = 0; f < plan.spec.fabrics.size(); ++f) {
      const auto& layout = plan.network.fabrics[f];
      if (FabricId(f) != group.fabric && layout.host == group.fabric)
        reasons.push_back("fabric " + plan.spec.fabrics[f].name + " has its ports on these switches");
    }
    return reasons;
  }
  const auto& nodes = plan.spec.nodes[group.nodes.index()];
  if (nodes.pdus) return {"`pdus` of the racks: " + counted(nodes.count, "piece", "pieces") + " over all racks"};
  if (!nodes.product.valid()) return {"`count` of group " + nodes.name + ": " + counted(nodes.count, "node", "nodes")};
  return {"`count` of group " + nodes.name + ": " + counted(nodes.count / std::max<std::int64_t>(nodes.per_product, 1), "rack", "racks") + " `" +
          plan.part(nodes.product).id + "` of " + counted(nodes.per_product, "node", "nodes")};
}

std::string_view leaves_stand(SwitchPlacement placement) {
  switch (placement) {
  case SwitchPlacement::central: return "in network racks in the middle of the floor";
  case SwitchPlacement::top_of_rack: return "with the nodes that they serve";
  case SwitchPlacement::middle_of_row: return "in network racks in the middle of the row of their nodes";
  case SwitchPlacement::end_of_row: return "in network racks at the end of the row of their nodes";
  case SwitchPlacement::optimize: return "in network racks where cables come to least";
  }
  return "";
}

std::vector<std::string> why_it_stands_there(const Plan& plan, const DeviceGroup& group, const Rack& rack) {
  std::vector<std::string> reasons;
  const auto name = group.is_node() ? "`" + plan.spec.nodes[group.nodes.index()].name + "`" : std::string();
  if (!group.is_node()) {
    const auto& fabric = plan.spec.fabrics[group.fabric.index()];
    if (group.tier == 1) {
      reasons.push_back("leaves of fabric " + fabric.name + " stand " + std::string(leaves_stand(fabric.switches)) + ": `switches` is `" +
                        std::string(to_text(fabric.switches)) + "`");
    } else {
      reasons.push_back("switches above leaves stand in network racks");
    }
  }
  for (const auto& reason : plan.placement.reasons) {
    const bool of_nodes = reason.find("nodes per rack") != std::string::npos;
    if (group.is_node() ? reason.find(name) != std::string::npos : !of_nodes) reasons.push_back(reason);
  }
  if (rack.pinned) reasons.push_back("the place of its rack was given: by `fixed` of the spec, or by the baseline");
  reasons.push_back("its rack takes nothing more: " + std::string(closed_text(rack.closed)));
  return reasons;
}

/// Local port -> what it is used for.
std::map<std::uint32_t, std::string> uses_of_ports(const Plan& plan, DeviceId device) {
  std::map<std::uint32_t, std::string> uses;
  for (const auto& links : plan.network.link_groups) {
    const std::string fabric(plan.fabric_name(links.fabric));
    for (std::uint32_t i = links.first; i < links.first + links.count; ++i) {
      const auto& link = plan.network.links[i];
      if (link.from == device) uses[link.from_port] = "fabric " + fabric + ", to " + kind_of_device(plan, link.to);
      if (link.to == device) uses[link.to_port] = "fabric " + fabric + ", to " + kind_of_device(plan, link.from);
    }
  }
  for (const auto& layout : plan.network.fabrics) {
    const auto& fabric = plan.spec.fabrics[layout.fabric.index()];
    for (const auto& reserved : layout.reserved) {
      const auto& purpose = fabric.reserved[reserved.reservation].purpose;
      if (reserved.device == device) uses[reserved.port] = purpose.empty() ? "reserved" : "reserved for " + purpose;
    }
    for (const auto& external : layout.external) {
      if (external.device == device) uses[external.port] = "fabric " + fabric.name + ", out to " + fabric.external[external.external].name;
    }
  }
  return uses;
}

std::vector<ToldPorts> ports_of(const Plan& plan, DeviceId device) {
  const auto uses = uses_of_ports(plan, device);
  std::vector<ToldPorts> all;
  for (const auto& block : plan.network.group(device).blocks) {
    const auto first = all.size();
    std::int64_t free = 0;
    for (std::uint32_t port = block.first_port; port < block.first_port + block.ports(); ++port) {
      const auto use = uses.find(port);
      if (use == uses.end()) {
        ++free;
        continue;
      }
      const auto same =
          std::find_if(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(), [&](const ToldPorts& facts) { return facts.use == use->second; });
      if (same != all.end()) {
        ++same->count;
      } else {
        all.push_back({block.name, block.speed, use->second, 1});
      }
    }
    if (free > 0) all.push_back({block.name, block.speed, "free", free});
  }
  return all;
}

std::vector<ToldCables> cables_of(const Plan& plan, DeviceId device) {
  std::vector<ToldCables> all;
  std::map<std::tuple<std::string, std::uint32_t, std::int64_t>, std::size_t> rows;
  std::set<std::uint32_t> seen;
  for (std::uint32_t i = 0; i < plan.network.links.size(); ++i) {
    const auto& link = plan.network.links[i];
    if (link.from != device && link.to != device) continue;
    const auto& leg = plan.cables.legs[i];
    if (!seen.insert(leg.assembly.index()).second) continue;
    const auto& solution = plan.cables.solution(leg);
    const auto far = kind_of_device(plan, link.from == device ? link.to : link.from);
    const auto [row, fresh] = rows.try_emplace({far, solution.part.index(), solution.sold.count()}, all.size());
    if (fresh) all.push_back({far, solution.media, solution.part, solution.sold, 0, {}});
    auto& facts = all[row->second];
    ++facts.cables;
    if (facts.names.size() < most_names) facts.names.push_back(cable_name(plan, leg.assembly));
  }
  return all;
}

} // namespace

std::string rack_spot(const Plan& plan, RackId rack) {
  const auto& at = plan.placement.racks[rack.index()];
  return "hall " + plan.spec.floor.halls[at.hall.index()].name + ", row " + grouped(at.row + 1) + ", position " + grouped(at.position + 1);
}

std::string_view closed_text(RackClosed closed) {
  switch (closed) {
  case RackClosed::last: return "nothing was left to put there";
  case RackClosed::units: return "its units would not take another device";
  case RackClosed::power: return "its power limit would not take another device";
  case RackClosed::load: return "its load limit would not take another device";
  case RackClosed::stated: return "it holds as many nodes as the spec states";
  case RackClosed::set: return "its nodes and their leaves are complete";
  case RackClosed::fixed: return "the spec fixes what it holds";
  }
  return "";
}

std::string rack_power_text(const Plan& plan, RackId rack) {
  const auto& at = plan.placement.racks[rack.index()];
  const auto& limit = plan.spec.racks[at.spec.index()].max_power;
  const auto bound = at.unknown_power + at.typical_power > 0;
  return (bound ? ">= " : "") + kilowatts_text(at.power) + " of devices, " + (limit ? "of at most " + kilowatts_text(*limit) : "without a limit");
}

ToldDevice device_facts(const Plan& plan, DeviceId device) {
  const auto& group = plan.network.group(device);
  const auto& place = plan.placement.devices[device.index()];
  ToldDevice facts;
  facts.name = plan.network.device_name(device);
  facts.part = group.part;
  facts.role = role_of(plan, device);
  facts.rack = place.rack;
  facts.unit = place.unit;
  facts.height = place.height;
  facts.why = why_it_is(plan, group);
  facts.why_there = why_it_stands_there(plan, group, plan.placement.racks[place.rack.index()]);
  const auto power = rack_power(plan.spec, plan.part(group.part));
  facts.watts = power.watts;
  facts.power_basis = power.basis == PowerBasis::maximum ? "maximum" : power.basis == PowerBasis::typical ? "typical" : "unknown";
  facts.power = !power.watts ? "not known"
                             : kilowatts_text(*power.watts) + (power.basis == PowerBasis::maximum ? " at most" : " typically; no maximum is known");
  facts.ports = ports_of(plan, device);
  facts.cables = cables_of(plan, device);
  return facts;
}

} // namespace icplan
