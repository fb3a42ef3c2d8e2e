// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/grip.h"

#include <QMouseEvent>

namespace freshet::shell {

Grip::Grip(Qt::Orientation orientation, QWidget* parent)
    : QWidget(parent), m_orientation(orientation) {
  setCursor(orientation == Qt::Horizontal ? Qt::SplitVCursor : Qt::SplitHCursor);
}

int Grip::along(const QMouseEvent& event) const {
  const QPoint at = event.globalPosition().toPoint();
  return m_orientation == Qt::Horizontal ? at.y() : at.x();
}

void Grip::mousePressEvent(QMouseEvent* event) {
  m_last = along(*event);
}

void Grip::mouseMoveEvent(QMouseEvent* event) {
  const int now = along(*event);
  Q_EMIT dragged(now - m_last);
  m_last = now;
}

}  // namespace freshet::shell
