// SPDX-License-Identifier: Apache-2.0
// Figures that contradict each other, or what lanes, light and copper can do. The bounds are wide: they catch a wrong unit or a slipped digit, and
// docs/catalogs.md lists them.
#include "lint.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>

namespace icplan {
namespace {

std::string gbps(Mbps rate) { return decimal(rate.count(), 3) + " Gb/s"; }
std::string metres(Millimetres length) { return decimal(length.count(), 3) + " m"; }
std::string watts(Milliwatts power) { return decimal(power.count(), 3) + " W"; }
std::string decibels(Millidecibels loss) { return decimal(loss.count(), 3) + " dB"; }

/// Collects what is implausible about one part.
class Doubts {
public:
  Doubts(const Part& part, Sink& sink) : part_(part), sink_(sink) {}
  void say(const std::string& what) { sink_.report(Code::implausible_figure, part_.where, "`" + part_.id + "` " + what); }

private:
  const Part& part_;
  Sink& sink_;
};

/// Electrical lanes that a form has; 0: no fixed number.
std::int64_t lanes_of(Form form) {
  switch (form) {
  case Form::osfp:
  case Form::qsfp_dd: return 8;
  case Form::qsfp112:
  case Form::qsfp56:
  case Form::qsfp28: return 4;
  case Form::sfp112:
  case Form::sfp56:
  case Form::sfp28: return 1;
  case Form::rj45:
  case Form::co_packaged: return 0;
  }
  return 0;
}

void doubt_lanes(Doubts& doubts, std::optional<Form> form, std::int64_t lanes, const std::string& what) {
  if (!form || lanes_of(*form) == 0 || lanes <= lanes_of(*form)) return;
  doubts.say("has " + std::to_string(lanes) + " lanes in " + what + " of form " + std::string(to_text(*form)) + ", which has " +
             std::to_string(lanes_of(*form)));
}

/// The longest copper that carries a lane of that rate, in millimetres: 802.3 channels and what makers sell.
Millimetres longest_copper(CopperTechnology technology, Mbps lane) {
  struct Limit {
    std::int64_t rate;
    std::int64_t passive;
    std::int64_t active;
  };
  constexpr std::array<Limit, 4> limits = {{{26'000, 5'000, 10'000}, {54'000, 3'500, 7'000}, {107'000, 3'000, 7'000}, {215'000, 2'000, 5'000}}};
  for (const auto& limit : limits) {
    if (lane.count() <= limit.rate) return Millimetres(technology == CopperTechnology::passive ? limit.passive : limit.active);
  }
  return Millimetres(limits.back().passive);
}

void doubt_sold(Doubts& doubts, const SoldLengths& lengths) {
  if (lengths.maximum && !lengths.list.empty() && lengths.list.back() > *lengths.maximum)
    doubts.say("is sold at " + metres(lengths.list.back()) + ", beyond its maximum of " + metres(*lengths.maximum));
}

void doubt_cable(Doubts& doubts, const CableFacts& cable) {
  const auto& [a, b] = cable.ends;
  if (a.lanes > 0 && b.lanes > 0 && a.lanes * a.count != b.lanes * b.count)
    doubts.say("has " + std::to_string(a.lanes * a.count) + " lanes at end A and " + std::to_string(b.lanes * b.count) + " at end B");
  for (const auto& end : cable.ends) doubt_lanes(doubts, end.form, end.lanes, "a plug");
  doubt_sold(doubts, cable.lengths);
  if (cable.fits_any) return;
  const auto longest = cable.lengths.longest();
  if (!cable.optical && longest && cable.lane_rate.count() > 0) {
    const auto limit = longest_copper(cable.technology, cable.lane_rate);
    if (*longest > limit)
      doubts.say("carries " + gbps(cable.lane_rate) + " a lane over " + metres(*longest) + " of " +
                 (cable.technology == CopperTechnology::passive ? "passive" : "active") + " copper; " + metres(limit) + " is the most that is known");
  }
  if (cable.optical != (cable.technology == CopperTechnology::aoc))
    doubts.say(std::string("is of class ") + (cable.optical ? "aoc" : "dac") + " and technology " + std::string(to_text(cable.technology)));
  for (std::size_t i = 0; i < cable.ends.size(); ++i) {
    if (!cable.end_power[i]) continue;
    const auto power = cable.end_power[i]->value;
    if (cable.technology == CopperTechnology::passive && power > Milliwatts(1'000)) doubts.say("is passive, but an end draws " + watts(power));
    const auto rate = cable.lane_rate * cable.ends[i].lanes;
    // 40 pJ/bit.
    if (cable.technology != CopperTechnology::passive && rate.count() > 0 && power.count() * 1000 > rate.count() * 40)
      doubts.say("draws " + watts(power) + " at an end of " + gbps(rate) + ", more than 40 mW for each Gb/s");
  }
}

/// What the letters of an optical type promise.
struct OpticalClass {
  std::string_view letters;
  std::string_view fibre;
  std::int64_t least_m;
  std::int64_t most_m;
};
constexpr std::array<OpticalClass, 7> optical_classes = {{{"vr", "mmf", 10, 50},
                                                          {"sr", "mmf", 10, 150},
                                                          {"dr", "smf", 50, 500},
                                                          {"fr", "smf", 300, 2'000},
                                                          {"lr", "smf", 1'000, 10'000},
                                                          {"er", "smf", 5'000, 40'000},
                                                          {"zr", "smf", 20'000, 120'000}}};

void doubt_optics(Doubts& doubts, const ModuleFacts& module) {
  const auto& family = *module.family;
  for (const auto& optics : optical_classes) {
    if (family.type.compare(0, 2, optics.letters) != 0) continue;
    if (family.fibre != optics.fibre) doubts.say("is of type " + family.type + ", but takes " + family.fibre);
    // `dr4-2` and `dr8+` reach 2 km.
    const bool extended = optics.letters == "dr" && family.type.find_first_of("-+") != std::string::npos;
    const Millimetres most((extended ? 2'000 : optics.most_m) * 1000);
    if (module.reach && (*module.reach > most || *module.reach < Millimetres(optics.least_m * 1000)))
      doubts.say("is of type " + family.type + " with a reach of " + metres(*module.reach) + "; " + std::to_string(optics.least_m) + " m to " +
                 metres(most) + " are usual");
  }
}

void doubt_module_power(Doubts& doubts, const Part& part, const ModuleFacts& module) {
  const auto rate = module.lane_rate * module.lanes;
  if (rate.count() == 0) return;
  // Coherent modules draw more: their type begins with `er` or `zr`.
  const bool coherent = module.family && (module.family->type.compare(0, 2, "zr") == 0 || module.family->type.compare(0, 2, "er") == 0);
  constexpr std::int64_t least = 4;
  const std::int64_t most = coherent ? 100 : 60;
  for (const auto& figure : {part.power_typical, part.power_max}) {
    if (!figure) continue;
    const auto microwatts = figure->value.count() * 1000;
    if (microwatts < rate.count() * least || microwatts > rate.count() * most)
      doubts.say("draws " + watts(figure->value) + " at " + gbps(rate) + "; " + std::to_string(least) + " to " + std::to_string(most) +
                 " mW for each Gb/s are usual");
  }
}

void doubt_module(Doubts& doubts, const Part& part, const ModuleFacts& module) {
  if (module.fits_any) return;
  doubt_lanes(doubts, module.form, module.lanes, "a module");
  doubt_module_power(doubts, part, module);
  if (module.min_reach && module.reach && module.min_reach->value >= *module.reach)
    doubts.say("reaches " + metres(*module.reach) + ", but needs " + metres(module.min_reach->value) + " at least");
  if (module.loss_budget && (module.loss_budget->value < Millidecibels(500) || module.loss_budget->value > Millidecibels(40'000)))
    doubts.say("has a loss budget of " + decibels(module.loss_budget->value) + "; 0.5 dB to 40 dB are usual");
  if (!module.family) return;
  doubt_optics(doubts, module);
  const auto electrical = module.lane_rate * module.lanes;
  const auto optical = module.family->lane_rate * module.family->lanes * module.optical_ports;
  if (electrical.count() > 0 && optical.count() > 0 && electrical != optical)
    doubts.say("carries " + gbps(electrical) + " on electrical lanes and " + gbps(optical) + " on optical ones");
}

void doubt_fibre(Doubts& doubts, const FibreFacts& fibre) {
  doubt_sold(doubts, fibre.lengths);
  const bool single_mode = fibre.fibre == "smf";
  const Millidecibels most(single_mode ? 1'000 : 5'000);
  if (fibre.attenuation_per_km && (fibre.attenuation_per_km->value > most || fibre.attenuation_per_km->value < Millidecibels(100)))
    doubts.say("loses " + decibels(fibre.attenuation_per_km->value) + " a kilometre of " + fibre.fibre + "; 0.1 dB to " + decibels(most) +
               " are usual");
  if (fibre.connector_loss && fibre.connector_loss->value > Millidecibels(1'000))
    doubts.say("loses " + decibels(fibre.connector_loss->value) + " in a pair of connectors; 1 dB is a lot");
}

void doubt_body(Doubts& doubts, const CableBody& body) {
  if (body.diameter && (body.diameter->value > Micrometres(40'000) || body.diameter->value < Micrometres(500)))
    doubts.say("is " + decimal(body.diameter->value.count(), 3) + " mm thick; 0.5 mm to 40 mm are usual");
  if (body.weight_per_metre && body.weight_per_metre->value > MilligramsPerMetre(2'000'000))
    doubts.say("weighs " + decimal(body.weight_per_metre->value.count(), 6) + " kg a metre; 2 kg is a lot");
}

void doubt_mode(Doubts& doubts, const PortGroup& group, const PortMode& mode) {
  const auto cage = "a `" + group.name + "` cage";
  if (group.lanes > 0 && mode.ports * mode.lanes_per_port > group.lanes)
    doubts.say("uses " + std::to_string(mode.ports * mode.lanes_per_port) + " lanes of " + cage + " that has " + std::to_string(group.lanes));
  if (mode.speed.count() % mode.lanes_per_port != 0) {
    doubts.say("spreads " + gbps(mode.speed) + " over " + std::to_string(mode.lanes_per_port) + " lanes of a `" + group.name + "` port");
  } else if (group.lane_rate && mode.lane_rate() > *group.lane_rate) {
    doubts.say("runs a lane of " + cage + " at " + gbps(mode.lane_rate()) + ", above its " + gbps(*group.lane_rate));
  }
}

/// The most that the cages carry at once, without those that a part is managed through.
Mbps faceplate(const Part& part) {
  Mbps sum;
  for (const auto& group : part.port_groups()) {
    if (group.name == "mgmt") continue;
    Mbps most;
    for (const auto& mode : group.modes) most = std::max(most, mode.speed * mode.ports);
    sum += most * group.cages;
  }
  return sum;
}

void doubt_ports(Doubts& doubts, const Part& part) {
  for (const auto& group : part.port_groups()) {
    doubt_lanes(doubts, group.form, group.lanes, "a `" + group.name + "` cage");
    for (const auto& mode : group.modes) doubt_mode(doubts, group, mode);
    if (group.max_module_power && (group.max_module_power->value < Milliwatts(500) || group.max_module_power->value > Milliwatts(60'000)))
      doubts.say("feeds " + watts(group.max_module_power->value) + " to a `" + group.name + "` cage; 0.5 W to 60 W are usual");
  }
  const auto sum = faceplate(part);
  const auto stated = [&](std::string_view name, int decimals) {
    const auto* value = part.entry->find(name);
    const auto number = value != nullptr && value->kind == json::Kind::number ? json::scaled(value->text, decimals) : std::nullopt;
    return number ? std::optional(Mbps(*number)) : std::nullopt;
  };
  // A port or two for management of the fabric come on top.
  if (const auto throughput = stated("throughput_tbps", 6); throughput && sum.count() * 100 > throughput->count() * 102)
    doubts.say("has cages for " + decimal(sum.count(), 6) + " Tb/s, above its throughput of " + decimal(throughput->count(), 6) + " Tb/s");
  const auto total = stated("total_gbps", 3);
  if (total && sum.count() > 0 && *total > sum) doubts.say("carries " + gbps(*total) + " through cages for " + gbps(sum));
  if (const auto* nic = part.as<NicFacts>()) {
    const auto slot = slot_rate(nic->pcie);
    if (slot && total && *total > *slot) doubts.say("carries " + gbps(*total) + ", above the " + gbps(*slot) + " of its " + nic->pcie + " slot");
  }
}

} // namespace

void lint_plausibility(const Part& part, Sink& sink) {
  Doubts doubts(part, sink);
  doubt_ports(doubts, part);
  if (const auto* cable = part.as<CableFacts>()) doubt_cable(doubts, *cable);
  if (const auto* module = part.as<ModuleFacts>()) doubt_module(doubts, part, *module);
  if (const auto* fibre = part.as<FibreFacts>()) doubt_fibre(doubts, *fibre);
  if (const auto* utp = part.as<UtpFacts>()) doubt_sold(doubts, utp->lengths);
  if (const auto* body = part.cable_body()) doubt_body(doubts, *body);
  if (part.power_typical && part.power_max && part.power_typical->value > part.power_max->value)
    doubts.say("draws " + watts(part.power_typical->value) + " typically, above its maximum of " + watts(part.power_max->value));
  if (part.price && part.price->value.count() == 0) doubts.say("has a price of $0; a price that is not known is left out");
}

} // namespace icplan
