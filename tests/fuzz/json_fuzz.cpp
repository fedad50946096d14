// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any bytes are read without harm, and what was read survives being written and read again.
#include "icplan/diag/render.hpp"
#include "icplan/json/value.hpp"
#include "icplan/json/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_places(const icplan::json::Value& value, std::size_t begin, std::size_t end) {
  check(value.where.begin < value.where.end && value.where.begin >= begin && value.where.end <= end);
  for (const auto& item : value.items) check_places(item, value.where.begin + 1, value.where.end - 1);
  for (const auto& member : value.members) {
    check(member.name_where.begin > value.where.begin && member.name_where.end < member.value.where.begin);
    check_places(member.value, value.where.begin + 1, value.where.end - 1);
  }
}

std::string written(const icplan::json::Value& value) {
  std::string out;
  icplan::json::Writer(out).value(value);
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  icplan::SourceMap sources;
  const auto file = sources.add("input.json", std::string(data, data + size));
  icplan::Sink sink;
  const auto value = icplan::json::parse(sources, file, sink);
  check(value.has_value() || sink.has_errors());
  for (const auto& finding : sink.findings()) check(finding.where.begin <= finding.where.end && finding.where.end <= size);
  for (const char c : icplan::render_findings(sink.sorted(), sources)) check(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  if (!value) return 0;

  check_places(*value, 0, size);
  auto canonical = written(*value);
  if (canonical.size() > icplan::json::max_file_bytes) return 0; // Indentation made it too large to be read again.
  icplan::Sink second_sink;
  const auto again = icplan::json::parse(sources, sources.add("canonical.json", canonical), second_sink);
  check(again.has_value() && second_sink.findings().empty());
  check(written(*again) == canonical);
  return 0;
}
