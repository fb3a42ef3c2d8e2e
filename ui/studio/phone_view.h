// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QImage>
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::studio {

// An e-mail as a phone shows it: 375 wide, rounded, light in both themes, scrolled by wheel and
// keys. Drawn on another thread; the last good picture stays until the next is there. GUI thread.
class PhoneView final : public QWidget {
  Q_OBJECT

 public:
  static constexpr int kWidth = 375;
  static constexpr int kRadius = 24;

  explicit PhoneView(theme::Theme& theme, QWidget* parent = nullptr);

  // `folder`: where relative pictures are.
  void setHtml(const std::string& html, const QString& folder);
  void clear();
  bool isEmpty() const { return m_image.isNull(); }
  int contentHeight() const;
  QSize sizeHint() const override { return {kWidth + 2, 600}; }

 Q_SIGNALS:
  void drawn();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void show(int generation, const QImage& image, const QString& problem);
  void scrollTo(int top);

  theme::Theme& m_theme;
  QImage m_image;
  QString m_problem;
  int m_top = 0;
  int m_generation = 0;
};

}  // namespace freshet::studio
