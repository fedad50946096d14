// SPDX-License-Identifier: Apache-2.0
// What the explicit topology works on: the ends of listed links, and what they make of each switch's cages.
#pragma once

#include "clos.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace icplan {

/// One end of a listed link, found on its device.
struct End {
  /// `uplink` is the end in another fabric: of the fabric that an uplink leads into or comes from.
  enum class Kind : std::uint8_t { node, switch_, external, uplink } kind = Kind::node;
  /// Nodes: the endpoints that they are of. Switches: their number over all tiers. External: the endpoints.
  std::size_t index = 0;
  /// Nodes and ends of uplinks: their device and local port.
  DeviceId device;
  std::uint16_t port = 0;
  /// Switches: the port group and faceplate number of the cage, and the port within it.
  std::size_t port_group = 0;
  std::int64_t cage = 0;
  std::int64_t in_cage = 0;
  /// 0 below all switches: nodes, what is outside, and switches of a fabric whose uplinks lead here.
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

/// A switch of an explicit fabric as a device group of its own, without cages.
[[nodiscard]] DeviceGroup listed_switch(const FabricRequest& request, std::int64_t tier, std::int64_t number);

/// The switches of an explicit fabric, in the order of its tiers: by the spec's pattern, and by prefix and number.
struct NamedSwitch {
  std::string name;
  std::string plain_name;
  std::int64_t tier = 0;
  std::int64_t number = 0;
};
[[nodiscard]] std::vector<NamedSwitch> name_switches(const FabricRequest& request, const NetworkBuilder& builder);

class ExplicitBuild {
public:
  ExplicitBuild(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink)
      : request_(request), builder_(builder), layout_(layout), sink_(sink) {}

  void run();

private:
  void name_devices();
  void name_nodes();
  void name_upper_leaves();
  std::optional<End> find(const ExplicitEnd& end, SourceRange where);
  std::optional<End> find_node(const std::pair<std::size_t, DeviceId>& node, const ExplicitEnd& end, SourceRange where);
  std::optional<End> find_switch(std::size_t index, const ExplicitEnd& end, SourceRange where);
  std::optional<End> find_uplink(DeviceId device, const ExplicitEnd& end, SourceRange where);
  bool order_ends(ListedLink& link, SourceRange where);
  bool fits_tiers(const ListedLink& link, SourceRange where);
  std::optional<Mbps> speed_of(const ListedLink& link, const ExplicitLink& listed);
  void read_link(std::size_t number);
  void read_uplinks_of(const FabricRequest& below);
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
  /// Leaves of the fabric that the uplinks lead into.
  std::unordered_map<std::string, DeviceId> upper_of_name_;
  std::map<std::pair<std::uint32_t, std::uint16_t>, bool> node_ports_;
  std::vector<ListedLink> links_;
};

} // namespace icplan
