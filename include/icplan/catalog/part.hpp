// SPDX-License-Identifier: Apache-2.0
// What can be bought: the facts of one part, each with the basis it rests on.
#pragma once

#include "icplan/base/id.hpp"
#include "icplan/base/units.hpp"
#include "icplan/json/value.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace icplan {

using PartId = Id<struct PartTag>;

/// What a figure rests on, strongest first. `claim` is an article's own statement, `generic` icplan's vendor-neutral planning part.
enum class Basis : std::uint8_t { datasheet, secondary, unconfirmed, claim, generic };
/// An `accessory` is bought beside devices (rail kits, cords, licences) and is neither placed nor cabled.
enum class PartKind : std::uint8_t { gpu, node, nic, switch_, cable, module, fibre, utp, rack, pdu, accessory };
enum class Form : std::uint8_t { osfp, qsfp_dd, qsfp112, qsfp56, qsfp28, sfp112, sfp56, sfp28, rj45, co_packaged };
/// The heat sink: finned (`ihs`) tops fit air-cooled switch cages, flat (`rhs`) tops fit NICs, DGX and liquid-cooled cages.
enum class Top : std::uint8_t { ihs, rhs, none };
enum class Protocol : std::uint8_t { infiniband, ethernet };
enum class CopperTechnology : std::uint8_t { passive, acc, aec, aoc };
enum class Included : std::uint8_t { media, gpu, nic };

[[nodiscard]] std::string_view to_text(Basis basis);
[[nodiscard]] std::string_view to_text(PartKind kind);
[[nodiscard]] std::string_view to_text(Form form);
[[nodiscard]] std::string_view to_text(Top top);
[[nodiscard]] std::string_view to_text(Protocol protocol);
[[nodiscard]] std::string_view to_text(CopperTechnology technology);

/// Whether two spellings name one maker: upper and lower case do not matter.
[[nodiscard]] bool same_maker(std::string_view a, std::string_view b);

/// A small set of enumerators of E.
template <class E> class EnumSet {
public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<E> members) {
    for (const E member : members) add(member);
  }
  constexpr void add(E member) { bits_ = static_cast<std::uint8_t>(bits_ | (1U << static_cast<unsigned>(member))); }
  [[nodiscard]] constexpr bool contains(E member) const { return (bits_ >> static_cast<unsigned>(member) & 1U) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  friend constexpr auto operator<=>(EnumSet, EnumSet) = default;

private:
  std::uint8_t bits_ = 0;
};

/// A value and what it rests on.
template <class T> struct Figure {
  T value{};
  Basis basis = Basis::unconfirmed;
};
template <class T> using MaybeFigure = std::optional<Figure<T>>;

/// One way to use a cage: so many ports of one speed, each over so many electrical lanes.
struct PortMode {
  std::int64_t ports = 1;
  Mbps speed;
  std::int64_t lanes_per_port = 1;
  /// Neighbouring cages that a cage in this mode disables.
  std::int64_t disables = 0;
  /// Empty: every protocol of the cage.
  EnumSet<Protocol> protocols;

  [[nodiscard]] Mbps lane_rate() const { return Mbps(speed.count() / lanes_per_port); }
};

/// What both modules and the fibre of a link must agree on.
struct OpticalFamily {
  std::string type;
  std::string fibre;
  std::string connector;
  std::int64_t lanes = 0;
  Mbps lane_rate;

  friend auto operator<=>(const OpticalFamily&, const OpticalFamily&) = default;
};
/// The optics behind a co-packaged port: its family, and how far it reaches over which loss.
struct PortOptics {
  OpticalFamily family;
  std::optional<Millimetres> reach;
  std::optional<Millidecibels> loss_budget;

  friend auto operator<=>(const PortOptics&, const PortOptics&) = default;
};

/// Equal cages on one faceplate. A fact that the source does not state is absent, and a cage with an absent form fits nothing.
struct PortGroup {
  std::string name;
  std::int64_t nics = 0;
  std::string nic;
  std::string pcie;
  std::int64_t cages = 0;
  std::optional<Form> form;
  std::optional<Top> top;
  std::int64_t lanes = 0;
  /// The highest rate of one electrical lane.
  std::optional<Mbps> lane_rate;
  /// What one cage feeds and cools.
  MaybeFigure<Milliwatts> max_module_power;
  /// Co-packaged ports: absent when the source does not state them, and such a port fits nothing.
  std::optional<PortOptics> optics;
  /// Of the co-packaged optics of one end, each way; the switch's or NIC's own figure holds it.
  MaybeFigure<FemtojoulesPerBit> energy;
  std::vector<PortMode> modes;
  EnumSet<Protocol> protocols;
};

/// Raw rate of a PCIe slot such as `gen5x16`, one direction: 8, 16, 32, 64, 128 Gb/s a lane from generation 3 to 7. Nothing for other text.
[[nodiscard]] std::optional<Mbps> slot_rate(std::string_view slot);

struct GpuFacts {
  std::int64_t scale_up_domain = 0;
  /// One GPU's links to its scale-up domain, one direction.
  MaybeFigure<Mbps> scale_up;
  /// Dense peaks.
  MaybeFigure<Gigaflops> bf16;
  MaybeFigure<Gigaflops> fp8;
};
struct NodeFacts {
  /// A rack product: the node that it holds, how many of them, and the rack that it comes in. Such a part has no ports of its own.
  std::string contains;
  std::int64_t contained = 0;
  std::string rack;
  std::string gpu;
  std::int64_t gpus = 0;
  MaybeFigure<std::int64_t> rack_units;
  std::vector<PortGroup> ports;
};
struct NicFacts {
  std::string pcie;
  /// From the host's memory to the wire, one way.
  MaybeFigure<Picoseconds> latency;
  /// What it speaks above the link: rocev2, uec-1.0, srd, infiniband. Empty where the source does not say.
  std::vector<std::string> transport;
  std::vector<PortGroup> ports;
};
struct SwitchFacts {
  MaybeFigure<std::int64_t> rack_units;
  EnumSet<Protocol> protocols;
  /// From port to port.
  MaybeFigure<Picoseconds> latency;
  std::optional<std::int64_t> max_ports;
  std::vector<PortGroup> ports;
};
/// One end of a copper or active optical assembly: `count` plugs of one kind.
struct CableEnd {
  std::optional<Form> form;
  std::optional<Top> top;
  std::int64_t lanes = 0;
  std::int64_t count = 1;
};
/// The lengths at which a part is sold: a list, or every multiple of a step up to a maximum.
struct SoldLengths {
  std::vector<Millimetres> list;
  std::optional<Millimetres> step;
  std::optional<Millimetres> maximum;

  /// The shortest sold length >= needed, or nothing.
  [[nodiscard]] std::optional<Millimetres> at_least(Millimetres needed) const;
  /// The longest sold length, or nothing when no length is known.
  [[nodiscard]] std::optional<Millimetres> longest() const;
};
/// A cable as it lies in a tray.
struct CableBody {
  MaybeFigure<Micrometres> diameter;
  MaybeFigure<MilligramsPerMetre> weight_per_metre;
  MaybeFigure<Micrometres> bend_radius;
};
struct CableFacts {
  /// False for copper (`dac`), true for active optical (`aoc`).
  bool optical = false;
  CopperTechnology technology = CopperTechnology::passive;
  /// A vendor-neutral part that fits any cage, lane count, rate and number of legs.
  bool fits_any = false;
  EnumSet<Protocol> protocols;
  Mbps lane_rate;
  std::array<CableEnd, 2> ends;
  SoldLengths lengths;
  /// Max watts at end A and at each plug of end B.
  std::array<MaybeFigure<Milliwatts>, 2> end_power;
  MaybeFigure<Picoseconds> latency_per_metre;
  CableBody body;
};
struct ModuleFacts {
  bool fits_any = false;
  std::optional<Form> form;
  std::optional<Top> top;
  std::int64_t lanes = 0;
  Mbps lane_rate;
  std::int64_t optical_ports = 1;
  EnumSet<Protocol> protocols;
  /// Absent when the source leaves the type, fibre or connector open; such a module fits nothing.
  std::optional<OpticalFamily> family;
  std::optional<Millimetres> reach;
  /// The shortest fibre that the module works over: a long-reach receiver is blinded by a short one.
  MaybeFigure<Millimetres> min_reach;
  /// The loss between two modules that the pair is specified for: fibre, splices and connectors.
  MaybeFigure<Millidecibels> loss_budget;
  /// Of one module, with its error correction where the source counts it.
  MaybeFigure<Picoseconds> latency;
  /// Of one end, where the source states no watts.
  MaybeFigure<FemtojoulesPerBit> energy;
  /// Of one port, ascending.
  std::vector<Picometres> wavelengths;
  /// Such as `silicon-photonics` or `eml`; empty when not known.
  std::string modulator;
};
struct FibreFacts {
  std::string fibre;
  /// om3, om4, om5, os2; empty when not known.
  std::string grade;
  std::string connector_a;
  std::string connector_b;
  std::int64_t tails = 1;
  SoldLengths lengths;
  /// Loss of one kilometre, at the wavelengths that the fibre is used with.
  MaybeFigure<Millidecibels> attenuation_per_km;
  /// Loss of one mated pair of connectors.
  MaybeFigure<Millidecibels> connector_loss;
  MaybeFigure<std::int64_t> fibre_count;
  MaybeFigure<Picoseconds> latency_per_metre;
  CableBody body;
};
struct UtpFacts {
  SoldLengths lengths;
  CableBody body;
};
struct RackFacts {
  std::int64_t rack_units = 0;
  std::optional<Millimetres> width;
  MaybeFigure<Grams> max_load;
  MaybeFigure<Milliwatts> max_power;
};
/// What all parts have is all there is to know.
struct AccessoryFacts {};

using PartFacts = std::variant<GpuFacts, NodeFacts, NicFacts, SwitchFacts, CableFacts, ModuleFacts, FibreFacts, UtpFacts, RackFacts, AccessoryFacts>;

/// An accessory that comes or is bought with each piece of a part: a rail kit, cords.
struct PartExtra {
  std::string part;
  std::int64_t quantity = 1;
  /// It lies in the part's own box and is not ordered.
  bool included = false;
};

/// What every entry of a catalog has: a name, and what its figures rest on.
struct CatalogEntry {
  std::string id;
  Basis basis = Basis::unconfirmed;
  /// Keys of the file's sources.
  std::vector<std::string> sources;
  /// The entry as it was written.
  const json::Value* entry = nullptr;
  SourceRange where;
};

struct Part : CatalogEntry {
  PartKind kind{};
  std::string manufacturer;
  std::string name;
  std::string part_number;
  std::string description;
  std::string status;
  bool orderable = true;
  MaybeFigure<Milliwatts> power_typical;
  MaybeFigure<Milliwatts> power_max;
  EnumSet<Included> typical_includes;
  EnumSet<Included> max_includes;
  /// Of one piece, whatever its length.
  MaybeFigure<Cents> price;
  /// YYYY-MM-DD, or YYYY-MM where the source states no day; empty when not known.
  std::string price_date;
  /// Pieces that are sold together; the price is that of one of them.
  std::int64_t pack = 1;
  MaybeFigure<Grams> weight;
  /// Of nodes, switches, racks and PDUs.
  std::vector<PartExtra> extras;
  PartFacts facts;

  [[nodiscard]] bool generic() const { return basis == Basis::generic; }
  template <class Facts> [[nodiscard]] const Facts* as() const { return std::get_if<Facts>(&facts); }
  /// The port groups of a node, NIC or switch; empty for other kinds.
  [[nodiscard]] const std::vector<PortGroup>& port_groups() const;
  /// The body of a cable, fibre or UTP; nothing for other kinds.
  [[nodiscard]] const CableBody* cable_body() const;
};

} // namespace icplan
