// SPDX-License-Identifier: Apache-2.0
// What the standard streams are: terminals that take colour and have a width, or files and pipes, which get the same bytes everywhere.
#pragma once

#include "icplan/report/report.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace icplan::app {

/// Lets a pipe that nobody reads end the program silently, as it does cat, even where the parent ignores that signal; and opens standard streams that
/// are closed so that no file takes their place and using them fails.
void prepare_streams();

[[nodiscard]] bool output_is_terminal();
/// Whether standard error is a terminal that can take back what it shows.
[[nodiscard]] bool errors_show_progress();

/// Whether a stream takes colour: a terminal other than TERM=dumb, and NO_COLOR unset.
[[nodiscard]] bool colour_on_errors();
[[nodiscard]] bool colour_on_output();

/// The columns of the terminal that standard output is; 0 where it is none.
[[nodiscard]] std::size_t output_columns();

/// Prints sections as text, fitted to the terminal.
void print_sections(std::string_view title, std::span<const Section> sections);

} // namespace icplan::app
