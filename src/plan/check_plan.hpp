// SPDX-License-Identifier: Apache-2.0
// What the parts of the plan check share: the list of violations, flat tables over ports and cages, and names for sentences.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace icplan {

/// Sentences about what does not hold, at most `most` of them. Once full, further ones cost nothing.
class Violations {
public:
  static constexpr std::size_t most = 100;

  template <class... Parts> void add(const Parts&... parts) {
    if (full()) return;
    std::string text;
    (append(text, parts), ...);
    list_.push_back(std::move(text));
  }
  [[nodiscard]] bool full() const { return list_.size() >= most; }
  [[nodiscard]] std::size_t size() const { return list_.size(); }
  [[nodiscard]] std::vector<std::string> take() && { return std::move(list_); }

private:
  template <class Part> static void append(std::string& text, const Part& part) {
    if constexpr (std::is_arithmetic_v<Part>) {
      text += std::to_string(part);
    } else {
      text += part;
    }
  }

  std::vector<std::string> list_;
};

/// A port, spelled out only when a sentence needs it: "compute-leaf-0001 port 3" (counting from 1).
struct PortName {
  const Network& network;
  DeviceId device;
  std::uint32_t port = 0;
};
std::string& operator+=(std::string& text, const PortName& name);
struct DeviceName {
  const Network& network;
  DeviceId device;
};
std::string& operator+=(std::string& text, const DeviceName& name);
/// "gpu-0001 port 1 to compute-leaf-0001 port 1".
struct LinkName {
  const Network& network;
  std::size_t link = 0;
};
std::string& operator+=(std::string& text, const LinkName& name);

/// A cage as plugs and modules meet it.
struct CageShape {
  Form form = Form::osfp;
  std::optional<Top> top;
  std::int64_t lanes = 0;
  std::int64_t lane_mbps = 0;
  std::int64_t ports = 1;

  friend bool operator==(const CageShape&, const CageShape&) = default;
  [[nodiscard]] bool pluggable() const { return form != Form::rj45 && form != Form::co_packaged; }
};

/// One end of a link, resolved once.
struct LinkEnd {
  std::uint32_t cage = 0;
  /// Index into `PlanIndex::blocks`.
  std::uint16_t block = 0;
  /// Index into `PlanIndex::shapes`.
  std::uint16_t shape = 0;
};

/// Flat tables by the plan's own numbers. Valid only for plans whose ids are in range.
struct PlanIndex {
  std::vector<const CageBlock*> blocks;
  /// By block.
  std::vector<std::uint16_t> shape_of_block;
  std::vector<CageShape> shapes;
  /// By device group: where its ports start in `block_of_port`.
  std::vector<std::size_t> group_ports;
  std::vector<std::uint16_t> block_of_port;
  /// By device: the number of its first port over all devices.
  std::vector<std::uint32_t> first_port;
  std::uint32_t ports = 0;
  /// By link.
  std::vector<LinkEnd> from;
  std::vector<LinkEnd> to;
};

/// Whether every id and every table size is in range, so that the other checks can index freely.
bool check_ids(const Plan& plan, Violations& violations);
[[nodiscard]] PlanIndex index_plan(const Plan& plan);

void check_devices(const Plan& plan, const PlanIndex& index, Violations& violations);
void check_links(const Plan& plan, const PlanIndex& index, Violations& violations);
void check_clos(const Plan& plan, Violations& violations);
/// Direct topologies by their definitions, and the external links of every fabric.
void check_direct(const Plan& plan, Violations& violations);
/// Every row of a list of links is a link of the plan, and every link is a row.
void check_explicit(const Plan& plan, Violations& violations);
/// Whether the baseline holds pieces of that part: what is installed stays, whatever may still be ordered. Cost: O(parts of the baseline).
[[nodiscard]] bool is_installed_part(const Plan& plan, PartId part);
/// No two devices have one name.
void check_names(const Plan& plan, Violations& violations);
void check_placement(const Plan& plan, Violations& violations);
void check_cables(const Plan& plan, const PlanIndex& index, Violations& violations);
/// Modules and fibres, for plans in which `check_cables` found every assembly.
void check_optics(const Plan& plan, const PlanIndex& index, Violations& violations);
/// Fibre between modules or co-packaged ports.
[[nodiscard]] inline bool is_optical(MediaClass media) { return media == MediaClass::osfp || media == MediaClass::fibre; }
/// Classes are ordered DAC, AOC, OSFP.
[[nodiscard]] inline MediaClass class_that_length_names(const MediaPolicy& policy, std::int64_t needed_mm) {
  if (needed_mm >= policy.dac_below.count()) return needed_mm > policy.aoc_up_to.count() ? MediaClass::osfp : MediaClass::aoc;
  return MediaClass::dac;
}
[[nodiscard]] inline bool may_be_ordered(const Part& part, const MediaPolicy& policy) {
  return part.generic() ? !policy.orderable_only : part.orderable;
}
/// Whether the assembly joins one cage of shape `hub` to `plugs` cages of shape `far`.
[[nodiscard]] bool assembly_fits(const CableFacts& cable, Protocol protocol, const CageShape& hub, const CageShape& far, std::int64_t plugs);
/// Stated and preferred parts, and the policy `reach`.
void check_choice(const Plan& plan, const PlanIndex& index, Violations& violations);
/// "gpu-0001|compute-1|1": an end of a link, made from the network's tables.
[[nodiscard]] std::string end_key(const Network& network, DeviceId device, std::uint32_t port);
/// What is kept of a baseline, and that nothing else is held but what is locked.
void check_growth(const Plan& plan, Violations& violations);
/// Lengths that the spec states, and that all others are estimates. Estimates themselves are `check_cables`'s.
void check_stated_lengths(const Plan& plan, Violations& violations);
void check_bom(const Plan& plan, const PlanIndex& index, Violations& violations);
void check_optimized(const Plan& plan, Violations& violations);

} // namespace icplan
