// SPDX-License-Identifier: Apache-2.0
// A site's own catalogs: parts that are added, replaced and disabled, and what contradicts itself.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

std::string document(const std::string& members) {
  return R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site", "url": null } }, )" + members + " }";
}

std::string part(const std::string& id, const std::string& kind, const std::string& more = {}) {
  return R"({ "id": ")" + id + R"(", "kind": ")" + kind + R"(", "manufacturer": "m", "basis": "datasheet", "source": "s")" + more + " }";
}

std::string parts(const std::string& list) { return document(R"("parts": [ )" + list + " ]"); }

/// A shipped catalog of one GPU and one rack, and overlays over it.
struct Laid {
  SourceMap sources;
  Catalog catalog;
  Sink sink;

  explicit Laid(const std::vector<std::string>& overlays) {
    catalog.add(sources, sources.add("shipped.json", parts(part("maker-gpu", "gpu", R"(, "price_usd": 100)") + ", " + part("maker-rack", "rack"))),
                false, sink);
    for (std::size_t i = 0; i < overlays.size(); ++i)
      catalog.add(sources, sources.add("site-" + std::to_string(i + 1) + ".json", overlays[i]), true, sink);
    catalog.check_references(sink);
  }
  /// The codes of all findings, each with the text of its message.
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const auto& finding : sink.sorted()) out.append(code_text(finding.code)).append(" ").append(finding.message).append("\n");
    return out;
  }
  [[nodiscard]] const Part& part_named(std::string_view id) const { return catalog[catalog.find(id).value()]; }
};

constexpr auto tiny = R"({ "name": "case", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
  "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] })";

std::set<std::string> media_of(const Plan& plan) {
  std::set<std::string> ids;
  for (const auto& row : plan.bom) {
    if (row.kind == "dac" || row.kind == "module" || row.kind == "fibre") ids.insert(plan.part(row.part).id);
  }
  return ids;
}

} // namespace

TEST_CASE("an overlay adds and replaces", "[catalog]") {
  const Laid laid({parts(part("maker-gpu", "gpu", R"(, "price_usd": 90)") + ", " + part("site-kit", "accessory"))});
  CHECK(laid.text() == "IC2002 `maker-gpu` replaces the catalog's part of that name\n");
  CHECK(laid.part_named("maker-gpu").price->value == Cents(9'000));
  CHECK(laid.catalog.is_overlaid(laid.catalog.find("maker-gpu").value()));
  CHECK(laid.catalog.is_overlaid(laid.catalog.find("site-kit").value()));
  CHECK_FALSE(laid.catalog.is_overlaid(laid.catalog.find("maker-rack").value()));
}

TEST_CASE("overlays that describe a part differently are refused in either order", "[catalog]") {
  const auto cheap = parts(part("maker-gpu", "gpu", R"(, "price_usd": 90)"));
  const auto dear = parts(part("maker-gpu", "gpu", R"(, "price_usd": 95)"));
  const Laid first({cheap, dear});
  CHECK(first.text() == "IC2002 `maker-gpu` replaces the catalog's part of that name\n"
                        "IC2008 `maker-gpu` has another `price_usd` in site-1.json, line 1\n");
  CHECK(first.sink.errors() == 1);
  CHECK(Laid({dear, cheap}).sink.errors() == 1);
  // The same words again, in another order and with the number written differently.
  const auto again =
      document(R"("parts": [ { "kind": "gpu", "id": "maker-gpu", "manufacturer": "m", "source": "s", "basis": "datasheet", "price_usd": 90.00 } ])");
  CHECK(Laid({cheap, again}).sink.errors() == 0);
  const Laid added({parts(part("site-kit", "accessory")), parts(part("site-kit", "accessory", R"(, "weight_kg": 2, "pack": 3)"))});
  CHECK(added.text() == "IC2008 `site-kit` has another `weight_kg` and `pack` in site-1.json, line 1\n");
}

TEST_CASE("an overlay cannot make another kind of a part", "[catalog]") {
  const Laid laid({parts(part("maker-rack", "gpu"))});
  CHECK(laid.text() == "IC2009 `maker-rack` is a gpu here, but a rack in shipped.json, line 1\n");
  CHECK(laid.part_named("maker-rack").kind == PartKind::rack);
}

TEST_CASE("disabled parts are out of use", "[catalog]") {
  const Laid laid({document(R"("disable": ["maker-gpu"])")});
  CHECK(laid.text().empty());
  CHECK(laid.catalog.of_kind(PartKind::gpu).empty());
  CHECK(laid.catalog.sorted().size() == 2);
  const auto* disabling = laid.catalog.disabled(laid.catalog.find("maker-gpu").value());
  REQUIRE(disabling != nullptr);
  CHECK(disabling->file == "site-1.json");
  CHECK(laid.catalog.disabled(laid.catalog.find("maker-rack").value()) == nullptr);
}

TEST_CASE("what cannot be disabled is refused", "[catalog]") {
  CHECK(Laid({document(R"("disable": ["maker-gpus"])")}).sink.findings().front().help == "did you mean `maker-gpu`?");
  // The part may come with an earlier overlay, the same or a later one.
  const auto kit = parts(part("site-kit", "accessory"));
  const auto no_kit = document(R"("disable": ["site-kit"])");
  for (const auto& overlays : std::vector<std::vector<std::string>>{
           {kit, no_kit}, {no_kit, kit}, {document(R"("disable": ["site-kit"], "parts": [ )" + part("site-kit", "accessory") + " ]")}}) {
    const Laid laid(overlays);
    CHECK(laid.text() == "IC2010 `site-kit` is disabled here, but an overlay describes it\n");
    CHECK(laid.sink.errors() == 1);
  }
  const Laid typed({document(R"("disable": [ 7 ])")});
  CHECK(typed.sink.findings().front().code == Code::wrong_type);
  Catalog shipped;
  SourceMap sources;
  Sink sink;
  shipped.add(sources, sources.add("shipped.json", document(R"("disable": ["maker-gpu"], "parts": [])")), false, sink);
  REQUIRE(sink.findings().size() == 1);
  CHECK(sink.findings().front().code == Code::wrong_disable);
}

TEST_CASE("a plan never uses a disabled part", "[catalog]") {
  const auto usual = plan_spec(tiny);
  REQUIRE(usual.plan);
  const auto media = media_of(*usual.plan);
  REQUIRE(media.size() >= 3);
  for (const auto& id : media) {
    INFO(id);
    const auto without = plan_spec(tiny, document(R"("disable": [")" + id + R"("])"));
    INFO(without.text());
    REQUIRE(without.plan);
    CHECK(media_of(*without.plan).count(id) == 0);
    CHECK(check_plan(*without.plan).empty());
    // The check itself sees a part that it must not find.
    auto spoilt = *plan_spec(tiny).plan;
    spoilt.catalog = without.plan->catalog;
    const auto broken = check_plan(spoilt);
    REQUIRE_FALSE(broken.empty());
    CHECK(broken.front().find("is disabled") != std::string::npos);
  }
}

TEST_CASE("a spec that names a disabled part is told which file disables it", "[catalog]") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"nvidia-qm9700", "`nvidia-qm9700` is disabled by overlay.json"},
      {"nvidia-dgx-h100", "`nvidia-dgx-h100` is disabled by overlay.json"},
      {"nvidia-h100-sxm", "`nvidia-dgx-h100` holds `nvidia-h100-sxm`, which is disabled by overlay.json"},
      {"generic-48u-1200", "`generic-48u-1200` is disabled by overlay.json"},
  };
  for (const auto& [id, message] : cases) {
    INFO(id);
    const auto planned = plan_spec(tiny, document(R"("disable": [")" + id + R"("])"));
    CHECK_FALSE(planned.plan);
    REQUIRE(planned.reports(Code::disabled_part));
    CHECK(planned.text().find(message) != std::string::npos);
  }
}

TEST_CASE("a disabled accessory is not ordered, but one in the box comes along", "[catalog]") {
  const auto switch_with = [](const std::string& disable) {
    return R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site", "url": null } }, )" + disable + R"("parts": [
      { "id": "site-switch", "kind": "switch", "manufacturer": "m", "basis": "datasheet", "source": "s", "rack_units": 1, "protocols": ["infiniband"],
        "extras": [ { "part": "generic-rail-kit", "quantity": 2 }, { "part": "generic-power-cord", "quantity": 2, "included": true } ],
        "ports": [ { "name": "fabric", "cages": 32, "form": "osfp", "top": "ihs", "lanes": 8, "lane_gbps": 100, "modes": [ { "ports": 2, "gbps": 400 } ] } ] } ] })";
  };
  const auto accessories = [](const Planned& planned) {
    std::string list;
    for (const auto& row : planned.plan->bom) {
      if (row.kind != "accessory") continue;
      list += planned.plan->part(row.part).id + " " + std::to_string(row.quantity) + (row.included_in.valid() ? " included;" : ";");
    }
    return list;
  };
  const std::string spec = R"({ "name": "case", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "site-switch" } ] })";
  const auto usual = plan_spec(spec, switch_with(""));
  INFO(usual.text());
  REQUIRE(usual.plan);
  CHECK(accessories(usual) == "generic-power-cord 2 included;generic-rail-kit 2;");
  const auto without = plan_spec(spec, switch_with(R"("disable": ["generic-rail-kit", "generic-power-cord"], )"));
  INFO(without.text());
  REQUIRE(without.plan);
  CHECK(accessories(without) == "generic-power-cord 2 included;");
  CHECK(check_plan(*without.plan).empty());
}
