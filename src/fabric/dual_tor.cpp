// SPDX-License-Identifier: Apache-2.0
// Dual-ToR: rail-optimised with two planes, so that each of a NIC's two ports is on a switch of its own, and ports of every leaf kept for backup
// nodes. Qian et al., "Alibaba HPN: A Data Center Network for Large Language Model Training", SIGCOMM 2024.
#include "builder.hpp"

namespace icplan {

void build_dual_tor(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  if (request.fabric.planes != 2) {
    sink.report(Code::conflicting_values, request.fabric.origin.of("planes"),
                request.title() + " is dual-tor, which has two planes, but `planes` is " + std::to_string(request.fabric.planes),
                "leave `planes` out, or use topology `multi-plane`");
    return;
  }
  build_rail_optimized(request, builder, layout, sink);
}

} // namespace icplan
