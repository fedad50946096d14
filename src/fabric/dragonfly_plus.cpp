// SPDX-License-Identifier: Apache-2.0
// Dragonfly+: groups of `l` leaves and `s` spines, fully joined; `p` endpoints on a leaf, `h` global ports on a spine.
// Shpiner et al., "Dragonfly+: Low Cost Topology for Scaling Datacenters", HiPINEB 2017.
#include "clos.hpp"
#include "direct.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

struct Size {
  std::int64_t l = 0;
  std::int64_t s = 0;
  std::int64_t p = 0;
  std::int64_t h = 0;
  std::int64_t g = 0;
  std::int64_t most_groups = 0;
};

/// What is not stated: halves of the switches, and the fewest groups that hold the endpoints; all s x h + 1 groups when l, s, p and h are stated.
Size choose(const TopologyOptions& stated, const RouterDemand& leaf, const RouterDemand& spine) {
  Size size;
  size.s = stated.spines.value_or(std::max<std::int64_t>(leaf.radix / 2, 1));
  size.p = stated.endpoints.value_or(std::max<std::int64_t>(leaf.radix / 2, 1));
  size.l = stated.leaves.value_or(std::max<std::int64_t>(spine.radix / 2, 1));
  size.h = stated.global_ports.value_or(std::max<std::int64_t>(spine.radix / 2, 0));
  size.most_groups = size.s * size.h + 1;
  const bool all_stated = stated.leaves && stated.spines && stated.endpoints && stated.global_ports;
  const auto needed = std::min(divide_up(leaf.endpoints, size.l * size.p), size.most_groups);
  size.g = stated.groups.value_or(all_stated ? size.most_groups : needed);
  return size;
}

class DragonflyPlusBuild {
public:
  DragonflyPlusBuild(const FabricRequest& request, const Size& size, Mbps speed, NetworkBuilder& builder)
      : request_(request),
        size_(size),
        speed_(speed),
        builder_(builder),
        leaf_(request.model(0)),
        spine_(request.model(1)),
        leaf_down_(leaf_.take(request.endpoints.front().down, size.p, CageUse::down)),
        leaf_up_(leaf_.take(ports(0), size.s, CageUse::up)),
        spine_down_(spine_.take(ports(1), size.l, CageUse::down)),
        spine_peer_(spine_.take(ports(1), size.h, CageUse::peer)) {}

  [[nodiscard]] bool fits(std::size_t tier) const { return (tier == 0 ? leaf_ : spine_).fits(); }
  void run(FabricLayout& layout, Sink& sink);

private:
  [[nodiscard]] SwitchPorts ports(std::size_t tier) const { return *switch_ports(request_.model(tier), speed_, request_.protocol, 1); }
  DeviceId add(std::size_t tier, std::int64_t plane, std::string_view name, const SwitchFace& face, std::int64_t count);
  void link(std::int64_t plane, DeviceId leaf, DeviceId spine);

  const FabricRequest& request_;
  const Size& size_;
  Mbps speed_;
  NetworkBuilder& builder_;
  SwitchFace leaf_;
  SwitchFace spine_;
  SwitchFace::Slot leaf_down_;
  SwitchFace::Slot leaf_up_;
  SwitchFace::Slot spine_down_;
  SwitchFace::Slot spine_peer_;
};

DeviceId DragonflyPlusBuild::add(std::size_t tier, std::int64_t plane, std::string_view name, const SwitchFace& face, std::int64_t count) {
  auto group = switch_group(request_, tier, {plane, -1}, switch_prefix(request_, {plane, -1}, name, nullptr));
  group.blocks = face.blocks();
  group.count = static_cast<std::uint32_t>(count);
  group.order.per_pod = static_cast<std::uint32_t>(tier == 0 ? size_.l : size_.s);
  return builder_.add_devices(std::move(group));
}

void DragonflyPlusBuild::link(std::int64_t plane, DeviceId leaf, DeviceId spine) {
  const auto nth = [](DeviceId first, std::int64_t n) { return first.next(static_cast<std::uint32_t>(n)); };
  const auto origin = request_.fabric.options.origin.whole;
  builder_.begin_links({request_.id, plane, 1, 2, 0, 0, speed_, origin, LinkKind::local, request_.id});
  for (std::int64_t group = 0; group < size_.g; ++group) {
    for (std::int64_t l = 0; l < size_.l; ++l) {
      for (std::int64_t s = 0; s < size_.s; ++s) {
        builder_.link(nth(leaf, group * size_.l + l), leaf_.port(leaf_up_, s), nth(spine, group * size_.s + s), spine_.port(spine_down_, l));
      }
    }
  }
  builder_.end_links();
  const auto cage_ports = ports(1).mode.ports;
  const GroupPorts between(size_.g, size_.s * size_.h, size_.h % cage_ports == 0 ? cage_ports : 1);
  builder_.begin_links({request_.id, plane, 2, 2, 0, 0, speed_, origin, LinkKind::global, request_.id});
  for (const auto& link : between.links()) {
    builder_.link(nth(spine, link.from_group * size_.s + link.from_port / size_.h), spine_.port(spine_peer_, link.from_port % size_.h),
                  nth(spine, link.to_group * size_.s + link.to_port / size_.h), spine_.port(spine_peer_, link.to_port % size_.h));
  }
  builder_.end_links();
}

void DragonflyPlusBuild::run(FabricLayout& layout, Sink& sink) {
  const auto planes = request_.fabric.planes;
  const auto leaves = size_.l * size_.g;
  std::vector<LeafPorts> leaf_ports;
  std::int64_t endpoints = 0;
  for (const auto& of : request_.endpoints) endpoints += of.planned * of.ports_per_node();
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    const auto leaf = add(0, plane, "leaf", leaf_, leaves);
    const auto spine = add(1, plane, "spine", spine_, size_.s * size_.g);
    link_endpoints_in_order(request_, plane, leaf, leaf_, leaf_down_, size_.p, builder_);
    link(plane, leaf, spine);
    for (std::int64_t n = 0; n < leaves; ++n) {
      const auto used = std::clamp<std::int64_t>(endpoints - n * size_.p, 0, size_.p);
      leaf_ports.push_back(
          {leaf.next(static_cast<std::uint32_t>(n)), static_cast<std::uint32_t>(used), static_cast<std::uint32_t>(leaf_.ports(leaf_down_.block))});
    }
  }
  const auto down = request_.endpoints.front().speed;
  layout.shape = {size_.l, size_.s, size_.g, size_.p, size_.h, {}};
  merge_tier(layout, {"leaf", request_.fabric.models[0], leaves * planes, size_.p, size_.s, down, speed_,
                      Ratio::reduced(size_.p * down.count(), size_.s * speed_.count()), speed_ * (leaves * size_.s * planes)});
  merge_tier(layout, {"spine", request_.fabric.models[1], size_.s * size_.g * planes, size_.l, size_.h, speed_, speed_, {}, {}});
  place_reserved(request_, leaf_ports, layout, sink);
}

} // namespace

void build_dragonfly_plus(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  const auto leaf = router_demand(request, 0, sink);
  const auto spine = leaf ? router_demand(request, 1, sink) : std::nullopt;
  if (!spine) return;
  const auto size = choose(request.fabric.options, *leaf, *spine);
  const auto speed = *link_speed(request, request.model(0), request.model(1), request.endpoints.front().speed);
  DragonflyPlusBuild build(request, size, speed, builder);
  for (std::size_t tier = 0; tier < 2; ++tier) {
    if (build.fits(tier)) continue;
    const auto sum = tier == 0 ? "p + s = " + grouped(size.p) + " + " + grouped(size.s) : "l + h = " + grouped(size.l) + " + " + grouped(size.h);
    sink.report(Code::fabric_too_large, request.fabric.options.origin.whole,
                request.title() + " needs " + (tier == 0 ? "leaves" : "spines") + " with " + sum + " ports, but `" + request.model(tier).id +
                    "` has " + grouped(tier == 0 ? leaf->radix : spine->radix),
                "make the groups smaller, or choose a switch with more ports");
    return;
  }
  if (size.g > size.most_groups) {
    sink.report(Code::fabric_too_large, request.fabric.options.origin.of("g"),
                request.title() + " has " + grouped(size.g) + " groups, but the s x h = " + grouped(size.most_groups - 1) +
                    " global ports of a group reach as many others; the largest that fits is " + grouped(size.most_groups) + " groups",
                "use more `h` or `s`, or at most " + grouped(size.most_groups) + " for `g`");
    return;
  }
  const auto endpoints = size.l * size.p * size.g;
  if (leaf->endpoints > endpoints) {
    refuse_routers(request, endpoints,
                   counted(size.g, "group", "groups") + " of l = " + grouped(size.l) + " leaves with p = " + grouped(size.p) + " hold " +
                       grouped(endpoints) + " endpoints",
                   size.g == size.most_groups ? "use more `h` or `s`, switches with more ports"
                                              : "use more `g`, up to " + grouped(size.most_groups) + ", more `p`",
                   sink);
    return;
  }
  if (!links_fit(request, size.g * (size.l * size.s + size.s * size.h / 2), builder, sink)) return;
  warn_unused(request, {"core", "tiers", "rails", "homing", "pod_units", "uplinks", "oversubscription"}, "its groups are joined to each other", sink);
  build.run(layout, sink);
  layout.reasons.push_back(counted(size.l * size.g, "leaf", "leaves") + ": " + counted(size.g, "group", "groups") + " x l = " + grouped(size.l) +
                           ", for " + grouped(leaf->endpoints) + " endpoints of at most " + grouped(endpoints) +
                           " (l x p x g); s x h + 1 = " + grouped(size.most_groups) + " groups are the most");
  layout.reasons.push_back(counted(size.s * size.g, "spine", "spines") + ": " + counted(size.g, "group", "groups") + " x s = " + grouped(size.s) +
                           ", each joined to every leaf of its group");
  const GroupPorts between(size.g, size.s * size.h, 1);
  if (size.g == 1) return;
  layout.reasons.push_back(
      counted(between.per_pair(), "global link", "global links") + " between two groups: s x h / (g - 1) = " + grouped(size.s * size.h) + " / " +
      grouped(std::max<std::int64_t>(size.g - 1, 1)) +
      (between.extra_distances() > 0 ? ", and one more to the " + grouped(between.extra_distances()) + " nearest on either side" : "") +
      (between.free_ports() > 0 ? "; " + counted(between.free_ports(), "port", "ports") + " of each group stay free" : ""));
}

} // namespace icplan
