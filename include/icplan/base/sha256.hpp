// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), for the digest that ties a plan document to its cable schedule.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace icplan {

/// Hashes bytes as they come.
class Sha256 {
public:
  void update(std::string_view bytes);
  /// The digest of everything so far, in lower-case hexadecimal (64 characters). Call once.
  [[nodiscard]] std::string hex_digest();

private:
  void compress(const unsigned char* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667U, 0xbb67ae85U, 0x3c6ef372U, 0xa54ff53aU, 0x510e527fU, 0x9b05688cU, 0x1f83d9abU, 0x5be0cd19U};
  std::array<unsigned char, 64> buffer_{};
  std::size_t buffered_ = 0;
  std::uint64_t length_ = 0;
};

} // namespace icplan
