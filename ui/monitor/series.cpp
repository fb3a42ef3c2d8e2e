// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/series.h"

#include <algorithm>
#include <cmath>

#include "ui/monitor/history.h"

namespace freshet::monitor {
namespace {

using At = std::vector<Sample>::const_iterator;

At firstAt(const std::vector<Sample>& samples, TimeMs atMs) {
  return std::lower_bound(samples.begin(), samples.end(), atMs,
                          [](const Sample& sample, TimeMs at) { return sample.atMs < at; });
}

QPointF pointOf(const Sample& sample) {
  return {static_cast<qreal>(sample.atMs), sample.value};
}

void thinOut(QList<QPointF>& points, double columnMs) {
  QList<QPointF> kept;
  for (auto at = points.cbegin(); at != points.cend();) {
    const double column = std::floor(at->x() / columnMs);
    const auto end = std::find_if(at, points.cend(), [&](const QPointF& point) {
      return std::floor(point.x() / columnMs) > column;
    });
    const auto [low, high] = std::minmax_element(
        at, end, [](const QPointF& a, const QPointF& b) { return a.y() < b.y(); });
    kept.append(low->x() < high->x() ? *low : *high);
    if (low != high) kept.append(low->x() < high->x() ? *high : *low);
    at = end;
  }
  points.swap(kept);
}

}  // namespace

std::vector<Strand> strandsOf(const std::vector<Sample>& samples, TimeMs fromMs, TimeMs toMs,
                              int columns) {
  std::vector<Strand> strands;
  At begin = firstAt(samples, fromMs);
  if (begin != samples.begin()) --begin;  // so that the line comes in from the edge
  const At end = firstAt(samples, toMs + 1);
  const Sample* before = nullptr;
  qsizetype count = 0;
  for (At at = begin; at < end; ++at) {
    if (std::isnan(at->value)) {
      before = nullptr;
      continue;
    }
    const bool isJoined = before && at->atMs - before->atMs <= History::kGapMs;
    if (!isJoined || before->isFew != at->isFew) {
      strands.push_back({{}, at->isFew});
      if (isJoined) strands.back().points.append(pointOf(*before));
    }
    strands.back().points.append(pointOf(*at));
    before = &*at;
    ++count;
  }
  if (columns > 0 && count > 2 * columns)
    for (Strand& strand : strands)
      thinOut(strand.points, static_cast<double>(toMs - fromMs) / (columns - 1));
  return strands;
}

const Sample* nearest(const std::vector<Sample>& samples, TimeMs atMs, TimeMs withinMs) {
  const Sample* best = nullptr;
  for (At at = firstAt(samples, atMs - withinMs); at < samples.end() && at->atMs <= atMs + withinMs;
       ++at)
    if (!std::isnan(at->value) &&
        (!best || std::abs(at->atMs - atMs) < std::abs(best->atMs - atMs)))
      best = &*at;
  return best;
}

}  // namespace freshet::monitor
