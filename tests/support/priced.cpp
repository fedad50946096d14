// SPDX-License-Identifier: Apache-2.0
#include "support/priced.hpp"

namespace icplan::test {

std::string priced_parts(const std::string& module_figures, const std::string& switch_includes) {
  return R"({ "format": "icplan.catalog/1", "sources": { "s": { "title": "site" } }, "parts": [
    { "id": "site-switch", "kind": "switch", "manufacturer": "site", "basis": "datasheet", "source": "s", "protocols": ["infiniband"],
      "rack_units": 1, "power_typical_w": 700, "power_max_w": 1000, "max_includes": [)" +
         switch_includes + R"(], "price_usd": 20000,
      "ports": [ { "name": "fabric", "cages": 32, "form": "osfp", "top": "ihs", "lanes": 8, "modes": [ { "ports": 2, "gbps": 400 } ], "protocols": ["infiniband"] } ] },
    { "id": "site-node", "kind": "node", "manufacturer": "site", "basis": "datasheet", "source": "s", "gpu": "nvidia-h100-sxm", "gpus": 8,
      "rack_units": 8, "power_max_w": 9000, "max_includes": ["gpu", "nic", "media"], "price_usd": 250000,
      "ports": [ { "name": "compute", "cages": 4, "nics": 8, "form": "osfp", "top": "rhs", "lanes": 8, "modes": [ { "ports": 2, "gbps": 400 } ], "protocols": ["infiniband"] } ] },
    { "id": "site-module", "kind": "module", "manufacturer": "site", "basis": "datasheet", "source": "s", "fits": "any",
      "optical": { "type": "site", "fibre": "smf", "connector": "site" }, "reach_m": 500, )" +
         module_figures + R"( },
    { "id": "site-fibre", "kind": "fibre", "manufacturer": "site", "basis": "datasheet", "source": "s", "fibre": "smf",
      "connector_a": "site", "connector_b": "site", "lengths_m": [50], "max_length_m": 50, "price_usd": 30.01 } ] })";
}

std::string priced_spec(const std::string& name, const std::string& top, const std::string& media) {
  return R"({ "name": ")" + name + R"(", "nodes": [ { "model": "site-node", "count": 3 } ],
    "fabrics": [ { "name": "compute", "topology": "single-switch", "leaf": "site-switch" } ],
    "media": { "dac_below_m": 0, "aoc_up_to_m": 0, "vendors": ["site"])" +
         media + " }" + top + " }";
}

} // namespace icplan::test
