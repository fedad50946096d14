// SPDX-License-Identifier: Apache-2.0
#include "stages.hpp"

#include "session.hpp"
#include "terminal.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <utility>

namespace icplan::app {
namespace {

/// What comes after each stage.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> order = {{{"catalog", "spec"},
                                                                                 {"spec", "fabric"},
                                                                                 {"fabric", "placement"},
                                                                                 {"placement", "cabling"},
                                                                                 {"optimize", "cabling"},
                                                                                 {"cabling", "bom"},
                                                                                 {"bom", "check"},
                                                                                 {"growth", "check"},
                                                                                 {"check", "output"},
                                                                                 {"read", "output"}}};

/// Empty after the last.
std::string_view next_stage(std::string_view stage) {
  const auto found = std::find_if(order.begin(), order.end(), [&](const auto& step) { return step.first == stage; });
  return found == order.end() ? std::string_view() : found->second;
}

void print_error(std::string_view text) { static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr)); }

} // namespace

void Stages::start(const CommonOptions& options) {
  auto logger = std::make_shared<spdlog::logger>("icplan", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_pattern("icplan: %v");
  logger->set_level(options.verbose ? spdlog::level::debug : spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
  timings_ = options.timings;
  // A log and a line that comes and goes do not go together.
  progress_ = !options.quiet && !options.verbose && errors_show_progress();
  begin_ = last_ = Clock::now();
}

void Stages::begin(std::string_view spec) {
  clear();
  begin_ = last_ = Clock::now();
  spdlog::debug("spec {}", spec);
  if (timings_) std::fprintf(stderr, "%.*s\n", static_cast<int>(spec.size()), spec.data());
}

void Stages::done(std::string_view stage, std::uint64_t objects) {
  clear();
  const auto now = Clock::now();
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now - last_).count();
  last_ = now;
  spdlog::debug("{}: {} in {} us", stage, objects, microseconds);
  if (timings_)
    std::fprintf(stderr, "%-12.*s %12llu %10.3f ms\n", static_cast<int>(stage.size()), stage.data(), static_cast<unsigned long long>(objects),
                 static_cast<double>(microseconds) / 1000.0);
  // A plan that took so long until now takes long from here on.
  constexpr auto long_work = std::chrono::milliseconds(300);
  const auto next = next_stage(stage);
  if (!progress_ || next.empty() || now - begin_ < long_work) return;
  print_error(next);
  print_error(" ...");
  shown_ = true;
}

void Stages::show(std::string_view stage, int thousandths) {
  if (!progress_ || thousandths / 10 == hundredths_) return;
  clear();
  hundredths_ = thousandths / 10;
  std::fprintf(stderr, "%.*s %d %%", static_cast<int>(stage.size()), stage.data(), hundredths_);
  shown_ = true;
}

void Stages::clear() {
  if (!std::exchange(shown_, false)) return;
  hundredths_ = -1;
  print_error("\r\033[K");
}

Stages& stages() {
  static Stages of_this_run;
  return of_this_run;
}

} // namespace icplan::app
