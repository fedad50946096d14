// SPDX-License-Identifier: Apache-2.0
// Why something of a plan is there and where it stands: a device, a rack, or a part of the bill of materials.
#pragma once

#include "icplan/report/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace icplan {

/// Something of a plan that has a name.
struct PlanObject {
  enum class Kind : std::uint8_t { device, rack, part };
  Kind kind = Kind::device;
  /// Of the device, rack or catalog part.
  std::uint32_t index = 0;
};

/// The device or rack of that name, or the part of the bill of materials with that id, whichever comes first. O(devices).
[[nodiscard]] std::optional<PlanObject> find_object(const Plan& plan, std::string_view name);
/// Up to three names of devices, racks or parts of the bill of materials that look like `name`, the nearest first. O(devices).
[[nodiscard]] std::vector<std::string> nearest_objects(const Plan& plan, std::string_view name);

/// What it is, why there is one, where it stands and why there, what it draws, its ports and its cables. O(links).
[[nodiscard]] std::vector<Section> explain_object(const Plan& plan, PlanObject object);
/// The same as JSON: an object with its key `device`, `rack` or `part` first.
[[nodiscard]] std::string explain_object_json(const Plan& plan, PlanObject object);

} // namespace icplan
