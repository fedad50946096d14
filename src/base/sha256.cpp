// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), for the digest that ties a plan document to its cable schedule.
#include "icplan/base/sha256.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

namespace icplan {

namespace {

/// FIPS 180-4, section 4.2.2.
constexpr std::array<std::uint32_t, 64> round_constants = {
    0x428a2f98U, 0x71374491U, 0xb5c0fbcfU, 0xe9b5dba5U, 0x3956c25bU, 0x59f111f1U, 0x923f82a4U, 0xab1c5ed5U, 0xd807aa98U, 0x12835b01U, 0x243185beU,
    0x550c7dc3U, 0x72be5d74U, 0x80deb1feU, 0x9bdc06a7U, 0xc19bf174U, 0xe49b69c1U, 0xefbe4786U, 0x0fc19dc6U, 0x240ca1ccU, 0x2de92c6fU, 0x4a7484aaU,
    0x5cb0a9dcU, 0x76f988daU, 0x983e5152U, 0xa831c66dU, 0xb00327c8U, 0xbf597fc7U, 0xc6e00bf3U, 0xd5a79147U, 0x06ca6351U, 0x14292967U, 0x27b70a85U,
    0x2e1b2138U, 0x4d2c6dfcU, 0x53380d13U, 0x650a7354U, 0x766a0abbU, 0x81c2c92eU, 0x92722c85U, 0xa2bfe8a1U, 0xa81a664bU, 0xc24b8b70U, 0xc76c51a3U,
    0xd192e819U, 0xd6990624U, 0xf40e3585U, 0x106aa070U, 0x19a4c116U, 0x1e376c08U, 0x2748774cU, 0x34b0bcb5U, 0x391c0cb3U, 0x4ed8aa4aU, 0x5b9cca4fU,
    0x682e6ff3U, 0x748f82eeU, 0x78a5636fU, 0x84c87814U, 0x8cc70208U, 0x90befffaU, 0xa4506cebU, 0xbef9a3f7U, 0xc67178f2U};

constexpr std::size_t block_bytes = 64;
constexpr std::size_t length_bytes = 8;

std::uint32_t load_big_endian(const unsigned char* bytes) {
  return (static_cast<std::uint32_t>(bytes[0]) << 24U) | (static_cast<std::uint32_t>(bytes[1]) << 16U) |
         (static_cast<std::uint32_t>(bytes[2]) << 8U) | static_cast<std::uint32_t>(bytes[3]);
}

using Working = std::array<std::uint32_t, 8>;

/// Round `i`. Instead of shifting the eight variables along, it finds them one place further each time.
inline void round(Working& v, std::size_t i, std::uint32_t constant_and_word) {
  const auto at = [&](std::size_t variable) -> std::uint32_t& { return v[(variable + 8 - i % 8) % 8]; };
  const auto a = at(0);
  const auto e = at(4);
  const auto sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
  const auto choice = at(6) ^ (e & (at(5) ^ at(6)));
  const auto sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
  const auto majority = (a & at(1)) | (at(2) & (a | at(1)));
  const auto mixed = at(7) + sum1 + choice + constant_and_word;
  at(3) += mixed;
  at(7) = mixed + sum0 + majority;
}

/// Word `i` of the message schedule, which takes the place of word i - 16.
inline std::uint32_t next_word(std::array<std::uint32_t, 16>& w, std::size_t i) {
  const auto w15 = w[(i + 1) % 16];
  const auto w2 = w[(i + 14) % 16];
  const auto sigma0 = std::rotr(w15, 7) ^ std::rotr(w15, 18) ^ (w15 >> 3U);
  const auto sigma1 = std::rotr(w2, 17) ^ std::rotr(w2, 19) ^ (w2 >> 10U);
  return w[i] += sigma0 + w[(i + 9) % 16] + sigma1;
}

// Both are unrolled through the index sequence, so that every variable and word is at a known place.
template <std::size_t... I> inline void first_sixteen_rounds(Working& v, const std::array<std::uint32_t, 16>& w, std::index_sequence<I...>) {
  (round(v, I, round_constants[I] + w[I]), ...);
}

template <std::size_t... I>
inline void next_sixteen_rounds(Working& v, std::array<std::uint32_t, 16>& w, const std::uint32_t* constants, std::index_sequence<I...>) {
  (round(v, I, constants[I] + next_word(w, I)), ...);
}

} // namespace

void Sha256::compress(const unsigned char* block) {
  // The message schedule needs only the last 16 words.
  std::array<std::uint32_t, 16> w;
  for (std::size_t i = 0; i < 16; ++i) w[i] = load_big_endian(block + 4 * i);
  Working v = state_;
  first_sixteen_rounds(v, w, std::make_index_sequence<16>());
  for (std::size_t i = 16; i < 64; i += 16) next_sixteen_rounds(v, w, &round_constants[i], std::make_index_sequence<16>());
  for (std::size_t i = 0; i < state_.size(); ++i) state_[i] += v[i];
}

void Sha256::update(std::string_view bytes) {
  length_ += bytes.size();
  if (buffered_ != 0) {
    const auto taken = std::min(bytes.size(), block_bytes - buffered_);
    if (taken != 0) std::memcpy(buffer_.data() + buffered_, bytes.data(), taken);
    buffered_ += taken;
    bytes.remove_prefix(taken);
    if (buffered_ < block_bytes) return;
    compress(buffer_.data());
    buffered_ = 0;
  }
  for (; bytes.size() >= block_bytes; bytes.remove_prefix(block_bytes)) compress(reinterpret_cast<const unsigned char*>(bytes.data()));
  if (!bytes.empty()) std::memcpy(buffer_.data(), bytes.data(), bytes.size());
  buffered_ = bytes.size();
}

std::string Sha256::hex_digest() {
  const auto bits = length_ * 8;
  buffer_[buffered_++] = 0x80;
  if (buffered_ > block_bytes - length_bytes) {
    std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(buffered_), buffer_.end(), static_cast<unsigned char>(0));
    compress(buffer_.data());
    buffered_ = 0;
  }
  std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(buffered_), buffer_.end(), static_cast<unsigned char>(0));
  for (std::size_t i = 0; i < length_bytes; ++i) buffer_[block_bytes - 1 - i] = static_cast<unsigned char>((bits >> (8 * i)) & 0xffU);
  compress(buffer_.data());

  constexpr std::string_view hex = "0123456789abcdef";
  std::string digest;
  digest.reserve(2 * 4 * state_.size());
  for (const auto word : state_) {
    for (int shift = 28; shift >= 0; shift -= 4) digest += hex[(word >> static_cast<unsigned>(shift)) & 0xfU];
  }
  return digest;
}

} // namespace icplan
