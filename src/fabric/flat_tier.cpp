// SPDX-License-Identifier: Apache-2.0
// Hands out the ports of one or two switches that hold all endpoints.
#include "flat_tier.hpp"

#include "clos.hpp"
#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {

FlatTier::FlatTier(const FabricRequest& request, std::int64_t switches, const SwitchPorts& peer_ports, std::int64_t peers)
    : request_(request), switches_(switches), peers_(peers), peer_speed_(peer_ports.mode.speed) {
  for (std::int64_t s = 0; s < switches; ++s) {
    auto& face = faces_.emplace_back(request.model(0));
    auto& slots = slots_.emplace_back();
    for (const auto& endpoints : request.endpoints) slots.push_back(face.take(endpoints.down, ports_on(endpoints, s), CageUse::down));
    widened_ = slots.back().block;
    peer_slots_.push_back(peers > 0 ? face.take(peer_ports, peers, CageUse::peer) : SwitchFace::Slot{});
    if (face.fits()) face.widen(widened_);
  }
}

/// Port i of a node is on switch i; rails count instead where a node has several NICs. A node with an odd number of ports takes turns.
std::int64_t FlatTier::switch_of(const Endpoints& endpoints, std::int64_t n, std::size_t port) const {
  if (switches_ == 1) return 0;
  const auto& nics = endpoints.nics.front();
  const bool by_nic = endpoints.default_homing == 1 && nics.back() > 0;
  const auto column = by_nic ? nics[port] : static_cast<std::int64_t>(port);
  const auto turns = (by_nic ? nics.back() + 1 : endpoints.ports_per_node()) % switches_;
  return (column + (turns == 0 ? 0 : n)) % switches_;
}

std::int64_t FlatTier::ports_on(const Endpoints& endpoints, std::int64_t at) const {
  // Nodes repeat with the number of switches.
  const auto period = switches_;
  std::int64_t sum = 0;
  for (std::int64_t n = 0; n < std::min(period, endpoints.planned); ++n) {
    std::int64_t ports = 0;
    for (std::size_t p = 0; p < endpoints.ports.front().size(); ++p) ports += switch_of(endpoints, n, p) == at ? 1 : 0;
    sum += ports * divide_up(endpoints.planned - n, period);
  }
  return sum;
}

bool FlatTier::fits(bool with_reserved) const {
  std::int64_t each = 0;
  std::int64_t total = 0;
  for (const auto& reserved : request_.fabric.reserved) (reserved.per_switch ? each : total) += reserved.count;
  const auto ceiling = request_.model(0).as<SwitchFacts>()->max_ports;
  std::int64_t available = 0;
  for (std::size_t s = 0; s < faces_.size(); ++s) {
    if (!faces_[s].fits()) return false;
    auto left = faces_[s].free_ports(widened_);
    if (ceiling) {
      std::int64_t taken = peers_;
      for (const auto& endpoints : request_.endpoints) taken += ports_on(endpoints, static_cast<std::int64_t>(s));
      left = std::min(left, *ceiling - taken);
    }
    if (with_reserved && left < each) return false;
    available += left - each;
  }
  return !with_reserved || available * request_.fabric.planes * request_.rails >= total;
}

std::int64_t FlatTier::most_ports() const {
  std::int64_t most = 0;
  for (std::size_t s = 0; s < faces_.size(); ++s) {
    std::int64_t ports = 0;
    for (const auto& endpoints : request_.endpoints) ports += ports_on(endpoints, static_cast<std::int64_t>(s));
    most = std::max(most, ports);
  }
  return most;
}

void FlatTier::link_endpoints(NetworkBuilder& builder, std::int64_t plane, DeviceId first) const {
  for (std::size_t e = 0; e < request_.endpoints.size(); ++e) {
    const auto& endpoints = request_.endpoints[e];
    builder.begin_endpoint_links(request_, endpoints, plane);
    std::vector<std::int64_t> next(faces_.size(), 0);
    const auto& ports = endpoints.ports[static_cast<std::size_t>(plane)];
    for (std::int64_t n = 0; n < endpoints.count; ++n) {
      for (std::size_t p = 0; p < ports.size(); ++p) {
        const auto s = static_cast<std::size_t>(switch_of(endpoints, n, p));
        builder.attach(endpoints, n, ports[p], first.next(static_cast<std::uint32_t>(s)), faces_[s].port(slots_[s][e], next[s]++));
      }
    }
    builder.end_links();
  }
}

void FlatTier::link_peers(NetworkBuilder& builder, std::int64_t plane, DeviceId first) const {
  if (peers_ == 0) return;
  builder.begin_links({request_.id, plane, 1, 1, 0, 0, peer_speed_, request_.fabric.options.origin.of("isl"), LinkKind::isl, request_.id});
  for (std::int64_t i = 0; i < peers_; ++i) builder.link(first, faces_[0].port(peer_slots_[0], i), first.next(), faces_[1].port(peer_slots_[1], i));
  builder.end_links();
}

void FlatTier::build(std::int64_t rail, NetworkBuilder& builder, FabricLayout& layout, Sink& sink, std::vector<LeafPorts>* ports) const {
  const auto planes = request_.fabric.planes;
  const auto switches = static_cast<std::uint32_t>(faces_.size());
  std::vector<LeafPorts> leaf_ports;
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    std::uint32_t number = 1;
    DeviceId first;
    for (const auto& face : faces_) {
      auto group = switch_group(request_, 0, {plane, rail}, switch_prefix(request_, {plane, rail}, "leaf", nullptr));
      group.blocks = face.blocks();
      group.count = 1;
      group.first_number = number++;
      const auto device = builder.add_devices(std::move(group));
      if (!first.valid()) first = device;
    }
    link_endpoints(builder, plane, first);
    link_peers(builder, plane, first);
    for (std::uint32_t s = 0; s < switches; ++s) {
      const auto& face = faces_[s];
      const auto begin = face.port({widened_, 0});
      const auto end = static_cast<std::uint32_t>(begin + face.ports(widened_));
      leaf_ports.push_back({first.next(s), static_cast<std::uint32_t>(end - face.free_ports(widened_)), end});
      const auto& front = request_.endpoints.front();
      if (front.kind == EndpointKind::devices && front.stride == 1)
        builder.network().leaf_homes.push_back({first.next(s), front.first, static_cast<std::uint32_t>(front.count)});
    }
  }
  Tier tier{"leaf", request_.fabric.models[0], planes * switches, most_ports(), peers_, request_.endpoints.front().speed, peer_speed_, {}, {}};
  const auto first = request_.endpoints.front().down;
  tier.mixed_speeds =
      std::any_of(request_.endpoints.begin(), request_.endpoints.end(), [&](const Endpoints& of) { return of.speed != first.mode.speed; });
  merge_tier(layout, std::move(tier));
  if (ports != nullptr) {
    ports->insert(ports->end(), leaf_ports.begin(), leaf_ports.end());
  } else {
    place_reserved(request_, leaf_ports, layout, sink);
  }
}

void refuse_flat_tier(const FabricRequest& request, FlatTier (*build)(const FabricRequest&), const std::string& on, const std::string& remedy,
                      Sink& sink) {
  const auto& largest = largest_endpoints(request);
  auto smaller = request;
  auto& endpoints = smaller.endpoints[static_cast<std::size_t>(&largest - request.endpoints.data())];
  std::int64_t low = 0;
  std::int64_t high = largest.planned;
  while (low < high) {
    const auto tried = (low + high + 1) / 2;
    // Every attachment of the group shrinks with it.
    for (auto& other : smaller.endpoints) {
      if (&other == &endpoints || (endpoints.nodes.valid() && other.nodes == endpoints.nodes)) other.count = other.planned = tried;
    }
    if (build(smaller).fits()) {
      low = tried;
    } else {
      high = tried - 1;
    }
  }
  // A rail has one node of each scale-up domain.
  low *= largest.stride;
  const auto most = low > 0 ? ", or plan at most " + counted(low, "node", "nodes") : std::string();
  if (build(request).fits(false)) {
    sink.report(Code::reserved_ports_do_not_fit, request.fabric.reserved.front().origin.whole,
                request.title() + " joins " + asked_nodes(largest) + " on " + on + ", which leaves too few ports for those reserved", remedy + most);
    return;
  }
  sink.report(Code::fabric_too_large, largest.count_origin,
              request.title() + " cannot join " + asked_nodes(largest) + " on " + on + ": " + (on.substr(0, 3) == "one" ? "it has " : "each has ") +
                  grouped(largest.down.ports()) + " ports at " + decimal(largest.speed.count(), 3) + " Gb/s; the largest that fits is " +
                  counted(low, "node", "nodes"),
              remedy + ", a switch with more ports" + most);
}

} // namespace icplan
