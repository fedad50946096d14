// SPDX-License-Identifier: Apache-2.0
// Why a cable is what it is: every part that was considered for it, and why it lost.
#pragma once

#include "icplan/cabling/cable_table.hpp"

#include <string>
#include <vector>

namespace icplan {

/// One part in the contest for a cable, a cage's module or a fibre.
struct Candidate {
  PartId part;
  /// Absent for modules, and where no sold length suffices.
  std::optional<Millimetres> sold;
  bool chosen = false;
  /// What speaks against it; empty when it fits.
  std::vector<std::string> misfits;
  /// Of one that fits and lost: what decided.
  std::string lost_by;
};

/// The contest for one thing to buy.
struct Contest {
  /// "DAC", "AOC", "module at compute-leaf-0001, osfp (finned) 8 x 100G, 2 ports", "fibre".
  std::string title;
  /// What came of it, where it is not a chosen part: "the cages do not pair".
  std::string remark;
  /// The chosen one, then those that fit in order, then the others by id.
  std::vector<Candidate> candidates;
  /// Losers that are no parts: families.
  std::vector<std::string> others;
};

struct CableExplanation {
  MediaClass media{};
  /// The class that the length names; equal to `media` unless the cable escalated.
  MediaClass by_rule{};
  Millimetres needed;
  Millimetres sold;
  /// Sentences: the rule, the policy, escalation.
  std::vector<std::string> reasons;
  std::vector<Contest> contests;
};

/// Explains the assembly. Nothing in it is taken from the plan but what the question needs: the contests are held again.
[[nodiscard]] CableExplanation explain_assembly(const ClusterSpec& spec, const Catalog& catalog, const Network& network, const CableTable& cables,
                                                AssemblyId assembly);

} // namespace icplan
