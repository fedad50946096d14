// SPDX-License-Identifier: Apache-2.0
// Access: edge switches that are filled one after the other, node by node and so rack by rack, with uplinks into another fabric's leaves.
#include "clos.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <map>

namespace icplan {
namespace {

/// Where one port of an endpoint comes to lie.
struct Seat {
  std::uint32_t device = 0;
  SwitchFace::Slot slot;
};

class AccessBuild {
public:
  AccessBuild(const FabricRequest& request, const AccessUplinks& uplinks) : request_(request), uplinks_(uplinks) { start_switch(); }

  /// Seats every port; false when a single switch cannot take one.
  bool seat();
  void build(NetworkBuilder& builder, FabricLayout& layout, Sink& sink);

private:
  void start_switch();
  bool seat_device(const std::vector<std::size_t>& lists, std::int64_t n);
  void add_switches(NetworkBuilder& builder);
  void link_endpoints(NetworkBuilder& builder);
  void link_uplinks(NetworkBuilder& builder);

  const FabricRequest& request_;
  const AccessUplinks& uplinks_;
  std::vector<SwitchFace> faces_;
  std::vector<SwitchFace::Slot> uplink_slots_;
  /// By endpoints, device and port.
  std::vector<std::vector<Seat>> seats_;
  std::vector<DeviceId> switches_;
};

void AccessBuild::start_switch() {
  auto& face = faces_.emplace_back(request_.model(0));
  // The uplinks are cut first, so that node ports never take their cages.
  uplink_slots_.push_back(uplinks_.count > 0 ? face.take(uplinks_.ports, uplinks_.count, CageUse::up) : SwitchFace::Slot{});
  static_cast<void>(face.take(request_.endpoints.front().down, 0, CageUse::down));
}

bool AccessBuild::seat_device(const std::vector<std::size_t>& lists, std::int64_t n) {
  for (const auto e : lists) {
    const auto& endpoints = request_.endpoints[e];
    if (n >= endpoints.planned) continue;
    for (std::int64_t p = 0; p < endpoints.ports_per_node(); ++p) {
      auto tried = faces_.back();
      auto slot = tried.take(endpoints.down, 1, CageUse::down);
      if (!tried.fits()) {
        start_switch();
        tried = faces_.back();
        slot = tried.take(endpoints.down, 1, CageUse::down);
        if (!tried.fits()) return false;
      }
      faces_.back() = std::move(tried);
      if (n < endpoints.count) seats_[e].push_back({static_cast<std::uint32_t>(faces_.size() - 1), slot});
    }
  }
  return true;
}

/// The ports of one node group are seated together, whatever port group they are of, so that a node's ports are neighbours.
bool AccessBuild::seat() {
  seats_.resize(request_.endpoints.size());
  std::vector<bool> done(request_.endpoints.size(), false);
  for (std::size_t e = 0; e < request_.endpoints.size(); ++e) {
    if (done[e]) continue;
    std::vector<std::size_t> lists;
    for (auto other = e; other < request_.endpoints.size(); ++other) {
      if (other != e && (!request_.endpoints[e].nodes.valid() || request_.endpoints[other].nodes != request_.endpoints[e].nodes)) continue;
      lists.push_back(other);
      done[other] = true;
    }
    for (std::int64_t n = 0; n < request_.endpoints[e].planned; ++n) {
      if (!seat_device(lists, n)) return false;
    }
  }
  for (auto& face : faces_) {
    for (std::size_t block = uplinks_.count > 0 ? 1 : 0; block < face.block_count(); ++block) face.widen(block);
  }
  return true;
}

void AccessBuild::add_switches(NetworkBuilder& builder) {
  std::size_t i = 0;
  while (i < faces_.size()) {
    const auto blocks = faces_[i].blocks();
    auto end = i + 1;
    while (end < faces_.size() && faces_[end].same_blocks(faces_[i])) ++end;
    auto group = switch_group(request_, 0, {}, switch_prefix(request_, {}, "leaf", nullptr));
    group.blocks = blocks;
    group.count = static_cast<std::uint32_t>(end - i);
    group.first_number = static_cast<std::uint32_t>(i) + 1;
    const auto first = builder.add_devices(std::move(group));
    for (std::uint32_t n = 0; n < static_cast<std::uint32_t>(end - i); ++n) switches_.push_back(first.next(n));
    i = end;
  }
}

void AccessBuild::link_endpoints(NetworkBuilder& builder) {
  for (std::size_t e = 0; e < request_.endpoints.size(); ++e) {
    const auto& endpoints = request_.endpoints[e];
    builder.begin_endpoint_links(request_, endpoints, 0);
    std::size_t at = 0;
    for (std::int64_t n = 0; n < endpoints.count; ++n) {
      for (const auto port : endpoints.ports.front()) {
        const auto& seat = seats_[e][at++];
        builder.attach(endpoints, n, port, switches_[seat.device], faces_[seat.device].port(seat.slot));
      }
    }
    builder.end_links();
  }
}

void AccessBuild::link_uplinks(NetworkBuilder& builder) {
  const auto& sockets = builder.sockets(request_.id);
  const auto needed = faces_.size() * static_cast<std::size_t>(uplinks_.count);
  // Until the number of switches has settled, the other fabric keeps ports for another number of them.
  if (uplinks_.count == 0 || sockets.size() != needed) return;
  const auto planes = uplinks_.planes;
  const auto each = uplinks_.count / planes;
  const auto switches = static_cast<std::int64_t>(faces_.size());
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    builder.begin_links({request_.id, 0, 1, 1, 0, 0, uplinks_.ports.mode.speed, request_.fabric.origin.of("uplink_to"), LinkKind::uplink,
                         *request_.fabric.uplink_to});
    for (std::int64_t s = 0; s < switches; ++s) {
      for (std::int64_t u = 0; u < each; ++u) {
        const auto& socket = sockets[static_cast<std::size_t>((plane * switches + s) * each + u)];
        const auto at = static_cast<std::size_t>(s);
        builder.link(switches_[at], faces_[at].port(uplink_slots_[at], plane * each + u), socket.device, socket.port);
      }
    }
    builder.end_links();
  }
}

void AccessBuild::build(NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  add_switches(builder);
  link_endpoints(builder);
  link_uplinks(builder);
  const auto down = request_.endpoints.front().down;
  Tier tier{
      "leaf", request_.fabric.models[0], static_cast<std::int64_t>(faces_.size()), 0, uplinks_.count, down.mode.speed, uplinks_.ports.mode.speed, {},
      {}};
  std::vector<LeafPorts> leaf_ports;
  for (std::size_t i = 0; i < faces_.size(); ++i) {
    const auto block = std::size_t{uplinks_.count > 0 ? 1U : 0U};
    const auto begin = faces_[i].port({block, 0});
    const auto end = static_cast<std::uint32_t>(begin + faces_[i].ports(block));
    leaf_ports.push_back({switches_[i], static_cast<std::uint32_t>(end - faces_[i].free_ports(block)), end});
    tier.ports_down = std::max(tier.ports_down, faces_[i].ports(block) - faces_[i].free_ports(block));
  }
  if (uplinks_.count > 0) {
    tier.oversubscription = Ratio::reduced(tier.ports_down * down.mode.speed.count(), uplinks_.count * tier.up_speed.count());
    tier.uplink_capacity = tier.up_speed * (uplinks_.count * tier.switches);
  }
  merge_tier(layout, tier);
  std::int64_t ports = 0;
  for (const auto& endpoints : request_.endpoints) ports += endpoints.planned * endpoints.ports_per_node();
  layout.reasons.push_back(counted(tier.switches, "leaf", "leaves") + ": " + grouped(ports) + " ports / " + grouped(down.ports()) +
                           " of a switch, rounded up");
  if (uplinks_.count > 0) layout.reasons.push_back(counted(uplinks_.count, "uplink", "uplinks") + " of each leaf: " + uplinks_.reason);
  place_reserved(request_, leaf_ports, layout, sink);
}

} // namespace

std::optional<AccessUplinks> access_uplinks(const FabricRequest& access, const FabricSpec& target, Protocol protocol, Sink& sink) {
  const auto& leaf = access.model(0);
  const auto& upper = access.catalog[target.models[0]];
  AccessUplinks uplinks;
  uplinks.planes = target.planes;
  auto request = access;
  request.protocol = protocol;
  const auto down = access.endpoints.front().down;
  const auto speed = link_speed(request, leaf, upper, down.mode.speed);
  if (!speed) {
    sink.report(Code::no_common_speed, access.fabric.origin.of("uplink_to"),
                "`" + leaf.id + "` and `" + upper.id + "`, the leaf of fabric `" + target.name + "`, have no " + std::string(to_text(protocol)) +
                    " speed in common",
                "state an `uplink_gbps` that both have, or choose another leaf");
    return std::nullopt;
  }
  uplinks.ports = *switch_ports(leaf, *speed, protocol, 1);
  uplinks.far = *switch_ports(upper, *speed, protocol, 1);
  const auto ratio = access.fabric.oversubscription[0];
  const auto homes = std::max<std::int64_t>(2, target.planes);
  const auto needed = divide_up(down.ports() * down.mode.speed.count() * ratio.denominator, speed->count() * ratio.numerator);
  uplinks.count = access.fabric.options.uplinks.value_or(round_up(needed, homes));
  uplinks.reason = access.fabric.options.uplinks
                       ? "as stated"
                       : grouped(down.ports()) + " x " + decimal(down.mode.speed.count(), 3) + "G / " + decimal(speed->count(), 3) +
                             "G = " + grouped(needed) + ", in pairs so that a leaf has two ways";
  if (uplinks.count % target.planes != 0) {
    sink.report(Code::planes_do_not_divide, access.fabric.options.origin.of("uplinks"),
                access.title() + " has " + grouped(uplinks.count) + " uplinks a switch, but fabric `" + target.name + "` has " +
                    std::to_string(target.planes) + " planes",
                "use a multiple of the planes");
    return std::nullopt;
  }
  SwitchFace face(leaf);
  face.take(uplinks.ports, uplinks.count, CageUse::up);
  if (face.fits()) return uplinks;
  sink.report(Code::fabric_too_large, access.fabric.options.origin.of("uplinks"),
              access.title() + " needs " + grouped(uplinks.count) + " uplinks of " + decimal(speed->count(), 3) + " Gb/s a switch, but `" + leaf.id +
                  "` has " + grouped(uplinks.ports.ports()),
              "state fewer `uplinks`, or more `oversubscription`");
  return std::nullopt;
}

void build_access(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  warn_unused(request, {"spine", "core", "tiers", "rails", "homing", "pod_units", "uplinks"}, "its switches lead into another fabric", sink);
  if (request.fabric.planes != 1) {
    sink.report(Code::conflicting_values, request.fabric.origin.of("planes"), request.title() + " is an access fabric, which has one plane",
                "leave `planes` out");
    return;
  }
  AccessUplinks uplinks;
  if (request.fabric.uplink_to) {
    const auto& target = request.spec.fabrics[request.fabric.uplink_to->index()];
    const auto found = access_uplinks(request, target, request.protocol, sink);
    if (!found) return;
    uplinks = *found;
  }
  AccessBuild build(request, uplinks);
  if (!build.seat()) {
    const auto& largest = largest_endpoints(request);
    sink.report(Code::unit_too_large, largest.origin,
                request.title() + " finds no port for `" + largest.name + "` on an empty `" + request.model(0).id + "`",
                "choose a switch with such ports, or fewer `uplinks`");
    return;
  }
  build.build(builder, layout, sink);
}

} // namespace icplan
