// SPDX-License-Identifier: Apache-2.0
// Single failures of designs whose shares can be worked out by hand, and limits on them.
#include "icplan/analysis/failures.hpp"
#include "icplan/report/failures.hpp"
#include "support/catch.hpp"
#include "support/plans.hpp"

#include <string>

using namespace icplan;
using namespace icplan::test;

namespace {

const WorstFailure& worst(const FabricFailures& fabric, FailureKind kind, std::int64_t tier = 0) {
  for (const auto& row : fabric.worst) {
    if (row.failure.kind == kind && row.tier == tier) return row;
  }
  throw std::logic_error("no such failure");
}

std::string rails(std::int64_t nodes, const std::string& more = {}, const std::string& limits = {}) {
  return R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":)" + std::to_string(nodes) +
         R"(,"unit":32}],"fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700")" + more + "}]" + limits + "}";
}

constexpr auto two_ports = R"({"model":"nvidia-dgx-h100","count":64,"nics":[{"ports":"compute","model":"nvidia-bf3-b3220","count":8}]})";

} // namespace

TEST_CASE("failures of a rail-optimised fabric leave what arithmetic says", "[failures]") {
  const auto plan = sound_plan(rails(127));
  const auto all = measure_failures(plan);
  REQUIRE(all.size() == 1);
  const auto& fabric = all.front();
  CHECK(fabric.members == 127);
  CHECK(fabric.nodes == 127);
  CHECK_FALSE(fabric.peers);

  const auto& link = worst(fabric, FailureKind::link);
  CHECK(link.cases == 1'016 + 1'024);
  CHECK(link.outcome.node == Share(875'000));
  CHECK(link.outcome.affected == 1);
  CHECK(link.outcome.nic == Share(0));
  CHECK(failure_name(plan, link.failure) == "gpu-0001/compute-1.1 to compute-leaf-0001/1.1");

  const auto& leaf = worst(fabric, FailureKind::switch_, 1);
  CHECK(leaf.cases == 32);
  CHECK(leaf.outcome.cut_off == 0);
  CHECK(leaf.outcome.affected == 32);
  CHECK(leaf.outcome.node == Share(875'000));
  CHECK(failure_name(plan, leaf.failure) == "compute-leaf-0001");

  // Two links to each of 16 spines.
  const auto& spine = worst(fabric, FailureKind::switch_, 2);
  CHECK(spine.cases == 16);
  CHECK(spine.outcome.affected == 127);
  CHECK(spine.outcome.node == Share(937'500));
  CHECK(spine.outcome.nic == Share(937'500));

  // Twin-port cages of a DGX hold two rails.
  const auto& cage = worst(fabric, FailureKind::cage);
  CHECK(cage.outcome.affected == 1);
  CHECK(cage.outcome.node == Share(750'000));
  CHECK(failure_name(plan, cage.failure) == "cage gpu-0001/compute-1");
}

TEST_CASE("nodes on one leaf are cut off with it, and by the loss of the only spine", "[failures]") {
  const auto plan = sound_plan(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":8}],"fabrics":[{"topology":"fat-tree","leaf":"nvidia-qm9700","tiers":2}]})");
  const auto all = measure_failures(plan);
  const auto& leaf = worst(all.front(), FailureKind::switch_, 1);
  CHECK(leaf.outcome.cut_off == 4);
  CHECK(leaf.outcome.node == Share(0));
  CHECK(worst(all.front(), FailureKind::switch_, 2).outcome.cut_off == 8);
  // Both leaves and the spine stand in the only network rack.
  CHECK(worst(all.front(), FailureKind::rack).outcome.cut_off == 8);
}

TEST_CASE("the loss of uplinks takes what they carried from the nodes of their leaf", "[failures]") {
  // Cages of a leaf hold two of its 32 uplinks; nodes have one of eight rails there, so a cage of a node takes more. Four links from node to leaf make the
  // uplinks the worse ones.
  const auto plan = sound_plan(rails(64));
  const auto text = failures_csv(plan);
  CHECK(worst(measure_failures(plan).front(), FailureKind::cage).outcome.node == Share(750'000));
  CHECK(text.find("compute,link,,1024,") != std::string::npos);
}

TEST_CASE("headroom above hides the loss of a spine", "[failures]") {
  // Units of 16 nodes leave half of the down ports free, but uplinks for the whole leaf.
  const auto plan = sound_plan(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":40,"unit":32}],
    "fabrics":[{"topology":"rail-optimized","leaf":"nvidia-qm9700"}]})");
  const auto all = measure_failures(plan);
  // The second unit holds 8 of 32 nodes: it loses nothing. The first one does.
  CHECK(worst(all.front(), FailureKind::switch_, 2).outcome.affected == 32);
  CHECK(worst(all.front(), FailureKind::switch_, 1).outcome.affected == 32);
}

TEST_CASE("dual-ToR and planes leave every NIC a port", "[failures]") {
  const std::string nodes = two_ports;
  const auto single = sound_plan(R"({"name":"x","nodes":[)" + nodes + R"(],"fabrics":[{"topology":"rail-optimized","leaf":"nvidia-sn5600","port_speed_gbps":200}]})");
  const auto dual = sound_plan(R"({"name":"x","nodes":[)" + nodes + R"(],"fabrics":[{"topology":"dual-tor","leaf":"nvidia-sn5600","port_speed_gbps":200}]})");
  const auto alone = measure_failures(single);
  const auto both = measure_failures(dual);
  CHECK(worst(alone.front(), FailureKind::switch_, 1).outcome.nic == Share(0));
  CHECK(worst(both.front(), FailureKind::switch_, 1).outcome.nic == Share(500'000));
  CHECK(worst(both.front(), FailureKind::switch_, 1).outcome.cut_off == 0);
  const auto& plane = worst(both.front(), FailureKind::plane);
  CHECK(plane.cases == 2);
  CHECK(plane.outcome.cut_off == 0);
  CHECK(plane.outcome.node == Share(500'000));
  CHECK(plane.outcome.affected == 64);
}

TEST_CASE("a rack takes its own nodes along, and they are no victims", "[failures]") {
  const auto plan = sound_plan(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":8,"nodes_per_rack":4}],
    "racks":[{"name":"rack","model":"generic-48u-1200","max_power_kw":45}],"floor":{"switches":"top-of-rack"},
    "fabrics":[{"topology":"fat-tree","leaf":"nvidia-qm9700","tiers":2}]})");
  const auto all = measure_failures(plan);
  const auto& row = worst(all.front(), FailureKind::row);
  CHECK(row.outcome.lost == 8);
  CHECK(row.outcome.cut_off == 0);
}

TEST_CASE("limits on failures are judged and name what fails", "[failures]") {
  const auto broken = plan_spec(rails(64, {}, R"(,"limits":{"max_nodes_cut_off":0,"min_share_after_failure_percent":{"switch":90,"link":87.5}})"));
  REQUIRE(broken.plan);
  const auto* finding = broken.find(Code::limit_exceeded);
  REQUIRE(finding == nullptr);
  Sink sink;
  judge_failures(*broken.plan, sink);
  REQUIRE(sink.findings().size() == 1);
  CHECK(sink.findings().front().code == Code::limit_exceeded);
  CHECK(sink.findings().front().message ==
        "the loss of compute-leaf-0001 leaves a node 87.5 % of the bandwidth of fabric `compute`, below the 90 % of `min_share_after_failure_percent` for a switch");
  const auto single = plan_spec(R"({"name":"x","nodes":[{"model":"nvidia-dgx-h100","count":8}],"fabrics":[{"topology":"fat-tree","leaf":"nvidia-qm9700","tiers":2}],
    "limits":{"max_nodes_cut_off":{"switch":3,"plane":0}}})");
  REQUIRE(single.plan);
  Sink more;
  judge_failures(*single.plan, more);
  REQUIRE(more.findings().size() == 1);
  CHECK(more.findings().front().message ==
        "the loss of compute-spine-0001 cuts off 8 nodes of fabric `compute`, above the 3 of `max_nodes_cut_off` for a switch");
}

TEST_CASE("limits on failures of unknown kinds and out of range are errors", "[failures]") {
  const auto planned = plan_spec(rails(64, {}, R"(,"limits":{"max_nodes_cut_off":{"leaf":0},"min_share_after_failure_percent":101})"));
  CHECK_FALSE(planned.plan);
  CHECK(planned.reports(Code::unknown_key));
  CHECK(planned.reports(Code::out_of_range));
}

TEST_CASE("reports of failures have one row for each kind", "[failures]") {
  const auto plan = sound_plan(rails(64));
  CHECK(failures_csv(plan).find("compute,switch,spine,") != std::string::npos);
  CHECK(failures_json(plan).find("\"format\": \"icplan.failures/1\"") != std::string::npos);
  const auto sections = failure_sections(plan);
  REQUIRE(sections.size() == 1);
  CHECK(sections.front().table.rows.size() == csv_rows(failures_csv(plan)).size() - 1);
}
