// SPDX-License-Identifier: Apache-2.0
// What cables, fibres and modules come to, so that placements can be compared.
#pragma once

#include "icplan/cabling/cable_table.hpp"

#include <array>

namespace icplan {

struct MediaSums {
  MediaTotal total;
  /// By class, cents or milliwatts of what has a figure; modules count as OSFP.
  std::array<std::int64_t, media_classes> figure{};
  /// By class.
  std::array<std::int64_t, media_classes> links{};
};

/// By accepted prices (at sold lengths) or maximum watts; without spares.
[[nodiscard]] MediaSums sum_media(const ClusterSpec& spec, const Catalog& catalog, const CableTable& cables, OptimizeFor what);

/// Whether `a` is the better one. Where every part in use has a figure, the lower sum; else fewer modules, then fewer active optical cables. Ties: less
/// cable.
[[nodiscard]] bool is_better(const MediaTotal& a, const MediaTotal& b);

} // namespace icplan
