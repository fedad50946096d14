// SPDX-License-Identifier: Apache-2.0
// Findings as workflow commands of GitHub Actions and as JUnit's XML.
#include "finding_places.hpp"
#include "icplan/diag/render.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>

namespace icplan {
namespace {

/// What the runner would read as a command or as the end of one, as its own escapes.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    switch (c) {
    case '%': out += "%25"; break;
    case '\r': out += "%0D"; break;
    case '\n': out += "%0A"; break;
    case ':': out += property ? "%3A" : ":"; break;
    case ',': out += property ? "%2C" : ","; break;
    // Others would command the terminal that shows the log.
    default: out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    }
  }
  return out;
}

std::string_view command_of(Severity severity) {
  switch (severity) {
  case Severity::note: return "notice";
  case Severity::warning: return "warning";
  case Severity::error: break;
  }
  return "error";
}

/// Whether XML 1.0 can hold the character at byte `at`: no control character but a tab, and neither U+FFFE nor U+FFFF.
bool is_xml(std::string_view text, std::size_t at) {
  const auto length = utf8_length(text, at);
  if (length == 0) return false;
  const auto point = utf8_code_point(text, at, length);
  return (point >= 0x20 || point == '\t') && point != 0xfffe && point != 0xffff;
}

std::string xml(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = std::max<std::size_t>(utf8_length(text, at), 1);
    const char c = text[at];
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else if (c == '\n') out += "&#10;";
    else if (!is_xml(text, at)) out += '?';
    else out += text.substr(at, length);
    at += length;
  }
  return out;
}

/// The same inside of an element, where lines may end.
std::string xml_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += xml(text.substr(0, end));
    if (end == text.size()) break;
    out += '\n';
    text.remove_prefix(end + 1);
  }
  return out;
}

class JunitWriter {
public:
  explicit JunitWriter(std::string& out) : out_(out) {}

  void run(std::span<const FindingList> lists) {
    std::size_t tests = 0;
    std::size_t failures = 0;
    for (const auto& list : lists) {
      tests += cases(list);
      failures += errors(list);
    }
    out_ += R"(<?xml version="1.0" encoding="UTF-8"?>)" "\n";
    out_ += "<testsuites name=\"icplan validate\" tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\">\n";
    for (const auto& list : lists) write_suite(list);
    out_ += "</testsuites>\n";
  }

private:
  static std::size_t errors(const FindingList& list) {
    return static_cast<std::size_t>(
        std::count_if(list.findings.begin(), list.findings.end(), [](const Finding& f) { return f.severity == Severity::error; }));
  }
  /// An input without findings is one case that passes.
  static std::size_t cases(const FindingList& list) { return std::max<std::size_t>(list.findings.size() + list.suppressed.size(), 1); }

  void write_suite(const FindingList& list) {
    const auto name = xml(utf8_name(list.name));
    out_ += "  <testsuite name=\"" + name + "\" tests=\"" + std::to_string(cases(list)) + "\" failures=\"" + std::to_string(errors(list)) +
            "\" errors=\"0\" skipped=\"" + std::to_string(list.suppressed.size()) + "\">\n";
    if (list.findings.empty() && list.suppressed.empty()) out_ += "    <testcase classname=\"" + name + "\" name=\"no findings\"/>\n";
    for (const auto& finding : list.findings) {
      begin_case(list, finding);
      if (finding.severity == Severity::error)
        out_ += "      <failure message=\"" + xml(finding.message) + "\" type=\"" + code_text(finding.code) + "\">" + xml_lines(shown(list, finding)) +
                "</failure>\n";
      else
        out_ += "      <system-out>" + xml_lines(shown(list, finding)) + "</system-out>\n";
      out_ += "    </testcase>\n";
    }
    for (const auto& [finding, by] : list.suppressed) {
      begin_case(list, finding);
      out_ += "      <skipped message=\"" + xml("suppressed: " + by.reason + (by.expires.empty() ? "" : " (until " + by.expires + ")")) + "\"/>\n";
      out_ += "    </testcase>\n";
    }
    out_ += "  </testsuite>\n";
  }

  void begin_case(const FindingList& list, const Finding& finding) {
    const auto place = place_of(list, finding);
    const auto where = finding.where.valid() ? ":" + std::to_string(place.begin.line) + ":" + std::to_string(place.begin.column) : std::string();
    out_ += "    <testcase classname=\"" + xml(place.file) + "\" name=\"" + code_text(finding.code) + " " + std::string(code_info(finding.code).name) +
            " at " + xml(place.file) + where + "\">\n";
  }

  static std::string shown(const FindingList& list, const Finding& finding) { return "\n" + render_findings({&finding, 1}, *list.sources); }

  std::string& out_;
};

} // namespace

std::string findings_github(std::span<const FindingList> lists) {
  std::string out;
  for (const auto severity : {Severity::error, Severity::warning, Severity::note}) {
    for (const auto& list : lists) {
      for (const auto& finding : list.findings) {
        if (finding.severity != severity) continue;
        const auto place = place_of(list, finding);
        out.append("::").append(command_of(severity)).append(" file=").append(escaped(place.file, true));
        out += ",line=" + std::to_string(place.begin.line) + ",endLine=" + std::to_string(place.end.line) + ",col=" + std::to_string(place.begin.column) +
               ",endColumn=" + std::to_string(place.end.column);
        out += ",title=" + escaped(code_text(finding.code) + " " + std::string(code_info(finding.code).name), true);
        out += "::" + escaped(whole_message(finding), false) + "\n";
      }
    }
  }
  for (const auto& list : lists) out += escaped(utf8_name(list.name), false) + ": " + summarise_list(list) + "\n";
  return out;
}

std::string findings_junit(std::span<const FindingList> lists) {
  std::string out;
  JunitWriter(out).run(lists);
  return out;
}

} // namespace icplan
