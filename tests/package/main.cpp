// SPDX-License-Identifier: Apache-2.0
// Uses the installed library through its public headers alone; run.cmake checks what it prints.
#include <icplan/base/text.hpp>
#include <icplan/diag/finding.hpp>
#include <icplan/version.hpp>

#include <iostream>

int main() {
  const icplan::Sink sink;
  std::cout << "icplan " << icplan::version << ": " << icplan::grouped(1234567) << " cables, " << sink.findings().size() << " findings\n";
}
