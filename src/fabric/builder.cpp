// SPDX-License-Identifier: Apache-2.0
// Hands out devices, ports and links to the topologies.
#include "builder.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <cassert>
#include <queue>

namespace icplan {

std::optional<SwitchPorts> switch_ports(const Part& model, Mbps speed, Protocol protocol, std::int64_t breakout) {
  const auto& groups = model.port_groups();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!groups[i].form || !groups[i].protocols.contains(protocol)) continue;
    for (const auto& mode : groups[i].modes) {
      if (mode.speed != speed || (breakout > 1 && mode.ports != breakout)) continue;
      if (!mode.protocols.empty() && !mode.protocols.contains(protocol)) continue;
      return SwitchPorts{i, mode, groups[i].cages};
    }
  }
  return std::nullopt;
}

DeviceId NetworkBuilder::add_devices(DeviceGroup group) {
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
  group.first = static_cast<std::uint32_t>(network_.links.size());
  network_.link_groups.push_back(group);
}

void NetworkBuilder::end_links() {
  auto& group = network_.link_groups.back();
  group.count = static_cast<std::uint32_t>(network_.links.size()) - group.first;
  if (group.count == 0) network_.link_groups.pop_back();
}

CageBlock switch_block(const Part& model, const SwitchPorts& use, std::int64_t first_cage, std::int64_t cages, std::int64_t first_port, bool up) {
  const auto& group = model.port_groups()[use.port_group];
  CageBlock block;
  block.name = group.name;
  block.form = *group.form;
  block.top = group.top;
  block.lanes = group.lanes;
  block.protocols = group.protocols;
  block.first_cage = static_cast<std::uint32_t>(first_cage);
  block.cages = static_cast<std::uint32_t>(cages);
  block.first_port = static_cast<std::uint32_t>(first_port);
  block.ports_per_cage = static_cast<std::uint32_t>(use.mode.ports);
  block.first_number = static_cast<std::uint32_t>(first_cage) + 1;
  block.speed = use.mode.speed;
  block.lanes_per_port = use.mode.lanes_per_port;
  block.up = up;
  return block;
}

std::string switch_prefix(const FabricRequest& request, std::int64_t plane, std::string_view tier, const Endpoints* extra_group) {
  std::string prefix = request.fabric.name;
  if (request.fabric.planes > 1) prefix += "-p" + std::to_string(plane + 1);
  if (extra_group != nullptr) prefix += "-" + request.spec.nodes[extra_group->nodes.index()].name;
  return prefix + "-" + std::string(tier);
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
