// SPDX-License-Identifier: Apache-2.0
// Look-ups in the network.
#include "icplan/fabric/network.hpp"

#include <array>
#include <cassert>
#include <charconv>

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

namespace {

/// At least `width` digits.
void append_padded(std::string& out, std::uint64_t number, std::uint32_t width) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const auto count = static_cast<std::uint32_t>(end - digits.data());
  if (count < width) out.append(width - count, '0');
  out.append(digits.data(), end);
}

} // namespace

void DeviceGroup::append_name(std::string& out, std::uint32_t n) const {
  constexpr std::uint32_t usual_width = 4;
  if (name.empty()) {
    out += name_prefix;
    out += '-';
    append_padded(out, std::uint64_t{first_number} + n, usual_width);
    return;
  }
  const auto place = first_number - 1 + n;
  for (const auto& term : name) {
    if (!term.number) {
      out += term.text;
      continue;
    }
    auto value = (place - term.shift) / term.divide;
    if (term.modulo != 0) value %= term.modulo;
    append_padded(out, std::uint64_t{value} + term.first, term.width);
  }
}

std::string Network::device_name(DeviceId device) const {
  const auto& of = group(device);
  std::string text;
  of.append_name(text, device.index() - of.first.index());
  return text;
}

} // namespace icplan
