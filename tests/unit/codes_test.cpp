// SPDX-License-Identifier: Apache-2.0
// Findings of the spec, the catalogs, the fabric, the floor and the limits, from inputs other than the examples of code_examples_test.cpp.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/analysis/analysis.hpp"
#include "icplan/analysis/judge.hpp"

#include <string>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

struct Case {
  Code code;
  std::string spec;
  std::string overlay;
};

/// A spec of one node group and one fabric, with members added to each object.
std::string spec(const std::string& top, const std::string& nodes = {}, const std::string& fabric = {}) {
  const auto more = [](const std::string& members) { return members.empty() ? members : ", " + members; };
  return R"({ "name": "case", "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 4)" + more(nodes) +
         R"( } ], "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700")" + more(fabric) + " } ]" + more(top) +
         " }";
}

/// A whole fabric in place of the usual one.
std::string with_fabric(const std::string& fabric, const std::string& nodes = R"("model": "nvidia-dgx-h100", "count": 4)") {
  return R"({ "name": "case", "nodes": [ { )" + nodes + R"( } ], "fabrics": [ { )" + fabric + " } ] }";
}

std::string catalog(const std::string& parts) {
  return R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [ )" + parts + " ] }";
}

const std::string site_node =
    R"({ "id": "site-node", "kind": "node", "manufacturer": "site", "basis": "datasheet", "source": "s", "gpu": "nvidia-h100-sxm", "gpus": 8,
  "ports": [ { "name": "compute", "cages": 4, "nics": 8, "form": "osfp", "top": "rhs", "lanes": 8, "modes": [ { "ports": 2, "gbps": 400 } ], "protocols": ["infiniband"] } ])";

bool reports(const Case& example) {
  const auto planned = plan_spec(example.spec, example.overlay);
  INFO(code_text(example.code) << "\n" << planned.text());
  CHECK(planned.reports(example.code));
  for (const auto& finding : planned.findings) {
    if (finding.severity == Severity::error) CHECK_FALSE(finding.help.empty());
  }
  return planned.reports(example.code);
}

} // namespace

TEST_CASE("findings of the spec can be brought about in other ways") {
  const std::vector<Case> cases = {
      {Code::nothing_attached, with_fabric(R"("name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700", "attach": [])"), {}},
      {Code::no_such_ports, spec({}, {}, R"("attach": [ { "group": "gpu", "ports": "wireless" } ])"), {}},
      {Code::ports_used_twice,
       R"({ "name": "case", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ], "fabrics": [ { "name": "a", "topology": "fat-tree", "leaf": "nvidia-qm9700" },
            { "name": "b", "topology": "fat-tree", "leaf": "nvidia-qm9700" } ] })",
       {}},
      {Code::ports_used_twice, spec({}, {}, R"("attach": [ { "group": "gpu", "count": 4 }, { "group": "gpu", "count": 4 } ])"), {}},
      {Code::cluster_too_large,
       with_fabric(R"("name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700")", R"("model": "nvidia-dgx-h100", "count": 1000000)"),
       {}},
      {Code::key_without_effect, with_fabric(R"("name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700", "rails": 3)"), {}},
      {Code::unknown_name, spec(R"("media": { "vendors": ["NVDIA"] })"), {}},
      {Code::unknown_word, spec(R"("floor": { "halls": [ { "name": "A,1" } ] })"), {}},
      {Code::unknown_word, spec({}, {}, R"("reserved_ports": [ { "count": 1, "for": "a\u001bb" } ])"), {}},
      {Code::unknown_word, spec({}).replace(11, 4, "a\\nb"), {}},
      {Code::gpus_without_fabric,
       R"({ "name": "case", "nodes": [ { "group": "a", "model": "nvidia-dgx-h100", "count": 4 }, { "group": "b", "model": "nvidia-dgx-h100", "count": 4 } ],
            "fabrics": [ { "name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700", "attach": [ { "group": "a" } ] } ] })",
       {}},
      {Code::ports_not_usable,
       R"({ "name": "case", "nodes": [ { "group": "a", "model": "nvidia-dgx-h100", "count": 4 }, { "group": "b", "model": "nvidia-dgx-b300", "count": 4 } ],
            "fabrics": [ { "name": "storage", "topology": "fat-tree", "leaf": "nvidia-qm9700" } ] })",
       {}},
      {Code::duplicate_name,
       R"({ "name": "case", "nodes": [ { "group": "compute-leaf", "model": "nvidia-dgx-h100", "count": 4 } ],
            "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] })",
       {}},
  };
  for (const auto& example : cases) CHECK(reports(example));
}

TEST_CASE("findings of the catalogs can be brought about in other ways") {
  SourceMap sources;
  Catalog loaded;
  Sink sink;
  loaded.add(sources, sources.add("a.json", catalog(site_node + " }")), false, sink);
  loaded.add(sources, sources.add("b.json", catalog(site_node + R"(, "power_typical_w": 2, "power_max_w": 1 })")), false, sink);
  loaded.add(
      sources,
      sources.add(
          "c.json",
          catalog(
              R"({ "id": "hot", "kind": "module", "manufacturer": "site", "basis": "datasheet", "source": "s", "power_typical_w": 2, "power_max_w": 1 })")),
      false, sink);
  loaded.add(sources, sources.add("d.json", catalog(site_node + " }")), true, sink);
  loaded.add(sources, sources.add("e.json", catalog(R"({ "id": "x", "kind": "gpu", "manufacturer": "site", "basis": "datasheet", "source": "t" })")),
             false, sink);
  loaded.add(sources, sources.add("f.json", catalog(R"({ "id": "y", "kind": "gpu", "manufacturer": "site" })")), false, sink);
  const auto before = sink.errors();
  loaded.add(sources, sources.add("g.json", catalog(site_node + " }, " + site_node + " }")), true, sink);
  CHECK(sink.errors() == before + 1);
  loaded.add(sources,
             sources.add("h.json", catalog(R"({ "id": "=A,b", "kind": "gpu", "manufacturer": "site", "basis": "datasheet", "source": "s" })")), true,
             sink);
  CHECK(sink.errors() == before + 2);
  CHECK_FALSE(loaded.find("=A,b"));
  loaded.check_references(sink);
  lint_catalog(loaded, sink);
  std::string codes;
  for (const auto& finding : sink.sorted()) codes += code_text(finding.code) + " ";
  for (const auto code : {Code::duplicate_part, Code::part_replaced, Code::unknown_source, Code::missing_source, Code::broken_reference,
                          Code::implausible_figure, Code::never_fits}) {
    INFO(code_text(code));
    CHECK(codes.find(code_text(code)) != std::string::npos);
  }
}

TEST_CASE("findings of the fabric can be brought about in other ways") {
  const std::vector<Case> cases = {
      {Code::rails_do_not_divide, with_fabric(R"("name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700", "homing": 3)"), {}},
  };
  for (const auto& example : cases) CHECK(reports(example));
}

TEST_CASE("findings of the floor can be brought about in other ways") {
  const auto limited = [](const std::string& racks) { return R"("racks": [ { "name": "r", "model": ")" + racks + " } ]"; };
  const auto site = [](const std::string& top) {
    return with_fabric(R"("name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700")", R"("model": "site-node", "count": 2)")
        .insert(1, top.empty() ? "" : top + ", ");
  };
  const std::vector<Case> cases = {
      {Code::unknown_rack_units, site({}), catalog(site_node + " }")},
      {Code::unknown_power_in_limited_rack, site(limited(R"(generic-48u-1200", "max_power_kw": 40)")), catalog(site_node + R"(, "rack_units": 8 })")},
      {Code::unknown_weight_in_limited_rack, site(limited(R"(apc-ar3300")")), catalog(site_node + R"(, "rack_units": 8 })")},
  };
  for (const auto& example : cases) CHECK(reports(example));
  const auto far = plan_spec(with_fabric(R"("name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700")",
                                         R"("model": "nvidia-dgx-h100", "count": 2048, "unit": 32, "nodes_per_rack": 1)")
                                 .insert(1, R"("floor": { "row_pitch_m": 1000, "halls": [ { "name": "A", "racks_per_row": 1 } ] }, )"));
  INFO(far.text());
  CHECK(far.reports(Code::length_too_long));
}

TEST_CASE("a limit whose figure is unknown is not met") {
  const auto planned =
      plan_spec(with_fabric(R"("name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700")", R"("model": "site-node", "count": 2)")
                    .insert(1, R"("limits": { "max_rack_power_kw": 100 }, )"),
                catalog(site_node + R"(, "rack_units": 8 })"));
  INFO(planned.text());
  REQUIRE(planned.plan);
  Sink sink;
  judge_plan(*planned.plan, sink);
  REQUIRE(sink.findings().size() == 1);
  CHECK(sink.findings().front().code == Code::limit_cannot_be_judged);
}

TEST_CASE("nics of the spec take the place of the model's own") {
  const auto plan = sound_plan(with_fabric(
      R"("name": "compute", "topology": "fat-tree", "leaf": "nvidia-sn5600")",
      R"("model": "nvidia-dgx-h100", "count": 4, "nics": [ { "ports": "compute", "model": "nvidia-cx7-qsfp112", "count": 8, "pcie": "gen4x16" } ])"));
  std::int64_t nics = 0;
  for (const auto& row : plan.bom) {
    if (row.kind == "nic" && !row.included_in.valid()) nics += row.quantity;
  }
  CHECK(nics == 32);
}

TEST_CASE("a pcie slot limits the ports of its own nic") {
  const auto per_gpu = [](const std::string& attach) {
    const auto planned = plan_spec(with_fabric(R"("name": "compute", "topology": "fat-tree", "leaf": "nvidia-sn5600")" + attach,
                                               R"("group": "gpu", "model": "nvidia-dgx-h100", "count": 4,
      "nics": [ { "ports": "compute", "model": "nvidia-cx8-c8240", "count": 2, "pcie": "gen5x16" } ])"));
    INFO(planned.text());
    REQUIRE(planned.plan);
    const auto bandwidth = measure_bandwidth(*planned.plan);
    CHECK(bandwidth.front().slot_limited);
    return bandwidth.front().per_gpu->count();
  };
  CHECK(per_gpu("") == 128'000);
  CHECK(per_gpu(R"(, "attach": [ { "group": "gpu", "ports": "compute", "count": 2 } ])") == 64'000);
}

TEST_CASE("reserved ports count when a size is chosen or refused") {
  const auto fat_tree = [](std::int64_t count, const std::string& more) {
    return plan_spec(with_fabric(R"("name": "compute", "topology": "fat-tree", "leaf": "nvidia-qm9700")" + more,
                                 R"("model": "nvidia-dgx-h100", "count": )" + std::to_string(count)));
  };
  const auto two_tiers = fat_tree(8, R"(, "reserved_ports": [ { "per_switch": 1 } ])");
  INFO(two_tiers.text());
  REQUIRE(two_tiers.plan);
  CHECK(switches(*two_tiers.plan, "compute", 2) > 0);
  CHECK(check_plan(*two_tiers.plan).empty());
  const auto one = [](std::int64_t count) {
    return plan_spec(
        with_fabric(R"("name": "compute", "topology": "single-switch", "leaf": "nvidia-qm9700", "reserved_ports": [ { "per_switch": 2 } ])",
                    R"("model": "nvidia-dgx-h100", "count": )" + std::to_string(count)));
  };
  CHECK(one(7).plan);
  CHECK(one(8).reports(Code::reserved_ports_do_not_fit));
  CHECK(one(9).text().find("the largest that fits is 7 nodes") != std::string::npos);
  const auto units = [](std::int64_t count) {
    return plan_spec(
        with_fabric(R"("name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "tiers": 2, "reserved_ports": [ { "count": 4 } ])",
                    R"("model": "nvidia-dgx-h100", "unit": 32, "count": )" + std::to_string(count)));
  };
  CHECK(units(300).text().find("in 2 tiers is 255 nodes") != std::string::npos);
  CHECK(units(256).reports(Code::reserved_ports_do_not_fit));
  CHECK(units(255).plan);
}
