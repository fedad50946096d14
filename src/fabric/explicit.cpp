// SPDX-License-Identifier: Apache-2.0
// Explicit: every link is listed, port to port. What the list says is checked against what devices and cages can be.
#include "clos.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>
#include <unordered_map>

namespace icplan {
namespace {

/// One end of a listed link, found on its device.
struct End {
  enum class Kind : std::uint8_t { node, switch_, external } kind = Kind::node;
  /// Nodes: the endpoints that they are of, their device and local port. Switches: their number over all tiers. External: the endpoints.
  std::size_t index = 0;
  DeviceId device;
  std::uint16_t port = 0;
  /// Switches: the port group and faceplate number of the cage, and the port within it.
  std::size_t port_group = 0;
  std::int64_t cage = 0;
  std::int64_t in_cage = 0;
  std::int64_t tier = 0;
};

struct ListedLink {
  End from;
  End to;
  Mbps speed;
  std::size_t number = 0;
};

/// What the list makes of one cage of a switch.
struct CageDemand {
  Mbps speed;
  CageUse use = CageUse::down;
  std::int64_t most_port = 0;
  std::optional<SwitchPorts> stated;
  std::vector<std::int64_t> taken;
  SourceRange where;
};

struct ExplicitSwitch {
  std::int64_t tier = 0;
  std::int64_t number = 0;
  std::string name;
  /// By port group and faceplate number.
  std::map<std::pair<std::size_t, std::int64_t>, CageDemand> cages;
  std::vector<CageBlock> blocks;
  DeviceId device;
};

class ExplicitBuild {
public:
  ExplicitBuild(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink)
      : request_(request), builder_(builder), layout_(layout), sink_(sink) {}

  void run();

private:
  [[nodiscard]] DeviceGroup group_of(const ExplicitSwitch& of) const;
  void name_devices();
  void add_default_names();
  std::optional<End> find(const ExplicitEnd& end, SourceRange where);
  std::optional<End> find_node(const std::pair<std::size_t, DeviceId>& node, const ExplicitEnd& end, SourceRange where);
  std::optional<End> find_switch(std::size_t index, const ExplicitEnd& end, SourceRange where);
  bool order_ends(ListedLink& link, SourceRange where);
  std::optional<Mbps> speed_of(const ListedLink& link, SourceRange where);
  bool demand(const End& end, const ListedLink& link, const End& other, SourceRange where);
  bool take_node_port(const End& end, const ExplicitEnd& listed, SourceRange where);
  void cut(ExplicitSwitch& of);
  void add_switches();
  void add_links();
  std::uint16_t port_of(const End& end) const;
  void describe();
  void report_unlisted();
  void wrong(SourceRange where, std::string message, std::string help) { sink_.report(Code::wrong_link, where, std::move(message), std::move(help)); }

  const FabricRequest& request_;
  NetworkBuilder& builder_;
  FabricLayout& layout_;
  Sink& sink_;
  std::vector<ExplicitSwitch> switches_;
  std::unordered_map<std::string, std::size_t> switch_of_name_;
  std::unordered_map<std::string, std::pair<std::size_t, DeviceId>> node_of_name_;
  std::map<std::pair<std::uint32_t, std::uint16_t>, bool> node_ports_;
  std::vector<ListedLink> links_;
};

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

DeviceGroup ExplicitBuild::group_of(const ExplicitSwitch& of) const {
  static constexpr std::array<std::string_view, max_tiers> names = {"leaf", "spine", "core"};
  const auto tier = static_cast<std::size_t>(of.tier - 1);
  auto group = switch_group(request_, tier, {}, switch_prefix(request_, {}, names[tier], nullptr));
  group.count = 1;
  group.first_number = static_cast<std::uint32_t>(of.number);
  return group;
}

/// Lists name devices as the spec's patterns do. A list from before there were patterns has the default names: they are known, too, unless a pattern
/// gives them to another device.
void ExplicitBuild::name_devices() {
  for (const auto& tier : request_.fabric.options.tiers) {
    for (std::int64_t n = 1; n <= tier.count; ++n) {
      ExplicitSwitch of;
      of.tier = tier.name == "leaf" ? 1 : tier.name == "spine" ? 2 : 3;
      of.number = n;
      auto group = group_of(of);
      builder_.name(group);
      group.append_name(of.name, 0);
      switch_of_name_.emplace(of.name, switches_.size());
      switches_.push_back(std::move(of));
    }
  }
  for (std::size_t e = 0; e < request_.endpoints.size(); ++e) {
    const auto& endpoints = request_.endpoints[e];
    if (endpoints.kind != EndpointKind::devices) continue;
    for (std::int64_t n = 0; n < endpoints.count; ++n)
      node_of_name_.emplace(builder_.network().device_name(endpoints.device(n)), std::pair(e, endpoints.device(n)));
  }
  add_default_names();
}

void ExplicitBuild::add_default_names() {
  const auto known = [&](const std::string& name) { return switch_of_name_.count(name) + node_of_name_.count(name) > 0; };
  for (std::size_t i = 0; i < switches_.size() && !request_.spec.names.switches.empty(); ++i) {
    auto name = group_of(switches_[i]);
    auto text = numbered(name.name_prefix, switches_[i].number);
    if (!known(text)) switch_of_name_.emplace(std::move(text), i);
  }
  for (std::size_t e = 0; e < request_.endpoints.size() && !request_.spec.names.node.empty(); ++e) {
    const auto& endpoints = request_.endpoints[e];
    if (endpoints.kind != EndpointKind::devices) continue;
    for (std::int64_t n = 0; n < endpoints.count; ++n) {
      const auto device = endpoints.device(n);
      const auto& group = builder_.network().group(device);
      auto text = numbered(group.name_prefix, std::int64_t{device.index()} - group.first.index() + group.first_number);
      if (!known(text)) node_of_name_.emplace(std::move(text), std::pair(e, device));
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
        if (of.kind != EndpointKind::devices || of.nodes != group.nodes || of.first.index() > device.index()) continue;
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

std::optional<End> ExplicitBuild::find(const ExplicitEnd& end, SourceRange where) {
  if (const auto found = switch_of_name_.find(end.device); found != switch_of_name_.end()) return find_switch(found->second, end, where);
  if (const auto found = node_of_name_.find(end.device); found != node_of_name_.end()) return find_node(found->second, end, where);
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

/// Lower end first. Nodes and external links end at leaves; switches join the same or the next tier.
bool ExplicitBuild::order_ends(ListedLink& link, SourceRange where) {
  const auto rank = [](const End& end) { return end.kind == End::Kind::switch_ ? end.tier : 0; };
  // Which end a row names first says nothing: peers start at the lower switch.
  const bool peers_swapped = rank(link.from) > 0 && rank(link.from) == rank(link.to) && link.from.index > link.to.index;
  if (rank(link.from) > rank(link.to) || peers_swapped) std::swap(link.from, link.to);
  if (rank(link.to) == 0 || rank(link.to) - rank(link.from) > 1) {
    wrong(where, "the link joins devices that are not in one tier or in neighbouring tiers",
          "nodes end at leaves, leaves at spines, spines at cores");
    return false;
  }
  if (link.from.kind == End::Kind::switch_ && link.from.index == link.to.index) {
    wrong(where, "the link joins a switch to itself", "name two devices");
    return false;
  }
  return true;
}

std::optional<Mbps> ExplicitBuild::speed_of(const ListedLink& link, SourceRange where) {
  if (link.from.kind != End::Kind::switch_) return request_.endpoints[link.from.index].speed;
  const auto& lower = request_.model(static_cast<std::size_t>(link.from.tier - 1));
  const auto& upper = request_.model(static_cast<std::size_t>(link.to.tier - 1));
  const auto speed = link_speed(request_, lower, upper, request_.endpoints.front().speed);
  if (!speed) wrong(where, "`" + lower.id + "` and `" + upper.id + "` have no speed in common", "state an `uplink_gbps` that both have");
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
  const auto use = other.kind != End::Kind::switch_ || other.tier < end.tier ? CageUse::down : other.tier > end.tier ? CageUse::up : CageUse::peer;
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
  if (other.kind != End::Kind::switch_) cage.stated = request_.endpoints[other.index].down;
  return true;
}

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
    auto group = group_of(of);
    group.blocks = of.blocks;
    of.device = builder_.add_devices(std::move(group));
  }
}

std::uint16_t ExplicitBuild::port_of(const End& end) const {
  if (end.kind == End::Kind::node) return end.port;
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
                      link.speed);
  };
  // Nor does the order of the rows.
  const auto place = [](const End& end) {
    return std::tuple(end.kind == End::Kind::node ? end.device.index() : 0U, end.port, end.kind == End::Kind::switch_ ? end.index : std::size_t{0},
                      end.port_group, end.cage, end.in_cage);
  };
  std::stable_sort(links_.begin(), links_.end(), [&](const auto& a, const auto& b) {
    return std::tuple(key(a), place(a.from), place(a.to)) < std::tuple(key(b), place(b.from), place(b.to));
  });
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const auto& link = links_[i];
    const auto& to = switches_[link.to.index];
    if (i == 0 || key(link) != key(links_[i - 1])) {
      if (i > 0) builder_.end_links();
      const auto kind = link.from.tier == link.to.tier ? LinkKind::isl : LinkKind::tier;
      builder_.begin_links({owner(link), 0, link.from.tier, link.to.tier, 0, 0, link.speed, request_.fabric.options.origin.whole, kind, request_.id});
    }
    if (link.from.kind == End::Kind::external) {
      builder_.attach(request_.endpoints[link.from.index], 0, 0, to.device, port_of(link.to));
    } else {
      const auto from = link.from.kind == End::Kind::switch_ ? switches_[link.from.index].device : link.from.device;
      builder_.link(from, port_of(link.from), to.device, port_of(link.to));
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
    Finding finding;
    finding.code = Code::ports_not_listed;
    finding.severity = code_info(finding.code).severity;
    finding.where = endpoints.origin;
    finding.count = 0;
    for (std::int64_t n = 0; endpoints.kind == EndpointKind::devices && n < endpoints.count; ++n) {
      const auto device = endpoints.device(n);
      std::uint64_t unlisted = 0;
      for (const auto port : endpoints.ports.front()) unlisted += node_ports_.count({device.index(), port}) == 0 ? 1U : 0U;
      finding.count += unlisted;
      if (unlisted > 0 && finding.examples.size() < 3) finding.examples.push_back(builder_.network().device_name(device));
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

void ExplicitBuild::run() {
  name_devices();
  const auto errors = sink_.errors();
  for (std::size_t i = 0; i < request_.fabric.options.links.size(); ++i) {
    const auto& listed = request_.fabric.options.links[i];
    const auto from = find(listed.from, listed.where);
    const auto to = find(listed.to, listed.where);
    if (!from || !to) continue;
    ListedLink link{*from, *to, Mbps(0), i};
    if (!order_ends(link, listed.where)) continue;
    const auto speed = speed_of(link, listed.where);
    if (!speed) continue;
    link.speed = *speed;
    if (link.from.kind == End::Kind::node && !take_node_port(link.from, from->kind == End::Kind::node ? listed.from : listed.to, listed.where))
      continue;
    if (link.from.kind == End::Kind::switch_ && !demand(link.from, link, link.to, listed.where)) continue;
    if (!demand(link.to, link, link.from, listed.where)) continue;
    links_.push_back(link);
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
  ExplicitBuild(request, builder, layout, sink).run();
}

} // namespace icplan
