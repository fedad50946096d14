// SPDX-License-Identifier: Apache-2.0
// Explicit: every link is listed, port to port. What the list says is checked against what devices and cages can be.
#include "explicit.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <unordered_set>

namespace icplan {

/// Cuts the switch's used cages into blocks of equal, neighbouring ones.
void ExplicitBuild::cut(ExplicitSwitch& of) {
  const auto& model = request_.model(static_cast<std::size_t>(of.tier - 1));
  std::int64_t cages = 0;
  std::int64_t ports = 0;
  std::size_t last_group = 0;
  std::int64_t next = 0;
  for (const auto& [at, cage] : of.cages) {
    const auto& group = model.port_groups()[at.first];
    std::optional<SwitchPorts> use;
    if (cage.stated && cage.stated->port_group == at.first && cage.most_port <= cage.stated->mode.ports) use = cage.stated;
    for (const auto& mode : group.modes) {
      const auto& protocols = mode.protocols.empty() ? group.protocols : mode.protocols;
      if (!use && group.form && mode.speed == cage.speed && mode.ports >= cage.most_port && protocols.contains(request_.protocol))
        use = SwitchPorts{at.first, mode, group.cages};
    }
    if (!use) {
      wrong(cage.where,
            "`" + model.id + "` has no mode with " + std::to_string(cage.most_port) + " ports of " + decimal(cage.speed.count(), 3) +
                " Gb/s in cage " + std::to_string(at.second),
            "`icplan catalog show " + model.id + "` prints its modes");
      return;
    }
    if (last_group == at.first && at.second < next && !of.blocks.empty()) {
      wrong(cage.where, "cage " + std::to_string(at.second) + " is disabled by the breakout of the cage before it", "use another cage");
      return;
    }
    if (use->mode.disables > 0 && at.second % (1 + use->mode.disables) != 1) {
      wrong(cage.where, "cage " + std::to_string(at.second) + " cannot be divided so: the breakout disables the cage after an odd one",
            "use an odd cage");
      return;
    }
    auto block = switch_block(model, *use, cages, 1, ports, cage.use);
    block.first_number = static_cast<std::uint32_t>(at.second);
    auto* last = of.blocks.empty() ? nullptr : &of.blocks.back();
    if (last != nullptr && last->name == block.name && last->speed == block.speed && last->ports_per_cage == block.ports_per_cage &&
        last->use == block.use && last->number(last->cages) == block.first_number) {
      ++last->cages;
    } else {
      of.blocks.push_back(block);
    }
    last_group = at.first;
    next = at.second + 1 + use->mode.disables;
    ++cages;
    ports += use->mode.ports;
  }
}

void ExplicitBuild::add_switches() {
  for (auto& of : switches_) {
    auto group = listed_switch(request_, of.tier, of.number);
    group.blocks = of.blocks;
    of.device = builder_.add_devices(std::move(group));
  }
}

std::uint16_t ExplicitBuild::port_of(const End& end) const {
  if (end.kind == End::Kind::node || end.kind == End::Kind::uplink) return end.port;
  const auto& of = switches_[end.index];
  const auto& name = request_.model(static_cast<std::size_t>(of.tier - 1)).port_groups()[end.port_group].name;
  for (const auto& block : of.blocks) {
    for (std::uint32_t cage = 0; block.name == name && cage < block.cages; ++cage) {
      if (block.number(cage) == static_cast<std::uint32_t>(end.cage))
        return static_cast<std::uint16_t>(block.first_port + cage * block.ports_per_cage + static_cast<std::uint32_t>(end.in_cage) - 1);
    }
  }
  return 0;
}

void ExplicitBuild::add_links() {
  const auto owner = [&](const ListedLink& link) {
    return link.from.kind == End::Kind::switch_ ? request_.id : request_.endpoints[link.from.index].fabric;
  };
  const auto key = [&](const ListedLink& link) {
    return std::tuple(link.from.tier, link.to.tier, owner(link), link.from.kind, link.from.kind == End::Kind::switch_ ? 0 : link.from.index,
                      link.speed, link.to.kind);
  };
  // Nor does the order of the rows.
  const auto place = [](const End& end) {
    const bool known = end.kind == End::Kind::node || end.kind == End::Kind::uplink;
    return std::tuple(known ? end.device.index() : 0U, end.port, end.kind == End::Kind::switch_ ? end.index : std::size_t{0}, end.port_group,
                      end.cage, end.in_cage);
  };
  std::stable_sort(links_.begin(), links_.end(), [&](const auto& a, const auto& b) {
    return std::tuple(key(a), place(a.from), place(a.to)) < std::tuple(key(b), place(b.from), place(b.to));
  });
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const auto& link = links_[i];
    const bool uplink = link.to.kind == End::Kind::uplink;
    if (i == 0 || key(link) != key(links_[i - 1])) {
      if (i > 0) builder_.end_links();
      const auto kind = uplink ? LinkKind::uplink : link.from.tier == link.to.tier ? LinkKind::isl : LinkKind::tier;
      const auto host = uplink ? *request_.fabric.uplink_to : request_.id;
      const auto to_tier = uplink ? 1 : link.to.tier;
      builder_.begin_links({owner(link), 0, link.from.tier, to_tier, 0, 0, link.speed, request_.fabric.options.origin.whole, kind, host});
    }
    const auto to = uplink ? link.to.device : switches_[link.to.index].device;
    if (link.from.kind == End::Kind::external) {
      builder_.attach(request_.endpoints[link.from.index], 0, 0, to, port_of(link.to));
    } else {
      const auto from = link.from.kind == End::Kind::switch_ ? switches_[link.from.index].device : link.from.device;
      builder_.link(from, port_of(link.from), to, port_of(link.to));
    }
  }
  if (!links_.empty()) builder_.end_links();
}

void ExplicitBuild::describe() {
  for (const auto& tier : request_.fabric.options.tiers) {
    Tier line{tier.name, {}, tier.count, 0, 0, request_.endpoints.front().speed, Mbps(0), {}, {}};
    for (const auto& of : switches_) {
      const auto level = tier.name == "leaf" ? 1 : tier.name == "spine" ? 2 : 3;
      if (of.tier != level) continue;
      std::int64_t down = 0;
      std::int64_t up = 0;
      Mbps down_capacity;
      Mbps down_speed;
      Mbps up_capacity;
      for (const auto& [at, cage] : of.cages) {
        const auto ports = static_cast<std::int64_t>(cage.taken.size());
        (cage.use == CageUse::down ? down : up) += ports;
        if (cage.use == CageUse::down) {
          line.mixed_speeds = line.mixed_speeds || (down_speed.count() != 0 && down_speed != cage.speed);
          down_speed = cage.speed;
          down_capacity += cage.speed * ports;
        }
        if (cage.use == CageUse::up) up_capacity += cage.speed * ports;
        if (cage.use != CageUse::down) line.up_speed = cage.speed;
      }
      if (down_speed.count() != 0) line.down_speed = down_speed;
      line.ports_down = std::max(line.ports_down, down);
      line.ports_up = std::max(line.ports_up, up);
      line.uplink_capacity += up_capacity;
      if (up_capacity.count() == 0) continue;
      const auto ratio = Ratio::reduced(down_capacity.count(), up_capacity.count());
      if (!line.oversubscription || ratio.numerator * line.oversubscription->denominator > line.oversubscription->numerator * ratio.denominator)
        line.oversubscription = ratio;
    }
    line.model = request_.fabric.models[tier.name == "leaf" ? 0 : tier.name == "spine" ? 1 : 2];
    if (tier.count > 0) layout_.tiers.push_back(line);
    layout_.reasons.push_back(grouped(tier.count) + " of tier " + tier.name + ": as stated");
  }
  layout_.reasons.push_back(counted(static_cast<std::int64_t>(links_.size()), "link", "links") + ": as listed");
}

/// Attached ports that no row of the list names stay free; that is told, for it may be a row that was forgotten.
void ExplicitBuild::report_unlisted() {
  for (const auto& endpoints : request_.endpoints) {
    auto finding = Finding::of(Code::ports_not_listed, endpoints.origin, {}, {}, 0);
    for (std::int64_t n = 0; endpoints.kind == EndpointKind::devices && n < endpoints.count; ++n) {
      const auto device = endpoints.device(n);
      std::uint64_t unlisted = 0;
      for (const auto port : endpoints.ports.front()) unlisted += node_ports_.count({device.index(), port}) == 0 ? 1U : 0U;
      finding.count += unlisted;
      if (unlisted > 0) finding.add_example(builder_.network().device_name(device));
    }
    if (endpoints.kind == EndpointKind::external) {
      const auto& ports = builder_.external();
      const auto listed = std::count_if(
          ports.begin(), ports.end(), [&](const auto& port) { return port.first == endpoints.fabric && port.second.external == endpoints.external; });
      finding.count = static_cast<std::uint64_t>(std::max<std::int64_t>(endpoints.count - listed, 0));
    }
    if (finding.count == 0) continue;
    if (endpoints.kind == EndpointKind::devices) {
      auto& layout = builder_.network().fabrics[endpoints.fabric.index()];
      layout.endpoints -= static_cast<std::int64_t>(finding.count);
      layout.injection = layout.injection - endpoints.speed * static_cast<std::int64_t>(finding.count);
    }
    finding.message = "the list of fabric `" + request_.fabric.name + "` leaves ports of `" + endpoints.name + "` free";
    finding.help = "list them, or state the `count` that is cabled";
    sink_.report(std::move(finding));
  }
}

void ExplicitBuild::read_link(std::size_t number) {
  const auto& listed = request_.fabric.options.links[number];
  const auto from = find(listed.from, listed.where);
  const auto to = find(listed.to, listed.where);
  if (!from || !to) return;
  ListedLink link{*from, *to, Mbps(0), number};
  if (!order_ends(link, listed.where)) return;
  const auto speed = speed_of(link, listed);
  if (!speed) return;
  link.speed = *speed;
  if (link.from.kind == End::Kind::node && !take_node_port(link.from, from->kind == End::Kind::node ? listed.from : listed.to, listed.where)) return;
  if (link.from.kind == End::Kind::switch_ && !demand(link.from, link, link.to, listed.where)) return;
  if (link.to.kind == End::Kind::switch_ && !demand(link.to, link, link.from, listed.where)) return;
  links_.push_back(link);
}

/// Enters the upper ends of the uplinks that the list of a fabric below names. Their lower ends are that fabric's to check.
void ExplicitBuild::read_uplinks_of(const FabricRequest& below) {
  std::unordered_set<std::string> leaves;
  for (auto& named : name_switches(below, builder_)) {
    if (named.tier != 1) continue;
    leaves.insert(std::move(named.name));
    leaves.insert(std::move(named.plain_name));
  }
  const auto speed = link_speed(below, below.model(0), request_.model(0), Mbps(0));
  for (const auto& listed : below.fabric.options.links) {
    const bool first_is_lower = leaves.count(listed.from.device) > 0;
    const auto& upper = first_is_lower ? listed.to : listed.from;
    const auto found = switch_of_name_.find(upper.device);
    if (leaves.count(first_is_lower ? listed.from.device : listed.to.device) == 0 || found == switch_of_name_.end()) continue;
    const auto end = find_switch(found->second, upper, listed.where);
    if (!end) continue;
    if (end->tier != 1 || !(listed.speed || speed)) {
      wrong(listed.where,
            end->tier != 1 ? "`" + upper.device + "` is no leaf"
                           : "`" + below.model(0).id + "` and `" + request_.model(0).id + "` have no speed in common",
            end->tier != 1 ? "uplinks end at leaves" : "state `speed_gbps`");
      continue;
    }
    End lower;
    lower.kind = End::Kind::uplink;
    ListedLink link{lower, *end, listed.speed ? *listed.speed : *speed, 0};
    static_cast<void>(demand(*end, link, lower, listed.where));
  }
}

void ExplicitBuild::run() {
  name_devices();
  const auto errors = sink_.errors();
  for (std::size_t i = 0; i < request_.fabric.options.links.size(); ++i) read_link(i);
  for (std::size_t f = 0; f < request_.spec.fabrics.size(); ++f) {
    const auto& below = request_.spec.fabrics[f];
    if (below.uplink_to != request_.id) continue;
    read_uplinks_of({request_.spec, request_.catalog, FabricId(static_cast<std::uint32_t>(f)), below, request_.protocol, {}});
  }
  for (auto& of : switches_) cut(of);
  if (request_.fabric.options.links.empty()) {
    sink_.report(Code::nothing_attached, request_.fabric.options.origin.whole, request_.title() + " lists no link", "list every link, port to port");
  }
  if (sink_.errors() != errors) return;
  add_switches();
  add_links();
  describe();
  report_unlisted();
}

namespace {

/// Whether the fabric that the uplinks lead into has been built. It is built first, so where it is not, its own findings say why.
bool has_upper_fabric(const FabricRequest& request, const Network& network) {
  return !request.fabric.uplink_to || std::any_of(network.groups.begin(), network.groups.end(), [&](const DeviceGroup& group) {
    return !group.is_node() && group.fabric == request.fabric.uplink_to;
  });
}

} // namespace

void build_explicit(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  warn_unused(request, {"tiers", "rails", "homing", "pod_units", "uplinks", "oversubscription", "expandable_to"}, "its links are listed", sink);
  const bool uplinks =
      std::any_of(request.endpoints.begin(), request.endpoints.end(), [](const auto& of) { return of.kind == EndpointKind::uplinks; });
  if (request.fabric.planes != 1 || uplinks || !request.fabric.reserved.empty()) {
    sink.report(Code::conflicting_values, request.fabric.options.origin.whole,
                request.title() + " lists its links, so it has no `planes`, no `reserved_ports` and takes no uplinks of access fabrics",
                "list the ports of every plane as one fabric each; ports that are not listed stay free");
    return;
  }
  if (has_upper_fabric(request, builder.network())) ExplicitBuild(request, builder, layout, sink).run();
}

} // namespace icplan
