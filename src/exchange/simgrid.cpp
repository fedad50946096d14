// SPDX-License-Identifier: Apache-2.0
// Writes SimGrid platforms: hosts, links, and a way for every pair of hosts.
#include "icplan/exchange/simgrid.hpp"

#include "analysis/injection.hpp"
#include "analysis/nic_table.hpp"
#include "icplan/base/text.hpp"
#include "plan/end_names.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace icplan {
namespace {

constexpr std::uint32_t none = ~0U;

/// One step of a way: a link and the direction that it is taken in.
struct Step {
  std::uint32_t link = 0;
  bool up = true;
};

struct Host {
  std::string name;
  std::uint32_t link = 0;
  DeviceId node;
  /// The switch that it is plugged into, by number in the graph.
  std::uint32_t leaf = 0;
  /// Its scale-up domain, and its share of the rate of its node's scale-up links.
  std::uint64_t domain = 0;
  std::optional<Mbps> scale_up;
  /// Where it stands among all hosts, leaf by leaf.
  std::uint32_t order = 0;
};

/// A link as a switch sees it.
struct Arc {
  std::uint32_t to = 0;
  std::uint32_t link = 0;
  bool up = true;
  /// Neither up nor down: between switches of one tier.
  bool level = false;

  friend bool operator<(const Arc& a, const Arc& b) { return std::pair(a.to, a.link) < std::pair(b.to, b.link); }
};

class PlatformWriter {
public:
  PlatformWriter(const Plan& plan, const SimgridOptions& options, const TextSink& sink) : plan_(plan), options_(options), sink_(sink), names_(plan) {
    find_switches();
    find_hosts();
    for (auto& arcs : arcs_) std::sort(arcs.begin(), arcs.end());
  }

  void run() {
    out_ = "<?xml version='1.0'?>\n<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n<!-- " + comment() +
           " -->\n<platform version=\"4.1\">\n<zone id=\"" + std::string(plan_.fabric_name(options_.fabric)) + "\" routing=\"Full\">\n";
    for (const auto& host : hosts_) append_host(host);
    for (const auto link : used_links_) append_link(link);
    for (const auto& host : hosts_) {
      if (host.scale_up) append_link_element(host.name + "/scale-up", *host.scale_up);
    }
    // Routes name only links that stand before them.
    for (std::uint32_t to = 0; to < hosts_.size(); ++to) {
      measure_distances(hosts_[to].leaf);
      for (std::uint32_t from = 0; from < hosts_.size(); ++from) {
        if (from != to) append_route(hosts_[from], hosts_[to]);
      }
    }
    out_ += "</zone>\n</platform>\n";
    sink_(out_);
  }

private:
  [[nodiscard]] bool failed(std::uint32_t link) const { return std::binary_search(options_.without.begin(), options_.without.end(), link); }

  [[nodiscard]] std::string comment() const {
    std::string text = "fabric " + std::string(plan_.fabric_name(options_.fabric)) + " of " + plan_.spec.name + ": node ports as hosts";
    if (std::any_of(hosts_.begin(), hosts_.end(), [](const Host& host) { return !host.scale_up; }))
      text += "; hosts without a scale-up link: the rate of their GPUs' links is not known";
    if (!options_.without.empty()) text += "; " + counted(static_cast<std::int64_t>(options_.without.size()), "link", "links") + " failed";
    // "--" would end the comment.
    for (auto at = text.find("--"); at != std::string::npos; at = text.find("--")) text.replace(at, 2, "- ");
    return escaped(text);
  }

  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
      switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
      }
    }
    return out;
  }

  void find_switches() {
    switch_of_device_.assign(plan_.network.devices(), none);
    const auto host = plan_.network.fabrics[options_.fabric.index()].host;
    for (const auto& group : plan_.network.groups) {
      if (group.is_node() || group.fabric != host) continue;
      for (std::uint32_t n = 0; n < group.count; ++n) switch_of_device_[group.first.index() + n] = switches_++;
    }
    arcs_.resize(switches_);
    for (const auto& group : plan_.network.link_groups) {
      if (group.fabric != host || group.from_tier == 0 || group.kind == LinkKind::uplink) continue;
      for (auto i = group.first; i < group.first + group.count; ++i) {
        if (failed(i)) continue;
        const auto& link = plan_.network.links[i];
        const auto a = switch_of_device_[link.from.index()];
        const auto b = switch_of_device_[link.to.index()];
        const bool level = group.kind != LinkKind::tier;
        arcs_[a].push_back({b, i, true, level});
        arcs_[b].push_back({a, i, false, level});
        used_links_.push_back(i);
        speed_of_link_[i] = group.speed;
      }
    }
  }

  void find_hosts() {
    std::map<std::uint32_t, std::uint32_t> ports_of_node;
    for (const auto& group : plan_.network.link_groups) {
      if (group.fabric != options_.fabric || group.from_tier != 0) continue;
      for (auto i = group.first; i < group.first + group.count; ++i) {
        const auto& link = plan_.network.links[i];
        if (!plan_.network.group(link.from).is_node()) continue;
        ++ports_of_node[link.from.index()];
        if (failed(i)) continue;
        Host host;
        host.name = link_name(i);
        host.link = i;
        host.node = link.from;
        host.leaf = switch_of_device_[link.to.index()];
        hosts_.push_back(std::move(host));
        used_links_.push_back(i);
        speed_of_link_[i] = group.speed;
      }
    }
    std::sort(used_links_.begin(), used_links_.end());
    std::sort(hosts_.begin(), hosts_.end(), [&](const Host& a, const Host& b) {
      return std::pair(a.leaf, plan_.network.links[a.link].to_port) < std::pair(b.leaf, plan_.network.links[b.link].to_port);
    });
    for (std::uint32_t i = 0; i < hosts_.size(); ++i) hosts_[i].order = i;
    std::sort(hosts_.begin(), hosts_.end(), [&](const Host& a, const Host& b) {
      const auto& x = plan_.network.links[a.link];
      const auto& y = plan_.network.links[b.link];
      return std::pair(x.from, x.from_port) < std::pair(y.from, y.from_port);
    });
    for (auto& host : hosts_) join_domain(host, ports_of_node[host.node.index()]);
    share_slots();
  }

  /// What a slot carries is shared by the ports of its NIC.
  void share_slots() {
    std::vector<std::optional<NicTable>> tables(plan_.network.groups.size());
    std::map<std::pair<DeviceId, std::uint32_t>, std::int64_t> rate_of_nic;
    const auto nic = [&](const Host& host) {
      auto& table = tables[plan_.network.group_of_device[host.node.index()]];
      if (!table) table = nics_of(plan_, plan_.network.group(host.node));
      const auto number = table->nic_of_port[plan_.network.links[host.link].from_port];
      return std::pair(number, table->slot_of_nic[number]);
    };
    for (const auto& host : hosts_) rate_of_nic[{host.node, nic(host).first}] += speed_of_link_.at(host.link).count();
    for (const auto& host : hosts_) {
      const auto [number, slot] = nic(host);
      const auto all = rate_of_nic.at({host.node, number});
      auto& speed = speed_of_link_.at(host.link);
      if (slot < all) speed = Mbps(slot * speed.count() / all);
    }
  }

  void join_domain(Host& host, std::uint32_t ports) const {
    const auto& group = plan_.network.group(host.node);
    const auto& nodes = plan_.spec.nodes[group.nodes.index()];
    const auto n = host.node.index() - group.first.index();
    host.domain = host.node.index();
    if (nodes.gpus == 0) return;
    const auto together = static_cast<std::uint32_t>(nodes_per_domain(plan_, options_.fabric, group.nodes));
    host.domain = group.first.index() + n / together * together;
    if (const auto rate = scale_up_rate(plan_, nodes)) host.scale_up = Mbps(rate->count() * nodes.gpus / ports);
  }

  void append_host(const Host& host) { out_ += "<host id=\"" + host.name + "\" speed=\"1Gf\"/>\n"; }

  void append_link_element(const std::string& id, Mbps speed) {
    out_ += "<link id=\"" + id + "\" bandwidth=\"" + std::to_string(speed.count()) + "Mbps\" latency=\"0s\" sharing_policy=\"SPLITDUPLEX\"/>\n";
    flush();
  }

  void append_link(std::uint32_t i) { append_link_element(link_name(i), speed_of_link_.at(i)); }

  /// The lower end: every port has one link.
  [[nodiscard]] std::string link_name(std::uint32_t i) const {
    const auto& link = plan_.network.links[i];
    std::string name;
    names_.append_device(name, link.from);
    name += '/' + names_.port(link.from, link.from_port).cage_and_port;
    std::replace(name.begin(), name.end(), ',', '.');
    return escaped(name);
  }

  /// Links to go from every switch to the one numbered `leaf`.
  void measure_distances(std::uint32_t leaf) {
    if (leaf == measured_) return;
    measured_ = leaf;
    distance_.assign(switches_, none);
    distance_[leaf] = 0;
    std::vector<std::uint32_t> queue = {leaf};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const auto& arc : arcs_[queue[i]]) {
        if (distance_[arc.to] != none) continue;
        distance_[arc.to] = distance_[queue[i]] + 1;
        queue.push_back(arc.to);
      }
    }
  }

  /// A shortest way from a leaf to the one that was measured. Going up, the destination's number picks among all links; coming down, the same digits
  /// pick among parallel ones.
  [[nodiscard]] std::vector<Step> way(std::uint32_t from, std::uint32_t destination) const {
    std::vector<Step> steps;
    std::vector<std::uint32_t> divisors;
    std::uint32_t divisor = 1;
    std::vector<const Arc*> choices;
    for (auto at = from; distance_[at] > 0;) {
      choices.clear();
      for (const auto& arc : arcs_[at]) {
        if (distance_[arc.to] + 1 == distance_[at]) choices.push_back(&arc);
      }
      const auto count = static_cast<std::uint32_t>(choices.size());
      const bool down = !choices.front()->level && !choices.front()->up;
      if (down && !divisors.empty()) {
        divisor = divisors.back();
        divisors.pop_back();
      }
      const auto& taken = *choices[destination / divisor % count];
      if (!taken.level && taken.up) {
        divisors.push_back(divisor);
        divisor *= count;
      }
      steps.push_back({taken.link, taken.up});
      at = taken.to;
    }
    return steps;
  }

  void append_step(const std::string& link, bool up) { out_ += "<link_ctn id=\"" + link + "\" direction=\"" + (up ? "UP" : "DOWN") + "\"/>"; }

  void append_network(const Host& from, const Host& to) {
    append_step(link_name(from.link), true);
    for (const auto& step : way(from.leaf, to.order)) append_step(link_name(step.link), step.up);
    append_step(link_name(to.link), false);
  }

  /// The port of the sender's domain that the network joins to the destination; the one in the sender's own node first.
  [[nodiscard]] const Host* relay(const Host& from) const {
    const Host* found = nullptr;
    for (const auto& host : hosts_) {
      if (host.domain != from.domain || !host.scale_up || distance_[host.leaf] == none) continue;
      if (host.node == from.node) return &host;
      if (found == nullptr) found = &host;
    }
    return found;
  }

  void append_route(const Host& from, const Host& to) {
    const bool scale_up = from.domain == to.domain && from.scale_up && to.scale_up;
    const Host* via = nullptr;
    if (!scale_up && distance_[from.leaf] == none) {
      via = from.scale_up ? relay(from) : nullptr;
      if (via == nullptr) return;
    }
    out_ += "<route src=\"" + from.name + "\" dst=\"" + to.name + "\" symmetrical=\"NO\">";
    if (scale_up) {
      append_step(from.name + "/scale-up", true);
      append_step(to.name + "/scale-up", false);
    } else if (via != nullptr) {
      append_step(from.name + "/scale-up", true);
      append_step(via->name + "/scale-up", false);
      append_network(*via, to);
    } else {
      append_network(from, to);
    }
    out_ += "</route>\n";
    flush();
  }

  void flush() {
    constexpr std::size_t flush_at = 1U << 16U;
    if (out_.size() < flush_at) return;
    sink_(out_);
    out_.clear();
  }

  const Plan& plan_;
  const SimgridOptions& options_;
  const TextSink& sink_;
  EndNames names_;
  std::vector<std::uint32_t> switch_of_device_;
  std::uint32_t switches_ = 0;
  std::vector<std::vector<Arc>> arcs_;
  std::vector<Host> hosts_;
  std::vector<std::uint32_t> used_links_;
  std::map<std::uint32_t, Mbps> speed_of_link_;
  std::uint32_t measured_ = none;
  std::vector<std::uint32_t> distance_;
  std::string out_;
};

} // namespace

std::size_t count_simgrid_hosts(const Plan& plan, FabricId fabric) {
  std::size_t hosts = 0;
  for (const auto& group : plan.network.link_groups) {
    if (group.fabric != fabric || group.from_tier != 0 || group.count == 0) continue;
    if (plan.network.group(plan.network.links[group.first].from).is_node()) hosts += group.count;
  }
  return hosts;
}

void write_simgrid_platform(const Plan& plan, const SimgridOptions& options, const TextSink& sink) { PlatformWriter(plan, options, sink).run(); }

} // namespace icplan
