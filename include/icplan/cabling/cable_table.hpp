// SPDX-License-Identifier: Apache-2.0
// Every link's way through what is bought: its length, class, assembly and leg; and the module in every lit cage.
#pragma once

#include "icplan/place/placement.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace icplan {

using SolutionId = Id<struct SolutionTag>;
using AssemblyId = Id<struct AssemblyTag>;

/// What the media rule calls a run. `osfp` is optical modules in the form each cage takes, with fibre between them, or one module and a co-packaged
/// port; `fibre` is fibre between two co-packaged ports.
enum class MediaClass : std::uint8_t { dac, aoc, osfp, utp, fibre };
inline constexpr std::size_t media_classes = 5;

/// "DAC", "AOC", "OSFP", "UTP", "FIBRE".
[[nodiscard]] std::string_view to_text(MediaClass media);

/// What one assembly buys: a cable or a fibre at the length in which it is sold, and its legs.
struct Solution {
  MediaClass media = MediaClass::dac;
  PartId part;
  Millimetres sold;
  std::uint32_t legs = 1;

  friend auto operator<=>(const Solution&, const Solution&) = default;
};

struct Assembly {
  SolutionId solution;
  /// The longest used leg, before rounding to a sold length.
  std::uint32_t needed_mm = 0;
  std::uint32_t used_legs = 0;
  std::uint32_t first_link = 0;
};

/// One link's leg, in the order of `Network::links`.
struct Leg {
  std::uint32_t length_mm = 0;
  AssemblyId assembly;
  std::uint8_t number = 1;
  /// The rule named an earlier class.
  bool escalated = false;
  /// Where the length comes from.
  LengthStatus status = LengthStatus::estimated;
  /// What is laid was there before this plan, or is ordered: the media rule did not choose it.
  bool held = false;
};

/// Modules in cages that no link lights: `populate` of the media policy asks for them.
struct SpareModules {
  /// Index into `Network::groups`.
  std::uint32_t group = 0;
  PartId module;
  std::int64_t count = 0;

  friend bool operator==(const SpareModules&, const SpareModules&) = default;
};

struct CableTable {
  std::vector<Leg> legs;
  std::vector<Assembly> assemblies;
  std::vector<Solution> solutions;
  /// By cage: 1 + index into `modules`, 0 where no module is.
  std::vector<std::uint16_t> module_of_cage;
  std::vector<PartId> modules;
  /// By device group, then by part.
  std::vector<SpareModules> dark_modules;
  /// Which optical family each lit cage's group was given, by cage as above: 1 + index into `families`.
  std::vector<std::uint16_t> family_of_cage;
  std::vector<OpticalFamily> families;
  /// By link, where the spec states lengths: what the length model says. Empty where it states none.
  std::vector<std::uint32_t> estimated_mm;

  /// What the length model says of a link.
  [[nodiscard]] std::uint32_t estimate_mm(std::size_t link) const { return estimated_mm.empty() ? legs[link].length_mm : estimated_mm[link]; }
  [[nodiscard]] const Solution& solution(const Leg& leg) const { return solutions[assemblies[leg.assembly.index()].solution.index()]; }
};

/// A piece that is ordered or installed. What is not stated is left to the planner.
struct HeldPiece {
  PartId part;
  /// 0: not stated.
  Millimetres sold;
  /// Installed, and taken out where it does not serve any more; else ordered, and then that is an error.
  bool installed = false;
  SourceRange where;
};

/// No row, no piece.
inline constexpr std::uint32_t not_known = ~0U;

/// What is known of cables before they are planned.
struct KnownCables {
  /// By link: its row in the spec's file of lengths, or `not_known`. Empty where the spec names no such file.
  std::vector<std::uint32_t> row_of_link;
  /// By link: its piece in `pieces`, or `not_known`. Empty where nothing is held.
  std::vector<std::uint32_t> piece_of_link;
  std::vector<HeldPiece> pieces;
  /// By cage: the module that is installed in it; invalid where none is. Empty where nothing is installed.
  std::vector<PartId> module_of_cage;
  /// What the cable schedule calls a cable whose first leg is that link. Needed where anything is known.
  std::function<std::string(std::uint32_t link)> name;
};

/// The class that length alone names.
[[nodiscard]] MediaClass class_by_rule(const MediaPolicy& policy, Millimetres needed);

/// Calls visit(device, module, count) for the devices of a group of switches whose dark cages take modules, where `populate` asks for them: every cage of a
/// port group that holds at least one module gets one, of the kind that its lowest lit cage has; cages that a cable fills or that a breakout disables take
/// none. `used`: the cages that links use; `module` is 1 + index into the modules of the table.
void visit_dark_cages(const Catalog& catalog, const DeviceGroup& group, const std::vector<bool>& used, const std::vector<std::uint16_t>& module_of_cage,
                      const std::function<void(DeviceId device, std::uint16_t module, std::int64_t count)>& visit);

/// Routes every link and chooses what to buy. Links that no part can make are in the sink; then the result is incomplete and must not be used.
[[nodiscard]] CableTable cable_network(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const Placement& placement,
                                       const KnownCables& known, Sink& sink);

} // namespace icplan
