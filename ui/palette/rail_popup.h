// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::palette {

// The raised card in which the rail's list lies over the canvas. It goes when the focus or a click
// leaves it, and is no window of its own: a drag that begins in it can end beside it.
class RailPopup final : public QWidget {
  Q_OBJECT

 public:
  RailPopup(theme::Theme& theme, QWidget* window);
  ~RailPopup() override;

 Q_SIGNALS:
  void left();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  theme::Theme& m_theme;
};

}  // namespace freshet::palette
