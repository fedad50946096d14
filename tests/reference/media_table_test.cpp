// SPDX-License-Identifier: Apache-2.0
// docs/media-table.md: which real part the shipped catalogs give at each length for each pair of cages. ICPLAN_REFRESH=1 rewrites the page.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "cabling/choose.hpp"
#include "icplan/base/text.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

constexpr auto page = "docs/media-table.md";
constexpr std::array<std::int64_t, 15> lengths_mm = {500,    1'000,  2'000,   3'000,   5'000,   6'999,     7'000,     30'000,
                                                     50'000, 50'001, 100'000, 100'001, 500'000, 2'000'000, 10'000'000};

struct Pair {
  std::string title;
  CageType hub;
  CageType far;
};
struct Speed {
  std::string title;
  std::vector<Pair> pairs;
};

CageType cage(Form form, Top top, std::int64_t lanes, std::int64_t lane_gbps, std::int64_t ports) {
  CageType type;
  type.form = form;
  type.top = top;
  type.lanes = lanes;
  type.lane_rate = Mbps(lane_gbps * 1000);
  type.ports = ports;
  return type;
}

std::vector<Speed> speeds() {
  const auto finned = [](std::int64_t lane_gbps, std::int64_t ports) { return cage(Form::osfp, Top::ihs, 8, lane_gbps, ports); };
  const auto flat = [](std::int64_t lanes, std::int64_t lane_gbps, std::int64_t ports) { return cage(Form::osfp, Top::rhs, lanes, lane_gbps, ports); };
  const auto q28 = cage(Form::qsfp28, Top::none, 4, 25, 1);
  const auto q56 = cage(Form::qsfp56, Top::none, 4, 50, 1);
  const auto q112 = cage(Form::qsfp112, Top::none, 4, 100, 1);
  const auto half = cage(Form::qsfp112, Top::none, 2, 100, 1);
  return {{"100G", {{"QSFP28 - QSFP28", q28, q28}}},
          {"200G", {{"QSFP56 - QSFP56", q56, q56}, {"OSFP finned 2 x 200G - 2 x QSFP56", finned(50, 2), q56}, {"OSFP finned 4 x 200G - 4 x QSFP112", finned(100, 4), half}}},
          {"400G",
           {{"OSFP flat - OSFP flat", flat(4, 100, 1), flat(4, 100, 1)},
            {"OSFP flat - QSFP112", flat(4, 100, 1), q112},
            {"QSFP112 - QSFP112", q112, q112}}},
          {"800G (2 x 400G)",
           {{"OSFP finned - OSFP finned", finned(100, 2), finned(100, 2)},
            {"OSFP finned - OSFP flat", finned(100, 2), flat(8, 100, 2)},
            {"OSFP finned - 2 x OSFP flat", finned(100, 2), flat(4, 100, 1)},
            {"OSFP finned - 2 x QSFP112", finned(100, 2), q112}}},
          {"1.6T (2 x 800G)", {{"OSFP finned - OSFP finned", finned(200, 2), finned(200, 2)}, {"OSFP finned - 2 x OSFP flat", finned(200, 2), flat(4, 200, 1)}}}};
}

std::string metres(std::int64_t millimetres) { return decimal(millimetres, 3) + " m"; }

/// The module kit of a pair: "module A, module B, fibre at 50 m".
std::string optics(const PartChooser& chooser, const Catalog& catalog, const Pair& pair, Millimetres needed) {
  OpticalNeed need;
  need.seats.push_back({pair.hub, std::nullopt, 1});
  if (pair.far != pair.hub) need.seats.push_back({pair.far, std::nullopt, 1});
  need.lengths = {needed, needed};
  const auto chosen = chooser.modules(need);
  if (!chosen) return {};
  std::string text;
  for (const auto id : chosen->modules) text += catalog[id].id + ", ";
  const auto fibre = chooser.fibre(chosen->family, needed, chosen->budget);
  return text + catalog[fibre->part].id + " " + metres(fibre->sold.count());
}

std::string cell(const PartChooser& chooser, const Catalog& catalog, const MediaPolicy& policy, const Pair& pair, Millimetres needed) {
  const auto wanted = class_by_rule(policy, needed);
  std::string text;
  for (const auto media : {MediaClass::dac, MediaClass::aoc}) {
    if (media < wanted) continue;
    if (const auto cable = chooser.cable(media == MediaClass::aoc, pair.hub, pair.far, needed))
      return text + std::string(to_text(media)) + " " + catalog[cable->part].id + " " + metres(cable->sold.count());
    text = "no " + std::string(to_text(wanted)) + " (" + code_text(Code::escalated) + "): ";
  }
  const auto kit = optics(chooser, catalog, pair, needed);
  return kit.empty() ? "none (" + code_text(Code::no_part) + ")" : text + "OSFP " + kit;
}

std::string table(const Plan& plan, const Speed& speed, Protocol protocol) {
  const auto& policy = plan.spec.fabrics.front().media;
  const PartChooser chooser(plan.spec, *plan.catalog, policy, protocol);
  std::string text = "| length |";
  std::string rule = "| ---: |";
  for (const auto& pair : speed.pairs) {
    text += " " + pair.title + " |";
    rule += " --- |";
  }
  text += "\n" + rule + "\n";
  for (const auto length : lengths_mm) {
    text += "| " + metres(length) + " |";
    for (const auto& pair : speed.pairs) text += " " + cell(chooser, *plan.catalog, policy, pair, Millimetres(length)) + " |";
    text += "\n";
  }
  return text;
}

std::string whole_page() {
  const auto planned = plan_spec(R"({ "name": "table", "nodes": [ { "model": "nvidia-dgx-h100", "count": 1 } ], "media": { "orderable_only": true },
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700" } ] })");
  INFO(planned.text());
  REQUIRE(planned.plan);
  std::string text = R"(# Media table

Which real, orderable part of the shipped catalogs makes a run, by speed of the cage, protocol, cages and length: under the default thresholds, with
`"orderable_only": true`. A run is DAC below 7 m, AOC up to 100 m, OSFP (modules and fibre) above. Where the class has no part the cell says so with the
code of the finding that a plan gives ([IC5002](media.md#escalation): the next class is taken; [IC5001](media.md#escalation): there is none) and what is taken
then. Without `orderable_only`, generic parts take the place of what is missing, and IC5005 counts them.

A part that says which protocols it carries is found under those alone; one that does not is found under none. `finned` and `flat` are the tops that
the cage takes. This page is written by a test and compared by it: see [CONTRIBUTING.md](../CONTRIBUTING.md).
)";
  for (const auto& speed : speeds()) {
    for (const auto protocol : {Protocol::infiniband, Protocol::ethernet})
      text += "\n## " + speed.title + ", " + (protocol == Protocol::infiniband ? "InfiniBand" : "Ethernet") + "\n\n" + table(*planned.plan, speed, protocol);
  }
  return text;
}

} // namespace

TEST_CASE("the media table is that of the shipped catalogs", "[reference]") {
  const auto text = whole_page();
  if (std::getenv("ICPLAN_REFRESH") != nullptr) {
    std::ofstream(page, std::ios::binary) << text;
  }
  CHECK(read_source(page) == text);
}
