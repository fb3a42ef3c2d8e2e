// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "core/base/clock.h"
#include "ui/theme/theme.h"

class QActionGroup;

namespace freshet::widgets {
class Button;
}

namespace freshet::monitor {

class History;

enum class Range { SinceStart, FiveMinutes, OneMinute };

struct TimeSpan {
  TimeMs fromMs = 0, toMs = 0;
};
// The time that a range covers at `nowMs`: never under a minute, never over what is remembered.
TimeSpan spanOf(Range range, const History& history, TimeMs nowMs);

// At the right of the tabs: which time is shown, and whether it stands still. Until somebody
// chooses, the time since the start gives way to five minutes once it is longer.
class LiveCorner final : public QWidget {
  Q_OBJECT

 public:
  explicit LiveCorner(theme::Theme& theme, QWidget* parent = nullptr);

  Range range() const { return m_range; }
  bool isPaused() const { return m_isPaused; }
  void setPaused(bool paused);
  void choose(Range range);
  // Another run: nothing is chosen, nothing stands still.
  void reset();
  void follow(const History& history);

 Q_SIGNALS:
  void rangeChanged();
  void pausedChanged();

 private:
  void setRange(Range range);

  widgets::Button* m_ranges;
  widgets::Button* m_pause;
  QActionGroup* m_actions;
  Range m_range = Range::SinceStart;
  bool m_isChosen = false;
  bool m_isPaused = false;
};

}  // namespace freshet::monitor
