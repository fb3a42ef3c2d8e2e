// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/bursts.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace freshet::monitor {
namespace {

constexpr double kLeastShare = 0.02;  // less than this is never a burst
constexpr double kTimesUsual = 3;

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

  std::size_t last = end;
  while (last > begin && !isHigh(last - 1)) --last;
  if (last == begin) return std::nullopt;
  Burst burst{--last, last, 0, 0};
  while (burst.first > begin && isHigh(burst.first - 1)) --burst.first;
  for (std::size_t i = burst.first; i <= burst.last; ++i)
    burst.peak = std::max(burst.peak, points[i].errorShare);
  // The share looks back, so the first of its events came before it was high.
  const TimeMs beforeMs = points[burst.first].atMs - History::kErrorMs / 5;
  const std::size_t before = std::min(burst.first, placeOf(beforeMs));
  burst.kept = points[burst.last].dead - points[before].dead;
  return burst;
}

}  // namespace freshet::monitor
