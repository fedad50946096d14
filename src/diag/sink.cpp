// SPDX-License-Identifier: Apache-2.0
// Collects findings and merges equal ones.
#include "icplan/diag/finding.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <tuple>
#include <utility>

namespace icplan {

namespace {

std::size_t hash_of(const Finding& finding) {
  // The multiplier of 64-bit Fibonacci hashing; it only has to spread the bits.
  constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = std::hash<std::string_view>()(finding.message);
  for (const std::uint64_t part : {static_cast<std::uint64_t>(finding.code), static_cast<std::uint64_t>(finding.where.file.index()),
                                   static_cast<std::uint64_t>(finding.where.begin), static_cast<std::uint64_t>(finding.where.end)}) {
    mixed = (mixed ^ part) * multiplier;
    mixed ^= mixed >> 32U;
  }
  return static_cast<std::size_t>(mixed);
}

bool same_finding(const Finding& a, const Finding& b) { return a.code == b.code && a.where == b.where && a.message == b.message; }

/// Findings without a place come last and are not told apart by it.
auto order_of(const Finding& finding) {
  const bool placed = finding.where.valid();
  return std::tuple(!placed, finding.where.file, placed ? finding.where.begin : 0U, finding.code, std::string_view(finding.message),
                    finding.where.end);
}

} // namespace

Finding Finding::of(Code code, SourceRange where, std::string message, std::string help, std::uint64_t count) {
  return {code, code_info(code).severity, where, std::move(message), std::move(help), count, {}};
}

void Finding::add_example(std::string name) {
  if (wants_example() && std::find(examples.begin(), examples.end(), name) == examples.end()) examples.push_back(std::move(name));
}

void Sink::report(Code code, SourceRange where, std::string message, std::string help) {
  report(Finding::of(code, where, std::move(message), std::move(help)));
}

void Sink::report(Finding finding) {
  if (finding.count == 0) return;
  const auto hash = hash_of(finding);
  const auto [first, last] = index_.equal_range(hash);
  bool counted = false;
  for (auto it = first; it != last; ++it) {
    if (it->second >= max_findings) { // Dropped ones are known by their hash alone.
      const auto severity = static_cast<Severity>(it->second - max_findings);
      if (finding.severity <= severity) return;
      // It may be listed now.
      raise(severity, finding.severity);
      index_.erase(it);
      --dropped_;
      counted = true;
      break;
    }
    auto& listed = findings_[it->second];
    if (same_finding(listed, finding)) return merge(listed, std::move(finding));
  }
  if (!counted) count(finding.severity);
  const auto examples = std::exchange(finding.examples, {});
  for (const auto& example : examples) finding.add_example(example);
  if (findings_.size() < max_findings) {
    index_.emplace(hash, findings_.size());
    findings_.push_back(std::move(finding));
    return;
  }
  ++dropped_;
  const auto known_by_hash = [](const Finding& gone) { return max_findings + static_cast<std::size_t>(gone.severity); };
  // The last of the least severe ones makes room, unless nothing but errors is listed, which need not be looked at.
  const bool full_of_errors = errors_ - (finding.severity == Severity::error ? 1 : 0) >= max_findings;
  const auto least = full_of_errors ? findings_.rbegin()
                                    : std::min_element(findings_.rbegin(), findings_.rend(),
                                                       [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  if (least->severity >= finding.severity) {
    index_.emplace(hash, known_by_hash(finding));
    return;
  }
  const auto at = findings_.size() - 1 - static_cast<std::size_t>(least - findings_.rbegin());
  const auto [from, to] = index_.equal_range(hash_of(*least));
  for (auto it = from; it != to; ++it) {
    if (it->second == at) it->second = known_by_hash(*least);
  }
  findings_[at] = std::move(finding);
  index_.emplace(hash, at);
}

void Sink::merge(Finding& listed, Finding&& more) {
  listed.count += more.count;
  for (auto& example : more.examples) listed.add_example(std::move(example));
  if (more.severity <= listed.severity) return;
  raise(listed.severity, more.severity);
  listed.severity = more.severity;
}

void Sink::raise(Severity from, Severity to) {
  if (from == Severity::warning) --warnings_;
  count(to);
}

void Sink::count(Severity severity) {
  if (severity == Severity::error) ++errors_;
  if (severity == Severity::warning) ++warnings_;
}

std::vector<Finding> Sink::sorted() const {
  auto all = findings_;
  std::stable_sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) { return order_of(a) < order_of(b); });
  return all;
}

} // namespace icplan
