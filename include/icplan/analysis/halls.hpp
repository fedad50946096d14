// SPDX-License-Identifier: Apache-2.0
// What joins the halls of a site: links, fibre pairs, and the light on each pair.
#pragma once

#include "icplan/plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace icplan {

/// The light of one optical port on the fibre pairs that it takes.
struct PairLight {
  /// Pairs of one link.
  std::int64_t pairs = 0;
  /// Wavelengths on a pair, each way, and the rate of one.
  std::int64_t wavelengths = 0;
  Mbps rate;
};
/// By the connector: LC duplex carries one pair, MPO one pair for each optical lane. Nothing for other connectors.
[[nodiscard]] std::optional<PairLight> pair_light(const OpticalFamily& family);

/// Links of one fabric between two halls that take one class of media and one kind of optics.
struct HallCrossing {
  FabricId fabric;
  /// The one that the floor lists first, and the other.
  HallId from{0};
  HallId to{0};
  MediaClass media{};
  /// Type of the optics, such as "zr"; empty for cables.
  std::string optics;
  std::int64_t links = 0;
  /// Assemblies: a cable may carry several links.
  std::int64_t cables = 0;
  /// All links together, one direction.
  Mbps capacity;
  /// Absent for cables, and where the connector does not tell.
  std::optional<PairLight> light;

  /// As planned: every link on pairs of its own.
  [[nodiscard]] std::optional<std::int64_t> pairs() const { return light ? std::optional(light->pairs * links) : std::nullopt; }
};
/// By fabric, halls, class and optics. O(links) where there is more than one hall.
[[nodiscard]] std::vector<HallCrossing> measure_hall_crossings(const Plan& plan);

} // namespace icplan
