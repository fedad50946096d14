// SPDX-License-Identifier: Apache-2.0
#include "load_operations.hpp"

#include "spec_loader.hpp"

namespace icplan {

std::optional<Operations> read_operations(json::ObjectReader& spec) {
  const json::Value* value = spec.object("operations");
  if (value == nullptr) return std::nullopt;
  json::ObjectReader item(*value, "operations", spec.sink());
  Operations operations;
  operations.origin = origin_of(*value);
  // No site draws less than its equipment does.
  operations.pue_thousandths = item.scaled("pue", 3, 1'000, 10'000);
  operations.microdollars_per_kwh = item.scaled("usd_per_kwh", 6, 0, 100'000'000);
  operations.utilisation_thousandths = item.scaled("utilisation_percent", 3, 1, 100'000).value_or(100'000);
  item.finish();
  return operations;
}

} // namespace icplan
