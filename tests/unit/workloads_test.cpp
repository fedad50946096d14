// SPDX-License-Identifier: Apache-2.0
// Workloads of specs: how they are read, laid over GPUs, timed and judged.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/judge.hpp"
#include "icplan/analysis/workloads.hpp"
#include "icplan/report/collectives.hpp"
#include "icplan/report/workloads.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

/// 32 nodes of 8 H100 with 400G each, and workloads.
std::string spec(const std::string& workloads, const std::string& more = {}) {
  return R"({ "name": "case", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 32 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ])" +
         more + R"(, "workloads": [ )" + workloads + " ] }";
}

/// A dense model of 8 layers on 2 pipeline ranks of 8 GPUs; 1 PFLOP a token.
std::string dense(const std::string& more) {
  return R"({ "id": "mine", "kind": "training", "model": { "parameters": 64000000000, "layers": 8, "hidden": 1000 },
    "parallelism": { "tensor": 8, "pipeline": 2 }, "batch": { "sequence_tokens": 1000, "sequences": 160 })" +
         (more.empty() ? more : ", " + more) + " }";
}

std::vector<Finding> judged(const Plan& plan) {
  Sink sink;
  judge_workloads(plan, sink);
  return sink.sorted();
}

const PatternTraffic& pattern(const WorkloadReport& report, TrafficPattern wanted) {
  const auto found = std::find_if(report.patterns.begin(), report.patterns.end(), [&](const auto& traffic) { return traffic.pattern == wanted; });
  REQUIRE(found != report.patterns.end());
  return *found;
}

} // namespace

TEST_CASE("mistakes in workloads are findings at their place") {
  const std::vector<std::pair<Code, std::string>> cases = {
      {Code::wrong_type, "7"},
      {Code::unknown_workload, R"("llama-3-405")"},
      {Code::unknown_workload, R"({ "workload": "gpt-9" })"},
      {Code::missing_key, R"({ "kind": "training" })"},
      {Code::missing_key, R"({ "id": "mine" })"},
      {Code::missing_key, R"({ "id": "mine", "kind": "training" })"},
      {Code::missing_key, R"({ "id": "mine", "kind": "inference" })"},
      {Code::missing_key, R"({ "id": "mine", "kind": "requirement" })"},
      {Code::unknown_word, R"({ "id": "mine", "kind": "trainning" })"},
      {Code::unknown_word, R"({ "id": "a\u001bb", "kind": "requirement", "requirement": { "min_gbps_per_gpu": 1 } })"},
      {Code::duplicate_name, R"("llama-3-405b", "llama-3-405b")"},
      {Code::duplicate_name, R"({ "id": "mine", "kind": "training" }, )" + dense("")},
      {Code::duplicate_name, dense("") + R"(, { "id": "mine", "kind": "trainning" })"},
      {Code::duplicate_name, R"({ "workload": "gpt-9", "id": "mine" }, )" + dense("")},
      {Code::unknown_key, dense(R"("batchs": 1)")},
      {Code::unknown_key, R"({ "workload": "llama-3-405b", "model": { "layer": 3 } })"},
      {Code::out_of_range, R"({ "workload": "llama-3-405b", "model": { "layers": 0 } })"},
      {Code::conflicting_values, R"({ "workload": "llama-3-405b", "parallelism": { "pipeline": 127 } })"},
      {Code::conflicting_values, R"({ "workload": "llama-3-405b", "model": { "active_parameters": 500000000000 } })"},
      {Code::conflicting_values, R"({ "workload": "llama-3-405b", "inference": { "gpus": 8 } })"},
      {Code::conflicting_values, R"({ "workload": "llama-3-405b", "requirement": { "max_ms_per_token": 8 } })"},
      {Code::conflicting_values, R"({ "workload": "deepseek-v3-decode", "requirement": { "max_stretch": 2 } })"},
      {Code::conflicting_values, dense(R"("compute": { "tflops_per_gpu": 1, "mfu_percent": 1 })")},
      {Code::conflicting_values, R"({ "id": "mine", "kind": "requirement", "requirement": {}, "run_tokens": 5 })"},
      {Code::missing_key, dense(R"("published": { "gpu": "nvidia-h100-sxm", "gpus": 8 })")},
      {Code::missing_key, R"({ "workload": "llama-3-405b", "parallelism": { "expert": 8 } })"},
      {Code::missing_key,
       R"({ "id": "mine", "kind": "training", "model": { "parameters": 1, "layers": 8, "hidden": 8 }, "parallelism": { "context": 2 },
                             "batch": { "sequence_tokens": 8, "sequences": 8 } })"},
      {Code::unknown_word, R"({ "workload": "llama-3-405b", "overlap": { "data": "yes" } })"},
  };
  for (const auto& [code, workloads] : cases) {
    const auto planned = plan_spec(spec(workloads));
    INFO(workloads << "\n" << planned.text());
    CHECK_FALSE(planned.plan);
    REQUIRE(planned.reports(code));
    CHECK_FALSE(planned.find(code)->help.empty());
    CHECK(planned.find(code)->where.valid());
  }
  const auto misspelt = plan_spec(spec(R"("llama-3-405")"));
  CHECK(misspelt.find(Code::unknown_workload)->help == "did you mean `llama-3-405b`?");
}

TEST_CASE("all mistakes in workloads are reported in one go") {
  const auto planned = plan_spec(spec(R"("gpt-9", { "id": "mine", "kind": "training", "model": { "layers": 0, "hidden": 8 }, "bites": 1 })"));
  INFO(planned.text());
  CHECK(planned.reports(Code::unknown_workload));
  CHECK(planned.reports(Code::out_of_range));
  CHECK(planned.reports(Code::unknown_key));
  CHECK(planned.reports(Code::missing_key));
}

TEST_CASE("a spec states figures of a known workload anew and keeps the others") {
  const auto plan = sound_plan(spec(R"({ "workload": "llama-3-405b", "id": "short", "batch": { "sequences": 512 }, "overlap": null })"));
  REQUIRE(plan.spec.workloads.size() == 1);
  const auto& workload = *plan.spec.workloads.front();
  CHECK(workload.id == "short");
  CHECK(workload.sequences == 512);
  CHECK(workload.sequence_tokens == 8192);
  CHECK_FALSE(workload.overlap_stated);
  REQUIRE(workload.base);
  CHECK(workload.base->sequences == 2048);
  CHECK(workload.base->overlap_stated);
}

TEST_CASE("ranks lie in scale-up domains as far as whole groups fit") {
  WorkloadDegrees degrees;
  degrees.tensor = 8;
  degrees.expert = 16;
  CHECK(share_domain(degrees, 8).tensor == 8);
  CHECK(share_domain(degrees, 8).expert == 1);
  CHECK(share_domain(degrees, 72).expert == 8);
  CHECK(share_domain(degrees, 4).tensor == 4);
  CHECK(share_domain(degrees, 1).tensor == 1);
  degrees.tensor = 1;
  degrees.expert = 64;
  CHECK(share_domain(degrees, 72).expert == 64);
  CHECK(share_domain(degrees, 8).expert == 8);

  Workload workload;
  workload.degrees = degrees;
  workload.degrees.pipeline = 2;
  workload.sequence_tokens = 10;
  workload.sequences = 100;
  std::int64_t least = 0;
  // 64 of the 72 GPUs of each of 16 domains.
  const auto layout = lay_out(workload, 1152, 72, least);
  REQUIRE(layout);
  CHECK(least == 128);
  CHECK(layout->gpus == 1024);
  CHECK(layout->data == 512);
  // 100 sequences over 512 ranks: each has one.
  CHECK(layout->sequences == 1);
  CHECK(layout->tokens == 5120);
  CHECK_FALSE(lay_out(workload, 127, 8, least));
  CHECK(lay_out(workload, 1152, 8, least)->gpus == 1152);
}

TEST_CASE("times of a step follow from bytes, rates and what may hide") {
  const auto plan = sound_plan(spec(dense(R"("compute": { "tflops_per_gpu": 400 }, "run_tokens": 1600000, "overlap": { "data": "hidden" },
    "bytes": { "gradient": 4, "parameter": 2, "activation": 2 })")));
  const auto reports = measure_workloads(plan).reports;
  REQUIRE(reports.size() == 1);
  const auto& report = reports.front();
  REQUIRE(report.layout);
  CHECK(report.layout->gpus == 256);
  CHECK(report.layout->data == 16);
  CHECK(report.layout->sequences == 10);
  // 6 x 64e9 x 160,000 tokens over 256 GPUs of 400 TFLOPS.
  REQUIRE(report.compute_s);
  CHECK(*report.compute_s == Approx(0.6).epsilon(1e-12));
  // 4e9 parameters on a GPU, 6 bytes each, 15/16 of them, at 50 GB/s.
  const auto& data = pattern(report, TrafficPattern::data);
  CHECK(data.scale_out_bytes == Approx(22.5e9).epsilon(1e-12));
  CHECK(data.scale_out_s == Approx(0.45).epsilon(1e-12));
  // 8 rounds of 7/8 of 2 MB for 4 layers and 10 sequences, at 450 GB/s.
  const auto& tensor = pattern(report, TrafficPattern::tensor);
  CHECK(tensor.scale_up_bytes == Approx(0.56e9).epsilon(1e-12));
  CHECK(tensor.scale_out_bytes == 0);
  CHECK(tensor.binds == "scale-up");
  // Both ways for 10 sequences.
  const auto& pipeline = pattern(report, TrafficPattern::pipeline);
  CHECK(pipeline.scale_out_bytes == Approx(0.04e9).epsilon(1e-12));
  const double up = 0.56 / 450;
  REQUIRE(report.no_overlap);
  CHECK(report.no_overlap->seconds == Approx(0.6 + 0.45 + up + 0.0008).epsilon(1e-12));
  CHECK(report.no_overlap->stretch == Approx((1.0508 + up) / (0.6 + up)).epsilon(1e-12));
  REQUIRE(report.stated_overlap);
  CHECK(report.stated_overlap->seconds == Approx(0.6 + up + 0.0008).epsilon(1e-12));
  REQUIRE(report.full_overlap);
  CHECK(report.full_overlap->seconds == Approx(0.6).epsilon(1e-12));
  CHECK(report.full_overlap->stretch == 1);
  REQUIRE(report.run_bytes);
  CHECK(*report.run_bytes == Approx(10 * 256 * 22.54e9).epsilon(1e-12));
  CHECK(report.requirement == RequirementStatus::none);
}

TEST_CASE("a domain that is too small sends tensor traffic over the network") {
  const auto plan = sound_plan(spec(R"({ "id": "wide", "kind": "training", "model": { "parameters": 64000000000, "layers": 8, "hidden": 1000 },
    "parallelism": { "tensor": 16 }, "batch": { "sequence_tokens": 1000, "sequences": 160 }, "compute": { "mfu_percent": 40 } })"));
  const auto report = measure_workloads(plan).reports.front();
  const auto& tensor = pattern(report, TrafficPattern::tensor);
  CHECK(tensor.in_domain == 8);
  // 8 x 2 MB x 8 layers x 10 sequences: 7/8 in the domain, and half of an eighth beyond.
  CHECK(tensor.scale_up_bytes == Approx(1.12e9).epsilon(1e-12));
  CHECK(tensor.scale_out_bytes == Approx(0.08e9).epsilon(1e-12));
  CHECK(*report.compute_s == Approx(6 * 64e9 * 160'000 / (256 * 0.4 * 989e12)).epsilon(1e-12));
}

TEST_CASE("a requirement that is missed is an error, one that is met is none") {
  const auto outcome = [](const std::string& requirement, const std::string& more = {}) {
    const auto plan = sound_plan(spec(dense(R"("compute": { "tflops_per_gpu": 400 }, "requirement": )" + requirement), more));
    return judged(plan);
  };
  // 1.0508 s beside 0.6 s.
  const auto missed = outcome(R"({ "max_stretch": 1.74 })");
  REQUIRE(missed.size() == 1);
  CHECK(missed.front().code == Code::workload_requirement_missed);
  CHECK(missed.front().severity == Severity::error);
  CHECK(missed.front().message.find("above `max_stretch` of 1.74") != std::string::npos);
  CHECK(missed.front().help.find("`node-leaf`") != std::string::npos);
  CHECK(outcome(R"({ "max_stretch": 1.75 })").empty());
  CHECK(outcome(R"({ "min_gbps_per_gpu": 400 })").empty());
  const auto slow = outcome(R"({ "min_gbps_per_gpu": 400.5 })");
  REQUIRE(slow.size() == 1);
  CHECK(slow.front().message == "workload `mine`: the network gives a GPU 400 Gb/s, below `min_gbps_per_gpu` of 400.5");
}

TEST_CASE("a requirement that rests on a claim judges only where claims are accepted") {
  const auto shown = judged(sound_plan(spec(R"("gpt-4o-class-training")")));
  REQUIRE(shown.size() == 1);
  CHECK(shown.front().code == Code::requirement_not_accepted);
  CHECK(shown.front().severity == Severity::note);
  const auto accepted = judged(sound_plan(spec(R"("gpt-4o-class-training")", R"(, "accept": ["claim"])")));
  REQUIRE(accepted.size() == 1);
  CHECK(accepted.front().code == Code::workload_requirement_missed);
  const auto stated = judged(sound_plan(spec(R"({ "workload": "gpt-4o-class-training", "requirement": { "min_gbps_per_gpu": 400 } })")));
  CHECK(stated.empty());
}

TEST_CASE("what cannot be judged is an error") {
  const auto unknown = judged(sound_plan(spec(dense(R"("requirement": { "max_stretch": 2 })"))));
  REQUIRE(unknown.size() == 1);
  CHECK(unknown.front().code == Code::workload_cannot_be_judged);
  CHECK(unknown.front().message == "workload `mine`: neither `compute` nor `published` states a rate of arithmetic");
  const auto silent = judged(sound_plan(spec(R"({ "workload": "deepseek-v3-decode", "requirement": { "max_ms_per_token": 50 } })")));
  REQUIRE(silent.size() == 1);
  CHECK(silent.front().code == Code::workload_cannot_be_judged);
  const auto small = judged(sound_plan(spec(R"("deepseek-v3")")));
  REQUIRE(small.size() == 1);
  CHECK(small.front().code == Code::workload_does_not_fit);
  CHECK(small.front().message == "workload `deepseek-v3` needs at least 1,024 GPUs, and has 256");
  const auto few = judged(sound_plan(spec(R"({ "workload": "llama-3-405b", "gpus": 512 })")));
  REQUIRE(few.size() == 1);
  CHECK(few.front().code == Code::workload_does_not_fit);
}

TEST_CASE("a rate of other GPUs is scaled by the peaks, or not known") {
  const auto b200 = [](const std::string& workload) {
    const auto plan = sound_plan(R"({ "name": "b", "nodes": [ { "model": "nvidia-dgx-b200", "count": 16 } ],
      "fabrics": [ { "name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700" } ], "workloads": [ )" +
                                 workload + " ] }");
    return measure_workloads(plan).reports.front().compute_s;
  };
  const auto h100 = measure_workloads(sound_plan(spec(R"({ "workload": "llama-3-405b", "gpus": 128 })"))).reports.front().compute_s;
  REQUIRE(h100);
  const auto faster = b200(R"("llama-3-405b")");
  REQUIRE(faster);
  CHECK(*h100 / *faster == Approx(2250.0 / 989).epsilon(1e-12));
  CHECK_FALSE(b200(R"({ "workload": "llama-3-405b", "published": { "peak_tflops": null } })"));
}

TEST_CASE("workloads appear in reports only where a spec states them") {
  const auto quiet = sound_plan(spec(""));
  CHECK(plan_json(quiet).find("all_to_all_gbps_per_gpu") == std::string::npos);
  const auto titles = [](const Plan& plan) {
    std::string out;
    for (const auto& section : summarise_plan(plan)) out += section.title + ";";
    return out;
  };
  CHECK(titles(quiet).find("Workloads") == std::string::npos);
  const auto busy = sound_plan(spec(R"("llama-3-405b", "deepseek-v3-prefill", "moe-all-to-all")"));
  CHECK(titles(busy).find("Workloads") != std::string::npos);
  CHECK(plan_json(busy).find("all_to_all_gbps_per_gpu") != std::string::npos);
  const auto rows = csv_rows(workloads_csv(busy));
  REQUIRE(rows.size() == 4);
  for (const auto& row : rows) CHECK(row.size() == rows.front().size());
  CHECK(workload_sections(busy).size() == 4);
}

TEST_CASE("GPUs of no known model share no domain, wherever they are listed", "[workloads]") {
  constexpr auto overlay = R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
    { "id": "site-node", "kind": "node", "manufacturer": "site", "basis": "datasheet", "source": "s", "gpus": 8, "rack_units": 8,
      "ports": [ { "name": "compute", "cages": 4, "nics": 8, "form": "osfp", "top": "rhs", "lanes": 8, "modes": [ { "ports": 2, "gbps": 400 } ],
        "protocols": ["infiniband"] } ] } ] })";
  const std::string known = R"({ "group": "known", "model": "nvidia-dgx-h100", "count": 4 })";
  const std::string unknown = R"({ "group": "unknown", "model": "site-node", "count": 4 })";
  for (const auto& nodes : {known + ", " + unknown, unknown + ", " + known}) {
    INFO(nodes);
    const auto plan = sound_plan(R"({ "name": "two", "nodes": [ )" + nodes +
                                     R"( ], "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] })",
                                 overlay);
    const auto network = workload_network(plan);
    REQUIRE(network);
    CHECK(network->gpus == 64);
    CHECK(network->domain == 1);
    CHECK_FALSE(network->scale_up);
  }
}

TEST_CASE("workloads and collectives over ports that are no compute ports say so", "[workloads]") {
  const auto on = [](const std::string& fabric) {
    return sound_plan(R"({ "name": "ports", "nodes": [ { "model": "nvidia-dgx-h100", "count": 16 } ],
      "fabrics": [ { "name": ")" +
                      fabric + R"(", "topology": "fat-tree", "leaf": "nvidia-qm9700" } ], "workloads": ["moe-all-to-all"] })");
  };
  const std::string remark = "fabric storage joins GPUs through their `storage` ports, which are not `compute` ports\n";
  const auto texts = [](const Plan& plan) {
    return std::vector<std::string>{render_text("x", workload_sections(plan)), render_text("x", collective_sections(plan, false))};
  };
  for (const auto& text : texts(on("storage"))) CHECK(text.find(remark) != std::string::npos);
  for (const auto& text : texts(on("compute"))) CHECK(text.find("joins GPUs through") == std::string::npos);
}

TEST_CASE("workloads of overlays replace those of the catalogs as parts do", "[workloads]") {
  SourceMap sources;
  Catalog catalog;
  Sink sink;
  const auto add = [&](bool overlay, int gbps) {
    const auto text =
        R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "workloads": [ { "id": "w", "basis": "datasheet", "source": "s",
      "kind": "requirement", "requirement": { "min_gbps_per_gpu": )" +
        std::to_string(gbps) + " } } ] }";
    catalog.add(sources, sources.add("w.json", text), overlay, sink);
  };
  const auto asked = [&] { return read_workload(catalog.workloads().at("w"), sink)->requirement.min_per_gpu; };
  add(false, 100);
  add(true, 200);
  REQUIRE(sink.findings().size() == 1);
  CHECK(sink.findings().back().code == Code::part_replaced);
  CHECK(asked() == Mbps(200'000));
  add(true, 200);
  CHECK(sink.findings().size() == 1);
  add(true, 400);
  REQUIRE(sink.findings().size() == 2);
  CHECK(sink.findings().back().code == Code::overlays_differ);
  CHECK(asked() == Mbps(200'000));
}

TEST_CASE("one scale-up domain has no rates between domains to print", "[workloads]") {
  const auto plan = sound_plan(R"({ "name": "one", "nodes": [ { "model": "nvidia-dgx-h100", "count": 1 } ],
    "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ],
    "workloads": [ { "id": "mine", "kind": "requirement", "claim": { "text": "fast" } } ] })");
  const auto text = render_text("one", workload_sections(plan));
  CHECK(text.find("400 Gb/s of injection, and joins no two scale-up domains; its domain of 8 GPUs") != std::string::npos);
  CHECK(text.find("to neighbours") == std::string::npos);
}
