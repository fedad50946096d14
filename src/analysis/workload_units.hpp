// SPDX-License-Identifier: Apache-2.0
// From stated integers to the doubles in which workloads are reckoned.
#pragma once

#include "icplan/base/units.hpp"

#include <cstdint>

namespace icplan {

inline double real(std::int64_t value) { return static_cast<double>(value); }
/// Of `WorkloadBytes`.
inline double bytes_of(std::int64_t hundred_thousandths) { return real(hundred_thousandths) / 100'000.0; }
inline double bytes_per_second(Mbps rate) { return real(rate.count()) * 125'000.0; }

} // namespace icplan
