// SPDX-License-Identifier: Apache-2.0
// The one judge of whether a cable, module or fibre fits: every reason against it, with its numbers.
#pragma once

#include "icplan/fabric/network.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace icplan {

/// A cage as a plug sees it.
struct CageType {
  Form form = Form::osfp;
  std::optional<Top> top;
  /// Electrical lanes in use.
  std::int64_t lanes = 0;
  Mbps lane_rate;
  std::int64_t ports = 1;
  /// What it feeds and cools; absent when not known.
  std::optional<Milliwatts> max_module_power;
  /// Of a co-packaged port.
  std::optional<PortOptics> optics;

  friend auto operator<=>(const CageType&, const CageType&) = default;
};
[[nodiscard]] CageType cage_type(const ClusterSpec& spec, const CageBlock& block);
/// RJ45 and co-packaged ports take no pluggable.
[[nodiscard]] inline bool pluggable(const CageType& cage) { return cage.form != Form::rj45 && cage.form != Form::co_packaged; }

/// "osfp (finned) 8 x 100G, 2 ports".
[[nodiscard]] std::string describe(const CageType& cage);

/// What may speak against a part.
enum class Misfit : std::uint8_t {
  unknown,
  form,
  top,
  lanes,
  lane_rate,
  protocol,
  legs,
  ports,
  whole_cages,
  reach,
  min_reach,
  module_power,
  loss_budget,
  family,
  fibre_type,
  connector,
  polish,
  splitter,
  split_module,
  co_packaged,
  rj45,
  not_orderable,
  generic
};

/// One thing that speaks against a part: what it has and what is needed, as numbers or as words.
struct Reason {
  Misfit misfit{};
  std::int64_t has = 0;
  std::int64_t needs = 0;
  std::string_view has_word;
  std::string_view needs_word;

  friend bool operator==(const Reason&, const Reason&) = default;
};

/// All reasons against one part; none: it fits. Holds no heap memory, because planning asks for many.
class Verdict {
public:
  /// Both ends of a cable may have the same to say.
  void add(const Reason& reason) {
    if (std::find(begin(), end(), reason) != end()) return;
    if (count_ < reasons_.size()) reasons_[count_++] = reason;
  }
  [[nodiscard]] bool fits() const { return count_ == 0; }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] const Reason* begin() const { return reasons_.data(); }
  [[nodiscard]] const Reason* end() const { return reasons_.data() + count_; }

private:
  std::array<Reason, 12> reasons_{};
  std::size_t count_ = 0;
};

/// "its top is finned, and the cage takes flat tops".
[[nodiscard]] std::string sentence(const Reason& reason);
/// All of them, joined by "; ".
[[nodiscard]] std::string sentences(const Verdict& verdict);
/// The code of the finding that refuses a stated part for that reason.
[[nodiscard]] Code code_of(Misfit misfit);

/// Of the links that share cages.
struct Lengths {
  Millimetres shortest;
  Millimetres longest;
};

/// Whether the policy lets the part be bought.
[[nodiscard]] Verdict judge_order(const Part& part, const MediaPolicy& policy);
/// A cable from the hub's whole cage to `far` cages; of its two ways round, the one with fewer reasons. Without `needed`, lengths are left out.
[[nodiscard]] Verdict judge_cable(const CableFacts& cable, Protocol protocol, const CageType& hub, const CageType& far,
                                  std::optional<Millimetres> needed);
/// A module in a cage. `spec` says which figures count. Without `lengths`, its reach is left out.
[[nodiscard]] Verdict judge_module(const ClusterSpec& spec, const Part& part, Protocol protocol, const CageType& cage,
                                   std::optional<Lengths> lengths);
/// A fibre between modules of a family.
[[nodiscard]] Verdict judge_fibre(const Part& part, const OpticalFamily& family, std::optional<Millimetres> needed);

/// The loss of a link over that fibre, rounded up: attenuation and connectors; nothing when a figure is not known.
[[nodiscard]] std::optional<Millidecibels> link_loss(const ClusterSpec& spec, const FibreFacts& fibre, std::int64_t connector_pairs,
                                                     Millimetres length);

} // namespace icplan
