// SPDX-License-Identifier: Apache-2.0
// Explicit: finds the ends of listed links on their devices, and enters them at cages.
#include "explicit.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace icplan {
namespace {

/// "compute-3" is cage 3 of port group `compute`, "3" cage 3 of the port group that has no name of its own. 0 where there is no number.
std::pair<std::string_view, std::int64_t> parse_cage(std::string_view text) {
  const auto dash = text.rfind('-');
  const auto digits = dash == std::string_view::npos ? text : text.substr(dash + 1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  constexpr std::int64_t most_cages = 100'000;
  const bool plain = number <= most_cages && error == std::errc() && end == digits.data() + digits.size() && !digits.empty() &&
                     digits.front() != '0' && digits.front() != '-';
  return {dash == std::string_view::npos ? std::string_view() : text.substr(0, dash), plain ? number : 0};
}

std::string numbered(const std::string& prefix, std::int64_t number) {
  auto digits = std::to_string(number);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return prefix + "-" + digits;
}

/// By prefix and number, whatever the spec's patterns say.
std::string plain_name(const Network& network, DeviceId device) {
  const auto& group = network.group(device);
  return numbered(group.name_prefix, std::int64_t{device.index()} - group.first.index() + group.first_number);
}

constexpr std::array<std::string_view, max_tiers> tier_names = {"leaf", "spine", "core"};
constexpr std::int64_t above_all_tiers = max_tiers + 1;

} // namespace

DeviceGroup listed_switch(const FabricRequest& request, std::int64_t tier, std::int64_t number) {
  const auto at = static_cast<std::size_t>(tier - 1);
  auto group = switch_group(request, at, {}, switch_prefix(request, {}, tier_names[at], nullptr));
  group.count = 1;
  group.first_number = static_cast<std::uint32_t>(number);
  return group;
}

std::vector<NamedSwitch> name_switches(const FabricRequest& request, const NetworkBuilder& builder) {
  std::vector<NamedSwitch> list;
  for (const auto& tier : request.fabric.options.tiers) {
    const auto level = std::find(tier_names.begin(), tier_names.end(), tier.name) - tier_names.begin() + 1;
    for (std::int64_t n = 1; n <= tier.count; ++n) {
      auto group = listed_switch(request, level, n);
      builder.name(group);
      NamedSwitch named{{}, numbered(group.name_prefix, n), level, n};
      group.append_name(named.name, 0);
      list.push_back(std::move(named));
    }
  }
  return list;
}

/// Lists name devices as the spec's patterns do. A list from before there were patterns has the default names: they are known, too, unless a pattern
/// gives them to another device.
void ExplicitBuild::name_devices() {
  const auto named = name_switches(request_, builder_);
  for (const auto& of : named) {
    switch_of_name_.emplace(of.name, switches_.size());
    ExplicitSwitch listed;
    listed.tier = of.tier;
    listed.number = of.number;
    listed.name = of.name;
    switches_.push_back(std::move(listed));
  }
  name_nodes();
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (node_of_name_.count(named[i].plain_name) == 0) switch_of_name_.emplace(named[i].plain_name, i);
  }
  name_upper_leaves();
}

void ExplicitBuild::name_nodes() {
  const auto& network = builder_.network();
  const auto each = [&](const auto& visit) {
    for (std::size_t e = 0; e < request_.endpoints.size(); ++e) {
      const auto& endpoints = request_.endpoints[e];
      for (std::int64_t n = 0; endpoints.kind == EndpointKind::devices && n < endpoints.count; ++n) visit(e, endpoints.device(n));
    }
  };
  each([&](std::size_t e, DeviceId device) { node_of_name_.emplace(network.device_name(device), std::pair(e, device)); });
  if (request_.spec.names.node.empty()) return;
  each([&](std::size_t e, DeviceId device) {
    auto name = plain_name(network, device);
    if (switch_of_name_.count(name) == 0) node_of_name_.emplace(std::move(name), std::pair(e, device));
  });
}

void ExplicitBuild::name_upper_leaves() {
  const auto& network = builder_.network();
  for (const bool plain : {false, true}) {
    for (const auto& group : network.groups) {
      if (group.is_node() || group.fabric != request_.fabric.uplink_to || group.tier != 1) continue;
      for (std::uint32_t n = 0; n < group.count; ++n) {
        const auto device = group.first.next(n);
        upper_of_name_.emplace(plain ? plain_name(network, device) : network.device_name(device), device);
      }
    }
  }
}

std::optional<End> ExplicitBuild::find_node(const std::pair<std::size_t, DeviceId>& node, const ExplicitEnd& end, SourceRange where) {
  const auto device = node.second;
  const auto& group = builder_.network().group(device);
  const auto [name, number] = parse_cage(end.cage);
  for (const auto& block : group.blocks) {
    const auto cage = static_cast<std::uint32_t>(number - block.first_number);
    if (block.name == name && number >= block.first_number && cage < block.cages && end.port <= block.ports_per_cage) {
      const auto port = static_cast<std::uint16_t>(block.first_port + cage * block.ports_per_cage + static_cast<std::uint32_t>(end.port) - 1);
      for (std::size_t e = 0; e < request_.endpoints.size(); ++e) {
        const auto& of = request_.endpoints[e];
        if (of.kind != EndpointKind::devices || of.nodes != group.nodes || of.first.index() > device.index() ||
            of.device(of.count - 1).index() < device.index())
          continue;
        const auto& ports = of.ports.front();
        if (std::find(ports.begin(), ports.end(), port) == ports.end()) continue;
        End found;
        found.index = e;
        found.device = device;
        found.port = port;
        return found;
      }
      wrong(where, "port " + std::to_string(end.port) + " of cage `" + end.cage + "` of `" + end.device + "` is not attached to " + request_.title(),
            "attach its port group");
      return std::nullopt;
    }
  }
  wrong(where, "`" + end.device + "` has no port " + std::to_string(end.port) + " in a cage `" + end.cage + "` at the speed of its attachment",
        "cages of nodes are named by port group and number, such as `compute-1`");
  return std::nullopt;
}

std::optional<End> ExplicitBuild::find_switch(std::size_t index, const ExplicitEnd& end, SourceRange where) {
  const auto& of = switches_[index];
  const auto& groups = request_.model(static_cast<std::size_t>(of.tier - 1)).port_groups();
  const auto [name, number] = parse_cage(end.cage);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (name != (groups[g].name == "fabric" ? std::string_view() : groups[g].name) || number < 1 || number > groups[g].cages) continue;
    End found;
    found.kind = End::Kind::switch_;
    found.index = index;
    found.port_group = g;
    found.cage = number;
    found.in_cage = end.port;
    found.tier = of.tier;
    return found;
  }
  wrong(where, "`" + end.device + "` has no cage `" + end.cage + "`", "its cages are numbered from 1 to " + grouped(groups.front().cages));
  return std::nullopt;
}

/// The port that the upper fabric has cut for the uplink: it has read this list too.
std::optional<End> ExplicitBuild::find_uplink(DeviceId device, const ExplicitEnd& end, SourceRange where) {
  const auto [name, number] = parse_cage(end.cage);
  for (const auto& block : builder_.network().group(device).blocks) {
    if (name != (block.name == "fabric" ? std::string_view() : block.name) || block.use != CageUse::down || end.port > block.ports_per_cage) continue;
    for (std::uint32_t cage = 0; cage < block.cages; ++cage) {
      if (block.number(cage) != static_cast<std::uint64_t>(number)) continue;
      End found;
      found.kind = End::Kind::uplink;
      found.tier = above_all_tiers;
      found.device = device;
      found.port = static_cast<std::uint16_t>(block.first_port + cage * block.ports_per_cage + static_cast<std::uint32_t>(end.port) - 1);
      return found;
    }
  }
  wrong(where, "`" + end.device + "` has no port " + std::to_string(end.port) + " for an uplink in cage `" + end.cage + "`",
        "an uplink joins a leaf of " + request_.title() + " to one of the fabric in `uplink_to`");
  return std::nullopt;
}

std::optional<End> ExplicitBuild::find(const ExplicitEnd& end, SourceRange where) {
  if (const auto found = switch_of_name_.find(end.device); found != switch_of_name_.end()) return find_switch(found->second, end, where);
  if (const auto found = node_of_name_.find(end.device); found != node_of_name_.end()) return find_node(found->second, end, where);
  if (const auto found = upper_of_name_.find(end.device); found != upper_of_name_.end()) return find_uplink(found->second, end, where);
  for (std::size_t e = 0; e < request_.endpoints.size(); ++e) {
    if (request_.endpoints[e].kind != EndpointKind::external || request_.endpoints[e].name != end.device) continue;
    End found;
    found.kind = End::Kind::external;
    found.index = e;
    return found;
  }
  wrong(where, request_.title() + " has no device `" + end.device + "`",
        "nodes are named by their group, switches by fabric and tier: " +
            (switches_.empty() ? std::string("state `switches`") : "`" + switches_.front().name + "`"));
  return std::nullopt;
}

/// Whether the link, lower end first, joins what can be joined: nodes and what is outside end at leaves, switches join the same or the next tier,
/// and uplinks lead from leaves to leaves.
bool ExplicitBuild::fits_tiers(const ListedLink& link, SourceRange where) {
  if (link.from.kind == End::Kind::switch_ && link.to.kind == End::Kind::switch_ && link.from.index == link.to.index) {
    wrong(where, "the link joins a switch to itself", "name two devices");
    return false;
  }
  const bool to_switch = link.to.kind == End::Kind::switch_ && link.to.tier - link.from.tier <= 1;
  if (to_switch || (link.to.kind == End::Kind::uplink && link.from.kind == End::Kind::switch_ && link.from.tier == 1)) return true;
  wrong(where, "the link joins devices that are not in one tier or in neighbouring tiers",
        "nodes end at leaves, leaves at spines, spines at cores; uplinks join leaves of two fabrics");
  return false;
}

/// Lower end first.
bool ExplicitBuild::order_ends(ListedLink& link, SourceRange where) {
  // Which end a row names first says nothing: peers start at the lower switch.
  const bool peers_swapped = link.from.tier > 0 && link.from.tier == link.to.tier && link.from.index > link.to.index;
  if (link.from.tier > link.to.tier || peers_swapped) std::swap(link.from, link.to);
  return fits_tiers(link, where);
}

/// What the row states; else that of the attached ports, that of the port at the uplink's upper end, or what both switch models have.
std::optional<Mbps> ExplicitBuild::speed_of(const ListedLink& link, const ExplicitLink& listed) {
  std::optional<Mbps> known;
  if (link.from.kind != End::Kind::switch_) known = request_.endpoints[link.from.index].speed;
  if (link.to.kind == End::Kind::uplink) known = builder_.network().group(link.to.device).block_of_port(link.to.port).speed;
  if (known && listed.speed.value_or(*known) != *known) {
    wrong(listed.where, "the row states " + decimal(listed.speed->count(), 3) + " Gb/s, but the ports run at " + decimal(known->count(), 3),
          "state the speed of a node's ports in `attach`, and of external links in `external`");
    return std::nullopt;
  }
  if (known || listed.speed) return known ? known : listed.speed;
  const auto& lower = request_.model(static_cast<std::size_t>(link.from.tier - 1));
  const auto& upper = request_.model(static_cast<std::size_t>(link.to.tier - 1));
  const auto speed = link_speed(request_, lower, upper, request_.endpoints.front().speed);
  if (!speed) wrong(listed.where, "`" + lower.id + "` and `" + upper.id + "` have no speed in common", "state an `uplink_gbps` that both have");
  return speed;
}

bool ExplicitBuild::take_node_port(const End& end, const ExplicitEnd& listed, SourceRange where) {
  auto& taken = node_ports_[{end.device.index(), end.port}];
  if (taken)
    wrong(where, "port " + std::to_string(listed.port) + " of cage `" + listed.cage + "` of `" + listed.device + "` has a link already",
          "list every port once");
  const bool fresh = !taken;
  taken = true;
  return fresh;
}

/// Enters a link at a switch's cage.
bool ExplicitBuild::demand(const End& end, const ListedLink& link, const End& other, SourceRange where) {
  auto& cage = switches_[end.index].cages[{end.port_group, end.cage}];
  const auto use = other.tier < end.tier ? CageUse::down : other.tier > end.tier ? CageUse::up : CageUse::peer;
  const auto at = "cage " + std::to_string(end.cage) + " of `" + switches_[end.index].name + "`";
  if (!cage.taken.empty() && (cage.speed != link.speed || cage.use != use)) {
    wrong(where, at + " serves links of another speed or direction already", "use another cage");
    return false;
  }
  if (std::find(cage.taken.begin(), cage.taken.end(), end.in_cage) != cage.taken.end()) {
    wrong(where, "port " + std::to_string(end.in_cage) + " of " + at + " has a link already", "list every port once");
    return false;
  }
  cage.speed = link.speed;
  cage.use = use;
  cage.where = where;
  cage.taken.push_back(end.in_cage);
  cage.most_port = std::max(cage.most_port, end.in_cage);
  if (other.kind == End::Kind::node || other.kind == End::Kind::external) cage.stated = request_.endpoints[other.index].down;
  return true;
}

} // namespace icplan
