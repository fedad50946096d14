// SPDX-License-Identifier: Apache-2.0
// Findings as JSON, and those that are suppressed as text.
#include "icplan/report/findings.hpp"

#include "findings.hpp"
#include "finding_places.hpp"
#include "icplan/base/text.hpp"
#include "icplan/diag/render.hpp"
#include "icplan/report/report.hpp"

namespace icplan {
namespace {

using json::Writer;

void write_finding(Writer& out, const Finding& finding, const SourceMap& sources, const std::string& file) {
  out.begin_object();
  out.member("code", code_text(finding.code)).member("name", code_info(finding.code).name).member("severity", to_text(finding.severity));
  out.member("message", finding.message);
  if (finding.help.empty()) {
    out.key("help").null();
  } else {
    out.member("help", finding.help);
  }
  if (finding.where.valid()) {
    const auto position = sources.position(finding.where.file, finding.where.begin);
    out.member("file", file).member("line", std::int64_t{position.line}).member("column", std::int64_t{position.column});
  } else {
    out.key("file").null().key("line").null().key("column").null();
  }
  out.member("count", static_cast<std::int64_t>(finding.count));
  out.key("examples").begin_array_row();
  for (const auto& example : finding.examples) out.string(example);
  out.end_array().end_object();
}

} // namespace

void write_findings(Writer& out, std::span<const Finding> findings, const SourceMap& sources) {
  out.begin_array();
  for (const auto& finding : findings)
    write_finding(out, finding, sources, finding.where.valid() ? utf8_name(file_name(sources.name(finding.where.file))) : std::string());
  out.end_array();
}

std::string findings_json(std::span<const FindingList> lists) {
  std::string text;
  Writer out(text);
  out.begin_array();
  for (const auto& list : lists) {
    for (const auto& finding : list.findings) write_finding(out, finding, *list.sources, place_of(list, finding).file);
  }
  out.end_array();
  return text;
}

std::string suppressed_text(const FindingList& list) {
  std::string text;
  for (const auto& [finding, by] : list.suppressed) {
    const auto position = list.sources->position(by.where.file, by.where.begin);
    text += "suppressed[" + code_text(finding.code) + "]: " + finding.message + "\n  = reason: " + by.reason + " (" +
            utf8_name(list.sources->name(by.where.file)) + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) +
            (by.expires.empty() ? ", without an end" : ", until " + by.expires) + ")\n";
  }
  return text;
}

std::string summarise_list(const FindingList& list) {
  auto text = list.findings.empty() ? std::string(list.suppressed.empty() ? "no findings" : "") : summarise_findings(list.findings, list.dropped);
  if (list.suppressed.empty()) return text;
  return text + (text.empty() ? "" : ", ") + grouped(static_cast<std::int64_t>(list.suppressed.size())) + " suppressed";
}

} // namespace icplan
