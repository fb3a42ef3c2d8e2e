// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <deque>
#include <optional>

#include "ui/monitor/history.h"

namespace freshet::monitor {

// A while in which far more events failed than usual.
struct Burst {
  std::size_t first = 0, last = 0;  // places of its points in the history
  double peak = 0;                  // share of events
  std::uint64_t kept = 0;           // events that came to the dead letters in it
};

// The newest one that began after `fromMs` and before `toMs`. Pure.
std::optional<Burst> newestBurst(const std::deque<MetricPoint>& points, TimeMs fromMs, TimeMs toMs);

}  // namespace freshet::monitor
