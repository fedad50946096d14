// SPDX-License-Identifier: Apache-2.0
// The workloads of the catalogs against what their makers publish.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/judge.hpp"
#include "icplan/analysis/workloads.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

const Catalog& catalog() {
  static const auto shipped = sound_plan(R"({ "name": "tiny", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] })")
                                  .catalog;
  return *shipped;
}

Workload known(const std::string& id) {
  Sink sink;
  const auto found = catalog().workloads().find(id);
  REQUIRE(found != catalog().workloads().end());
  auto workload = read_workload(found->second, sink);
  REQUIRE(workload);
  return *workload;
}

/// Domains of 8 GPUs; rates in bytes per second.
WorkloadNetwork network(const std::string& gpu, std::int64_t gpus, double scale_up, double scale_out) {
  WorkloadNetwork made;
  made.gpus = gpus;
  made.domain = 8;
  made.scale_up = scale_up;
  made.injection = made.ring = made.all_to_all = scale_out;
  made.ring_binds = made.all_to_all_binds = "node-leaf";
  made.gpu = gpu;
  return made;
}

double gigabytes(const WorkloadReport& report, TrafficPattern wanted, bool up = false) {
  for (const auto& pattern : report.patterns) {
    if (pattern.pattern == wanted) return (up ? pattern.scale_up_bytes : pattern.scale_out_bytes) / 1e9;
  }
  return 0;
}

} // namespace

TEST_CASE("llama 3 on 16384 H100 sends what its configuration says, at the published rate") {
  const auto workload = known("llama-3-405b");
  const auto report = measure_workload(workload, network("nvidia-h100-sxm", 16384, 450e9, 50e9));
  REQUIRE(report.layout);
  CHECK(report.layout->data == 128);
  CHECK(report.layout->sequences == 16);
  CHECK(report.layout->tokens == 16'777'216);
  // 405,853,388,800 parameters over 128 GPUs: FP32 reduce-scatter 12.584 GB and BF16 gather 6.292 GB.
  CHECK(gigabytes(report, TrafficPattern::data) == Approx(18.876).epsilon(1e-4));
  CHECK(gigabytes(report, TrafficPattern::tensor, true) == Approx(236.76 + 59.19).epsilon(1e-4));
  CHECK(gigabytes(report, TrafficPattern::pipeline) == Approx(1.074).epsilon(1e-3));
  // 6 N D of the run is the 3.8e25 of the paper's section 3.2.
  CHECK(flops_per_token(workload, CountedAttention::none) * 15.6e12 == Approx(3.8e25).epsilon(1e-3));
  // On the published network the step is that of 400 TFLOPS for each GPU.
  REQUIRE(report.stated_overlap);
  CHECK(report.stated_overlap->seconds == Approx(2435120332800.0 * 16'777'216 / (16384 * 400e12)).epsilon(1e-9));
  CHECK(report.stated_overlap->seconds == Approx(6.234).epsilon(1e-4));
  CHECK(report.stated_overlap->stretch == 1);
  REQUIRE(report.run_bytes);
  CHECK(*report.run_bytes / 1e15 == Approx(303'918).epsilon(1e-4));
}

TEST_CASE("long sequences of llama 3 add context parallelism") {
  const auto report = measure_workload(known("llama-3-405b-long"), network("nvidia-h100-sxm", 16384, 450e9, 50e9));
  REQUIRE(report.layout);
  CHECK(report.layout->data == 8);
  CHECK(report.layout->tokens == 16'777'216);
  CHECK(gigabytes(report, TrafficPattern::context) == Approx(15.854).epsilon(1e-4));
  CHECK(gigabytes(report, TrafficPattern::data) == Approx(18.876).epsilon(1e-4));
}

TEST_CASE("deepseek v3 on 2048 H800 handles the published tokens a day") {
  const auto workload = known("deepseek-v3");
  const auto report = measure_workload(workload, network("nvidia-h800-sxm", 2048, 200e9, 50e9));
  REQUIRE(report.layout);
  CHECK(report.layout->data == 128);
  CHECK(report.layout->tokens == 62'914'560);
  CHECK(gigabytes(report, TrafficPattern::expert) == Approx(268.2).epsilon(1e-3));
  CHECK(gigabytes(report, TrafficPattern::expert, true) == Approx(536.4).epsilon(1e-3));
  CHECK(gigabytes(report, TrafficPattern::data) == Approx(4.239 + 2.120 + 1.277 + 0.639).epsilon(1e-3));
  CHECK(gigabytes(report, TrafficPattern::pipeline) == Approx(14.093).epsilon(1e-3));
  REQUIRE(report.stated_overlap);
  const auto tokens_a_day = static_cast<double>(report.layout->tokens) / report.stated_overlap->seconds * 86'400;
  CHECK(tokens_a_day == Approx(272.8e9).epsilon(1e-3));
  // 180,000 GPU hours for 1e12 tokens.
  CHECK(1e12 / static_cast<double>(report.layout->tokens) * report.stated_overlap->seconds * 2048 / 3600 == Approx(180'000).epsilon(2e-3));
  // The published 385 TFLOPS of each GPU count causal attention.
  const auto rate = flops_per_token(workload, CountedAttention::causal) * static_cast<double>(report.layout->tokens) / (2048 * 19.926);
  CHECK(rate == Approx(385e12).epsilon(0.015));
  CHECK(flops_per_token(workload, CountedAttention::whole) * static_cast<double>(report.layout->tokens) / (2048 * 19.926) ==
        Approx(432e12).epsilon(0.015));
  REQUIRE(report.run_bytes);
  CHECK(*report.run_bytes / 1e15 == Approx(139'989).epsilon(1e-3));
}

TEST_CASE("gpt 3 on 1024 A100 takes around 32 seconds a step") {
  const auto report = measure_workload(known("gpt-3-175b"), network("nvidia-a100-sxm", 1024, 300e9, 25e9));
  REQUIRE(report.layout);
  CHECK(gigabytes(report, TrafficPattern::data) == Approx(4.774).epsilon(1e-3));
  CHECK(gigabytes(report, TrafficPattern::tensor, true) == Approx(608.81).epsilon(1e-4));
  CHECK(gigabytes(report, TrafficPattern::pipeline) == Approx(19.327).epsilon(1e-4));
  REQUIRE(report.stated_overlap);
  CHECK(report.stated_overlap->seconds == Approx(32).epsilon(1e-9));
}

TEST_CASE("the bound on decoding is the one that deepseek states") {
  auto workload = known("deepseek-v3-decode-bound");
  const auto time = [&](std::int64_t domain, double scale_up, double scale_out) {
    auto on = network("nvidia-h800-sxm", 2048, scale_up, scale_out);
    on.domain = domain;
    return *measure_workload(workload, on).inference;
  };
  CHECK(*time(8, 200e9, 50e9).all_to_all_s * 1e6 == Approx(123.863).epsilon(1e-5));
  // "7K" in the source.
  workload.model.hidden = 7000;
  CHECK(*time(8, 200e9, 50e9).all_to_all_s * 1e6 == Approx(120.96).epsilon(1e-12));
  CHECK(*time(8, 200e9, 50e9).token_s * 1e3 == Approx(14.757).epsilon(1e-4));
  CHECK(1 / *time(8, 200e9, 50e9).token_s == Approx(67).epsilon(0.015));
  // One domain of 256 GPUs with 900 GB/s each.
  CHECK(*time(256, 900e9, 50e9).all_to_all_s * 1e6 == Approx(6.72).epsilon(1e-12));
  CHECK(*time(256, 900e9, 50e9).token_s * 1e3 == Approx(0.82).epsilon(1e-3));
  CHECK(1 / *time(256, 900e9, 50e9).token_s == Approx(1200).epsilon(0.02));
}

TEST_CASE("published rates of serving need more than 100G for each GPU") {
  const auto status = [](const std::string& id, double scale_out) {
    return measure_workload(known(id), network("nvidia-h800-sxm", 1024, 200e9, scale_out)).requirement;
  };
  for (const std::string id : {"deepseek-v3-decode", "deepseek-v3-prefill"}) {
    INFO(id);
    CHECK(status(id, 12.5e9) == RequirementStatus::missed);
    CHECK(status(id, 25e9) == RequirementStatus::met);
    CHECK(status(id, 50e9) == RequirementStatus::met);
  }
  const auto prefill = measure_workload(known("deepseek-v3-prefill"), network("nvidia-h800-sxm", 1024, 200e9, 50e9));
  REQUIRE(prefill.inference);
  // 4,026 tokens a second, three copies each, take 15.06 GB/s.
  CHECK(prefill.inference->scale_out_bytes * 4026 / 1e9 == Approx(15.06).epsilon(1e-3));
  const auto llama = measure_workload(known("llama-3-405b-inference"), network("nvidia-h100-sxm", 16, 450e9, 50e9));
  REQUIRE(llama.inference);
  CHECK(llama.inference->scale_up_bytes / 1e6 == Approx(7.23).epsilon(1e-3));
  CHECK(llama.inference->scale_out_bytes == Approx(32'768));
}

TEST_CASE("of four generations of network the one of 100G cannot carry deepseek v3") {
  const auto card = [](const std::string& id, const std::string& form, int lane) {
    return R"({ "id": ")" + id +
           R"(", "kind": "nic", "manufacturer": "generic", "basis": "generic", "source": "s", "orderable": false, "pcie": "gen4x16",
      "ports": [ { "name": "port", "cages": 1, "form": ")" +
           form + R"(", "top": "none", "lanes": 4, "lane_gbps": )" + std::to_string(lane) + R"(, "modes": [ { "ports": 1, "gbps": )" +
           std::to_string(4 * lane) + R"( } ], "protocols": ["ethernet"] } ] })";
  };
  const auto overlay = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "planning parts" } }, "parts": [ )" +
                       card("nic-100g", "qsfp28", 25) + ", " + card("nic-200g", "qsfp56", 50) + " ] }";
  const auto generation = [&](const std::string& nic, const std::string& pcie, const std::string& leaf) {
    return sound_plan(R"({ "name": "generation", "nodes": [ { "group": "gpu", "model": "dell-xe9680-h100", "count": 128, "unit": 32,
      "nics": [ { "ports": "compute", "model": ")" +
                          nic + R"(", "count": 8, "pcie": ")" + pcie + R"(" } ] } ],
      "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": ")" +
                          leaf + R"(" } ],
      "workloads": [ { "workload": "llama-3-405b", "requirement": { "max_stretch": 1.1 } },
                     { "workload": "deepseek-v3", "requirement": { "max_stretch": 1.1 } } ] })",
                      overlay);
  };
  struct Outcome {
    double rate;
    double llama;
    double deepseek;
    bool fails;
  };
  std::vector<Outcome> outcomes;
  for (const auto& plan : {generation("nic-100g", "gen4x16", "nvidia-sn4600c"), generation("nic-200g", "gen4x16", "nvidia-sn4700"),
                           generation("nvidia-bf3-b3140h", "gen5x16", "nvidia-sn5610"), generation("nvidia-cx8-c8240", "gen6x16", "nvidia-sn5610")}) {
    const auto measured = measure_workloads(plan);
    REQUIRE(measured.network);
    REQUIRE(measured.reports.size() == 2);
    for (const auto& report : measured.reports) REQUIRE(report.no_overlap);
    Sink sink;
    judge_plan(plan, sink);
    const auto findings = sink.sorted();
    const auto missed = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
      return finding.code == Code::workload_requirement_missed && finding.message.find("`deepseek-v3`") != std::string::npos;
    });
    CHECK(sink.errors() == static_cast<std::size_t>(missed));
    outcomes.push_back(
        {measured.network->injection * 8 / 1e9, measured.reports[0].no_overlap->seconds, measured.reports[1].no_overlap->seconds, missed == 1});
  }
  CHECK(outcomes[0].fails);
  CHECK_FALSE(outcomes[1].fails);
  CHECK_FALSE(outcomes[2].fails);
  CHECK_FALSE(outcomes[3].fails);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    CHECK(outcomes[i].rate == 100 * (1 << i));
    if (i == 0) continue;
    CHECK(outcomes[i].llama < outcomes[i - 1].llama);
    CHECK(outcomes[i].deepseek < outcomes[i - 1].deepseek);
  }
  // 570.9 GB of one GPU, 536.4 of them all-to-all, at 12.5 GB/s, over 2 x 19.761 s of arithmetic.
  CHECK(outcomes[0].deepseek == Approx(39.521 + 570.905 / 12.5).epsilon(1e-4));
}
