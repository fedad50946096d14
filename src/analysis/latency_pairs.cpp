// SPDX-License-Identifier: Apache-2.0
// Sums and counts of pairs over sorted blocks, and the best pair of ways.
#include "latency_pairs.hpp"

#include <limits>
#include <tuple>

namespace icplan {
namespace {

/// Calls `use(left block, right block)` for blocks of the same key.
template <class Use> void match_blocks(const Family& family, const Use& use) {
  auto right = family.right->blocks.begin();
  for (const auto& left : family.left->blocks) {
    while (right != family.right->blocks.end() && right->key < left.key) ++right;
    if (right == family.right->blocks.end()) return;
    if (right->key == left.key) use(left, *right);
  }
}

/// How many pairs of two blocks have a sum of at most `limit`.
std::int64_t count_at_most(const Family& family, const Partition::Block& left, const Partition::Block& right, Femtoseconds limit) {
  const auto& a = family.left->values;
  const auto& b = family.right->values;
  std::int64_t count = 0;
  auto j = right.end;
  for (auto i = left.begin; i < left.end && j > right.begin; ++i) {
    while (j > right.begin && a[i] + b[j - 1] > limit) --j;
    count += static_cast<std::int64_t>(j - right.begin);
  }
  return count;
}

} // namespace

std::pair<WideSum, WideSum> TierPairs::sums() const {
  WideSum pairs = 0;
  WideSum sum = 0;
  for (const auto& family : families) {
    match_blocks(family, [&](const Partition::Block& left, const Partition::Block& right) {
      const auto add = [](const Partition& of, const Partition::Block& block) {
        WideSum all = 0;
        for (auto i = block.begin; i < block.end; ++i) all += of.values[i];
        return all;
      };
      const auto lefts = static_cast<WideSum>(left.end - left.begin);
      const auto rights = static_cast<WideSum>(right.end - right.begin);
      pairs += family.times * lefts * rights;
      sum += family.times * (rights * add(*family.left, left) + lefts * add(*family.right, right));
    });
  }
  return {pairs, sum};
}

std::int64_t TierPairs::p99(WideSum pairs) const {
  auto low = std::numeric_limits<Femtoseconds>::max();
  Femtoseconds high = 0;
  for (const auto& family : families) {
    if (family.times < 0) continue;
    match_blocks(family, [&](const Partition::Block& left, const Partition::Block& right) {
      low = std::min(low, family.left->values[left.begin] + family.right->values[right.begin]);
      high = std::max(high, family.left->values[left.end - 1] + family.right->values[right.end - 1]);
    });
  }
  low /= femtoseconds;
  high = high / femtoseconds + 1;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    WideSum count = 0;
    for (const auto& family : families) {
      match_blocks(family, [&](const Partition::Block& left, const Partition::Block& right) {
        count += family.times * count_at_most(family, left, right, middle * femtoseconds + femtoseconds / 2 - 1);
      });
    }
    if (count * 100 >= pairs * 99) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

std::vector<Way> shortest_two(std::vector<Way>& ways) {
  std::sort(ways.begin(), ways.end(),
            [](const Way& a, const Way& b) { return std::tie(a.hall, a.delay, a.domain, a.child) < std::tie(b.hall, b.delay, b.domain, b.child); });
  std::vector<Way> kept;
  std::size_t of_hall = 0;
  for (const auto& way : ways) {
    if (kept.empty() || kept.back().hall != way.hall) of_hall = 0;
    if (of_hall == 2 || (of_hall == 1 && kept.back().domain == way.domain)) continue;
    kept.push_back(way);
    ++of_hall;
  }
  return kept;
}

std::optional<std::int64_t> best_pair(const std::vector<Way>& ways, bool same_hall) {
  std::optional<std::int64_t> best;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    if (best && 2 * ways[i].delay >= *best) break;
    for (auto j = i + 1; j < ways.size(); ++j) {
      const auto sum = ways[i].delay + ways[j].delay;
      if (best && sum >= *best) break;
      if (ways[i].child == ways[j].child || ways[i].domain == ways[j].domain || (ways[i].hall == ways[j].hall) != same_hall) continue;
      best = sum;
      break;
    }
  }
  return best;
}

} // namespace icplan
