// SPDX-License-Identifier: Apache-2.0
// icplan catalog list, show, lint; icplan schema.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/base/text.hpp"
#include "icplan/diag/render.hpp"
#include "icplan/json/writer.hpp"
#include "icplan/report/coverage.hpp"
#include "icplan/spec/workload.hpp"
#include "stages.hpp"

#include <array>
#include <cstdio>
#include <filesystem>

namespace icplan::app {
namespace {

constexpr std::array<PartKind, 11> kinds = {PartKind::gpu,   PartKind::node, PartKind::nic,  PartKind::switch_, PartKind::cable,    PartKind::module,
                                            PartKind::fibre, PartKind::utp,  PartKind::rack, PartKind::pdu,     PartKind::accessory};

/// Loads the catalogs alone; false when they have errors.
bool load(const CatalogOptions& options, Session& session) {
  load_catalogs(options.common, session);
  session.catalog->check_references(session.sink);
  stages().done("catalog", session.catalog->size());
  if (!session.sink.has_errors()) return true;
  print_findings(session, Severity::error);
  return false;
}

} // namespace

namespace {

Section part_section(const Catalog& catalog, std::optional<PartKind> wanted) {
  Section section;
  section.table.columns = {{"part", false}, {"kind", false}, {"maker", false}, {"basis", false}, {"orderable", false}, {"description", false}};
  for (const auto kind : kinds) {
    if (wanted && *wanted != kind) continue;
    for (const auto id : catalog.sorted()) {
      const auto& part = catalog[id];
      if (part.kind != kind) continue;
      section.table.rows.push_back({part.id, std::string(to_text(kind)), part.manufacturer, std::string(to_text(part.basis)),
                                    catalog.disabled(id) != nullptr ? "disabled"
                                    : part.orderable                ? "yes"
                                                                    : "no",
                                    part.description});
    }
  }
  section.title = counted(static_cast<std::int64_t>(section.table.rows.size()), "part", "parts");
  return section;
}

Section known_workloads(const Catalog& catalog, Sink& sink) {
  Section section;
  section.table.columns = {{"workload", false}, {"kind", false}, {"basis", false}, {"name", false}};
  for (const auto& [id, entry] : catalog.workloads()) {
    const auto workload = read_workload(entry, sink);
    if (workload) section.table.rows.push_back({id, std::string(to_text(workload->kind)), std::string(to_text(entry.basis)), workload->name});
  }
  section.title = counted(static_cast<std::int64_t>(section.table.rows.size()), "workload", "workloads");
  return section;
}

} // namespace

int run_catalog_list(const CatalogOptions& options) {
  const bool workloads = options.argument == "workload";
  std::optional<PartKind> wanted;
  for (const auto kind : kinds) {
    if (to_text(kind) == options.argument) wanted = kind;
  }
  if (!options.argument.empty() && !wanted && !workloads) {
    std::fprintf(stderr,
                 "icplan: `%s` is no kind of part; use gpu, node, nic, switch, cable, module, fibre, utp, rack, pdu, accessory, or workload\n",
                 options.argument.c_str());
    return exit_usage;
  }
  Session session;
  if (!load(options, session)) return exit_refused;
  const auto section = workloads ? known_workloads(*session.catalog, session.sink) : part_section(*session.catalog, wanted);
  print_sections("catalog", {&section, 1});
  return exit_fine;
}

namespace {

/// The entry as it is written, and what each of its figures rests on.
void print_entry(const Catalog& catalog, const CatalogEntry& entry) {
  std::string out;
  json::Writer(out).value(*entry.entry);
  out += "\nfigures rest on:\n";
  std::vector<std::string> cited = entry.sources;
  for (const auto& figure : written_figures(entry)) {
    out += "  " + figure.address + " = " + figure.text + ": " + std::string(to_text(figure_basis(entry, figure.address)));
    for (const auto& key : figure_sources(entry, figure.address)) {
      out += ", " + key;
      if (std::find(cited.begin(), cited.end(), key) == cited.end()) cited.push_back(key);
    }
    out += '\n';
  }
  out += "\nsources:\n";
  for (const auto& key : cited) {
    if (const auto* source = catalog.source(entry, key))
      out += "  " + key + ": " + source->title + (source->url.empty() ? "" : " <" + source->url + ">") + "\n";
  }
  print(out);
}

} // namespace

int run_catalog_show(const CatalogOptions& options) {
  Session session;
  if (!load(options, session)) return exit_refused;
  const auto& catalog = *session.catalog;
  if (const auto id = catalog.find(options.argument)) {
    print_entry(catalog, catalog[*id]);
    return exit_fine;
  }
  const auto workload = catalog.workloads().find(options.argument);
  if (workload != catalog.workloads().end()) {
    print_entry(catalog, workload->second);
    return exit_fine;
  }
  std::vector<std::string_view> known;
  for (const auto part : catalog.sorted()) known.push_back(catalog[part].id);
  for (const auto& [id, entry] : catalog.workloads()) known.push_back(id);
  const auto nearest = closest_word(options.argument, known);
  std::fprintf(stderr, "icplan: no part `%s` in the catalogs%s\n", options.argument.c_str(),
               nearest ? ("; did you mean `" + std::string(*nearest) + "`?").c_str() : "");
  return exit_refused;
}

namespace {

int print_coverage(const CatalogOptions& options) {
  Session session;
  if (!load(options, session)) return exit_refused;
  const auto pairs = measure_coverage(*session.catalog);
  const auto section = coverage_section(*session.catalog, pairs);
  if (options.format == "csv") {
    print(coverage_csv(*session.catalog, pairs));
  } else if (options.format == "md") {
    print(render_markdown("coverage", {&section, 1}));
  } else {
    print_sections("coverage", {&section, 1});
  }
  return exit_fine;
}

} // namespace

int run_catalog_lint(const CatalogOptions& options) {
  if (options.coverage) return print_coverage(options);
  if (options.format != "text") {
    std::fputs("icplan: --format is for --coverage\n", stderr);
    return exit_usage;
  }
  Session session;
  load_catalogs(options.common, session);
  session.catalog->check_references(session.sink);
  lint_catalog(*session.catalog, session.sink);
  check_workloads(*session.catalog, session.sink);
  report_coverage_gaps(*session.catalog, session.sink);
  stages().done("catalog", session.catalog->size());
  auto findings = session.sink.sorted();
  if (options.common.quiet) std::erase_if(findings, [](const Finding& finding) { return finding.severity == Severity::note; });
  if (!findings.empty()) print(render_findings(findings, *session.sources, {colour_on_output()}) + "\n");
  print(counted(static_cast<std::int64_t>(session.catalog->size()), "part", "parts") + ": " +
        (findings.empty() ? options.common.quiet ? "no errors or warnings" : "no findings" : summarise_findings(findings)) + "\n");
  return session.sink.has_errors() ? exit_refused : exit_fine;
}

int run_schema(const SchemaOptions& options) {
  print(read_file((std::filesystem::path(shipped_catalogs()) / "schema" / (options.document + ".schema.json")).string()));
  return exit_fine;
}

} // namespace icplan::app
