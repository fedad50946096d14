// SPDX-License-Identifier: Apache-2.0
// Direct topologies: every switch is a router with endpoints of its own, and routers are joined to each other.
#pragma once

#include "builder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace icplan {

/// One router as all routers of the fabric are cut: endpoint ports first, then the ports to other routers.
struct RouterPorts {
  std::int64_t endpoints = 0;
  std::int64_t peers = 0;
};

/// One link between routers; ports count from 0 within the routers' ports to each other.
struct RouterLink {
  LinkKind kind = LinkKind::local;
  std::int64_t from = 0;
  std::int64_t from_port = 0;
  std::int64_t to = 0;
  std::int64_t to_port = 0;
};

/// What a direct topology wants built, per plane.
struct RouterPlan {
  std::int64_t routers = 0;
  RouterPorts ports;
  /// By kind, then in port order; each link once.
  std::vector<RouterLink> links;
  DirectShape shape;
  /// "16 x 8": how the routers come about, for the reason line.
  std::string routers_reason;
  std::string ports_reason;
};

/// What a direct topology sizes itself for.
struct RouterDemand {
  /// Endpoint ports of a plane, when the cluster has grown.
  std::int64_t endpoints = 0;
  /// The most ports per node: a router's endpoints default to a multiple of it where the topology leaves them open.
  std::int64_t ports_per_node = 1;
  /// Ports of a router when all are used alike.
  std::int64_t radix = 0;
  /// Ports of a cage that leads to routers: parallel links fill cages where they can.
  std::int64_t cage_ports = 1;
};

/// What the fabric's endpoints and router model ask for. Reports and returns nothing when endpoints differ in speed or routers cannot be joined.
[[nodiscard]] std::optional<RouterDemand> router_demand(const FabricRequest& request, std::size_t tier, Sink& sink);

/// Whether the model has so many ports of either kind; if not, reports what it lacks.
[[nodiscard]] bool router_fits(const FabricRequest& request, const RouterPorts& ports, const std::string& sum, Sink& sink);

/// Reports more endpoints than routers take. `largest` is the number of endpoints of a plane that fit.
void refuse_routers(const FabricRequest& request, std::int64_t largest, const std::string& limit, const std::string& remedy, Sink& sink);

/// Whether a plan can hold so many links of a plane between switches; if not, reports it. Asked before any is made.
[[nodiscard]] bool links_fit(const FabricRequest& request, std::int64_t links_of_plane, const NetworkBuilder& builder, Sink& sink);

/// Adds routers, endpoints router by router and node by node, and links to every plane.
void build_routers(const FabricRequest& request, const RouterPlan& plan, NetworkBuilder& builder, FabricLayout& layout, Sink& sink);

/// Gives every leaf or router its endpoints: switch by switch, node by node. `port` is a switch's local port of its n-th endpoint.
void link_endpoints_in_order(const FabricRequest& request, std::int64_t plane, DeviceId first_switch, const SwitchFace& face, SwitchFace::Slot slot,
                             std::int64_t per_switch, NetworkBuilder& builder);

/// The ports between groups: which port of which group meets which. Every pair of groups has equally many links; ports that are left go to the
/// groups at distance 1, 2 ... on either side.
class GroupPorts {
public:
  /// `ports` of each of `groups`; links of a pair come in runs of `run` neighbouring ports, where they are that many.
  GroupPorts(std::int64_t groups, std::int64_t ports, std::int64_t run);

  struct Link {
    std::int64_t from_group = 0;
    std::int64_t from_port = 0;
    std::int64_t to_group = 0;
    std::int64_t to_port = 0;
  };
  [[nodiscard]] std::vector<Link> links() const;
  /// Links of every pair, and of the pairs at the nearest distances one more.
  [[nodiscard]] std::int64_t per_pair() const { return per_pair_; }
  [[nodiscard]] std::int64_t extra_distances() const { return extra_; }
  /// Ports of each group that stay free.
  [[nodiscard]] std::int64_t free_ports() const { return groups_ > 1 ? ports_ - per_pair_ * (groups_ - 1) - 2 * extra_ : ports_; }

private:
  std::int64_t groups_;
  std::int64_t ports_;
  std::int64_t run_;
  std::int64_t per_pair_ = 0;
  std::int64_t extra_ = 0;
};

} // namespace icplan
