// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QColor>
#include <QWidget>
#include <vector>

#include "ui/theme/theme.h"

namespace freshet::monitor {

struct TitlePart {
  QString text;
  QColor color;
  bool isMedium = false;
};

struct TitleContent {
  QString title;
  std::vector<TitlePart> parts;  // behind the title, as many as fit
  TitlePart caption;             // before the figure
  QString figure;                // at the right, large
  QColor figureColor;
};

// The first 40 px of a card of numbers. Lets the mouse through.
class ChartTitle final : public QWidget {
  Q_OBJECT

 public:
  static constexpr int kHeight = 40;

  explicit ChartTitle(theme::Theme& theme, QWidget* parent = nullptr);
  void setContent(TitleContent content);
  const TitleContent& content() const { return m_content; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
  TitleContent m_content;
};

}  // namespace freshet::monitor
