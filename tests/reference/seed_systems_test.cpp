// SPDX-License-Identifier: Apache-2.0
// The systems of examples/README.md: every row's figures, from the spec of its example.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/energy.hpp"
#include "icplan/analysis/halls.hpp"
#include "icplan/analysis/judge.hpp"
#include "icplan/analysis/latency.hpp"
#include "icplan/analysis/transport.hpp"
#include "icplan/analysis/workloads.hpp"
#include "icplan/json/value.hpp"

#include <algorithm>
#include <map>
#include <string>

using namespace icplan;
using namespace icplan::test;

namespace {

/// The plan of an example, with the overlay and the price list that lie beside it.
Planned planned_example(const std::string& folder, const std::string& spec) {
  const auto text = read_source("examples/" + folder + "/" + spec + ".json");
  const auto beside = [&](const std::string& name) {
    return text.find('"' + name + '"') == std::string::npos ? std::string() : read_source("examples/" + folder + "/" + name);
  };
  const auto prices = beside("prices.csv");
  std::map<std::string, std::string> files;
  if (!prices.empty()) files.emplace("prices.csv", prices);
  return sound_planned(text, beside("parts.json"), files);
}

/// The same for an example that has no errors.
Plan example(const std::string& folder, const std::string& spec = "cluster") {
  auto planned = planned_example(folder, spec);
  INFO(planned.text());
  REQUIRE(std::none_of(planned.findings.begin(), planned.findings.end(), [](const Finding& finding) { return finding.severity == Severity::error; }));
  return std::move(*planned.plan);
}

/// What a GPU takes of a fabric, in Mb/s; 0 for a fabric without GPUs.
std::int64_t per_gpu(const Plan& plan, std::string_view fabric = "compute") {
  for (const auto& line : measure_bandwidth(plan)) {
    if (plan.fabric_name(line.fabric) == fabric) return line.per_gpu.value_or(Mbps(0)).count();
  }
  return -1;
}

std::int64_t half_bisection(const Plan& plan, std::string_view fabric = "compute") {
  for (const auto& line : measure_bandwidth(plan)) {
    if (plan.fabric_name(line.fabric) == fabric) return line.bisection_full->count() / 2;
  }
  return -1;
}

std::int64_t cables(const Plan& plan, MediaClass media) {
  for (const auto& line : measure_media(plan)) {
    if (line.media == media) return line.cables;
  }
  return 0;
}

const MediaLine& media_line(const std::vector<MediaLine>& lines, MediaClass media) {
  return *std::find_if(lines.begin(), lines.end(), [&](const MediaLine& line) { return line.media == media; });
}

/// Pieces of a part in the bill of materials, over all lengths and fabrics.
std::int64_t pieces(const Plan& plan, std::string_view part) {
  std::int64_t count = 0;
  for (const auto& row : plan.bom) count += plan.part(row.part).id == part ? row.quantity : 0;
  return count;
}

const Part& part(const Plan& plan, std::string_view id) {
  const auto found = plan.catalog->find(id);
  REQUIRE(found);
  return (*plan.catalog)[*found];
}

std::int64_t modules(const Plan& plan) { return count_plan(plan).modules; }

/// A figure over another in thousandths.
std::int64_t share(std::int64_t figure, std::int64_t of) { return figure * 1000 / of; }

} // namespace

TEST_CASE("system 1 - thousands of GPUs in step get 50 GB/s each, a quarter of it across a thin fabric", "[systems]") {
  const auto full = example("gpt-4o-training");
  CHECK(count_plan(full).gpus == 8192);
  CHECK(per_gpu(full) == 400'000);
  CHECK(half_bisection(full) == 8192 * 200'000LL);
  const auto thin = example("gpt-4o-training", "oversubscribed");
  CHECK(per_gpu(thin) == 400'000);
  CHECK(half_bisection(thin) * 4 == half_bisection(full));
}

TEST_CASE("system 2 - inference takes copper in the rack and modules of 17 W for 800 Gb/s beyond", "[systems]") {
  const auto plan = example("claude-inference");
  CHECK(per_gpu(plan) == 800'000);
  CHECK(cables(plan, MediaClass::dac) == 500);
  CHECK(modules(plan) == 1048);
  CHECK(pieces(plan, "nvidia-mms4x00-nm") + pieces(plan, "nvidia-mms4x00-nm-flt") == 1048);
  // 17 W over 800 Gb/s are 21.25 pJ for a bit.
  CHECK(part(plan, "nvidia-mms4x00-nm").power_max->value.count() * 1000 / 800 == 21'250);
  // Three switches of 700 ns and their cables; what NICs and modules add is not known.
  const auto classes = measure_latency(plan, FabricId(0));
  const auto pod = std::find_if(classes.begin(), classes.end(), [](const LatencyClass& of) { return of.kind == PairClass::same_pod; });
  REQUIRE(pod != classes.end());
  CHECK(pod->least->count() / 1000 == 2'161);
  CHECK(pod->mean->count() / 1000 == 2'200);
  CHECK(pod->most->count() / 1000 == 2'246);
  CHECK(pod->terms.switches.count() == 3 * 700'000);
  CHECK_FALSE(pod->complete());
}

TEST_CASE("system 3 - four active cables of 800G for a node, and DWDM modules between halls", "[systems]") {
  const auto plan = example("gemini-dwdm");
  CHECK(per_gpu(plan, "compute-east") * 4 == 3'200'000);
  CHECK(per_gpu(plan, "compute-west") * 4 == 3'200'000);
  // 32 nodes of four ports in each hall, and as many links to the spines.
  CHECK(cables(plan, MediaClass::aoc) == 2 * (128 + 128));
  CHECK(pieces(plan, "arista-400gbase-zr-qdd") == 64);
  const auto lines = measure_media(plan);
  const auto& light = media_line(lines, MediaClass::osfp);
  CHECK(light.links == 32);
  CHECK(light.shortest > Millimetres(20'000'000));
  const auto crossings = measure_hall_crossings(plan);
  REQUIRE(crossings.size() == 1);
  const auto& between = crossings[0];
  CHECK(between.links == 32);
  CHECK(between.capacity == Mbps(32 * 400'000));
  REQUIRE(between.light);
  CHECK(between.light->wavelengths == 1);
  CHECK(between.light->rate == Mbps(400'000));
  CHECK(between.pairs() == 32);
}

TEST_CASE("system 4 - 800G for each GPU doubles what 400G gives", "[systems]") {
  const auto slow = example("grok-gb200", "400g");
  const auto fast = example("grok-gb200", "800g");
  CHECK(count_plan(slow).gpus == 1152);
  CHECK(count_plan(fast).gpus == 1152);
  CHECK(per_gpu(slow) == 400'000);
  CHECK(per_gpu(fast) == 800'000);
  CHECK(half_bisection(fast) == 2 * half_bisection(slow));
  CHECK(count_plan(slow).switches == 36);
  CHECK(count_plan(fast).switches == 68);
  CHECK(share(measure_power(fast).network.maximum.count(), measure_power(slow).network.maximum.count()) == 1888);
}

TEST_CASE("system 5 - SR4 modules where the spec asks for them, at 400G and 800G", "[systems]") {
  for (const auto& [spec, ports] : std::map<std::string, std::int64_t>{{"400g", 2048}, {"800g", 4096}}) {
    INFO(spec);
    const auto plan = example("llama-deepseek", spec);
    CHECK(per_gpu(plan) == ports / 2048 * 400'000);
    CHECK(pieces(plan, "nvidia-mma1z00-ns400") == ports);
    // A twin-port module for two ports of a leaf or a spine.
    CHECK(pieces(plan, "nvidia-mma4z00-ns") == 3 * ports / 2);
    CHECK(modules(plan) == 5 * ports / 2);
    CHECK(part(plan, "nvidia-mma1z00-ns400").as<ModuleFacts>()->family->type == "sr4");
    CHECK(cables(plan, MediaClass::dac) + cables(plan, MediaClass::aoc) == 0);
  }
}

TEST_CASE("system 6 - two ports of 400GbE for each GB200, and a Gen5 slot that starves them is refused", "[systems]") {
  const auto plan = example("gb200");
  CHECK(count_plan(plan).gpus == 576);
  CHECK(links(plan, "compute", 0) == 2 * 576);
  CHECK(per_gpu(plan) == 800'000);
  CHECK(find_slot_limits(plan).empty());
  const auto starved = planned_example("gb200", "gen5");
  Sink sink;
  judge_plan(*starved.plan, sink);
  REQUIRE(sink.findings().size() == 1);
  CHECK(sink.findings()[0].code == Code::slot_limits_nic);
  CHECK(sink.findings()[0].count == 576);
  const auto limits = find_slot_limits(*starved.plan);
  REQUIRE(limits.size() == 1);
  CHECK(limits[0].ports == Mbps(800'000));
  CHECK(limits[0].slot_rate == Mbps(512'000));
}

TEST_CASE("system 7 - rail-only beside rail-optimised at 32768 GPUs", "[systems]") {
  struct Row {
    std::string radix;
    std::int64_t optimised, only_8, only_256;
    /// Of rail-only with domains of 256, in thousandths of rail-optimised.
    std::int64_t optics, cost, watts;
  };
  for (const auto& row :
       {Row{"64", 2560, 2560, 1536, 666, 575, 637}, Row{"128", 1280, 768, 256, 333, 281, 275}, Row{"256", 384, 384, 256, 500, 560, 716}}) {
    INFO("radix " << row.radix);
    const auto optimised = example("rail-only-savings", "optimized-r" + row.radix);
    const auto only_8 = example("rail-only-savings", "only-8-r" + row.radix);
    const auto only_256 = example("rail-only-savings", "only-256-r" + row.radix);
    CHECK(count_plan(optimised).switches == row.optimised);
    CHECK(count_plan(only_8).switches == row.only_8);
    CHECK(count_plan(only_256).switches == row.only_256);
    CHECK(half_bisection(optimised) == half_bisection(only_256));
    CHECK(share(count_optical_ends(only_256), count_optical_ends(optimised)) == row.optics);
    CHECK(measure_network_cost(only_256).unknown_parts == 0);
    CHECK(share(measure_network_cost(only_256).total.count(), measure_network_cost(optimised).total.count()) == row.cost);
    CHECK(share(measure_power(only_256).network.maximum.count(), measure_power(optimised).network.maximum.count()) == row.watts);
  }
}

TEST_CASE("systems 8 10 12 - copper below 7 m, active cables to 100 m, modules beyond", "[systems]") {
  const auto plan = example("media-bands");
  const auto lines = measure_media(plan);
  CHECK(media_line(lines, MediaClass::dac).longest < Millimetres(7000));
  CHECK(media_line(lines, MediaClass::aoc).shortest >= Millimetres(7000));
  CHECK(media_line(lines, MediaClass::aoc).longest <= Millimetres(100'000));
  CHECK(media_line(lines, MediaClass::osfp).shortest > Millimetres(100'000));
  CHECK(media_line(lines, MediaClass::dac).cables == 448);
  CHECK(media_line(lines, MediaClass::aoc).cables == 384);
  CHECK(media_line(lines, MediaClass::osfp).cables == 96);
  CHECK(modules(plan) > 0);
  CHECK(part(plan, "intel-oci-chiplet").as<ModuleFacts>()->modulator == "silicon-photonics");
}

TEST_CASE("system 9 - co-packaged links take fibre and no module", "[systems]") {
  const auto plan = example("co-packaged");
  CHECK(modules(plan) == 0);
  CHECK(cables(plan, MediaClass::fibre) == 512);
  CHECK(per_gpu(plan) == 64 * 32'000);
  const auto& ports = part(plan, "switch-oci").port_groups().front();
  CHECK(ports.energy->value.count() == 5000);
  const auto link_energy = [](const Plan& of) {
    const auto links = measure_energy(of, list_draws(of)).links;
    REQUIRE(links.size() == 1);
    CHECK(links.front().links == 512);
    return links.front().maximum;
  };
  CHECK(link_energy(plan).bound == Bound::exact);
  CHECK(link_energy(plan).energy.count() == 5'000);
  const auto pluggable = example("co-packaged", "pluggable");
  CHECK(modules(pluggable) == 512);
  CHECK(link_energy(pluggable).energy.count() == 17'000 * 1'000 / 800);
}

TEST_CASE("system 11 - a rack with Pollara 400 takes copper that ends in QSFP112", "[systems]") {
  const auto plan = example("pollara");
  CHECK(per_gpu(plan) == 400'000);
  CHECK(pieces(plan, "amd-pollara-400") == 128);
  CHECK(pieces(plan, "fs-dac-800g-3") == 64);
  CHECK(part(plan, "fs-dac-800g-3").as<CableFacts>()->ends[1].form == Form::qsfp112);
  CHECK(cables(plan, MediaClass::dac) == count_plan(plan).cables);
}

TEST_CASE("system 13 - eight ports of 800G for each GPU, a claim", "[systems]") {
  const auto plan = example("stargate");
  CHECK(links(plan, "compute", 0) == 8 * 512);
  CHECK(per_gpu(plan) == 6'400'000);
  CHECK(count_plan(plan).switches == 320);
  CHECK(part(plan, "stargate-node").basis == Basis::claim);
  CHECK(part(plan, "openai-stargate-custom").basis == Basis::claim);
}

TEST_CASE("system 14 - Vulcano 800", "[systems]") {
  const auto plan = example("vulcano");
  CHECK(per_gpu(plan) == 800'000);
  CHECK(links(plan, "compute", 0) == 256);
  CHECK(shared_transports(plan, FabricId(0)) == std::vector<std::string>{"uec-1.0"});
  CHECK(part(plan, "amd-vulcano-800").as<NicFacts>()->transport == std::vector<std::string>{"uec-1.0"});
}

TEST_CASE("system 15 - eight planes for a mixture of experts", "[systems]") {
  const auto plan = example("moe");
  CHECK(count_plan(plan).gpus == 2048);
  CHECK(switches(plan, "compute", 1) == 64);
  CHECK(switches(plan, "compute", 2) == 32);
  CHECK(per_gpu(plan) == 400'000);
}

TEST_CASE("system 16 - a lean and a lavish network for the same GPUs", "[systems]") {
  const auto lean = example("economics", "lean");
  const auto lavish = example("economics", "lavish");
  CHECK(per_gpu(lean) == per_gpu(lavish));
  CHECK(half_bisection(lean) == half_bisection(lavish));
  CHECK(measure_network_cost(lean).unknown_parts + measure_network_cost(lavish).unknown_parts == 0);
  CHECK(share(measure_network_cost(lavish).total.count(), measure_network_cost(lean).total.count()) == 3428);
  CHECK(share(measure_power(lavish).network.maximum.count(), measure_power(lean).network.maximum.count()) == 2233);
}

TEST_CASE("system 17 - all three classes in one cluster over two halls", "[systems]") {
  const auto plan = example("two-halls");
  CHECK(cables(plan, MediaClass::dac) == 472);
  CHECK(cables(plan, MediaClass::aoc) == 168);
  CHECK(cables(plan, MediaClass::osfp) == 256);
  std::int64_t in_bands = 0;
  for (const auto& band : measure_length_bands(plan)) {
    for (const auto count : band.cables) in_bands += count;
  }
  CHECK(in_bands == 472 + 168 + 256);
}

TEST_CASE("system 18 - four generations for 1024 GPUs", "[systems]") {
  for (const std::int64_t gbps : {100, 200, 400, 800}) {
    INFO(gbps);
    const auto plan = example("generations", std::to_string(gbps) + "g");
    CHECK(count_plan(plan).gpus == 1024);
    CHECK(per_gpu(plan) == gbps * 1000);
    CHECK(half_bisection(plan) == 512 * gbps * 1000);
  }
}

TEST_CASE("system 18 - deepseek v3 misses its requirement at 100G alone", "[systems]") {
  double before = 0;
  for (const std::int64_t gbps : {800, 400, 200, 100}) {
    INFO(gbps);
    const auto plan = example("generations", std::to_string(gbps) + "g");
    const auto measured = measure_workloads(plan);
    REQUIRE(measured.reports.size() == 2);
    const auto& deepseek = measured.reports[1];
    REQUIRE(deepseek.stated_overlap);
    CHECK(deepseek.stated_overlap->seconds > before);
    before = deepseek.stated_overlap->seconds;
    Sink sink;
    judge_plan(plan, sink);
    CHECK(sink.has_errors() == (gbps == 100));
  }
  CHECK(before == Approx(45.672).epsilon(1e-4));
}

TEST_CASE("system 15 - deepseek v3 exchanges petabytes all to all", "[systems]") {
  const auto measured = measure_workloads(example("moe"));
  const auto& training = measured.reports.front();
  REQUIRE(training.layout);
  CHECK(training.patterns.back().pattern == TrafficPattern::expert);
  CHECK(training.patterns.back().scale_out_s == Approx(5.364).epsilon(1e-3));
  CHECK(training.step_bytes / 1e12 == Approx(595.1).epsilon(1e-3));
  CHECK(*training.bytes_per_s / 1e12 == Approx(29.9).epsilon(1e-2));
  CHECK(*training.run_bytes / 1e15 == Approx(139'989).epsilon(1e-3));
}

TEST_CASE("system 1 - what a claim asks of the network is shown beside what there is", "[systems]") {
  const auto full = measure_workloads(example("gpt-4o-training"));
  CHECK(full.reports.front().available == Approx(50e9));
  CHECK(full.reports.front().requirement == RequirementStatus::not_judged);
  CHECK(full.network->scale_up == 450e9);
  const auto thin = measure_workloads(example("gpt-4o-training", "oversubscribed"));
  CHECK(thin.reports.front().available < 13e9);
}

TEST_CASE("system 5 - steps of llama 3 and deepseek v3 at 400G and 800G", "[systems]") {
  const auto slow = measure_workloads(example("llama-deepseek", "400g")).reports;
  const auto fast = measure_workloads(example("llama-deepseek", "800g")).reports;
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE(slow[i].no_overlap);
    CHECK(fast[i].no_overlap->seconds < slow[i].no_overlap->seconds);
  }
  CHECK(slow[1].stated_overlap->seconds == Approx(19.926).epsilon(1e-4));
}
