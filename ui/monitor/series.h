// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QList>
#include <QPointF>
#include <vector>

#include "core/base/clock.h"

namespace freshet::monitor {

struct Sample {
  TimeMs atMs = 0;
  double value = 0;    // NaN: no data
  bool isFew = false;  // too few measurements to trust it
};

// A stretch of samples without a gap, drawn as one line.
struct Strand {
  QList<QPointF> points;  // ms, value
  bool isFew = false;
};

// The strands of `samples` (oldest first) that touch the time range. Of every pixel column the
// lowest and the highest stay, so no spike is lost and no series has over 2 × `columns` points.
// Columns lie at fixed times: a line that moves left does not flicker. Pure.
std::vector<Strand> strandsOf(const std::vector<Sample>& samples, TimeMs fromMs, TimeMs toMs,
                              int columns);

// The sample nearest to a time, if there is data within `withinMs` of it.
const Sample* nearest(const std::vector<Sample>& samples, TimeMs atMs, TimeMs withinMs);

}  // namespace freshet::monitor
