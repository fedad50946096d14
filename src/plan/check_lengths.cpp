// SPDX-License-Identifier: Apache-2.0
// Stated lengths: every row of the file is where it says, and everything else is the model's.
#include "check_plan.hpp"
#include "name_index.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace icplan {
namespace {

constexpr std::uint32_t no_row = ~0U;

class LengthCheck {
public:
  LengthCheck(const Plan& plan, Violations& violations) : plan_(plan), file_(*plan.spec.lengths), violations_(violations) {}

  void run() {
    read_keys();
    find_rows();
    for (std::size_t r = 0; r < file_.rows.size(); ++r) {
      if (!used_[r]) violations_.add("row ", r + 1, " of `", file_.path, "` is of no link");
    }
    for (std::size_t i = 0; i < plan_.cables.legs.size() && !violations_.full(); ++i) check_leg(i);
    // Where there are more findings than are listed, those that are say nothing of all.
    if (plan_.findings.size() >= Sink::max_findings) return;
    std::uint64_t said = 0;
    for (const auto& finding : plan_.findings) said += finding.code == Code::stale_length ? finding.count : 0;
    if (said != stale_) violations_.add(stale_, " stated lengths are stale, but findings name ", said);
  }

private:
  void read_keys() {
    used_.assign(file_.rows.size(), false);
    for (std::uint32_t r = 0; r < file_.rows.size(); ++r) {
      const auto& row = file_.rows[r];
      const auto end = [&](std::size_t at) {
        return std::string(row.ends[at]) + "|" + std::string(row.ends[at + 1]) + "|" + std::string(row.ends[at + 2]);
      };
      const auto key = row.names_ends() ? std::min(end(0), end(3)) + "|" + std::max(end(0), end(3)) : std::string(row.cable);
      if (!rows_.emplace(key, r).second) violations_.add("row ", r + 1, " of `", file_.path, "` states a length again");
    }
  }

  void find_rows() {
    row_of_link_.assign(plan_.network.links.size(), no_row);
    for (const auto& group : plan_.network.link_groups) {
      for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
        const auto& link = plan_.network.links[i];
        const auto from = end_key(plan_.network, link.from, link.from_port);
        const auto to = end_key(plan_.network, link.to, link.to_port);
        auto name = plan_.spec.fabrics[group.fabric.index()].name + "/" + from;
        name[name.find('|')] = '/';
        name[name.find('|')] = '.';
        // The patterns of a spec are read by one reader only.
        if (patterns_) name = cable_name(names_, plan_.network, static_cast<std::uint32_t>(i));
        for (const auto& key : {std::min(from, to) + "|" + std::max(from, to), name}) {
          const auto found = rows_.find(key);
          if (found == rows_.end()) continue;
          if (row_of_link_[i] != no_row) violations_.add(LinkName{plan_.network, i}, " has two rows in `", file_.path, "`");
          row_of_link_[i] = found->second;
          used_[found->second] = true;
        }
      }
    }
  }

  void check_leg(std::size_t i) {
    const auto& cables = plan_.cables;
    const auto& leg = cables.legs[i];
    const auto& assembly = cables.assemblies[leg.assembly.index()];
    const auto& solution = cables.solutions[assembly.solution.index()];
    auto row = row_of_link_[i];
    const bool own = row != no_row;
    // A cable's name speaks for all legs of its piece.
    if (!own && assembly.used_legs > 1 && row_of_link_[assembly.first_link] != no_row && !file_.rows[row_of_link_[assembly.first_link]].names_ends())
      row = row_of_link_[assembly.first_link];
    const auto status = row == no_row ? LengthStatus::estimated : file_.rows[row].status;
    const auto length = row == no_row ? std::int64_t{cables.estimated_mm[i]} : file_.rows[row].length.count();
    if (leg.status != status || leg.length_mm != length) {
      violations_.add(LinkName{plan_.network, i}, " is ", leg.length_mm, " mm and ", to_text(leg.status), ", but must be ", length, " mm and ",
                      to_text(status));
    }
    if (!own) return;
    const auto& at = file_.rows[row];
    const bool stale = at.estimate && at.estimate->count() != cables.estimated_mm[i];
    stale_ += stale ? 1 : 0;
    if (at.status != LengthStatus::locked) return;
    if (at.part.valid() && at.part != solution.part)
      violations_.add(LinkName{plan_.network, i}, " is locked as another part than `", plan_.part(solution.part).id, "`");
    if (at.sold && *at.sold != solution.sold)
      violations_.add(LinkName{plan_.network, i}, " is locked at ", at.sold->count(), " mm, but is ", solution.sold.count());
    if (solution.sold.count() < length || ((stale || !at.estimate) && solution.sold.count() < cables.estimated_mm[i]))
      violations_.add(LinkName{plan_.network, i}, " is locked at ", solution.sold.count(), " mm, which does not reach");
  }

  const Plan& plan_;
  const LengthFile& file_;
  Violations& violations_;
  std::unordered_map<std::string, std::uint32_t> rows_;
  std::vector<bool> used_;
  std::vector<std::uint32_t> row_of_link_;
  std::uint64_t stale_ = 0;
  EndNames names_{plan_};
  bool patterns_ = plan_.spec.names.cable || !plan_.spec.names.port.empty() || !plan_.spec.names.cage.empty();
};

} // namespace

std::string end_key(const Network& network, DeviceId device, std::uint32_t port) {
  const auto& group = network.group(device);
  const auto block = std::find_if(group.blocks.begin(), group.blocks.end(),
                                  [&](const CageBlock& at) { return port >= at.first_port && port - at.first_port < at.cages * at.ports_per_cage; });
  const auto local = port - block->first_port;
  const auto number = block->first_number + local / block->ports_per_cage * (block->disables + 1);
  return network.device_name(device) + "|" + (block->name == "fabric" ? "" : block->name + "-") + std::to_string(number) + "|" +
         std::to_string(local % block->ports_per_cage + 1);
}

void check_stated_lengths(const Plan& plan, Violations& violations) {
  if (plan.spec.lengths != nullptr) {
    LengthCheck(plan, violations).run();
    return;
  }
  for (std::size_t i = 0; i < plan.cables.legs.size(); ++i) {
    if (plan.cables.legs[i].status != LengthStatus::estimated)
      violations.add(LinkName{plan.network, i}, " is ", to_text(plan.cables.legs[i].status), ", but the spec states no lengths");
  }
}

} // namespace icplan
