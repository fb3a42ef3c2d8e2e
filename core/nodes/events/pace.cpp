// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nodes/events/pace.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace freshet::nodes {
namespace {

constexpr int kSwingSeconds = 90;
constexpr int kBurstEverySeconds = 75;
constexpr int kBurstFromSecond = 30;
constexpr int kBurstSeconds = 8;
constexpr double kBurstExtra = 3;
constexpr int kPeriodSeconds = 450;  // both swings and bursts repeat after it

double swing(double second) {
  return 1 + 0.35 * std::sin(2 * std::numbers::pi * second / kSwingSeconds);
}

}  // namespace

Pace::Pace() {
  double before = 0;
  double after = 0;
  for (int second = 0; second <= kPeriodSeconds; ++second) {
    m_before.events.push_back(before);
    m_after.events.push_back(after);
    const bool isBurst = second >= kBurstFromSecond &&
                         (second - kBurstFromSecond) % kBurstEverySeconds < kBurstSeconds;
    // Time before the start runs backwards, and the sine with it.
    before += swing(-(second + 0.5));
    after += swing(second + 0.5) + (isBurst ? kBurstExtra : 0);
  }
}

double Pace::Wave::eventsAt(double seconds) const {
  const double periods = std::floor(seconds / kPeriodSeconds);
  const double rest = seconds - periods * kPeriodSeconds;
  const auto at = std::min(static_cast<std::size_t>(rest), events.size() - 2);
  return periods * events.back() + events[at] +
         (rest - static_cast<double>(at)) * (events[at + 1] - events[at]);
}

double Pace::Wave::secondsAt(double count) const {
  const double periods = std::floor(count / events.back());
  const double rest = count - periods * events.back();
  const auto above = std::upper_bound(events.begin() + 1, events.end() - 1, rest);
  const double low = *(above - 1);
  return periods * kPeriodSeconds + static_cast<double>(above - 1 - events.begin()) +
         (rest - low) / (*above - low);
}

double Pace::eventsAt(double seconds) const {
  return seconds < 0 ? -m_before.eventsAt(-seconds) : m_after.eventsAt(seconds);
}

double Pace::secondsAt(double events) const {
  return events < 0 ? -m_before.secondsAt(-events) : m_after.secondsAt(events);
}

bool Pace::isOldAppAbroad(double seconds) {
  return seconds >= 40 && std::fmod(seconds - 40, 120) < 10;
}

}  // namespace freshet::nodes
