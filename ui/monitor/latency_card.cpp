// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/latency_card.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/monitor/time_chart.h"
#include "ui/theme/numbers.h"

namespace freshet::monitor {
namespace {

struct Percentile {
  const char* name;
  double MetricPoint::*value;
  qreal width;
};
constexpr std::array kPercentiles{Percentile{"p50", &MetricPoint::p50Ms, 1.25},
                                  Percentile{"p95", &MetricPoint::p95Ms, 1.65},
                                  Percentile{"p99", &MetricPoint::p99Ms, 2.05}};

QString withoutUnit(QString text) {
  return text.endsWith(QStringLiteral(" ms")) ? text.chopped(3) : text;
}

}  // namespace

LatencyCard::LatencyCard(theme::Theme& theme, QWidget* parent) : ChartCard(theme, parent) {
  setObjectName(QStringLiteral("latencyCard"));
}

void LatencyCard::setView(const LiveView& view) {
  const theme::Tokens& t = theme().tokens();
  ChartContent content;
  double highest = 0;
  for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
    const Percentile& percentile = kPercentiles[i];
    ChartSeries series{
        QString::fromLatin1(percentile.name), t.latency[i], percentile.width, false, {}};
    const bool isTop = i + 1 == kPercentiles.size();
    for (const MetricPoint& point : view.history.points()) {
      if (point.atMs < view.fromMs - History::kGapMs) continue;
      const double value = point.*percentile.value;
      series.samples.push_back({point.atMs, value, isTop && point.isFew});
      if (point.atMs >= view.fromMs && point.atMs <= view.toMs && value > highest) highest = value;
    }
    content.series.push_back(std::move(series));
  }
  content.fromMs = view.fromMs;
  content.toMs = view.toMs;
  content.axis = latencyAxis(highest);
  content.unit = QStringLiteral("ms");
  content.valueText = theme::shortMilliseconds;
  content.limit = ChartLimit{kObjectiveMs, tr("Objective %1 ms").arg(kObjectiveMs)};
  const TitlePart noData = silence(content.series.back().samples);
  chart().setContent(std::move(content));

  const bridge::LiveSnapshot& live = view.live;
  const bool hasData = live.samples > 0;
  TitleContent heading;
  heading.title = tr("Latency");
  heading.caption = hasData ? TitlePart{QStringLiteral("p99"), t.latency[2], true} : noData;
  if (hasData) heading.figure = theme::shortMilliseconds(live.p99Ms);
  heading.figureColor = t.latency[2];
  if (hasData) {
    const auto part = [&](const char* name, double value, const QColor& color) {
      heading.parts.push_back({QString::fromLatin1(name) + QLatin1Char(' ') +
                                   withoutUnit(theme::shortMilliseconds(value)),
                               color, true});
    };
    part("p50", live.p50Ms, t.latency[0]);
    part("p95", live.p95Ms, t.latency[1]);
  }
  title().setContent(std::move(heading));
}

}  // namespace freshet::monitor
