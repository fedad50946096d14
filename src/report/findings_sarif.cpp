// SPDX-License-Identifier: Apache-2.0
// Findings as a SARIF log, for code scanning, and as a code quality report.
#include "finding_places.hpp"
#include "icplan/json/writer.hpp"
#include "icplan/version.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace icplan {
namespace {

using json::Writer;

/// A relative path as a relative URI (RFC 3986); an absolute one as a file URI.
std::string uri(const std::string& path) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out = !path.empty() && path.front() == '/' ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos) out += c;
    else out.append("%").append(1, digits[byte >> 4U]).append(1, digits[byte & 0xfU]);
  }
  return out;
}

class SarifWriter {
public:
  SarifWriter(std::span<const FindingList> lists, std::string& text) : lists_(lists), out_(text) {}

  void run() {
    out_.begin_object();
    out_.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json").member("version", "2.1.0");
    out_.key("runs").begin_array().begin_object();
    write_tool();
    out_.member("columnKind", "unicodeCodePoints");
    out_.key("results").begin_array();
    for (const auto& list : lists_) {
      for (const auto& finding : list.findings) write_result(list, finding, nullptr);
      for (const auto& suppressed : list.suppressed) write_result(list, suppressed.finding, &suppressed.by);
    }
    out_.end_array().end_object().end_array().end_object();
  }

private:
  void write_text(std::string_view name, std::string_view text) { out_.key(name).begin_object_row().member("text", text).end_object(); }

  void write_tool() {
    std::set<Code> codes;
    for (const auto& list : lists_) {
      for (const auto& finding : list.findings) codes.insert(finding.code);
      for (const auto& suppressed : list.suppressed) codes.insert(suppressed.finding.code);
    }
    codes_.assign(codes.begin(), codes.end());
    out_.key("tool").begin_object().key("driver").begin_object();
    out_.member("name", "icplan").member("version", version).member("semanticVersion", version);
    out_.key("rules").begin_array();
    for (const auto code : codes_) {
      const auto& info = code_info(code);
      out_.begin_object().member("id", code_text(code)).member("name", info.name);
      write_text("shortDescription", info.title);
      write_text("fullDescription", info.explanation);
      write_text("help", std::string(info.explanation) + "\n\n`icplan explain " + code_text(code) + "` says more.");
      out_.key("defaultConfiguration").begin_object_row().member("level", to_text(info.severity)).end_object();
      out_.end_object();
    }
    out_.end_array().end_object().end_object();
  }

  void write_result(const FindingList& list, const Finding& finding, const Suppression* by) {
    const auto place = place_of(list, finding);
    const auto rule = std::lower_bound(codes_.begin(), codes_.end(), finding.code) - codes_.begin();
    out_.begin_object().member("ruleId", code_text(finding.code)).member("ruleIndex", std::int64_t{rule});
    out_.member("level", to_text(finding.severity));
    write_text("message", whole_message(finding));
    out_.key("locations").begin_array_row().begin_object_row().key("physicalLocation").begin_object_row();
    out_.key("artifactLocation").begin_object_row().member("uri", uri(place.file)).end_object();
    out_.key("region").begin_object_row();
    out_.member("startLine", std::int64_t{place.begin.line}).member("startColumn", std::int64_t{place.begin.column});
    out_.member("endLine", std::int64_t{place.end.line}).member("endColumn", std::int64_t{place.end.column}).end_object();
    out_.end_object().end_object().end_array();
    out_.key("partialFingerprints").begin_object_row().member("icplanFinding/v1", fingerprints_.of(finding, place)).end_object();
    if (finding.count > 1) out_.member("occurrenceCount", static_cast<std::int64_t>(finding.count));
    if (by != nullptr) {
      out_.key("suppressions").begin_array_row().begin_object_row().member("kind", "inSource").member("status", "accepted");
      out_.member("justification", by->reason + (by->expires.empty() ? "" : " (until " + by->expires + ")")).end_object().end_array();
    }
    out_.end_object();
  }

  std::span<const FindingList> lists_;
  Writer out_;
  std::vector<Code> codes_;
  Fingerprints fingerprints_;
};

std::string_view gitlab_severity(Severity severity) {
  switch (severity) {
  case Severity::note: return "info";
  case Severity::warning: return "minor";
  case Severity::error: break;
  }
  return "critical";
}

} // namespace

std::string findings_sarif(std::span<const FindingList> lists) {
  std::string text;
  SarifWriter(lists, text).run();
  return text;
}

std::string findings_gitlab(std::span<const FindingList> lists) {
  std::string text;
  Writer out(text);
  Fingerprints fingerprints;
  out.begin_array();
  for (const auto& list : lists) {
    for (const auto& finding : list.findings) {
      const auto place = place_of(list, finding);
      out.begin_object().member("description", code_text(finding.code) + ": " + whole_message(finding));
      out.member("check_name", code_text(finding.code)).member("fingerprint", fingerprints.of(finding, place));
      out.member("severity", gitlab_severity(finding.severity));
      out.key("location").begin_object_row().member("path", place.file).key("lines").begin_object_row();
      out.member("begin", std::int64_t{place.begin.line}).end_object().end_object().end_object();
    }
  }
  out.end_array();
  return text;
}

} // namespace icplan
