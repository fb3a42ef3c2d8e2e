// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::shell {

// An icon that only accompanies words.
class IconLabel final : public QWidget {
  Q_OBJECT

 public:
  IconLabel(theme::Theme& theme, const QString& icon, int side, QWidget* parent = nullptr);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  QString m_icon;
};

}  // namespace freshet::shell
