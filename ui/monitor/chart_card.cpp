// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/monitor/chart_card.h"

#include "ui/monitor/chart_title.h"
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

}  // namespace freshet::monitor
