// SPDX-License-Identifier: Apache-2.0
// icplan validate: every finding of specs, catalogs and saved plans, and an exit code that blocks.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/diag/render.hpp"
#include "icplan/report/findings.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

namespace icplan::app {
namespace {

using Render = std::string (*)(std::span<const FindingList>);
constexpr std::array<std::pair<std::string_view, Render>, 5> renderers = {{{"json", findings_json},
                                                                           {"sarif", findings_sarif},
                                                                           {"github", findings_github},
                                                                           {"junit", findings_junit},
                                                                           {"gitlab", findings_gitlab}}};

/// Adds the codes of one option; false, and a message, for what is no code or is in two options.
bool add_rules(const std::vector<std::string>& codes, std::string_view option, Level level, std::set<Code>& seen, FindingPolicy& policy) {
  std::set<Code> here;
  for (const auto& text : codes) {
    const auto code = find_code(text);
    if (!code) {
      std::fprintf(stderr, "icplan: %s: no finding has the code `%s`; `icplan explain` lists all\n", std::string(option).c_str(), text.c_str());
      return false;
    }
    if (!here.insert(*code).second) continue;
    if (!seen.insert(*code).second) {
      std::fprintf(stderr, "icplan: %s is in two of --deny, --warn and --allow\n", code_text(*code).c_str());
      return false;
    }
    if (level < Level::error && !may_lower(*code)) {
      std::fprintf(stderr, "icplan: %s: %s (%s) is an error that no option can lower; only limits, expectations and requirements may be lowered\n",
                   std::string(option).c_str(), code_text(*code).c_str(), std::string(code_info(*code).name).c_str());
      return false;
    }
    policy.rules.push_back({*code, level, {}});
  }
  return true;
}

std::optional<FindingPolicy> policy_of(const ValidateOptions& options) {
  FindingPolicy policy;
  std::set<Code> seen;
  if (!add_rules(options.deny, "--deny", Level::error, seen, policy) || !add_rules(options.warn, "--warn", Level::warning, seen, policy) ||
      !add_rules(options.allow, "--allow", Level::allow, seen, policy))
    return std::nullopt;
  policy.strict = options.strict;
  policy.today = options.today;
  return policy;
}

/// What was found when the plan was made, with the place in its spec as words: the spec need not be there any more.
void tell_notes(const std::string& input, const PlanRecord& record, Sink& sink) {
  for (const auto& note : record.findings) {
    const auto code = find_code(note.code);
    if (!code) {
      sink.report(Code::saved_plan_unreadable, {}, "`" + input + "` has findings of code `" + note.code + "`, which this version does not know",
                  "use the version of icplan that wrote it, or a later one");
      continue;
    }
    const auto place = note.file.empty() ? "" : " (" + note.file + ":" + std::to_string(note.line) + ":" + std::to_string(note.column) + ")";
    auto finding = Finding::of(*code, {}, note.message + place, note.help, static_cast<std::uint64_t>(note.count));
    for (const auto severity : {Severity::note, Severity::warning, Severity::error}) {
      if (to_text(severity) == note.severity) finding.severity = severity;
    }
    sink.report(std::move(finding));
  }
}

/// Checks one input; whatever it is, its findings are in the session.
void check_input(const std::string& input, const CommonOptions& common, Session& session) {
  if (is_saved_plan(input)) {
    session.policy = common.policy;
    const auto record = load_saved_plan(input, session);
    if (record) tell_notes(input, *record, session.sink);
    session.complete = record != nullptr;
    return;
  }
  auto document = read_document(input, session);
  if (document.is_catalog()) {
    check_catalog(input, document, common, session);
  } else {
    static_cast<void>(plan_document(input, std::move(document), common, session));
  }
}

void print_text(const FindingList& list, bool quiet, bool errors, bool colour, std::string& out) {
  if (!list.findings.empty() && (!quiet || errors)) out += render_findings(list.findings, *list.sources, {colour}) + "\n";
  if (quiet) return;
  if (!list.suppressed.empty()) out += suppressed_text(list) + "\n";
  out += list.name + ": " + summarise_list(list) + "\n";
}

} // namespace

int run_validate(const ValidateOptions& options) {
  for (const auto& input : options.specs) {
    if (!is_same_file(options.output, input)) continue;
    std::fprintf(stderr, "icplan: -o %s would replace what is validated\n", options.output.c_str());
    return exit_usage;
  }
  auto policy = policy_of(options);
  if (!policy) return exit_usage;
  auto common = options.common;
  common.policy = std::move(*policy);
  const bool to_output = options.output.empty() || options.output == "-";
  int code = exit_fine;
  std::string text;
  std::vector<FindingList> lists;
  for (const auto& input : options.specs) {
    Session session;
    try {
      check_input(input, common, session);
    } catch (const std::system_error& error) {
      std::fprintf(stderr, "icplan: %s\n", error.what());
      code = exit_failed;
      // A report that leaves the input out would look as if it were fine.
      if (options.format == "text") continue;
      session.sink = Sink();
      session.sink.report(Code::unreadable_file, {}, error.what(), "name a file that can be read");
    }
    auto judged = session.judged();
    const bool errors = has_errors(judged, session.sink);
    if (errors) code = std::max<int>(code, exit_refused);
    FindingList list{input == "-" ? "<stdin>" : input, std::move(judged.findings), std::move(judged.suppressed),
                     session.sink.dropped(),           session.sources,            std::move(session.paths)};
    if (options.format == "text") print_text(list, common.quiet, errors, to_output && colour_on_output(), text);
    else lists.push_back(std::move(list));
  }
  const auto renderer = std::find_if(renderers.begin(), renderers.end(), [&](const auto& of) { return of.first == options.format; });
  if (renderer != renderers.end()) text = renderer->second(lists);
  write_file(to_output ? "-" : options.output, [&](const auto& out) { out(text); });
  return code;
}

} // namespace icplan::app
