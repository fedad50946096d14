// SPDX-License-Identifier: Apache-2.0
// Explicit topologies: every listed row is one link of the plan, at the ports that the row names, and every link is listed.
#include "check_plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <unordered_map>

namespace icplan {
namespace {

/// A device and its local port; what lies outside the plan counts on behind the devices, without ports.
using Place = std::pair<std::uint32_t, std::uint32_t>;
/// Both ends, the smaller one first: rows may name them in either order.
using Join = std::array<Place, 2>;

Join join(Place a, Place b) { return a < b ? Join{a, b} : Join{b, a}; }

class ListCheck {
public:
  ListCheck(const Plan& plan, Violations& violations) : plan_(plan), violations_(violations) {
    for (std::uint32_t d = 0; d < plan.network.devices(); ++d) {
      device_of_name_.emplace(plan.network.device_name(DeviceId(d)), d);
      const auto& group = plan.network.group(DeviceId(d));
      auto number = std::to_string(d - group.first.index() + group.first_number);
      while (number.size() < 4) number.insert(number.begin(), '0');
      device_of_plain_name_.emplace(group.name_prefix + "-" + number, d);
    }
  }

  void run(FabricId fabric);

private:
  std::uint32_t outside(const std::string& name);
  std::vector<Place> places(const ExplicitEnd& end);
  bool joined(const std::vector<Join>& joins, const ExplicitLink& row);
  std::optional<std::uint32_t> port(const DeviceGroup& group, const ExplicitEnd& end) const;
  std::vector<Join> planned(FabricId fabric);

  const Plan& plan_;
  Violations& violations_;
  std::unordered_map<std::string, std::uint32_t> device_of_name_;
  std::unordered_map<std::string, std::uint32_t> device_of_plain_name_;
  std::unordered_map<std::string, std::uint32_t> outside_of_name_;
};

std::uint32_t ListCheck::outside(const std::string& name) {
  const auto next = plan_.network.devices() + static_cast<std::uint32_t>(outside_of_name_.size());
  return outside_of_name_.emplace(name, next).first->second;
}

/// The port whose cage the faceplate calls so: "7" in the port group `fabric`, "uplink-7" in another one.
std::optional<std::uint32_t> ListCheck::port(const DeviceGroup& group, const ExplicitEnd& end) const {
  for (const auto& block : group.blocks) {
    const auto prefix = block.name == "fabric" ? std::string() : block.name + "-";
    if (end.cage.size() <= prefix.size() || end.cage.compare(0, prefix.size(), prefix) != 0) continue;
    std::uint32_t number = 0;
    const auto* last = end.cage.data() + end.cage.size();
    const auto [stop, error] = std::from_chars(end.cage.data() + prefix.size(), last, number);
    if (error != std::errc() || stop != last || number < block.first_number) continue;
    const auto step = 1 + block.disables;
    const auto cage = (number - block.first_number) / step;
    if ((number - block.first_number) % step != 0 || cage >= block.cages) continue;
    if (end.port < 1 || end.port > block.ports_per_cage) return std::nullopt;
    return block.first_port + cage * block.ports_per_cage + static_cast<std::uint32_t>(end.port - 1);
  }
  return std::nullopt;
}

/// What a row's end may be: the device of that name, or the one that has it without the spec's patterns; else something outside.
std::vector<Place> ListCheck::places(const ExplicitEnd& end) {
  std::vector<Place> found;
  bool known = false;
  for (const auto* names : {&device_of_name_, &device_of_plain_name_}) {
    const auto device = names->find(end.device);
    if (device == names->end()) continue;
    known = true;
    if (const auto local = port(plan_.network.group(DeviceId(device->second)), end)) found.push_back({device->second, *local});
  }
  if (!known) found.push_back({outside(end.device), 0});
  return found;
}

/// The links that the fabric's list answers for: those on its switches, and the uplinks that leave them.
std::vector<Join> ListCheck::planned(FabricId fabric) {
  std::vector<Join> joins;
  for (const auto& group : plan_.network.link_groups) {
    if ((group.kind == LinkKind::uplink ? group.fabric : group.host) != fabric) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = plan_.network.links[i];
      joins.push_back(join({link.from.index(), link.from_port}, {link.to.index(), link.to_port}));
    }
  }
  for (const auto& layout : plan_.network.fabrics) {
    if (layout.host != fabric) continue;
    for (const auto& external : layout.external) {
      const auto& name = plan_.spec.fabrics[layout.fabric.index()].external[external.external].name;
      joins.push_back(join({outside(name), 0}, {external.device.index(), external.port}));
    }
  }
  std::sort(joins.begin(), joins.end());
  return joins;
}

bool ListCheck::joined(const std::vector<Join>& joins, const ExplicitLink& row) {
  for (const auto& from : places(row.from)) {
    for (const auto& to : places(row.to)) {
      if (std::binary_search(joins.begin(), joins.end(), join(from, to))) return true;
    }
  }
  return false;
}

void ListCheck::run(FabricId fabric) {
  const auto& spec = plan_.spec.fabrics[fabric.index()];
  const auto joins = planned(fabric);
  if (joins.size() != spec.options.links.size())
    violations_.add("fabric `", spec.name, "` lists ", spec.options.links.size(), " links, but the plan has ", joins.size());
  for (const auto& row : spec.options.links) {
    if (joined(joins, row)) continue;
    violations_.add("fabric `", spec.name, "` lists `", row.from.device, "` cage ", row.from.cage, " port ", row.from.port, " to `", row.to.device,
                    "` cage ", row.to.cage, " port ", row.to.port, ", which the plan does not join");
    if (violations_.full()) return;
  }
}

} // namespace

void check_explicit(const Plan& plan, Violations& violations) {
  const auto& fabrics = plan.spec.fabrics;
  const auto listed = [](const FabricSpec& fabric) { return fabric.topology == Topology::explicit_links && !fabric.on; };
  if (std::none_of(fabrics.begin(), fabrics.end(), listed)) return;
  ListCheck check(plan, violations);
  for (std::size_t f = 0; f < fabrics.size(); ++f) {
    if (listed(fabrics[f])) check.run(FabricId(static_cast<std::uint32_t>(f)));
  }
}

} // namespace icplan
