// SPDX-License-Identifier: Apache-2.0
// The devices that a fabric joins, bundled by their ports.
#include "failures_graph.hpp"

#include "failures_keys.hpp"
#include "nic_table.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace icplan::failures {
namespace {

class MemberGatherer {
public:
  MemberGatherer(const Plan& plan, const SwitchLinks& graph, FabricId fabric) : plan_(plan), graph_(graph) { members_.fabric = fabric; }

  Members run() {
    const auto& network = plan_.network;
    members_.bundle_of.assign(network.devices(), none);
    members_.weight.assign(graph_.vertices(), 0);
    for (std::uint32_t g = 0; g < network.groups.size(); ++g) {
      const auto& group = network.groups[g];
      const auto nics = nics_of(plan_, group);
      const bool node = group.is_node() && !plan_.spec.nodes[group.nodes.index()].pdus;
      for (std::uint32_t n = 0; n < group.count; ++n) {
        if (!add_device(group.first.next(n), g, nics)) continue;
        ++members_.count;
        members_.nodes += node ? 1 : 0;
      }
    }
    index_bundles();
    mark_carriers();
    return std::move(members_);
  }

private:
  /// False where the fabric does not join the device.
  bool add_device(DeviceId device, std::uint32_t group, const NicTable& nics) {
    key_.assign(1, group);
    for (auto p = graph_.first_port[device.index()]; p < graph_.first_port[device.index() + std::size_t{1}]; ++p) {
      const auto& port = graph_.ports[p];
      if (port.fabric != members_.fabric) continue;
      const auto local = plan_.network.links[port.link].from_port;
      key_.push_back(port.leaf);
      key_.push_back(port.rate);
      key_.push_back(nics.nic_of_port[local]);
      ++members_.weight[port.leaf];
    }
    if (key_.size() == 1) return false;
    auto found = bundle_of_key_.find(key_);
    if (found == bundle_of_key_.end()) {
      found = bundle_of_key_.emplace(key_, static_cast<std::uint32_t>(members_.bundles.size())).first;
      add_bundle(nics);
    }
    members_.bundle_of[device.index()] = found->second;
    ++members_.bundles[found->second].members;
    return true;
  }

  /// As `key_` describes it.
  void add_bundle(const NicTable& nics) {
    Members::Bundle bundle;
    bundle.first_port = static_cast<std::uint32_t>(members_.ports.size());
    bundle.first_nic = static_cast<std::uint32_t>(members_.nics.size());
    std::vector<std::int64_t> seen;
    for (std::size_t i = 1; i < key_.size(); i += 3) {
      const auto nic = static_cast<std::uint32_t>(std::find(seen.begin(), seen.end(), key_[i + 2]) - seen.begin());
      if (nic == seen.size()) {
        seen.push_back(key_[i + 2]);
        members_.nics.push_back({nics.slot_of_nic[static_cast<std::size_t>(key_[i + 2])], 0});
      }
      const auto leaf = static_cast<std::uint32_t>(key_[i]);
      members_.ports.push_back({leaf, nic, key_[i + 1]});
      members_.nics[bundle.first_nic + nic].healthy += key_[i + 1] * graph_.share[leaf];
    }
    bundle.ports = static_cast<std::uint32_t>(members_.ports.size()) - bundle.first_port;
    bundle.nics = static_cast<std::uint32_t>(members_.nics.size()) - bundle.first_nic;
    for (auto n = bundle.first_nic; n < bundle.first_nic + bundle.nics; ++n) {
      auto& nic = members_.nics[n];
      nic.slot =
          nic.slot > std::numeric_limits<std::int64_t>::max() / graph_.unit ? std::numeric_limits<std::int64_t>::max() : nic.slot * graph_.unit;
      nic.healthy = std::min(nic.healthy, nic.slot);
      bundle.healthy += nic.healthy;
    }
    members_.bundles.push_back(bundle);
  }

  void index_bundles() {
    const auto each = [&](const auto& use) {
      std::vector<std::uint32_t> leaves;
      for (std::uint32_t b = 0; b < members_.bundles.size(); ++b) {
        const auto& bundle = members_.bundles[b];
        leaves.clear();
        for (auto p = bundle.first_port; p < bundle.first_port + bundle.ports; ++p) leaves.push_back(members_.ports[p].leaf);
        std::sort(leaves.begin(), leaves.end());
        leaves.erase(std::unique(leaves.begin(), leaves.end()), leaves.end());
        for (const auto leaf : leaves) use(leaf, b);
      }
    };
    members_.first_at.assign(graph_.vertices() + std::size_t{1}, 0);
    each([&](std::uint32_t leaf, std::uint32_t) { ++members_.first_at[leaf + std::size_t{1}]; });
    for (std::size_t v = 0; v < graph_.vertices(); ++v) members_.first_at[v + 1] += members_.first_at[v];
    members_.at.resize(members_.first_at.back());
    auto next = members_.first_at;
    each([&](std::uint32_t leaf, std::uint32_t b) { members_.at[next[leaf]++] = b; });
  }

  /// Leaves, and what is above and beside them.
  void mark_carriers() {
    members_.carries.assign(graph_.vertices(), false);
    std::vector<std::uint32_t> ready;
    for (std::uint32_t v = 0; v < graph_.vertices(); ++v) {
      if (members_.weight[v] > 0) ready.push_back(v);
      members_.carries[v] = members_.weight[v] > 0;
    }
    while (!ready.empty()) {
      const auto v = ready.back();
      ready.pop_back();
      for (auto a = graph_.first_arc[v]; a < graph_.first_arc[v + std::size_t{1}]; ++a) {
        const auto& arc = graph_.arcs[a];
        members_.peers = members_.peers || arc.role == Role::peer;
        if (arc.role == Role::down || members_.carries[arc.other]) continue;
        members_.carries[arc.other] = true;
        ready.push_back(arc.other);
      }
    }
  }

  const Plan& plan_;
  const SwitchLinks& graph_;
  Members members_;
  std::vector<std::int64_t> key_;
  std::unordered_map<std::vector<std::int64_t>, std::uint32_t, KeyHash> bundle_of_key_;
};

} // namespace

Members gather_members(const Plan& plan, const SwitchLinks& graph, FabricId fabric) { return MemberGatherer(plan, graph, fabric).run(); }

} // namespace icplan::failures
