// SPDX-License-Identifier: Apache-2.0
// Findings: what is wrong or worth knowing, as data. Renderers turn them into text.
#pragma once

#include "icplan/diag/codes.hpp"
#include "icplan/diag/source.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace icplan {

/// One thing to tell the user. Messages start in lower case and carry the numbers that were seen.
struct Finding {
  static constexpr std::size_t max_examples = 3;

  Code code{};
  Severity severity = Severity::error;
  SourceRange where;
  std::string message;
  /// What to do about it; printed after `help:`. May be empty.
  std::string help;
  /// How many objects it concerns.
  std::uint64_t count = 1;
  /// Up to three of them by name, in the order in which they were met.
  std::vector<std::string> examples;

  /// With the severity that the registry gives the code.
  [[nodiscard]] static Finding of(Code code, SourceRange where, std::string message = {}, std::string help = {}, std::uint64_t count = 1);
  /// Whether there is room for an example.
  [[nodiscard]] bool wants_example() const { return examples.size() < max_examples; }
  /// Adds an example, unless it is there or there are enough.
  void add_example(std::string name);
  /// Counts one more object; `name()` is asked for where an example is wanted.
  template <class Name> void add(const Name& name) {
    ++count;
    if (wants_example()) add_example(name());
  }
};

/// Collects findings. Equal code, place and message are one finding with a count; one about no objects is none. Never throws away an error;
/// beyond 1,000 distinct findings further ones are only counted.
class Sink {
public:
  static constexpr std::size_t max_findings = 1000;

  /// Reports with the severity that the registry gives the code.
  void report(Code code, SourceRange where, std::string message, std::string help = {});
  void report(Finding finding);

  [[nodiscard]] bool has_errors() const { return errors_ != 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] std::size_t warnings() const { return warnings_; }
  /// Findings beyond the limit, which are not in the list.
  [[nodiscard]] std::size_t dropped() const { return dropped_; }
  /// All findings: by file in reading order, then place, then code; those without a place last.
  [[nodiscard]] std::vector<Finding> sorted() const;
  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }

private:
  /// Merges `more`, which has equal code, place and message, into `listed`.
  void merge(Finding& listed, Finding&& more);
  void count(Severity severity);
  void raise(Severity from, Severity to);

  std::vector<Finding> findings_;
  /// From a hash of code, place and message to the position in the list, or to `max_findings` + severity for a dropped one.
  std::unordered_multimap<std::size_t, std::size_t> index_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
  std::size_t dropped_ = 0;
};

} // namespace icplan
