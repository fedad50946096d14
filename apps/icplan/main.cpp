// SPDX-License-Identifier: Apache-2.0
// Runs the command line and turns what escapes it into exit code 3.
#include "cli.hpp"
#include "commands.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  try {
    return icplan::app::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "icplan: %s\n", error.what());
    return icplan::app::exit_failed;
  }
}
