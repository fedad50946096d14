// SPDX-License-Identifier: Apache-2.0
// Gives equal values one id, so that millions of rows can share a few dozen descriptions.
#pragma once

#include "icplan/base/id.hpp"

#include <map>
#include <vector>

namespace icplan {

/// Values of type T in the order in which they were first seen. T needs operator< (a total order).
template <class T, class IdType> class Interner {
public:
  /// The id of `value`, adding it when it is new. O(log size).
  IdType intern(const T& value) {
    const auto [it, added] = ids_.try_emplace(value, IdType(static_cast<std::uint32_t>(values_.size())));
    if (added) values_.push_back(value);
    return it->second;
  }
  [[nodiscard]] const T& operator[](IdType id) const { return values_[id.index()]; }
  [[nodiscard]] const std::vector<T>& values() const { return values_; }
  [[nodiscard]] std::vector<T> take() && { return std::move(values_); }

private:
  std::map<T, IdType> ids_;
  std::vector<T> values_;
};

} // namespace icplan
