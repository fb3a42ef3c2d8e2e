// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/history.h"

#include <algorithm>
#include <limits>

namespace freshet::monitor {
namespace {

constexpr double kNoData = std::numeric_limits<double>::quiet_NaN();

bool isActive(host::RunState state) {
  return state == host::RunState::Running || state == host::RunState::Draining;
}

}  // namespace

bool History::add(const bridge::LiveSnapshot& live) {
  if (!live.hasRun) {
    clear();
    return false;
  }
  if (!isEmpty()) {
    const MetricPoint& last = m_points.back();
    if (live.in < last.in || live.seconds < m_seconds) {
      clear();
    } else if (live.atMs <= last.atMs || (!isActive(live.status.state) && live.in == last.in)) {
      return false;
    }
  }
  if (isEmpty()) m_startMs = live.atMs;
  m_seconds = live.seconds;

  MetricPoint point;
  point.atMs = live.atMs;
  point.runMs = live.runNowMs;
  point.p50Ms = point.p95Ms = point.p99Ms = point.errorShare = kNoData;
  point.in = live.in;
  point.errors = live.errors;
  point.dead = live.dead;
  if (live.samples > 0) {
    point.p50Ms = live.p50Ms;
    point.p95Ms = std::max(live.p50Ms, live.p95Ms);
    point.p99Ms = std::max(point.p95Ms, live.p99Ms);
    point.isFew = live.samples < kFewSamples;
  }
  countErrors(point);
  m_points.push_back(point);
  while (m_points.size() > kMost || m_points.front().atMs < live.atMs - kLengthMs)
    m_points.pop_front();
  return true;
}

void History::countErrors(MetricPoint& now) const {
  const auto then =
      std::lower_bound(m_points.begin(), m_points.end(), now.atMs - kErrorMs,
                       [](const MetricPoint& point, TimeMs at) { return point.atMs < at; });
  if (then == m_points.end() || now.in <= then->in) return;
  const std::uint64_t in = now.in - then->in;
  const std::uint64_t errors = now.errors > then->errors ? now.errors - then->errors : 0;
  now.errorShare = std::min(1.0, static_cast<double>(errors) / static_cast<double>(in));
  now.isFewEvents = in < kFewSamples;
}

}  // namespace freshet::monitor
