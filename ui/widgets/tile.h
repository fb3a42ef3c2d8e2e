// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::widgets {

// The family-tinted square that carries a step type's icon: 32, 26 (rows) or 24 (small cards).
void drawTile(QPainter& painter, const QRectF& rect, QStringView iconName, theme::Family family,
              const theme::Tokens& tokens);

class Tile final : public QWidget {
  Q_OBJECT

 public:
  Tile(theme::Theme& theme, const QString& iconName, theme::Family family, int side,
       QWidget* parent = nullptr);

  void setContent(const QString& iconName, theme::Family family);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  QString m_iconName;
  theme::Family m_family;
};

}  // namespace freshet::widgets
