// SPDX-License-Identifier: Apache-2.0
// Lengths that the spec states in place of the model's: which links they are of, and whether they still hold.
#include "cabler.hpp"

#include "icplan/base/text.hpp"

#include <algorithm>

namespace icplan {
namespace {

std::string metres(std::int64_t millimetres) { return decimal(millimetres, 3) + " m"; }

} // namespace

/// Keeps what the model says, and puts a stated length in its place.
void Cabler::state_length(std::uint32_t link) {
  auto& leg = table_.legs[link];
  table_.estimated_mm[link] = leg.length_mm;
  const auto* row = row_of(link);
  if (row == nullptr) return;
  leg.length_mm = static_cast<std::uint32_t>(row->length.count());
  leg.status = row->status;
}

/// A row that names a cable speaks of the whole piece: of those of its legs that have no row of their own.
void Cabler::share_length(const std::uint32_t* begin, const std::uint32_t* end) {
  const auto* row = row_of(*begin);
  if (row == nullptr || row->names_ends()) return;
  for (const auto* i = begin; i != end; ++i) {
    if (row_of(*i) != nullptr) continue;
    table_.legs[*i].length_mm = static_cast<std::uint32_t>(row->length.count());
    table_.legs[*i].status = row->status;
  }
}

/// The legs are pieces of their own after all.
void Cabler::unshare_length(const std::uint32_t* begin, const std::uint32_t* end) {
  if (known_.row_of_link.empty()) return;
  for (const auto* i = begin; i != end; ++i) {
    if (row_of(*i) != nullptr) continue;
    table_.legs[*i].length_mm = table_.estimated_mm[*i];
    table_.legs[*i].status = LengthStatus::estimated;
  }
}

/// Lengths that were taken while the model said something else: the racks or the floor have changed since.
void Cabler::report_stale_lengths() {
  std::array<Finding, 2> stale;
  stale.fill(Finding::of(Code::stale_length, {}, {}, {}, 0));
  for (std::uint32_t i = 0; i < known_.row_of_link.size(); ++i) {
    const auto* row = row_of(i);
    if (row == nullptr || !row->estimate || row->estimate->count() == table_.estimated_mm[i]) continue;
    auto& finding = stale[row->status == LengthStatus::locked ? 1 : 0];
    const auto name = [&] { return known_.name(i); };
    if (finding.count == 0) {
      finding.where = row->where;
      finding.message = std::string(to_text(row->status)) + " lengths of `" + spec_.lengths->path +
                        "` were taken for another geometry: the model said " + metres(row->estimate->count()) + " for `" + name() +
                        "` then and says " + metres(table_.estimated_mm[i]) + " now";
      finding.help = row->status == LengthStatus::locked ? "check that these pieces still reach, then state the new `estimate_m`"
                                                         : "measure again, or leave the rows out";
    }
    finding.add(name);
  }
  for (auto& finding : stale) sink_.report(std::move(finding));
}

/// Every locked piece is as long as its run: by the length that it was locked with, and by the model where the geometry may have changed since.
void Cabler::check_locked() {
  auto shorter = Finding::of(Code::locked_too_short, {}, {}, {}, 0);
  for (std::uint32_t i = 0; i < known_.row_of_link.size(); ++i) {
    const auto* row = row_of(i);
    if (row == nullptr || row->status != LengthStatus::locked || !table_.legs[i].assembly.valid()) continue;
    // Refused already.
    if ((row->part.valid() || row->sold) && held_at(i) == nullptr) continue;
    const auto& assembly = table_.assemblies[table_.legs[i].assembly.index()];
    const auto& solution = solutions_.values()[assembly.solution.index()];
    const auto name = [&] { return known_.name(i); };
    if (row->sold && solution.sold != *row->sold) {
      sink_.report(Code::locked_part_unfit, row->where,
                   "`" + name() + "` is locked at " + metres(row->sold->count()) + ", at which no part for it is sold; the nearest is " +
                       metres(solution.sold.count()),
                   "state the `part` that was ordered");
      continue;
    }
    const bool same_geometry = row->estimate && row->estimate->count() == table_.estimated_mm[i];
    const auto needs = std::max<std::int64_t>(assembly.needed_mm, same_geometry ? 0 : table_.estimated_mm[i]);
    if (solution.sold.count() >= needs) continue;
    if (shorter.count == 0) {
      shorter.where = row->where;
      shorter.message = "locked pieces are too short for their runs: `" + name() + "` is " + metres(solution.sold.count()) + " long and needs " +
                        metres(needs) + (needs == row->length.count() ? " as its row says" : " by the model");
      shorter.help = row->estimate || needs == row->length.count()
                         ? "order another piece and take its row out, or move the racks back"
                         : "state `estimate_m` = " + decimal(table_.estimated_mm[i], 3) + " if it was measured with the racks where they are";
    }
    shorter.add(name);
  }
  sink_.report(std::move(shorter));
}

} // namespace icplan
