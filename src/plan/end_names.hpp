// SPDX-License-Identifier: Apache-2.0
// How the ends of cables are called: by the customer's patterns or by default. Cached, because there are millions of them.
#pragma once

#include "icplan/plan/plan.hpp"

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace icplan {

/// Adds a number with at least `width` digits.
void append_number(std::string& out, std::int64_t value, int width = 1);
/// Metres with three decimals.
void append_metres(std::string& out, std::int64_t millimetres);

/// What is the same for a port of all devices that are divided alike.
struct PortText {
  /// As the faceplate numbers them, whatever the patterns say: "compute-1,2".
  std::string cage_and_port;
  /// The first electrical lane that the port has in its cage, from 1.
  std::string lane;
  /// By the patterns; by default "compute-1" and "compute-1.2", on a switch "1" and "1.2".
  std::string cage_name;
  std::string port_name;
};

/// One end of a cable.
struct CableEndPoint {
  DeviceId device;
  std::uint32_t port = 0;
};

class EndNames {
public:
  explicit EndNames(const Plan& plan);

  void append_device(std::string& out, DeviceId device) const {
    const auto& group = plan_.network.group(device);
    group.append_name(out, device.index() - group.first.index());
  }
  [[nodiscard]] const PortText& port(DeviceId device, std::uint32_t port) const {
    const auto& group = plan_.network.group(device);
    const auto& tables = tables_of_group_[plan_.network.group_of_device[device.index()]];
    std::size_t b = 0;
    while (port >= group.blocks[b].first_port + group.blocks[b].ports()) ++b;
    return (*tables[b])[port - group.blocks[b].first_port];
  }
  [[nodiscard]] const std::string& rack(RackId rack) const { return racks_[rack.index()]; }
  /// The cable's own name: where its first leg starts, so that it does not change when other cables come and go.
  void append_cable(std::string& out, const Assembly& assembly, const LinkGroup& of) const;
  /// What a pattern of labels or cables makes of the near end; `far` may be the same.
  void append(std::string& out, const NamePattern& pattern, const Assembly& assembly, const LinkGroup& of, CableEndPoint near,
              CableEndPoint far) const;

private:
  using Ports = std::vector<PortText>;
  using BlockKey = std::tuple<bool, std::string, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::int64_t>;

  [[nodiscard]] Ports ports_of(const CageBlock& block, bool node) const;
  void append_field(std::string& out, const NamePiece& piece, const Assembly& assembly, const LinkGroup& of, CableEndPoint end) const;

  const Plan& plan_;
  std::map<BlockKey, Ports> blocks_;
  std::vector<std::vector<const Ports*>> tables_of_group_;
  std::vector<std::string> racks_;
};

/// "compute/gpu-0001/compute-1.1": the cable whose first leg is that link.
[[nodiscard]] std::string cable_name(const EndNames& names, const Network& network, std::uint32_t link);
/// Reports ports of one device, and cables, that the spec's patterns would give one name.
void check_end_names(const Plan& plan, Sink& sink);

} // namespace icplan
