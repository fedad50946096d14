// SPDX-License-Identifier: Apache-2.0
// Devices against their catalog entries, and links: ports, speeds, tiers, planes, endpoints and equal spread.
#include "check_plan.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace icplan {
namespace {

/// The catalog's (or, for a node, the spec's) ports that a group's cages must come from.
const std::vector<PortGroup>& stated_ports(const Plan& plan, const DeviceGroup& group) {
  return group.is_node() ? plan.spec.nodes[group.nodes.index()].ports : plan.part(group.part).port_groups();
}

void check_block(const PortGroup& stated, const CageBlock& block, std::string_view part, Violations& violations) {
  if (stated.form != block.form || stated.top != block.top || stated.lanes != block.lanes) {
    violations.add("the cages `", block.name, "` of `", part, "` do not have the catalog's form, top or lanes");
  }
  const bool listed = std::any_of(stated.modes.begin(), stated.modes.end(), [&](const PortMode& mode) {
    return mode.ports == block.ports_per_cage && mode.speed == block.speed && mode.lanes_per_port == block.lanes_per_port;
  });
  if (!listed) {
    violations.add("the catalog lists no mode of ", block.ports_per_cage, " x ", block.speed.count(), " Mb/s for the cages `", block.name, "` of `",
                   part, "`");
  }
}

/// Node ports that every node of a group gives to every fabric, by node group and fabric: what is attached, less what others took before.
std::vector<std::vector<std::int64_t>> attached_ports(const Plan& plan) {
  std::vector<std::vector<std::int64_t>> attached(plan.spec.nodes.size(), std::vector<std::int64_t>(plan.spec.fabrics.size(), 0));
  std::vector<std::map<std::string, std::int64_t, std::less<>>> left(plan.spec.nodes.size());
  for (const auto& group : plan.network.groups) {
    if (!group.is_node()) continue;
    for (const auto& block : group.blocks) left[group.nodes.index()][block.name] += std::int64_t{block.cages} * block.ports_per_cage;
  }
  for (std::size_t f = 0; f < plan.spec.fabrics.size(); ++f) {
    for (const auto& attachment : plan.spec.fabrics[f].attach) {
      if (attachment.devices != AttachedDevices::nodes) continue;
      const auto nodes = attachment.group.index();
      auto& free = left[nodes][plan.spec.nodes[nodes].ports[attachment.port_group].name];
      const auto taken = attachment.count.value_or(free);
      free -= taken;
      attached[nodes][f] += taken;
    }
  }
  return attached;
}

void check_port_use(const Plan& plan, const PlanIndex& index, Violations& violations) {
  const auto& network = plan.network;
  std::vector<bool> used(index.ports, false);
  std::vector<std::uint32_t> used_of_device(network.devices(), 0);
  const auto use = [&](DeviceId device, std::uint32_t port, std::string_view what) {
    const auto number = index.first_port[device.index()] + port;
    if (used[number]) violations.add(PortName{network, device, port}, " is used twice, the second time by ", what);
    used[number] = true;
    // What a switch is managed through is none of the ports that its maximum counts.
    const auto& block = *index.blocks[index.block_of_port[index.group_ports[network.group_of_device[device.index()]] + port]];
    if (block.name != management_ports) ++used_of_device[device.index()];
  };
  for (const auto& link : network.links) {
    use(link.from, link.from_port, "a link");
    use(link.to, link.to_port, "a link");
  }
  for (const auto& layout : network.fabrics) {
    for (const auto& reserved : layout.reserved) {
      const auto& group = network.group(reserved.device);
      use(reserved.device, reserved.port, "a reservation");
      if (group.is_node() || group.fabric != layout.fabric || group.tier != 1)
        violations.add(PortName{network, reserved.device, reserved.port}, " is reserved, but is on no leaf of the fabric");
      if (index.blocks[index.block_of_port[index.group_ports[network.group_of_device[reserved.device.index()]] + reserved.port]]->use !=
          CageUse::down) {
        violations.add(PortName{network, reserved.device, reserved.port}, " is reserved, but its cage does not serve the tier below");
      }
    }
    for (const auto& external : layout.external) use(external.device, external.port, "a link that leaves the plan");
  }
  for (std::uint32_t d = 0; d < network.devices(); ++d) {
    const auto& group = network.group(DeviceId(d));
    const auto* facts = plan.part(group.part).as<SwitchFacts>();
    if (facts != nullptr && facts->max_ports && used_of_device[d] > *facts->max_ports) {
      violations.add(DeviceName{network, DeviceId(d)}, " uses ", used_of_device[d], " ports, but `", plan.part(group.part).id, "` has at most ",
                     *facts->max_ports);
    }
  }
}

void check_reservations(const Plan& plan, Violations& violations) {
  for (const auto& layout : plan.network.fabrics) {
    const auto& fabric = plan.spec.fabrics[layout.fabric.index()];
    std::int64_t leaves = 0;
    for (const auto& group : plan.network.groups) {
      if (!group.is_node() && group.fabric == layout.fabric && group.tier == 1) leaves += group.count;
    }
    std::vector<std::int64_t> found(fabric.reserved.size(), 0);
    for (const auto& reserved : layout.reserved) ++found[reserved.reservation];
    for (std::size_t i = 0; i < fabric.reserved.size(); ++i) {
      const auto wanted = fabric.reserved[i].count * (fabric.reserved[i].per_switch ? leaves : 1);
      if (found[i] != wanted)
        violations.add("fabric `", fabric.name, "` reserves ", found[i], " ports for `", fabric.reserved[i].purpose, "` instead of ", wanted);
    }
  }
}

/// Every switch of the other fabrics has one management link to a fabric that attaches switches, and none to another. Returns how many there are.
std::int64_t managed_switches(const Plan& plan, std::size_t f, Violations& violations, const std::vector<std::uint32_t>& links) {
  const auto& fabric = plan.spec.fabrics[f];
  const bool attaches =
      std::any_of(fabric.attach.begin(), fabric.attach.end(), [](const Attachment& of) { return of.devices == AttachedDevices::switches; });
  const auto planes = static_cast<std::size_t>(std::max<std::int64_t>(fabric.planes, 1));
  std::int64_t managed = 0;
  for (const auto& group : plan.network.groups) {
    if (group.is_node()) continue;
    for (std::uint32_t n = 0; n < group.count; ++n) {
      const auto device = group.first.next(n);
      const auto found = links[device.index() * planes];
      const std::uint32_t wanted = attaches && group.fabric.index() != f ? 1 : 0;
      managed += wanted;
      if (found != wanted)
        violations.add(DeviceName{plan.network, device}, " has ", found, " management links to fabric `", fabric.name, "` instead of ", wanted);
    }
  }
  return managed;
}

/// Node-side links per node and plane, and what the layout says of endpoints and tiers.
void check_endpoints(const Plan& plan, Violations& violations) {
  const auto& network = plan.network;
  const auto attached = attached_ports(plan);
  for (std::size_t f = 0; f < plan.spec.fabrics.size(); ++f) {
    const auto& fabric = plan.spec.fabrics[f];
    const auto& layout = network.fabrics[f];
    const auto planes = static_cast<std::size_t>(std::max<std::int64_t>(fabric.planes, 1));
    std::vector<std::uint32_t> links(network.devices() * planes, 0);
    std::int64_t node_links = 0;
    Mbps injection;
    std::vector<Mbps> uplinks(max_tiers + 1);
    for (const auto& group : network.link_groups) {
      if (group.fabric.index() != f) continue;
      const bool upward = group.to_tier == group.from_tier + 1 || group.kind == LinkKind::uplink;
      if (upward && group.from_tier >= 1 && group.from_tier <= static_cast<std::int64_t>(max_tiers))
        uplinks[static_cast<std::size_t>(group.from_tier)] += group.speed * group.count;
      if (group.from_tier != 0) continue;
      node_links += group.count;
      injection += group.speed * group.count;
      if (group.plane < 0 || group.plane >= fabric.planes) continue;
      for (auto i = group.first; i < group.first + group.count; ++i)
        ++links[network.links[i].from.index() * planes + static_cast<std::size_t>(group.plane)];
    }
    std::int64_t endpoints = 0;
    for (const auto& group : network.groups) {
      if (!group.is_node()) continue;
      const auto wanted = attached[group.nodes.index()][f];
      endpoints += wanted * group.count;
      for (std::uint32_t n = 0; n < group.count; ++n) {
        const auto device = group.first.next(n);
        for (std::size_t p = 0; p < planes; ++p) {
          const auto found = links[device.index() * planes + p];
          if (found * static_cast<std::int64_t>(planes) == wanted) continue;
          // An explicit list may leave ports of a node free.
          if (plan.spec.fabrics[layout.host.index()].topology == Topology::explicit_links && found <= wanted) {
            endpoints -= wanted - found;
            continue;
          }
          violations.add(DeviceName{network, device}, " has ", found, " links to plane ", p + 1, " of fabric `", fabric.name, "`, but ", wanted,
                         " ports for its ", planes, " planes");
        }
      }
    }
    endpoints += managed_switches(plan, f, violations, links);
    if (node_links != endpoints)
      violations.add("fabric `", fabric.name, "` has ", node_links, " node links, but its nodes attach ", endpoints, " ports");
    if (layout.endpoints != endpoints)
      violations.add("fabric `", fabric.name, "` says ", layout.endpoints, " endpoints, but its nodes attach ", endpoints, " ports");
    if (layout.injection != injection)
      violations.add("fabric `", fabric.name, "` says ", layout.injection.count(), " Mb/s of injection, but its node links have ", injection.count());
    for (std::size_t t = 0; t < layout.tiers.size(); ++t) {
      std::int64_t switches = 0;
      for (const auto& group : network.groups) {
        if (!group.is_node() && group.fabric.index() == f && group.tier == static_cast<std::int64_t>(t) + 1) switches += group.count;
      }
      if (layout.tiers[t].switches != switches)
        violations.add("tier `", layout.tiers[t].name, "` of fabric `", fabric.name, "` says ", layout.tiers[t].switches, " switches, but has ",
                       switches);
      if (t < max_tiers && layout.tiers[t].uplink_capacity != uplinks[t + 1]) {
        violations.add("tier `", layout.tiers[t].name, "` of fabric `", fabric.name, "` says ", layout.tiers[t].uplink_capacity.count(),
                       " Mb/s of uplinks, but has ", uplinks[t + 1].count());
      }
    }
  }
}

/// Every plane of a fabric has the same switches.
void check_planes(const Plan& plan, Violations& violations) {
  for (std::size_t f = 0; f < plan.spec.fabrics.size(); ++f) {
    const auto planes = plan.spec.fabrics[f].planes;
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> switches;
    for (const auto& group : plan.network.groups) {
      if (group.is_node() || group.fabric.index() != f) continue;
      if (group.plane < 0 || group.plane >= planes)
        violations.add("switches `", group.name_prefix, "` are in plane ", group.plane + 1, " of ", planes);
      switches[{group.tier, group.plane}] += group.count;
    }
    for (const auto& [at, count] : switches) {
      const auto first = switches.find({at.first, 0});
      if (first == switches.end() || first->second != count) {
        violations.add("plane ", at.second + 1, " of fabric `", plan.spec.fabrics[f].name, "` has ", count, " switches in tier ", at.first,
                       ", unlike plane 1");
      }
    }
  }
}

/// Links between two tiers of one fabric and plane, sorted by their lower switch.
class TierCheck {
public:
  explicit TierCheck(const Plan& plan) : plan_(plan), parent_(plan.network.devices()), seen_(plan.network.devices(), 0) {}

  void run(std::int64_t tier, Violations& violations);

private:
  /// Links of explicit topologies are as listed, however they spread.
  [[nodiscard]] bool listed(const LinkGroup& group) const { return plan_.spec.fabrics[group.host.index()].topology == Topology::explicit_links; }
  std::uint32_t root(std::uint32_t device) {
    while (parent_[device] != device) device = parent_[device] = parent_[parent_[device]];
    return device;
  }

  const Plan& plan_;
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> seen_;
};

/// Joined switches form pods (or core groups). Each lower switch reaches every upper one of its pod, with the same number of links.
void TierCheck::run(std::int64_t tier, Violations& violations) {
  const auto& network = plan_.network;
  const auto devices = network.devices();
  std::iota(parent_.begin(), parent_.end(), 0U);
  std::vector<std::uint32_t> first(devices + std::size_t{1}, 0);
  for (const auto& group : network.link_groups) {
    if (group.from_tier != tier || group.to_tier != tier + 1 || listed(group)) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = network.links[i];
      ++first[link.from.index() + std::size_t{1}];
      const auto a = root(link.from.index());
      const auto b = root(link.to.index());
      if (a != b) parent_[std::max(a, b)] = std::min(a, b);
    }
  }
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> uppers(first.back());
  auto fill = first;
  for (const auto& group : network.link_groups) {
    if (group.from_tier != tier || group.to_tier != tier + 1 || listed(group)) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) uppers[fill[network.links[i].from.index()]++] = network.links[i].to.index();
  }
  std::vector<std::uint32_t> uppers_of_pod(devices, 0);
  for (const auto& group : network.groups) {
    if (group.is_node() || group.tier != tier + 1) continue;
    for (std::uint32_t d = group.first.index(); d < group.first.index() + group.count; ++d) ++uppers_of_pod[root(d)];
  }
  std::vector<std::uint32_t> touched;
  for (std::uint32_t lower = 0; lower < devices; ++lower) {
    if (first[lower] == first[lower + std::size_t{1}]) continue;
    touched.clear();
    for (auto i = first[lower]; i < first[lower + std::size_t{1}]; ++i) {
      if (seen_[uppers[i]]++ == 0) touched.push_back(uppers[i]);
    }
    const auto links = seen_[touched.front()];
    for (const auto upper : touched) {
      if (seen_[upper] != links) {
        violations.add(DeviceName{network, DeviceId(lower)}, " has ", links, " links to ", DeviceName{network, DeviceId(touched.front())}, ", but ",
                       seen_[upper], " to ", DeviceName{network, DeviceId(upper)});
        break;
      }
    }
    if (touched.size() != uppers_of_pod[root(lower)]) {
      violations.add(DeviceName{network, DeviceId(lower)}, " reaches ", touched.size(), " switches of the tier above, but its pod has ",
                     uppers_of_pod[root(lower)]);
    }
    for (const auto upper : touched) seen_[upper] = 0;
  }
}

} // namespace

void check_devices(const Plan& plan, const PlanIndex& index, Violations& violations) {
  for (const auto& group : plan.network.groups) {
    const auto& part = plan.part(group.part);
    if (part.kind != (!group.is_node() ? PartKind::switch_ : plan.spec.nodes[group.nodes.index()].pdus ? PartKind::pdu : PartKind::node))
      violations.add("`", part.id, "` stands where it is of the wrong kind");
    if (group.is_node() && (plan.spec.nodes[group.nodes.index()].count != group.count || plan.spec.nodes[group.nodes.index()].model != group.part)) {
      violations.add("the plan has ", group.count, " x `", part.id, "` for node group `", plan.spec.nodes[group.nodes.index()].name,
                     "`, which the spec states otherwise");
    }
    if (!group.is_node() && (group.tier < 1 || group.tier > static_cast<std::int64_t>(max_tiers))) {
      violations.add("switches `", group.name_prefix, "` are in tier ", group.tier);
    } else if (!group.is_node() && plan.spec.fabrics[group.fabric.index()].models[static_cast<std::size_t>(group.tier - 1)] != group.part) {
      violations.add("switches `", group.name_prefix, "` are `", part.id, "`, which the spec states otherwise");
    }
    const auto& stated = stated_ports(plan, group);
    std::map<std::string_view, std::int64_t> cages;
    std::map<std::string_view, std::vector<bool>> faceplate;
    for (const auto& block : group.blocks) {
      const auto found = std::find_if(stated.begin(), stated.end(), [&](const PortGroup& ports) { return ports.name == block.name; });
      if (!group.is_node() && block.name == management_ports && (found == stated.end() || !found->form)) {
        if (block.form != Form::rj45 || block.ports() != 1 || block.speed.count() != 1'000)
          violations.add("`", part.id, "` has management ports that nothing states");
        continue;
      }
      if (found == stated.end()) {
        violations.add("`", part.id, "` has no ports `", block.name, "`");
        continue;
      }
      check_block(*found, block, part.id, violations);
      // Every number of the faceplate is one cage, used once, or disabled by the one before.
      auto& taken = faceplate[block.name];
      taken.resize(static_cast<std::size_t>(found->cages) + 1, false);
      for (std::uint32_t c = 0; c < block.cages; ++c) {
        for (std::uint32_t n = block.number(c); n <= block.number(c) + block.disables; ++n) {
          if (n == 0 || n >= taken.size() || taken[n]) violations.add("cage ", n, " of `", part.id, "` is used twice, or is not on it");
          if (n < taken.size()) taken[n] = true;
        }
      }
      auto& count = cages[block.name];
      count += std::int64_t{block.cages} * (1 + block.disables);
      if (count > found->cages) violations.add("`", part.id, "` uses ", count, " cages `", block.name, "`, but has ", found->cages);
    }
  }
  check_reservations(plan, violations);
  check_port_use(plan, index, violations);
}

/// Tiers and hosts that a kind of link may join.
void check_link_group(const Plan& plan, const LinkGroup& group, Violations& violations) {
  const auto& fabric = plan.spec.fabrics[group.fabric.index()];
  const auto rise = group.to_tier - group.from_tier;
  bool right = rise == 0;
  if (group.kind == LinkKind::tier) right = rise == 1;
  if (group.kind == LinkKind::local) right = rise == 0 || rise == 1;
  if (!right) violations.add("links `", to_text(group.kind), "` of fabric `", fabric.name, "` go from tier ", group.from_tier, " to ", group.to_tier);
  const auto host = group.kind == LinkKind::uplink ? fabric.uplink_to : std::optional(fabric.on.value_or(group.fabric));
  if (group.host != host)
    violations.add("links `", to_text(group.kind), "` of fabric `", fabric.name, "` lead to a fabric that the spec does not name");
}

void check_links(const Plan& plan, const PlanIndex& index, Violations& violations) {
  const auto& network = plan.network;
  for (const auto& group : network.link_groups) {
    check_link_group(plan, group, violations);
    const bool peers = group.from_tier == group.to_tier && group.kind != LinkKind::uplink;
    const auto protocol = network.fabrics[group.fabric.index()].protocol;
    for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
      const auto& link = network.links[i];
      const auto& from = network.group(link.from);
      const auto& to = network.group(link.to);
      const auto& from_block = *index.blocks[index.from[i].block];
      const auto& to_block = *index.blocks[index.to[i].block];
      if (from_block.speed != group.speed || to_block.speed != group.speed) {
        violations.add(LinkName{network, i}, " joins ", from_block.speed.count(), " to ", to_block.speed.count(), " Mb/s as a link of ",
                       group.speed.count());
      }
      const bool managed = !from.is_node() && from_block.name == management_ports;
      const auto from_tier = from.is_node() || managed ? 0 : from.tier;
      const auto to_tier = to.is_node() ? 0 : to.tier;
      if (from_tier != group.from_tier || to_tier != group.to_tier)
        violations.add(LinkName{network, i}, " goes from tier ", from_tier, " to ", to_tier);
      const bool from_fits = from.is_node() || (managed ? from.fabric != group.fabric : from.fabric == group.fabric && from.plane == group.plane);
      if (!from_fits || to.is_node() || to.fabric != group.host || (to.plane != group.plane && group.kind != LinkKind::uplink))
        violations.add(LinkName{network, i}, " leaves its fabric or plane");
      if (!from.is_node() && !managed && to.fabric == from.fabric && from.rail != to.rail) violations.add(LinkName{network, i}, " joins two rails");
      if (from_block.use != (peers ? CageUse::peer : CageUse::up)) violations.add(LinkName{network, i}, " starts at a cage of another use");
      if (to_block.use != (peers ? CageUse::peer : CageUse::down)) violations.add(LinkName{network, i}, " ends at a cage of another use");
      if (!from_block.protocols.contains(protocol) || !to_block.protocols.contains(protocol))
        violations.add(LinkName{network, i}, " has a port that does not speak the fabric's protocol");
    }
  }
  check_endpoints(plan, violations);
  check_planes(plan, violations);
}

void check_clos(const Plan& plan, Violations& violations) {
  TierCheck check(plan);
  for (std::int64_t tier = 1; tier < static_cast<std::int64_t>(max_tiers); ++tier) check.run(tier, violations);
}

} // namespace icplan
