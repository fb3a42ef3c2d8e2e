// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

#include "core/base/clock.h"

namespace freshet::runtime {

/// The run's clock: wall time, or a shop's that goes `speed` times as fast from where it stood when
/// the state was last saved. Set once before the lanes start; then any thread.
class RunClock final : public Clock {
 public:
  void start(TimeMs base, double speed) {
    m_base = base;
    m_speed = speed;
    m_fromNs = monotonicNs();
  }
  TimeMs now() const override {
    if (m_speed == 1 && m_base == 0) return wallClockMs();
    const double passed = static_cast<double>(monotonicNs() - m_fromNs) / 1e6;
    return m_base + static_cast<TimeMs>(std::llround(passed * m_speed));
  }
  double speed() const { return m_speed; }

 private:
  TimeMs m_base = 0;
  double m_speed = 1;
  std::int64_t m_fromNs = 0;
};

}  // namespace freshet::runtime
