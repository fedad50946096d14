// SPDX-License-Identifier: Apache-2.0
// Findings inside of JSON documents.
#pragma once

#include "icplan/diag/finding.hpp"
#include "icplan/json/writer.hpp"

#include <span>

namespace icplan {

/// Files are named without their folders.
void write_findings(json::Writer& out, std::span<const Finding> findings, const SourceMap& sources);

} // namespace icplan
