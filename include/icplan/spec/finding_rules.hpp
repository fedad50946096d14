// SPDX-License-Identifier: Apache-2.0
// What a spec says of the findings that it brings about.
#pragma once

#include "icplan/diag/policy.hpp"
#include "icplan/json/value.hpp"

namespace icplan {

/// The member `findings` of a spec document: severities by code, and suppressions. What is wrong with it is in the sink; the rest is returned.
[[nodiscard]] FindingPolicy load_finding_rules(const json::Value& document, Sink& sink);

} // namespace icplan
