// SPDX-License-Identifier: Apache-2.0
// The columns of the cable schedule, which other files may take over from it.
#pragma once

#include <array>
#include <string_view>

namespace icplan {

/// In the order in which cables.csv has them.
inline constexpr std::array<std::string_view, 36> cable_columns = {
    "cable",          "leg",       "fabric",   "plane",     "class",        "part",        "needed_m",  "leg_m",      "sold_m",
    "escalated",      "from_hall", "from_row", "from_rack", "from_u",       "from_device", "from_cage", "from_port",  "to_hall",
    "to_row",         "to_rack",   "to_u",     "to_device", "to_cage",      "to_port",     "from_part", "from_lane",  "from_module",
    "from_port_name", "to_part",   "to_lane",  "to_module", "to_port_name", "fibre",       "connector", "provenance", "estimate_m"};

/// What follows them where the terms of lengths are asked for.
inline constexpr std::array<std::string_view, 7> term_columns = {"rise_m", "along_m", "across_m", "duct_m", "sides_m", "loops_m", "slack_m"};

} // namespace icplan
