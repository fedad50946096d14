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
    want_cables();
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
  void want_cables();
  void compare(Violations& violations) const;
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
    want(group.part, plan_.spec.nodes[group.nodes.index()].pdus ? "pdu" : "node", no_index, group.count);
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
  for (const auto& rack : plan_.placement.racks) want(plan_.spec.racks[rack.spec.index()].model, "rack", no_index, 1);
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

std::string BomCheck::describe(const RowKey& key) const {
  std::string text = "BOM row `" + plan_.part(PartId(std::get<0>(key))).id + "`";
  if (std::get<1>(key) != no_index) text += " of fabric `" + plan_.spec.fabrics[std::get<1>(key)].name + "`";
  if (std::get<2>(key) != 0) text += " at " + std::to_string(std::get<2>(key)) + " mm";
  if (std::get<3>(key) != no_index) text += " in `" + plan_.part(PartId(std::get<3>(key))).id + "`";
  return text;
}

void BomCheck::compare(Violations& violations) const {
  std::map<RowKey, int> found;
  for (const auto& row : plan_.bom) {
    const RowKey key{row.part.index(), row.fabric.valid() ? row.fabric.index() : no_index, row.length.count(),
                     row.included_in.valid() ? row.included_in.index() : no_index};
    const auto expected = wanted_.find(key);
    if (++found[key] > 1) violations.add(describe(key), " is listed twice");
    if (expected == wanted_.end()) {
      violations.add(describe(key), " lists ", row.quantity, ", but the plan has none");
      continue;
    }
    if (row.quantity != expected->second.quantity)
      violations.add(describe(key), " lists ", row.quantity, ", but the plan has ", expected->second.quantity);
    if (row.kind != expected->second.kind) violations.add(describe(key), " is listed as ", row.kind, " instead of ", expected->second.kind);
    const auto percent = plan_.spec.spares.find(row.kind);
    // Thousandths of a percent, rounded up to whole pieces.
    const auto spares =
        percent == plan_.spec.spares.end() || row.included_in.valid() ? std::int64_t{0} : (row.quantity * percent->second + 99'999) / 100'000;
    if (row.spares != spares) violations.add(describe(key), " lists ", row.spares, " spares instead of ", spares);
  }
  for (const auto& entry : wanted_) {
    if (found.find(entry.first) == found.end()) violations.add(describe(entry.first), " is missing; the plan has ", entry.second.quantity);
  }
}

} // namespace

void check_bom(const Plan& plan, const PlanIndex& index, Violations& violations) { BomCheck(plan, index).run(violations); }

} // namespace icplan
