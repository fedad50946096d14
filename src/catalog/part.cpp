// SPDX-License-Identifier: Apache-2.0
// Spellings of catalog words, sold lengths, and the rates of slots.
#include "icplan/catalog/part.hpp"

#include "icplan/base/arithmetic.hpp"
#include "words.hpp"

#include <algorithm>
#include <charconv>

namespace icplan {
std::string_view to_text(Basis basis) { return json::spelling(basis_words, basis); }
std::string_view to_text(PartKind kind) { return json::spelling(part_kind_words, kind); }
std::string_view to_text(Form form) { return json::spelling(form_words, form); }
std::string_view to_text(Top top) { return json::spelling(top_words, top); }
std::string_view to_text(Protocol protocol) { return json::spelling(protocol_words, protocol); }
std::string_view to_text(CopperTechnology technology) { return json::spelling(technology_words, technology); }

bool same_maker(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::optional<Mbps> slot_rate(std::string_view slot) {
  constexpr std::int64_t most_lanes = 64;
  if (slot.size() < 6 || slot.substr(0, 3) != "gen" || slot[3] < '3' || slot[3] > '7' || slot[4] != 'x') return std::nullopt;
  std::int64_t lanes = 0;
  const auto* end = slot.data() + slot.size();
  const auto parsed = std::from_chars(slot.data() + 5, end, lanes);
  if (parsed.ec != std::errc() || parsed.ptr != end || lanes < 1 || lanes > most_lanes) return std::nullopt;
  return Mbps((std::int64_t{8'000} << (slot[3] - '3')) * lanes);
}

std::optional<Millimetres> SoldLengths::at_least(Millimetres needed) const {
  if (step) {
    const Millimetres sold(std::max(round_up(needed.count(), step->count()), step->count()));
    return maximum && sold > *maximum ? std::nullopt : std::optional(sold);
  }
  std::optional<Millimetres> best;
  for (const auto length : list) {
    if (length >= needed && (!best || length < *best)) best = length;
  }
  return best && maximum && *best > *maximum ? std::nullopt : best;
}

std::optional<Millimetres> SoldLengths::longest() const {
  if (step) return maximum;
  std::optional<Millimetres> best;
  for (const auto length : list) {
    if ((!maximum || length <= *maximum) && (!best || length > *best)) best = length;
  }
  return best;
}

const std::vector<PortGroup>& Part::port_groups() const {
  static const std::vector<PortGroup> none;
  if (const auto* node = as<NodeFacts>()) return node->ports;
  if (const auto* nic = as<NicFacts>()) return nic->ports;
  if (const auto* box = as<SwitchFacts>()) return box->ports;
  return none;
}

const CableBody* Part::cable_body() const {
  if (const auto* cable = as<CableFacts>()) return &cable->body;
  if (const auto* fibre = as<FibreFacts>()) return &fibre->body;
  if (const auto* utp = as<UtpFacts>()) return &utp->body;
  return nullptr;
}

} // namespace icplan
