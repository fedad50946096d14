// SPDX-License-Identifier: Apache-2.0
// icplan explain CODE: what a finding means; icplan explain NAME SPEC: why a cable is what it is, why a device is there.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/base/text.hpp"
#include "icplan/diag/code_examples.hpp"
#include "icplan/json/writer.hpp"
#include "icplan/report/explain.hpp"

#include <cstdio>

namespace icplan::app {
namespace {

/// Breaks paragraphs into lines of at most 100 characters.
std::string wrapped(std::string_view text) {
  constexpr std::size_t width = 100;
  std::string out;
  std::size_t column = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '\n') {
      out += '\n';
      column = 0;
      ++at;
      continue;
    }
    const auto end = std::min(text.find_first_of(" \n", at), text.size());
    if (end > at) {
      if (column > 0 && column + 1 + (end - at) > width) {
        out += '\n';
        column = 0;
      }
      if (column > 0) {
        out += ' ';
        ++column;
      }
      out += text.substr(at, end - at);
      column += end - at;
    }
    at = end < text.size() && text[end] == ' ' ? end + 1 : end;
  }
  return out;
}

/// The text, indented where it has several lines.
std::string shown(std::string_view heading, std::string_view text) {
  std::string out = "  " + std::string(heading) + ":";
  const bool lines = text.find('\n') != std::string_view::npos;
  if (!lines) return out + " " + std::string(text) + "\n";
  out += "\n    ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "    ";
  }
  return out + "\n";
}

std::string example_text(const CodeInfo& info) {
  const auto& example = code_example(info.code);
  if (example.place == ExamplePlace::words) return "Example\n\n" + wrapped(example.wrong) + "\n";
  // A note tells of nothing wrong.
  const bool mistake = info.severity != Severity::note;
  return "Example, " + std::string(to_text(example.place)) + "\n\n" + shown(mistake ? "wrong" : "reported", example.wrong) +
         shown(mistake ? "right" : "not reported", example.right.empty() ? "leave it out" : example.right);
}

std::string code_json(const CodeInfo& info) {
  const auto& example = code_example(info.code);
  std::string text;
  json::Writer out(text);
  out.begin_object().member("code", code_text(info.code)).member("name", info.name).member("severity", to_text(info.severity));
  out.member("title", info.title).member("explanation", info.explanation);
  out.key("example").begin_object().member("place", to_text(example.place)).member("wrong", example.wrong).member("right", example.right);
  out.end_object().end_object();
  return text;
}

} // namespace

static int explain_named(const ExplainOptions& options, const Plan& plan) {
  const auto object = find_object(plan, options.code);
  if (!object) {
    const auto nearest = nearest_objects(plan, options.code);
    const std::vector<std::string_view> words(nearest.begin(), nearest.end());
    const auto first = plan.cables.assemblies.empty() ? std::string() : ", such as `" + cable_name(plan, AssemblyId(0)) + "`";
    std::fprintf(stderr, "icplan: the plan has no cable, device, rack or part `%s`; %s\n", options.code.c_str(),
                 words.empty() ? ("`icplan cables SPEC` lists cables and devices" + first).c_str()
                               : ("did you mean " + quoted_choice(words) + "?").c_str());
    return exit_usage;
  }
  if (options.format == "json") {
    print(explain_object_json(plan, *object));
  } else {
    print_sections(plan.spec.name, explain_object(plan, *object));
  }
  return exit_fine;
}

/// A cable, or something else of the plan.
static int run_explain_in_plan(const ExplainOptions& options) {
  Session session;
  const auto plan = plan_spec(options.spec, options.common, session);
  if (!plan) {
    print_findings(session, options.common.quiet ? Severity::error : Severity::note);
    return exit_refused;
  }
  const auto cable = find_cable(*plan, options.code);
  if (!cable) return explain_named(options, *plan);
  if (options.format == "json") {
    print(explain_cable_json(*plan, *cable));
  } else {
    print_sections(plan->spec.name, explain_cable(*plan, *cable));
  }
  return exit_fine;
}

int run_explain(const ExplainOptions& options) {
  if (!options.spec.empty()) return run_explain_in_plan(options);
  if (options.code.empty()) {
    for (const auto& info : code_registry())
      print(code_text(info.code) + "  " + std::string(to_text(info.severity)) + "  " + std::string(info.name) + ": " + std::string(info.title) +
            "\n");
    return exit_fine;
  }
  const auto code = find_code(options.code);
  if (!code) {
    std::fprintf(stderr, "icplan: no finding has the code `%s`; `icplan explain` lists all\n", options.code.c_str());
    return exit_usage;
  }
  const auto& info = code_info(*code);
  if (options.format == "json") {
    print(code_json(info));
    return exit_fine;
  }
  print(code_text(info.code) + " " + std::string(info.name) + " (" + std::string(to_text(info.severity)) + ")\n" + wrapped(info.title) + "\n\n" +
        wrapped(info.explanation) + "\n\n" + example_text(info));
  return exit_fine;
}

} // namespace icplan::app
