// SPDX-License-Identifier: Apache-2.0
// Runs the library for the commands.
#include "session.hpp"

#include "files.hpp"
#include "icplan/analysis/judge.hpp"
#include "icplan/diag/render.hpp"
#include "icplan/spec/finding_rules.hpp"
#include "icplan/spec/workload.hpp"
#include "stages.hpp"
#include "terminal.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace icplan::app {
namespace {

namespace fs = std::filesystem;

/// Names a shipped catalog by its place under the folder, so that findings are the same wherever that folder is.
std::string catalog_name(const std::string& folder, const std::string& file) {
  return "catalogs/" + fs::path(file).lexically_relative(folder).generic_string();
}

/// What the files that a spec names are relative to.
fs::path spec_folder(const std::string& spec_path, const CommonOptions& options) {
  if (!options.folder.empty()) return options.folder;
  const auto folder = spec_path == "-" ? fs::path() : fs::path(spec_path).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

void load_overlays(const std::string& spec_path, const json::Value& document, const CommonOptions& options, Session& session) {
  const auto folder = spec_folder(spec_path, options);
  for (const auto& file : overlay_catalogs(document)) {
    try {
      const auto path = (folder / file.path).string();
      const auto id = session.sources->add(file.path, session.read(path, max_text_bytes));
      session.paths[id] = fs::path(path).lexically_normal().string();
      session.catalog->add(*session.sources, id, true, session.sink);
    } catch (const std::system_error& error) {
      session.sink.report(Code::unreadable_file, file.where, "catalog `" + file.path + "` cannot be read: " + error.code().message(),
                          "paths are relative to the spec's folder");
    }
  }
}

/// Reads the CSV files that the spec names, or in place of its price list the one in `prices`, which becomes the name of that list in the result.
SpecFiles load_spec_files(const std::string& spec_path, const json::Value& document, const CommonOptions& options, std::string& prices, Session& session) {
  const auto folder = spec_folder(spec_path, options);
  SpecFiles files;
  const auto read = [&](const std::string& name, const std::string& shown, const std::string& path, std::string text) {
    const auto id = session.sources->add(shown, std::move(text));
    session.paths[id] = fs::path(path).lexically_normal().string();
    files.emplace(name, SpecFile{id, session.sources->text(id)});
  };
  const auto read_named = [&](const NamedFile& file, const std::string& what) {
    if (files.find(file.path) != files.end()) return;
    try {
      const auto path = (folder / file.path).string();
      read(file.path, file.path, path, session.read(path, max_text_bytes));
    } catch (const std::system_error& error) {
      session.sink.report(Code::unreadable_file, file.where, what + " `" + file.path + "` cannot be read: " + error.code().message(),
                          "paths are relative to the spec's folder");
    }
  };
  for (const auto& file : link_lists(document)) read_named(file, "link list");
  for (const auto& file : length_lists(document)) read_named(file, "file of lengths");
  if (!prices.empty()) {
    // Plans name files without the folders of this machine.
    auto name = prices == "-" ? std::string("<stdin>") : fs::path(prices).filename().string();
    if (files.find(name) != files.end()) name += " (prices)";
    read(name, prices, prices, read_file(prices));
    prices = std::move(name);
  } else {
    for (const auto& file : price_lists(document)) read_named(file, "price list");
  }
  return files;
}

/// The plan.json and cables.csv of a saved plan; `what` and `code` are what findings call it. Nothing, and a finding, where one cannot be read.
std::optional<std::array<FileId, 2>> load_plan_files(const std::array<std::string, 2>& paths, const std::string& what, Code code, Session& session) {
  constexpr std::array<std::size_t, 2> most = {max_baseline_plan_bytes, max_baseline_cables_bytes};
  std::array<FileId, 2> files;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string name = i == 0 ? "plan.json" : "cables.csv";
    try {
      auto text = read_file(paths[i], most[i]);
      if (text.size() > most[i]) {
        session.sink.report(code, {}, what + ": " + name + " is too large to be read back", "split the cluster");
        return std::nullopt;
      }
      files[i] = session.sources->add(paths[i], std::move(text));
    } catch (const std::system_error& error) {
      session.sink.report(code, {}, what + ": " + name + " cannot be read: " + error.code().message(),
                          "name the folder that `icplan plan SPEC -o DIR` wrote");
      return std::nullopt;
    }
  }
  return files;
}

/// Reads the saved plan to grow. Nothing, and a finding, when it is not one.
std::shared_ptr<const Baseline> load_baseline(const std::string& folder, Session& session) {
  const auto path = fs::path(folder);
  const auto files = load_plan_files({(path / "plan.json").string(), (path / "cables.csv").string()}, "baseline `" + folder + "`",
                                     Code::baseline_unreadable, session);
  return files ? read_baseline(folder, *session.sources, (*files)[0], (*files)[1], session.sink) : nullptr;
}

/// What the spec says of findings comes before what the options say.
void add_spec_rules(const json::Value& document, Session& session) {
  // What is wrong with it is told with the rest of the spec.
  Sink told;
  auto spec = load_finding_rules(document, told);
  auto& policy = session.policy;
  policy.rules.insert(policy.rules.begin(), spec.rules.begin(), spec.rules.end());
  policy.suppressions = std::move(spec.suppressions);
}

/// Calls `add(file, name for findings, whether it is an overlay)` for the shipped catalogs, or those that take their place, and the overlays.
template <class Add> void for_each_catalog(const CommonOptions& options, const Add& add) {
  std::vector<std::string> folders;
  std::vector<std::string> overlays;
  for (const auto& path : options.catalogs) (fs::is_directory(path) ? folders : overlays).push_back(path);
  if (folders.empty()) folders.push_back(shipped_catalogs());
  for (const auto& folder : folders) {
    for (const auto& file : json_files(folder)) add(file, catalog_name(folder, file), false);
  }
  for (const auto& file : overlays) add(file, file, true);
}

/// What is suppressed stays with the plan, as notes that say why.
std::vector<Finding> findings_of_plan(JudgedFindings judged) {
  if (judged.suppressed.empty()) return std::move(judged.findings);
  Sink all;
  for (auto& finding : judged.findings) all.report(std::move(finding));
  for (auto& [finding, by] : judged.suppressed) {
    finding.severity = Severity::note;
    finding.message = "suppressed" + (by.expires.empty() ? "" : " until " + by.expires) + " (" + by.reason + "): " + finding.message;
    all.report(std::move(finding));
  }
  return all.sorted();
}

} // namespace

bool has_errors(const JudgedFindings& judged, const Sink& sink) {
  const auto is_error = [](const Finding& finding) { return finding.severity == Severity::error; };
  if (std::any_of(judged.findings.begin(), judged.findings.end(), is_error)) return true;
  const auto& listed = sink.findings();
  return sink.errors() > static_cast<std::size_t>(std::count_if(listed.begin(), listed.end(), is_error));
}

void load_catalogs(const CommonOptions& options, Session& session) {
  for_each_catalog(options, [&](const std::string& file, const std::string& name, bool overlay) {
    session.catalog->add(*session.sources, session.sources->add(name, read_file(file)), overlay, session.sink);
  });
}

bool InputDocument::is_catalog() const {
  const auto* format = value ? value->find("format") : nullptr;
  return format != nullptr && format->kind == json::Kind::string && format->text.substr(0, 15) == "icplan.catalog/";
}

InputDocument read_document(const std::string& path, Session& session) {
  const auto name = path == "-" ? std::string("<stdin>") : path;
  stages().begin(name);
  InputDocument document;
  document.file = session.sources->add(name, session.read(path, max_text_bytes));
  document.value = json::parse(*session.sources, document.file, session.sink);
  return document;
}

void check_catalog(const std::string& path, const InputDocument& document, const CommonOptions& options, Session& session) {
  session.policy = options.policy;
  session.complete = true;
  // What is wrong with other catalogs is not said of this one.
  Sink all;
  bool listed = false;
  for_each_catalog(options, [&](const std::string& file, const std::string& name, bool overlay) {
    std::error_code error;
    const bool own = fs::equivalent(file, path, error);
    listed = listed || own;
    session.catalog->add(*session.sources, own ? document.file : session.sources->add(name, read_file(file)), overlay, all);
  });
  if (!listed) session.catalog->add(*session.sources, document.file, true, all);
  session.catalog->check_references(all);
  lint_catalog(*session.catalog, all);
  check_workloads(*session.catalog, all);
  stages().done("catalog", session.catalog->size());
  for (const auto& finding : all.findings()) {
    if (finding.where.valid() && finding.where.file == document.file) session.sink.report(finding);
  }
}

std::optional<Plan> plan_spec(const std::string& path, const CommonOptions& options, Session& session) {
  return plan_document(path, read_document(path, session), options, session);
}

std::optional<Plan> plan_document(const std::string& path, InputDocument input, const CommonOptions& options, Session& session) {
  auto& document = input.value;
  session.policy = options.policy;
  load_catalogs(options, session);
  if (!document) return std::nullopt;
  add_spec_rules(*document, session);
  load_overlays(path, *document, options, session);
  session.catalog->check_references(session.sink);
  stages().done("catalog", session.catalog->size());
  auto prices = options.prices;
  auto files = load_spec_files(path, *document, options, prices, session);
  auto baseline = options.baseline.empty() ? nullptr : load_baseline(options.baseline, session);
  const PlanInputs inputs{session.sources,  session.catalog,   std::make_shared<const json::Value>(std::move(*document)),
                          std::move(files), std::move(prices), std::move(baseline)};
  auto plan = make_plan(
      inputs, session.sink, [](std::string_view stage, std::uint64_t count) { stages().done(stage, count); },
      [](std::string_view stage, int thousandths) { stages().show(stage, thousandths); });
  stages().clear();
  if (!plan) return std::nullopt;
  const auto broken = check_plan(*plan);
  stages().done("check", plan->network.links.size());
  if (!broken.empty()) throw std::logic_error("the plan contradicts itself; this is a bug in icplan, nothing was written: " + broken.front());
  judge_plan(*plan, session.sink);
  session.complete = true;
  plan->findings = findings_of_plan(session.judged());
  return plan;
}

bool is_saved_plan(const std::string& path) {
  std::error_code error;
  if (path == "-" || fs::is_directory(path, error)) return path != "-";
  if (!fs::is_regular_file(path, error)) return false;
  return is_plan_document(read_file(path, max_baseline_plan_bytes));
}

std::shared_ptr<const PlanRecord> load_saved_plan(const std::string& path, Session& session) {
  std::error_code error;
  const auto at = fs::path(path);
  const bool folder = fs::is_directory(at, error);
  const auto plan = folder ? at / "plan.json" : at;
  const auto cables = (folder ? at : at.parent_path()) / "cables.csv";
  stages().begin(path);
  const auto files = load_plan_files({plan.string(), cables.string()}, "saved plan `" + path + "`", Code::saved_plan_unreadable, session);
  if (!files) return nullptr;
  auto record = read_saved_plan(path, *session.sources, (*files)[0], (*files)[1], session.sink);
  stages().done("read", session.sources->text((*files)[0]).size() + session.sources->text((*files)[1]).size());
  return record;
}

void print_findings(const Session& session, Severity least) {
  std::vector<Finding> shown;
  for (auto& finding : session.judged().findings) {
    if (finding.severity >= least) shown.push_back(std::move(finding));
  }
  if (shown.empty()) return;
  const auto text = render_findings(shown, *session.sources, {colour_on_errors()}) + "\n" + summarise_findings(shown, session.sink.dropped()) + "\n";
  stages().clear();
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

std::optional<Plan> plan_and_tell(const std::string& path, const CommonOptions& options, Session& session) {
  auto plan = plan_spec(path, options, session);
  print_findings(session, options.quiet ? Severity::error : plan ? Severity::warning : Severity::note);
  return plan;
}

} // namespace icplan::app
