// SPDX-License-Identifier: Apache-2.0
// Slim Fly: the McKay-Miller-Siran graphs of diameter 2 over the field of q elements, 2 q^2 routers of degree (3q - d) / 2 with q = 4w + d.
// Besta, Hoefler, "Slim Fly: A Cost Effective Low-Diameter Network Topology", SC 2014.
#include "direct.hpp"
#include "galois.hpp"

#include "icplan/base/arithmetic.hpp"
#include "icplan/base/text.hpp"

#include <algorithm>
#include <array>

namespace icplan {
namespace {

constexpr std::int64_t largest_order = 700;

/// d of q = 4w + d, or nothing where there is no Slim Fly.
std::optional<std::int64_t> remainder_of(std::int64_t q) {
  if (q < 3 || !is_prime_power(q) || q % 4 == 2) return std::nullopt;
  return q % 4 == 3 ? -1 : q % 4;
}

std::int64_t degree_of(std::int64_t q) { return (3 * q - *remainder_of(q)) / 2; }

std::int64_t nearest_order(std::int64_t q) {
  for (std::int64_t distance = 0;; ++distance) {
    if (remainder_of(q - distance)) return q - distance;
    if (q + distance <= largest_order && remainder_of(q + distance)) return q + distance;
  }
}

/// The two sets of differences that join routers of one column, as exponents of a primitive element.
std::array<std::vector<std::int64_t>, 2> exponents(std::int64_t q) {
  std::array<std::vector<std::int64_t>, 2> sets;
  const auto d = *remainder_of(q);
  const auto w = (q - d) / 4;
  const auto add = [](std::vector<std::int64_t>& set, std::int64_t from, std::int64_t to) {
    for (auto e = from; e <= to; e += 2) set.push_back(e);
  };
  if (d == -1) {
    add(sets[0], 0, 2 * w - 2);
    add(sets[0], 2 * w - 1, 4 * w - 3);
    add(sets[1], 1, 2 * w - 1);
    add(sets[1], 2 * w, 4 * w - 2);
  } else {
    add(sets[0], 0, d == 1 ? q - 3 : q - 2);
    add(sets[1], 1, d == 1 ? q - 2 : q - 1);
  }
  return sets;
}

/// Routers (0, x, y) and (1, m, c): columns joined within by differences, across where y = m x + c.
std::vector<RouterLink> join(std::int64_t q) {
  const Field field(q);
  std::vector<RouterLink> links;
  const auto sets = exponents(q);
  const auto degree = static_cast<std::int64_t>(sets[0].size());
  for (std::int64_t half = 0; half < 2; ++half) {
    std::vector<std::int64_t> differences;
    for (const auto e : sets[static_cast<std::size_t>(half)]) differences.push_back(field.power(e));
    std::sort(differences.begin(), differences.end());
    std::vector<std::int64_t> port(static_cast<std::size_t>(q), -1);
    for (std::size_t i = 0; i < differences.size(); ++i) port[static_cast<std::size_t>(differences[i])] = static_cast<std::int64_t>(i);
    for (std::int64_t x = 0; x < q; ++x) {
      for (std::int64_t y = 0; y < q; ++y) {
        for (const auto difference : differences) {
          const auto z = field.add(y, difference);
          if (z < y) continue;
          const auto first = (half * q + x) * q;
          links.push_back({LinkKind::local, first + y, port[static_cast<std::size_t>(difference)], first + z,
                           port[static_cast<std::size_t>(field.negative(difference))]});
        }
      }
    }
  }
  for (std::int64_t x = 0; x < q; ++x) {
    for (std::int64_t m = 0; m < q; ++m) {
      for (std::int64_t c = 0; c < q; ++c) {
        const auto y = field.add(field.multiply(m, x), c);
        links.push_back({LinkKind::global, x * q + y, degree + m, (q + m) * q + c, degree + x});
      }
    }
  }
  return links;
}

} // namespace

void build_slim_fly(const FabricRequest& request, NetworkBuilder& builder, FabricLayout& layout, Sink& sink) {
  const auto demand = router_demand(request, 0, sink);
  if (!demand) return;
  const auto& stated = request.fabric.options;
  const auto endpoints_at = [&](std::int64_t q) { return stated.endpoints.value_or(divide_up(degree_of(q), 2)); };
  const auto fits = [&](std::int64_t q) { return degree_of(q) + endpoints_at(q) <= demand->radix; };
  auto q = stated.order.value_or(0);
  if (stated.order && (!remainder_of(q) || q > largest_order)) {
    const auto nearest = nearest_order(std::min(q, largest_order));
    sink.report(Code::no_such_order, stated.origin.of("q"),
                request.title() + " asks for a Slim Fly with q = " + std::to_string(q) + ", but q must be a prime power of 3 or more" +
                    (q > largest_order ? " and at most " + std::to_string(largest_order) : ""),
                "the nearest is q = " + std::to_string(nearest) + ", with " + grouped(2 * nearest * nearest) + " routers of degree " +
                    grouped(degree_of(nearest)));
    return;
  }
  std::int64_t largest = 0;
  for (std::int64_t order = 3; !stated.order && order <= largest_order; ++order) {
    if (!remainder_of(order) || !fits(order)) continue;
    largest = order;
    if (2 * order * order * endpoints_at(order) < demand->endpoints) continue;
    q = order;
    break;
  }
  if (q == 0) q = largest;
  if (q == 0) q = 3;
  const auto degree = degree_of(q);
  const auto p = endpoints_at(q);
  const auto sum = "p + (3q - d) / 2 = " + grouped(p) + " + " + grouped(degree);
  if (!router_fits(request, {p, degree}, sum, sink)) return;
  const auto routers = 2 * q * q;
  if (demand->endpoints > routers * p) {
    refuse_routers(request, routers * p, "q = " + grouped(q) + " makes " + grouped(routers) + " routers with p = " + grouped(p) + " endpoints each",
                   stated.order ? "use a larger `q` or more `p`" : "use switches with more ports, or more `planes`", sink);
    return;
  }
  if (!links_fit(request, routers * degree / 2, builder, sink)) return;
  RouterPlan plan;
  plan.routers = routers;
  plan.ports = {p, degree};
  plan.links = join(q);
  plan.shape = {q, 0, 2 * q, p, q, {}};
  plan.routers_reason = "2 q^2 with q = " + grouped(q) + ", for " + grouped(demand->endpoints) + " endpoints of at most " + grouped(routers * p);
  plan.ports_reason = sum;
  build_routers(request, plan, builder, layout, sink);
}

} // namespace icplan
