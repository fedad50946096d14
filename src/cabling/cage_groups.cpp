// SPDX-License-Identifier: Apache-2.0
// Joins cages that share links, and lists the links of each group.
#include "cage_groups.hpp"

#include <algorithm>
#include <numeric>

namespace icplan {
namespace {

constexpr std::uint32_t none = ~0U;

class UnionFind {
public:
  explicit UnionFind(std::uint32_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t find(std::uint32_t x) {
    while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
    return x;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }

private:
  std::vector<std::uint32_t> parent_;
};

} // namespace

CageGroups group_by_cages(const std::vector<std::uint32_t>& from_cage, const std::vector<std::uint32_t>& to_cage, std::uint32_t cages) {
  const auto count = static_cast<std::uint32_t>(from_cage.size());
  UnionFind joined(cages);
  for (std::uint32_t i = 0; i < count; ++i) joined.join(from_cage[i], to_cage[i]);
  std::vector<std::uint32_t> number(cages, none);
  std::vector<std::uint32_t> group(count);
  CageGroups groups;
  groups.first.push_back(0);
  std::uint32_t next = 0;
  std::vector<std::uint32_t> size;
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& n = number[joined.find(from_cage[i])];
    if (n == none) {
      n = next++;
      size.push_back(0);
    }
    group[i] = n;
    ++size[n];
  }
  groups.first.resize(next + 1, 0);
  for (std::uint32_t n = 0; n < next; ++n) groups.first[n + 1] = groups.first[n] + size[n];
  std::vector<std::uint32_t> fill(groups.first.begin(), groups.first.end() - 1);
  groups.links.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) groups.links[fill[group[i]]++] = i;
  return groups;
}

} // namespace icplan
