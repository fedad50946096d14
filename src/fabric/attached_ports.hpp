// SPDX-License-Identifier: Apache-2.0
// Which ports of which nodes a fabric takes, at which speed and in which plane.
#pragma once

#include "builder.hpp"

#include <optional>
#include <string>
#include <vector>

namespace icplan {

/// How a node group's port group is used: decided by the first attachment that takes ports of it.
struct PortUse {
  PortMode mode;
  bool decided = false;
  std::int64_t taken = 0;
};

struct ResolvedAttachment {
  const Attachment* attachment = nullptr;
  std::int64_t first_port = 0;
  std::int64_t ports = 0;
  Mbps speed;
  SwitchPorts down;
};

/// Hands out the ports of nodes, fabric by fabric. What cannot be had is in the sink.
class AttachedNodePorts {
public:
  AttachedNodePorts(const ClusterSpec& spec, const Catalog& catalog, Sink& sink) : spec_(spec), catalog_(catalog), sink_(sink) {
    for (const auto& group : spec.nodes) uses_.emplace_back(group.ports.size());
  }

  [[nodiscard]] std::optional<ResolvedAttachment> resolve(const FabricSpec& fabric, const Attachment& attachment);
  /// What was resolved, as topologies take it: port by port, plane by plane. Shape: the network has its nodes, and everything is resolved.
  [[nodiscard]] std::optional<Endpoints> endpoints(const FabricSpec& fabric, const ResolvedAttachment& resolved, const Network& network) const;
  [[nodiscard]] const PortUse& use(NodeGroupId nodes, std::size_t port_group) const { return uses_[nodes.index()][port_group]; }

private:
  void report_no_speed(const FabricSpec& fabric, const Attachment& attachment);
  std::uint32_t block_start(NodeGroupId nodes, std::size_t port_group) const;
  bool deal_over_planes(const FabricSpec& fabric, const ResolvedAttachment& resolved, Endpoints& endpoints) const;

  const ClusterSpec& spec_;
  const Catalog& catalog_;
  Sink& sink_;
  std::vector<std::vector<PortUse>> uses_;
};

/// That of the fabric's leaves.
[[nodiscard]] Protocol protocol_of(const Catalog& catalog, const FabricSpec& fabric);
/// "100, 200, 400 Gb/s": what the ports of a part run at.
[[nodiscard]] std::string speeds_of(const Part& model);

} // namespace icplan
