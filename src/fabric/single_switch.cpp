// SPDX-License-Identifier: Apache-2.0
// Single switch: every endpoint of a plane on one switch.
#include "builder.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <map>

namespace icplan {
namespace {

void report_too_large(const FabricRequest& request, Sink& sink) {
  const auto& largest =
      *std::max_element(request.endpoints.begin(), request.endpoints.end(), [](const auto& a, const auto& b) { return a.count < b.count; });
  auto smaller = request;
  auto& endpoints = smaller.endpoints[static_cast<std::size_t>(&largest - request.endpoints.data())];
  std::int64_t low = 0;
  std::int64_t high = largest.count;
  while (low < high) {
    endpoints.count = (low + high + 1) / 2;
    if (fits_one_switch(smaller)) {
      low = endpoints.count;
    } else {
      high = endpoints.count - 1;
    }
  }
  const auto& nodes = request.spec.nodes[largest.nodes.index()];
  if (fits_one_switch(request, false)) {
    sink.report(Code::reserved_ports_do_not_fit, request.fabric.reserved.front().origin.whole,
                request.title() + " joins " + counted(largest.count, "node", "nodes") + " of `" + nodes.name + "` on one `" + request.model(0).id +
                    "`, which leaves too few ports for those reserved",
                "use topology `fat-tree` with 2 `tiers`" + (low > 0 ? ", or plan at most " + counted(low, "node", "nodes") : std::string()));
    return;
  }
  sink.report(Code::fabric_too_large, nodes.origin.of("count"),
              request.title() + " cannot join " + counted(largest.count, "node", "nodes") + " of `" + nodes.name + "` on one `" +
                  request.model(0).id + "`: it has " + grouped(largest.down.ports()) + " ports at " + decimal(largest.speed.count(), 3) +
                  " Gb/s; the largest that fits is " + counted(low, "node", "nodes"),
              "use topology `fat-tree` with more tiers, a switch with more ports" +
                  (low > 0 ? ", or plan at most " + counted(low, "node", "nodes") : std::string()));
}

} // namespace

bool fits_one_switch(const FabricRequest& request, bool with_reserved) {
  std::map<std::size_t, std::int64_t> cages;
  const auto& groups = request.model(0).port_groups();
  const auto ceiling = request.model(0).as<SwitchFacts>()->max_ports;
  std::int64_t ports = 0;
  for (const auto& endpoints : request.endpoints) {
    const auto wanted = endpoints.count * endpoints.ports_per_node();
    ports += wanted;
    auto& used = cages[endpoints.down.port_group];
    used += divide_up(wanted, endpoints.down.mode.ports);
    if (used > groups[endpoints.down.port_group].cages) return false;
  }
  if (ceiling && ports > *ceiling) return false;
  if (!with_reserved) return true;
  // What the last node group leaves of its cages is free.
  const auto& last = request.endpoints.back();
  const auto left =
      groups[last.down.port_group].cages - cages[last.down.port_group] + divide_up(last.count * last.ports_per_node(), last.down.mode.ports);
  auto available = left * last.down.mode.ports - last.count * last.ports_per_node();
  if (ceiling) available = std::min(available, *ceiling - ports);
  std::int64_t each = 0;
  std::int64_t total = 0;
  for (const auto& reserved : request.fabric.reserved) (reserved.per_switch ? each : total) += reserved.count;
  return available >= each && (available - each) * request.fabric.planes >= total;
}

void build_single_switch(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  if (request.fabric.tiers.value_or(1) != 1) {
    sink.report(Code::conflicting_values, request.fabric.origin.of("tiers"),
                request.title() + " is a single switch, which has one tier, but `tiers` is " + std::to_string(*request.fabric.tiers),
                "leave `tiers` out, or use topology `fat-tree`");
    return;
  }
  if (!fits_one_switch(request)) {
    report_too_large(request, sink);
    return;
  }
  warn_unused(request, {"spine", "core", "homing", "pod_units", "uplinks", "uplink_gbps", "oversubscription"}, "one switch holds all endpoints",
              sink);
  if (request.fabric.topology == Topology::single_switch) warn_unused(request, {"rails"}, "one switch holds all endpoints", sink);
  const auto planes = request.fabric.planes;
  const auto& model = request.model(0);
  Tier tier{"leaf", request.fabric.models[0], planes, 0, 0, request.endpoints.front().speed, Mbps(0), {}, {}};
  std::vector<LeafPorts> leaf_ports;
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    DeviceGroup group;
    group.part = request.fabric.models[0];
    group.fabric = request.id;
    group.plane = plane;
    group.tier = 1;
    group.name_prefix = switch_prefix(request, plane, "leaf", nullptr);
    group.count = 1;
    std::int64_t cage = 0;
    std::int64_t port = 0;
    std::vector<std::uint32_t> first_port;
    std::map<std::size_t, std::int64_t> used_of_group;
    for (const auto& endpoints : request.endpoints) {
      // The last one takes what is left of its cages, so that reserved ports find room there.
      const bool last = &endpoints == &request.endpoints.back();
      auto& used = used_of_group[endpoints.down.port_group];
      const auto needed = divide_up(endpoints.count * endpoints.ports_per_node(), endpoints.down.mode.ports);
      const auto cages = last ? endpoints.down.cages - used : needed;
      group.blocks.push_back(switch_block(model, endpoints.down, cage, cages, port, false));
      group.blocks.back().first_number = static_cast<std::uint32_t>(used) + 1;
      first_port.push_back(static_cast<std::uint32_t>(port));
      used += cages;
      cage += cages;
      port += cages * endpoints.down.mode.ports;
    }
    const auto device = builder.add_devices(std::move(group));
    std::int64_t connected = 0;
    for (std::size_t e = 0; e < request.endpoints.size(); ++e) {
      const auto& endpoints = request.endpoints[e];
      builder.begin_links({request.id, plane, 0, 1, 0, 0, endpoints.speed, endpoints.attachment->origin.whole});
      auto to = first_port[e];
      for (std::int64_t node = 0; node < endpoints.count; ++node) {
        for (const auto from : endpoints.ports[static_cast<std::size_t>(plane)])
          builder.link(endpoints.first_node.next(static_cast<std::uint32_t>(node)), from, device, to++);
      }
      builder.end_links();
      connected += endpoints.count * endpoints.ports_per_node();
      if (e + 1 == request.endpoints.size()) leaf_ports.push_back({device, to, static_cast<std::uint32_t>(port)});
    }
    tier.ports_down = connected;
    builder.network().leaf_homes.push_back(
        {device, request.endpoints.front().first_node, static_cast<std::uint32_t>(request.endpoints.front().count)});
  }
  layout.tiers.push_back(tier);
  layout.reasons.push_back(counted(planes, "switch", "switches") + ": all " + grouped(tier.ports_down) + " node ports of a plane fit the " +
                           grouped(request.endpoints.front().down.ports()) + " ports of one `" + model.id + "`");
  place_reserved(request, leaf_ports, layout, sink);
}

} // namespace icplan
