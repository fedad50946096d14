// SPDX-License-Identifier: Apache-2.0
// icplan-docs: writes man pages, completions and the generated pages of docs/ from what icplan itself is made of.
#include "generate.hpp"

#include "files.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>

namespace icplan::docs {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read_if_there(const fs::path& path) {
  if (!fs::exists(path)) return std::nullopt;
  return app::read_file(path.string());
}

fs::path page_of(const CommandModel& command) {
  return fs::path("docs/commands") / (command.dashed().substr(std::string_view("icplan-").size()) + ".md");
}

app::OutputFile file(std::string name, std::string text) {
  return {std::move(name), [text = std::move(text)](const std::function<void(std::string_view)>& write) { write(text); }};
}

json::Value read_schema(const fs::path& path) {
  SourceMap sources;
  Sink sink;
  const auto id = sources.add(path.string(), app::read_file(path.string()));
  auto value = json::parse(sources, id, sink);
  if (!value) throw std::runtime_error(path.string() + " is not JSON");
  return std::move(*value);
}

struct Page {
  fs::path path;
  std::string text;
  /// As it is in the checkout, if it is there.
  std::optional<std::string> committed;
};

/// For each JSON Schema, what `icplan schema` calls it and the page of its keys, in the order of their names.
std::map<std::string, std::string> reference_pages(const fs::path& root) {
  constexpr std::string_view ending = ".schema.json";
  std::map<std::string, std::string> pages;
  for (const auto& entry : fs::directory_iterator(root / "catalogs/schema")) {
    auto name = entry.path().filename().string();
    if (name.size() <= ending.size() || name.substr(name.size() - ending.size()) != ending) continue;
    name.resize(name.size() - ending.size());
    // What people write has its page beside the prose, what reports print lies together.
    const bool written = name == "catalog" || name == "cluster" || name == "plan";
    pages[name] = written ? "docs/" + (name == "cluster" ? std::string("spec") : name) + "-reference.md" : "docs/reference/" + name + ".md";
  }
  return pages;
}

/// Everything under docs/ that is generated, wholly or in part.
std::vector<Page> generated_pages(const fs::path& root, std::vector<std::string>& complaints) {
  std::vector<Page> pages;
  const auto model = describe_command_line();
  for (const auto* command : all_commands(model)) {
    if (command == &model) continue;
    const auto path = page_of(*command);
    auto committed = read_if_there(root / path);
    auto text = refreshed_page(*command, committed ? *committed : page_skeleton(*command), path.string(), complaints);
    pages.push_back({path, std::move(text), std::move(committed)});
  }
  const fs::path index = "docs/commands.md";
  auto committed = read_if_there(root / index);
  auto text = refreshed_index(model, committed.value_or(""), index.string(), complaints);
  pages.push_back({index, std::move(text), std::move(committed)});
  const auto whole = [&](const char* path, std::string fresh) { pages.push_back({path, std::move(fresh), read_if_there(root / path)}); };
  whole("docs/findings.md", findings_page());
  for (const auto& [document, path] : reference_pages(root))
    whole(path.c_str(), schema_reference(read_schema(root / "catalogs/schema" / (document + ".schema.json")), document));
  return pages;
}

/// Pages of commands and documents that icplan does not have.
void find_strays(const fs::path& root, const std::vector<Page>& pages, std::vector<std::string>& complaints) {
  for (const auto* folder : {"docs/commands", "docs/reference"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::directory_iterator(root / folder)) {
      const auto path = fs::path(folder) / entry.path().filename();
      bool known = false;
      for (const auto& page : pages) known = known || page.path == path;
      if (!known) complaints.push_back(path.string() + ": icplan has no such command or document; remove the page");
    }
  }
}

int refresh_pages(const fs::path& root, bool check) {
  std::vector<std::string> complaints;
  const auto pages = generated_pages(root, complaints);
  find_strays(root, pages, complaints);
  for (const auto& page : pages) {
    if (page.committed && *page.committed == page.text) continue;
    if (!check) {
      app::write_files((root / page.path).parent_path().string(), {file(page.path.filename().string(), page.text)});
      std::printf("wrote %s\n", page.path.c_str());
    } else {
      complaints.push_back(page.path.string() + (page.committed
                                                     ? ": is not what icplan says of itself; run ./dev docs and commit what it writes"
                                                     : ": does not exist; run ./dev docs, then describe the command in it and give examples"));
    }
  }
  for (const auto& complaint : complaints) std::printf("%s\n", complaint.c_str());
  std::printf("%zu generated pages, %zu complaints\n", pages.size(), complaints.size());
  return complaints.empty() ? 0 : 1;
}

void write_man(const fs::path& root, const std::string& folder) {
  const auto model = describe_command_line();
  std::vector<app::OutputFile> files;
  for (const auto* command : all_commands(model)) {
    const auto page = read_if_there(root / (command == &model ? fs::path("docs/commands.md") : page_of(*command)));
    files.push_back(file(command->dashed() + ".1", man_page(model, *command, page.value_or(""))));
  }
  app::write_files(folder, files);
}

void write_completions(const std::string& folder) {
  const auto model = describe_command_line();
  app::write_files(
      folder, {file("icplan.bash", bash_completion(model)), file("_icplan", zsh_completion(model)), file("icplan.fish", fish_completion(model))});
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 3 && words[0] == "man") return write_man(words[1], words[2]), 0;
  if (words.size() == 2 && words[0] == "completions") return write_completions(words[1]), 0;
  if (words.size() == 2 && words[0] == "pages") return refresh_pages(words[1], false);
  if (words.size() == 2 && words[0] == "check") return refresh_pages(words[1], true);
  std::fputs("usage: icplan-docs man CHECKOUT FOLDER | completions FOLDER | pages CHECKOUT | check CHECKOUT\n", stderr);
  return 2;
}

} // namespace
} // namespace icplan::docs

int main(int argc, char** argv) {
  try {
    return icplan::docs::run(std::vector<std::string>(std::next(argv, argc > 0 ? 1 : 0), std::next(argv, argc)));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "icplan-docs: %s\n", error.what());
    return 3;
  }
}
