// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/chart_card.h"

#include <QDateTime>
#include <algorithm>
#include <cmath>

#include "ui/monitor/time_chart.h"

namespace freshet::monitor {

ChartCard::ChartCard(theme::Theme& theme, QWidget* parent)
    : Card(theme, parent),
      m_chart(new TimeChart(theme, this)),
      m_title(new ChartTitle(theme, this)) {}

void ChartCard::resizeEvent(QResizeEvent* event) {
  Card::resizeEvent(event);
  m_chart->setGeometry(rect());
  m_title->setGeometry(0, 0, width(), ChartTitle::kHeight);
  arrange();
}

TitlePart ChartCard::silence(const std::vector<Sample>& samples) const {
  const auto last = std::find_if(samples.rbegin(), samples.rend(),
                                 [](const Sample& one) { return !std::isnan(one.value); });
  if (last == samples.rend()) return {tr("no data yet"), theme()->text3, false};
  const QString time =
      QDateTime::fromMSecsSinceEpoch(last->atMs).toString(QStringLiteral("HH:mm:ss"));
  return {tr("no data since %1").arg(time), theme()->text3, false};
}

}  // namespace freshet::monitor
