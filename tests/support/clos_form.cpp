// SPDX-License-Identifier: Apache-2.0
// The forms, by trying all numbers rather than by solving for them.
#include "support/clos_form.hpp"

#include <algorithm>

namespace icplan::test {
namespace {

std::int64_t ceiling(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// What one side of a switch asks of the other.
struct Side {
  std::int64_t cages = 0;
  std::int64_t down_per_cage = 1;
  std::int64_t up_per_cage = 1;
  std::int64_t down_gbps = 1;
  std::int64_t up_gbps = 1;
  std::int64_t ratio = 1;

  [[nodiscard]] std::int64_t asked_up(std::int64_t down) const { return ceiling(down * down_gbps, ratio * up_gbps); }
  [[nodiscard]] std::int64_t most_up(std::int64_t down) const { return (cages - ceiling(down, down_per_cage)) * up_per_cage; }
  [[nodiscard]] std::int64_t most_down(std::int64_t reserved) const {
    std::int64_t most = 0;
    for (std::int64_t d = 1; d + reserved <= cages * down_per_cage; ++d) {
      if (asked_up(d) <= most_up(d + reserved)) most = d;
    }
    return most;
  }
};

/// `count` equal lower switches.
struct Lowers {
  std::int64_t count = 0;
  std::int64_t asked = 0;
  std::int64_t most = 0;
};

/// The divisor rule: how many upper switches.
std::optional<std::int64_t> divisor_rule(const std::vector<Lowers>& all, std::int64_t ports) {
  for (std::int64_t s = 1;; ++s) {
    std::int64_t asked = 0;
    std::int64_t links = 0;
    bool fits = true;
    for (const auto& lowers : all) {
      asked += lowers.count * lowers.asked;
      const auto up = ceiling(lowers.asked, s) * s;
      links += lowers.count * up;
      fits = fits && up <= lowers.most;
      if (s > lowers.most) return std::nullopt;
    }
    if (fits && links <= s * ports && s * ports >= asked) return s;
  }
}

struct Pod {
  std::int64_t first_leaf = 0;
  std::int64_t leaves = 0;
  std::int64_t first_spine = 0;
  std::int64_t spines = 0;
  std::int64_t leaf_up = 0;

  [[nodiscard]] std::int64_t spine_down() const { return leaves * leaf_up / spines; }
};

void attach_nodes(const ClosCase& given, ClosForm& form) {
  for (std::int64_t node = 0; node < given.nodes; ++node) {
    const auto unit = node / form.unit;
    const auto block = node % form.unit / form.nodes_per_leaf;
    for (std::int64_t port = 0; port < given.node_ports; ++port)
      ++form.node_leaf[{node, (unit * form.blocks + block) * given.columns + port % given.columns}];
  }
}

/// Sizes the pod's spines and links all its leaves to them. False where they do not fit.
bool join_pod(const ClosCase& given, const Side& leaf, std::int64_t ports, Pod& pod, ClosForm& form) {
  const auto provisioned = std::min(form.unit, form.nodes_per_leaf) * given.node_ports / given.columns;
  const auto asked = leaf.asked_up(provisioned);
  const auto spines = divisor_rule({{pod.leaves, asked, leaf.most_up(provisioned + given.reserved)}}, ports);
  if (!spines) return false;
  pod.first_spine = form.spines;
  pod.spines = *spines;
  pod.leaf_up = ceiling(asked, pod.spines) * pod.spines;
  form.spines += pod.spines;
  for (std::int64_t l = 0; l < pod.leaves; ++l) {
    for (std::int64_t s = 0; s < pod.spines; ++s) form.leaf_spine[{pod.first_leaf + l, pod.first_spine + s}] = pod.leaf_up / pod.spines;
  }
  return true;
}

/// Core group by core group. False where they do not fit.
bool join_cores(const Side& spine, const std::vector<Pod>& pods, ClosForm& form) {
  std::int64_t groups = 0;
  for (const auto& pod : pods) groups = std::max(groups, pod.spines);
  for (std::int64_t j = 0; j < groups; ++j) {
    std::vector<Lowers> lowers;
    for (const auto& pod : pods) {
      if (pod.spines > j) lowers.push_back({1, spine.asked_up(pod.spine_down()), spine.most_up(pod.spine_down())});
    }
    const auto cores = divisor_rule(lowers, spine.cages * spine.up_per_cage);
    if (!cores) return false;
    for (const auto& pod : pods) {
      if (pod.spines <= j) continue;
      const auto each = ceiling(spine.asked_up(pod.spine_down()), *cores);
      for (std::int64_t c = 0; c < *cores; ++c) form.spine_core[{pod.first_spine + j, form.cores + c}] = each;
    }
    form.cores += *cores;
  }
  return true;
}

/// Whole units, in order, as many to a pod as stated, or as a spine has down ports for leaves. Empty where a pod is too large.
std::vector<Pod> divide_into_pods(const ClosCase& given, const ClosForm& form, std::int64_t most) {
  const auto unit_leaves = form.blocks * given.columns;
  const auto pod_leaves = given.pod_units > 0 ? given.pod_units * unit_leaves : most / unit_leaves * unit_leaves;
  std::vector<Pod> pods;
  if (pod_leaves == 0 || std::min(pod_leaves, form.leaves) > most) return pods;
  for (std::int64_t first = 0; first < form.leaves; first += pod_leaves) pods.push_back({first, std::min(pod_leaves, form.leaves - first), 0, 0, 0});
  return pods;
}

bool join_leaves(const ClosCase& given, const Side& leaf, std::int64_t tiers, ClosForm& form) {
  form.tiers = tiers;
  const Side spine{given.cages, given.up_per_cage, given.up_per_cage, given.up_gbps, given.up_gbps, given.spine_ratio};
  const auto ports = tiers == 2 ? given.cages * given.up_per_cage : spine.most_down(0);
  auto pods = tiers == 2 ? std::vector<Pod>{{0, form.leaves, 0, 0, 0}} : divide_into_pods(given, form, ports);
  if (pods.empty()) return false;
  for (auto& pod : pods) {
    if (!join_pod(given, leaf, ports, pod, form)) return false;
  }
  form.pods = static_cast<std::int64_t>(pods.size());
  form.full = given.nodes % form.unit == 0 && form.unit % std::min(form.unit, form.nodes_per_leaf) == 0 && pods.front().leaves == pods.back().leaves;
  form.equal_spines = std::all_of(pods.begin(), pods.end(), [&](const Pod& pod) { return pod.spines == pods.front().spines; });
  return tiers == 2 || join_cores(spine, pods, form);
}

} // namespace

std::optional<ClosForm> clos_form(const ClosCase& given) {
  const Side leaf{given.cages, given.down_per_cage, given.up_per_cage, given.down_gbps, given.up_gbps, given.leaf_ratio};
  ClosForm sized;
  sized.nodes_per_leaf = leaf.most_down(given.reserved) * given.columns / given.node_ports;
  if (sized.nodes_per_leaf == 0) return std::nullopt;
  sized.unit = given.unit > 0 ? given.unit : std::min(given.nodes, sized.nodes_per_leaf);
  sized.blocks = ceiling(sized.unit, sized.nodes_per_leaf);
  sized.leaves = ceiling(given.nodes, sized.unit) * given.columns * sized.blocks;
  for (const std::int64_t tiers : {2, 3}) {
    if (given.tiers != 0 && given.tiers != tiers) continue;
    auto form = sized;
    if (!join_leaves(given, leaf, tiers, form)) continue;
    attach_nodes(given, form);
    return form;
  }
  return std::nullopt;
}

} // namespace icplan::test
