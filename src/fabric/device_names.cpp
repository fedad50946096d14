// SPDX-License-Identifier: Apache-2.0
// Turns the patterns of a spec into the names of each group of devices, and looks for names that two devices would share.
#include "device_names.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

namespace icplan {
namespace {

std::uint32_t narrowed(std::int64_t value) { return static_cast<std::uint32_t>(value); }

/// Compiles one pattern for one group: what is the same for all its devices becomes text.
class GroupNamer {
public:
  GroupNamer(const ClusterSpec& spec, const NamePattern& pattern, DeviceGroup& group, Sink& sink)
      : spec_(spec), pattern_(pattern), group_(group), sink_(sink) {}

  void run() {
    for (const auto& piece : pattern_.pieces) {
      if (!piece.field) {
        text(piece.text);
      } else if (group_.is_node()) {
        node_field(piece);
      } else {
        switch_field(piece);
      }
    }
  }

private:
  void text(std::string_view more) {
    if (group_.name.empty() || group_.name.back().number) group_.name.emplace_back();
    group_.name.back().text += more;
  }

  void number(const NamePiece& piece, std::uint32_t divide, std::uint32_t modulo, std::uint32_t shift = 0) {
    NameTerm term;
    term.number = true;
    term.shift = shift;
    term.divide = divide;
    term.modulo = modulo;
    term.first = piece.from_zero ? 0 : 1;
    term.width = static_cast<std::uint32_t>(piece.width);
    group_.name.push_back(std::move(term));
  }

  void constant(const NamePiece& piece, std::int64_t value) {
    auto digits = std::to_string(value - (piece.from_zero ? 1 : 0));
    if (digits.size() < static_cast<std::size_t>(piece.width)) digits.insert(0, static_cast<std::size_t>(piece.width) - digits.size(), '0');
    text(digits);
  }

  void missing(const NamePiece& piece, const std::string& why, std::string help) {
    sink_.report(Code::no_such_name_field, pattern_.where, "the pattern uses `{" + std::string(to_text(*piece.field)) + "}`, but " + why,
                 std::move(help));
  }

  void node_field(const NamePiece& piece) {
    const auto& nodes = spec_.nodes[group_.nodes.index()];
    const bool by_unit = pattern_.uses(NameField::unit);
    if (*piece.field == NameField::group) {
      text(nodes.name);
    } else if (*piece.field == NameField::index || (*piece.field == NameField::n && !by_unit)) {
      number(piece, 1, 0);
    } else if (!nodes.unit) {
      // `n` counts within the unit here: one finding says it for both.
      if (*piece.field == NameField::unit)
        missing(piece, "node group `" + nodes.name + "` states no `unit`", "state its `unit`, or give it a pattern of its own under `names.node`");
    } else if (*piece.field == NameField::unit) {
      number(piece, narrowed(*nodes.unit), 0);
    } else {
      number(piece, 1, narrowed(*nodes.unit));
    }
  }

  void switch_field(const NamePiece& piece) {
    const auto& order = group_.order;
    switch (*piece.field) {
    case NameField::fabric: text(spec_.fabrics[group_.fabric.index()].name); return;
    case NameField::tier: text(tier_word(spec_, group_)); return;
    case NameField::plane: constant(piece, group_.plane + 1); return;
    case NameField::index: number(piece, 1, 0); return;
    case NameField::n: number_within(piece); return;
    case NameField::rail:
      if (group_.rail_network) return constant(piece, group_.rail + 1);
      if (order.rails > 0) return number(piece, 1, order.rails);
      break;
    case NameField::unit:
      if (order.per_unit > 0 && order.unit_stated) return number(piece, order.per_unit, 0);
      break;
    case NameField::pod:
      if (order.pod > 0) return constant(piece, order.pod);
      if (order.per_pod > 0) return number(piece, order.per_pod, 0);
      break;
    case NameField::group:
      if (!order.serves.empty()) return text(order.serves);
      break;
    default: break;
    }
    const auto what =
        "switches of tier `" + std::string(tier_word(spec_, group_)) + "` of fabric `" + spec_.fabrics[group_.fabric.index()].name + "` ";
    const bool unit_left_out = *piece.field == NameField::unit && order.per_unit > 0;
    missing(piece, what + (unit_left_out ? "serve nodes of `" + order.serves + "`, which state no `unit`" : "have none"),
            unit_left_out ? "state the `unit` of the group" : "give that tier a pattern of its own under `names.switch`, by \"fabric/tier\"");
  }

  /// `n` counts within the unit or pod that the pattern names, else like `index`.
  void number_within(const NamePiece& piece) {
    const auto& order = group_.order;
    if (pattern_.uses(NameField::unit) && order.per_unit > 0) return number(piece, 1, order.per_unit);
    if (pattern_.uses(NameField::pod) && order.pod > 0) return number(piece, 1, 0, order.before_pod);
    if (pattern_.uses(NameField::pod) && order.per_pod > 0) return number(piece, 1, order.per_pod);
    number(piece, 1, 0);
  }

  const ClusterSpec& spec_;
  const NamePattern& pattern_;
  DeviceGroup& group_;
  Sink& sink_;
};

/// "node 33 of group `gpu`": a device without its name.
std::string described(const ClusterSpec& spec, const DeviceGroup& group, std::uint32_t n) {
  if (group.is_node()) return "node " + grouped(std::int64_t{n} + 1) + " of group `" + spec.nodes[group.nodes.index()].name + "`";
  const auto& fabric = spec.fabrics[group.fabric.index()];
  std::string text = std::string(tier_word(spec, group)) + " " + grouped(std::int64_t{group.first_number} + n);
  if (group.rail_network) text += " of rail " + std::to_string(group.rail + 1);
  if (fabric.planes > 1) text += " of plane " + std::to_string(group.plane + 1);
  if (!group.order.serves.empty()) text += " for `" + group.order.serves + "`";
  return text + " of fabric `" + fabric.name + "`";
}

SourceRange asked_for(const ClusterSpec& spec, const DeviceGroup& group) {
  if (!group.is_node()) {
    const auto& fabric = spec.fabrics[group.fabric.index()];
    const auto* pattern = NameRules::find(spec.names.switches, fabric.name + "/" + std::string(tier_word(spec, group)), fabric.name);
    return pattern != nullptr ? pattern->where : fabric.origin.of("name");
  }
  const auto& nodes = spec.nodes[group.nodes.index()];
  const auto* pattern = group.name.empty() ? nullptr : NameRules::find(spec.names.node, nodes.name);
  return pattern != nullptr ? pattern->where : nodes.origin.of("group");
}

/// Names by prefix and number: two groups with one prefix may not overlap.
void check_ranges(const ClusterSpec& spec, const Network& network, Sink& sink) {
  std::vector<const DeviceGroup*> groups;
  for (const auto& group : network.groups) groups.push_back(&group);
  std::stable_sort(groups.begin(), groups.end(), [](const DeviceGroup* a, const DeviceGroup* b) {
    return std::tie(a->name_prefix, a->first_number) < std::tie(b->name_prefix, b->first_number);
  });
  for (std::size_t i = 1; i < groups.size(); ++i) {
    const auto& last = *groups[i - 1];
    if (groups[i]->name_prefix != last.name_prefix || groups[i]->first_number >= last.first_number + last.count) continue;
    const auto& group = *std::max(groups[i - 1], groups[i]);
    sink.report(Code::duplicate_name, spec.fabrics[group.fabric.index()].origin.of("name"),
                "two devices would be named `" + network.device_name(group.first) + "`",
                "rename the fabric or the node group that the name is built from");
  }
}

/// Patterns can make any name, so all of them are spelt out and sorted.
void check_all(const ClusterSpec& spec, const Network& network, Sink& sink) {
  struct Named {
    std::string name;
    std::uint32_t group = 0;
    std::uint32_t n = 0;
  };
  std::vector<Named> all;
  all.reserve(network.devices());
  for (std::uint32_t g = 0; g < network.groups.size(); ++g) {
    for (std::uint32_t n = 0; n < network.groups[g].count; ++n) {
      Named named{{}, g, n};
      network.groups[g].append_name(named.name, n);
      all.push_back(std::move(named));
    }
  }
  std::sort(all.begin(), all.end(), [](const Named& a, const Named& b) { return std::tie(a.name, a.group, a.n) < std::tie(b.name, b.group, b.n); });
  // One finding for a pattern, whatever the names: they are its examples.
  std::vector<Finding> found;
  const auto add = [&](Code code, const Named& at, std::string message, std::string help) {
    const auto where = asked_for(spec, network.groups[at.group]);
    auto same = std::find_if(found.begin(), found.end(), [&](const Finding& other) {
      return other.code == code && other.where.file == where.file && other.where.begin == where.begin;
    });
    if (same == found.end()) same = found.insert(found.end(), Finding::of(code, where, std::move(message), std::move(help), 0));
    same->add([&] { return at.name; });
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& group = network.groups[all[i].group];
    if (all[i].name.size() > most_name_characters)
      add(Code::wrong_name_pattern, all[i],
          described(spec, group, all[i].n) + " would have a name of " + std::to_string(all[i].name.size()) + " characters; names have at most " +
              std::to_string(most_name_characters),
          "shorten the pattern, or the names that it holds");
    if (i == 0 || all[i].name != all[i - 1].name) continue;
    const auto& other = all[i - 1];
    add(Code::duplicate_name, all[i],
        described(spec, network.groups[other.group], other.n) + " and " + described(spec, group, all[i].n) + " would both be named `" + all[i].name +
            "`",
        "name what tells them apart in the pattern, such as `{index}`, `{group}` or `{fabric}`");
  }
  for (auto& finding : found) sink.report(std::move(finding));
}

} // namespace

std::string_view tier_word(const ClusterSpec& spec, const DeviceGroup& group) {
  const auto topology = spec.fabrics[group.fabric.index()].topology;
  if (topology == Topology::dragonfly || topology == Topology::slim_fly || topology == Topology::torus) return "router";
  constexpr std::array<std::string_view, max_tiers> words = {"leaf", "spine", "core"};
  return words[static_cast<std::size_t>(group.tier - 1)];
}

void name_devices(const ClusterSpec& spec, DeviceGroup& group, Sink& sink) {
  const NamePattern* pattern = nullptr;
  if (!group.is_node()) {
    const auto& fabric = spec.fabrics[group.fabric.index()].name;
    pattern = NameRules::find(spec.names.switches, fabric + "/" + std::string(tier_word(spec, group)), fabric);
  } else if (const auto& nodes = spec.nodes[group.nodes.index()]; !nodes.pdus) {
    pattern = NameRules::find(spec.names.node, nodes.name);
  }
  if (pattern != nullptr) GroupNamer(spec, *pattern, group, sink).run();
}

void check_device_names(const ClusterSpec& spec, const Network& network, Sink& sink) {
  const bool patterns = std::any_of(network.groups.begin(), network.groups.end(), [](const DeviceGroup& group) { return !group.name.empty(); });
  patterns ? check_all(spec, network, sink) : check_ranges(spec, network, sink);
}

} // namespace icplan
