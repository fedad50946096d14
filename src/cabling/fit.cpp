// SPDX-License-Identifier: Apache-2.0
// Fit, reason by reason.
#include "fit.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

constexpr std::string_view finned = "finned (IHS)";
constexpr std::string_view flat = "flat (RHS)";

std::string_view top_word(Top top) {
  switch (top) {
  case Top::ihs: return finned;
  case Top::rhs: return flat;
  case Top::none: return "bare";
  }
  return "?";
}

void unknown(Verdict& verdict, std::string_view fact) { verdict.add({Misfit::unknown, 0, 0, fact, {}}); }

void judge_form_and_top(Verdict& verdict, const std::optional<Form>& form, const std::optional<Top>& top, const CageType& cage) {
  if (!form) {
    unknown(verdict, "its form");
  } else if (*form != cage.form) {
    verdict.add({Misfit::form, 0, 0, to_text(*form), to_text(cage.form)});
    // Tops of different forms are not to be compared.
    return;
  }
  if (!top) {
    unknown(verdict, "its top");
  } else if (!cage.top) {
    unknown(verdict, "the top that the cage takes");
  } else if (*top != *cage.top) {
    verdict.add({Misfit::top, 0, 0, top_word(*top), top_word(*cage.top)});
  }
}

void judge_lanes(Verdict& verdict, std::int64_t lanes, const CageType& cage) {
  if (lanes == 0) {
    unknown(verdict, "its lanes");
  } else if (lanes != cage.lanes) {
    verdict.add({Misfit::lanes, lanes, cage.lanes, {}, {}});
  }
}

void judge_rate(Verdict& verdict, Mbps rate, const CageType& cage) {
  if (rate.count() == 0) {
    unknown(verdict, "its lane rate");
  } else if (rate != cage.lane_rate) {
    verdict.add({Misfit::lane_rate, rate.count(), cage.lane_rate.count(), {}, {}});
  }
}

void judge_protocol(Verdict& verdict, EnumSet<Protocol> protocols, Protocol protocol) {
  if (protocols.empty()) {
    unknown(verdict, "its protocol");
  } else if (!protocols.contains(protocol)) {
    verdict.add({Misfit::protocol, 0, 0, {}, to_text(protocol)});
  }
}

void judge_length(Verdict& verdict, const SoldLengths& lengths, std::optional<Millimetres> needed) {
  const auto longest = lengths.longest();
  if (!longest) {
    unknown(verdict, "the lengths at which it is sold");
  } else if (needed) {
    if (!lengths.at_least(*needed)) verdict.add({Misfit::reach, longest->count(), needed->count(), "it is sold up to", {}});
  }
}

bool judge_pluggable(Verdict& verdict, const CageType& cage) {
  if (cage.form == Form::co_packaged) verdict.add({Misfit::co_packaged, 0, 0, {}, {}});
  if (cage.form == Form::rj45) verdict.add({Misfit::rj45, 0, 0, {}, {}});
  return pluggable(cage);
}

/// One way round: `near_end` at the hub.
Verdict judge_ends(const CableFacts& cable, const CableEnd& near_end, const CableEnd& far_end, const CageType& hub, const CageType& far) {
  Verdict verdict;
  if (hub.ports % far.ports != 0) {
    verdict.add({Misfit::legs, near_end.count, far_end.count, {}, {}});
  } else if (near_end.count != 1 || far_end.count != hub.ports / far.ports) {
    verdict.add({Misfit::legs, std::max(near_end.count, far_end.count), hub.ports / far.ports, {}, {}});
  }
  judge_form_and_top(verdict, near_end.form, near_end.top, hub);
  judge_lanes(verdict, near_end.lanes, hub);
  judge_form_and_top(verdict, far_end.form, far_end.top, far);
  judge_lanes(verdict, far_end.lanes, far);
  judge_rate(verdict, cable.lane_rate, hub);
  if (far.lane_rate != hub.lane_rate && cable.lane_rate.count() != 0) judge_rate(verdict, cable.lane_rate, far);
  return verdict;
}

/// "apc", "upc", or nothing: the end of a connector's name.
std::string_view polish(std::string_view connector) {
  const auto at = connector.find_last_of("-/");
  const auto end = at == std::string_view::npos ? std::string_view() : connector.substr(at + 1);
  return end == "apc" || end == "upc" ? end : std::string_view();
}

void judge_connector(Verdict& verdict, std::string_view has, std::string_view needs) {
  if (has.empty()) {
    unknown(verdict, "its connector");
  } else if (has != needs) {
    const auto a = polish(has);
    const auto b = polish(needs);
    const bool same_body = !a.empty() && !b.empty() && a != b && has.substr(0, has.size() - a.size()) == needs.substr(0, needs.size() - b.size());
    verdict.add({same_body ? Misfit::polish : Misfit::connector, 0, 0, has, needs});
  }
}

std::string metres(std::int64_t millimetres) { return decimal(millimetres, 3) + " m"; }
std::string rate(std::int64_t mbps) { return decimal(mbps, 3) + "G"; }

} // namespace

CageType cage_type(const ClusterSpec& spec, const CageBlock& block) {
  return {block.form,
          block.top,
          block.ports_per_cage * block.lanes_per_port,
          block.lane_rate(),
          block.ports_per_cage,
          spec.accepted(block.max_module_power),
          block.form == Form::co_packaged ? block.optics : std::nullopt};
}

std::string describe(const CageType& cage) {
  std::string text(to_text(cage.form));
  if (cage.top && *cage.top != Top::none) text += *cage.top == Top::ihs ? " (finned)" : " (flat top)";
  if (!cage.top) text += " (heat sink unknown)";
  return text + " " + std::to_string(cage.lanes) + " x " + rate(cage.lane_rate.count()) + ", " + counted(cage.ports, "port", "ports");
}

Verdict judge_order(const Part& part, const MediaPolicy& policy) {
  Verdict verdict;
  if (part.generic()) {
    if (policy.orderable_only) verdict.add({Misfit::generic, 0, 0, {}, {}});
  } else if (!part.orderable) {
    verdict.add({Misfit::not_orderable, 0, 0, part.status, {}});
  }
  return verdict;
}

Verdict judge_cable(const CableFacts& cable, Protocol protocol, const CageType& hub, const CageType& far, std::optional<Millimetres> needed) {
  Verdict verdict;
  const bool takes = judge_pluggable(verdict, hub) && judge_pluggable(verdict, far);
  if (!takes) return verdict;
  if (cable.fits_any) {
    if (hub.ports % far.ports != 0) verdict.add({Misfit::legs, 0, 0, {}, {}});
  } else {
    const auto straight = judge_ends(cable, cable.ends[0], cable.ends[1], hub, far);
    const auto turned = judge_ends(cable, cable.ends[1], cable.ends[0], hub, far);
    for (const auto& reason : turned.size() < straight.size() ? turned : straight) verdict.add(reason);
    judge_protocol(verdict, cable.protocols, protocol);
  }
  judge_length(verdict, cable.lengths, needed);
  return verdict;
}

Verdict judge_module(const ClusterSpec& spec, const Part& part, Protocol protocol, const CageType& cage, std::optional<Lengths> lengths) {
  Verdict verdict;
  const auto& module = *part.as<ModuleFacts>();
  if (!judge_pluggable(verdict, cage)) return verdict;
  if (!module.fits_any) {
    judge_form_and_top(verdict, module.form, module.top, cage);
    judge_lanes(verdict, module.lanes, cage);
    judge_rate(verdict, module.lane_rate, cage);
    if (module.optical_ports != cage.ports) {
      const bool splits = module.optical_ports < cage.ports && cage.ports % module.optical_ports == 0;
      verdict.add({splits ? Misfit::split_module : Misfit::ports, module.optical_ports, cage.ports, {}, {}});
    }
    judge_protocol(verdict, module.protocols, protocol);
    // Watts that nobody states are no reason: few modules would be left.
    const auto watts = spec.accepted(part.power_max);
    if (watts && cage.max_module_power && *watts > *cage.max_module_power)
      verdict.add({Misfit::module_power, watts->count(), cage.max_module_power->count(), {}, {}});
  }
  if (!module.family) unknown(verdict, "its optics");
  if (!module.reach) {
    unknown(verdict, "its reach");
  } else if (lengths && *module.reach < lengths->longest) {
    verdict.add({Misfit::reach, module.reach->count(), lengths->longest.count(), "it reaches", {}});
  }
  const auto least = spec.accepted(module.min_reach);
  if (least && lengths && lengths->shortest < *least) verdict.add({Misfit::min_reach, least->count(), lengths->shortest.count(), {}, {}});
  return verdict;
}

/// The connector of a jumper that is made for the modules at its ends.
static constexpr std::string_view made_to_measure = "generic";

Verdict judge_fibre(const Part& part, const OpticalFamily& family, std::optional<Millimetres> needed) {
  Verdict verdict;
  const auto& fibre = *part.as<FibreFacts>();
  // A generic jumper is made to measure, with the connectors and the kind of fibre that the modules take. One with connectors of its own is not.
  if (!part.generic() || fibre.connector_a != made_to_measure || fibre.connector_b != made_to_measure) {
    if (fibre.tails != 1) verdict.add({Misfit::splitter, fibre.tails, family.lanes, {}, {}});
    if (fibre.fibre.empty()) {
      unknown(verdict, "its kind of fibre");
    } else if (fibre.fibre != family.fibre) {
      verdict.add({Misfit::fibre_type, 0, 0, fibre.fibre, family.fibre});
    }
    judge_connector(verdict, fibre.connector_a, family.connector);
    if (fibre.tails == 1 && fibre.connector_b != fibre.connector_a) judge_connector(verdict, fibre.connector_b, family.connector);
  }
  judge_length(verdict, fibre.lengths, needed);
  return verdict;
}

std::optional<Millidecibels> link_loss(const ClusterSpec& spec, const FibreFacts& fibre, std::int64_t connector_pairs, Millimetres length) {
  const auto per_km = spec.accepted(fibre.attenuation_per_km);
  const auto per_pair = spec.accepted(fibre.connector_loss);
  if (!per_km || !per_pair) return std::nullopt;
  return Millidecibels(divide_up(per_km->count() * length.count(), 1'000'000) + per_pair->count() * connector_pairs);
}

std::string sentence(const Reason& reason) {
  const std::string has(reason.has_word);
  const std::string needs(reason.needs_word);
  const auto a = std::to_string(reason.has);
  const auto b = std::to_string(reason.needs);
  switch (reason.misfit) {
  case Misfit::unknown: return has + (has.rfind("the lengths", 0) == 0 ? " are" : " is") + " not known";
  case Misfit::form: return "its form is " + has + ", and the cage takes " + needs;
  case Misfit::top: return "its top is " + has + ", and the cage takes " + needs + " tops";
  case Misfit::lanes: return "it has " + counted(reason.has, "lane", "lanes") + ", and the cage uses " + b;
  case Misfit::lane_rate: return "its lanes run at " + rate(reason.has) + ", and those of the cage at " + rate(reason.needs);
  case Misfit::protocol: return "it does not carry " + needs;
  case Misfit::legs:
    return reason.needs == 0 ? "the ports of the cages do not divide" : "it joins one plug to " + a + ", and the cages are joined one to " + b;
  case Misfit::ports: return "it has " + counted(reason.has, "optical port", "optical ports") + ", and the cage " + b;
  case Misfit::whole_cages: return "the ports of the cages go to different devices, and a cable fills whole cages";
  case Misfit::reach: return has + " " + metres(reason.has) + ", and " + metres(reason.needs) + " is needed";
  case Misfit::min_reach: return "it needs at least " + metres(reason.has) + " of fibre, and the shortest link has " + metres(reason.needs);
  case Misfit::module_power:
    return "it draws up to " + decimal(reason.has, 3) + " W, and the cage feeds and cools " + decimal(reason.needs, 3) + " W";
  case Misfit::loss_budget:
    return "the link loses up to " + decimal(reason.has, 3) + " dB over it, and the modules bear " + decimal(reason.needs, 3) + " dB";
  case Misfit::family: return "its optics are " + has + ", and no module of that kind fits the other end";
  case Misfit::fibre_type: return "it is " + has + ", and the modules take " + needs;
  case Misfit::connector: return "its connector is " + has + ", and the modules take " + needs;
  case Misfit::polish: return "it ends in " + has + ", the modules in " + needs + ": angled and flat polish never mate";
  case Misfit::splitter:
    return "it splits into " + a + " tails of " + counted(reason.needs / reason.has, "lane", "lanes") + ", and each link takes a straight fibre of " +
           b;
  case Misfit::split_module:
    return "its " + counted(reason.has, "optical port", "optical ports") + " would share the " + b +
           " ports of the cage through splitter fibre, and links are planned with straight fibre";
  case Misfit::co_packaged: return "the optics of the port are co-packaged, and it takes no pluggable";
  case Misfit::rj45: return "the port is RJ45, and takes twisted pair";
  case Misfit::not_orderable: return "it cannot be ordered" + (has.empty() ? "" : " (" + has + ")");
  case Misfit::generic: return "it is generic, and `orderable_only` leaves those out";
  }
  return "?";
}

std::string sentences(const Verdict& verdict) {
  std::string text;
  for (const auto& reason : verdict) text += (text.empty() ? "" : "; ") + sentence(reason);
  return text;
}

Code code_of(Misfit misfit) {
  switch (misfit) {
  case Misfit::unknown: return Code::stated_part_unknown;
  case Misfit::form: return Code::stated_part_form;
  case Misfit::top: return Code::stated_part_top;
  case Misfit::lanes:
  case Misfit::ports: return Code::stated_part_lanes;
  case Misfit::lane_rate: return Code::stated_part_lane_rate;
  case Misfit::protocol: return Code::stated_part_protocol;
  case Misfit::legs: return Code::stated_part_legs;
  case Misfit::whole_cages: return Code::stated_part_whole_cages;
  case Misfit::reach: return Code::stated_part_reach;
  case Misfit::min_reach: return Code::stated_part_min_reach;
  case Misfit::module_power: return Code::stated_part_module_power;
  case Misfit::loss_budget: return Code::stated_part_loss_budget;
  case Misfit::family: return Code::stated_part_family;
  case Misfit::fibre_type: return Code::stated_part_fibre_type;
  case Misfit::connector: return Code::stated_part_connector;
  case Misfit::polish: return Code::stated_part_polish;
  case Misfit::splitter:
  case Misfit::split_module: return Code::stated_part_splitter;
  case Misfit::co_packaged: return Code::stated_part_co_packaged;
  case Misfit::rj45: return Code::stated_part_rj45;
  case Misfit::not_orderable:
  case Misfit::generic: return Code::stated_part_not_orderable;
  }
  return Code::no_part;
}

} // namespace icplan
