// SPDX-License-Identifier: Apache-2.0
// Device names by the customer's patterns.
#pragma once

#include "icplan/fabric/network.hpp"

namespace icplan {

/// Fills in the group's names where the spec has a pattern for it. PDUs keep their own. A field that the devices do not have is in the sink.
void name_devices(const ClusterSpec& spec, DeviceGroup& group, Sink& sink);

/// Names are what installers and later checks go by: no two devices may share one, and none may be too long.
void check_device_names(const ClusterSpec& spec, const Network& network, Sink& sink);

/// What the spec calls the tier of a switch group: "leaf", "router".
[[nodiscard]] std::string_view tier_word(const ClusterSpec& spec, const DeviceGroup& group);

} // namespace icplan
