// SPDX-License-Identifier: Apache-2.0
// The rules of `catalog lint`, by theme.
#pragma once

#include "icplan/catalog/catalog.hpp"

namespace icplan {

/// Sources without an address, sources that nothing cites, addresses in `figures` that lead nowhere, prices without a date.
void lint_sources(const Catalog& catalog, Sink& sink);
/// Figures that contradict each other or what is physically possible.
void lint_plausibility(const Part& part, Sink& sink);

} // namespace icplan
