// SPDX-License-Identifier: Apache-2.0
// Runs git and reads what it prints.
#include "git.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace icplan::app {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

/// What git printed, and how it ended.
struct GitOutput {
  std::string text;
  std::string complaint;
  int code = 0;
};

/// A pipe whose ends close when it goes.
class Pipe {
public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) fail("cannot make a pipe for git");
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(0);
    close(1);
  }
  [[nodiscard]] int end(std::size_t i) const { return ends_[i]; }
  void close(std::size_t i) {
    if (ends_[i] >= 0) static_cast<void>(::close(ends_[i]));
    ends_[i] = -1;
  }

private:
  std::array<int, 2> ends_{-1, -1};
};

/// The environment without the variables that say which repository git works on (git rev-parse --local-env-vars). Hooks, aliases and rebase --exec
/// set them; git would then not look for the repository of the folder. Settings by environment (GIT_CONFIG_COUNT, as for safe.directory) remain.
std::vector<char*> environment_of_git() {
  constexpr std::array<std::string_view, 14> local = {
      "GIT_ALTERNATE_OBJECT_DIRECTORIES",
      "GIT_COMMON_DIR",
      "GIT_DIR",
      "GIT_GRAFT_FILE",
      "GIT_IMPLICIT_WORK_TREE",
      "GIT_INDEX_FILE",
      "GIT_NAMESPACE",
      "GIT_INTERNAL_SUPER_PREFIX",
      "GIT_NO_REPLACE_OBJECTS",
      "GIT_PREFIX",
      "GIT_WORK_TREE",
      "GIT_OBJECT_DIRECTORY",
      "GIT_REPLACE_REF_BASE",
      "GIT_SHALLOW_FILE",
  };
  std::vector<char*> kept;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view variable = *at;
    if (std::find(local.begin(), local.end(), variable.substr(0, variable.find('='))) == local.end()) kept.push_back(*at);
  }
  kept.push_back(nullptr);
  return kept;
}

pid_t spawn_git(std::vector<std::string> arguments, const Pipe& output, const Pipe& complaints) {
  arguments.insert(arguments.begin(), "git");
  std::vector<char*> words;
  for (auto& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  if (const int error = ::posix_spawn_file_actions_init(&actions); error != 0)
    throw std::system_error(error, std::generic_category(), "cannot run git");
  static_cast<void>(::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0));
  static_cast<void>(::posix_spawn_file_actions_adddup2(&actions, output.end(1), STDOUT_FILENO));
  static_cast<void>(::posix_spawn_file_actions_adddup2(&actions, complaints.end(1), STDERR_FILENO));
  const auto environment = environment_of_git();
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, "git", &actions, nullptr, words.data(), environment.data());
  static_cast<void>(::posix_spawn_file_actions_destroy(&actions));
  if (error == ENOENT) throw std::runtime_error("--git needs the program git, which is not installed");
  if (error != 0) throw std::system_error(error, std::generic_category(), "cannot run git");
  return child;
}

/// Reads both pipes until git closes them or has printed more than `most`.
void drain(Pipe& output, Pipe& complaints, std::size_t most, GitOutput& to) {
  constexpr std::size_t most_complaint = 4096;
  std::array<pollfd, 2> waiting = {pollfd{output.end(0), POLLIN, 0}, pollfd{complaints.end(0), POLLIN, 0}};
  std::vector<char> chunk(1U << 16U);
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    if (::poll(waiting.data(), waiting.size(), -1) < 0) {
      if (errno == EINTR) continue;
      fail("cannot read from git");
    }
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].fd < 0 || waiting[i].revents == 0) continue;
      const auto count = ::read(waiting[i].fd, chunk.data(), chunk.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        waiting[i].fd = -1;
        continue;
      }
      auto& text = i == 0 ? to.text : to.complaint;
      if (i == 0 || text.size() < most_complaint) text.append(chunk.data(), static_cast<std::size_t>(count));
      // One byte more than any document may have is enough for the reader to refuse it.
      if (i == 0 && text.size() > most) return;
    }
  }
}

GitOutput run_git(std::vector<std::string> arguments, std::size_t most = 1U << 16U) {
  Pipe output;
  Pipe complaints;
  const auto child = spawn_git(std::move(arguments), output, complaints);
  output.close(1);
  complaints.close(1);
  GitOutput result;
  drain(output, complaints, most, result);
  // What is too large is not wanted: git ends when nobody reads.
  output.close(0);
  complaints.close(0);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) fail("cannot wait for git");
  }
  const bool cut = result.text.size() > most;
  result.code = cut ? 0 : WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return result;
}

std::string first_line(const std::string& text) {
  auto line = text.substr(0, text.find('\n'));
  constexpr std::string_view fatal = "fatal: ";
  if (std::string_view(line).starts_with(fatal)) line.erase(0, fatal.size());
  return line;
}

} // namespace

GitRevision::GitRevision(std::string folder, std::string revision) : folder_(folder.empty() ? "." : std::move(folder)), shown_(std::move(revision)) {
  std::error_code error;
  if (!fs::is_directory(folder_, error)) throw UnknownRevision("no folder " + folder_ + " in the working tree");
  const auto inside = run_git({"-C", folder_, "rev-parse", "--is-inside-work-tree"});
  // Its status alone does not tell a bare repository from a work tree.
  if (inside.code != 0) throw std::runtime_error("--git: " + folder_ + " is in no git repository that can be read: " + first_line(inside.complaint));
  if (first_line(inside.text) != "true") throw std::runtime_error("--git: " + folder_ + " is in no work tree of a git repository");
  const auto commit = run_git({"-C", folder_, "rev-parse", "--verify", "--quiet", shown_ + "^{commit}"});
  if (commit.code != 0) throw UnknownRevision("git knows no revision `" + shown_ + "`");
  commit_ = first_line(commit.text);
}

std::string GitRevision::object(const std::string& path) const {
  auto relative = fs::path(path).lexically_normal().lexically_relative(fs::path(folder_).lexically_normal()).generic_string();
  if (fs::path(path).is_absolute() && !fs::path(folder_).is_absolute()) relative = path;
  return commit_ + ":" + (relative.starts_with("../") || relative.starts_with('/') ? "" : "./") + relative;
}

void GitRevision::require(const std::string& path) const {
  if (run_git({"-C", folder_, "cat-file", "-e", object(path)}).code != 0) throw UnknownRevision(path + " is not in revision `" + shown_ + "`");
}

std::string GitRevision::read(const std::string& path, std::size_t most) const {
  // cat-file prints the blob as it is: no pager, no textconv.
  auto blob = run_git({"-C", folder_, "cat-file", "blob", object(path)}, most);
  if (blob.code == 0) return std::move(blob.text);
  throw std::system_error(ENOENT, std::generic_category(), "cannot read " + path + " of revision " + shown_);
}

} // namespace icplan::app
