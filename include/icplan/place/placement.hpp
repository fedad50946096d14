// SPDX-License-Identifier: Apache-2.0
// Which device stands in which rack, and where each rack stands.
#pragma once

#include "icplan/fabric/network.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

using RackId = Id<struct RackTag>;

/// Where a device's power figure for the rack check came from.
enum class PowerBasis : std::uint8_t { maximum, typical, unknown };

/// Why nothing more was put into a rack: nothing was left to put there, its units, power or load would not take another device, it holds as many nodes as
/// the spec states, its set of nodes with their top-of-rack leaves is complete, or the spec fixes what it holds.
enum class RackClosed : std::uint8_t { last, units, power, load, stated, set, fixed };
[[nodiscard]] std::string_view to_text(RackClosed closed);

struct Rack {
  RackSpecId spec;
  HallId hall{0};
  /// Counting from 0.
  std::int64_t row = 0;
  std::int64_t position = 0;
  /// What the spec calls it; empty: named by its place.
  std::string name;
  std::int64_t used_units = 0;
  /// Sum of what the devices draw at most; a lower bound while `unknown_power` is not 0.
  Milliwatts power;
  std::int64_t unknown_power = 0;
  /// Devices that are counted with their typical draw, because no maximum is known: the sum is a lower bound then too.
  std::int64_t typical_power = 0;
  /// Sum of the known weights of what stands in it.
  Grams load;
  std::int64_t unknown_weight = 0;
  std::int64_t devices = 0;
  /// In the house already: not bought.
  bool existing = false;
  /// Its place was given before placement began.
  bool pinned = false;
  RackClosed closed = RackClosed::last;
};

/// A device's place: its rack and the lowest rack unit that it fills, counting from 1.
struct DevicePlace {
  RackId rack;
  std::int32_t unit = 0;
  std::int32_t height = 0;
};

/// Gear in a rack that the plan does not know; it fills units and counts in the rack's sums.
struct ForeignGear {
  RackId rack;
  std::int32_t unit = 0;
  std::int32_t height = 0;
  std::string purpose;
  std::optional<Milliwatts> power;
  std::optional<Grams> weight;
};

/// What the cables, fibres and modules of a placement come to.
struct MediaTotal {
  /// Cents or milliwatts of what has a figure.
  std::int64_t figure = 0;
  /// Parts in use that have none.
  std::int64_t unknown_parts = 0;
  std::int64_t modules = 0;
  std::int64_t active_cables = 0;
  Millimetres length;

  friend bool operator==(const MediaTotal&, const MediaTotal&) = default;
};

/// What moving network racks away from the centre of the floor has brought.
struct Optimized {
  OptimizeFor what = OptimizeFor::cost;
  MediaTotal central;
  MediaTotal chosen;
  std::int64_t network_racks = 0;
  /// Network racks that stand elsewhere, and switches that stand at another unit.
  std::int64_t moved_racks = 0;
  std::int64_t moved_switches = 0;
};

struct Placement {
  /// Pinned racks first, then node racks in spec order, then network racks.
  std::vector<Rack> racks;
  /// By device.
  std::vector<DevicePlace> devices;
  std::vector<ForeignGear> gear;
  /// By hall: rows in use, from the first to the last that holds a rack.
  std::vector<std::int64_t> rows;
  /// Absent where no fabric asks for `optimize`.
  std::optional<Optimized> optimized;
  /// One sentence for each rule that shaped the racks.
  std::vector<std::string> reasons;

  /// What the rack is called: its stated name, else by the spec's pattern, else "A-01-03" by hall, row, position.
  [[nodiscard]] std::string rack_name(const FloorSpec& floor, RackId rack) const;
};

/// Reports racks that would have one name, and names that are too long.
void check_rack_names(const FloorSpec& floor, const Placement& placement, Sink& sink);

/// A rack whose place is given before placement starts, with what stands in it.
struct PinnedRack {
  struct Device {
    DeviceId device;
    std::int32_t unit = 0;
    SourceRange where;
  };
  HallId hall{0};
  FloorSpot spot;
  std::string name;
  RackSpecId spec;
  bool existing = false;
  /// Whether further devices may be put into it: nodes of the group that it holds, or switches where it holds some; either where it is empty.
  bool fill = true;
  std::vector<Device> devices;
  /// `rack` is not used.
  std::vector<ForeignGear> gear;
  SourceRange where;
};

/// The watts that the rack check counts for a part: its maximum, else its typical draw.
struct RackPower {
  std::optional<Milliwatts> watts;
  PowerBasis basis = PowerBasis::unknown;
};
[[nodiscard]] RackPower rack_power(const ClusterSpec& spec, const Part& part);

/// The racks that the spec fixes, with the devices that it names. Devices that the network does not have are in the sink.
[[nodiscard]] std::vector<PinnedRack> fixed_racks(const ClusterSpec& spec, const Network& network, Sink& sink);

/// Places every device: those of `pinned` where they are, the others by the spec's policies. What does not fit is in the sink; then the result is
/// incomplete and must not be used.
[[nodiscard]] Placement place_devices(const ClusterSpec& spec, const Catalog& catalog, const Network& network, std::span<const PinnedRack> pinned,
                                      Sink& sink);

} // namespace icplan
