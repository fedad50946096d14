// SPDX-License-Identifier: Apache-2.0
// The command line: arguments in, a command's exit code out.
#pragma once

namespace icplan::app {

/// Parses the arguments and runs the command. Throws what the commands throw.
[[nodiscard]] int run_command_line(int argc, char** argv);

} // namespace icplan::app
