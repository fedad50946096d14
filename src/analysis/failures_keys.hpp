// SPDX-License-Identifier: Apache-2.0
// Lists of numbers as keys of hash tables: failures with equal keys do the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

namespace icplan::failures {

struct KeyHash {
  std::size_t operator()(const std::vector<std::int64_t>& key) const noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const auto value : key) {
      hash = (hash ^ static_cast<std::uint64_t>(value)) * 0x9e3779b97f4a7c15U;
      hash ^= hash >> 32U;
    }
    return static_cast<std::size_t>(hash);
  }
};
using KeySet = std::unordered_set<std::vector<std::int64_t>, KeyHash>;

} // namespace icplan::failures
