// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/bursts.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace freshet::monitor {
namespace {

constexpr double kLeastShare = 0.02;  // less than this is never a burst
constexpr double kTimesUsual = 3;
constexpr std::uint64_t kLeastErrors = 5;

double usualShare(const std::deque<MetricPoint>& points, std::size_t begin, std::size_t end) {
  std::vector<double> shares;
  for (std::size_t i = begin; i < end; ++i)
    if (!std::isnan(points[i].errorShare)) shares.push_back(points[i].errorShare);
  if (shares.empty()) return 0;
  const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
  std::nth_element(shares.begin(), middle, shares.end());
  return *middle;
}

}  // namespace

std::optional<Burst> newestBurst(const std::deque<MetricPoint>& points, TimeMs fromMs,
                                 TimeMs toMs) {
  const auto isBefore = [](const MetricPoint& point, TimeMs at) { return point.atMs < at; };
  const auto placeOf = [&](TimeMs at) {
    return static_cast<std::size_t>(std::lower_bound(points.begin(), points.end(), at, isBefore) -
                                    points.begin());
  };
  const std::size_t begin = placeOf(fromMs);
  const std::size_t end = placeOf(toMs + 1);
  const double high = std::max(kLeastShare, kTimesUsual * usualShare(points, begin, end));
  const auto isHigh = [&](std::size_t at) { return points[at].errorShare > high; };

  for (std::size_t last = end; last > begin; --last) {
    if (!isHigh(last - 1)) continue;
    Burst burst{last - 1, last - 1, 0, 0};
    while (burst.first > begin && isHigh(burst.first - 1)) --burst.first;
    for (std::size_t i = burst.first; i <= burst.last; ++i)
      burst.peak = std::max(burst.peak, points[i].errorShare);
    // The share looks back: the first of the events came when it was lowest before.
    const TimeMs earliestMs = points[burst.first].atMs - History::kErrorMs;
    std::size_t before = burst.first;
    for (std::size_t i = burst.first; i > begin && points[i - 1].atMs >= earliestMs; --i)
      if (points[i - 1].errorShare < points[before].errorShare) before = i - 1;
    if (points[burst.last].errors - points[before].errors >= kLeastErrors) {
      burst.kept = points[burst.last].dead - points[before].dead;
      return burst;
    }
    last = burst.first + 1;
  }
  return std::nullopt;
}

}  // namespace freshet::monitor
