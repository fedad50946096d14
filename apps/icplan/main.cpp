// SPDX-License-Identifier: Apache-2.0
// Runs the command line and turns what escapes it into exit code 3.
#include "cli.hpp"
#include "commands.hpp"
#include "stages.hpp"
#include "terminal.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  icplan::app::prepare_streams();
  try {
    return icplan::app::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    icplan::app::stages().clear();
    std::fprintf(stderr, "icplan: %s\n", error.what());
    return icplan::app::exit_failed;
  }
}
