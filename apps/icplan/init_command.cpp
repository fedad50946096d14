// SPDX-License-Identifier: Apache-2.0
// icplan init: a commented starting spec from a template beside the shipped catalogs.
#include "commands.hpp"
#include "files.hpp"
#include "icplan/base/text.hpp"
#include "icplan/json/value.hpp"
#include "icplan/json/writer.hpp"
#include "icplan/report/report.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace icplan::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view default_template = "rail-pod";
/// Not *.json, so that no template is taken for a catalog. Editors know it as JSON with comments.
constexpr std::string_view ending = ".jsonc";

fs::path template_folder() { return fs::path(shipped_catalogs()) / "templates"; }

/// Sorted, the default first.
std::vector<std::string> template_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(template_folder(), error)) {
    if (entry.is_regular_file() && entry.path().extension() == ending) names.push_back(entry.path().stem().string());
  }
  if (names.empty()) throw std::runtime_error("there are no templates in " + template_folder().string());
  std::sort(names.begin(), names.end());
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name == default_template; });
  return names;
}

std::string template_text(const std::string& name) { return read_file((template_folder() / (name + std::string(ending))).string()); }

/// What the first line, a comment, says.
std::string described(const std::string& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto begin = std::min(text.find_first_not_of("/ "), end);
  return text.substr(begin, end - begin);
}

int list_templates() {
  Section section;
  section.table.columns = {{"template", false}, {"what it is", false}};
  for (const auto& name : template_names()) section.table.rows.push_back({name, described(template_text(name))});
  section.notes.push_back("without a name, init takes `" + std::string(default_template) + "`");
  section.title = counted(static_cast<std::int64_t>(section.table.rows.size()), "template", "templates");
  print_sections("init", {&section, 1});
  return exit_fine;
}

/// One value of the template that takes another text.
struct Change {
  SourceRange where;
  std::string text;
};

/// The text with the name and the number of nodes that the options state; the comments stay.
std::string changed(std::string text, const InitOptions& options) {
  if (options.name.empty() && options.nodes == 0) return text;
  SourceMap sources;
  Sink sink;
  const auto document = json::parse(sources, sources.add("template", text), sink);
  const auto* name = document ? document->find("name") : nullptr;
  const auto* groups = document ? document->find("nodes") : nullptr;
  const auto* count = groups != nullptr && !groups->items.empty() ? groups->items.front().find("count") : nullptr;
  if (name == nullptr || count == nullptr) throw std::runtime_error("the template has no name or no nodes");
  std::vector<Change> changes;
  if (!options.name.empty()) {
    Change change{name->where, {}};
    json::Writer(change.text).string(options.name);
    // The writer ends a document with a line end.
    while (!change.text.empty() && change.text.back() == '\n') change.text.pop_back();
    changes.push_back(std::move(change));
  }
  if (options.nodes != 0) {
    changes.push_back({count->where, std::to_string(options.nodes)});
    // Counts that were pinned for another number of nodes would only be wrong.
    if (const auto* expected = document->find("expected")) changes.push_back({expected->where, "{}"});
  }
  // The last first, so that the places of the others stay true.
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.where.begin > b.where.begin; });
  for (const auto& change : changes) text.replace(change.where.begin, change.where.end - change.where.begin, change.text);
  return text;
}

int refuse_template(const std::string& name, const std::vector<std::string>& known) {
  const std::vector<std::string_view> words(known.begin(), known.end());
  const auto nearest = closest_word(name, words);
  std::fprintf(stderr, "icplan: there is no template `%s`; %s\n", name.c_str(),
               nearest ? ("did you mean `" + std::string(*nearest) + "`?").c_str() : ("use " + quoted_choice(words)).c_str());
  return exit_usage;
}

} // namespace

int run_init(const InitOptions& options) {
  if (options.list) return list_templates();
  const auto wanted = options.name_of_template.empty() ? std::string(default_template) : options.name_of_template;
  const auto known = template_names();
  if (std::find(known.begin(), known.end(), wanted) == known.end()) return refuse_template(wanted, known);
  const auto text = changed(template_text(wanted), options);
  if (options.output.empty() || options.output == "-") {
    print(text);
    return exit_fine;
  }
  const fs::path path(options.output);
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error)) && !options.force) {
    std::fprintf(stderr, "icplan: %s is there already; --force writes over it\n", options.output.c_str());
    return exit_usage;
  }
  write_file(options.output, [&](const auto& out) { out(text); });
  return exit_fine;
}

} // namespace icplan::app
