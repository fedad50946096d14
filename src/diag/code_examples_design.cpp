// SPDX-License-Identifier: Apache-2.0
// Examples of findings about documents, specs, catalogs, fabrics and racks.
#include "code_examples.hpp"

namespace icplan {
namespace {

// clang-format off
constexpr CodeExample examples[] = {
    {Code::syntax_error, ExamplePlace::top_level, R"("operations": { "pue": 1.3, })", R"("operations": { "pue": 1.3 })"},
    {Code::duplicate_key, ExamplePlace::node_group, R"("unit": 2, "unit": 4)", R"("unit": 4)"},
    {Code::document_too_large, ExamplePlace::words,
     R"(A plan of a large cluster given as a spec: its plan.json may have more than 16 MiB. Name the spec that it was planned from.)",
     {}},
    {Code::wrong_type, ExamplePlace::node_group, R"("count": "4")", R"("count": 4)"},
    {Code::missing_key, ExamplePlace::top_level, R"("racks": [ { "max_power_kw": 45 } ])", R"("racks": [ { "name": "gpu", "max_power_kw": 45 } ])"},
    {Code::unknown_key, ExamplePlace::fabric, R"("oversubscribtion": 2)", R"("oversubscription": 2)"},
    {Code::unknown_word, ExamplePlace::fabric, R"("topology": "rail-optimised")", R"("topology": "rail-optimized")"},
    {Code::out_of_range, ExamplePlace::node_group, R"("count": 0)", R"("count": 4)"},
    {Code::too_precise, ExamplePlace::top_level, R"("floor": { "rack_pitch_m": 0.60005 })", R"("floor": { "rack_pitch_m": 0.6 })"},
    {Code::wrong_format, ExamplePlace::top_level, R"("format": "icplan.plan/1")", R"("format": "icplan.cluster/1")"},
    {Code::not_supported, ExamplePlace::fabric,
     R"("reserved_ports": [ { "tier": "spine", "count": 4 } ])",
     R"("reserved_ports": [ { "tier": "leaf", "count": 4 } ])"},
    {Code::unknown_workload, ExamplePlace::top_level, R"("workloads": ["gpt-4o-training"])", R"("workloads": ["gpt-4o-class-training"])"},
    {Code::unknown_part, ExamplePlace::fabric, R"("leaf": "nvidia-qm970")", R"("leaf": "nvidia-qm9700")"},
    {Code::wrong_part_kind, ExamplePlace::fabric, R"("leaf": "nvidia-cx7-osfp")", R"("leaf": "nvidia-qm9700")"},
    {Code::duplicate_name, ExamplePlace::top_level,
     R"("racks": [ { "name": "rack", "max_power_kw": 45 }, { "name": "rack", "max_power_kw": 20 } ])",
     R"("racks": [ { "name": "gpu", "max_power_kw": 45 }, { "name": "network", "max_power_kw": 20 } ])"},
    {Code::unknown_name, ExamplePlace::fabric, R"("attach": [ { "group": "gpus" } ])", R"("attach": [ { "group": "gpu" } ])"},
    {Code::nothing_attached, ExamplePlace::fabric, R"("attach": [])", R"("attach": [ { "group": "gpu", "ports": "compute" } ])"},
    {Code::no_such_ports, ExamplePlace::fabric, R"("attach": [ { "group": "gpu", "count": 9 } ])", R"("attach": [ { "group": "gpu", "count": 8 } ])"},
    {Code::ports_used_twice, ExamplePlace::fabric,
     R"("attach": [ { "group": "gpu", "count": 8 }, { "group": "gpu", "count": 8 } ])",
     R"("attach": [ { "group": "gpu", "count": 8 } ])"},
    {Code::conflicting_values, ExamplePlace::fabric, R"("topology": "single-switch", "tiers": 2)", R"("topology": "fat-tree", "tiers": 2)"},
    {Code::unreadable_file, ExamplePlace::words,
     R"("catalogs": ["parts/site.json"] in a spec whose folder has no such file. The path counts from the folder of the spec, not from where icplan is started.)",
     {}},
    {Code::cluster_too_large, ExamplePlace::node_group, R"("count": 1000000)", R"("count": 100)"},
    {Code::key_without_effect, ExamplePlace::fabric, R"("pod_units": 2)", {}},
    {Code::gpus_without_fabric, ExamplePlace::spec,
     R"({ "name": "two",
  "nodes": [ { "group": "a", "model": "nvidia-dgx-h100", "count": 4 }, { "group": "b", "model": "nvidia-dgx-h100", "count": 4 } ],
  "fabrics": [ { "topology": "fat-tree", "leaf": "nvidia-qm9700", "attach": [ { "group": "a" } ] } ] })",
     R"({ "name": "two",
  "nodes": [ { "group": "a", "model": "nvidia-dgx-h100", "count": 4 }, { "group": "b", "model": "nvidia-dgx-h100", "count": 4 } ],
  "fabrics": [ { "topology": "fat-tree", "leaf": "nvidia-qm9700", "attach": [ { "group": "a" }, { "group": "b" } ] } ] })"},
    {Code::ports_not_usable, ExamplePlace::spec,
     R"({ "name": "two",
  "nodes": [ { "group": "a", "model": "nvidia-dgx-h100", "count": 4 }, { "group": "b", "model": "nvidia-dgx-b300", "count": 4 } ],
  "fabrics": [ { "name": "storage", "topology": "fat-tree", "leaf": "nvidia-qm9700" } ] })",
     R"({ "name": "two",
  "nodes": [ { "group": "a", "model": "nvidia-dgx-h100", "count": 4 }, { "group": "b", "model": "nvidia-dgx-b300", "count": 4 } ],
  "fabrics": [ { "name": "storage", "topology": "fat-tree", "leaf": "nvidia-qm9700", "attach": [ { "group": "a", "ports": "storage" } ] } ] })"},
    {Code::rule_not_possible, ExamplePlace::words,
     R"("findings": { "severity": { "IC3001": "warning" } }: a fabric that is too large has no plan, whatever it is called. IC5005 may become an error, IC6001 a warning.)",
     {}},
    {Code::suppression_unused, ExamplePlace::words,
     R"("findings": { "suppress": [ { "code": "IC6001", "reason": "agreed with the hall" } ] } in a spec that keeps its limits. Take the suppression out.)",
     {}},
    {Code::suppression_expired, ExamplePlace::words,
     R"({ "code": "IC5005", "reason": "ordered in May", "expires": "2027-03-31" } among `findings.suppress`, judged with --today 2027-04-01.)",
     {}},
    {Code::duplicate_part, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" },
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })"},
    {Code::part_replaced, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "generic-rail-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-rail-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })"},
    {Code::unknown_source, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "qoute" } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })"},
    {Code::missing_source, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site" } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })"},
    {Code::broken_reference, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-node", "kind": "node", "manufacturer": "site", "basis": "datasheet", "source": "quote", "gpu": "nvidia-h100", "gpus": 8, "rack_units": 8, "ports": [] } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-node", "kind": "node", "manufacturer": "site", "basis": "datasheet", "source": "quote", "gpu": "nvidia-h100-sxm", "gpus": 8, "rack_units": 8, "ports": [] } ] })"},
    {Code::implausible_figure, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-fibre", "kind": "fibre", "manufacturer": "site", "basis": "datasheet", "source": "quote", "fibre": "smf", "connector_a": "mpo-12-apc", "connector_b": "mpo-12-apc", "tails": 1,
    "lengths_m": [5, 10], "max_length_m": 5 } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-fibre", "kind": "fibre", "manufacturer": "site", "basis": "datasheet", "source": "quote", "fibre": "smf", "connector_a": "mpo-12-apc", "connector_b": "mpo-12-apc", "tails": 1,
    "lengths_m": [5, 10], "max_length_m": 10 } ] })"},
    {Code::never_fits, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-fibre", "kind": "fibre", "manufacturer": "site", "basis": "datasheet", "source": "quote", "fibre": "smf", "connector_a": "mpo-12-apc", "connector_b": "mpo-12-apc", "tails": 1 } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-fibre", "kind": "fibre", "manufacturer": "site", "basis": "datasheet", "source": "quote", "fibre": "smf", "connector_a": "mpo-12-apc", "connector_b": "mpo-12-apc", "tails": 1,
    "lengths_m": [5, 10] } ] })"},
    {Code::overlays_differ, ExamplePlace::words,
     R"("catalogs": ["a.json", "b.json"], where both describe the part site-kit, one with "price_usd": 89 and the other with 95. Take the part out of one of them.)",
     {}},
    {Code::kind_replaced, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "nvidia-qm9700", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-qm9700-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })"},
    {Code::wrong_disable, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "disable": ["nvidia-qm970"] })",
     R"({ "format": "icplan.catalog/1", "disable": ["nvidia-qm9790"] })"},
    {Code::disabled_part, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "disable": ["nvidia-qm9700"] })",
     R"({ "format": "icplan.catalog/1", "disable": ["nvidia-qm9790"] })"},
    {Code::wrong_price, ExamplePlace::price_list,
     R"(part,unit_price_usd
nvidia-qm9700,$24500)",
     R"(part,unit_price_usd
nvidia-qm9700,24500)"},
    {Code::conflicting_prices, ExamplePlace::price_list,
     R"(part,unit_price_usd
nvidia-qm9700,24500
nvidia-qm9700,23900)",
     R"(part,unit_price_usd
nvidia-qm9700,23900)"},
    {Code::price_replaced, ExamplePlace::price_list,
     R"(part,unit_price_usd
nvidia-sn5600,61000)",
     R"(part,unit_price_usd
nvidia-qm9700,24500)"},
    {Code::source_without_address, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "sheet": { "title": "data sheet of the maker" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "sheet", "weight_kg": 2 } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "sheet": { "title": "data sheet of the maker", "url": "https://maker.example/kit" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "sheet", "weight_kg": 2 } ] })"},
    {Code::unused_source, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation", "url": "https://maker.example/4711" }, "old": { "title": "its forerunner", "url": "https://maker.example/4710" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote" } ] })"},
    {Code::unknown_figure, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote", "weight_kg": 2, "figures": { "wieght_kg": { "basis": "secondary", "source": "quote" } } } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote", "weight_kg": 2, "figures": { "weight_kg": { "basis": "secondary", "source": "quote" } } } ] })"},
    {Code::undated_price, ExamplePlace::catalog,
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote", "price_usd": 89 } ] })",
     R"({ "format": "icplan.catalog/1", "sources": { "quote": { "title": "quotation 4711", "url": "https://maker.example/4711" } }, "parts": [
  { "id": "site-kit", "kind": "accessory", "manufacturer": "site", "basis": "datasheet", "source": "quote", "price_usd": 89, "price_date": "2026-09" } ] })"},
    {Code::coverage_gap, ExamplePlace::words,
     R"(`icplan catalog lint` finds that no active optical cable on sale joins two sorts of cage between 7 m and 100 m. A part with such `ends` and lengths in an overlay catalog closes the gap.)",
     {}},
    {Code::zero_price, ExamplePlace::price_list,
     R"(part,unit_price_usd
nvidia-qm9700,0)",
     R"(part,unit_price_usd
nvidia-qm9700,24500)"},
    {Code::fabric_too_large, ExamplePlace::spec,
     R"({ "name": "one switch", "nodes": [ { "model": "nvidia-dgx-h100", "count": 9 } ],
  "fabrics": [ { "topology": "single-switch", "leaf": "nvidia-qm9700" } ] })",
     R"({ "name": "one switch", "nodes": [ { "model": "nvidia-dgx-h100", "count": 8 } ],
  "fabrics": [ { "topology": "single-switch", "leaf": "nvidia-qm9700" } ] })"},
    {Code::no_common_speed, ExamplePlace::fabric, R"("uplink_gbps": 800)", R"("uplink_gbps": 400)"},
    {Code::planes_do_not_divide, ExamplePlace::fabric, R"("planes": 3)", R"("planes": 2)"},
    {Code::rails_do_not_divide, ExamplePlace::fabric, R"("rails": 3)", R"("rails": 4)"},
    {Code::reserved_ports_do_not_fit, ExamplePlace::fabric, R"("reserved_ports": [ { "count": 10000 } ])", R"("reserved_ports": [ { "count": 4 } ])"},
    {Code::unit_too_large, ExamplePlace::fabric,
     R"("topology": "fat-tree", "tiers": 2, "oversubscription": 0.05)",
     R"("topology": "fat-tree", "tiers": 2, "oversubscription": 1)"},
    {Code::tiers_too_few, ExamplePlace::fabric, R"("tiers": 1)", R"("tiers": 2)"},
    {Code::no_such_order, ExamplePlace::fabric, R"("topology": { "kind": "slim-fly", "q": 6 })", R"("topology": { "kind": "slim-fly", "q": 5 })"},
    {Code::assumed_management_port, ExamplePlace::spec,
     R"({ "name": "oob", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ], "fabrics": [
  { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" },
  { "name": "oob", "topology": "access", "leaf": "nvidia-sn2201", "attach": [ { "devices": "switches" } ] } ] })",
     R"({ "name": "oob", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ], "fabrics": [
  { "name": "compute", "topology": "rail-optimized", "leaf": "nvidia-qm9700" },
  { "name": "oob", "topology": "access", "leaf": "nvidia-sn2201", "attach": [ { "group": "gpu", "ports": "bmc" } ] } ] })"},
    {Code::uplinks_do_not_settle, ExamplePlace::spec,
     R"({ "name": "oob", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ], "fabrics": [
  { "name": "in-band", "topology": "fat-tree", "leaf": "nvidia-sn5600", "tiers": 3, "oversubscription": 0.02, "pod_units": 1 },
  { "name": "oob", "topology": { "kind": "access", "uplinks": 4 }, "leaf": "nvidia-sn2201", "uplink_to": "in-band",
    "attach": [ { "group": "gpu", "ports": "bmc" }, { "devices": "switches" } ] } ] })",
     R"({ "name": "oob", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4 } ], "fabrics": [
  { "name": "in-band", "topology": "fat-tree", "leaf": "nvidia-sn5600" },
  { "name": "oob", "topology": "access", "leaf": "nvidia-sn2201", "uplink_to": "in-band",
    "attach": [ { "group": "gpu", "ports": "bmc" }, { "devices": "switches" } ] } ] })"},
    {Code::wrong_link, ExamplePlace::fabric,
     R"("attach": [ { "group": "gpu", "count": 1 } ], "topology": { "kind": "explicit", "switches": { "leaf": 1 }, "links": [
    { "from_device": "gpu-0001", "from_cage": "compute-1", "to_device": "compute-leaf-0002", "to_cage": "1" },
    { "from_device": "gpu-0002", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "2" },
    { "from_device": "gpu-0003", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "3" },
    { "from_device": "gpu-0004", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "4" } ] })",
     R"("attach": [ { "group": "gpu", "count": 1 } ], "topology": { "kind": "explicit", "switches": { "leaf": 1 }, "links": [
    { "from_device": "gpu-0001", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "1" },
    { "from_device": "gpu-0002", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "2" },
    { "from_device": "gpu-0003", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "3" },
    { "from_device": "gpu-0004", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "4" } ] })"},
    {Code::ports_not_listed, ExamplePlace::fabric,
     R"("attach": [ { "group": "gpu", "count": 1 } ], "topology": { "kind": "explicit", "switches": { "leaf": 1 }, "links": [
    { "from_device": "gpu-0001", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "1" },
    { "from_device": "gpu-0002", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "2" },
    { "from_device": "gpu-0003", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "3" } ] })",
     R"("attach": [ { "group": "gpu", "count": 1 } ], "topology": { "kind": "explicit", "switches": { "leaf": 1 }, "links": [
    { "from_device": "gpu-0001", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "1" },
    { "from_device": "gpu-0002", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "2" },
    { "from_device": "gpu-0003", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "3" },
    { "from_device": "gpu-0004", "from_cage": "compute-1", "to_device": "compute-leaf-0001", "to_cage": "4" } ] })"},
    {Code::growth_not_placed, ExamplePlace::fabric, R"("expandable_to": 8)", {}},
    {Code::unknown_rack_units, ExamplePlace::node_part, R"("gpus": 8)", R"("gpus": 8, "rack_units": 8, "power_max_w": 10200, "weight_kg": 130)"},
    {Code::rack_limit_exceeded, ExamplePlace::top_level,
     R"("racks": [ { "name": "rack", "max_power_kw": 5 } ])",
     R"("racks": [ { "name": "rack", "max_power_kw": 45 } ])"},
    {Code::floor_full, ExamplePlace::top_level,
     R"("floor": { "halls": [ { "name": "A", "rows": 1, "racks_per_row": 1 } ] })",
     R"("floor": { "halls": [ { "name": "A", "rows": 1, "racks_per_row": 4 } ] })"},
    {Code::unknown_power_in_limited_rack, ExamplePlace::node_part, R"("gpus": 8, "rack_units": 8)", R"("gpus": 8, "rack_units": 8, "power_max_w": 10200)"},
    {Code::typical_power_in_rack_check, ExamplePlace::node_part,
     R"("gpus": 8, "rack_units": 8, "power_typical_w": 8000)",
     R"("gpus": 8, "rack_units": 8, "power_typical_w": 8000, "power_max_w": 10200)"},
    {Code::hall_limit_exceeded, ExamplePlace::top_level,
     R"("floor": { "halls": [ { "name": "A", "max_power_kw": 20 } ] })",
     R"("floor": { "halls": [ { "name": "A", "max_power_kw": 120 } ] })"},
    {Code::tray_too_low, ExamplePlace::top_level, R"("floor": { "tray_height_m": 1.5 })", R"("floor": { "tray_height_m": 2.6 })"},
    {Code::unknown_weight_in_limited_rack, ExamplePlace::node_part,
     R"("gpus": 8, "rack_units": 8, "power_max_w": 10200)",
     R"("gpus": 8, "rack_units": 8, "power_max_w": 10200, "weight_kg": 130)"},
    {Code::no_rack_power_limit, ExamplePlace::top_level, R"("racks": [ { "name": "rack" } ])", R"("racks": [ { "name": "rack", "max_power_kw": 45 } ])"},
    {Code::rack_units_overlap, ExamplePlace::top_level,
     R"("floor": { "fixed": [ { "row": 1, "position": 3, "contents": [
    { "u": 1, "group": "gpu", "index": 0 }, { "u": 8, "group": "gpu", "index": 1 } ] } ] })",
     R"("floor": { "fixed": [ { "row": 1, "position": 3, "contents": [
    { "u": 1, "group": "gpu", "index": 0 }, { "u": 9, "group": "gpu", "index": 1 } ] } ] })"},
    {Code::no_such_device, ExamplePlace::top_level,
     R"("floor": { "fixed": [ { "row": 1, "position": 3, "contents": [
    { "u": 1, "group": "gpu", "index": 0 }, { "u": 9, "group": "gpu", "index": 4 } ] } ] })",
     R"("floor": { "fixed": [ { "row": 1, "position": 3, "contents": [
    { "u": 1, "group": "gpu", "index": 0 }, { "u": 9, "group": "gpu", "index": 3 } ] } ] })"},
    {Code::device_placed_twice, ExamplePlace::top_level,
     R"("floor": { "fixed": [ { "row": 1, "position": 3, "contents": [
    { "u": 1, "group": "gpu", "index": 0 }, { "u": 9, "group": "gpu", "index": 0 } ] } ] })",
     R"("floor": { "fixed": [ { "row": 1, "position": 3, "contents": [
    { "u": 1, "group": "gpu", "index": 0 }, { "u": 9, "group": "gpu", "index": 1 } ] } ] })"},
    {Code::spot_taken, ExamplePlace::top_level,
     R"("floor": { "fixed": [ { "row": 1, "position": 3 }, { "row": 1, "position": 3 } ] })",
     R"("floor": { "fixed": [ { "row": 1, "position": 3 }, { "row": 1, "position": 4 } ] })"},
    {Code::row_limit_exceeded, ExamplePlace::top_level,
     R"("floor": { "halls": [ { "name": "A", "max_row_power_kw": 15 } ] })",
     R"("floor": { "halls": [ { "name": "A", "max_row_power_kw": 90 } ] })"},
    {Code::halls_not_joined, ExamplePlace::spec,
     R"({ "name": "halls", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4, "hall": "A" } ],
  "fabrics": [ { "topology": "rail-optimized", "leaf": "nvidia-qm9700", "hall": "B" } ],
  "floor": { "halls": [ { "name": "A" }, { "name": "B" } ] } })",
     R"({ "name": "halls", "nodes": [ { "model": "nvidia-dgx-h100", "count": 4, "hall": "A" } ],
  "fabrics": [ { "topology": "rail-optimized", "leaf": "nvidia-qm9700", "hall": "B" } ],
  "floor": { "halls": [ { "name": "A" }, { "name": "B" } ], "ducts": [ { "from": "A", "to": "B", "length_m": 40 } ] } })"},
    {Code::unknown_power_in_limited_hall, ExamplePlace::words,
     R"("floor": { "halls": [ { "name": "A", "max_power_kw": 90 } ] } with a node of an overlay catalog that states no `power_max_w`. State it there, with its source.)",
     {}},
    {Code::optimized_without_figures, ExamplePlace::fabric, R"("switches": "optimize")", R"("switches": "central")"},
};
// clang-format on

} // namespace

std::span<const CodeExample> design_examples() { return examples; }

} // namespace icplan
