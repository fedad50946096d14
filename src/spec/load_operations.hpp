// SPDX-License-Identifier: Apache-2.0
// Reads what running the cluster costs.
#pragma once

#include "icplan/json/object_reader.hpp"
#include "icplan/spec/cluster_spec.hpp"

namespace icplan {

/// The member `operations` of a spec: what is not stated in it stays unknown, but for the utilisation, which is 100 % then. Nothing where it is not there.
[[nodiscard]] std::optional<Operations> read_operations(json::ObjectReader& spec);

} // namespace icplan
