// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/metrics/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace freshet::metrics {

std::size_t Histogram::bucketOf(std::uint64_t ns) {
  // Below 2^kSubBits a bucket is one nanosecond; above, 2^kSubBits buckets a doubling.
  if (ns < (1ULL << kSubBits)) return static_cast<std::size_t>(ns);
  const int exponent = static_cast<int>(std::bit_width(ns)) - 1 - kSubBits;
  const std::size_t within = static_cast<std::size_t>(ns >> exponent) & ((1ULL << kSubBits) - 1);
  const std::size_t bucket = (static_cast<std::size_t>(exponent + 1) << kSubBits) + within;
  return std::min(bucket, kBuckets - 1);
}

double Histogram::middleNs(std::size_t bucket) {
  constexpr std::size_t kPer = 1ULL << kSubBits;
  if (bucket < kPer) return static_cast<double>(bucket);
  const auto exponent = static_cast<int>(bucket >> kSubBits) - 1;
  const double low = std::ldexp(static_cast<double>(kPer + (bucket & (kPer - 1))), exponent);
  return low + std::ldexp(0.5, exponent);
}

void Histogram::add(std::int64_t nanoseconds, std::uint64_t count) {
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(0, nanoseconds));
  m_buckets[bucketOf(ns)] += static_cast<std::uint32_t>(count);
  m_count += count;
  m_sumNs += static_cast<double>(ns) * static_cast<double>(count);
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) m_buckets[i] += other.m_buckets[i];
  m_count += other.m_count;
  m_sumNs += other.m_sumNs;
}

Histogram Histogram::since(const Histogram& earlier) const {
  Histogram rest = *this;
  for (std::size_t i = 0; i < kBuckets; ++i) rest.m_buckets[i] -= earlier.m_buckets[i];
  rest.m_count -= earlier.m_count;
  rest.m_sumNs -= earlier.m_sumNs;
  return rest;
}

double Histogram::quantileMs(double q) const {
  if (m_count == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(m_count)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += m_buckets[i];
    if (seen >= std::max<std::uint64_t>(1, rank)) return middleNs(i) / 1e6;
  }
  return middleNs(kBuckets - 1) / 1e6;
}

double Histogram::meanMs() const {
  return m_count == 0 ? 0 : m_sumNs / static_cast<double>(m_count) / 1e6;
}

}  // namespace freshet::metrics
