// SPDX-License-Identifier: Apache-2.0
#include "finding_places.hpp"

#include "icplan/base/sha256.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {

FindingPlace place_of(const FindingList& list, const Finding& finding) {
  FindingPlace place;
  if (!finding.where.valid()) {
    place.file = utf8_name(list.name);
    return place;
  }
  const auto [file, begin, end] = finding.where;
  const auto path = list.paths.find(file);
  place.file = utf8_name(path == list.paths.end() ? list.sources->name(file) : std::string_view(path->second));
  place.begin = list.sources->position(file, begin);
  place.end = list.sources->position(file, std::max(begin + 1, end));
  place.line = list.sources->line(file, place.begin.line);
  // A range of one line ends on it.
  if (place.end.line != place.begin.line) place.end = {place.begin.line, place.begin.column + 1};
  return place;
}

std::string whole_message(const Finding& finding) {
  auto text = finding.message;
  if (finding.count > 1 || !finding.examples.empty()) {
    text += "\n";
    if (finding.count > 1) text += grouped(static_cast<std::int64_t>(finding.count)) + " of these";
    for (std::size_t i = 0; i < finding.examples.size(); ++i)
      text += (i > 0 ? ", " : finding.count > 1 ? ", for example " : "for example ") + finding.examples[i];
  }
  if (!finding.help.empty()) text += "\nhelp: " + finding.help;
  return text;
}

std::string Fingerprints::of(const Finding& finding, const FindingPlace& place) {
  auto line = place.line;
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  const auto about = code_text(finding.code) + "\n" + place.file + "\n" + std::string(line) + "\n";
  Sha256 digest;
  digest.update(about + std::to_string(seen_[about]++));
  return digest.hex_digest();
}

} // namespace icplan
