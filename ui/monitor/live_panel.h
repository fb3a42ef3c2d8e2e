// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <optional>

#include "ui/monitor/history.h"
#include "ui/monitor/live_corner.h"
#include "ui/monitor/reasons.h"
#include "ui/shell/panel.h"
#include "ui/shell/panel_context.h"

class QStackedLayout;

namespace freshet::monitor {

class ErrorsCard;
class LatencyCard;
class SlowestCard;
class TimeChart;

// The numbers of the running pipeline, twice a second: latency, errors and the slowest steps.
// Paused, it goes on collecting. GUI thread; the context outlives it.
class LivePanel final : public shell::Panel {
  Q_OBJECT

 public:
  explicit LivePanel(shell::PanelContext& context, QWidget* parent = nullptr);
  ~LivePanel() override;

  QWidget* corner() override;
  const History& history() const { return m_history; }

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeCards();
  void take(const bridge::LiveSnapshot& live);
  void refresh();
  void share(TimeChart& chart);
  void zoom(TimeSpan span);

  shell::PanelContext& m_context;
  History m_history;
  Reasons m_reasons;
  std::optional<TimeSpan> m_zoom;  // only while paused
  bridge::LiveSnapshot m_shown;    // at the right edge: now, or when the pause began
  LiveCorner* m_corner;
  QStackedLayout* m_pages;
  LatencyCard* m_latency = nullptr;
  ErrorsCard* m_errors = nullptr;
  SlowestCard* m_slowest = nullptr;
};

}  // namespace freshet::monitor
