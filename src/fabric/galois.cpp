// SPDX-License-Identifier: Apache-2.0
// Finds a primitive element of the field and multiplies by its logarithms.
#include "galois.hpp"

namespace icplan {
namespace {

std::int64_t smallest_factor(std::int64_t q) {
  for (std::int64_t p = 2; p * p <= q; ++p) {
    if (q % p == 0) return p;
  }
  return q;
}

} // namespace

bool is_prime_power(std::int64_t q) {
  if (q < 2) return false;
  const auto p = smallest_factor(q);
  while (q % p == 0) q /= p;
  return q == 1;
}

Field::Field(std::int64_t q) : q_(q), prime_(smallest_factor(q)) {
  for (auto rest = q; rest > 1; rest /= prime_) ++degree_;
  // x^n = polynomial defines a field in which x is primitive exactly when the powers of x run through all elements but 0. For a prime field, x is
  // the polynomial itself.
  for (std::int64_t polynomial = 1; !generate(polynomial); ++polynomial) {
  }
}

std::vector<std::int64_t> Field::digits(std::int64_t a) const {
  std::vector<std::int64_t> list;
  for (std::int64_t i = 0; i < degree_; ++i, a /= prime_) list.push_back(a % prime_);
  return list;
}

std::int64_t Field::add(std::int64_t a, std::int64_t b) const {
  std::int64_t sum = 0;
  for (std::int64_t weight = 1; weight < q_; weight *= prime_, a /= prime_, b /= prime_) sum += (a % prime_ + b % prime_) % prime_ * weight;
  return sum;
}

std::int64_t Field::negative(std::int64_t a) const {
  std::int64_t sum = 0;
  for (std::int64_t weight = 1; weight < q_; weight *= prime_, a /= prime_) sum += (prime_ - a % prime_) % prime_ * weight;
  return sum;
}

std::int64_t Field::times_x(std::int64_t a, std::int64_t polynomial) const {
  if (degree_ == 1) return a * polynomial % prime_;
  const auto top = digits(a).back();
  auto shifted = a * prime_ % q_;
  for (std::int64_t i = 0; i < top; ++i) shifted = add(shifted, polynomial);
  return shifted;
}

bool Field::generate(std::int64_t polynomial) {
  powers_.assign(1, 1);
  logarithms_.assign(static_cast<std::size_t>(q_), -1);
  logarithms_[1] = 0;
  for (std::int64_t e = 1; e < q_ - 1; ++e) {
    const auto next = times_x(powers_.back(), polynomial);
    if (next == 0 || logarithms_[static_cast<std::size_t>(next)] >= 0) return false;
    logarithms_[static_cast<std::size_t>(next)] = e;
    powers_.push_back(next);
  }
  return true;
}

std::int64_t Field::multiply(std::int64_t a, std::int64_t b) const {
  if (a == 0 || b == 0) return 0;
  return power(logarithms_[static_cast<std::size_t>(a)] + logarithms_[static_cast<std::size_t>(b)]);
}

} // namespace icplan
