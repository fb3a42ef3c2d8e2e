// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAbstractButton>

#include "ui/theme/theme.h"

namespace freshet::monitor {

struct SlowStep {
  std::string node;
  QString title;
  QString icon;
  theme::Family family = theme::Family::Route;
  double p99Ms = 0;
  double share = 0;  // of the sum over all steps
};

// One of the slowest steps; a press chooses it.
class SlowestRow final : public QAbstractButton {
  Q_OBJECT

 public:
  static constexpr int kHeight = 42;

  explicit SlowestRow(theme::Theme& theme, QWidget* parent = nullptr);
  void setStep(SlowStep step);
  const SlowStep& step() const { return m_step; }
  QSize sizeHint() const override { return {200, kHeight}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  theme::Theme& m_theme;
  SlowStep m_step;
};

}  // namespace freshet::monitor
