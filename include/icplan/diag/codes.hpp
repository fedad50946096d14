// SPDX-License-Identifier: Apache-2.0
// The one registry of finding codes. Codes are never reused; ranges belong to rooms.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace icplan {

enum class Severity : std::uint8_t { note, warning, error };

/// "note", "warning", "error".
[[nodiscard]] std::string_view to_text(Severity severity);

/// IC1xxx reading and spec, IC2xxx catalog, IC3xxx fabric, IC4xxx placement, IC5xxx cabling, IC6xxx plan and limits, IC7xxx growth.
enum class Code : std::uint16_t {
#define ICPLAN_CODE(number, name, severity, title, explanation) name = number,
#include "icplan/diag/codes.def"
#undef ICPLAN_CODE
};

struct CodeInfo {
  Code code;
  std::string_view name;
  Severity severity;
  /// One line.
  std::string_view title;
  /// What it means, why it matters and how to fix it; paragraphs separated by blank lines.
  std::string_view explanation;
};

/// All codes in ascending order.
[[nodiscard]] std::span<const CodeInfo> code_registry();
[[nodiscard]] const CodeInfo& code_info(Code code);
/// "IC1012".
[[nodiscard]] std::string code_text(Code code);
/// Accepts "IC1012", "ic1012", "1012" and "unknown_key".
[[nodiscard]] std::optional<Code> find_code(std::string_view text);

} // namespace icplan
