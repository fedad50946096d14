// SPDX-License-Identifier: Apache-2.0
// Look-ups in the network.
#include "icplan/fabric/network.hpp"

#include <cassert>

namespace icplan {

const CageBlock& DeviceGroup::block_of_port(std::uint32_t port) const {
  for (const auto& block : blocks) {
    if (port < block.first_port + block.ports()) return block;
  }
  assert(false);
  return blocks.back();
}

const CageBlock& DeviceGroup::block_of_cage(std::uint32_t cage) const {
  for (const auto& block : blocks) {
    if (cage < block.first_cage + block.cages) return block;
  }
  assert(false);
  return blocks.back();
}

std::string_view to_text(LinkKind kind) {
  switch (kind) {
  case LinkKind::tier: return "tier";
  case LinkKind::isl: return "isl";
  case LinkKind::local: return "local";
  case LinkKind::global: return "global";
  case LinkKind::x: return "x";
  case LinkKind::y: return "y";
  case LinkKind::z: return "z";
  case LinkKind::uplink: return "uplink";
  }
  return "?";
}

std::string Network::device_name(DeviceId device) const {
  const auto& of = group(device);
  auto number = std::to_string(device.index() - of.first.index() + of.first_number);
  if (number.size() < 4) number.insert(0, 4 - number.size(), '0');
  return of.name_prefix + "-" + number;
}

} // namespace icplan
