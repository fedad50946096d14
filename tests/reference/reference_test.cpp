// SPDX-License-Identifier: Apache-2.0
// Published designs: every file of tests/reference/designs is planned, checked and compared with the figures that it states.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/base/text.hpp"
#include "icplan/json/value.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == '.' && words.size() < 3) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

const FabricLayout* layout_of(const Plan& plan, std::string_view name) {
  for (std::size_t f = 0; f < plan.spec.fabrics.size(); ++f) {
    if (plan.spec.fabrics[f].name == name) return &plan.network.fabrics[f];
  }
  return nullptr;
}

std::optional<std::int64_t> summary(const Plan& plan, std::string_view what) {
  const auto counts = count_plan(plan);
  if (what == "nodes") return counts.nodes;
  if (what == "support_nodes") return counts.support_nodes;
  if (what == "gpus") return counts.gpus;
  if (what == "switches") return counts.switches;
  if (what == "links") return counts.links;
  if (what == "cables") return counts.cables;
  if (what == "modules") return counts.modules;
  if (what == "racks") return counts.racks;
  return std::nullopt;
}

std::optional<std::int64_t> fabric_figure(const Plan& plan, const FabricLayout& layout, std::string_view what) {
  if (what == "endpoints") return layout.endpoints;
  if (what == "tiers") return static_cast<std::int64_t>(layout.tiers.size());
  const auto& name = plan.spec.fabrics[layout.fabric.index()].name;
  if (what == "leaf" || what == "router") return switches(plan, name, 1);
  if (what == "spine") return switches(plan, name, 2);
  if (what == "core") return switches(plan, name, 3);
  if (what == "planes") return plan.spec.fabrics[layout.fabric.index()].planes;
  if (what == "rails") return layout.rails;
  return std::nullopt;
}

/// Links of a kind between switches, such as "isl" or "global"; nothing where the fabric has none.
std::optional<std::int64_t> links_of_kind(const Plan& plan, const FabricLayout& layout, std::string_view kind) {
  std::optional<std::int64_t> count;
  for (const auto& group : plan.network.link_groups) {
    if (group.fabric != layout.fabric || to_text(group.kind) != kind) continue;
    count = count.value_or(0) + group.count;
  }
  return count;
}

std::optional<std::int64_t> link_figure(const Plan& plan, const FabricLayout& layout, const std::string& what) {
  const std::vector<std::string> stages = {"node-leaf", "leaf-spine", "spine-core"};
  const auto stage = std::find(stages.begin(), stages.end(), what);
  const auto& name = plan.spec.fabrics[layout.fabric.index()].name;
  return stage == stages.end() ? links_of_kind(plan, layout, what) : links(plan, name, stage - stages.begin());
}

/// Switch cages of a tier with a port in use, among those that have the use ("down", "up", "peer") and port speed of "peer-400".
std::int64_t lit_cages(const Plan& plan, const FabricLayout& layout, std::int64_t tier, std::string_view what) {
  std::vector<bool> seen(plan.network.cages, false);
  const auto visit = [&](DeviceId device, std::uint32_t port) {
    const auto& group = plan.network.group(device);
    if (group.is_node() || group.fabric != layout.fabric || group.tier != tier) return;
    const auto& block = group.block_of_port(port);
    const auto use = block.use == CageUse::down ? "down-" : block.use == CageUse::up ? "up-" : "peer-";
    if (block.name != management_ports && use + decimal(block.speed.count(), 3) == what) seen[plan.network.cage(device, port).index()] = true;
  };
  for (const auto& link : plan.network.links) {
    visit(link.from, link.from_port);
    visit(link.to, link.to_port);
  }
  for (const auto& any : plan.network.fabrics) {
    for (const auto& port : any.reserved) visit(port.device, port.port);
    for (const auto& port : any.external) visit(port.device, port.port);
  }
  return std::count(seen.begin(), seen.end(), true);
}

/// A figure such as "leaf.used" over all switches of the tier.
std::optional<std::int64_t> cage_figure(const Plan& plan, const FabricLayout& layout, std::string_view key) {
  const auto dot = key.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto tier = std::find_if(layout.tiers.begin(), layout.tiers.end(), [&](const Tier& of) { return of.name == key.substr(0, dot); });
  if (tier == layout.tiers.end()) return std::nullopt;
  const auto number = tier - layout.tiers.begin();
  const auto use = measure_tiers(plan, layout.fabric.index())[static_cast<std::size_t>(number)];
  const auto what = key.substr(dot + 1);
  if (what == "used") return use.cages_used;
  if (what == "disabled") return use.cages_disabled;
  if (what == "free") return use.cages_free;
  return lit_cages(plan, layout, number + 1, what);
}

/// Modules in the fabric's cages on nodes or on switches.
std::optional<std::int64_t> module_figure(const Plan& plan, const FabricLayout& layout, std::string_view where) {
  if (where != "node" && where != "switch") return std::nullopt;
  std::vector<bool> seen(plan.network.cages, false);
  std::int64_t count = 0;
  for (const auto& group : plan.network.link_groups) {
    if (group.fabric != layout.fabric) continue;
    for (auto i = group.first; i < group.first + group.count; ++i) {
      const auto& link = plan.network.links[i];
      const auto visit = [&](DeviceId device, std::uint32_t port) {
        const auto cage = plan.network.cage(device, port).index();
        if (seen[cage]) return;
        seen[cage] = true;
        const bool wanted = plan.network.group(device).is_node() == (where == "node");
        count += wanted && plan.cables.module_of_cage[cage] != 0 ? 1 : 0;
      };
      visit(link.from, link.from_port);
      visit(link.to, link.to_port);
    }
  }
  return count;
}

/// The figure that a key such as "links.compute.node-leaf" names, in thousandths; nothing for a key that means nothing.
std::optional<std::int64_t> thousandths(const Plan& plan, std::string_view key) {
  const auto words = split(key);
  const auto whole = [](std::optional<std::int64_t> count) { return count ? std::optional(*count * 1000) : std::nullopt; };
  if (words[0] == "summary" && words.size() == 2) return whole(summary(plan, words[1]));
  if (words[0] == "bom" && words.size() >= 2) {
    std::int64_t count = 0;
    for (const auto& row : plan.bom) count += row.kind == words[1] && (words.size() == 2 || plan.part(row.part).id == words[2]) ? row.quantity : 0;
    return whole(count);
  }
  const auto* layout = words.size() == 3 ? layout_of(plan, words[1]) : nullptr;
  if (layout == nullptr) return std::nullopt;
  if (words[0] == "fabrics") return whole(fabric_figure(plan, *layout, words[2]));
  if (words[0] == "modules") return whole(module_figure(plan, *layout, words[2]));
  if (words[0] == "rows") {
    std::int64_t count = 0;
    for (const auto& row : plan.bom) count += row.fabric == layout->fabric && row.kind == words[2] ? row.quantity : 0;
    return whole(count);
  }
  if (words[0] == "links") return whole(link_figure(plan, *layout, words[2]));
  if (words[0] == "cages") return whole(cage_figure(plan, *layout, words[2]));
  if (words[0] == "external") {
    const auto& external = plan.spec.fabrics[layout->fabric.index()].external;
    return whole(
        std::count_if(layout->external.begin(), layout->external.end(), [&](const auto& port) { return external[port.external].name == words[2]; }));
  }
  if (words[0] == "reserved") {
    const auto& reservations = plan.spec.fabrics[layout->fabric.index()].reserved;
    return whole(std::count_if(layout->reserved.begin(), layout->reserved.end(),
                               [&](const auto& port) { return reservations[port.reservation].purpose == words[2]; }));
  }
  if (words[0] == "oversubscription") {
    for (const auto& tier : layout->tiers) {
      if (tier.name == words[2] && tier.oversubscription) return tier.oversubscription->numerator * 1000 / tier.oversubscription->denominator;
    }
  }
  if (words[0] == "bandwidth") {
    for (const auto& bandwidth : measure_bandwidth(plan)) {
      if (bandwidth.fabric != layout->fabric) continue;
      if (words[2] == "bisection_full_gbps") return bandwidth.bisection_full->count();
      if (words[2] == "bisection_half_gbps") return bandwidth.bisection_full->count() / 2;
    }
  }
  return std::nullopt;
}

/// "1-3 7": what a faceplate's list of cages reads like.
std::string ranges(const std::set<std::int64_t>& numbers) {
  std::string text;
  for (auto first = numbers.begin(); first != numbers.end();) {
    auto last = first;
    while (std::next(last) != numbers.end() && *std::next(last) == *last + 1) ++last;
    text += (text.empty() ? "" : " ") + std::to_string(*first) + (last == first ? "" : "-" + std::to_string(*last));
    first = std::next(last);
  }
  return text;
}

/// The faceplate of one switch: the numbers of its `fabric` cages by what they are used for.
std::map<std::string, std::string> faceplate(const Plan& plan, std::string_view name) {
  const auto& network = plan.network;
  std::map<std::string, std::set<std::int64_t>> cages;
  const auto visit = [&](DeviceId device, std::uint32_t port) {
    if (network.device_name(device) != name) return;
    const auto& block = network.group(device).block_of_port(port);
    if (block.name != "fabric") return;
    const std::int64_t number = block.number((port - block.first_port) / block.ports_per_cage);
    const auto* use = block.use == CageUse::down ? "down-" : block.use == CageUse::up ? "up-" : "peer-";
    cages[use + decimal(block.speed.count(), 3)].insert(number);
    cages["used"].insert(number);
    for (std::int64_t next = number + 1; next <= number + block.disables; ++next) cages["disabled"].insert(next);
  };
  for (const auto& link : network.links) {
    visit(link.from, link.from_port);
    visit(link.to, link.to_port);
  }
  for (const auto& layout : network.fabrics) {
    for (const auto& port : layout.external) visit(port.device, port.port);
  }
  for (std::uint32_t d = 0; d < network.devices(); ++d) {
    if (network.device_name(DeviceId(d)) != name) continue;
    for (const auto& group : plan.part(network.group(DeviceId(d)).part).port_groups()) {
      for (std::int64_t number = 1; group.name == "fabric" && number <= group.cages; ++number) {
        if (cages["used"].count(number) + cages["disabled"].count(number) == 0) cages["free"].insert(number);
      }
    }
  }
  cages.erase("used");
  std::map<std::string, std::string> text;
  for (const auto& [use, numbers] : cages) text.emplace(use, ranges(numbers));
  return text;
}

/// Holds switches against the cages that the design states by use. Returns how many figures that were.
std::size_t hold_faceplates(const Plan& plan, const json::Value& stated) {
  std::size_t count = 0;
  for (const auto& of : stated.items) {
    std::map<std::string, std::string> wanted;
    for (const auto& member : of.members) wanted.emplace(member.name, member.value.text);
    const auto device = wanted["device"];
    wanted.erase("device");
    INFO(device);
    CHECK(faceplate(plan, device) == wanted);
    count += wanted.size();
  }
  return count;
}

/// The ends that each row after the first names, in the order of names.
std::multiset<std::string> joined_ends(const std::string& csv) {
  std::multiset<std::string> ends;
  const auto rows = csv_rows(csv);
  REQUIRE_FALSE(rows.empty());
  const auto& header = rows.front();
  const auto column = [&](std::string_view name) {
    const auto found = std::find(header.begin(), header.end(), name);
    REQUIRE(found != header.end());
    return static_cast<std::size_t>(found - header.begin());
  };
  const auto from = std::array{column("from_device"), column("from_cage"), column("from_port")};
  const auto to = std::array{column("to_device"), column("to_cage"), column("to_port")};
  for (std::size_t r = 1; r < rows.size(); ++r) {
    const auto& row = rows[r];
    REQUIRE(row.size() == header.size());
    const auto end = [&](const std::array<std::size_t, 3>& at) { return row[at[0]] + " " + row[at[1]] + " " + row[at[2]]; };
    ends.insert(std::min(end(from), end(to)) + " to " + std::max(end(from), end(to)));
  }
  return ends;
}

/// Every listed row is a row of the cable schedule, and every row of that is listed; external links are in no schedule.
std::size_t hold_lists(const Plan& plan, const std::map<std::string, std::string>& files) {
  std::multiset<std::string> listed;
  for (const auto& file : files) listed.merge(joined_ends(file.second));
  std::size_t outside = 0;
  for (const auto& layout : plan.network.fabrics) outside += layout.external.size();
  const auto planned = joined_ends(schedule_csv(plan));
  CHECK(planned.size() + outside == listed.size());
  CHECK(std::includes(listed.begin(), listed.end(), planned.begin(), planned.end()));
  return listed.size();
}

/// The link lists that the spec names: files of the source tree, or of tests/reference/links.
std::map<std::string, std::string> lists_of(const json::Value& spec) {
  std::map<std::string, std::string> files;
  for (const auto& fabric : spec.find("fabrics")->items) {
    const auto* topology = fabric.find("topology");
    const auto* csv = topology != nullptr ? topology->find("csv") : nullptr;
    if (csv == nullptr) continue;
    const bool elsewhere = csv->text.find('/') != std::string::npos;
    files.emplace(csv->text, read_source(elsewhere ? csv->text : "tests/reference/links/" + csv->text));
  }
  return files;
}

std::string excerpt(const SourceMap& sources, const json::Value& value) {
  return std::string(sources.text(value.where.file).substr(value.where.begin, value.where.end - value.where.begin));
}

/// Compares a plan with the figures; returns how many were compared.
std::size_t compare(const Plan& plan, const json::Value& expected) {
  for (const auto& member : expected.members) {
    INFO(member.name);
    const auto found = thousandths(plan, member.name);
    REQUIRE(found);
    CHECK(found == json::scaled(member.value.text, 3));
  }
  return expected.members.size();
}

/// Plans one design. Returns how many figures it was held against.
std::size_t hold(const std::string& path) {
  SourceMap sources;
  Sink sink;
  const auto document = json::parse(sources, sources.add(path, read_source(path)), sink);
  REQUIRE(document);
  for (const auto member : {"id", "source", "url", "note", "spec", "expected"}) {
    INFO(member);
    REQUIRE(document->find(member) != nullptr);
  }
  CHECK(document->find("id")->text == std::filesystem::path(path).stem().string());
  const auto* catalog = document->find("catalog");
  const auto files = lists_of(*document->find("spec"));
  const auto planned = plan_spec(excerpt(sources, *document->find("spec")), catalog != nullptr ? excerpt(sources, *catalog) : std::string(), files);
  INFO(planned.text());
  if (const auto* refused = document->find("refused")) {
    CHECK_FALSE(planned.plan);
    const auto code = find_code(refused->find("code")->text);
    REQUIRE(code);
    CHECK(planned.reports(*code));
    CHECK(planned.text().find(refused->find("says")->text) != std::string::npos);
    return 1;
  }
  REQUIRE(planned.plan);
  CHECK(check_plan(*planned.plan).empty());
  auto held = compare(*planned.plan, *document->find("expected"));
  if (const auto* faceplates = document->find("faceplates")) held += hold_faceplates(*planned.plan, *faceplates);
  if (!files.empty()) held += hold_lists(*planned.plan, files);
  return held;
}

} // namespace

TEST_CASE("published designs come out as published", "[reference]") {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(ICPLAN_SOURCE_DIR) / "tests/reference/designs")) {
    if (entry.path().extension() == ".json") files.push_back("tests/reference/designs/" + entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  REQUIRE_FALSE(files.empty());
  for (const auto& file : files) {
    INFO(file);
    CHECK(hold(file) > 0);
  }
}
