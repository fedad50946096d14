// SPDX-License-Identifier: Apache-2.0
// Hosts of one and of four GPUs and small switches, so that traffic can be reckoned by hand.
#pragma once

#include "icplan/analysis/traffic.hpp"

#include <string>
#include <string_view>

namespace icplan::test {

/// A catalog with `host-1` and `host-4` (1 and 4 GPUs of a scale-up domain of their own, one 400G port each), `tray-4` (4 of the 8 GPUs of its
/// domain), `dual-1` (1 GPU, a two-port NIC), and switches of 8 and 16 ports, `switch-8` and `switch-16`.
[[nodiscard]] const char* traffic_parts();

/// A spec of `nodes` and one fabric, `compute`: the texts are the insides of their objects.
[[nodiscard]] std::string traffic_spec(std::string_view nodes, std::string_view fabric);

} // namespace icplan::test
