// SPDX-License-Identifier: Apache-2.0
// The customer's own patterns for names, such as "su-{unit:02}-node-{n:02}", parsed once.
#pragma once

#include "icplan/diag/finding.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// What a pattern names.
enum class NameOf : std::uint8_t { node, switch_, rack, cage, port, cable, label };

/// What a field of a pattern stands for. `hall` to `rack` are places, `ports` the port group of a cage, `number` the port counted over its port
/// group, `lane` the first electrical lane that a port has in its cage.
enum class NameField : std::uint8_t {
  group,
  index,
  n,
  unit,
  fabric,
  tier,
  plane,
  rail,
  pod,
  hall,
  row,
  position,
  rack,
  u,
  device,
  ports,
  cage,
  port,
  number,
  lane,
  cable,
  media
};
/// "unit" for `NameField::unit`.
[[nodiscard]] std::string_view to_text(NameField field);

/// A piece of a pattern: fixed text, or a field.
struct NamePiece {
  std::string text;
  std::optional<NameField> field;
  /// Of the other end of the cable: `{far.device}`.
  bool far = false;
  /// `{port-1}` counts from 0.
  bool from_zero = false;
  /// Least number of digits: `{n:03}`.
  int width = 1;

  friend bool operator==(const NamePiece&, const NamePiece&) = default;
};

struct NamePattern {
  /// As it was written.
  std::string text;
  std::vector<NamePiece> pieces;
  SourceRange where;

  [[nodiscard]] bool uses(NameField field) const;
};

/// Reads a pattern. What is wrong with it (a brace without its partner, a field that this kind of name does not have, a character that such names
/// cannot hold) is in the sink, and nothing is returned. `key` names it in messages: "names.node".
[[nodiscard]] std::optional<NamePattern> parse_name_pattern(std::string_view text, std::string_view key, NameOf of, SourceRange where, Sink& sink);

/// The patterns of a spec but that of racks, which is the floor's; what it leaves out keeps its default name.
struct NameRules {
  using Choice = std::map<std::string, NamePattern, std::less<>>;
  /// By node group; the empty key is for all others.
  Choice node;
  /// By "fabric/tier" or fabric.
  Choice switches;
  /// By "node" and "switch", or by port group: "switch/mgmt".
  Choice cage;
  Choice port;
  std::optional<NamePattern> cable;
  std::optional<NamePattern> label;

  /// The pattern for the key, else for the wider one, else for all; nothing when there is none.
  [[nodiscard]] static const NamePattern* find(const Choice& choice, std::string_view key, std::string_view wider = {});
};

/// The longest name of a device or rack.
inline constexpr std::size_t most_name_characters = 64;

} // namespace icplan
