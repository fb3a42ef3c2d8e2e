// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QBasicTimer>
#include <QWidget>

#include "ui/theme/paint.h"
#include "ui/theme/theme.h"

namespace freshet::widgets {

// The 8 px mark of a state beside a sentence that says it. The starting mark turns while it is
// seen, if motion is on.
class StateMark final : public QWidget {
  Q_OBJECT

 public:
  explicit StateMark(theme::Theme& theme, QWidget* parent = nullptr);

  void setState(theme::State state);
  theme::State state() const { return m_state; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void timerEvent(QTimerEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void updateTurning();

  theme::Theme& m_theme;
  theme::State m_state = theme::State::Stopped;
  qreal m_phase = 0;
  QBasicTimer m_turning;
};

}  // namespace freshet::widgets
