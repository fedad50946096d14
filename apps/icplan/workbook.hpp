// SPDX-License-Identifier: Apache-2.0
// Spreadsheets (XLSX) through libxlsxwriter, where icplan is built with it.
#pragma once

#include "icplan/report/report.hpp"

#include <string>
#include <vector>

namespace icplan::app {

/// One sheet: numbers in columns that stand to the right become numbers, everything else stays text.
struct Sheet {
  std::string name;
  Table table;
};

/// Whether this build can write workbooks.
[[nodiscard]] bool has_workbooks();

/// The workbook's bytes: the same for the same sheets, with no time in them. Throws std::runtime_error when it cannot be written. Shape:
/// `has_workbooks()`.
[[nodiscard]] std::string workbook_bytes(const std::vector<Sheet>& sheets);

} // namespace icplan::app
