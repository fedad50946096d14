// SPDX-License-Identifier: Apache-2.0
// Hands out devices, ports and links to the topologies.
#include "builder.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <cassert>
#include <queue>

namespace icplan {

std::optional<SwitchPorts> switch_ports(const Part& model, Mbps speed, Protocol protocol, std::int64_t breakout) {
  const auto& groups = model.port_groups();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!groups[i].form || !groups[i].protocols.contains(protocol) || groups[i].name == management_ports) continue;
    for (const auto& mode : groups[i].modes) {
      if (mode.speed != speed || (breakout > 1 && mode.ports != breakout)) continue;
      if (!mode.protocols.empty() && !mode.protocols.contains(protocol)) continue;
      return SwitchPorts{i, mode, groups[i].cages / (1 + mode.disables)};
    }
  }
  return std::nullopt;
}

bool FabricRequest::grows() const {
  return std::any_of(endpoints.begin(), endpoints.end(), [](const Endpoints& of) { return of.planned > of.count; });
}

SwitchFace::Slot SwitchFace::take(const SwitchPorts& ports, std::int64_t count, CageUse use) {
  std::size_t block = 0;
  while (block < blocks_.size() && !(blocks_[block].ports.same_use(ports) && blocks_[block].use == use)) ++block;
  if (block == blocks_.size()) blocks_.push_back({ports, use, 0, 0});
  auto& of = blocks_[block];
  const Slot slot{block, of.taken};
  of.taken += count;
  of.cages = std::max(of.cages, divide_up(of.taken, of.ports.mode.ports));
  return slot;
}

/// Cages of a port group that blocks use or disable, in faceplate order: a block that disables neighbours starts at an odd number.
std::int64_t SwitchFace::cages_used(std::size_t port_group) const {
  std::int64_t used = 0;
  for (const auto& block : blocks_) {
    if (block.ports.port_group != port_group) continue;
    const auto step = 1 + block.ports.mode.disables;
    used = round_up(used, step) + block.cages * step;
  }
  return used;
}

void SwitchFace::widen(std::size_t block) {
  auto& of = blocks_[block];
  const auto all = model_->port_groups()[of.ports.port_group].cages;
  while (true) {
    ++of.cages;
    if (cages_used(of.ports.port_group) <= all) continue;
    --of.cages;
    return;
  }
}

bool SwitchFace::fits() const {
  std::int64_t ports = 0;
  for (const auto& block : blocks_) {
    ports += block.taken;
    if (cages_used(block.ports.port_group) > model_->port_groups()[block.ports.port_group].cages) return false;
  }
  const auto ceiling = model_->as<SwitchFacts>()->max_ports;
  return !ceiling || ports <= *ceiling;
}

std::vector<CageBlock> SwitchFace::blocks() const {
  std::vector<CageBlock> list;
  std::map<std::size_t, std::int64_t> used;
  std::int64_t cage = 0;
  std::int64_t port = 0;
  for (const auto& block : blocks_) {
    if (block.cages == 0) continue;
    list.push_back(switch_block(*model_, block.ports, cage, block.cages, port, block.use));
    const auto step = 1 + block.ports.mode.disables;
    auto& number = used[block.ports.port_group];
    number = round_up(number, step);
    list.back().first_number = static_cast<std::uint32_t>(number) + 1;
    number += block.cages * step;
    cage += block.cages;
    port += block.cages * block.ports.mode.ports;
  }
  return list;
}

bool SwitchFace::same_blocks(const SwitchFace& other) const {
  return std::equal(blocks_.begin(), blocks_.end(), other.blocks_.begin(), other.blocks_.end(),
                    [](const Block& a, const Block& b) { return a.ports.same_use(b.ports) && a.use == b.use && a.cages == b.cages; });
}

std::uint32_t SwitchFace::port(Slot slot, std::int64_t n) const {
  std::int64_t first = 0;
  for (std::size_t block = 0; block < slot.block; ++block) first += ports(block);
  return static_cast<std::uint32_t>(first + slot.first + n);
}

DeviceId NetworkBuilder::add_devices(DeviceGroup group) {
  name(group);
  if (!group.is_node() && group.fabric.index() < managed_.size() && managed_[group.fabric.index()]) {
    auto block = management_(group);
    for (const auto& of : group.blocks) {
      block.first_cage += of.cages;
      block.first_port += of.ports();
    }
    group.blocks.push_back(std::move(block));
  }
  group.first = DeviceId(network_.devices());
  group.first_cage = CageId(network_.cages);
  for (const auto& block : group.blocks) {
    assert(block.first_cage == group.cages_per_device && block.first_port == group.ports_per_device);
    group.cages_per_device += block.cages;
    group.ports_per_device += block.ports();
    for (std::uint32_t port = 0; port < block.ports(); ++port) {
      group.cage_of_port.push_back(static_cast<std::uint16_t>(block.first_cage + port / block.ports_per_cage));
    }
  }
  const auto index = static_cast<std::uint32_t>(network_.groups.size());
  network_.group_of_device.insert(network_.group_of_device.end(), group.count, index);
  for (std::uint32_t i = 0; i < group.count; ++i) network_.first_cage_of_device.push_back(group.first_cage.next(i * group.cages_per_device));
  network_.cages += group.count * group.cages_per_device;
  network_.groups.push_back(std::move(group));
  return network_.groups.back().first;
}

void NetworkBuilder::begin_links(LinkGroup group) {
  if (!group.host.valid()) group.host = group.fabric;
  group.first = static_cast<std::uint32_t>(network_.links.size());
  network_.link_groups.push_back(group);
}

void NetworkBuilder::end_links() {
  auto& group = network_.link_groups.back();
  group.count = static_cast<std::uint32_t>(network_.links.size()) - group.first;
  if (group.count == 0) network_.link_groups.pop_back();
}

void NetworkBuilder::begin_endpoint_links(const FabricRequest& request, const Endpoints& endpoints, std::int64_t plane) {
  begin_links({endpoints.fabric, plane, 0, 1, 0, 0, endpoints.speed, endpoints.origin, LinkKind::tier, request.id});
}

void NetworkBuilder::attach(const Endpoints& endpoints, std::int64_t n, std::uint16_t port, DeviceId leaf, std::uint32_t leaf_port) {
  switch (endpoints.kind) {
  case EndpointKind::devices: link(endpoints.device(n), port, leaf, leaf_port); break;
  case EndpointKind::uplinks: sockets_[endpoints.fabric].push_back({leaf, static_cast<std::uint16_t>(leaf_port)}); break;
  case EndpointKind::external: external_.push_back({endpoints.fabric, {leaf, static_cast<std::uint16_t>(leaf_port), endpoints.external}}); break;
  }
}

const std::vector<Socket>& NetworkBuilder::sockets(FabricId access) const {
  static const std::vector<Socket> none;
  const auto found = sockets_.find(access);
  return found == sockets_.end() ? none : found->second;
}

CageBlock switch_block(const Part& model, const SwitchPorts& ports, std::int64_t first_cage, std::int64_t cages, std::int64_t first_port,
                       CageUse use) {
  const auto& group = model.port_groups()[ports.port_group];
  CageBlock block;
  block.name = group.name;
  block.form = *group.form;
  block.top = group.top;
  block.lanes = group.lanes;
  block.max_module_power = group.max_module_power;
  block.optics = group.optics;
  block.energy = group.energy;
  block.protocols = group.protocols;
  block.first_cage = static_cast<std::uint32_t>(first_cage);
  block.cages = static_cast<std::uint32_t>(cages);
  block.first_port = static_cast<std::uint32_t>(first_port);
  block.ports_per_cage = static_cast<std::uint32_t>(ports.mode.ports);
  block.first_number = static_cast<std::uint32_t>(first_cage) + 1;
  block.speed = ports.mode.speed;
  block.lanes_per_port = ports.mode.lanes_per_port;
  block.use = use;
  block.disables = static_cast<std::uint32_t>(ports.mode.disables);
  return block;
}

std::string switch_prefix(const FabricRequest& request, Copy copy, std::string_view tier, const Endpoints* extra_group) {
  std::string prefix = request.fabric.name;
  if (request.fabric.planes > 1) prefix += "-p" + std::to_string(copy.plane + 1);
  if (copy.rail >= 0) prefix += "-r" + std::to_string(copy.rail + 1);
  if (extra_group != nullptr) {
    // Guests are told apart by their fabric: a node group may join several that share leaves.
    const auto& owner = request.spec.fabrics[extra_group->fabric.index()].name;
    if (extra_group->fabric != request.id) prefix += "-" + owner;
    if (extra_group->fabric == request.id || extra_group->name != owner) prefix += "-" + extra_group->name;
  }
  return prefix + "-" + std::string(tier);
}

DeviceGroup switch_group(const FabricRequest& request, std::size_t tier, Copy copy, std::string prefix) {
  DeviceGroup group;
  group.part = request.fabric.models[tier];
  group.fabric = request.id;
  group.plane = copy.plane;
  group.rail = std::max<std::int64_t>(copy.rail, 0);
  group.rail_network = copy.rail >= 0;
  group.tier = static_cast<std::int64_t>(tier) + 1;
  group.name_prefix = std::move(prefix);
  return group;
}

std::optional<Mbps> link_speed(const FabricRequest& request, const Part& lower, const Part& upper, Mbps node_speed) {
  const auto both = [&](Mbps speed) {
    return switch_ports(lower, speed, request.protocol, 1).has_value() && switch_ports(upper, speed, request.protocol, 1).has_value();
  };
  if (request.fabric.uplink_speed) return both(*request.fabric.uplink_speed) ? request.fabric.uplink_speed : std::nullopt;
  const auto fastest = [&](std::string_view group_name) {
    std::optional<Mbps> best;
    for (const auto& group : lower.port_groups()) {
      if (!group_name.empty() && group.name != group_name) continue;
      for (const auto& mode : group.modes) {
        if (both(mode.speed) && (!best || mode.speed > *best)) best = mode.speed;
      }
    }
    return best;
  };
  if (const auto uplink = fastest("uplink")) return uplink;
  return both(node_speed) ? node_speed : fastest({});
}

std::string asked_nodes(const Endpoints& endpoints) {
  const auto asked = endpoints.asked > 0 ? endpoints.asked : endpoints.planned;
  return counted(asked, "node", "nodes") + " of `" + endpoints.name + "`" + (endpoints.planned > endpoints.count ? " (`expandable_to`)" : "");
}

const Endpoints& largest_endpoints(const FabricRequest& request) {
  // Node groups are what a user can plan fewer of.
  return *std::max_element(request.endpoints.begin(), request.endpoints.end(), [](const Endpoints& a, const Endpoints& b) {
    return a.nodes.valid() != b.nodes.valid() ? b.nodes.valid() : a.planned < b.planned;
  });
}

void warn_unused(const FabricRequest& request, std::initializer_list<std::string_view> keys, std::string_view reason, Sink& sink) {
  for (const auto key : keys) {
    if (!request.fabric.origin.states(key)) continue;
    sink.report(Code::key_without_effect, request.fabric.origin.of(key),
                "`" + std::string(key) + "` has no effect on " + request.title() + ": " + std::string(reason), "leave it out");
  }
}

void place_reserved(const FabricRequest& request, const std::vector<LeafPorts>& leaves, FabricLayout& layout, Sink& sink) {
  std::vector<std::uint32_t> taken(leaves.size(), 0);
  const auto free_ports = [&](std::size_t leaf) { return leaves[leaf].down - leaves[leaf].used - taken[leaf]; };
  const auto take = [&](std::size_t leaf, std::size_t reservation) {
    ++taken[leaf];
    layout.reserved.push_back({leaves[leaf].leaf, static_cast<std::uint16_t>(leaves[leaf].down - taken[leaf]), reservation});
  };
  for (std::size_t i = 0; i < request.fabric.reserved.size(); ++i) {
    const auto& reserved = request.fabric.reserved[i];
    const auto refuse = [&](std::int64_t available, std::string_view scope) {
      sink.report(Code::reserved_ports_do_not_fit, reserved.origin.whole,
                  request.title() + " reserves " + counted(reserved.count, "port", "ports") + " " + std::string(scope) + ", but only " +
                      grouped(available) + " are free",
                  "leave out a node, state a smaller `unit`, or reserve fewer ports");
    };
    if (reserved.per_switch) {
      std::uint32_t least = ~0U;
      for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) least = std::min(least, free_ports(leaf));
      if (least < reserved.count) {
        refuse(least, "on every leaf");
        continue;
      }
      for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) {
        for (std::int64_t n = 0; n < reserved.count; ++n) take(leaf, i);
      }
      continue;
    }
    std::int64_t available = 0;
    for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) available += free_ports(leaf);
    if (available < reserved.count) {
      refuse(available, "over the leaves");
      continue;
    }
    const auto after = [&](std::size_t a, std::size_t b) { return free_ports(a) != free_ports(b) ? free_ports(a) < free_ports(b) : a > b; };
    std::vector<std::size_t> order(leaves.size());
    for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) order[leaf] = leaf;
    std::make_heap(order.begin(), order.end(), after);
    for (std::int64_t n = 0; n < reserved.count; ++n) {
      std::pop_heap(order.begin(), order.end(), after);
      take(order.back(), i);
      std::push_heap(order.begin(), order.end(), after);
    }
  }
}

} // namespace icplan
