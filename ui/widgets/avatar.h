// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::widgets {

// The first letter of a person's name in a circle; a dash where there is no name.
QString initialOf(const QString& name);
void drawAvatar(QPainter& painter, const QRectF& rect, const QString& name,
                const theme::Tint& tint);

class Avatar final : public QWidget {
  Q_OBJECT

 public:
  Avatar(theme::Theme& theme, const QString& name, int side = 20, QWidget* parent = nullptr);

  void setName(const QString& name);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  QString m_name;
};

}  // namespace freshet::widgets
