// SPDX-License-Identifier: Apache-2.0
// What the real parts of the catalogs can join, as a table.
#pragma once

#include "icplan/cabling/coverage.hpp"
#include "icplan/report/report.hpp"

#include <string>
#include <vector>

namespace icplan {

/// One row for each pair of cage types.
[[nodiscard]] Section coverage_section(const Catalog& catalog, const std::vector<CagePairCoverage>& pairs);
/// The same as CSV; an empty field where no part fits.
[[nodiscard]] std::string coverage_csv(const Catalog& catalog, const std::vector<CagePairCoverage>& pairs);

} // namespace icplan
