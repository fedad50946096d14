// SPDX-License-Identifier: Apache-2.0
// The work of placing one network: racks while they fill, and the floor while racks are stood on it.
#pragma once

#include "icplan/place/placement.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace icplan {

[[nodiscard]] std::string kilowatts(Milliwatts power);

/// What one device asks of a rack.
struct Footprint {
  std::int64_t units = 0;
  RackPower power;
  std::optional<Grams> weight;
};

/// Network racks that are filled together: switches of one hall, of the same rows and kind of rack.
struct NetworkClass {
  HallId hall{0};
  std::vector<std::int64_t> rows;
  RackSpecId rack;

  friend auto operator<=>(const NetworkClass&, const NetworkClass&) = default;
};

class Placer {
public:
  Placer(const ClusterSpec& spec, const Catalog& catalog, const Network& network, std::span<const PinnedRack> pinned, Sink& sink)
      : spec_(spec), catalog_(catalog), network_(network), pinned_(pinned), sink_(sink) {}

  Placement run();

private:
  /// Nodes and the switches at the top of their racks.
  struct LeafSet {
    std::vector<DeviceId> nodes;
    struct Leaf {
      DeviceId device;
      /// Which of the nodes it serves: from, and how many.
      std::size_t first = 0;
      std::size_t count = 0;
    };
    std::vector<Leaf> leaves;
  };
  /// How a set fills its racks: by rack, how many nodes and which leaves.
  struct SetPlan {
    std::int64_t per_rack = 0;
    std::vector<std::vector<std::size_t>> leaves;
  };
  /// A rack that is being filled with switches from the top.
  struct SwitchRack {
    RackId rack;
    std::int64_t top = 0;
    /// Pinned racks before this one are full or of another kind.
    std::size_t next_pinned = 0;
  };

  // Racks.
  const std::optional<Footprint>& footprint(std::size_t group, RackSpecId rack);
  std::optional<Footprint> measure(const DeviceGroup& group, const RackSpec& rack, SourceRange where);
  [[nodiscard]] std::int64_t most_per_rack(const Footprint& device, const RackSpec& rack) const;
  [[nodiscard]] RackClosed binding_limit(const Footprint& device, const RackSpec& rack) const;
  void refuse_device(const DeviceGroup& group, const Footprint& device, const RackSpec& rack, std::int64_t wanted, SourceRange where);
  RackId add_rack(RackSpecId spec, HallId hall);
  void put(DeviceId device, RackId rack, std::int64_t unit, const Footprint& footprint);
  void add_sums(Rack& rack, const Footprint& footprint);
  /// Why one more such device does not fit the rack's power or load; nothing when it does.
  [[nodiscard]] std::optional<RackClosed> over_limit(const Rack& rack, const Footprint& device) const;
  [[nodiscard]] SourceRange origin_of(const DeviceGroup& group) const;

  // Pinned racks.
  void place_pinned();
  void put_pinned(const PinnedRack::Device& device, RackId rack);
  void check_pinned(RackId rack, const PinnedRack& pinned);
  [[nodiscard]] std::optional<std::int64_t> free_units(RackId rack, std::int64_t height, bool from_top) const;
  void occupy(RackId rack, std::int64_t unit, std::int64_t height);

  // Nodes.
  void collect_homes();
  void place_group(std::size_t group);
  void place_nodes(std::size_t group);
  std::uint32_t fill_pinned(std::size_t group, const Footprint& device, std::int64_t per_rack, std::uint32_t from);
  [[nodiscard]] std::vector<LeafSet> leaf_sets(const DeviceGroup& group) const;
  void place_sets(std::size_t group, const std::vector<LeafSet>& sets);
  [[nodiscard]] std::optional<SetPlan> plan_set(const Footprint& node, const LeafSet& set, std::int64_t per_rack, RackSpecId rack);

  // Switches.
  void place_switches();
  [[nodiscard]] bool at_top_of_rack(const DeviceGroup& group) const;
  [[nodiscard]] NetworkClass class_of(const DeviceGroup& group, DeviceId device) const;
  void put_switch(DeviceId device, const NetworkClass& of, SwitchRack& at, std::vector<RackId>& racks);
  bool fill_pinned_switch(DeviceId device, const Footprint& print, const NetworkClass& of, SwitchRack& at);

  void place_pdus();

  // The floor.
  void stand_racks();
  void stand_hall(HallId hall);
  void stand_block(HallId hall, const std::vector<RackId>& racks, const std::vector<std::int64_t>& rows);
  void stand_central(HallId hall, const std::vector<RackId>& racks, std::size_t others);
  void stand_rows(HallId hall);
  void stand(RackId rack, FloorSpot spot);
  [[nodiscard]] std::vector<std::int64_t> open_positions(HallId hall, std::int64_t row) const;
  [[nodiscard]] std::vector<FloorSpot> open_spots(HallId hall, std::size_t wanted) const;
  [[nodiscard]] std::optional<FloorSpot> first_open(HallId hall, Milliwatts power) const;
  [[nodiscard]] bool row_takes(HallId hall, std::int64_t row, Milliwatts more) const;
  void floor_full(HallId hall, std::string_view what);
  /// One row while it is being filled: node racks, and the switches that stand in the row of their nodes, by policy.
  struct RowFill {
    HallId hall{0};
    std::int64_t row = 0;
    std::vector<RackId> racks;
    std::array<std::vector<DeviceId>, 2> switches;
  };
  [[nodiscard]] std::pair<std::size_t, Milliwatts> racks_for(const std::vector<DeviceId>& switches) const;
  [[nodiscard]] bool fits_row(const RowFill& fill, std::size_t open);
  void stand_row(const RowFill& fill, const std::vector<std::int64_t>& open);

  void note_unlimited_racks();
  void check_floor();
  void check_hall(HallId hall);

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  const Network& network_;
  std::span<const PinnedRack> pinned_;
  Sink& sink_;
  Placement placement_;
  std::map<std::pair<std::size_t, RackSpecId>, std::optional<Footprint>> footprints_;
  /// By device: placed already.
  std::vector<bool> placed_;
  /// By device: the nodes that a leaf serves; an invalid first node where it serves none.
  std::vector<LeafHome> home_;
  /// By pinned rack: which of its units are filled, from unit 1.
  std::vector<std::vector<bool>> filled_;
  /// By pinned rack: the node group that it holds, if any, and whether it holds switches.
  std::vector<NodeGroupId> holds_nodes_;
  std::vector<bool> holds_switches_;
  /// By rack that is not pinned: its group's rows; by hall, in order.
  struct NodeRacks {
    std::vector<std::int64_t> rows;
    std::vector<RackId> racks;
  };
  std::vector<std::vector<NodeRacks>> node_racks_;
  std::map<NetworkClass, std::vector<RackId>> network_racks_;
  /// By hall and policy (middle, end): switches that stand in the row of their nodes, by the rack of their first node.
  std::vector<std::array<std::map<RackId, std::vector<DeviceId>>, 2>> row_switches_;
  /// By hall and row.
  std::vector<std::deque<std::vector<bool>>> taken_;
  std::vector<std::deque<Milliwatts>> row_power_;
};

} // namespace icplan
