// SPDX-License-Identifier: Apache-2.0
// The bill of materials against what stands, lies and is plugged: every row, nothing missing, nothing extra.
#include "check_plan.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace icplan {
namespace {

constexpr std::uint32_t no_index = ~0U;

/// Part, fabric, sold length, host: ids, `no_index` for none.
using RowKey = std::tuple<std::uint32_t, std::uint32_t, std::int64_t, std::uint32_t>;

struct Wanted {
  std::string_view kind;
  std::int64_t quantity = 0;
};

class BomCheck {
public:
  BomCheck(const Plan& plan, const PlanIndex& index) : plan_(plan), index_(index) {}

  void run(Violations& violations) {
    want_devices();
    want_modules();
    want_dark_modules();
    want_cables();
    want_extras();
    compare(violations);
  }

private:
  void want(PartId part, std::string_view kind, std::uint32_t fabric, std::int64_t quantity, std::int64_t length = 0, std::uint32_t host = no_index) {
    if (quantity == 0) return;
    auto& row = wanted_[{part.index(), fabric, length, host}];
    row.kind = kind;
    row.quantity += quantity;
  }

  void want_devices();
  void want_modules();
  void want_dark_modules();
  void want_cables();
  void want_extras();
  [[nodiscard]] std::int64_t extra_subjects(const Extra& extra, std::size_t fabric) const;
  void compare(Violations& violations) const;
  void check_order(const BomRow& row, const RowKey& key, Violations& violations) const;
  std::string describe(const RowKey& key) const;

  const Plan& plan_;
  const PlanIndex& index_;
  std::map<RowKey, Wanted> wanted_;
};

void BomCheck::want_devices() {
  const auto& catalog = *plan_.catalog;
  for (const auto& group : plan_.network.groups) {
    const auto* node = plan_.part(group.part).as<NodeFacts>();
    if (node == nullptr) {
      want(group.part, "switch", group.fabric.index(), group.count);
      continue;
    }
    const auto product = plan_.spec.nodes[group.nodes.index()].product;
    if (product.valid()) {
      // One for as many nodes as the catalog puts into it.
      const auto each = std::max<std::int64_t>(plan_.part(product).as<NodeFacts>()->contained, 1);
      want(product, "node", no_index, (group.count + each - 1) / each);
      want(group.part, "node", no_index, group.count, 0, product.index());
    } else {
      want(group.part, plan_.spec.nodes[group.nodes.index()].pdus ? "pdu" : "node", no_index, group.count);
    }
    if (const auto gpu = catalog.find(node->gpu)) want(*gpu, "gpu", no_index, group.count * node->gpus, 0, group.part.index());
    const auto& nodes = plan_.spec.nodes[group.nodes.index()];
    for (const auto& added : nodes.added_nics) want(added.first, "nic", no_index, group.count * added.second);
    for (const auto& own : node->ports) {
      const auto nic = catalog.find(own.nic);
      const bool kept =
          std::none_of(nodes.replaced_ports.begin(), nodes.replaced_ports.end(), [&](const std::string& gone) { return gone == own.name; });
      if (nic && kept) want(*nic, "nic", no_index, group.count * own.nics, 0, group.part.index());
    }
  }
  std::map<std::uint32_t, std::int64_t> bought;
  for (const auto& rack : plan_.placement.racks) bought[rack.spec.index()] += rack.existing ? 0 : 1;
  for (const auto& [kind, count] : bought) {
    const auto& rack = plan_.spec.racks[kind];
    want(rack.model, "rack", no_index, count, 0, rack.product.valid() ? rack.product.index() : no_index);
  }
}

/// Every lit cage holds one module, of the fabric whose links light it.
void BomCheck::want_modules() {
  constexpr std::uint32_t dark = no_index;
  std::vector<std::uint32_t> fabric_of_cage(plan_.network.cages, dark);
  for (const auto& group : plan_.network.link_groups) {
    for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
      // A cage that two fabrics share is the first one's.
      for (const auto cage : {index_.from[i].cage, index_.to[i].cage}) {
        if (fabric_of_cage[cage] == dark) fabric_of_cage[cage] = group.fabric.index();
      }
    }
  }
  const auto kinds = plan_.cables.modules.size() + 1;
  std::vector<std::int64_t> count(plan_.spec.fabrics.size() * kinds, 0);
  for (std::size_t cage = 0; cage < fabric_of_cage.size(); ++cage) {
    if (fabric_of_cage[cage] != dark) ++count[fabric_of_cage[cage] * kinds + plan_.cables.module_of_cage[cage]];
  }
  for (std::size_t f = 0; f < plan_.spec.fabrics.size(); ++f) {
    for (std::size_t m = 1; m < kinds; ++m) want(plan_.cables.modules[m - 1], "module", static_cast<std::uint32_t>(f), count[f * kinds + m]);
  }
}

/// Of a switch whose fabric populates all cages: each port group with a lit cage, its cages less those that are lit, cabled or disabled.
void BomCheck::want_dark_modules() {
  const auto& network = plan_.network;
  std::vector<bool> taken(network.cages, false);
  for (std::size_t i = 0; i < network.links.size(); ++i) {
    taken[index_.from[i].cage] = true;
    taken[index_.to[i].cage] = true;
  }
  for (const auto& group : network.groups) {
    if (group.is_node() || !plan_.spec.fabrics[group.fabric.index()].media.populate_all) continue;
    for (std::uint32_t d = 0; d < group.count; ++d) {
      // By port group: cages that hold or lose something, and the module of the lowest lit one.
      std::map<std::string_view, std::pair<std::int64_t, std::uint16_t>> of;
      for (std::uint32_t cage = 0; cage < group.cages_per_device; ++cage) {
        const auto at = group.first_cage.index() + d * group.cages_per_device + cage;
        const auto& block = group.block_of_cage(cage);
        auto& entry = of[block.name];
        if (taken[at]) entry.first += 1 + block.disables;
        if (entry.second == 0) entry.second = plan_.cables.module_of_cage[at];
      }
      for (const auto& ports : plan_.part(group.part).port_groups()) {
        const auto found = of.find(ports.name);
        if (found != of.end() && found->second.second != 0 && ports.cages > found->second.first)
          want(plan_.cables.modules[found->second.second - 1U], "module", group.fabric.index(), ports.cages - found->second.first);
      }
    }
  }
}

void BomCheck::want_cables() {
  const auto& cables = plan_.cables;
  std::vector<bool> seen(cables.assemblies.size(), false);
  std::vector<std::int64_t> count(plan_.spec.fabrics.size() * cables.solutions.size(), 0);
  for (const auto& group : plan_.network.link_groups) {
    for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
      const auto assembly = cables.legs[i].assembly.index();
      if (seen[assembly]) continue;
      seen[assembly] = true;
      ++count[group.fabric.index() * cables.solutions.size() + cables.assemblies[assembly].solution.index()];
    }
  }
  for (std::size_t f = 0; f < plan_.spec.fabrics.size(); ++f) {
    for (std::size_t s = 0; s < cables.solutions.size(); ++s) {
      const auto& solution = cables.solutions[s];
      std::string_view kind = "fibre";
      if (solution.media == MediaClass::dac) kind = "dac";
      if (solution.media == MediaClass::aoc) kind = "aoc";
      if (solution.media == MediaClass::utp) kind = "utp";
      want(solution.part, kind, static_cast<std::uint32_t>(f), count[f * cables.solutions.size() + s], solution.sold.count());
    }
  }
}

/// What an extra is for, counted where it stands and lies; `fabric` beyond the last one: what belongs to none.
std::int64_t BomCheck::extra_subjects(const Extra& extra, std::size_t fabric) const {
  const bool none = fabric == plan_.spec.fabrics.size();
  std::int64_t count = 0;
  if (extra.per == ExtraPer::cluster) return none ? 1 : 0;
  if (extra.per == ExtraPer::rack) return none ? static_cast<std::int64_t>(plan_.placement.racks.size()) : 0;
  if (extra.per == ExtraPer::node || extra.per == ExtraPer::gpu || extra.per == ExtraPer::switch_ || extra.per == ExtraPer::tier) {
    for (const auto& group : plan_.network.groups) {
      if (group.is_node() != none || (!none && group.fabric.index() != fabric)) continue;
      if (group.is_node()) {
        if (plan_.spec.nodes[group.nodes.index()].pdus) continue;
        if (extra.per == ExtraPer::node) count += group.count;
        const auto& node = *plan_.part(group.part).as<NodeFacts>();
        if (extra.per == ExtraPer::gpu && plan_.catalog->find(node.gpu)) count += group.count * node.gpus;
      } else if (extra.per == ExtraPer::switch_ || (extra.per == ExtraPer::tier && group.fabric == extra.fabric && group.tier == extra.tier)) {
        count += group.count;
      }
    }
    return count;
  }
  for (const auto& [key, row] : wanted_) {
    const bool here = none ? std::get<1>(key) == no_index : std::get<1>(key) == fabric;
    const bool cable = row.kind == "dac" || row.kind == "aoc" || row.kind == "fibre" || row.kind == "utp";
    const bool meant = extra.per == ExtraPer::cable    ? cable
                       : extra.per == ExtraPer::module ? row.kind == "module"
                                                       : std::get<0>(key) == extra.of.index();
    if (here && meant) count += row.quantity;
  }
  return count;
}

void BomCheck::want_extras() {
  std::vector<std::tuple<PartId, std::uint32_t, std::int64_t>> extras;
  for (const auto& extra : plan_.spec.extras) {
    for (std::size_t f = 0; f <= plan_.spec.fabrics.size(); ++f) {
      const auto fabric = f == plan_.spec.fabrics.size() ? no_index : static_cast<std::uint32_t>(f);
      extras.emplace_back(extra.part, fabric, extra_subjects(extra, f) * extra.quantity);
    }
  }
  const auto bought = wanted_;
  for (const auto& [key, row] : bought) {
    const auto& [part, fabric, length, host] = key;
    for (const auto& extra : plan_.part(PartId(part)).extras) {
      const auto id = plan_.catalog->find(extra.part);
      const bool left_out = id && !extra.included && plan_.catalog->disabled(*id) != nullptr;
      if (id && host == no_index && !left_out) want(*id, "accessory", fabric, row.quantity * extra.quantity, 0, extra.included ? part : no_index);
    }
  }
  for (const auto& [part, fabric, quantity] : extras) want(part, "accessory", fabric, quantity);
}

std::string BomCheck::describe(const RowKey& key) const {
  std::string text = "BOM row `" + plan_.part(PartId(std::get<0>(key))).id + "`";
  if (std::get<1>(key) != no_index) text += " of fabric `" + plan_.spec.fabrics[std::get<1>(key)].name + "`";
  if (std::get<2>(key) != 0) text += " at " + std::to_string(std::get<2>(key)) + " mm";
  if (std::get<3>(key) != no_index) text += " in `" + plan_.part(PartId(std::get<3>(key))).id + "`";
  return text;
}

/// Spares rounded up to whole pieces, orders to whole packs.
void BomCheck::check_order(const BomRow& row, const RowKey& key, Violations& violations) const {
  std::int64_t spares = 0;
  const auto percent = plan_.spec.spares.find(row.kind);
  const auto pieces = plan_.spec.spare_counts.find(row.kind);
  // Percent are in thousandths.
  if (percent != plan_.spec.spares.end()) spares = (row.quantity * percent->second + 99'999) / 100'000;
  if (pieces != plan_.spec.spare_counts.end()) spares = pieces->second;
  if (row.included_in.valid()) spares = 0;
  if (row.spares != spares) violations.add(describe(key), " lists ", row.spares, " spares instead of ", spares);
  const auto pack = std::max<std::int64_t>(plan_.part(row.part).pack, 1);
  const auto ordered = row.included_in.valid() ? 0 : (row.quantity + spares + pack - 1) / pack * pack;
  if (row.ordered != ordered) violations.add(describe(key), " orders ", row.ordered, " pieces instead of ", ordered);
}

void BomCheck::compare(Violations& violations) const {
  std::map<RowKey, int> found;
  for (const auto& row : plan_.bom) {
    const RowKey key{row.part.index(), row.fabric.valid() ? row.fabric.index() : no_index, row.length.count(),
                     row.included_in.valid() ? row.included_in.index() : no_index};
    const auto expected = wanted_.find(key);
    const bool in_the_box = row.kind == "accessory" && row.included_in.valid();
    if (plan_.catalog->disabled(row.part) != nullptr && !in_the_box && !is_installed_part(plan_, row.part)) violations.add(describe(key), " is disabled by a catalog");
    if (++found[key] > 1) violations.add(describe(key), " is listed twice");
    if (expected == wanted_.end()) {
      violations.add(describe(key), " lists ", row.quantity, ", but the plan has none");
      continue;
    }
    if (row.quantity != expected->second.quantity)
      violations.add(describe(key), " lists ", row.quantity, ", but the plan has ", expected->second.quantity);
    if (row.kind != expected->second.kind) violations.add(describe(key), " is listed as ", row.kind, " instead of ", expected->second.kind);
    check_order(row, key, violations);
  }
  for (const auto& entry : wanted_) {
    if (found.find(entry.first) == found.end()) violations.add(describe(entry.first), " is missing; the plan has ", entry.second.quantity);
  }
}

} // namespace

void check_bom(const Plan& plan, const PlanIndex& index, Violations& violations) { BomCheck(plan, index).run(violations); }

} // namespace icplan
