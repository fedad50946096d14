// SPDX-License-Identifier: Apache-2.0
// Latency by class of pairs as tables, CSV and JSON.
#include "icplan/report/latency.hpp"

#include "csv.hpp"
#include "icplan/analysis/latency.hpp"
#include "icplan/base/text.hpp"
#include "icplan/json/writer.hpp"

#include <array>
#include <utility>

namespace icplan {
namespace {

using What = MissingFigure::What;

std::vector<FabricLatency> measure_all(const Plan& plan) {
  std::vector<FabricLatency> fabrics;
  for (std::uint32_t f = 0; f < plan.spec.fabrics.size(); ++f) {
    auto latency = measure_fabric_latency(plan, FabricId(f));
    if (!latency.classes.empty()) fabrics.push_back(std::move(latency));
  }
  return fabrics;
}

std::string_view to_text(What what) {
  switch (what) {
  case What::nic: return "NIC";
  case What::switch_: return "switch";
  case What::module: return "module";
  case What::plug: return "plugs";
  }
  return "";
}

std::string class_text(const LatencyClass& line) {
  switch (line.kind) {
  case PairClass::same_domain: return "same scale-up domain";
  case PairClass::same_leaf: return "same leaf";
  case PairClass::same_pod: return "same pod";
  case PairClass::across_core: return "across the core";
  case PairClass::hops: return counted(line.fewest_switches, "switch", "switches") + " on the way";
  case PairClass::across_halls: return "across halls";
  }
  return {};
}

std::string switches_text(const LatencyClass& line) {
  if (!line.mean) return {};
  const auto most = grouped(line.most_switches);
  return line.fewest_switches == line.most_switches ? most : grouped(line.fewest_switches) + "-" + most;
}

/// Microseconds to the nanosecond, rounded to the nearest.
std::string microseconds(Picoseconds delay) { return fixed((delay.count() + 500) / 1'000, 3); }

std::string figure(const std::optional<Picoseconds>& delay, bool missing) {
  if (!delay) return "unknown";
  return (missing ? ">= " : "") + microseconds(*delay);
}

/// A term of the mean; nothing where all its figures are missing.
std::optional<Picoseconds> known_term(const LatencyClass& line, Picoseconds delay, std::int64_t missing) {
  return !line.mean || (missing > 0 && delay.count() == 0) ? std::nullopt : std::optional(delay);
}

std::string term(const LatencyClass& line, Picoseconds delay, std::int64_t missing) { return figure(known_term(line, delay, missing), missing > 0); }

/// "4: 2 switches, 2 NICs".
std::string missing_text(const LatencyClass& line) {
  if (!line.mean) return "scale-up links";
  const auto& missing = line.missing;
  if (missing.total() == 0) return {};
  std::string text = grouped(missing.total()) + ":";
  const auto add = [&](std::int64_t count, std::string_view one, std::string_view many) {
    if (count > 0) text += (text.back() == ':' ? " " : ", ") + counted(count, one, many);
  };
  add(missing.switches, "switch", "switches");
  add(missing.nics, "NIC", "NICs");
  add(missing.modules, "module or plug", "modules or plugs");
  return text;
}

void add_row(Table& table, const LatencyClass& line) {
  const bool missing = line.missing.total() > 0;
  table.rows.push_back({class_text(line), switches_text(line), grouped(line.pairs), figure(line.least, missing), figure(line.mean, missing),
                        figure(line.p99, missing), figure(line.most, missing), term(line, line.terms.nics, line.missing.nics),
                        term(line, line.terms.switches, line.missing.switches), term(line, line.terms.modules, line.missing.modules),
                        line.mean ? microseconds(line.terms.cables) : "unknown", missing_text(line)});
}

/// "no latency figure: switch `a`, module `b`".
void note_missing(const Plan& plan, const FabricLatency& latency, bool not_accepted, std::vector<std::string>& notes) {
  std::string text;
  for (const auto& missing : latency.missing) {
    if (missing.not_accepted != not_accepted) continue;
    const auto& part = plan.part(missing.part);
    text += (text.empty() ? "" : ", ") + std::string(to_text(missing.what)) +
            (missing.what == What::plug || part.kind == PartKind::node ? " of " : " ") + part.id;
  }
  if (text.empty()) return;
  notes.push_back((not_accepted ? "the latency figure is of a basis that `accept` does not name: " : "no latency figure: ") + text);
}

void add_notes(const Plan& plan, const FabricLatency& latency, std::vector<std::string>& notes) {
  const auto& layout = plan.network.fabrics[latency.fabric.index()];
  bool bounds = false;
  for (const auto& line : latency.classes) bounds = bounds || line.missing.total() > 0;
  if (bounds) notes.push_back(">= is a lower bound: a path misses up to as many figures as the last column says, and nothing stands for them");
  note_missing(plan, latency, false, notes);
  note_missing(plan, latency, true, notes);
  std::string defaults;
  if (latency.default_fibre) defaults = decimal(default_fibre_delay_per_metre.count(), 3) + " ns/m for fibre";
  if (latency.default_copper) defaults += (defaults.empty() ? "" : " and ") + decimal(default_copper_delay_per_metre.count(), 3) + " ns/m for copper";
  if (!defaults.empty()) notes.push_back("default where a part states none: " + defaults);
  if (plan.network.fabrics[layout.host.index()].rails > 1)
    notes.push_back(
        "ports of different rails do not meet in this fabric: between them data cross the scale-up domain first, whose latency is not known");
  if (latency.stride > 1)
    notes.push_back("too large to search from every switch: one of " + grouped(latency.stride) +
                    " was the start of a search, and pairs are counted accordingly");
}

} // namespace

std::vector<Section> latency_sections(const Plan& plan) {
  std::vector<Section> sections;
  for (const auto& latency : measure_all(plan)) {
    auto& section = sections.emplace_back();
    section.title = "Latency of fabric " + std::string(plan.fabric_name(latency.fabric)) + ", one way, in microseconds";
    section.table.columns = {{"pairs of ports", false},
                             {"switches", true},
                             {"pairs", true},
                             {"min", true},
                             {"mean", true},
                             {"p99", true},
                             {"max", true},
                             {"NICs", true},
                             {"switches", true},
                             {"modules", true},
                             {"cables", true},
                             {"unknown", false}};
    for (const auto& line : latency.classes) add_row(section.table, line);
    add_notes(plan, latency, section.notes);
  }
  if (sections.empty()) {
    auto& section = sections.emplace_back();
    section.title = "Latency";
    section.lines.push_back("no node with GPUs has a port in a fabric");
    return sections;
  }
  auto& section = sections.emplace_back();
  section.title = "What is counted";
  section.lines = {
      "pairs: two ports of nodes with GPUs that one plane joins; classes do not overlap, and pairs in one scale-up domain are in no other",
      "terms: both NICs, each switch from port to port, the modules or active plugs at both ends of links, the length of each link with its slack, "
      "not the length sold",
      "error correction counts where a part's figure holds it; queues, software and the time that a message takes to pass do not",
      "min and max: over the paths of fewest switches of all pairs; mean and p99: over pairs, each with the mean of its paths; NICs to cables: what "
      "the mean is made of"};
  return sections;
}

std::string latency_csv(const Plan& plan) {
  std::string out =
      "fabric,class,fewest_switches,most_switches,pairs,min_ns,mean_ns,p99_ns,max_ns,nics_ns,switches_ns,modules_ns,cables_ns,unknown_nics,"
      "unknown_switches,unknown_modules\n";
  const auto delay = [](const std::optional<Picoseconds>& value) { return csv_decimal(value, 3); };
  for (const auto& latency : measure_all(plan)) {
    for (const auto& line : latency.classes) {
      // What the way consists of is known where its mean is.
      const auto number = [&](std::int64_t value) { return line.mean ? std::to_string(value) : std::string(); };
      const auto of_mean = [&](Picoseconds value, std::int64_t missing) { return delay(known_term(line, value, missing)); };
      const auto& missing = line.missing;
      append_csv_row(out, {plan.fabric_name(latency.fabric), to_text(line.kind), number(line.fewest_switches), number(line.most_switches),
                           std::to_string(line.pairs), delay(line.least), delay(line.mean), delay(line.p99), delay(line.most),
                           of_mean(line.terms.nics, missing.nics), of_mean(line.terms.switches, missing.switches),
                           of_mean(line.terms.modules, missing.modules), of_mean(line.terms.cables, 0), number(missing.nics),
                           number(missing.switches), number(missing.modules)});
    }
  }
  return out;
}

namespace {

void write_class(json::Writer& out, const LatencyClass& line) {
  const auto of_mean = [&](Picoseconds value, std::int64_t missing) { return known_term(line, value, missing); };
  const auto integer = [&](std::string_view name, std::int64_t value) {
    out.key(name);
    if (line.mean) {
      out.integer(value);
    } else {
      out.null();
    }
  };
  out.begin_object_row().member("class", to_text(line.kind));
  integer("fewest_switches", line.fewest_switches);
  integer("most_switches", line.most_switches);
  out.member("pairs", line.pairs);
  out.member_decimal("min_ns", line.least, 3).member_decimal("mean_ns", line.mean, 3);
  out.member_decimal("p99_ns", line.p99, 3).member_decimal("max_ns", line.most, 3);
  out.key("mean_of").begin_object_row();
  out.member_decimal("nics_ns", of_mean(line.terms.nics, line.missing.nics), 3);
  out.member_decimal("switches_ns", of_mean(line.terms.switches, line.missing.switches), 3);
  out.member_decimal("modules_ns", of_mean(line.terms.modules, line.missing.modules), 3)
      .member_decimal("cables_ns", of_mean(line.terms.cables, 0), 3);
  out.end_object();
  out.member_bool("lower_bound", line.missing.total() > 0);
  out.key("unknown").begin_object_row();
  integer("nics", line.missing.nics);
  integer("switches", line.missing.switches);
  integer("modules", line.missing.modules);
  out.end_object().end_object();
}

} // namespace

std::string latency_json(const Plan& plan) {
  std::string text;
  json::Writer out(text);
  out.begin_object().member("format", "icplan.latency/1").member("name", plan.spec.name);
  out.key("fabrics").begin_array();
  for (const auto& latency : measure_all(plan)) {
    out.begin_object().member("fabric", plan.fabric_name(latency.fabric));
    out.key("classes").begin_array();
    for (const auto& line : latency.classes) write_class(out, line);
    out.end_array();
    out.key("missing").begin_array();
    for (const auto& missing : latency.missing) {
      constexpr std::array<std::string_view, 4> kinds = {"nic", "switch", "module", "plug"};
      out.begin_object_row().member("what", kinds[static_cast<std::size_t>(missing.what)]).member("part", plan.part(missing.part).id);
      out.member_bool("not_accepted", missing.not_accepted).end_object();
    }
    out.end_array();
    out.key("defaults").begin_object_row();
    out.member_decimal("fibre_ns_per_m", latency.default_fibre ? std::optional(default_fibre_delay_per_metre) : std::nullopt, 3);
    out.member_decimal("copper_ns_per_m", latency.default_copper ? std::optional(default_copper_delay_per_metre) : std::nullopt, 3);
    out.end_object();
    out.member("stride", latency.stride).end_object();
  }
  out.end_array().end_object();
  return text;
}

} // namespace icplan
