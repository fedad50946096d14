// SPDX-License-Identifier: Apache-2.0
// Lengths, classes and assemblies: what is bought makes every link, fits, reaches, and shares no cage. Modules and fibres are check_optics.cpp.
#include "check_plan.hpp"

#include <algorithm>

namespace icplan {
namespace {

constexpr std::uint32_t nobody = ~0U;
constexpr std::uint32_t optics = ~0U - 1;
constexpr std::uint16_t no_shape = 0xffff;

/// Whether the part is sold at exactly this length.
bool sold_at(const SoldLengths& lengths, Millimetres sold) {
  if (lengths.maximum && sold > *lengths.maximum) return false;
  if (lengths.step) return sold.count() > 0 && sold.count() % lengths.step->count() == 0;
  return std::find(lengths.list.begin(), lengths.list.end(), sold) != lengths.list.end();
}

const SoldLengths* lengths_of(const Part& part) {
  if (const auto* cable = part.as<CableFacts>()) return &cable->lengths;
  if (const auto* fibre = part.as<FibreFacts>()) return &fibre->lengths;
  if (const auto* utp = part.as<UtpFacts>()) return &utp->lengths;
  return nullptr;
}

/// What the links of an assembly add up to.
struct AssemblySums {
  std::uint32_t used = 0;
  std::uint32_t longest = 0;
  std::uint32_t legs = 0;
  std::uint32_t first_link = nobody;
  std::uint16_t from_shape = no_shape;
  std::uint16_t to_shape = no_shape;
  std::uint16_t from_cages = 0;
  std::uint16_t to_cages = 0;
  std::uint16_t fabric = 0;
};

class CableCheck {
public:
  CableCheck(const Plan& plan, const PlanIndex& index, Violations& violations) : plan_(plan), index_(index), violations_(violations) {}

  void run() {
    check_solutions();
    check_lengths();
    collect();
    check_assemblies();
    check_findings();
  }

private:
  void check_solutions();
  void check_lengths();
  void collect();
  void own(std::size_t link, const LinkEnd& end, std::uint32_t assembly, std::uint16_t& cages);
  void check_leg(std::size_t link, const Leg& leg);
  void check_assemblies();
  void check_cable(std::uint32_t assembly, const AssemblySums& sums);
  void check_findings();

  const CableTable& cables() const { return plan_.cables; }
  const Solution& solution_of(std::size_t link) const {
    return plan_.cables.solutions[plan_.cables.assemblies[plan_.cables.legs[link].assembly.index()].solution.index()];
  }
  LinkName name(std::size_t link) const { return {plan_.network, link}; }
  const Plan& plan_;
  const PlanIndex& index_;
  Violations& violations_;
  std::vector<AssemblySums> sums_;
  /// By cage: its assembly, `optics` or `nobody`.
  std::vector<std::uint32_t> owner_;
  std::uint64_t unused_legs_ = 0;
  std::uint64_t escalated_ = 0;
};

void CableCheck::check_solutions() {
  for (const auto& solution : cables().solutions) {
    const auto& part = plan_.part(solution.part);
    const auto* cable = part.as<CableFacts>();
    bool fits = false;
    switch (solution.media) {
    case MediaClass::dac: fits = cable != nullptr && !cable->optical; break;
    case MediaClass::aoc: fits = cable != nullptr && cable->optical; break;
    case MediaClass::osfp:
    case MediaClass::fibre: fits = part.kind == PartKind::fibre; break;
    case MediaClass::utp: fits = part.kind == PartKind::utp; break;
    }
    if (!fits) violations_.add("`", part.id, "` is bought as ", to_text(solution.media), ", which it is not");
    const auto* lengths = lengths_of(part);
    // What is installed may have been sold differently.
    const auto installed = [&](const BaselineLeg& leg) { return plan_.baseline->parts[leg.part] == part.id && leg.sold_mm == solution.sold.count(); };
    const auto is_installed = [&] {
      return plan_.baseline != nullptr && std::any_of(plan_.baseline->legs.begin(), plan_.baseline->legs.end(), installed);
    };
    if (lengths != nullptr && !sold_at(*lengths, solution.sold) && !is_installed())
      violations_.add("`", part.id, "` is not sold at ", solution.sold.count(), " mm");
    if (solution.legs == 0 || solution.legs > 32 || (cable == nullptr && solution.legs != 1))
      violations_.add("`", part.id, "` is bought with ", solution.legs, " legs");
  }
}

/// The shortest way through ducts from hall to hall, in millimetres, by relaxing every duct until nothing changes.
std::vector<std::int64_t> duct_ways(const FloorSpec& floor, std::size_t from) {
  std::vector<std::int64_t> ways(floor.halls.size(), -1);
  ways[from] = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& duct : floor.ducts) {
      for (const bool there : {true, false}) {
        const auto a = (there ? duct.from : duct.to).index();
        const auto b = (there ? duct.to : duct.from).index();
        if (ways[a] < 0 || (ways[b] >= 0 && ways[b] <= ways[a] + duct.length.count())) continue;
        ways[b] = ways[a] + duct.length.count();
        changed = true;
      }
    }
  }
  return ways;
}

/// Row 1 to row `row`, aisle by aisle.
std::int64_t way_to_row(const FloorSpec& floor, HallId hall, std::int64_t row) {
  if (!floor.halls[hall.index()].aisles) return row * floor.row_pitch.count();
  const auto& aisles = *floor.halls[hall.index()].aisles;
  const auto pairs = row / 2;
  auto way = row * aisles.depth.count() + pairs * (aisles.cold.count() + aisles.hot.count());
  if (row % 2 == 1) way += aisles.cold_first ? aisles.cold.count() : aisles.hot.count();
  return way;
}

/// The documented Manhattan model, in half rack units of 22,225 um over a base of 100 mm.
void CableCheck::check_lengths() {
  const auto& floor = plan_.spec.floor;
  const auto& places = plan_.placement.devices;
  const auto& racks = plan_.placement.racks;
  const auto ends_um = 1000 * (2 * (floor.side.count() + floor.service_loop.count()) + floor.slack.count());
  const auto tray_um = 1000 * floor.tray_height.count();
  std::vector<std::int64_t> height_um(places.size());
  for (std::size_t d = 0; d < places.size(); ++d) {
    height_um[d] = 100'000 + (std::int64_t{places[d].unit} + places[d].unit + places[d].height - 2) * 22'225;
    if (height_um[d] > tray_um) violations_.add(DeviceName{plan_.network, DeviceId(static_cast<std::uint32_t>(d))}, " stands above the tray");
  }
  std::vector<std::int64_t> across_mm(racks.size());
  for (std::size_t r = 0; r < racks.size(); ++r) across_mm[r] = way_to_row(floor, racks[r].hall, racks[r].row);
  std::vector<std::vector<std::int64_t>> ways;
  for (std::size_t h = 0; h < floor.halls.size(); ++h) ways.push_back(duct_ways(floor, h));
  const auto to_exit = [&](std::size_t r) {
    const auto& exit = floor.halls[racks[r].hall.index()].exit;
    const auto along = std::max(racks[r].position, exit.position) - std::min(racks[r].position, exit.position);
    const auto row = way_to_row(floor, racks[r].hall, exit.row);
    return along * floor.rack_pitch.count() + std::max(across_mm[r], row) - std::min(across_mm[r], row);
  };
  for (std::size_t i = 0; i < plan_.network.links.size(); ++i) {
    const auto a = plan_.network.links[i].from.index();
    const auto b = plan_.network.links[i].to.index();
    const auto ra = places[a].rack.index();
    const auto rb = places[b].rack.index();
    std::int64_t um = 0;
    if (ra == rb) {
      um = std::max(height_um[a], height_um[b]) - std::min(height_um[a], height_um[b]) + ends_um;
    } else {
      const auto& from = racks[ra];
      const auto& to = racks[rb];
      auto mm = std::max(across_mm[ra], across_mm[rb]) - std::min(across_mm[ra], across_mm[rb]) +
                (std::max(from.position, to.position) - std::min(from.position, to.position)) * floor.rack_pitch.count();
      if (from.hall != to.hall) {
        const auto way = ways[from.hall.index()][to.hall.index()];
        if (way < 0) violations_.add(name(i), " joins halls without a duct between them");
        mm = to_exit(ra) + to_exit(rb) + way;
      }
      um = 2 * tray_um - height_um[a] - height_um[b] + 1000 * mm + ends_um;
    }
    const auto mm = (um + 999) / 1000;
    const auto estimate = cables().estimate_mm(i);
    if (mm != estimate) violations_.add(name(i), " is ", mm, " mm long by the places of its ends, but the plan says ", estimate);
  }
}

/// A cage belongs to one assembly, or to optics as a whole.
void CableCheck::own(std::size_t link, const LinkEnd& end, std::uint32_t assembly, std::uint16_t& cages) {
  auto& owner = owner_[end.cage];
  if (owner == nobody) {
    owner = assembly;
    ++cages;
  } else if (owner != assembly) {
    violations_.add(name(link), " is on another assembly than the other ports of its cage ", end.cage);
  }
}

void CableCheck::check_leg(std::size_t link, const Leg& leg) {
  const auto& policy = plan_.spec.fabrics[sums_[leg.assembly.index()].fabric].media;
  const auto& assembly = cables().assemblies[leg.assembly.index()];
  const auto media = cables().solutions[assembly.solution.index()].media;
  const bool rj45 = index_.shapes[index_.from[link].shape].form == Form::rj45 && index_.shapes[index_.to[link].shape].form == Form::rj45;
  if (rj45 != (media == MediaClass::utp))
    violations_.add(name(link), " is ", to_text(media), rj45 ? " between RJ45 ports" : ", but not between RJ45 ports");
  if (leg.escalated) ++escalated_;
  // What is ordered or installed was not chosen by the rule.
  if (leg.held) {
    // Installed cables that the rule would not have named say so, locked ones never do.
    if (leg.escalated && (media == MediaClass::utp || media <= class_that_length_names(policy, assembly.needed_mm)) && !is_optical(media))
      violations_.add(name(link), " is held and says that it escalated, but it is what the rule names");
    return;
  }
  if (media == MediaClass::utp) {
    if (leg.escalated) violations_.add(name(link), " is UTP and says that it escalated");
    return;
  }
  if (leg.escalated && !policy.escalate) violations_.add(name(link), " escalated although the spec refuses that");
  // Whether a fibre escalated depends on its whole optical group.
  if (is_optical(media)) return;
  if (policy.choice != MediaChoice::rule) {
    if (leg.escalated) violations_.add(name(link), " escalated, but its fabric goes by reach");
    return;
  }
  const auto wanted = class_that_length_names(policy, assembly.needed_mm);
  if (media < wanted)
    violations_.add(name(link), " needs ", assembly.needed_mm, " mm, for which the rule names ", to_text(wanted), ", but is ", to_text(media));
  if (leg.escalated != (media > wanted)) {
    violations_.add(name(link), " needs ", assembly.needed_mm, " mm, for which the rule names ", to_text(wanted), "; it is ", to_text(media),
                    " and says that it ", leg.escalated ? "escalated" : "did not escalate");
  }
}

void CableCheck::collect() {
  sums_.assign(cables().assemblies.size(), AssemblySums{});
  owner_.assign(plan_.network.cages, nobody);
  for (const auto& group : plan_.network.link_groups) {
    const auto fabric = static_cast<std::uint16_t>(group.fabric.index());
    for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
      const auto& leg = cables().legs[i];
      const auto a = leg.assembly.index();
      auto& sums = sums_[a];
      const auto& solution = cables().solutions[cables().assemblies[a].solution.index()];
      if (sums.first_link == nobody) {
        sums.first_link = static_cast<std::uint32_t>(i);
        sums.fabric = fabric;
        sums.from_shape = index_.from[i].shape;
        sums.to_shape = index_.to[i].shape;
      } else if (sums.fabric != fabric || sums.from_shape != index_.from[i].shape || sums.to_shape != index_.to[i].shape) {
        violations_.add(name(i), " shares assembly ", a, " with a link of another fabric or kind of cage");
      }
      ++sums.used;
      sums.longest = std::max(sums.longest, leg.length_mm);
      const auto bit = leg.number >= 1 && leg.number <= 32 ? 1U << (leg.number - 1U) : 0U;
      if (bit == 0 || leg.number > solution.legs) {
        violations_.add(name(i), " is leg ", static_cast<int>(leg.number), " of an assembly with ", solution.legs);
      } else if ((sums.legs & bit) != 0) {
        violations_.add(name(i), " is leg ", static_cast<int>(leg.number), " of assembly ", a, ", as another link is");
      }
      sums.legs |= bit;
      const auto owner = is_optical(solution.media) ? optics : a;
      own(i, index_.from[i], owner, sums.from_cages);
      own(i, index_.to[i], owner, sums.to_cages);
      check_leg(i, leg);
    }
  }
  for (const auto& layout : plan_.network.fabrics) {
    for (const auto& reserved : layout.reserved) {
      const auto cage =
          plan_.network.first_cage_of_device[reserved.device.index()].index() + plan_.network.group(reserved.device).cage_of_port[reserved.port];
      if (owner_[cage] != nobody && owner_[cage] != optics)
        violations_.add(PortName{plan_.network, reserved.device, reserved.port}, " is reserved, but a cable fills its cage");
    }
    for (const auto& external : layout.external) {
      const auto owner = owner_[plan_.network.cage(external.device, external.port).index()];
      if (owner != nobody && owner != optics)
        violations_.add(PortName{plan_.network, external.device, external.port}, " leaves the plan, but a cable fills its cage");
    }
  }
}

/// A DAC, AOC or UTP has one cage at its hub and no more far cages than plugs.
void CableCheck::check_cable(std::uint32_t a, const AssemblySums& sums) {
  const auto& solution = cables().solutions[cables().assemblies[a].solution.index()];
  const auto& part = plan_.part(solution.part);
  const auto* facts = part.as<CableFacts>();
  if (facts == nullptr) return;
  const auto& from = index_.shapes[sums.from_shape];
  const auto& to = index_.shapes[sums.to_shape];
  const bool from_is_hub = from.ports >= to.ports;
  const auto& hub = from_is_hub ? from : to;
  const auto& far = from_is_hub ? to : from;
  const auto plugs = far.ports > 0 ? hub.ports / far.ports : 0;
  const std::int64_t hub_cages = from_is_hub ? sums.from_cages : sums.to_cages;
  const std::int64_t far_cages = from_is_hub ? sums.to_cages : sums.from_cages;
  if (hub_cages != 1 || far_cages > plugs) {
    violations_.add("assembly ", a, " (`", part.id, "`, ", name(sums.first_link), ") joins ", hub_cages, " to ", far_cages, " cages instead of 1 to ",
                    plugs);
  }
  if (solution.legs != hub.ports)
    violations_.add("assembly ", a, " (`", part.id, "`) has ", solution.legs, " legs for a cage of ", hub.ports, " ports");
  if (!assembly_fits(*facts, plan_.network.fabrics[sums.fabric].protocol, hub, far, plugs)) {
    violations_.add("`", part.id, "` does not fit the cages of ", name(sums.first_link));
  }
}

void CableCheck::check_assemblies() {
  for (std::uint32_t a = 0; a < sums_.size(); ++a) {
    const auto& assembly = cables().assemblies[a];
    const auto& solution = cables().solutions[assembly.solution.index()];
    const auto& sums = sums_[a];
    if (sums.used == 0) {
      violations_.add("assembly ", a, " carries no link");
      continue;
    }
    if (assembly.used_legs != sums.used)
      violations_.add("assembly ", a, " (", name(sums.first_link), ") says ", assembly.used_legs, " used legs, but carries ", sums.used, " links");
    if (assembly.first_link != sums.first_link)
      violations_.add("assembly ", a, " says that its first link is ", assembly.first_link, ", but it is ", sums.first_link);
    if (assembly.needed_mm != sums.longest)
      violations_.add("assembly ", a, " (", name(sums.first_link), ") says that it needs ", assembly.needed_mm, " mm, but its longest leg is ",
                      sums.longest);
    if (solution.sold.count() < sums.longest)
      violations_.add("assembly ", a, " (", name(sums.first_link), ") is sold at ", solution.sold.count(), " mm, but needs ", sums.longest);
    const auto& part = plan_.part(solution.part);
    if (!may_be_ordered(part, plan_.spec.fabrics[sums.fabric].media) && !is_installed_part(plan_, solution.part))
      violations_.add("`", part.id, "` is used, but may not be ordered");
    if (sums.used < solution.legs) unused_legs_ += solution.legs - sums.used;
    check_cable(a, sums);
  }
}

/// What is substituted or left over is said: the findings count as many links and legs as there are.
void CableCheck::check_findings() {
  // Where there are more findings than are listed, those that are say nothing of all.
  if (plan_.findings.size() >= Sink::max_findings) return;
  std::uint64_t escalated = 0;
  std::uint64_t unused = 0;
  for (const auto& finding : plan_.findings) {
    if (finding.code == Code::escalated || finding.code == Code::cages_do_not_pair) escalated += finding.count;
    if (finding.code == Code::unused_leg) unused += finding.count;
  }
  if (escalated != escalated_) violations_.add(escalated_, " links escalated, but findings name ", escalated);
  if (unused != unused_legs_) violations_.add(unused_legs_, " legs carry no link, but findings name ", unused);
}

} // namespace

static bool plug_fits(const CableEnd& end, const CageShape& shape) {
  return end.form && *end.form == shape.form && end.top && shape.top && *end.top == *shape.top && end.lanes == shape.lanes;
}

bool assembly_fits(const CableFacts& cable, Protocol protocol, const CageShape& hub, const CageShape& far, std::int64_t plugs) {
  if (!hub.pluggable() || !far.pluggable() || far.ports * plugs != hub.ports) return false;
  if (cable.fits_any) return true;
  if (!cable.protocols.contains(protocol) || cable.lane_rate.count() != hub.lane_mbps || cable.lane_rate.count() != far.lane_mbps) return false;
  for (std::size_t near = 0; near < 2; ++near) {
    const auto& a = cable.ends[near];
    const auto& b = cable.ends[1 - near];
    if (a.count == 1 && b.count == plugs && plug_fits(a, hub) && plug_fits(b, far)) return true;
  }
  return false;
}

void check_cables(const Plan& plan, const PlanIndex& index, Violations& violations) { CableCheck(plan, index, violations).run(); }

} // namespace icplan
