// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/errors_card.h"

#include <algorithm>
#include <cmath>

#include "ui/monitor/burst_note.h"
#include "ui/monitor/reasons.h"
#include "ui/monitor/time_chart.h"
#include "ui/theme/numbers.h"

namespace freshet::monitor {
namespace {

constexpr qreal kLine = 1.5;
constexpr int kNoteGap = 6;
constexpr int kNoteLeast = 60;  // narrower says nothing

QString percentText(double percent) {
  return theme::shortPercent(percent / 100);
}

}  // namespace

ErrorsCard::ErrorsCard(theme::Theme& theme, const Reasons& reasons, QWidget* parent)
    : ChartCard(theme, parent), m_reasons(reasons), m_note(new BurstNote(theme, this)) {
  setObjectName(QStringLiteral("errorsCard"));
  m_note->hide();
  connect(m_note, &QAbstractButton::clicked, this, &ErrorsCard::problemsRequested);
}

void ErrorsCard::setView(const LiveView& view) {
  const theme::Tokens& t = theme().tokens();
  const auto& points = view.history.points();
  ChartSeries series{tr("Errors"), t.error.foreground, kLine, true, {}};
  double highest = 0;
  double current = std::nan("");
  for (const MetricPoint& point : points) {
    if (point.atMs < view.fromMs - History::kGapMs) continue;
    if (point.atMs > view.toMs) break;
    const double percent = point.errorShare * 100;
    series.samples.push_back({point.atMs, percent, point.isFewEvents});
    if (point.atMs >= view.fromMs && percent > highest) highest = percent;
    current = point.errorShare;
  }
  ChartContent content;
  content.series.push_back(std::move(series));
  content.fromMs = view.fromMs;
  content.toMs = view.toMs;
  content.axis = percentAxis(highest);
  content.unit = QStringLiteral("%");
  content.valueText = percentText;
  const TitlePart noData = silence(content.series.back().samples);
  chart().setContent(std::move(content));

  TitleContent heading;
  heading.title = tr("Errors");
  if (std::isnan(current))
    heading.caption = noData;
  else
    heading.figure = theme::shortPercent(current);
  heading.figureColor = t.text;
  heading.parts.push_back({tr("%1 of %2 events")
                               .arg(theme::groupedNumber(static_cast<qint64>(view.live.errors)),
                                    theme::groupedNumber(static_cast<qint64>(view.live.in))),
                           t.text3, false});
  title().setContent(std::move(heading));

  m_burst.reset();
  if (const auto burst = newestBurst(points, view.fromMs, view.toMs)) {
    const MetricPoint& first = points[burst->first];
    const MetricPoint& last = points[burst->last];
    m_burst = Span{static_cast<double>(first.atMs), static_cast<double>(last.atMs)};
    const TimeMs tickMs = burst->first > 0 ? first.runMs - points[burst->first - 1].runMs : 0;
    m_note->setContent(m_reasons.commonest(first.runMs - 2 * tickMs, last.runMs), burst->kept);
  }
  arrange();
}

void ErrorsCard::arrange() {
  m_note->setVisible(m_burst.has_value());
  if (!m_burst) return;
  const QRectF plot = chart().plot();
  const qreal left = std::max(plot.left(), chart().toPixel(m_burst->fromMs, 0).x());
  const qreal right = chart().toPixel(m_burst->toMs, 0).x();
  const int wanted = m_note->sizeHint().width();
  const int after = static_cast<int>(plot.right() - right) - kNoteGap;
  const int before = static_cast<int>(left - plot.left()) - kNoteGap;
  const int width = std::min(wanted, std::max(after, before));
  m_note->setVisible(width >= kNoteLeast);
  const bool isAfter = after >= wanted || after >= before;
  const int x =
      isAfter ? static_cast<int>(right) + kNoteGap : static_cast<int>(left) - kNoteGap - width;
  m_note->setGeometry(x, TimeChart::kTop + 3, width, m_note->sizeHint().height());
}

}  // namespace freshet::monitor
