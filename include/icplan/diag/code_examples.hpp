// SPDX-License-Identifier: Apache-2.0
// For every finding code the least that brings it about, and the same mended.
#pragma once

#include "icplan/diag/codes.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace icplan {

/// Where the texts of an example stand.
enum class ExamplePlace : std::uint8_t {
  /// Members of the spec, of its node group, and of its fabric: that spec has four `nvidia-dgx-h100` (group `gpu`) on a rail-optimised
  /// fabric `compute` of `nvidia-qm9700`; what the example states takes the place of that.
  top_level,
  node_group,
  fabric,
  /// A whole spec.
  spec,
  /// A whole catalog, laid over the shipped ones.
  catalog,
  /// Members of a node in such a catalog; the spec has four of them, in racks with limits of power and load.
  node_part,
  /// CSV files that the spec names.
  price_list,
  lengths,
  /// Members of the spec and of its node group that are planned with the plan of that spec as the baseline.
  grown_top_level,
  grown_node_group,
  /// No text that could be planned, but what brings the finding about, in words; `right` is empty.
  words,
};

/// "in a fabric": for a heading.
[[nodiscard]] std::string_view to_text(ExamplePlace place);

struct CodeExample {
  Code code;
  ExamplePlace place;
  /// Brings the finding about.
  std::string_view wrong;
  /// Does not, and has no errors; empty: what is wrong is left out.
  std::string_view right;
};

/// Every code has one.
[[nodiscard]] const CodeExample& code_example(Code code);

} // namespace icplan
