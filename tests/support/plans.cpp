// SPDX-License-Identifier: Apache-2.0
// Reads the shipped catalogs once, and plans what tests write.
#include "support/plans.hpp"

#include "support/catch.hpp"

#include "icplan/json/csv.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace icplan::test {
namespace {

namespace fs = std::filesystem;

struct Shelf {
  std::shared_ptr<SourceMap> sources;
  std::shared_ptr<const Catalog> catalog;
};

void add_catalog(Catalog& catalog, SourceMap& sources, const std::string& name, std::string text, bool overlay, Sink& sink) {
  catalog.add(sources, sources.add(name, std::move(text)), overlay, sink);
}

Shelf load_shelf(std::string_view overlay) {
  Shelf shelf{std::make_shared<SourceMap>(), nullptr};
  auto catalog = std::make_shared<Catalog>();
  Sink sink;
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(ICPLAN_SOURCE_DIR) / "catalogs")) {
    const auto& path = entry.path();
    if (path.extension() == ".json" && path.parent_path().filename() != "schema")
      files.push_back(fs::relative(path, ICPLAN_SOURCE_DIR).generic_string());
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw std::runtime_error("no catalogs under " ICPLAN_SOURCE_DIR);
  for (const auto& file : files) add_catalog(*catalog, *shelf.sources, file, read_source(file), false, sink);
  if (!overlay.empty()) add_catalog(*catalog, *shelf.sources, "overlay.json", std::string(overlay), true, sink);
  catalog->check_references(sink);
  for (const auto& finding : sink.findings()) {
    if (finding.severity == Severity::error) throw std::runtime_error("catalog: " + finding.message);
  }
  shelf.catalog = std::move(catalog);
  return shelf;
}

const Shelf& shelf_with(std::string_view overlay) {
  static std::map<std::string, Shelf, std::less<>> shelves;
  const auto found = shelves.find(overlay);
  if (found != shelves.end()) return found->second;
  return shelves.emplace(std::string(overlay), load_shelf(overlay)).first->second;
}

std::size_t fabric_number(const Plan& plan, std::string_view name) {
  const auto found = std::find_if(plan.spec.fabrics.begin(), plan.spec.fabrics.end(), [&](const FabricSpec& fabric) { return fabric.name == name; });
  if (found == plan.spec.fabrics.end()) throw std::runtime_error("no fabric " + std::string(name));
  return static_cast<std::size_t>(found - plan.spec.fabrics.begin());
}

} // namespace

bool Planned::reports(Code code) const { return find(code) != nullptr; }

const Finding* Planned::find(Code code) const {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) { return finding.code == code; });
  return found != findings.end() ? &*found : nullptr;
}

std::uint64_t Planned::count(Code code) const {
  std::uint64_t count = 0;
  for (const auto& finding : findings) count += finding.code == code ? finding.count : 0;
  return count;
}

std::string Planned::text() const {
  std::string out;
  for (const auto& finding : findings)
    out.append(code_text(finding.code)).append(" ").append(code_info(finding.code).name).append(": ").append(finding.message).append("\n");
  return out;
}

Saved save(const Plan& plan) { return {plan_json(plan), schedule_csv(plan)}; }

Planned plan_spec(std::string_view spec, std::string_view overlay, const std::map<std::string, std::string>& files, const Saved* saved) {
  const auto& shelf = shelf_with(overlay);
  Sink sink;
  Planned planned;
  auto document = json::parse(*shelf.sources, shelf.sources->add("spec.json", std::string(spec)), sink);
  if (document) {
    SpecFiles lists;
    for (const auto& [path, text] : files) {
      const auto file = shelf.sources->add(path, text);
      lists.emplace(path, SpecFile{file, shelf.sources->text(file)});
    }
    std::shared_ptr<const Baseline> baseline;
    if (saved != nullptr) {
      const auto plan = shelf.sources->add("plan.json", saved->plan);
      baseline = read_baseline("saved", *shelf.sources, plan, shelf.sources->add("cables.csv", saved->cables), sink);
    }
    const PlanInputs inputs{shelf.sources,      shelf.catalog, std::make_shared<const json::Value>(std::move(*document)), std::move(lists), {},
                            std::move(baseline)};
    planned.plan = make_plan(inputs, sink);
  }
  planned.findings = sink.sorted();
  return planned;
}

Planned sound_planned(std::string_view spec, std::string_view overlay, const std::map<std::string, std::string>& files, const Saved* baseline) {
  auto planned = plan_spec(spec, overlay, files, baseline);
  INFO(spec << "\n" << planned.text());
  REQUIRE(planned.plan);
  const auto broken = check_plan(*planned.plan);
  INFO(joined(broken));
  REQUIRE(broken.empty());
  return planned;
}

Plan sound_plan(std::string_view spec, std::string_view overlay, const std::map<std::string, std::string>& files, const Saved* baseline) {
  auto planned = sound_planned(spec, overlay, files, baseline);
  return std::move(*planned.plan);
}

std::string schedule_csv(const Plan& plan) {
  std::string text;
  write_cables_csv(plan, [&](std::string_view piece) { text += piece; });
  return text;
}

std::vector<std::vector<std::string>> csv_rows(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  json::CsvReader csv(FileId(), text);
  while (csv.next()) {
    if (csv.unclosed()) throw std::runtime_error("an open quote in row " + std::to_string(rows.size() + 1));
    auto& row = rows.emplace_back();
    for (std::size_t c = 0; c < csv.size(); ++c) row.emplace_back(csv.cell(c));
  }
  return rows;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::string fill(std::string_view pattern, const std::vector<std::int64_t>& numbers) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '$' && i + 1 < pattern.size()) {
      out += std::to_string(numbers.at(static_cast<std::size_t>(pattern[++i] - '1')));
    } else {
      out += pattern[i];
    }
  }
  return out;
}

std::string read_source(const std::string& path) {
  std::ifstream file(fs::path(ICPLAN_SOURCE_DIR) / path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::int64_t switches(const Plan& plan, std::string_view fabric, std::size_t tier) {
  const auto number = fabric_number(plan, fabric);
  std::int64_t count = 0;
  for (const auto& group : plan.network.groups) {
    if (!group.is_node() && group.fabric.index() == number && group.tier == static_cast<std::int64_t>(tier)) count += group.count;
  }
  return count;
}

std::int64_t links(const Plan& plan, std::string_view fabric, std::int64_t from_tier) {
  const auto number = fabric_number(plan, fabric);
  std::int64_t count = 0;
  for (const auto& group : plan.network.link_groups) {
    if (group.fabric.index() == number && group.from_tier == from_tier) count += group.count;
  }
  return count;
}

} // namespace icplan::test
