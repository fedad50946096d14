// SPDX-License-Identifier: Apache-2.0
// Turns a sized Clos fabric into devices, ports and links.
#include "clos.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <numeric>

namespace icplan {
namespace {

/// A lower switch (or spine) that joins a set of upper switches with `links` links each, from consecutive ports.
struct Lower {
  DeviceId device;
  std::uint32_t first_port = 0;
  std::uint32_t links = 0;
};

/// Joins every lower switch to every upper one. Links that fill whole cages at both ends come first, so that those cages go to one far cage each;
/// what remains follows. Lower switches take the uppers' ports in order.
/// Lower switches that do not stand yet hold their ports.
void join(NetworkBuilder& builder, const std::vector<Lower>& lowers, const std::vector<DeviceId>& uppers, std::uint32_t pair) {
  std::uint32_t whole = 0;
  for (const auto& lower : lowers) whole += lower.links / pair * pair;
  const auto upper_count = static_cast<std::uint32_t>(uppers.size());
  std::uint32_t whole_before = 0;
  std::uint32_t rest_before = whole;
  for (const auto& lower : lowers) {
    const auto paired = lower.links / pair * pair;
    const auto rest = lower.links - paired;
    for (std::uint32_t j = 0; j < upper_count && lower.device.valid(); ++j) {
      for (std::uint32_t x = 0; x < paired; ++x) builder.link(lower.device, lower.first_port + j * paired + x, uppers[j], whole_before + x);
    }
    const auto rest_first = lower.first_port + upper_count * paired;
    for (std::uint32_t j = 0; j < upper_count && lower.device.valid(); ++j) {
      for (std::uint32_t x = 0; x < rest; ++x) builder.link(lower.device, rest_first + j * rest + x, uppers[j], rest_before + x);
    }
    whole_before += paired;
    rest_before += rest;
  }
}

/// Where a switch's down side ends and its up side begins.
struct Division {
  std::vector<CageBlock> blocks;
  std::uint32_t first_up_port = 0;
};

Division divide_cages(const Part& model, const SwitchPorts& down, const SwitchPorts& up, std::int64_t uplinks) {
  Division division;
  const auto up_cages = uplinks == 0 ? 0 : divide_up(uplinks, up.mode.ports);
  const bool shared = down.port_group == up.port_group;
  const auto all_cages = model.port_groups()[down.port_group].cages;
  const auto up_taken = up_cages * (1 + up.mode.disables);
  const auto down_cages = shared ? (all_cages - up_taken) / (1 + down.mode.disables) : down.cages;
  std::int64_t cage = 0;
  std::int64_t port = 0;
  if (down_cages > 0) {
    division.blocks.push_back(switch_block(model, down, 0, down_cages, 0, CageUse::down));
    cage = down_cages;
    port = down_cages * down.mode.ports;
  }
  division.first_up_port = static_cast<std::uint32_t>(port);
  if (up_cages > 0) {
    division.blocks.push_back(switch_block(model, up, cage, up_cages, port, CageUse::up));
    // On a shared faceplate the up side ends with the last cage.
    division.blocks.back().first_number = static_cast<std::uint32_t>(shared ? all_cages - up_taken + 1 : 1);
  }
  return division;
}

class ClosBuild {
public:
  ClosBuild(const FabricRequest& request, const ClosSize& size, std::int64_t rail, NetworkBuilder& builder, FabricLayout& layout)
      : request_(request), size_(size), rail_(rail), builder_(builder), layout_(layout) {}

  /// Returns what the leaves have for reservations.
  std::vector<LeafPorts> run();

private:
  [[nodiscard]] Copy copy(std::int64_t plane) const { return {plane, rail_}; }
  [[nodiscard]] bool first_of_its_nodes(std::uint32_t kind) const;
  SwitchOrder order_of(const LeafKind& kind, const SizedLeaf& leaf, std::uint32_t before_pod) const;
  void add_leaves(std::int64_t plane);
  void add_spines(std::int64_t plane);
  void add_cores(std::int64_t plane);
  void link_nodes(std::int64_t plane);
  void link_spines(std::int64_t plane);
  void link_cores(std::int64_t plane);
  [[nodiscard]] std::int64_t core_ports(std::size_t group) const;
  [[nodiscard]] bool uneven() const;
  void describe();

  const FabricRequest& request_;
  const ClosSize& size_;
  std::int64_t rail_;
  NetworkBuilder& builder_;
  FabricLayout& layout_;
  // Of the plane that is being built.
  std::vector<DeviceId> leaves_;
  std::vector<std::uint32_t> leaf_up_port_;
  std::vector<DeviceId> spines_;
  std::vector<std::uint32_t> spine_up_port_;
  std::vector<DeviceId> cores_;
  std::vector<LeafPorts> leaf_ports_;
};

/// Nodes that have several kinds of leaves stand with the first.
bool ClosBuild::first_of_its_nodes(std::uint32_t kind) const {
  for (std::uint32_t k = 0; k < kind; ++k) {
    if (size_.kinds[k].endpoints->nodes == size_.kinds[kind].endpoints->nodes) return false;
  }
  return true;
}

SwitchOrder ClosBuild::order_of(const LeafKind& kind, const SizedLeaf& leaf, std::uint32_t before_pod) const {
  const auto& fabric = request_.fabric;
  const auto rails = [](Topology topology) { return topology == Topology::rail_optimized || topology == Topology::dual_tor; };
  SwitchOrder order;
  // What external links are called may be no name for a device.
  if (kind.endpoints->kind == EndpointKind::devices) order.serves = kind.endpoints->name;
  order.unit_stated = kind.endpoints->unit.has_value();
  order.per_unit = static_cast<std::uint32_t>(kind.leaves_per_unit());
  if (rails(fabric.topology) || (fabric.topology == Topology::multi_plane && rails(fabric.options.of)))
    order.rails = static_cast<std::uint32_t>(kind.columns);
  if (size_.tiers == 3) {
    order.pod = leaf.pod + 1;
    order.before_pod = before_pod;
  }
  return order;
}

void ClosBuild::add_leaves(std::int64_t plane) {
  leaves_.clear();
  leaf_up_port_.clear();
  std::size_t i = 0;
  std::uint32_t number = 1;
  std::uint32_t before_pod = 0;
  while (i < size_.leaves.size()) {
    if (!size_.stands(size_.leaves[i])) {
      leaves_.emplace_back();
      leaf_up_port_.push_back(0);
      ++i;
      continue;
    }
    auto end = i;
    while (end < size_.leaves.size() && size_.leaves[end].kind == size_.leaves[i].kind && size_.leaves[end].up == size_.leaves[i].up &&
           size_.stands(size_.leaves[end]) && (size_.tiers < 3 || size_.leaves[end].pod == size_.leaves[i].pod))
      ++end;
    const auto& kind = size_.kinds[size_.leaves[i].kind];
    if (i == 0 || size_.leaves[i - 1].kind != size_.leaves[i].kind) number = 1;
    if (number == 1 || size_.leaves[i - 1].pod != size_.leaves[i].pod) before_pod = number - 1;
    auto group =
        switch_group(request_, 0, copy(plane), switch_prefix(request_, copy(plane), "leaf", size_.leaves[i].kind == 0 ? nullptr : kind.endpoints));
    auto division = divide_cages(request_.model(0), kind.endpoints->down, kind.up, size_.leaves[i].up);
    const auto down = division.first_up_port;
    group.blocks = std::move(division.blocks);
    group.count = static_cast<std::uint32_t>(end - i);
    group.first_number = number;
    group.order = order_of(kind, size_.leaves[i], before_pod);
    number += group.count;
    const auto first = builder_.add_devices(std::move(group));
    for (auto leaf = i; leaf < end; ++leaf) {
      const auto& sized = size_.leaves[leaf];
      const auto device = first.next(static_cast<std::uint32_t>(leaf - i));
      leaves_.push_back(device);
      leaf_up_port_.push_back(down);
      leaf_ports_.push_back({device, static_cast<std::uint32_t>(sized.nodes * kind.ports_per_column), down});
      if (kind.endpoints->kind == EndpointKind::devices && kind.endpoints->stride == 1 && size_.present(sized) > 0 &&
          first_of_its_nodes(sized.kind)) {
        builder_.network().leaf_homes.push_back({device, kind.endpoints->device(sized.first_node), static_cast<std::uint32_t>(size_.present(sized))});
      }
    }
    i = end;
  }
}

void ClosBuild::add_spines(std::int64_t plane) {
  spines_.clear();
  spine_up_port_.clear();
  std::uint32_t number = 1;
  std::uint32_t pod_number = 0;
  for (const auto& pod : size_.pods) {
    std::size_t j = 0;
    ++pod_number;
    if (!size_.stands(pod)) {
      spines_.insert(spines_.end(), pod.spine_up.size(), DeviceId());
      spine_up_port_.insert(spine_up_port_.end(), pod.spine_up.size(), 0);
      number += static_cast<std::uint32_t>(pod.spine_up.size());
      j = pod.spine_up.size();
    }
    while (j < pod.spine_up.size()) {
      auto end = j;
      while (end < pod.spine_up.size() && pod.spine_up[end] == pod.spine_up[j]) ++end;
      auto division = divide_cages(request_.model(1), size_.spine_down, size_.spine_up, pod.spine_up[j]);
      auto group = switch_group(request_, 1, copy(plane), switch_prefix(request_, copy(plane), "spine", nullptr));
      group.blocks = std::move(division.blocks);
      group.count = static_cast<std::uint32_t>(end - j);
      group.first_number = number;
      if (size_.tiers == 3) {
        group.order.pod = pod_number;
        group.order.before_pod = number - 1 - static_cast<std::uint32_t>(j);
      }
      number += group.count;
      const auto first = builder_.add_devices(std::move(group));
      for (std::uint32_t n = 0; n < static_cast<std::uint32_t>(end - j); ++n) {
        spines_.push_back(first.next(n));
        spine_up_port_.push_back(division.first_up_port);
      }
      j = end;
    }
  }
}

void ClosBuild::add_cores(std::int64_t plane) {
  cores_.clear();
  if (size_.tiers < 3) return;
  auto group = switch_group(request_, 2, copy(plane), switch_prefix(request_, copy(plane), "core", nullptr));
  group.blocks = divide_cages(request_.model(2), size_.core_down, size_.core_down, 0).blocks;
  group.count = static_cast<std::uint32_t>(size_.core_switches());
  const auto count = group.count;
  const auto first = builder_.add_devices(std::move(group));
  for (std::uint32_t n = 0; n < count; ++n) cores_.push_back(first.next(n));
}

void ClosBuild::link_nodes(std::int64_t plane) {
  std::int64_t first_leaf = 0;
  for (const auto& kind : size_.kinds) {
    const auto& endpoints = *kind.endpoints;
    builder_.begin_endpoint_links(request_, endpoints, plane);
    const auto& ports = endpoints.ports[static_cast<std::size_t>(plane)];
    const auto& columns = kind.column_of_port[static_cast<std::size_t>(plane)];
    std::vector<std::uint32_t> place(ports.size());
    std::vector<std::uint32_t> filled(static_cast<std::size_t>(kind.columns), 0);
    for (std::size_t p = 0; p < ports.size(); ++p) place[p] = filled[static_cast<std::size_t>(columns[p])]++;
    for (std::int64_t node = 0; node < endpoints.count; ++node) {
      const auto unit = node / kind.unit;
      const auto block = node % kind.unit / kind.nodes_per_leaf;
      const auto slot = static_cast<std::uint32_t>(node % kind.unit % kind.nodes_per_leaf * kind.ports_per_column);
      const auto leaf = first_leaf + unit * kind.leaves_per_unit() + block * kind.columns;
      for (std::size_t p = 0; p < ports.size(); ++p)
        builder_.attach(endpoints, node, ports[p], leaves_[static_cast<std::size_t>(leaf + columns[p])], slot + place[p]);
    }
    builder_.end_links();
    first_leaf += divide_up(kind.count, kind.unit) * kind.leaves_per_unit();
  }
}

void ClosBuild::link_spines(std::int64_t plane) {
  const auto pair = static_cast<std::uint32_t>(std::lcm(size_.kinds.front().up.mode.ports, size_.spine_down.mode.ports));
  builder_.begin_links(
      {request_.id, plane, 1, 2, 0, 0, size_.spine_down.mode.speed, request_.fabric.origin.of("spine"), LinkKind::tier, request_.id});
  std::size_t first_spine = 0;
  for (const auto& pod : size_.pods) {
    std::vector<Lower> lowers;
    for (auto i = static_cast<std::size_t>(pod.first_leaf); i < static_cast<std::size_t>(pod.first_leaf + pod.leaves); ++i) {
      lowers.push_back({leaves_[i], leaf_up_port_[i], static_cast<std::uint32_t>(size_.leaves[i].up / pod.spines)});
    }
    const auto begin = spines_.begin() + static_cast<std::ptrdiff_t>(first_spine);
    join(builder_, lowers, {begin, begin + static_cast<std::ptrdiff_t>(pod.spines)}, pair);
    first_spine += static_cast<std::size_t>(pod.spines);
  }
  builder_.end_links();
}

void ClosBuild::link_cores(std::int64_t plane) {
  const auto pair = static_cast<std::uint32_t>(std::lcm(size_.spine_up.mode.ports, size_.core_down.mode.ports));
  builder_.begin_links({request_.id, plane, 2, 3, 0, 0, size_.core_down.mode.speed, request_.fabric.origin.of("core"), LinkKind::tier, request_.id});
  std::size_t first_core = 0;
  for (std::size_t j = 0; j < size_.cores.size(); ++j) {
    std::vector<Lower> lowers;
    std::size_t first_spine = 0;
    for (const auto& pod : size_.pods) {
      if (j < pod.spine_up.size()) {
        lowers.push_back({spines_[first_spine + j], spine_up_port_[first_spine + j], static_cast<std::uint32_t>(pod.spine_up[j] / size_.cores[j])});
      }
      first_spine += pod.spine_up.size();
    }
    const auto begin = cores_.begin() + static_cast<std::ptrdiff_t>(first_core);
    join(builder_, lowers, {begin, begin + static_cast<std::ptrdiff_t>(size_.cores[j])}, pair);
    first_core += static_cast<std::size_t>(size_.cores[j]);
  }
  builder_.end_links();
}

/// Gives the tier the ports of its worst switch: the most oversubscribed one, among equals the one with most down ports.
void describe_worst(Tier& tier, std::int64_t down, Mbps down_speed, std::int64_t up) {
  const auto ratio = Ratio::reduced(down * down_speed.count(), up * tier.up_speed.count());
  if (tier.oversubscription) {
    const auto mine = ratio.numerator * tier.oversubscription->denominator;
    const auto worst = tier.oversubscription->numerator * ratio.denominator;
    if (mine < worst || (mine == worst && down <= tier.ports_down)) return;
  }
  tier.oversubscription = ratio;
  tier.ports_down = down;
  tier.ports_up = up;
  tier.down_speed = down_speed;
}

/// A spine's or core's ports that lead to lower switches which stand.
std::int64_t ClosBuild::core_ports(std::size_t group) const {
  std::int64_t ports = 0;
  for (const auto& pod : size_.pods) ports += group < pod.spine_up.size() && size_.stands(pod) ? pod.spine_up[group] / size_.cores[group] : 0;
  return ports;
}

/// Whether some cut may carry less than the tiers as a whole: pods that differ reach core groups that others do not, and a partly filled leaf that is
/// oversubscribed has uplinks which its own nodes cannot fill and others cannot use.
bool ClosBuild::uneven() const {
  const SizedPod* first = nullptr;
  for (const auto& pod : size_.pods) {
    if (!size_.stands(pod)) continue;
    if (first == nullptr) first = &pod;
    if (pod.spines != first->spines || pod.leaves != first->leaves) return true;
  }
  return std::any_of(size_.leaves.begin(), size_.leaves.end(), [&](const SizedLeaf& leaf) {
    if (!size_.stands(leaf)) return false;
    const auto& kind = size_.kinds[leaf.kind];
    const bool oversubscribed = leaf.down * kind.endpoints->speed.count() > leaf.up * size_.spine_down.mode.speed.count();
    return oversubscribed && size_.present(leaf) * kind.ports_per_column < leaf.down;
  });
}

void ClosBuild::describe() {
  const auto planes = request_.fabric.planes;
  Tier leaf{"leaf", request_.fabric.models[0], 0, 0, 0, size_.kinds.front().endpoints->speed, size_.spine_down.mode.speed, {}, {}};
  for (const auto& sized : size_.leaves) {
    if (!size_.stands(sized)) continue;
    const auto& kind = size_.kinds[sized.kind];
    leaf.switches += planes;
    leaf.mixed_speeds = leaf.mixed_speeds || kind.endpoints->speed != size_.kinds.front().endpoints->speed;
    leaf.uplink_capacity += leaf.up_speed * (sized.up * planes);
    describe_worst(leaf, sized.down, kind.endpoints->speed, sized.up);
  }
  Tier spine{"spine", request_.fabric.models[1], 0, 0, 0, size_.spine_down.mode.speed, size_.spine_up.mode.speed, {}, {}};
  for (const auto& pod : size_.pods) {
    if (!size_.stands(pod)) continue;
    spine.switches += pod.spines * planes;
    if (size_.tiers == 2) spine.ports_down = pod.spine_down;
    for (const auto up : pod.spine_up) {
      if (up == 0) continue;
      spine.uplink_capacity += spine.up_speed * (up * planes);
      describe_worst(spine, pod.spine_down, spine.down_speed, up);
    }
  }
  layout_.uneven = layout_.uneven || uneven();
  merge_tier(layout_, leaf);
  merge_tier(layout_, spine);
  if (size_.tiers < 3) return;
  Tier core{"core", request_.fabric.models[2], size_.core_switches() * planes, 0, 0, size_.core_down.mode.speed, Mbps(0), {}, {}};
  for (std::size_t j = 0; j < size_.cores.size(); ++j) core.ports_down = std::max(core.ports_down, core_ports(j));
  merge_tier(layout_, core);
}

std::vector<LeafPorts> ClosBuild::run() {
  for (std::int64_t plane = 0; plane < request_.fabric.planes; ++plane) {
    add_leaves(plane);
    add_spines(plane);
    add_cores(plane);
    link_nodes(plane);
    link_spines(plane);
    if (size_.tiers == 3) link_cores(plane);
  }
  describe();
  return std::move(leaf_ports_);
}

/// Links of all planes, before any is made.
std::int64_t links_of(const FabricRequest& request, const ClosSize& size) {
  std::int64_t links = 0;
  for (const auto& kind : size.kinds) links += kind.count * kind.endpoints->ports_per_node();
  for (const auto& leaf : size.leaves) links += leaf.up;
  for (const auto& pod : size.pods) links += std::accumulate(pod.spine_up.begin(), pod.spine_up.end(), std::int64_t{0});
  return links * request.fabric.planes;
}

} // namespace

LeafKind spread_kind(const Endpoints& endpoints, std::int64_t homing) {
  LeafKind kind;
  kind.endpoints = &endpoints;
  kind.columns = homing;
  kind.ports_per_column = endpoints.ports_per_node() / homing;
  for (const auto& plane : endpoints.ports) {
    auto& columns = kind.column_of_port.emplace_back();
    for (std::size_t i = 0; i < plane.size(); ++i) columns.push_back(static_cast<std::int64_t>(i) % homing);
  }
  return kind;
}

void merge_tier(FabricLayout& layout, Tier tier) {
  const auto found = std::find_if(layout.tiers.begin(), layout.tiers.end(), [&](const Tier& of) { return of.name == tier.name; });
  if (found == layout.tiers.end()) {
    layout.tiers.push_back(std::move(tier));
    return;
  }
  found->switches += tier.switches;
  found->uplink_capacity += tier.uplink_capacity;
  found->mixed_speeds = found->mixed_speeds || tier.mixed_speeds;
  if (tier.oversubscription) {
    describe_worst(*found, tier.ports_down, tier.down_speed, tier.ports_up);
  } else {
    found->ports_down = std::max(found->ports_down, tier.ports_down);
  }
}

void build_clos(const FabricRequest& request, const ClosSize& size, std::int64_t rail, NetworkBuilder& builder, FabricLayout& layout, Sink& sink,
                std::vector<LeafPorts>* ports) {
  const auto links = links_of(request, size) + static_cast<std::int64_t>(builder.network().links.size());
  if (links > most_links) {
    sink.report(Code::cluster_too_large, request.fabric.origin.whole,
                request.title() + " brings the plan to " + grouped(links) + " links; icplan plans at most " + grouped(most_links),
                "split the cluster");
    return;
  }
  if (size.tiers == 2 && rail <= 0) warn_unused(request, {"core", "pod_units"}, "two tiers suffice", sink);
  if (rail < 0) builder.network().links.reserve(static_cast<std::size_t>(links));
  const auto leaf_ports = ClosBuild(request, size, rail, builder, layout).run();
  if (ports != nullptr) {
    ports->insert(ports->end(), leaf_ports.begin(), leaf_ports.end());
  } else {
    place_reserved(request, leaf_ports, layout, sink);
  }
  if (rail > 0) return;
  layout.reasons = size.reasons;
  if (request.grows()) {
    const auto& first = request.endpoints.front();
    const auto standing = std::count_if(size.leaves.begin(), size.leaves.end(), [&](const SizedLeaf& leaf) { return size.stands(leaf); });
    std::int64_t spines = 0;
    for (const auto& pod : size.pods) spines += size.stands(pod) ? pod.spines : 0;
    layout.reasons.push_back("sized for " + counted(first.planned, "node", "nodes") + " of `" + first.name + "`, as `expandable_to` asks: " +
                             grouped(standing) + " of these leaves and " + grouped(spines) + " of these spines stand now, for " +
                             counted(first.count, "node", "nodes") + "; the switches above keep the ports of the others free");
  }
  if (request.fabric.planes > 1) layout.reasons.push_back("all counts above are those of one plane; there are " + grouped(request.fabric.planes));
}

} // namespace icplan
