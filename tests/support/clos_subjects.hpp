// SPDX-License-Identifier: Apache-2.0
// Clusters to plan, each with one of its planes in the terms of the closed forms.
#pragma once

#include "support/clos_form.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace icplan::test {

struct NodeModel {
  const char* id;
  std::int64_t ports;
  std::int64_t gbps = 400;
};
struct SwitchModel {
  const char* id;
  std::int64_t cages;
};

/// A cluster of one fabric, `compute`.
struct Subject {
  NodeModel node;
  SwitchModel leaf;
  bool rails = false;
  std::int64_t planes = 1;
  /// `cages`, `node_ports`, `down_...` and, with rails, `columns` follow from the members above.
  ClosCase plane;
};

/// The catalog that `small_subjects` need beside the shipped one: switches of 8 and 16 ports, nodes of 2 and 4 ports.
[[nodiscard]] const char* small_parts();

[[nodiscard]] std::string spec_of(const Subject& subject);

/// Clusters of every family and every of the sizes (nodes), with units, oversubscription, reserved ports, planes, and two and three tiers.
[[nodiscard]] std::vector<Subject> small_subjects(const std::vector<std::int64_t>& sizes);

/// DGX H100 in units of 32 on rails of QM9700.
[[nodiscard]] Subject scalable_units(std::int64_t nodes, std::int64_t ratio);

} // namespace icplan::test
