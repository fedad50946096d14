// SPDX-License-Identifier: Apache-2.0
// A small network whose every part has watts and a price, which makers do not publish.
#pragma once

#include <string>

namespace icplan::test {

/// A catalog: `site-switch` (32 twin-port cages; 700 W typical, 1,000 W at most with media; $20,000), `site-node` (8 GPUs, 4 twin-port cages; 9,000 W at
/// most with all that is in it; $250,000), `site-module` with the given figures and `site-fibre` ($30.01). `switch_includes` is what the switch's maximum holds.
[[nodiscard]] std::string priced_parts(const std::string& module_figures, const std::string& switch_includes = R"("media")");
/// Three such nodes on one such switch, all links modules and fibre: 24 links, 24 modules. `top` is added to the spec, `media` to its media.
[[nodiscard]] std::string priced_spec(const std::string& name, const std::string& top = {}, const std::string& media = {});

} // namespace icplan::test
