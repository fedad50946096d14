// SPDX-License-Identifier: Apache-2.0
// Where the devices, racks, cables and modules of an earlier plan are in a new network.
#include "growth.hpp"

#include "icplan/base/text.hpp"
#include "name_index.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace icplan {

std::vector<DeviceId> match_devices(const Baseline& baseline, const Network& network, const Catalog& catalog) {
  std::unordered_map<std::string_view, std::uint32_t> names;
  for (std::uint32_t b = 0; b < baseline.devices.size(); ++b) names.emplace(baseline.devices[b].name, b);
  std::vector<DeviceId> device_of(baseline.devices.size());
  for (std::uint32_t d = 0; d < network.devices(); ++d) {
    const DeviceId device(d);
    const auto found = names.find(network.device_name(device));
    if (found == names.end() || catalog[network.group(device).part].id != baseline.devices[found->second].part) continue;
    device_of[found->second] = device;
  }
  return device_of;
}

std::vector<PinnedRack> installed_racks(const ClusterSpec& spec, const Network& network, const Catalog& catalog, const Baseline& baseline,
                                        std::vector<PinnedRack> fixed, Sink& sink) {
  const auto device_of = match_devices(baseline, network, catalog);
  std::vector<bool> pinned(network.devices(), false);
  std::map<std::tuple<std::uint32_t, std::int64_t, std::int64_t>, std::size_t> fixed_at;
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    fixed_at.emplace(std::tuple(fixed[i].hall.index(), fixed[i].spot.row, fixed[i].spot.position), i);
    for (const auto& device : fixed[i].devices) pinned[device.device.index()] = true;
  }
  std::vector<bool> merged(fixed.size(), false);
  std::vector<PinnedRack> racks;
  // One finding for a reason, whatever the racks.
  std::map<std::string, Finding> missing;
  const auto unknown = [&](const auto& rack, const std::string& message, std::string help) {
    const auto [found, added] = missing.try_emplace(message);
    if (added) found->second = Finding::of(Code::installed_rack_unknown, rack.where, message, std::move(help), 0);
    found->second.add([&] { return rack.name + " (row " + grouped(rack.row + 1) + ", position " + grouped(rack.position + 1) + ")"; });
  };
  for (const auto& rack : baseline.racks) {
    const auto kind = std::find_if(spec.racks.begin(), spec.racks.end(), [&](const RackSpec& of) { return of.name == rack.kind; });
    const auto hall = std::find_if(spec.floor.halls.begin(), spec.floor.halls.end(), [&](const HallSpec& of) { return of.name == rack.hall; });
    auto& to = racks.emplace_back();
    if (kind == spec.racks.end() || hall == spec.floor.halls.end()) {
      unknown(rack,
              kind == spec.racks.end() ? "racks of the baseline are of kind `" + rack.kind + "`, which the spec does not have"
                                       : "racks of the baseline stand in hall `" + rack.hall + "`, which the spec does not have",
              "keep the `racks` and `halls` of the earlier spec, and add to them");
      continue;
    }
    const HallId in(static_cast<std::uint32_t>(hall - spec.floor.halls.begin()));
    if (!hall->usable({rack.row, rack.position})) {
      unknown(rack, "racks of the baseline stand in hall `" + rack.hall + "` where the spec has no place for a rack",
              "keep the places where racks stand: `rows`, `racks_per_row` and `keep_out` of the hall");
      continue;
    }
    const auto stated = fixed_at.find(std::tuple(in.index(), rack.row, rack.position));
    if (stated != fixed_at.end()) {
      to = std::move(fixed[stated->second]);
      merged[stated->second] = true;
    } else {
      to.hall = in;
      to.spot = {rack.row, rack.position};
      to.name = rack.name;
      to.spec = RackSpecId(static_cast<std::uint32_t>(kind - spec.racks.begin()));
      to.existing = rack.existing;
      to.where = rack.where;
    }
  }
  for (auto& [message, finding] : missing) sink.report(std::move(finding));
  if (sink.has_errors()) return racks;
  for (std::size_t b = 0; b < baseline.devices.size(); ++b) {
    const auto& device = baseline.devices[b];
    if (!device_of[b].valid() || pinned[device_of[b].index()] || device.unit == 0) continue;
    racks[device.rack].devices.push_back({device_of[b], device.unit, baseline.racks[device.rack].where});
  }
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    if (!merged[i]) racks.push_back(std::move(fixed[i]));
  }
  return racks;
}

void find_installed_cables(const Catalog& catalog, const Network& network, const Baseline& baseline, KnownCables& known, Sink& sink) {
  std::vector<PartId> parts;
  for (const auto& id : baseline.parts) {
    const auto found = catalog.find(id);
    parts.push_back(found.value_or(PartId()));
    if (found) continue;
    sink.report(Code::installed_part_unknown, {}, "no part `" + id + "` in the catalogs, but cables of the baseline are made of it",
                "add it through `catalogs`: its entry is under `inputs.parts` of the plan.json of the baseline");
  }
  if (sink.has_errors()) return;
  if (known.piece_of_link.empty()) known.piece_of_link.assign(network.links.size(), not_known);
  known.module_of_cage.assign(network.cages, PartId());
  const NameIndex index(network);
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> pieces;
  std::array<std::string_view, 6> ends;
  for (const auto& leg : baseline.legs) {
    for (std::size_t c = 0; c < ends.size(); ++c) ends[c] = baseline.cell(leg.ends[c]);
    for (std::size_t end = 0; end < leg.modules.size(); ++end) {
      const auto device = leg.modules[end] == 0 ? std::nullopt : index.device(ends[end * 3]);
      const auto port = device ? index.port(*device, ends[end * 3 + 1], ends[end * 3 + 2]) : std::nullopt;
      if (port) known.module_of_cage[network.cage(*device, *port).index()] = parts[leg.modules[end] - 1];
    }
    const auto link = index.link(ends);
    // What the file of lengths says is newer.
    if (!link || known.piece_of_link[*link] != not_known) continue;
    const auto [piece, added] = pieces.try_emplace({leg.part, leg.sold_mm}, static_cast<std::uint32_t>(known.pieces.size()));
    if (added) known.pieces.push_back({parts[leg.part], Millimetres(leg.sold_mm), true, {}});
    known.piece_of_link[*link] = piece->second;
  }
}

} // namespace icplan
