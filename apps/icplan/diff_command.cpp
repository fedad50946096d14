// SPDX-License-Identifier: Apache-2.0
// icplan diff: what changed between two plans, and whether that is too much.
#include "commands.hpp"
#include "files.hpp"
#include "git.hpp"
#include "icplan/report/diff.hpp"
#include "icplan/report/record.hpp"
#include "icplan/report/report.hpp"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace icplan::app {
namespace {

namespace fs = std::filesystem;

void complain(const std::string& message) { std::fprintf(stderr, "icplan: %s\n", message.c_str()); }

/// A side of the comparison: where it comes from, and what it is called.
struct Side {
  std::string path;
  std::string title;
  std::optional<GitRevision> revision;
};

/// A name without folders: a saved plan is its folder.
std::string title_of(const std::string& path) {
  if (path == "-") return "<stdin>";
  auto at = fs::path(path).lexically_normal();
  if (!at.has_filename()) at = at.parent_path();
  return at.filename().empty() ? path : at.filename().string();
}

/// A spec of a repository, which may have more of that name: its path as it was given, unless that begins at the root of this machine.
std::string title_in_repository(const std::string& path) {
  const fs::path at(path);
  return at.is_absolute() ? title_of(path) : at.lexically_normal().generic_string();
}

/// Reads or plans a side; its findings are told where it cannot be compared. Keeps the record only.
std::shared_ptr<const PlanRecord> record_side(const Side& side, const DiffOptions& options) {
  Session session;
  std::shared_ptr<const PlanRecord> record;
  if (side.revision) {
    session.read = [&](const std::string& path, std::size_t most) { return side.revision->read(path, most); };
  }
  if (!side.revision && is_saved_plan(side.path)) {
    record = load_saved_plan(side.path, session);
  } else if (const auto plan = plan_spec(side.path, options.common, session)) {
    record = std::make_shared<const PlanRecord>(record_plan(*plan));
  }
  if (record == nullptr) {
    complain(side.title + " cannot be compared:");
    print_findings(session, Severity::error);
  }
  return record;
}

std::optional<std::vector<DiffLimit>> read_limits(const DiffOptions& options) {
  std::vector<DiffLimit> limits;
  for (const auto& text : options.fail_on) {
    auto limit = parse_diff_limit(text);
    if (auto* found = std::get_if<DiffLimit>(&limit)) {
      limits.push_back(std::move(*found));
      continue;
    }
    complain("--fail-on '" + text + "': " + std::get<std::string>(limit));
    std::fputs(std::string(diff_limit_grammar()).c_str(), stderr);
    return std::nullopt;
  }
  return limits;
}

/// Old and new; nothing, and a message, where the arguments do not name two.
std::optional<std::pair<Side, Side>> name_sides(const DiffOptions& options) {
  const auto& specs = options.specs;
  if (options.git.empty()) {
    if (specs.size() != 2) {
      complain("diff compares two plans: OLD and NEW; or SPEC with --git REV");
      return std::nullopt;
    }
    Side before{specs[0], title_of(specs[0]), std::nullopt};
    Side after{specs[1], title_of(specs[1]), std::nullopt};
    // Files of one name are told apart by their folders.
    if (before.title == after.title) before.title = specs[0], after.title = specs[1];
    return std::pair(std::move(before), std::move(after));
  }
  if (specs.size() != 1 || specs[0] == "-") {
    complain("--git compares one spec, a file, with its version in a revision");
    return std::nullopt;
  }
  if (options.git.front() == '-') {
    complain("--git: a revision does not begin with -");
    return std::nullopt;
  }
  auto revision = GitRevision(fs::path(specs.front()).parent_path().string(), options.git);
  revision.require(specs[0]);
  const auto title = title_in_repository(specs[0]);
  Side before{specs[0], options.git + ":" + title, std::move(revision)};
  return std::pair(std::move(before), Side{specs[0], title, std::nullopt});
}

void print_diff(const PlanDiff& diff, const DiffTitles& titles, const std::vector<DiffVerdict>& verdicts, const std::string& format) {
  if (format == "json") {
    print(diff_json(diff, titles, verdicts));
  } else if (format == "md") {
    print(diff_markdown(diff, titles, verdicts));
  } else {
    print(diff_text(diff, titles, verdicts, colour_on_output(), output_columns()));
  }
}

int compare_sides(const DiffOptions& options) {
  const auto limits = read_limits(options);
  const auto sides = limits ? name_sides(options) : std::nullopt;
  if (!sides) return exit_usage;
  // Both are read, so that one run tells all that is wrong.
  const auto before = record_side(sides->first, options);
  const auto after = record_side(sides->second, options);
  if (before == nullptr || after == nullptr) return options.exit_code ? exit_usage : exit_refused;
  const auto diff = diff_plans(*before, *after);
  const auto verdicts = judge_diff(*before, *after, *limits);
  if (!options.common.quiet) print_diff(diff, {sides->first.title, sides->second.title}, verdicts, options.format);
  bool failed = false;
  for (const auto& verdict : verdicts) {
    if (verdict.state == DiffVerdict::State::kept) continue;
    failed = true;
    complain("--fail-on '" + verdict.limit + "': " + verdict.reason);
  }
  return failed || (options.exit_code && !diff.empty()) ? exit_refused : exit_fine;
}

} // namespace

int run_diff(const DiffOptions& options) {
  try {
    return compare_sides(options);
  } catch (const UnknownRevision& error) {
    complain(error.what());
    return exit_usage;
  } catch (const std::runtime_error& error) {
    // Of a file, of git, or of the system. diff and git diff call all trouble 2.
    complain(error.what());
    return options.exit_code ? exit_usage : exit_failed;
  }
}

} // namespace icplan::app
