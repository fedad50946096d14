// SPDX-License-Identifier: Apache-2.0
// Reads what cable trays are like.
#include "spec_loader.hpp"

namespace icplan {

using json::ObjectReader;

void SpecLoader::read_tray(ObjectReader& floor) {
  const json::Value* value = floor.object("tray");
  if (value == nullptr) return;
  ObjectReader item(*value, "floor.tray", sink_);
  TraySpec tray;
  tray.origin = origin_of(*value);
  const auto width = item.quantity<Millimetres>("width_mm", 0, 1, 10'000);
  const auto height = item.quantity<Millimetres>("height_mm", 0, 1, 10'000);
  tray.max_fill = item.scaled("max_fill_percent", 3, 1, 100'000);
  tray.max_load = item.quantity<MilligramsPerMetre>("max_load_kg_per_m", 6, 1, 10'000'000'000);
  const bool complete = item.require_all({"width_mm", "height_mm"});
  item.finish();
  if (!complete || !width || !height) return;
  tray.width = *width;
  tray.height = *height;
  spec_.floor.tray = std::move(tray);
}

} // namespace icplan
