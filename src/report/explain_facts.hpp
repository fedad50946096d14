// SPDX-License-Identifier: Apache-2.0
// What there is to tell of a device or rack, before it is put into tables or JSON.
#pragma once

#include "icplan/report/explain.hpp"

namespace icplan {

struct ToldPorts {
  /// "compute", "fabric".
  std::string ports;
  Mbps speed;
  /// "compute: leaf", "reserved for ufm", "free".
  std::string use;
  std::int64_t count = 0;
};

struct ToldCables {
  std::string far;
  MediaClass media = MediaClass::dac;
  PartId part;
  Millimetres sold;
  std::int64_t cables = 0;
  /// The first three.
  std::vector<std::string> names;
};

struct ToldDevice {
  std::string name;
  PartId part;
  /// "switch 3 of 8 of tier leaf of fabric compute".
  std::string role;
  RackId rack;
  std::int64_t unit = 0;
  std::int64_t height = 0;
  /// Sentences.
  std::vector<std::string> why;
  std::vector<std::string> why_there;
  std::string power;
  std::optional<Milliwatts> watts;
  std::string_view power_basis;
  std::vector<ToldPorts> ports;
  std::vector<ToldCables> cables;
};

[[nodiscard]] ToldDevice device_facts(const Plan& plan, DeviceId device);

/// "hall A, row 1, position 3".
[[nodiscard]] std::string rack_spot(const Plan& plan, RackId rack);
/// Why nothing more stands in it, as a clause.
[[nodiscard]] std::string_view closed_text(RackClosed closed);
/// "40.8 kW of at most 45 kW".
[[nodiscard]] std::string rack_power_text(const Plan& plan, RackId rack);

} // namespace icplan
