// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/scale.h"

#include <QDateTime>
#include <algorithm>
#include <array>
#include <cmath>

namespace freshet::monitor {
namespace {

constexpr double kLeastLatencyStep = 40;  // 0/40/80/120: the objective of 100 ms stays in view
constexpr double kLeastPercentStep = 1;
constexpr double kHeadroom = 1.05;

constexpr TimeMs kSecond = 1'000;
constexpr TimeMs kMinute = 60'000;
constexpr std::array kTimeSteps{10 * kSecond, 15 * kSecond, 30 * kSecond, kMinute,
                                2 * kMinute,  5 * kMinute,  10 * kMinute, 15 * kMinute,
                                30 * kMinute, 60 * kMinute};

}  // namespace

double niceStep(double least) {
  if (!(least > 0)) return 1;
  const double unit = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0})
    if (factor * unit >= least * (1 - 1e-9)) return factor * unit;
  return 10 * unit;
}

ValueAxis latencyAxis(double highestMs) {
  return {std::max(kLeastLatencyStep, niceStep(highestMs * kHeadroom / ValueAxis::kSteps))};
}

ValueAxis percentAxis(double highestPercent) {
  return {std::max(kLeastPercentStep, niceStep(highestPercent * kHeadroom / ValueAxis::kSteps))};
}

std::vector<TimeTick> timeTicks(TimeMs fromMs, TimeMs toMs, int most) {
  const TimeMs length = toMs - fromMs;
  if (length <= 0 || most <= 0) return {};
  const auto found = std::find_if(kTimeSteps.begin(), kTimeSteps.end(),
                                  [&](TimeMs step) { return length / step < most; });
  const TimeMs step = found == kTimeSteps.end() ? kTimeSteps.back() : *found;
  const QString form = step < kMinute ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm");
  std::vector<TimeTick> ticks;
  for (TimeMs at = (fromMs + step - 1) / step * step; at <= toMs; at += step)
    ticks.push_back({at, QDateTime::fromMSecsSinceEpoch(at).toString(form)});
  return ticks;
}

}  // namespace freshet::monitor
