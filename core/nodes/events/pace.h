// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace freshet::nodes {

/// How the visitors' rate swings: ± 35 % over 90 s and, from the run's start on, four times as much
/// for 8 s every 75 s. Real seconds since the run's start (negative: before it) against the events
/// of a mean rate of one a second. Immutable; any thread.
class Pace {
 public:
  Pace();
  double eventsAt(double seconds) const;
  double secondsAt(double events) const;

  /// The 10 s every 120 s in which an old app forgets the currency.
  static bool isOldAppAbroad(double seconds);

 private:
  /// A rate that repeats: events since the period's start at each whole second of it.
  struct Wave {
    std::vector<double> events;
    double eventsAt(double seconds) const;
    double secondsAt(double events) const;
  };
  Wave m_before;
  Wave m_after;
};

}  // namespace freshet::nodes
