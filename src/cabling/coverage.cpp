// SPDX-License-Identifier: Apache-2.0
// Asks the part chooser, for every pair of cage types of the catalogs, how far each class of media reaches.
#include "icplan/cabling/coverage.hpp"

#include "choose.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace icplan {
namespace {

/// A cage type at one port speed, and the first part that has it.
struct Side {
  CageType cage;
  Mbps speed;
  PartId example;
};

/// By port speed and cage type, so that equal cages of many devices count once.
using Sides = std::map<std::pair<Mbps, CageType>, PartId>;

/// A cage whose form or heat sink is not known fits nothing, which lint says of the part itself.
void add_sides(Sides& sides, const Part& part, PartId id, Protocol protocol) {
  for (const auto& group : part.port_groups()) {
    if (group.name == "mgmt" || group.name == "bmc" || !group.form || !group.top || *group.form == Form::rj45 || *group.form == Form::co_packaged)
      continue;
    for (const auto& mode : group.modes) {
      const auto protocols = mode.protocols.empty() ? group.protocols : mode.protocols;
      if (!protocols.contains(protocol)) continue;
      const CageType cage{*group.form, group.top, mode.ports * mode.lanes_per_port, mode.lane_rate(), mode.ports, std::nullopt, std::nullopt};
      sides.try_emplace({mode.speed, cage}, id);
    }
  }
}

/// Every length at which some answer can change, longest first.
std::vector<Millimetres> lengths_of(const Catalog& catalog, const std::vector<PartKind>& kinds) {
  std::set<Millimetres, std::greater<>> lengths;
  const auto add = [&](const SoldLengths& sold) {
    lengths.insert(sold.list.begin(), sold.list.end());
    if (const auto longest = sold.longest()) lengths.insert(*longest);
  };
  for (const auto kind : kinds) {
    for (const auto id : catalog.of_kind(kind)) {
      const auto& part = catalog[id];
      if (const auto* cable = part.as<CableFacts>()) add(cable->lengths);
      if (const auto* fibre = part.as<FibreFacts>()) add(fibre->lengths);
      if (const auto* module = part.as<ModuleFacts>(); module != nullptr && module->reach) lengths.insert(*module->reach);
    }
  }
  return {lengths.begin(), lengths.end()};
}

class CoverageMeter {
public:
  explicit CoverageMeter(const Catalog& catalog)
      : catalog_(catalog),
        cable_lengths_(lengths_of(catalog, {PartKind::cable})),
        optical_lengths_(lengths_of(catalog, {PartKind::module, PartKind::fibre})) {
    policy_.orderable_only = true;
  }

  std::vector<CagePairCoverage> run() {
    for (const auto protocol : {Protocol::infiniband, Protocol::ethernet}) measure(protocol);
    return std::move(pairs_);
  }

private:
  void measure(Protocol protocol) {
    Sides switches;
    Sides all;
    for (const auto kind : {PartKind::switch_, PartKind::node, PartKind::nic}) {
      for (const auto id : catalog_.of_kind(kind)) {
        if (kind == PartKind::switch_) add_sides(switches, catalog_[id], id, protocol);
        add_sides(all, catalog_[id], id, protocol);
      }
    }
    const PartChooser chooser(spec_, catalog_, policy_, protocol);
    std::set<std::tuple<Mbps, CageType, CageType>> seen;
    for (const auto& [key, example] : switches) {
      for (const auto& [other, other_example] : all) {
        if (other.first != key.first) continue;
        Side hub{key.second, key.first, example};
        Side far{other.second, other.first, other_example};
        // The hub is the cage with more ports; equal ones in their own order.
        if (far.cage.ports > hub.cage.ports || (far.cage.ports == hub.cage.ports && far.cage < hub.cage)) std::swap(hub, far);
        if (hub.cage.ports % far.cage.ports == 0 && seen.emplace(hub.speed, hub.cage, far.cage).second) measure(chooser, protocol, hub, far);
      }
    }
  }

  void measure(const PartChooser& chooser, Protocol protocol, const Side& hub, const Side& far) {
    CagePairCoverage pair{protocol, hub.speed, {describe(hub.cage), describe(far.cage)}, {hub.example, far.example}, {}};
    for (const bool optical : {false, true}) {
      for (const auto length : cable_lengths_) {
        const auto cable = chooser.cable(optical, hub.cage, far.cage, length);
        if (!cable) continue;
        pair.classes[optical ? 1 : 0] = {length, cable->part};
        break;
      }
    }
    for (const auto length : optical_lengths_) {
      OpticalNeed need;
      need.seats = {{hub.cage, std::nullopt, 1}, {far.cage, std::nullopt, 1}};
      if (hub.cage == far.cage) need.seats.pop_back();
      need.lengths = {length, length};
      const auto modules = chooser.modules(need);
      if (!modules) continue;
      pair.classes[2] = {length, modules->modules.front()};
      break;
    }
    pairs_.push_back(std::move(pair));
  }

  const Catalog& catalog_;
  ClusterSpec spec_;
  MediaPolicy policy_;
  std::vector<Millimetres> cable_lengths_;
  std::vector<Millimetres> optical_lengths_;
  std::vector<CagePairCoverage> pairs_;
};

std::string metres(Millimetres length) { return decimal(length.count(), 3) + " m"; }

} // namespace

std::vector<std::string> CagePairCoverage::gaps() const {
  const MediaPolicy rule;
  const auto& [dac, aoc, osfp] = classes;
  std::vector<std::string> bands;
  if (!dac.longest) bands.push_back("DAC below " + metres(rule.dac_below));
  if (!aoc.longest || *aoc.longest < rule.dac_below) bands.push_back("AOC from " + metres(rule.dac_below) + " to " + metres(rule.aoc_up_to));
  if (!osfp.longest || *osfp.longest <= rule.aoc_up_to) bands.push_back("OSFP beyond " + metres(rule.aoc_up_to));
  return bands;
}

std::vector<CagePairCoverage> measure_coverage(const Catalog& catalog) { return CoverageMeter(catalog).run(); }

void report_coverage_gaps(const Catalog& catalog, Sink& sink) {
  constexpr std::array<std::string_view, 3> names = {"DAC", "AOC", "modules and fibre"};
  for (const auto& pair : measure_coverage(catalog)) {
    const auto gaps = pair.gaps();
    if (gaps.empty()) continue;
    std::string missing;
    for (std::size_t i = 0; i < gaps.size(); ++i) missing += (i == 0 ? "" : i + 1 == gaps.size() ? " or " : ", ") + gaps[i];
    std::string known;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto& reach = pair.classes[i];
      if (reach.longest)
        known +=
            std::string(known.empty() ? "" : ", ") + std::string(names[i]) + " to " + metres(*reach.longest) + " (`" + catalog[reach.part].id + "`)";
    }
    sink.report(Code::coverage_gap, catalog[pair.examples[0]].where,
                std::string(to_text(pair.protocol)) + " " + decimal(pair.speed.count(), 3) + "G, " + pair.cages[0] + " of `" +
                    catalog[pair.examples[0]].id + "` to " + pair.cages[1] + " of `" + catalog[pair.examples[1]].id + "`: no real part for " +
                    missing + (known.empty() ? "" : "; there is " + known));
  }
}

} // namespace icplan
