// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace freshet::nodes {

/// A full mix of 64 bits (splitmix64's finaliser): the same on every machine.
constexpr std::uint64_t mixBits(std::uint64_t bits) {
  bits += 0x9e3779b97f4a7c15ULL;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
  return bits ^ (bits >> 31);
}

/// 53 random bits as a number in [0, 1).
constexpr double unitOf(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

/// A stream of chances that depends on its seed alone.
class Dice {
 public:
  explicit constexpr Dice(std::uint64_t seed) : m_state(seed) {}

  constexpr std::uint64_t next() { return mixBits(m_state += 0x9e3779b97f4a7c15ULL); }
  constexpr double unit() { return unitOf(next()); }
  constexpr std::uint32_t below(std::uint32_t count) {
    return static_cast<std::uint32_t>(((next() >> 32) * count) >> 32);
  }
  /// A whole number whose mean is `mean`: 5.6 gives 5 or 6.
  constexpr std::uint32_t about(double mean) { return static_cast<std::uint32_t>(mean + unit()); }

 private:
  std::uint64_t m_state;
};

}  // namespace freshet::nodes
