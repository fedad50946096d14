// SPDX-License-Identifier: Apache-2.0
// Coverage of the catalogs as a table.
#include "icplan/report/coverage.hpp"

#include "csv.hpp"
#include "icplan/base/text.hpp"

namespace icplan {
namespace {

constexpr std::array<std::string_view, 3> classes = {"dac", "aoc", "osfp"};

std::string reach(const Catalog& catalog, const ClassCoverage& coverage) {
  return coverage.longest ? decimal(coverage.longest->count(), 3) + " " + catalog[coverage.part].id : "none";
}

} // namespace

Section coverage_section(const Catalog& catalog, const std::vector<CagePairCoverage>& pairs) {
  Section section;
  section.title = counted(static_cast<std::int64_t>(pairs.size()), "pair of cages", "pairs of cages");
  section.table.columns = {{"protocol", false},       {"G", true},      {"cage", false},  {"for example on", false}, {"cage", false},
                           {"for example on", false}, {"DAC m", false}, {"AOC m", false}, {"OSFP m", false}};
  for (const auto& pair : pairs) {
    section.table.rows.push_back({std::string(to_text(pair.protocol)), decimal(pair.speed.count(), 3), pair.cages[0], catalog[pair.examples[0]].id,
                                  pair.cages[1], catalog[pair.examples[1]].id, reach(catalog, pair.classes[0]), reach(catalog, pair.classes[1]),
                                  reach(catalog, pair.classes[2])});
  }
  section.notes.push_back(
      "the longest run that a real, orderable part of each class makes, and that part; OSFP is modules with a real fibre between them");
  return section;
}

std::string coverage_csv(const Catalog& catalog, const std::vector<CagePairCoverage>& pairs) {
  std::string out = "protocol,gbps,cage_a,example_a,cage_b,example_b";
  for (const auto name : classes) out.append(",").append(name).append("_m,").append(name).append("_part");
  out += '\n';
  for (const auto& pair : pairs) {
    std::vector<std::string> fields = {std::string(to_text(pair.protocol)), decimal(pair.speed.count(), 3)};
    for (std::size_t i = 0; i < 2; ++i) fields.insert(fields.end(), {pair.cages[i], catalog[pair.examples[i]].id});
    for (const auto& coverage : pair.classes) {
      fields.push_back(csv_decimal(coverage.longest, 3));
      fields.push_back(coverage.longest ? catalog[coverage.part].id : std::string());
    }
    append_csv_row(out, fields);
  }
  return out;
}

} // namespace icplan
