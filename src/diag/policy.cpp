// SPDX-License-Identifier: Apache-2.0
// Applies rules and suppressions to what was found.
#include "icplan/diag/policy.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace icplan {
namespace {

Severity severity_of(Level level) {
  switch (level) {
  case Level::allow:
  case Level::note: return Severity::note;
  case Level::warning: return Severity::warning;
  case Level::error: break;
  }
  return Severity::error;
}

bool lowers(const SeverityRule& rule) { return severity_of(rule.level) < code_info(rule.code).severity || rule.level == Level::allow; }

bool fits(const Suppression& suppression, const Finding& finding) {
  if (suppression.code != finding.code) return false;
  const auto holds = [&](const std::string& text) { return text.find(suppression.contains) != std::string::npos; };
  return holds(finding.message) || std::any_of(finding.examples.begin(), finding.examples.end(), holds);
}

std::string refusal(Code code) { return code_text(code) + " (" + std::string(code_info(code).name) + ") is an error that no rule can lower"; }
constexpr auto mend_it = "mend what it reports; only limits, expectations and requirements may be lowered";

class Judge {
public:
  Judge(const FindingPolicy& policy, const Sink& sink, bool complete) : policy_(policy), sink_(sink), complete_(complete) {}

  JudgedFindings run() {
    check_rules();
    suppress();
    for (const auto& finding : remarks_.findings()) kept_.report(finding);
    JudgedFindings judged;
    judged.suppressed = std::move(suppressed_);
    for (auto& finding : kept_.sorted()) {
      if (apply_rules(finding)) judged.findings.push_back(std::move(finding));
    }
    return judged;
  }

private:
  void check_rules() {
    for (const auto& rule : policy_.rules) {
      if (lowers(rule) && !may_lower(rule.code)) remarks_.report(Code::rule_not_possible, rule.where, refusal(rule.code), mend_it);
    }
  }

  [[nodiscard]] bool denied(Code code) const {
    return std::any_of(policy_.rules.begin(), policy_.rules.end(),
                       [&](const SeverityRule& rule) { return rule.code == code && rule.level == Level::error && !rule.where.valid(); });
  }

  /// Which suppressions hold today; the others are told.
  std::vector<bool> holding() {
    std::vector<bool> holds;
    for (const auto& suppression : policy_.suppressions) {
      bool holding = may_lower(suppression.code);
      if (!holding) remarks_.report(Code::rule_not_possible, suppression.where, refusal(suppression.code), mend_it);
      // Who denies a code on the command line wants to see it, whatever the spec accepts.
      if (denied(suppression.code)) holding = false;
      if (holding && !policy_.today.empty() && !suppression.expires.empty() && suppression.expires < policy_.today) {
        remarks_.report(Code::suppression_expired, suppression.where,
                        "the suppression of " + code_text(suppression.code) + " ended on " + suppression.expires + ", and today is " + policy_.today,
                        "mend the finding, or state a later day and the reason for it");
        holding = false;
      }
      holds.push_back(holding);
    }
    return holds;
  }

  void suppress() {
    const auto holds = holding();
    std::vector<bool> used(holds.size(), false);
    for (auto& finding : sink_.sorted()) {
      std::size_t by = 0;
      while (by < holds.size() && !(holds[by] && fits(policy_.suppressions[by], finding))) ++by;
      if (by == holds.size()) {
        kept_.report(std::move(finding));
        continue;
      }
      used[by] = true;
      suppressed_.push_back({std::move(finding), policy_.suppressions[by]});
    }
    // Beyond the findings that are listed, nobody knows what a suppression would have fitted.
    if (!complete_ || sink_.dropped() > 0) return;
    for (std::size_t s = 0; s < holds.size(); ++s) {
      if (!holds[s] || used[s]) continue;
      const auto& suppression = policy_.suppressions[s];
      remarks_.report(Code::suppression_unused, suppression.where,
                      "no finding " + code_text(suppression.code) +
                          (suppression.contains.empty() ? " was found" : " has `" + suppression.contains + "` in its message or examples"),
                      "take the suppression out");
    }
  }

  /// False for what is not to be told.
  bool apply_rules(Finding& finding) const {
    const auto rule = std::find_if(policy_.rules.rbegin(), policy_.rules.rend(), [&](const SeverityRule& of) { return of.code == finding.code; });
    if (rule != policy_.rules.rend() && (!lowers(*rule) || may_lower(rule->code))) {
      if (rule->level == Level::allow) return false;
      finding.severity = severity_of(rule->level);
    }
    if (policy_.strict && finding.severity == Severity::warning) finding.severity = Severity::error;
    return true;
  }

  const FindingPolicy& policy_;
  const Sink& sink_;
  bool complete_;
  Sink kept_;
  Sink remarks_;
  std::vector<SuppressedFinding> suppressed_;
};

} // namespace

std::string_view to_text(Level level) {
  constexpr std::array<std::string_view, 4> words = {"allow", "note", "warning", "error"};
  return words[static_cast<std::size_t>(level)];
}

bool may_lower(Code code) {
  if (code_info(code).severity != Severity::error) return true;
  constexpr std::array judgements = {Code::slot_limits_nic,
                                     Code::tray_overfull,
                                     Code::tray_overloaded,
                                     Code::limit_exceeded,
                                     Code::expectation_missed,
                                     Code::limit_cannot_be_judged,
                                     Code::part_not_allowed,
                                     Code::workload_requirement_missed,
                                     Code::workload_cannot_be_judged,
                                     Code::workload_does_not_fit,
                                     Code::limit_exceeded_with_media};
  return std::find(judgements.begin(), judgements.end(), code) != judgements.end();
}

bool is_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = 0;
    for (const auto c : text.substr(at, digits)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

JudgedFindings apply_policy(const FindingPolicy& policy, const Sink& sink, bool complete) { return Judge(policy, sink, complete).run(); }

} // namespace icplan
