// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/state_mark.h"

#include <QPainter>
#include <QTimerEvent>
#include <cmath>

namespace freshet::widgets {
namespace {

constexpr int kSide = 8;
constexpr int kTickMs = 50;
constexpr qreal kTurnPerTick = 0.05;  // one turn a second

}  // namespace

StateMark::StateMark(theme::Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setFixedSize(kSide, kSide);
  connect(&theme, &theme::Theme::changed, this, [this] {
    updateTurning();
    update();
  });
}

void StateMark::setState(theme::State state) {
  m_state = state;
  updateTurning();
  update();
}

void StateMark::updateTurning() {
  if (m_state == theme::State::Starting && m_theme.isMotionOn() && isVisible()) {
    m_turning.start(kTickMs, this);
  } else {
    m_turning.stop();
    m_phase = 0;
  }
}

void StateMark::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  theme::drawStateMark(painter, m_state, rect(), m_theme.tokens(), m_phase);
}

void StateMark::timerEvent(QTimerEvent* event) {
  if (event->timerId() != m_turning.timerId()) return QWidget::timerEvent(event);
  m_phase = std::fmod(m_phase + kTurnPerTick, 1.0);
  update();
}

void StateMark::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  updateTurning();
}

void StateMark::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  updateTurning();
}

}  // namespace freshet::widgets
