// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <deque>

#include "ui/bridge/live_window.h"

namespace freshet::monitor {

// One tick of a run. NaN: nothing was measured then, which is not zero.
struct MetricPoint {
  TimeMs atMs = 0;
  TimeMs runMs = 0;  // the run's clock
  double p50Ms = 0, p95Ms = 0, p99Ms = 0;
  bool isFew = false;  // fewer samples than p99 needs
  double errorShare = 0;
  bool isFewEvents = false;  // the same for it
  std::uint64_t in = 0, errors = 0, dead = 0;
};

// What the charts remember of the present run: one point a snapshot, the last hour. Another run, or
// another project, begins anew; a run that stands still adds nothing. A plain value.
class History {
 public:
  static constexpr TimeMs kLengthMs = 3'600'000;
  static constexpr std::size_t kMost = 7'200;  // twice a second
  static constexpr TimeMs kGapMs = 2'000;      // further apart: no data between
  static constexpr TimeMs kErrorMs = 10'000;   // errors are counted over as long as percentiles
  static constexpr std::uint64_t kFewSamples = 100;

  // Whether a point came of it.
  bool add(const bridge::LiveSnapshot& live);
  void clear() { m_points.clear(); }

  bool isEmpty() const { return m_points.empty(); }
  const std::deque<MetricPoint>& points() const { return m_points; }
  TimeMs startMs() const { return m_startMs; }
  TimeMs endMs() const { return isEmpty() ? 0 : m_points.back().atMs; }

 private:
  void countErrors(MetricPoint& now) const;

  std::deque<MetricPoint> m_points;  // oldest first
  TimeMs m_startMs = 0;
  double m_seconds = 0;
};

}  // namespace freshet::monitor
