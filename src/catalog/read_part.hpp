// SPDX-License-Identifier: Apache-2.0
// Reads one catalog entry.
#pragma once

#include "icplan/catalog/part.hpp"
#include "icplan/diag/finding.hpp"
#include "icplan/json/object_reader.hpp"

#include <optional>
#include <string>

namespace icplan {

/// The part that `entry` describes, or nothing when it cannot be used; everything wrong with it is in the sink.
[[nodiscard]] std::optional<Part> read_part(const json::Value& entry, const std::string& path, Sink& sink);

/// What all entries have: `id` has been read, `basis` and `source` are. Reports what is missing.
void read_entry(CatalogEntry& entry, json::ObjectReader& reader);

} // namespace icplan
