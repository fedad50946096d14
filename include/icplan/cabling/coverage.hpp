// SPDX-License-Identifier: Apache-2.0
// Which lengths between which cages the real, orderable parts of the catalogs cover.
#pragma once

#include "icplan/cabling/cable_table.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace icplan {

/// How far one class of media reaches between two cages.
struct ClassCoverage {
  /// Nothing: no real part of the class fits.
  std::optional<Millimetres> longest;
  /// The cable, or the module at the first cage, that reaches it.
  PartId part;
};

/// Two types of cage that occur in the catalogs, on a switch and on a switch, NIC or node, and what joins them.
struct CagePairCoverage {
  Protocol protocol{};
  /// Of one port.
  Mbps speed;
  /// "osfp (finned) 8 x 100G, 2 ports"; the first is the one with more ports.
  std::array<std::string, 2> cages;
  /// A part that has such a cage.
  std::array<PartId, 2> examples;
  /// DAC, AOC, OSFP.
  std::array<ClassCoverage, 3> classes;

  /// The bands of the default media rule (DAC to 7 m, AOC to 100 m, OSFP beyond) that no real part of their class enters, in words; empty for none.
  [[nodiscard]] std::vector<std::string> gaps() const;
};

/// Every pair of cage types, by protocol, speed and cages. Generic parts, parts that cannot be ordered and disabled ones cover nothing.
[[nodiscard]] std::vector<CagePairCoverage> measure_coverage(const Catalog& catalog);

/// One note for each pair with a gap, at the example of its first cage.
void report_coverage_gaps(const Catalog& catalog, Sink& sink);

} // namespace icplan
