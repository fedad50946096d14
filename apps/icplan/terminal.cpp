// SPDX-License-Identifier: Apache-2.0
#include "terminal.hpp"

#include "files.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace icplan::app {
namespace {

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

bool is_dumb() {
  const char* name = std::getenv("TERM");
  return name != nullptr && std::string_view(name) == "dumb";
}

bool colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return is_terminal(descriptor) && !is_dumb() && (no_colour == nullptr || *no_colour == '\0');
}

} // namespace

void prepare_streams() {
  std::signal(SIGPIPE, SIG_DFL);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) != -1) continue;
    // The lowest free descriptor is this one. What may only be read cannot be printed to, and the other way round.
    static_cast<void>(::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

bool output_is_terminal() { return is_terminal(STDOUT_FILENO); }
bool errors_show_progress() { return is_terminal(STDERR_FILENO) && !is_dumb(); }

bool colour_on_errors() { return colour(STDERR_FILENO); }
bool colour_on_output() { return colour(STDOUT_FILENO); }

std::size_t output_columns() {
  // Fewer hold no table.
  constexpr std::size_t fewest = 40;
  if (!output_is_terminal()) return 0;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 0;
  return std::max<std::size_t>(size.ws_col, fewest);
}

void print_sections(std::string_view title, std::span<const Section> sections) { print(render_text(title, sections, output_columns())); }

} // namespace icplan::app
