// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QWidget>

#include "ui/theme/theme.h"

namespace freshet::shell {

// The 4 px line over everything that says where a run acts: striped in dry run, hidden otherwise.
class EnvironmentLine final : public QWidget {
  Q_OBJECT

 public:
  explicit EnvironmentLine(theme::Theme& theme, QWidget* parent = nullptr);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Theme& m_theme;
};

}  // namespace freshet::shell
