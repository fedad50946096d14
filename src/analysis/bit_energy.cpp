// SPDX-License-Identifier: Apache-2.0
// What moving a bit takes: by kind of link, by part, and for fabrics as a whole; and what a year takes.
#include "icplan/analysis/energy.hpp"

#include "draws.hpp"
#include "host_bandwidth.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace icplan {
namespace {

/// a * b / c to the nearest. Shape: all >= 0, c > 0, and (a / c) * b and c * b stay below 2^63.
std::int64_t scale(std::int64_t a, std::int64_t b, std::int64_t c) { return a / c * b + (a % c * b + c / 2) / c; }

/// What one end of a link is.
struct End {
  PartId part;
  bool co_packaged = false;
  /// At the full rate of the cage.
  Mbps rate;
  std::optional<Milliwatts> typical;
  std::optional<Milliwatts> maximum;

  [[nodiscard]] auto key() const { return std::make_tuple(part, co_packaged, rate, typical, maximum); }
  friend bool operator<(const End& a, const End& b) { return a.key() < b.key(); }
};

/// Kinds of links, in the order in which they are listed.
struct LinkKindKey {
  MediaClass media{};
  CopperTechnology technology = CopperTechnology::passive;
  /// A planning part, which stands for copper of any technology.
  bool any_technology = false;
  int co_packaged = 0;

  friend auto operator<=>(const LinkKindKey&, const LinkKindKey&) = default;
};

std::string name_of(const LinkKindKey& key) {
  std::string name(to_text(key.media));
  if (key.media == MediaClass::dac) name += key.any_technology ? " generic" : " " + std::string(to_text(key.technology));
  if (key.co_packaged == 1) name += " to co-packaged";
  if (key.co_packaged == 2) name += " co-packaged";
  return name;
}

class EnergyMeter {
public:
  EnergyMeter(const Plan& plan, const std::vector<PowerDraw>& draws) : plan_(plan), draws_(draws), items_(plan.cables) {
    for (std::size_t item = 0; item < items_.count(); ++item) plugged_.push_back(plugged_draw(plan_, items_, item));
    seen_.assign(plan.network.cages, false);
  }

  EnergyReport run() {
    for (const auto& group : plan_.network.link_groups) {
      for (auto i = group.first; i < group.first + group.count; ++i) add_link(i, group.speed);
    }
    list_links();
    list_ends();
    list_fabrics();
    return std::move(report_);
  }

private:
  struct Sum {
    std::int64_t links = 0;
    Mbps rate;
    PowerSum ends;
  };

  void add_link(std::uint32_t i, Mbps speed) {
    const auto& network = plan_.network;
    const auto& link = network.links[i];
    const auto& solution = plan_.cables.solution(plan_.cables.legs[i]);
    const auto& from = network.group(link.from).block_of_port(link.from_port);
    const auto& to = network.group(link.to).block_of_port(link.to_port);
    LinkKindKey key;
    key.media = solution.media;
    key.co_packaged = (from.form == Form::co_packaged ? 1 : 0) + (to.form == Form::co_packaged ? 1 : 0);
    if (solution.media == MediaClass::dac) {
      const auto& facts = *plan_.part(solution.part).as<CableFacts>();
      key.technology = facts.technology;
      key.any_technology = facts.fits_any;
    }
    auto& sum = sums_[key];
    ++sum.links;
    sum.rate += speed;
    add_end(sum, i, link.from, link.from_port, from, to, speed);
    add_end(sum, i, link.to, link.to_port, to, from, speed);
  }

  void add_end(Sum& sum, std::uint32_t i, DeviceId device, std::uint16_t port, const CageBlock& here, const CageBlock& there, Mbps speed) {
    if (here.form == Form::rj45) return;
    if (here.form == Form::co_packaged) {
      const auto energy = plan_.spec.accepted(here.energy);
      // 1 fJ/bit at 1 Mb/s is a nanowatt.
      const auto watts = energy ? std::optional(Milliwatts(scale(energy->count(), speed.count(), 1'000'000))) : std::nullopt;
      add(sum, {plan_.network.group(device).part, true, speed, watts, watts});
      ++report_.co_packaged_ends;
      report_.co_packaged += watts.value_or(Milliwatts());
      report_.co_packaged_unknown += watts ? 0 : 1;
      return;
    }
    const auto cage = plan_.network.cage(device, port);
    if (seen_[cage.index()]) return;
    seen_[cage.index()] = true;
    const auto module = plan_.cables.module_of_cage[cage.index()];
    std::size_t item = std::size_t{module} - 1;
    if (module == 0) {
      const auto solution = plan_.cables.assemblies[plan_.cables.legs[i].assembly.index()].solution;
      const auto* facts = plan_.part(plan_.cables.solutions[solution.index()].part).as<CableFacts>();
      if (facts == nullptr) return;
      item = items_.plug(solution, is_end_b(*facts, here, there));
    }
    const auto& draw = plugged_[item];
    End end{draw.part, false, here.speed * here.ports_per_cage, draw.typical, draw.maximum};
    const auto* cable = plan_.part(draw.part).as<CableFacts>();
    // Nothing in a passive cable draws power for the bits that cross it; a planning part may stand for an active one.
    const bool passive = cable != nullptr && !cable->optical && !cable->fits_any && cable->technology == CopperTechnology::passive;
    if (passive && !end.maximum) end.typical = end.maximum = Milliwatts();
    if (const auto* facts = plan_.part(draw.part).as<ModuleFacts>()) derive(*facts, end);
    add(sum, end);
  }

  /// A module whose source states energy in place of watts takes that at the full rate.
  void derive(const ModuleFacts& facts, End& end) const {
    const auto energy = plan_.spec.accepted(facts.energy);
    if (!energy) return;
    const Milliwatts watts(scale(energy->count(), end.rate.count(), 1'000'000));
    if (!end.typical) end.typical = watts;
    if (!end.maximum) end.maximum = watts;
  }

  void add(Sum& sum, const End& end) {
    sum.ends.typical += end.typical.value_or(Milliwatts());
    sum.ends.maximum += end.maximum.value_or(Milliwatts());
    sum.ends.unknown_typical += end.typical ? 0 : 1;
    sum.ends.unknown_maximum += end.maximum ? 0 : 1;
    // Ends of one kind follow each other.
    if (last_end_ == nullptr || last_end_->first < end || end < last_end_->first) last_end_ = &*ends_.try_emplace(end, 0).first;
    ++last_end_->second;
  }

  void list_links() {
    for (const auto& [key, sum] : sums_) {
      report_.links.push_back({name_of(key), sum.links, sum.rate, sum.ends, energy_per_bit(sum.ends.typical, sum.rate * 2, sum.ends.unknown_typical == 0),
                               energy_per_bit(sum.ends.maximum, sum.rate * 2, sum.ends.unknown_maximum == 0)});
      // Cables that draw nothing are known to; where no end has a figure, nothing is known.
      auto& line = report_.links.back();
      if (sum.ends.typical.count() == 0 && sum.ends.unknown_typical > 0) line.typical = {};
      if (sum.ends.maximum.count() == 0 && sum.ends.unknown_maximum > 0) line.maximum = {};
    }
  }

  void list_ends() {
    std::vector<std::pair<End, std::int64_t>> ends(ends_.begin(), ends_.end());
    std::stable_sort(ends.begin(), ends.end(), [&](const auto& a, const auto& b) {
      return std::tie(plan_.part(a.first.part).id, a.first.rate) < std::tie(plan_.part(b.first.part).id, b.first.rate);
    });
    for (const auto& [end, count] : ends) {
      const auto of = [rate = end.rate](const std::optional<Milliwatts>& watts) { return watts ? energy_per_bit(*watts, rate, true) : BitEnergy(); };
      report_.ends.push_back({end.part, end.co_packaged, count, end.rate, of(end.typical), of(end.maximum)});
    }
  }

  void list_fabrics() {
    const auto hosts = measure_host_bandwidth(plan_);
    for (const auto& host : hosts) report_.fabrics.push_back(energy_of(host));
    report_.all = energy_of(add_up(hosts));
  }

  FabricEnergy energy_of(const HostBandwidth& carried) const {
    PowerAccount account(carried.fabric.valid() ? "network" : "all fabrics");
    for (const auto& draw : draws_) {
      if (!draw.fabric.valid() || (carried.fabric.valid() && plan_.network.fabrics[draw.fabric.index()].host != carried.fabric)) continue;
      if (draw.kind == PowerClass::switch_) {
        account.add(draw, false);
        account.count(draw.pieces);
      } else {
        account.add_network(draw, plan_.network.groups[draw.group].is_node());
      }
    }
    FabricEnergy fabric{carried.fabric, carried.injection, carried.bisection_full, account.line(), {}, {}, {}, {}};
    finish(fabric);
    return fabric;
  }

  static void finish(FabricEnergy& fabric) {
    const auto& network = fabric.network;
    const auto of = [](Milliwatts power, std::int64_t unknown, const std::optional<Mbps>& rate) {
      if (!rate || (power.count() == 0 && unknown > 0)) return BitEnergy();
      return energy_per_bit(power, *rate, unknown == 0);
    };
    fabric.injected_typical = of(network.typical, network.unknown_typical, fabric.injection);
    fabric.injected_maximum = of(network.maximum, network.unknown_maximum, fabric.injection);
    fabric.bisected_typical = of(network.typical, network.unknown_typical, fabric.bisection_full);
    fabric.bisected_maximum = of(network.maximum, network.unknown_maximum, fabric.bisection_full);
  }

  const Plan& plan_;
  const std::vector<PowerDraw>& draws_;
  PluggedItems items_;
  std::vector<PowerDraw> plugged_;
  std::vector<bool> seen_;
  std::map<LinkKindKey, Sum> sums_;
  std::map<End, std::int64_t> ends_;
  std::pair<const End, std::int64_t>* last_end_ = nullptr;
  EnergyReport report_;
};

} // namespace

BitEnergy energy_per_bit(Milliwatts power, Mbps rate, bool complete) {
  auto watts = power.count();
  auto bits = rate.count();
  if (bits == 0) return {};
  // What the last digits of so much power and rate say does not reach the figure.
  for (; bits > 4'000'000'000'000; bits /= 10) watts /= 10;
  // A milliwatt at a megabit a second is a nanojoule for each bit.
  constexpr std::int64_t femtojoules = 1'000'000;
  const auto rest = watts % bits * femtojoules;
  return {complete ? Bound::exact : Bound::at_least, FemtojoulesPerBit(watts / bits * femtojoules + (rest + (complete ? bits / 2 : 0)) / bits)};
}

EnergyReport measure_energy(const Plan& plan, const std::vector<PowerDraw>& draws) { return EnergyMeter(plan, draws).run(); }

YearlyEnergy yearly_energy(const Operations& operations, Milliwatts power) {
  // Milliwatt-hours at full use; thousandths of a percent of them.
  const auto used = scale(power.count() * hours_per_year, operations.utilisation_thousandths, 100'000);
  YearlyEnergy year;
  constexpr std::int64_t per_kilowatt_hour = 1'000'000;
  year.equipment_kwh = (used + per_kilowatt_hour / 2) / per_kilowatt_hour;
  auto paid = used / 1'000;
  if (operations.pue_thousandths) {
    paid = scale(paid, *operations.pue_thousandths, 1'000);
    year.facility_kwh = (paid + 500) / 1'000;
  }
  // Watt-hours at millionths of a dollar for each kilowatt-hour.
  if (operations.microdollars_per_kwh) year.cost = Cents(scale(paid, *operations.microdollars_per_kwh, 10'000'000));
  return year;
}

} // namespace icplan
