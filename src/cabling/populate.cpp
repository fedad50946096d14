// SPDX-License-Identifier: Apache-2.0
// Modules in the dark cages of switches, where the spec asks for them.
#include "cabler.hpp"

#include <algorithm>
#include <map>

namespace icplan {

/// Every cage of a port group that holds at least one module gets one, of the kind that its lowest lit cage has; cages that a cable fills or that a
/// breakout disables take none.
void Cabler::populate() {
  const bool wanted = std::any_of(spec_.fabrics.begin(), spec_.fabrics.end(), [](const FabricSpec& fabric) { return fabric.media.populate_all; });
  if (!wanted) return;
  std::vector<bool> used(network_.cages, false);
  for (std::size_t i = 0; i < network_.links.size(); ++i) used[from_cage_[i]] = used[to_cage_[i]] = true;
  for (std::uint32_t g = 0; g < network_.groups.size(); ++g) {
    const auto& group = network_.groups[g];
    if (group.is_node() || !spec_.fabrics[group.fabric.index()].media.populate_all) continue;
    std::map<std::uint16_t, std::int64_t> dark;
    for (const auto& ports : catalog_[group.part].port_groups()) {
      for (std::uint32_t d = 0; d < group.count; ++d) {
        const auto first = group.first_cage.index() + d * group.cages_per_device;
        std::uint16_t module = 0;
        std::int64_t taken = 0;
        for (const auto& block : group.blocks) {
          if (block.name != ports.name) continue;
          for (auto cage = first + block.first_cage; cage < first + block.first_cage + block.cages; ++cage) {
            if (module == 0) module = table_.module_of_cage[cage];
            taken += used[cage] ? 1 + block.disables : 0;
          }
        }
        if (module != 0 && ports.cages > taken) dark[module] += ports.cages - taken;
      }
    }
    std::vector<SpareModules> rows;
    for (const auto& [module, count] : dark) rows.push_back({g, modules_.values()[module - 1U], count});
    std::sort(rows.begin(), rows.end(), [&](const SpareModules& a, const SpareModules& b) { return catalog_[a.module].id < catalog_[b.module].id; });
    table_.dark_modules.insert(table_.dark_modules.end(), rows.begin(), rows.end());
  }
}

} // namespace icplan
