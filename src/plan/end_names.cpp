// SPDX-License-Identifier: Apache-2.0
// Composes the names of cages, ports, cables and labels.
#include "end_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace icplan {
namespace {

std::int64_t shown(const NamePiece& piece, std::int64_t value) { return value - (piece.from_zero ? 1 : 0); }

/// The pattern for cages or ports of a port group. Management ports of switches are apart: only "switch/mgmt" names them.
const NamePattern* socket_pattern(const NameRules::Choice& choice, const std::string& ports, bool node) {
  const std::string wide = node ? "node" : "switch";
  if (!node && ports == management_ports) {
    const auto found = choice.find(wide + "/" + ports);
    return found == choice.end() ? nullptr : &found->second;
  }
  return NameRules::find(choice, wide + "/" + ports, wide);
}

struct Socket {
  std::string_view ports;
  std::int64_t cage = 1;
  std::int64_t port = 1;
  std::int64_t number = 1;
  std::int64_t lane = 1;
};

std::string socket_name(const NamePattern& pattern, const Socket& at) {
  std::string name;
  for (const auto& piece : pattern.pieces) {
    const auto field = piece.field.value_or(NameField::ports);
    if (!piece.field) {
      name += piece.text;
    } else if (field == NameField::ports) {
      name += at.ports;
    } else {
      const auto value = field == NameField::cage ? at.cage : field == NameField::port ? at.port : field == NameField::number ? at.number : at.lane;
      append_number(name, shown(piece, value), piece.width);
    }
  }
  return name;
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

void check_port_names(const Plan& plan, const EndNames& names, Sink& sink) {
  const auto& rules = plan.spec.names;
  if (rules.port.empty() && rules.cage.empty()) return;
  const auto& pattern = rules.port.empty() ? rules.cage.begin()->second : rules.port.begin()->second;
  for (const auto& group : plan.network.groups) {
    std::vector<std::pair<std::string_view, std::string_view>> ports;
    for (std::uint32_t p = 0; p < group.ports_per_device && group.count > 0; ++p) {
      const auto& text = names.port(group.first, p);
      ports.emplace_back(text.port_name, text.cage_and_port);
    }
    std::sort(ports.begin(), ports.end());
    const auto twice = std::adjacent_find(ports.begin(), ports.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
    if (twice == ports.end()) continue;
    sink.report(Code::duplicate_name, pattern.where,
                "ports " + std::string(twice->second) + " and " + std::string((twice + 1)->second) + " (cage, port) of `" +
                    plan.network.device_name(group.first) + "` would both be named `" + std::string(twice->first) + "`",
                "name cage, port and port group in the pattern, such as \"{ports}-{cage}.{port}\"");
    return;
  }
}

void check_cable_names(const Plan& plan, const EndNames& names, Sink& sink) {
  if (!plan.spec.names.cable) return;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> hashes;
  const auto name = [&](std::uint32_t assembly) { return cable_name(names, plan.network, plan.cables.assemblies[assembly].first_link); };
  for (std::uint32_t a = 0; a < plan.cables.assemblies.size(); ++a) hashes.emplace_back(hash_of(name(a)), a);
  std::sort(hashes.begin(), hashes.end());
  auto finding =
      Finding::of(Code::duplicate_name, plan.spec.names.cable->where, {}, "name `{device}` and `{port}` in the pattern, with `/` between them", 0);
  for (std::size_t i = 1; i < hashes.size(); ++i) {
    if (hashes[i].first != hashes[i - 1].first) continue;
    auto text = name(hashes[i].second);
    if (text != name(hashes[i - 1].second)) continue;
    if (finding.count == 0) finding.message = "two cables would be named `" + text + "`";
    finding.add([&] { return text; });
  }
  sink.report(std::move(finding));
}

} // namespace

void append_number(std::string& out, std::int64_t value, int width) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  const auto count = static_cast<int>(end - digits.data());
  if (count < width) out.append(static_cast<std::size_t>(width - count), '0');
  out.append(digits.data(), end);
}

void append_metres(std::string& out, std::int64_t millimetres) {
  append_number(out, millimetres / 1000);
  out += '.';
  append_number(out, millimetres % 1000, 3);
}

EndNames::EndNames(const Plan& plan) : plan_(plan) {
  for (const auto& group : plan.network.groups) {
    auto& tables = tables_of_group_.emplace_back();
    for (const auto& block : group.blocks) {
      const BlockKey key{group.is_node(), block.name, block.first_number, block.cages, block.disables, block.ports_per_cage, block.lanes_per_port};
      auto found = blocks_.find(key);
      if (found == blocks_.end()) found = blocks_.emplace(key, ports_of(block, group.is_node())).first;
      tables.push_back(&found->second);
    }
  }
  for (std::uint32_t r = 0; r < plan.placement.racks.size(); ++r) racks_.push_back(plan.placement.rack_name(plan.spec.floor, RackId(r)));
}

EndNames::Ports EndNames::ports_of(const CageBlock& block, bool node) const {
  const auto& rules = plan_.spec.names;
  const auto* cage_pattern = socket_pattern(rules.cage, block.name, node);
  const auto* port_pattern = socket_pattern(rules.port, block.name, node);
  Ports list;
  for (std::uint32_t c = 0; c < block.cages; ++c) {
    std::string cage = block.name == "fabric" ? std::string() : block.name + "-";
    append_number(cage, block.number(c));
    for (std::uint32_t p = 0; p < block.ports_per_cage; ++p) {
      const Socket at{block.name, block.number(c), std::int64_t{p} + 1, std::int64_t{block.number(c) - 1} * block.ports_per_cage + p + 1,
                      p * block.lanes_per_port + 1};
      PortText text;
      text.cage_and_port = cage + ",";
      append_number(text.cage_and_port, at.port);
      append_number(text.lane, at.lane);
      text.cage_name = cage_pattern != nullptr ? socket_name(*cage_pattern, at) : cage;
      text.port_name = port_pattern != nullptr ? socket_name(*port_pattern, at) : text.cage_name + "." + std::to_string(at.port);
      list.push_back(std::move(text));
    }
  }
  return list;
}

void EndNames::append_cable(std::string& out, const Assembly& assembly, const LinkGroup& of) const {
  const auto& link = plan_.network.links[assembly.first_link];
  if (plan_.spec.names.cable) {
    append(out, *plan_.spec.names.cable, assembly, of, {link.from, link.from_port}, {link.to, link.to_port});
    return;
  }
  out += plan_.spec.fabrics[of.fabric.index()].name;
  out += '/';
  append_device(out, link.from);
  out += '/';
  out += port(link.from, link.from_port).port_name;
}

void EndNames::append_field(std::string& out, const NamePiece& piece, const Assembly& assembly, const LinkGroup& of, CableEndPoint end) const {
  const auto& place = plan_.placement.devices[end.device.index()];
  const auto& rack = plan_.placement.racks[place.rack.index()];
  switch (*piece.field) {
  case NameField::fabric: out += plan_.spec.fabrics[of.fabric.index()].name; return;
  case NameField::plane: append_number(out, shown(piece, of.plane + 1), piece.width); return;
  case NameField::media: out += to_text(plan_.cables.solutions[assembly.solution.index()].media); return;
  case NameField::cable: append_cable(out, assembly, of); return;
  case NameField::hall: out += plan_.spec.floor.halls[rack.hall.index()].name; return;
  case NameField::row: append_number(out, shown(piece, rack.row + 1), piece.width); return;
  case NameField::position: append_number(out, shown(piece, rack.position + 1), piece.width); return;
  case NameField::rack: out += racks_[place.rack.index()]; return;
  case NameField::u: append_number(out, shown(piece, place.unit), piece.width); return;
  case NameField::device: append_device(out, end.device); return;
  case NameField::cage: out += port(end.device, end.port).cage_name; return;
  case NameField::port: out += port(end.device, end.port).port_name; return;
  default: return; // Parsing lets no other field into names of cables and labels.
  }
}

void EndNames::append(std::string& out, const NamePattern& pattern, const Assembly& assembly, const LinkGroup& of, CableEndPoint near,
                      CableEndPoint far) const {
  for (const auto& piece : pattern.pieces) {
    if (!piece.field) {
      out += piece.text;
    } else {
      append_field(out, piece, assembly, of, piece.far ? far : near);
    }
  }
}

std::string cable_name(const EndNames& names, const Network& network, std::uint32_t link) {
  const auto group = std::upper_bound(network.link_groups.begin(), network.link_groups.end(), link,
                                      [](std::uint32_t at, const LinkGroup& of) { return at < of.first; }) -
                     1;
  Assembly assembly;
  assembly.first_link = link;
  std::string name;
  names.append_cable(name, assembly, *group);
  return name;
}

void check_end_names(const Plan& plan, Sink& sink) {
  const auto& rules = plan.spec.names;
  if (rules.port.empty() && rules.cage.empty() && !rules.cable) return;
  const EndNames names(plan);
  check_port_names(plan, names, sink);
  check_cable_names(plan, names, sink);
}

} // namespace icplan
