// SPDX-License-Identifier: Apache-2.0
// What entries of catalogs and of specs share: the members that describe a workload.
#pragma once

#include "icplan/json/object_reader.hpp"
#include "icplan/spec/workload.hpp"

namespace icplan {

/// Reads all members but `id`, `workload` and what catalogs add, and reports what is wrong with them, missing or without meaning for the kind.
/// `finish` is left to the caller. Nothing when something was wrong.
[[nodiscard]] std::optional<Workload> read_workload_body(json::ObjectReader& reader);

} // namespace icplan
