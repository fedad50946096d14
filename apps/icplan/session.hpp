// SPDX-License-Identifier: Apache-2.0
// What every command does first: read the catalogs and the spec, and plan.
#pragma once

#include "files.hpp"
#include "icplan/diag/policy.hpp"
#include "icplan/plan/plan.hpp"
#include "icplan/plan/saved_plan.hpp"
#include "terminal.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace icplan::app {

/// Options that every command takes.
struct CommonOptions {
  /// A folder takes the place of the shipped catalogs; a file is laid over them.
  std::vector<std::string> catalogs;
  /// A price list in place of the one that the spec names.
  std::string prices;
  /// What the files that a spec names are relative to; empty: the spec's own folder.
  std::string folder;
  /// The folder of a saved plan to grow; empty: none.
  std::string baseline;
  bool verbose = false;
  bool quiet = false;
  bool timings = false;
  /// How severe findings are, beside what the spec says of them: these rules come after the spec's.
  FindingPolicy policy;
};

/// One run over one spec.
struct Session {
  std::shared_ptr<SourceMap> sources = std::make_shared<SourceMap>();
  std::shared_ptr<Catalog> catalog = std::make_shared<Catalog>();
  Sink sink;
  /// Reads the spec and what it names: `read_file`, or what another place of them needs. Throws std::system_error.
  std::function<std::string(const std::string& path, std::size_t most)> read = read_file;
  /// The options' and the spec's.
  FindingPolicy policy;
  /// Where files stand that findings name by what the spec calls them.
  std::map<FileId, std::string> paths;
  /// Whether all stages could run.
  bool complete = false;

  /// What was found, as the policy has it.
  [[nodiscard]] JudgedFindings judged() const { return apply_policy(policy, sink, complete); }
};

/// Whether one of them is an error. Errors that were too many to be listed count as well.
[[nodiscard]] bool has_errors(const JudgedFindings& judged, const Sink& sink);

/// Reads the shipped catalogs (or the folders that take their place) and the files laid over them.
void load_catalogs(const CommonOptions& options, Session& session);

/// A JSON document as it was read; without a value where it is none, which the session's findings say.
struct InputDocument {
  FileId file;
  std::optional<json::Value> value;

  /// Whether its `format` says so.
  [[nodiscard]] bool is_catalog() const;
};
[[nodiscard]] InputDocument read_document(const std::string& path, Session& session);

/// plan_spec of a document that was read from `path`.
[[nodiscard]] std::optional<Plan> plan_document(const std::string& path, InputDocument document, const CommonOptions& options, Session& session);

/// Lays a catalog over the shipped ones, unless it is one of them, and keeps what checks and lint say of it alone in the session.
void check_catalog(const std::string& path, const InputDocument& document, const CommonOptions& options, Session& session);

/// Reads and plans a spec, judges its limits and proves the plan with check_plan. Nothing when a stage could not finish; the findings are in the
/// session in any case. Throws std::logic_error when the proof fails: that is a bug in icplan.
[[nodiscard]] std::optional<Plan> plan_spec(const std::string& path, const CommonOptions& options, Session& session);

/// Reads a saved plan: a folder, or the plan.json in it. Nothing, and findings, when it is not one.
[[nodiscard]] std::shared_ptr<const PlanRecord> load_saved_plan(const std::string& path, Session& session);
/// Whether the path is a saved plan rather than a spec: a folder, or a plan document.
[[nodiscard]] bool is_saved_plan(const std::string& path);

/// Prints the findings of at least `least` severity to standard error.
void print_findings(const Session& session, Severity least);

/// plan_spec, for a product that does not list findings: prints warnings and errors, notes too where there is no plan, and errors alone when quiet.
[[nodiscard]] std::optional<Plan> plan_and_tell(const std::string& path, const CommonOptions& options, Session& session);

} // namespace icplan::app
