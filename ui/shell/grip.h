// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

namespace freshet::shell {

// The unseen strip over a dock's edge with which it is made larger or smaller.
class Grip final : public QWidget {
  Q_OBJECT

 public:
  Grip(Qt::Orientation orientation, QWidget* parent);
  static constexpr int kThickness = 6;

 Q_SIGNALS:
  void dragged(int by);  // since the last; right and down are positive

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  int along(const QMouseEvent& event) const;

  Qt::Orientation m_orientation;  // of the edge
  int m_last = 0;
};

}  // namespace freshet::shell
