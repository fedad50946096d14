// SPDX-License-Identifier: Apache-2.0
// Counts the switches of a Clos fabric.
#include "clos.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <numeric>

namespace icplan {
namespace {

/// What a switch must divide between its down and its up side.
struct SwitchShape {
  SwitchPorts down;
  SwitchPorts up;
  std::optional<std::int64_t> max_ports;
  /// Cages of the port group that both sides share, used or disabled.
  std::int64_t all_cages = 0;

  [[nodiscard]] bool shared() const { return down.port_group == up.port_group; }
  /// The most uplinks beside `used` down ports.
  [[nodiscard]] std::int64_t most_up(std::int64_t used) const {
    const auto taken = divide_up(used, down.mode.ports) * (1 + down.mode.disables);
    const auto cages = shared() ? (all_cages - taken) / (1 + up.mode.disables) : up.cages;
    const auto ports = cages * up.mode.ports;
    return max_ports ? std::min(ports, *max_ports - used) : ports;
  }
};

/// Uplinks for `down` ports at oversubscription r: ceil(down x down_gbps / (r x uplink_gbps)).
std::int64_t least_up(std::int64_t down, Mbps down_speed, Mbps up_speed, Ratio r) {
  return divide_up(down * down_speed.count() * r.denominator, up_speed.count() * r.numerator);
}

/// The largest number of down ports that keeps r beside `reserve` further ones.
std::int64_t largest_down(const SwitchShape& shape, Ratio r, std::int64_t reserve) {
  const auto fits = [&](std::int64_t down) {
    return divide_up(down + reserve, shape.down.mode.ports) <= shape.down.cages &&
           least_up(down, shape.down.mode.speed, shape.up.mode.speed, r) <= shape.most_up(down + reserve);
  };
  std::int64_t low = 0;
  std::int64_t high = shape.down.ports();
  while (low < high) {
    const auto middle = (low + high + 1) / 2;
    if (fits(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

std::int64_t port_ceiling(const Part& model, const SwitchPorts& use) {
  const auto ceiling = model.as<SwitchFacts>()->max_ports;
  return ceiling ? std::min(*ceiling, use.ports()) : use.ports();
}

/// Demands of equal leaves, so that thousands of leaves are a handful of numbers.
class Demands {
public:
  void add(std::int64_t key, const UpperDemand& demand) {
    auto [it, added] = by_key_.try_emplace(key, demand);
    if (!added) it->second.count += demand.count;
  }
  [[nodiscard]] std::vector<UpperDemand> list() const {
    std::vector<UpperDemand> all;
    for (const auto& entry : by_key_) all.push_back(entry.second);
    return all;
  }
  [[nodiscard]] std::map<std::int64_t, std::int64_t> uplinks(const UpperSize& size) const {
    std::map<std::int64_t, std::int64_t> up;
    std::size_t i = 0;
    for (const auto& entry : by_key_) up.emplace(entry.first, size.uplinks[i++]);
    return up;
  }

private:
  std::map<std::int64_t, UpperDemand> by_key_;
};

class ClosSizer {
public:
  ClosSizer(const FabricRequest& request, std::vector<LeafKind> kinds) : request_(request), kinds_(std::move(kinds)) {
    for (auto& kind : kinds_) kind.count = kind.endpoints->planned;
  }

  /// Chooses the speeds of the upper tiers and the division of the leaves; false when something is wrong for every size.
  bool prepare(Sink& sink);
  std::optional<ClosSize> size(std::int64_t tiers);
  /// Sets the nodes of a kind, and of the other attachments of the same node group.
  void set_count(std::size_t kind, std::int64_t count) {
    for (auto& other : kinds_) {
      const auto& nodes = kinds_[kind].endpoints->nodes;
      if (&other == &kinds_[kind] || (nodes.valid() && other.endpoints->nodes == nodes)) other.count = count;
    }
  }
  /// Down ports without a node, over all planes, beside those that are reserved on every leaf.
  [[nodiscard]] std::int64_t free_ports(const ClosSize& size) const;
  /// Ports that are reserved by a count over the tier.
  [[nodiscard]] std::int64_t reserved_in_total() const;
  [[nodiscard]] const std::string& limit() const { return limit_; }
  [[nodiscard]] const std::vector<LeafKind>& kinds() const { return kinds_; }

private:
  SwitchShape leaf_shape(const LeafKind& kind) const;
  void divide(LeafKind& kind) const;
  void list_leaves(ClosSize& size) const;
  bool size_two_tiers(ClosSize& size);
  bool make_pods(ClosSize& size);
  bool size_pod(ClosSize& size, SizedPod& pod);
  bool size_cores(ClosSize& size);
  void explain_spines(ClosSize& size) const;
  void explain_cores(ClosSize& size, std::int64_t groups, std::int64_t ports) const;
  std::optional<UpperSize> upper_of(ClosSize& size, std::int64_t first_leaf, std::int64_t leaves, std::int64_t ports);

  const FabricRequest& request_;
  std::vector<LeafKind> kinds_;
  std::int64_t reserve_ = 0;
  SwitchPorts spine_down_;
  SwitchPorts spine_up_;
  SwitchPorts core_down_;
  std::string limit_;
};

SwitchShape ClosSizer::leaf_shape(const LeafKind& kind) const {
  return {kind.endpoints->down, kind.up, request_.model(0).as<SwitchFacts>()->max_ports,
          request_.model(0).port_groups()[kind.endpoints->down.port_group].cages};
}

bool ClosSizer::prepare(Sink& sink) {
  const auto& fabric = request_.fabric;
  const auto refuse_speed = [&](std::size_t lower, std::string_view tier) {
    const auto asked = fabric.uplink_speed ? " at " + decimal(fabric.uplink_speed->count(), 3) + " Gb/s" : std::string();
    sink.report(Code::no_common_speed, fabric.uplink_speed ? fabric.origin.of("uplink_gbps") : fabric.origin.of(tier),
                "`" + request_.model(lower).id + "` and `" + request_.model(lower + 1).id + "` have no " + std::string(to_text(request_.protocol)) +
                    " speed in common" + asked,
                "state an `uplink_gbps` that both have, or choose another " + std::string(tier));
    return false;
  };
  const auto node_speed = kinds_.front().endpoints->speed;
  const auto leaf_up = link_speed(request_, request_.model(0), request_.model(1), node_speed);
  if (!leaf_up) return refuse_speed(0, "spine");
  const auto spine_up = link_speed(request_, request_.model(1), request_.model(2), node_speed);
  if (!spine_up) return refuse_speed(1, "core");
  spine_down_ = *switch_ports(request_.model(1), *leaf_up, request_.protocol, 1);
  spine_up_ = *switch_ports(request_.model(1), *spine_up, request_.protocol, 1);
  core_down_ = *switch_ports(request_.model(2), *spine_up, request_.protocol, 1);
  for (const auto& reserved : fabric.reserved) reserve_ += reserved.per_switch ? reserved.count : 0;
  for (auto& kind : kinds_) {
    kind.up = *switch_ports(request_.model(0), *leaf_up, request_.protocol, 1);
    const auto most = largest_down(leaf_shape(kind), fabric.oversubscription[0], reserve_);
    kind.nodes_per_leaf = most / kind.ports_per_column;
    if (kind.nodes_per_leaf > 0) continue;
    sink.report(Code::unit_too_large, kind.endpoints->origin,
                "a `" + kind.endpoints->name + "` node puts " + grouped(kind.ports_per_column) + " ports on one leaf, but `" + request_.model(0).id +
                    "` has room for " + grouped(most) + " at this oversubscription",
                "use a larger leaf, more `homing`, or `rail-optimized`");
    return false;
  }
  return true;
}

/// Units, blocks and provisioned ports of a node group.
void ClosSizer::divide(LeafKind& kind) const {
  kind.unit = kind.endpoints->unit.value_or(std::min(kind.count, kind.nodes_per_leaf));
  kind.blocks = divide_up(kind.unit, kind.nodes_per_leaf);
  kind.down = std::min(kind.unit, kind.nodes_per_leaf) * kind.ports_per_column;
}

void ClosSizer::list_leaves(ClosSize& size) const {
  for (std::size_t k = 0; k < size.kinds.size(); ++k) {
    const auto& kind = size.kinds[k];
    for (std::int64_t first = 0; first < kind.count; first += kind.unit) {
      for (std::int64_t block = 0; block < kind.blocks; ++block) {
        const auto first_node = first + block * kind.nodes_per_leaf;
        const auto end = std::min({first + kind.unit, kind.count, first_node + kind.nodes_per_leaf});
        SizedLeaf leaf;
        leaf.kind = static_cast<std::uint32_t>(k);
        leaf.first_node = std::min(first_node, kind.count);
        leaf.nodes = std::max<std::int64_t>(end - first_node, 0);
        leaf.unit_first = first;
        leaf.down = request_.fabric.uplinks == UplinkSizing::used ? std::max<std::int64_t>(leaf.nodes, 1) * kind.ports_per_column : kind.down;
        size.leaves.insert(size.leaves.end(), static_cast<std::size_t>(kind.columns), leaf);
      }
    }
  }
}

/// Applies the divisor rule to a run of leaves and writes their uplinks.
std::optional<UpperSize> ClosSizer::upper_of(ClosSize& size, std::int64_t first_leaf, std::int64_t leaves, std::int64_t ports) {
  constexpr std::int64_t kind_stride = std::int64_t{1} << 32;
  Demands demands;
  const auto key = [&](const SizedLeaf& leaf) { return leaf.kind * kind_stride + leaf.down; };
  for (auto i = first_leaf; i < first_leaf + leaves; ++i) {
    const auto& leaf = size.leaves[static_cast<std::size_t>(i)];
    const auto& kind = size.kinds[leaf.kind];
    demands.add(key(leaf), {1, least_up(leaf.down, kind.endpoints->speed, kind.up.mode.speed, request_.fabric.oversubscription[0]),
                            leaf_shape(kind).most_up(kind.down + reserve_)});
  }
  const auto upper = size_upper_tier(demands.list(), ports);
  if (!upper) return std::nullopt;
  const auto uplinks = demands.uplinks(*upper);
  for (auto i = first_leaf; i < first_leaf + leaves; ++i) {
    auto& leaf = size.leaves[static_cast<std::size_t>(i)];
    leaf.up = uplinks.at(key(leaf));
  }
  return upper;
}

std::int64_t uplinks_of(const ClosSize& size, std::int64_t first_leaf, std::int64_t leaves) {
  std::int64_t sum = 0;
  for (auto i = first_leaf; i < first_leaf + leaves; ++i) sum += size.leaves[static_cast<std::size_t>(i)].up;
  return sum;
}

std::int64_t ClosSizer::free_ports(const ClosSize& size) const {
  std::int64_t sum = 0;
  for (const auto& leaf : size.leaves) {
    if (!size.stands(leaf)) continue;
    const auto& kind = size.kinds[leaf.kind];
    const auto shape = leaf_shape(kind);
    const auto up_cages = divide_up(leaf.up, shape.up.mode.ports) * (1 + shape.up.mode.disables);
    const auto cages = shape.shared() ? (shape.all_cages - up_cages) / (1 + shape.down.mode.disables) : shape.down.cages;
    sum += cages * shape.down.mode.ports - leaf.nodes * kind.ports_per_column - reserve_;
  }
  return sum * request_.fabric.planes * request_.rails;
}

std::int64_t ClosSizer::reserved_in_total() const {
  std::int64_t sum = 0;
  for (const auto& reserved : request_.fabric.reserved) sum += reserved.per_switch ? 0 : reserved.count;
  return sum;
}

std::string upper_reason(std::string_view what, std::int64_t switches, std::int64_t uplinks, std::int64_t ports, std::string_view lower,
                         std::int64_t each) {
  const auto least = divide_up(uplinks, ports);
  std::string text = std::string(what) + ": " + grouped(uplinks) + " uplinks / " + grouped(ports) + " ports = " + grouped(least);
  if (least != switches) {
    text += "; the next count that divides the " + grouped(each) + " uplinks of a " + std::string(lower) + " is " + grouped(switches);
  }
  return text;
}

bool ClosSizer::size_two_tiers(ClosSize& size) {
  const auto leaves = static_cast<std::int64_t>(size.leaves.size());
  const auto ports = port_ceiling(request_.model(1), spine_down_);
  const auto upper = upper_of(size, 0, leaves, ports);
  if (!upper) {
    limit_ = "its " + grouped(leaves) + " leaves" + (request_.fabric.planes > 1 ? " per plane" : "") + " exceed what spines `" +
             request_.model(1).id + "` with " + grouped(ports) + " ports can join in two tiers";
    return false;
  }
  SizedPod pod;
  pod.leaves = leaves;
  pod.spines = upper->switches;
  const auto uplinks = uplinks_of(size, 0, leaves);
  pod.spine_down = uplinks / pod.spines;
  pod.spine_up.assign(static_cast<std::size_t>(pod.spines), 0);
  size.reasons.push_back(upper_reason(counted(pod.spines, "spine", "spines"), pod.spines, uplinks, ports, "leaf", size.leaves.front().up));
  size.pods.push_back(std::move(pod));
  return true;
}

bool ClosSizer::make_pods(ClosSize& size) {
  const SwitchShape spine{spine_down_, spine_up_, request_.model(1).as<SwitchFacts>()->max_ports,
                          request_.model(1).port_groups()[spine_down_.port_group].cages};
  const auto most = largest_down(spine, request_.fabric.oversubscription[1], 0);
  SizedPod pod;
  std::int64_t units = 0;
  const auto close = [&] {
    if (pod.leaves > 0) size.pods.push_back(pod);
    pod = SizedPod{pod.first_leaf + pod.leaves, 0, 0, 0, {}};
    units = 0;
  };
  for (const auto& kind : size.kinds) {
    for (std::int64_t first = 0; first < kind.count; first += kind.unit) {
      const auto more = kind.leaves_per_unit();
      const bool full = request_.fabric.pod_units ? units == *request_.fabric.pod_units : pod.leaves + more > most;
      if (full) close();
      pod.leaves += more;
      ++units;
      if (pod.leaves <= most) continue;
      limit_ = "a pod of " + counted(units, "unit", "units") + " has " + grouped(pod.leaves) + " leaves, but spines `" + request_.model(1).id +
               "` have " + grouped(most) + " down ports";
      return false;
    }
  }
  close();
  size.reasons.push_back(counted(static_cast<std::int64_t>(size.pods.size()), "pod", "pods") + ": a spine has " + grouped(most) +
                         " down ports, one for each leaf of its pod at least");
  return true;
}

bool ClosSizer::size_pod(ClosSize& size, SizedPod& pod) {
  const SwitchShape spine{spine_down_, spine_up_, request_.model(1).as<SwitchFacts>()->max_ports,
                          request_.model(1).port_groups()[spine_down_.port_group].cages};
  const auto most = largest_down(spine, request_.fabric.oversubscription[1], 0);
  const auto upper = upper_of(size, pod.first_leaf, pod.leaves, most);
  if (!upper) {
    limit_ = "a pod's " + grouped(pod.leaves) + " leaves exceed what spines with " + grouped(most) + " down ports can join";
    return false;
  }
  pod.spines = upper->switches;
  pod.spine_down = uplinks_of(size, pod.first_leaf, pod.leaves) / pod.spines;
  pod.spine_up.assign(static_cast<std::size_t>(pod.spines), 0);
  return true;
}

/// By pod: the divisor rule of the first one, and what pods that differ have.
void ClosSizer::explain_spines(ClosSize& size) const {
  const SwitchShape spine{spine_down_, spine_up_, request_.model(1).as<SwitchFacts>()->max_ports,
                          request_.model(1).port_groups()[spine_down_.port_group].cages};
  const auto most = largest_down(spine, request_.fabric.oversubscription[1], 0);
  const auto of_pod = [&](const SizedPod& pod) {
    return upper_reason(grouped(pod.spines) + " in a pod", pod.spines, uplinks_of(size, pod.first_leaf, pod.leaves), most, "leaf",
                        size.leaves[static_cast<std::size_t>(pod.first_leaf)].up);
  };
  auto text = counted(size.spines(), "spine", "spines") + ": " + of_pod(size.pods.front());
  const auto& last = size.pods.back();
  if (last.spines != size.pods.front().spines) text += "; and in the last pod, " + of_pod(last);
  size.reasons.push_back(std::move(text));
}

/// By group: the divisor rule of the first one, which every pod reaches, and of the last one.
void ClosSizer::explain_cores(ClosSize& size, std::int64_t groups, std::int64_t ports) const {
  const auto of_group = [&](std::size_t group) {
    std::int64_t uplinks = 0;
    std::int64_t each = 0;
    for (const auto& pod : size.pods) {
      if (group < pod.spine_up.size()) uplinks += each = pod.spine_up[group];
    }
    return upper_reason(grouped(size.cores[group]) + " in a group", size.cores[group], uplinks, ports, "spine", each);
  };
  auto text = counted(size.core_switches(), "core", "cores") + ": " + counted(groups, "group", "groups") +
              ", one for each spine position of a pod; " + of_group(0);
  if (size.cores.back() != size.cores.front()) text += "; and in the last group, " + of_group(size.cores.size() - 1);
  size.reasons.push_back(std::move(text));
}

bool ClosSizer::size_cores(ClosSize& size) {
  const SwitchShape spine{spine_down_, spine_up_, request_.model(1).as<SwitchFacts>()->max_ports,
                          request_.model(1).port_groups()[spine_down_.port_group].cages};
  const auto ports = port_ceiling(request_.model(2), core_down_);
  std::int64_t groups = 0;
  for (const auto& pod : size.pods) groups = std::max(groups, pod.spines);
  std::int64_t previous_members = -1;
  UpperSize upper;
  std::map<std::int64_t, std::int64_t> by_down;
  for (std::int64_t j = 0; j < groups; ++j) {
    std::int64_t members = 0;
    for (const auto& pod : size.pods) members += pod.spines > j ? 1 : 0;
    if (members != previous_members) {
      Demands demands;
      for (const auto& pod : size.pods) {
        if (pod.spines <= j) continue;
        const auto least = least_up(pod.spine_down, spine_down_.mode.speed, spine_up_.mode.speed, request_.fabric.oversubscription[1]);
        demands.add(pod.spine_down, {1, least, spine.most_up(pod.spine_down)});
      }
      const auto sized = size_upper_tier(demands.list(), ports);
      if (!sized) {
        limit_ = "its " + grouped(members) + " pods exceed what cores `" + request_.model(2).id + "` with " + grouped(ports) +
                 " ports can join in three tiers";
        return false;
      }
      upper = *sized;
      by_down = demands.uplinks(upper);
      previous_members = members;
    }
    size.cores.push_back(upper.switches);
    for (auto& pod : size.pods) {
      if (pod.spines <= j) continue;
      pod.spine_up[static_cast<std::size_t>(j)] = by_down.at(pod.spine_down);
    }
  }
  explain_spines(size);
  explain_cores(size, groups, ports);
  return true;
}

std::optional<ClosSize> ClosSizer::size(std::int64_t tiers) {
  ClosSize size;
  size.tiers = tiers;
  for (auto& kind : kinds_) divide(kind);
  size.kinds = kinds_;
  size.spine_down = spine_down_;
  size.spine_up = spine_up_;
  size.core_down = core_down_;
  std::int64_t leaves = 0;
  for (const auto& kind : size.kinds) leaves += divide_up(kind.count, kind.unit) * kind.leaves_per_unit();
  if (leaves > most_links / 8) {
    limit_ = "its " + grouped(leaves) + " leaves are more than icplan plans";
    return std::nullopt;
  }
  list_leaves(size);
  const auto& first = size.kinds.front();
  size.reasons.push_back(counted(leaves, "leaf", "leaves") + ": " + counted(divide_up(first.count, first.unit), "unit", "units") + " of " +
                         grouped(first.unit) + " nodes x " + grouped(first.leaves_per_unit()) + (first.leaves_per_unit() == 1 ? " leaf" : " leaves") +
                         (size.kinds.size() > 1 ? ", and those of the other node groups" : "") + "; a leaf is provisioned for " +
                         grouped(first.down) + " node ports");
  if (tiers == 2) return size_two_tiers(size) ? std::optional(std::move(size)) : std::nullopt;
  if (!make_pods(size)) return std::nullopt;
  std::uint32_t number = 0;
  for (auto& pod : size.pods) {
    if (!size_pod(size, pod)) return std::nullopt;
    for (auto i = pod.first_leaf; i < pod.first_leaf + pod.leaves; ++i) size.leaves[static_cast<std::size_t>(i)].pod = number;
    ++number;
  }
  return size_cores(size) ? std::optional(std::move(size)) : std::nullopt;
}

/// The largest count of the largest node group that can be built with `tiers`, all others as stated.
std::int64_t largest_feasible(ClosSizer& sizer, std::size_t kind, std::int64_t tiers) {
  std::int64_t low = 0;
  std::int64_t high = sizer.kinds()[kind].count;
  while (low < high) {
    const auto middle = (low + high + 1) / 2;
    sizer.set_count(kind, middle);
    if (sizer.size(tiers)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  // Full units may have no free ports for reservations; a unit that lacks a few nodes has.
  for (std::int64_t steps = 0; low > 0 && steps < 1'000; --low, ++steps) {
    sizer.set_count(kind, low);
    const auto size = sizer.size(tiers);
    if (size && sizer.free_ports(*size) >= sizer.reserved_in_total()) return low;
  }
  return 0;
}

std::size_t largest_kind(const ClosSizer& sizer) {
  std::size_t largest = 0;
  for (std::size_t i = 1; i < sizer.kinds().size(); ++i) {
    if (sizer.kinds()[i].count > sizer.kinds()[largest].count) largest = i;
  }
  return largest;
}

void report_no_room(const FabricRequest& request, ClosSizer& sizer, const ClosSize& size, Sink& sink) {
  const auto largest = largest_kind(sizer);
  const auto& nodes = *sizer.kinds()[largest].endpoints;
  const auto reserved = sizer.reserved_in_total();
  const auto available = sizer.free_ports(size);
  const auto most = largest_feasible(sizer, largest, size.tiers);
  sink.report(Code::reserved_ports_do_not_fit, request.fabric.reserved.front().origin.whole,
              request.title() + " reserves " + counted(reserved, "port", "ports") + " over the leaves, but only " + grouped(available) + " are free",
              (most > 0 ? "plan at most " + counted(most, "node", "nodes") + " of `" + nodes.name + "`, " : std::string()) +
                  "state a smaller `unit`, reserve `per_switch`, or make the device that they are for a node group");
}

void report_too_large(const FabricRequest& request, ClosSizer& sizer, std::int64_t tiers, Sink& sink) {
  const auto largest = largest_kind(sizer);
  const auto limit = sizer.limit();
  const auto& nodes = *sizer.kinds()[largest].endpoints;
  const auto most = largest_feasible(sizer, largest, tiers) * nodes.stride;
  std::string help = tiers < 3 ? "use 3 `tiers`, " : "use ";
  help += "switches with more ports, or more `oversubscription`";
  if (request.fabric.pod_units) help += ", leave `pod_units` out";
  if (most > 0) help += "; or plan at most " + counted(most, "node", "nodes") + " of `" + nodes.name + "`";
  sink.report(Code::fabric_too_large, request.fabric.origin.states("tiers") ? request.fabric.origin.of("tiers") : nodes.count_origin,
              request.title() + " cannot join " + asked_nodes(nodes) + ": " + limit + "; the largest that these switches can join in " +
                  std::to_string(tiers) + " tiers is " + counted(most, "node", "nodes"),
              help);
}

} // namespace

std::int64_t ClosSize::spines() const {
  return std::accumulate(pods.begin(), pods.end(), std::int64_t{0}, [](std::int64_t sum, const SizedPod& pod) { return sum + pod.spines; });
}

bool ClosSize::stands(const SizedPod& pod) const {
  const auto first = leaves.begin() + static_cast<std::ptrdiff_t>(pod.first_leaf);
  return std::any_of(first, first + static_cast<std::ptrdiff_t>(pod.leaves), [this](const SizedLeaf& leaf) { return stands(leaf); });
}

std::int64_t ClosSize::core_switches() const { return std::accumulate(cores.begin(), cores.end(), std::int64_t{0}); }

std::optional<UpperSize> size_upper_tier(const std::vector<UpperDemand>& demands, std::int64_t ports) {
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (const auto& demand : demands) {
    least += demand.count * demand.least_uplinks;
    most = std::min(most, demand.most_uplinks);
  }
  if (ports < 1) return std::nullopt;
  for (auto switches = std::max<std::int64_t>(divide_up(least, ports), 1); switches <= most; ++switches) {
    UpperSize size{switches, {}};
    std::int64_t links = 0;
    bool fits = true;
    for (const auto& demand : demands) {
      const auto uplinks = round_up(std::max<std::int64_t>(demand.least_uplinks, 1), switches);
      fits = fits && uplinks <= demand.most_uplinks;
      links += demand.count * uplinks;
      size.uplinks.push_back(uplinks);
    }
    if (fits && links <= switches * ports) return size;
  }
  return std::nullopt;
}

std::optional<ClosSize> size_clos(const FabricRequest& request, std::vector<LeafKind> kinds, Sink& sink) {
  ClosSizer sizer(request, std::move(kinds));
  if (!sizer.prepare(sink)) return std::nullopt;
  const auto stated = request.fabric.tiers;
  std::optional<ClosSize> size;
  if (!stated || *stated == 2) size = sizer.size(2);
  if (!size && (!stated || *stated == 3)) size = sizer.size(3);
  if (size && sizer.free_ports(*size) >= sizer.reserved_in_total()) return size;
  if (size) {
    report_no_room(request, sizer, *size, sink);
    return std::nullopt;
  }
  report_too_large(request, sizer, stated.value_or(3), sink);
  return std::nullopt;
}

} // namespace icplan
