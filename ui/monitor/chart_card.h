// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/monitor/chart_title.h"
#include "ui/monitor/history.h"
#include "ui/monitor/series.h"
#include "ui/widgets/card.h"

namespace freshet::monitor {

class TimeChart;

// What the cards show at one moment: the history in a range of time and the numbers at its end.
struct LiveView {
  const History& history;
  const bridge::LiveSnapshot& live;
  TimeMs fromMs = 0, toMs = 0;
};

// A card with a title row of 40 over a chart that fills it.
class ChartCard : public widgets::Card {
  Q_OBJECT

 public:
  explicit ChartCard(theme::Theme& theme, QWidget* parent = nullptr);

  virtual void setView(const LiveView& view) = 0;
  TimeChart& chart() { return *m_chart; }
  ChartTitle& title() { return *m_title; }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  // In place of the figure while there is none: since when nothing was measured.
  TitlePart silence(const std::vector<Sample>& samples) const;
  // The chart has its place or its content anew.
  virtual void arrange() {}

 private:
  TimeChart* m_chart;
  ChartTitle* m_title;
};

}  // namespace freshet::monitor
