// SPDX-License-Identifier: Apache-2.0
// Builds routers, their endpoints and the links between them.
#include "direct.hpp"

#include "clos.hpp"
#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::int64_t endpoint_ports(const FabricRequest& request) {
  std::int64_t sum = 0;
  for (const auto& endpoints : request.endpoints) sum += endpoints.planned * endpoints.ports_per_node();
  return sum;
}

std::optional<SwitchPorts> peer_ports(const FabricRequest& request) {
  const auto speed = link_speed(request, request.model(0), request.model(0), request.endpoints.front().speed);
  return speed ? switch_ports(request.model(0), *speed, request.protocol, 1) : std::nullopt;
}

} // namespace

std::optional<RouterDemand> router_demand(const FabricRequest& request, std::size_t tier, Sink& sink) {
  const auto& first = request.endpoints.front();
  for (const auto& endpoints : request.endpoints) {
    if (endpoints.down.same_use(first.down)) continue;
    sink.report(Code::no_common_speed, endpoints.origin,
                request.title() + " has endpoints of " + decimal(first.speed.count(), 3) + " and " + decimal(endpoints.speed.count(), 3) +
                    " Gb/s, but its routers are all cut alike",
                "state one `port_speed_gbps` for all of them");
    return std::nullopt;
  }
  const auto& model = request.model(tier);
  const auto speed = link_speed(request, request.model(0), model, first.speed);
  if (!speed) {
    sink.report(Code::no_common_speed, request.fabric.origin.of("uplink_gbps"),
                "`" + request.model(0).id + "` and `" + model.id + "` have no " + std::string(to_text(request.protocol)) + " speed in common",
                "state an `uplink_gbps` that both have");
    return std::nullopt;
  }
  const auto ports = *switch_ports(model, *speed, request.protocol, 1);
  const auto ceiling = model.as<SwitchFacts>()->max_ports;
  RouterDemand demand;
  demand.endpoints = endpoint_ports(request);
  for (const auto& endpoints : request.endpoints) demand.ports_per_node = std::max(demand.ports_per_node, endpoints.ports_per_node());
  demand.radix = std::min(ports.ports(), ceiling.value_or(ports.ports()));
  demand.cage_ports = ports.mode.ports;
  return demand;
}

bool router_fits(const FabricRequest& request, const RouterPorts& ports, const std::string& sum, Sink& sink) {
  const auto peers = peer_ports(request);
  SwitchFace face(request.model(0));
  face.take(request.endpoints.front().down, ports.endpoints, CageUse::down);
  face.take(*peers, ports.peers, CageUse::peer);
  if (face.fits()) return true;
  sink.report(Code::fabric_too_large, request.fabric.options.origin.whole,
              request.title() + " needs routers with " + sum + " = " + grouped(ports.endpoints + ports.peers) + " ports, but `" +
                  request.model(0).id + "` has " + grouped(request.endpoints.front().down.ports()) + " of " +
                  decimal(request.endpoints.front().speed.count(), 3) + " Gb/s" +
                  (peers->mode.ports > 1 ? ", " + std::to_string(peers->mode.ports) + " to a cage, and a cage serves endpoints or routers, not both"
                                         : std::string()),
              "make the topology smaller, or choose a switch with more ports");
  return false;
}

void refuse_routers(const FabricRequest& request, std::int64_t largest, const std::string& limit, const std::string& remedy, Sink& sink) {
  const auto& of = largest_endpoints(request);
  // Every attachment of the group counts with it.
  std::int64_t of_node = 0;
  std::int64_t of_group = 0;
  for (const auto& endpoints : request.endpoints) {
    if (&endpoints != &of && (!of.nodes.valid() || endpoints.nodes != of.nodes)) continue;
    of_node += endpoints.ports_per_node();
    of_group += endpoints.planned * endpoints.ports_per_node();
  }
  const auto nodes = std::max<std::int64_t>((largest - (endpoint_ports(request) - of_group)) / of_node, 0);
  sink.report(Code::fabric_too_large, of.count_origin,
              request.title() + " cannot join " + asked_nodes(of) + ": " + limit + "; the largest that fits is " + counted(nodes, "node", "nodes"),
              remedy + (nodes > 0 ? ", or plan at most " + counted(nodes, "node", "nodes") : std::string()));
}

void link_endpoints_in_order(const FabricRequest& request, std::int64_t plane, DeviceId first_switch, const SwitchFace& face, SwitchFace::Slot slot,
                             std::int64_t per_switch, NetworkBuilder& builder) {
  std::int64_t at = 0;
  for (const auto& endpoints : request.endpoints) {
    builder.begin_endpoint_links(request, endpoints, plane);
    const auto& ports = endpoints.ports[static_cast<std::size_t>(plane)];
    for (std::int64_t n = 0; n < endpoints.count; ++n) {
      for (std::size_t p = 0; p < ports.size(); ++p, ++at) {
        const auto device = first_switch.next(static_cast<std::uint32_t>(at / per_switch));
        builder.attach(endpoints, n, ports[p], device, face.port(slot, at % per_switch));
      }
    }
    at += (endpoints.planned - endpoints.count) * endpoints.ports_per_node();
    builder.end_links();
  }
  // Which nodes stand at which switch, by where their first port is.
  const auto& front = request.endpoints.front();
  if (front.kind != EndpointKind::devices || front.stride != 1) return;
  const auto ports = front.ports_per_node();
  const auto switches = divide_up(front.count * ports, per_switch);
  for (std::int64_t s = 0; s < switches; ++s) {
    // A switch that has further ports of a node, and no node's first one, stands with that node.
    const auto begin = divide_up(s * per_switch, ports);
    const auto end = std::min(divide_up((s + 1) * per_switch, ports), front.count);
    const auto home = begin < end ? begin : s * per_switch / ports;
    builder.network().leaf_homes.push_back(
        {first_switch.next(static_cast<std::uint32_t>(s)), front.device(home), static_cast<std::uint32_t>(std::max<std::int64_t>(end - begin, 0))});
  }
}

bool links_fit(const FabricRequest& request, std::int64_t links_of_plane, const NetworkBuilder& builder, Sink& sink) {
  const auto links = request.fabric.planes * (links_of_plane + endpoint_ports(request)) + static_cast<std::int64_t>(builder.network().links.size());
  if (links <= most_links) return true;
  sink.report(Code::cluster_too_large, request.fabric.origin.whole,
              request.title() + " brings the plan to " + grouped(links) + " links; icplan plans at most " + grouped(most_links), "split the cluster");
  return false;
}

void build_routers(const FabricRequest& request, const RouterPlan& plan, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  const auto planes = request.fabric.planes;
  warn_unused(request, {"spine", "core", "tiers", "rails", "homing", "pod_units", "uplinks", "oversubscription"},
              "its routers are joined to each other", sink);
  const auto peers = *peer_ports(request);
  SwitchFace face(request.model(0));
  const auto down = face.take(request.endpoints.front().down, plan.ports.endpoints, CageUse::down);
  const auto peer = face.take(peers, plan.ports.peers, CageUse::peer);
  std::vector<LeafPorts> leaf_ports;
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    auto group = switch_group(request, 0, {plane, -1}, switch_prefix(request, {plane, -1}, "router", nullptr));
    group.blocks = face.blocks();
    group.count = static_cast<std::uint32_t>(plan.routers);
    if (request.fabric.topology == Topology::dragonfly) group.order.per_pod = static_cast<std::uint32_t>(plan.shape.group_size);
    const auto first = builder.add_devices(std::move(group));
    link_endpoints_in_order(request, plane, first, face, down, plan.ports.endpoints, builder);
    for (std::size_t i = 0; i < plan.links.size(); ++i) {
      const auto& link = plan.links[i];
      if (i == 0 || link.kind != plan.links[i - 1].kind) {
        if (i > 0) builder.end_links();
        builder.begin_links({request.id, plane, 1, 1, 0, 0, peers.mode.speed, request.fabric.options.origin.whole, link.kind, request.id});
      }
      builder.link(first.next(static_cast<std::uint32_t>(link.from)), face.port(peer, link.from_port),
                   first.next(static_cast<std::uint32_t>(link.to)), face.port(peer, link.to_port));
    }
    if (!plan.links.empty()) builder.end_links();
    const auto all = endpoint_ports(request);
    for (std::int64_t r = 0; r < plan.routers; ++r) {
      const auto used = std::clamp<std::int64_t>(all - r * plan.ports.endpoints, 0, plan.ports.endpoints);
      leaf_ports.push_back(
          {first.next(static_cast<std::uint32_t>(r)), static_cast<std::uint32_t>(used), static_cast<std::uint32_t>(face.ports(down.block))});
    }
  }
  layout.shape = plan.shape;
  merge_tier(layout, {"router",
                      request.fabric.models[0],
                      plan.routers * planes,
                      plan.ports.endpoints,
                      plan.ports.peers,
                      request.endpoints.front().speed,
                      peers.mode.speed,
                      {},
                      {}});
  layout.reasons.push_back(counted(plan.routers, "router", "routers") + ": " + plan.routers_reason);
  layout.reasons.push_back(grouped(plan.ports.endpoints + plan.ports.peers) + " ports of a router: " + plan.ports_reason);
  if (planes > 1) layout.reasons.push_back("all counts above are those of one plane; there are " + grouped(planes));
  place_reserved(request, leaf_ports, layout, sink);
}

GroupPorts::GroupPorts(std::int64_t groups, std::int64_t ports, std::int64_t run) : groups_(groups), ports_(ports), run_(run) {
  if (groups < 2) return;
  per_pair_ = ports / (groups - 1);
  extra_ = (ports - per_pair_ * (groups - 1)) / 2;
}

std::vector<GroupPorts::Link> GroupPorts::links() const {
  std::vector<Link> all;
  if (groups_ < 2) return all;
  const auto others = groups_ - 1;
  const auto join = [&](std::int64_t first_port, std::int64_t distance, std::int64_t run) {
    // The far group sees this one at the opposite distance.
    for (std::int64_t from = 0; from + distance < groups_; ++from) {
      for (std::int64_t x = 0; x < run; ++x) {
        all.push_back({from, first_port + (distance - 1) * run + x, from + distance, first_port + (others - distance) * run + x});
      }
    }
  };
  std::int64_t port = 0;
  for (auto left = per_pair_; left > 0;) {
    const auto run = left >= run_ ? run_ : 1;
    for (std::int64_t distance = 1; distance <= others; ++distance) join(port, distance, run);
    port += others * run;
    left -= run;
  }
  // One link more to the groups at distance d on either side: port 2d - 2 of the rest leads up, port 2d - 1 down.
  for (std::int64_t distance = 1; distance <= extra_; ++distance) {
    for (std::int64_t from = 0; from < groups_; ++from) {
      // Every link starts at the lower group, so that links of a pair of cages all go one way.
      const auto to = (from + distance) % groups_;
      const auto up = port + 2 * distance - 2;
      all.push_back(from < to ? Link{from, up, to, up + 1} : Link{to, up + 1, from, up});
    }
  }
  return all;
}

} // namespace icplan
