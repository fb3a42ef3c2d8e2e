// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractButton>

#include "ui/theme/theme.h"

class QMenu;

namespace freshet::shell {

// The application's mark, which opens the menu below it.
class LogoButton final : public QAbstractButton {
  Q_OBJECT

 public:
  LogoButton(theme::Theme& theme, QMenu* menu, QWidget* parent = nullptr);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
};

}  // namespace freshet::shell
