// SPDX-License-Identifier: Apache-2.0
// Which links the rows of the spec's file of lengths are of.
#include "known_cables.hpp"

#include "name_index.hpp"

#include <optional>
#include <string>
#include <utility>

namespace icplan {
namespace {

/// Rows that name nothing get a suggestion each, up to this many: a suggestion looks at every name.
constexpr std::uint64_t most_suggestions = 10;

std::string ends_text(const LengthRow& row) {
  const auto end = [&](std::size_t at) {
    return std::string(row.ends[at]) + " " + std::string(row.ends[at + 1]) + "." + std::string(row.ends[at + 2]);
  };
  return end(0) + " to " + end(3);
}

} // namespace

/// Finds the link of every row: by its ends, or as the first leg of the cable that it names.
void find_stated_lengths(const ClusterSpec& spec, const Network& network, KnownCables& known, Sink& sink) {
  if (spec.lengths == nullptr) return;
  const auto& file = *spec.lengths;
  known.row_of_link.assign(network.links.size(), not_known);
  const NameIndex index(network);
  std::optional<CableNames> names;
  auto unknown = Finding::of(Code::unknown_cable, {}, {}, "names are those of the cable schedule: `icplan cables` prints it", 0);
  for (std::uint32_t r = 0; r < file.rows.size(); ++r) {
    const auto& row = file.rows[r];
    if (!row.names_ends() && !names) names.emplace(static_cast<std::uint32_t>(network.links.size()), known.name);
    const auto link = row.names_ends() ? index.link(row.ends) : names->link(row.cable);
    const auto what = row.names_ends() ? ends_text(row) : std::string(row.cable);
    if (!link) {
      if (++unknown.count <= most_suggestions) {
        std::string help;
        if (!row.names_ends()) {
          if (const auto nearest = names->nearest(row.cable)) help = "did you mean `" + *nearest + "`?";
        } else {
          for (const std::size_t at : {0U, 3U}) {
            if (index.device(row.ends[at])) continue;
            if (const auto nearest = index.nearest_device(row.ends[at])) help = "did you mean device `" + std::string(*nearest) + "`?";
          }
        }
        sink.report(Code::unknown_cable, row.where, "the plan has no cable `" + what + "`", help.empty() ? unknown.help : help);
      } else if (unknown.count == most_suggestions + 1) {
        unknown.where = row.where;
        unknown.message = "further rows of `" + file.path + "` name cables that the plan does not have";
      }
      if (unknown.count > most_suggestions) unknown.add_example(what);
      continue;
    }
    if (known.row_of_link[*link] != not_known) {
      sink.report(Code::length_stated_twice, row.where, "`" + file.path + "` states the length of `" + what + "` twice",
                  "keep one row for each cable, and name both ends where its legs differ");
      continue;
    }
    known.row_of_link[*link] = r;
    if (row.status != LengthStatus::locked || (!row.part.valid() && !row.sold)) continue;
    if (known.piece_of_link.empty()) known.piece_of_link.assign(network.links.size(), not_known);
    known.piece_of_link[*link] = static_cast<std::uint32_t>(known.pieces.size());
    known.pieces.push_back({row.part, row.sold.value_or(Millimetres()), false, row.where});
  }
  if (unknown.count <= most_suggestions) return;
  unknown.count -= most_suggestions;
  sink.report(std::move(unknown));
}

} // namespace icplan
