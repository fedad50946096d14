// SPDX-License-Identifier: Apache-2.0
// Multi-plane: copies of one topology side by side, one for each port or NIC of a node. One plane is sized, the switches are multiplied, the GPUs
// are not. DeepSeek-AI, "Insights into DeepSeek-V3", ISCA 2025: eight planes of two-tier fat trees, one NIC of a node in each.
#include "builder.hpp"

namespace icplan {

void build_multi_plane(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  switch (request.fabric.options.of) {
  case Topology::single_switch: build_single_switch(request, builder, layout, sink); break;
  case Topology::rail_optimized: build_rail_optimized(request, builder, layout, sink); break;
  case Topology::rail_only: build_rail_only(request, builder, layout, sink); break;
  default: build_fat_tree(request, builder, layout, sink); break;
  }
}

} // namespace icplan
