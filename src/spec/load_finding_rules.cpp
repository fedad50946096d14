// SPDX-License-Identifier: Apache-2.0
// Reads `findings` of a spec.
#include "icplan/spec/finding_rules.hpp"

#include "icplan/base/text.hpp"
#include "icplan/json/object_reader.hpp"
#include "spec_loader.hpp"

#include <array>
#include <set>

namespace icplan {
namespace {

using json::ObjectReader;

constexpr std::array<json::Name<Level>, 4> level_words = {
    {{"allow", Level::allow}, {"note", Level::note}, {"warning", Level::warning}, {"error", Level::error}}};
constexpr std::size_t most_suppressions = 1'000;

class RuleReader {
public:
  explicit RuleReader(Sink& sink) : sink_(sink) {}

  FindingPolicy run(const json::Value& value) {
    ObjectReader findings(value, "findings", sink_);
    if (const auto* severities = findings.object("severity")) read_severities(*severities);
    if (const auto* list = findings.array("suppress")) {
      if (list->items.size() > most_suppressions)
        sink_.report(Code::out_of_range, list->items[most_suppressions].where,
                     "`findings.suppress` has " + grouped(static_cast<std::int64_t>(list->items.size())) + " entries; it may have at most 1,000",
                     "change the severity of the code instead");
      else
        for (std::size_t i = 0; i < list->items.size(); ++i) read_suppression(list->items[i], "findings.suppress[" + std::to_string(i) + "]");
    }
    findings.finish();
    return std::move(policy_);
  }

private:
  std::optional<Code> code_named(const std::string& text, SourceRange where) {
    const auto code = find_code(text);
    if (!code)
      sink_.report(Code::unknown_word, where, "no finding has the code " + shown_name(text), "`icplan explain` lists all codes");
    return code;
  }

  void read_severities(const json::Value& value) {
    ObjectReader severities(value, "findings.severity", sink_);
    std::set<Code> named;
    for (const auto& member : value.members) {
      const auto level = severities.enumeration<Level>(member.name, level_words);
      const auto code = code_named(member.name, member.name_where);
      if (code && !named.insert(*code).second)
        sink_.report(Code::conflicting_values, member.name_where, code_text(*code) + " has two severities", "keep one of them");
      else if (code && level) policy_.rules.push_back({*code, *level, member.name_where});
    }
  }

  void read_suppression(const json::Value& value, const std::string& path) {
    ObjectReader item(value, path, sink_);
    if (!item.is_object()) return;
    Suppression suppression;
    suppression.where = value.where;
    suppression.where.end = suppression.where.begin + 1;
    const bool complete = item.require_all({"code", "reason"});
    const auto code = item.string("code");
    suppression.contains = item.string("contains").value_or("");
    suppression.reason = item.string("reason").value_or("");
    const auto expires = item.string("expires");
    item.finish();
    if (!complete || !code) return;
    const auto found = code_named(*code, item.any("code")->where);
    if (const auto* reason = item.any("reason"); reason->kind == json::Kind::string && (suppression.reason.empty() || !is_printable(suppression.reason))) {
      sink_.report(Code::unknown_word, reason->where, "`reason` is empty or holds control characters", "say in a sentence why the finding is accepted");
      return;
    }
    if (expires && !is_day(*expires)) {
      sink_.report(Code::unknown_word, item.any("expires")->where, "`expires` is " + shown_name(*expires) + ", which is no day",
                   "write year, month and day, as in 2027-03-31");
      return;
    }
    if (!found) return;
    suppression.code = *found;
    suppression.expires = expires.value_or("");
    policy_.suppressions.push_back(std::move(suppression));
  }

  Sink& sink_;
  FindingPolicy policy_;
};

} // namespace

FindingPolicy load_finding_rules(const json::Value& document, Sink& sink) {
  const auto* value = document.find("findings");
  return value == nullptr || value->kind == json::Kind::null ? FindingPolicy() : RuleReader(sink).run(*value);
}

} // namespace icplan
