// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <vector>

#include "core/base/clock.h"

namespace freshet::monitor {

// Round numbers for axes. Pure.

// A value axis from 0 in three steps.
struct ValueAxis {
  static constexpr int kSteps = 3;
  double step = 1;
  double max() const { return step * kSteps; }
};
double niceStep(double least);  // the smallest round number that is not below
ValueAxis latencyAxis(double highestMs);
ValueAxis percentAxis(double highestPercent);

struct TimeTick {
  TimeMs atMs = 0;
  QString text;  // "14:02", with seconds where ticks are closer than a minute
};
// At most `most` ticks on round times between two times.
std::vector<TimeTick> timeTicks(TimeMs fromMs, TimeMs toMs, int most);

}  // namespace freshet::monitor
