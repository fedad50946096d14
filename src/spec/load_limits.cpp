// SPDX-License-Identifier: Apache-2.0
// Reads `limits` and `expected`.
#include "spec_loader.hpp"

#include "icplan/base/text.hpp"
#include "words.hpp"

#include <algorithm>

namespace icplan {

using json::ObjectReader;

/// A number holds for the loss of a switch; an object states one for each kind.
void SpecLoader::read_failure_limit(ObjectReader& item, std::string_view key, int decimals, std::int64_t most, std::map<FailureKind, std::int64_t>& limit) {
  const json::Value* value = item.any(key);
  if (value == nullptr) return;
  if (value->kind != json::Kind::object) {
    if (const auto number = item.scaled(key, decimals, 0, most)) limit[FailureKind::switch_] = *number;
    return;
  }
  ObjectReader kinds(*value, "limits." + std::string(key), sink_);
  for (const auto& name : failure_words) {
    if (const auto number = kinds.scaled(name.text, decimals, 0, most)) limit[name.value] = *number;
  }
  kinds.finish();
}

void SpecLoader::read_limits(ObjectReader& reader) {
  const json::Value* value = reader.object("limits");
  if (value == nullptr) return;
  ObjectReader item(*value, "limits", sink_);
  auto& limits = spec_.limits;
  limits.origin = origin_of(*value);
  limits.max_rack_power = item.quantity<Milliwatts>("max_rack_power_kw", 6, 1, most_milliwatts);
  if (const auto most = item.scaled("max_oversubscription", 6, 1, 1'000'000'000))
    limits.max_oversubscription = Ratio::reduced(*most, 1'000'000);
  limits.min_per_gpu = item.quantity<Mbps>("min_gbps_per_gpu", 3, 1, 100'000'000);
  limits.max_latency = item.quantity<Picoseconds>("max_latency_us", 6, 1, 1'000'000'000'000);
  limits.max_cost = item.quantity<Cents>("max_cost_usd", 2, 1, 1'000'000'000'000'000);
  limits.max_power = item.quantity<Milliwatts>("max_power_kw", 6, 1, 1'000 * most_milliwatts);
  limits.max_racks = item.integer("max_racks", 1, 1'000'000);
  limits.orderable_only = item.boolean("orderable_only").value_or(false);
  limits.vendors = item.strings("vendors");
  if (const auto* vendors = item.any("vendors"); vendors != nullptr && vendors->kind == json::Kind::array && vendors->items.empty())
    sink_.report(Code::out_of_range, vendors->where, "`vendors` names no maker", "name the makers whose parts may be ordered, or leave the key out");
  read_failure_limit(item, "max_nodes_cut_off", 0, 1'000'000'000, limits.max_nodes_cut_off);
  read_failure_limit(item, "min_share_after_failure_percent", 3, 100'000, limits.min_share_after_failure);
  item.finish();
}

void SpecLoader::read_expected(ObjectReader& reader) {
  const json::Value* value = reader.object("expected");
  if (value == nullptr) return;
  ObjectReader item(*value, "expected", sink_);
  for (const auto& member : value->members) {
    if (const auto count = item.integer(member.name, 0, 1'000'000'000'000)) spec_.expected.push_back({member.name, *count, member.name_where});
  }
  std::sort(spec_.expected.begin(), spec_.expected.end(), [](const auto& a, const auto& b) { return a.what < b.what; });
}

/// Counts that no plan of this spec can have are named at once, not only when everything else is right.
void SpecLoader::check_expected() {
  constexpr std::array<std::string_view, 8> totals = {"gpus", "nodes", "support_nodes", "racks", "switches", "links", "cables", "modules"};
  std::vector<std::string> names(totals.begin(), totals.end());
  for (const auto& fabric : spec_.fabrics) {
    for (const std::string tier : {"leaf", "spine", "core", "router"}) names.push_back(fabric.name + "." + tier);
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const auto& expected : spec_.expected) {
    if (std::find(known.begin(), known.end(), expected.what) != known.end()) continue;
    const auto nearest = closest_word(expected.what, known);
    sink_.report(Code::unknown_expectation, expected.where, "no plan has a count " + shown_name(expected.what),
                 nearest ? "did you mean " + quoted(*nearest) + "?" : "use " + quoted_choice(known));
  }
}

} // namespace icplan
