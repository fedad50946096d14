// SPDX-License-Identifier: Apache-2.0
// Rack names by the customer's pattern, and the racks that would share one.
#include "rack_names.hpp"

#include <algorithm>
#include <tuple>

namespace icplan {

std::string pattern_rack_name(const NamePattern& pattern, std::string_view hall, std::int64_t row, std::int64_t position) {
  std::string name;
  for (const auto& piece : pattern.pieces) {
    if (!piece.field) {
      name += piece.text;
    } else if (*piece.field == NameField::hall) {
      name += hall;
    } else {
      auto digits = std::to_string((*piece.field == NameField::row ? row : position) - (piece.from_zero ? 1 : 0));
      if (digits.size() < static_cast<std::size_t>(piece.width)) digits.insert(0, static_cast<std::size_t>(piece.width) - digits.size(), '0');
      name += digits;
    }
  }
  return name;
}

void check_rack_names(const FloorSpec& floor, const Placement& placement, Sink& sink) {
  const bool stated = std::any_of(placement.racks.begin(), placement.racks.end(), [](const Rack& rack) { return !rack.name.empty(); });
  if (!floor.rack_names && !stated) return;
  struct Named {
    std::string name;
    std::uint32_t rack = 0;
  };
  std::vector<Named> all;
  for (std::uint32_t r = 0; r < placement.racks.size(); ++r) all.push_back({placement.rack_name(floor, RackId(r)), r});
  std::sort(all.begin(), all.end(), [](const Named& a, const Named& b) { return std::tie(a.name, a.rack) < std::tie(b.name, b.rack); });
  const auto place = [&](const Named& named) {
    const auto& rack = placement.racks[named.rack];
    return "the rack of hall `" + floor.halls[rack.hall.index()].name + "` in row " + std::to_string(rack.row + 1) + " at position " +
           std::to_string(rack.position + 1);
  };
  const auto where = floor.rack_names ? floor.rack_names->where : floor.origin.of("fixed");
  auto shared =
      Finding::of(Code::duplicate_name, where, {}, "name hall, row and position in the pattern, such as \"{hall}{row:02}-{position:02}\"", 0);
  auto longest = Finding::of(Code::wrong_name_pattern, where, {}, "shorten the pattern or the name of the hall", 0);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name.size() > most_name_characters && longest.count++ == 0)
      longest.message = place(all[i]) + " would have a name of " + std::to_string(all[i].name.size()) + " characters; names have at most " +
                        std::to_string(most_name_characters);
    if (i == 0 || all[i].name != all[i - 1].name) continue;
    if (shared.count == 0) shared.message = place(all[i - 1]) + " and " + place(all[i]) + " would both be named `" + all[i].name + "`";
    shared.add([&] { return all[i].name; });
  }
  sink.report(std::move(shared));
  sink.report(std::move(longest));
}

} // namespace icplan
