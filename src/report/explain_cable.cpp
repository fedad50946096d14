// SPDX-License-Identifier: Apache-2.0
// Why a cable is what it is, as sections and as JSON.
#include "icplan/report/report.hpp"

#include "icplan/base/text.hpp"
#include "icplan/cabling/explain.hpp"
#include "icplan/json/writer.hpp"
#include "icplan/place/geometry.hpp"

#include <utility>

namespace icplan {
namespace {

CableExplanation explain(const Plan& plan, AssemblyId assembly) {
  return explain_assembly(plan.spec, *plan.catalog, plan.network, plan.cables, assembly);
}

struct End {
  std::string device;
  std::string cage;
  std::int64_t port = 0;
  std::string rack;
  std::int64_t unit = 0;
};

End end_of(const Plan& plan, DeviceId device, std::uint32_t port) {
  const auto& block = plan.network.group(device).block_of_port(port);
  const auto& place = plan.placement.devices[device.index()];
  const auto at = port - block.first_port;
  const auto cage = (block.name == "fabric" ? "" : block.name + "-") + std::to_string(block.number(at / block.ports_per_cage));
  return {plan.network.device_name(device), cage, std::int64_t{at % block.ports_per_cage} + 1, plan.placement.rack_name(plan.spec.floor, place.rack),
          place.unit};
}

/// The links of the assembly, first leg first.
std::vector<std::uint32_t> links_of(const Plan& plan, AssemblyId assembly) {
  std::vector<std::uint32_t> links;
  for (std::uint32_t i = plan.cables.assemblies[assembly.index()].first_link; i < plan.cables.legs.size(); ++i) {
    if (plan.cables.legs[i].assembly == assembly) links.push_back(i);
  }
  return links;
}

using Term = std::pair<std::string_view, std::int64_t>;

/// What a run is made of, in micrometres; terms of 0 are left out.
std::vector<Term> terms_of(const Plan& plan, const Link& link) {
  const auto terms = RunModel(plan.spec.floor, plan.placement).terms(link.from, link.to);
  std::vector<Term> list;
  if (!terms) return list;
  for (const auto& term : {Term{"rise", terms->rise.count()}, Term{"along", terms->along.count()}, Term{"across", terms->across.count()},
                           Term{"duct", terms->duct.count()}, Term{"sides", terms->sides.count()}, Term{"loops", terms->loops.count()},
                           Term{"slack", terms->slack.count()}}) {
    if (term.second != 0) list.push_back(term);
  }
  return list;
}

/// "leg 1: rise 2.411 m, along 0.6 m, sides 0.6 m, slack 0.5 m, rounded up to a millimetre".
std::string terms_text(const Plan& plan, std::uint32_t link) {
  std::string text = "leg " + std::to_string(plan.cables.legs[link].number) + ": ";
  for (const auto& [name, micrometres] : terms_of(plan, plan.network.links[link]))
    text += std::string(name) + " " + decimal(micrometres, 6) + " m, ";
  return text + "rounded up to a millimetre";
}

std::string verdict(const Candidate& candidate) {
  if (candidate.chosen) return "chosen";
  if (candidate.misfits.empty()) return candidate.lost_by.empty() ? "fits" : "lost by " + candidate.lost_by;
  std::string text;
  for (const auto& misfit : candidate.misfits) text += (text.empty() ? "" : "; ") + misfit;
  return text;
}

} // namespace

std::vector<Section> explain_cable(const Plan& plan, AssemblyId assembly) {
  const auto told = explain(plan, assembly);
  std::vector<Section> sections(1);
  auto& head = sections.front();
  head.title = "Cable " + cable_name(plan, assembly);
  head.table.columns = {{"leg", true}, {"from", false}, {"cage", false}, {"port", true}, {"rack", false}, {"U", true}, {"to", false},
                        {"cage", false}, {"port", true}, {"rack", false}, {"U", true}, {"length m", true}};
  for (const auto i : links_of(plan, assembly)) {
    const auto& link = plan.network.links[i];
    const auto a = end_of(plan, link.from, link.from_port);
    const auto b = end_of(plan, link.to, link.to_port);
    const auto& leg = plan.cables.legs[i];
    head.table.rows.push_back({std::to_string(leg.number), a.device, a.cage, std::to_string(a.port), a.rack, std::to_string(a.unit), b.device, b.cage,
                               std::to_string(b.port), b.rack, std::to_string(b.unit), fixed(leg.length_mm, 3)});
  }
  for (const auto i : links_of(plan, assembly)) head.notes.push_back(terms_text(plan, i));
  head.notes.push_back("class " + std::string(to_text(told.media)) + ", needs " + decimal(told.needed.count(), 3) + " m, sold at " +
                       decimal(told.sold.count(), 3) + " m");
  for (const auto& reason : told.reasons) head.notes.push_back(reason);
  for (const auto& contest : told.contests) {
    auto& section = sections.emplace_back();
    section.title = contest.title;
    if (!contest.remark.empty()) section.lines.push_back(contest.remark);
    for (const auto& other : contest.others) section.notes.push_back(other);
    if (contest.candidates.empty()) continue;
    section.table.columns = {{"part", false}, {"sold at m", true}, {"verdict", false}};
    for (const auto& candidate : contest.candidates) {
      section.table.rows.push_back(
          {plan.part(candidate.part).id, candidate.sold ? decimal(candidate.sold->count(), 3) : std::string(), verdict(candidate)});
    }
  }
  return sections;
}

std::string explain_cable_json(const Plan& plan, AssemblyId assembly) {
  const auto told = explain(plan, assembly);
  std::string text;
  json::Writer out(text);
  out.begin_object().member("cable", cable_name(plan, assembly)).member("class", to_text(told.media)).member("class_by_rule", to_text(told.by_rule));
  out.member_decimal("needed_m", told.needed.count(), 3).member_decimal("sold_m", told.sold.count(), 3);
  out.key("legs").begin_array();
  const auto write_end = [&](std::string_view key, const End& end) {
    out.key(key).begin_object_row().member("device", end.device).member("cage", end.cage).member("port", end.port).member("rack", end.rack);
    out.member("u", end.unit).end_object();
  };
  for (const auto i : links_of(plan, assembly)) {
    const auto& link = plan.network.links[i];
    out.begin_object_row().member("leg", std::int64_t{plan.cables.legs[i].number}).member_decimal("length_m", std::int64_t{plan.cables.legs[i].length_mm}, 3);
    out.key("terms_m").begin_object_row();
    for (const auto& [name, micrometres] : terms_of(plan, link)) out.member_decimal(name, micrometres, 6);
    out.end_object();
    write_end("from", end_of(plan, link.from, link.from_port));
    write_end("to", end_of(plan, link.to, link.to_port));
    out.end_object();
  }
  out.end_array();
  const auto write_texts = [&](std::string_view key, const std::vector<std::string>& texts) {
    out.key(key).begin_array_row();
    for (const auto& one : texts) out.string(one);
    out.end_array();
  };
  write_texts("reasons", told.reasons);
  out.key("contests").begin_array();
  for (const auto& contest : told.contests) {
    out.begin_object().member("title", contest.title).member("remark", contest.remark);
    write_texts("others", contest.others);
    out.key("candidates").begin_array();
    for (const auto& candidate : contest.candidates) {
      out.begin_object_row().member("part", plan.part(candidate.part).id);
      out.member_decimal("sold_m", candidate.sold ? std::optional(candidate.sold->count()) : std::nullopt, 3);
      out.member_bool("chosen", candidate.chosen).member("lost_by", candidate.lost_by);
      write_texts("misfits", candidate.misfits);
      out.end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return text;
}

} // namespace icplan
