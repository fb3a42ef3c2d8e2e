// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>
#include <optional>

#include "ui/theme/theme.h"

namespace freshet::widgets {

// A 4 px bar that shows a share of one; family colour or, without one, accent.
void drawShareBar(QPainter& painter, const QRectF& rect, double share, const QColor& color,
                  const theme::Tokens& tokens);

class ShareBar final : public QWidget {
  Q_OBJECT

 public:
  explicit ShareBar(theme::Theme& theme, QWidget* parent = nullptr);

  void setShare(double share);  // clamped to 0–1
  void setFamily(std::optional<theme::Family> family);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  double m_share = 0;
  std::optional<theme::Family> m_family;
};

}  // namespace freshet::widgets
