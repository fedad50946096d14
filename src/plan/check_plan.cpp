// SPDX-License-Identifier: Apache-2.0
// The plan check: ids first, then every invariant by code that shares nothing with what made the plan.
#include "check_plan.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// Devices, cages and ports are numbered group after group without gaps.
void check_group_ids(const Plan& plan, Violations& violations) {
  const auto& network = plan.network;
  std::uint64_t device = 0;
  std::uint64_t cage = 0;
  for (std::size_t g = 0; g < network.groups.size(); ++g) {
    const auto& group = network.groups[g];
    if (group.part.index() >= plan.catalog->size()) violations.add("device group ", g, " has a part that the catalog does not hold");
    if (group.is_node() ? group.nodes.index() >= plan.spec.nodes.size() : group.fabric.index() >= plan.spec.fabrics.size()) {
      violations.add("device group ", g, " belongs to nothing that the spec names");
    }
    if (group.first.index() != device) violations.add("device group ", g, " starts at device ", group.first.index(), " instead of ", device);
    if (group.first_cage.index() != cage) violations.add("device group ", g, " starts at cage ", group.first_cage.index(), " instead of ", cage);
    std::uint64_t local_cage = 0;
    std::uint64_t local_port = 0;
    for (const auto& block : group.blocks) {
      if (block.first_cage != local_cage || block.first_port != local_port || block.ports_per_cage == 0) {
        violations.add("cages `", block.name, "` of device group ", g, " start at cage ", block.first_cage, " and port ", block.first_port,
                       " instead of ", local_cage, " and ", local_port);
      }
      local_cage += block.cages;
      local_port += std::uint64_t{block.cages} * block.ports_per_cage;
    }
    if (group.cages_per_device != local_cage || group.ports_per_device != local_port || group.cage_of_port.size() != local_port) {
      violations.add("device group ", g, " has ", local_cage, " cages and ", local_port, " ports in its blocks, but says ", group.cages_per_device,
                     " and ", group.ports_per_device);
    } else {
      std::size_t port = 0;
      for (const auto& block : group.blocks) {
        for (std::uint32_t c = 0; c < block.cages; ++c) {
          for (std::uint32_t p = 0; p < block.ports_per_cage; ++p, ++port) {
            if (group.cage_of_port[port] != block.first_cage + c)
              violations.add("port ", port + 1, " of device group ", g, " is not in cage ", block.first_cage + c);
          }
        }
      }
    }
    for (std::uint64_t d = device; d < device + group.count && d < network.group_of_device.size() && d < network.first_cage_of_device.size(); ++d) {
      if (network.group_of_device[d] != g) violations.add("device ", d, " is not listed under its group ", g);
      if (network.first_cage_of_device[d].index() != cage + (d - device) * local_cage)
        violations.add("the cages of device ", d, " do not follow those of the device before");
    }
    device += group.count;
    cage += group.count * local_cage;
  }
  if (network.group_of_device.size() != device || network.first_cage_of_device.size() != device) {
    violations.add("the device groups hold ", device, " devices, but ", network.group_of_device.size(), " are listed");
  }
  if (network.cages != cage) violations.add("the devices have ", cage, " cages, but the network says ", network.cages);
}

void check_link_ids(const Plan& plan, Violations& violations) {
  const auto& network = plan.network;
  const auto device_ok = [&](DeviceId device, std::uint32_t port) {
    return device.index() < network.devices() && port < network.group(device).ports_per_device;
  };
  for (std::size_t i = 0; i < network.links.size(); ++i) {
    const auto& link = network.links[i];
    if (!device_ok(link.from, link.from_port) || !device_ok(link.to, link.to_port))
      violations.add("link ", i, " ends at a device or port that does not exist");
  }
  std::uint64_t next = 0;
  for (std::size_t g = 0; g < network.link_groups.size(); ++g) {
    const auto& group = network.link_groups[g];
    if (group.first != next) violations.add("link group ", g, " starts at link ", group.first, " instead of ", next);
    if (group.fabric.index() >= plan.spec.fabrics.size() || group.host.index() >= plan.spec.fabrics.size())
      violations.add("link group ", g, " is of no fabric");
    next = std::uint64_t{group.first} + group.count;
  }
  if (next != network.links.size()) violations.add("the link groups hold ", next, " links, but there are ", network.links.size());
  if (network.fabrics.size() != plan.spec.fabrics.size()) {
    violations.add("the network has ", network.fabrics.size(), " fabrics, but the spec has ", plan.spec.fabrics.size());
    return;
  }
  for (std::size_t f = 0; f < network.fabrics.size(); ++f) {
    if (network.fabrics[f].fabric.index() != f) violations.add("fabric ", f, " of the network is not that of the spec");
    if (network.fabrics[f].host != plan.spec.fabrics[f].on.value_or(network.fabrics[f].fabric))
      violations.add("fabric `", plan.spec.fabrics[f].name, "` is on another fabric than the spec states");
    for (const auto& external : network.fabrics[f].external) {
      if (!device_ok(external.device, external.port) || external.external >= plan.spec.fabrics[f].external.size())
        violations.add("an external port of fabric `", plan.spec.fabrics[f].name, "` does not exist");
    }
    for (const auto& reserved : network.fabrics[f].reserved) {
      if (!device_ok(reserved.device, reserved.port)) violations.add("a reserved port of fabric `", plan.spec.fabrics[f].name, "` does not exist");
      if (reserved.reservation >= plan.spec.fabrics[f].reserved.size())
        violations.add("a port of fabric `", plan.spec.fabrics[f].name, "` is reserved for nothing that the spec names");
    }
  }
}

void check_table_ids(const Plan& plan, Violations& violations) {
  const auto& cables = plan.cables;
  const auto parts = plan.catalog->size();
  if (cables.legs.size() != plan.network.links.size())
    violations.add("there are ", plan.network.links.size(), " links, but ", cables.legs.size(), " legs");
  for (std::size_t i = 0; i < cables.legs.size() && i < plan.network.links.size(); ++i) {
    if (cables.legs[i].assembly.index() >= cables.assemblies.size()) violations.add(LinkName{plan.network, i}, " is on no assembly");
  }
  for (std::size_t a = 0; a < cables.assemblies.size(); ++a) {
    const auto& assembly = cables.assemblies[a];
    if (assembly.solution.index() >= cables.solutions.size()) violations.add("assembly ", a, " has no solution");
    if (assembly.first_link >= cables.legs.size()) violations.add("assembly ", a, " starts at a link that does not exist");
  }
  const auto estimates = plan.spec.lengths == nullptr ? std::size_t{0} : cables.legs.size();
  if (cables.estimated_mm.size() != estimates)
    violations.add("the cable table has ", cables.estimated_mm.size(), " estimates beside its lengths instead of ", estimates);
  for (const auto& solution : cables.solutions) {
    if (solution.part.index() >= parts) violations.add("a solution has a part that the catalog does not hold");
  }
  for (const auto module : cables.modules) {
    if (module.index() >= parts || plan.part(module).kind != PartKind::module)
      violations.add("a module of the cable table is no module of the catalog");
  }
  if (cables.module_of_cage.size() != plan.network.cages || cables.family_of_cage.size() != plan.network.cages) {
    violations.add("the cable table lists ", cables.module_of_cage.size(), " cages for modules and ", cables.family_of_cage.size(),
                   " for families, but there are ", plan.network.cages);
    return;
  }
  for (std::size_t cage = 0; cage < plan.network.cages; ++cage) {
    if (cables.module_of_cage[cage] > cables.modules.size() || cables.family_of_cage[cage] > cables.families.size())
      violations.add("the module of cage ", cage, " is not in the table");
  }
}

void check_place_ids(const Plan& plan, Violations& violations) {
  const auto& placement = plan.placement;
  if (placement.devices.size() != plan.network.devices())
    violations.add("there are ", plan.network.devices(), " devices, but ", placement.devices.size(), " places");
  for (std::size_t d = 0; d < placement.devices.size() && d < plan.network.devices(); ++d) {
    if (placement.devices[d].rack.index() >= placement.racks.size())
      violations.add(DeviceName{plan.network, DeviceId(static_cast<std::uint32_t>(d))}, " stands in no rack");
  }
  for (std::size_t r = 0; r < placement.racks.size(); ++r) {
    if (placement.racks[r].spec.index() >= plan.spec.racks.size()) violations.add("rack ", r, " is of no kind that the spec names");
    if (placement.racks[r].hall.index() >= plan.spec.floor.halls.size()) violations.add("rack ", r, " stands in no hall");
  }
  for (const auto& gear : placement.gear) {
    if (gear.rack.index() >= placement.racks.size()) violations.add("gear stands in no rack");
  }
  for (const auto& row : plan.bom) {
    if (row.part.index() >= plan.catalog->size() || (row.included_in.valid() && row.included_in.index() >= plan.catalog->size()))
      violations.add("a BOM row has a part that the catalog does not hold");
    if (row.fabric.valid() && row.fabric.index() >= plan.spec.fabrics.size()) violations.add("a BOM row is of no fabric");
  }
}

std::uint16_t shape_number(std::vector<CageShape>& shapes, const CageShape& shape) {
  const auto found = std::find(shapes.begin(), shapes.end(), shape);
  const auto number = static_cast<std::uint16_t>(found - shapes.begin());
  if (found == shapes.end()) shapes.push_back(shape);
  return number;
}

} // namespace

std::string& operator+=(std::string& text, const PortName& name) {
  return text += name.network.device_name(name.device) + " port " + std::to_string(name.port + 1);
}
std::string& operator+=(std::string& text, const DeviceName& name) { return text += name.network.device_name(name.device); }
std::string& operator+=(std::string& text, const LinkName& name) {
  const auto& link = name.network.links[name.link];
  text += PortName{name.network, link.from, link.from_port};
  text += " to ";
  return text += PortName{name.network, link.to, link.to_port};
}

bool check_ids(const Plan& plan, Violations& violations) {
  check_group_ids(plan, violations);
  if (violations.size() != 0) return false;
  check_link_ids(plan, violations);
  check_place_ids(plan, violations);
  if (violations.size() != 0) return false;
  check_table_ids(plan, violations);
  return violations.size() == 0;
}

PlanIndex index_plan(const Plan& plan) {
  const auto& network = plan.network;
  PlanIndex index;
  index.first_port.reserve(network.devices());
  for (const auto& group : network.groups) {
    index.group_ports.push_back(index.block_of_port.size());
    for (const auto& block : group.blocks) {
      const auto lane_mbps = block.lanes_per_port > 0 ? block.speed.count() / block.lanes_per_port : 0;
      const CageShape shape{block.form, block.top, block.lanes_per_port * block.ports_per_cage, lane_mbps, block.ports_per_cage};
      index.shape_of_block.push_back(shape_number(index.shapes, shape));
      index.block_of_port.insert(index.block_of_port.end(), std::size_t{block.cages} * block.ports_per_cage,
                                 static_cast<std::uint16_t>(index.blocks.size()));
      index.blocks.push_back(&block);
    }
    for (std::uint32_t d = 0; d < group.count; ++d) {
      index.first_port.push_back(index.ports);
      index.ports += group.ports_per_device;
    }
  }
  const auto end_of = [&](DeviceId device, std::uint32_t port) {
    const auto g = network.group_of_device[device.index()];
    const auto block = index.block_of_port[index.group_ports[g] + port];
    const auto cage = network.first_cage_of_device[device.index()].index() + network.groups[g].cage_of_port[port];
    return LinkEnd{cage, block, index.shape_of_block[block]};
  };
  index.from.reserve(network.links.size());
  index.to.reserve(network.links.size());
  for (const auto& link : network.links) {
    index.from.push_back(end_of(link.from, link.from_port));
    index.to.push_back(end_of(link.to, link.to_port));
  }
  return index;
}

bool is_installed_part(const Plan& plan, PartId part) {
  return plan.baseline != nullptr &&
         std::find(plan.baseline->parts.begin(), plan.baseline->parts.end(), plan.part(part).id) != plan.baseline->parts.end();
}

std::vector<std::string> check_plan(const Plan& plan) {
  Violations violations;
  if (check_ids(plan, violations)) {
    const auto index = index_plan(plan);
    check_devices(plan, index, violations);
    check_links(plan, index, violations);
    check_clos(plan, violations);
    check_direct(plan, violations);
    check_explicit(plan, violations);
    check_names(plan, violations);
    check_placement(plan, violations);
    check_stated_lengths(plan, violations);
    check_growth(plan, violations);
    check_cables(plan, index, violations);
    check_optics(plan, index, violations);
    check_choice(plan, index, violations);
    check_bom(plan, index, violations);
    check_optimized(plan, violations);
  }
  return std::move(violations).take();
}

} // namespace icplan
