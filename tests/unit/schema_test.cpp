// SPDX-License-Identifier: Apache-2.0
// The shipped JSON schemas against the shipped files, against what the loader takes, and against the plans that are written.
#include "support/catch.hpp"

#ifdef ICPLAN_HAVE_VALIJSON

#include "support/plans.hpp"

#include "icplan/json/value.hpp"
#include "icplan/report/compare.hpp"
#include "icplan/report/diff.hpp"
#include "icplan/report/latency.hpp"
#include "icplan/report/record.hpp"
#include "icplan/report/report.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace icplan;
using namespace icplan::test;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

constexpr std::string_view made_up_key = "zzzzzzzzzz";

/// With `//` comments, as icplan reads it; a text that is no JSON is "discarded".
Json parsed(const std::string& text) { return Json::parse(text, nullptr, false, true); }

/// valijson takes `propertyNames` of a schema that is referred to more than once for that schema itself; inside an `allOf`, which means
/// the same, it does not.
void set_apart_property_names(Json& schema) {
  for (auto& value : schema) {
    if (value.is_structured()) set_apart_property_names(value);
  }
  if (!schema.is_object() || !schema.contains("propertyNames")) return;
  REQUIRE_FALSE(schema.contains("allOf"));
  const Json names = schema.at("propertyNames");
  schema.erase("propertyNames");
  schema["allOf"] = Json::array({Json::object({{"propertyNames", names}})});
}

class Schema {
public:
  explicit Schema(const std::string& file) : document_(parsed(read_source("catalogs/schema/" + file))) {
    REQUIRE(document_.is_object());
    Json prepared = document_;
    set_apart_property_names(prepared);
    valijson::SchemaParser().populateSchema(Adapter(prepared), schema_);
  }

  [[nodiscard]] const Json& document() const { return document_; }

  /// What is wrong with the document, one line each; empty when it is valid.
  [[nodiscard]] std::string complaints(const Json& instance) const {
    if (instance.is_discarded()) return "no JSON\n";
    valijson::ValidationResults results;
    valijson::Validator validator;
    if (validator.validate(schema_, Adapter(instance), &results)) return {};
    std::string text;
    for (const auto& error : results) {
      for (const auto& step : error.context) text += step;
      text += ": " + error.description + "\n";
    }
    return text.empty() ? "invalid\n" : text;
  }

  /// The schema behind `$ref` or a lone `allOf`.
  [[nodiscard]] const Json& resolved(const Json& schema) const {
    if (schema.contains("$ref")) return resolved(document_.at(Json::json_pointer(schema.at("$ref").get<std::string>().substr(1))));
    if (schema.contains("allOf") && schema.at("allOf").size() == 1) return resolved(schema.at("allOf").front());
    return schema;
  }

private:
  Json document_;
  valijson::Schema schema_;
};

const Schema& cluster_schema() {
  static const Schema schema("cluster.schema.json");
  return schema;
}

const Schema& plan_schema() {
  static const Schema schema("plan.schema.json");
  return schema;
}

/// Files with this ending under a folder of the source tree, relative to its root and sorted.
std::vector<std::string> files_under(const std::string& folder, std::string_view ending) {
  std::vector<std::string> files;
  if (!fs::exists(fs::path(ICPLAN_SOURCE_DIR) / folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(ICPLAN_SOURCE_DIR) / folder)) {
    auto file = fs::relative(entry.path(), ICPLAN_SOURCE_DIR).generic_string();
    if (entry.is_regular_file() && std::string_view(file).ends_with(ending)) files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Every key of the schema at least once.
constexpr std::string_view full_spec = R"({
  "$schema": "catalogs/schema/cluster.schema.json", "format": "icplan.cluster/1", "name": "every key",
  "catalogs": ["site-parts.json"], "accept": ["datasheet", "secondary", "generic", "unconfirmed", "claim"],
  "nodes": [ { "group": "gpu", "model": "nvidia-dgx-h100", "count": 64, "unit": 32, "nodes_per_rack": 4, "hall": "B", "rows": [1], "rack": "wide",
               "nics": [ { "ports": "compute", "model": "amd-pollara-400", "count": 8, "pcie": "gen5x16" } ] } ],
  "fabrics": [
    { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700", "spine": "nvidia-qm9700", "core": "nvidia-qm9700",
      "attach": [ { "group": "gpu", "ports": "compute", "count": 8, "speed_gbps": 400, "breakout": 1 } ],
      "tiers": 2, "planes": 1, "rails": 8, "homing": 1, "pod_units": 4, "uplinks": "used", "port_speed_gbps": 400, "uplink_gbps": 400.5,
      "oversubscription": { "leaf": 1.067, "spine": 15 },
      "reserved_ports": [ { "tier": "leaf", "count": 4, "for": "ufm" }, { "per_switch": 1 } ],
      "hall": "C", "rows": [2, 3], "rack": "wide", "switches": "top-of-rack",
      "media": { "dac_below_m": 3, "aoc_up_to_m": 30.5, "vendors": [], "policy": "rule", "escalate": false, "orderable_only": true,
                 "prefer": [], "parts": [ { "links": "leaf-spine", "fibre": "nvidia-mfp7e30" }, { "links": "node-leaf", "cable": "nvidia-mcp4y10-n001" },
                            { "at": "leaf", "module": "nvidia-mms4x00-nm" } ],
                 "populate": "all", "connector_pairs": 4 } },
    { "name": "storage", "topology": { "kind": "fat-tree" }, "leaf": "nvidia-qm9700", "oversubscription": 3 },
    { "name": "in-band", "on": "compute", "external": [ { "name": "campus", "count": 8, "speed_gbps": 400, "breakout": 2 } ] },
    { "name": "oob", "topology": { "kind": "access", "uplinks": 4 }, "leaf": "nvidia-sn2201", "uplink_to": "storage", "expandable_to": 128,
      "attach": [ { "devices": "switches", "ports": "mgmt", "speed_gbps": 1, "breakout": 1 }, { "devices": "pdus" } ] },
    { "name": "f4", "topology": { "kind": "single-switch" }, "leaf": "nvidia-qm9700" },
    { "name": "f5", "topology": { "kind": "collapsed-core", "isl": 16 }, "leaf": "nvidia-qm9700" },
    { "name": "f6", "topology": { "kind": "rail-optimized" }, "leaf": "nvidia-qm9700" },
    { "name": "f7", "topology": { "kind": "rail-only" }, "leaf": "nvidia-qm9700" },
    { "name": "f8", "topology": { "kind": "multi-plane", "of": "rail-only" }, "leaf": "nvidia-qm9700" },
    { "name": "f9", "topology": { "kind": "dual-tor", "backup": 8 }, "leaf": "nvidia-qm9700" },
    { "name": "f10", "topology": { "kind": "dragonfly", "a": 16, "p": 8, "h": 8, "g": 9 }, "leaf": "nvidia-qm9700" },
    { "name": "f11", "topology": { "kind": "dragonfly+", "l": 16, "s": 16, "p": 16, "h": 16, "g": 9 }, "leaf": "nvidia-qm9700" },
    { "name": "f12", "topology": { "kind": "slim-fly", "q": 5, "p": 4 }, "leaf": "nvidia-qm9700" },
    { "name": "f13", "topology": { "kind": "torus", "dims": [8, 8, 8], "p": 8 }, "leaf": "nvidia-qm9700" },
    { "name": "f14", "leaf": "nvidia-qm9700", "topology": { "kind": "explicit", "switches": { "leaf": 2, "spine": 1, "core": 0 }, "links": [
        { "from_device": "gpu-0001", "from_cage": "compute-1", "from_port": 1, "to_device": "f14-leaf-0001", "to_cage": "1", "to_port": 2,
          "speed_gbps": 400 } ] } },
    { "name": "f15", "leaf": "nvidia-qm9700", "topology": { "kind": "explicit", "switches": { "leaf": 1 }, "csv": "links.csv" } } ],
  "racks": [ { "name": "wide", "model": "generic-48u-1200", "max_power_kw": 50.5, "max_units": 44, "pdus": 2, "max_load_kg": 900.5,
               "feeds": [ { "name": "A", "max_power_kw": 60 }, { "name": "B", "max_power_kw": 55 } ] } ],
  "floor": { "halls": [ { "name": "B", "rows": 8, "racks_per_row": 20, "max_power_kw": 4000, "max_row_power_kw": 600, "exit": { "row": 1, "position": 20 } },
                        { "name": "C", "racks_per_row": [12, 16], "keep_out": [ { "row": 2, "positions": [5], "for": "column" }, { "row": 8 } ],
                          "aisles": { "cold_m": 1.8, "hot_m": 1.2, "depth_m": 1.2, "first": "hot" } } ],
             "ducts": [ { "from": "B", "to": "C", "length_m": 120.5 } ],
             "rack_pitch_m": 0.6, "row_pitch_m": 3, "tray_height_m": 2.6, "side_m": 0.3, "slack_m": 0.5, "service_loop_m": 0.25, "switches": "central",
             "tray": { "width_mm": 300, "height_mm": 100, "max_fill_percent": 40, "max_load_kg_per_m": 25.5 },
             "optimize_for": "power",
             "fixed": [ { "hall": "C", "row": 2, "position": 3, "name": "C-old", "rack": "wide", "existing": true, "fill": true,
                          "contents": [ { "u": 1, "group": "gpu", "index": 0 }, { "u": 40, "switch": "compute/leaf", "index": 0 },
                                        { "u": 41, "rack_units": 2, "for": "firewall", "power_kw": 0.8, "weight_kg": 12.5 } ] } ] },
  "media": { "dac_below_m": 7, "aoc_up_to_m": 100, "vendors": ["NVIDIA"], "policy": { "kind": "reach", "for": "power" }, "escalate": true,
             "orderable_only": false, "prefer": ["nvidia-mms4x00-nm"], "populate": "lit", "connector_pairs": 2,
             "parts": [ { "links": "leaf-spine", "fibre": "nvidia-mfp7e30" }, { "links": "node-leaf", "cable": "nvidia-mcp4y10-n001" },
                        { "at": "leaf", "module": "nvidia-mms4x00-nm" } ],
             "prices": "prices.csv", "lengths": "measured.csv", "spares_percent": { "gpu": 1, "node": 1, "nic": 1, "switch": 1, "rack": 0, "dac": 2.5, "aoc": 2, "module": 3, "fibre": 1, "utp": 1000 },
             "spares": { "pdu": 2, "accessory": 0 },
             "extras": [ { "part": "generic-rail-kit", "per": "compute/leaf", "quantity": 2 } ] },
  "names": { "node": { "gpu": "su-{unit:02}-node-{n:02}" }, "switch": "{fabric}-{tier}-{index:03}", "rack": "{hall}{row:02}-{position:02}",
             "cage": "{ports}{cage}", "port": { "node": "{ports}{cage}p{port}", "switch": "swp{cage}s{port-1}" }, "cable": "{device}/{port}", "label": "{device}:{port}/{far.device}:{far.port}" },
  "workloads": [ "llama-3-405b",
    { "id": "mine", "name": "our own", "kind": "training", "gpus": 512,
      "model": { "parameters": 100000000000, "active_parameters": 20000000000, "expert_parameters": 90000000000, "layers": 60, "expert_layers": 56, "hidden": 8192,
                 "attention_heads": 64, "kv_heads": 8, "qk_head_dim": 128, "v_head_dim": 128, "experts_per_token": 8, "domains_per_token": 4 },
      "bytes": { "gradient": 4, "parameter": 2, "activation": 2, "dispatch": 1.03125, "combine": 2 },
      "parallelism": { "tensor": 4, "context": 2, "pipeline": 4, "expert": 16, "stages": 2 },
      "sharding": "resharded", "arithmetic": "fp8", "sequence_parallel": true, "recompute": false, "batch": { "sequence_tokens": 8192, "sequences": 1024 },
      "run_tokens": 1000000000000,
      "overlap": { "data": "hidden", "tensor": "exposed", "pipeline": "hidden", "context": "exposed", "expert": "hidden" },
      "published": { "gpu": "nvidia-h100-sxm", "gpus": 1024, "peak_tflops": 989, "tflops_per_gpu": 400, "attention": "causal", "step_s": 12.5,
                     "scale_up_gpus": 8, "scale_up_gbytes_per_s": 450, "scale_out_gbps": 400 },
      "compute": { "tflops_per_gpu": 500, "attention": "whole" }, "assumptions": ["all is made up"], "requirement": { "max_stretch": 1.5, "min_gbps_per_gpu": 100 } },
    { "workload": "deepseek-v3", "compute": { "mfu_percent": 40 } },
    { "id": "chat", "kind": "inference", "model": { "layers": 61, "hidden": 7168, "expert_layers": 58, "experts_per_token": 8 }, "parallelism": { "expert": 64 },
      "inference": { "gpus": 64, "tokens_per_gpu": 32, "micro_batches": 2, "copies_per_token": 9, "layers": 61, "cache_bytes_per_token": 70272, "prompt_tokens": 4096 },
      "requirement": { "max_ms_per_token": 50, "min_tokens_per_s_per_gpu": 1000 } },
    { "id": "asked", "kind": "requirement", "claim": { "text": "fast", "stretch_from": 2, "stretch_to": 3, "pj_per_bit": 5 } } ],
  "limits": { "max_rack_power_kw": 45, "max_oversubscription": 1.5, "min_gbps_per_gpu": 400, "max_latency_us": 2.5, "max_cost_usd": 1000000.5,
    "max_power_kw": 900.5, "max_racks": 40, "orderable_only": true, "vendors": ["NVIDIA"],
    "max_nodes_cut_off": { "link": 0, "cable": 1, "cage": 1, "switch": 32, "plane": 0, "rack": 64, "row": 64 },
    "min_share_after_failure_percent": { "link": 87.5, "cable": 75, "cage": 75, "switch": 50, "plane": 50, "rack": 0, "row": 0.001 } },
  "findings": { "severity": { "IC5005": "error" },
    "suppress": [ { "code": "IC6001", "contains": "racks", "reason": "known", "expires": "2027-03-31" } ] },
  "operations": { "pue": 1.25, "usd_per_kwh": 0.0825, "utilisation_percent": 87.5 },
  "expected": { "compute.leaf": 32, "gpus": 512 }
})";

constexpr std::string_view tiny_spec = R"({ "name": "tiny", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
  "fabrics": [ { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" } ] })";

struct Loaded {
  bool accepted = false;
  std::vector<Finding> findings;

  [[nodiscard]] std::vector<Finding> with(Code code) const {
    std::vector<Finding> some;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(some), [&](const Finding& finding) { return finding.code == code; });
    return some;
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const auto& finding : findings) out.append(code_info(finding.code).name).append(": ").append(finding.message).append("\n");
    return out;
  }
};

/// Loads a spec without planning it.
Loaded load(const Json& spec) {
  static const auto catalog = plan_spec(tiny_spec).plan.value().catalog;
  SourceMap sources;
  Sink sink;
  Loaded loaded;
  const auto document = json::parse(sources, sources.add("spec.json", spec.dump()), sink);
  loaded.accepted = document && load_spec(*document, *catalog, {}, sink).has_value();
  loaded.findings = sink.sorted();
  return loaded;
}

/// An object of the schema with a fixed set of keys, and a place in the full spec where such an object stands.
struct Place {
  Json::json_pointer at;
  std::set<std::string> keys;
};

/// Walks schema and spec together. `places` are where values of this schema stand in the spec.
void collect(const Json& part, const std::vector<Json::json_pointer>& places, const Json& spec, std::vector<Place>& objects) {
  const auto& schema = cluster_schema().resolved(part);
  if (schema.contains("oneOf") && !schema.contains("type")) {
    for (const auto& choice : schema.at("oneOf")) {
      std::vector<Json::json_pointer> matching;
      const auto type = cluster_schema().resolved(choice).value("type", "");
      std::copy_if(places.begin(), places.end(), std::back_inserter(matching), [&](const auto& place) {
        return spec.at(place).is_object() == (type == "object") && spec.at(place).is_array() == (type == "array");
      });
      // An object must stand somewhere in the spec, and the count of objects says so.
      if (!matching.empty()) collect(choice, matching, spec, objects);
    }
  }
  if (schema.contains("allOf")) {
    // The kind of a value decides its schema.
    for (const auto& branch : schema.at("allOf")) {
      const auto& kind = branch.at("if").at("properties").at("kind").at("const");
      INFO(kind);
      std::vector<Json::json_pointer> matching;
      std::copy_if(places.begin(), places.end(), std::back_inserter(matching), [&](const auto& place) { return spec.at(place).at("kind") == kind; });
      REQUIRE_FALSE(matching.empty());
      collect(branch.at("then"), matching, spec, objects);
    }
    return;
  }
  if (schema.contains("items")) {
    std::vector<Json::json_pointer> items;
    for (const auto& place : places) {
      for (std::size_t i = 0; i < spec.at(place).size(); ++i) items.push_back(place / i);
    }
    collect(schema.at("items"), items, spec, objects);
  }
  if (!schema.contains("properties")) return;
  INFO(places.front().to_string());
  CHECK(schema.at("additionalProperties") == false);
  std::set<std::string> keys;
  for (const auto& [key, value] : schema.at("properties").items()) {
    INFO(key);
    keys.insert(key);
    std::vector<Json::json_pointer> members;
    for (const auto& place : places) {
      if (spec.at(place).contains(key)) members.push_back(place / key);
    }
    REQUIRE_FALSE(members.empty());
    collect(value, members, spec, objects);
  }
  objects.push_back({places.front(), std::move(keys)});
}

/// The words in back quotes.
std::set<std::string> quoted_words(std::string_view text) {
  std::set<std::string> words;
  for (auto begin = text.find('`'); begin != std::string_view::npos; begin = text.find('`', begin)) {
    const auto end = text.find('`', begin + 1);
    words.emplace(text.substr(begin + 1, end - begin - 1));
    begin = end + 1;
  }
  return words;
}

void check_described(const Json& schema, const std::string& path) {
  INFO(path);
  if (schema.is_array()) {
    for (const auto& item : schema) check_described(item, path);
    return;
  }
  if (!schema.is_object()) return;
  for (const auto& [key, value] : schema.items()) {
    // Conditions say what must hold, not what a key means.
    if (key == "if" || key == "anyOf" || key == "oneOf" || key == "not") continue;
    if (key == "properties" || key == "definitions") {
      for (const auto& [name, property] : value.items()) {
        INFO(name);
        CHECK((property.contains("description") || property.contains("$ref")));
        check_described(property, path + "/" + name);
      }
    } else {
      check_described(value, path + "/" + key);
    }
  }
}

Json plan_document(std::string_view spec, std::string_view overlay = {}) {
  const auto planned = plan_spec(spec, overlay);
  INFO(planned.text());
  REQUIRE(planned.plan);
  return parsed(plan_json(*planned.plan));
}

} // namespace

TEST_CASE("schema of catalogs takes every shipped catalog", "[schema]") {
  const Schema schema("catalog.schema.json");
  std::size_t checked = 0;
  for (const auto& file : files_under("catalogs", ".json")) {
    if (file.starts_with("catalogs/schema/")) continue;
    INFO(file);
    const auto catalog = parsed(read_source(file));
    CHECK(schema.complaints(catalog) == "");
    ++checked;
    if (!catalog.contains("parts")) continue;
    // A site's part may go without; a shipped one must be readable in a bill of materials.
    for (const auto& part : catalog.at("parts")) {
      INFO(part.at("id"));
      CHECK((part.contains("name") && part.contains("description")));
    }
  }
  CHECK(checked >= 20);
  const auto racks = parsed(read_source("catalogs/racks/generic.json"));
  REQUIRE(schema.complaints(racks) == "");
  for (const auto* key : {"id", "kind", "basis", "source"}) {
    INFO(key);
    auto damaged = racks;
    damaged.at("parts").at(0).erase(key);
    CHECK(schema.complaints(damaged) != "");
  }
  // A kind that no shipped file has.
  auto accessories = racks;
  accessories.at("parts") =
      Json::array({parsed(R"({ "id": "rail-kit", "kind": "accessory", "manufacturer": "site", "name": "kit", "description": "rails",
    "basis": "datasheet", "source": "quote", "price_usd": 89.5, "price_date": "2026-09-22", "pack": 4, "weight_kg": 1.2, "power_max_w": 0 })")});
  CHECK(schema.complaints(accessories) == "");
  for (const auto& [key, value] : std::vector<std::pair<std::string, Json>>{{"pack", 0}, {"price_date", "2026-13"}, {"ports", Json::array()}}) {
    INFO(key);
    auto wrong = accessories;
    wrong.at("parts").at(0)[key] = value;
    CHECK(schema.complaints(wrong) != "");
  }
  auto overlay = racks;
  overlay["disable"] = Json::array({"nvidia-qm9700"});
  CHECK(schema.complaints(overlay) == "");
  overlay.erase("parts");
  overlay.erase("sources");
  CHECK(schema.complaints(overlay) == "");
  overlay["disable"] = Json::array({"QM9700"});
  CHECK(schema.complaints(overlay) != "");
  overlay.erase("disable");
  CHECK(schema.complaints(overlay) != "");
  auto misnamed = racks;
  misnamed.at("parts").at(0)["figures"] = Json::object({{"Not A Figure", Json::object({{"basis", "claim"}, {"source", "x"}})}});
  CHECK(schema.complaints(misnamed) != "");
}

TEST_CASE("schema that an example names takes it, but for the broken one", "[schema]") {
  const Schema catalogs("catalog.schema.json");
  std::size_t checked = 0;
  for (const auto& file : files_under("examples", ".json")) {
    INFO(file);
    const auto document = parsed(read_source(file));
    REQUIRE(document.contains("$schema"));
    // Relative to the example, so that editors find it without a network.
    const auto named = (fs::path(file).parent_path() / document.at("$schema").get<std::string>()).lexically_normal().generic_string();
    const bool parts = named == "catalogs/schema/catalog.schema.json";
    CHECK((parts || named == "catalogs/schema/cluster.schema.json"));
    const auto complaints = parts ? catalogs.complaints(document) : cluster_schema().complaints(document);
    if (file.starts_with("examples/broken/")) {
      CHECK(complaints != "");
    } else {
      CHECK(complaints == "");
    }
    ++checked;
  }
  CHECK(checked >= 80);
}

TEST_CASE("schema of specs takes every template", "[schema]") {
  const auto files = files_under("catalogs/templates", ".jsonc");
  CHECK(files.size() >= 6);
  for (const auto& file : files) {
    INFO(file);
    const auto spec = parsed(read_source(file));
    CHECK(cluster_schema().complaints(spec) == "");
    CHECK(spec.at("$schema") == "cluster.schema.json");
    // Templates, files and clusters are told apart by one name.
    CHECK(spec.at("name") == fs::path(file).stem().string());
  }
}

TEST_CASE("schema of specs takes every published design", "[schema]") {
  const auto files = files_under("tests/reference/designs", ".json");
  CHECK(files.size() >= 30);
  for (const auto& file : files) {
    INFO(file);
    CHECK(cluster_schema().complaints(parsed(read_source(file)).at("spec")) == "");
  }
}

TEST_CASE("schema of specs and loader take a spec with every key", "[schema]") {
  const auto spec = parsed(std::string(full_spec));
  CHECK(cluster_schema().complaints(spec) == "");
  const auto loaded = load(spec);
  INFO(loaded.text());
  CHECK(loaded.accepted);
}

TEST_CASE("schema of specs and loader know the same keys", "[schema]") {
  const auto spec = parsed(std::string(full_spec));
  std::vector<Place> objects;
  collect(cluster_schema().document(), {Json::json_pointer()}, spec, objects);
  CHECK(objects.size() == 58);
  for (const auto& object : objects) {
    INFO(object.at.to_string());
    auto extra = spec;
    extra.at(object.at)[std::string(made_up_key)] = 1;
    CHECK(cluster_schema().complaints(extra) != "");
    const auto loaded = load(extra);
    const auto unknown = loaded.with(Code::unknown_key);
    INFO(loaded.text());
    REQUIRE(unknown.size() == 1);
    CHECK(unknown.front().message.find(made_up_key) != std::string::npos);
    // The help lists what the loader asked for. What the schema leaves out must be refused as not supported.
    const auto known = quoted_words(unknown.front().help);
    for (const auto& key : object.keys) {
      INFO(key);
      CHECK(known.count(key) == 1);
    }
    for (const auto& key : known) {
      if (object.keys.count(key) == 1) continue;
      INFO(key);
      auto later = spec;
      later.at(object.at)[key] = 1;
      CHECK(load(later).with(Code::not_supported).size() == 1);
      CHECK(cluster_schema().complaints(later) != "");
    }
  }
}

TEST_CASE("schema of specs and loader refuse the same mistakes", "[schema]") {
  // Where in the full spec, and what is put there; nothing: what is there is removed.
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"/name", ""},
      {"/nodes", ""},
      {"/nodes", "[]"},
      {"/nodes", "{}"},
      {"/fabrics", "[]"},
      {"/format", R"("icplan.plan/1")"},
      {"/accept/0", R"("rumour")"},
      {"/catalogs", R"("site-parts.json")"},
      {"/nodes/0/model", ""},
      {"/nodes/0/count", "0"},
      {"/nodes/0/count", "1000001"},
      {"/nodes/0/count", "1.5"},
      {"/nodes/0/count", R"("four")"},
      {"/nodes/0/group", R"("two words")"},
      {"/nodes/0/nodes_per_rack", "201"},
      {"/nodes/0/nics/0/ports", R"("fast")"},
      {"/nodes/0/nics/0/count", ""},
      {"/fabrics/0/topology", R"("rail-optimised")"},
      {"/fabrics/0/topology", R"("dragonfly-plus")"},
      {"/fabrics/0/topology", R"({ "a": 16 })"},
      {"/fabrics/0/on", R"("storage")"},
      {"/fabrics/0/uplink_to", "1"},
      {"/fabrics/0/expandable_to", "0"},
      {"/fabrics/1/topology/kind", R"("mesh")"},
      {"/fabrics/1/topology/a", "16"},
      {"/fabrics/2/leaf", R"("nvidia-qm9700")"},
      {"/fabrics/2/oversubscription", "1"},
      {"/fabrics/2/external/0/name", ""},
      {"/fabrics/2/external/0/name", R"("")"},
      {"/fabrics/2/external/0/count", ""},
      {"/fabrics/2/external/0/breakout", "17"},
      {"/fabrics/3/attach/0/devices", ""},
      {"/fabrics/3/attach/0/devices", R"("pumps")"},
      {"/fabrics/3/attach/0/group", R"("gpu")"},
      {"/fabrics/3/attach/0/ports", R"("bmc")"},
      {"/fabrics/8/topology/of", R"("torus")"},
      {"/fabrics/10/topology/l", "16"},
      {"/fabrics/13/topology/dims", "8"},
      {"/fabrics/13/topology/dims", "[8]"},
      {"/fabrics/13/topology/dims", "[2, 2, 2, 2]"},
      {"/fabrics/13/topology/dims/0", "0.5"},
      {"/fabrics/14/topology/switches", ""},
      {"/fabrics/14/topology/switches/edge", "1"},
      {"/fabrics/14/topology/links", ""},
      {"/fabrics/14/topology/links/0/to_device", ""},
      {"/fabrics/14/topology/links/0/to_cage", "1"},
      {"/fabrics/15/topology/csv", ""},
      {"/fabrics/0/leaf", ""},
      {"/fabrics/0/tiers", "4"},
      {"/fabrics/0/planes", "65"},
      {"/fabrics/0/uplinks", R"("all")"},
      {"/fabrics/0/port_speed_gbps", "0"},
      {"/fabrics/0/oversubscription", R"("1:1")"},
      {"/fabrics/1/oversubscription", "0.001"},
      {"/fabrics/0/oversubscription/leaf", "1001"},
      {"/fabrics/0/attach", "[]"},
      {"/fabrics/0/attach/0/group", ""},
      {"/fabrics/0/attach/0/ports", R"("fast")"},
      {"/fabrics/0/attach/0/breakout", "17"},
      {"/fabrics/0/reserved_ports/0/per_switch", "1"},
      {"/fabrics/0/reserved_ports/0/count", ""},
      {"/fabrics/0/reserved_ports/0/tier", R"("spine")"},
      {"/fabrics/0/switches", R"("row")"},
      {"/fabrics/0/media/spares_percent", R"({ "module": 3 })"},
      {"/racks/0/name", ""},
      {"/racks/0/max_power_kw", "0"},
      {"/racks/0/max_units", "201"},
      {"/racks/0/pdus", "-1"},
      {"/racks/0/pdus", "13"},
      {"/floor/halls/0/racks_per_row", "10001"},
      {"/floor/halls/1/racks_per_row", "[]"},
      {"/floor/halls/1/racks_per_row/0", "0"},
      {"/floor/halls/1/keep_out/0/row", ""},
      {"/floor/halls/0/exit/row", "0"},
      {"/floor/halls/0/max_row_power_kw", "0"},
      {"/floor/ducts/0/to", ""},
      {"/floor/ducts/0/length_m", "-1"},
      {"/floor/halls/1/aisles/hot_m", ""},
      {"/floor/halls/1/aisles/first", R"("warm")"},
      {"/floor/fixed/0/position", ""},
      {"/floor/fixed/0/contents/0/index", ""},
      {"/floor/fixed/0/contents/0/switch", R"("compute/leaf")"},
      {"/floor/fixed/0/contents/0/power_kw", "1"},
      {"/floor/fixed/0/contents/2/rack_units", ""},
      {"/floor/optimize_for", R"("length")"},
      {"/racks/0/feeds", "[]"},
      {"/racks/0/feeds/0/max_power_kw", ""},
      {"/racks/0/max_load_kg", "0"},
      {"/fabrics/0/rows", "[0]"},
      {"/floor/rack_pitch_m", "0.05"},
      {"/floor/slack_m", "-1"},
      {"/floor/tray/width_mm", ""},
      {"/floor/tray/height_mm", "0.5"},
      {"/media/dac_below_m", R"("7 m")"},
      {"/media/policy", R"("bands")"},
      {"/media/policy", R"({ "kind": "bands" })"},
      {"/media/policy", R"({ "kind": "reach", "for": "beauty" })"},
      {"/media/prefer", R"("nvidia-mms4x00-nm")"},
      {"/media/parts", R"([ { "links": "leaf-spine" } ])"},
      {"/media/parts", R"([ { "links": "leaf-spine", "module": "nvidia-mms4x00-nm" } ])"},
      {"/media/parts", R"([ { "links": "leaf-spine", "cable": "nvidia-mcp4y10-n001", "fibre": "nvidia-mfp7e30" } ])"},
      {"/media/populate", R"("some")"},
      {"/media/connector_pairs", "101"},
      {"/media/prices", "[]"},
      {"/media/prices", R"("")"},
      {"/fabrics/0/media/prices", R"("prices.csv")"},
      {"/media/escalate", "1"},
      {"/media/spares_percent/cable", "1"},
      {"/media/spares/cable", "1"},
      {"/media/spares/pdu", "0.5"},
      {"/media/extras/0/part", ""},
      {"/media/extras/0/per", "1"},
      {"/names/rack", R"("")"},
      {"/names/node", "1"},
      {"/names/switch", R"({ "compute": 1 })"},
      {"/media/spares_percent/dac", "1001"},
      {"/limits/max_oversubscription", "0"},
      {"/limits/min_gbps_per_gpu", "-400"},
      {"/expected/gpus", "-1"},
      {"/expected/gpus", R"("many")"},
  };
  const auto spec = parsed(std::string(full_spec));
  for (const auto& [place, value] : mistakes) {
    INFO(place);
    INFO(value);
    Json patch = Json::object({{"path", place}, {"op", value.empty() ? "remove" : "add"}});
    if (!value.empty()) patch["value"] = parsed(value);
    const auto wrong = spec.patch(Json::array({patch}));
    CHECK(cluster_schema().complaints(wrong) != "");
    CHECK_FALSE(load(wrong).accepted);
  }
  CHECK(cluster_schema().complaints(Json::array()) != "");
}

TEST_CASE("schema of specs takes the limits of every range, as the loader does", "[schema]") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> limits = {
      {"/nodes/0/unit", {"1", "1000000"}},
      {"/nodes/0/nodes_per_rack", {"1", "200"}},
      {"/nodes/0/nics/0/count", {"1", "1024"}},
      {"/fabrics/0/tiers", {"1", "3"}},
      {"/fabrics/0/planes", {"1", "64"}},
      {"/fabrics/0/rails", {"1", "1024"}},
      {"/fabrics/0/homing", {"1", "64"}},
      {"/fabrics/0/pod_units", {"1", "1000000"}},
      {"/fabrics/0/port_speed_gbps", {"0.001", "100000"}},
      {"/fabrics/0/uplink_gbps", {"0.001", "100000"}},
      {"/fabrics/0/oversubscription/leaf", {"0.01", "1000"}},
      {"/fabrics/0/oversubscription/spine", {"0.01", "1000"}},
      {"/fabrics/1/oversubscription", {"0.01", "1000"}},
      {"/fabrics/0/attach/0/count", {"1", "100000"}},
      {"/fabrics/0/attach/0/speed_gbps", {"0.001", "100000"}},
      {"/fabrics/0/attach/0/breakout", {"1", "16"}},
      {"/fabrics/0/reserved_ports/0/count", {"1", "1000000"}},
      {"/fabrics/0/reserved_ports/1/per_switch", {"1", "100000"}},
      {"/fabrics/2/external/0/count", {"1", "1000000"}},
      {"/fabrics/2/external/0/speed_gbps", {"0.001", "100000"}},
      {"/fabrics/2/external/0/breakout", {"1", "16"}},
      {"/fabrics/3/expandable_to", {"1", "1000000"}},
      {"/fabrics/3/topology/uplinks", {"0", "100000"}},
      {"/fabrics/5/topology/isl", {"0", "100000"}},
      {"/fabrics/9/topology/backup", {"0", "100000"}},
      {"/fabrics/10/topology/a", {"1", "1000000"}},
      {"/fabrics/10/topology/p", {"1", "100000"}},
      {"/fabrics/10/topology/h", {"0", "100000"}},
      {"/fabrics/10/topology/g", {"1", "1000000"}},
      {"/fabrics/11/topology/l", {"1", "100000"}},
      {"/fabrics/11/topology/s", {"1", "100000"}},
      {"/fabrics/11/topology/p", {"1", "100000"}},
      {"/fabrics/11/topology/h", {"0", "100000"}},
      {"/fabrics/11/topology/g", {"1", "1000000"}},
      {"/fabrics/12/topology/q", {"1", "1000"}},
      {"/fabrics/12/topology/p", {"1", "100000"}},
      {"/fabrics/13/topology/dims/1", {"1", "10000"}},
      {"/fabrics/13/topology/p", {"1", "100000"}},
      {"/fabrics/14/topology/switches/leaf", {"0", "100000"}},
      {"/fabrics/14/topology/links/0/from_port", {"1", "64"}},
      {"/fabrics/14/topology/links/0/to_port", {"1", "64"}},
      {"/fabrics/14/topology/links/0/speed_gbps", {"0.001", "100000"}},
      {"/racks/0/max_power_kw", {"0.000001", "1000000"}},
      {"/floor/halls/0/rows", {"1", "100000"}},
      {"/floor/halls/0/racks_per_row", {"1", "10000"}},
      {"/floor/halls/0/max_power_kw", {"0.000001", "1000000000"}},
      {"/floor/rack_pitch_m", {"0.1", "100"}},
      {"/floor/halls/0/max_row_power_kw", {"0.000001", "1000000000"}},
      {"/floor/halls/1/racks_per_row/0", {"1", "10000"}},
      {"/floor/halls/0/exit/position", {"1", "10000"}},
      {"/floor/ducts/0/length_m", {"0", "100000"}},
      {"/floor/halls/1/aisles/cold_m", {"0", "100"}},
      {"/floor/halls/1/aisles/depth_m", {"0.1", "10"}},
      {"/floor/row_pitch_m", {"0.1", "1000"}},
      {"/floor/service_loop_m", {"0", "1000"}},
      {"/floor/fixed/0/contents/0/index", {"0", "100000000"}},
      {"/floor/fixed/0/contents/0/u", {"1", "200"}},
      {"/floor/fixed/0/contents/2/power_kw", {"0", "1000000"}},
      {"/racks/0/max_load_kg", {"0.001", "1000000"}},
      {"/racks/0/feeds/1/max_power_kw", {"0.000001", "1000000"}},
      {"/floor/tray_height_m", {"0.1", "100"}},
      {"/floor/side_m", {"0", "100"}},
      {"/floor/slack_m", {"0", "1000"}},
      {"/floor/tray/width_mm", {"1", "10000"}},
      {"/floor/tray/max_fill_percent", {"0.001", "100"}},
      {"/floor/tray/max_load_kg_per_m", {"0.000001", "10000"}},
      {"/media/dac_below_m", {"0", "100000"}},
      {"/media/aoc_up_to_m", {"0", "100000"}},
      {"/media/connector_pairs", {"0", "100"}},
      {"/media/spares_percent/dac", {"0", "1000"}},
      {"/media/spares/pdu", {"0", "1000000"}},
      {"/media/extras/0/quantity", {"1", "10000"}},
      {"/limits/max_rack_power_kw", {"0.000001", "1000000"}},
      {"/limits/max_oversubscription", {"0.000001", "1000"}},
      {"/limits/min_gbps_per_gpu", {"0.001", "100000"}},
      {"/expected/gpus", {"0", "1000000000000"}},
  };
  const auto spec = parsed(std::string(full_spec));
  for (const auto& [place, values] : limits) {
    for (const auto& value : values) {
      INFO(place);
      INFO(value);
      auto edge = spec;
      edge.at(Json::json_pointer(place)) = parsed(value);
      CHECK(cluster_schema().complaints(edge) == "");
      const auto loaded = load(edge);
      INFO(loaded.text());
      CHECK(loaded.accepted);
      // Beyond it, neither of them takes it.
      auto beyond = spec;
      const auto number = parsed(value).get<double>();
      beyond.at(Json::json_pointer(place)) = value == values.front() ? Json(number >= 1 ? 0.0 : -0.001) : Json(number + 1);
      CHECK(cluster_schema().complaints(beyond) != "");
      CHECK_FALSE(load(beyond).accepted);
    }
  }
}

TEST_CASE("schema of specs refuses topologies whose sizes are not stated, as the planner does", "[schema]") {
  auto spec = parsed(std::string(tiny_spec));
  REQUIRE(cluster_schema().complaints(spec) == "");
  for (const auto* topology : {R"("torus")", R"({ "kind": "torus" })", R"({ "kind": "explicit" })"}) {
    INFO(topology);
    spec["fabrics"][0]["topology"] = parsed(topology);
    CHECK(cluster_schema().complaints(spec) != "");
    CHECK_FALSE(plan_spec(spec.dump()).plan);
  }
}

TEST_CASE("schema of plans takes what is written", "[schema]") {
  const auto narval = parsed(read_source("tests/reference/designs/narval-33to7.json"));
  const std::vector<Json> plans = {
      plan_document(tiny_spec),
      plan_document(parsed(read_source("tests/reference/designs/sp-h100-t4-su1.json")).at("spec").dump()),
      plan_document(narval.at("spec").dump(), narval.at("catalog").dump()),
      plan_document(R"({ "name": "two", "nodes": [ { "model": "nvidia-dgx-h100", "count": 8 } ],
        "fabrics": [ { "topology": "single-switch", "leaf": "nvidia-qm9700", "reserved_ports": [ { "count": 2 } ],
                       "attach": [ { "group": "gpu", "count": 4 } ] },
                     { "name": "storage", "topology": "fat-tree", "leaf": "nvidia-qm9700" } ],
        "expected": { "gpus": 64 } })"),
      plan_document(R"({ "name": "shared", "nodes": [ { "model": "nvidia-dgx-h100", "count": 8 } ],
        "fabrics": [ { "topology": "collapsed-core", "leaf": "nvidia-sn5600" },
                     { "name": "in-band", "on": "compute", "external": [ { "name": "campus", "count": 4, "speed_gbps": 200 } ] },
                     { "name": "oob", "topology": "access", "leaf": "nvidia-sn2201", "uplink_to": "compute",
                       "attach": [ { "group": "gpu", "ports": "bmc" }, { "devices": "switches" }, { "devices": "pdus" } ] } ],
        "racks": [ { "name": "rack", "pdus": 2 } ] })"),
      plan_document(
          R"({ "name": "cards", "nodes": [ { "model": "dell-xe9680-h100", "count": 1, "nics": [ { "ports": "compute", "model": "amd-pollara-400", "count": 8 } ] } ],
        "fabrics": [ { "topology": "single-switch", "leaf": "nvidia-sn5610" } ] })"),
      plan_document(R"({ "name": "rails", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
        "fabrics": [ { "topology": "rail-only", "leaf": "nvidia-qm9700" } ] })"),
      plan_document(R"({ "name": "fly", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ],
        "fabrics": [ { "topology": { "kind": "dragonfly", "a": 4, "p": 4, "h": 2, "g": 3 }, "leaf": "nvidia-qm9700" } ] })"),
      plan_document(R"({ "name": "grid", "nodes": [ { "model": "nvidia-dgx-h100", "count": 8 } ],
        "fabrics": [ { "topology": { "kind": "torus", "dims": [2, 2, 2] }, "leaf": "nvidia-qm9700" } ] })"),
      plan_document(R"({ "name": "at work", "nodes": [ { "model": "nvidia-dgx-h100", "count": 32 } ],
        "fabrics": [ { "topology": "rail-only", "leaf": "nvidia-qm9700" } ], "workloads": ["llama-3-405b", "deepseek-v3-prefill", "moe-all-to-all"] })"),
      plan_document(R"({ "name": "listed", "nodes": [ { "model": "nvidia-dgx-h100", "count": 1 } ],
        "fabrics": [ { "leaf": "nvidia-qm9700", "attach": [ { "group": "gpu", "count": 1 } ],
                       "topology": { "kind": "explicit", "switches": { "leaf": 1 },
                                     "links": [ { "from_device": "gpu-0001", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "1" } ] } } ] })"),
  };
  bool findings = false;
  std::set<std::string> below;
  std::set<std::string> kinds;
  std::set<std::string> of_fabric;
  for (const auto& plan : plans) {
    INFO(plan.at("name"));
    CHECK(plan_schema().complaints(plan) == "");
    // A finished plan names every key that the schema describes for its top level, but for workloads where the spec states none.
    CHECK(plan.size() + (plan.contains("workloads") ? 0 : 1) == plan_schema().document().at("properties").size());
    findings = findings || !plan.at("findings").empty();
    for (const auto& fabric : plan.at("fabrics")) {
      for (const auto& [key, value] : fabric.items()) of_fabric.insert(key);
      for (const auto& links : fabric.at("links")) {
        below.insert(links.at("from").get<std::string>());
        kinds.insert(links.value("kind", ""));
      }
    }
    // The spec that a plan carries is itself a spec.
    CHECK(cluster_schema().complaints(plan.at("inputs").at("spec")) == "");
  }
  CHECK(findings);
  for (const auto* from : {"node", "switch", "pdu", "reserved", "external", "router"}) {
    INFO(from);
    CHECK(below.count(from) == 1);
  }
  // Every kind and every key that the schema describes is written.
  for (const auto& kind : plan_schema().document().at("definitions").at("link_count").at("properties").at("kind").at("enum")) {
    INFO(kind);
    CHECK(kinds.count(kind.get<std::string>()) == 1);
  }
  CHECK(of_fabric.size() == plan_schema().document().at("definitions").at("fabric").at("properties").size());
}

TEST_CASE("schema of plans refuses damaged documents", "[schema]") {
  const auto plan = plan_document(R"({ "name": "damaged", "nodes": [ { "model": "nvidia-dgx-h100", "count": 8 } ],
    "fabrics": [ { "topology": "rail-optimized", "leaf": "nvidia-qm9700", "reserved_ports": [ { "count": 2, "for": "ufm" } ] } ] })");
  REQUIRE(plan_schema().complaints(plan) == "");
  REQUIRE_FALSE(plan.at("findings").empty());
  const std::vector<std::pair<std::string, std::string>> damages = {
      {"/format", R"("icplan.plan/2")"},
      {"/summary", ""},
      {"/summary/gpus", ""},
      {"/summary/links", "-1"},
      {"/summary/cables", "1.5"},
      {"/summary/power_max_w", R"("much")"},
      {"/fabrics", "{}"},
      {"/fabrics/0/tiers/0/switches", "null"},
      {"/fabrics/0/tiers/0/oversubscription", ""},
      {"/fabrics/0/tiers/0/ports_free", ""},
      {"/fabrics/0/tiers/0/cages_disabled", "-1"},
      {"/fabrics/0/bandwidth/bisection_full_tbps", ""},
      {"/fabrics/0/links/0/count", ""},
      {"/fabrics/0/protocol", R"("token-ring")"},
      {"/media/0/class", R"("STRING")"},
      {"/media/0/length_m/mean", "null"},
      {"/bom/0/kind", R"("sundries")"},
      {"/bom/0/unit_price_usd", ""},
      {"/racks/0/position", "0"},
      {"/power/0/max_w", "-1"},
      {"/findings/0/code", R"("E1")"},
      {"/findings/0/severity", R"("fatal")"},
      {"/inputs/parts/0/id", ""},
      {"/cables/sha256", R"("abc")"},
      {"/sha256", ""},
  };
  for (const auto& [place, value] : damages) {
    INFO(place);
    INFO(value);
    Json patch = Json::object({{"path", place}, {"op", value.empty() ? "remove" : "replace"}});
    if (!value.empty()) patch["value"] = parsed(value);
    CHECK(plan_schema().complaints(plan.patch(Json::array({patch}))) != "");
  }
  // Without its purpose, a reserved row is damaged; a link between tiers has none.
  auto purposeless = plan;
  std::size_t rows = 0;
  for (auto& links : purposeless.at("fabrics").at(0).at("links")) rows += links.erase("for");
  CHECK(rows == 1);
  CHECK(plan_schema().complaints(purposeless) != "");
  // Uplinks name the fabric that they lead into.
  auto uplinks = plan;
  auto& row = uplinks.at("fabrics").at(0).at("links").at(0);
  row["kind"] = "uplink";
  CHECK(plan_schema().complaints(uplinks) != "");
  row["fabric"] = "in-band";
  CHECK(plan_schema().complaints(uplinks) == "");
  row["kind"] = "diagonal";
  CHECK(plan_schema().complaints(uplinks) != "");
  // A key that a later version adds does no harm.
  auto later = plan;
  later["made_up"] = 1;
  later["summary"]["made_up"] = nullptr;
  CHECK(plan_schema().complaints(later) == "");
}

TEST_CASE("schema of comparisons takes what is written and refuses damaged documents", "[schema]") {
  const Schema schema("compare.schema.json");
  const auto planned = plan_spec(tiny_spec);
  REQUIRE(planned.plan);
  const auto figures = measure_design(*planned.plan);
  const auto comparison = parsed(comparison_json(compare_designs({{"a", "a.json", figures}, {"b", "b.json", figures}})));
  CHECK(schema.complaints(comparison) == "");
  // A comparison has every key that the schema describes.
  CHECK(comparison.size() == schema.document().at("properties").size());
  CHECK(comparison.at("rows").at(0).size() == schema.document().at("definitions").at("row").at("properties").size());
  const std::vector<std::pair<std::string, std::string>> damages = {
      {"/format", R"("icplan.compare/2")"},
      {"/designs", ""},
      {"/designs/1", ""},
      {"/designs/0/name", ""},
      {"/rows", "[]"},
      {"/rows/0/key", ""},
      {"/rows/0/unit", R"("furlong")"},
      {"/rows/0/values", "3"},
      {"/rows/0/values/1", R"("unknown")"},
      {"/rows/0/values/1", ""},
      {"/rows/0/ratios/1", "-1"},
      {"/rows/0/ratios", ""},
      {"/rows/0/lower_bounds/0", "null"},
      {"/rows/0/lower_bounds", ""},
  };
  for (const auto& [place, value] : damages) {
    INFO(place);
    INFO(value);
    Json patch = Json::object({{"path", place}, {"op", value.empty() ? "remove" : "replace"}});
    if (!value.empty()) patch["value"] = parsed(value);
    CHECK(schema.complaints(comparison.patch(Json::array({patch}))) != "");
  }
}

TEST_CASE("schema of latency takes what is written and refuses damaged documents", "[schema]") {
  const Schema schema("latency.schema.json");
  const auto planned = plan_spec(tiny_spec);
  REQUIRE(planned.plan);
  const auto latency = parsed(latency_json(*planned.plan));
  CHECK(schema.complaints(latency) == "");
  // A document has every key that the schema describes.
  const auto& fabric = latency.at("fabrics").at(0);
  const auto& definitions = schema.document().at("definitions");
  CHECK(latency.size() == schema.document().at("properties").size());
  CHECK(fabric.size() == definitions.at("fabric").at("properties").size());
  CHECK(fabric.at("classes").at(1).size() == definitions.at("class").at("properties").size());
  CHECK(fabric.at("missing").at(0).size() == definitions.at("missing").at("properties").size());
  const std::vector<std::pair<std::string, std::string>> damages = {
      {"/format", R"("icplan.latency/2")"},
      {"/fabrics/0/classes", "[]"},
      {"/fabrics/0/classes/0/class", R"("neighbours")"},
      {"/fabrics/0/classes/0/pairs", "-1"},
      {"/fabrics/0/classes/1/mean_ns", R"("unknown")"},
      {"/fabrics/0/classes/1/mean_of/cables_ns", ""},
      {"/fabrics/0/classes/1/unknown/nics", "0.5"},
      {"/fabrics/0/missing/0/what", R"("cable")"},
      {"/fabrics/0/defaults/fibre_ns_per_m", ""},
      {"/fabrics/0/stride", "0"},
  };
  for (const auto& [place, value] : damages) {
    INFO(place);
    INFO(value);
    Json patch = Json::object({{"path", place}, {"op", value.empty() ? "remove" : "replace"}});
    if (!value.empty()) patch["value"] = parsed(value);
    CHECK(schema.complaints(latency.patch(Json::array({patch}))) != "");
  }
}

TEST_CASE("schema of diff takes what is written and refuses damaged documents", "[schema]") {
  const Schema schema("diff.schema.json");
  const auto planned = plan_spec(tiny_spec);
  REQUIRE(planned.plan);
  auto before = record_plan(*planned.plan);
  auto after = before;
  // Something of everything.
  after.totals.cost_unknown += 1;
  after.fabrics[0].bisection_bound = true;
  after.nodes[0].count += 1;
  after.devices.push_back({"new", "part", 0, 0});
  after.devices[0].part = "other";
  after.devices[1].unit += 1;
  after.racks[0].position += 1;
  after.racks.push_back({"new", "kind", "A", 1, 9});
  after.items.front().ordered += 1;
  after.items.push_back({"fibre", "fibre", "compute", "", 5'000, 1, 0, 1, 100, std::nullopt});
  REQUIRE(after.findings.size() >= 2);
  after.findings[0].message = "another";
  after.findings[1].count += 1;
  before.findings.push_back({"IC6001", "x", "note", "1 m", {}, {}, 0, 0, 1});
  after.findings.push_back({"IC6001", "x", "note", "2 m", {}, {}, 0, 0, 2});
  after.pieces.push_back({"AOC", "other", 7'000, "compute"});
  after.cables[0].piece = static_cast<std::uint32_t>(after.pieces.size() - 1);
  after.cables[1].needed_mm += 1;
  const auto limit = std::get<DiffLimit>(parse_diff_limit("gpus>1"));
  const auto both = [&](const PlanRecord& a, const PlanRecord& b) {
    return parsed(diff_json(diff_plans(a, b), {"old", "new"}, judge_diff(a, b, std::array{limit})));
  };
  const auto diff = both(before, after);
  CHECK(schema.complaints(diff) == "");
  CHECK(schema.complaints(both(after, before)) == "");
  CHECK(schema.complaints(both(before, before)) == "");
  CHECK(both(before, before).at("changed") == false);
  CHECK(diff.size() == schema.document().at("properties").size());
  CHECK(diff.at("cables").at("changed").at(0).at("new").size() == schema.document().at("definitions").at("cable").at("properties").size());
  const std::vector<std::pair<std::string, std::string>> damages = {
      {"/format", R"("icplan.diff/2")"},
      {"/changed", R"("yes")"},
      {"/limits/0/verdict", R"("fine")"},
      {"/totals/0/old_is", R"("about")"},
      {"/totals/0/unit", R"("EUR")"},
      {"/devices/counts/0/old", "-1"},
      {"/devices/replaced/0/old_part", ""},
      {"/devices/moved/0/new_u", "0"},
      {"/racks/changed/0/new", ""},
      {"/parts/0/new/ordered", "0.5"},
      {"/findings/appeared/0/severity", R"("fatal")"},
      {"/findings/recounted/0/old_count", ""},
      {"/findings/changed/0/old_message", ""},
      {"/findings/changed/0/new_count", "-1"},
      {"/cables/changed/0/changes/0", R"("colour")"},
      {"/cables/changed/0/old/legs/0/from/module", "1"},
      {"/cables/needed_lengths", "-1"},
  };
  for (const auto& [place, value] : damages) {
    INFO(place);
    INFO(value);
    Json patch = Json::object({{"path", place}, {"op", value.empty() ? "remove" : "replace"}});
    if (!value.empty()) patch["value"] = parsed(value);
    CHECK(schema.complaints(diff.patch(Json::array({patch}))) != "");
  }
}

TEST_CASE("schema describes every key", "[schema]") {
  for (const auto& file : files_under("catalogs/schema", ".schema.json")) {
    const Schema schema(fs::path(file).filename().string());
    INFO(file);
    const auto name = fs::path(file).filename().string();
    CHECK(schema.document().at("$id") == "urn:icplan:schema:" + name.substr(0, name.find('.')) + ":1");
    CHECK(schema.document().contains("description"));
    check_described(schema.document(), "");
  }
}

#else

TEST_CASE("schema tests need valijson", "[schema]") {
  WARN("skipped: valijson was not found when icplan was configured");
  SUCCEED();
}

#endif
