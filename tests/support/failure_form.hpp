// SPDX-License-Identifier: Apache-2.0
// Failures by the book: every one of them tried, everything reckoned anew each time, by code of its own.
#pragma once

#include "icplan/analysis/failures.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace icplan::test {

/// What fails: devices, and links by their position in the network.
struct Gone {
  std::set<std::uint32_t> devices;
  std::set<std::uint32_t> links;
};

/// One failure with what it takes out.
struct Tried {
  Failure failure;
  Gone gone;
};

struct Felt {
  std::int64_t lost = 0;
  std::int64_t cut_off = 0;
  std::int64_t affected = 0;
  double node = 1;
  double nic = 1;
};

/// One fabric of a plan, link by link.
class FailureForm {
public:
  FailureForm(const Plan& plan, FabricId fabric);

  /// Everything that can fail, by kind and, for switches, by fabric and tier; in the order in which `measure_failures` counts.
  [[nodiscard]] std::map<std::tuple<FailureKind, std::uint32_t, std::int64_t>, std::vector<Tried>> failures() const;
  [[nodiscard]] Felt feel(const Gone& gone) const;

private:
  struct Line {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    double rate = 0;
    bool node = false;
    bool peer = false;
    FabricId fabric;
  };

  [[nodiscard]] bool alive(const Gone& gone, std::uint32_t link) const;
  [[nodiscard]] double passed(const Gone& gone, std::uint32_t device, std::map<std::uint32_t, double>& known) const;
  /// The number of the piece of each switch that carries the fabric and stands.
  [[nodiscard]] std::map<std::uint32_t, std::uint32_t> pieces(const Gone& gone) const;
  [[nodiscard]] std::map<std::uint32_t, std::map<std::pair<std::string, std::int64_t>, double>> rates(const Gone& gone) const;
  [[nodiscard]] std::set<std::uint32_t> lonely_leaves(const Gone& gone) const;
  [[nodiscard]] std::set<std::uint32_t> main_switches(const Gone& gone) const;

  const Plan& plan_;
  FabricId fabric_;
  std::vector<Line> lines_;
  /// By device: links that it is the lower or upper end of.
  std::map<std::uint32_t, std::vector<std::uint32_t>> below_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> above_;
  std::set<std::uint32_t> carriers_;
  std::map<std::uint32_t, std::uint32_t> network_;
  std::map<std::uint32_t, std::map<std::pair<std::string, std::int64_t>, double>> healthy_;
};

} // namespace icplan::test
