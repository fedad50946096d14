// SPDX-License-Identifier: Apache-2.0
// From names that the cable schedule prints back to devices, ports and links.
#pragma once

#include "end_names.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace icplan {

/// Knows the names of one network, which must outlive it. Costs about 100 bytes per device and 4 per port, so it is made only where names are read.
class NameIndex {
public:
  explicit NameIndex(const Network& network);

  [[nodiscard]] std::optional<DeviceId> device(std::string_view name) const;
  /// The local port of a device, by its cage and its number within the cage.
  [[nodiscard]] std::optional<std::uint32_t> port(DeviceId device, std::string_view cage, std::string_view port) const;
  /// The link that ends at a port, or nothing.
  [[nodiscard]] std::optional<std::uint32_t> link_at(DeviceId device, std::uint32_t port) const;
  /// The link between two ends, each named by device, cage and port, in either direction.
  [[nodiscard]] std::optional<std::uint32_t> link(const std::array<std::string_view, 6>& ends) const;
  /// The device whose name is nearest to a misspelt one.
  [[nodiscard]] std::optional<std::string_view> nearest_device(std::string_view name) const;

private:
  using Port = std::pair<DeviceId, std::uint32_t>;
  [[nodiscard]] std::optional<Port> end(std::string_view device, std::string_view cage, std::string_view port) const;

  const Network& network_;
  std::string texts_;
  std::vector<std::string_view> names_;
  std::unordered_map<std::string_view, DeviceId> devices_;
  /// By device: the number of its first port over all devices.
  std::vector<std::uint32_t> first_port_;
  std::vector<std::uint32_t> link_of_port_;
};

/// Finds links by the names of cables that may start with them.
class CableNames {
public:
  using Name = std::function<std::string(std::uint32_t link)>;
  CableNames(std::uint32_t links, const Name& name);

  [[nodiscard]] std::optional<std::uint32_t> link(std::string_view cable) const;
  /// The name that agrees with a misspelt one but for at most three characters in one place.
  [[nodiscard]] std::optional<std::string> nearest(std::string_view cable) const;

private:
  const Name& name_;
  /// Hash of a name, and the link; sorted.
  std::vector<std::pair<std::size_t, std::uint32_t>> hashes_;
};

/// "compute-1" on a node, "1" on a switch: the cage as its faceplate numbers it, counted from 0 within its block.
[[nodiscard]] std::string cage_name(const CageBlock& block, std::uint32_t cage);
/// "compute-1.2": a local port by its cage and its number within the cage.
[[nodiscard]] std::string port_name(const DeviceGroup& group, std::uint32_t port);

} // namespace icplan
