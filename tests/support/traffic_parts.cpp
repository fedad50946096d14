// SPDX-License-Identifier: Apache-2.0
// Parts whose traffic can be reckoned by hand.
#include "support/traffic_parts.hpp"

namespace icplan::test {

const char* traffic_parts() {
  return R"({"format":"icplan.catalog/1","sources":{"test":{"title":"made up for this test","url":null}},"parts":[
  {"id":"gpu-1","kind":"gpu","manufacturer":"generic","name":"alone","basis":"generic","source":"test","scale_up_domain_gpus":1},
  {"id":"gpu-4","kind":"gpu","manufacturer":"generic","name":"of four","basis":"generic","source":"test","scale_up_domain_gpus":4,"scale_up_gbytes_per_s":450},
  {"id":"gpu-slow","kind":"gpu","manufacturer":"generic","name":"of four","basis":"generic","source":"test","scale_up_domain_gpus":4,"scale_up_gbytes_per_s":30},
  {"id":"gpu-8","kind":"gpu","manufacturer":"generic","name":"of eight","basis":"generic","source":"test","scale_up_domain_gpus":8,"scale_up_gbytes_per_s":450},
  {"id":"host-1","kind":"node","manufacturer":"generic","name":"1 GPU","basis":"generic","source":"test","rack_units":1,"gpu":"gpu-1","gpus":1,
   "ports":[{"name":"compute","nics":1,"cages":1,"form":"osfp","top":"rhs","lanes":4,"lane_gbps":100,"modes":[{"ports":1,"gbps":400},{"ports":1,"gbps":200,"lanes":2}],"protocols":["infiniband"]}]},
  {"id":"host-4","kind":"node","manufacturer":"generic","name":"4 GPUs","basis":"generic","source":"test","rack_units":1,"gpu":"gpu-4","gpus":4,
   "ports":[{"name":"compute","nics":4,"cages":2,"form":"osfp","top":"rhs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400}],"protocols":["infiniband"]}]},
  {"id":"host-slow","kind":"node","manufacturer":"generic","name":"4 GPUs","basis":"generic","source":"test","rack_units":1,"gpu":"gpu-slow","gpus":4,
   "ports":[{"name":"compute","nics":4,"cages":2,"form":"osfp","top":"rhs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400}],"protocols":["infiniband"]}]},
  {"id":"host-slot","kind":"node","manufacturer":"generic","name":"4 GPUs, slow slots","basis":"generic","source":"test","rack_units":1,"gpu":"gpu-4","gpus":4,
   "ports":[{"name":"compute","nics":4,"pcie":"gen5x8","cages":2,"form":"osfp","top":"rhs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400}],"protocols":["infiniband"]}]},
  {"id":"tray-4","kind":"node","manufacturer":"generic","name":"4 of 8 GPUs","basis":"generic","source":"test","rack_units":1,"gpu":"gpu-8","gpus":4,
   "ports":[{"name":"compute","nics":4,"cages":2,"form":"osfp","top":"rhs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400}],"protocols":["infiniband"]}]},
  {"id":"dual-1","kind":"node","manufacturer":"generic","name":"1 GPU","basis":"generic","source":"test","rack_units":1,"gpu":"gpu-1","gpus":1,
   "ports":[{"name":"compute","nics":1,"pcie":"gen5x16","cages":1,"form":"osfp","top":"rhs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400}],"protocols":["infiniband"]}]},
  {"id":"switch-8","kind":"switch","manufacturer":"generic","name":"8 ports","basis":"generic","source":"test","rack_units":1,"protocols":["infiniband"],
   "ports":[{"name":"fabric","cages":4,"form":"osfp","top":"ihs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400},{"ports":4,"gbps":200}]}]},
  {"id":"switch-16","kind":"switch","manufacturer":"generic","name":"16 ports","basis":"generic","source":"test","rack_units":1,"protocols":["infiniband"],
   "ports":[{"name":"fabric","cages":8,"form":"osfp","top":"ihs","lanes":8,"lane_gbps":100,"modes":[{"ports":2,"gbps":400},{"ports":4,"gbps":200}]}]}]})";
}

std::string traffic_spec(std::string_view nodes, std::string_view fabric) {
  return R"({"name":"traffic","nodes":[{)" + std::string(nodes) + R"(}],"fabrics":[{"name":"compute",)" + std::string(fabric) + "}]}";
}

} // namespace icplan::test
