// SPDX-License-Identifier: Apache-2.0
// The figures of compared designs: published counts, bounds that stay bounds, and names.
#include "support/catch.hpp"
#include "support/plans.hpp"
#include "support/priced.hpp"

#include "icplan/report/compare.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

using State = ComparedValue::State;
using Values = std::vector<ComparedValue>;
using Ratios = std::vector<std::optional<std::int64_t>>;

Design design(const std::string& spec, const std::string& overlay = {}) {
  const auto planned = plan_spec(spec, overlay);
  INFO(planned.text());
  REQUIRE(planned.plan);
  return {planned.plan->spec.name, "spec.json", measure_design(*planned.plan)};
}

std::string dgx_spec(const std::string& name, std::int64_t nodes, const std::string& fabric, const std::string& top = {}) {
  return R"({ "name": ")" + name + R"(", "nodes": [ { "model": "nvidia-dgx-h100", "count": )" + std::to_string(nodes) +
         R"( } ], "fabrics": [ { "name": "compute", "leaf": "nvidia-qm9700", )" + fabric + " } ]" + top + " }";
}

const std::string fat_tree = R"("topology": "fat-tree")";
const std::string rails = R"("topology": "rail-optimized")";
const std::string one_switch = R"("topology": "single-switch")";

const ComparisonRow& row(const Comparison& comparison, std::string_view key) {
  INFO(key);
  const auto* found = comparison.row(key);
  REQUIRE(found != nullptr);
  return *found;
}

Values known(std::vector<std::int64_t> values) {
  Values list;
  for (const auto value : values) list.push_back({State::known, value});
  return list;
}

} // namespace

TEST_CASE("two SuperPOD units compare with a fat tree of the same nodes", "[compare]") {
  const auto comparison = compare_designs({design(dgx_spec("rails", 64, rails)), design(dgx_spec("tree", 64, fat_tree))});
  CHECK(row(comparison, "gpus").values == known({512, 512}));
  CHECK(row(comparison, "endpoints").values == known({512, 512}));
  CHECK(row(comparison, "switches.compute.leaf").values == known({16, 16}));
  CHECK(row(comparison, "switches.compute.spine").values == known({8, 8}));
  CHECK(row(comparison, "switches").values == known({24, 24}));
  CHECK(row(comparison, "switches_per_gpu").values == known({46'875, 46'875}));
  CHECK(row(comparison, "links").values == known({1'024, 1'024}));
  CHECK(row(comparison, "inter_switch_links").values == known({512, 512}));
  CHECK(row(comparison, "injection_gbps_per_gpu").values == known({400'000, 400'000}));
  // 512 ports of 400 Gb/s, half of them across the cut: 102.4 Tb/s.
  CHECK(row(comparison, "bisection_half_tbps").values == known({1'024'000'000, 1'024'000'000}));
  CHECK(row(comparison, "oversubscription").values == known({1'000, 1'000}));
  CHECK(row(comparison, "switches").ratios == Ratios{std::nullopt, 10'000});
  // The two ports of a node's cage go to two leaves on rails and to one leaf in a fat tree, so a cable carries two links there.
  const auto& modules = row(comparison, "modules").values;
  CHECK(modules[0].scaled == 512);
  CHECK(modules[1].scaled < modules[0].scaled);
  CHECK(comparison.row("bisection_half_tbps.compute") == nullptr);
}

TEST_CASE("counts of fat tree and multi-plane are those of the published table", "[compare]") {
  const auto comparison = compare_designs({design(dgx_spec("FT2", 256, fat_tree)), design(dgx_spec("MPFT", 2'048, fat_tree + R"(, "planes": 8)")),
                                           design(dgx_spec("FT3", 8'192, fat_tree))});
  CHECK(row(comparison, "endpoints").values == known({2'048, 16'384, 65'536}));
  CHECK(row(comparison, "switches").values == known({96, 768, 5'120}));
  CHECK(row(comparison, "inter_switch_links").values == known({2'048, 16'384, 131'072}));
  CHECK(row(comparison, "switches").ratios == Ratios{std::nullopt, 80'000, 533'333});
  // A design without a tier has no switch in it, and there is no ratio to none.
  CHECK(row(comparison, "switches.compute.core").values == known({0, 0, 1'024}));
  CHECK(row(comparison, "switches.compute.core").ratios == Ratios(3));
}

TEST_CASE("optics are the cages with a module or with the plug of an active optical cable", "[compare]") {
  const auto figures = [](const std::string& media) { return design(dgx_spec("media", 256, fat_tree, ", \"media\": " + media)).figures; };
  const auto optical = figures(R"({ "dac_below_m": 0, "aoc_up_to_m": 0 })");
  CHECK(optical.counts.modules == optical.optical_ends);
  const auto active = figures(R"({ "dac_below_m": 0, "aoc_up_to_m": 1000 })");
  const auto aocs = active.cables[static_cast<std::size_t>(MediaClass::aoc)];
  CHECK(aocs > 0);
  CHECK(active.optical_ends == active.counts.modules + 2 * aocs);
  const auto copper = figures(R"({ "dac_below_m": 1000, "aoc_up_to_m": 1000 })");
  CHECK(copper.cables[static_cast<std::size_t>(MediaClass::dac)] > 0);
  CHECK(copper.optical_ends < active.optical_ends);
}

TEST_CASE("the network's watts and cost leave nodes out and count media wherever they are", "[compare]") {
  const auto parts = priced_parts(R"("power_typical_w": 10, "power_max_w": 15, "price_usd": 1000)");
  const auto comparison = compare_designs({design(priced_spec("a"), parts), design(priced_spec("b"), parts)});
  // Three nodes with four cages each, and their 24 ports in twelve cages of one switch.
  CHECK(row(comparison, "modules").values == known({24, 24}));
  CHECK(row(comparison, "network_power_typical_w").values == known({940'000, 940'000}));
  // The switch's maximum holds its own twelve modules; the nodes' maximum holds theirs, but is no part of the network.
  CHECK(row(comparison, "network_power_max_w").values == known({1'180'000, 1'180'000}));
  CHECK(row(comparison, "network_power_max_w_per_gpu").values == known({49'166, 49'166}));
  // 20,000 + 24 x 1,000 + 24 x 30.01.
  CHECK(row(comparison, "cables.osfp").values == known({24, 24}));
  CHECK(row(comparison, "network_cost_usd").values == known({4'472'024, 4'472'024}));
  CHECK(row(comparison, "network_cost_usd_per_endpoint").values == known({186'334, 186'334}));
  // The rack has no price.
  CHECK(row(comparison, "cost_usd").values == Values(2, {State::at_least, 79'472'024}));
  CHECK(row(comparison, "cost_unknown_parts").values == known({1, 1}));
}

TEST_CASE("a lower bound stays one, and has no ratio", "[compare]") {
  const auto whole = priced_parts(R"("power_typical_w": 10, "power_max_w": 15, "price_usd": 1000)");
  const auto partial = priced_parts(R"("power_typical_w": null, "power_max_w": null, "price_usd": null)");
  const auto comparison = compare_designs({design(priced_spec("known"), whole), design(priced_spec("partial"), partial)});
  const auto& cost = row(comparison, "network_cost_usd");
  CHECK(cost.values == Values{{State::known, 4'472'024}, {State::at_least, 2'072'024}});
  CHECK(cost.ratios == Ratios(2));
  CHECK(row(comparison, "network_cost_unknown_parts").values == known({0, 1}));
  // 20,720.24 / 24 is 863.34333, and 44,720.24 / 24 is 1,863.34333.
  CHECK(row(comparison, "network_cost_usd_per_endpoint").values == Values{{State::known, 186'334}, {State::at_least, 86'334}});
  CHECK(row(comparison, "network_power_max_w").values == Values{{State::known, 1'180'000}, {State::at_least, 1'000'000}});
  CHECK(row(comparison, "network_power_max_w_per_gpu").values == Values{{State::known, 49'166}, {State::at_least, 41'666}});
  const auto json = comparison_json(comparison);
  CHECK(json.find(
            R"({"key": "network_cost_usd", "unit": "USD", "values": [44720.24, 20720.24], "ratios": [null, null], "lower_bounds": [false, true], "upper_bounds": [false, false]})") !=
        std::string::npos);
  CHECK(comparison_text(comparison).find(">= 20,720.24") != std::string::npos);
  CHECK(comparison_csv(comparison).find("network_cost_usd,USD,44720.24,20720.24,,,lower\n") != std::string::npos);
}

TEST_CASE("what is not known is null, and so is what a design does not have", "[compare]") {
  const auto comparison = compare_designs({design(dgx_spec("tree", 64, fat_tree)), design(dgx_spec("switch", 4, one_switch))});
  CHECK(row(comparison, "network_cost_usd").values == Values(2, {State::unknown}));
  CHECK(row(comparison, "oversubscription").values == Values{{State::known, 1'000}, {State::absent}});
  const auto json = comparison_json(comparison);
  CHECK(json.find(R"("values": [null, null], "ratios": [null, null], "lower_bounds": [false, false])") != std::string::npos);
  const auto markdown = comparison_markdown(comparison);
  CHECK(markdown.find("| network cost, $ | unknown | unknown |  |\n") != std::string::npos);
  CHECK(markdown.find("| worst oversubscription | 1 | - |  |\n") != std::string::npos);
  CHECK(markdown.find("* a dash: the design has no such thing") != std::string::npos);
}

TEST_CASE("rows of fabrics follow the first design that has them", "[compare]") {
  const auto two = design(R"({ "name": "two", "nodes": [ { "model": "nvidia-dgx-h100", "count": 64 } ], "fabrics": [
    { "name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700", "oversubscription": 3 },
    { "name": "storage", "topology": "fat-tree", "leaf": "nvidia-qm9700" } ] })");
  const auto comparison = compare_designs({design(dgx_spec("one", 64, fat_tree)), two});
  std::vector<std::string> keys;
  for (const auto& line : comparison.rows) {
    if (line.key.starts_with("switches.") || line.key.starts_with("bisection_half_tbps.")) keys.push_back(line.key);
  }
  const std::vector<std::string> expected = {"switches.compute.leaf", "switches.compute.spine", "switches.storage.leaf",
                                             "bisection_half_tbps.compute", "bisection_half_tbps.storage"};
  std::erase(keys, "switches.storage.spine");
  CHECK(keys == expected);
  CHECK(row(comparison, "bisection_half_tbps.storage").values.front().state == State::absent);
  CHECK(row(comparison, "oversubscription").values[1].scaled >= 2'900);
  // Every GPU has what the two fabrics give it together.
  const auto together = two.figures.fabrics[0].per_gpu->count() + two.figures.fabrics[1].per_gpu->count();
  CHECK(row(comparison, "injection_gbps_per_gpu").values[1].scaled == together);
}

TEST_CASE("designs of one name are told apart by file, then by number", "[compare]") {
  const DesignFigures figures;
  const auto names = [&](const std::vector<std::pair<std::string, std::string>>& given) {
    std::vector<Design> designs;
    for (const auto& [name, file] : given) designs.push_back({name, file, figures});
    std::vector<std::string> list;
    for (const auto& title : compare_designs(designs).designs) list.push_back(title.name);
    return list;
  };
  using Names = std::vector<std::string>;
  CHECK(names({{"x", "a.json"}, {"y", "b.json"}}) == Names{"x", "y"});
  CHECK(names({{"x", "some/a.json"}, {"y", "b.json"}, {"x", "c"}}) == Names{"a", "y", "c"});
  CHECK(names({{"x", "some/a.json"}, {"x", "other/a.json"}, {"x", "b.json"}}) == Names{"a (1)", "a (2)", "b"});
  CHECK(names({{"x", "a.json"}, {"x", "b.json"}, {"a", "c.json"}}) == Names{"a (1)", "b", "a (3)"});
  CHECK(names({{"x", "\x1b[1m.json"}, {"x", "\xff.json"}}) == Names{"?[1m", "?"});
}

TEST_CASE("ratios of enormous sums are exact to their decimals", "[compare]") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const auto ratio = [](std::int64_t first, std::int64_t second) {
    DesignFigures a;
    DesignFigures b;
    a.counts.links = first;
    b.counts.links = second;
    return compare_designs({{"a", "a", a}, {"b", "b", b}}).row("links")->ratios[1];
  };
  CHECK(ratio(3, 1) == 3'333);
  CHECK(ratio(3, 2) == 6'667);
  CHECK(ratio(most, most) == 10'000);
  CHECK(ratio(most / 3, most) == 30'000);
  CHECK(ratio(most, most / 3) == 3'333);
  CHECK(ratio(1, most) == std::nullopt);
  CHECK(ratio(0, 5) == std::nullopt);
  CHECK(ratio(5, 0) == 0);
}

TEST_CASE("ratios are those of the figures before they are rounded", "[compare]") {
  DesignFigures a;
  a.counts.gpus = 3;
  a.endpoints = 7;
  a.injection = Mbps(9'000);
  a.network_cost = {Cents(5), 1, 0};
  a.cost = {Cents(5), 1, 0};
  a.network_power = {"network", 1, Milliwatts(1), Milliwatts(2), 0, 0, 0, 0};
  a.power_share = {Bound::exact, 0, 1, 300'000};
  a.all_reduce = {true, Picoseconds(1'500'000), false};
  auto b = a;
  b.network_cost = {Cents(15), 1, 0};
  b.cost = {Cents(15), 1, 0};
  b.network_power = {"network", 1, Milliwatts(3), Milliwatts(6), 0, 0, 0, 0};
  b.power_share = {Bound::exact, 1, 3, 300'000};
  b.all_reduce = {true, Picoseconds(4'500'000), false};
  const auto comparison = compare_designs({{"a", "a", a}, {"b", "b", b}});
  for (const auto* key : {"network_cost_usd_per_gpu", "network_cost_usd_per_endpoint", "network_cost_usd_per_gbps", "cost_usd_per_gpu",
                          "network_power_typical_w_per_gpu", "network_power_max_w_per_gpu", "network_pj_per_bit_typical",
                          "network_pj_per_bit_max", "network_power_share_percent", "all_reduce_1gib_ms"}) {
    CHECK(row(comparison, key).ratios == Ratios{std::nullopt, 30'000});
  }
  // 5 and 15 cents over 3 GPUs; 1,500,000 and 4,500,000 ps.
  CHECK(row(comparison, "network_cost_usd_per_gpu").values == known({1, 5}));
  CHECK(row(comparison, "all_reduce_1gib_ms").values == known({2, 5}));
}

TEST_CASE("a sum that misses parts is no less than a part of it", "[compare]") {
  DesignFigures figures;
  figures.counts.gpus = 3;
  figures.network_cost = {Cents(505'055), 4, 0};
  figures.cost = {Cents(505'055), 4, 1};
  figures.network_power = {"network", 1, Milliwatts(1'000), Milliwatts(2'000), 0, 0, 0, 0};
  figures.power = {"total", 1, Milliwatts(1'000), Milliwatts(2'000), 1, 1, 0, 0};
  const auto comparison = compare_designs({{"a", "a", figures}, {"b", "b", figures}});
  // 1,683.51667, and 0.66667 W.
  CHECK(row(comparison, "network_cost_usd_per_gpu").values == known({168'351, 168'351}));
  CHECK(row(comparison, "cost_usd_per_gpu").values == Values(2, {State::at_least, 168'351}));
  CHECK(row(comparison, "network_power_max_w_per_gpu").values == known({666, 666}));
  CHECK(row(comparison, "power_max_w_per_gpu").values == Values(2, {State::at_least, 666}));
}

TEST_CASE("large figures are cut alike where readers see no cents, and upper bounds are raised", "[compare]") {
  DesignFigures figures;
  figures.network_cost = {Cents(123'456'79), 4, 0};
  figures.cost = {Cents(123'456'79), 4, 1};
  figures.bisection_full = Mbps(246'913'580'200);
  figures.bisection_bound = true;
  const auto text = comparison_text(compare_designs({{"a", "a", figures}, {"b", "b", figures}}));
  CHECK(text.find(" 123,456 ") != std::string::npos);
  CHECK(text.find(">= 123,456 ") != std::string::npos);
  CHECK(text.find("<= 123,457 ") != std::string::npos);
  CHECK(text.find(" 123,457 ") == text.find("<= 123,457 ") + 2);
}

TEST_CASE("five designs fit 120 columns whatever their names and figures", "[compare]") {
  auto figures = design(dgx_spec("x", 64, fat_tree)).figures;
  figures.network_cost = {Cents(1'234'567'890'12), 5, 1};
  figures.network_power = {"network", 24, Milliwatts(87'654'321'987), Milliwatts(98'765'432'123), 2, 2, 0, 0};
  std::vector<Design> designs;
  for (const auto* name : {"a-rather-long-name-of-a-design", "b", "c", "d", "another-rather-long-name"})
    designs.push_back({name, "spec.json", figures});
  const auto text = comparison_text(compare_designs(designs));
  CHECK(text.find("Ratios to #1") != std::string::npos);
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = text.find('\n', begin);
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  CHECK(longest <= 120);
  CHECK(longest > 90);
  CHECK(text.find(">= 87,654,321 ") != std::string::npos);
  // Two of them have room for names, and for ratios beside the figures.
  designs.resize(2);
  const auto two = comparison_text(compare_designs(designs));
  CHECK(two.find("Ratios to") == std::string::npos);
  CHECK(two.find(" a-rather-long-name-of-a-design ", two.find("Side by side")) != std::string::npos);
}
