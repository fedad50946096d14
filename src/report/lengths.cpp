// SPDX-License-Identifier: Apache-2.0
// Cables by class, and by class and length.
#include "icplan/report/report.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/base/text.hpp"

namespace icplan {

namespace {

/// "optical links of compute: worst margin 1.2 dB (gpu-0001 to compute-leaf-0001); loss or budget not known for 12 of 512".
std::string light(const Plan& plan, const OpticalMargin& line) {
  std::string text = "optical links of " + std::string(plan.fabric_name(line.fabric)) + ": ";
  if (line.worst) {
    const auto& link = plan.network.links[line.worst_link];
    text += "worst margin " + decimal(line.worst->count(), 3) + " dB (" + plan.network.device_name(link.from) + " to " +
            plan.network.device_name(link.to) + ")";
  }
  if (line.unknown == line.links) return text + "loss or budget not known for " + (line.links == 1 ? "the one" : "all " + grouped(line.links));
  if (line.unknown > 0) text += "; loss or budget not known for " + grouped(line.unknown) + " of " + grouped(line.links);
  return text;
}

} // namespace

Section media_section(const Plan& plan) {
  Section section;
  section.title = "Cables by class";
  section.table.columns = {{"class", false}, {"cables", true},    {"links", true},          {"shortest m", true},
                           {"mean m", true}, {"longest m", true}, {"links escalated", true}};
  for (const auto& line : measure_media(plan)) {
    section.table.rows.push_back({std::string(to_text(line.media)), grouped(line.cables), grouped(line.links), fixed(line.shortest.count(), 3),
                                  fixed((line.sum.count() + line.cables / 2) / line.cables, 3), fixed(line.longest.count(), 3),
                                  line.escalated == 0 ? "" : grouped(line.escalated)});
  }
  if (const auto counts = count_lengths(plan)) {
    section.notes.push_back("lengths of legs: " + grouped(counts->legs[0]) + " estimated, " + grouped(counts->legs[1]) + " measured, " +
                            grouped(counts->legs[2]) + " locked" +
                            (counts->stale == 0 ? "" : "; " + grouped(counts->stale) + " of them taken for another geometry"));
  }
  section.notes.push_back("lengths are what a run needs, before rounding up to a length that is sold; OSFP is fibre between optical modules");
  for (const auto& line : measure_optics(plan)) section.notes.push_back(light(plan, line));
  std::int64_t dark = 0;
  for (const auto& modules : plan.cables.dark_modules) dark += modules.count;
  if (dark > 0) section.notes.push_back(counted(dark, "module stands", "modules stand") + " in cages that no link lights, because `populate` is `all`");
  return section;
}

Section length_section(const Plan& plan) {
  Section section;
  section.title = "Cables by length";
  section.table.columns = {{"from m", true}, {"to below m", true}};
  const auto classes = measure_media(plan);
  for (const auto& line : classes) section.table.columns.push_back({std::string(to_text(line.media)), true});
  for (const auto& band : measure_length_bands(plan)) {
    auto& row = section.table.rows.emplace_back();
    row.push_back(decimal(band.from.count(), 3));
    row.push_back(band.to ? decimal(band.to->count(), 3) : "");
    for (const auto& line : classes) {
      const auto count = band.cables[static_cast<std::size_t>(line.media)];
      row.push_back(count == 0 ? "" : grouped(count));
    }
  }
  return section;
}

} // namespace icplan
