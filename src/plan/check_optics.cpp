// SPDX-License-Identifier: Apache-2.0
// Modules and fibres: cages that optical links join have one family, and what is in them fits, reaches and bears the loss.
#include "check_plan.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace icplan {
namespace {

constexpr std::uint32_t nobody = ~0U;

bool module_fits_cage(const ModuleFacts& module, Protocol protocol, const CageShape& cage) {
  if (!cage.pluggable()) return false;
  if (module.fits_any) return true;
  return module.protocols.contains(protocol) && module.form && *module.form == cage.form && module.top && cage.top && *module.top == *cage.top &&
         module.lanes == cage.lanes && module.lane_rate.count() == cage.lane_mbps && module.optical_ports == cage.ports;
}

class OpticsCheck {
public:
  OpticsCheck(const Plan& plan, const PlanIndex& index, Violations& violations) : plan_(plan), index_(index), violations_(violations) {}

  void run() {
    join_cages();
    mark_apart();
    count_cages();
    visit_optical([this](std::size_t link, FabricId fabric) { check_link(link, fabric); });
    check_dark_cages();
  }

private:
  void join_cages();
  void mark_apart();
  void count_cages();
  void check_link(std::size_t link, FabricId fabric);
  void check_class(std::size_t link, const MediaPolicy& policy);
  void check_fibre(std::size_t link, const OpticalFamily& wanted);
  void check_module(std::size_t link, const LinkEnd& end, FabricId fabric, std::uint32_t longest, std::size_t side);
  void check_loss(std::size_t link, std::int64_t connector_pairs);
  bool lose_too_much(std::size_t link, std::int64_t connector_pairs);
  void check_dark_cages();

  template <class Visit> void visit_optical(const Visit& visit) const {
    for (const auto& group : plan_.network.link_groups) {
      for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
        if (is_optical(solution_of(i).media)) visit(i, group.fabric);
      }
    }
  }
  std::uint32_t root(std::uint32_t cage) {
    while (parent_[cage] != cage) cage = parent_[cage] = parent_[parent_[cage]];
    return cage;
  }
  const CableTable& cables() const { return plan_.cables; }
  const Solution& solution_of(std::size_t link) const { return plan_.cables.solution(plan_.cables.legs[link]); }
  LinkName name(std::size_t link) const { return {plan_.network, link}; }

  const Plan& plan_;
  const PlanIndex& index_;
  Violations& violations_;
  /// Groups of cages that optical links join, by their least cage. By group: its longest link, its cages on either side, and whether a single cable
  /// could not make it for what else is in the cages.
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> longest_;
  std::vector<std::uint16_t> from_cages_;
  std::vector<std::uint16_t> to_cages_;
  std::vector<bool> apart_;
  /// By cage: whether an optical link ends there.
  std::vector<bool> lit_;
  /// Ends of one kind are judged once: module, family, block and fabric of the last sound one at either side, and the lengths for which it is.
  struct Judged {
    std::array<std::uint32_t, 4> kind{};
    std::int64_t reach_mm = 0;
    std::int64_t least_mm = 0;
  };
  std::array<Judged, 2> judged_{};
  /// So is loss: solution, modules and blocks, and a length that is borne.
  struct Borne {
    std::array<std::uint32_t, 5> kind{};
    std::int64_t pairs = -1;
    std::int64_t up_to_mm = 0;
  };
  Borne lossless_;
};

void OpticsCheck::join_cages() {
  parent_.resize(plan_.network.cages);
  std::iota(parent_.begin(), parent_.end(), 0U);
  visit_optical([this](std::size_t i, FabricId) {
    const auto a = root(index_.from[i].cage);
    const auto b = root(index_.to[i].cage);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  });
  longest_.assign(plan_.network.cages, 0);
  visit_optical([this](std::size_t i, FabricId) {
    auto& of_group = longest_[root(index_.from[i].cage)];
    of_group = std::max(of_group, cables().legs[i].length_mm);
  });
}

/// Ports that are held back or leave the plan, and links of two fabrics in one group.
void OpticsCheck::mark_apart() {
  apart_.assign(plan_.network.cages, false);
  for (const auto& layout : plan_.network.fabrics) {
    for (const auto& port : layout.reserved) apart_[root(plan_.network.cage(port.device, port.port).index())] = true;
    for (const auto& port : layout.external) apart_[root(plan_.network.cage(port.device, port.port).index())] = true;
  }
  std::vector<std::uint32_t> fabric_of(plan_.network.cages, nobody);
  visit_optical([&](std::size_t i, FabricId fabric) {
    const auto group = root(index_.from[i].cage);
    if (fabric_of[group] != nobody && fabric_of[group] != fabric.index()) apart_[group] = true;
    fabric_of[group] = fabric.index();
  });
}

void OpticsCheck::count_cages() {
  from_cages_.assign(plan_.network.cages, 0);
  to_cages_.assign(plan_.network.cages, 0);
  lit_.assign(plan_.network.cages, false);
  visit_optical([this](std::size_t i, FabricId) {
    const auto group = root(index_.from[i].cage);
    const auto count = [&](std::uint32_t cage, std::vector<std::uint16_t>& cages) {
      if (!lit_[cage] && cages[group] < 0xffffU) ++cages[group];
      lit_[cage] = true;
    };
    count(index_.from[i].cage, from_cages_);
    count(index_.to[i].cage, to_cages_);
  });
}

void OpticsCheck::check_link(std::size_t link, FabricId fabric) {
  const auto group = root(index_.from[link].cage);
  const auto& policy = plan_.spec.fabrics[fabric.index()].media;
  check_class(link, policy);
  check_module(link, index_.from[link], fabric, longest_[group], 0);
  check_module(link, index_.to[link], fabric, longest_[group], 1);
  const auto family = cables().family_of_cage[group];
  if (family == 0) return;
  if (cables().family_of_cage[index_.from[link].cage] != family || cables().family_of_cage[index_.to[link].cage] != family)
    violations_.add(name(link), " joins cages of different module families");
  check_loss(link, policy.connector_pairs);
  check_fibre(link, cables().families[family - 1U]);
}

/// A group that a single cable could make goes by its longest link, as that cable would.
void OpticsCheck::check_class(std::size_t link, const MediaPolicy& policy) {
  const auto group = root(index_.from[link].cage);
  const auto& from = index_.shapes[index_.from[link].shape];
  const auto& to = index_.shapes[index_.to[link].shape];
  const auto& leg = cables().legs[link];
  const bool one_cable = !apart_[group] && ((from_cages_[group] == 1 && from.ports % to.ports == 0 && to_cages_[group] <= from.ports / to.ports) ||
                                            (to_cages_[group] == 1 && to.ports % from.ports == 0 && from_cages_[group] <= to.ports / from.ports));
  const bool packaged[2] = {from.form == Form::co_packaged, to.form == Form::co_packaged};
  const auto media = solution_of(link).media;
  if ((media == MediaClass::fibre) != (packaged[0] && packaged[1]))
    violations_.add(name(link), " is ", to_text(media), ", which does not go with its ports");
  const auto named = packaged[0] || packaged[1] || policy.choice != MediaChoice::rule
                         ? MediaClass::osfp
                         : class_that_length_names(policy, one_cable ? longest_[group] : leg.length_mm);
  const bool wrong = leg.held ? leg.escalated && named == MediaClass::osfp : leg.escalated != (named != MediaClass::osfp);
  if (wrong) {
    violations_.add(name(link), " is ", leg.length_mm, " mm long, for which the rule names ", to_text(named), "; it is OSFP and says that it ",
                    leg.escalated ? "escalated" : "did not escalate");
  }
}

void OpticsCheck::check_fibre(std::size_t link, const OpticalFamily& wanted) {
  const auto& part = plan_.part(solution_of(link).part);
  const auto* fibre = part.as<FibreFacts>();
  // What is made to measure names no connector of its own.
  if (fibre == nullptr || (part.generic() && fibre->connector_a == "generic" && fibre->connector_b == "generic")) return;
  if (fibre->tails != 1 || fibre->fibre != wanted.fibre || fibre->connector_a != wanted.connector || fibre->connector_b != wanted.connector)
    violations_.add("`", part.id, "` at ", name(link), " is not the fibre that its modules take");
}

void OpticsCheck::check_module(std::size_t link, const LinkEnd& end, FabricId fabric, std::uint32_t longest, std::size_t side) {
  const auto m = cables().module_of_cage[end.cage];
  const auto f = cables().family_of_cage[end.cage];
  const auto& block = *index_.blocks[end.block];
  if (block.form == Form::co_packaged) {
    const bool talks = block.optics && f != 0 && block.optics->family == cables().families[f - 1U];
    if (m != 0) violations_.add(name(link), " has a module in a co-packaged port");
    if (!talks) violations_.add(name(link), " ends in co-packaged optics of another family than the plan records");
    if (block.optics && (!block.optics->reach || block.optics->reach->count() < longest))
      violations_.add(name(link), " is longer than its co-packaged optics reach");
    return;
  }
  if (m == 0 || f == 0) {
    violations_.add(name(link), " is optical, but its cage ", end.cage, " holds no module");
    return;
  }
  auto& last = judged_[side];
  const std::array<std::uint32_t, 4> kind{m, f, end.block, fabric.index()};
  if (last.kind == kind && longest <= last.reach_mm && cables().legs[link].length_mm >= last.least_mm) return;
  last.kind = {};
  const auto before = violations_.size();
  const auto& part = plan_.part(cables().modules[m - 1U]);
  const auto& module = *part.as<ModuleFacts>();
  if (!module.family || *module.family != cables().families[f - 1U])
    violations_.add("`", part.id, "` at ", name(link), " is not of the family that the plan records");
  if (!module_fits_cage(module, plan_.network.fabrics[fabric.index()].protocol, index_.shapes[end.shape]))
    violations_.add("`", part.id, "` does not fit a cage of ", name(link));
  if (!module.reach || module.reach->count() < longest)
    violations_.add("`", part.id, "` at ", name(link), " does not reach ", longest, " mm, the longest link of its cages");
  const auto& spec = plan_.spec;
  const auto least = spec.accepted(module.min_reach);
  if (least && least->count() > cables().legs[link].length_mm)
    violations_.add("`", part.id, "` at ", name(link), " needs ", least->count(), " mm of fibre at least");
  const auto watts = spec.accepted(part.power_max);
  const auto cooled = spec.accepted(block.max_module_power);
  if (watts && cooled && !module.fits_any && *watts > *cooled)
    violations_.add("`", part.id, "` at ", name(link), " draws ", watts->count(), " mW in a cage for ", cooled->count());
  if (!may_be_ordered(part, plan_.spec.fabrics[fabric.index()].media) && !is_installed_part(plan_, cables().modules[m - 1U]))
    violations_.add("`", part.id, "` is used, but may not be ordered");
  if (violations_.size() == before && !violations_.full()) last = {kind, module.reach->count(), least ? least->count() : 0};
}

/// What the fibre and its connectors are known to lose, against what either end is known to bear.
void OpticsCheck::check_loss(std::size_t link, std::int64_t connector_pairs) {
  const std::array<std::uint32_t, 5> kind{cables().assemblies[cables().legs[link].assembly.index()].solution.index(),
                                          cables().module_of_cage[index_.from[link].cage], cables().module_of_cage[index_.to[link].cage],
                                          index_.from[link].block, index_.to[link].block};
  if (lossless_.kind == kind && lossless_.pairs == connector_pairs && cables().legs[link].length_mm <= lossless_.up_to_mm) return;
  if (lose_too_much(link, connector_pairs)) return;
  // What a length bears, every shorter one does.
  lossless_ = {kind, connector_pairs, cables().legs[link].length_mm};
}

/// Whether it is known to lose more than its ends bear; says so.
bool OpticsCheck::lose_too_much(std::size_t link, std::int64_t connector_pairs) {
  const auto& fibre = *plan_.part(solution_of(link).part).as<FibreFacts>();
  const auto per_km = plan_.spec.accepted(fibre.attenuation_per_km);
  const auto per_pair = plan_.spec.accepted(fibre.connector_loss);
  if (!per_km || !per_pair) return false;
  // In thousandths of a decibel, times a million.
  const auto loss = per_km->count() * cables().legs[link].length_mm + per_pair->count() * connector_pairs * 1'000'000;
  std::int64_t least = 0;
  for (const auto& end : {index_.from[link], index_.to[link]}) {
    const auto m = cables().module_of_cage[end.cage];
    const auto& packaged = index_.blocks[end.block]->optics;
    const auto budget = m != 0     ? plan_.spec.accepted(plan_.part(cables().modules[m - 1U]).as<ModuleFacts>()->loss_budget)
                        : packaged ? packaged->loss_budget
                                   : std::nullopt;
    if (!budget) return false;
    least = least == 0 ? budget->count() : std::min(least, budget->count());
  }
  if (loss <= least * 1'000'000) return false;
  violations_.add(name(link), " loses ", loss / 1'000'000, " thousandths of a decibel, but its ends bear ", least);
  return true;
}

void OpticsCheck::check_dark_cages() {
  for (std::uint32_t cage = 0; cage < plan_.network.cages; ++cage) {
    if (lit_[cage] || (cables().module_of_cage[cage] == 0 && cables().family_of_cage[cage] == 0)) continue;
    if (violations_.full()) return;
    const auto ends_there = [&](const LinkEnd& end) { return end.cage == cage; };
    const bool cabled =
        std::any_of(index_.from.begin(), index_.from.end(), ends_there) || std::any_of(index_.to.begin(), index_.to.end(), ends_there);
    violations_.add("cage ", cage, " holds a module, but ", cabled ? "a cable" : "no link", " uses it");
  }
}

} // namespace

void check_optics(const Plan& plan, const PlanIndex& index, Violations& violations) { OpticsCheck(plan, index, violations).run(); }

} // namespace icplan
