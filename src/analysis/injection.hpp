// SPDX-License-Identifier: Apache-2.0
// What nodes can send into a fabric: the ports that it takes of them, and the slots behind these.
#pragma once

#include "icplan/plan/plan.hpp"

namespace icplan {

/// Consecutive ports of a node's port group that a fabric takes.
struct AttachedPorts {
  std::int64_t first = 0;
  std::int64_t count = 0;
  std::int64_t per_nic = 1;
  Mbps speed;
};

/// The ports that an attachment became, read from the plan's links.
[[nodiscard]] AttachedPorts attached_ports(const Plan& plan, FabricId fabric, const Attachment& attachment);

/// What the attached ports of one node can carry, NIC by NIC. Sets `slot_limited` where a slot carries less than the ports of its NIC.
[[nodiscard]] Mbps node_injection(const PortGroup& group, const AttachedPorts& ports, bool& slot_limited);

/// What the slots of the NICs behind the attached ports of one node carry; nothing where the catalog states no slot.
[[nodiscard]] std::optional<Mbps> slot_capacity(const PortGroup& group, const AttachedPorts& ports);

/// What the NICs behind the attached ports carry through their cages at their fastest.
[[nodiscard]] Mbps nic_capacity(const PortGroup& group, const AttachedPorts& ports);

/// How many consecutive nodes of the group share a scale-up domain (at least 1): by the GPU's domain, or by the rails of the fabric where they are
/// separate networks and more than a node has ports in a plane: then each node of a domain has rails of its own.
[[nodiscard]] std::int64_t nodes_per_domain(const Plan& plan, FabricId fabric, NodeGroupId nodes);

/// The scale-up rate of a GPU of the node group, one direction, where an accepted source states it.
[[nodiscard]] std::optional<Mbps> scale_up_rate(const Plan& plan, const NodeGroup& nodes);

} // namespace icplan
