// SPDX-License-Identifier: Apache-2.0
// Watts by place, energy per bit and per year: by hand, on plans that are small enough.
#include "support/catch.hpp"
#include "support/plans.hpp"
#include "support/priced.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/energy.hpp"
#include "icplan/report/energy.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

const std::string known_module = R"("power_typical_w": 12, "power_max_w": 16, "price_usd": 1000)";
const std::string unknown_module = R"("power_typical_w": null, "power_max_w": null, "price_usd": null)";

EnergyReport energy_of(const Plan& plan) { return measure_energy(plan, list_draws(plan)); }

void check_energy(const BitEnergy& energy, Bound bound, std::int64_t femtojoules) {
  CHECK(energy.bound == bound);
  CHECK(energy.energy.count() == femtojoules);
}

const PowerLine& line(const std::vector<PowerLine>& lines, const std::string& what) {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const PowerLine& of) { return of.what == what; });
  INFO(what);
  REQUIRE(found != lines.end());
  return *found;
}

/// Findings of the code that judging the places of a plan gives.
std::vector<Finding> judged(const Plan& plan, Code code) {
  Sink sink;
  judge_floor_power(plan, sink);
  auto all = sink.sorted();
  all.erase(std::remove_if(all.begin(), all.end(), [&](const Finding& finding) { return finding.code != code; }), all.end());
  return all;
}

} // namespace

TEST_CASE("a module of 16 W at 800G takes 20 pJ per bit", "[energy]") {
  check_energy(energy_per_bit(Milliwatts(16'000), Mbps(800'000), true), Bound::exact, 20'000);
  // Both ends of a link over twice its rate are the same.
  check_energy(energy_per_bit(Milliwatts(32'000), Mbps(800'000) * 2, true), Bound::exact, 20'000);
  // 10 W at 600G: 16.666 pJ, which a bound cuts.
  check_energy(energy_per_bit(Milliwatts(10'000), Mbps(600'000), true), Bound::exact, 16'667);
  check_energy(energy_per_bit(Milliwatts(10'000), Mbps(600'000), false), Bound::at_least, 16'666);
  CHECK(energy_per_bit(Milliwatts(10'000), Mbps(0), true).bound == Bound::unknown);
  // A gigawatt over 25.6 Eb/s.
  check_energy(energy_per_bit(Milliwatts(1'000'000'000'000), Mbps(25'600'000'000'000), true), Bound::exact, 39'063);
}

TEST_CASE("links, ends and fabrics say what a bit takes", "[energy]") {
  const auto plan = sound_plan(priced_spec("energy"), priced_parts(known_module));
  const auto energy = energy_of(plan);
  REQUIRE(energy.links.size() == 1);
  CHECK(energy.links[0].what == "OSFP");
  CHECK(energy.links[0].links == 24);
  CHECK(energy.links[0].rate == Mbps(9'600'000));
  // 24 modules of 16 W on 24 links of 400G: 384 W / (2 x 9.6 Tb/s).
  check_energy(energy.links[0].maximum, Bound::exact, 20'000);
  check_energy(energy.links[0].typical, Bound::exact, 15'000);
  REQUIRE(energy.ends.size() == 1);
  CHECK(energy.ends[0].ends == 24);
  CHECK(energy.ends[0].rate == Mbps(800'000));
  check_energy(energy.ends[0].maximum, Bound::exact, 20'000);
  // Typical: 700 + 24 x 12 W over 9.6 Tb/s. The switch's maximum holds its own twelve modules: 1,000 + 12 x 16 W.
  REQUIRE(energy.fabrics.size() == 1);
  CHECK(energy.fabrics[0].injection == Mbps(9'600'000));
  check_energy(energy.fabrics[0].injected_typical, Bound::exact, 102'917);
  check_energy(energy.fabrics[0].injected_maximum, Bound::exact, 124'167);
  check_energy(energy.all.injected_maximum, Bound::exact, 124'167);
  CHECK(power_json(plan).find(R"("pj_per_bit_max": 20, )") != std::string::npos);
}

TEST_CASE("a module whose other port is dark draws for one link alone", "[energy]") {
  const auto plan = sound_plan(
      R"({ "name": "half", "nodes": [ { "model": "site-node", "count": 3 } ], "fabrics": [ { "name": "compute", "topology": "single-switch",
    "leaf": "site-switch", "attach": [ { "group": "gpu", "ports": "compute", "count": 1 } ] } ], "media": { "dac_below_m": 0, "aoc_up_to_m": 0, "vendors": ["site"] } })",
      priced_parts(known_module));
  const auto energy = energy_of(plan);
  REQUIRE(energy.links.size() == 1);
  CHECK(energy.links[0].links == 3);
  // Three modules in nodes, two in the switch.
  check_energy(energy.links[0].maximum, Bound::exact, (5 * 16'000'000LL + 1'200) / 2'400);
  check_energy(energy.ends[0].maximum, Bound::exact, 20'000);
}

TEST_CASE("energy per bit of unknown modules is unknown, and of some a bound", "[energy]") {
  const auto plan = sound_plan(priced_spec("energy"), priced_parts(unknown_module));
  const auto energy = energy_of(plan);
  CHECK(energy.links[0].typical.bound == Bound::unknown);
  CHECK(energy.links[0].ends.unknown_maximum == 24);
  // The switch alone.
  check_energy(energy.fabrics[0].injected_maximum, Bound::at_least, 104'166);
  CHECK(power_json(plan).find(R"("pj_per_bit_max": null, )") != std::string::npos);
  // A source that states energy in place of watts.
  const auto stated = sound_plan(priced_spec("energy"), priced_parts(unknown_module + R"(, "pj_per_bit": 12.5)"));
  check_energy(energy_of(stated).links[0].maximum, Bound::exact, 12'500);
}

TEST_CASE("copper takes what its plugs draw", "[energy]") {
  const auto parts = [](const std::string& technology, const std::string& watts) {
    return R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
      { "id": "site-dac", "kind": "cable", "manufacturer": "site", "basis": "datasheet", "source": "s", "class": "dac", "technology": ")" +
           technology + R"(", "protocols": ["infiniband"], "lane_gbps": 100, "lengths_m": [1, 2, 3, 5, 7], "power_end_a_w": )" + watts +
           R"(, "power_end_b_w": )" + watts +
           R"(, "ends": [ { "form": "osfp", "top": "ihs", "lanes": 8 }, { "form": "osfp", "top": "ihs", "lanes": 8 } ] } ] })";
  };
  const std::string spec = R"({ "name": "copper", "nodes": [ { "model": "nvidia-dgx-h100", "count": 32, "unit": 32 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ], "media": { "dac_below_m": 100, "vendors": ["site"] } })";
  const auto of = [&](const std::string& technology, const std::string& watts) {
    const auto energy = energy_of(sound_plan(spec, parts(technology, watts)));
    const auto found =
        std::find_if(energy.links.begin(), energy.links.end(), [&](const LinkEnergy& link) { return link.what == "DAC " + technology; });
    REQUIRE(found != energy.links.end());
    return *found;
  };
  check_energy(of("passive", "null").maximum, Bound::exact, 0);
  check_energy(of("passive", "0.1").maximum, Bound::exact, 125);
  // 12 W at each end of 800G.
  check_energy(of("aec", "12").maximum, Bound::exact, 15'000);
  CHECK(of("aec", "null").maximum.bound == Bound::unknown);
}

TEST_CASE("co-packaged optics take their energy inside of the switch", "[energy]") {
  const auto parts = [](const std::string& energy) {
    return R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
      { "id": "site-photonic", "kind": "switch", "manufacturer": "site", "basis": "datasheet", "source": "s", "protocols": ["infiniband"], "rack_units": 4,
        "power_max_w": 2000, "ports": [ { "name": "fabric", "cages": 64, "form": "co-packaged", "top": "none", "lanes": 4, "lane_gbps": 100,)" +
           energy +
           R"( "optical": { "type": "dr4", "fibre": "smf", "connector": "mpo-12-apc", "lanes": 4, "lane_gbps": 100 }, "reach_m": 500, "loss_budget_db": 3,
        "modes": [ { "ports": 1, "gbps": 400 } ] } ] } ] })";
  };
  const std::string spec = R"({ "name": "light", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4, "unit": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "site-photonic", "tiers": 2, "rails": 8 } ] })";
  const auto plan = sound_plan(spec, parts(R"( "pj_per_bit": 5,)"));
  const auto energy = energy_of(plan);
  const auto between =
      std::find_if(energy.links.begin(), energy.links.end(), [](const LinkEnergy& link) { return link.what == "FIBRE co-packaged"; });
  REQUIRE(between != energy.links.end());
  CHECK(between->links == links(plan, "compute", 1));
  check_energy(between->maximum, Bound::exact, 5'000);
  // 2 W for each end of 400G.
  CHECK(energy.co_packaged == Milliwatts(2'000 * energy.co_packaged_ends));
  CHECK(energy.co_packaged_ends == 32 + 2 * between->links);
  // No total knows of it.
  const auto dark = sound_plan(spec, parts({}));
  CHECK(measure_power(plan).total.maximum == measure_power(dark).total.maximum);
  CHECK(measure_power(plan).network.maximum == measure_power(dark).network.maximum);
  CHECK(energy_of(dark).co_packaged_unknown == energy.co_packaged_ends);
  const auto unknown = energy_of(dark).links;
  const auto lost = std::find_if(unknown.begin(), unknown.end(), [](const LinkEnergy& link) { return link.what == "FIBRE co-packaged"; });
  REQUIRE(lost != unknown.end());
  CHECK(lost->maximum.bound == Bound::unknown);
}

TEST_CASE("classes list what hosts hold, and the total does not count it again", "[energy]") {
  const auto plan = sound_plan(priced_spec("classes"), priced_parts(known_module));
  const auto draws = list_draws(plan);
  const auto classes = measure_class_power(plan, draws);
  const auto& gpus = line(classes, "GPUs of gpu");
  CHECK(gpus.count == 24);
  CHECK(gpus.in_host_maximum == 24);
  CHECK(gpus.maximum.count() == 0);
  const auto& modules = line(classes, "modules");
  CHECK(modules.count == 24);
  CHECK(modules.in_host_maximum == 24);
  // No typical figure holds media, and the node has none.
  CHECK(modules.typical == Milliwatts(288'000));
  CHECK(line(classes, "nodes gpu").unknown_typical == 1);
  CHECK(measure_power(plan, draws).total.maximum == Milliwatts(28'000'000));
  const auto tiers = measure_tier_power(plan, draws);
  REQUIRE(tiers.size() == 2);
  CHECK(tiers[0].name == "node");
  CHECK(tiers[0].media.maximum == Milliwatts(192'000));
  CHECK(tiers[1].name == "leaf");
  CHECK(tiers[1].switches.maximum == Milliwatts(1'000'000));
  CHECK(tiers[1].media.maximum.count() == 0);
  CHECK(tiers[1].media.typical == Milliwatts(144'000));
  // 1,192 W of 28,000 W. Nodes have no typical figure, so nothing is known beside the network.
  const auto share = measure_network_share(measure_power(plan, draws), draws);
  CHECK(share.maximum.bound == Bound::exact);
  CHECK(share.maximum.part == 1'192'000);
  CHECK(share.maximum.whole == 28'000'000);
  CHECK(share.maximum.thousandths == 4'257);
  CHECK(share.typical.bound == Bound::unknown);
  const auto dark = sound_plan(priced_spec("classes"), priced_parts(unknown_module));
  const auto dark_share = measure_network_share(measure_power(dark), list_draws(dark));
  CHECK(dark_share.maximum.bound == Bound::at_least);
  CHECK(dark_share.maximum.thousandths == 3'571);
  CHECK(dark_share.typical.bound == Bound::unknown);
}

TEST_CASE("what is plugged counts against the limits of places", "[energy]") {
  // The switch draws 1,000 W without its twelve modules of 16 W.
  const auto spec = [](const std::string& limit) {
    return R"({ "name": "limits", "nodes": [ { "model": "site-node", "count": 3, "rack": "gpu" } ],
      "racks": [ { "name": "gpu" }, { "name": "net", "max_power_kw": )" +
           limit + R"( } ],
      "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "site-switch", "rack": "net" } ],
      "media": { "dac_below_m": 0, "aoc_up_to_m": 0, "vendors": ["site"] } })";
  };
  const auto parts = priced_parts(known_module, {});
  const auto over = judged(sound_plan(spec("1.191"), parts), Code::limit_exceeded_with_media);
  REQUIRE(over.size() == 1);
  CHECK(over[0].message.find("racks `net` draw up to 1.192 kW") == 0);
  CHECK(over[0].message.find("the limit is 1.191 kW") != std::string::npos);
  CHECK(judged(sound_plan(spec("1.192"), parts), Code::limit_exceeded_with_media).empty());
  // Where the switch's figure holds them they do not count.
  CHECK(judged(sound_plan(spec("1"), priced_parts(known_module)), Code::limit_exceeded_with_media).empty());
  CHECK(judged(sound_plan(spec("1.5"), priced_parts(unknown_module, {})), Code::media_power_unknown_at_limit).size() == 1);
  CHECK(judged(sound_plan(spec("1.5"), parts), Code::media_power_unknown_at_limit).empty());
  const auto hall = [&](const std::string& keys) {
    return sound_plan(priced_spec("hall", R"(, "floor": { "halls": [ { "name": "A", )" + keys + " } ] }"), parts);
  };
  CHECK(judged(hall(R"("max_power_kw": 28.1)"), Code::limit_exceeded_with_media).size() == 1);
  CHECK(judged(hall(R"("max_power_kw": 28.2)"), Code::limit_exceeded_with_media).empty());
  CHECK(judged(hall(R"("max_row_power_kw": 28.1)"), Code::limit_exceeded_with_media).size() == 1);
  // Of `limits` too: the nodes are over it without what is plugged, which is told elsewhere.
  const auto all = judged(sound_plan(priced_spec("all", R"(, "limits": { "max_rack_power_kw": 1.1 })"), parts), Code::limit_exceeded_with_media);
  REQUIRE(all.size() == 1);
  CHECK(all[0].count == 1);
  CHECK(all[0].message.find("racks draw up to 1.192 kW") == 0);
}

TEST_CASE("NICs that the spec adds draw beside their nodes", "[energy]") {
  const std::string parts = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
    { "id": "site-nic", "kind": "nic", "manufacturer": "site", "basis": "datasheet", "source": "s", "pcie": "gen5x16", "power_max_w": 25, "power_typical_w": 20,
      "ports": [ { "name": "port", "cages": 1, "form": "osfp", "top": "rhs", "lanes": 4, "lane_gbps": 100, "modes": [ { "ports": 1, "gbps": 400 } ], "protocols": ["infiniband"] } ] } ] })";
  const auto planned = plan_spec(R"({ "name": "nics", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4,
      "nics": [ { "ports": "compute", "model": "site-nic", "count": 8 } ] } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] })",
                                 parts);
  INFO(planned.text());
  REQUIRE(planned.plan);
  const auto& plan = *planned.plan;
  const auto draws = list_draws(plan);
  const auto nics = line(measure_class_power(plan, draws), "NICs of gpu");
  CHECK(nics.maximum == Milliwatts(4 * 8 * 25'000));
  CHECK(nics.typical == Milliwatts(4 * 8 * 20'000));
  const auto floor = measure_floor_power(plan, draws);
  Milliwatts beside;
  for (std::size_t r = 0; r < floor.racks.size(); ++r) beside += floor.racks[r].filled - floor.racks[r].placed;
  CHECK(beside >= nics.maximum);
}

TEST_CASE("a year is 8,760 hours of the draw", "[energy]") {
  Operations operations;
  const Milliwatts megawatt(1'000'000'000);
  CHECK(yearly_energy(operations, megawatt).equipment_kwh == 8'760'000);
  CHECK_FALSE(yearly_energy(operations, megawatt).facility_kwh);
  CHECK_FALSE(yearly_energy(operations, megawatt).cost);
  operations.microdollars_per_kwh = 80'000;
  // Without a PUE the equipment is what is paid for.
  CHECK(yearly_energy(operations, megawatt).cost == Cents(700'800'00));
  operations.pue_thousandths = 1'300;
  CHECK(yearly_energy(operations, megawatt).facility_kwh == 11'388'000);
  CHECK(yearly_energy(operations, megawatt).cost == Cents(911'040'00));
  operations.utilisation_thousandths = 50'000;
  CHECK(yearly_energy(operations, megawatt).equipment_kwh == 4'380'000);
  CHECK(yearly_energy(operations, megawatt).cost == Cents(455'520'00));
  // 10 GW for a year.
  CHECK(yearly_energy({}, megawatt * 10'000).equipment_kwh == 87'600'000'000);
}

TEST_CASE("operations are read, and nonsense is refused", "[energy]") {
  const auto spec = [](const std::string& operations) { return priced_spec("operations", R"(, "operations": )" + operations); };
  const auto plan = sound_plan(spec(R"({ "pue": 1.25, "usd_per_kwh": 0.0825, "utilisation_percent": 87.5 })"), priced_parts(known_module));
  CHECK(plan.spec.operations.pue_thousandths == 1'250);
  CHECK(plan.spec.operations.microdollars_per_kwh == 82'500);
  CHECK(plan.spec.operations.utilisation_thousandths == 87'500);
  const auto defaulted = sound_plan(spec("{}"), priced_parts(known_module));
  CHECK_FALSE(defaulted.spec.operations.pue_thousandths);
  CHECK(std::count(defaulted.spec.defaults.begin(), defaulted.spec.defaults.end(), "operations.utilisation_percent = 100") == 1);
  const auto refused =
      plan_spec(spec(R"({ "pue": 0.999, "usd_per_kwh": -0.01, "utilisation_percent": 100.001, "wages": 1 })"), priced_parts(known_module));
  CHECK_FALSE(refused.plan);
  CHECK(std::count_if(refused.findings.begin(), refused.findings.end(), [](const Finding& finding) { return finding.code == Code::out_of_range; }) ==
        3);
  CHECK(refused.reports(Code::unknown_key));
  CHECK(plan_spec(spec(R"({ "utilisation_percent": 0 })"), priced_parts(known_module)).reports(Code::out_of_range));
}
