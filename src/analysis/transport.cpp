// SPDX-License-Identifier: Apache-2.0
// Intersects what the attached NICs state.
#include "icplan/analysis/transport.hpp"

#include <algorithm>

namespace icplan {

std::optional<std::vector<std::string>> shared_transports(const Plan& plan, FabricId fabric) {
  std::optional<std::vector<std::string>> shared;
  for (const auto& attachment : plan.spec.fabrics[fabric.index()].attach) {
    if (attachment.devices != AttachedDevices::nodes) return std::nullopt;
    const auto& ports = plan.spec.nodes[attachment.group.index()].ports[attachment.port_group];
    const auto nic = plan.catalog->find(ports.nic);
    const auto* facts = nic ? plan.part(*nic).as<NicFacts>() : nullptr;
    if (facts == nullptr || facts->transport.empty()) return std::nullopt;
    if (!shared) {
      shared = facts->transport;
      continue;
    }
    const auto spoken = [&](const std::string& word) {
      return std::find(facts->transport.begin(), facts->transport.end(), word) != facts->transport.end();
    };
    shared->erase(std::remove_if(shared->begin(), shared->end(), [&](const std::string& word) { return !spoken(word); }), shared->end());
  }
  return shared;
}

} // namespace icplan
