// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QTabBar>

#include "ui/theme/theme.h"

namespace freshet::widgets {

// Two to four views of one thing side by side in a border, 32 high: "Table | Tree | Schema".
class Segmented final : public QTabBar {
  Q_OBJECT

 public:
  explicit Segmented(theme::Theme& theme, QWidget* parent = nullptr);

  int addSegment(const QString& text, const QString& iconName = {});

  QSize tabSizeHint(int index) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString iconName(int index) const { return tabData(index).toString(); }

  theme::Theme& m_theme;
};

}  // namespace freshet::widgets
