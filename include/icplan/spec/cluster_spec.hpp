// SPDX-License-Identifier: Apache-2.0
// The cluster as the user wrote it, with every default filled in and every name resolved.
#pragma once

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/units.hpp"
#include "icplan/catalog/price_list.hpp"
#include "icplan/spec/floor_spec.hpp"
#include "icplan/spec/lengths.hpp"
#include "icplan/spec/name_pattern.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// Equal nodes.
struct NodeGroup {
  std::string name;
  PartId model;
  /// The rack product that the nodes come in, and how many to a rack; invalid where they are bought one by one.
  PartId product;
  std::int64_t per_product = 1;
  std::int64_t count = 0;
  /// GPUs in one node.
  std::int64_t gpus = 0;
  /// Nodes in a scalable unit; absent: the topology decides.
  std::optional<std::int64_t> unit;
  std::optional<std::int64_t> nodes_per_rack;
  RackSpecId rack;
  HallId hall{0};
  /// Rows that its racks stand in, from 0; empty: any.
  std::vector<std::int64_t> rows;
  /// The power distribution units of all racks: their number follows from the racks.
  bool pdus = false;
  /// The model's port groups, with the spec's `nics` in place of those they replace.
  std::vector<PortGroup> ports;
  /// NICs that the spec adds: part and count per node.
  std::vector<std::pair<PartId, std::int64_t>> added_nics;
  /// The port groups whose own NICs they replace.
  std::vector<std::string> replaced_ports;
  Origin origin;

  /// The position of the port group called `name`, or nothing.
  [[nodiscard]] std::optional<std::size_t> port_group(std::string_view name) const;
};

/// What an attachment joins: the nodes of a group, or the management ports of all switches of the other fabrics.
enum class AttachedDevices : std::uint8_t { nodes, switches };

/// Ports of a node group that a fabric takes.
struct Attachment {
  AttachedDevices devices = AttachedDevices::nodes;
  NodeGroupId group;
  std::size_t port_group = 0;
  /// Ports per node; absent: all of the port group at the chosen speed.
  std::optional<std::int64_t> count;
  /// Absent: the fabric's port speed.
  std::optional<Mbps> speed;
  /// Ports per switch cage; 1: the cage's own division at that speed.
  std::int64_t breakout = 1;
  Origin origin;
};

struct ReservedPorts {
  std::int64_t count = 0;
  bool per_switch = false;
  std::string purpose;
  Origin origin;
};

/// Switch ports whose links leave the plan.
struct ExternalLinks {
  std::string name;
  std::int64_t count = 0;
  /// Absent: the fabric's port speed, else the fastest that the leaf has.
  std::optional<Mbps> speed;
  std::int64_t breakout = 1;
  Origin origin;
};

enum class Topology : std::uint8_t {
  single_switch,
  collapsed_core,
  fat_tree,
  rail_optimized,
  rail_only,
  multi_plane,
  dual_tor,
  access,
  dragonfly,
  dragonfly_plus,
  slim_fly,
  torus,
  explicit_links
};

/// Switches of one tier of an explicit topology.
struct ExplicitTier {
  std::string name;
  std::int64_t count = 0;
};
/// One end of an explicit link: a device by name, a cage by its faceplate number within the port group, a port within the cage.
struct ExplicitEnd {
  std::string device;
  std::string cage;
  std::int64_t port = 1;
};
struct ExplicitLink {
  ExplicitEnd from;
  ExplicitEnd to;
  /// Absent: that of the ports, or what both switch models have.
  std::optional<Mbps> speed;
  SourceRange where;
};

/// What a topology's object states beside its `kind`; absent figures are the topology's to decide.
struct TopologyOptions {
  /// Collapsed core: links between the two switches.
  std::optional<std::int64_t> isl;
  /// Access: uplinks of a switch.
  std::optional<std::int64_t> uplinks;
  /// Dual-ToR: ports of a leaf that are kept for backup nodes.
  std::int64_t backup = 0;
  /// Multi-plane: the topology of a plane.
  Topology of = Topology::fat_tree;
  /// Direct topologies: routers in a group (a), endpoints of a router or leaf (p), global ports (h), groups (g); dragonfly+: leaves (l) and spines
  /// (s) in a group; Slim Fly: q.
  std::optional<std::int64_t> routers;
  std::optional<std::int64_t> endpoints;
  std::optional<std::int64_t> global_ports;
  std::optional<std::int64_t> groups;
  std::optional<std::int64_t> leaves;
  std::optional<std::int64_t> spines;
  std::optional<std::int64_t> order;
  /// Torus: routers along x, y and z.
  std::vector<std::int64_t> dimensions;
  /// Explicit: switches by tier, and every link.
  std::vector<ExplicitTier> tiers;
  std::vector<ExplicitLink> links;
  Origin origin;
};
enum class SwitchPlacement : std::uint8_t { central, top_of_rack, middle_of_row, end_of_row, optimize };
enum class UplinkSizing : std::uint8_t { unit, used };

[[nodiscard]] std::string_view to_text(Topology topology);
[[nodiscard]] std::string_view to_text(SwitchPlacement placement);
[[nodiscard]] std::string_view to_text(UplinkSizing sizing);
[[nodiscard]] std::string_view to_text(OptimizeFor what);

/// How a class is chosen: by length alone, or the cheapest or least hungry set of parts whose reach suffices, whatever its class.
enum class MediaChoice : std::uint8_t { rule, reach_cost, reach_power };

/// A part that the spec names for links, or for the cages of a tier.
struct StatedPart {
  /// Of a cable or fibre: the links as findings name them, such as `leaf-spine`. Of a module: the tier, or a node group.
  std::string where;
  /// cable, fibre or module.
  PartKind kind = PartKind::cable;
  PartId part;
  Origin origin;
};

/// A part that comes first among those that fit.
struct PreferredPart {
  PartId part;
  SourceRange where;
};

/// The media rule and its policy values.
struct MediaPolicy {
  MediaChoice choice = MediaChoice::rule;
  Millimetres dac_below{7'000};
  Millimetres aoc_up_to{100'000};
  /// Preferred makers, first first.
  std::vector<std::string> vendors;
  bool escalate = true;
  bool orderable_only = false;
  /// First first.
  std::vector<PreferredPart> prefer;
  std::vector<StatedPart> parts;
  /// Modules in every cage of a switch that optical links use, not in lit cages alone.
  bool populate_all = false;
  /// Mated pairs of connectors on the way of an optical link: one at each end, more with patch panels.
  std::int64_t connector_pairs = 2;
  Origin origin;
};

/// Tiers of switches, lowest first.
inline constexpr std::size_t max_tiers = 3;

struct FabricSpec {
  std::string name;
  Topology topology = Topology::rail_optimized;
  TopologyOptions options;
  /// The fabric on whose leaves the ports sit; the fabric has no switches of its own then.
  std::optional<FabricId> on;
  /// Access: the fabric that the uplinks lead into.
  std::optional<FabricId> uplink_to;
  std::vector<ExternalLinks> external;
  /// Nodes of the first attached group that the switches are sized for.
  std::optional<std::int64_t> expandable_to;
  std::vector<Attachment> attach;
  /// Leaf, spine, core; a tier without a model of its own has that of the tier below.
  std::array<PartId, max_tiers> models;
  std::optional<std::int64_t> tiers;
  std::int64_t planes = 1;
  std::optional<std::int64_t> rails;
  std::optional<std::int64_t> homing;
  std::optional<std::int64_t> pod_units;
  UplinkSizing uplinks = UplinkSizing::unit;
  std::optional<Mbps> port_speed;
  std::optional<Mbps> uplink_speed;
  /// Of leaf and spine.
  std::array<Ratio, 2> oversubscription;
  std::vector<ReservedPorts> reserved;
  SwitchPlacement switches = SwitchPlacement::central;
  /// The hall of its network racks, the rows that they stand in, from 0 (empty: the middle of the floor), and their kind.
  HallId hall{0};
  std::vector<std::int64_t> rows;
  RackSpecId rack{0};
  MediaPolicy media;
  Origin origin;
};

/// What fails at once. `cable`: an assembly with several legs; `cage`: a cage with several links; `row`: a row of racks.
enum class FailureKind : std::uint8_t { link, cable, cage, switch_, plane, rack, row };
[[nodiscard]] std::string_view to_text(FailureKind kind);

struct Limits {
  std::optional<Milliwatts> max_rack_power;
  std::optional<Ratio> max_oversubscription;
  std::optional<Mbps> min_per_gpu;
  /// Between two GPUs of the fabric with most bandwidth for each.
  std::optional<Picoseconds> max_latency;
  /// Of the whole cluster: what is ordered costs, and draws at most.
  std::optional<Cents> max_cost;
  std::optional<Milliwatts> max_power;
  std::optional<std::int64_t> max_racks;
  /// Only parts that can be ordered; only those of these makers, where any is named.
  bool orderable_only = false;
  std::vector<std::string> vendors;
  /// By what fails: nodes that it may cut off, and the least bandwidth that it must leave a node, in thousandths of a percent.
  std::map<FailureKind, std::int64_t> max_nodes_cut_off;
  std::map<FailureKind, std::int64_t> min_share_after_failure;
  Origin origin;
};

/// What running the cluster costs, and how hard it is run. What is not stated is not known.
struct Operations {
  /// Power usage effectiveness: what the site draws for each watt of equipment, in thousandths.
  std::optional<std::int64_t> pue_thousandths;
  /// Price of a kilowatt-hour, in millionths of a dollar.
  std::optional<std::int64_t> microdollars_per_kwh;
  /// Share of the year at that power, in thousandths of a percent.
  std::int64_t utilisation_thousandths = 100'000;
  Origin origin;
};

struct Workload;

/// A count that must come out, such as `compute.leaf` or `gpus`.
struct Expectation {
  std::string what;
  std::int64_t count = 0;
  SourceRange where;
};

/// Spares in millionths of a percent would be pointless; this is thousandths of a percent, per BOM kind.
using SparesPercent = std::map<std::string, std::int64_t, std::less<>>;

/// What an extra is bought for: once, or for each of these. `tier`: each switch of a tier; `part`: each piece of a part of the bill of materials.
enum class ExtraPer : std::uint8_t { cluster, node, switch_, rack, cable, module, gpu, tier, part };

/// An accessory that the spec orders beside what the plan needs: rail kits, cords, licences.
struct Extra {
  PartId part;
  ExtraPer per = ExtraPer::cluster;
  /// Of `tier`: the fabric and its tier, from 1.
  FabricId fabric;
  std::int64_t tier = 0;
  /// Of `part`.
  PartId of;
  /// Pieces for each.
  std::int64_t quantity = 1;
  Origin origin;
};

struct ClusterSpec {
  std::string name;
  /// Bases whose figures may enter totals.
  EnumSet<Basis> accept = {Basis::datasheet, Basis::secondary, Basis::generic};
  /// The group of all PDUs, where racks have any, is the last.
  std::vector<NodeGroup> nodes;
  std::vector<FabricSpec> fabrics;
  /// At least one; the first is the default.
  std::vector<RackSpec> racks;
  FloorSpec floor;
  NameRules names;
  /// A kind of part is in one of these two at most: percent, or pieces for each row of the bill of materials.
  SparesPercent spares;
  std::map<std::string, std::int64_t, std::less<>> spare_counts;
  std::vector<Extra> extras;
  PriceList prices;
  /// The path of the price list as it was stated; empty without one.
  std::string price_file;
  /// Measured and locked lengths, where the spec names a file of them.
  std::shared_ptr<const LengthFile> lengths;
  Limits limits;
  Operations operations;
  /// What the cluster is to run, in the order stated.
  std::vector<std::shared_ptr<const Workload>> workloads;
  std::vector<Expectation> expected;
  /// Every default that was used, as "key = value", in spec order.
  std::vector<std::string> defaults;

  [[nodiscard]] bool accepts(Basis basis) const { return accept.contains(basis); }
  template <class T> [[nodiscard]] std::optional<T> accepted(const MaybeFigure<T>& figure) const {
    return figure && accepts(figure->basis) ? std::optional<T>(figure->value) : std::nullopt;
  }
  /// What one piece of the part costs at a sold length (0 for parts that are not sold by length): the price list's answer for parts that it names,
  /// else the catalog's. Nothing when that is not known or its basis is not accepted.
  [[nodiscard]] std::optional<Price> price(const Catalog& catalog, PartId part, Millimetres sold = {}) const;
};

/// The overlay catalogs that a spec document names, with their places. Reads nothing else.
struct NamedFile {
  std::string path;
  SourceRange where;
};
[[nodiscard]] std::vector<NamedFile> overlay_catalogs(const json::Value& document);

/// The link lists (CSV) that the explicit topologies of a spec document name.
[[nodiscard]] std::vector<NamedFile> link_lists(const json::Value& document);
/// The file of measured and locked lengths (CSV) that a spec document names: none or one.
[[nodiscard]] std::vector<NamedFile> length_lists(const json::Value& document);

/// The price list (CSV) that a spec document names, if any.
[[nodiscard]] std::vector<NamedFile> price_lists(const json::Value& document);

/// A file that a spec names, as it was read. The text belongs to the source map.
struct SpecFile {
  FileId file;
  std::string_view text;
};
/// By the path that the spec states.
using SpecFiles = std::map<std::string, SpecFile, std::less<>>;

/// Reads a spec document against a catalog. Everything wrong with it is in the sink, in one go; a spec is returned only when nothing was. `files`
/// holds those of the CSV files that it names which could be read. `prices` is a price list among them that takes the place of the one that the spec
/// names; empty: none does.
[[nodiscard]] std::optional<ClusterSpec> load_spec(const json::Value& document, const Catalog& catalog, const SpecFiles& files, Sink& sink,
                                                   std::string_view prices = {});

} // namespace icplan
