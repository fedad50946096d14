// SPDX-License-Identifier: Apache-2.0
// The two halves of the table of examples.
#pragma once

#include "icplan/diag/code_examples.hpp"

namespace icplan {

/// IC1xxx to IC4xxx, and IC5xxx to IC7xxx; each in ascending order.
[[nodiscard]] std::span<const CodeExample> design_examples();
[[nodiscard]] std::span<const CodeExample> cabling_examples();

} // namespace icplan
