// SPDX-License-Identifier: Apache-2.0
// Modules in the dark cages of switches, where the spec asks for them.
#include "cabler.hpp"

#include <algorithm>
#include <map>

namespace icplan {

void visit_dark_cages(const Catalog& catalog, const DeviceGroup& group, const std::vector<bool>& used, const std::vector<std::uint16_t>& module_of_cage,
                      const std::function<void(DeviceId device, std::uint16_t module, std::int64_t count)>& visit) {
  for (const auto& ports : catalog[group.part].port_groups()) {
    for (std::uint32_t d = 0; d < group.count; ++d) {
      const auto first = group.first_cage.index() + d * group.cages_per_device;
      std::uint16_t module = 0;
      std::int64_t taken = 0;
      for (const auto& block : group.blocks) {
        if (block.name != ports.name) continue;
        for (auto cage = first + block.first_cage; cage < first + block.first_cage + block.cages; ++cage) {
          if (module == 0) module = module_of_cage[cage];
          taken += used[cage] ? 1 + block.disables : 0;
        }
      }
      if (module != 0 && ports.cages > taken) visit(group.first.next(d), module, ports.cages - taken);
    }
  }
}

void Cabler::populate() {
  const bool wanted = std::any_of(spec_.fabrics.begin(), spec_.fabrics.end(), [](const FabricSpec& fabric) { return fabric.media.populate_all; });
  if (!wanted) return;
  std::vector<bool> used(network_.cages, false);
  for (std::size_t i = 0; i < network_.links.size(); ++i) used[from_cage_[i]] = used[to_cage_[i]] = true;
  for (std::uint32_t g = 0; g < network_.groups.size(); ++g) {
    const auto& group = network_.groups[g];
    if (group.is_node() || !spec_.fabrics[group.fabric.index()].media.populate_all) continue;
    std::map<std::uint16_t, std::int64_t> dark;
    visit_dark_cages(catalog_, group, used, table_.module_of_cage,
                     [&](DeviceId, std::uint16_t module, std::int64_t count) { dark[module] += count; });
    std::vector<SpareModules> rows;
    for (const auto& [module, count] : dark) rows.push_back({g, modules_.values()[module - 1U], count});
    std::sort(rows.begin(), rows.end(), [&](const SpareModules& a, const SpareModules& b) { return catalog_[a.module].id < catalog_[b.module].id; });
    table_.dark_modules.insert(table_.dark_modules.end(), rows.begin(), rows.end());
  }
}

} // namespace icplan
