// SPDX-License-Identifier: Apache-2.0
// Plain maps and doubles, no classes, no short cuts.
#include "support/failure_form.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>

namespace icplan::test {
namespace {

DeviceId cage_owner(const Network& network, CageId cage) {
  std::uint32_t device = 0;
  while (network.first_cage_of_device[device].index() + network.group(DeviceId(device)).cages_per_device <= cage.index()) ++device;
  return DeviceId(device);
}

} // namespace

FailureForm::FailureForm(const Plan& plan, FabricId fabric) : plan_(plan), fabric_(fabric) {
  const auto& network = plan.network;
  lines_.resize(network.links.size());
  for (const auto& group : network.link_groups) {
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = network.links[i];
      auto& line = lines_[i];
      line = {link.from.index(), link.to.index(), static_cast<double>(group.speed.count()), group.from_tier == 0, false, group.fabric};
      line.peer = group.from_tier == group.to_tier && group.kind != LinkKind::uplink;
      above_[line.low].push_back(i);
      (line.peer ? above_ : below_)[line.high].push_back(i);
    }
  }
  std::vector<std::uint32_t> ready;
  for (const auto& line : lines_) {
    if (line.node && line.fabric == fabric && carriers_.insert(line.high).second) ready.push_back(line.high);
  }
  while (!ready.empty()) {
    const auto device = ready.back();
    ready.pop_back();
    for (const auto i : above_[device]) {
      const auto& line = lines_[i];
      const auto other = line.low == device ? line.high : line.low;
      if (!line.node && carriers_.insert(other).second) ready.push_back(other);
    }
  }
  network_ = pieces({});
  healthy_ = rates({});
}

bool FailureForm::alive(const Gone& gone, std::uint32_t link) const {
  return gone.links.count(link) == 0 && gone.devices.count(lines_[link].low) == 0 && gone.devices.count(lines_[link].high) == 0;
}

double FailureForm::passed(const Gone& gone, std::uint32_t device, std::map<std::uint32_t, double>& known) const {
  const auto found = known.find(device);
  if (found != known.end()) return found->second;
  double above = 0;
  double below = 0;
  bool top = true;
  if (above_.count(device) != 0) {
    for (const auto i : above_.at(device)) {
      // A management port is a switch's own, and carries nobody else's traffic.
      if (lines_[i].node) continue;
      top = false;
      if (alive(gone, i)) above += lines_[i].rate * (lines_[i].peer ? 1 : passed(gone, lines_[i].high, known));
    }
  }
  if (below_.count(device) != 0) {
    for (const auto i : below_.at(device)) below += alive(gone, i) ? lines_[i].rate : 0;
  }
  return known[device] = top || below == 0 ? 1 : std::min(1.0, above / below);
}

std::map<std::uint32_t, std::uint32_t> FailureForm::pieces(const Gone& gone) const {
  std::map<std::uint32_t, std::uint32_t> piece;
  for (const auto root : carriers_) {
    if (piece.count(root) != 0 || gone.devices.count(root) != 0) continue;
    piece[root] = root;
    std::vector<std::uint32_t> ready = {root};
    while (!ready.empty()) {
      const auto device = ready.back();
      ready.pop_back();
      for (const auto* side : {&above_, &below_}) {
        if (side->count(device) == 0) continue;
        for (const auto i : side->at(device)) {
          const auto other = lines_[i].low == device ? lines_[i].high : lines_[i].low;
          if (!lines_[i].node && alive(gone, i) && carriers_.count(other) != 0 && piece.emplace(other, root).second) ready.push_back(other);
        }
      }
    }
  }
  return piece;
}

std::set<std::uint32_t> FailureForm::main_switches(const Gone& gone) const {
  const auto piece = pieces(gone);
  std::map<std::uint32_t, std::int64_t> weight;
  for (const auto& line : lines_) {
    if (line.node && line.fabric == fabric_ && gone.devices.count(line.low) == 0 && gone.devices.count(line.high) == 0) ++weight[piece.at(line.high)];
  }
  // Pieces are numbered by their first switch, so the first of the heaviest wins.
  std::map<std::uint32_t, std::uint32_t> main;
  for (const auto& [device, of] : piece) {
    const auto network = network_.empty() ? of : network_.at(device);
    const auto found = main.find(network);
    if (found == main.end() || weight[of] > weight[found->second]) main[network] = of;
  }
  std::set<std::uint32_t> switches;
  for (const auto& [device, of] : piece) {
    if (main.at(network_.empty() ? of : network_.at(device)) == of) switches.insert(device);
  }
  return switches;
}

/// What is left of a network hangs on one leaf: nothing has to leave it.
std::set<std::uint32_t> FailureForm::lonely_leaves(const Gone& gone) const {
  std::map<std::uint32_t, std::set<std::uint32_t>> leaves;
  for (const auto& line : lines_) {
    if (line.node && line.fabric == fabric_ && gone.devices.count(line.high) == 0 && !network_.empty()) leaves[network_.at(line.high)].insert(line.high);
  }
  std::set<std::uint32_t> lonely;
  for (const auto& [network, of] : leaves) {
    if (of.size() == 1) lonely.insert(*of.begin());
  }
  return lonely;
}

std::map<std::uint32_t, std::map<std::pair<std::string, std::int64_t>, double>> FailureForm::rates(const Gone& gone) const {
  const auto& network = plan_.network;
  const auto main = main_switches(gone);
  std::map<std::uint32_t, double> known;
  for (const auto device : lonely_leaves(gone)) {
    std::map<std::uint32_t, double> before;
    known[device] = passed({}, device, before);
  }
  std::map<std::uint32_t, std::map<std::pair<std::string, std::int64_t>, double>> rates;
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    const auto& line = lines_[i];
    if (!line.node || line.fabric != fabric_ || gone.devices.count(line.low) != 0) continue;
    const auto& group = network.group(DeviceId(line.low));
    const auto& block = group.block_of_port(network.links[i].from_port);
    std::int64_t in_ports = network.links[i].from_port - std::int64_t{block.first_port};
    std::int64_t all = 0;
    for (const auto& other : group.blocks) {
      if (other.name != block.name) continue;
      all += other.ports();
      if (other.first_port < block.first_port) in_ports += other.ports();
    }
    std::int64_t nics = all;
    if (group.is_node()) {
      const auto& nodes = plan_.spec.nodes[group.nodes.index()];
      const auto ports = nodes.port_group(block.name);
      if (ports && nodes.ports[*ports].nics > 0 && all % nodes.ports[*ports].nics == 0) nics = nodes.ports[*ports].nics;
    }
    auto& nic = rates[line.low][{block.name, in_ports * nics / all}];
    if (alive(gone, i) && main.count(line.high) != 0) nic += line.rate * passed(gone, line.high, known);
  }
  for (auto& [device, nics] : rates) {
    const auto& group = network.group(DeviceId(device));
    if (!group.is_node()) continue;
    const auto& nodes = plan_.spec.nodes[group.nodes.index()];
    for (auto& [key, rate] : nics) {
      const auto ports = nodes.port_group(key.first);
      const auto slot = ports ? slot_rate(nodes.ports[*ports].pcie) : std::nullopt;
      if (slot) rate = std::min(rate, static_cast<double>(slot->count()));
    }
  }
  return rates;
}

Felt FailureForm::feel(const Gone& gone) const {
  Felt felt;
  const auto left = rates(gone);
  for (const auto& [device, nics] : healthy_) {
    if (gone.devices.count(device) != 0) {
      ++felt.lost;
      continue;
    }
    double before = 0;
    double after = 0;
    for (const auto& [key, rate] : nics) {
      const auto now = left.at(device).at(key);
      before += rate;
      after += now;
      if (rate > 0) felt.nic = std::min(felt.nic, now / rate);
    }
    if (before <= 0) continue;
    felt.node = std::min(felt.node, after / before);
    felt.cut_off += after <= 0 ? 1 : 0;
    felt.affected += after < before * (1 - 5e-7) ? 1 : 0;
  }
  return felt;
}

std::map<std::tuple<FailureKind, std::uint32_t, std::int64_t>, std::vector<Tried>> FailureForm::failures() const {
  const auto& network = plan_.network;
  std::map<std::tuple<FailureKind, std::uint32_t, std::int64_t>, std::vector<Tried>> all;
  const auto list = [&](FailureKind kind) -> std::vector<Tried>& { return all[{kind, FabricId().index(), 0}]; };
  const auto matters = [&](std::uint32_t i) {
    return lines_[i].node ? lines_[i].fabric == fabric_ : carriers_.count(lines_[i].low) != 0 && carriers_.count(lines_[i].high) != 0;
  };
  std::map<std::uint32_t, std::set<std::uint32_t>> cables;
  std::map<std::uint32_t, std::set<std::uint32_t>> cages;
  for (std::uint32_t i = 0; i < lines_.size(); ++i) {
    const auto& link = network.links[i];
    if (matters(i)) list(FailureKind::link).push_back({{FailureKind::link, i, {}, {}}, {{}, {i}}});
    cables[plan_.cables.legs[i].assembly.index()].insert(i);
    cages[network.cage(link.from, link.from_port).index()].insert(i);
    cages[network.cage(link.to, link.to_port).index()].insert(i);
  }
  for (const auto& [sets, kind] : {std::pair(&cables, FailureKind::cable), std::pair(&cages, FailureKind::cage)}) {
    for (const auto& [subject, links] : *sets) {
      if (links.size() > 1 && std::any_of(links.begin(), links.end(), matters)) list(kind).push_back({{kind, subject, kind == FailureKind::cage ? cage_owner(network, CageId(subject)) : DeviceId(), {}}, {{}, links}});
    }
  }
  for (const auto device : carriers_) {
    const auto& group = network.group(DeviceId(device));
    all[{FailureKind::switch_, group.fabric.index(), group.tier}].push_back({{FailureKind::switch_, device, {}, {}}, {{device}, {}}});
  }
  const auto host = network.fabrics[fabric_.index()].host;
  for (std::uint32_t plane = 0; plan_.spec.fabrics[host.index()].planes > 1 && plane < plan_.spec.fabrics[host.index()].planes; ++plane) {
    Gone gone;
    for (std::uint32_t d = 0; d < network.devices(); ++d) {
      const auto& group = network.group(DeviceId(d));
      if (!group.is_node() && group.fabric == host && group.plane == plane) gone.devices.insert(d);
    }
    list(FailureKind::plane).push_back({{FailureKind::plane, plane, {}, {}}, gone});
  }
  std::map<std::uint32_t, Gone> racks;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Gone> rows;
  for (std::uint32_t d = 0; d < network.devices(); ++d) {
    const auto rack = plan_.placement.devices[d].rack;
    if (!rack.valid()) continue;
    racks[rack.index()].devices.insert(d);
    rows[{plan_.placement.racks[rack.index()].hall.index(), static_cast<std::uint32_t>(plan_.placement.racks[rack.index()].row)}].devices.insert(d);
  }
  for (const auto& [rack, gone] : racks) list(FailureKind::rack).push_back({{FailureKind::rack, rack, {}, {}}, gone});
  for (const auto& [place, gone] : rows) list(FailureKind::row).push_back({{FailureKind::row, place.second, {}, HallId(place.first)}, gone});
  return all;
}

} // namespace icplan::test
