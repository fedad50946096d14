// SPDX-License-Identifier: Apache-2.0
// What is told of a run while it goes on: log and timings of its stages, and on a terminal what it is at when that takes long.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace icplan::app {

struct CommonOptions;

class Stages {
public:
  /// Log, timings and progress as the options have them, from now on.
  void start(const CommonOptions& options);
  /// The stages that follow are those of this spec.
  void begin(std::string_view spec);
  /// The stage is done, and made or looked at so many objects.
  void done(std::string_view stage, std::uint64_t objects);
  /// So much of a long stage is done.
  void show(std::string_view stage, int thousandths);
  /// Takes what is shown off the terminal; call before anything else is printed.
  void clear();

private:
  using Clock = std::chrono::steady_clock;

  bool timings_ = false;
  bool progress_ = false;
  bool shown_ = false;
  int hundredths_ = -1;
  Clock::time_point begin_;
  Clock::time_point last_;
};

/// Those of this run.
[[nodiscard]] Stages& stages();

} // namespace icplan::app
