// SPDX-License-Identifier: Apache-2.0
// Bandwidth as tables, as one list of figures (CSV) and as a document.
#include "icplan/report/bandwidth.hpp"

#include "csv.hpp"
#include "figures.hpp"
#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/traffic.hpp"
#include "icplan/base/text.hpp"
#include "icplan/json/writer.hpp"
#include "throughput.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::string gbps(Mbps rate) { return decimal(rate.count(), 3); }
std::string gbps(std::optional<Mbps> rate) { return rate ? gbps(*rate) : "unknown"; }
std::string tbps(Mbps rate) { return decimal(rate.count(), 6); }
std::string tbps_where_any(Mbps rate) { return rate.count() == 0 ? std::string() : tbps(rate); }

/// Of the fabrics that join GPUs alone, in their order.
std::vector<FabricBandwidth> bisections(const Plan& plan, const std::vector<FabricTraffic>& traffic) {
  std::vector<FabricBandwidth> lines;
  for (const auto& line : measure_bandwidth(plan)) {
    if (std::any_of(traffic.begin(), traffic.end(), [&](const FabricTraffic& fabric) { return fabric.fabric == line.fabric; })) lines.push_back(line);
  }
  return lines;
}

Section injection_section(const Plan& plan, const std::vector<FabricTraffic>& traffic) {
  Section section;
  section.title = "Injection per GPU, Gb/s, one direction";
  section.table.columns = {{"fabric", false}, {"nodes", false},   {"GPUs", true},      {"NIC", true},        {"slot", true},
                           {"port", true},    {"scale-up", true}, {"injection", true}, {"limited by", false}};
  for (const auto& fabric : traffic) {
    for (const auto& line : fabric.injection) {
      section.table.rows.push_back({std::string(plan.fabric_name(fabric.fabric)), plan.spec.nodes[line.nodes.index()].name, grouped(line.gpus),
                                    gbps(line.nic), gbps(line.slot), gbps(line.port), gbps(line.scale_up), gbps(line.per_gpu),
                                    std::string(line.limit)});
    }
  }
  section.notes.push_back(
      "injection: the least of what a GPU's share of NICs, PCIe slots and ports, and its own scale-up links, carry; an unknown one limits nothing");
  return section;
}

Section tier_section(const Plan& plan, const std::vector<FabricTraffic>& traffic) {
  Section section;
  section.title = "Tiers, Tb/s, one direction, over all planes";
  const bool peers = std::any_of(traffic.begin(), traffic.end(), [](const FabricTraffic& fabric) {
    return std::any_of(fabric.tiers.begin(), fabric.tiers.end(), [](const TierCapacity& tier) { return tier.peer.count() > 0; });
  });
  section.table.columns = {{"fabric", false}, {"tier", false}, {"switches", true}, {"down", true}, {"up", true}};
  if (peers) section.table.columns.push_back({"between them", true});
  section.table.columns.push_back({"oversubscription", true});
  for (const auto& fabric : traffic) {
    for (const auto& tier : fabric.tiers) {
      auto& row = section.table.rows.emplace_back();
      row = {std::string(plan.fabric_name(fabric.fabric)), tier.name, grouped(tier.switches), tbps(tier.down), tbps_where_any(tier.up)};
      if (peers) row.push_back(tbps_where_any(tier.peer));
      row.push_back(tier.oversubscription ? decimal(thousandths(*tier.oversubscription), 3) + ":1" : "");
    }
  }
  section.notes.push_back("oversubscription: down over up of the tier's worst switch, as provisioned");
  return section;
}

Section bisection_section(const Plan& plan, const std::vector<FabricBandwidth>& lines) {
  Section section;
  section.title = "Bisection, Tb/s, one direction";
  section.table.columns = {{"fabric", false}, {"injection", true}, {"bisection half", true}, {"bisection full", true}};
  bool bound = false;
  for (const auto& line : lines) {
    const auto prefix = line.bisection_bound ? "<= " : "";
    section.table.rows.push_back({std::string(plan.fabric_name(line.fabric)), tbps(line.injection),
                                  line.bisection_full ? prefix + decimal(line.bisection_full->count() * 5, 7) : "unknown",
                                  line.bisection_full ? prefix + tbps(*line.bisection_full) : "unknown"});
    bound = bound || line.bisection_bound;
  }
  section.notes.push_back("full: the least of injection and any tier's uplinks, or twice the least cut between the routers; half of it crosses a cut "
                          "that splits the nodes in two");
  if (bound) section.notes.push_back("a figure after <= is an upper bound: the true bisection may be less");
  return section;
}

void write_injection(json::Writer& out, const Plan& plan, const FabricTraffic& fabric) {
  out.key("injection").begin_array();
  for (const auto& line : fabric.injection) {
    out.begin_object_row().member("nodes", plan.spec.nodes[line.nodes.index()].name).member("gpus", line.gpus);
    out.member_decimal("nic_gbps_per_gpu", line.nic, 3).member_decimal("slot_gbps_per_gpu", line.slot, 3);
    out.member_decimal("port_gbps_per_gpu", line.port, 3).member_decimal("scale_up_gbps_per_gpu", line.scale_up, 3);
    out.member_decimal("injection_gbps_per_gpu", line.per_gpu, 3);
    out.member("limit", line.limit).end_object();
  }
  out.end_array();
}

void write_tiers(json::Writer& out, const FabricTraffic& fabric) {
  out.key("tiers").begin_array();
  for (const auto& tier : fabric.tiers) {
    out.begin_object_row().member("name", tier.name).member("switches", tier.switches);
    out.member_decimal("down_tbps", tier.down, 6).member_decimal("up_tbps", tier.up, 6).member_decimal("peer_tbps", tier.peer, 6);
    out.member_decimal("oversubscription", tier.oversubscription ? std::optional(thousandths(*tier.oversubscription)) : std::nullopt, 3).end_object();
  }
  out.end_array();
}

} // namespace

std::vector<Section> bandwidth_sections(const Plan& plan) {
  const auto traffic = measure_traffic(plan);
  std::vector<Section> sections;
  if (traffic.empty()) {
    sections.emplace_back().title = "Bandwidth";
    sections.back().lines.push_back("no fabric joins GPUs");
    return sections;
  }
  sections.push_back(injection_section(plan, traffic));
  sections.push_back(tier_section(plan, traffic));
  sections.push_back(bisection_section(plan, bisections(plan, traffic)));
  std::vector<FabricPatterns> patterns;
  for (const auto& fabric : traffic) patterns.push_back(measure_patterns(plan, fabric.fabric));
  sections.push_back(throughput_section(plan, traffic, patterns));
  sections.push_back(node_pair_section(plan, traffic, patterns));
  return sections;
}

std::string bandwidth_csv(const Plan& plan) {
  std::string out = "fabric,figure,unit,value\n";
  const auto traffic = measure_traffic(plan);
  for (const auto& fabric : traffic) {
    const auto add = [&](const std::string& figure, std::string_view unit, const std::string& value) {
      append_csv_row(out, {plan.fabric_name(fabric.fabric), figure, unit, value});
    };
    for (const auto& line : fabric.injection) {
      const auto name = "injection." + plan.spec.nodes[line.nodes.index()].name + ".";
      add(name + "nic", "Gb/s per GPU", gbps(line.nic));
      add(name + "slot", "Gb/s per GPU", line.slot ? gbps(*line.slot) : "");
      add(name + "port", "Gb/s per GPU", gbps(line.port));
      add(name + "scale-up", "Gb/s per GPU", line.scale_up ? gbps(*line.scale_up) : "");
      add(name + "least", "Gb/s per GPU", gbps(line.per_gpu));
    }
    for (const auto& tier : fabric.tiers) {
      add("tier." + tier.name + ".down", "Tb/s", tbps(tier.down));
      add("tier." + tier.name + ".up", "Tb/s", tbps(tier.up));
      add("tier." + tier.name + ".peer", "Tb/s", tbps(tier.peer));
      if (tier.oversubscription) add("tier." + tier.name + ".oversubscription", "ratio", decimal(thousandths(*tier.oversubscription), 3));
    }
    for (const auto& line : bisections(plan, traffic)) {
      if (line.fabric != fabric.fabric) continue;
      add("bisection.half", "Tb/s", line.bisection_full ? decimal(line.bisection_full->count() * 5, 7) : "");
      add("bisection.full", "Tb/s", line.bisection_full ? tbps(*line.bisection_full) : "");
    }
    for (const auto& figure : throughput_figures(measure_patterns(plan, fabric.fabric))) add(figure.name, figure.unit, figure.value);
  }
  return out;
}

std::string bandwidth_json(const Plan& plan) {
  const auto traffic = measure_traffic(plan);
  const auto cuts = bisections(plan, traffic);
  std::string text;
  json::Writer out(text);
  out.begin_object().member("format", "icplan.bandwidth/1").member("name", plan.spec.name).key("fabrics").begin_array();
  for (std::size_t f = 0; f < traffic.size(); ++f) {
    const auto& fabric = traffic[f];
    const auto& cut = cuts[f];
    out.begin_object().member("name", plan.fabric_name(fabric.fabric)).member("gpus", fabric.gpus);
    write_injection(out, plan, fabric);
    write_tiers(out, fabric);
    const auto& full = cut.bisection_full;
    out.member_decimal("bisection_half_tbps", full ? std::optional(*full * 5) : std::nullopt, 7).member_decimal("bisection_full_tbps", full, 6);
    out.member_bool("bisection_is_upper_bound", cut.bisection_bound);
    write_throughput(out, plan, measure_patterns(plan, fabric.fabric));
    out.end_object();
  }
  out.end_array().end_object();
  return text;
}

} // namespace icplan
