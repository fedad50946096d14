// SPDX-License-Identifier: Apache-2.0
// The summary that an architect reads first.
#include "icplan/report/report.hpp"

#include "figures.hpp"
#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/halls.hpp"
#include "icplan/analysis/transport.hpp"
#include "icplan/base/text.hpp"
#include "icplan/report/workloads.hpp"
#include "power_figures.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace icplan {
namespace {

std::string ratio_text(Ratio ratio) { return decimal(thousandths(ratio), 3) + ":1"; }

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string unknown_text(std::int64_t unknown) { return unknown == 0 ? "" : counted(unknown, "part", "parts") + " without a figure"; }

class Summary {
public:
  Summary(const Plan& plan, bool explain) : plan_(plan), explain_(explain) {}

  std::vector<Section> run() {
    totals();
    for (std::size_t f = 0; f < plan_.network.fabrics.size(); ++f) fabric(f);
    bandwidth();
    if (!plan_.spec.workloads.empty()) sections_.push_back(workload_section(plan_));
    sections_.push_back(media_section(plan_));
    sections_.push_back(length_section(plan_));
    between_halls();
    growth();
    sections_.push_back(bom_section(plan_));
    sections_.push_back(cost_section(plan_));
    power();
    racks();
    findings();
    defaults();
    return std::move(sections_);
  }

private:
  Section& add(std::string title) {
    sections_.emplace_back().title = std::move(title);
    return sections_.back();
  }

  void totals() {
    const auto counts = count_plan(plan_);
    auto& section = add("Totals");
    section.table.columns = {{"GPUs", true},  {"nodes", true},  {"racks", true},  {"switches", true},
                             {"links", true}, {"cables", true}, {"modules", true}};
    section.table.rows.push_back({grouped(counts.gpus), grouped(counts.nodes + counts.support_nodes), grouped(counts.racks), grouped(counts.switches),
                                  grouped(counts.links), grouped(counts.cables), grouped(counts.modules)});
    if (counts.support_nodes > 0) section.notes.push_back(grouped(counts.support_nodes) + " of the nodes have no GPU");
  }

  void fabric(std::size_t index) {
    const auto& layout = plan_.network.fabrics[index];
    const auto& spec = plan_.spec.fabrics[layout.fabric.index()];
    const auto kind = spec.on ? "on fabric " + std::string(plan_.fabric_name(*spec.on)) : std::string(to_text(spec.topology));
    auto& section =
        add("Fabric " + spec.name + ": " + kind + ", " + std::string(to_text(layout.protocol)) +
            (layout.rails > 1 ? ", " + grouped(layout.rails) + " rails" : "") + (spec.planes > 1 ? ", " + grouped(spec.planes) + " planes" : ""));
    if (!layout.tiers.empty()) {
      section.table.columns = {{"tier", false},    {"model", false},           {"switches", true}, {"ports down", true},
                               {"ports up", true}, {"oversubscription", true}, {"free", true}};
    }
    const auto use = measure_tiers(plan_, index);
    for (std::size_t t = 0; t < use.size(); ++t) {
      const auto& tier = layout.tiers[t];
      const auto ports = [](std::int64_t count, Mbps speed) { return grouped(count) + " x " + decimal(speed.count(), 3) + "G"; };
      section.table.rows.push_back({tier.name, plan_.part(tier.model).id, grouped(tier.switches),
                                    tier.mixed_speeds ? grouped(tier.ports_down) + ", mixed" : ports(tier.ports_down, tier.down_speed),
                                    tier.ports_up > 0 ? ports(tier.ports_up, tier.up_speed) : "",
                                    tier.oversubscription ? ratio_text(*tier.oversubscription) : "", grouped(use[t].ports_free)});
    }
    std::string links = "links: ";
    for (const auto& line : count_links(plan_, index)) {
      if (links.size() > 7) links += ", ";
      links += grouped(line.count) + " " + (line.kind.empty() ? "" : line.kind + " ") + line.from + "-" + line.to;
      if (!line.purpose.empty()) links += " (" + line.purpose + ")";
    }
    section.notes.push_back(links);
    if (const auto transports = shared_transports(plan_, layout.fabric))
      section.notes.push_back(transports->empty() ? "the attached NICs have no transport in common" : "transport of all attached NICs: " + joined(*transports));
    if (!explain_) return;
    for (const auto& reason : layout.reasons) section.notes.push_back(reason);
  }

  void bandwidth() {
    auto& section = add("Bandwidth, one direction");
    section.table.columns = {{"fabric", false},       {"mean per GPU", true},   {"injection", true},     {"leaf uplinks", true},
                             {"spine uplinks", true}, {"bisection half", true}, {"bisection full", true}};
    for (const auto& line : measure_bandwidth(plan_)) {
      const auto& layout = plan_.network.fabrics[line.fabric.index()];
      const auto tbps = [](std::int64_t scaled, int decimals) { return decimal(scaled, decimals) + " Tb/s"; };
      const auto uplinks = [&](std::size_t tier) {
        return tier < layout.tiers.size() && layout.tiers[tier].oversubscription ? tbps(layout.tiers[tier].uplink_capacity.count(), 6)
                                                                                 : std::string();
      };
      section.table.rows.push_back({std::string(plan_.fabric_name(line.fabric)), line.per_gpu ? decimal(line.per_gpu->count(), 3) + " Gb/s" : "",
                                    tbps(line.injection.count(), 6), uplinks(0), uplinks(1),
                                    line.bisection_full ? tbps(line.bisection_full->count() * 5, 7) : "unknown",
                                    line.bisection_full ? tbps(line.bisection_full->count(), 6) : "unknown"});
      if (line.bisection_bound) {
        section.notes.push_back("the bisection of fabric " + std::string(plan_.fabric_name(line.fabric)) +
                                (layout.uneven ? " sums whole tiers, but its pods or leaves differ" : " is the least of the cuts that were tried") +
                                "; the true one is at most that");
      }
      if (line.slot_limited)
        section.notes.push_back("a PCIe slot limits the NICs of fabric " + std::string(plan_.fabric_name(line.fabric)) + " below their ports");
    }
    section.notes.push_back(
        "bisection full: the least of injection and any tier's uplinks, or twice the least cut between the routers; half of it crosses a cut that "
        "splits the nodes in two");
  }

  void between_halls() {
    const auto crossings = measure_hall_crossings(plan_);
    if (crossings.empty()) return;
    auto& section = add("Between halls");
    section.table.columns = {{"halls", false}, {"fabric", false}, {"class", false},     {"optics", false},       {"links", true},
                             {"Tb/s", true},   {"cables", true},  {"fibre pairs", true}, {"light on a pair", false}};
    for (const auto& line : crossings) {
      const auto pairs = line.pairs();
      section.table.rows.push_back({plan_.spec.floor.halls[line.from.index()].name + " - " + plan_.spec.floor.halls[line.to.index()].name,
                                    std::string(plan_.fabric_name(line.fabric)), std::string(to_text(line.media)), line.optics, grouped(line.links),
                                    decimal(line.capacity.count(), 6), grouped(line.cables), pairs ? grouped(*pairs) : "",
                                    line.light ? grouped(line.light->wavelengths) + " x " + decimal(line.light->rate.count(), 3) + " Gb/s" : ""});
    }
    section.notes.push_back("one direction; every link has fibre pairs of its own; light on a pair: wavelengths x rate");
  }

  void growth() {
    if (!plan_.growth) return;
    const auto& grown = *plan_.growth;
    auto& section = add("Growth out of baseline " + plan_.baseline->name);
    section.table.columns = {{"what", false}, {"kept", true}, {"added", true}, {"moved", true}, {"removed", true}, {"replaced", true}};
    section.table.rows.push_back(
        {"devices", grouped(grown.devices.kept), grouped(grown.devices.added), grouped(grown.devices.moved), grouped(grown.devices.removed), ""});
    section.table.rows.push_back({"cables", grouped(grown.cables.kept), grouped(grown.cables.added), grouped(grown.cables.moved),
                                  grouped(grown.cables.removed), grouped(grown.cables.replaced)});
    const auto to_buy = measure_cost_to_buy(plan_);
    section.notes.push_back("to buy now: " + bound_text("$" + grouped(to_buy.total.count() / 100), to_buy.total.count() == 0, to_buy.unknown_rows) +
                            (to_buy.unknown_rows == 0 ? "" : "; " + counted(to_buy.unknown_rows, "row has", "rows have") + " no price"));
    for (const auto& item : grown.left_over) {
      section.notes.push_back("left over: " + grouped(item.bought) + " x " + item.part +
                              (item.length_mm == 0 ? "" : " at " + decimal(item.length_mm, 3) + " m") +
                              (item.fabric.empty() ? "" : ", bought for fabric " + item.fabric));
    }
  }

  void power() {
    const auto report = measure_power(plan_);
    auto& section = add("Power");
    section.table.columns = {{"what", false}, {"count", true}, {"typical", true}, {"max", true}, {"unknown typical", false}, {"unknown max", false}};
    const auto row = [&](const PowerLine& line) {
      section.table.rows.push_back({line.what, line.count == 0 ? "" : grouped(line.count),
                                    line_watts(line.typical, line.unknown_typical, line.in_host_typical, line.count),
                                    line_watts(line.maximum, line.unknown_maximum, line.in_host_maximum, line.count),
                                    unknown_text(line.unknown_typical), unknown_text(line.unknown_maximum)});
    };
    for (const auto& line : report.lines) row(line);
    row(report.total);
    section.notes.push_back("a device whose figure holds its GPUs, NICs or media is not counted with them again (in hosts)");
  }

  void racks() {
    auto& section = add("Racks");
    const auto& all = plan_.placement.racks;
    const auto name = [&](std::uint32_t rack) { return plan_.placement.rack_name(plan_.spec.floor, RackId(rack)); };
    std::int64_t unknown = 0;
    std::uint32_t heaviest = 0;
    std::uint32_t fullest = 0;
    for (std::uint32_t r = 0; r < all.size(); ++r) {
      if (all[r].power > all[heaviest].power) heaviest = r;
      if (all[r].used_units > all[fullest].used_units) fullest = r;
      unknown += all[r].unknown_power > 0 ? 1 : 0;
    }
    const bool bound = all[heaviest].unknown_power + all[heaviest].typical_power > 0;
    std::string rows;
    for (std::size_t h = 0; h < plan_.placement.rows.size(); ++h) {
      if (plan_.placement.rows[h] == 0) continue;
      rows += (rows.empty() ? "" : ", ") + counted(plan_.placement.rows[h], "row", "rows");
      if (plan_.placement.rows.size() > 1) rows += " of hall " + plan_.spec.floor.halls[h].name;
    }
    section.lines.push_back(counted(static_cast<std::int64_t>(all.size()), "rack", "racks") + " in " + rows);
    section.lines.push_back("fullest: " + grouped(all[fullest].used_units) + " U (" + name(fullest) + "); heaviest: " + (bound ? ">= " : "") +
                            kilowatts_text(all[heaviest].power) + " of devices (" + name(heaviest) + ")" +
                            (unknown == 0 ? "" : "; " + counted(unknown, "rack holds", "racks hold") + " devices without a power figure"));
    section.lines.push_back(closed_racks());
    for (const auto& reason : plan_.placement.reasons) section.lines.push_back(reason);
  }

  /// "closed: 31 by power, 2 by units; 1 with room left".
  std::string closed_racks() const {
    constexpr std::array<std::pair<RackClosed, std::string_view>, 7> words = {{{RackClosed::units, " by units"},
                                                                               {RackClosed::power, " by power"},
                                                                               {RackClosed::load, " by load"},
                                                                               {RackClosed::stated, " at the stated nodes per rack"},
                                                                               {RackClosed::set, " with the leaves of their nodes"},
                                                                               {RackClosed::fixed, " as fixed"},
                                                                               {RackClosed::last, " with nothing left to put there"}}};
    std::string text;
    for (const auto& [closed, what] : words) {
      const auto wanted = closed;
      const auto count =
          std::count_if(plan_.placement.racks.begin(), plan_.placement.racks.end(), [&](const Rack& rack) { return rack.closed == wanted; });
      if (count > 0) text += (text.empty() ? "closed: " : ", ") + grouped(count) + std::string(what);
    }
    return text;
  }

  void findings() {
    auto& section = add("Findings");
    if (plan_.findings.empty()) section.lines.push_back("none");
    for (const auto& finding : plan_.findings) {
      std::string line = std::string(to_text(finding.severity)) + " " + code_text(finding.code);
      if (finding.where.valid()) {
        const auto position = plan_.sources->position(finding.where.file, finding.where.begin);
        line += " " + std::string(file_name(plan_.sources->name(finding.where.file))) + ":" + std::to_string(position.line) + ":" +
                std::to_string(position.column);
      }
      line += ": " + finding.message;
      if (finding.count > 1) line += " (" + grouped(static_cast<std::int64_t>(finding.count)) + ")";
      section.lines.push_back(std::move(line));
    }
  }

  void defaults() {
    if (plan_.spec.defaults.empty()) return;
    auto& section = add("Defaults used");
    section.lines = plan_.spec.defaults;
  }

  const Plan& plan_;
  bool explain_;
  std::vector<Section> sections_;
};

} // namespace

std::vector<Section> summarise_plan(const Plan& plan, bool explain) { return Summary(plan, explain).run(); }

} // namespace icplan
