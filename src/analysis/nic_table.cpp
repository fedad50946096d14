// SPDX-License-Identifier: Apache-2.0
// Reads NICs and slots from the port groups of nodes.
#include "nic_table.hpp"

#include <algorithm>
#include <string>

namespace icplan {

NicTable nics_of(const Plan& plan, const DeviceGroup& group) {
  NicTable table;
  std::string name;
  std::uint32_t first_nic = 0;
  std::uint32_t in_group = 0;
  for (const auto& block : group.blocks) {
    if (block.name != name) {
      name = block.name;
      first_nic = static_cast<std::uint32_t>(table.slot_of_nic.size());
      in_group = 0;
    }
    std::uint32_t per_nic = 1;
    std::int64_t slot = any_rate;
    const auto* nodes = group.is_node() ? &plan.spec.nodes[group.nodes.index()] : nullptr;
    const auto of = nodes != nullptr ? nodes->port_group(name) : std::nullopt;
    if (of && nodes->ports[*of].nics > 0) {
      std::uint32_t all = 0;
      for (const auto& other : group.blocks) all += other.name == name ? other.ports() : 0;
      const auto nics = static_cast<std::uint32_t>(nodes->ports[*of].nics);
      if (all % nics == 0) per_nic = std::max(1U, all / nics);
      if (const auto rate = slot_rate(nodes->ports[*of].pcie)) slot = rate->count();
    }
    for (std::uint32_t p = 0; p < block.ports(); ++p, ++in_group) {
      const auto nic = first_nic + in_group / per_nic;
      if (nic >= table.slot_of_nic.size()) table.slot_of_nic.resize(nic + std::size_t{1}, slot);
      table.nic_of_port.push_back(nic);
    }
  }
  return table;
}

} // namespace icplan
