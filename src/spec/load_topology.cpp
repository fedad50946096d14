// SPDX-License-Identifier: Apache-2.0
// Reads the topology of a fabric: its kind, and what that kind lets a spec state.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"
#include "words.hpp"

#include <algorithm>

namespace icplan {

using json::ObjectReader;

namespace {

constexpr std::int64_t most_routers = 1'000'000;
constexpr std::int64_t most_ports = 100'000;

} // namespace

/// The word that names the topology, whether it stands alone or as `kind`.
std::optional<Topology> SpecLoader::topology_kind(const json::Value& value, const std::string& path) {
  const json::Value* word = &value;
  if (value.kind == json::Kind::object) {
    ObjectReader item(value, path, sink_);
    item.require("kind");
    word = item.any("kind");
    if (word == nullptr) return std::nullopt;
  }
  std::vector<std::string_view> known;
  for (const auto& entry : topology_words) known.push_back(entry.text);
  if (word->kind != json::Kind::string) {
    sink_.report(Code::wrong_type, word->where, "`topology` must be a string or an object, found " + std::string(json::describe(word->kind)),
                 "use " + quoted_choice(known));
    return std::nullopt;
  }
  for (const auto& entry : topology_words) {
    if (entry.text == word->text) return entry.value;
  }
  const auto nearest = closest_word(word->text, known);
  sink_.report(Code::unknown_word, word->where, "`topology` is " + quoted(word->text) + ", which is not known",
               nearest ? "did you mean " + quoted(*nearest) + "?" : "use " + quoted_choice(known));
  return std::nullopt;
}

void SpecLoader::read_topology(ObjectReader& reader, FabricSpec& fabric) {
  const json::Value* value = reader.any("topology");
  if (value == nullptr) return;
  const auto path = reader.path() + ".topology";
  const auto kind = topology_kind(*value, path);
  fabric.options.origin.whole = value->where;
  if (kind) fabric.topology = *kind;
  if (kind == Topology::explicit_links && value->kind != json::Kind::object) {
    sink_.report(Code::missing_key, value->where, "an explicit topology lists its links, so the word alone does not say enough",
                 "use { \"kind\": \"explicit\", \"switches\": { \"leaf\": 2 }, \"csv\": \"links.csv\" }");
  }
  if (value->kind != json::Kind::object || !kind) return;
  fabric.options.origin = origin_of(*value);
  ObjectReader item(*value, path, sink_);
  item.ignore("kind");
  read_topology_options(item, fabric.topology, fabric.options);
  item.finish();
}

void SpecLoader::read_topology_options(ObjectReader& item, Topology topology, TopologyOptions& options) {
  const auto number = [&](std::string_view key, std::optional<std::int64_t>& field, std::int64_t least, std::int64_t most) {
    field = item.integer(key, least, most);
  };
  switch (topology) {
  case Topology::collapsed_core: number("isl", options.isl, 0, most_ports); break;
  case Topology::access: number("uplinks", options.uplinks, 0, most_ports); break;
  case Topology::dual_tor: options.backup = item.integer("backup", 0, most_ports).value_or(0); break;
  case Topology::multi_plane: options.of = item.enumeration<Topology>("of", plane_words).value_or(Topology::fat_tree); break;
  case Topology::dragonfly:
    number("a", options.routers, 1, most_routers);
    number("p", options.endpoints, 1, most_ports);
    number("h", options.global_ports, 0, most_ports);
    number("g", options.groups, 1, most_routers);
    break;
  case Topology::dragonfly_plus:
    number("l", options.leaves, 1, most_ports);
    number("s", options.spines, 1, most_ports);
    number("p", options.endpoints, 1, most_ports);
    number("h", options.global_ports, 0, most_ports);
    number("g", options.groups, 1, most_routers);
    break;
  case Topology::slim_fly:
    number("q", options.order, 1, 1'000);
    number("p", options.endpoints, 1, most_ports);
    break;
  case Topology::torus:
    read_dimensions(item, options);
    number("p", options.endpoints, 1, most_ports);
    break;
  case Topology::explicit_links: read_explicit(item, options); break;
  case Topology::single_switch:
  case Topology::fat_tree:
  case Topology::rail_optimized:
  case Topology::rail_only: break;
  }
}

void SpecLoader::read_dimensions(ObjectReader& item, TopologyOptions& options) {
  const json::Value* list = item.array("dims");
  if (list == nullptr) return;
  std::int64_t routers = 1;
  for (const auto& value : list->items) {
    const auto length = value.kind == json::Kind::number ? json::scaled(value.text, 0) : std::nullopt;
    if (!length || *length < 1 || *length > 10'000) {
      sink_.report(Code::out_of_range, value.where, "`dims` holds lengths from 1 to 10,000, as whole numbers", "for example [8, 8, 8]");
      return;
    }
    options.dimensions.push_back(*length);
    routers = std::min(routers * *length, most_routers + 1);
  }
  if (list->items.size() < 2 || list->items.size() > 3) {
    sink_.report(Code::out_of_range, list->where,
                 "`dims` has " + counted(static_cast<std::int64_t>(list->items.size()), "length", "lengths") + "; a torus has 2 or 3 dimensions",
                 "for example [8, 8, 8]");
  } else if (routers > most_routers) {
    sink_.report(Code::out_of_range, list->where, "`dims` asks for more than " + grouped(most_routers) + " routers", "make it smaller");
  }
}

void SpecLoader::read_external(ObjectReader& reader, FabricSpec& fabric) {
  const json::Value* list = reader.array("external");
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    ObjectReader item(list->items[i], reader.path() + "." + indexed("external", i), sink_);
    if (!item.is_object()) continue;
    ExternalLinks external;
    external.origin = origin_of(list->items[i]);
    external.name = item.string("name").value_or("");
    const auto count = item.integer("count", 1, 1'000'000);
    external.speed = item.quantity<Mbps>("speed_gbps", 3, 1, 100'000'000);
    external.breakout = item.integer("breakout", 1, 16).value_or(1);
    const bool complete = item.require_all({"name", "count"});
    item.finish();
    if (!complete || !count) continue;
    if (!is_plain_name(external.name)) {
      sink_.report(Code::unknown_word, external.origin.of("name"),
                   shown_name(external.name) + " is no plain name: names are made of letters, digits, `-`, `_` and `.`, at most 64 of them",
                   "say where the links lead");
      continue;
    }
    external.count = *count;
    fabric.external.push_back(std::move(external));
  }
}

/// Names of other fabrics are resolved when all fabrics are read.
void SpecLoader::resolve_fabrics() {
  for (std::size_t f = 0; f < spec_.fabrics.size(); ++f) {
    auto& fabric = spec_.fabrics[f];
    for (const auto& [key, text] : fabric_names_[f]) {
      std::vector<std::string_view> names;
      for (const auto& other : spec_.fabrics) {
        if (&other != &fabric) names.push_back(other.name);
      }
      const auto found = std::find_if(spec_.fabrics.begin(), spec_.fabrics.end(), [&text = text](const auto& other) { return other.name == text; });
      if (found == spec_.fabrics.end() || &*found == &fabric) {
        const auto nearest = closest_word(text, names);
        sink_.report(Code::unknown_name, fabric.origin.of(key), quoted(key) + " is " + shown_name(text) + ", which is no other fabric",
                     nearest         ? "did you mean " + quoted(*nearest) + "?"
                     : names.empty() ? "add it to `fabrics`"
                                     : "use " + quoted_choice(names));
        continue;
      }
      const FabricId id(static_cast<std::uint32_t>(found - spec_.fabrics.begin()));
      (key == "on" ? fabric.on : fabric.uplink_to) = id;
    }
  }
  for (auto& fabric : spec_.fabrics) {
    if (fabric.on) {
      const auto& host = spec_.fabrics[fabric.on->index()];
      if (host.on) {
        sink_.report(Code::conflicting_values, fabric.origin.of("on"), "fabric " + quoted(host.name) + " has no switches: it is `on` another one",
                     "name the fabric that has the switches");
      }
      fabric.models = host.models;
      fabric.planes = host.planes;
      fabric.topology = host.topology;
    }
    check_uplink(fabric);
  }
  check_managers();
}

/// The management ports of switches can be cabled once, to a fabric with switches and one plane.
void SpecLoader::check_managers() {
  const FabricSpec* manager = nullptr;
  for (const auto& fabric : spec_.fabrics) {
    for (const auto& attachment : fabric.attach) {
      if (attachment.devices != AttachedDevices::switches) continue;
      const auto where = attachment.origin.of("devices");
      if (manager != nullptr) {
        sink_.report(Code::ports_used_twice, where, "fabrics " + quoted(manager->name) + " and " + quoted(fabric.name) + " both attach the switches",
                     "attach them to one fabric, once");
      } else if (fabric.on) {
        sink_.report(Code::conflicting_values, where,
                     "fabric " + quoted(fabric.name) + " attaches the switches, but is `on` another one and has none of its own",
                     "attach them to a fabric with switches of its own, such as one of topology `access`");
      } else if (fabric.planes != 1) {
        sink_.report(Code::planes_do_not_divide, where,
                     "a switch has one management port, but fabric " + quoted(fabric.name) + " has " + std::to_string(fabric.planes) + " planes",
                     "attach the switches to a fabric with one plane");
      }
      manager = &fabric;
    }
  }
}

namespace {

bool attaches_switches(const FabricSpec& fabric) {
  return std::any_of(fabric.attach.begin(), fabric.attach.end(), [](const auto& of) { return of.devices == AttachedDevices::switches; });
}

} // namespace

void SpecLoader::check_uplink(const FabricSpec& fabric) {
  if (!fabric.uplink_to) return;
  const auto& target = spec_.fabrics[fabric.uplink_to->index()];
  const bool listed = fabric.topology == Topology::explicit_links;
  if (target.on) {
    sink_.report(Code::conflicting_values, fabric.origin.of("uplink_to"),
                 "the uplinks of fabric " + quoted(fabric.name) + " lead into " + quoted(target.name) +
                     ", which has no switches: it is `on` another one",
                 "name the fabric that has the switches");
  } else if (attaches_switches(target)) {
    sink_.report(Code::conflicting_values, fabric.origin.of("uplink_to"),
                 "the uplinks of fabric " + quoted(fabric.name) + " lead into " + quoted(target.name) +
                     ", which attaches the switches and is built last",
                 "attach the switches to fabric " + quoted(fabric.name));
  } else if (fabric.topology != Topology::access && !listed) {
    sink_.report(Code::conflicting_values, fabric.origin.of("uplink_to"),
                 "`uplink_to` belongs to topologies `access` and `explicit`, but fabric " + quoted(fabric.name) + " is " +
                     quoted(to_text(fabric.topology)),
                 "use topology `access`, or `on` to share switches");
  } else if (listed != (target.topology == Topology::explicit_links)) {
    sink_.report(Code::conflicting_values, fabric.origin.of("uplink_to"),
                 "the uplinks of fabric " + quoted(fabric.name) + " lead into " + quoted(target.name) + ", and only one of the two lists its links",
                 "list the links of both, or of neither");
  } else if (target.topology == Topology::access || target.uplink_to) {
    sink_.report(Code::conflicting_values, fabric.origin.of("uplink_to"),
                 "the uplinks of fabric " + quoted(fabric.name) + " lead into " + quoted(target.name) +
                     (target.topology == Topology::access ? ", which is an `access` fabric itself" : ", which has uplinks itself"),
                 "name a fabric with leaves of another topology");
  }
}

} // namespace icplan
