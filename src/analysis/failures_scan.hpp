// SPDX-License-Identifier: Apache-2.0
// Tries everything that can fail in one fabric, those that do the same once.
#pragma once

#include "failures_effect.hpp"
#include "failures_graph.hpp"
#include "failures_keys.hpp"
#include "failures_pieces.hpp"
#include "icplan/analysis/failures.hpp"

#include <map>
#include <utility>
#include <vector>

namespace icplan::failures {

/// Links that fail together: those of a cage, or of a cable.
struct LinkSets {
  /// By cage or assembly; links of set i are those from first[i] to first[i + 1]. Sets of one link are empty.
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> links;
};

/// What the scans of all fabrics share.
struct ScanInputs {
  const Plan& plan;
  SwitchLinks graph;
  LinkSets cables;
  LinkSets cages;
  /// By rack.
  std::vector<std::vector<DeviceId>> devices_of_rack;
};
/// `with_sets`: cables and cages too.
[[nodiscard]] ScanInputs prepare_scan(const Plan& plan, bool with_sets);

class Scan {
public:
  Scan(const ScanInputs& inputs, FabricId fabric);
  [[nodiscard]] FabricFailures run(std::optional<FailureKind> only);

private:
  void scan_links();
  void scan_sets(const LinkSets& sets, FailureKind kind);
  void scan_switches();
  void scan_planes();
  void scan_racks();

  WorstFailure& row(FailureKind kind, FabricId switches_of = {}, std::int64_t tier = 0);
  void consider(WorstFailure& row, const Failure& failure);
  void scan_devices(WorstFailure& row, const Failure& failure, const std::vector<DeviceId>& devices);
  [[nodiscard]] bool carries(std::uint32_t link) const;
  [[nodiscard]] bool of_member(std::uint32_t link) const;
  void classify();
  [[nodiscard]] bool is_new(const std::vector<std::uint32_t>& links);
  [[nodiscard]] bool is_new_switch(std::uint32_t vertex);

  const Plan& plan_;
  const ScanInputs& inputs_;
  const SwitchLinks& graph_;
  Members members_;
  Pieces pieces_;
  Effects effects_;
  Removal removal_;
  /// By vertex: those of one class answer alike to the loss of a link from below.
  std::vector<std::int64_t> class_of_;
  std::vector<std::int64_t> key_;
  /// Of the kind at hand.
  KeySet known_links_;
  KeySet known_switches_;
  std::vector<WorstFailure> rows_;
};

} // namespace icplan::failures
