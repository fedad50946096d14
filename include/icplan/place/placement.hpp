// SPDX-License-Identifier: Apache-2.0
// Which device stands in which rack, and where each rack stands.
#pragma once

#include "icplan/fabric/network.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace icplan {

using RackId = Id<struct RackTag>;

/// Where a device's power figure for the rack check came from.
enum class PowerBasis : std::uint8_t { maximum, typical, unknown };

struct Rack {
  RackSpecId spec;
  /// Counting from 0.
  std::int64_t row = 0;
  std::int64_t position = 0;
  std::int64_t used_units = 0;
  /// Sum of what the devices draw at most; a lower bound while `unknown_power` is not 0.
  Milliwatts power;
  std::int64_t unknown_power = 0;
  /// Devices that are counted with their typical draw, because no maximum is known: the sum is a lower bound then too.
  std::int64_t typical_power = 0;
  std::int64_t devices = 0;
};

/// A device's place: its rack and the lowest rack unit that it fills, counting from 1.
struct DevicePlace {
  RackId rack;
  std::int32_t unit = 0;
  std::int32_t height = 0;
};

struct Placement {
  std::vector<Rack> racks;
  /// By device.
  std::vector<DevicePlace> devices;
  std::int64_t rows = 0;
  /// One sentence for each rule that shaped the racks.
  std::vector<std::string> reasons;

  /// "A-01-03": hall, row, position, or as the spec's pattern says.
  [[nodiscard]] std::string rack_name(const FloorSpec& floor, RackId rack) const;
};

/// Reports racks that the spec's pattern would give one name, and names that are too long.
void check_rack_names(const FloorSpec& floor, const Placement& placement, Sink& sink);

/// The watts that the rack check counts for a part: its maximum, else its typical draw.
struct RackPower {
  std::optional<Milliwatts> watts;
  PowerBasis basis = PowerBasis::unknown;
};
[[nodiscard]] RackPower rack_power(const ClusterSpec& spec, const Part& part);

/// Places every device. What does not fit is in the sink; then the result is incomplete and must not be used.
[[nodiscard]] Placement place_devices(const ClusterSpec& spec, const Catalog& catalog, const Network& network, Sink& sink);

} // namespace icplan
