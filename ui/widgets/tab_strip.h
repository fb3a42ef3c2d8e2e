// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QHash>
#include <QTabBar>

#include "ui/theme/theme.h"

namespace freshet::widgets {

// Flat tabs with a 2 px accent line under the current one and an optional count behind a word.
// 36 high in the inspector, 40 in the dock; `leading` is where the first word starts.
class TabStrip final : public QTabBar {
  Q_OBJECT

 public:
  enum class Height { Regular, Tall };

  TabStrip(theme::Theme& theme, Height height, QWidget* parent = nullptr);

  // An empty text takes the badge away.
  void setBadge(int index, const QString& text);
  QString badge(int index) const { return tabData(index).toString(); }
  void setLeading(int pixels);

  QSize tabSizeHint(int index) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  int textWidth(int index) const;
  int badgeWidth(int index) const;

  theme::Theme& m_theme;
  int m_height;
  int m_leading;
  int m_hovered = -1;
};

}  // namespace freshet::widgets
