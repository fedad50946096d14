// SPDX-License-Identifier: Apache-2.0
// Counts what crosses from hall to hall, link by link.
#include "icplan/analysis/halls.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace icplan {
namespace {

/// What tells crossings apart: fabric, halls, class, and the optical family as in `CableTable`, 0 for none.
using CrossingKey = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, MediaClass, std::uint16_t>;

class Crossings {
public:
  explicit Crossings(const Plan& plan) : plan_(plan) {}

  std::vector<HallCrossing> run() {
    for (const auto& group : plan_.network.link_groups) {
      for (std::size_t i = group.first; i < std::size_t{group.first} + group.count; ++i) {
        const auto& link = plan_.network.links[i];
        const auto from = hall(link.from);
        const auto to = hall(link.to);
        if (from != to) count(group, i, std::min(from, to), std::max(from, to));
      }
    }
    std::vector<HallCrossing> lines;
    for (const auto& [key, crossing] : crossings_) lines.push_back(crossing);
    return lines;
  }

private:
  [[nodiscard]] HallId hall(DeviceId device) const { return plan_.placement.racks[plan_.placement.devices[device.index()].rack.index()].hall; }

  void count(const LinkGroup& group, std::size_t i, HallId from, HallId to) {
    const auto& link = plan_.network.links[i];
    const auto& leg = plan_.cables.legs[i];
    const auto media = plan_.cables.solution(leg).media;
    const bool light = media == MediaClass::osfp || media == MediaClass::fibre;
    const CrossingKey key{static_cast<std::uint32_t>(group.fabric.index()),
                          static_cast<std::uint32_t>(from.index()),
                          static_cast<std::uint32_t>(to.index()),
                          media,
                          light ? plan_.cables.family_of_cage[plan_.network.cage(link.from, link.from_port).index()] : std::uint16_t{0}};
    const auto [found, fresh] = crossings_.try_emplace(key);
    auto& crossing = found->second;
    if (fresh) {
      crossing.fabric = group.fabric;
      crossing.from = from;
      crossing.to = to;
      crossing.media = media;
      if (light) shine(crossing, key);
    }
    ++crossing.links;
    crossing.capacity += group.speed;
    crossing.cables += plan_.cables.assemblies[leg.assembly.index()].first_link == i ? 1 : 0;
  }

  void shine(HallCrossing& crossing, const CrossingKey& key) const {
    const auto family = std::get<4>(key);
    if (family == 0) return;
    const auto& optics = plan_.cables.families[family - 1U];
    crossing.optics = optics.type;
    crossing.light = pair_light(optics);
  }

  const Plan& plan_;
  std::map<CrossingKey, HallCrossing> crossings_;
};

} // namespace

std::optional<PairLight> pair_light(const OpticalFamily& family) {
  if (family.lanes < 1) return std::nullopt;
  if (family.connector == "lc-duplex") return PairLight{1, family.lanes, family.lane_rate};
  if (family.connector.rfind("mpo-", 0) == 0) return PairLight{family.lanes, 1, family.lane_rate};
  return std::nullopt;
}

std::vector<HallCrossing> measure_hall_crossings(const Plan& plan) {
  if (plan.spec.floor.halls.size() < 2) return {};
  return Crossings(plan).run();
}

} // namespace icplan
