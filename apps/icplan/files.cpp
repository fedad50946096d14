// SPDX-License-Identifier: Apache-2.0
// Files, standard streams and the place of the catalogs.
#include "files.hpp"

#include "stages.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace icplan::app {
namespace {

namespace fs = std::filesystem;

struct Close {
  void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, Close>;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

std::string read_all(std::FILE* file, const std::string& name, std::size_t most) {
  std::string text;
  std::string chunk(1U << 16U, '\0');
  for (;;) {
    const auto count = std::fread(chunk.data(), 1, chunk.size(), file);
    text.append(chunk, 0, count);
    // One byte more than any document may have is enough for the reader to refuse it.
    if (count < chunk.size() || text.size() > most) break;
  }
  if (std::ferror(file) != 0) fail("cannot read " + name);
  return text;
}

/// What was printed and written by this run.
std::uint64_t written = 0;

/// The temporary files of this run, for the signal handler: nothing in it may allocate.
struct Leftovers {
  static constexpr std::size_t most = 16;
  static constexpr std::size_t longest = 4096;
  std::array<std::array<char, longest>, most> paths{};
  volatile std::sig_atomic_t count = 0;
};
Leftovers leftovers;

/// What ends the program unless it is handled. Writing to stderr or beyond the limit of a file's size may be what does.
constexpr std::array stopping = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ, SIGXCPU};

/// Removes the temporary files and dies of the signal, as if there were no handler.
extern "C" void remove_leftovers(int signal) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(leftovers.count); ++i) ::unlink(leftovers.paths[i].data());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

/// Temporary files that vanish unless they are renamed, also when the program is told to stop.
class Pending {
public:
  Pending() {
    for (std::size_t i = 0; i < stopping.size(); ++i) {
      struct sigaction now {};
      // What the parent has us ignore, such as the hang-up under nohup, stays ignored.
      handled_[i] = ::sigaction(stopping[i], nullptr, &now) == 0 && now.sa_handler != SIG_IGN;
      if (handled_[i]) std::signal(stopping[i], remove_leftovers);
    }
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() {
    leftovers.count = 0;
    for (std::size_t i = 0; i < stopping.size(); ++i) {
      if (handled_[i]) std::signal(stopping[i], SIG_DFL);
    }
    for (const auto& [temporary, target] : files_) {
      std::error_code ignored;
      fs::remove(temporary, ignored);
    }
  }
  /// Call before the temporary file is made.
  void add(fs::path temporary, fs::path target) {
    const auto& text = temporary.native();
    const auto index = static_cast<std::size_t>(leftovers.count);
    if (index < Leftovers::most && text.size() < Leftovers::longest) {
      std::copy_n(text.c_str(), text.size() + 1, leftovers.paths[index].data());
      leftovers.count = static_cast<std::sig_atomic_t>(index + 1);
    }
    files_.emplace_back(std::move(temporary), std::move(target));
  }
  /// Renames all files; signals wait until that is done.
  void commit() {
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    for (const int signal : stopping) sigaddset(&blocked, signal);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    std::error_code error;
    for (const auto& [temporary, target] : files_) {
      if (!error) fs::rename(temporary, target, error);
    }
    if (!error) {
      files_.clear();
      leftovers.count = 0;
    }
    sigprocmask(SIG_SETMASK, &before, nullptr);
    if (error) throw std::system_error(error, "cannot rename a file into place");
  }

private:
  std::vector<std::pair<fs::path, fs::path>> files_;
  std::array<bool, stopping.size()> handled_{};
};

} // namespace

std::string read_file(const std::string& path, std::size_t most) {
  if (path == "-") return read_all(stdin, "standard input", most);
  std::error_code error;
  if (fs::is_directory(path, error)) {
    errno = EISDIR;
    fail("cannot read " + path);
  }
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) fail("cannot read " + path);
  return read_all(file.get(), path, most);
}

std::vector<std::string> json_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  if (!fs::is_directory(folder, error)) throw std::runtime_error("the catalog folder " + folder + " cannot be read");
  for (auto it = fs::recursive_directory_iterator(folder, fs::directory_options::follow_directory_symlink); it != fs::recursive_directory_iterator();
       ++it) {
    if (it->is_directory() && it->path().filename() == "schema") it.disable_recursion_pending();
    if (it->is_regular_file() && it->path().extension() == ".json") files.push_back(it->path().string());
  }
  if (files.empty()) throw std::runtime_error("the catalog folder " + folder + " holds no *.json files");
  std::sort(files.begin(), files.end());
  return files;
}

void print(std::string_view text) {
  stages().clear();
  written += text.size();
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail("cannot write to standard output");
}

void flush_output() {
  if (std::fflush(stdout) != 0) fail("cannot write to standard output");
}

std::uint64_t written_bytes() { return written; }

void write_files(const std::string& folder, const std::vector<OutputFile>& files) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw std::system_error(error, "cannot create the folder " + folder);
  for (const auto& file : files) {
    // Renaming onto a folder fails; that must not happen after other files are in place.
    if (!fs::is_directory(fs::path(folder) / file.name)) continue;
    errno = EISDIR;
    fail("cannot write " + (fs::path(folder) / file.name).string());
  }
  Pending pending;
  for (const auto& file : files) {
    const auto target = fs::path(folder) / file.name;
    const auto temporary = fs::path(folder) / ("." + file.name + "." + std::to_string(::getpid()) + ".tmp");
    pending.add(temporary, target);
    const File out(std::fopen(temporary.c_str(), "wb"));
    if (!out) fail("cannot write " + target.string());
    file.write([&](std::string_view text) {
      written += text.size();
      if (std::fwrite(text.data(), 1, text.size(), out.get()) != text.size()) fail("cannot write " + target.string());
    });
    if (std::fflush(out.get()) != 0 || ::fsync(::fileno(out.get())) != 0) fail("cannot write " + target.string());
  }
  pending.commit();
}

void write_file(const std::string& path, const FileWriter& write) {
  if (path == "-") {
    write([](std::string_view text) { print(text); });
    return;
  }
  const fs::path target(path);
  const auto folder = target.parent_path();
  write_files(folder.empty() ? "." : folder.string(), {{target.filename().string(), write}});
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return a != "-" && b != "-" && !a.empty() && !b.empty() && fs::equivalent(a, b, error) && !error;
}

std::string shipped_catalogs() {
  if (const char* stated = std::getenv("ICPLAN_CATALOGS"); stated != nullptr && *stated != '\0') return stated;
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    const auto folder = program.parent_path().parent_path() / "share" / "icplan" / "catalogs";
    if (fs::is_directory(folder, error)) return folder.string();
  }
  throw std::runtime_error(
      "the part catalogs are not at ../share/icplan/catalogs beside the program; name their folder with --catalog or ICPLAN_CATALOGS");
}

} // namespace icplan::app
