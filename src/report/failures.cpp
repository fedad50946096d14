// SPDX-License-Identifier: Apache-2.0
// The worst failures as tables, as CSV and as a document.
#include "icplan/report/failures.hpp"

#include "csv.hpp"
#include "icplan/analysis/failures.hpp"
#include "icplan/base/text.hpp"
#include "icplan/json/writer.hpp"

#include <algorithm>

namespace icplan {
namespace {

/// In hundredths of a percent, to the nearest; what is less than all of it is not printed as all of it.
std::string percent(Share share) {
  const auto hundredths = (share.count() + 50) / 100;
  return share < whole_share && hundredths == 10'000 ? "99.99" : fixed(hundredths, 2);
}

/// "spine", or "in-band leaf" of another fabric than the one that is judged.
std::string kind_name(const Plan& plan, const FabricFailures& fabric, const WorstFailure& worst) {
  if (worst.failure.kind != FailureKind::switch_) return std::string(to_text(worst.failure.kind));
  const auto& layout = plan.network.fabrics[worst.switches_of.index()];
  const auto tier = static_cast<std::size_t>(worst.tier - 1);
  std::string name = worst.switches_of == fabric.fabric ? std::string() : std::string(plan.fabric_name(worst.switches_of)) + " ";
  return name + (tier < layout.tiers.size() ? layout.tiers[tier].name : "switch");
}

/// "1 node", "3 devices".
std::string victims(const FabricFailures& fabric, std::int64_t count) {
  return fabric.nodes == fabric.members ? counted(count, "node", "nodes") : counted(count, "device", "devices");
}

bool does_nothing(const WorstFailure& worst) { return worst.outcome.affected == 0 && worst.outcome.nic == whole_share; }

std::string nothing_done(FailureKind kind) {
  return kind == FailureKind::rack || kind == FailureKind::row ? "any: nothing outside is affected" : "any: none takes bandwidth";
}

/// Of what a site must expect: links, cables, cages and switches, not of planes, racks and rows.
std::string overall(const Plan& plan, const FabricFailures& fabric) {
  const WorstFailure* worst = nullptr;
  for (const auto kind : {FailureKind::switch_, FailureKind::cage, FailureKind::cable, FailureKind::link}) {
    const auto* of_kind = fabric.worst_of(kind);
    if (of_kind == nullptr) continue;
    const bool more = worst == nullptr || of_kind->outcome.cut_off > worst->outcome.cut_off ||
                      (of_kind->outcome.cut_off == worst->outcome.cut_off && of_kind->outcome.node < worst->outcome.node);
    if (more) worst = of_kind;
  }
  if (worst == nullptr) return "the fabric joins nothing";
  if (does_nothing(*worst)) return "no single link, cage or switch takes bandwidth from any node";
  const auto& outcome = worst->outcome;
  const std::string text = "worst of all single links, cages and switches: " + failure_name(plan, worst->failure);
  if (outcome.cut_off == 0) return text + " cuts nothing off, and leaves a node at least " + percent(outcome.node) + " % of its bandwidth";
  return text + " cuts off " + victims(fabric, outcome.cut_off) + " of " + grouped(fabric.members);
}

Section fabric_section(const Plan& plan, const FabricFailures& fabric) {
  Section section;
  section.title = "Failures in fabric " + std::string(plan.fabric_name(fabric.fabric)) + ": " + victims(fabric, fabric.members);
  section.lines.push_back(overall(plan, fabric));
  section.table.columns = {{"failure", false}, {"of", true}, {"worst case", false}, {"cut off", true}, {"affected", true}, {"share left %", true}, {"NIC left %", true}};
  for (const auto& worst : fabric.worst) {
    const auto& outcome = worst.outcome;
    const bool nothing = does_nothing(worst);
    section.table.rows.push_back({kind_name(plan, fabric, worst), grouped(worst.cases), nothing ? nothing_done(worst.failure.kind) : failure_name(plan, worst.failure),
                                  grouped(outcome.cut_off), grouped(outcome.affected), percent(outcome.node), percent(outcome.nic)});
  }
  for (const auto& worst : fabric.worst) {
    if (does_nothing(worst) || worst.outcome.lost == 0) continue;
    section.notes.push_back(failure_name(plan, worst.failure) + " holds " + victims(fabric, worst.outcome.lost) +
                            " of the fabric, which fail with it and are not counted");
  }
  if (fabric.peers)
    section.notes.push_back("switches of this fabric join others of their tier: a share is what the links that leave a node's switch still carry; traffic of others through it is not reckoned");
  return section;
}

} // namespace

std::vector<Section> failure_sections(const Plan& plan) {
  std::vector<Section> sections;
  for (const auto& fabric : measure_failures(plan)) sections.push_back(fabric_section(plan, fabric));
  if (sections.empty()) return sections;
  sections.back().notes.push_back("cut off: has no way left to what is beyond its own leaf; affected: has less than before, cut off or not; share left: the least that one of "
                                  "them can still exchange with nodes elsewhere, under full load and ideal load balance; NIC left: the same of one NIC");
  sections.back().notes.push_back("cables of one leg and cages with one link fail as their link does");
  return sections;
}

std::string failures_csv(const Plan& plan) {
  std::string out = "fabric,failure,switches,cases,worst,lost,cut_off,affected,share_left,nic_share_left\n";
  for (const auto& fabric : measure_failures(plan)) {
    for (const auto& worst : fabric.worst) {
      const auto& outcome = worst.outcome;
      append_csv_row(out, {plan.fabric_name(fabric.fabric), to_text(worst.failure.kind),
                           worst.failure.kind == FailureKind::switch_ ? kind_name(plan, fabric, worst) : std::string(), std::to_string(worst.cases),
                           does_nothing(worst) ? std::string() : failure_name(plan, worst.failure), std::to_string(outcome.lost),
                           std::to_string(outcome.cut_off), std::to_string(outcome.affected), decimal(outcome.node.count(), 6),
                           decimal(outcome.nic.count(), 6)});
    }
  }
  return out;
}

std::string failures_json(const Plan& plan) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("format", "icplan.failures/1").member("name", plan.spec.name).key("fabrics").begin_array();
  for (const auto& fabric : measure_failures(plan)) {
    out.begin_object().member("name", plan.fabric_name(fabric.fabric)).member("members", fabric.members).member("nodes", fabric.nodes);
    out.member_bool("joins_switches_of_one_tier", fabric.peers).key("worst").begin_array();
    for (const auto& worst : fabric.worst) {
      const auto& outcome = worst.outcome;
      out.begin_object_row().member("failure", to_text(worst.failure.kind));
      if (worst.failure.kind == FailureKind::switch_) out.member("switches", kind_name(plan, fabric, worst));
      out.member("cases", worst.cases);
      if (does_nothing(worst)) {
        out.key("worst").null();
      } else {
        out.member("worst", failure_name(plan, worst.failure));
      }
      out.member("lost", outcome.lost).member("cut_off", outcome.cut_off).member("affected", outcome.affected);
      out.member_decimal("share_left", outcome.node, 6).member_decimal("nic_share_left", outcome.nic, 6).end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return text;
}

} // namespace icplan
