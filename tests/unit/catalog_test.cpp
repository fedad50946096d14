// SPDX-License-Identifier: Apache-2.0
// Reading catalog entries: every field arrives exactly, with the basis that its address gives it.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/base/text.hpp"
#include "icplan/catalog/catalog.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace icplan;

namespace {

/// A catalog of one file, and what reading it found.
struct Read {
  SourceMap sources;
  Catalog catalog;
  Sink sink;

  explicit Read(const std::string& parts) {
    const auto text =
        R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "maker", "url": null }, "t": { "title": "third", "url": null } }, "parts": [ )" +
        parts + " ] }";
    catalog.add(sources, sources.add("parts.json", text), false, sink);
  }
  [[nodiscard]] const Part& part(std::string_view id) const { return catalog[catalog.find(id).value()]; }
};

const std::string common = R"("manufacturer": "Maker", "name": "n", "description": "d", "basis": "datasheet", "source": "s")";

template <class Q> void check_figure(const MaybeFigure<Q>& figure, std::int64_t count, Basis basis) {
  REQUIRE(figure.has_value());
  CHECK(figure->value == Q(count));
  CHECK(figure->basis == basis);
}

} // namespace

TEST_CASE("module figures of the optical side are read exactly", "[catalog]") {
  const Read read(R"({ "id": "m", "kind": "module", )" + common + R"(,
    "figures": { "loss_budget_db": { "basis": "secondary", "source": "t" }, "optical": { "basis": "claim", "source": "t" }, "optical.lanes": { "basis": "secondary", "source": "t" } },
    "form": "osfp", "top": "ihs", "lanes": 8, "lane_gbps": 100, "protocols": ["ethernet"], "optical_ports": 1, "reach_m": 2000, "min_reach_m": 0.5,
    "loss_budget_db": 4.025, "modulator": "silicon-photonics",
    "optical": { "type": "fr4", "fibre": "smf", "connector": "lc-duplex", "lanes": 4, "lane_gbps": 100, "wavelength_nm": [1331, 1271, 1291.5, 1311] } })");
  REQUIRE(read.sink.findings().empty());
  const auto& part = read.part("m");
  const auto& module = *part.as<ModuleFacts>();
  check_figure(module.min_reach, 500, Basis::datasheet);
  check_figure(module.loss_budget, 4025, Basis::secondary);
  CHECK(module.modulator == "silicon-photonics");
  CHECK(module.wavelengths == std::vector<Picometres>{Picometres(1'271'000), Picometres(1'291'500), Picometres(1'311'000), Picometres(1'331'000)});
  CHECK(figure_basis(part, "optical.lanes") == Basis::secondary);
  CHECK(figure_basis(part, "optical.lane_gbps") == Basis::claim);
  CHECK(figure_sources(part, "optical.lane_gbps") == std::vector<std::string>{"t"});
  CHECK(figure_basis(part, "reach_m") == Basis::datasheet);
}

TEST_CASE("cables fibres and utp have a body", "[catalog]") {
  const std::string body = R"("diameter_mm": 9.125, "weight_kg_per_m": 0.120001, "bend_radius_mm": 39.5)";
  const Read read(R"({ "id": "c", "kind": "cable", )" + common + R"(, "class": "dac", "technology": "passive", "lengths_m": [1], )" + body + R"( },
    { "id": "f", "kind": "fibre", )" +
                  common + R"(, "figures": { "attenuation_db_per_km": { "basis": "unconfirmed", "source": "t" } },
      "fibre": "smf", "grade": "os2", "connector_a": "mpo-12-apc", "connector_b": "mpo-12-apc", "tails": 1, "length_step_m": 1, "max_length_m": 50,
      "attenuation_db_per_km": 0.4, "connector_loss_db": 0.35, "fibre_count": 12, )" +
                  body + R"( },
    { "id": "u", "kind": "utp", )" +
                  common + R"(, "form": "rj45", "lengths_m": [1, 2], )" + body + R"( },
    { "id": "r", "kind": "rack", )" +
                  common + R"(, "rack_units": 48 })");
  REQUIRE(read.sink.findings().empty());
  for (const auto* id : {"c", "f", "u"}) {
    INFO(id);
    const auto* lying = read.part(id).cable_body();
    REQUIRE(lying != nullptr);
    check_figure(lying->diameter, 9'125, Basis::datasheet);
    check_figure(lying->weight_per_metre, 120'001, Basis::datasheet);
    check_figure(lying->bend_radius, 39'500, Basis::datasheet);
  }
  CHECK(read.part("r").cable_body() == nullptr);
  const auto& fibre = *read.part("f").as<FibreFacts>();
  CHECK(fibre.grade == "os2");
  check_figure(fibre.attenuation_per_km, 400, Basis::unconfirmed);
  check_figure(fibre.connector_loss, 350, Basis::datasheet);
  REQUIRE(fibre.fibre_count);
  CHECK(fibre.fibre_count->value == 12);
}

TEST_CASE("port groups say what a cage feeds", "[catalog]") {
  const Read read(R"({ "id": "w", "kind": "switch", )" + common +
                  R"(, "figures": { "ports.fabric.max_module_power_w": { "basis": "unconfirmed", "source": "t" } },
    "protocols": ["ethernet"], "rack_units": 1, "ports": [
      { "name": "fabric", "cages": 4, "form": "osfp", "top": "ihs", "lanes": 8, "lane_gbps": 106.25, "max_module_power_w": 17.5, "modes": [{ "ports": 2, "gbps": 400 }] },
      { "name": "mgmt", "cages": 1, "form": "rj45", "top": "none", "lanes": 1, "lane_gbps": 1, "max_module_power_w": null, "modes": [{ "ports": 1, "gbps": 1 }] } ] })");
  REQUIRE(read.sink.findings().empty());
  const auto& groups = read.part("w").port_groups();
  REQUIRE(groups.size() == 2);
  check_figure(groups[0].max_module_power, 17'500, Basis::unconfirmed);
  CHECK(groups[0].lane_rate == Mbps(106'250));
  CHECK_FALSE(groups[1].max_module_power);
  std::string listed;
  for (const auto& figure : written_figures(read.part("w"))) listed += figure.address + "=" + figure.text + ";";
  CHECK(listed == "rack_units=1;ports.fabric.cages=4;ports.fabric.lanes=8;ports.fabric.lane_gbps=106.25;ports.fabric.max_module_power_w=17.5;"
                  "ports.fabric.modes=2 x 400;ports.mgmt.cages=1;ports.mgmt.lanes=1;ports.mgmt.lane_gbps=1;ports.mgmt.modes=1 x 1;");
}

TEST_CASE("accessories are parts like others, sold in packs at a dated price", "[catalog]") {
  const Read read(R"({ "id": "rail-kit", "kind": "accessory", )" + common +
                  R"(, "power_max_w": 3, "weight_kg": 1.25, "price_usd": 89.5, "price_date": "2026-02-28", "pack": 4 },
    { "id": "plain", "kind": "accessory", )" +
                  common + " }");
  REQUIRE(read.sink.findings().empty());
  const auto& kit = read.part("rail-kit");
  CHECK(kit.kind == PartKind::accessory);
  CHECK(kit.as<AccessoryFacts>() != nullptr);
  check_figure(kit.price, 8'950, Basis::datasheet);
  check_figure(kit.weight, 1'250, Basis::datasheet);
  CHECK(kit.price_date == "2026-02-28");
  CHECK(kit.pack == 4);
  CHECK(read.part("plain").pack == 1);
  CHECK(read.part("plain").price_date.empty());
  CHECK(read.catalog.of_kind(PartKind::accessory).size() == 2);
}

TEST_CASE("figures of catalogs that make no sense are refused where they stand", "[catalog]") {
  const std::vector<std::pair<std::string, Code>> mistakes = {
      {R"("pack": 0)", Code::out_of_range},
      {R"("pack": 1.5)", Code::wrong_type},
      {R"("price_date": "2026-02-30")", Code::unknown_word},
      {R"("price_date": "22.09.2026")", Code::unknown_word},
      {R"("price_date": 2026)", Code::wrong_type},
      {R"("diameter_mm": 1.0005)", Code::too_precise},
      {R"("bend_radius_mm": -1)", Code::out_of_range},
      {R"("fibre_count": 0)", Code::out_of_range},
      {R"("attenuation_db_per_km": "low")", Code::wrong_type},
      {R"("loss_budget_db": 4)", Code::unknown_key},
  };
  for (const auto& [member, code] : mistakes) {
    INFO(member);
    const Read read(R"({ "id": "f", "kind": "fibre", )" + common +
                    R"(, "fibre": "smf", "connector_a": "lc", "connector_b": "lc", "tails": 1, "length_step_m": 1, "max_length_m": 50, )" + member +
                    " }");
    REQUIRE(read.sink.findings().size() == 1);
    CHECK(read.sink.findings().front().code == code);
    CHECK(read.sink.findings().front().where.valid());
  }
  for (const auto* wavelength : {R"("850")", "0", "[1310, true]", "850.00001"}) {
    INFO(wavelength);
    const Read read(R"({ "id": "m", "kind": "module", )" + common +
                    R"(, "optical": { "type": "sr4", "fibre": "mmf", "connector": "x", "wavelength_nm": )" + wavelength + " } }");
    REQUIRE(read.sink.findings().size() == 1);
    CHECK(read.sink.findings().front().code == Code::wrong_type);
  }
}

TEST_CASE("dates are days or months that the calendar has", "[base]") {
  for (const auto* date : {"2026-09", "2026-12-31", "2024-02-29", "2000-02-29"}) {
    INFO(date);
    CHECK(is_date(date));
  }
  for (const auto* date :
       {"", "2026", "2026-9", "2026-13", "2026-00", "2026-02-29", "2100-02-29", "2026-04-31", "2026-01-00", "2026/01/01", "2026-01-1x"}) {
    INFO(date);
    CHECK_FALSE(is_date(date));
  }
}

TEST_CASE("the README says how many parts are shipped", "[catalog]") {
  const auto plan = test::sound_plan(test::read_source("examples/tiny/cluster.json"));
  CHECK(test::read_source("README.md")
            .find("The shipped catalogs hold " + grouped(static_cast<std::int64_t>(plan.catalog->sorted().size())) + " parts.") != std::string::npos);
}
