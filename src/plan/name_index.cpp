// SPDX-License-Identifier: Apache-2.0
// Finds devices, ports and links by name.
#include "name_index.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <charconv>

namespace icplan {
namespace {

constexpr std::uint32_t no_link = ~0U;

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

} // namespace

NameIndex::NameIndex(const Network& network) : network_(network) {
  std::vector<std::size_t> ends;
  std::uint32_t ports = 0;
  for (std::uint32_t d = 0; d < network.devices(); ++d) {
    texts_ += network.device_name(DeviceId(d));
    ends.push_back(texts_.size());
    first_port_.push_back(ports);
    ports += network.group(DeviceId(d)).ports_per_device;
  }
  std::size_t begin = 0;
  devices_.reserve(ends.size());
  for (std::uint32_t d = 0; d < network.devices(); ++d) {
    names_.push_back(std::string_view(texts_).substr(begin, ends[d] - begin));
    devices_.emplace(names_.back(), DeviceId(d));
    begin = ends[d];
  }
  link_of_port_.assign(ports, no_link);
  for (std::uint32_t i = 0; i < network.links.size(); ++i) {
    const auto& link = network.links[i];
    link_of_port_[first_port_[link.from.index()] + link.from_port] = i;
    link_of_port_[first_port_[link.to.index()] + link.to_port] = i;
  }
}

std::optional<DeviceId> NameIndex::device(std::string_view name) const {
  const auto found = devices_.find(name);
  return found == devices_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> NameIndex::port(DeviceId device, std::string_view cage, std::string_view port) const {
  const auto in_cage = number(port);
  if (!in_cage) return std::nullopt;
  for (const auto& block : network_.group(device).blocks) {
    auto digits = cage;
    if (block.name != "fabric") {
      if (cage.size() <= block.name.size() || cage.substr(0, block.name.size()) != block.name || cage[block.name.size()] != '-') continue;
      digits.remove_prefix(block.name.size() + 1);
    }
    const auto stated = number(digits);
    if (!stated || *stated < block.first_number || *in_cage < 1 || *in_cage > block.ports_per_cage) continue;
    const auto step = 1 + block.disables;
    const auto local = (*stated - block.first_number) / step;
    if (local >= block.cages || block.number(local) != *stated || cage_name(block, local) != cage) continue;
    return block.first_port + local * block.ports_per_cage + *in_cage - 1;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> NameIndex::link_at(DeviceId device, std::uint32_t port) const {
  const auto link = link_of_port_[first_port_[device.index()] + port];
  return link == no_link ? std::nullopt : std::optional(link);
}

std::optional<NameIndex::Port> NameIndex::end(std::string_view name, std::string_view cage, std::string_view port_text) const {
  const auto found = device(name);
  if (!found) return std::nullopt;
  const auto local = port(*found, cage, port_text);
  return local ? std::optional(Port(*found, *local)) : std::nullopt;
}

std::optional<std::uint32_t> NameIndex::link(const std::array<std::string_view, 6>& ends) const {
  const auto a = end(ends[0], ends[1], ends[2]);
  const auto b = end(ends[3], ends[4], ends[5]);
  if (!a || !b) return std::nullopt;
  const auto at_a = link_at(a->first, a->second);
  return at_a && at_a == link_at(b->first, b->second) ? at_a : std::nullopt;
}

std::optional<std::string_view> NameIndex::nearest_device(std::string_view name) const { return closest_word(name, names_); }

CableNames::CableNames(std::uint32_t links, const Name& name) : name_(name) {
  hashes_.reserve(links);
  for (std::uint32_t i = 0; i < links; ++i) hashes_.emplace_back(std::hash<std::string>()(name(i)), i);
  std::sort(hashes_.begin(), hashes_.end());
}

std::optional<std::uint32_t> CableNames::link(std::string_view cable) const {
  const auto hash = std::hash<std::string_view>()(cable);
  for (auto at = std::lower_bound(hashes_.begin(), hashes_.end(), std::pair(hash, std::uint32_t{0})); at != hashes_.end() && at->first == hash;
       ++at) {
    if (name_(at->second) == cable) return at->second;
  }
  return std::nullopt;
}

std::optional<std::string> CableNames::nearest(std::string_view cable) const {
  constexpr std::size_t most_wrong = 3;
  std::optional<std::string> best;
  std::size_t fewest = most_wrong + 1;
  for (std::uint32_t i = 0; i < hashes_.size(); ++i) {
    auto candidate = name_(i);
    const auto shorter = std::min(candidate.size(), cable.size());
    const auto longer = std::max(candidate.size(), cable.size());
    if (longer - shorter >= fewest) continue;
    std::size_t front = 0;
    while (front < shorter && candidate[front] == cable[front]) ++front;
    std::size_t back = 0;
    while (back < shorter - front && candidate[candidate.size() - 1 - back] == cable[cable.size() - 1 - back]) ++back;
    if (longer - front - back >= fewest) continue;
    fewest = longer - front - back;
    best = std::move(candidate);
  }
  return best;
}

std::string cage_name(const CageBlock& block, std::uint32_t cage) {
  return (block.name == "fabric" ? std::string() : block.name + "-") + std::to_string(block.number(cage));
}

std::string port_name(const DeviceGroup& group, std::uint32_t port) {
  const auto& block = group.block_of_port(port);
  const auto local = port - block.first_port;
  return cage_name(block, local / block.ports_per_cage) + "." + std::to_string(local % block.ports_per_cage + 1);
}

} // namespace icplan
