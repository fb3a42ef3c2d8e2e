// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace freshet::metrics {

/// Counts of durations in log-linear buckets (64 a doubling: a quantile is within 1 % of exact).
/// 0 ns to 73 min; longer counts as the longest. Mergeable and subtractable. A plain value.
class Histogram {
 public:
  void add(std::int64_t nanoseconds, std::uint64_t count = 1);
  void merge(const Histogram& other);
  /// What came since `earlier`, an older state of the same histogram.
  Histogram since(const Histogram& earlier) const;
  std::uint64_t count() const { return m_count; }
  /// The duration in ms that a share `q` (0–1) does not exceed; 0 if empty.
  double quantileMs(double q) const;
  double meanMs() const;

 private:
  static constexpr int kSubBits = 6;
  static constexpr std::size_t kBuckets = (43 - kSubBits) << kSubBits;
  static std::size_t bucketOf(std::uint64_t ns);
  static double middleNs(std::size_t bucket);

  std::array<std::uint32_t, kBuckets> m_buckets{};
  std::uint64_t m_count = 0;
  double m_sumNs = 0;
};

}  // namespace freshet::metrics
