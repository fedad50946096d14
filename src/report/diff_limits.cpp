// SPDX-License-Identifier: Apache-2.0
// Limits of changes: reads them, and judges what is known against them.
#include "diff_figures.hpp"
#include "diff_unknown.hpp"

#include "icplan/base/text.hpp"
#include "icplan/json/value.hpp"

#include <algorithm>
#include <utility>

namespace icplan {
namespace {

__extension__ typedef __int128 Wide;

using State = ComparedValue::State;
using Metric = DiffLimit::Metric;
using Comparator = DiffLimit::Comparator;

/// What a figure is counted in.
enum class Measure : std::uint8_t { count, dollars, watts, rate };

struct MetricInfo {
  std::string_view name;
  Metric metric;
  Measure measure;
};
constexpr std::array<MetricInfo, 14> metrics = {{{"cost", Metric::cost, Measure::dollars},
                                                 {"power", Metric::power, Measure::watts},
                                                 {"power_typical", Metric::power_typical, Measure::watts},
                                                 {"gpus", Metric::gpus, Measure::count},
                                                 {"racks", Metric::racks, Measure::count},
                                                 {"switches", Metric::switches, Measure::count},
                                                 {"links", Metric::links, Measure::count},
                                                 {"cables", Metric::cables, Measure::count},
                                                 {"modules", Metric::modules, Measure::count},
                                                 {"bandwidth", Metric::bandwidth, Measure::rate},
                                                 {"bisection", Metric::bisection, Measure::rate},
                                                 {"findings", Metric::findings, Measure::count},
                                                 {"errors", Metric::errors, Measure::count},
                                                 {"warnings", Metric::warnings, Measure::count}}};

const MetricInfo& info_of(Metric metric) { return metrics[static_cast<std::size_t>(metric)]; }

struct UnitInfo {
  Measure measure;
  std::string_view name;
  /// One of it is this power of ten of the base unit.
  int decimals;
};
constexpr std::array<UnitInfo, 13> units = {{{Measure::count, "", 0},
                                             {Measure::dollars, "", 2},
                                             {Measure::dollars, "USD", 2},
                                             {Measure::dollars, "k", 5},
                                             {Measure::dollars, "kUSD", 5},
                                             {Measure::dollars, "M", 8},
                                             {Measure::dollars, "MUSD", 8},
                                             {Measure::watts, "W", 3},
                                             {Measure::watts, "kW", 6},
                                             {Measure::watts, "MW", 9},
                                             {Measure::rate, "Gb/s", 3},
                                             {Measure::rate, "Tb/s", 6},
                                             {Measure::rate, "Gbps", 3}}};

std::string_view unit_words(Measure measure) {
  switch (measure) {
  case Measure::count: return "takes no unit";
  case Measure::dollars: return "takes USD, kUSD, MUSD or nothing, which is USD";
  case Measure::watts: return "needs W, kW or MW";
  case Measure::rate: return "needs Gb/s or Tb/s";
  }
  return {};
}

/// Unit and decimals in which figures of the measure are told.
std::pair<std::string_view, int> shown_unit(Measure measure) {
  switch (measure) {
  case Measure::count: return {"count", 0};
  case Measure::dollars: return {"USD", 2};
  case Measure::watts: return {"W", 3};
  case Measure::rate: return {"Gb/s", 3};
  }
  return {"count", 0};
}

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ') out += c;
  }
  return out;
}

/// A share of the old figure beyond this is no limit.
constexpr std::int64_t most_percent = 1'000'000;

std::variant<DiffLimit, std::string> read_value(DiffLimit limit, std::string_view value) {
  const auto measure = info_of(limit.metric).measure;
  const auto name = "`" + std::string(info_of(limit.metric).name) + "`";
  bool negative = false;
  if (!value.empty() && (value[0] == '+' || value[0] == '-')) {
    limit.change = true;
    negative = value[0] == '-';
    value.remove_prefix(1);
  }
  const auto end = std::min(value.find_first_not_of("0123456789."), value.size());
  const auto digits = value.substr(0, end);
  const auto unit = value.substr(end);
  if (digits.empty() || digits.front() == '.' || digits.back() == '.') return "no number after the comparison";
  if (unit.substr(0, 1) == ",") return "digits of numbers are not parted: write 2000000, or 2M for cost";
  if (unit == "%") {
    if (!limit.change) return "a share is one of the old figure: write +" + std::string(value) + " or -" + std::string(value);
    limit.percent = true;
    const auto share = json::scaled(digits, 3);
    if (!share || *share > most_percent * 1000) return "`" + std::string(value) + "` is not a share of at most three decimals and 1,000,000 %";
    limit.value = negative ? -*share : *share;
    return limit;
  }
  const auto found = std::find_if(units.begin(), units.end(), [&](const UnitInfo& of) {
    return of.measure == measure && (of.name == unit || (of.name == "Tb/s" && unit == "Tbps"));
  });
  if (found == units.end()) return name + " " + std::string(unit_words(measure)) + ", not `" + std::string(unit) + "`";
  const auto scaled = json::scaled(digits, found->decimals);
  if (!scaled) return "`" + std::string(digits) + "` is too large or has too many decimals";
  limit.value = negative ? -*scaled : *scaled;
  return limit;
}

/// What a figure may be: at least `low`, and at most `high` where that is known.
struct Range {
  Wide low = 0;
  std::optional<Wide> high;
};
Range range_of(const ComparedValue& value) {
  switch (value.state) {
  case State::known: return {value.scaled, value.scaled};
  case State::at_least: return {value.scaled, std::nullopt};
  case State::at_most: return {0, Wide{value.scaled}};
  default: return {};
  }
}

/// Both sides of one figure.
struct Judged {
  std::string what;
  ComparedValue before;
  ComparedValue after;
  /// "3 parts without a price" of both sides.
  std::array<std::string, 2> missing;
  /// What it changes by, where that is sure although either side is not known.
  std::optional<std::int64_t> sure;
};

class Judge {
public:
  Judge(const PlanRecord& before, const PlanRecord& after) : before_(before), after_(after) {}

  DiffVerdict judge(const DiffLimit& limit) const {
    const auto figures = figures_of(limit);
    if (figures.empty()) return {limit.text, DiffVerdict::State::unknown, "no fabric of the new plan has this figure"};
    DiffVerdict worst{limit.text, DiffVerdict::State::kept, {}};
    const auto rank = [](DiffVerdict::State state) {
      return state == DiffVerdict::State::exceeded ? 2 : state == DiffVerdict::State::unknown ? 1 : 0;
    };
    for (const auto& figure : figures) {
      const auto state = state_of(limit, figure);
      if (!worst.reason.empty() && rank(state) <= rank(worst.state)) continue;
      worst.state = state;
      worst.reason = reason_of(limit, figure, state);
    }
    return worst;
  }

private:
  static ComparedValue sum(std::optional<std::int64_t> value, std::int64_t unknown) {
    if (!value) return {State::unknown, 0};
    return {unknown > 0 ? State::at_least : State::known, *value};
  }
  static std::string missing(std::int64_t unknown, std::string_view what) {
    return unknown == 0 ? std::string() : counted(unknown, "part", "parts") + " without " + std::string(what);
  }
  static std::int64_t count_findings(const PlanRecord& plan, const std::vector<std::string_view>& severities) {
    return std::count_if(plan.findings.begin(), plan.findings.end(), [&](const PlanRecord::Note& note) {
      return std::find(severities.begin(), severities.end(), note.severity) != severities.end();
    });
  }
  /// Graver findings are listed before others, so a list that is full of those `at_least` so grave may leave some of them out.
  std::vector<Judged> findings(const std::string& name, const std::vector<std::string_view>& of, const std::vector<std::string_view>& at_least) const {
    Judged judged{name, {}, {}, {}, std::nullopt};
    const auto value = [&](const PlanRecord& plan, std::string& missing) {
      const bool full = count_findings(plan, at_least) >= static_cast<std::int64_t>(Sink::max_findings);
      if (full) missing = "those beyond the " + grouped(static_cast<std::int64_t>(Sink::max_findings)) + " that are listed are not counted";
      return ComparedValue{full ? State::at_least : State::known, count_findings(plan, of)};
    };
    judged.before = value(before_, judged.missing[0]);
    judged.after = value(after_, judged.missing[1]);
    return {judged};
  }

  const PlanDiff& diff() const {
    if (!diff_) diff_ = diff_plans(before_, after_);
    return *diff_;
  }
  std::optional<std::int64_t> sure_power_change(const DiffLimit& limit, bool open) const {
    return limit.change && open && same_power(diff()) ? std::optional<std::int64_t>(0) : std::nullopt;
  }

  std::vector<Judged> figures_of(const DiffLimit& limit) const {
    const auto name = (info_of(limit.metric).measure == Measure::count ? "number of " : "") +
                      std::string(limit.metric == Metric::gpus ? "GPUs" : info_of(limit.metric).name);
    const auto& a = before_.totals;
    const auto& b = after_.totals;
    const auto count = [&](std::int64_t x, std::int64_t y) {
      return std::vector<Judged>{{name, {State::known, x}, {State::known, y}, {}, std::nullopt}};
    };
    switch (limit.metric) {
    case Metric::cost:
      return {{name,
               sum(a.cost_cents, a.cost_unknown),
               sum(b.cost_cents, b.cost_unknown),
               {missing(a.cost_unknown, "a price"), missing(b.cost_unknown, "a price")},
               limit.change ? sure_cost_change(before_, after_) : std::nullopt}};
    case Metric::power:
      return {{"maximum power",
               sum(a.power_max_mw, a.power_max_unknown),
               sum(b.power_max_mw, b.power_max_unknown),
               {missing(a.power_max_unknown, "a figure"), missing(b.power_max_unknown, "a figure")},
               sure_power_change(limit, a.power_max_unknown > 0)}};
    case Metric::power_typical:
      return {{"typical power",
               sum(a.power_typical_mw, a.power_typical_unknown),
               sum(b.power_typical_mw, b.power_typical_unknown),
               {missing(a.power_typical_unknown, "a figure"), missing(b.power_typical_unknown, "a figure")},
               // Records have no typical watts of single parts, so nobody knows whether the unknown ones are the same.
               std::nullopt}};
    case Metric::gpus: return count(a.gpus, b.gpus);
    case Metric::racks: return count(a.racks, b.racks);
    case Metric::switches: return count(a.switches, b.switches);
    case Metric::links: return count(a.links, b.links);
    case Metric::cables: return count(a.cables, b.cables);
    case Metric::modules: return count(a.modules, b.modules);
    case Metric::findings: return findings(name, {"error", "warning", "note"}, {"error", "warning", "note"});
    case Metric::errors: return findings(name, {"error"}, {"error"});
    case Metric::warnings: return findings(name, {"warning"}, {"error", "warning"});
    case Metric::bandwidth:
    case Metric::bisection: return fabric_figures_of(limit);
    }
    return {};
  }

  /// A fabric that is not there carries nothing; one that joins no GPUs has no injection to judge.
  static std::optional<ComparedValue> fabric_value(const PlanRecord::Fabric* fabric, Metric metric) {
    if (fabric == nullptr) return ComparedValue{State::known, 0};
    if (metric == Metric::bisection) return bisection_value(*fabric);
    return fabric->per_gpu_mbps ? std::optional(ComparedValue{State::known, *fabric->per_gpu_mbps}) : std::nullopt;
  }

  static const PlanRecord::Fabric* find(const PlanRecord& plan, const std::string& name) {
    const auto found = std::find_if(plan.fabrics.begin(), plan.fabrics.end(), [&](const auto& fabric) { return fabric.name == name; });
    return found == plan.fabrics.end() ? nullptr : &*found;
  }

  std::vector<Judged> fabric_figures_of(const DiffLimit& limit) const {
    std::vector<std::string> names;
    for (const auto* plan : {&before_, &after_}) {
      for (const auto& fabric : plan->fabrics) {
        if (std::find(names.begin(), names.end(), fabric.name) == names.end()) names.push_back(fabric.name);
      }
    }
    std::vector<Judged> figures;
    const auto what = std::string(limit.metric == Metric::bandwidth ? "injection per GPU" : "full bisection");
    for (const auto& name : names) {
      const auto* a = find(before_, name);
      const auto* b = find(after_, name);
      if (b == nullptr && !limit.change) continue;
      const auto before = fabric_value(a, limit.metric);
      const auto after = fabric_value(b, limit.metric);
      if ((!before && !after) || (!after && !limit.change)) continue;
      Judged figure{what + " of fabric `" + name + "`",
                    before.value_or(ComparedValue{State::known, 0}),
                    after.value_or(ComparedValue{State::known, 0}),
                    {},
                    {}};
      const bool open = limit.change && a != nullptr && b != nullptr && figure.before == figure.after && figure.before.state != State::known;
      if (open && same_bisection(diff(), *a, *b)) figure.sure = 0;
      figures.push_back(std::move(figure));
    }
    return figures;
  }

  static DiffVerdict::State compare(Comparator comparator, const Range& range, Wide limit) {
    const auto over = [&](bool certain, bool impossible) {
      return certain ? DiffVerdict::State::exceeded : impossible ? DiffVerdict::State::kept : DiffVerdict::State::unknown;
    };
    const auto& [low, high] = range;
    switch (comparator) {
    case Comparator::greater: return over(low > limit, high && *high <= limit);
    case Comparator::at_least: return over(low >= limit, high && *high < limit);
    case Comparator::less: return over(high && *high < limit, low >= limit);
    case Comparator::at_most: return over(high && *high <= limit, low > limit);
    }
    return DiffVerdict::State::unknown;
  }

  static DiffVerdict::State state_of(const DiffLimit& limit, const Judged& figure) {
    auto range = range_of(figure.after);
    if (!limit.change) return compare(limit.comparator, range, limit.value);
    if (figure.sure && figure.before.state != State::known) return state_of_sure(limit, figure);
    // Of an old figure that is a bound, no change can be told.
    if (figure.before.state != State::known) return DiffVerdict::State::unknown;
    const Wide old = figure.before.scaled;
    const Wide scale = limit.percent ? 100'000 : 1;
    // A lower bound of 0 stands for nothing known.
    if (figure.after.state == State::unknown) return DiffVerdict::State::unknown;
    range.low = (range.low - old) * scale;
    if (range.high) range.high = (*range.high - old) * scale;
    return compare(limit.comparator, range, limit.percent ? Wide{limit.value} * old : Wide{limit.value});
  }

  /// The change is exact, and its share of an old figure that is at least what is known of it lies between none and its share of that.
  static DiffVerdict::State state_of_sure(const DiffLimit& limit, const Judged& figure) {
    const Wide change = *figure.sure;
    if (!limit.percent || change == 0) return compare(limit.comparator, {change, change}, limit.value);
    const Wide known = figure.before.state == State::at_least ? figure.before.scaled : 0;
    // Twice of everything: a whole number lies between 0, which the share does not reach, and the next limit.
    const Wide bound = 2 * Wide{limit.value} * std::max<Wide>(known, 1);
    const Wide most = 2 * 100'000 * change;
    if (change < 0) return known == 0 ? DiffVerdict::State::unknown : compare(limit.comparator, {most, Wide{-1}}, bound);
    return compare(limit.comparator, {1, known == 0 ? std::nullopt : std::optional<Wide>(most)}, bound);
  }

  static std::string side(const ComparedValue& value, const std::string& missing, std::string_view unit, int decimals) {
    return figure_text(value, unit, decimals) + (missing.empty() ? std::string() : " (" + missing + ")");
  }

  static std::string reason_of(const DiffLimit& limit, const Judged& figure, DiffVerdict::State state) {
    const auto [unit, decimals] = shown_unit(info_of(limit.metric).measure);
    const auto before = side(figure.before, figure.missing[0], unit, decimals);
    const auto after = side(figure.after, figure.missing[1], unit, decimals);
    if (state == DiffVerdict::State::unknown) {
      return figure.what + " cannot be judged: " + (limit.change ? "it was " + before + " and is " + after : "it is " + after);
    }
    if (!limit.change) return figure.what + " is " + after;
    const bool by_sure = figure.sure && figure.before.state != State::known;
    const std::string same = by_sure ? "; what is not known is the same on both sides" : "";
    if (figure.before == figure.after) return figure.what + " stays " + after + same;
    if (by_sure) {
      const auto& change = *figure.sure;
      return figure.what + " goes from " + before + " to " + after + ": " + change_text({State::known, 0}, {State::known, change}, unit, decimals) +
             same;
    }
    return figure.what + " goes from " + before + " to " + after + ": " + change_text(figure.before, figure.after, unit, decimals);
  }

  const PlanRecord& before_;
  const PlanRecord& after_;
  /// Made where a figure that is not known asks for it.
  mutable std::optional<PlanDiff> diff_;
};

} // namespace

std::variant<DiffLimit, std::string> parse_diff_limit(std::string_view text) {
  DiffLimit limit;
  limit.text = text;
  const auto compact = without_blanks(text);
  const std::string_view all = compact;
  const auto at = all.find_first_of("<>=");
  if (at == std::string_view::npos || at == 0) return std::string("no metric and comparison");
  std::vector<std::string_view> names;
  for (const auto& metric : metrics) names.push_back(metric.name);
  const auto found = std::find(names.begin(), names.end(), all.substr(0, at));
  if (found == names.end()) {
    const auto nearest = closest_word(all.substr(0, at), names);
    return "no metric `" + std::string(all.substr(0, at)) + "`" + (nearest ? "; did you mean `" + std::string(*nearest) + "`?" : std::string());
  }
  limit.metric = metrics[static_cast<std::size_t>(found - names.begin())].metric;
  if (all[at] == '=') return std::string("the comparisons are >, >=, < and <=");
  const bool equal = at + 1 < all.size() && all[at + 1] == '=';
  if (all[at] == '>') {
    limit.comparator = equal ? Comparator::at_least : Comparator::greater;
  } else {
    limit.comparator = equal ? Comparator::at_most : Comparator::less;
  }
  return read_value(std::move(limit), all.substr(at + (equal ? 2 : 1)));
}

std::string_view diff_limit_grammar() {
  return "a limit is METRIC COMPARISON VALUE, such as 'cost>+5%', 'power>+10kW', 'bandwidth<-1%', 'cost>2000000' or 'errors>0'\n"
         "  metrics: cost, power, power_typical, gpus, racks, switches, links, cables, modules, bandwidth, bisection, findings, errors, warnings\n"
         "  comparisons: > >= < <=\n"
         "  value: with + or - a change, in the metric's unit or in % of the old figure; without a sign the new figure itself\n"
         "  units: cost USD (or nothing), kUSD, MUSD; power W, kW, MW; bandwidth and bisection Gb/s, Tb/s; counts none\n";
}

std::vector<DiffVerdict> judge_diff(const PlanRecord& before, const PlanRecord& after, std::span<const DiffLimit> limits) {
  const Judge judge(before, after);
  std::vector<DiffVerdict> verdicts;
  for (const auto& limit : limits) verdicts.push_back(judge.judge(limit));
  return verdicts;
}

} // namespace icplan
