// SPDX-License-Identifier: Apache-2.0
// The entry: accepted bases, price lists, and checks over the whole spec.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"
#include "icplan/spec/finding_rules.hpp"
#include "load_operations.hpp"
#include "words.hpp"

#include <algorithm>
#include <set>

namespace icplan {

using json::ObjectReader;

std::optional<PartId> SpecLoader::part_named(const std::string& id, SourceRange where, PartKind kind) {
  const auto found = catalog_.find(id);
  const auto wanted = std::string(to_text(kind));
  if (!found) {
    const auto nearest = catalog_.nearest(id, kind);
    sink_.report(Code::unknown_part, where, "no " + wanted + " " + quoted(id) + " in the catalogs",
                 nearest ? "did you mean " + quoted(*nearest) + "?"
                         : "`icplan catalog list " + wanted + "` prints the known ones; add your own through `catalogs`");
    return std::nullopt;
  }
  if (catalog_[*found].kind != kind) {
    sink_.report(Code::wrong_part_kind, where, quoted(id) + " is a " + std::string(to_text(catalog_[*found].kind)) + ", not a " + wanted,
                 "`icplan catalog list " + wanted + "` prints the known ones");
    return std::nullopt;
  }
  if (refuse_disabled(*found, where, {})) return std::nullopt;
  return found;
}

/// Reports a disabled part that the spec names, or that something which it names holds.
bool SpecLoader::refuse_disabled(PartId part, SourceRange where, const std::string& holder) {
  const auto* disabling = catalog_.disabled(part);
  if (disabling == nullptr) return false;
  sink_.report(Code::disabled_part, where,
               (holder.empty() ? "" : quoted(holder) + " holds ") + quoted(catalog_[part].id) + (holder.empty() ? " is" : ", which is") +
                   " disabled by " + disabling->file,
               "use another part, or take it out of that file's `disable`");
  return true;
}

/// The GPUs and NICs that come inside of a node.
void SpecLoader::check_disabled() {
  for (const auto& group : spec_.nodes) {
    if (!group.model.valid()) continue;
    const auto& model = catalog_[group.model];
    const auto* node = model.as<NodeFacts>();
    if (node == nullptr) continue;
    const auto check = [&](const std::string& id) {
      if (const auto held = catalog_.find(id)) refuse_disabled(*held, group.origin.of("model"), model.id);
    };
    check(node->gpu);
    for (const auto& ports : node->ports) {
      const auto& gone = group.replaced_ports;
      if (std::find(gone.begin(), gone.end(), ports.name) == gone.end()) check(ports.nic);
    }
  }
}

std::optional<PartId> SpecLoader::part(ObjectReader& reader, std::string_view key, PartKind kind) {
  const auto id = reader.string(key);
  if (!id) return std::nullopt;
  return part_named(*id, reader.any(key)->where, kind);
}

bool SpecLoader::too_many(const json::Value& list, std::string_view name, std::size_t most) {
  if (list.items.size() <= most) return false;
  sink_.report(Code::out_of_range, list.items[most].where,
               quoted(name) + " has " + grouped(static_cast<std::int64_t>(list.items.size())) + " entries; it may have at most " +
                   grouped(static_cast<std::int64_t>(most)),
               "describe equal ones once, with `count`");
  return true;
}

void SpecLoader::read_accept(ObjectReader& reader) {
  if (reader.any("accept") == nullptr) defaulted("accept", "datasheet, secondary, generic");
  for (const auto& word : reader.strings("accept")) {
    if (word == "unconfirmed") {
      spec_.accept.add(Basis::unconfirmed);
    } else if (word == "claim") {
      spec_.accept.add(Basis::claim);
    } else if (word != "datasheet" && word != "secondary" && word != "generic") {
      sink_.report(Code::unknown_word, reader.any("accept")->where, "`accept` holds " + quoted(word) + ", which is no basis",
                   "use `datasheet`, `secondary`, `generic`, `unconfirmed` or `claim`");
    }
  }
}

/// The list that the caller names, else the spec's. That a file cannot be read is reported where it is read.
void SpecLoader::read_prices() {
  if (!prices_.empty()) spec_.price_file = prices_;
  if (spec_.price_file.empty()) return;
  const auto found = files_.find(spec_.price_file);
  if (found != files_.end()) spec_.prices = read_price_list(found->second.file, found->second.text, spec_.price_file, catalog_, sink_);
}

void SpecLoader::check_names() {
  const auto check = [&](const auto& list, std::string_view what, std::string_view key) {
    std::set<std::string_view> seen;
    for (const auto& item : list) {
      if (seen.insert(item.name).second) continue;
      sink_.report(Code::duplicate_name, item.origin.of(key), "two " + std::string(what) + " are named " + quoted(item.name),
                   "give each its own " + quoted(key));
    }
  };
  check(spec_.nodes, "node groups", "group");
  check(spec_.fabrics, "fabrics", "name");
  check(spec_.racks, "racks", "name");
  check(spec_.floor.halls, "halls", "name");
  const auto check_plain = [&](const auto& list, std::string_view key) {
    for (const auto& item : list) {
      if (!is_plain_name(item.name)) {
        sink_.report(Code::unknown_word, item.origin.of(key),
                     shown_name(item.name) + " is no plain name: names are made of letters, digits, `-`, `_` and `.`, at most 64 of them",
                     "device and cable names are built from this one");
      }
    }
  };
  check_plain(spec_.nodes, "group");
  check_plain(spec_.fabrics, "name");
  check_plain(spec_.racks, "name");
  check_plain(spec_.floor.halls, "name");
}

void SpecLoader::check_attached() {
  for (std::uint32_t i = 0; i < spec_.nodes.size(); ++i) {
    const auto& group = spec_.nodes[i];
    const bool attached = std::any_of(spec_.fabrics.begin(), spec_.fabrics.end(), [&](const FabricSpec& fabric) {
      return std::any_of(fabric.attach.begin(), fabric.attach.end(),
                         [&](const Attachment& attachment) { return attachment.devices == AttachedDevices::nodes && attachment.group.index() == i; });
    });
    if (attached || group.gpus == 0) continue;
    sink_.report(Code::gpus_without_fabric, group.origin.of("group"),
                 "the " + grouped(group.gpus * group.count) + " GPUs of group " + quoted(group.name) + " are attached to no fabric",
                 "attach their ports to a fabric, or state their NICs with `nics`");
  }
}

void SpecLoader::check_size() {
  std::int64_t gpus = 0;
  for (const auto& group : spec_.nodes) {
    gpus += std::max<std::int64_t>(group.gpus, 1) * group.count;
    if (gpus <= most_gpus) continue;
    sink_.report(Code::cluster_too_large, group.origin.of("count"),
                 "the nodes up to this group hold " + grouped(gpus) + " GPUs; icplan plans at most " + grouped(most_gpus), "split the cluster");
    return;
  }
}

std::optional<ClusterSpec> SpecLoader::load(const json::Value& document) {
  const auto errors_before = sink_.errors();
  ObjectReader reader(document, "", sink_);
  if (!reader.is_object()) return std::nullopt;
  static_cast<void>(reader.string("$schema"));
  static_cast<void>(reader.strings("catalogs"));
  if (const auto format = reader.string("format"); format && *format != "icplan.cluster/1") {
    sink_.report(Code::wrong_format, reader.any("format")->where, "the spec's `format` is " + quoted(*format) + ", not `icplan.cluster/1`",
                 "write \"format\": \"icplan.cluster/1\"");
  }
  spec_.name = reader.string("name").value_or("cluster");
  if (spec_.name.empty() || !is_printable(spec_.name)) {
    sink_.report(Code::unknown_word, reader.any("name")->where, "`name` is empty or holds control characters",
                 "give the cluster a name that can be printed");
  }
  reader.require("name");
  read_accept(reader);
  read_racks(reader);
  read_floor(reader);
  read_media(reader, "media", media_, true);
  read_nodes(reader);
  read_fabrics(reader);
  read_extras(document);
  read_fixed();
  read_limits(reader);
  read_expected(reader);
  read_names(reader);
  read_prices();
  read_workloads(reader);
  if (auto operations = read_operations(reader)) {
    spec_.operations = std::move(*operations);
    if (!spec_.operations.origin.states("utilisation_percent")) defaulted("operations.utilisation_percent", "100");
  }
  // They hold for findings of all stages, so whoever runs the stages takes them; here is told what is wrong with them.
  reader.ignore("findings");
  static_cast<void>(load_finding_rules(document, sink_));
  reader.finish();
  check_expected();
  check_names();
  check_disabled();
  check_size();
  if (sink_.errors() == errors_before) check_attached();
  if (sink_.errors() != errors_before) return std::nullopt;
  return std::move(spec_);
}

std::optional<ClusterSpec> load_spec(const json::Value& document, const Catalog& catalog, const SpecFiles& files, Sink& sink,
                                     std::string_view prices) {
  return SpecLoader(catalog, files, sink, prices).load(document);
}

} // namespace icplan
