// SPDX-License-Identifier: Apache-2.0
// The one registry of finding codes, built from codes.def.
#include "icplan/diag/codes.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace icplan {

namespace {

constexpr auto registry = std::to_array<CodeInfo>({
#define ICPLAN_CODE(number, name, severity, title, explanation) {Code::name, #name, Severity::severity, title, explanation},
#include "icplan/diag/codes.def"
#undef ICPLAN_CODE
});

constexpr bool ascending() {
  for (std::size_t i = 1; i < registry.size(); ++i) {
    if (registry[i - 1].code >= registry[i].code) return false;
  }
  return true;
}
static_assert(ascending(), "codes.def must be in ascending order without repeats");

const CodeInfo* find_info(Code code) {
  const auto found = std::lower_bound(registry.begin(), registry.end(), code, [](const CodeInfo& info, Code wanted) { return info.code < wanted; });
  return found != registry.end() && found->code == code ? &*found : nullptr;
}

} // namespace

std::string_view to_text(Severity severity) {
  switch (severity) {
  case Severity::note: return "note";
  case Severity::warning: return "warning";
  case Severity::error: break;
  }
  return "error";
}

std::span<const CodeInfo> code_registry() { return registry; }

const CodeInfo& code_info(Code code) {
  const auto* info = find_info(code);
  assert(info != nullptr);
  return *info;
}

std::string code_text(Code code) { return "IC" + std::to_string(static_cast<unsigned>(code)); }

std::optional<Code> find_code(std::string_view text) {
  for (const auto& info : registry) {
    if (info.name == text) return info.code;
  }
  if (text.size() > 2 && (text[0] == 'I' || text[0] == 'i') && (text[1] == 'C' || text[1] == 'c')) text.remove_prefix(2);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  const auto* info = find_info(static_cast<Code>(number));
  return info != nullptr ? std::optional<Code>(info->code) : std::nullopt;
}

} // namespace icplan
